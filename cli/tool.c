#include "tool.h"

#include "str.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTES = 60 }; /* that one may take: cargo builds what it uploads */

struct call {
    struct arena *arena;
    const struct tool_job *job;
    struct list argv, env;
};

static void add(struct call *c, const char *word)
{
    list_add(c->arena, &c->argv, word);
}

static void add_text(struct call *c, const char *option, relver_str text)
{
    if (option != NULL)
        add(c, option);
    add(c, arena_dup(c->arena, text.ptr, text.len));
}

static void add_files(struct call *c)
{
    for (size_t i = 0; i < c->job->files.count; i++)
        add(c, c->job->files.at[i]);
}

/*-- cargo ---------------------------------------------------------------------------------------*/

/* The registry's name and index. cargo takes no other address for crates.io, so where that is
   elsewhere it gets a name of its own, lest it be the real one that is written to. */
static void cargo_registry(struct call *c)
{
    struct text t = {.arena = c->arena};
    const struct endpoint *at = c->job->at;
    const char *name = !at->usual && strcmp(at->name, "crates-io") == 0 ? "relver" : at->name;
    add_text(c, "--registry", relver_s(name)); /* lest cargo's settings have a default */
    if (at->usual)
        return;
    text_adds(&t, "CARGO_REGISTRIES_");
    for (const char *s = name; *s != '\0'; s++)
        text_addc(&t, *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s == '-' ? '_' : *s);
    text_addf(&t, "_INDEX=sparse+%s/", at->url);
    list_add(c->arena, &c->env, t.ptr);
}

static void cargo_publish(struct call *c)
{
    add(c, "publish");
    add_text(c, "-p", c->job->name);
    cargo_registry(c);
    if (c->job->dirty)
        add(c, "--allow-dirty");
}

static void cargo_yank(struct call *c)
{
    add(c, "yank");
    add_text(c, "--version", c->job->version);
    add_text(c, NULL, c->job->name);
    if (c->job->act == TOOL_RESTORE)
        add(c, "--undo");
    cargo_registry(c);
}

/*-- npm -----------------------------------------------------------------------------------------*/

/* npm finds the token of an address only where that ends in a slash, and what .npmrc has for a
   scope counts more than --registry. pnpm 12 wants to be told so otherwise; an older one runs npm,
   which hears of it by the environment. */
static void npm_registry(struct call *c)
{
    const char *url = arena_printf(c->arena, "%s/", c->job->at->url);
    add_text(c, "--registry", relver_s(url));
    relver_str scope = str_until(c->job->name, "/");
    bool scoped = str_starts(scope, "@"), pnpm = c->job->workspace;
    if (scoped)
        add(c, arena_printf(c->arena, "--%s%.*s:registry=%s", pnpm ? "config." : "", STR(scope),
                            url));
    if (scoped && pnpm)
        list_add(c->arena, &c->env,
                 arena_printf(c->arena, "npm_config_%.*s:registry=%s", STR(scope), url));
}

static void npm_publish(struct call *c)
{
    add(c, "publish");
    add_files(c);
    add_text(c, "--tag", c->job->tag);
    npm_registry(c);
}

/* npm would publish a requirement "workspace:*" as it stands. */
static void pnpm_publish(struct call *c)
{
    npm_publish(c);
    add(c, "--no-git-checks");
}

static void add_release(struct call *c)
{
    npm_registry(c);
    add(c, "--");
    add(c, arena_printf(c->arena, "%.*s@%.*s", STR(c->job->name), STR(c->job->version)));
}

static void npm_tag(struct call *c)
{
    add(c, "dist-tag");
    add(c, "add");
    add_release(c);
    add_text(c, NULL, c->job->tag);
}

/* No words take it back. */
static void npm_deprecate(struct call *c)
{
    add(c, "deprecate");
    add_release(c);
    add_text(c, NULL, c->job->act == TOOL_RESTORE ? relver_s("") : c->job->reason);
}

/*-- PyPI ----------------------------------------------------------------------------------------*/

/* By its name a registry has what ~/.pypirc says of it; by an address it has not. */
static void twine_upload(struct call *c)
{
    add(c, "upload");
    add(c, "--non-interactive");
    add(c, "--disable-progress-bar");
    const struct endpoint *at = c->job->at;
    const char *name = at->usual ? at->name : at->account;
    add_text(c, name != NULL ? "--repository" : "--repository-url",
             relver_s(name != NULL ? name : at->upload));
    const char *told = getenv("TWINE_REPOSITORY_URL"); /* which the account is for */
    if (told != NULL && *told != '\0' && !net_same_origin(at->upload, relver_s(told))) {
        list_add(c->arena, &c->env, "TWINE_USERNAME");
        list_add(c->arena, &c->env, "TWINE_PASSWORD");
    }
    list_add(c->arena, &c->env, "TWINE_REPOSITORY_URL");
    list_add(c->arena, &c->env, "TWINE_REPOSITORY");
    add(c, "--");
    add_files(c);
}

static void uv_publish(struct call *c)
{
    add(c, "publish");
    add_text(c, "--publish-url", relver_s(c->job->at->upload));
    add(c, "--");
    add_files(c);
}

/*-- all of them ---------------------------------------------------------------------------------*/

/* What every tool keeps; and a crate is built before it is uploaded. */
#define EVERY \
    "PATH HOME TMPDIR LANG LC_* TERM USER LOGNAME XDG_* SSL_CERT_* http_proxy https_proxy " \
    "all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY CI GITHUB_* GITLAB_CI "
#define IDENTITY "ACTIONS_ID_TOKEN_* " /* cargo has no use for it, and runs build scripts */
#define CARGO EVERY \
    "CARGO_* RUSTUP_* RUSTC* RUSTFLAGS CC CXX AR CFLAGS CXXFLAGS LDFLAGS LD_LIBRARY_PATH " \
    "PKG_CONFIG_* OPENSSL_* PROTOC"
#define NPM EVERY IDENTITY "npm_config_* NPM_CONFIG_* NODE_* NPM_TOKEN NPM_ID_TOKEN PNPM_HOME"
#define PYPI EVERY IDENTITY \
    "TWINE_* UV_* PYTHON* VIRTUAL_ENV REQUESTS_CA_BUNDLE PYPI_ID_TOKEN TESTPYPI_ID_TOKEN"

typedef void arguments(struct call *c);

/* Of the rows of a kind the first whose program is there. */
static const struct tool {
    const char *kind, *program;
    bool workspace; /* it is for packages of such a one, and nothing else is */
    const char *keep;
    arguments *act[TOOL_ACTS];
} tools[] = {
    {"cargo", "cargo", false, CARGO, {cargo_publish, NULL, cargo_yank, cargo_yank}},
    {"npm", "npm", false, NPM, {npm_publish, npm_tag, npm_deprecate, npm_deprecate}},
    {"npm", "pnpm", true, NPM, {pnpm_publish}},
    {"pypi", "twine", false, PYPI, {twine_upload}},
    {"pypi", "uv", false, PYPI, {uv_publish}},
};

bool tool_find(struct arena *a, const struct tool_job *job, struct run *out, struct fail *fail)
{
    const struct tool *first = NULL, *found = NULL;
    for (const struct tool *t = tools; t < tools + sizeof tools / sizeof *tools; t++)
        if (strcmp(t->kind, job->at->kind) == 0 && t->workspace == job->workspace &&
            t->act[job->act] != NULL) {
            first = first == NULL ? t : first;
            found = found == NULL && run_has(a, t->program) ? t : found;
        }
    if (found == NULL)
        return fail_set(fail, a, 1, "tool", NULL, "nothing changed",
                        arena_printf(a, "install %s, then run the same command again",
                                     first->program),
                        "%s is not on PATH, and '%.*s' needs it", first->program, STR(job->name));
    struct call c = {a, job, {NULL, 0}, {NULL, 0}};
    const char *needs = job->at->needs != NULL ? job->at->needs : "";
    if (strstr(needs, "GITHUB_TOKEN") == NULL) /* of the forge, which no other one should see */
        list_add(a, &c.env, "GITHUB_TOKEN");
    add(&c, found->program);
    found->act[job->act](&c);
    list_add(a, &c.argv, NULL);
    list_add(a, &c.env, NULL);
    *out = (struct run){.argv = c.argv.at, .env = c.env.at, .dir = job->root,
                        .keep = arena_printf(a, "%s%s", found->keep, needs),
                        .seconds = MINUTES * run_seconds(60)};
    return true;
}

/* As a shell reads it. */
static void add_word(struct text *t, const char *word)
{
    bool quoted = *word == '\0' || strpbrk(word, " \t\r\n\"'\\`$*?[](){}<>|&;!#~") != NULL;
    text_adds(t, quoted ? "'" : "");
    for (const char *s = word; *s != '\0'; s++)
        if (*s == '\'')
            text_adds(t, "'\\''");
        else
            text_addc(t, *s);
    text_adds(t, quoted ? "'" : "");
}

const char *tool_line(struct arena *a, const struct run *what)
{
    struct text t = {.arena = a};
    for (size_t i = 0; what->env[i] != NULL; i++)
        if (strchr(what->env[i], '=') != NULL)
            text_addf(&t, "%s ", what->env[i]);
    for (size_t i = 0; what->argv[i] != NULL; i++) {
        text_adds(&t, i > 0 ? " " : "");
        add_word(&t, what->argv[i]);
    }
    return t.ptr;
}
