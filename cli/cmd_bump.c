/* relver bump - files, requirements and lock files: at once, or none */
#include "cmd.h"
#include "diff.h"
#include "plan.h"
#include "project.h"

#include <stdio.h>
#include <string.h>

const struct option bump_options[] = {
    {"override", 0, OPTION_LIST, OPTION_AT(overrides), "GATE=WHY",
     "go past a gate and say why; order: let a version go down"},
    {0},
};

/*-- what to bump --------------------------------------------------------------------------------*/

static bool overridden(const struct context *ctx, const char *gate)
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

/* The unit's next version: `what` is a version of its scheme, or a level. */
static bool aim(struct context *ctx, struct unit *u, relver_str what)
{
    size_t cap = what.len + u->version.len + 64;
    relver_buf out = {arena_alloc(ctx->arena, cap), cap, 0};
    relver_diag diag;
    if (u->version.ptr == NULL)
        return fail_set(&ctx->fail, ctx->arena, 2, "no-version", NULL, "nothing changed",
                        "relver status", "'%.*s' has no version that relver could change",
                        STR(u->name));
    relver_err err = relver_check(&out, u->scheme, what, &diag);
    if (err != RELVER_OK) {
        relver_err level = relver_bump(&out, u->scheme, u->version, what, &diag);
        if (level == RELVER_NOT_LEVEL)
            return fail_set(&ctx->fail, ctx->arena, 2, relver_code(err), NULL, "nothing changed",
                            cure(ctx, u, what), "'%.*s' is neither a level nor %s", STR(what),
                            u->scheme == RELVER_PEP440 ? "a version of PEP 440, such as 1.2.3rc1"
                                                       : "a SemVer, such as 1.2.3-rc.1");
        if (level != RELVER_OK)
            return fail_set(&ctx->fail, ctx->arena, 2, relver_code(level), NULL, "nothing changed",
                            "relver bump --help", "'%.*s' on %.*s: %s", STR(what),
                            STR(u->version), diag.what);
    }
    u->target = relver_view(&out);
    return true;
}

static bool not_down(struct context *ctx, const struct unit *u)
{
    int order = 0;
    if (relver_compare(u->scheme, u->target, u->version, &order, NULL) == RELVER_OK && order >= 0)
        return true;
    if (overridden(ctx, "order"))
        return true;
    return fail_set(&ctx->fail, ctx->arena, 1, "order", NULL, "nothing changed",
                    "name a higher version, or add --override order=WHY",
                    "'%.*s' would go down from %.*s to %.*s", STR(u->name), STR(u->version),
                    STR(u->target));
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

/* Without a configuration nobody said whether packages go together; those that have one version
   do. A package without a version has no say. */
static bool agree(const struct project *pr)
{
    const struct unit *first = NULL;
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u->version.ptr == NULL)
            continue;
        if (first != NULL && (u->scheme != first->scheme || !relver_eq(u->version, first->version)))
            return false;
        first = u;
    }
    return !pr->configured || pr->unit_count == 1;
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
static bool aim_all(struct context *ctx, const struct project *pr, relver_str what)
{
    struct unit **units;
    size_t count;
    bool named = ctx->opt.packages.count > 0;
    if (!project_units(ctx, pr, &units, &count))
        return false;
    if (!named && !agree(pr))
        return several(ctx, pr);
    for (size_t i = 0; i < count; i++) {
        bool silent = units[i]->version.ptr == NULL && !named && count > 1;
        if (!silent && (!aim(ctx, units[i], what) || !not_down(ctx, units[i])))
            return false;
    }
    return true;
}

static bool aim_operands(struct context *ctx, const struct project *pr)
{
    size_t pairs = 0;
    struct text words = {.arena = ctx->arena};
    for (size_t i = 0; i < ctx->count; i++) {
        pairs += strchr(ctx->operands[i], '=') != NULL;
        text_addf(&words, "%s%s", i > 0 ? " " : "", ctx->operands[i]);
    }
    if (ctx->count == 0)
        return refuse(ctx, "usage", "relver bump --help", "say what to bump to");
    if (pairs == 0)
        return aim_all(ctx, pr, relver_sn(words.ptr, words.len));
    if (pairs != ctx->count)
        return refuse(ctx, "usage", "relver bump --help", "either one WHAT, or NAME=WHAT pairs");
    for (size_t i = 0; i < ctx->count; i++)
        if (!aim_named(ctx, pr, ctx->operands[i]))
            return false;
    return true;
}

/*-- doing it, and saying so ---------------------------------------------------------------------*/

static void print_diff(struct context *ctx, const struct plan *plan)
{
    struct text t = {.arena = ctx->arena};
    text_adds(&t, "");
    for (size_t i = 0; i < plan->count; i++) {
        const struct file_plan *fp = &plan->files[i];
        diff_edits(&t, fp->file->path, fp->file->text, fp->edits, fp->count, use_color(ctx));
    }
    fwrite(t.ptr, 1, t.len, stdout);
}

static bool commit(struct context *ctx, struct project *pr, const struct plan *plan)
{
    struct fs_change *changes = arena_alloc(ctx->arena, plan->count * sizeof *changes);
    for (size_t i = 0; i < plan->count; i++) {
        const struct file_plan *fp = &plan->files[i];
        changes[i].path = fp->file->path;
        changes[i].before = fp->file->text;
        changes[i].after = fp->after;
    }
    return fs_commit(pr->root, ctx->arena, changes, plan->count, &ctx->fail);
}

static void print_text(struct context *ctx, const struct project *pr, const struct plan *plan)
{
    struct text t = {.arena = ctx->arena};
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u->target.ptr != NULL)
            text_addf(&t, "%.*s %.*s => %.*s\n", STR(u->name), STR(u->version), STR(u->target));
    }
    for (size_t i = 0; i < plan->count && ctx->opt.verbose > 0; i++)
        text_addf(&t, "  %s: %zu\n", plan->files[i].file->path, plan->files[i].count);
    if (plan->edits == 0)
        text_adds(&t, "nothing to do\n");
    else
        text_addf(&t, "%zu edit%s in %zu file%s%s\n", plan->edits, plan->edits == 1 ? "" : "s",
                  plan->count, plan->count == 1 ? "" : "s",
                  ctx->opt.dry_run ? " (dry run: nothing changed)" : "");
    if (!ctx->opt.quiet)
        fwrite(t.ptr, 1, t.len, ctx->opt.dry_run ? stderr : stdout);
}

static void print_json(struct context *ctx, const struct project *pr, const struct plan *plan)
{
    struct text t = {.arena = ctx->arena};
    text_addf(&t, "{\"relver\": 1, \"dry_run\": %s, \"edits\": %zu, \"units\": [",
              ctx->opt.dry_run ? "true" : "false", plan->edits);
    const char *comma = "";
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u->target.ptr == NULL)
            continue;
        text_addf(&t, "%s{\"name\": ", comma);
        text_json(&t, u->name.ptr, u->name.len);
        text_addf(&t, ", \"from\": \"%.*s\", \"to\": \"%.*s\"}", STR(u->version), STR(u->target));
        comma = ", ";
    }
    text_adds(&t, "], \"files\": [");
    for (size_t i = 0; i < plan->count; i++) {
        text_addf(&t, "%s{\"path\": ", i > 0 ? ", " : "");
        text_json(&t, plan->files[i].file->path, strlen(plan->files[i].file->path));
        text_addf(&t, ", \"edits\": %zu}", plan->files[i].count);
    }
    text_adds(&t, "]}\n");
    fwrite(t.ptr, 1, t.len, stdout);
}

int cmd_bump(struct context *ctx)
{
    struct project project;
    struct plan plan;
    if (!project_open(ctx, ctx->opt.dry_run ? PROJECT_READ : PROJECT_WRITE, &project) ||
        !aim_operands(ctx, &project) ||
        !plan_make(ctx->arena, &project, &plan, &ctx->fail) ||
        !plan_apply(ctx->arena, &plan, &ctx->fail))
        return ctx->fail.status;
    if (!ctx->opt.dry_run && !commit(ctx, &project, &plan))
        return ctx->fail.status;
    if (ctx->opt.json)
        print_json(ctx, &project, &plan);
    else if (ctx->opt.dry_run)
        print_diff(ctx, &plan);
    if (!ctx->opt.json)
        print_text(ctx, &project, &plan);
    return 0;
}
