/* relver publish - uploads what is missing, each thing once and behind what it needs

   There is no journal. What the registries say is the plan: it is asked for before, and again after
   each upload, whatever the tool that made it has to say. So what was cut short is finished by
   running the same command again. */
#define _POSIX_C_SOURCE 200809L
#include "cmd.h"
#include "outlet.h"
#include "steps.h"
#include "str.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const struct option publish_options[] = {
    {"to", 0, OPTION_LIST, OPTION_AT(registries), "NAME",
     "only to this registry, instead of relver.toml's `to`; may be repeated"},
    {"from", 0, OPTION_TEXT, OPTION_AT(from), "DIR",
     "upload the npm tarballs, wheels and sdists that lie in DIR"},
    {"override", 0, OPTION_LIST, OPTION_AT(overrides), "GATE=WHY", "go past the gate clean"},
    {0},
};

const char publish_more[] =
    "cargo, npm or pnpm, and twine or uv do the uploading, with the tokens that they know of.\n"
    "What a registry has already stays as it is; what is missing comes in the order of need.\n";

/* One package for one registry. */
struct upload {
    struct outlet *outlet;
    struct upload **needs; /* what must be seen before it */
    size_t need_count;
    bool *soft;           /* that need is only for its development */
    size_t search;        /* that came by it last */
    bool placed;          /* it has its place in the order */
    struct tool_job tool;
    struct run run;
    bool out;             /* the registry shows all of it */
    bool sent;            /* it was uploaded just now */
};

/* How often something was uploaded where only so much is taken. */
struct tally {
    const struct endpoint *at;
    bool fresh;
    struct upload_rate rate;
    size_t count;
};

struct job {
    struct context *ctx;
    struct project project;
    struct outlets outlets;
    struct upload *at, **order;
    size_t count, searches;
    struct tally *tallies;
    size_t tally_count;
    struct text done;
    bool begun; /* something was uploaded, or may have been */
};

/*-- in what order -------------------------------------------------------------------------------*/

static void add_need(struct job *j, struct upload *u, struct upload *on, bool soft)
{
    struct arena *a = j->ctx->arena;
    u->soft = arena_more(a, u->soft, u->need_count, sizeof *u->soft);
    u->soft[u->need_count] = soft;
    *ARENA_NEW(a, u->needs, u->need_count) = on;
}

/* That of a package at the same registry as another's. */
static struct upload *upload_of(struct job *j, const struct package *p, const struct upload *beside)
{
    for (size_t i = 0; i < j->count && p != NULL; i++)
        if (j->at[i].outlet->package == p &&
            j->at[i].outlet->listing.at == beside->outlet->listing.at)
            return &j->at[i];
    return NULL;
}

/* Whether a key path is of what only a package's own development needs, or its user brings. */
static bool is_soft(const char *key)
{
    return strstr(key, "dev-dependencies") != NULL || strstr(key, "devDependencies") != NULL ||
           strstr(key, "peerDependencies") != NULL || strstr(key, "dependency-groups") != NULL;
}

/* The workspace's requirement that a member takes over as "dependencies.NAME". */
static const struct package *shared_package(const struct file *root, relver_str key)
{
    static const char head[] = "workspace.dependencies.";
    const char *name = strstr(key.ptr, "dependencies.") + strlen("dependencies.");
    size_t n = strlen(name);
    for (size_t i = 0; i < root->count; i++) {
        const struct place *p = &root->places[i];
        const char *rest = p->key + strlen(head);
        if (p->kind == PLACE_REQUIREMENT && strncmp(p->key, head, strlen(head)) == 0 &&
            strncmp(rest, name, n) == 0 && (rest[n] == '\0' || strcmp(rest + n, ".version") == 0))
            return p->package;
    }
    return NULL;
}

/* Of a package at several registries each waits for the one before. */
static void find_needs(struct job *j, struct upload *u)
{
    const struct package *p = u->outlet->package;
    const struct file *f = p != NULL ? p->manifest : NULL;
    for (struct upload *before = j->at; before < u; before++)
        if (before->outlet->eco == u->outlet->eco &&
            relver_name_eq(u->outlet->eco, before->outlet->listing.name, u->outlet->listing.name))
            add_need(j, u, before, false);
    for (size_t i = 0; f != NULL && i < f->count + f->shared_count; i++) {
        const struct place *place = i < f->count ? &f->places[i] : NULL;
        relver_str key = place != NULL ? relver_s(place->key) : f->shared[i - f->count];
        const struct package *on = place == NULL ? shared_package(f->root, key)
                                   : place->kind == PLACE_REQUIREMENT ? place->package : NULL;
        struct upload *need = on != p ? upload_of(j, on, u) : NULL;
        if (need != NULL && strncmp(key.ptr, "workspace.", 10) != 0)
            add_need(j, u, need, is_soft(key.ptr));
    }
    const struct package *loader = f != NULL && f->root->napi ? f->root->self : NULL;
    struct upload *loads = loader != p ? upload_of(j, loader, u) : NULL;
    if (loads != NULL && str_starts(str_from(relver_s(f->dir), strlen(f->root->dir)), "npm/"))
        add_need(j, loads, u, false);
}

/* Whether one needs another by way of others. */
static bool reaches(struct job *j, struct upload *from, const struct upload *to)
{
    struct upload **seen = NULL;
    size_t n = 0;
    j->searches++;
    *ARENA_NEW(j->ctx->arena, seen, n) = from;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < seen[i]->need_count; k++) {
            struct upload *need = seen[i]->needs[k];
            if (need == to)
                return true;
            if (need->search != j->searches)
                *ARENA_NEW(j->ctx->arena, seen, n) = need;
            need->search = j->searches;
        }
    return false;
}

static bool is_ready(const struct upload *u)
{
    bool ready = !u->placed;
    for (size_t i = 0; i < u->need_count; i++)
        ready = ready && u->needs[i]->placed;
    return ready;
}

/* cargo's, npm's, PyPI's: wheels and npm's binaries are built from crates. */
static int rank(const struct upload *u)
{
    return u->outlet->eco == RELVER_CARGO ? 0 : (int)u->outlet->eco;
}

/* By ecosystem, and there behind what it needs; where that goes in a circle, which only needs for
   development may, those do not count. A circle of others is for its tool to complain about. */
static void sort(struct job *j)
{
    for (struct upload *u = j->at; u < j->at + j->count; u++)
        find_needs(j, u);
    for (struct upload *u = j->at; u < j->at + j->count; u++)
        for (size_t i = u->need_count; i-- > 0;)
            if (u->soft[i] && reaches(j, u->needs[i], u)) {
                u->needs[i] = u->needs[--u->need_count];
                u->soft[i] = u->soft[u->need_count];
            }
    j->order = arena_alloc(j->ctx->arena, j->count * sizeof *j->order);
    for (size_t n = 0; n < j->count; n++) {
        struct upload *next = NULL, *any = NULL;
        for (struct upload *u = j->at; u < j->at + j->count; u++) {
            if (is_ready(u) && (next == NULL || rank(u) < rank(next)))
                next = u;
            any = u->placed ? any : u;
        }
        j->order[n] = next != NULL ? next : any;
        j->order[n]->placed = true;
    }
}

/*-- what is missing -----------------------------------------------------------------------------*/

/* The version is there, and every file of it that is here. */
static bool is_out(void *what)
{
    struct upload *u = what;
    const struct published *found = u->outlet->found;
    bool out = u->outlet->listing.known && found != NULL && !found->withdrawn;
    for (size_t i = 0; i < u->outlet->built.count; i++)
        out = out && outlet_file(u->outlet, u->outlet->built.at[i].name) != NULL;
    return u->out = out;
}

/* "npm demo 1.2.0" */
static const char *label(struct job *j, const struct upload *u)
{
    const struct outlet *o = u->outlet;
    return arena_printf(j->ctx->arena, "%s %.*s %.*s", eco_name(o->eco), STR(o->listing.name),
                        STR(o->version));
}

/* A finding that ends all before anything is done. */
static void object(struct job *j, struct findings *out, const struct upload *u, int status,
                   const char *code, const char *what, const char *next)
{
    struct finding *f = check_find(out, code, NULL, "%s: %s %s", label(j, u), what,
                                   u->outlet->listing.at->name);
    f->status = status;
    f->next = next;
}

static bool judge(struct job *j)
{
    struct findings found = {j->ctx->arena, NULL, 0};
    bool fine = true;
    for (struct upload *u = j->at; u < j->at + j->count; u++) {
        struct outlet *o = u->outlet;
        if (!is_out(u) && !o->listing.known)
            outlet_verify(o, &found);
        else if (o->listing.at->plain && memchr(o->version.ptr, '+', o->version.len) != NULL)
            object(j, &found, u, 2, "version", "no version with a '+' is for", "relver bump patch");
        else if (o->found != NULL && o->found->withdrawn)
            object(j, &found, u, 6, "withdrawn", "the number is used up: it is withdrawn from",
                   outlet_bump(found.arena, o));
        else if (!cmd_overridden(j->ctx, "digest") && !outlet_conflict(j->ctx, o, &found))
            return false;
    }
    for (size_t i = 0; i < found.count; i++) /* what is only warned of is for verify to say */
        fine = fine && found.at[i].status == 0;
    return fine || cmd_report(j->ctx, &found);
}

/*-- how it is uploaded --------------------------------------------------------------------------*/

/* Whether a package is one of a pnpm workspace. */
static bool is_pnpm(const struct project *pr, const struct package *p)
{
    for (size_t i = 0; p != NULL && i < pr->file_count; i++)
        if ((pr->files[i]->kind == FILE_PNPM || pr->files[i]->kind == FILE_PNPM_LOCK) &&
            str_starts(relver_s(p->manifest->dir), pr->files[i]->dir))
            return true;
    return false;
}

/* The command that makes what is to be uploaded, as far as anybody has told. */
static const char *build_command(struct job *j)
{
    const struct value *run = settings_entry(&j->project.config.top, KEY_RUN, "build");
    return run != NULL && run->count > 0 && run->items[0].kind == VALUE_TEXT
               ? arena_printf(j->ctx->arena, "%.*s", STR(run->items[0].text))
               : "build it, then run the same command again";
}

/* npm's own directory is built when it is packed; of files, those that are not there yet. */
static bool add_files(struct job *j, struct upload *u)
{
    struct arena *a = j->ctx->arena;
    const struct outlet *o = u->outlet;
    if (o->package != NULL && o->eco == RELVER_CARGO)
        return true;
    if (o->package != NULL && o->eco == RELVER_NPM && j->ctx->opt.from == NULL)
        list_add(a, &u->tool.files, arena_printf(a, "./%s", o->package->manifest->dir));
    for (size_t i = 0; i < o->built.count; i++)
        if (outlet_file(o, o->built.at[i].name) == NULL)
            list_add(a, &u->tool.files,
                     arena_printf(a, "%s%s", o->built.at[i].path[0] == '/' ? "" : "./",
                                  o->built.at[i].path));
    return u->tool.files.count > 0 ||
           ctx_fail(j->ctx, 1, "absent", build_command(j), "%s: there is no file of it here",
                    label(j, u));
}

static bool prepare(struct job *j, struct upload *u, bool dirty)
{
    struct context *ctx = j->ctx;
    const struct outlet *o = u->outlet;
    u->tool = (struct tool_job){.act = TOOL_PUBLISH, .at = o->listing.at, .name = o->listing.name,
                                .version = o->version, .root = j->project.root->path,
                                .dirty = dirty};
    if (!add_files(j, u) || (o->eco == RELVER_NPM && !outlet_dist_tag(ctx, o, &u->tool.tag)))
        return false;
    u->tool.workspace = o->eco == RELVER_NPM && is_pnpm(&j->project, o->package);
    return tool_find(ctx->arena, &u->tool, &u->run, &ctx->fail);
}

/*-- the plan, for people and for scripts --------------------------------------------------------*/

static void add_line(struct job *j, const struct upload *u, struct text *t)
{
    const char *at = u->outlet->listing.at->name;
    if (u->out && !u->sent)
        text_addf(t, "already there: %s on %s\n", label(j, u), at);
    else if (u->tool.tag.ptr != NULL)
        text_addf(t, "upload %s to %s as %.*s\n", label(j, u), at, STR(u->tool.tag));
    else
        text_addf(t, "upload %s to %s\n", label(j, u), at);
}

/* How often such a one goes to this registry, which tells new names from others. */
static struct tally *tally_of(struct job *j, const struct upload *u)
{
    const struct endpoint *at = u->outlet->listing.at;
    bool fresh = !u->outlet->listing.exists;
    for (struct tally *t = j->tallies; t < j->tallies + j->tally_count; t++)
        if (t->at == at && t->fresh == fresh)
            return t;
    struct tally *t = ARENA_NEW(j->ctx->arena, j->tallies, j->tally_count);
    *t = (struct tally){at, fresh, fresh ? at->fresh : at->update, 0};
    return t;
}

/* What a registry's rate makes of many. */
static void add_times(struct job *j, struct text *t)
{
    for (size_t i = 0; i < j->count; i++)
        if (!j->order[i]->out)
            tally_of(j, j->order[i])->count++;
    for (struct tally *y = j->tallies; y < j->tallies + j->tally_count; y++) {
        size_t seconds = y->count > y->rate.burst ? (y->count - y->rate.burst) * y->rate.gap : 0;
        if (seconds > 0)
            text_addf(t, "%zu %s on %s: about %zu h %zu min\n", y->count,
                      y->fresh ? "new names" : "new versions", y->at->name, seconds / 3600,
                      seconds % 3600 / 60);
        y->count = 0;
    }
}

static struct text plan_text(struct job *j)
{
    struct text t = {.arena = j->ctx->arena};
    text_adds(&t, j->count == 0 ? "nothing to do\n" : "");
    for (size_t i = 0; i < j->count; i++) {
        add_line(j, j->order[i], &t);
        if (!j->order[i]->out)
            text_safef(&t, "    %s\n", tool_line(t.arena, &j->order[i]->run));
    }
    add_times(j, &t);
    return t;
}

static void print_json(struct job *j)
{
    struct text t = {.arena = j->ctx->arena};
    json_begin(&t);
    json_bool(&t, "dry_run", j->ctx->opt.dry_run);
    json_open(&t, "steps", '[');
    for (size_t i = 0; i < j->count; i++) {
        const struct upload *u = j->order[i];
        bool have = u->out && !u->sent;
        json_open(&t, NULL, '{');
        json_str(&t, "do", relver_s(have ? NULL : "upload"));
        json_str(&t, "ecosystem", relver_s(eco_name(u->outlet->eco)));
        json_str(&t, "name", u->outlet->listing.name);
        json_str(&t, "version", u->outlet->version);
        json_str(&t, "registry", relver_s(u->outlet->listing.at->name));
        json_str(&t, "dist_tag", u->tool.tag);
        json_open(&t, "argv", '[');
        for (size_t k = 0; !have && u->run.argv[k] != NULL; k++)
            json_str(&t, NULL, relver_s(u->run.argv[k]));
        json_close(&t, ']');
        json_close(&t, '}');
    }
    json_close(&t, ']');
    json_end(&t);
}

/*-- doing it ------------------------------------------------------------------------------------*/

static bool answers(void *what)
{
    const struct upload *u = what;
    return u->outlet->listing.known;
}

/* Keeps to the registry's rate; and to what it said of it. */
static void pace(struct job *j, const struct upload *u, bool limited)
{
    struct tally *t = tally_of(j, u);
    if (t->rate.gap == 0 || (t->count++ < t->rate.burst && !limited))
        return;
    if (!j->ctx->opt.quiet)
        note(j->ctx->arena, "%s takes %s in %u s", t->at->name, label(j, u), t->rate.gap);
    nanosleep(&(struct timespec){(time_t)t->rate.gap, 0}, NULL);
}

/* What a tool's last words are about. */
enum verdict { UPLOADED, LIMITED, AGAIN, REFUSED };

static enum verdict verdict(const struct ran *ran, relver_str words)
{
    static const char *const about[] = {
        [UPLOADED] = "already exists|already uploaded|previously published|cannot publish over",
        [LIMITED] = " 429|too many requests",
        [AGAIN] = (" 500| 502| 503| 504|timed out|timeout|reset|refused|could not connect|"
                   "eai_again|unexpected eof|closed connection"),
    };
    if (ran->status == 0 && !ran->late)
        return UPLOADED;
    for (int is = UPLOADED; is < REFUSED; is++)
        for (relver_str left = relver_s(about[is]); left.len > 0;)
            if (str_seek(words, str_cut(&left, '|')).ptr != NULL)
                return (enum verdict)is;
    return ran->late || ran->status > 128 ? AGAIN : REFUSED;
}

/* The last lines of what a tool said, for people as well; twine complains on its standard
   output. */
static relver_str last_words(struct job *j, const struct ran *ran)
{
    struct arena *a = j->ctx->arena;
    relver_str line, left, all = relver_s(arena_printf(a, "%s%s", ran->out.ptr, ran->err.ptr));
    size_t at = all.len, lines = 0;
    struct text t = {.arena = a};
    while (at > 0 && (all.ptr[at - 1] != '\n' || lines++ < 20))
        at--;
    left = all = str_from(all, at);
    text_adds(&t, "");
    while (str_line(&left, &line))
        text_safef(&t, "    %.*s\n", STR(line));
    if (j->ctx->opt.verbose || ran->status != 0)
        fwrite(t.ptr, 1, t.len, stderr);
    return all;
}

/* Runs the tool, and again when that may help; what the registry says then decides. True too when
   it has to be waited for. */
static bool take(struct job *j, struct upload *u)
{
    struct context *ctx = j->ctx;
    struct outlet *o = u->outlet;
    unsigned budget = run_seconds(o->listing.at->visible);
    enum verdict is = AGAIN;
    bool known = true;
    struct ran ran;
    for (int tries = 0; tries < 2 && known && is != REFUSED; tries++) {
        pace(j, u, is == LIMITED);
        if (!run(ctx->arena, &u->run, &ran, &ctx->fail))
            return false;
        is = verdict(&ran, last_words(j, &ran));
        known = outlet_await(ctx, o, answers, u, budget);
        u->sent = is_out(u) || (known && is == UPLOADED) ||
                  (known && is != REFUSED && outlet_await(ctx, o, is_out, u, budget / 20));
        if (u->sent)
            return true;
    }
    j->begun = j->begun || is != REFUSED;
    if (is != REFUSED)
        text_addf(&j->done, " %s (perhaps)", label(j, u));
    return ctx_fail(ctx, known ? 1 : 4, known ? "upload" : o->listing.code, ctx->command,
                    "%s: %s said exit code %d, and %s", label(j, u), u->run.argv[0], ran.status,
                    known ? "it is not there" : "nobody knows whether it is there");
}

static bool seen(struct job *j, struct upload *u)
{
    const struct endpoint *at = u->outlet->listing.at;
    return u->out || outlet_await(j->ctx, u->outlet, is_out, u, run_seconds(at->visible)) ||
           ctx_fail(j->ctx, 5, "visible", j->ctx->command,
                    "%s is uploaded, but %s does not show it", label(j, u), at->name);
}

static bool take_all(struct job *j)
{
    bool mute = j->ctx->opt.json || j->ctx->opt.quiet;
    for (size_t i = 0; i < j->count; i++) {
        struct upload *u = j->order[i];
        for (size_t k = 0; k < u->need_count && !u->out; k++)
            if (!seen(j, u->needs[k]))
                return false;
        if (!u->out && !take(j, u))
            return false;
        struct text line = {.arena = j->ctx->arena};
        add_line(j, u, &line);
        fwrite(line.ptr, 1, mute ? 0 : line.len, stdout);
        fflush(stdout);
        j->begun = j->begun || u->sent;
        if (u->sent)
            text_addf(&j->done, " %s", label(j, u));
    }
    struct findings lacks = {j->ctx->arena, NULL, 0};
    for (size_t i = 0; i < j->count; i++) {
        if (!seen(j, j->order[i]))
            return false;
        if (j->order[i]->outlet->eco == RELVER_PEP440) /* of which not every file need be here */
            outlet_verify(j->order[i]->outlet, &lacks);
    }
    return lacks.count == 0 || cmd_report(j->ctx, &lacks);
}

/*-- the command ---------------------------------------------------------------------------------*/

/* What git tracks is what is uploaded; a stamped tree is for registries that are named. */
static bool gate(struct job *j, bool *dirty)
{
    struct context *ctx = j->ctx;
    struct findings found = {ctx->arena, NULL, 0};
    relver_str stamped;
    if (!cmd_stamped(ctx, j->project.root, &stamped))
        return false;
    if (stamped.ptr != NULL && ctx->opt.registries.count == 0)
        return cmd_not_stamped(ctx, j->project.root);
    *dirty = stamped.ptr != NULL || cmd_overridden(ctx, "clean");
    if (*dirty || !j->project.root->git)
        return true;
    struct stand *s = stand_open(ctx, &j->project);
    bool ok = s != NULL && gate_clean(s, NULL, &found) &&
              (found.count == 0 || cmd_report(ctx, &found));
    if (s != NULL)
        repo_close(s->repo);
    return ok;
}

static bool find(struct job *j)
{
    struct context *ctx = j->ctx;
    struct unit **units;
    size_t n;
    if (!project_released(ctx, &j->project, &units, &n) ||
        !outlets_find(ctx, &j->project, units, n, NULL, &j->outlets) ||
        !outlets_built(ctx, &j->project, ctx->opt.from, &j->outlets, NULL) ||
        !outlets_ask(ctx, &j->outlets))
        return false;
    j->count = j->outlets.count;
    j->at = arena_alloc(ctx->arena, j->count * sizeof *j->at);
    for (size_t i = 0; i < j->count; i++)
        j->at[i].outlet = &j->outlets.at[i];
    sort(j);
    return judge(j);
}

static void publish(struct job *j)
{
    struct context *ctx = j->ctx;
    bool dirty = false, missing = false;
    relver_str by = settings_text(&j->project.config.top, KEY_PUBLISH);
    if (!gate(j, &dirty) || !find(j))
        return;
    for (size_t i = 0; i < j->count; i++)
        if (!j->order[i]->out) {
            missing = true;
            if (!prepare(j, j->order[i], dirty))
                return;
        }
    if (missing && !ctx->opt.quiet && by.ptr != NULL && !str_is(by, "here"))
        note(ctx->arena, "publish = \"%.*s\": this is CI's to do, and done here all the same",
             STR(by));
    struct text plan = plan_text(j);
    if (missing && !steps_ask(ctx, &plan, "upload"))
        return;
    if (ctx->opt.dry_run && !ctx->opt.json)
        fwrite(plan.ptr, 1, plan.len, stdout);
    if (!ctx->opt.dry_run && !take_all(j))
        steps_half(ctx, &j->done, j->begun);
    else if (ctx->opt.json)
        print_json(j);
}

int cmd_publish(struct context *ctx)
{
    struct job j = {.ctx = ctx, .done = {.arena = ctx->arena}};
    if (project_open(ctx, PROJECT_READ, &j.project)) /* a lock here could get into what is packed */
        publish(&j);
    return ctx->fail.status;
}
