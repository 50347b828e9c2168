#define _POSIX_C_SOURCE 200809L /* access */
#include "project.h"

#include "bind.h"
#include "load.h"
#include "near.h"
#include "str.h"

#include <string.h>
#include <unistd.h>

/*-- which packages go together ------------------------------------------------------------------*/

/* Never released on its own account: a helper, a site, an example. */
static bool unreleased(const struct unit *u)
{
    bool all = true;
    for (size_t i = 0; i < u->count; i++)
        all = all && u->packages[i]->manifest->unpublished;
    return all || str_is(u->version, "0.0.0");
}

static bool same_version(const struct unit *a, const struct unit *b)
{
    return a->scheme == b->scheme && relver_eq(a->version, b->version);
}

/* What is never released has no say, unless it has the version of what is. */
static void settle_silent(struct project *pr)
{
    const struct unit *released = NULL;
    for (size_t i = 0; i < pr->unit_count && released == NULL; i++)
        if (pr->units[i]->version.ptr != NULL && !unreleased(pr->units[i]))
            released = pr->units[i];
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct unit *u = pr->units[i];
        u->silent = u->version.ptr == NULL ||
                    (released != NULL && unreleased(u) && !same_version(u, released));
    }
}

/* Without a configuration nobody said which packages go together: those of one version do. With one
   that keeps them apart, the only one that has a say still speaks for the project. */
static void settle_lead(struct project *pr)
{
    settle_silent(pr);
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct unit *u = pr->units[i];
        if (u->silent)
            continue;
        if (pr->lead != NULL && (pr->configured || !same_version(u, pr->lead))) {
            pr->lead = NULL;
            return;
        }
        pr->lead = pr->lead != NULL ? pr->lead : u;
    }
    if (pr->lead == NULL && pr->unit_count > 0)
        pr->lead = pr->units[0]; /* nobody says a version */
}

/*-- loading -------------------------------------------------------------------------------------*/

/* "; the nearest is 'x'", or nothing. */
static const char *nearest(struct arena *a, const struct near *near)
{
    return near->best.ptr == NULL ? "" : arena_printf(a, "; the nearest is '%.*s'",
                                                      STR(near->best));
}

/* A [package.NAME] that names nothing is a spelling mistake. */
static bool known_names(struct context *ctx, const struct project *pr)
{
    for (size_t i = 0; i < pr->config.package_count; i++) {
        const struct package_settings *set = &pr->config.packages[i];
        struct near near = {set->name, {NULL, 0}, 0};
        bool known = false;
        for (size_t k = 0; k < pr->package_count; k++) {
            near_try(&near, pr->packages[k]->name);
            known = known || relver_name_eq(pr->packages[k]->eco, pr->packages[k]->name, set->name);
        }
        if (known)
            continue;
        fail_set(&ctx->fail, ctx->arena, 2, "unknown-package", pr->config.path, "nothing changed",
                 "relver status", "there is no package '%.*s'%s", STR(set->name),
                 nearest(ctx->arena, &near));
        ctx->fail.line = set->line;
        ctx->fail.col = set->col;
        return false;
    }
    return true;
}

static bool load_project(struct context *ctx, struct root *root, bool bare, struct project *project)
{
    struct names names = {NULL, 0, 0};
    memset(project, 0, sizeof *project);
    project->root = root;
    if (!bare && !config_load(ctx->arena, root, ctx->opt.config, &project->config, &ctx->fail))
        return false;
    project->configured = project->config.path != NULL;
    if (!load_files(ctx->arena, project, &names, &ctx->fail))
        return false;
    bind_packages(ctx->arena, project, &names);
    if (project->package_count == 0)
        return ctx_fail(ctx, 2, "no-manifest",
                        "run relver where Cargo.toml, package.json or pyproject.toml is",
                        "there is no package in '%s'", root->path);
    if (!known_names(ctx, project))
        return false;
    bind_places(ctx->arena, project, &names);
    settle_lead(project);
    return true;
}

bool project_load(struct context *ctx, struct root *root, struct project *project)
{
    return load_project(ctx, root, false, project);
}

static bool has_manifest(struct context *ctx, const char *dir)
{
    static const char *const names[] = {"Cargo.toml", "package.json", "pyproject.toml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (access(arena_printf(ctx->arena, "%s/%s", dir, names[i]), F_OK) == 0)
            return true;
    return false;
}

/* The directory to load from, for one without a configuration at or above it: of `dir` and those
   above it, down from the work tree's top, the first with a manifest; without git, the nearest. */
static const char *manifest_dir(struct context *ctx, const struct root *root)
{
    const char *found = root->path;
    bool git = root->git;
    char *dir = arena_dup(ctx->arena, root->path, strlen(root->path));
    for (;;) {
        if (has_manifest(ctx, dir)) {
            found = arena_dup(ctx->arena, dir, strlen(dir));
            if (!git)
                return found;
        }
        char *slash = strrchr(dir, '/');
        if (slash == NULL || slash == dir || (git && strcmp(dir, root->top) == 0))
            return found;
        *slash = '\0';
    }
}

bool project_root(struct context *ctx, struct root *root)
{
    const char *dir = ctx->opt.dir != NULL ? ctx->opt.dir : ".";
    if (!fs_open_root(root, ctx->arena, dir, ctx->command, &ctx->fail))
        return false;
    const char *home = ctx->opt.config != NULL ? NULL : config_find(ctx->arena, root->path);
    if (home == NULL && ctx->opt.config == NULL)
        home = manifest_dir(ctx, root);
    return home == NULL || strcmp(home, root->path) == 0 ||
           fs_open_root(root, ctx->arena, home, ctx->command, &ctx->fail);
}

static bool half_way(struct context *ctx, const struct root *root)
{
    const char *id = NULL;
    if (!fs_pending(root, ctx->arena, &id, &ctx->fail))
        return false;
    return id == NULL || fail_set(&ctx->fail, ctx->arena, 5, "half-way", NULL,
                                  arena_printf(ctx->arena, "half way, %s", id),
                                  "run the writing command again: it completes or undoes this one",
                                  "a change of several files was interrupted");
}

bool project_settle(struct context *ctx, enum project_mode mode, struct root *root)
{
    bool recovered = false;
    if (mode != PROJECT_WRITE)
        return half_way(ctx, root);
    if (!fs_lock(root, ctx->arena, &ctx->fail) ||
        !fs_recover(root, ctx->arena, &recovered, &ctx->fail))
        return false;
    if (recovered)
        note(ctx->arena, "an interrupted change was completed or undone first");
    return true;
}

bool project_open(struct context *ctx, enum project_mode mode, struct project *project)
{
    struct root *root = arena_alloc(ctx->arena, sizeof *root);
    return project_root(ctx, root) && project_settle(ctx, mode, root) &&
           load_project(ctx, root, mode == PROJECT_BARE, project);
}

const char *project_remote(const struct context *ctx, const struct project *project)
{
    relver_str own = settings_text(&project->config.top, KEY_REMOTE);
    const char *set = own.ptr != NULL ? arena_dup(ctx->arena, own.ptr, own.len) : "origin";
    return ctx->opt.remote != NULL ? ctx->opt.remote : set;
}

/*-- names on the command line -------------------------------------------------------------------*/

struct unit *project_unit(struct context *ctx, const struct project *project, const char *name)
{
    relver_str rest = relver_s(name), prefix = str_cut(&rest, ':');
    int eco = rest.len > 0 ? str_word("|npm|cargo|pypi", prefix) : -1; /* as in relver_eco */
    if (eco < 0)
        rest = relver_s(name);
    struct unit *found = NULL;
    struct near near = {rest, {NULL, 0}, 0};
    for (size_t i = 0; i < project->package_count; i++) {
        struct package *p = project->packages[i];
        near_try(&near, p->name);
        if ((eco >= 0 && (int)p->eco != eco) || !relver_name_eq(p->eco, p->name, rest))
            continue;
        if (found != NULL && found != p->unit) {
            ctx_fail(ctx, 2, "ambiguous", "name it as npm:NAME, cargo:NAME or pypi:NAME",
                     "'%s' names packages that are released apart", name);
            return NULL;
        }
        found = p->unit;
    }
    if (found == NULL)
        ctx_fail(ctx, 2, "unknown-package", "relver status", "there is no package '%s'%s", name,
                 nearest(ctx->arena, &near));
    return found;
}

bool project_units(struct context *ctx, const struct project *project, struct unit ***units,
                   size_t *count)
{
    const struct list *names = &ctx->opt.packages;
    *units = project->units;
    *count = project->unit_count;
    if (names->count == 0)
        return true;
    *units = NULL;
    *count = 0;
    for (size_t i = 0; i < names->count; i++) {
        struct unit *u = project_unit(ctx, project, names->at[i]);
        if (u == NULL)
            return false;
        *ARENA_NEW(ctx->arena, *units, *count) = u;
    }
    return true;
}

bool project_released(struct context *ctx, const struct project *project, struct unit ***units,
                      size_t *count)
{
    struct unit **all;
    size_t n;
    if (!project_units(ctx, project, &all, &n))
        return false;
    *units = arena_alloc(ctx->arena, n * sizeof **units);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (ctx->opt.packages.count > 0 || !all[i]->silent || all[i] == project->lead)
            (*units)[(*count)++] = all[i];
    return true;
}

struct unit *project_one(struct context *ctx, const struct project *project, const char *command)
{
    struct unit **units;
    size_t count;
    if (!project_units(ctx, project, &units, &count))
        return NULL;
    if (ctx->opt.packages.count == 0 && project->lead != NULL)
        return project->lead;
    if (count == 1)
        return units[0];
    ctx_fail(ctx, 2, "ambiguous",
             arena_printf(ctx->arena, "%s -p %.*s", command, STR(units[0]->name)),
             "several packages have versions of their own");
    return NULL;
}
