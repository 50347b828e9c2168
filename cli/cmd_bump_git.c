#include "cmd_bump.h"
#include "str.h"
#include "template.h"

#include <stdint.h>
#include <string.h>

/*-- HEAD as a project ---------------------------------------------------------------------------*/

static bool same_unit(const struct unit *a, const struct unit *b)
{
    return relver_eq(a->name, b->name) && a->scheme == b->scheme && a->count > 0 && b->count > 0 &&
           a->packages[0]->eco == b->packages[0]->eco;
}

static struct unit *unit_in(const struct project *pr, const struct unit *like)
{
    for (size_t i = 0; i < pr->unit_count; i++)
        if (same_unit(pr->units[i], like))
            return pr->units[i];
    return NULL;
}

/* A HEAD that relver cannot read, since its files were mended only later, is as good as one that
   has none of them. */
static bool read_head(struct context *ctx, const struct project *pr, struct release *r)
{
    bool writes = !ctx->opt.dry_run && !r->request;
    if (!(writes ? repo_may_commit(r->repo, ctx->arena, &ctx->fail)
                 : repo_at_rest(r->repo, &ctx->fail)) ||
        !repo_head(r->repo, ctx->arena, &r->head, &ctx->fail))
        return false;
    if (r->head.ptr == NULL) {
        fail_set(&r->unknown, ctx->arena, 2, "git.unborn", NULL, "nothing changed", "git commit",
                 "there is no commit yet");
        return true;
    }
    if (!repo_view(r->repo, ctx->arena, pr->root, r->head, &r->root, &ctx->fail))
        return false;
    if (project_load(ctx, &r->root, &r->project) || ctx->fail.status != 2)
        return ctx->fail.status == 0;
    r->unknown = ctx->fail;
    ctx->fail = (struct fail){0};
    return true;
}

bool release_open(struct context *ctx, struct project *pr, struct release *r)
{
    relver_str merge = settings_text(&pr->config.top, KEY_MERGE);
    if (!ctx->opt.commit && !ctx->opt.pr)
        return !ctx->opt.signoff ||
               fail_set(&ctx->fail, ctx->arena, 2, "usage", NULL, "nothing changed",
                        "relver bump --help", "--signoff goes with --commit or --pr");
    r->request = ctx->opt.pr || (merge.ptr != NULL && str_is(merge, "pull-request"));
    if (!repo_need(ctx->arena, pr->root, &r->repo, &ctx->fail) || !read_head(ctx, pr, r))
        return false;
    if (r->request && r->unknown.status != 0) {
        ctx->fail = r->unknown;
        return false;
    }
    for (size_t i = 0; i < pr->unit_count && r->unknown.status == 0; i++) {
        const struct unit *u = unit_in(&r->project, pr->units[i]);
        if (u != NULL)
            pr->units[i]->base = u->version;
    }
    return true;
}

void release_aim(struct release *r, const struct project *pr)
{
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct unit *u = unit_in(&r->project, pr->units[i]);
        if (u != NULL)
            u->target = pr->units[i]->target;
    }
}

/*-- what it is called --------------------------------------------------------------------------*/

/* The units that it speaks of. */
struct spoken {
    const struct unit **at;
    size_t count;
    const struct unit *one; /* whose version all of them go to; NULL: to different ones */
};

/* Whether HEAD has another version of it. */
static bool moves(const struct unit *u)
{
    return !relver_eq(u->target, u->base.ptr != NULL ? u->base : u->version);
}

/* Those that move; when HEAD has all their versions and lacks something else, those named. */
static struct spoken spoken_of(struct arena *a, const struct project *pr)
{
    struct spoken s = {arena_alloc(a, pr->unit_count * sizeof *s.at), 0, NULL};
    for (int all = 0; all < 2 && s.count == 0; all++)
        for (size_t i = 0; i < pr->unit_count; i++)
            if (pr->units[i]->target.ptr != NULL && (all || moves(pr->units[i])))
                s.at[s.count++] = pr->units[i];
    for (size_t i = 0; i < s.count; i++) {
        if (!relver_eq(s.at[i]->target, s.at[0]->target)) {
            s.one = NULL;
            break;
        }
        s.one = i == 0 || s.at[i] == pr->lead ? s.at[i] : s.one;
    }
    return s;
}

/* "demo v1.2.3 + demo-py v0.4.0"; of --dep alone, what is required. */
static relver_str list_all(struct context *ctx, const struct spoken *s, size_t most,
                           const char *version, const char *and)
{
    struct text t = {.arena = ctx->arena};
    const struct list *deps = &ctx->opt.deps;
    for (size_t i = 0; i < s->count && i < most; i++)
        text_addf(&t, "%s%.*s%s%.*s", i > 0 ? and : "", STR(s->at[i]->name), version,
                  STR(s->at[i]->target));
    for (size_t i = 0; s->count == 0 && i < deps->count && i < most; i++) {
        size_t n = (size_t)(strrchr(deps->at[i], '=') - deps->at[i]);
        text_addf(&t, "%s%.*s%s%s", i > 0 ? and : "", (int)n, deps->at[i], version,
                  deps->at[i] + n + 1);
    }
    return relver_sn(t.ptr, t.len);
}

static bool write_message(struct context *ctx, const struct project *pr, const struct spoken *s,
                          relver_str *out)
{
    struct filling with = {s->one, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    relver_str tmpl = settings_text(&pr->config.top, KEY_COMMIT);
    if (s->count == 0)
        *out = ctx->opt.deps.count == 0
                   ? relver_s("Take in changesets")
                   : relver_s(arena_printf(ctx->arena, "Require %s",
                                           list_all(ctx, s, SIZE_MAX, " ", " + ").ptr));
    if (s->count == 0)
        return true;
    with.releases = list_all(ctx, s, SIZE_MAX, " v", " + ");
    if (tmpl.ptr == NULL)
        tmpl = relver_s(s->one != NULL ? "Release {version}" : "Release {releases}");
    return cmd_today(ctx, &with.date) &&
           template_fill(ctx->arena, KEY_COMMIT, tmpl, &with, out, &ctx->fail);
}

enum { NAMED = 3 }; /* so many units in the name of a branch */

/* relver/1.3.0, relver/demo-1.2.3+demo-py-0.4.0: of what git takes in a name, the plainest. */
static const char *name_branch(struct context *ctx, const struct spoken *s)
{
    relver_str what = s->one != NULL ? s->one->target : list_all(ctx, s, NAMED, "-", "+");
    char *name = arena_printf(ctx->arena, "relver/%.*s%s", STR(what),
                              s->one == NULL && s->count > NAMED ? "+more" : "");
    for (char *p = name + strlen("relver/"); *p != '\0'; p++)
        if (strchr("@/~^:?*[\\ ", *p) != NULL)
            *p = '-';
    return name;
}

/*-- which files it holds ------------------------------------------------------------------------*/

/* A file that HEAD does not have goes with the bump when it says a version that was aimed at. */
static bool is_new(const struct release *r, const struct file *f)
{
    if (r->unknown.status == 0 && fs_kind(&r->root, f->path) != FS_ABSENT)
        return false;
    for (size_t i = 0; i < f->count; i++) {
        const struct unit *u = place_unit(&f->places[i]);
        if (u != NULL && (u->target.ptr != NULL || u->count == 0))
            return true;
    }
    return false;
}

static void add_path(struct context *ctx, struct list *l, const struct root *root,
                     const char *path)
{
    const char *full = arena_printf(ctx->arena, "%s%s", root->below, path);
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->at[i], full) == 0)
            return;
    l->at = arena_more(ctx->arena, l->at, l->count, sizeof *l->at);
    l->at[l->count++] = full;
}

/* From the top of the work tree: what the bump edited, in this run or in one before. */
static struct list paths_of(struct context *ctx, const struct release *r,
                            const struct project *pr, const struct plan *plan)
{
    struct list l = {NULL, 0};
    for (size_t i = 0; i < plan->count; i++)
        add_path(ctx, &l, pr->root, plan->files[i].file->path);
    for (size_t i = 0; i < r->plan.count; i++)
        add_path(ctx, &l, pr->root, r->plan.files[i].file->path);
    for (size_t i = 0; i < pr->file_count; i++)
        if ((l.count > 0 || r->unknown.status != 0) && is_new(r, pr->files[i]))
            add_path(ctx, &l, pr->root, pr->files[i]->path);
    return l;
}

/* A release with the old version in a file that is only missing here would be a lie. */
static bool nothing_missing(struct context *ctx, const struct release *r,
                            const struct project *pr)
{
    for (size_t i = 0; i < r->plan.count && !r->request; i++) {
        const char *path = r->plan.files[i].file->path;
        if (fs_kind(pr->root, path) == FS_ABSENT)
            return fail_set(&ctx->fail, ctx->arena, 1, "file.missing", path, "nothing changed",
                            "check it out, or commit that it is removed",
                            "is in HEAD and has a version, but is not in the work tree");
    }
    return true;
}

bool release_prepare(struct context *ctx, struct release *r, const struct project *pr)
{
    if (r->repo == NULL)
        return true;
    struct spoken s = spoken_of(ctx->arena, pr);
    r->branch = r->request ? name_branch(ctx, &s) : NULL;
    return nothing_missing(ctx, r, pr) && write_message(ctx, pr, &s, &r->message);
}

/*-- the commit ----------------------------------------------------------------------------------*/

/* Those that are written, but stay out of the commit. */
static bool note_ignored(struct context *ctx, const struct release *r, const struct project *pr,
                         relver_str head)
{
    struct repo_object o;
    for (size_t i = 0; i < pr->file_count; i++) {
        const char *path = pr->files[i]->path;
        if (!is_new(r, pr->files[i]))
            continue;
        if (!repo_object(r->repo, ctx->arena, arena_printf(ctx->arena, "%.*s:%s%s", STR(head),
                                                           pr->root->below, path), &o, &ctx->fail))
            return false;
        if (o.type == NULL)
            note(ctx->arena, "%s is ignored by git, so it is not in the commit", path);
    }
    return true;
}

/* When nothing is left to commit: a git that was ended between moving HEAD and its index has left
   the index behind. */
static bool finish_commit(struct context *ctx, const struct release *r, const struct project *pr)
{
    struct list l = {NULL, 0};
    for (size_t i = 0; i < pr->file_count && r->unknown.status == 0; i++) {
        const struct file *f = pr->files[i], *was = project_file(&r->project, f->path);
        if (was != NULL && relver_eq(f->text, was->text))
            add_path(ctx, &l, pr->root, f->path);
    }
    return l.count == 0 || repo_reset(r->repo, ctx->arena, l.at, l.count, &ctx->fail);
}

static bool commit_files(struct context *ctx, struct release *r, const struct project *pr,
                         const struct plan *plan)
{
    struct list paths = paths_of(ctx, r, pr, plan);
    relver_str now = r->head;
    struct fail ignored;
    if (paths.count == 0)
        return finish_commit(ctx, r, pr);
    bool ok = repo_commit(r->repo, ctx->arena, paths.at, paths.count, r->message,
                          ctx->opt.signoff, &now, &ctx->fail);
    if (!ok)
        repo_head(r->repo, ctx->arena, &now, &ignored); /* it may stand all the same */
    if (!relver_eq(now, r->head))
        r->made = now;
    ok = ok && (now.ptr == NULL || note_ignored(ctx, r, pr, now));
    if (!ok)
        ctx->fail.state = r->made.ptr != NULL ? "all changed" : "all changed, but not committed";
    return ok;
}

/*-- the branch of a request ---------------------------------------------------------------------*/

/* Whether a commit is what would be made: its parent is HEAD, and it has the files. */
static bool is_made(struct context *ctx, const struct release *r, const struct project *pr,
                    const struct plan *plan, relver_str commit, bool *same)
{
    struct repo_object o;
    struct root tip;
    relver_str text;
    *same = false;
    if (commit.ptr == NULL)
        return true;
    if (!repo_object(r->repo, ctx->arena, arena_printf(ctx->arena, "%.*s^", STR(commit)), &o,
                     &ctx->fail) ||
        !repo_view(r->repo, ctx->arena, pr->root, commit, &tip, &ctx->fail))
        return false;
    *same = relver_eq(o.oid, r->head);
    for (size_t i = 0; i < plan->count && *same; i++) {
        const char *path = plan->files[i].file->path;
        bool there = fs_kind(&tip, path) == FS_FILE;
        *same = there == (plan->files[i].after.ptr != NULL);
        if (*same && there && !fs_read(&tip, ctx->arena, path, &text, &ctx->fail))
            return false;
        *same = *same && (!there || relver_eq(text, plan->files[i].after));
    }
    return true;
}

static bool commit_branch(struct context *ctx, struct release *r, const struct project *pr,
                          const struct plan *plan, const char *ref, relver_str *oid)
{
    struct arena *a = ctx->arena;
    relver_str now;
    bool same;
    if (!repo_ref(r->repo, a, ref, &now, &ctx->fail) ||
        !is_made(ctx, r, pr, plan, now, &same))
        return false;
    *oid = now;
    if (same)
        return true;
    if (!repo_commit_on(r->repo, a, r->head, cmd_changes(ctx, pr->root->below, plan), plan->count,
                        r->message, ctx->opt.signoff, oid, &ctx->fail))
        return false;
    bool moved = repo_move(r->repo, a, ref, now, *oid, &ctx->fail);
    struct fail ignored;
    if (moved || (repo_ref(r->repo, a, ref, &now, &ignored) && relver_eq(now, *oid)))
        r->made = *oid;
    return moved;
}

static bool push(struct context *ctx, struct release *r, const char *remote, const char *ref,
                 relver_str oid)
{
    struct remote_ref *refs;
    size_t n;
    relver_str seen = {NULL, 0};
    if (!remote_refs(r->repo, ctx->arena, remote, &refs, &n, &ctx->fail))
        return false;
    const struct remote_ref *there = remote_find(refs, n, ref);
    if (there != NULL)
        seen = there->oid;
    return remote_push(r->repo, ctx->arena, remote, oid, ref, seen, &ctx->fail);
}

static bool make_request(struct context *ctx, struct release *r, const struct project *pr,
                         const struct plan *plan)
{
    struct arena *a = ctx->arena;
    const char *ref = arena_printf(a, "refs/heads/%s", r->branch);
    const char *remote = project_remote(ctx, pr);
    relver_str oid, into;
    if (plan->count == 0)
        return true;
    if (!repo_branch(r->repo, a, &into, &ctx->fail))
        return false;
    bool there = commit_branch(ctx, r, pr, plan, ref, &oid);
    bool pushed = there && (ctx->opt.offline || push(ctx, r, remote, ref, oid));
    if (!pushed && (there || r->made.ptr != NULL))
        ctx->fail.state = arena_printf(a, "committed on '%s', not pushed", r->branch);
    if (!pushed)
        return false;
    const char *order = ctx->opt.offline ? arena_printf(a, "git push %s %s, then ", remote,
                                                        r->branch) : "";
    fail_set(&ctx->fail, a, 3, "request", NULL,
             arena_printf(a, "committed on '%s', the work tree as before", r->branch),
             arena_printf(a, "%sopen a pull request of '%s', and merge it", order, r->branch),
             "'%s' waits to be merged into '%.*s' on '%s'", r->branch,
             into.ptr != NULL ? (int)into.len : 4, into.ptr != NULL ? into.ptr : "HEAD", remote);
    return true;
}

bool release_commit(struct context *ctx, struct release *r, const struct project *pr,
                    const struct plan *plan)
{
    return r->repo == NULL || (r->request ? make_request : commit_files)(ctx, r, pr, plan);
}

/*-- saying so -----------------------------------------------------------------------------------*/

void release_print(const struct release *r, struct text *t)
{
    relver_str line, rest = r->message;
    if (r->made.ptr == NULL || !str_line(&rest, &line))
        return;
    text_addf(t, "commit %.*s", 10, r->made.ptr);
    if (r->branch != NULL)
        text_addf(t, " on %s", r->branch);
    text_adds(t, ": ");
    text_safe(t, line.ptr, line.len);
    text_addc(t, '\n');
}

void release_foretell(const struct release *r, struct text *t)
{
    if (r->branch != NULL)
        text_addf(t, "branch %s\n", r->branch);
    for (relver_str line, rest = r->message; str_line(&rest, &line);) {
        text_adds(t, line.len > 0 ? "    " : "");
        text_safe(t, line.ptr, line.len);
        text_addc(t, '\n');
    }
    text_addc(t, '\n');
}

void release_json(const struct release *r, struct text *t)
{
    if (r->repo == NULL)
        return;
    json_open(t, "commit", '{');
    json_str(t, "id", r->made);
    json_str(t, "branch", relver_s(r->branch));
    json_str(t, "message", r->message);
    json_close(t, '}');
}
