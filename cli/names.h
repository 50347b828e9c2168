/* names.h - an index of names, so that loading stays linear in the size of the repository */
#ifndef RELVER_NAMES_H
#define RELVER_NAMES_H

#include "../relver.h"
#include "arena.h"

/* What a name is of: a package's ecosystem (relver_eco), or one of these. */
enum { BY_PATH = -1, BY_VISIT = -2, BY_UNIT = -3, BY_LOCK = -4 };

/* Starts as {0}. */
struct names {
    struct slot *slots;
    size_t count, cap; /* cap is a power of two, or 0 */
};

/* What was put under a name; NULL: nothing. */
void *names_get(const struct names *names, int kind, relver_str key);

/* The first thing that is put under a name stays. */
void names_put(struct arena *a, struct names *names, int kind, relver_str key, void *value);

#endif
