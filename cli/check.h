/* check.h - the gates: questions about a project whose answers are findings with FILE:LINE:COL */
#ifndef RELVER_CHECK_H
#define RELVER_CHECK_H

#include "model.h"
#include "plan.h"

/* One thing that is not as it should be. */
struct finding {
    const char *gate;
    const struct place *place; /* NULL: about no place */
    const char *what;
    const char *next; /* the command that mends it */
    int status; /* its exit code: 1 no, 3 a human goes on, 4 unknown, 6 a conflict; 0: a warning */
};

struct findings {
    struct arena *arena;
    struct finding *at;
    size_t count;
};

/* Adds one of status 1; its `next` is the bump that mends the place. The caller may set others. */
struct finding *check_find(struct findings *out, const char *gate, const struct place *place,
                           const char *fmt, ...) ARENA_PRINTF(4, 5);

/* The plan of the first two has no targets: what it would edit has drifted.
   aligned: every manifest, requirement and configured place says its unit's version. */
void check_aligned(const struct project *project, const struct plan *plan, struct findings *out);

/* lock: every lock file says what the manifests say. */
void check_lock(const struct plan *plan, struct findings *out);

/* tag: the ref has the form of a unit's tags, and says the version of every package in it. */
void check_tag(const struct project *project, const char *ref, struct findings *out);

/* The version in a tag of the unit's: of its template, or of any common form when it has none;
   absent: it is no tag of the unit's. */
relver_str check_read_tag(const struct unit *u, relver_str tag);

#endif
