/* relver bump - files, requirements and lock files: at once, or none */
#include "cmd.h"
#include "cmd_bump.h"
#include "diff.h"
#include "github.h"
#include "history.h"
#include "line.h"
#include "notes.h"
#include "plan.h"
#include "project.h"
#include "python.h"
#include "repo.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

const struct option bump_options[] = {
    {"dep", 0, OPTION_LIST, OPTION_AT(deps), "NAME=V",
     "set the requirements on somebody else's package to a version of it"},
    {"commit", 0, OPTION_FLAG, OPTION_AT(commit), NULL, "commit what was edited, and nothing else"},
    {"pr", 0, OPTION_FLAG, OPTION_AT(pr), NULL,
     "commit to a branch relver/VERSION instead, and push that for a pull request"},
    {"signoff", 0, OPTION_FLAG, OPTION_AT(signoff), NULL, "sign the commit off"},
    {"override", 0, OPTION_LIST, OPTION_AT(overrides), "GATE=WHY",
     "go past a gate and say why; order: let a version go down; branch: leave the line; "
     "changelog: take it as it is"},
    {0},
};

/*-- what to bump --------------------------------------------------------------------------------*/

bool cmd_overridden(const struct context *ctx, const char *gate)
{
    size_t n = strlen(gate);
    for (size_t i = 0; i < ctx->opt.overrides.count; i++) {
        const char *o = ctx->opt.overrides.at[i];
        if (strncmp(o, gate, n) == 0 && o[n] == '=' && o[n + 1] != '\0')
            return true;
    }
    return false;
}

static bool refuse(struct context *ctx, const char *code, const char *next, const char *what)
{
    return fail_set(&ctx->fail, ctx->arena, 2, code, NULL, "nothing changed", next, "%s", what);
}

/* The command that was probably meant: a tag's v is dropped, and the other scheme's spelling
   converted (v1.2.3, 1.2.3rc1). */
static const char *cure(struct context *ctx, const struct unit *u, relver_str what)
{
    relver_eco other = u->scheme == RELVER_PEP440 ? RELVER_SEMVER : RELVER_PEP440;
    size_t cap = what.len + 64, v = what.len > 0 && what.ptr[0] == 'v';
    relver_buf out = {arena_alloc(ctx->arena, cap), cap, 0};
    relver_str rest = relver_sn(what.ptr + v, what.len - v);
    if (relver_check(&out, u->scheme, rest, NULL) != RELVER_OK &&
        relver_convert(&out, other, rest, u->scheme, NULL, NULL) != RELVER_OK)
        return "relver bump --help";
    return arena_printf(ctx->arena, "relver bump %s", out.ptr);
}

static bool has_version(struct context *ctx, const struct unit *u)
{
    if (u->version.ptr != NULL)
        return true;
    if (unit_lost(u) == NULL)
        return fail_set(&ctx->fail, ctx->arena, 2, "no-version", NULL, "nothing changed",
                        "relver status", "'%.*s' has no version that relver could change",
                        STR(u->name));
    ctx->fail = *unit_lost(u);
    return false;
}

/* The unit's next version: `what` is a version of its scheme, or a level. */
static bool aim(struct context *ctx, struct unit *u, relver_str what)
{
    relver_str from = u->base.ptr != NULL ? u->base : u->version;
    size_t cap = what.len + from.len + 64;
    relver_buf out = {arena_alloc(ctx->arena, cap), cap, 0};
    relver_diag diag;
    if (!has_version(ctx, u))
        return false;
    relver_err err = relver_check(&out, u->scheme, what, &diag);
    if (err != RELVER_OK) {
        relver_err level = relver_bump(&out, u->scheme, from, what, &diag);
        if (level == RELVER_NOT_LEVEL)
            return fail_set(&ctx->fail, ctx->arena, 2, relver_code(err), NULL, "nothing changed",
                            cure(ctx, u, what), "'%.*s' is neither a level nor %s", STR(what),
                            u->scheme == RELVER_PEP440 ? "a version of PEP 440, such as 1.2.3rc1"
                                                       : "a SemVer, such as 1.2.3-rc.1");
        if (level != RELVER_OK)
            return fail_set(&ctx->fail, ctx->arena, 2, relver_code(level), NULL, "nothing changed",
                            "relver bump --help", "'%.*s' on %.*s: %s", STR(what),
                            STR(from), diag.what);
    }
    u->target = relver_view(&out);
    return true;
}

static bool not_down(struct context *ctx, const struct unit *u)
{
    int order = 0;
    if (relver_compare(u->scheme, u->target, u->version, &order, NULL) == RELVER_OK && order >= 0)
        return true;
    if (cmd_overridden(ctx, "order"))
        return true;
    return fail_set(&ctx->fail, ctx->arena, 1, "order", NULL, "nothing changed",
                    "name a higher version, or add --override order=WHY",
                    "'%.*s' would go down from %.*s to %.*s", STR(u->name), STR(u->version),
                    STR(u->target));
}

/* On the branch of a release line nothing goes to another line. Of packages with versions of their
   own a branch without a {name} is one's, and nobody knows whose. */
static bool in_line(struct context *ctx, const struct project *pr)
{
    struct arena *a = ctx->arena;
    relver_str branch;
    if (!repo_on(a, pr->root, &branch, &ctx->fail))
        return false;
    for (size_t i = 0; i < pr->unit_count && !cmd_overridden(ctx, "branch"); i++) {
        const struct unit *u = pr->units[i];
        bool its = pr->lead != NULL || str_has(line_template(u), "{name}");
        relver_str line = its ? line_read(a, u, branch) : relver_s(NULL);
        if (u->target.ptr != NULL && line.ptr != NULL && !relver_eq(u->target, u->version) &&
            !relver_eq(line_of(a, u, u->target), line))
            return fail_set(&ctx->fail, a, 1, "branch", NULL, "nothing changed",
                            "name a version of the line, or add --override branch=WHY",
                            "'%.*s' %.*s is not of the line of '%.*s'", STR(u->name),
                            STR(u->target), STR(branch));
    }
    return true;
}

static bool aim_named(struct context *ctx, const struct project *pr, const char *pair)
{
    const char *equals = strrchr(pair, '=');
    const char *name = arena_dup(ctx->arena, pair, (size_t)(equals - pair));
    struct unit *u = project_unit(ctx, pr, name);
    if (u == NULL)
        return false;
    if (u->target.ptr != NULL)
        return refuse(ctx, "usage", "name it once",
                      arena_printf(ctx->arena, "'%s' is named twice", name));
    return aim(ctx, u, relver_s(equals + 1)) && not_down(ctx, u);
}

static bool several(struct context *ctx, const struct project *pr)
{
    struct text t = {.arena = ctx->arena};
    for (size_t i = 0; i < pr->unit_count; i++)
        text_addf(&t, "%s%.*s", i > 0 ? ", " : "", STR(pr->units[i]->name));
    return fail_set(&ctx->fail, ctx->arena, 2, "ambiguous", NULL, "nothing changed",
                    "name them: relver bump NAME=WHAT ..",
                    "several packages have versions of their own: %s", t.ptr);
}

/* One WHAT for the units that -p names, or for all of them when they go together. */
bool cmd_aim(struct context *ctx, const struct project *pr, relver_str what)
{
    struct unit **units;
    size_t count;
    if (!project_released(ctx, pr, &units, &count))
        return false;
    if (ctx->opt.packages.count == 0 && pr->lead == NULL)
        return several(ctx, pr);
    for (size_t i = 0; i < count; i++)
        if (!aim(ctx, units[i], what) || !not_down(ctx, units[i]))
            return false;
    return true;
}

/*-- auto ----------------------------------------------------------------------------------------*/

static bool read_pending(struct context *ctx, const struct project *pr, const struct unit *u,
                         struct pending *out)
{
    if (!history_pending(ctx->arena, pr, u, out, &ctx->fail))
        return false;
    for (size_t i = 0; i < out->commits.count && ctx->opt.verbose > 0; i++) {
        const struct commit *c = &out->commits.at[i];
        const char *level = commit_level(c->kind, out->since.version);
        if (level != NULL)
            note(ctx->arena, "%s for %.*s: %.8s %.*s", level, STR(u->name), c->oid.ptr,
                 STR(c->subject));
    }
    return true;
}

/* Of commits: those that go together, at one version, have one answer. */
bool cmd_auto(struct context *ctx, const struct project *pr, struct sets *sets)
{
    struct unit **units;
    size_t count;
    struct pending p;
    bool named = ctx->opt.packages.count > 0, together = !named && pr->lead != NULL;
    if (sets->found)
        return sets_aim(ctx->arena, pr, sets, &ctx->fail);
    if (!project_units(ctx, pr, &units, &count) ||
        (together && !read_pending(ctx, pr, pr->lead, &p)))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct unit *u = units[i];
        if (!named && u->silent && u != pr->lead)
            continue;
        if (!together && !read_pending(ctx, pr, u, &p))
            return false;
        u->target = p.next;
    }
    return true;
}

static bool is_snapshot(const struct context *ctx)
{
    return ctx->count > 0 && ctx->count < 3 && strcmp(ctx->operands[0], "snapshot") == 0;
}

static bool is_auto(const struct context *ctx)
{
    return is_snapshot(ctx) || (ctx->count == 1 && strcmp(ctx->operands[0], "auto") == 0);
}

/* What changesets ask for, under a name of its own: snapshot, snapshot TAG. */
static bool snapshot(struct context *ctx, const struct project *pr, struct sets *sets)
{
    relver_str tag = relver_s(ctx->count > 1 ? ctx->operands[1] : NULL), commit = {NULL, 0}, now;
    long long seconds;
    struct repo *repo;
    if (!sets->found)
        return refuse(ctx, "usage", "relver stamp", "a snapshot is made of changesets");
    if (!cmd_now(ctx, &now, &seconds) || !repo_open(ctx->arena, pr->root, &repo, &ctx->fail))
        return false;
    bool ok = repo == NULL || repo_head(repo, ctx->arena, &commit, &ctx->fail);
    repo_close(repo);
    return ok && changeset_snapshot(ctx->arena, &sets->plan, tag, commit, now,
                                    relver_s(arena_printf(ctx->arena, "%lld000", seconds)),
                                    &ctx->fail);
}

static bool aim_auto(struct context *ctx, const struct project *pr, struct sets *sets)
{
    if (sets->found && ctx->opt.packages.count > 0)
        return refuse(ctx, "usage", "relver bump auto", "changesets are released all at once");
    if ((is_snapshot(ctx) && !snapshot(ctx, pr, sets)) || !cmd_auto(ctx, pr, sets))
        return false;
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct unit *u = pr->units[i];
        if (u->target.ptr != NULL && !has_version(ctx, u))
            return false;
        if (u->target.ptr == NULL && u->base.ptr != NULL && !relver_eq(u->base, u->version))
            u->target = u->version; /* it was bumped, and is not committed yet */
    }
    return true;
}

/* Whether there is anything to plan for: `auto` may find nothing, and drift is not its business. */
static bool aimed(const struct context *ctx, const struct project *pr, const struct sets *sets)
{
    bool any = ctx->opt.deps.count > 0 ||
               (is_auto(ctx) && (sets->plan.set_count > 0 || sets->plan.config.pre == PRE_EXIT));
    for (size_t i = 0; i < pr->unit_count; i++)
        any = any || pr->units[i]->target.ptr != NULL;
    return any;
}

static bool aim_operands(struct context *ctx, const struct project *pr, struct sets *sets)
{
    size_t pairs = 0;
    struct text words = {.arena = ctx->arena};
    for (size_t i = 0; i < ctx->count; i++) {
        pairs += strchr(ctx->operands[i], '=') != NULL;
        text_addf(&words, "%s%s", i > 0 ? " " : "", ctx->operands[i]);
    }
    if (ctx->count == 0)
        return ctx->opt.deps.count > 0 ||
               refuse(ctx, "usage", "relver bump --help", "say what to bump to");
    if (is_auto(ctx))
        return aim_auto(ctx, pr, sets);
    if (pairs == 0)
        return cmd_aim(ctx, pr, relver_sn(words.ptr, words.len));
    if (pairs != ctx->count)
        return refuse(ctx, "usage", "relver bump --help", "either one WHAT, or NAME=WHAT pairs");
    for (size_t i = 0; i < ctx->count; i++)
        if (!aim_named(ctx, pr, ctx->operands[i]))
            return false;
    return true;
}

/*-- somebody else's packages --------------------------------------------------------------------*/

/* The manifests that -p selects; all of them without. */
static bool selected(const struct file *f, struct unit *const *units, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (f->self != NULL && f->self->unit == units[i])
            return !f->foreign;
    return false;
}

/* Lets the requirements on a package follow a unit that is not ours; false: it is ours. */
static bool follow(struct context *ctx, struct file *f, struct unit *to, size_t *found)
{
    for (size_t i = 0; i < f->count; i++) {
        struct place *p = &f->places[i];
        if (p->kind != PLACE_REQUIREMENT || !relver_name_eq(p->eco, p->name, to->name))
            continue;
        if (p->package != NULL)
            return place_fail(ctx->arena, p, 2, "own-package",
                              arena_printf(ctx->arena, "relver bump %.*s=%.*s", STR(to->name),
                                           STR(to->version)), &ctx->fail,
                              "'%.*s' is a package of this project", STR(to->name));
        if (p->eco == RELVER_NPM &&
            relver_range_check(p->eco, p->text, NULL) == RELVER_NOT_RANGE)
            continue; /* from git, a file, under another name: no version says it */
        if (p->unit == NULL || p->pin == RELVER_PIN_KEEP)
            p->pin = RELVER_PIN_ALWAYS;
        p->unit = to;
        (*found)++;
    }
    return true;
}

/* Somebody else's package as a unit that stays at its version. */
static struct unit *foreign_unit(struct context *ctx, const char *pair)
{
    const char *equals = strrchr(pair, '=');
    struct unit *u = arena_alloc(ctx->arena, sizeof *u);
    if (equals == NULL || equals == pair) {
        refuse(ctx, "usage", "relver bump --dep NAME=VERSION", "--dep takes NAME=VERSION");
        return NULL;
    }
    u->name = relver_sn(pair, (size_t)(equals - pair));
    u->version = relver_s(equals + 1);
    relver_semver semver;
    relver_pep440 pep440;
    if (relver_semver_parse(u->version, &semver, NULL) == RELVER_OK)
        return u;
    u->scheme = RELVER_PEP440;
    if (relver_pep440_parse(u->version, &pep440, NULL) == RELVER_OK)
        return u;
    refuse(ctx, "not-pep440", "relver bump --dep NAME=VERSION",
           arena_printf(ctx->arena, "'%s' is not a version", equals + 1));
    return NULL;
}

static bool aim_dep(struct context *ctx, struct project *pr, const char *pair)
{
    struct unit **units, *to = foreign_unit(ctx, pair);
    size_t count, found = 0;
    if (to == NULL || !project_units(ctx, pr, &units, &count))
        return false;
    for (size_t i = 0; i < pr->file_count; i++)
        if (selected(pr->files[i], units, count) && !follow(ctx, pr->files[i], to, &found))
            return false;
    return found > 0 || refuse(ctx, "missing", "relver status",
                               arena_printf(ctx->arena, "no manifest requires '%.*s' by a version",
                                            STR(to->name)));
}

static bool aim_deps(struct context *ctx, struct project *pr)
{
    for (size_t i = 0; i < ctx->opt.deps.count; i++)
        if (!aim_dep(ctx, pr, ctx->opt.deps.at[i]))
            return false;
    return true;
}

/* Where a lock file says which version of a package it resolved to, and who can resolve again: the
   digest of the new one is known to the registry only. */
static const struct resolver {
    enum file_kind kind;
    relver_eco eco;
    const char *key, *cure; /* %s: the package; no key: it says so in too many places */
} resolvers[] = {
    {FILE_CARGO_LOCK, RELVER_CARGO, "package[name=%s].version", "cargo update -p %s"},
    {FILE_NPM_LOCK, RELVER_NPM, "packages.\"node_modules/%s\".version",
     "npm install --package-lock-only"},
    {FILE_PNPM_LOCK, RELVER_NPM, NULL, "pnpm install --lockfile-only"},
    {FILE_UV_LOCK, RELVER_PEP440, "package[name=%s].version", "uv lock --upgrade-package %s"},
};

/* text with its first "%s" replaced. */
static const char *fill(struct arena *a, const char *text, relver_str name)
{
    const char *hole = strstr(text, "%s");
    return hole == NULL ? text : arena_printf(a, "%.*s%.*s%s", (int)(hole - text), text,
                                              STR(name), hole + 2);
}

/* A package that is required twice is resolved once. */
static void list_once(struct arena *a, struct list *list, const char *line)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i], line) == 0)
            return;
    list->at = arena_more(a, list->at, list->count, sizeof *list->at);
    list->at[list->count++] = line;
}

static void add_rest(struct context *ctx, struct list *rest, const struct file *lock,
                     const struct place *p)
{
    struct arena *a = ctx->arena;
    relver_str name = p->eco == RELVER_PEP440 ? python_name(a, p->name) : p->name;
    for (size_t i = 0; i < sizeof resolvers / sizeof *resolvers; i++) {
        const struct resolver *r = &resolvers[i];
        relver_node node = {.text = relver_s("the version it had")};
        bool taken = false;
        if (r->kind != lock->kind || r->eco != p->eco)
            continue;
        if (r->key != NULL && relver_find(lock->text, lock->format, relver_s(fill(a, r->key, name)),
                                          &node, NULL) == RELVER_MISSING)
            continue;
        relver_range_match(r->eco, p->want, node.text, true, &taken, NULL);
        if (taken)
            continue;
        list_once(a, rest, arena_printf(a, "%s still resolves %.*s to %.*s: run %s", lock->path,
                                        STR(name), STR(node.text), fill(a, r->cure, name)));
    }
}

/* What is left to the ecosystem's own tool after the plan: lock files that hold an older version of
   somebody else's package. */
static struct list remains(struct context *ctx, const struct project *pr, const struct plan *plan)
{
    struct list rest = {NULL, 0};
    for (size_t i = 0; i < plan->count; i++)
        for (size_t k = 0; k < plan->files[i].file->count; k++) {
            const struct place *p = &plan->files[i].file->places[k];
            if (p->want.ptr == NULL || p->kind != PLACE_REQUIREMENT || p->package != NULL)
                continue;
            for (size_t f = 0; f < pr->file_count; f++)
                if (strcmp(pr->files[f]->dir, p->file->root->dir) == 0)
                    add_rest(ctx, &rest, pr->files[f], p);
        }
    return rest;
}

/*-- doing it, and saying so ---------------------------------------------------------------------*/

void cmd_diff(struct context *ctx, const struct plan *plan)
{
    struct text t = {.arena = ctx->arena};
    text_adds(&t, "");
    for (size_t i = 0; i < plan->count; i++) {
        const struct file_plan *fp = &plan->files[i];
        diff_edits(&t, fp->file->path, fp->file->text, fp->edits, fp->edit_count, use_color(ctx));
    }
    fwrite(t.ptr, 1, t.len, stdout);
}

void cmd_counts(const struct context *ctx, const struct plan *plan, const char *more,
                struct text *t)
{
    if (plan->edits == 0)
        text_adds(t, "nothing to do\n");
    else
        text_addf(t, "%zu edit%s in %zu file%s%s\n", plan->edits, plan->edits == 1 ? "" : "s",
                  plan->count, plan->count == 1 ? "" : "s",
                  ctx->opt.dry_run ? " (dry run: nothing changed)" : more);
}

struct fs_change *cmd_changes(struct context *ctx, const char *below, const struct plan *plan)
{
    struct fs_change *changes = arena_alloc(ctx->arena, plan->count * sizeof *changes);
    for (size_t i = 0; i < plan->count; i++) {
        const struct file_plan *fp = &plan->files[i];
        changes[i].path = arena_printf(ctx->arena, "%s%s", below, fp->file->path);
        changes[i].before = fp->file->text;
        changes[i].after = fp->after;
    }
    return changes;
}

bool cmd_commit(struct context *ctx, struct project *pr, const struct plan *plan)
{
    return fs_commit(pr->root, ctx->arena, cmd_changes(ctx, "", plan), plan->count, &ctx->fail);
}

/* The commit's message stands above the diff, as git shows one. */
static void print_diff(struct context *ctx, const struct plan *plan, const struct release *release)
{
    struct text t = {.arena = ctx->arena};
    release_foretell(release, &t);
    if (release->repo != NULL && (plan->count > 0 || release->plan.count > 0))
        fwrite(t.ptr, 1, t.len, stdout);
    cmd_diff(ctx, plan);
}

static void print_text(struct context *ctx, const struct project *pr, const struct plan *plan,
                       const struct release *release)
{
    struct text t = {.arena = ctx->arena};
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u->target.ptr != NULL)
            text_addf(&t, "%.*s %.*s => %.*s\n", STR(u->name), STR(u->version), STR(u->target));
    }
    for (size_t i = 0; i < plan->count && ctx->opt.verbose > 0; i++)
        text_addf(&t, "  %s: %zu\n", plan->files[i].file->path, plan->files[i].count);
    cmd_counts(ctx, plan, "", &t);
    release_print(release, &t);
    if (!ctx->opt.quiet)
        fwrite(t.ptr, 1, t.len, ctx->opt.dry_run ? stderr : stdout);
}

static void print_json(struct context *ctx, const struct project *pr, const struct plan *plan,
                       const struct release *release, const struct list *rest)
{
    struct text t = {.arena = ctx->arena};
    json_begin(&t);
    json_bool(&t, "dry_run", ctx->opt.dry_run);
    json_number(&t, "edits", plan->edits);
    json_open(&t, "units", '[');
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u->target.ptr == NULL)
            continue;
        json_open(&t, NULL, '{');
        json_str(&t, "name", u->name);
        json_str(&t, "from", u->version);
        json_str(&t, "to", u->target);
        json_close(&t, '}');
    }
    json_close(&t, ']');
    json_open(&t, "files", '[');
    for (size_t i = 0; i < plan->count; i++) {
        json_open(&t, NULL, '{');
        json_str(&t, "path", relver_s(plan->files[i].file->path));
        json_number(&t, "edits", plan->files[i].count);
        json_close(&t, '}');
    }
    json_close(&t, ']');
    json_open(&t, "remains", '[');
    for (size_t i = 0; i < rest->count; i++)
        json_str(&t, NULL, relver_s(rest->at[i]));
    json_close(&t, ']');
    release_json(release, &t);
    json_end(&t);
}

/* What a bump does to changelogs and changesets. */
static bool roll(struct context *ctx, const struct project *pr, struct sets *sets,
                 struct plan *plan, bool forced)
{
    relver_str today;
    if (sets->found)
        return sets_consume(ctx->arena, pr, sets, is_auto(ctx), plan, &ctx->fail);
    return cmd_today(ctx, &today) &&
           notes_roll(ctx->arena, pr, plan, today, forced, &ctx->fail);
}

/* The same bump of the project as HEAD has it: what cannot be planned there is not there yet. */
static bool plan_head(struct context *ctx, const struct project *pr, struct release *r)
{
    if (r->repo == NULL || r->request || r->unknown.status != 0)
        return true;
    struct sets sets;
    release_aim(&r->project, pr);
    if (sets_open(ctx->arena, &r->project, &sets, &ctx->fail) && aim_deps(ctx, &r->project) &&
        plan_make(ctx->arena, &r->project, &r->plan, &ctx->fail) &&
        plan_apply(ctx->arena, &r->plan, &ctx->fail)) {
        if (!roll(ctx, &r->project, &sets, &r->plan, true)) /* it need not be what HEAD has */
            ctx->fail = (struct fail){0};
        return true;
    }
    r->unknown = ctx->fail;
    r->plan.count = 0;
    if (ctx->fail.status == 2)
        ctx->fail = (struct fail){0};
    return ctx->fail.status == 0;
}

/* Everything that can be refused ahead. */
static bool prepare(struct context *ctx, const struct project *pr, struct sets *sets,
                    struct plan *plan, struct release *release)
{
    return plan_make(ctx->arena, pr, plan, &ctx->fail) &&
           plan_apply(ctx->arena, plan, &ctx->fail) &&
           roll(ctx, pr, sets, plan, cmd_overridden(ctx, "changelog")) &&
           plan_head(ctx, pr, release) && release_prepare(ctx, release, pr);
}

static bool put(struct context *ctx, struct project *pr, struct plan *plan,
                struct release *release)
{
    return (release->request || cmd_commit(ctx, pr, plan)) &&
           release_commit(ctx, release, pr, plan);
}

/* A request goes on from what waits to be merged, which has changesets of its own. */
static bool aim_at(struct context *ctx, struct project *pr, struct sets *sets,
                   struct release *release)
{
    if (!sets_open(ctx->arena, pr, sets, &ctx->fail) ||
        !aim_operands(ctx, pr, sets) || !in_line(ctx, pr))
        return false;
    if (release->request && aimed(ctx, pr, sets) &&
        (!release_wait(ctx, release) || !sets_open(ctx->arena, pr, sets, &ctx->fail)))
        return false;
    return aim_deps(ctx, pr);
}

static int bump(struct context *ctx, struct release *release)
{
    struct project project, *pr = &project;
    struct plan plan = {0};
    struct sets sets;
    if (!project_open(ctx, ctx->opt.dry_run ? PROJECT_READ : PROJECT_WRITE, &project) ||
        !cmd_not_stamped(ctx, project.root) || !release_open(ctx, &project, release))
        return ctx->fail.status;
    if (release->request)
        pr = &release->project;
    if (!aim_at(ctx, pr, &sets, release))
        return ctx->fail.status;
    if (aimed(ctx, pr, &sets) && !(prepare(ctx, pr, &sets, &plan, release) &&
                                   (ctx->opt.dry_run || put(ctx, pr, &plan, release))))
        return ctx->fail.status;
    struct list rest = remains(ctx, pr, &plan);
    if (ctx->opt.json)
        print_json(ctx, pr, &plan, release, &rest);
    else if (ctx->opt.dry_run)
        print_diff(ctx, &plan, release);
    if (!ctx->opt.json)
        print_text(ctx, pr, &plan, release);
    for (size_t i = 0; i < rest.count; i++)
        note(ctx->arena, "%s", rest.at[i]);
    if (!ctx->opt.dry_run)
        github_output(ctx->arena, pr, &ctx->fail);
    return ctx->fail.status;
}

int cmd_bump(struct context *ctx)
{
    struct release release = {0};
    int status = bump(ctx, &release);
    repo_close(release.repo);
    return status;
}
