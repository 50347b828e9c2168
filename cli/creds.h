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

/* Those of a project; what is not named here starts as {0}. */
struct creds {
    struct arena *arena;
    const struct config *config;
    const struct root *root;
    struct fail *fail;
    struct creds_entry *entries; /* of the files read last */
    size_t count;
    const char *dir; /* whose they are */
};

/* A package: its manifest's text, and where that lies: "" or with a trailing slash. */
struct creds_package {
    relver_str name, manifest;
    const char *dir;
};

/* Where a package goes that relver.toml sends nowhere: to the first of cargo's package.publish, to
   npm's `registry` for its scope, else to the usual registry of its kind. */
bool creds_endpoint(struct creds *c, relver_str kind, const struct creds_package *p,
                    struct endpoint **out);

/* What lets relver read there; NULL: nothing does. */
bool creds_find(struct creds *c, const struct endpoint *at, const char *dir,
                const struct secret **out);

#endif
