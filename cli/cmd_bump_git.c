#include "cmd_bump.h"
#include "notes.h"
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
    if (!repo_head(r->repo, ctx->arena, &r->head, &ctx->fail))
        return false;
    if (r->head.ptr == NULL) {
        r->unknown.status = 2;
        return true;
    }
    if (!repo_view(r->repo, ctx->arena, pr->root, r->head, &r->root, &ctx->fail))
        return false;
    if (project_load(ctx, &r->root, &r->project) || r->request || ctx->fail.status != 2)
        return ctx->fail.status == 0;
    r->unknown = ctx->fail;
    ctx->fail = (struct fail){0};
    return true;
}

/* Opens git; what must not be committed to is refused before anything is changed. */
static bool open_repo(struct context *ctx, const struct project *pr, struct release *r)
{
    if (r->request) {
        r->stand = stand_open(ctx, pr);
        r->repo = r->stand != NULL ? r->stand->repo : NULL;
        return r->repo != NULL;
    }
    return repo_need(ctx->arena, pr->root, &r->repo, &ctx->fail) &&
           (ctx->opt.dry_run ? repo_at_rest(r->repo, &ctx->fail)
                             : repo_may_commit(r->repo, ctx->arena, &ctx->fail));
}

bool release_open(struct context *ctx, struct project *pr, struct release *r)
{
    relver_str merge = settings_text(&pr->config.top, KEY_MERGE);
    if (!ctx->opt.commit && !ctx->opt.pr)
        return !ctx->opt.signoff || ctx_usage(ctx, "--signoff goes with --commit or --pr");
    r->request = ctx->opt.pr || (merge.ptr != NULL && str_is(merge, "pull-request"));
    if (!open_repo(ctx, pr, r) || !read_head(ctx, pr, r))
        return false;
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = unit_in(&r->project, pr->units[i]);
        if (u != NULL)
            pr->units[i]->base = u->version;
    }
    return true;
}

void release_aim(struct project *to, const struct project *like)
{
    for (size_t i = 0; i < like->unit_count; i++) {
        struct unit *u = unit_in(to, like->units[i]);
        if (u != NULL)
            u->target = like->units[i]->target;
    }
}

/*-- what it is called --------------------------------------------------------------------------*/

/* The units that it speaks of. */
struct spoken {
    const struct unit **at;
    size_t count;
    const struct unit *one; /* whose version all of them go to; NULL: to different ones */
};

static struct spoken spoken_of(struct arena *a, const struct project *pr)
{
    struct spoken s = {arena_alloc(a, pr->unit_count * sizeof *s.at), 0, NULL};
    bool same = true;
    for (size_t i = 0; i < pr->unit_count; i++)
        if (pr->units[i]->target.ptr != NULL)
            s.at[s.count++] = pr->units[i];
    for (size_t i = 0; i < s.count; i++) {
        same = same && relver_eq(s.at[i]->target, s.at[0]->target);
        s.one = i == 0 || s.at[i] == pr->lead ? s.at[i] : s.one;
    }
    s.one = same ? s.one : NULL;
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

static const char *ref_of(struct context *ctx, const struct release *r)
{
    return arena_printf(ctx->arena, "refs/heads/%s", r->branch);
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

static void add_path(struct context *ctx, struct list *l, const struct root *root, const char *path)
{
    const char *full = arena_printf(ctx->arena, "%s%s", root->below, path);
    if (!list_has(l, full))
        list_add(ctx->arena, l, full);
}

/* From the top of the work tree: what the bump edited, in this run or in one before, and
   changelogs, since that may have been done by hand. */
static struct list paths_of(struct context *ctx, const struct release *r,
                            const struct project *pr, const struct plan *plan)
{
    struct list l = {NULL, 0};
    size_t n;
    const char **logs = notes_paths(ctx->arena, pr, &n);
    for (size_t i = 0; i < plan->count; i++)
        add_path(ctx, &l, pr->root, plan->files[i].file->path);
    for (size_t i = 0; i < r->plan.count; i++)
        add_path(ctx, &l, pr->root, r->plan.files[i].file->path);
    if (l.count == 0 && r->unknown.status == 0)
        return l;
    for (size_t i = 0; i < pr->file_count; i++)
        if (is_new(r, pr->files[i]))
            add_path(ctx, &l, pr->root, pr->files[i]->path);
    for (size_t i = 0; i < n; i++)
        add_path(ctx, &l, pr->root, logs[i]);
    return l;
}

/* A release with the old version in a file that is only missing here would be a lie. */
static bool nothing_missing(struct context *ctx, const struct release *r, const struct project *pr)
{
    for (size_t i = 0; i < r->plan.count; i++) {
        const struct file_plan *fp = &r->plan.files[i];
        const char *path = fp->file->path;
        if (fp->after.ptr != NULL && fs_kind(&r->root, path) == FS_FILE &&
            fs_kind(pr->root, path) == FS_ABSENT)
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

/*-- a request ---------------------------------------------------------------------------------*/

/* What waits on the branch, there or, where no remote is asked, here; absent: nothing does. */
static bool find_waiting(struct context *ctx, struct release *r, relver_str *tip)
{
    bool merged = true;
    r->there = NULL;
    if (r->online && !stand_ask(r->stand))
        return false;
    if (r->online)
        r->there = stand_branch(r->stand, relver_s(r->branch));
    if (r->there != NULL ? !stand_fetch(r->stand, r->there)
                         : !repo_ref(r->repo, ctx->arena, ref_of(ctx, r), &r->here, &ctx->fail))
        return false;
    *tip = r->there != NULL ? r->there->oid : r->here;
    if (tip->ptr != NULL && !repo_below(r->repo, *tip, r->head, &merged, &ctx->fail))
        return false;
    if (merged)
        tip->ptr = NULL;
    return true;
}

bool release_wait(struct context *ctx, struct release *r)
{
    struct project head = r->project;
    struct spoken s = spoken_of(ctx->arena, &head);
    relver_str tip;
    r->branch = name_branch(ctx, &s);
    r->online = !ctx->opt.offline && !ctx->opt.dry_run &&
                (r->stand->named || repo_has_remotes(r->repo));
    if (!find_waiting(ctx, r, &tip) || tip.ptr == NULL)
        return ctx->fail.status == 0;
    r->head = tip;
    r->waits = true;
    return repo_view(r->repo, ctx->arena, head.root, tip, &r->root, &ctx->fail) &&
           project_load(ctx, &r->root, &r->project) && (release_aim(&r->project, &head), true);
}

static bool make_request(struct context *ctx, struct release *r, const struct project *pr,
                         const struct plan *plan)
{
    struct arena *a = ctx->arena;
    const char *ref = ref_of(ctx, r), *remote = r->stand->remote;
    relver_str oid = r->head, into = r->stand->branch;
    relver_str seen = r->there != NULL ? r->there->oid : relver_s(NULL);
    if (plan->count == 0 && !r->waits)
        return true;
    if ((plan->count > 0 &&
         !repo_commit_on(r->repo, a, r->head, cmd_changes(ctx, pr->root->below, plan),
                         plan->count, r->message, ctx->opt.signoff, &oid, &ctx->fail)) ||
        !(r->online ? remote_push(r->repo, a, remote, oid, ref, seen, &ctx->fail)
                    : relver_eq(oid, r->here) ||
                          repo_move(r->repo, a, ref, r->here, oid, &ctx->fail)))
        return false;
    if (plan->count > 0)
        r->made = oid;
    const char *order = r->online ? "" : arena_printf(a, "git push %s %s, then ", remote,
                                                      r->branch);
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
    text_safef(t, ": %.*s\n", STR(line));
}

void release_foretell(const struct release *r, struct text *t)
{
    if (r->branch != NULL)
        text_addf(t, "branch %s\n", r->branch);
    for (relver_str line, rest = r->message; str_line(&rest, &line);)
        text_safef(t, "%s%.*s\n", line.len > 0 ? "    " : "", STR(line));
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
