/* relver verify - that what is out is what it was; so far the tags of the remote */
#include "cmd.h"
#include "names.h"
#include "str.h"

#include <stdio.h>

const struct option verify_options[] = {
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

int cmd_verify(struct context *ctx)
{
    struct project project;
    struct stand *s = NULL;
    struct findings found = {ctx->arena, NULL, 0};
    struct repo_tag *tags;
    size_t n;
    if (ctx->count > 0 || !ctx->opt.all_tags)
        ctx_usage(ctx, "so far only --all-tags can be verified");
    else if (project_open(ctx, PROJECT_READ, &project) && (s = stand_open(ctx, &project)) != NULL &&
             stand_ask(s) && repo_tags(s->repo, ctx->arena, &tags, &n, &ctx->fail)) {
        n = compare_all(s, &project, tags, n, &found);
        if (cmd_report(ctx, &found) && !ctx->opt.json && !ctx->opt.quiet)
            printf("ok %zu tags of %s\n", n, s->remote);
    }
    if (s != NULL)
        repo_close(s->repo);
    return ctx->fail.status;
}
