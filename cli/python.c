#include "python.h"

#include "str.h"

#include <string.h>

relver_str python_joined(struct arena *a, relver_str name, char join)
{
    char *out = arena_alloc(a, name.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool dash = c == '-' || c == '_' || c == '.';
        if (dash && n > 0 && out[n - 1] == join)
            continue;
        out[n++] = dash ? join : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return relver_sn(out, n);
}

relver_str python_name(struct arena *a, relver_str name)
{
    return python_joined(a, name, '-');
}

/* The length of the operator that s begins with. */
static size_t sign_of(relver_str s)
{
    return str_span(s, "<>=!~^");
}

/*-- uv.lock -------------------------------------------------------------------------------------*/

struct clause {
    relver_str sign, version; /* in its normal form, without the wildcard */
    const char *wild;
};

static struct clause read_clause(struct arena *a, relver_str text)
{
    text = str_trim(text);
    size_t n = sign_of(text);
    struct clause c = {relver_sn(text.ptr, n), str_trim(str_from(text, n)), ""};
    relver_str v = c.version;
    bool wild = v.len > 2 && memcmp(v.ptr + v.len - 2, ".*", 2) == 0;
    v.len -= wild ? 2 : 0;
    relver_str normal = str_spelt(a, RELVER_PEP440, v, RELVER_PEP440);
    if (normal.ptr != NULL && n < 3) { /* === compares texts */
        c.version = normal;
        c.wild = wild ? ".*" : "";
    }
    return c;
}

relver_str python_locked(struct arena *a, relver_str specifier)
{
    struct clause *list = NULL;
    struct text t = {.arena = a};
    size_t count = 0;
    while (specifier.len > 0) {
        size_t i = count;
        struct clause c = read_clause(a, str_cut(&specifier, ','));
        if (c.sign.len + c.version.len == 0)
            continue; /* PEP 508 tolerates a comma at the end */
        list = arena_more(a, list, count++, sizeof *list);
        for (int order; i > 0; i--) {
            if (relver_compare(RELVER_PEP440, list[i - 1].version, c.version, &order, NULL) !=
                    RELVER_OK || order <= 0)
                break;
            list[i] = list[i - 1];
        }
        list[i] = c;
    }
    text_adds(&t, "");
    for (size_t i = 0; i < count; i++) {
        text_adds(&t, i > 0 ? "," : "");
        text_add(&t, list[i].sign.ptr, list[i].sign.len);
        text_add(&t, list[i].version.ptr, list[i].version.len);
        text_adds(&t, list[i].wild);
    }
    return relver_sn(t.ptr, t.len);
}

bool python_same(struct arena *a, relver_str x, relver_str y)
{
    return relver_eq(python_locked(a, x), python_locked(a, y));
}

/*-- poetry --------------------------------------------------------------------------------------*/

/* Rewrites req in Cargo's reading; *fresh is absent after an error. */
static relver_err cargo_requirement(struct arena *a, relver_str req, relver_str old, relver_str now,
                                    relver_pin pin, relver_str *fresh, relver_diag *diag)
{
    relver_buf out = str_room(a, req.len + now.len + 64);
    relver_err err = relver_requirement(&out, RELVER_CARGO, req, old, now, pin, diag);
    *fresh = err == RELVER_OK ? relver_view(&out) : relver_sn(NULL, 0);
    return err;
}

static bool prerelease(relver_str semver)
{
    relver_semver v;
    return relver_semver_parse(semver, &v, NULL) == RELVER_OK && v.pre.ptr != NULL;
}

/* ^ and ~ mean to poetry what they mean to Cargo, with two differences: a prerelease is spelt as
   PEP 440 does, and lies in a range when its number is between the bounds. */
static relver_err rewrite_caret(struct arena *a, relver_buf *out, relver_str req, relver_str old,
                                relver_str now, relver_pin pin, relver_diag *diag)
{
    size_t n = sign_of(req);
    relver_str version = str_trim(str_from(req, n));
    relver_str sign = relver_sn(req.ptr, req.len - version.len);
    relver_str semver = str_spelt(a, RELVER_PEP440, version, RELVER_CARGO), fresh;
    relver_str was = str_spelt(a, RELVER_PEP440, old, RELVER_CARGO);
    relver_str goal = str_spelt(a, RELVER_PEP440, now, RELVER_CARGO), base = goal;
    if (prerelease(semver))
        version = semver;
    relver_str text = relver_s(arena_printf(a, "%.*s%.*s", STR(sign), STR(version)));
    const char *hyphen = goal.len > 0 ? memchr(goal.ptr, '-', goal.len) : NULL;
    base.len = hyphen != NULL ? (size_t)(hyphen - goal.ptr) : base.len;
    int order = 1;
    relver_err err = cargo_requirement(a, text, was, base, pin, &fresh, diag);
    relver_compare(RELVER_PEP440, version, now, &order, NULL);
    if (hyphen != NULL && (order > 0 || !relver_eq(fresh, text)))
        err = cargo_requirement(a, text, was, goal, pin, &fresh, diag);
    if (err != RELVER_OK)
        return err;
    version = str_from(fresh, sign.len);
    relver_put(out, sign);
    if (relver_eq(fresh, text))
        version = str_from(req, sign.len);
    else if (prerelease(version))
        version = str_spelt(a, RELVER_CARGO, version, RELVER_PEP440);
    relver_put(out, version);
    return err;
}

relver_err python_requirement(struct arena *a, relver_buf *out, relver_str req, relver_str old,
                              relver_str now, relver_pin pin, relver_diag *diag)
{
    size_t n = sign_of(req);
    bool caret = n == 1 && (*req.ptr == '^' || *req.ptr == '~'), bare = n == 0;
    bool keeps = pin == RELVER_PIN_AUTO || pin == RELVER_PIN_ALWAYS || pin == RELVER_PIN_KEEP;
    if (bare && (req.len == 0 || *req.ptr == '*')) {
        relver_put(out, req); /* any version will do */
        return RELVER_OK;
    }
    if (!caret && !bare)
        return relver_requirement(out, RELVER_PEP440, req, old, now, pin, diag);
    if (caret && keeps)
        return rewrite_caret(a, out, req, old, now, pin, diag);
    const char *equal = arena_printf(a, "==%.*s", (int)(req.len - n), req.ptr + n);
    relver_buf buf = str_room(a, req.len + now.len + 64);
    relver_err err = relver_requirement(&buf, RELVER_PEP440, relver_s(equal), old, now, pin, diag);
    relver_str fresh = relver_view(&buf);
    bool exact = bare && fresh.len > 2 && memcmp(fresh.ptr, "==", 2) == 0;
    if (err == RELVER_OK)
        relver_put(out, str_from(fresh, exact ? 2 : 0));
    return err;
}
