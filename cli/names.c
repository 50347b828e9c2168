#include "names.h"

struct slot {
    relver_str key; /* absent: free */
    int kind;
    void *value;
};

static struct slot *find_slot(const struct names *names, int kind, relver_str key)
{
    size_t hash = 14695981039346656037u ^ (size_t)(unsigned)kind; /* FNV-1a */
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * 1099511628211u;
    for (size_t at = hash & (names->cap - 1);; at = (at + 1) & (names->cap - 1)) {
        struct slot *s = &names->slots[at];
        if (s->key.ptr == NULL || (s->kind == kind && relver_eq(s->key, key)))
            return s;
    }
}

void *names_get(const struct names *names, int kind, relver_str key)
{
    return names->cap > 0 ? find_slot(names, kind, key)->value : NULL;
}

void names_put(struct arena *a, struct names *names, int kind, relver_str key, void *value)
{
    if (names->count * 2 >= names->cap) {
        struct names grown = {NULL, names->count, names->cap > 0 ? names->cap * 2 : 8};
        grown.slots = arena_alloc(a, grown.cap * sizeof *grown.slots);
        for (size_t i = 0; i < names->cap; i++)
            if (names->slots[i].key.ptr != NULL)
                *find_slot(&grown, names->slots[i].kind, names->slots[i].key) = names->slots[i];
        *names = grown;
    }
    struct slot *s = find_slot(names, kind, key);
    if (s->key.ptr != NULL)
        return;
    s->key = key;
    s->kind = kind;
    s->value = value;
    names->count++;
}
