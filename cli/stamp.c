#include "stamp.h"

#include "plan.h"
#include "python.h"
#include "sha2.h"
#include "str.h"
#include "template.h"

#include <string.h>

/*-- versions ------------------------------------------------------------------------------------*/

static bool refuse(struct arena *a, const struct unit *u, relver_str version, relver_err err,
                   const char *what, struct fail *fail)
{
    bool twice = err == RELVER_ALREADY_STAMPED;
    return fail_set(fail, a, twice ? 1 : 2, relver_code(err), NULL, "nothing changed",
                    twice ? "relver stamp --restore, or bring the files back from git"
                          : "relver show why",
                    "'%.*s' of '%.*s' cannot be stamped: %s", STR(version), STR(u->name), what);
}

bool stamp_open(struct arena *a, struct stamp *stamp, struct fail *fail)
{
    relver_buf out = str_room(a, 64);
    relver_diag diag;
    if (stamp->kind != STAMP_ID)
        return true;
    if (relver_stamp(&out, RELVER_CARGO, relver_s("0.0.0"), stamp->oid, 0, &diag) != RELVER_OK)
        return fail_set(fail, a, 2, relver_code(diag.err), NULL, "nothing changed",
                        "relver stamp --sha \"$(git rev-parse HEAD)\"", "'%.*s': %s",
                        STR(stamp->oid), diag.what);
    stamp->id = relver_sn(out.ptr + 6, out.len - 6);
    return true;
}

/* The template's placeholders for a version, and the level that leads to it. */
static const struct nightly_base {
    const char *name, *level;
} nightly_bases[] = {{"{base}", "release"}, {"{next}", "patch"}, {"{version}", NULL}};

static relver_str nightly(const struct unit *u)
{
    relver_str tmpl = settings_text(u->settings, KEY_NIGHTLY);
    if (tmpl.ptr != NULL)
        return tmpl;
    return relver_s(u->scheme == RELVER_PEP440 ? "{base}.dev{date}" : "{base}-alpha.{date}");
}

static const struct nightly_base *nightly_base(const struct unit *u)
{
    relver_str tmpl = nightly(u);
    for (size_t i = 0; i < sizeof nightly_bases / sizeof *nightly_bases; i++)
        if (str_has(tmpl, nightly_bases[i].name))
            return &nightly_bases[i];
    return NULL;
}

/* The version without a last identifier that is this stamp's. */
static relver_str without_id(relver_str version, relver_str id)
{
    size_t n = id.len + 1;
    bool ends = version.len > n && memchr("-+.", version.ptr[version.len - n], 3) != NULL &&
                relver_eq(str_from(version, version.len - id.len), id);
    return ends ? relver_sn(version.ptr, version.len - n) : version;
}

relver_str stamp_base(struct arena *a, const struct stamp *stamp, const struct unit *unit)
{
    relver_str v = unit->version;
    if (v.ptr == NULL || stamp->kind == STAMP_EXACT)
        return v;
    if (stamp->kind == STAMP_ID)
        return without_id(v, stamp->id);
    const struct nightly_base *base = nightly_base(unit);
    relver_str out = {NULL, 0};
    if (base != NULL && base->level != NULL)
        out = str_bumped(a, unit->scheme, v, base->level);
    return out.ptr != NULL ? out : v; /* it has no label to drop */
}

static bool has_eco(const struct unit *u, relver_eco eco)
{
    for (size_t i = 0; i < u->count; i++)
        if (u->packages[i]->eco == eco)
            return true;
    return u->scheme == eco;
}

/* A base of PEP 440 alone (1.2, 1.0.post1) is no concern of SemVer's rules; its local part is. */
static relver_err stamp_python(relver_buf *out, const struct stamp *s, relver_str base,
                               relver_diag *diag)
{
    relver_pep440 v;
    relver_err err = relver_pep440_parse(base, &v, diag);
    if (err != RELVER_OK)
        return err;
    if (v.local.ptr != NULL) {
        err = relver_stamp(out, RELVER_PEP440, base, s->oid, 0, diag);
        if (err != RELVER_ALREADY_STAMPED)
            diag->what = relver_strerror(err = RELVER_BASE_HAS_BUILD);
        return err;
    }
    relver_pep440_write(out, &v);
    relver_put(out, relver_s("+"));
    relver_put(out, s->id);
    return RELVER_OK;
}

/* The stamped version in one ecosystem. */
static relver_err stamp_eco(struct arena *a, const struct stamp *s, const struct unit *u,
                            relver_eco eco, relver_str *text, relver_diag *diag)
{
    relver_str base = stamp_base(a, s, u);
    relver_buf plain = str_room(a, base.len + 64), out = str_room(a, base.len + 64);
    bool python = u->scheme == RELVER_PEP440;
    relver_err err = RELVER_OK;
    if (python && eco != RELVER_PEP440) {
        err = relver_convert(&plain, u->scheme, base, eco, NULL, diag);
        base = relver_view(&plain);
    }
    if (err == RELVER_OK)
        err = python && eco == RELVER_PEP440 ? stamp_python(&out, s, base, diag)
                                             : relver_stamp(&out, eco, base, s->oid, 0, diag);
    if (err == RELVER_OK)
        *text = relver_view(&out);
    return err;
}

/* Cargo's rule is asked first: it tells another stamp from other build metadata. An ecosystem in
   which the unit has no package need not be able to spell it. */
static bool aim_id(struct arena *a, const struct stamp *s, struct unit *u, struct fail *fail)
{
    static const relver_eco ecos[] = {RELVER_CARGO, RELVER_NPM, RELVER_SEMVER, RELVER_PEP440};
    for (size_t i = 0; i < sizeof ecos / sizeof *ecos; i++) {
        relver_diag diag;
        relver_err err = stamp_eco(a, s, u, ecos[i], &u->stamped[ecos[i]], &diag);
        if (err != RELVER_OK && (has_eco(u, ecos[i]) || err == RELVER_ALREADY_STAMPED))
            return refuse(a, u, u->version, err, diag.what, fail);
    }
    u->target = u->stamped[u->scheme];
    return true;
}

/* The nightly version: of a template of tags, what follows the tag's own words. */
static bool write_nightly(struct arena *a, const struct stamp *s, const struct unit *u,
                          relver_str *out, struct fail *fail)
{
    relver_str tmpl = nightly(u);
    struct filling with = {.unit = u, .date = s->date};
    if (str_has(stamp_base(a, s, u), "+"))
        return refuse(a, u, u->version, RELVER_BASE_HAS_BUILD,
                      relver_strerror(RELVER_BASE_HAS_BUILD), fail);
    while (tmpl.len > 0 && (*tmpl.ptr != '{' || str_starts(tmpl, "{name}")))
        tmpl = str_from(tmpl, 1);
    return template_fill(a, KEY_NIGHTLY, tmpl, &with, out, fail);
}

static bool aim_version(struct arena *a, struct unit *u, relver_str version, struct fail *fail)
{
    relver_buf out = str_room(a, version.len + 64);
    relver_diag diag;
    if (relver_check(&out, u->scheme, version, &diag) != RELVER_OK)
        return fail_set(fail, a, 2, relver_code(diag.err), NULL, "nothing changed",
                        "relver stamp --help", "'%.*s' for '%.*s': %s", STR(version), STR(u->name),
                        diag.what);
    u->target = relver_view(&out);
    if (u->version.ptr == NULL)
        u->version = u->target; /* the build would say one; nothing is to follow from it */
    return true;
}

bool stamp_aim(struct arena *a, const struct stamp *stamp, struct unit *unit, struct fail *fail)
{
    relver_str version = stamp->exact;
    unit->packaged = true;
    if (stamp->kind == STAMP_ID)
        return aim_id(a, stamp, unit, fail);
    if (stamp->kind == STAMP_NIGHTLY && !write_nightly(a, stamp, unit, &version, fail))
        return false;
    return aim_version(a, unit, version, fail);
}

/*-- the environment -----------------------------------------------------------------------------*/

/* Each as its tool documents it: setuptools-scm (also under hatch-vcs), pdm-backend,
   poetry-dynamic-versioning, uv-dynamic-versioning, pbr. */
static const struct variable {
    const char *name; /* with "%s": one for each package */
    relver_eco eco;   /* SEMVER: of every package, as its unit spells it */
} variables[] = {
    {"RELVER_VERSION", RELVER_SEMVER},
    {"RELVER_VERSION_CARGO", RELVER_CARGO},
    {"RELVER_VERSION_NPM", RELVER_NPM},
    {"RELVER_VERSION_PEP440", RELVER_PEP440},
    {"SETUPTOOLS_SCM_PRETEND_VERSION", RELVER_PEP440},
    {"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_%s", RELVER_PEP440},
    {"PDM_BUILD_SCM_VERSION", RELVER_PEP440},
    {"POETRY_DYNAMIC_VERSIONING_BYPASS", RELVER_PEP440},
    {"UV_DYNAMIC_VERSIONING_BYPASS", RELVER_PEP440},
    {"PBR_VERSION", RELVER_PEP440},
};

/* PEP 503's normal form in upper case, with underscores. */
static const char *variable_name(struct arena *a, const struct variable *v, relver_str package)
{
    const char *hole = strstr(v->name, "%s");
    if (hole == NULL)
        return v->name;
    int n = (int)(hole - v->name);
    char *name = arena_printf(a, "%.*s%.*s", n, v->name, STR(python_joined(a, package, '_')));
    for (char *c = name; *c != '\0'; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    return name;
}

/* Adds a variable; one that is there with another value turns into one without any. */
static void add_variable(struct arena *a, const char *name, relver_str value,
                         struct stamp_env **env, size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp((*env)[i].name, name) == 0) {
            if (!relver_eq((*env)[i].value, value))
                (*env)[i].value = relver_sn(NULL, 0);
            return;
        }
    *ARENA_NEW(a, *env, *n) = (struct stamp_env){name, value};
}

void stamp_env(struct arena *a, const struct project *project, struct stamp_env **env, size_t *n)
{
    struct fail none = {0};
    *env = NULL;
    *n = 0;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        for (size_t k = 0; k < project->package_count; k++) {
            const struct variable *v = &variables[i];
            const struct package *p = project->packages[k];
            relver_str value = p->unit->target;
            if (value.ptr == NULL || (v->eco != RELVER_SEMVER && v->eco != p->eco) ||
                (v->eco != RELVER_SEMVER && !plan_spell(a, p->unit, p->eco, &value, &none)))
                continue;
            add_variable(a, variable_name(a, v, p->name), value, env, n);
        }
}

/*-- the record ----------------------------------------------------------------------------------*/

/* One line "relver-stamp 1 SHA-256", the digest being that of all that follows:
       request WORDS
       file AFTER PATH-LENGTH LENGTH      then the path, a line end, the bytes before, a line end */

static const char magic[] = "relver-stamp 1 ";

void stamp_digest(relver_str text, char hex[65])
{
    struct sha2 s;
    sha2_init(&s, false);
    sha2_add(&s, text.ptr, text.len);
    sha2_hex(&s, hex);
}

relver_str stamp_write(struct arena *a, const struct stamp_record *record)
{
    struct text body = {.arena = a}, out = {.arena = a};
    char hex[65];
    text_addf(&body, "request %.*s\n", STR(record->request));
    for (size_t i = 0; i < record->count; i++) {
        const struct stamped *f = &record->files[i];
        text_addf(&body, "file %s %zu %zu\n%s\n", f->after, strlen(f->path), f->before.len,
                  f->path);
        text_add(&body, f->before.ptr, f->before.len);
        text_addc(&body, '\n');
    }
    stamp_digest(relver_sn(body.ptr, body.len), hex);
    text_addf(&out, "%s%s\n", magic, hex);
    text_add(&out, body.ptr, body.len);
    return relver_sn(out.ptr, out.len);
}

/* Cuts n bytes and the one behind them off *rest; absent when they are not there. */
static relver_str take(relver_str *rest, size_t n)
{
    relver_str head = {rest->ptr, n};
    if (n >= rest->len)
        return relver_sn(NULL, 0);
    *rest = str_from(*rest, n + 1);
    return head;
}

/* A file is at most 1 GiB long (fs.h), which has ten digits. */
static size_t number(relver_str digits)
{
    size_t n = 0;
    for (size_t i = 0; i < digits.len && i < 10; i++)
        n = n * 10 + (size_t)(digits.ptr[i] - '0');
    return n;
}

static bool read_file(struct arena *a, relver_str *rest, struct stamped *f)
{
    relver_str word = str_cut(rest, ' '), after = str_cut(rest, ' ');
    size_t path_len = number(str_cut(rest, ' ')), len = number(str_cut(rest, '\n'));
    relver_str path = take(rest, path_len);
    f->before = take(rest, len);
    if (!str_is(word, "file") || after.len != 64 || f->before.ptr == NULL)
        return false;
    f->path = arena_dup(a, path.ptr, path.len);
    memcpy(f->after, after.ptr, 64);
    return true;
}

bool stamp_read(struct arena *a, relver_str text, struct stamp_record *record)
{
    char hex[65];
    relver_str rest = text, head = str_cut(&rest, '\n');
    memset(record, 0, sizeof *record);
    stamp_digest(rest, hex);
    if (!relver_eq(head, relver_s(arena_printf(a, "%s%s", magic, hex))) ||
        !str_is(str_cut(&rest, ' '), "request"))
        return false;
    record->request = str_cut(&rest, '\n');
    while (rest.len > 0) {
        struct stamped *f = ARENA_NEW(a, record->files, record->count);
        *f = (struct stamped){.path = NULL};
        if (!read_file(a, &rest, f))
            return false;
    }
    return true;
}

enum stamp_state stamp_state(const struct stamped *file, relver_str now)
{
    char hex[65];
    if (now.ptr == NULL)
        return STAMP_OTHER;
    if (relver_eq(now, file->before))
        return STAMP_ORIGINAL;
    stamp_digest(now, hex);
    return strcmp(hex, file->after) == 0 ? STAMP_STAMPED : STAMP_OTHER;
}
