/* creds.h - what npm, cargo and Python's tools are told about registries, so that relver may read
   where they may: the same settings in the same order

   What the environment or a file at home says goes to no address that only the repository names:
   what says the token, or another setting of the user's, says the address as well. A token stays
   where it is; net.c alone is handed a view of it.

   Exit codes: fs.h's for a file that is there and cannot be read; 2, "credentials", for a malformed
   one; 4, "auth", for what is no token. */
#ifndef RELVER_CREDS_H
#define RELVER_CREDS_H

#include "endpoint.h"
#include "model.h"

/* Those of a project; what is not named here starts as {0}. */
struct creds {
    struct arena *arena;
    const struct config *config;
    const struct root *root;
    struct fail *fail;
    struct creds_entry *entries; /* of the files read last */
    size_t count;
    const char *dir; /* whose they are */
    const struct endpoint *at;   /* for which npm's .. */
    const struct secret *secret; /* .. is this one */
    struct creds_file *files; /* that were read outside the project */
    size_t file_count;
};

/* Where a package, which may have no manifest (NULL), goes that relver.toml sends nowhere: to the
   first of cargo's package.publish, to npm's `registry` for its scope, else to its kind's usual
   registry. */
bool creds_endpoint(struct creds *c, relver_eco eco, relver_str name, const struct file *manifest,
                    struct endpoint **out);

/* What lets relver read there; NULL: nothing does. Also what its tool needs, in *at. */
bool creds_find(struct creds *c, struct endpoint *at, const struct file *manifest,
                const struct secret **out);

#endif
