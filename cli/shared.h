/* shared.h - libraries that are opened when they are first needed, so that a command that does not
   need them starts without them */
#ifndef RELVER_SHARED_H
#define RELVER_SHARED_H

#include "arena.h"

/* A function by its name, and where its pointer stands in the table of those that are used. */
struct shared_function {
    const char *name;
    size_t offset;
};

/* Fills the table. NULL, or why the library cannot be used. It stays open until the process ends:
   some of what libraries bring along cannot be closed. */
const char *shared_open(struct arena *a, const char *library,
                        const struct shared_function *functions, size_t n, void *table);

#endif
