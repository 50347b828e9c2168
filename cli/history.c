#include "history.h"

#include "check.h"
#include "home.h"
#include "line.h"
#include "passport.h"
#include "repo.h"
#include "scm.h"
#include "str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool unknown(struct arena *a, struct fail *fail, const char *next, const char *what)
{
    return fail_set(fail, a, 4, "git.unknown", NULL, "nothing changed", next, "%s", what);
}

/* The tags that speak of the unit, or of a stable version of it. */
static size_t own_tags(const struct unit *u, struct repo_tag *tags, size_t n, bool stable)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        relver_str version = check_read_tag(u, tags[i].name);
        if (version.ptr != NULL && (!stable || passport_stage(u, version) == STAGE_STABLE))
            tags[count++] = tags[i];
    }
    return count;
}

/* The nearest of some tags, the highest of several at one distance; SIZE_MAX: none is below. */
static size_t nearest(const struct unit *u, const struct repo_tag *tags, const size_t *distance,
                      size_t n)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        int order = 0;
        if (best != SIZE_MAX && distance[i] == distance[best])
            relver_compare(u->scheme, check_read_tag(u, tags[i].name),
                           check_read_tag(u, tags[best].name), &order, NULL);
        if (distance[i] != SIZE_MAX &&
            (best == SIZE_MAX || distance[i] < distance[best] || order > 0))
            best = i;
    }
    return best;
}

static bool read(struct arena *a, struct repo *repo, const struct unit *u, struct history *out,
                 struct fail *fail)
{
    struct repo_change *changes;
    size_t changed = 0, n;
    struct repo_tag *tags;
    if (!repo_head(repo, a, &out->head, fail) || !repo_branch(repo, a, &out->branch, fail) ||
        !repo_tags(repo, a, &tags, &n, fail))
        return false;
    if (out->head.ptr == NULL)
        return unknown(a, fail, "git commit", "there is no commit yet");
    n = own_tags(u, tags, n, out->stable);
    if (!repo_peel(repo, a, tags, &n, fail))
        return false;
    size_t *distance = arena_alloc(a, n * sizeof *distance);
    bool measured = repo_distances(repo, a, tags, n, out->head, distance, fail);
    size_t best = measured ? nearest(u, tags, distance, n) : SIZE_MAX;
    bool here = best != SIZE_MAX && distance[best] == 0;
    if (repo_shallow(repo) && !here) /* a nearer tag, or the count, may lie beyond what is there */
        return unknown(a, fail, "git fetch --unshallow --tags",
                       "a shallow clone cannot tell which tag is nearest");
    if (!measured)
        return false;
    if (best == SIZE_MAX && out->stable) {
        out->stable = false;
        return read(a, repo, u, out, fail);
    }
    if (best == SIZE_MAX)
        return fail_set(fail, a, 4, "git.unknown", NULL, "nothing changed", "git fetch --tags",
                        "no tag below HEAD has the form '%.*s'", STR(unit_tag(u)));
    if (out->tree && !repo_changes(repo, a, NULL, 0, &changes, &changed, fail))
        return false;
    out->dirty = changed > 0;
    out->tag = tags[best].name;
    out->version = check_read_tag(u, tags[best].name);
    out->commit = tags[best].commit;
    out->distance = distance[best];
    return true;
}

bool history_read(struct arena *a, const struct project *project, const struct unit *unit,
                  struct history *out, struct fail *fail)
{
    struct repo *repo;
    if (!repo_need(a, project->root, &repo, fail))
        return false;
    bool ok = read(a, repo, unit, out, fail);
    repo_close(repo);
    return ok;
}

static int by_version(const void *a, const void *b)
{
    const struct tagged *x = a, *y = b;
    int order = (y->key > x->key) - (y->key < x->key);
    if (order == 0)
        relver_compare(x->scheme, y->version, x->version, &order, NULL);
    return order;
}

bool history_tags(struct arena *a, const struct project *project, const struct unit *unit,
                  struct tagged **tags, size_t *n, bool *all, struct fail *fail)
{
    struct repo *repo;
    struct repo_tag *found;
    size_t count;
    *n = 0;
    if (!repo_need(a, project->root, &repo, fail))
        return false;
    bool ok = repo_tags(repo, a, &found, &count, fail);
    *all = !repo_shallow(repo);
    repo_close(repo);
    count = ok ? count : 0;
    *tags = arena_alloc(a, count * sizeof **tags);
    for (size_t i = 0; i < count; i++) {
        struct tagged t = {found[i].name, check_read_tag(unit, found[i].name), unit->scheme, 0};
        relver_semver v;
        if (t.scheme == RELVER_SEMVER && relver_semver_parse(t.version, &v, NULL) == RELVER_OK)
            t.key = relver_semver_key(&v);
        (*tags)[*n] = t;
        *n += t.version.ptr != NULL;
    }
    if (*n > 0)
        qsort(*tags, *n, sizeof **tags, by_version);
    return ok;
}

bool history_lines(struct arena *a, const struct project *project, const struct unit *unit,
                   struct unit_line **lines, size_t *n, struct fail *fail)
{
    struct tagged *tags;
    size_t count, most = settings_number(unit->settings, KEY_MAINTAINED);
    bool all;
    if (!history_tags(a, project, unit, &tags, &count, &all, fail))
        return false;
    if (!all || count == 0)
        return unknown(a, fail, all ? "git fetch --tags" : "git fetch --unshallow --tags",
                       all ? "there is no tag of a release"
                           : "a shallow clone may not have every tag");
    *lines = NULL;
    *n = 0;
    for (size_t i = 0; i < count && *n < most; i++) {
        struct unit_line line = {line_of(a, unit, tags[i].version), tags[i].tag};
        if (passport_stage(unit, tags[i].version) != STAGE_STABLE ||
            (*n > 0 && relver_eq((*lines)[*n - 1].line, line.line)))
            continue;
        *ARENA_NEW(a, *lines, *n) = line;
    }
    return true;
}

/*-- what is pending -----------------------------------------------------------------------------*/

/* Whose commits are asked for. */
struct scope {
    const struct project *project;
    const struct unit *unit; /* the lead stands for all that go together */
    bool all;                /* no commit is anybody else's */
    struct commits *commits;
};

static bool in_scope(const struct scope *s, const struct unit *u)
{
    return u == s->unit || (s->unit == s->project->lead && !u->silent);
}

/* The package furthest down has the file; several may be in one directory. */
static bool touches(const struct scope *s, relver_str path)
{
    size_t deepest = 0, own = 0;
    for (size_t i = 0; i < s->project->package_count; i++) {
        const struct package *p = s->project->packages[i];
        size_t depth = 1 + strlen(p->manifest->dir);
        if (depth < deepest || !str_starts(path, p->manifest->dir))
            continue;
        deepest = depth;
        own = in_scope(s, p->unit) ? depth : own;
    }
    return own == deepest && (own > 0 || s->unit == s->project->lead);
}

static void take(void *data, relver_str oid, relver_str message, relver_str touched)
{
    struct scope *s = data;
    bool ours = s->all;
    while (!ours && touched.len > 0) {
        relver_str path = relver_s(touched.ptr);
        ours = touches(s, path);
        touched = str_from(touched, path.len + 1);
    }
    if (ours)
        commits_add(s->commits, oid, message);
}

static bool read_pending(struct arena *a, struct repo *repo, const struct project *pr,
                         const struct unit *u, struct pending *out, struct fail *fail)
{
    struct scope scope = {pr, u, pr->root->below[0] == '\0', &out->commits};
    int order = 0;
    for (size_t i = 0; i < pr->package_count; i++)
        scope.all = scope.all && in_scope(&scope, pr->packages[i]->unit);
    if (!read(a, repo, u, &out->since, fail) ||
        (out->since.distance > 0 &&
         !repo_log(repo, a, out->since.head, out->since.commit,
                   scope.all ? NULL : pr->root->below, take, &scope, fail)))
        return false;
    out->level = commit_level(commits_kind(&out->commits), out->since.version);
    if (out->level == NULL)
        return true;
    out->next = str_bumped(a, u->scheme, out->since.version, out->level);
    if (out->next.ptr == NULL)
        return fail_set(fail, a, 1, "git.version", NULL, "nothing changed", "relver show prev-tag",
                        "no version comes after that of the tag '%.*s'", STR(out->since.tag));
    if (u->version.ptr != NULL &&
        relver_compare(u->scheme, u->version, out->next, &order, NULL) == RELVER_OK && order > 0) {
        relver_str release = str_bumped(a, u->scheme, u->version, "release");
        out->next = release.ptr != NULL ? release : u->version;
    }
    return true;
}

bool history_pending(struct arena *a, const struct project *project, const struct unit *unit,
                     struct pending *out, struct fail *fail)
{
    struct repo *repo;
    *out = (struct pending){.since.stable = true, .commits.arena = a};
    if (!repo_need(a, project->root, &repo, fail))
        return false;
    bool ok = read_pending(a, repo, project, unit, out, fail);
    repo_close(repo);
    return ok;
}

/* Which of two schemes a setting asks for, the first without one. */
static bool scheme(struct arena *a, const struct unit *u, const char *key, const char *words,
                   int *out, struct fail *fail)
{
    static const char *const tables[] = {"tool.setuptools_scm", "tool.vcs-versioning",
                                         "tool.hatch.version.raw-options"};
    const struct place *said = NULL;
    for (size_t i = 0; i < u->count; i++)
        for (size_t k = 0; k < sizeof tables / sizeof *tables && said == NULL; k++)
            said = home_hint(u->packages[i]->manifest, arena_printf(a, "%s.%s", tables[k], key));
    *out = said != NULL ? str_word(words, said->text) : 0;
    if (*out < 0)
        place_fail(a, said, 2, "scheme", "ask the build tool itself", fail,
                   "%s is '%.*s', and relver knows %s", key, STR(said->text), words);
    return *out >= 0;
}

bool history_version(struct arena *a, const struct unit *u, const struct history *h,
                     relver_str date, relver_str *out, struct fail *fail)
{
    struct scm_state state = {.tag = h->version, .distance = h->distance, .dirty = h->dirty,
                              .date = date, .branch = h->branch};
    int by_branch, bare;
    if (!scheme(a, u, "version_scheme", "guess-next-dev|release-branch-semver", &by_branch, fail) ||
        !scheme(a, u, "local_scheme", "node-and-date|no-local-version", &bare, fail))
        return false;
    state.node = relver_s(arena_printf(a, "g%.*s", RELVER_STAMP_LEN, h->head.ptr));
    const char *why = scm_version(a, &state, by_branch == 1, bare == 1, out);
    return why == NULL || fail_set(fail, a, 1, "git.version", NULL, "nothing changed",
                                   "relver show prev-tag", "the tag '%.*s': %s", STR(h->tag), why);
}
