#include "names.h"

#include <stdint.h>
#include <string.h>

struct slot {
    relver_str key; /* absent: free */
    int kind;
    uint32_t hash;
    void *value;
};

/* Eight bytes at a time: most keys are ids and paths. */
static uint32_t hash_of(int kind, relver_str key)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t hash = ((uint64_t)key.len << 8 ^ (unsigned)kind) * odd, word;
    for (; key.len >= sizeof word; key = relver_sn(key.ptr + sizeof word, key.len - sizeof word)) {
        memcpy(&word, key.ptr, sizeof word);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * odd;
    return (uint32_t)(hash >> 32);
}

static struct slot *find_slot(const struct names *names, int kind, uint32_t hash, relver_str key)
{
    for (size_t at = hash & (names->cap - 1);; at = (at + 1) & (names->cap - 1)) {
        struct slot *s = &names->slots[at];
        if (s->key.ptr == NULL || (s->hash == hash && s->kind == kind && relver_eq(s->key, key)))
            return s;
    }
}

void *names_get(const struct names *names, int kind, relver_str key)
{
    return names->cap > 0 ? find_slot(names, kind, hash_of(kind, key), key)->value : NULL;
}

void names_put(struct arena *a, struct names *names, int kind, relver_str key, void *value)
{
    if (names->count * 2 >= names->cap) {
        struct names grown = {NULL, names->count, names->cap > 0 ? names->cap * 2 : 8};
        grown.slots = arena_alloc(a, grown.cap * sizeof *grown.slots);
        for (size_t i = 0; i < names->cap; i++) {
            const struct slot *s = &names->slots[i];
            if (s->key.ptr != NULL)
                *find_slot(&grown, s->kind, s->hash, s->key) = *s;
        }
        *names = grown;
    }
    uint32_t hash = hash_of(kind, key);
    struct slot *s = find_slot(names, kind, hash, key);
    if (s->key.ptr != NULL)
        return;
    *s = (struct slot){key, kind, hash, value};
    names->count++;
}
