#define _POSIX_C_SOURCE 200809L
#include "endpoint.h"

#include "str.h"

#include <stdlib.h>
#include <string.h>

enum { MB = 1024 * 1024 };

/* pace: milliseconds between two requests, seconds and tries of one, bytes of an answer. crates.io
   asks for one request a second to its API and for none to its index; an npm package with many
   versions has a document of some 100 MB. visible: before npm's readers is a cache of five minutes.
   fresh, update: crates.io counts them by account. */
static const struct endpoint endpoints[] = {
    {.name = "crates-io", .kind = "cargo", .usual = true, .plain = true,
     .variable = "RELVER_CRATES_IO_INDEX", .url = "https://index.crates.io",
     .pace = {0, 60, 3, 64 * MB, 0}, .visible = 600, .fresh = {5, 600}, .update = {30, 60}},
    {.name = "crates-io-api", .kind = "crates", .usual = true,
     .variable = "RELVER_CRATES_IO_API", .url = "https://crates.io",
     .pace = {1000, 60, 3, 64 * MB, 0}},
    {.name = "npm", .kind = "npm", .usual = true, .plain = true, .token = "NODE_AUTH_TOKEN",
     .variable = "RELVER_NPM_REGISTRY", .url = "https://registry.npmjs.org",
     .pace = {0, 60, 3, 256 * MB, 0}, .visible = 1800},
    {.name = "pypi", .kind = "pypi", .usual = true, .plain = true,
     .variable = "RELVER_PYPI_URL", .url = "https://pypi.org",
     .upload_variable = "RELVER_PYPI_UPLOAD_URL", .upload = "https://upload.pypi.org/legacy/",
     .pace = {0, 60, 3, 64 * MB, 0}, .visible = 600},
    {.name = "testpypi", .kind = "pypi", .usual = true, .plain = true,
     .variable = "RELVER_TESTPYPI_URL", .url = "https://test.pypi.org",
     .upload_variable = "RELVER_TESTPYPI_UPLOAD_URL", .upload = "https://test.pypi.org/legacy/",
     .pace = {0, 60, 3, 64 * MB, 0}, .visible = 600},
};

enum { ENDPOINTS = sizeof endpoints / sizeof *endpoints };

relver_str endpoint_usual(relver_str kind)
{
    size_t i = 0;
    while (i < ENDPOINTS && !str_is(kind, endpoints[i].kind))
        i++;
    return relver_s(i < ENDPOINTS ? endpoints[i].name : NULL);
}

static const struct endpoint *find(relver_str name)
{
    for (size_t i = 0; i < ENDPOINTS; i++)
        if (str_is(name, endpoints[i].name))
            return &endpoints[i];
    return NULL;
}

static bool bad(struct arena *a, struct fail *fail, const char *path, const struct value *v,
                const char *what)
{
    fail_set(fail, a, 2, "registry", path, "nothing changed", "correct it, then: relver status",
             "%s", what);
    if (v != NULL) {
        fail->line = v->line;
        fail->col = v->col;
    }
    return false;
}

/* PyPI's files go to another address than they are read from; of an index that is somebody's own
   it is the same. */
static void find_upload(struct arena *a, struct endpoint *e, bool own)
{
    const char *told = e->upload_variable != NULL ? getenv(e->upload_variable) : NULL;
    if (net_is_loopback(e->url))
        e->fresh = e->update = (struct upload_rate){0, 0};
    if (own)
        e->upload = arena_printf(a, "%s/", e->url);
    else if (told != NULL && *told != '\0')
        e->upload = told;
    else if (!e->usual && e->upload != NULL)
        e->upload = arena_printf(a, "%s/legacy/", e->url);
    e->usual = e->usual && (told == NULL || e->upload != told);
}

/* Somebody's own, of a row's kind. */
static void as_row(struct endpoint *e, const struct endpoint *row, const char *name, bool own)
{
    *e = *row;
    e->name = name;
    e->own = own;
    e->token = NULL; /* it is for the usual one, and not for an address that a repository names */
    e->plain = strcmp(e->kind, "npm") == 0; /* which is npm's own rule, not the registry's */
    e->fresh = e->update = (struct upload_rate){0, 0};
}

static const char https[] = "a registry is asked over https; http is for this machine only";

/* Gives it an address; theirs: somebody's own. False for what is none. */
static bool settle(struct arena *a, struct endpoint *e, relver_str url, bool theirs)
{
    const struct endpoint *row = find(relver_s(e->name));
    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    e->url = arena_dup(a, url.ptr, url.len);
    e->usual = row != NULL && !theirs && strcmp(e->url, row->url) == 0;
    find_upload(a, e, theirs);
    return net_is_url(e->url) && (e->upload == NULL || net_is_url(e->upload));
}

bool endpoint_at(struct arena *a, const char *name, relver_str kind, relver_str url, bool own,
                 const char *from, struct endpoint **out, struct fail *fail)
{
    const struct endpoint *row = find(endpoint_usual(kind));
    struct endpoint *e = *out = arena_alloc(a, sizeof *e);
    as_row(e, row, name, own);
    if (!settle(a, e, url, true))
        return bad(a, fail, from, NULL, https);
    if (strcmp(e->url, row->url) == 0) { /* whoever says the usual address means that one */
        *e = *row;
        settle(a, e, url, false);
    }
    return true;
}

bool endpoint_find(struct arena *a, const struct config *config, relver_str name,
                   struct endpoint **out, struct fail *fail)
{
    const struct endpoint *row = find(name);
    const struct value *own = settings_entry(&config->top, KEY_REGISTRIES,
                                             arena_dup(a, name.ptr, name.len));
    const char *variable = row != NULL ? getenv(row->variable) : NULL, *path = config->path;
    struct endpoint *e = arena_alloc(a, sizeof *e);
    if (row == NULL && own == NULL)
        return bad(a, fail, path, NULL, arena_printf(a, "there is no registry '%.*s'", STR(name)));
    *e = row != NULL ? *row : (struct endpoint){.name = arena_dup(a, name.ptr, name.len)};
    relver_str url = relver_s(variable);
    if (url.len > 0) {
        path = e->variable;
        own = NULL;
    } else if (own == NULL) {
        url = relver_s(e->url);
    } else {
        url = own->text;
        row = find(endpoint_usual(str_cut(&url, '+')));
        if (row == NULL)
            return bad(a, fail, path, own, "a registry is cargo+.., npm+.. or pypi+..");
        as_row(e, row, e->name, true);
        url = str_from(url, str_starts(url, "sparse+") ? 7 : 0);
    }
    *out = e;
    return settle(a, e, url, own != NULL) || bad(a, fail, path, own, https);
}
