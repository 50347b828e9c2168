/* relver branch - release lines: cut one from the remote's main, which goes on to the next; retire
   one; or begin its branch at a tag. All of it happens on the remote: what main gets is a commit on
   its tip, made without a checkout. Each step looks first whether it is done. */
#include "cmd.h"
#include "line.h"
#include "passport.h"
#include "scan.h"
#include "steps.h"
#include "str.h"

const struct option branch_options[] = {
    {"next", 0, OPTION_TEXT, OPTION_AT(next), "V",
     "what main goes on to; default: the next minor, as a dev version where it has one now"},
    {"retire", 0, OPTION_FLAG, OPTION_AT(retire), NULL, "take the branch off the nightly list"},
    {"hotfix", 0, OPTION_TEXT, OPTION_AT(hotfix), "TAG",
     "begin the branch of a line that has none at a tag of it"},
    {"push", 0, OPTION_FLAG, OPTION_AT(push), NULL, "push to main, whatever `merge` says"},
    {"pr", 0, OPTION_FLAG, OPTION_AT(pr), NULL, "push to a branch for a pull request instead"},
    {"signoff", 0, OPTION_FLAG, OPTION_AT(signoff), NULL, "add Signed-off-by to the commit"},
    {"override", 0, OPTION_LIST, OPTION_AT(overrides), "GATE=WHY",
     "go past a gate and say why; branch: cut a line that main is past"},
    {0},
};

struct cut {
    struct context *ctx;
    struct root root;
    struct stand *stand;
    relver_str main; /* the name of the branch */
    struct project project; /* as it is in the commit `base` */
    relver_str base;
    struct unit *unit;
    relver_str line, branch;
    bool past; /* main has left the line behind; where its version is not written, nobody knows */
    struct plan plan;
    const char *message;
    struct steps steps;
    const char *request; /* the branch that waits to be merged; NULL: none */
};

/*-- the remote ----------------------------------------------------------------------------------*/

static bool open_remote(struct cut *c)
{
    struct context *ctx = c->ctx;
    struct project here = {.root = &c->root};
    if (!project_root(ctx, &c->root) ||
        !project_settle(ctx, ctx->opt.dry_run ? PROJECT_READ : PROJECT_WRITE, &c->root) ||
        !config_load(ctx->arena, &c->root, ctx->opt.config, &here.config, &ctx->fail) ||
        (c->stand = stand_open(ctx, &here)) == NULL || !stand_ask(c->stand))
        return false;
    c->steps.stand = c->stand;
    c->main = stand_main(c->stand);
    return c->main.ptr != NULL || ctx_fail(ctx, 2, "git.main", "git remote -v",
                                           "'%s' has neither a branch main nor master",
                                           c->stand->remote);
}

/* The project as it is at the tip of a branch there. */
static bool load(struct cut *c, relver_str branch)
{
    const struct remote_ref *tip = stand_branch(c->stand, branch);
    c->base = tip->oid;
    c->unit = stand_load(c->stand, tip, &c->root, &c->project)
                  ? project_one(c->ctx, &c->project, "relver branch") : NULL;
    return c->unit != NULL;
}

/*-- what main gets ------------------------------------------------------------------------------*/

/* The first version of the next line. */
static relver_str next(struct cut *c)
{
    struct arena *a = c->ctx->arena;
    bool dev = passport_stage(c->unit, c->unit->version) == STAGE_DEV;
    if (c->ctx->opt.next != NULL)
        return relver_s(c->ctx->opt.next);
    return str_bumped(a, c->unit->scheme, relver_s(arena_printf(a, "%.*s.0", STR(c->line))),
                      dev ? "minor dev" : "minor");
}

/* The branch is put on the nightly list, or taken off; what is so already stays. */
static bool plan_list(struct cut *c)
{
    struct arena *a = c->ctx->arena;
    bool retire = c->ctx->opt.retire;
    relver_str path = settings_text(&c->project.config.top, KEY_NIGHTLY_BRANCHES);
    struct file *f = arena_alloc(a, sizeof *f);
    relver_edit edit;
    relver_buf scratch = str_room(a, c->branch.len + 256);
    struct branch_list list;
    relver_diag diag;
    size_t i = 0;
    if (path.ptr == NULL)
        return !retire || ctx_usage(c->ctx, "relver.toml names no nightly-branches");
    *f = (struct file){.path = arena_dup(a, path.ptr, path.len), .kind = FILE_EXTRA,
                       .format = RELVER_YAML};
    if (!fs_read(c->project.root, a, f->path, &f->text, &c->ctx->fail))
        return false;
    relver_err err = line_list(a, f->text, &list, &diag);
    while (err == RELVER_OK && i < list.count && !relver_eq(list.names[i], c->branch))
        i++;
    if (err == RELVER_OK && (i < list.count) != retire)
        return true;
    if (err == RELVER_OK)
        err = retire ? relver_cut(f->text, RELVER_YAML,
                                  relver_s(arena_printf(a, "%s[%zu]", list.key, i)), &edit, &diag)
                     : relver_add(f->text, RELVER_YAML,
                                  relver_s(arena_printf(a, "%s[]", list.key)), c->branch, &scratch,
                                  &edit, &diag);
    return err == RELVER_OK ? plan_add(a, &c->plan, f, &edit, 1, &c->ctx->fail)
                            : scan_fail(a, f, &diag, &c->ctx->fail);
}

static bool plan(struct cut *c)
{
    struct context *ctx = c->ctx;
    bool moves = !ctx->opt.retire && !c->past && c->unit->version.ptr != NULL;
    c->plan = (struct plan){NULL, 0, 0};
    if (moves && !cmd_aim(ctx, &c->project, next(c)))
        return false;
    moves = moves && !relver_eq(c->unit->target, c->unit->version);
    c->message = moves ? arena_printf(ctx->arena, "Begin %.*s", STR(c->unit->target))
                       : arena_printf(ctx->arena, "%s nightly builds of %.*s",
                                      ctx->opt.retire ? "End" : "Begin", STR(c->branch));
    return (!moves || (plan_make(ctx->arena, &c->project, &c->plan, &ctx->fail) &&
                       plan_apply(ctx->arena, &c->plan, &ctx->fail))) &&
           plan_list(c);
}

/* On main's tip; for a pull request on what waits to be merged already, if there is any. */
static bool plan_main(struct cut *c)
{
    struct context *ctx = c->ctx;
    relver_str merge = settings_text(&c->project.config.top, KEY_MERGE), tip = c->base;
    bool merged = true;
    if (!plan(c))
        return false;
    if (c->plan.count > 0 && (ctx->opt.pr || (!ctx->opt.push && str_is(merge, "pull-request"))))
        c->request = arena_printf(ctx->arena, "relver/%s-%.*s",
                                  ctx->opt.retire ? "retire" : "branch", STR(c->line));
    relver_str to = c->request != NULL ? relver_s(c->request) : c->main;
    const struct remote_ref *waits = stand_branch(c->stand, to);
    if (c->request != NULL && waits != NULL &&
        (!stand_fetch(c->stand, waits) ||
         !repo_below(c->stand->repo, waits->oid, tip, &merged, &ctx->fail) ||
         (!merged && (!load(c, to) || !plan(c)))))
        return false;
    if (c->plan.count > 0)
        steps_push(&c->steps, to, relver_s(NULL),
                   arena_printf(ctx->arena, "'%s' on %.*s", c->message, STR(c->base)));
    return true;
}

/*-- which branch --------------------------------------------------------------------------------*/

/* Begins the branch where it is not there: at main's tip, or at a tag, which one that is there must
   hold. */
static bool plan_branch(struct cut *c, const struct remote_ref *tag)
{
    struct context *ctx = c->ctx;
    const struct remote_ref *there = stand_branch(c->stand, c->branch);
    bool below = true;
    if (there == NULL)
        steps_push(&c->steps, c->branch, tag != NULL ? tag->commit : c->base, NULL);
    if (tag == NULL || there == NULL)
        return tag == NULL || stand_fetch(c->stand, tag);
    return stand_fetch(c->stand, tag) && stand_fetch(c->stand, there) &&
           repo_below(c->stand->repo, tag->commit, there->oid, &below, &ctx->fail) &&
           (below || ctx_fail(ctx, 6, "git.branch", "merge the tag there by hand",
                              "'%.*s' on '%s' is without '%s'", STR(c->branch), c->stand->remote,
                              ctx->opt.hotfix));
}

static bool plan_line(struct cut *c)
{
    struct context *ctx = c->ctx;
    struct arena *a = ctx->arena;
    const char *name = ctx->opt.hotfix;
    const struct remote_ref *tag = NULL;
    relver_str own = line_of(a, c->unit, c->unit->version), tagged = {NULL, 0};
    int order = 0;
    if (name != NULL) {
        tag = remote_find(c->stand->refs, c->stand->count, arena_printf(a, "refs/tags/%s", name));
        tagged = check_read_tag(c->unit, relver_s(name));
    }
    if (name != NULL && (tag == NULL || tagged.ptr == NULL))
        return ctx_usage(ctx, "'%s' has no tag '%s' of '%.*s'", c->stand->remote, name,
                         STR(c->unit->name));
    c->line = name != NULL ? line_of(a, c->unit, tagged) : relver_s(ctx->operands[0]);
    if (!relver_eq(line_of(a, c->unit, c->line), c->line) || c->line.len == 0)
        return ctx_usage(ctx, "'%.*s' is no release line, such as 0.2", STR(c->line));
    c->branch = line_branch(a, c->unit, c->line);
    relver_compare(RELVER_PEP440, own, c->line, &order, NULL);
    c->past = own.ptr != NULL && order > 0;
    if (c->past && name == NULL && !ctx->opt.retire &&
        stand_branch(c->stand, c->branch) == NULL && !cmd_overridden(ctx, "branch"))
        return ctx_fail(ctx, 1, "branch",
                        "relver branch --hotfix TAG, or add --override branch=WHY",
                        "'%.*s' on '%s' is at %.*s, past the line %.*s", STR(c->main),
                        c->stand->remote, STR(c->unit->version), STR(c->line));
    return (ctx->opt.retire || plan_branch(c, tag)) && (name != NULL || plan_main(c));
}

/*-- doing it, and saying so ---------------------------------------------------------------------*/

/* Before anything is pushed, as a commit can be given up; the last push is its. */
static bool commit(struct cut *c)
{
    struct context *ctx = c->ctx;
    return ctx->opt.dry_run || c->plan.count == 0 ||
           repo_commit_on(c->stand->repo, ctx->arena, c->base,
                          cmd_changes(ctx, c->root.below, &c->plan), c->plan.count,
                          relver_s(c->message), ctx->opt.signoff,
                          &c->steps.at[c->steps.count - 1].oid, &ctx->fail);
}

static void branch(struct cut *c)
{
    struct context *ctx = c->ctx;
    struct text json = {.arena = ctx->arena};
    if (!steps_confirm(&c->steps) || !commit(c) || !steps_take(&c->steps))
        return;
    if (ctx->opt.dry_run && !ctx->opt.json)
        cmd_diff(ctx, &c->plan);
    json_begin(&json);
    json_bool(&json, "dry_run", ctx->opt.dry_run);
    json_str(&json, "branch", c->branch);
    json_str(&json, "request", relver_s(c->request));
    steps_print(&c->steps, &json);
    if (c->request != NULL && !ctx->opt.dry_run)
        fail_set(&ctx->fail, ctx->arena, 3, "request", NULL,
                 c->steps.count > 0 ? "all pushed" : "nothing changed",
                 arena_printf(ctx->arena, "open a pull request of '%s', and merge it", c->request),
                 "'%s' waits to be merged into '%.*s' on '%s'", c->request, STR(c->main),
                 c->stand->remote);
}

int cmd_branch(struct context *ctx)
{
    struct cut c = {.ctx = ctx};
    bool hotfix = ctx->opt.hotfix != NULL;
    if (ctx->count != !hotfix || (hotfix && ctx->opt.retire))
        ctx_usage(ctx, "name one release line, such as 0.2, or --hotfix TAG");
    else if (open_remote(&c) && load(&c, c.main) && plan_line(&c))
        branch(&c);
    if (c.stand != NULL)
        repo_close(c.stand->repo);
    return ctx->fail.status;
}
