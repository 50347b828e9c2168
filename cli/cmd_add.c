/* relver add - what changed, written down for the next release */
#define _POSIX_C_SOURCE 200809L /* getpid, isatty */
#include "cmd.h"
#include "notes.h"
#include "stamp.h"
#include "str.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const struct option add_options[] = {
    {"message", 'm', OPTION_TEXT, OPTION_AT(message), "TEXT", "what changed, for who uses it"},
    {"type", 0, OPTION_CHOICE, OPTION_AT(type), "Added|Changed|Deprecated|Removed|Fixed|Security",
     "without changesets: the heading in the changelog (Changed)"},
    {"empty", 0, OPTION_FLAG, OPTION_AT(empty), NULL, "say that nothing needs a release"},
    {0},
};

static bool refuse(struct context *ctx, const char *next, const char *what)
{
    return fail_set(&ctx->fail, ctx->arena, 2, "usage", NULL, "nothing changed", next, "%s", what);
}

/* A line from the terminal, which is asked for what the command line leaves open. */
static const char *ask(struct context *ctx, const char *what)
{
    struct text t = {.arena = ctx->arena};
    int c;
    fprintf(stderr, "%s: ", what);
    for (text_adds(&t, ""); (c = getchar()) != EOF && c != '\n';)
        text_addc(&t, (char)c);
    return t.ptr;
}

/* Which packages, and how much each changes; without changesets, none or one, and no level. */
static bool ask_rest(struct context *ctx, const struct project *pr, bool sets)
{
    bool terminal = ctx->opt.message == NULL && !ctx->opt.empty && isatty(STDIN_FILENO);
    struct text names = {.arena = ctx->arena};
    if (terminal && sets && ctx->count == 0) {
        for (size_t i = 0; i < pr->unit_count; i++)
            text_addf(&names, "%s%.*s", i > 0 ? ", " : "", STR(pr->units[i]->name));
        relver_str word, pairs =
            relver_s(ask(ctx, arena_printf(ctx->arena, "NAME=LEVEL .. of %s", names.ptr)));
        while (pairs.len > 0)
            if ((word = str_cut(&pairs, ' ')).len > 0) {
                ctx->operands = arena_more(ctx->arena, ctx->operands, ctx->count, sizeof (char *));
                ctx->operands[ctx->count++] = arena_dup(ctx->arena, word.ptr, word.len);
            }
    }
    if (terminal)
        ctx->opt.message = ask(ctx, "what changed");
    bool said = str_trim(relver_s(ctx->opt.message)).len > 0;
    if (sets ? ctx->opt.empty == (ctx->count > 0) : ctx->count > 0 || ctx->opt.empty)
        return refuse(ctx, sets ? "relver add NAME=patch -m TEXT" : "relver add -m TEXT [-p NAME]",
                      sets ? "name packages and levels, or --empty"
                           : "there are no changesets, so there are no levels");
    return said || ctx->opt.empty || refuse(ctx, "relver add --help", "say what changed");
}

static bool read_pair(struct context *ctx, const struct project *pr, const char *pair,
                      struct change *out)
{
    const char *equals = strrchr(pair, '=');
    if (equals != NULL)
        for (int level = LEVEL_NONE; level <= LEVEL_MAJOR; level++)
            if (strcmp(equals + 1, level_names[level]) == 0)
                out->level = (enum level)level;
    if (out->level == LEVEL_UNSET)
        return refuse(ctx, "relver add --help",
                      arena_printf(ctx->arena, "'%s' is not NAME=LEVEL; a level is major, minor, "
                                   "patch or none", pair));
    out->name = relver_sn(pair, (size_t)(equals - pair));
    return project_unit(ctx, pr, arena_dup(ctx->arena, out->name.ptr, out->name.len)) != NULL;
}

/* Its first words and a digest: no two people choose the same, also for the same text. */
static const char *new_path(struct context *ctx, relver_str summary, const struct text *t)
{
    struct text name = {.arena = ctx->arena};
    char digest[65];
    text_adds(&name, ".changeset/");
    size_t start = name.len, words = 0;
    for (size_t i = 0; i < summary.len && words < 4 && name.len < start + 40; i++) {
        char c = summary.ptr[i];
        if (is_alnum(c))
            text_addc(&name, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
        else if (name.len > start && name.ptr[name.len - 1] != '-' && ++words > 0)
            text_addc(&name, '-');
    }
    if (name.len > start && name.ptr[name.len - 1] != '-')
        text_addc(&name, '-');
    relver_str seed = relver_s(arena_printf(ctx->arena, "%s%lld.%ld", t->ptr,
                                            (long long)time(NULL), (long)getpid()));
    stamp_digest(seed, digest);
    text_addf(&name, "%.6s.md", digest);
    return name.ptr;
}

static bool add_set(struct context *ctx, const struct project *pr, struct plan *plan)
{
    struct change *changes = arena_alloc(ctx->arena, ctx->count * sizeof *changes);
    struct text t = {.arena = ctx->arena};
    struct changeset check;
    struct file *f = arena_alloc(ctx->arena, sizeof *f);
    relver_str summary = str_trim(relver_s(ctx->opt.message));
    for (size_t i = 0; i < ctx->count; i++)
        if (!read_pair(ctx, pr, ctx->operands[i], &changes[i]))
            return false;
    changeset_write(&t, changes, ctx->count, summary);
    f->kind = FILE_EXTRA;
    f->path = new_path(ctx, summary, &t);
    relver_edit edit = {relver_sn(NULL, 0), relver_sn(t.ptr, t.len), 0};
    return changeset_read(ctx->arena, f->path, edit.text, &check, &ctx->fail) &&
           plan_add(ctx->arena, plan, f, &edit, 1, &ctx->fail);
}

/* A line of the changelog that people write. */
static bool add_line(struct context *ctx, const struct project *pr, struct plan *plan)
{
    struct unit **units;
    size_t count;
    if (!project_units(ctx, pr, &units, &count))
        return false;
    const struct unit *u = ctx->opt.packages.count == 0 && pr->lead != NULL ? pr->lead : units[0];
    if (count > 1 && u != pr->lead)
        return refuse(ctx, "relver add -m TEXT -p NAME",
                      "several packages have versions of their own");
    return notes_add(ctx->arena, pr, u, ctx->opt.type != NULL ? ctx->opt.type : "Changed",
                     str_trim(relver_s(ctx->opt.message)), plan, &ctx->fail);
}

int cmd_add(struct context *ctx)
{
    struct project project;
    struct plan plan = {0};
    struct sets sets;
    if (!project_open(ctx, ctx->opt.dry_run ? PROJECT_READ : PROJECT_WRITE, &project) ||
        !sets_open(ctx->arena, &project, &sets, &ctx->fail))
        return ctx->fail.status;
    if (!ask_rest(ctx, &project, sets.found) ||
        !(sets.found ? add_set : add_line)(ctx, &project, &plan) ||
        (!ctx->opt.dry_run && !cmd_commit(ctx, &project, &plan)))
        return ctx->fail.status;
    if (ctx->opt.dry_run)
        cmd_diff(ctx, &plan);
    else if (!ctx->opt.quiet)
        puts(plan.files[0].file->path);
    return 0;
}
