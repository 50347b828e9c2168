/* relver show - one value on stdout, nothing else */
#include "check.h"
#include "cmd.h"
#include "history.h"
#include "line.h"
#include "notes.h"
#include "outlet.h"
#include "passport.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

const struct option show_options[] = {
    {"style", 0, OPTION_CHOICE, OPTION_AT(style), "semver|pep440|npm|cargo|docker",
     "whose spelling"},
    {"from-git", 0, OPTION_FLAG, OPTION_AT(from_git), NULL,
     "version: the one that the commits since the nearest tag make, as setuptools_scm counts"},
    {"stable", 0, OPTION_FLAG, OPTION_AT(stable), NULL, "tags: no prereleases"},
    {"recent", 0, OPTION_NUMBER, OPTION_AT(recent), "N", "tags: the N highest"},
    {0},
};

/*-- the passport --------------------------------------------------------------------------------*/

static void add_last(struct text *t, const struct passport *pass)
{
    const char *comma = "";
    text_adds(t, "  last release ");
    if (!pass->known || pass->last.ptr == NULL) {
        text_adds(t, pass->known ? "none\n" : "unknown, git cannot tell\n");
        return;
    }
    text_safef(t, "%.*s (tag %.*s): ", STR(pass->last), STR(pass->last_tag));
    for (size_t i = 0; i < BORDERS; i++)
        if (pass->at[i].order != NULL) {
            text_addf(t, "%s%s %s", comma, pass->at[i].name, pass->at[i].order);
            comma = ", ";
        }
    text_addc(t, '\n');
}

/* The trap of dev beside alpha or beta: SemVer has alpha < beta < dev < rc, PEP 440 dev < alpha. */
static void add_split(struct text *t, const struct passport *pass)
{
    relver_str other = check_read_tag(pass->unit, pass->split);
    if (other.ptr == NULL)
        return;
    bool dev = passport_stage(pass->unit, pass->version) == STAGE_DEV ||
               passport_stage(pass->unit, other) == STAGE_DEV;
    text_safef(t, "  the order against tag %.*s differs: npm %s, pypi %s%s\n", STR(pass->split),
               passport_order(pass, ON_NPM, other), passport_order(pass, ON_PYPI, other),
               dev ? "; SemVer has dev above beta, PEP 440 below alpha" : "");
}

static void print_why(struct context *ctx, const struct passport *pass)
{
    const struct unit *u = pass->unit;
    struct text t = {.arena = ctx->arena};
    size_t line, col, next = 0;
    relver_str name;
    place_where(u->anchor, &line, &col);
    text_safef(&t, "%.*s %.*s, from %s:%zu:%zu\n", STR(u->name), STR(pass->version),
               u->anchor->file->path, line, col);
    for (size_t i = 0; i < BORDERS; i++) {
        relver_str v = pass->at[i].version.ptr != NULL ? pass->at[i].version : relver_s("-");
        text_safef(&t, "  %-8s %.*s", pass->at[i].name, STR(v));
        if (pass->at[i].refused != NULL)
            text_addf(&t, "  refused: %s", pass->at[i].refused);
        else if (i == ON_TAG && pass->tagged)
            text_adds(&t, "  is there already");
        text_addc(&t, '\n');
    }
    while (passport_wheel(ctx->arena, pass, &next, &name))
        text_safef(&t, "  wheel    %.*s*.whl\n", STR(name));
    add_last(&t, pass);
    add_split(&t, pass);
    fwrite(t.ptr, 1, t.len, stdout);
}

static void print_why_json(struct context *ctx, const struct passport *pass)
{
    const struct unit *u = pass->unit;
    struct text t = {.arena = ctx->arena};
    size_t line, col, next = 0;
    relver_str name;
    place_where(u->anchor, &line, &col);
    json_begin(&t);
    json_str(&t, "name", u->name);
    json_str(&t, "version", pass->version);
    json_str(&t, "path", relver_s(u->anchor->file->path));
    json_where(&t, line, col);
    json_open(&t, "borders", '[');
    for (size_t i = 0; i < BORDERS; i++) {
        json_open(&t, NULL, '{');
        json_str(&t, "name", relver_s(pass->at[i].name));
        json_str(&t, "version", pass->at[i].version);
        json_str(&t, "refused", relver_s(pass->at[i].refused));
        json_str(&t, "order", relver_s(pass->at[i].order));
        json_close(&t, '}');
    }
    json_close(&t, ']');
    json_open(&t, "wheels", '[');
    while (passport_wheel(ctx->arena, pass, &next, &name))
        json_str(&t, NULL, name);
    json_close(&t, ']');
    json_str(&t, "split", pass->split);
    if (pass->tagged || pass->known)
        json_bool(&t, "tagged", pass->tagged);
    else
        json_str(&t, "tagged", relver_s(NULL));
    json_str(&t, "last", pass->last);
    json_str(&t, "last_tag", pass->last_tag);
    json_end(&t);
}

/*-- keys ----------------------------------------------------------------------------------------*/

static bool show_why(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct passport pass;
    if (!passport_issue(ctx->arena, pr, u, &pass, &ctx->fail))
        return false;
    (ctx->opt.json ? print_why_json : print_why)(ctx, &pass);
    return true;
}

static bool show_value(struct context *ctx, const char *name, relver_str value)
{
    struct text t = {.arena = ctx->arena};
    if (ctx->opt.json) {
        json_begin(&t);
        json_str(&t, name, value);
        json_end(&t);
    } else {
        printf("%.*s\n", STR(value));
    }
    return true;
}

/* What a build from this commit would say. */
static bool show_from_git(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct history history = {.tree = true};
    struct unit built = *u;
    relver_str date, value;
    const char *own = u->scheme == RELVER_PEP440 ? "pep440" : "semver";
    if (!cmd_today(ctx, &date) ||
        !history_read(ctx->arena, pr, u, &history, &ctx->fail) ||
        !history_version(ctx->arena, u, &history, date, &built.version, &ctx->fail))
        return false;
    built.scheme = RELVER_PEP440;
    return passport_spell(ctx->arena, &built, ctx->opt.style != NULL ? ctx->opt.style : own,
                          &value, &ctx->fail) &&
           show_value(ctx, "version", value);
}

static bool show_version(struct context *ctx, const struct project *pr, const struct unit *u)
{
    relver_str value;
    if (ctx->opt.from_git)
        return show_from_git(ctx, pr, u);
    return passport_spell(ctx->arena, u, ctx->opt.style, &value, &ctx->fail) &&
           show_value(ctx, "version", value);
}

static bool show_tag(struct context *ctx, const struct project *pr, const struct unit *u)
{
    relver_str value;
    (void)pr;
    return passport_tag(ctx->arena, u, &value, &ctx->fail) && show_value(ctx, "tag", value);
}

static bool show_notes(struct context *ctx, const struct project *pr, const struct unit *u)
{
    relver_str notes, changes, version = relver_s(ctx->count > 1 ? ctx->operands[1] : NULL);
    return notes_read(ctx->arena, pr, u, version, &notes, &changes, &ctx->fail) &&
           show_value(ctx, "notes", notes);
}

static bool show_prev_tag(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct history history = {.tree = false};
    return history_read(ctx->arena, pr, u, &history, &ctx->fail) &&
           show_value(ctx, "prev-tag", history.tag);
}

static bool show_next(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct sets sets;
    if (!sets_open(ctx->arena, pr, &sets, &ctx->fail) || !cmd_auto(ctx, pr, &sets))
        return false;
    if (u->target.ptr == NULL && !ctx->opt.quiet)
        note(ctx->arena, "nothing asks for a release");
    return (u->target.ptr == NULL && !ctx->opt.json) || show_value(ctx, "next", u->target);
}

static bool show_tags(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct text t = {.arena = ctx->arena};
    struct tagged *tags;
    size_t n, left = ctx->opt.recent > 0 ? ctx->opt.recent : SIZE_MAX;
    bool json = ctx->opt.json, all;
    if (!history_tags(ctx->arena, pr, u, &tags, &n, &all, &ctx->fail))
        return false;
    json_begin(&t);
    json_open(&t, "tags", '[');
    for (size_t i = 0; i < n && left > 0; i++) {
        if (ctx->opt.stable && passport_stage(u, tags[i].version) != STAGE_STABLE)
            continue;
        if (json)
            json_str(&t, NULL, tags[i].tag);
        else
            printf("%.*s\n", STR(tags[i].tag));
        left--;
    }
    json_close(&t, ']');
    if (json)
        json_end(&t);
    return true;
}

/* Of the version that is written, as its tag is: what HEAD is on, git says. */
static bool show_branch(struct context *ctx, const struct project *pr, const struct unit *u)
{
    relver_str version;
    (void)pr;
    return passport_spell(ctx->arena, u, NULL, &version, &ctx->fail) &&
           show_value(ctx, "branch",
                      line_branch(ctx->arena, u, line_of(ctx->arena, u, version)));
}

static bool show_lines(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct text t = {.arena = ctx->arena};
    struct unit_line *lines;
    size_t n;
    if (!history_lines(ctx->arena, pr, u, &lines, &n, &ctx->fail))
        return false;
    json_begin(&t);
    json_open(&t, "lines", '[');
    for (size_t i = 0; i < n; i++) {
        if (!ctx->opt.json)
            printf("%.*s\n", STR(lines[i].line));
        json_open(&t, NULL, '{');
        json_str(&t, "line", lines[i].line);
        json_str(&t, "branch", line_branch(ctx->arena, u, lines[i].line));
        json_str(&t, "tag", lines[i].tag);
        json_close(&t, '}');
    }
    json_close(&t, ']');
    if (ctx->opt.json)
        json_end(&t);
    return true;
}

/* What npm has now decides, so it is asked; of a version that is out, it is what that would get. */
static bool show_dist_tag(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct outlets all;
    relver_str value;
    size_t i = 0, k = 0;
    while (pr->units[i] != u)
        i++;
    if (!outlets_find(ctx, pr, &pr->units[i], 1, NULL, &all))
        return false;
    while (k < all.count && all.at[k].eco != RELVER_NPM)
        k++;
    if (k == all.count)
        return ctx_fail(ctx, 1, "no-npm", "relver status", "'%.*s' has no package for npm",
                        STR(u->name));
    all = (struct outlets){&all.at[k], 1, all.one};
    return outlets_ask(ctx, &all) && outlet_dist_tag(ctx, all.at, &value) &&
           show_value(ctx, "dist-tag", value);
}

static const struct key {
    const char *name;
    bool (*show)(struct context *ctx, const struct project *pr, const struct unit *u);
} keys[] = {{"version", show_version}, {"next", show_next}, {"tag", show_tag},
            {"prev-tag", show_prev_tag}, {"notes", show_notes}, {"tags", show_tags},
            {"branch", show_branch}, {"lines", show_lines}, {"why", show_why},
            {"dist-tag", show_dist_tag}};

int cmd_show(struct context *ctx)
{
    struct project project;
    const struct key *key = NULL;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && ctx->count > 0; i++)
        if (strcmp(keys[i].name, ctx->operands[0]) == 0 &&
            ctx->count <= (keys[i].show == show_notes ? 2 : 1))
            key = &keys[i];
    if (key == NULL)
        return ctx_usage(ctx, "name a key: version, next, tag, prev-tag, notes, tags, branch, "
                              "lines, why or dist-tag"), 2;
    const char *command = arena_printf(ctx->arena, "relver show %s", key->name);
    if (!project_open(ctx, PROJECT_READ, &project))
        return ctx->fail.status;
    const struct unit *u = project_one(ctx, &project, command);
    return u != NULL && key->show(ctx, &project, u) ? 0 : ctx->fail.status;
}
