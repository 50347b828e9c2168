#include "near.h"

/* Longer names are not worth a suggestion. */
enum { NEAR_MAX = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, one row at a time; b is at most NEAR_MAX bytes. */
static size_t distance(relver_str a, relver_str b)
{
    size_t row[NEAR_MAX + 1];
    for (size_t k = 0; k <= b.len; k++)
        row[k] = k;
    for (size_t i = 0; i < a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < b.len; k++) {
            size_t swap = diagonal + (a.ptr[i] != b.ptr[k]);
            diagonal = row[k + 1];
            row[k + 1] = least(swap, least(diagonal, row[k]) + 1);
        }
    }
    return row[b.len];
}

/* What begins with the wanted name is nearer than anything but the name itself. */
static bool continues(relver_str name, relver_str start)
{
    return start.len > 0 && name.len > start.len &&
           relver_eq(relver_sn(name.ptr, start.len), start);
}

void near_try(struct near *n, relver_str candidate)
{
    if (n->want.len > NEAR_MAX || candidate.len > NEAR_MAX)
        return;
    size_t d = continues(candidate, n->want) ? 1 : distance(n->want, candidate);
    if (n->best.ptr == NULL || d < n->distance) {
        n->best = candidate;
        n->distance = d;
    }
}
