#include "commits.h"

#include "str.h"

#include <string.h>

/* What asks for a release; the types that people agree on beside these (docs, chore, refactor ..)
   do not. */
static const struct {
    const char *type;
    enum commit_kind kind;
} kinds[] = {
    {"feat", COMMIT_FEATURE}, {"fix", COMMIT_FIX}, {"perf", COMMIT_FIX}, {"revert", COMMIT_FIX},
};

/* What a line TYPE: DESCRIPTION asks for, with (SCOPE) or ! or both before the colon. */
static enum commit_kind header_kind(relver_str line)
{
    relver_str type = str_until(line, "(!:"), rest = str_behind(line, type), scope;
    if (str_starts(rest, "(")) {
        scope = str_until(str_from(rest, 1), "()");
        rest = str_behind(rest, scope);
        if (scope.len == 0 || !str_starts(rest, ")"))
            return COMMIT_OTHER;
        rest = str_from(rest, 1);
    }
    bool breaks = str_starts(rest, "!");
    rest = str_from(rest, breaks);
    if (type.len == 0 || str_has(type, " ") || !str_starts(rest, ": ") || str_trim(rest).len == 1)
        return COMMIT_OTHER;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !breaks; i++)
        if (str_same(type, relver_s(kinds[i].type)))
            return kinds[i].kind;
    return breaks ? COMMIT_BREAKING : COMMIT_OTHER;
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
    *out = (struct commit){.subject = relver_s("")};
    while (out->subject.len == 0 && str_line(&message, &out->subject))
        continue;
    out->kind = str_starts(out->subject, "Revert \"") ? COMMIT_FIX /* git's own words */
                                                      : header_kind(out->subject);
    while (str_line(&message, &line)) {
        if (breaking(line))
            out->kind = COMMIT_BREAKING;
        if (!str_starts(line, undoes))
            continue;
        line = str_from(line, sizeof undoes - 1);
        out->reverts = relver_sn(line.ptr, str_span(line, "0123456789abcdef"));
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
