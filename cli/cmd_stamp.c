/* relver stamp - a version for one build, in a tree that is thrown away or restored */
#define _POSIX_C_SOURCE 200809L /* gmtime_r */
#include "cmd.h"
#include "repo.h"
#include "sha256.h"
#include "stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const struct option stamp_options[] = {
    {"sha", 0, OPTION_TEXT, OPTION_AT(sha), "OID", "the commit: a full object id; default: HEAD"},
    {"restore", 0, OPTION_FLAG, OPTION_AT(restore), NULL, "put every file back, byte for byte"},
    {"override", 0, OPTION_LIST, OPTION_AT(overrides), "edited=WHY",
     "restore files, too, that something else wrote to meanwhile"},
    {0},
};

const char stamp_more[] =
    "npm packages become X.Y.Z-ID (X.Y.Z-rc.1.ID), crates X.Y.Z+ID, Python packages X.Y.Z+ID.\n";

struct job {
    struct context *ctx;
    struct root *root;
    struct root top; /* of the work tree: what the record's paths are relative to */
    struct stamp stamp;
    relver_str request;
    struct stamp_record record; /* what an earlier stamp left */
    relver_str *now;            /* what its files hold now */
    size_t count[3];            /* how many are in which stamp_state */
    const char *other;          /* the first that is neither */
};

/*-- the record ----------------------------------------------------------------------------------*/

static bool read_record(struct context *ctx, const struct root *root, struct stamp_record *record)
{
    relver_str text;
    memset(record, 0, sizeof *record);
    if (!fs_record_read(root, ctx->arena, &text, &ctx->fail))
        return false;
    if (text.ptr == NULL || stamp_read(ctx->arena, text, record))
        return true;
    return fail_set(&ctx->fail, ctx->arena, 6, "record", NULL, "nothing changed",
                    arena_printf(ctx->arena, "restore the files from git, then remove '%s/stamp'",
                                 root->state),
                    "the record that undoes the stamp is damaged");
}

/* What each file of the record holds now. */
static bool look(struct job *j)
{
    struct context *ctx = j->ctx;
    const struct fail none = {0};
    if (!fs_open_root(&j->top, ctx->arena, j->root->top, ctx->command, &ctx->fail))
        return false;
    j->top.dir = j->root->dir;
    j->top.lock = j->root->lock;
    j->now = arena_alloc(ctx->arena, j->record.count * sizeof *j->now);
    for (size_t i = 0; i < j->record.count; i++) {
        const char *path = j->record.files[i].path;
        if (!fs_read(&j->top, ctx->arena, path, &j->now[i], &ctx->fail)) {
            if (strcmp(ctx->fail.code, "io.absent") != 0)
                return false;
            ctx->fail = none;
            j->now[i] = relver_sn(NULL, 0);
        }
        enum stamp_state state = stamp_state(&j->record.files[i], j->now[i]);
        j->count[state]++;
        if (state == STAMP_OTHER && j->other == NULL)
            j->other = path;
    }
    return true;
}

bool cmd_stamped(struct context *ctx, const struct root *root, relver_str *request)
{
    struct stamp_record record;
    if (!read_record(ctx, root, &record))
        return false;
    *request = record.request;
    return true;
}

static bool refuse_stamped(struct context *ctx, relver_str request, const char *more)
{
    return fail_set(&ctx->fail, ctx->arena, 1, "stamped", NULL, "nothing changed",
                    "relver stamp --restore", "the tree is stamped (%.*s)%s", STR(request), more);
}

bool cmd_not_stamped(struct context *ctx, const struct root *root)
{
    relver_str request;
    if (!cmd_stamped(ctx, root, &request))
        return false;
    return request.ptr == NULL || refuse_stamped(ctx, request, "");
}

/* An earlier stamp: the same one is all that is wanted; one whose files were not reached counts for
   nothing; any other must be undone first. */
static bool settle_record(struct job *j, bool *same)
{
    struct context *ctx = j->ctx;
    *same = false;
    if (!read_record(ctx, j->root, &j->record) || !look(j))
        return false;
    if (j->record.request.ptr == NULL)
        return true;
    if (j->count[STAMP_ORIGINAL] == j->record.count)
        return ctx->opt.dry_run || fs_record_drop(j->root, ctx->arena, &ctx->fail);
    *same = relver_eq(j->record.request, j->request) &&
            j->count[STAMP_STAMPED] == j->record.count;
    bool edited = relver_eq(j->record.request, j->request);
    return *same || refuse_stamped(ctx, j->record.request,
                                   edited ? ", and its files changed since" : " already");
}

static relver_str make_record(struct job *j, const struct plan *plan)
{
    struct arena *a = j->ctx->arena;
    struct stamp_record r = {j->request, arena_alloc(a, plan->count * sizeof *r.files),
                             plan->count};
    for (size_t i = 0; i < plan->count; i++) {
        const struct file_plan *fp = &plan->files[i];
        r.files[i].path = arena_printf(a, "%s%s", j->root->below, fp->file->path);
        r.files[i].before = fp->file->text;
        stamp_digest(fp->after, r.files[i].after);
    }
    return stamp_write(a, &r);
}

/* The record first: a kill in between leaves one whose files are as they were. */
static bool carry_out(struct job *j, struct project *pr, const struct plan *plan)
{
    struct context *ctx = j->ctx;
    struct fail ignored = {0};
    if (plan->edits == 0)
        return true;
    if (!fs_record_write(j->root, ctx->arena, make_record(j, plan), &ctx->fail))
        return false;
    if (cmd_commit(ctx, pr, plan))
        return true;
    if (strcmp(ctx->fail.state, "nothing changed") == 0)
        fs_record_drop(j->root, ctx->arena, &ignored);
    return false;
}

static bool tell(const struct context *ctx, const char *what)
{
    if (!ctx->opt.quiet)
        fprintf(ctx->opt.dry_run ? stderr : stdout, "%s\n", what);
    return true;
}

/*-- restoring -----------------------------------------------------------------------------------*/

static bool put_back(struct job *j)
{
    struct context *ctx = j->ctx;
    struct fs_change *changes = arena_alloc(ctx->arena, j->record.count * sizeof *changes);
    size_t n = 0;
    for (size_t i = 0; i < j->record.count; i++) {
        const struct stamped *f = &j->record.files[i];
        if (stamp_state(f, j->now[i]) == STAMP_ORIGINAL)
            continue;
        struct fs_change c = {f->path, j->now[i], f->before};
        changes[n++] = c;
        if (ctx->opt.dry_run)
            printf("%s\n", f->path);
    }
    if (ctx->opt.dry_run)
        return true;
    return fs_commit(&j->top, ctx->arena, changes, n, &ctx->fail) &&
           fs_record_drop(j->root, ctx->arena, &ctx->fail);
}

static bool restore(struct job *j)
{
    struct context *ctx = j->ctx;
    if (!read_record(ctx, j->root, &j->record) || !look(j))
        return false;
    if (j->other != NULL && !cmd_overridden(ctx, "edited"))
        return fail_set(&ctx->fail, ctx->arena, 6, "file.changed", j->other, "nothing changed",
                        "relver stamp --restore --override edited=WHY, which loses that change",
                        "changed since the tree was stamped");
    if (!put_back(j))
        return false;
    size_t n = j->record.count - j->count[STAMP_ORIGINAL];
    if (n == 0)
        return tell(ctx, "nothing to restore");
    return tell(ctx, arena_printf(ctx->arena, "%zu file%s restored%s", n, n == 1 ? "" : "s",
                                  ctx->opt.dry_run ? " (dry run: nothing changed)" : ""));
}

/*-- what to stamp with --------------------------------------------------------------------------*/

static bool find_oid(struct job *j)
{
    struct context *ctx = j->ctx;
    struct repo *repo;
    j->stamp.oid = relver_s(ctx->opt.sha);
    if (ctx->opt.sha != NULL)
        return true;
    if (!repo_open(ctx->arena, j->root, &repo, &ctx->fail))
        return false;
    bool ok = repo == NULL || repo_head(repo, ctx->arena, &j->stamp.oid, &ctx->fail);
    repo_close(repo);
    return ok && (j->stamp.oid.ptr != NULL ||
                  fail_set(&ctx->fail, ctx->arena, 2, "no-commit", NULL, "nothing changed",
                           "relver stamp --sha OID", "git names no commit here"));
}

static bool choose(struct job *j)
{
    struct context *ctx = j->ctx;
    struct text t = {.arena = ctx->arena};
    if (!find_oid(j) || !stamp_open(ctx->arena, &j->stamp, &ctx->fail))
        return false;
    text_addf(&t, "id %.*s", STR(j->stamp.id));
    for (size_t i = 0; i < ctx->opt.packages.count; i++) {
        const char *name = ctx->opt.packages.at[i];
        text_addc(&t, ' ');
        text_safe(&t, name, strlen(name)); /* the record has one line for it */
    }
    j->request = relver_sn(t.ptr, t.len);
    return true;
}

/* Units without a version are passed over where others have one. */
static bool aim(struct job *j, const struct project *pr)
{
    struct context *ctx = j->ctx;
    struct unit **units;
    size_t count, aimed = 0;
    if (!project_units(ctx, pr, &units, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (units[i]->version.ptr == NULL)
            continue;
        if (!stamp_aim(ctx->arena, &j->stamp, units[i], &ctx->fail))
            return false;
        aimed++;
    }
    return aimed > 0 || fail_set(&ctx->fail, ctx->arena, 2, "no-version", NULL, "nothing changed",
                                 "relver status", "there is no version that could be stamped");
}

/*-- saying so -----------------------------------------------------------------------------------*/

/* The packages that have a version, and the stamped one of each. */
static bool print_packages(struct context *ctx, const struct project *pr)
{
    for (size_t i = 0; i < pr->package_count; i++) {
        const struct package *p = pr->packages[i];
        relver_str version;
        if (p->unit->target.ptr == NULL || (p->version == NULL && !p->dynamic))
            continue;
        if (!plan_version(ctx->arena, p, &version, &ctx->fail))
            return false;
        printf("%s %.*s %.*s\n", eco_name(p->eco), STR(p->name), STR(version));
    }
    return true;
}

static bool say(struct context *ctx, const struct project *pr, const struct plan *plan)
{
    if (ctx->opt.dry_run)
        cmd_diff(ctx, plan);
    if (ctx->opt.quiet || ctx->opt.dry_run)
        return true;
    if (!print_packages(ctx, pr))
        return false;
    printf("%zu edit%s in %zu file%s; relver stamp --restore undoes them\n", plan->edits,
           plan->edits == 1 ? "" : "s", plan->count, plan->count == 1 ? "" : "s");
    return true;
}

static bool stamp(struct job *j)
{
    struct context *ctx = j->ctx;
    struct project pr;
    struct plan plan;
    bool same;
    if (!choose(j) || !settle_record(j, &same))
        return false;
    if (same)
        return tell(ctx, "nothing to do");
    return project_load(ctx, j->root, &pr) && aim(j, &pr) &&
           plan_make(ctx->arena, &pr, &plan, &ctx->fail) &&
           plan_apply(ctx->arena, &plan, &ctx->fail) &&
           (ctx->opt.dry_run || carry_out(j, &pr, &plan)) && say(ctx, &pr, &plan);
}

int cmd_stamp(struct context *ctx)
{
    struct root root;
    struct job j = {.ctx = ctx, .root = &root};
    bool ok = project_root(ctx, &root) &&
              project_settle(ctx, ctx->opt.dry_run ? PROJECT_READ : PROJECT_WRITE, &root) &&
              (ctx->opt.restore ? restore(&j) : stamp(&j));
    return ok ? 0 : ctx->fail.status;
}
