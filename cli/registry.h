/* registry.h - what a registry has of a package: cargo's sparse index, npm's packument, PyPI's
   simple page as JSON or HTML

   A registry answers or it does not; there is no third. `known` says which, and without it nothing
   else may be read. */
#ifndef RELVER_REGISTRY_H
#define RELVER_REGISTRY_H

#include "artifact.h"
#include "endpoint.h"

struct published {
    relver_str version; /* as the registry spells it */
    bool withdrawn;     /* yanked, or deprecated; or of npm, unpublished: the number is burned */
    bool gone;          /* .. and it cannot be had any more */
    bool staged;        /* at npm it waits for somebody who approves of it */
    relver_str why;     /* it was withdrawn, where that is told; the id that is to be approved */
    struct artifact *files;
    size_t count;
};

struct dist_tag {
    relver_str name, version;
};

/* What is asked, and what is known then. */
struct listing {
    struct endpoint *at;
    relver_str name;
    const struct secret *secret; /* NULL: it is asked without one */

    bool known;
    const char *code, *what; /* why not: net_code's word, and for people */
    const char *etag;        /* of what is known; asked again, only what has changed is read */
    bool exists;             /* the registry knows the name */
    struct published *releases;
    size_t count;
    struct dist_tag *tags;
    size_t tag_count;
};

/* Asks for all of them at once; again, when they were asked before. Exit code 4 when nothing can be
   asked at all, 2 for a name that no package of that kind has. */
bool registry_ask(struct arena *a, struct listing **lists, size_t n, struct fail *fail);

/* Adds what is staged at npm, where a token is told that knows; no server that has no such stage is
   the worse for it. Exit code 4 as above. */
bool registry_ask_staged(struct arena *a, struct listing **lists, size_t n, struct fail *fail);

/* The release of a version, however it is spelt; NULL: there is none. */
struct published *registry_find(const struct listing *list, relver_str version);

/* The version under a dist-tag; absent: none. */
relver_str registry_tag(const struct listing *list, const char *name);

/* Whose packages a registry has; false: nobody's, it is no registry. */
bool registry_eco(const struct endpoint *at, relver_eco *out);

#endif
