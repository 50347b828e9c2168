#define _XOPEN_SOURCE 700
#include "creds.h"

#include "str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : NULL;
}

static bool bad(const struct creds *c, const char *path, size_t line, size_t col, const char *what)
{
    fail_set(c->fail, c->arena, 2, "credentials", path, "nothing changed",
             "correct it, then run the same command again", "%s", what);
    c->fail->line = line;
    c->fail->col = col;
    return false;
}

struct creds_file {
    const char *path;
    relver_str text;
};

/* A file that may lie anywhere, behind a link too, and need not be there; it is read once. */
static bool read_file(struct creds *c, const char *path, relver_str *out)
{
    struct root root;
    const char *name;
    for (size_t i = 0; i < c->file_count; i++)
        if (strcmp(c->files[i].path, path) == 0) {
            *out = c->files[i].text;
            return true;
        }
    char *real = realpath(path, NULL);
    bool absent = real == NULL && (errno == ENOENT || errno == ENOTDIR);
    *out = relver_s(NULL);
    bool ok = absent || (fs_open_beside(&root, c->arena, real != NULL ? real : path, "relver",
                                        &name, c->fail) &&
                         fs_read(&root, c->arena, name, out, c->fail));
    free(real);
    *ARENA_NEW(c->arena, c->files, c->file_count) = (struct creds_file){path, *out};
    if (!ok)
        c->fail->path = path;
    return ok;
}

/* Where a user's file is: what a variable says, else at home. */
static const char *at_home(const struct creds *c, const char *name, const char *file)
{
    const char *told = variable(name), *home = variable("HOME");
    return told != NULL ? told : arena_printf(c->arena, "%s/%s", home != NULL ? home : "", file);
}

/* What a document has at a key path; nothing, where it is no string. */
static bool doc_get(const struct creds *c, const char *path, relver_str text, relver_format format,
                    const char *key, relver_str *out)
{
    relver_node node;
    relver_diag diag;
    relver_err err = relver_find(text, format, relver_s(key), &node, &diag);
    size_t line, col;
    *out = relver_s(NULL);
    if (err == RELVER_OK && node.kind == RELVER_STRING)
        *out = str_decode(c->arena, format, &node);
    if (err == RELVER_OK || err == RELVER_MISSING)
        return true;
    relver_locate(text, diag.pos, &line, &col);
    return bad(c, path, line, col, diag.what);
}

/*-- files of [section] and key = value ----------------------------------------------------------*/

struct creds_entry {
    relver_str section, key, value;
    const char *path;
    bool own; /* the repository says so */
};

/* Adds a file's entries; `between` are the bytes that end a key. */
static bool ini_load(struct creds *c, const char *path, bool own, const char *between)
{
    relver_str rest, line, section = relver_s("");
    if (!(own ? fs_read_if(c->root, c->arena, path, &rest, c->fail) : read_file(c, path, &rest)))
        return false;
    for (size_t n = 1; str_line(&rest, &line); n++) {
        relver_str s = str_trim(line), key = str_until(s, between);
        if (s.len == 0 || str_span(s, "#;") > 0)
            continue;
        if (str_starts(s, "[") && str_ends(s, "]"))
            section = relver_sn(s.ptr + 1, s.len - 2);
        else if (str_starts(s, "[") || key.len == 0)
            return bad(c, path, n, 1, "neither [a section] nor a key with a value");
        else
            *ARENA_NEW(c->arena, c->entries, c->count) = (struct creds_entry){
                section, str_trim_end(key), str_trim(str_from(s, key.len + (key.len < s.len))),
                path, own};
    }
    return true;
}

/* The first file's counts, and in that the last one. */
static const struct creds_entry *ini_find(const struct creds *c, relver_str section,
                                          const char *key)
{
    const struct creds_entry *found = NULL;
    for (const struct creds_entry *e = c->entries; e < c->entries + c->count; e++)
        if (relver_eq(e->section, section) && str_is(e->key, key) &&
            (found == NULL || found->path == e->path))
            found = e;
    return found;
}

/*-- npm -----------------------------------------------------------------------------------------*/

/* ${VAR}, which a '\' before it makes plain, and ${VAR?}, which is empty where VAR is not set; all
   stays as it is, as in npm, where the other is not. */
static relver_str expand(const struct creds *c, relver_str text)
{
    struct text t = {.arena = c->arena};
    for (relver_str s = text; s.len > 0;) {
        relver_str name = str_starts(s, "${") ? str_until(str_from(s, 2), "}") : relver_s("");
        bool kept = str_starts(s, "\\${"), may = str_ends(name, "?");
        if (name.len == 0 || name.len + 2 == s.len) {
            text_addc(&t, s.ptr[kept]);
            s = str_from(s, kept ? 2 : 1);
            continue;
        }
        const char *value = getenv(arena_dup(c->arena, name.ptr, name.len - may));
        s = str_from(s, name.len + 3);
        if (value == NULL && !may)
            return text;
        if (t.len == 0 && s.len == 0)
            return relver_s(value);
        text_adds(&t, value != NULL ? value : "");
    }
    return relver_sn(t.ptr, t.len);
}

/* What the environment, else the first file, says of a key; from: which does. To an address of its
   own a repository gets no variable. */
static relver_str npm_get(const struct creds *c, const char *key, bool own_address,
                          struct creds_entry *from)
{
    const char *upper = strcmp(key, "registry") == 0 ? "REGISTRY" : key;
    const struct creds_entry *e = ini_find(c, relver_s(""), key);
    *from = (struct creds_entry){.path = arena_printf(c->arena, "npm_config_%s", key)};
    if (variable(from->path) == NULL)
        from->path = arena_printf(c->arena, "NPM_CONFIG_%s", upper);
    from->value = relver_s(variable(from->path));
    if (from->value.len > 0 || e == NULL)
        return from->value;
    *from = *e;
    relver_str quote = relver_sn(e->value.ptr, str_span(e->value, "\"'") > 0);
    relver_str value = str_from(e->value, quote.len);
    value = str_until(value, quote.len == 0 ? "#;" : *quote.ptr == '"' ? "\"" : "'");
    return e->own && own_address ? value : expand(c, str_trim_end(value));
}

/* The package's files count before the project's, and the user's come last. */
static bool npm_load(struct creds *c, const char *dir)
{
    const char *own = arena_printf(c->arena, "%s.npmrc", dir);
    const char *at = variable("npm_config_userconfig") != NULL ? "npm_config_userconfig"
                                                               : "NPM_CONFIG_USERCONFIG";
    if (fs_kind(c->root, own) == FS_ABSENT)
        dir = "";
    if (c->dir != NULL && strcmp(c->dir, dir) == 0)
        return true;
    c->dir = dir;
    c->count = 0;
    c->at = NULL;
    return (*dir == '\0' || ini_load(c, own, true, "=")) && ini_load(c, ".npmrc", true, "=") &&
           ini_load(c, at_home(c, at, ".npmrc"), false, "=");
}

/* The variables that npm itself must have for an address. */
static const char *npm_needs(const struct creds *c, const struct endpoint *at)
{
    struct text t = {.arena = c->arena};
    relver_str host = relver_s(strstr(at->url, "//"));
    const char *head = arena_printf(c->arena, "//%.*s", STR(str_until(str_from(host, 2), "/")));
    for (const struct creds_entry *e = c->entries; e < c->entries + c->count; e++)
        for (relver_str rest = e->value; str_starts(e->key, head) && !(e->own && at->own) &&
             str_has(rest, "${");) {
            str_cut(&rest, '{');
            relver_str name = str_until(rest, "?}");
            if (str_until(name, "* ").len == name.len) /* which would say more than a name */
                text_addf(&t, " %.*s", STR(name));
        }
    return t.ptr;
}

/* Under `//host:port/path/:_authToken` and such, then with the last segment or '/' taken away, and
   so on, as npm looks for it. */
static bool npm_find(const struct creds *c, struct endpoint *at, const struct secret **out)
{
    static const char *const keys[] = {"_authToken", "_auth", "_password"};
    static const enum net_scheme schemes[] = {NET_BEARER, NET_BASIC, NET_BASIC_OF_64};
    const char *all = arena_printf(c->arena, "%s/", strstr(at->url, "//"));
    struct creds_entry from;
    relver_str value, user = {NULL, 0};
    at->needs = npm_needs(c, at);
    for (size_t n = strlen(all); n > 2; n--)
        for (size_t k = 0; k < 3 && (all[n - 1] == '/' || all[n] == '/' || all[n] == '\0'); k++) {
            const char *head = arena_printf(c->arena, "%.*s:", (int)n, all);
            if (k == 2)
                user = npm_get(c, arena_printf(c->arena, "%susername", head), at->own, &from);
            value = npm_get(c, arena_printf(c->arena, "%s%s", head, keys[k]), at->own, &from);
            if (value.len > 0 && !str_has(value, "${") && (k < 2 || user.len > 0))
                return net_secret(c->arena, at->url, schemes[k], user, value, from.path, out,
                                  c->fail);
        }
    value = relver_s(at->token != NULL ? variable(at->token) : NULL);
    return value.len == 0 || net_secret(c->arena, at->url, NET_BEARER, user, value, at->token, out,
                                        c->fail);
}

/* The same for most packages, which have no file of their own. */
static bool npm_kept(struct creds *c, struct endpoint *at, const struct secret **out)
{
    if (c->at != at) {
        c->secret = NULL;
        if (!npm_find(c, at, &c->secret))
            return false;
    }
    c->at = at;
    *out = c->secret;
    return true;
}

/* What package.json's publishConfig says, else the scope's registry, else that of all. */
static bool npm_endpoint(struct creds *c, relver_str name, const struct file *manifest,
                         struct endpoint **out)
{
    relver_str scope = str_until(name, "/"), url = {NULL, 0};
    struct creds_entry from = {.own = true};
    if (!npm_load(c, manifest != NULL ? manifest->dir : "") ||
        (manifest != NULL && !doc_get(c, from.path = manifest->path, manifest->text, RELVER_JSON,
                                      "publishConfig.registry", &url)))
        return false;
    if (url.len == 0 && str_starts(scope, "@"))
        url = npm_get(c, arena_printf(c->arena, "%.*s:registry", STR(scope)), true, &from);
    if (url.len == 0)
        url = npm_get(c, "registry", true, &from);
    return url.len == 0 || endpoint_at(c->arena, "npm", relver_s("npm"), url, from.own, from.path,
                                       out, c->fail);
}

/*-- cargo ---------------------------------------------------------------------------------------*/

static relver_str sparse(relver_str url)
{
    return str_from(url, str_starts(url, "sparse+") ? 7 : 0);
}

static const char *cargo_key(const struct creds *c, const char *name, const char *what)
{
    struct text t = {.arena = c->arena};
    text_adds(&t, "registries.");
    text_key(&t, relver_s(name));
    text_addf(&t, ".%s", what);
    return strcmp(name, "crates-io") == 0 && strcmp(what, "token") == 0 ? "registry.token" : t.ptr;
}

/* A registry's "token" or "index": what CARGO_REGISTRIES_NAME_TOKEN says, else a file of cargo's
   home; from: which does. */
static bool cargo_get(struct creds *c, const char *name, const char *what, relver_str *out,
                      const char **from)
{
    bool token = strcmp(what, "token") == 0, usual = strcmp(name, "crates-io") == 0;
    char *own = arena_printf(c->arena, "cargo_registries_%s_%s", name, what);
    relver_str text;
    for (char *s = own; *s != '\0'; s++)
        *s = *s == '-' ? '_' : (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
    *from = variable(own) == NULL && usual && token ? "CARGO_REGISTRY_TOKEN" : own;
    *out = relver_s(variable(*from));
    if (out->len > 0)
        return true;
    *from = arena_printf(c->arena, "%s/%s", at_home(c, "CARGO_HOME", ".cargo"),
                         token ? "credentials.toml" : "config.toml");
    return read_file(c, *from, &text) &&
           doc_get(c, *from, text, RELVER_TOML, cargo_key(c, name, what), out);
}

/* A registry that wants "Bearer " has that in its token: cargo sends it as it stands. */
static bool cargo_find(struct creds *c, const struct endpoint *at, const struct secret **out)
{
    relver_str value;
    const char *from;
    if (at->own && (!cargo_get(c, at->name, "index", &value, &from) || value.len == 0))
        return c->fail->status == 0;
    if (at->own && !net_same_origin(at->url, sparse(value))) /* cargo would send the token there */
        return bad(c, from, 0, 0, arena_printf(c->arena, "'%s' is another address here than in "
                                               "the repository", at->name));
    return cargo_get(c, at->name, "token", &value, &from) &&
           (value.len == 0 || net_secret(c->arena, at->url, NET_VERBATIM, relver_s(NULL), value,
                                         from, out, c->fail));
}

/* Cargo.toml's publish = ["NAME", ..]; its index is the user's, that of the project's own
   .cargo/config.toml, or relver.toml's. */
static bool cargo_endpoint(struct creds *c, const struct file *manifest, struct endpoint **out)
{
    static const char config[] = ".cargo/config.toml";
    relver_str name, url, text;
    const char *from, *called;
    const struct file *says = manifest->publish_shared ? manifest->root : manifest;
    if (!doc_get(c, says->path, says->text, RELVER_TOML,
                 manifest->publish_shared ? "workspace.package.publish[0]" : "package.publish[0]",
                 &name) ||
        name.len == 0 || str_is(name, "crates-io"))
        return c->fail->status == 0;
    called = arena_dup(c->arena, name.ptr, name.len);
    if (!cargo_get(c, called, "index", &url, &from))
        return false;
    bool own = url.len == 0;
    if (own && (!fs_read_if(c->root, c->arena, from = config, &text, c->fail) ||
                !doc_get(c, config, text, RELVER_TOML, cargo_key(c, called, "index"), &url)))
        return false;
    if (url.len == 0)
        return endpoint_find(c->arena, c->config, name, out, c->fail);
    return str_starts(url, "sparse+")
               ? endpoint_at(c->arena, called, relver_s("cargo"), sparse(url), own, from, out,
                             c->fail)
               : bad(c, from, 0, 0, "relver reads sparse indexes only: sparse+https://..");
}

/*-- Python's ------------------------------------------------------------------------------------*/

/* The address that a variable's credentials are for, the user, and the rest of them. */
static const char *const uploads[][3] = {
    {"TWINE_REPOSITORY_URL", "TWINE_USERNAME", "TWINE_PASSWORD"},
    {"UV_PUBLISH_URL", "UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD"},
    {"UV_PUBLISH_URL", "", "UV_PUBLISH_TOKEN"},
};

static bool pypi_find(struct creds *c, struct endpoint *at, const struct secret **out)
{
    const struct creds_entry *e, *user, *word, *best = NULL;
    for (size_t i = 0; i < 3; i++) {
        const char *url = variable(uploads[i][0]), *name = variable(uploads[i][1]);
        const char *value = variable(uploads[i][2]);
        if (value != NULL && (url != NULL ? net_same_origin(at->url, relver_s(url)) : !at->own))
            return net_secret(c->arena, at->url, NET_BASIC_OF,
                              relver_s(name != NULL ? name : "__token__"), relver_s(value),
                              uploads[i][2], out, c->fail);
    }
    c->dir = NULL;
    c->count = 0;
    if (!ini_load(c, at_home(c, "", ".pypirc"), false, "=:"))
        return false;
    for (e = c->entries; e < c->entries + c->count; e++)
        if (str_is(e->key, "repository") && net_same_origin(at->url, e->value) &&
            (best == NULL || str_is(e->section, at->name)))
            best = e;
    if (best != NULL && (str_is(best->value, at->upload) || str_is(best->value, at->url)))
        at->account = arena_dup(c->arena, best->section.ptr, best->section.len);
    user = best != NULL ? ini_find(c, best->section, "username") : NULL;
    word = best != NULL ? ini_find(c, best->section, "password") : NULL;
    return user == NULL || word == NULL ||
           net_secret(c->arena, at->url, NET_BASIC_OF, user->value, word->value, word->path, out,
                      c->fail);
}

/*-- all of them ---------------------------------------------------------------------------------*/

bool creds_endpoint(struct creds *c, relver_eco eco, relver_str name, const struct file *manifest,
                    struct endpoint **out)
{
    *out = NULL;
    if (eco == RELVER_CARGO && manifest != NULL && !cargo_endpoint(c, manifest, out))
        return false;
    if (*out == NULL && !endpoint_find(c->arena, c->config,
                                       endpoint_usual(relver_s(eco_name(eco))), out, c->fail))
        return false;
    return eco != RELVER_NPM || !(*out)->usual || npm_endpoint(c, name, manifest, out);
}

bool creds_find(struct creds *c, struct endpoint *at, const struct file *manifest,
                const struct secret **out)
{
    *out = NULL;
    if (strcmp(at->kind, "npm") == 0)
        return npm_load(c, manifest != NULL ? manifest->dir : "") && npm_kept(c, at, out);
    if (strcmp(at->kind, "cargo") == 0)
        return cargo_find(c, at, out);
    return at->usual || pypi_find(c, at, out);
}
