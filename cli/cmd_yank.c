/* relver yank - withdraws a version: nobody new shall get it, though what is out stays out

   As publish does, it asks the registries, acts on one thing and asks again, whatever the tool that
   did it has to say. What is so already is not done, so the same command goes on. */
#include "cmd.h"
#include "outlet.h"
#include "steps.h"
#include "str.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>

const struct option yank_options[] = {
    {"reason", 0, OPTION_TEXT, OPTION_AT(reason), "TEXT", "what npm tells those who install it"},
    {"to", 0, OPTION_LIST, OPTION_AT(registries), "NAME",
     "only on this registry, instead of relver.toml's `to`; may be repeated"},
    {"undo", 0, OPTION_FLAG, OPTION_AT(undo), NULL, "take it back: the version is as good as any"},
    {0},
};

const char yank_more[] =
    "cargo yanks it; npm deprecates it, once no dist-tag names it any more. PyPI has a page for\n"
    "people only: it is named, and the exit code is 3 until the version is yanked there.\n";

struct act {
    struct outlet *o;
    enum tool_act act;
    const char *tag;    /* TOOL_TAG: it shall name this version .. */
    relver_str version;
    relver_str seen;    /* .. in place of that one */
    const char *reason; /* that npm shall have; NULL: any */
    bool had;           /* it was so before */
    struct run run;     /* no arguments: only people can */
    const char *line;   /* what is typed, or done there */
};

struct job {
    struct context *ctx;
    struct project project;
    struct outlets outlets;
    struct act *at;
    size_t count;
};

static const char *const words[TOOL_ACTS] = {"", "dist-tag", "withdraw", "restore"};

static bool is_so(void *what)
{
    const struct act *s = what;
    const struct published *p = s->o->found;
    if (s->act == TOOL_TAG)
        return relver_eq(registry_tag(&s->o->listing, s->tag), s->version);
    return p != NULL && p->withdrawn == (s->act == TOOL_WITHDRAW) &&
           (!p->withdrawn || s->reason == NULL || str_is(p->why, s->reason));
}

/*-- the plan ------------------------------------------------------------------------------------*/

static bool add(struct job *j, struct outlet *o, enum tool_act act, const char *tag,
                relver_str version)
{
    struct arena *a = j->ctx->arena;
    struct act s = {.o = o, .act = act, .tag = tag, .version = version};
    struct tool_job job = {.act = act, .at = o->listing.at, .name = o->listing.name,
                           .version = version, .tag = relver_s(tag),
                           .root = j->project.root->path};
    job.reason = relver_s(j->ctx->opt.reason != NULL ? j->ctx->opt.reason : "it was withdrawn");
    s.reason = o->eco == RELVER_NPM ? j->ctx->opt.reason : NULL;
    s.seen = registry_tag(&o->listing, tag);
    s.had = is_so(&s);
    if (o->eco == RELVER_PEP440)
        s.line = act == TOOL_RESTORE
                     ? arena_printf(a, "%s/manage/project/%.*s/releases/: Options of %.*s, Un-yank",
                                    job.at->url, STR(job.name), STR(version))
                     : arena_printf(a, "%s/manage/project/%.*s/release/%.*s/: Yank release, with "
                                    "the reason: %.*s", job.at->url, STR(job.name), STR(version),
                                    STR(job.reason));
    else if (!s.had && !tool_find(a, &job, &s.run, &j->ctx->fail))
        return false;
    else if (!s.had)
        s.line = tool_line(a, &s.run);
    *ARENA_NEW(a, j->at, j->count) = s;
    return true;
}

/* Where a dist-tag goes back to: the highest stable version before the one that is withdrawn, else
   the highest there is; for a line's own dist-tag one of that line. Absent: there is none. */
static relver_str back(struct arena *a, const struct outlet *o, relver_str tag)
{
    relver_str best[2] = {{NULL, 0}, {NULL, 0}};
    for (size_t i = 0; i < o->listing.count; i++) {
        const struct published *p = &o->listing.releases[i];
        relver_semver v;
        int order = 0, higher = 1;
        if (p->withdrawn || relver_semver_parse(p->version, &v, NULL) != RELVER_OK ||
            v.pre.ptr != NULL || (str_starts(tag, "release-") && !str_is(tag,
                arena_printf(a, "release-%.*s.%.*s", STR(v.major), STR(v.minor)))))
            continue;
        relver_compare(RELVER_NPM, p->version, o->version, &order, NULL);
        relver_str *to = &best[order > 0];
        relver_compare(RELVER_NPM, p->version, *to, &higher, NULL);
        if (order != 0 && higher > 0)
            *to = p->version;
    }
    return best[best[0].ptr == NULL];
}

/* No dist-tag may name it; or again the one that should. */
static bool add_tags(struct job *j, struct outlet *o)
{
    struct arena *a = j->ctx->arena;
    const struct listing *l = &o->listing;
    const char *lost = outlet_lacks_tag(a, o);
    if (j->ctx->opt.undo || j->ctx->opt.fix)
        return lost == NULL || add(j, o, TOOL_TAG, lost, o->found->version);
    for (size_t i = 0; i < l->tag_count; i++) {
        relver_str tag = l->tags[i].name, to = back(a, o, tag);
        if (!relver_eq(l->tags[i].version, o->found->version))
            continue;
        if (to.ptr == NULL)
            note(a, "no stable version of %.*s is left for the dist-tag %.*s: it stays",
                 STR(l->name), STR(tag));
        else if (!add(j, o, TOOL_TAG, arena_dup(a, tag.ptr, tag.len), to))
            return false;
    }
    return true;
}

/* The dist-tags first, so that nobody is sent to what is withdrawn. */
static bool plan(struct job *j)
{
    struct context *ctx = j->ctx;
    struct findings unknown = {ctx->arena, NULL, 0};
    bool undo = ctx->opt.undo, any = false;
    struct outlet *end = j->outlets.at + j->outlets.count;
    for (struct outlet *o = j->outlets.at; o < end; o++)
        outlet_known(o, &unknown);
    if (unknown.count > 0)
        return cmd_report(ctx, &unknown);
    for (int pass = 0; pass < 2; pass++)
        for (struct outlet *o = j->outlets.at; o < end; o++) {
            bool there = o->found != NULL && !o->found->gone;
            if (!there && pass == 0 && !ctx->opt.quiet)
                note(ctx->arena, "%s %.*s %.*s: is not on %s", eco_name(o->eco),
                     STR(o->listing.name), STR(o->version), o->listing.at->name);
            any = any || there;
            if (there && !(pass == undo ? o->eco != RELVER_NPM || add_tags(j, o)
                                        : add(j, o, undo ? TOOL_RESTORE : TOOL_WITHDRAW, NULL,
                                              o->found->version)))
                return false;
        }
    return any || ctx_fail(ctx, 1, "absent", "relver verify",
                           "no registry has this version, so there is nothing to withdraw");
}

/* A line for each, with what is typed or opened; and the document that is begun. */
static struct text list(const struct job *j, struct text *json)
{
    struct text t = {.arena = j->ctx->arena};
    json_open(json, "steps", '[');
    for (const struct act *s = j->at; s < j->at + j->count; s++) {
        const struct listing *l = &s->o->listing;
        bool people = s->o->eco == RELVER_PEP440;
        text_safef(&t, "%s%s %s %.*s %.*s on %s%s%s\n",
                   s->had ? "already so: " : people ? "by hand: " : "", words[s->act],
                   eco_name(s->o->eco), STR(l->name), STR(s->version), l->at->name,
                   s->tag != NULL ? ": " : "", s->tag != NULL ? s->tag : "");
        if (!s->had)
            text_safef(&t, "    %s\n", s->line);
        json_open(json, NULL, '{');
        json_str(json, "do", relver_s(s->had ? NULL : words[s->act]));
        json_str(json, "ecosystem", relver_s(eco_name(s->o->eco)));
        json_str(json, "name", l->name);
        json_str(json, "version", s->version);
        json_str(json, "registry", relver_s(l->at->name));
        json_str(json, "dist_tag", relver_s(s->tag));
        json_str(json, people ? "by_hand" : "command", relver_s(s->line));
        json_close(json, '}');
    }
    json_close(json, ']');
    return t;
}

/*-- doing it ------------------------------------------------------------------------------------*/

/* Why it is not so, though a tool was to see to it. */
static bool blame(struct job *j, const struct act *s, const struct ran *ran)
{
    struct context *ctx = j->ctx;
    const struct listing *l = &s->o->listing;
    relver_str line, said = ran->err;
    while (ran->status != 0 && str_line(&said, &line))
        note(ctx->arena, "%s: %.*s", s->run.argv[0], STR(line));
    if (!l->known)
        return ctx_fail(ctx, 4, l->code, ctx->command, "unknown: %s", l->what);
    if (ran->status == 0)
        return ctx_fail(ctx, 5, "visible", ctx->command, "%s does not show it yet", l->at->name);
    if (str_has(ran->err, "401") || str_has(ran->err, "403"))
        return ctx_fail(ctx, 4, "auth", s->line, "%s takes no such token for it: one of trusted "
                        "publishing can only publish", l->at->name);
    return ctx_fail(ctx, 1, "tool", s->line, "%s said exit code %d, and it is not so",
                    s->run.argv[0], ran->status);
}

static bool take(struct job *j, struct act *s, struct text *done)
{
    const struct listing *l = &s->o->listing;
    struct outlets one = {s->o, 1, false};
    struct ran ran = {0};
    if (s->had || s->run.argv == NULL)
        return true;
    if (s->tag != NULL && (!outlets_ask(j->ctx, &one) || !l->known))
        return j->ctx->fail.status == 0 && blame(j, s, &ran);
    if (s->tag != NULL && !relver_eq(registry_tag(l, s->tag), s->seen))
        return ctx_fail(j->ctx, 4, "dist-tag", j->ctx->command, "somebody moved %s meanwhile",
                        s->tag);
    if (!run(j->ctx->arena, &s->run, &ran, &j->ctx->fail))
        return false;
    bool so = outlet_await(j->ctx, s->o, is_so, s,
                           ran.status != 0 ? 0 : run_seconds(l->at->visible));
    if (so || ran.status == 0 || !l->known)
        text_addf(done, " %s %.*s%s", words[s->act], STR(l->name),
                  so ? "" : " (perhaps)");
    return so || (j->ctx->fail.status == 0 && blame(j, s, &ran));
}

/* What was done, or would be, and the number that is free for what comes in its place. */
static void print(struct job *j)
{
    struct context *ctx = j->ctx;
    struct text json = {.arena = ctx->arena};
    const char *next = ctx->opt.undo || ctx->opt.fix ? NULL
                                                     : outlet_bump(ctx->arena, j->outlets.at);
    if (ctx->opt.fix && (ctx->opt.json || !ctx->opt.dry_run))
        return; /* what verify says then is its result */
    json_begin(&json);
    json_bool(&json, "dry_run", ctx->opt.dry_run);
    struct text t = list(j, &json);
    json_str(&json, "next", relver_s(next));
    if (next != NULL)
        text_addf(&t, "next: %s\n", next);
    if (ctx->opt.json)
        json_end(&json);
    else if (ctx->opt.dry_run || !ctx->opt.quiet)
        fwrite(t.ptr, 1, t.len, stdout);
}

/* What people do is left to them. */
static bool carry_out(struct job *j, const char *word)
{
    struct context *ctx = j->ctx;
    struct text done = {.arena = ctx->arena}, json = done, shown = list(j, &json);
    bool acts = false, ok = true;
    for (const struct act *s = j->at; s < j->at + j->count; s++)
        acts = acts || s->run.argv != NULL;
    if (acts && !steps_ask(ctx, &shown, word))
        return false;
    for (struct act *s = j->at; s < j->at + j->count && ok && !ctx->opt.dry_run; s++)
        ok = take(j, s, &done);
    if (ok)
        print(j);
    for (const struct act *s = j->at; s < j->at + j->count && ok && !ctx->opt.dry_run; s++)
        ok = s->had || s->run.argv != NULL ||
             ctx_fail(ctx, 3, "by-hand", ctx->command, "it takes a person, on the page of %s",
                      s->o->listing.at->name);
    if (!ok)
        steps_half(ctx, &done, done.len > 0);
    return ok;
}

bool cmd_dist_tags(struct context *ctx, const struct project *project, struct outlets *outlets)
{
    struct job j = {.ctx = ctx, .project = *project, .outlets = *outlets};
    for (struct outlet *o = outlets->at; o < outlets->at + outlets->count; o++)
        if (o->eco == RELVER_NPM && strcmp(outlet_state(o), "out") == 0 && !add_tags(&j, o))
            return false;
    return carry_out(&j, "fix");
}

int cmd_yank(struct context *ctx)
{
    struct job j = {.ctx = ctx};
    struct unit *unit;
    if (ctx->count != 1 || (ctx->opt.undo && ctx->opt.reason != NULL))
        ctx_usage(ctx, "one version; and --undo takes no reason");
    else if (project_open(ctx, PROJECT_READ, &j.project) &&
             (unit = project_one(ctx, &j.project, ctx->command)) != NULL &&
             outlets_find(ctx, &j.project, &unit, 1, ctx->operands[0], &j.outlets) &&
             outlets_ask(ctx, &j.outlets) && plan(&j))
        carry_out(&j, "yank");
    return ctx->fail.status;
}
