#define _POSIX_C_SOURCE 200809L
#include "commits.h"

#include "str.h"

#include <string.h>
#include <strings.h>

/* What asks for a release; the types that people agree on beside these (docs, chore, refactor ..)
   do not. */
static const struct {
    const char *type;
    enum commit_kind kind;
} kinds[] = {
    {"feat", COMMIT_FEATURE}, {"fix", COMMIT_FIX}, {"perf", COMMIT_FIX}, {"revert", COMMIT_FIX},
};

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* The bytes at the start of s that are in `set`. */
static size_t span(relver_str s, const char *set)
{
    size_t n = 0;
    while (n < s.len && memchr(set, s.ptr[n], strlen(set)) != NULL)
        n++;
    return n;
}

/* TYPE, (SCOPE) or not, ! or not, colon, space, DESCRIPTION; fills c when the line is one. */
static void read_header(relver_str line, struct commit *c)
{
    relver_str type = relver_sn(line.ptr, span(line, LOWER UPPER "0123456789-_"));
    relver_str rest = str_from(line, type.len), scope = {NULL, 0};
    if (str_starts(rest, "(")) {
        const char *end = memchr(rest.ptr, ')', rest.len);
        scope = relver_sn(rest.ptr + 1, end != NULL ? (size_t)(end - rest.ptr) - 1 : 0);
        if (scope.len == 0 || memchr(scope.ptr, '(', scope.len) != NULL)
            return;
        rest = str_from(rest, scope.len + 2);
    }
    bool breaks = str_starts(rest, "!");
    rest = str_from(rest, breaks);
    if (type.len == 0 || !str_starts(rest, ": "))
        return;
    rest = str_from(rest, 1);
    rest = str_from(rest, span(rest, " \t"));
    if (rest.len == 0)
        return;
    c->type = type;
    c->scope = scope;
    c->description = rest;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (type.len == strlen(kinds[i].type) &&
            strncasecmp(type.ptr, kinds[i].type, type.len) == 0)
            c->kind = kinds[i].kind;
    c->kind = breaks ? COMMIT_BREAKING : c->kind;
}

/* Wherever the line stands: a break that is overlooked harms everybody else, one too many costs a
   number. */
static bool breaking(relver_str line)
{
    return (str_starts(line, "BREAKING CHANGE:") || str_starts(line, "BREAKING-CHANGE:")) &&
           (line.len == 16 || line.ptr[16] == ' ');
}

void commit_read(relver_str message, struct commit *out)
{
    static const char undoes[] = "This reverts commit ";
    relver_str line;
    memset(out, 0, sizeof *out);
    out->subject = relver_s("");
    while (out->subject.len == 0 && str_line(&message, &out->subject))
        continue;
    if (str_starts(out->subject, "Revert \"")) /* git's own words */
        out->kind = COMMIT_FIX;
    read_header(out->subject, out);
    while (str_line(&message, &line)) {
        if (breaking(line))
            out->kind = COMMIT_BREAKING;
        if (!str_starts(line, undoes))
            continue;
        line = str_from(line, sizeof undoes - 1);
        out->reverts = relver_sn(line.ptr, span(line, "0123456789abcdef"));
    }
}

static relver_str keep(struct arena *a, relver_str s)
{
    return s.ptr != NULL ? relver_sn(arena_dup(a, s.ptr, s.len), s.len) : s;
}

enum { SHORT_ID = 7 };

void commits_add(struct commits *list, relver_str oid, relver_str message)
{
    struct commit c;
    commit_read(message, &c);
    for (size_t i = 0; i < list->undoing_count; i++) {
        struct commit *newer = &list->at[list->undoing[i]];
        if (newer->reverts.len < SHORT_ID || newer->reverts.len > oid.len ||
            memcmp(newer->reverts.ptr, oid.ptr, newer->reverts.len) != 0)
            continue;
        newer->kind = COMMIT_OTHER;
        newer->reverts.len = 0;
        return;
    }
    if (c.kind == COMMIT_OTHER && c.reverts.len == 0)
        return;
    if (c.reverts.len > 0) {
        list->undoing = arena_more(list->arena, list->undoing, list->undoing_count, sizeof(size_t));
        list->undoing[list->undoing_count++] = list->count;
    }
    list->at = arena_more(list->arena, list->at, list->count, sizeof c);
    list->at[list->count++] =
        (struct commit){.kind = c.kind, .subject = keep(list->arena, c.subject),
                        .reverts = keep(list->arena, c.reverts), .oid = keep(list->arena, oid)};
}

enum commit_kind commits_kind(const struct commits *list)
{
    enum commit_kind most = COMMIT_OTHER;
    for (size_t i = 0; i < list->count; i++)
        most = list->at[i].kind > most ? list->at[i].kind : most;
    return most;
}

const char *commit_level(enum commit_kind kind, relver_str version)
{
    static const char *const levels[][COMMIT_BREAKING + 1] = {{NULL, "patch", "minor", "major"},
                                                              {NULL, "patch", "patch", "minor"}};
    return levels[str_starts(version, "0.")][kind];
}
