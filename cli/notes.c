#include "notes.h"

#include "changelog.h"
#include "names.h"
#include "passport.h"
#include "str.h"

#include <string.h>

/*-- which files they are ------------------------------------------------------------------------*/

enum { OF_UNIT, OF_FILES }; /* a path's first unit; a file that `files` names, too */

struct log {
    struct unit *unit;
    const struct value *said; /* in relver.toml: its path; false; or nothing */
    const char *path;
    const struct unit *other; /* whose it is already */
};

struct logs {
    struct arena *arena;
    const struct project *project;
    struct names paths;
    bool changesets; /* write what relver.toml does not name */
    struct log *at;
    size_t count;
};

/* The project's changelog is not that of a package with a version of its own. */
static const struct value *said(const struct project *pr, const struct unit *u)
{
    static const struct value nothing;
    const struct value *v = &u->settings->value[KEY_CHANGELOG];
    const struct value *top = &pr->config.top.value[KEY_CHANGELOG];
    bool theirs = v != top && v->kind == VALUE_TEXT && v->text.ptr == top->text.ptr;
    return theirs && u->settings->own_version ? &nothing : v;
}

static void add_log(struct logs *l, struct unit *u, const char *path)
{
    struct log log = {u, said(l->project, u), path,
                      names_get(&l->paths, OF_UNIT, relver_s(path))};
    bool named = log.said->kind == VALUE_TEXT;
    if (!named && (log.other != NULL || fs_kind(l->project->root, path) == FS_ABSENT ||
                   names_get(&l->paths, OF_FILES, relver_s(path)) != NULL))
        return;
    names_put(l->arena, &l->paths, OF_UNIT, relver_s(path), u);
    l->at = arena_more(l->arena, l->at, l->count, sizeof log);
    l->at[l->count++] = log;
}

/* What relver.toml names, there or not; else each CHANGELOG.md that is there, unless `files` says
   what is to be done with it. */
static void add_unit_logs(struct logs *l, struct unit *u)
{
    const struct project *pr = l->project;
    const struct value *v = said(pr, u);
    if (v->kind == VALUE_TEXT)
        add_log(l, u, arena_dup(l->arena, v->text.ptr, v->text.len));
    if (v->kind == VALUE_TEXT || (v->kind == VALUE_NONE && l->changesets))
        return;
    for (size_t i = 0; i < u->count; i++)
        add_log(l, u, arena_printf(l->arena, "%sCHANGELOG.md", u->packages[i]->manifest->dir));
    if (u == pr->lead || pr->config.top.value[KEY_CHANGELOG].kind == VALUE_FALSE)
        add_log(l, u, "CHANGELOG.md");
}

/* Those of one unit, or of all: first what is named. */
static struct logs open_logs(struct arena *a, const struct project *pr, const struct unit *only)
{
    struct logs l = {.arena = a, .project = pr};
    l.changesets = pr->config.top.value[KEY_CHANGESETS].kind != VALUE_FALSE &&
                   fs_kind(pr->root, ".changeset") == FS_DIR;
    for (size_t i = 0; i < pr->file_count; i++)
        if (pr->files[i]->kind == FILE_EXTRA)
            names_put(a, &l.paths, OF_FILES, relver_s(pr->files[i]->path), pr->files[i]);
    for (size_t i = 0; i < 2 * pr->unit_count; i++) {
        struct unit *u = pr->units[i % pr->unit_count];
        bool named = said(pr, u)->kind == VALUE_TEXT;
        if (named == (i < pr->unit_count) && (only == NULL || u == only))
            add_unit_logs(&l, u);
    }
    return l;
}

static bool read_log(const struct logs *l, const char *path, struct file **file,
                     struct changelog *out, struct fail *fail)
{
    struct file *f = names_get(&l->paths, OF_FILES, relver_s(path));
    if (f == NULL) {
        f = arena_alloc(l->arena, sizeof *f);
        f->path = path;
        f->kind = FILE_EXTRA;
        if (!fs_read(l->project->root, l->arena, path, &f->text, fail))
            return false;
    }
    *file = f;
    return changelog_read(l->arena, path, f->text, out, fail);
}

static relver_str iso(struct arena *a, relver_str day)
{
    return relver_s(arena_printf(a, "%.4s-%.2s-%.2s", day.ptr, day.ptr + 4, day.ptr + 6));
}

/*-- rolling -------------------------------------------------------------------------------------*/

static bool roll(const struct logs *l, const struct log *log, struct plan *plan,
                 struct changelog_roll *r, struct fail *fail)
{
    const struct unit *u = log->unit, *other = log->other;
    struct changelog text;
    struct file *file;
    relver_edit *edits;
    size_t n;
    r->scheme = u->scheme;
    r->version = u->target;
    r->tag = relver_s(NULL);
    r->moves = !relver_eq(u->target, u->version);
    if (other != NULL && other->target.ptr != NULL && !relver_eq(other->target, u->target)) {
        fail_set(fail, l->arena, 2, "ambiguous", l->project->config.path, "nothing changed",
                 "give each package a `changelog`", "%.*s %.*s and %.*s %.*s would share it",
                 STR(other->name), STR(other->target), STR(u->name), STR(u->target));
        fail->line = log->said->line; /* who shares it was named */
        fail->col = log->said->col;
        return false;
    }
    if (other != NULL && other->target.ptr != NULL)
        return true;
    if (settings_text(u->settings, KEY_TAG).ptr != NULL &&
        !passport_tag(l->arena, u, &r->tag, fail))
        return false;
    if (!read_log(l, log->path, &file, &text, fail))
        return false;
    if (log->said->kind != VALUE_TEXT && (text.unreleased == NULL || !r->moves))
        return true;
    return changelog_roll(l->arena, &text, r, &edits, &n, fail) &&
           (n == 0 || plan_add(l->arena, plan, file, edits, n, fail));
}

bool notes_roll(struct arena *a, const struct project *pr, struct plan *plan, relver_str today,
                bool forced, struct fail *fail)
{
    struct logs l = open_logs(a, pr, NULL);
    struct changelog_roll r = {.date = iso(a, today)};
    for (size_t i = 0; i < l.count; i++) {
        const struct unit *u = l.at[i].unit;
        enum value_kind kind = l.at[i].said->kind;
        r.forced = forced && kind == VALUE_TEXT;
        if (u->target.ptr == NULL || passport_stage(u, u->target) != STAGE_STABLE ||
            kind == VALUE_FALSE || roll(&l, &l.at[i], plan, &r, fail))
            continue;
        if (kind == VALUE_TEXT || fail->status > 2)
            return false;
        memset(fail, 0, sizeof *fail); /* nobody said that it is to be kept */
    }
    return true;
}

const char **notes_paths(struct arena *a, const struct project *project, size_t *n)
{
    struct logs l = open_logs(a, project, NULL);
    const char **paths = arena_alloc(a, l.count * sizeof *paths);
    *n = 0;
    for (size_t i = 0; i < l.count; i++)
        if (l.at[i].unit->target.ptr != NULL &&
            fs_kind(project->root, l.at[i].path) == FS_FILE)
            paths[(*n)++] = l.at[i].path;
    return paths;
}

/*-- checking ------------------------------------------------------------------------------------*/

static struct finding *find(struct findings *out, const struct log *log, const char *path,
                            size_t line, size_t col, const char *what, const char *next)
{
    struct file *file = arena_alloc(out->arena, sizeof *file);
    struct place *at = arena_alloc(out->arena, sizeof *at);
    file->path = path;
    *at = (struct place){.file = file, .unit = log->unit, .line = line, .col = col};
    struct finding *f = check_find(out, "changelog", at, "%s", what);
    f->next = next;
    return f;
}

static void check(const struct logs *l, const struct log *log, relver_str today, bool tagged,
                  struct findings *out)
{
    struct arena *a = l->arena;
    const struct unit *u = log->unit;
    struct fail fail = {0};
    struct changelog text;
    struct changelog_note *notes;
    struct file *file;
    size_t n;
    bool due = !u->silent && passport_stage(u, u->version) == STAGE_STABLE;
    if (!read_log(l, log->path, &file, &text, &fail)) {
        find(out, log, log->path, fail.line, fail.col, fail.what, fail.next);
        return;
    }
    changelog_check(a, &text, u->scheme, due ? u->version : relver_s(NULL), tagged, iso(a, today),
                    &notes, &n);
    for (size_t i = 0; i < n; i++)
        find(out, log, log->path, notes[i].line, notes[i].col, notes[i].what, notes[i].rolls
             ? arena_printf(a, "relver bump %.*s=%.*s", STR(u->name), STR(u->version))
             : arena_printf(a, "correct %s, then: relver check changelog", log->path))
            ->status = !notes[i].warning;
}

void notes_check(struct arena *a, const struct project *pr, relver_str today, const char *tag,
                 struct findings *out)
{
    struct logs l = open_logs(a, pr, NULL);
    relver_str ref = relver_s(tag);
    ref = str_from(ref, str_starts(ref, "refs/tags/") ? 10 : 0);
    for (size_t i = 0; i < l.count; i++) {
        const struct log *log = &l.at[i];
        const struct value *v = log->said;
        if (v->kind == VALUE_FALSE)
            find(out, log, log->path, 1, 1, "relver.toml says that there is no changelog",
                 arena_printf(a, "git rm %s", log->path));
        else if (v->kind == VALUE_TEXT && fs_kind(pr->root, log->path) == FS_ABSENT)
            find(out, log, pr->config.path, v->line, v->col,
                 arena_printf(a, "there is no '%s'", log->path),
                 arena_printf(a, "echo '## [Unreleased]' >%s", log->path));
        else if (v->kind == VALUE_TEXT && log->other == NULL)
            check(&l, log, today, check_read_tag(log->unit, ref).ptr != NULL, out);
    }
}

/*-- reading -------------------------------------------------------------------------------------*/

static bool read_first(const struct logs *l, const struct unit *u, struct file **file,
                       struct changelog *out, struct fail *fail)
{
    if (l->count == 0 || l->at->said->kind == VALUE_FALSE)
        return fail_set(fail, l->arena, 1, "changelog", NULL, "nothing changed",
                        "man 5 relver.toml", "'%.*s' has no changelog", STR(u->name));
    return read_log(l, l->at->path, file, out, fail);
}

bool notes_read(struct arena *a, const struct project *pr, const struct unit *u, relver_str version,
                relver_str *notes, relver_str *changes, struct fail *fail)
{
    struct logs l = open_logs(a, pr, u);
    const struct changelog_section *s;
    struct changelog text;
    struct file *file;
    if (version.ptr == NULL && !passport_spell(a, u, NULL, &version, fail))
        return false;
    if (!read_first(&l, u, &file, &text, fail))
        return false;
    s = changelog_find(&text, u->scheme, version);
    if (s == NULL && passport_stage(u, version) != STAGE_STABLE)
        s = text.unreleased;
    if (s == NULL) {
        fail_set(fail, a, 1, "changelog", text.path, "nothing changed", "relver check changelog",
                 "%.*s has no section", STR(version));
        fail->line = text.count > 0 ? text.sections->title + 1 : 1; /* where it should begin */
        fail->col = 1;
        return false;
    }
    *notes = changelog_notes(a, &text, s);
    *changes = changelog_lines(a, &text, s);
    return true;
}

bool notes_add(struct arena *a, const struct project *pr, const struct unit *u, const char *type,
               relver_str what, struct plan *plan, struct fail *fail)
{
    struct logs l = open_logs(a, pr, u);
    struct changelog text;
    struct file *file;
    relver_edit edit;
    return read_first(&l, u, &file, &text, fail) &&
           changelog_add(a, &text, type, what, &edit, fail) &&
           plan_add(a, plan, file, &edit, 1, fail);
}
