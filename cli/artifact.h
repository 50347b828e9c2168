/* artifact.h - the files of a release: what their names say, and those that lie on this disk */
#ifndef RELVER_ARTIFACT_H
#define RELVER_ARTIFACT_H

#include "fs.h"
#include "model.h"
#include "opt.h"

/* One on a registry, or here. */
struct artifact {
    relver_str name, digest; /* "sha256:HEX", or npm's "sha512-BASE64"; absent: not told */

    /* here */
    const struct root *root; /* NULL: it is on a registry */
    const char *path;        /* from the project's directory, or absolute */
    bool kept;               /* where builds of other versions stay as well, as in target/ */
    unsigned long long size; /* once its digest was asked */
};

struct artifacts {
    struct artifact *at;
    size_t count;
};

/* Whose files have such a name, or a pattern of them such an end; false: nobody's. */
bool artifact_eco(relver_str name, relver_eco *out);

/* The version in the name of a package's file, as it is spelt there: behind the package's name,
   which Python spells in many ways. Absent: the file is something else's. */
relver_str artifact_version(relver_eco eco, relver_str package, relver_str file);

/* A file's name against a pattern. The tags of a wheel may be sets, as in "py2.py3": the name is
   that of each file with one of each. */
bool artifact_matches(struct arena *a, relver_str pattern, relver_str file);

/* Every file of a release that lies in a directory, at any depth. Without one (NULL), those where
   builds put them: for Python in dist/ of the project and of each package, and in target/wheels;
   for cargo in target/package. npm leaves none. Exit codes: fs.h's. */
bool artifact_find(struct context *ctx, const struct project *project, const char *from,
                   struct artifacts *out);

/* Those of them that are of a package in a version; a name that comes twice, once. */
struct artifacts artifact_of(struct arena *a, const struct artifacts *all, relver_eco eco,
                             relver_str package, relver_str version);

/* Reads the file, unless that was done: its digest and size. */
bool artifact_digest(struct context *ctx, struct artifact *f);

#endif
