#define _DEFAULT_SOURCE /* madvise */
#include "arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A chunk is large enough for malloc to map it: a page of it costs nothing until it is used. */
enum { ALIGN = 16, CHUNK = 256 * 1024 };

struct arena_chunk {
    struct arena_chunk *next;
    void *align; /* pads the header to ALIGN bytes on 64-bit machines */
};

static void out_of_memory(const struct arena *a)
{
    fprintf(stderr, "relver: error[io.memory]: relver: out of memory\n  state: %s\n"
        "  next: free some memory, then run the same command again\n",
        a->state ? a->state : "nothing changed");
    exit(a->state ? 5 : 8);
}

static size_t round_up(const struct arena *a, size_t n)
{
    if (n > SIZE_MAX / 2)
        out_of_memory(a);
    return (n + ALIGN - 1) / ALIGN * ALIGN;
}

/* Where one chunk was not enough the next one will be used: all its pages at once cost less than a
   fault for each. Linux; elsewhere, and where it fails, they come one by one. */
static void populate(struct arena_chunk *c)
{
#ifdef MADV_POPULATE_WRITE
    uintptr_t page = 4096, from = ((uintptr_t)c + page - 1) / page * page;
    madvise((void *)from, CHUNK - page, MADV_POPULATE_WRITE);
#else
    (void)c;
#endif
}

/* Makes room for `need` bytes, which is a multiple of ALIGN. */
static void grow(struct arena *a, size_t need)
{
    size_t head = round_up(a, sizeof(struct arena_chunk)), size = need > CHUNK ? need : CHUNK;
    struct arena_chunk *c = calloc(1, head + size);
    if (!c)
        out_of_memory(a);
    if (a->chunks != NULL && size == CHUNK)
        populate(c);
    c->next = a->chunks;
    a->chunks = c;
    a->next = (char *)c + head;
    a->end = a->next + size;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t need = round_up(a, n);
    if (need > (size_t)(a->end - a->next) || !a->next)
        grow(a, need);
    void *p = a->next;
    a->next += need;
    return p;
}

char *arena_dup(struct arena *a, const char *p, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
    va_list again;
    size_t room = (size_t)(a->end - a->next);
    va_copy(again, args);
    int n = vsnprintf(a->next, room, fmt, again); /* where it does not fit, nobody else will come */
    va_end(again);
    if (n < 0)
        out_of_memory(a);
    char *p = arena_alloc(a, (size_t)n + 1);
    if ((size_t)n >= room)
        vsnprintf(p, (size_t)n + 1, fmt, args);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *p = arena_vprintf(a, fmt, args);
    va_end(args);
    return p;
}

void *arena_more(struct arena *a, void *items, size_t count, size_t size)
{
    if (count != 0 && (count < 4 || (count & (count - 1)) != 0))
        return items;
    size_t cap = count < 4 ? 4 : count * 2;
    if (cap > SIZE_MAX / 4 / size)
        out_of_memory(a);
    void *more = arena_alloc(a, cap * size);
    if (count)
        memcpy(more, items, count * size);
    return more;
}

void arena_free(struct arena *a)
{
    while (a->chunks) {
        struct arena_chunk *c = a->chunks;
        a->chunks = c->next;
        free(c);
    }
    a->next = a->end = NULL;
}

void list_add(struct arena *a, struct list *list, const char *text)
{
    *ARENA_NEW(a, list->at, list->count) = text;
}

bool list_has(const struct list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i], text) == 0)
            return true;
    return false;
}

/* Room for n more bytes and the NUL. */
static void reserve(struct text *t, size_t n)
{
    if (n > SIZE_MAX / 4 || t->len > SIZE_MAX / 4)
        out_of_memory(t->arena);
    if (t->ptr && t->len + n < t->cap)
        return;
    size_t cap = t->cap * 2 > t->len + n + 1 ? t->cap * 2 : t->len + n + 1;
    if (cap < 64)
        cap = 64;
    char *p = arena_alloc(t->arena, cap);
    if (t->len)
        memcpy(p, t->ptr, t->len);
    t->ptr = p;
    t->cap = cap;
}

void text_add(struct text *t, const char *p, size_t n)
{
    reserve(t, n);
    if (n)
        memcpy(t->ptr + t->len, p, n);
    t->len += n;
    t->ptr[t->len] = 0;
}

void text_addc(struct text *t, char c)
{
    text_add(t, &c, 1);
}

void text_adds(struct text *t, const char *s)
{
    text_add(t, s, strlen(s));
}

void text_addf(struct text *t, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    reserve(t, 0);
    size_t room = t->cap - t->len;
    int n = vsnprintf(t->ptr + t->len, room, fmt, again);
    va_end(again);
    if (n < 0)
        out_of_memory(t->arena);
    reserve(t, (size_t)n);
    if ((size_t)n >= room)
        vsnprintf(t->ptr + t->len, (size_t)n + 1, fmt, args);
    t->len += (size_t)n;
    va_end(args);
}
