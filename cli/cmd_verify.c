/* relver verify - that it is out, and that what is out is what it was */
#define _POSIX_C_SOURCE 200809L
#include "cmd.h"
#include "names.h"
#include "outlet.h"
#include "str.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const struct option verify_options[] = {
    {"wait", 0, OPTION_TEXT, OPTION_AT(wait), "DUR",
     "ask again until all is out, for 30s, 10m, 1h at most"},
    {"fix", 0, OPTION_FLAG, OPTION_AT(fix), NULL,
     "move npm's dist-tag forward where it was left behind"},
    {"from", 0, OPTION_TEXT, OPTION_AT(from), "DIR",
     "compare the files there, not those in dist/ and target/"},
    {"all-tags", 0, OPTION_FLAG, OPTION_AT(all_tags), NULL,
     "compare every tag of the packages with the remote's"},
    {0},
};

static bool is_tag(const struct project *pr, relver_str name)
{
    for (size_t i = 0; i < pr->unit_count; i++)
        if (check_read_tag(pr->units[i], name).ptr != NULL)
            return true;
    return false;
}

/* What a tag says here and there; absent: nothing. */
static void compare(const struct stand *s, relver_str name, relver_str here, relver_str there,
                    struct findings *out)
{
    relver_str none = relver_s("absent");
    if (relver_eq(here, there))
        return;
    check_find(out, "tags", NULL, "'%.*s' is %.*s here and %.*s on '%s'", STR(name),
               STR(here.ptr != NULL ? here : none), STR(there.ptr != NULL ? there : none),
               s->remote)
        ->next = here.ptr == NULL    ? arena_printf(s->ctx->arena, "git fetch %s --tags", s->remote)
                 : there.ptr == NULL ? "relver tag --push"
                                     : "find out who moved it: nobody may";
}

/* Every tag of the packages, here or there. Returns how many there are. */
static size_t compare_all(const struct stand *s, const struct project *pr, struct repo_tag *tags,
                          size_t n, struct findings *out)
{
    relver_str none = relver_s(NULL);
    struct names index = {NULL, 0, 0};
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        names_put(s->ctx->arena, &index, 0, tags[i].name, &tags[i]);
    for (size_t i = 0; i < s->count; i++) {
        if (!str_starts(s->refs[i].name, "refs/tags/"))
            continue;
        relver_str name = str_from(s->refs[i].name, 10);
        struct repo_tag *here = names_get(&index, 0, name);
        if (is_tag(pr, name) && ++count)
            compare(s, name, here != NULL ? here->oid : none, s->refs[i].oid, out);
        if (here != NULL)
            here->oid = none; /* what is left is only here */
    }
    for (size_t i = 0; i < n; i++)
        if (tags[i].oid.ptr != NULL && is_tag(pr, tags[i].name) && ++count)
            compare(s, tags[i].name, tags[i].oid, none, out);
    return count;
}

static void verify_tags(struct context *ctx)
{
    struct project project;
    struct stand *s = NULL;
    struct findings found = {ctx->arena, NULL, 0};
    struct repo_tag *tags;
    size_t n;
    if (project_open(ctx, PROJECT_READ, &project) && (s = stand_open(ctx, &project)) != NULL &&
        stand_ask(s) && repo_tags(s->repo, ctx->arena, &tags, &n, &ctx->fail)) {
        n = compare_all(s, &project, tags, n, &found);
        if (cmd_report(ctx, &found) && !ctx->opt.json && !ctx->opt.quiet)
            printf("ok %zu tags of %s\n", n, s->remote);
    }
    if (s != NULL)
        repo_close(s->repo);
}

/*-- the registries ------------------------------------------------------------------------------*/

static void print_json(struct context *ctx, const struct outlets *all, const struct findings *found)
{
    struct text t = {.arena = ctx->arena};
    json_begin(&t);
    cmd_findings(&t, found);
    outlets_json(&t, "packages", all);
    json_end(&t);
}

static void print_text(struct context *ctx, const struct outlets *all)
{
    struct text t = {.arena = ctx->arena};
    for (size_t i = 0; i < all->count; i++)
        outlet_line(&t, &all->at[i]);
    if (t.len > 0)
        fwrite(t.ptr, 1, t.len, stdout);
}

/* What may be otherwise in a while: all but a token that is not taken, and what --fix is for. */
static bool may_change(const struct context *ctx, const struct findings *found)
{
    bool may = false;
    for (size_t i = 0; i < found->count; i++) {
        may = may || !ctx->opt.fix || strcmp(found->at[i].gate, "dist-tag") != 0;
        if (strcmp(found->at[i].gate, "auth") == 0)
            return false;
    }
    return may;
}

/* Asks until nothing is found, or the time is over. */
static bool ask(struct context *ctx, unsigned long seconds, struct outlets *all,
                struct findings *found)
{
    enum { SECONDS_MOST = 15 };
    time_t until = time(NULL) + (time_t)seconds;
    size_t before = 0;
    for (time_t pause = 1;; pause = pause * 2 < SECONDS_MOST ? pause * 2 : SECONDS_MOST) {
        found->count = 0;
        if (!outlets_ask(ctx, all))
            return false;
        for (size_t i = 0; i < all->count; i++)
            outlet_verify(&all->at[i], found);
        for (size_t i = 0; i < all->count; i++)
            if (!outlet_conflict(ctx, &all->at[i], found))
                return false;
        time_t left = until - time(NULL);
        if (left <= 0 || !may_change(ctx, found))
            return true;
        if (found->count != before && !ctx->opt.quiet)
            note(ctx->arena, "not all out yet: %s", found->at[0].what);
        before = found->count;
        nanosleep(&(struct timespec){pause < left ? pause : left, 0}, NULL);
    }
}

/* A version that is named is one unit's; without one, each unit has its own. */
static bool find(struct context *ctx, struct project *project, struct outlets *all)
{
    const char *version = ctx->count > 0 ? ctx->operands[0] : NULL;
    struct unit *one, **units = &one;
    size_t n = 1;
    if (!project_open(ctx, PROJECT_READ, project))
        return false;
    if (version == NULL)
        return project_released(ctx, project, &units, &n) &&
               outlets_find(ctx, project, units, n, NULL, all);
    one = project_one(ctx, project, arena_printf(ctx->arena, "relver verify %s", version));
    return one != NULL && outlets_find(ctx, project, units, 1, version, all);
}

static void verify_release(struct context *ctx, unsigned long seconds)
{
    struct project project;
    struct outlets all;
    struct findings found = {ctx->arena, NULL, 0};
    if (!find(ctx, &project, &all))
        return;
    relver_str by = settings_text(&project.config.top, KEY_PUBLISH);
    bool ours = ctx->opt.from != NULL || by.ptr == NULL || str_is(by, "here");
    if ((ours && !outlets_built(ctx, &project, ctx->opt.from, &all, NULL)) ||
        !ask(ctx, seconds, &all, &found) ||
        (ctx->opt.fix && (!cmd_dist_tags(ctx, &project, &all) ||
                          !ask(ctx, seconds, &all, &found))))
        return;
    if (all.count == 0 && !ctx->opt.quiet)
        note(ctx->arena, "no package here is published anywhere");
    if (ctx->opt.json)
        print_json(ctx, &all, &found);
    else if (!ctx->opt.quiet)
        print_text(ctx, &all);
    fflush(stdout);
    cmd_complain(ctx, &found);
}

int cmd_verify(struct context *ctx)
{
    unsigned long seconds = 0;
    const char *wait = ctx->opt.wait;
    if (ctx->count > (ctx->opt.all_tags ? 0 : 1))
        ctx_usage(ctx, ctx->opt.all_tags ? "--all-tags takes no version" : "one version at most");
    else if (wait != NULL && !str_duration(relver_s(wait), "smhd", &seconds))
        ctx_usage(ctx, "'%s' is no duration such as 30s, 10m or 1h", wait);
    else if (ctx->opt.all_tags)
        verify_tags(ctx);
    else
        verify_release(ctx, seconds);
    return ctx->fail.status;
}
