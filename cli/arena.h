/* arena.h - the one memory owner of the command

   Everything the command allocates comes from one arena and lives until the process ends; nothing
   is freed piecemeal. No function here fails: when memory runs out it prints error[io.memory] and
   leaves with exit code 8, or 5 while `state` is set; that is safe at every instant (see fs.h). */
#ifndef RELVER_ARENA_H
#define RELVER_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__)
#define ARENA_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define ARENA_PRINTF(fmt, args)
#endif

/* An arena starts as {0}. */
struct arena {
    struct arena_chunk *chunks; /* newest first */
    char *next, *end;           /* the free part of the newest chunk */
    const char *state;          /* "half way, ID" while it is so; NULL: nothing changed */
};

/* n zeroed bytes, aligned for any type; n = 0 gives a pointer that may not be read. */
void *arena_alloc(struct arena *a, size_t n);

/* A copy of p[0..n) with a NUL after it. */
char *arena_dup(struct arena *a, const char *p, size_t n);

/* Formatted text. */
char *arena_printf(struct arena *a, const char *fmt, ...) ARENA_PRINTF(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list args) ARENA_PRINTF(2, 0);

/* In a function (.., const char *fmt, ...): the formatted text, as a variable of that name. */
#define ARENA_FORMAT(a, fmt, name) \
    va_list name##_args; \
    va_start(name##_args, fmt); \
    const char *name = arena_vprintf(a, fmt, name##_args); \
    va_end(name##_args)

/* Room for one more item: `items` itself, or a larger copy when `count` items fill it. Growth
   doubles at powers of two from 4, so no capacity need be kept:
       list = arena_more(a, list, count, sizeof *list);
       list[count++] = item; */
void *arena_more(struct arena *a, void *items, size_t count, size_t size);

/* The same as an expression, a pointer to the new last item:  *ARENA_NEW(a, list, count) = item; */
#define ARENA_NEW(a, list, count) \
    ((list) = arena_more(a, list, count, sizeof *(list)), &(list)[(count)++])

/* Texts in a row; starts as {0}. */
struct list {
    const char **at;
    size_t count;
};

void list_add(struct arena *a, struct list *list, const char *text);
bool list_has(const struct list *list, const char *text);

/* Gives all memory back; the arena is {0} again. */
void arena_free(struct arena *a);

/* Text that grows at its end; starts as {.arena = a}. ptr is NUL-terminated once anything, even
   nothing, was added. */
struct text {
    char *ptr;
    size_t len, cap;
    struct arena *arena;
};

void text_add(struct text *t, const char *p, size_t n);
void text_addc(struct text *t, char c);
void text_adds(struct text *t, const char *s);
void text_addf(struct text *t, const char *fmt, ...) ARENA_PRINTF(2, 3);

#endif
