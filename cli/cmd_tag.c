/* relver tag - the tags of a release, behind the gates: made once, pushed once, moved never */
#include "cmd.h"
#include "github.h"
#include "line.h"
#include "notes.h"
#include "passport.h"
#include "stamp.h"
#include "steps.h"
#include "str.h"
#include "template.h"

#include <string.h>

const struct option tag_options[] = {
    {"message", 'm', OPTION_TEXT, OPTION_AT(message), "TEXT",
     "the tag's message, instead of `tag-message`; empty: a lightweight tag"},
    {"sign", 0, OPTION_FLAG, OPTION_AT(sign), NULL, "sign it, with the key that git is set to use"},
    {"push", 0, OPTION_FLAG, OPTION_AT(push), NULL,
     "push the branch, then each tag alone, and read each back"},
    {"dev", 0, OPTION_FLAG, OPTION_AT(dev), NULL,
     "tag the main branch with the next version's `dev-tag`"},
    {"nightly", 0, OPTION_FLAG, OPTION_AT(nightly), NULL,
     "tag the remote's `nightly-branches`, or its one of this name, with tonight's version"},
    {"undo", 0, OPTION_FLAG, OPTION_AT(undo), NULL,
     "remove the tag here, as long as the remote does not have it"},
    {"override", 0, OPTION_LIST, OPTION_AT(overrides), "GATE=WHY",
     "go past a gate; the tag's message says why"},
    {0},
};

const char tag_more[] =
    "Every package gets its tag; of those released apart only those whose version has none yet,\n"
    "unless -p names them. A tag that is on this commit already is done.\n";

/* A tag that shall be there. */
struct target {
    struct unit *unit;
    const char *ref;
    relver_str commit;
    relver_str oid;                 /* what it says here; absent: it is not there */
    const struct remote_ref *there; /* on the remote; NULL: it is not there */
};

struct job {
    struct context *ctx;
    struct project project;
    struct stand *stand;
    struct target *at;
    size_t count;
    struct steps steps;
};

/*-- which tags ----------------------------------------------------------------------------------*/

/* Exit code 6 when the tag is on another commit. */
static bool add_target(struct job *j, struct unit *u, relver_str name, relver_str commit)
{
    struct context *ctx = j->ctx;
    struct target t = {.unit = u, .commit = commit};
    t.ref = arena_printf(ctx->arena, "refs/tags/%.*s", STR(name));
    if (!stand_tag(j->stand, name, commit, &t.oid, &t.there))
        return false;
    for (size_t i = 0; i < j->count; i++)
        if (strcmp(j->at[i].ref, t.ref) == 0)
            return relver_eq(j->at[i].commit, commit) ||
                   ctx_fail(ctx, 6, "git.tag", "relver bump NAME=WHAT",
                            "two commits would have the tag '%.*s': %.*s and %.*s", STR(name),
                            STR(commit), STR(j->at[i].commit));
    *ARENA_NEW(ctx->arena, j->at, j->count) = t;
    return true;
}

/* The tag that starts the next version's development: by default the release's own, with -dev. */
static bool dev_name(struct context *ctx, const struct unit *u, relver_str *name)
{
    relver_str tmpl = settings_text(u->settings, KEY_DEV_TAG), tag = unit_tag(u);
    struct filling with = {.unit = u};
    const char *text = arena_dup(ctx->arena, tag.ptr, tag.len), *hole = strstr(text, "{version");
    if (tmpl.ptr == NULL && hole != NULL)
        tmpl = relver_s(arena_printf(ctx->arena, "%.*s{next}-dev%s", (int)(hole - text), text,
                                     strchr(hole, '}') + 1));
    return template_fill(ctx->arena, KEY_DEV_TAG, tmpl, &with, name, &ctx->fail);
}

/* The tags of a project's units on a commit. Of those released apart, one whose tag is elsewhere
   was released before. */
static bool add_targets(struct job *j, const struct project *pr, relver_str commit)
{
    struct context *ctx = j->ctx;
    struct unit **units;
    size_t count, before = j->count;
    bool apart = ctx->opt.packages.count == 0 && pr->lead == NULL;
    struct fail elsewhere = {0};
    if (!project_released(ctx, pr, &units, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        relver_str name;
        if (!(ctx->opt.dev ? dev_name(ctx, units[i], &name)
                           : passport_tag(ctx->arena, units[i], &name, &ctx->fail)))
            return false;
        if (add_target(j, units[i], name, commit))
            continue;
        if (!apart || ctx->fail.status != 6)
            return false;
        elsewhere = ctx->fail;
        ctx->fail = (struct fail){0};
    }
    if (j->count == before)
        ctx->fail = elsewhere;
    return ctx->fail.status == 0;
}

static const struct remote_ref *tip_of(struct job *j, relver_str branch)
{
    struct context *ctx = j->ctx;
    const struct remote_ref *tip = stand_branch(j->stand, branch);
    if (tip == NULL)
        ctx_fail(ctx, 1, "git.branch",
                 arena_printf(ctx->arena, "git ls-remote --heads %s", j->stand->remote),
                 "'%s' has no branch '%.*s'", j->stand->remote, STR(branch));
    return tip;
}

/* On the main branch: HEAD, when it is on that, else the remote's; without one, HEAD. */
static bool dev_targets(struct job *j)
{
    struct findings found = {j->ctx->arena, NULL, 0};
    relver_str name = stand_main(j->stand);
    if (name.ptr != NULL && !relver_eq(name, j->stand->branch)) {
        const struct remote_ref *tip = tip_of(j, name);
        return stand_fetch(j->stand, tip) && add_targets(j, &j->project, tip->oid);
    }
    return gate_behind(j->stand, &found) && (found.count == 0 || cmd_report(j->ctx, &found)) &&
           add_targets(j, &j->project, j->stand->head);
}

static bool nightly_branch(struct job *j, relver_str branch, const struct stamp *stamp)
{
    struct project *pr = arena_alloc(j->ctx->arena, sizeof *pr);
    const struct remote_ref *tip = tip_of(j, branch);
    if (tip == NULL || !stand_load(j->stand, tip, j->project.root, pr))
        return false;
    for (size_t i = 0; i < pr->unit_count; i++)
        if (!pr->units[i]->silent && !stamp_aim(j->ctx->arena, stamp, pr->units[i], &j->ctx->fail))
            return false;
    return add_targets(j, pr, tip->oid);
}

static bool nightly_targets(struct job *j)
{
    struct context *ctx = j->ctx;
    relver_str path = settings_text(&j->project.config.top, KEY_NIGHTLY_BRANCHES), text;
    struct stamp stamp = {.kind = STAMP_NIGHTLY};
    struct branch_list list = {NULL, &j->stand->branch, 1};
    relver_diag diag = {.what = "it has no list of branches"};
    const char *file = arena_printf(ctx->arena, "%.*s", STR(path));
    if (!cmd_today(ctx, &stamp.date) ||
        (path.ptr != NULL && !fs_read(j->project.root, ctx->arena, file, &text, &ctx->fail)))
        return false;
    if (path.ptr != NULL && line_list(ctx->arena, text, &list, &diag) != RELVER_OK)
        return fail_set(&ctx->fail, ctx->arena, 2, "nightly-branches", file, "nothing changed",
                        "correct the file", "%s", diag.what);
    for (size_t i = 0; i < list.count; i++)
        if (!nightly_branch(j, list.names[i], &stamp))
            return false;
    return true;
}

/*-- what is to be done --------------------------------------------------------------------------*/

/* The gates of a release; what is there, and on the remote when it shall, has passed them. */
static bool pass_gates(struct job *j, bool *lacks)
{
    struct context *ctx = j->ctx;
    struct gating g = {.ctx = ctx, .project = &j->project, .stand = j->stand};
    g.units = arena_alloc(ctx->arena, j->count * sizeof *g.units);
    g.tags.at = arena_alloc(ctx->arena, j->count * sizeof *g.tags.at);
    for (size_t i = 0; i < j->count; i++)
        if (j->at[i].there == NULL && (j->at[i].oid.ptr == NULL || ctx->opt.push)) {
            g.units[g.unit_count++] = j->at[i].unit;
            g.tags.at[g.tags.count++] = j->at[i].ref;
        }
    *lacks = g.unit_count > 0;
    return !*lacks || ctx->opt.dev || ctx->opt.nightly || cmd_gates(&g);
}

/* The branch that brings HEAD to the remote goes before the tags; past its gate only they go. */
static bool add_branch(struct job *j)
{
    const struct stand *s = j->stand;
    struct context *ctx = j->ctx;
    const struct remote_ref *tip = stand_branch(s, s->branch);
    if (s->branch.ptr == NULL || !relver_eq(j->at[0].commit, s->head) || ctx->opt.nightly ||
        cmd_overridden(ctx, "branch") || (tip != NULL && relver_eq(tip->oid, s->head)))
        return true;
    if (str_is(settings_text(&j->project.config.top, KEY_MERGE), "pull-request"))
        return ctx_fail(ctx, 3, "git.protected",
                        arena_printf(ctx->arena, "merge it, then run `%s` again", ctx->command),
                        "'%.*s' on '%s' lacks this commit, and merge = \"pull-request\"",
                        STR(s->branch), s->remote);
    steps_push(&j->steps, s->branch, s->head, NULL);
    return true;
}

/* Dev and nightly tags are names of a commit; a release's tag says what it is. */
static bool write_message(struct job *j, const struct unit *u, relver_str *out)
{
    struct context *ctx = j->ctx;
    const struct options *o = &ctx->opt;
    struct filling with = {.unit = u};
    struct text text = {.arena = ctx->arena};
    relver_str tmpl = u->settings->value[KEY_TAG_MESSAGE].text, notes;
    if (tmpl.ptr == NULL)
        tmpl = relver_s(u->settings->own_version ? "Release {name} {version}"
                                                 : "Release {version}");
    *out = relver_s(o->message != NULL ? o->message : "");
    if (o->message == NULL && !o->dev && !o->nightly &&
        ((str_has(tmpl, "{changes}") && !notes_read(ctx->arena, &j->project, u, relver_s(NULL),
                                                    &notes, &with.changes, &ctx->fail)) ||
         !template_fill(ctx->arena, KEY_TAG_MESSAGE, tmpl, &with, out, &ctx->fail)))
        return false;
    text_add(&text, out->ptr, out->len);
    for (size_t i = 0; i < o->overrides.count && text.len > 0; i++)
        text_addf(&text, "%s\nRelver-Override: %s", i == 0 ? "\n" : "", o->overrides.at[i]);
    if (text.len == 0 && o->overrides.count > 0)
        note(ctx->arena, "a lightweight tag does not say why a gate was passed over");
    *out = text.len > 0 ? relver_sn(text.ptr, text.len) : relver_s(NULL);
    return true;
}

static bool plan_tags(struct job *j)
{
    bool lacks;
    if (!pass_gates(j, &lacks) || (lacks && j->ctx->opt.push && !add_branch(j)))
        return false;
    for (size_t i = 0; i < j->count; i++) {
        const struct target *t = &j->at[i];
        bool have = t->oid.ptr != NULL || t->there != NULL;
        struct step step = {.act = have ? STEP_HAVE : STEP_TAG, .ref = t->ref, .oid = t->commit};
        if (!have && !write_message(j, t->unit, &step.message))
            return false;
        steps_add(&j->steps, step);
    }
    for (const struct target *t = j->at; t < j->at + j->count && j->ctx->opt.push; t++)
        if (t->there == NULL)
            steps_add(&j->steps, (struct step){STEP_PUSH, .ref = t->ref, .oid = t->commit});
    return true;
}

static bool plan_undo(struct job *j)
{
    struct context *ctx = j->ctx;
    for (size_t i = 0; i < j->count; i++) {
        const struct target *t = &j->at[i];
        if (t->there != NULL)
            return ctx_fail(ctx, 1, "git.tag", "relver bump patch",
                            "'%s' has the tag '%s': what is out stays out", j->stand->remote,
                            t->ref + strlen("refs/tags/"));
        if (t->oid.ptr != NULL)
            steps_add(&j->steps, (struct step){STEP_REMOVE, .ref = t->ref, .oid = t->oid});
    }
    return true;
}

/*-- doing it ------------------------------------------------------------------------------------*/

static bool tag(struct job *j)
{
    struct context *ctx = j->ctx;
    const struct options *o = &ctx->opt;
    struct text json = {.arena = ctx->arena};
    bool local = !o->push && !o->dev && !o->nightly && !o->undo &&
                 cmd_overridden(ctx, "branch") && cmd_overridden(ctx, "version");
    if ((j->stand = stand_open(ctx, &j->project)) == NULL || (!local && !stand_ask(j->stand)))
        return false;
    j->steps.stand = j->stand;
    if (!(o->nightly ? nightly_targets(j)
          : o->dev   ? dev_targets(j)
                     : add_targets(j, &j->project, j->stand->head)) ||
        !(o->undo ? plan_undo(j) : plan_tags(j)) ||
        !steps_confirm(&j->steps) || !steps_take(&j->steps))
        return false;
    json_begin(&json);
    json_bool(&json, "dry_run", o->dry_run);
    steps_print(&j->steps, &json);
    return o->dry_run || github_output(ctx->arena, &j->project, &ctx->fail);
}

int cmd_tag(struct context *ctx)
{
    struct job j = {.ctx = ctx};
    const struct options *o = &ctx->opt;
    if (ctx->count > 0 || (o->dev && o->nightly) || (o->undo && (o->push || o->sign)))
        ctx_usage(ctx, "-p names packages; of --dev and --nightly one, and --undo without --push");
    else if (project_open(ctx, o->dry_run ? PROJECT_READ : PROJECT_WRITE, &j.project) &&
             cmd_not_stamped(ctx, j.project.root))
        tag(&j);
    if (j.stand != NULL)
        repo_close(j.stand->repo);
    return ctx->fail.status;
}
