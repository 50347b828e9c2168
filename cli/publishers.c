#include "publishers.h"

#include "glob.h"

#include <string.h>

/*-- the workflows -------------------------------------------------------------------------------*/

enum act { PYPI, CRATES, UPLOAD, TAG, PLANNER /* uploads crates, unless it only plans to */ };

/* What a step does, by its `uses` or by a line of its `run`. */
static const struct {
    enum act act;
    const char *text, *also;
} acts[] = {
    {PYPI, "pypa/gh-action-pypi-publish@", ""}, {CRATES, "rust-lang/crates-io-auth-action@", ""},
    {UPLOAD, "npm publish", ""},                {UPLOAD, "uv publish", ""},
    {UPLOAD, "relver publish", ""},             {TAG, "git push", "tag"},
    {TAG, "relver tag", "--push"},              {TAG, "relver release", ""},
    {PLANNER, "release-plz-action@", ""},
};

struct job {
    bool said, identity; /* its permissions; id-token: write is one of them */
    bool token;          /* its environment has one that uploads .. */
    bool other;          /* .. or its checkout one that pushes */
};

struct deed {
    enum act act;
    relver_str at; /* in the workflow's text */
    size_t job;
    bool token;
};

struct workflow {
    struct arena *arena;
    struct file *file;
    struct job *jobs; /* the first is what all have */
    size_t job_count;
    struct deed *deeds; /* those from `step` on are of the step that is read */
    size_t count, step;
    bool step_token, crates_token;
    bool called, tagged; /* by other workflows; by a tag that is pushed */
    bool aliased;        /* something stands elsewhere, where it is not looked for */
    relver_node path[7];
};

static bool under(const struct workflow *w, size_t depth, const char *key)
{
    return w->path[depth].key.ptr != NULL &&
           relver_key_is(RELVER_YAML, &w->path[depth], relver_s(key));
}

/* Whether it hands a token to what uploads, from wherever; the forge's own goes by two names. */
static bool read_variable(struct workflow *w, const relver_node *n)
{
    if (str_is(n->key, "CARGO_REGISTRY_TOKEN") && str_has(n->text, "secrets."))
        w->crates_token = true;
    return n->text.len > 0 && str_word("GITHUB_TOKEN|GH_TOKEN", n->key) < 0 &&
           (str_ends(n->key, "TOKEN") || str_ends(n->key, "PASSWORD"));
}

static void read_line(struct workflow *w, relver_str line)
{
    bool idle = str_starts(line, "#") || str_has(line, "--dry-run") || str_has(line, "--token");
    for (size_t i = 0; i < sizeof acts / sizeof *acts && !idle; i++)
        if (str_has(line, acts[i].text) && str_has(line, acts[i].also))
            *ARENA_NEW(w->arena, w->deeds, w->count) =
                (struct deed){acts[i].act, line, w->job_count - 1, false};
}

static void read_step(struct workflow *w, const relver_node *n, struct job *job)
{
    relver_str text = n->text, line;
    if (n->depth == 4) {
        w->step = w->count;
        w->step_token = false;
    } else if (n->depth == 5 && (under(w, 5, "uses") || under(w, 5, "run"))) {
        while (str_line(&text, &line))
            read_line(w, str_trim(line));
        job->token = job->token || str_has(n->text, ":_authToken");
    } else if (n->depth == 6 && under(w, 5, "env")) {
        w->step_token = read_variable(w, n) || w->step_token;
    } else if (n->depth == 6 && under(w, 5, "with")) {
        w->step_token = under(w, 6, "password") || w->step_token;
        job->other = job->other || under(w, 6, "ssh-key") ||
                     (under(w, 6, "token") && !str_has(text, "GITHUB_TOKEN") &&
                      !str_has(text, "github.token"));
    }
    for (size_t i = w->step; i < w->count; i++)
        w->deeds[i].token = w->step_token;
}

static void read_node(struct workflow *w, const relver_node *n)
{
    bool jobs = under(w, 1, "jobs"), on = under(w, 1, "on");
    size_t top = jobs && n->depth > 2 ? 3 : 1;
    if (on && n->depth <= 2)
        w->called = w->called || str_is(n->key, "workflow_call") ||
                    str_is(n->text, "workflow_call");
    w->tagged = w->tagged || (on && n->depth == 3 && under(w, 2, "push") && under(w, 3, "tags"));
    w->aliased = w->aliased || (n->quote == RELVER_OPAQUE && str_starts(n->text, "*")) ||
                 str_is(n->key, "<<");
    if (jobs && n->depth == 2)
        *ARENA_NEW(w->arena, w->jobs, w->job_count) = (struct job){.said = false};
    struct job *job = &w->jobs[top == 3 ? w->job_count - 1 : 0];
    if (under(w, top, "permissions") && n->depth <= top + 1) {
        job->said = true;
        job->identity = job->identity || (n->depth == top ? str_is(n->text, "write-all")
                        : under(w, top + 1, "id-token") && str_is(n->text, "write"));
    }
    if (under(w, top, "env") && n->depth == top + 1)
        job->token = read_variable(w, n) || job->token;
    if (top == 3 && under(w, 3, "steps") && n->depth >= 4)
        read_step(w, n, job);
}

static relver_err read_workflow(struct workflow *w, relver_diag *diag)
{
    relver_reader reader;
    relver_node n;
    relver_err err;
    *ARENA_NEW(w->arena, w->jobs, w->job_count) = (struct job){.said = false};
    relver_read(&reader, RELVER_YAML, w->file->text);
    while ((err = relver_next(&reader, &n, diag)) == RELVER_OK && n.kind != RELVER_END)
        if (n.kind != RELVER_CLOSE && n.depth <= 6) {
            w->path[n.depth] = n;
            read_node(w, &n);
        }
    return err;
}

/*-- what is against it --------------------------------------------------------------------------*/

ARENA_PRINTF(6, 7)
static void find(struct findings *out, const struct workflow *w, relver_str at, int status,
                 const char *next, const char *fmt, ...)
{
    ARENA_FORMAT(out->arena, fmt, what);
    struct place *place = arena_alloc(out->arena, sizeof *place);
    place->file = w->file;
    relver_locate(w->file->text, (size_t)(at.ptr - w->file->text.ptr), &place->line, &place->col);
    struct finding *f = check_find(out, "publishers", place, "%s", what);
    f->next = next;
    f->status = status;
}

static void judge(const struct workflow *w, const struct deed *d, bool tagged,
                  struct findings *out)
{
    const struct job *job = &w->jobs[d->job], *says = job->said ? job : w->jobs;
    bool token = d->token || job->token || w->jobs->token;
    if (d->act == TAG && tagged && !job->other)
        find(out, w, d->at, 0, "give its checkout a token of its own, or an ssh-key",
             "a tag that is pushed with the workflow's own token starts no other workflow");
    else if (d->act == PYPI && w->called && !token)
        find(out, w, d->at, 1, "move the step to the workflow that calls this one",
             "PyPI trusts no reusable workflow (on: workflow_call)");
    else if (d->act < TAG && (!token || str_has(d->at, "--provenance")) && !says->identity &&
             (says->said || !w->called))
        find(out, w, d->at, w->aliased ? 4 : 1, "add to the job: permissions: id-token: write",
             "'%.*s' proves no identity: its job has no permission id-token: write%s", STR(d->at),
             w->aliased ? ", unless an alias says so" : "");
}

/* Whether a text is worth a complaint. */
static bool may_publish(relver_str text)
{
    size_t i = 0;
    while (i < sizeof acts / sizeof *acts && !str_has(text, acts[i].text))
        i++;
    return i < sizeof acts / sizeof *acts;
}

struct publishing {
    struct context *ctx;
    struct findings *out;
    bool trusted, token; /* how crates are uploaded */
};

static bool check_workflows(struct publishing *p, const struct project *project)
{
    struct arena *a = p->ctx->arena;
    struct fail *fail = &p->ctx->fail;
    struct list paths;
    struct root top;
    bool tagged = false;
    if (!fs_open_root(&top, a, project->root->top, p->ctx->command, fail) ||
        !glob_find(a, &top, "", relver_s(".github/workflows/*.y*ml"), true, &paths, fail))
        return false;
    struct workflow *flows = arena_alloc(a, paths.count * sizeof *flows);
    for (size_t i = 0; i < paths.count; i++) {
        struct workflow *w = &flows[i];
        relver_diag diag;
        w->arena = a;
        w->file = arena_alloc(a, sizeof *w->file);
        w->file->path = paths.at[i];
        if (!fs_read(&top, a, paths.at[i], &w->file->text, fail))
            return false;
        if (read_workflow(w, &diag) != RELVER_OK && may_publish(w->file->text))
            find(p->out, w, str_from(w->file->text, diag.pos), 4, "see to it by hand",
                 "cannot be read: %s", diag.what);
        tagged = tagged || w->tagged;
        p->token = p->token || w->crates_token;
    }
    for (size_t i = 0; i < paths.count; i++)
        for (size_t k = 0; k < flows[i].count; k++) {
            judge(&flows[i], &flows[i].deeds[k], tagged, p->out);
            p->trusted = p->trusted || flows[i].deeds[k].act == CRATES ||
                         flows[i].deeds[k].act == PLANNER;
        }
    return true;
}

/*-- crates.io -----------------------------------------------------------------------------------*/

/* Whether it takes only what a trusted publisher uploads, as the web API says. */
static bool check_trust(struct publishing *p, struct endpoint *api, relver_str name)
{
    struct arena *a = p->ctx->arena;
    struct net_request r = {
        .url = arena_printf(a, "%s/api/v1/crates/%.*s", api->url, STR(name)),
        .accept = "application/json", .pace = &api->pace,
    };
    relver_node only;
    if (!net_get(a, &r, 1, &p->ctx->fail))
        return false;
    bool known = r.result == NET_ANSWER && r.status == 200 &&
                 relver_find(r.body, RELVER_JSON, relver_s("crate.trustpub_only"), &only, NULL) ==
                     RELVER_OK;
    if (known && str_is(only.text, "false"))
        return true;
    struct finding *f = check_find(p->out, "publishers", NULL,
                                   known ? "cargo %.*s: crates.io takes it from no token"
                                         : "cargo %.*s: whether a token may publish is unknown",
                                   STR(name));
    f->next = known ? "use rust-lang/crates-io-auth-action" : "run the same command again";
    f->status = known ? 1 : 4;
    return true;
}

static bool check_crates(struct publishing *p, const struct project *project,
                         const struct outlets *outlets)
{
    struct outlets crates = {.one = outlets->one};
    struct endpoint *api;
    for (size_t i = 0; i < outlets->count; i++)
        if (strcmp(outlets->at[i].listing.at->name, "crates-io") == 0)
            *ARENA_NEW(p->ctx->arena, crates.at, crates.count) = outlets->at[i];
    if (!endpoint_find(p->ctx->arena, &project->config, relver_s("crates-io-api"), &api,
                       &p->ctx->fail) || !outlets_ask(p->ctx, &crates))
        return false;
    for (size_t i = 0; i < crates.count; i++) {
        const struct listing *l = &crates.at[i].listing;
        if (!outlet_known(&crates.at[i], p->out))
            continue;
        if (l->exists && !p->trusted && !check_trust(p, api, l->name))
            return false;
        if (!l->exists && !p->token && l->secret == NULL)
            check_find(p->out, "publishers", NULL, "cargo %.*s: is new, and a trusted publisher "
                       "makes no crate", STR(l->name))->next = "cargo publish, once with a token";
    }
    return true;
}

bool publishers_check(struct context *ctx, const struct project *project,
                      const struct outlets *outlets, struct findings *out)
{
    struct publishing p = {.ctx = ctx, .out = out};
    return check_workflows(&p, project) && check_crates(&p, project, outlets);
}
