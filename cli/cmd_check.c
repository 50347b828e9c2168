/* relver check - gates: a project that may be released, or FILE:LINE:COL of what is against it */
#include "check.h"
#include "cmd.h"
#include "github.h"
#include "notes.h"
#include "outlet.h"
#include "publishers.h"

#include <stdio.h>
#include <string.h>

const struct option check_options[] = {
    {"tag", 0, OPTION_TEXT, OPTION_AT(tag), "REF", "the tag to release: adds the gate tag"},
    {"all-tags", 0, OPTION_FLAG, OPTION_AT(all_tags), NULL,
     "every tag against the manifests of its own commit"},
    {"from", 0, OPTION_TEXT, OPTION_AT(from), "DIR", "where the files of the gate artifacts lie"},
    {"online", 0, OPTION_FLAG, OPTION_AT(online), NULL,
     "artifacts: compare them with what the registries have"},
    {"override", 0, OPTION_LIST, OPTION_AT(overrides), "GATE=WHY", "go past a gate and say why"},
    {0},
};

/* Nobody has taken the numbers of the versions that are written. */
static bool gate_free(struct gating *g, struct findings *out)
{
    struct outlets all;
    if (!outlets_find(g->ctx, g->project, g->units, g->unit_count, NULL, &all) ||
        !outlets_ask(g->ctx, &all))
        return false;
    for (size_t i = 0; i < all.count; i++)
        outlet_free(&all.at[i], out);
    return true;
}

static bool gate_artifacts(struct gating *g, struct findings *out)
{
    struct context *ctx = g->ctx;
    struct outlets all;
    struct artifacts files;
    if (!outlets_find(ctx, g->project, g->units, g->unit_count, NULL, &all) ||
        !outlets_built(ctx, g->project, ctx->opt.from, &all, &files) ||
        (ctx->opt.online && !outlets_ask(ctx, &all)))
        return false;
    outlets_artifacts(&all, &files, ctx->opt.packages.count == 0, out);
    for (size_t i = 0; i < all.count && ctx->opt.online; i++)
        if (!outlet_conflict(ctx, &all.at[i], out))
            return false;
    return true;
}

static bool gate_publishers(struct gating *g, struct findings *out)
{
    struct outlets all;
    return outlets_find(g->ctx, g->project, g->units, g->unit_count, NULL, &all) &&
           publishers_check(g->ctx, g->project, &all, out);
}

/* The gates in the order they run; those that `check` runs by itself come first. */
static const struct gate {
    const char *name;
    bool by_default;
    bool (*git)(struct stand *s, const struct unit *u, struct findings *out);
    bool (*named)(struct gating *g, struct findings *out); /* runs only when it is named */
} gates[] = {
    {"aligned", true, NULL, NULL},       {"lock", true, NULL, NULL},
    {"changelog", true, NULL, NULL},     {"clean", false, gate_clean, NULL},
    {"branch", false, gate_branch, NULL}, {"version", false, gate_version, NULL},
    {"artifacts", false, NULL, gate_artifacts}, {"free", false, NULL, gate_free},
    {"publishers", false, NULL, gate_publishers}, {"tag", false, NULL, NULL},
};

enum { GATES = sizeof gates / sizeof *gates };

static size_t gate_named(const char *name, size_t len)
{
    size_t i = 0;
    while (i < GATES && !relver_eq(relver_sn(name, len), relver_s(gates[i].name)))
        i++;
    return i;
}

/* WHY becomes a line of a tag's message. */
static bool overrides_known(struct context *ctx)
{
    for (size_t i = 0; i < ctx->opt.overrides.count; i++) {
        const char *o = ctx->opt.overrides.at[i], *why = strchr(o, '=');
        bool known = why != NULL && why[1] != '\0' && gate_named(o, (size_t)(why - o)) < GATES;
        while (known && *why != '\0')
            known = (unsigned char)*why++ >= ' ';
        if (!known)
            return ctx_usage(ctx, "--override takes GATE=WHY in one line, not '%s'", o);
    }
    return true;
}

/* Which gates the command line asks for. */
static bool choose(struct context *ctx, bool chosen[GATES])
{
    for (size_t i = 0; i < GATES; i++)
        chosen[i] = (ctx->count == 0 && gates[i].by_default) ||
                    (ctx->opt.tag != NULL && strcmp(gates[i].name, "tag") == 0);
    for (size_t k = 0; k < ctx->count; k++) {
        size_t i = gate_named(ctx->operands[k], strlen(ctx->operands[k]));
        if (i == GATES)
            return ctx_usage(ctx, "there is no gate '%s'", ctx->operands[k]);
        chosen[i] = true;
    }
    if (chosen[GATES - 1] && ctx->opt.tag == NULL)
        return ctx_fail(ctx, 2, "usage", "relver check --tag REF", "the gate tag needs the tag");
    return true;
}

/* Whether a finding is about what -p names, or about no package. */
static bool selected(const struct gating *g, const struct place *p)
{
    const struct unit *u = p != NULL ? place_unit(p) : NULL;
    size_t i = 0;
    while (i < g->unit_count && g->units[i] != u)
        i++;
    return g->ctx->opt.packages.count == 0 || u == NULL || i < g->unit_count;
}

/*-- findings ------------------------------------------------------------------------------------*/

static size_t errors(const struct findings *found)
{
    size_t n = 0;
    for (size_t i = 0; i < found->count; i++)
        n += found->at[i].status != 0;
    return n;
}

void cmd_complain(struct context *ctx, const struct findings *found)
{
    int worst = 0;
    size_t last = 0;
    for (size_t i = found->count; i-- > 0;) {
        last = found->at[i].status >= worst ? i : last;
        worst = found->at[last].status;
    }
    for (size_t i = found->count; i-- > 0;) {
        const struct finding *f = &found->at[i];
        struct fail fail;
        fail_set(&fail, ctx->arena, f->status, f->gate,
                 f->place != NULL ? f->place->file->path : NULL, "nothing changed", f->next, "%s",
                 f->what);
        if (f->place != NULL)
            place_where(f->place, &fail.line, &fail.col);
        if (f->status != 0 && i == last)
            ctx->fail = fail;
        else if (f->status != 0 || !ctx->opt.quiet)
            fail_print_line(ctx->arena, &fail);
    }
}

void cmd_findings(struct text *t, const struct findings *found)
{
    json_bool(t, "ok", errors(found) == 0);
    json_open(t, "findings", '[');
    for (size_t i = 0; i < found->count; i++) {
        const struct finding *f = &found->at[i];
        json_open(t, NULL, '{');
        json_str(t, "gate", relver_s(f->gate));
        if (f->place != NULL) {
            size_t line, col;
            place_where(f->place, &line, &col);
            json_str(t, "path", relver_s(f->place->file->path));
            json_where(t, line, col);
        }
        json_str(t, "what", relver_s(f->what));
        json_bool(t, "warning", f->status == 0);
        json_close(t, '}');
    }
    json_close(t, ']');
}

bool cmd_report(struct context *ctx, const struct findings *found)
{
    struct text t = {.arena = ctx->arena};
    json_begin(&t);
    cmd_findings(&t, found);
    if (ctx->opt.json)
        json_end(&t);
    cmd_complain(ctx, found);
    return errors(found) == 0;
}

/*-- running them --------------------------------------------------------------------------------*/

/* The work tree is one, whatever the units. */
static bool run_git(struct gating *g, const struct gate *gate, struct findings *out)
{
    bool once = gate->git == gate_clean;
    if (g->stand == NULL && (g->stand = stand_open(g->ctx, g->project)) == NULL)
        return false;
    for (size_t i = 0; i < g->unit_count && !(once && i > 0); i++)
        if (!gate->git(g->stand, g->units[i], out))
            return false;
    return true;
}

static bool run_gate(struct gating *g, const struct gate *gate, const struct plan *plan,
                     struct findings *out)
{
    relver_str today;
    if (gate->git != NULL)
        return run_git(g, gate, out);
    if (gate->named != NULL)
        return gate->named(g, out);
    if (!cmd_today(g->ctx, &today))
        return false;
    if (strcmp(gate->name, "aligned") == 0)
        check_aligned(g->project, plan, out);
    if (strcmp(gate->name, "lock") == 0)
        check_lock(plan, out);
    for (size_t i = 0; i < g->tags.count && strcmp(gate->name, "changelog") == 0; i++)
        notes_check(g->ctx->arena, g->project, today, g->tags.at[i], out);
    if (strcmp(gate->name, "changelog") == 0 &&
        !sets_check(g->ctx->arena, g->project, project_remote(g->ctx, g->project), out,
                    &g->ctx->fail))
        return false;
    for (size_t i = 0; i < g->tags.count && strcmp(gate->name, "tag") == 0; i++)
        check_tag(g->project, g->tags.at[i], out);
    return true;
}

/* Those chosen; NULL: all. */
static bool run_gates(struct gating *g, const bool *chosen, bool say, struct findings *out)
{
    struct plan plan;
    size_t kept = 0;
    if (!plan_make(g->ctx->arena, g->project, &plan, &g->ctx->fail))
        return false;
    for (size_t i = 0; i < GATES; i++) {
        size_t before = errors(out);
        bool passed = cmd_overridden(g->ctx, gates[i].name);
        if (chosen != NULL ? !chosen[i] : gates[i].named != NULL)
            continue;
        if (!passed && !run_gate(g, &gates[i], &plan, out))
            return false;
        if (say && errors(out) == before)
            printf("%s %s\n", passed ? "passed over" : "ok", gates[i].name);
    }
    for (size_t i = 0; i < out->count; i++)
        if (selected(g, out->at[i].place))
            out->at[kept++] = out->at[i];
    out->count = kept;
    return true;
}

bool cmd_gates(struct gating *g)
{
    struct findings found = {g->ctx->arena, NULL, 0};
    return overrides_known(g->ctx) && run_gates(g, NULL, false, &found) &&
           (errors(&found) == 0 || cmd_report(g->ctx, &found));
}

int cmd_check(struct context *ctx)
{
    struct project project;
    bool chosen[GATES];
    struct gating g = {.ctx = ctx, .project = &project, .tags = {&ctx->opt.tag, 1}};
    struct findings found = {ctx->arena, NULL, 0};
    if (!choose(ctx, chosen) || !overrides_known(ctx) ||
        !project_open(ctx, PROJECT_READ, &project) || !cmd_not_stamped(ctx, project.root) ||
        !project_released(ctx, &project, &g.units, &g.unit_count) ||
        !run_gates(&g, chosen, !ctx->opt.json && !ctx->opt.quiet, &found))
        return ctx->fail.status;
    if (ctx->opt.all_tags && !cmd_check_tags(ctx, &project, &found))
        return ctx->fail.status;
    cmd_report(ctx, &found);
    if (!github_output(ctx->arena, &project, &ctx->fail))
        return ctx->fail.status;
    return ctx->fail.status;
}
