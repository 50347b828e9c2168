/* scm.h - the version that a build tool computes from git: the nearest tag and what came after it

   The rules of setuptools_scm as vcs-versioning 2.3.1 has them; earlier ones differ where a tag has
   a local part. Pure: what git says comes in, a version's text goes out. */
#ifndef RELVER_SCM_H
#define RELVER_SCM_H

#include "arena.h"

#include "../relver.h"

struct scm_state {
    relver_str tag;    /* the nearest one, as git describe picks it: "v0.4.5", "py-v0.4.0" .. */
    size_t distance;   /* commits since */
    relver_str node;   /* "g" and the short id of the commit; absent: unknown */
    bool dirty;        /* the work tree holds changes */
    relver_str branch; /* absent: none */
    relver_str date;   /* YYYYMMDD in UTC, which marks a dirty tree's version */
};

/* The version by the version_scheme guess-next-dev, by_branch release-branch-semver, and the
   local_scheme node-and-date, bare no-local-version. NULL, or why there is none: a constant
   text. */
const char *scm_version(struct arena *a, const struct scm_state *state, bool by_branch, bool bare,
                        relver_str *out);

#endif
