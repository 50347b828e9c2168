#include "gates.h"

#include "line.h"
#include "names.h"
#include "passport.h"
#include "str.h"

/*-- where HEAD stands ---------------------------------------------------------------------------*/

struct stand *stand_open(struct context *ctx, const struct project *project)
{
    struct stand *s = arena_alloc(ctx->arena, sizeof *s);
    s->ctx = ctx;
    s->remote = project_remote(ctx, project);
    s->named = ctx->opt.push || ctx->opt.remote != NULL ||
               settings_text(&project->config.top, KEY_REMOTE).ptr != NULL;
    if (!repo_need(ctx->arena, project->root, &s->repo, &ctx->fail) ||
        !repo_head(s->repo, ctx->arena, &s->head, &ctx->fail) ||
        !repo_branch(s->repo, ctx->arena, &s->branch, &ctx->fail))
        return NULL;
    if (s->head.ptr != NULL)
        return s;
    ctx_fail(ctx, 4, "git.unknown", "git commit", "there is no commit yet");
    return NULL;
}

bool stand_ask(struct stand *s)
{
    if (!s->named && !repo_has_remotes(s->repo))
        return s->asked = true;
    if (s->ctx->opt.offline)
        return ctx_fail(s->ctx, 4, "git.remote", "run it without --offline",
                        "'%s' must not be asked", s->remote);
    s->asked = s->asked || remote_refs(s->repo, s->ctx->arena, s->remote, &s->refs, &s->count,
                                       &s->ctx->fail);
    return s->asked;
}

bool stand_fetch(struct stand *s, const struct remote_ref *ref)
{
    struct arena *a = s->ctx->arena;
    struct repo_object o;
    const char *oid = arena_printf(a, "%.*s", STR(ref->oid));
    const char *name = arena_printf(a, "%.*s", STR(ref->name));
    return repo_object(s->repo, a, oid, &o, &s->ctx->fail) &&
           (o.type != NULL || remote_fetch(s->repo, a, s->remote, name, &s->ctx->fail));
}

bool stand_load(struct stand *s, const struct remote_ref *ref, const struct root *of,
                struct project *out)
{
    struct context *ctx = s->ctx;
    struct root *view = arena_alloc(ctx->arena, sizeof *view);
    return stand_fetch(s, ref) &&
           repo_view(s->repo, ctx->arena, of, ref->commit, view, &ctx->fail) &&
           project_load(ctx, view, out);
}

const struct remote_ref *stand_branch(const struct stand *s, relver_str name)
{
    const char *ref = arena_printf(s->ctx->arena, "refs/heads/%.*s", STR(name));
    return remote_find(s->refs, s->count, ref);
}

relver_str stand_main(const struct stand *s)
{
    return relver_s(stand_branch(s, relver_s("main")) != NULL     ? "main"
                    : stand_branch(s, relver_s("master")) != NULL ? "master" : NULL);
}

bool stand_tag(struct stand *s, relver_str name, relver_str commit, relver_str *oid,
               const struct remote_ref **there)
{
    struct arena *a = s->ctx->arena;
    const char *ref = arena_printf(a, "refs/tags/%.*s", STR(name));
    struct repo_tag here = {name, {NULL, 0}, {NULL, 0}};
    size_t one = 1;
    if (!repo_ref(s->repo, a, ref, &here.oid, &s->ctx->fail))
        return false;
    *oid = here.oid;
    *there = remote_find(s->refs, s->count, ref);
    if (oid->ptr != NULL && !repo_peel(s->repo, a, &here, &one, &s->ctx->fail))
        return false;
    bool here_is = oid->ptr == NULL || relver_eq(here.commit, commit);
    if (here_is && (*there == NULL || relver_eq((*there)->commit, commit)))
        return true;
    relver_str at = here_is ? (*there)->commit : one == 1 ? here.commit : here.oid;
    return ctx_fail(s->ctx, 6, "git.tag", "relver bump patch",
                    "the tag '%.*s'%s is on %.*s, not on %.*s; relver moves no tag",
                    STR(name), here_is ? arena_printf(a, " of '%s'", s->remote) : "",
                    STR(at), STR(commit));
}

/*-- the gates -----------------------------------------------------------------------------------*/

bool gate_clean(struct stand *s, const struct unit *u, struct findings *out)
{
    struct repo_change *changes;
    size_t n;
    (void)u;
    if (!repo_at_rest(s->repo, &s->ctx->fail) ||
        !repo_changes(s->repo, s->ctx->arena, NULL, 0, &changes, &n, &s->ctx->fail))
        return false;
    for (size_t i = 0; i < n; i++)
        check_find(out, "clean", NULL, "'%s' differs from HEAD", changes[i].path)->next =
            "git commit, or git stash";
    return true;
}

/* A tip that is not here cannot be below HEAD, unless HEAD's history is cut off. */
bool gate_behind(struct stand *s, struct findings *out)
{
    struct arena *a = s->ctx->arena;
    const struct remote_ref *tip = stand_branch(s, s->branch);
    struct repo_object o = {.type = NULL};
    bool below = true;
    if (tip == NULL || relver_eq(tip->oid, s->head))
        return true;
    if (!repo_object(s->repo, a, arena_printf(a, "%.*s", STR(tip->oid)), &o, &s->ctx->fail))
        return false;
    if (o.type == NULL && !repo_shallow(s->repo))
        below = false;
    else if (!repo_below(s->repo, tip->oid, s->head, &below, &s->ctx->fail))
        return false;
    if (!below)
        check_find(out, "branch", NULL, "HEAD lacks commits that '%.*s' has on '%s'",
                   STR(s->branch), s->remote)
            ->next = arena_printf(a, "git pull %s %.*s", s->remote, STR(s->branch));
    return true;
}

bool gate_branch(struct stand *s, const struct unit *u, struct findings *out)
{
    struct arena *a = s->ctx->arena;
    relver_str want = line_branch(a, u, line_of(a, u, u->version)), here;
    relver_str on = s->branch.ptr != NULL ? s->branch : relver_s("no branch");
    const char *ref = arena_printf(a, "refs/heads/%.*s", STR(want));
    if (!stand_ask(s) || !repo_ref(s->repo, a, ref, &here, &s->ctx->fail))
        return false;
    if (here.ptr == NULL && stand_branch(s, want) == NULL) {
        relver_str main = stand_main(s);
        want = main.ptr != NULL ? main : on; /* a new remote has none yet */
    }
    const struct remote_ref *tip = stand_branch(s, want);
    if (s->branch.ptr == NULL && tip != NULL && relver_eq(tip->oid, s->head))
        return true;
    if (s->branch.ptr == NULL || !relver_eq(on, want))
        check_find(out, "branch", NULL, "a tag of %.*s belongs on '%.*s', HEAD is on %.*s",
                   STR(u->version), STR(want), STR(on))
            ->next = arena_printf(a, "git switch %.*s", STR(want));
    return gate_behind(s, out);
}

/* How many lines newer than the unit's have a stable tag on the remote. */
static size_t newer_lines(const struct stand *s, const struct unit *u)
{
    struct arena *a = s->ctx->arena;
    struct names lines = {NULL, 0, 0};
    names_put(a, &lines, 0, line_of(a, u, u->version), &lines);
    for (size_t i = 0; i < s->count; i++) {
        relver_str version = {NULL, 0};
        int order;
        if (str_starts(s->refs[i].name, "refs/tags/"))
            version = check_read_tag(u, str_from(s->refs[i].name, 10));
        if (relver_compare(u->scheme, version, u->version, &order, NULL) == RELVER_OK &&
            order > 0 && passport_stage(u, version) == STAGE_STABLE)
            names_put(a, &lines, 0, line_of(a, u, version), &lines);
    }
    return lines.count - 1;
}

bool gate_version(struct stand *s, const struct unit *u, struct findings *out)
{
    struct arena *a = s->ctx->arena;
    size_t most = settings_number(u->settings, KEY_MAINTAINED);
    const struct remote_ref *there;
    relver_str name, oid;
    if (!stand_ask(s) || !passport_tag(a, u, &name, &s->ctx->fail))
        return false;
    if (!stand_tag(s, name, s->head, &oid, &there)) {
        if (s->ctx->fail.status != 6)
            return false;
        check_find(out, "version", u->anchor, "%s", s->ctx->fail.what)->next = "relver bump patch";
        s->ctx->fail = (struct fail){0};
    }
    relver_str line = line_read(a, u, s->branch), own = line_of(a, u, u->version);
    if (line.ptr != NULL && !relver_eq(line, own))
        check_find(out, "version", u->anchor, "%.*s is not of the line of '%.*s'",
                   STR(u->version), STR(s->branch));
    if (newer_lines(s, u) >= most)
        check_find(out, "version", u->anchor,
                   "the line %.*s is not maintained: there are %zu newer ones", STR(own), most)
            ->next = "relver show lines";
    return true;
}
