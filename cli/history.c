#include "history.h"

#include "check.h"
#include "line.h"
#include "passport.h"
#include "repo.h"
#include "scm.h"

#include <stdint.h>
#include <stdlib.h>

static bool unknown(struct arena *a, struct fail *fail, const char *next, const char *what)
{
    return fail_set(fail, a, 4, "git.unknown", NULL, "nothing changed", next, "%s", what);
}

/* The tags that speak of the unit, and the versions in them. */
static size_t own_tags(struct arena *a, const struct unit *u, struct repo_tag *tags, size_t n,
                       relver_str **versions)
{
    size_t count = 0;
    *versions = arena_alloc(a, n * sizeof **versions);
    for (size_t i = 0; i < n; i++) {
        relver_tag parts;
        if (!check_read_tag(u, tags[i].name, &parts) || parts.version.ptr == NULL)
            continue;
        (*versions)[count] = parts.version;
        tags[count++] = tags[i];
    }
    return count;
}

static bool read(struct arena *a, struct repo *repo, const struct unit *u, struct history *out,
                 struct fail *fail)
{
    struct repo_change *changes;
    size_t changed = 0;
    struct repo_tag *tags;
    relver_str *versions;
    size_t n, best = SIZE_MAX;
    if (!repo_head(repo, a, &out->head, fail) || !repo_tags(repo, a, &tags, &n, fail))
        return false;
    if (out->head.ptr == NULL)
        return unknown(a, fail, "git commit", "there is no commit yet");
    size_t own = n = own_tags(a, u, tags, n, &versions);
    if (!repo_peel(repo, a, tags, &n, fail))
        return false;
    if (n < own)
        n = own_tags(a, u, tags, n, &versions);
    size_t *distance = arena_alloc(a, n * sizeof *distance);
    bool measured = repo_distances(repo, a, tags, n, out->head, distance, fail);
    for (size_t i = 0; i < n && measured; i++) {
        int order = 1;
        if (best != SIZE_MAX && distance[i] == distance[best])
            relver_compare(u->scheme, versions[i], versions[best], &order, NULL);
        if (distance[i] != SIZE_MAX &&
            (best == SIZE_MAX || distance[i] < distance[best] ||
             (distance[i] == distance[best] && order > 0)))
            best = i;
    }
    bool here = best != SIZE_MAX && distance[best] == 0;
    if (repo_shallow(repo) && !here) /* a nearer tag, or the count, may lie beyond what is there */
        return unknown(a, fail, "git fetch --unshallow --tags",
                       "a shallow clone cannot tell which tag is nearest");
    if (!measured)
        return false;
    if (best == SIZE_MAX)
        return fail_set(fail, a, 4, "git.unknown", NULL, "nothing changed", "git fetch --tags",
                        "no tag below HEAD has the form '%.*s'", STR(unit_tag(u)));
    if (out->tree && !repo_changes(repo, a, NULL, 0, &changes, &changed, fail))
        return false;
    out->dirty = changed > 0;
    out->tag = tags[best].name;
    out->version = versions[best];
    out->distance = distance[best];
    return true;
}

static int by_version(const void *a, const void *b)
{
    const struct tagged *x = a, *y = b;
    int order = 0;
    relver_compare(x->scheme, y->version, x->version, &order, NULL);
    return order;
}

static bool read_tags(struct arena *a, struct repo *repo, const struct unit *unit,
                      struct tagged **tags, size_t *n, struct fail *fail)
{
    struct repo_tag *all;
    relver_str *versions;
    if (!repo_tags(repo, a, &all, n, fail))
        return false;
    *n = own_tags(a, unit, all, *n, &versions);
    *tags = arena_alloc(a, *n * sizeof **tags);
    for (size_t i = 0; i < *n; i++) {
        (*tags)[i].tag = all[i].name;
        (*tags)[i].version = versions[i];
        (*tags)[i].scheme = unit->scheme;
    }
    if (*n > 0)
        qsort(*tags, *n, sizeof **tags, by_version);
    return true;
}

bool history_tags(struct arena *a, const struct project *project, const struct unit *unit,
                  struct tagged **tags, size_t *n, struct fail *fail)
{
    struct repo *repo;
    if (!repo_need(a, project->root, &repo, fail))
        return false;
    bool ok = read_tags(a, repo, unit, tags, n, fail);
    repo_close(repo);
    return ok;
}

/* A line is known by its stable tags. */
static void add_line(struct arena *a, const struct unit *u, const struct tagged *t,
                     struct unit_line **lines, size_t *n)
{
    struct unit_line line = {line_of(a, u, t->version), t->tag};
    if (passport_stage(u, t->version) != STAGE_STABLE ||
        (*n > 0 && relver_eq((*lines)[*n - 1].line, line.line)))
        return;
    *lines = arena_more(a, *lines, *n, sizeof line);
    (*lines)[(*n)++] = line;
}

bool history_lines(struct arena *a, const struct project *project, const struct unit *unit,
                   struct unit_line **lines, size_t *n, struct fail *fail)
{
    struct repo *repo;
    struct tagged *tags;
    size_t count, most = settings_number(unit->settings, KEY_MAINTAINED);
    if (!repo_need(a, project->root, &repo, fail))
        return false;
    bool ok = read_tags(a, repo, unit, &tags, &count, fail), shallow = repo_shallow(repo);
    repo_close(repo);
    if (ok && (shallow || count == 0))
        return unknown(a, fail,
                       shallow ? "git fetch --unshallow --tags" : "git fetch --tags",
                       shallow ? "a shallow clone may not have every tag"
                               : "there is no tag of a release");
    *lines = NULL;
    *n = 0;
    for (size_t i = 0; ok && i < count && *n < most; i++)
        add_line(a, unit, &tags[i], lines, n);
    return ok;
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

bool history_version(struct arena *a, const struct history *h, relver_str date, relver_str *out,
                     struct fail *fail)
{
    struct scm_state state = {.tag = h->version, .distance = h->distance, .dirty = h->dirty,
                              .date = date};
    state.node = relver_s(arena_printf(a, "g%.*s", RELVER_STAMP_LEN, h->head.ptr));
    const char *why = scm_version(a, &state, relver_s(NULL), relver_s(NULL), out);
    return why == NULL || fail_set(fail, a, 1, "git.version", NULL, "nothing changed",
                                   "relver show prev-tag", "the tag '%.*s': %s", STR(h->tag), why);
}
