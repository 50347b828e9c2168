#define _POSIX_C_SOURCE 200809L /* isatty */
#include "steps.h"

#include "str.h"

#include <stdio.h>
#include <unistd.h>

static const char *const words[] = {"already there:", "tag", "push", "remove"};

void steps_add(struct steps *s, struct step step)
{
    *ARENA_NEW(s->stand->ctx->arena, s->at, s->count) = step;
}

void steps_push(struct steps *s, relver_str branch, relver_str oid, const char *what)
{
    const struct remote_ref *there = stand_branch(s->stand, branch);
    const char *ref = arena_printf(s->stand->ctx->arena, "refs/heads/%.*s", STR(branch));
    steps_add(s, (struct step){.act = STEP_PUSH, .ref = ref, .oid = oid, .what = what,
                               .seen = there != NULL ? there->oid : relver_s(NULL)});
}

/* One line for each; before they are taken with the messages. */
static struct text list(const struct steps *s, bool before)
{
    struct text t = {.arena = s->stand->ctx->arena};
    text_adds(&t, s->count == 0 ? "nothing to do\n" : "");
    for (const struct step *p = s->at; p < s->at + s->count; p++) {
        relver_str line, rest = before && p->act == STEP_TAG ? p->message : relver_s("");
        text_addf(&t, "%s %s %.*s", words[p->act], p->ref,
                  STR(p->oid.ptr != NULL ? p->oid : relver_s(p->what)));
        text_addf(&t, p->act == STEP_PUSH ? " to %s\n" : "\n", s->stand->remote);
        while (str_line(&rest, &line))
            text_safef(&t, "    %.*s\n", STR(line));
    }
    return t;
}

void steps_print(const struct steps *s, struct text *json)
{
    const struct options *o = &s->stand->ctx->opt;
    struct text t = list(s, o->dry_run);
    if (!o->json && (o->dry_run || !o->quiet))
        fwrite(t.ptr, 1, t.len, stdout);
    json_open(json, "steps", '[');
    for (const struct step *p = s->at; p < s->at + s->count; p++) {
        json_open(json, NULL, '{');
        json_str(json, "do", relver_s(p->act == STEP_HAVE ? NULL : words[p->act]));
        json_str(json, "ref", relver_s(p->ref));
        json_str(json, "oid", p->oid);
        json_close(json, '}');
    }
    json_close(json, ']');
    if (o->json)
        json_end(json);
}

bool steps_ask(struct context *ctx, const struct text *plan, const char *act)
{
    if (ctx->opt.yes || ctx->opt.dry_run)
        return true;
    fwrite(plan->ptr, 1, plan->len, stderr);
    if (!isatty(STDIN_FILENO))
        return ctx_fail(ctx, 2, "confirm", arena_printf(ctx->arena, "%s -y", ctx->command),
                        "nobody can be asked whether to %s", act);
    fprintf(stderr, "%s? [y/N] ", act);
    return getchar() == 'y' || ctx_fail(ctx, 1, "confirm", ctx->command, "not confirmed");
}

bool steps_confirm(const struct steps *s)
{
    struct text plan = list(s, true);
    for (size_t i = 0; i < s->count; i++)
        if (s->at[i].act == STEP_PUSH)
            return steps_ask(s->stand->ctx, &plan, "push");
    return true;
}

void steps_half(struct context *ctx, const struct text *done, bool forever)
{
    struct fail *fail = &ctx->fail;
    if (done->len > 0)
        fail->state = arena_printf(ctx->arena, "half way, done:%s", done->ptr);
    if (forever && (fail->status == 1 || fail->status == 4))
        fail->status = 5;
}

/* What is pushed of a tag is what it says here by now. */
static bool take(const struct stand *s, const struct step *p)
{
    struct arena *a = s->ctx->arena;
    struct fail *fail = &s->ctx->fail;
    relver_str name = relver_s(p->ref), oid = p->oid;
    bool tag = str_starts(name, "refs/tags/");
    if (p->act == STEP_HAVE && tag && !repo_ref(s->repo, a, p->ref, &oid, fail))
        return false;
    if (p->act == STEP_TAG || (p->act == STEP_HAVE && tag && oid.ptr != NULL)) /* or its lock */
        return repo_tag(s->repo, a, str_from(name, 10), p->oid, p->message, s->ctx->opt.sign, &oid,
                        fail);
    if (p->act == STEP_REMOVE)
        return repo_move(s->repo, a, p->ref, oid, relver_s(NULL), fail);
    return p->act == STEP_HAVE || ((!tag || repo_ref(s->repo, a, p->ref, &oid, fail)) &&
                                   remote_push(s->repo, a, s->remote, oid, p->ref, p->seen, fail));
}

bool steps_take(struct steps *s)
{
    struct text done = {.arena = s->stand->ctx->arena};
    bool pushed = false;
    for (size_t i = 0; i < s->count && !s->stand->ctx->opt.dry_run; i++) {
        const struct step *p = &s->at[i];
        if (!take(s->stand, p)) {
            steps_half(s->stand->ctx, &done, pushed);
            return false;
        }
        pushed = pushed || p->act == STEP_PUSH;
        if (p->act != STEP_HAVE)
            text_addf(&done, " %s %s", words[p->act], p->ref);
    }
    return true;
}
