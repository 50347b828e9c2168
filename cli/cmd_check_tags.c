/* relver check --all-tags - every tag against its own commit's manifests, from git's objects */
#include "check.h"
#include "cmd.h"
#include "repo.h"

/* One finding for a tag, however many places say so; NULL, or why there can be none. */
static const char *compare(const struct project *then, const char *tag, struct arena *a,
                           struct findings *out)
{
    struct findings all = {a, NULL, 0};
    size_t line, col;
    check_tag(then, tag, &all);
    if (all.count == 0 || all.at[0].place == NULL)
        return all.count == 0 ? NULL : all.at[0].what;
    const struct place *p = all.at[0].place;
    place_where(p, &line, &col);
    check_find(out, "tag", NULL, "%s (%s:%zu:%zu)", all.at[0].what, p->file->path, line, col)
        ->next = arena_printf(out->arena, "git show '%s:%s'", tag, p->file->path);
    return NULL;
}

/* In memory that is given back. A tree from before the project was what it is now is passed over
   with a word. */
static bool check_one(struct context *ctx, struct repo *repo, const struct root *root,
                      struct repo_tag *tag, struct findings *out)
{
    struct arena arena = {0};
    struct context then = {.arena = &arena, .command = ctx->command, .opt = ctx->opt};
    struct root view;
    struct project project;
    const char *name = arena_dup(&arena, tag->name.ptr, tag->name.len), *why = "it tags no commit";
    size_t one = 1;
    bool ok = repo_peel(repo, &arena, tag, &one, &then.fail);
    if (ok && one == 1 && repo_view(repo, &arena, root, tag->commit, &view, &then.fail) &&
        project_load(&then, &view, &project))
        why = compare(&project, name, &arena, out);
    if (then.fail.status > 2)
        ok = fail_set(&ctx->fail, ctx->arena, then.fail.status, then.fail.code, NULL,
                      "nothing changed", "git fsck", "%s", then.fail.what);
    else if (why != NULL)
        note(&arena, "the tag '%s' is passed over: %s", name,
             then.fail.what != NULL ? then.fail.what : why);
    arena_free(&arena);
    return ok;
}

bool cmd_check_tags(struct context *ctx, const struct project *pr, struct findings *out)
{
    struct repo *repo;
    struct unit **units;
    struct repo_tag *tags;
    size_t n, count;
    if (!project_units(ctx, pr, &units, &count) ||
        !repo_need(ctx->arena, pr->root, &repo, &ctx->fail))
        return false;
    bool ok = repo_tags(repo, ctx->arena, &tags, &n, &ctx->fail);
    for (size_t i = 0; ok && i < n; i++) {
        size_t k = 0;
        while (k < count && check_read_tag(units[k], tags[i].name).ptr == NULL)
            k++;
        ok = k == count || check_one(ctx, repo, pr->root, &tags[i], out);
    }
    repo_close(repo);
    return ok;
}
