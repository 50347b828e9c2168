/* endpoint.h - the registries: where they are and how they want to be asked

   endpoint.c is the only place that names a public one. */
#ifndef RELVER_ENDPOINT_H
#define RELVER_ENDPOINT_H

#include "config.h"
#include "net.h"

struct endpoint {
    const char *name;     /* as relver.toml's `registries` and `to` have it: "npm" */
    const char *kind;     /* "cargo", "npm", "pypi"; what else is there, nobody publishes to */
    const char *variable; /* of the environment; says another address */
    const char *url;      /* without a slash at its end */
    const char *token;    /* another one, which has its token; NULL: there is none for it */
    struct net_pace pace;

    /* what is uploaded */
    const char *upload_variable, *upload; /* where to, for PyPI's; NULL: where it is read */
    bool usual;       /* nobody says another address than the table's */
    bool plain;       /* it takes no version with build metadata, or a local one */
    unsigned visible; /* seconds until it is seen, at most */
    struct upload_rate {
        unsigned burst, gap; /* so many at once, then one in so many seconds; gap 0: any number */
    } fresh, update;         /* of names that it does not know yet; of those it does */

    bool own; /* only the repository says its address */
    enum endpoint_wants { WANTS_UNKNOWN, WANTS_NONE, WANTS_TOKEN } wants; /* cargo's, to read */
    const char *needs;   /* " NAME NAME": variables that .npmrc takes for it; NULL: none */
    const char *account; /* the section of ~/.pypirc for uploads to it; NULL: none */
};

/* The endpoint of a name: its address is what the environment says, else relver.toml, else the
   usual one. Exit code 2 for a name that nobody knows and for an address that is no https URL, or
   http to this machine. */
bool endpoint_find(struct arena *a, const struct config *config, relver_str name,
                   struct endpoint **out, struct fail *fail);

/* The same at an address that `from` says, own: a file of the repository. */
bool endpoint_at(struct arena *a, const char *name, relver_str kind, relver_str url, bool own,
                 const char *from, struct endpoint **out, struct fail *fail);

/* The name of the public registry of a kind. */
relver_str endpoint_usual(relver_str kind);

#endif
