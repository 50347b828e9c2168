/* relver tag - the tags of a release, behind the gates: made once, pushed once, moved never */
#define _POSIX_C_SOURCE 200809L /* isatty */
#include "cmd.h"
#include "github.h"
#include "line.h"
#include "notes.h"
#include "passport.h"
#include "stamp.h"
#include "str.h"
#include "template.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
    relver_str name, commit;
    relver_str message;             /* absent: lightweight */
    relver_str oid;                 /* what it says here; absent: it is not there */
    const struct remote_ref *there; /* on the remote; NULL: it is not there */
};

/* What is to be done, in this order. */
struct step {
    enum { HAVE, TAG, PUSH, REMOVE } act;
    const char *ref;
    relver_str oid; /* of the commit; REMOVE: what the tag says */
    relver_str seen; /* PUSH: what the remote's says */
    struct target *tag; /* NULL: a branch */
};
static const char *const words[] = {"already there:", "tag", "push", "remove"};

struct job {
    struct context *ctx;
    struct project project;
    struct stand *stand;
    struct target *at;
    size_t count;
    struct step *steps;
    size_t step_count;
    bool pushes; /* one of them does */
};

/*-- which tags ----------------------------------------------------------------------------------*/

/* Exit code 6 when the tag is on another commit. */
static bool add_target(struct job *j, struct unit *u, relver_str name, relver_str commit)
{
    struct context *ctx = j->ctx;
    struct target t = {.unit = u, .name = name, .commit = commit};
    if (!stand_tag(j->stand, name, commit, &t.oid, &t.there))
        return false;
    for (size_t i = 0; i < j->count; i++)
        if (relver_eq(j->at[i].name, name))
            return relver_eq(j->at[i].commit, commit) ||
                   ctx_fail(ctx, 6, "git.tag", "relver bump NAME=WHAT",
                            "two commits would have the tag '%.*s': %.*s and %.*s", STR(name),
                            STR(commit), STR(j->at[i].commit));
    t.ref = arena_printf(ctx->arena, "refs/tags/%.*s", STR(name));
    j->at = arena_more(ctx->arena, j->at, j->count, sizeof t);
    j->at[j->count++] = t;
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

/* The tip of one of the remote's branches, with its objects. */
static bool fetch(struct job *j, relver_str branch, relver_str *tip)
{
    struct context *ctx = j->ctx;
    const struct remote_ref *ref = stand_branch(j->stand, branch);
    if (ref == NULL)
        return ctx_fail(ctx, 1, "git.branch",
                        arena_printf(ctx->arena, "git ls-remote --heads %s", j->stand->remote),
                        "'%s' has no branch '%.*s'", j->stand->remote, STR(branch));
    *tip = ref->oid;
    return stand_fetch(j->stand, ref);
}

/* On the main branch: HEAD, when it is on that, else the remote's; without one, HEAD. */
static bool dev_targets(struct job *j)
{
    struct findings found = {j->ctx->arena, NULL, 0};
    relver_str name = stand_main(j->stand), tip = j->stand->head;
    bool elsewhere = name.ptr != NULL && !relver_eq(name, j->stand->branch);
    if (!(elsewhere ? fetch(j, name, &tip) : gate_behind(j->stand, &found)))
        return false;
    return (found.count == 0 || cmd_report(j->ctx, &found)) && add_targets(j, &j->project, tip);
}

/* The project as it is on one of the remote's branches, without a checkout. */
static bool nightly_branch(struct job *j, relver_str branch, const struct stamp *stamp)
{
    struct context *ctx = j->ctx;
    struct project *pr = arena_alloc(ctx->arena, sizeof *pr);
    struct root *root = arena_alloc(ctx->arena, sizeof *root);
    relver_str tip;
    if (!fetch(j, branch, &tip) ||
        !repo_view(j->stand->repo, ctx->arena, j->project.root, tip, root, &ctx->fail) ||
        !project_load(ctx, root, pr))
        return false;
    for (size_t i = 0; i < pr->unit_count; i++)
        if (!pr->units[i]->silent && !stamp_aim(ctx->arena, stamp, pr->units[i], &ctx->fail))
            return false;
    return add_targets(j, pr, tip);
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

static void add_step(struct job *j, struct step step)
{
    j->steps = arena_more(j->ctx->arena, j->steps, j->step_count, sizeof step);
    j->steps[j->step_count++] = step;
    j->pushes = j->pushes || step.act == PUSH;
}

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
    add_step(j, (struct step){PUSH, arena_printf(ctx->arena, "refs/heads/%.*s", STR(s->branch)),
                              s->head, tip != NULL ? tip->oid : relver_s(NULL), NULL});
    return true;
}

/* Dev and nightly tags are names of a commit; a release's tag says what it is. */
static bool write_message(struct job *j, struct target *t)
{
    struct context *ctx = j->ctx;
    const struct options *o = &ctx->opt;
    const struct settings *set = t->unit->settings;
    struct filling with = {.unit = t->unit};
    struct text text = {.arena = ctx->arena};
    relver_str tmpl = set->value[KEY_TAG_MESSAGE].text, notes;
    if (tmpl.ptr == NULL)
        tmpl = relver_s(set->own_version ? "Release {name} {version}" : "Release {version}");
    t->message = relver_s(o->message != NULL ? o->message : "");
    if (o->message == NULL && !o->dev && !o->nightly &&
        ((str_has(tmpl, "{changes}") &&
          !notes_read(ctx->arena, &j->project, t->unit, relver_s(NULL), &notes, &with.changes,
                      &ctx->fail)) ||
         !template_fill(ctx->arena, KEY_TAG_MESSAGE, tmpl, &with, &t->message, &ctx->fail)))
        return false;
    text_add(&text, t->message.ptr, t->message.len);
    for (size_t i = 0; i < o->overrides.count && text.len > 0; i++)
        text_addf(&text, "%s\nRelver-Override: %s", i == 0 ? "\n" : "", o->overrides.at[i]);
    if (text.len == 0 && o->overrides.count > 0)
        note(ctx->arena, "a lightweight tag does not say why a gate was passed over");
    t->message = text.len > 0 ? relver_sn(text.ptr, text.len) : relver_s(NULL);
    return true;
}

static bool plan_tags(struct job *j)
{
    bool lacks;
    if (!pass_gates(j, &lacks) || (lacks && j->ctx->opt.push && !add_branch(j)))
        return false;
    for (size_t i = 0; i < j->count; i++) {
        struct target *t = &j->at[i];
        bool have = t->oid.ptr != NULL || t->there != NULL;
        if (!have && !write_message(j, t))
            return false;
        add_step(j, (struct step){have ? HAVE : TAG, t->ref, t->commit, {NULL, 0}, t});
    }
    for (size_t i = 0; i < j->count && j->ctx->opt.push; i++)
        if (j->at[i].there == NULL)
            add_step(j, (struct step){PUSH, j->at[i].ref, j->at[i].commit, {NULL, 0}, &j->at[i]});
    return true;
}

static bool plan_undo(struct job *j)
{
    struct context *ctx = j->ctx;
    for (size_t i = 0; i < j->count; i++) {
        struct target *t = &j->at[i];
        if (t->there != NULL)
            return ctx_fail(ctx, 1, "git.tag", "relver bump patch",
                            "'%s' has the tag '%.*s': what is out stays out", j->stand->remote,
                            STR(t->name));
        if (t->oid.ptr != NULL)
            add_step(j, (struct step){REMOVE, t->ref, t->oid, {NULL, 0}, t});
    }
    return true;
}

/* One line for each step; before they are taken with the messages. */
static void print_steps(struct job *j, bool before, FILE *to)
{
    struct text t = {.arena = j->ctx->arena}, json = t;
    text_adds(&t, j->step_count == 0 ? "nothing to do\n" : "");
    json_begin(&json);
    json_bool(&json, "dry_run", j->ctx->opt.dry_run);
    json_open(&json, "steps", '[');
    for (size_t i = 0; i < j->step_count; i++) {
        const struct step *p = &j->steps[i];
        relver_str line, rest = before && p->act == TAG ? p->tag->message : relver_s("");
        json_open(&json, NULL, '{');
        json_str(&json, "do", relver_s(p->act == HAVE ? NULL : words[p->act]));
        json_str(&json, "ref", relver_s(p->ref));
        json_str(&json, "oid", p->oid);
        json_close(&json, '}');
        text_addf(&t, "%s %s %.*s", words[p->act], p->ref, STR(p->oid));
        text_addf(&t, p->act == PUSH ? " to %s\n" : "\n", j->stand->remote);
        while (str_line(&rest, &line)) {
            text_adds(&t, "    ");
            text_safe(&t, line.ptr, line.len);
            text_addc(&t, '\n');
        }
    }
    json_close(&json, ']');
    if (j->ctx->opt.json && to == stdout)
        json_end(&json);
    else if (before || !j->ctx->opt.quiet)
        fwrite(t.ptr, 1, t.len, to);
}

/*-- doing it ------------------------------------------------------------------------------------*/

bool cmd_confirmed(struct context *ctx)
{
    if (!isatty(STDIN_FILENO))
        return ctx_fail(ctx, 2, "confirm", arena_printf(ctx->arena, "%s -y", ctx->command),
                        "what is pushed cannot be taken back");
    fputs("push? [y/N] ", stderr);
    return getchar() == 'y' || ctx_fail(ctx, 1, "confirm", ctx->command, "not confirmed");
}

static bool take(struct job *j, const struct step *p)
{
    struct repo *r = j->stand->repo;
    struct arena *a = j->ctx->arena;
    struct target *t = p->tag;
    if (p->act == TAG)
        return repo_tag(r, a, t->name, p->oid, t->message, j->ctx->opt.sign, &t->oid,
                        &j->ctx->fail);
    if (p->act == REMOVE)
        return repo_move(r, a, p->ref, p->oid, relver_s(NULL), &j->ctx->fail);
    return p->act == HAVE || remote_push(r, a, j->stand->remote, t != NULL ? t->oid : p->oid,
                                         p->ref, p->seen, &j->ctx->fail);
}

/* A branch that is refused leaves nothing, since it goes first. */
static bool carry_out(struct job *j)
{
    struct fail *fail = &j->ctx->fail;
    struct text done = {.arena = j->ctx->arena};
    bool pushed = false;
    for (size_t i = 0; i < j->step_count; i++) {
        const struct step *p = &j->steps[i];
        if (!take(j, p)) {
            if (done.len > 0)
                fail->state = arena_printf(j->ctx->arena, "half way, done:%s", done.ptr);
            if (pushed && (fail->status == 1 || fail->status == 4))
                fail->status = 5;
            return false;
        }
        pushed = pushed || p->act == PUSH;
        if (p->act != HAVE)
            text_addf(&done, " %s %s", words[p->act], p->ref);
    }
    return true;
}

static bool tag(struct job *j)
{
    struct context *ctx = j->ctx;
    const struct options *o = &ctx->opt;
    bool local = !o->push && !o->dev && !o->nightly && !o->undo &&
                 cmd_overridden(ctx, "branch") && cmd_overridden(ctx, "version");
    if ((j->stand = stand_open(ctx, &j->project)) == NULL || (!local && !stand_ask(j->stand)) ||
        !(o->nightly ? nightly_targets(j)
          : o->dev   ? dev_targets(j)
                     : add_targets(j, &j->project, j->stand->head)) ||
        !(o->undo ? plan_undo(j) : plan_tags(j)))
        return false;
    bool ask = j->pushes && !o->yes && !o->dry_run;
    if (ask)
        print_steps(j, true, stderr);
    if ((ask && !cmd_confirmed(ctx)) || (!o->dry_run && !carry_out(j)))
        return false;
    print_steps(j, o->dry_run, stdout);
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
