/* near.h - "did you mean": the nearest of several names */
#ifndef RELVER_NEAR_H
#define RELVER_NEAR_H

#include "../relver.h"

/* Starts as {want, {NULL, 0}, 0}; `best` stays absent when there was no candidate. */
struct near {
    relver_str want, best;
    size_t distance;
};

/* One candidate more; the first of equally near ones wins. */
void near_try(struct near *n, relver_str candidate);

#endif
