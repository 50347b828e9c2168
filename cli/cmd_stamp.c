/* relver stamp - a version for one build, in a tree that is thrown away or restored */
#define _POSIX_C_SOURCE 200809L /* gmtime_r */
#include "check.h"
#include "cmd.h"
#include "repo.h"
#include "sha2.h"
#include "stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const struct option stamp_options[] = {
    {"sha", 0, OPTION_TEXT, OPTION_AT(sha), "OID", "the commit: a full object id; default: HEAD"},
    {"nightly", 0, OPTION_FLAG, OPTION_AT(nightly), NULL,
     "today's nightly version (UTC; SOURCE_DATE_EPOCH), in the form that `nightly` gives it"},
    {"exact", 0, OPTION_TEXT, OPTION_AT(exact), "V", "this version: to rehearse a release"},
    {"print", 0, OPTION_FLAG, OPTION_AT(print), NULL,
     "only print ECOSYSTEM NAME VERSION of each package"},
    {"env", 0, OPTION_FLAG, OPTION_AT(env), NULL,
     "only print the NAME=VALUE lines that build tools take a version from"},
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
    struct repo *repo; /* NULL: git cannot tell */
    relver_str head;
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
    return ctx_fail(ctx, 6, "record",
                    arena_printf(ctx->arena, "restore the files from git, then remove '%s/stamp'",
                                 root->state),
                    "the record that undoes the stamp is damaged");
}

/* What each file of the record holds now. */
static bool look(struct job *j)
{
    struct context *ctx = j->ctx;
    if (!fs_open_root(&j->top, ctx->arena, j->root->top, ctx->command, &ctx->fail))
        return false;
    j->top.dir = j->root->dir;
    j->top.lock = j->root->lock;
    j->now = arena_alloc(ctx->arena, j->record.count * sizeof *j->now);
    for (size_t i = 0; i < j->record.count; i++) {
        const char *path = j->record.files[i].path;
        if (!fs_read_if(&j->top, ctx->arena, path, &j->now[i], &ctx->fail))
            return false;
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
    return ctx_fail(ctx, 1, "stamped", "relver stamp --restore", "the tree is stamped (%.*s)%s",
                    STR(request), more);
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
    bool edited = relver_eq(j->record.request, j->request);
    *same = edited && j->count[STAMP_STAMPED] == j->record.count;
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
    if (!fs_commit(&j->top, ctx->arena, changes, n, &ctx->fail))
        return false;
    if (fs_record_drop(j->root, ctx->arena, &ctx->fail))
        return true;
    if (n > 0) { /* the files are back, the record is not gone: a second run sees to it */
        ctx->fail.status = 5;
        ctx->fail.state = "half way, restore";
    }
    return false;
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

static bool check_usage(struct context *ctx)
{
    const struct options *o = &ctx->opt;
    if ((o->sha != NULL) + o->nightly + (o->exact != NULL) + o->restore > 1)
        return ctx_usage(ctx, "only one of --sha, --nightly, --exact and --restore");
    if (o->print + o->env + o->restore > 1)
        return ctx_usage(ctx, "only one of --print, --env and --restore");
    return true;
}

/* After reproducible-builds.org's specification. */
bool cmd_now(struct context *ctx, relver_str *clock, long long *seconds)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t now = time(NULL);
    struct tm tm;
    char text[15];
    if (epoch != NULL && *epoch != '\0') {
        size_t digits = strspn(epoch, "0123456789");
        if (epoch[digits] != '\0' || digits > 12)
            return ctx_usage(ctx, "SOURCE_DATE_EPOCH is not a number of seconds");
        now = 0;
        for (const char *p = epoch; *p != '\0'; p++)
            now = now * 10 + (*p - '0');
    }
    if (gmtime_r(&now, &tm) == NULL || strftime(text, sizeof text, "%Y%m%d%H%M%S", &tm) != 14)
        return ctx_usage(ctx, "the date has no four-digit year");
    *clock = relver_sn(arena_dup(ctx->arena, text, 14), 14);
    *seconds = now;
    return true;
}

bool cmd_today(struct context *ctx, relver_str *date)
{
    long long seconds;
    bool ok = cmd_now(ctx, date, &seconds);
    date->len = 8;
    return ok;
}

static bool find_commit(struct job *j)
{
    struct context *ctx = j->ctx;
    j->stamp.oid = ctx->opt.sha != NULL ? relver_s(ctx->opt.sha) : j->head;
    return j->stamp.oid.ptr != NULL ||
           ctx_fail(ctx, 2, "no-commit", "relver stamp --sha OID", "git names no commit here");
}

/* What is asked for, and the one line that says so. */
static bool choose(struct job *j)
{
    static const char *const words[] = {"id", "nightly", "exact"};
    struct context *ctx = j->ctx;
    struct stamp *s = &j->stamp;
    struct text t = {.arena = ctx->arena};
    s->kind = ctx->opt.nightly ? STAMP_NIGHTLY : ctx->opt.exact != NULL ? STAMP_EXACT : STAMP_ID;
    s->exact = relver_s(ctx->opt.exact);
    if ((s->kind == STAMP_NIGHTLY && !cmd_today(ctx, &s->date)) ||
        (s->kind == STAMP_ID && !find_commit(j)) || !stamp_open(ctx->arena, s, &ctx->fail))
        return false;
    relver_str what = s->kind == STAMP_ID ? s->id : s->kind == STAMP_EXACT ? s->exact : s->date;
    text_safef(&t, "%s %.*s", words[s->kind], STR(what)); /* the record has one line for it */
    if (*j->root->below != '\0')
        text_safef(&t, " in %s", j->root->below);
    for (size_t i = 0; i < ctx->opt.packages.count; i++)
        text_safef(&t, " %s", ctx->opt.packages.at[i]);
    j->request = relver_sn(t.ptr, t.len);
    return true;
}

/* Git is asked for HEAD, and for the tags at or below it. */
static bool open_git(struct job *j)
{
    struct context *ctx = j->ctx;
    if (ctx->opt.exact != NULL)
        return true;
    return repo_open(ctx->arena, j->root, &j->repo, &ctx->fail) &&
           (j->repo == NULL || repo_head(j->repo, ctx->arena, &j->head, &ctx->fail));
}

static bool is_tag_of(const struct unit *u, relver_str version, relver_str tag)
{
    int order;
    return relver_compare(u->scheme, check_read_tag(u, tag), version, &order, NULL) == RELVER_OK &&
           order == 0;
}

/* A build must not sort below a release that it comes after. */
static bool not_released(struct job *j, const struct project *pr, const struct unit *u)
{
    struct context *ctx = j->ctx;
    struct repo_tag *tags;
    size_t n, one = 1;
    relver_str base = stamp_base(ctx->arena, &j->stamp, u);
    if (j->repo == NULL || j->head.ptr == NULL || j->stamp.kind == STAMP_EXACT)
        return true;
    if (!repo_tags(j->repo, ctx->arena, &tags, &n, &ctx->fail))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool below = false;
        if (!is_tag_of(u, base, tags[i].name))
            continue;
        if (!repo_peel(j->repo, ctx->arena, &tags[i], &one, &ctx->fail) ||
            (one == 1 && !repo_below(j->repo, tags[i].commit, j->head, &below, &ctx->fail)))
            return false;
        const char *next = pr->lead != NULL && !u->silent ? "relver bump patch"
                           : arena_printf(ctx->arena, "relver bump %.*s=patch", STR(u->name));
        if (below)
            return ctx_fail(ctx, 1, "released", next,
                            "%.*s of '%.*s' is released: there is the tag '%.*s'", STR(base),
                            STR(u->name), STR(tags[i].name));
    }
    return true;
}

/* Units whose version nobody could say are passed over where others have one. */
static bool has_version(const struct job *j, const struct unit *u)
{
    bool dynamic = false;
    for (size_t i = 0; i < u->count; i++)
        dynamic = dynamic || u->packages[i]->dynamic;
    return u->version.ptr != NULL || (dynamic && j->stamp.kind == STAMP_EXACT);
}

static bool aim(struct job *j, const struct project *pr)
{
    struct context *ctx = j->ctx;
    struct unit **units;
    size_t count, aimed = 0;
    bool whole = j->stamp.kind == STAMP_EXACT && ctx->opt.packages.count == 0;
    if (!project_units(ctx, pr, &units, &count))
        return false;
    if (whole && pr->lead == NULL)
        return ctx_fail(ctx, 2, "ambiguous", "relver stamp --exact V -p NAME",
                        "several packages have versions of their own");
    for (size_t i = 0; i < count; i++) {
        bool apart = whole && units[i]->version.ptr != NULL && units[i]->silent &&
                     units[i] != pr->lead;
        if (apart || !has_version(j, units[i]))
            continue;
        if (!not_released(j, pr, units[i]) ||
            !stamp_aim(ctx->arena, &j->stamp, units[i], &ctx->fail))
            return false;
        aimed++;
    }
    return aimed > 0 || ctx_fail(ctx, 2, "no-version", "relver stamp --exact V",
                                 "there is no version to be stamped");
}

/*-- saying so -----------------------------------------------------------------------------------*/

/* The packages that have a version, and the stamped one of each. */
static bool add_packages(struct context *ctx, const struct project *pr, struct text *t)
{
    for (size_t i = 0; i < pr->package_count; i++) {
        const struct package *p = pr->packages[i];
        relver_str version;
        if (p->unit->target.ptr == NULL || (p->version == NULL && !p->dynamic))
            continue;
        if (!plan_version(ctx->arena, p, &version, &ctx->fail))
            return false;
        if (ctx->opt.json)
            json_package(t, p, version);
        else
            text_safef(t, "%s %.*s %.*s\n", eco_name(p->eco), STR(p->name), STR(version));
    }
    return true;
}

static void add_env(struct context *ctx, const struct project *pr, struct text *t)
{
    struct stamp_env *env;
    size_t n;
    stamp_env(ctx->arena, pr, &env, &n);
    for (size_t i = 0; i < n; i++)
        if (env[i].value.ptr != NULL && ctx->opt.json)
            json_str(t, env[i].name, env[i].value);
        else if (env[i].value.ptr != NULL)
            text_addf(t, "%s=%.*s\n", env[i].name, STR(env[i].value));
}

/* plan: NULL when versions are only printed. */
static bool say(struct context *ctx, const struct project *pr, const struct plan *plan)
{
    struct text t = {.arena = ctx->arena};
    bool json = ctx->opt.json, env = ctx->opt.env, dry = plan != NULL && ctx->opt.dry_run;
    text_adds(&t, "");
    if (json) {
        json_begin(&t);
        json_open(&t, env ? "env" : "packages", env ? '{' : '[');
    }
    if (env)
        add_env(ctx, pr, &t);
    else if (!add_packages(ctx, pr, &t))
        return false;
    if (json) {
        json_close(&t, env ? '}' : ']');
        if (plan != NULL) {
            json_bool(&t, "dry_run", dry);
            json_number(&t, "edits", plan->edits);
            json_number(&t, "files", plan->count);
        }
        json_end(&t);
        return true;
    }
    if (plan != NULL)
        cmd_counts(ctx, plan, "; relver stamp --restore undoes them", &t);
    if (dry)
        cmd_diff(ctx, plan);
    if (plan == NULL || !ctx->opt.quiet)
        fwrite(t.ptr, 1, t.len, dry ? stderr : stdout);
    return true;
}

static bool print(struct job *j)
{
    struct project pr;
    return choose(j) && project_load(j->ctx, j->root, &pr) && aim(j, &pr) && say(j->ctx, &pr, NULL);
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
    bool prints = ctx->opt.print || ctx->opt.env;
    bool ok = check_usage(ctx) && project_root(ctx, &root) &&
              project_settle(ctx, prints || ctx->opt.dry_run ? PROJECT_READ : PROJECT_WRITE, &root);
    if (ok && !ctx->opt.restore)
        ok = open_git(&j);
    ok = ok && (ctx->opt.restore ? restore(&j) : prints ? print(&j) : stamp(&j));
    repo_close(j.repo);
    return ok ? 0 : ctx->fail.status;
}
