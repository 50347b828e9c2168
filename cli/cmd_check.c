/* relver check - gates: a project that may be released, or FILE:LINE:COL of what is against it */
#include "check.h"
#include "cmd.h"
#include "github.h"
#include "notes.h"
#include "project.h"

#include <stdio.h>
#include <string.h>

const struct option check_options[] = {
    {"tag", 0, OPTION_TEXT, OPTION_AT(tag), "REF", "the tag to release: adds the gate tag"},
    {0},
};

/* The gates in the order they run; those that `check` runs by itself come first. */
static const struct gate {
    const char *name;
    bool by_default;
} gates[] = {{"aligned", true}, {"lock", true}, {"changelog", true}, {"tag", false}};

enum { GATES = sizeof gates / sizeof *gates };

/* Which gates the command line asks for. */
static bool choose(struct context *ctx, bool chosen[GATES])
{
    for (size_t i = 0; i < GATES; i++)
        chosen[i] = (ctx->count == 0 && gates[i].by_default) ||
                    (ctx->opt.tag != NULL && strcmp(gates[i].name, "tag") == 0);
    for (size_t k = 0; k < ctx->count; k++) {
        bool known = false;
        for (size_t i = 0; i < GATES; i++)
            if (strcmp(ctx->operands[k], gates[i].name) == 0)
                known = chosen[i] = true;
        if (!known)
            return ctx_usage(ctx, "there is no gate '%s'", ctx->operands[k]);
    }
    if (chosen[GATES - 1] && ctx->opt.tag == NULL)
        return ctx_fail(ctx, 2, "usage", "relver check --tag REF", "the gate tag needs the tag");
    return true;
}

static bool selected(struct context *ctx, const struct project *pr, const struct place *p)
{
    const struct list *names = &ctx->opt.packages;
    const struct unit *u = p != NULL ? place_unit(p) : NULL;
    if (names->count == 0 || u == NULL)
        return true;
    for (size_t i = 0; i < names->count; i++)
        if (project_unit(ctx, pr, names->at[i]) == u)
            return true;
    return false;
}

/*-- findings ------------------------------------------------------------------------------------*/

static size_t errors(const struct findings *found)
{
    size_t n = 0;
    for (size_t i = 0; i < found->count; i++)
        n += !found->at[i].warning;
    return n;
}

/* The first error is the command's failure, whose three lines main prints last; the others, and
   warnings, are lines of the same form before it. */
static void report(struct context *ctx, const struct findings *found)
{
    size_t left = errors(found);
    for (size_t i = found->count; i-- > 0;) {
        const struct finding *f = &found->at[i];
        struct fail fail;
        fail_set(&fail, ctx->arena, f->warning ? 0 : 1, f->gate,
                 f->place != NULL ? f->place->file->path : NULL, "nothing changed", f->next, "%s",
                 f->what);
        if (f->place != NULL)
            place_where(f->place, &fail.line, &fail.col);
        left -= !f->warning;
        if (!f->warning && left == 0)
            ctx->fail = fail;
        else if (!f->warning || !ctx->opt.quiet)
            fail_print_line(ctx->arena, &fail);
    }
}

static void print_json(struct context *ctx, const struct findings *found)
{
    struct text t = {.arena = ctx->arena};
    json_begin(&t);
    json_bool(&t, "ok", errors(found) == 0);
    json_open(&t, "findings", '[');
    for (size_t i = 0; i < found->count; i++) {
        const struct finding *f = &found->at[i];
        json_open(&t, NULL, '{');
        json_str(&t, "gate", relver_s(f->gate));
        if (f->place != NULL) {
            size_t line, col;
            place_where(f->place, &line, &col);
            json_str(&t, "path", relver_s(f->place->file->path));
            json_where(&t, line, col);
        }
        json_str(&t, "what", relver_s(f->what));
        json_bool(&t, "warning", f->warning);
        json_close(&t, '}');
    }
    json_close(&t, ']');
    json_end(&t);
}

static void run_gates(struct context *ctx, const struct project *pr, const struct plan *plan,
                      const bool chosen[GATES], relver_str today, struct findings *out)
{
    struct findings all = {ctx->arena, NULL, 0};
    for (size_t i = 0; i < GATES; i++) {
        size_t before = errors(&all);
        if (!chosen[i])
            continue;
        if (strcmp(gates[i].name, "aligned") == 0)
            check_aligned(pr, plan, &all);
        else if (strcmp(gates[i].name, "lock") == 0)
            check_lock(plan, &all);
        else if (strcmp(gates[i].name, "changelog") == 0)
            notes_check(ctx->arena, pr, today, ctx->opt.tag, &all);
        else
            check_tag(pr, ctx->opt.tag, &all);
        if (!ctx->opt.json && !ctx->opt.quiet && errors(&all) == before)
            printf("ok %s\n", gates[i].name);
    }
    for (size_t i = 0; i < all.count; i++)
        if (selected(ctx, pr, all.at[i].place)) {
            out->at = arena_more(ctx->arena, out->at, out->count, sizeof *out->at);
            out->at[out->count++] = all.at[i];
        }
}

int cmd_check(struct context *ctx)
{
    struct project project;
    struct plan plan;
    bool chosen[GATES];
    struct findings found = {ctx->arena, NULL, 0};
    relver_str today;
    if (!choose(ctx, chosen) || !project_open(ctx, PROJECT_READ, &project) ||
        !cmd_today(ctx, &today) || !cmd_not_stamped(ctx, project.root) ||
        !plan_make(ctx->arena, &project, &plan, &ctx->fail))
        return ctx->fail.status;
    run_gates(ctx, &project, &plan, chosen, today, &found);
    if (ctx->fail.status != 0) /* an unknown -p */
        return ctx->fail.status;
    if (ctx->opt.json)
        print_json(ctx, &found);
    report(ctx, &found);
    if (!github_output(ctx->arena, &project, &ctx->fail))
        return ctx->fail.status;
    return errors(&found) > 0 ? 1 : 0;
}
