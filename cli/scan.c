/* scan.c - one pull reader, and a table of key patterns for each kind of file

   In a pattern "*" stands for any key and "#" for any array element. The reader hands over node
   after node; where a pattern fits the keys that lead to it, the pattern's function takes it. */
#include "scan.h"

#include "source.h"
#include "str.h"

#include <string.h>

enum { KEYS = 8 }; /* no pattern is deeper */

struct scan {
    struct arena *arena;
    struct file *file;
    relver_eco eco; /* of the file */
    relver_node node;
    relver_str key[KEYS]; /* decoded, down to node.depth; absent for array elements */
    size_t index[KEYS];
    struct dep *deps; /* Cargo.toml: the dependencies met so far */
    size_t dep_count;
    struct entry {
        relver_str name;
        size_t place; /* its version: file->places[place - 1]; 0: none yet */
        relver_str extra;
        bool foreign;   /* it has a source that is no directory .. */
        bool directory; /* .. or one that is */
    } entry;            /* Cargo.lock, uv.lock: the [[package]] being read */
    struct entry item;  /* uv.lock: the element being read of one of its lists */
    bool linked;      /* package-lock.json: the package being read is one of ours */
    bool cdylib;      /* Cargo.toml: the crate is built as a C library */
};

/* What is done with a node: as a rule, with a string alone. */
struct rule {
    const char *key[KEYS + 1];
    void (*take)(struct scan *s);
    enum { STRING, ANY } node;
};

/* A dependency of a crate. Its parts may stand apart (k.path = "..", k.version = ".."), so its
   requirement gets the crate's name only at the end of the file. */
struct dep {
    const char *id;           /* the key path of the dependency itself */
    relver_str name;          /* the crate: its key, or what `package` says */
    size_t place;             /* its requirement: file->places[place - 1]; 0: none */
    bool foreign;             /* from git or from another registry */
};

/*-- keys and places -----------------------------------------------------------------------------*/

static relver_str node_text(struct scan *s)
{
    return str_decode(s->arena, s->file->format, &s->node);
}

static bool bare_key(relver_str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              c == '_' || c == '-'))
            return false;
    }
    return key.len > 0;
}

static void add_quoted(struct text *t, relver_str key)
{
    text_addc(t, '"');
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] == '"' || key.ptr[i] == '\\')
            text_addc(t, '\\');
        text_addc(t, key.ptr[i]);
    }
    text_addc(t, '"');
}

/* The key path of the first `depth` levels, as `relver edit` takes it. */
static const char *key_path(struct scan *s, size_t depth)
{
    struct text t = {.arena = s->arena};
    text_adds(&t, "");
    for (size_t i = 0; i < depth; i++) {
        relver_str key = s->key[i];
        if (key.ptr == NULL) {
            text_addf(&t, "[%zu]", s->index[i]);
            continue;
        }
        if (i > 0)
            text_addc(&t, '.');
        if (bare_key(key))
            text_add(&t, key.ptr, key.len);
        else
            add_quoted(&t, key);
    }
    return t.ptr;
}

/* The new place is the file's last; it moves when the next is added. */
static struct place *add_place(struct scan *s, enum place_kind kind, relver_str at,
                               relver_str text)
{
    struct file *f = s->file;
    f->places = arena_more(s->arena, f->places, f->count, sizeof *f->places);
    struct place *p = &f->places[f->count++];
    memset(p, 0, sizeof *p);
    p->kind = kind;
    p->eco = s->eco;
    p->file = f;
    p->at = at;
    p->text = text;
    p->quote = RELVER_OPAQUE;
    p->key = key_path(s, s->node.depth);
    return p;
}

/* A whole string. One outside the YAML that relver edits is not passed over in silence. */
static struct place *add_node(struct scan *s, enum place_kind kind)
{
    struct place *p = add_place(s, kind, s->node.text, node_text(s));
    p->quote = s->node.quote;
    p->fixed = p->quote == RELVER_OPAQUE;
    return p;
}

/* The place that is there already; NULL: none. Those of the same entry of `files` stand at the end
   and do not repeat. */
static struct place *known(const struct file *f, relver_str at, const struct file_place *rule)
{
    for (size_t i = 0; i < f->count && (rule == NULL || f->places[i].rule != rule); i++)
        if (f->places[i].at.ptr == at.ptr)
            return &f->places[i];
    return NULL;
}

static void add_str(struct scan *s, relver_str **list, size_t *count)
{
    *list = arena_more(s->arena, *list, *count, sizeof **list);
    (*list)[(*count)++] = node_text(s);
}

/* Whether the keys of the first `depth` levels fit a pattern. */
static bool fits(const struct scan *s, size_t depth, const char *const *pattern)
{
    if (depth == 0 || depth > KEYS || pattern[depth] != NULL)
        return false;
    for (size_t i = 0; i < depth; i++)
        if (pattern[i] == NULL)
            return false;
    for (size_t i = depth; i-- > 0;) {
        bool element = s->key[i].ptr == NULL;
        bool any = strcmp(pattern[i], element ? "#" : "*") == 0;
        if (!any && (element || !str_is(s->key[i], pattern[i])))
            return false;
    }
    return true;
}

static void take_name(struct scan *s)
{
    s->file->name = node_text(s);
}

static void take_version(struct scan *s)
{
    add_node(s, PLACE_VERSION);
}

static void take_package(struct scan *s)
{
    s->file->package = true;
}

/* publish = false, "private": true */
static void take_private(struct scan *s)
{
    const char *word = s->file->kind == FILE_CARGO ? "false" : "true";
    s->file->unpublished = s->node.kind == RELVER_BOOL && relver_eq(s->node.text, relver_s(word));
}

static void take_workspace(struct scan *s)
{
    s->file->workspace = true;
}

/* npm and pnpm exclude with a '!' in the list of members. */
static void take_member(struct scan *s)
{
    struct file *f = s->file;
    if (f->format != RELVER_TOML && s->node.text.len > 0 && s->node.text.ptr[0] == '!') {
        s->node.text = relver_sn(s->node.text.ptr + 1, s->node.text.len - 1);
        add_str(s, &f->excludes, &f->exclude_count);
    } else {
        add_str(s, &f->members, &f->member_count);
    }
}

static void take_exclude(struct scan *s)
{
    add_str(s, &s->file->excludes, &s->file->exclude_count);
}

/*-- Cargo.toml ----------------------------------------------------------------------------------*/

static void cargo_inherited(struct scan *s)
{
    add_place(s, PLACE_INHERITED, s->node.value, s->node.value);
}

static void cargo_shared(struct scan *s)
{
    add_node(s, PLACE_WORKSPACE);
}

static void cargo_type(struct scan *s)
{
    s->cdylib = s->cdylib || str_is(node_text(s), "cdylib");
}

static void cargo_wasm_pack(struct scan *s)
{
    s->file->wasm = true;
}

static const struct rule cargo_rules[] = {
    {{"package"}, take_package, ANY},
    {{"package", "metadata", "wasm-pack"}, cargo_wasm_pack, ANY},
    {{"lib", "crate-type", "#"}, cargo_type, STRING},
    {{"lib", "crate_type", "#"}, cargo_type, STRING},
    {{"package", "name"}, take_name, STRING},
    {{"package", "publish"}, take_private, ANY},
    {{"package", "version"}, take_version, STRING},
    {{"package", "version", "workspace"}, cargo_inherited, ANY},
    {{"workspace"}, take_workspace, ANY},
    {{"workspace", "package", "version"}, cargo_shared, STRING},
    {{"workspace", "members", "#"}, take_member, STRING},
    {{"workspace", "exclude", "#"}, take_exclude, STRING},
    {{NULL}, NULL, ANY},
};

/* The Cargo Book, "Specifying Dependencies". */
static const char *const cargo_tables[][KEYS + 1] = {
    {"dependencies", "*"},
    {"dev-dependencies", "*"},
    {"build-dependencies", "*"},
    {"workspace", "dependencies", "*"},
    {"target", "*", "dependencies", "*"},
    {"target", "*", "dev-dependencies", "*"},
    {"target", "*", "build-dependencies", "*"},
};

/* The dependency that the first `depth` keys name; made when it is new. */
static struct dep *cargo_dep(struct scan *s, size_t depth)
{
    const char *id = key_path(s, depth);
    for (size_t i = s->dep_count; i-- > 0;)
        if (strcmp(s->deps[i].id, id) == 0)
            return &s->deps[i];
    s->deps = arena_more(s->arena, s->deps, s->dep_count, sizeof *s->deps);
    struct dep *d = &s->deps[s->dep_count++];
    memset(d, 0, sizeof *d);
    d->id = id;
    d->name = s->key[depth - 1];
    return d;
}

/* k = "1.2", or one of the dependency's own keys; its key is at level `depth`. */
static void cargo_part(struct scan *s, size_t depth)
{
    struct dep *d = cargo_dep(s, depth);
    if (s->node.kind != RELVER_STRING || s->node.depth > depth + 1)
        return;
    relver_str part = s->node.depth == depth ? relver_s("version") : s->key[depth];
    if (str_is(part, "version")) {
        add_node(s, PLACE_REQUIREMENT);
        d->place = s->file->count;
    } else if (str_is(part, "package")) {
        d->name = node_text(s);
    } else if (str_is(part, "path")) {
        add_str(s, &s->file->paths, &s->file->path_count);
    } else if (str_is(part, "git") || str_is(part, "registry")) {
        d->foreign = true;
    }
}

static void cargo_dependency(struct scan *s)
{
    for (size_t i = 0; i < sizeof cargo_tables / sizeof *cargo_tables; i++)
        for (size_t depth = s->node.depth; depth > 1; depth--)
            if (fits(s, depth, cargo_tables[i])) {
                cargo_part(s, depth);
                return;
            }
}

/* A dependency of the crate itself: neither the workspace's, nor for tests or build scripts. */
static bool direct(const struct dep *d)
{
    return strncmp(d->id, "workspace.", 10) != 0 && strstr(d->id, "dev-dependencies") == NULL &&
           strstr(d->id, "build-dependencies") == NULL;
}

/* Name the requirements; a foreign one keeps no name and so is nobody's. wasm-pack takes a crate
   that is a C library on top of wasm-bindgen (its book, "Cargo.toml"). */
static void cargo_end(struct scan *s)
{
    for (size_t i = 0; i < s->dep_count; i++) {
        struct dep *d = &s->deps[i];
        if (s->cdylib && direct(d) && str_is(d->name, "wasm-bindgen"))
            s->file->wasm = true;
        if (d->place > 0 && !d->foreign)
            s->file->places[d->place - 1].name = d->name;
    }
}

/*-- package.json --------------------------------------------------------------------------------*/

/* NAME: a requirement, in the table that the key above names. */
static void npm_requirement(struct scan *s)
{
    struct place *p = add_node(s, PLACE_REQUIREMENT);
    p->name = s->key[s->node.depth - 1];
    p->table = s->key[s->node.depth - 2];
}

/* Only what says a requirement, neither "-" nor "$NAME"; a key that selects dependents (a>b) is
   nobody's name. */
static void npm_override(struct scan *s)
{
    relver_str text = node_text(s);
    if (text.len > 0 && text.ptr[0] != '-' && text.ptr[0] != '$') {
        npm_requirement(s);
        s->file->places[s->file->count - 1].table = relver_s("overrides");
    }
}

/* napi-rs has a package for each platform below npm/, where `napi create-npm-dirs` makes them, in a
   workspace or not, and `napi version` gives them the version of this one. */
static void npm_napi(struct scan *s)
{
    struct file *f = s->file;
    if (s->node.kind != RELVER_TABLE)
        return;
    f->members = arena_more(s->arena, f->members, f->member_count, sizeof *f->members);
    f->members[f->member_count++] = relver_s("npm/*");
    f->napi = true;
}

static const struct rule npm_rules[] = {
    {{"name"}, take_name, STRING},
    {{"version"}, take_version, STRING},
    {{"private"}, take_private, ANY},
    {{"napi"}, npm_napi, ANY},
    {{"workspaces"}, take_workspace, ANY},
    {{"workspaces", "#"}, take_member, STRING},
    {{"workspaces", "packages", "#"}, take_member, STRING},
    {{"dependencies", "*"}, npm_requirement, STRING},
    {{"devDependencies", "*"}, npm_requirement, STRING},
    {{"peerDependencies", "*"}, npm_requirement, STRING},
    {{"optionalDependencies", "*"}, npm_requirement, STRING},
    {{"overrides", "*"}, npm_override, STRING},
    {{"resolutions", "*"}, npm_override, STRING},
    {{"pnpm", "overrides", "*"}, npm_override, STRING},
    {{NULL}, NULL, ANY},
};

/* The catalog that `catalog:` without a name means is also called "default". */
static relver_str catalog(struct scan *s, relver_str name)
{
    return relver_s(arena_printf(s->arena, "catalog %.*s", STR(name)));
}

static void pnpm_catalog(struct scan *s)
{
    bool named = s->node.depth == 3;
    npm_requirement(s);
    s->file->places[s->file->count - 1].table =
        catalog(s, named ? s->key[1] : relver_s("default"));
}

static const struct rule pnpm_rules[] = {
    {{"packages"}, take_workspace, ANY},
    {{"packages", "#"}, take_member, STRING},
    {{"catalog", "*"}, pnpm_catalog, STRING},
    {{"catalogs", "*", "*"}, pnpm_catalog, STRING},
    {{"overrides", "*"}, npm_override, STRING},
    {{NULL}, NULL, ANY},
};

/*-- pyproject.toml ------------------------------------------------------------------------------*/

/* The version of a project that computes it, for where there is no git. Zeros stand for none, and
   nobody bumps them. */
static void python_fallback(struct scan *s)
{
    relver_str text = node_text(s);
    size_t n = 0;
    while (n < text.len && (text.ptr[n] == '0' || text.ptr[n] == '.'))
        n++;
    if (n < text.len && text.ptr[n] != '+')
        add_node(s, PLACE_VERSION);
}

static void python_hint(struct scan *s)
{
    if (known(s->file, s->node.text, NULL) == NULL)
        add_node(s, PLACE_HINT)->name = s->key[s->node.depth - 1];
}

static void python_dynamic(struct scan *s)
{
    if (str_is(node_text(s), "version"))
        add_node(s, PLACE_DYNAMIC);
}

/* The table of a list's element. Groups are named by the key above; uv's own list of development
   dependencies joins the group "dev". */
static relver_str python_table(struct scan *s)
{
    relver_str list = s->key[s->node.depth - 2], above = s->key[s->node.depth - 3];
    const char *kind = str_is(above, "optional-dependencies") ? "extra"
                       : str_is(above, "dependency-groups") ? "group" : NULL;
    if (kind != NULL)
        return relver_s(arena_printf(s->arena, "%s %.*s", kind, STR(list)));
    return str_is(list, "dev-dependencies") ? relver_s("group dev") : list;
}

/* Only the specifier is the place: name, extras and marker are never written. */
static void python_requirement(struct scan *s)
{
    relver_pep508 part;
    relver_str text = node_text(s);
    if (relver_pep508_parse(text, &part, NULL) != RELVER_OK || part.specifier.len == 0)
        return;
    bool spelt = text.ptr == s->node.text.ptr;
    struct place *p = add_place(s, PLACE_REQUIREMENT,
                                spelt ? part.specifier : s->node.text, part.specifier);
    p->name = part.name;
    p->table = python_table(s);
    p->fixed = !spelt;
}

/* NAME = "^1.2", NAME = {version = "^1.2", ..}, or a list of those. */
static void poetry_requirement(struct scan *s)
{
    size_t name = str_is(s->key[2], "group") ? 5 : 3, last = s->node.depth - 1;
    if (last == name || str_is(s->key[last], "version"))
        add_node(s, PLACE_REQUIREMENT)->name = s->key[name];
}

static void python_poetry_name(struct scan *s)
{
    if (s->file->name.ptr == NULL)
        take_name(s);
}

static void python_crate(struct scan *s)
{
    s->file->crate = node_text(s);
}

static const struct rule python_rules[] = {
    {{"project"}, take_package, ANY},
    {{"project", "name"}, take_name, STRING},
    {{"project", "version"}, take_version, STRING},
    {{"project", "dynamic", "#"}, python_dynamic, STRING},
    {{"project", "dependencies", "#"}, python_requirement, STRING},
    {{"project", "optional-dependencies", "*", "#"}, python_requirement, STRING},
    {{"dependency-groups", "*", "#"}, python_requirement, STRING},
    {{"build-system", "requires", "#"}, python_requirement, STRING},
    {{"tool", "poetry"}, take_package, ANY},
    {{"tool", "poetry", "name"}, python_poetry_name, STRING},
    {{"tool", "poetry", "version"}, take_version, STRING},
    {{"tool", "poetry", "dependencies", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "dependencies", "*", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "dependencies", "*", "#", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "dev-dependencies", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "dev-dependencies", "*", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "dev-dependencies", "*", "#", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "group", "*", "dependencies", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "group", "*", "dependencies", "*", "*"}, poetry_requirement, STRING},
    {{"tool", "poetry", "group", "*", "dependencies", "*", "#", "*"}, poetry_requirement, STRING},
    {{"tool", "uv", "dev-dependencies", "#"}, python_requirement, STRING},
    {{"tool", "uv", "constraint-dependencies", "#"}, python_requirement, STRING},
    {{"tool", "uv", "override-dependencies", "#"}, python_requirement, STRING},
    {{"tool", "setuptools_scm", "fallback_version"}, python_fallback, STRING},
    {{"tool", "vcs-versioning", "fallback_version"}, python_fallback, STRING},
    {{"tool", "hatch", "version", "fallback-version"}, python_fallback, STRING},
    {{"tool", "hatch", "version", "raw-options", "fallback_version"}, python_fallback, STRING},
    {{"tool", "pdm", "version", "fallback_version"}, python_fallback, STRING},
    {{"build-system", "build-backend"}, python_hint, STRING},
    {{"tool", "hatch", "version", "*"}, python_hint, STRING},
    {{"tool", "pdm", "version", "*"}, python_hint, STRING},
    {{"tool", "scikit-build", "metadata", "version", "*"}, python_hint, STRING},
    {{"tool", "setuptools", "dynamic", "version", "*"}, python_hint, STRING},
    {{"tool", "setuptools", "dynamic", "version", "file", "#"}, python_hint, STRING},
    {{"tool", "setuptools", "package-dir", "*"}, python_hint, STRING},
    {{"tool", "setuptools", "packages", "find", "where", "#"}, python_hint, STRING},
    {{"tool", "flit", "module", "name"}, python_hint, STRING},
    {{"tool", "maturin", "manifest-path"}, python_crate, STRING},
    {{"tool", "uv", "workspace"}, take_workspace, ANY},
    {{"tool", "uv", "workspace", "members", "#"}, take_member, STRING},
    {{"tool", "uv", "workspace", "exclude", "#"}, take_exclude, STRING},
    {{NULL}, NULL, ANY},
};

/*-- Cargo.lock ----------------------------------------------------------------------------------*/

/* A [[package]] ends: its version is ours only when it is a directory, to Cargo: has no source. */
static void lock_entry(struct scan *s)
{
    struct entry *e = &s->entry;
    if (e->place > 0 && !e->foreign) {
        struct place *p = &s->file->places[e->place - 1];
        p->name = e->name;
        p->key = arena_printf(s->arena, "package[name=%.*s].version", STR(e->name));
    }
    memset(e, 0, sizeof *e);
}

static void lock_part(struct scan *s)
{
    relver_str key = s->key[2];
    bool placed = s->entry.place > 0;
    if (str_is(key, "source")) {
        s->entry.foreign = true;
    } else if (str_is(key, "version")) {
        if (placed && s->entry.place == s->file->count)
            s->file->count--; /* the empty place before it */
        add_node(s, PLACE_LOCK);
        s->entry.place = s->file->count;
    } else if (str_is(key, "name")) {
        s->entry.name = node_text(s);
        if (placed || s->eco != RELVER_PEP440)
            return;
        relver_str behind = {s->node.value.ptr + s->node.value.len, 0};
        add_place(s, PLACE_LOCK, behind, relver_s("")); /* uv cannot know every version */
        s->entry.place = s->file->count;
    }
}

/* "name version" is written when the name alone is ambiguous; a third word names the source. */
static void cargo_lock_reference(struct scan *s)
{
    relver_str text = s->node.text;
    const char *blank = text.len > 0 ? memchr(text.ptr, ' ', text.len) : NULL;
    if (blank == NULL)
        return;
    size_t n = (size_t)(blank - text.ptr);
    relver_str version = relver_sn(blank + 1, text.len - n - 1);
    if (memchr(version.ptr, ' ', version.len) == NULL)
        add_place(s, PLACE_LOCK_REF, version, version)->name = relver_sn(text.ptr, n);
}

static const struct rule cargo_lock_rules[] = {
    {{"package", "#"}, lock_entry, ANY},
    {{"package", "#", "*"}, lock_part, STRING},
    {{"package", "#", "dependencies", "#"}, cargo_lock_reference, STRING},
    {{NULL}, NULL, ANY},
};

/*-- uv.lock -------------------------------------------------------------------------------------*/

/* uv's words for a source that is a directory of the workspace, or one beside it. */
static bool uv_directory(relver_str source)
{
    return str_is(source, "editable") || str_is(source, "virtual") ||
           str_is(source, "directory");
}

static void uv_source(struct scan *s)
{
    s->entry.foreign = s->entry.foreign || !uv_directory(s->key[3]);
}

static const struct rule uv_lock_rules[] = {
    {{"package", "#"}, lock_entry, ANY},
    {{"package", "#", "*"}, lock_part, STRING},
    {{"package", "#", "source", "*"}, uv_source, ANY},
    {{NULL}, NULL, ANY},
};

/* The lists whose elements say a version. A [package.metadata] reads as a table of its own, but
   speaks of the [[package]] above it; what [manifest] says comes from the root's manifest. */
static const struct uv_list {
    const char *key[KEYS + 1];
    enum place_kind kind;
    const char *version; /* the key that says it */
    const char *table;   /* of the requirement that is repeated; NULL: the group named last */
} uv_lists[] = {
    {{"package", "#", "dependencies", "#"}, PLACE_LOCK_REF, "version", ""},
    {{"package", "optional-dependencies", "*", "#"}, PLACE_LOCK_REF, "version", ""},
    {{"package", "dev-dependencies", "*", "#"}, PLACE_LOCK_REF, "version", ""},
    {{"package", "metadata", "requires-dist", "#"}, PLACE_LOCK_COPY, "specifier", "dependencies"},
    {{"package", "metadata", "requires-dev", "*", "#"}, PLACE_LOCK_COPY, "specifier", NULL},
    {{"manifest", "constraints", "#"}, PLACE_LOCK_COPY, "specifier", "constraint-dependencies"},
    {{"manifest", "overrides", "#"}, PLACE_LOCK_COPY, "specifier", "override-dependencies"},
    {{"manifest", "dependency-groups", "*", "#"}, PLACE_LOCK_COPY, "specifier", NULL},
};

/* An element ends. A reference to what is no directory stays without a name, and so nobody's. */
static void uv_item(struct scan *s)
{
    struct entry *e = &s->item;
    struct place *p = e->place > 0 ? &s->file->places[e->place - 1] : NULL;
    if (p != NULL && (p->kind == PLACE_LOCK_COPY || e->directory))
        p->name = e->name;
    if (p != NULL && e->extra.ptr != NULL)
        p->table = relver_s(arena_printf(s->arena, "extra %.*s", STR(e->extra)));
    memset(e, 0, sizeof *e);
}

/* The requirement of an extra says so at the end of its marker: ".. and extra == 'NAME'". */
static relver_str uv_extra(relver_str marker)
{
    static const char word[] = "extra == '";
    size_t n = sizeof word - 1;
    for (size_t i = 0; i + n < marker.len; i++) {
        const char *name = marker.ptr + i + n, *end = memchr(name, '\'', marker.len - i - n);
        if (end != NULL && memcmp(marker.ptr + i, word, n) == 0)
            return relver_sn(name, (size_t)(end - name));
    }
    return relver_sn(NULL, 0);
}

static void uv_version(struct scan *s, const struct uv_list *list, size_t depth)
{
    struct place *p = add_node(s, list->kind);
    relver_str group = s->key[depth - 2];
    bool manifest = str_is(s->key[0], "manifest");
    p->dir = relver_sn(manifest ? "" : NULL, 0);
    p->owner = s->entry.name;
    p->table = list->table != NULL
                   ? relver_s(list->table)
                   : relver_s(arena_printf(s->arena, "group %.*s", STR(group)));
    s->item.place = s->file->count;
}

/* An element of a list, which has `depth` keys, or something inside it. */
static void uv_part(struct scan *s, const struct uv_list *list, size_t depth)
{
    size_t below = s->node.depth - depth;
    relver_str part = s->key[depth];
    if (below == 0)
        uv_item(s);
    else if (below == 2)
        s->item.directory |= str_is(part, "source") && uv_directory(s->key[depth + 1]);
    else if (s->node.kind != RELVER_STRING)
        return;
    else if (str_is(part, "name"))
        s->item.name = node_text(s);
    else if (str_is(part, "marker"))
        s->item.extra = uv_extra(node_text(s));
    else if (str_is(part, list->version))
        uv_version(s, list, depth);
}

static void uv_lock_list(struct scan *s)
{
    for (size_t i = 0; i < sizeof uv_lists / sizeof *uv_lists; i++)
        for (size_t below = 0; below <= 2 && below < s->node.depth; below++)
            if (fits(s, s->node.depth - below, uv_lists[i].key)) {
                uv_part(s, &uv_lists[i], s->node.depth - below);
                return;
            }
}

static void uv_lock_end(struct scan *s)
{
    uv_item(s);
    lock_entry(s);
}

/*-- package-lock.json ---------------------------------------------------------------------------*/

/* The root package repeats its version at the top. */
static void npm_lock_root(struct scan *s)
{
    add_node(s, PLACE_LOCK)->dir = relver_s("");
}

/* What is installed is somebody else's; every other entry is a directory of the workspace. */
static bool npm_own_directory(relver_str dir)
{
    static const char modules[] = "node_modules/";
    size_t n = sizeof modules - 1;
    for (size_t i = 0; i + n <= dir.len; i++)
        if ((i == 0 || dir.ptr[i - 1] == '/') && memcmp(dir.ptr + i, modules, n) == 0)
            return false;
    return true;
}

static void npm_lock_version(struct scan *s)
{
    if (npm_own_directory(s->key[1]))
        add_node(s, PLACE_LOCK)->dir = s->key[1];
}

static void npm_lock_copy(struct scan *s)
{
    if (!npm_own_directory(s->key[1]))
        return;
    struct place *p = add_node(s, PLACE_LOCK_COPY);
    p->dir = s->key[1];
    p->table = s->key[2];
    p->name = s->key[3];
}

/* lockfileVersion 1 and 2 know packages by name; own ones say "file:DIRECTORY" first. */
static void npm_lock_package(struct scan *s)
{
    s->linked = false;
}

static void npm_lock_link(struct scan *s)
{
    s->linked = s->node.text.len > 5 && memcmp(s->node.text.ptr, "file:", 5) == 0;
}

static void npm_lock_requires(struct scan *s)
{
    if (!s->linked)
        return;
    struct place *p = add_node(s, PLACE_LOCK_COPY);
    p->owner = s->key[1];
    p->name = s->key[3];
}

static const struct rule npm_lock_rules[] = {
    {{"version"}, npm_lock_root, STRING},
    {{"packages", "*", "version"}, npm_lock_version, STRING},
    {{"packages", "*", "dependencies", "*"}, npm_lock_copy, STRING},
    {{"packages", "*", "devDependencies", "*"}, npm_lock_copy, STRING},
    {{"packages", "*", "peerDependencies", "*"}, npm_lock_copy, STRING},
    {{"packages", "*", "optionalDependencies", "*"}, npm_lock_copy, STRING},
    {{"dependencies", "*"}, npm_lock_package, ANY},
    {{"dependencies", "*", "version"}, npm_lock_link, STRING},
    {{"dependencies", "*", "requires", "*"}, npm_lock_requires, STRING},
    {{NULL}, NULL, ANY},
};

/*-- pnpm-lock.yaml ------------------------------------------------------------------------------*/

static void pnpm_copy(struct scan *s, relver_str dir, relver_str table, relver_str name)
{
    struct place *p = add_node(s, PLACE_LOCK_COPY);
    p->dir = dir;
    p->table = table;
    p->name = name;
}

static void pnpm_importer(struct scan *s)
{
    pnpm_copy(s, s->key[1], s->key[2], s->key[3]);
}

static void pnpm_importer5(struct scan *s)
{
    pnpm_copy(s, s->key[1], relver_sn(NULL, 0), s->key[3]);
}

/* A package that is no workspace does without `importers`, before version 9. */
static void pnpm_single(struct scan *s)
{
    pnpm_copy(s, relver_s(""), s->key[0], s->key[1]);
}

static void pnpm_single5(struct scan *s)
{
    pnpm_copy(s, relver_s(""), relver_sn(NULL, 0), s->key[1]);
}

/* Of a package of the workspace pnpm notes also the version, pnpm 12 the same range once more. */
static void pnpm_lock_catalog(struct scan *s)
{
    relver_semver version;
    pnpm_copy(s, relver_s(""), catalog(s, s->key[1]), s->key[2]);
    if (str_is(s->key[3], "version") &&
        relver_semver_parse(node_text(s), &version, NULL) == RELVER_OK)
        s->file->places[s->file->count - 1].kind = PLACE_LOCK_REF;
}

/* Of all its documents: pnpm 11 and later put one about themselves before the project's. */
static const struct rule pnpm_lock_rules[] = {
    {{"importers", "*", "*", "*", "specifier"}, pnpm_importer, STRING},
    {{"importers", "*", "specifiers", "*"}, pnpm_importer5, STRING},
    {{"dependencies", "*", "specifier"}, pnpm_single, STRING},
    {{"devDependencies", "*", "specifier"}, pnpm_single, STRING},
    {{"optionalDependencies", "*", "specifier"}, pnpm_single, STRING},
    {{"specifiers", "*"}, pnpm_single5, STRING},
    {{"catalogs", "*", "*", "specifier"}, pnpm_lock_catalog, STRING},
    {{"catalogs", "*", "*", "version"}, pnpm_lock_catalog, STRING},
    {{"overrides", "*"}, pnpm_single, STRING},
    {{NULL}, NULL, ANY},
};

/*-- the pass over a file ------------------------------------------------------------------------*/

static const struct kind {
    const char *name;
    relver_eco eco;
    const struct rule *rules;
    void (*each)(struct scan *s); /* for every node, after the rules */
    void (*end)(struct scan *s);
} kinds[] = {
    [FILE_CARGO] = {"Cargo.toml", RELVER_CARGO, cargo_rules, cargo_dependency, cargo_end},
    [FILE_NPM] = {"package.json", RELVER_NPM, npm_rules, NULL, NULL},
    [FILE_PYPROJECT] = {"pyproject.toml", RELVER_PEP440, python_rules, NULL, NULL},
    [FILE_CARGO_LOCK] = {"Cargo.lock", RELVER_CARGO, cargo_lock_rules, NULL, lock_entry},
    [FILE_NPM_LOCK] = {"package-lock.json", RELVER_NPM, npm_lock_rules, NULL, NULL},
    [FILE_PNPM] = {"pnpm-workspace.yaml", RELVER_NPM, pnpm_rules, NULL, NULL},
    [FILE_PNPM_LOCK] = {"pnpm-lock.yaml", RELVER_NPM, pnpm_lock_rules, NULL, NULL},
    [FILE_UV_LOCK] = {"uv.lock", RELVER_PEP440, uv_lock_rules, uv_lock_list, uv_lock_end},
};

enum file_kind file_kind_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(name, kinds[i].name) == 0)
            return (enum file_kind)i;
    return strcmp(name, "npm-shrinkwrap.json") == 0 ? FILE_NPM_LOCK : FILE_EXTRA;
}

bool scan_fail(struct arena *a, const struct file *file, const relver_diag *diag,
               struct fail *fail)
{
    fail_set(fail, a, 2, relver_code(diag->err), file->path, "nothing changed",
             "mend the file, then run the same command again", "%s", diag->what);
    relver_locate(file->text, diag->pos, &fail->line, &fail->col);
    return false;
}

/* Places that turned out to be nobody's go; the rest keep their order. */
static void drop_unnamed(struct file *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->count; i++) {
        struct place *p = &f->places[i];
        bool named = p->name.ptr != NULL || p->dir.ptr != NULL;
        bool needs = p->kind == PLACE_REQUIREMENT || p->kind == PLACE_LOCK ||
                     p->kind == PLACE_LOCK_REF;
        if (named || !needs)
            f->places[kept++] = *p;
    }
    f->count = kept;
}

/* Note the node's key, or count the element. Keys below the deepest pattern are not kept; a
   repeated [[array]] header goes on counting. */
static void enter(struct scan *s)
{
    const relver_node *n = &s->node;
    size_t level = n->depth - 1;
    bool element = n->key.ptr == NULL;
    s->key[level] = element ? relver_sn(NULL, 0) : str_decode_key(s->arena, s->file->format, n);
    s->index[level] += element;
    if (level + 1 < KEYS && !(n->kind == RELVER_ARRAY && n->header))
        s->index[level + 1] = (size_t)-1;
}

/* Go on with the next document of a YAML stream. */
static bool next_document(relver_reader *reader)
{
    relver_str rest = relver_sn(reader->doc.ptr + reader->pos, reader->doc.len - reader->pos);
    if (reader->format != RELVER_YAML || reader->pos == 0 || rest.len == 0)
        return false;
    relver_read(reader, RELVER_YAML, rest);
    return true;
}

bool scan_file(struct arena *a, struct file *file, struct fail *fail)
{
    const struct kind *kind = &kinds[file->kind];
    struct scan s = {.arena = a, .file = file, .eco = kind->eco};
    relver_reader reader;
    relver_diag diag;
    memset(s.index, 0xFF, sizeof s.index); /* the first element makes it 0 */
    file->format = file_format(file->path);
    relver_read(&reader, file->format, file->text);
    for (;;) {
        if (relver_next(&reader, &s.node, &diag) != RELVER_OK) {
            diag.pos += (size_t)(reader.doc.ptr - file->text.ptr);
            return scan_fail(a, file, &diag, fail);
        }
        if (s.node.kind == RELVER_END && next_document(&reader))
            continue;
        if (s.node.kind == RELVER_END)
            break;
        if (s.node.kind == RELVER_CLOSE || s.node.depth == 0 || s.node.depth > KEYS)
            continue;
        enter(&s);
        for (const struct rule *r = kind->rules; r->take != NULL; r++)
            if ((r->node == ANY || s.node.kind == RELVER_STRING) && fits(&s, s.node.depth, r->key))
                r->take(&s);
        if (kind->each != NULL)
            kind->each(&s);
    }
    if (kind->end != NULL)
        kind->end(&s);
    drop_unnamed(file);
    return true;
}

/*-- the places of relver.toml's `files`, and versions outside their manifest --------------------*/

/* NULL: the place is there already. A home is the package's own version, whether `files` names it
   as well or not. */
static struct place *add_extra(struct arena *a, struct file *f, const struct file_place *rule,
                               relver_str at, const char *key)
{
    struct scan s = {.arena = a, .file = f};
    struct place *p = known(f, at, rule);
    if (p != NULL && !rule->home)
        return NULL;
    if (p == NULL)
        p = add_place(&s, PLACE_EXTRA, at, at);
    if (rule->home) {
        p->kind = PLACE_VERSION;
        p->eco = RELVER_PEP440;
    }
    p->rule = rule;
    p->quote = RELVER_OPAQUE;
    p->key = key;
    return p;
}

/* Every place in a file where a text with {version} stands; gives their number. */
static size_t scan_text(struct arena *a, struct file *f, const struct file_place *rule)
{
    size_t found = 0, from = 0;
    relver_node node;
    while (relver_find_text(f->text, relver_s(rule->what), &node, &from, NULL) == RELVER_OK) {
        add_extra(a, f, rule, node.text, rule->what);
        found++;
    }
    return found;
}

relver_format file_format(const char *path)
{
    static const struct {
        const char *end;
        relver_format format;
    } known[] = {{".toml", RELVER_TOML}, {"Cargo.lock", RELVER_TOML}, {"uv.lock", RELVER_TOML},
                 {"poetry.lock", RELVER_TOML}, {".json", RELVER_JSON}, {".yaml", RELVER_YAML},
                 {".yml", RELVER_YAML}, {".cff", RELVER_YAML}};
    size_t len = strlen(path);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = strlen(known[i].end);
        if (len >= n && strcmp(path + len - n, known[i].end) == 0)
            return known[i].format;
    }
    return RELVER_TEXT;
}

static bool rule_fail(struct arena *a, const struct file *f, const struct file_place *rule,
                      struct fail *fail, size_t found)
{
    bool source = rule->home ? rule->home == HOME_CONSTANT : source_lang(f->path) != SOURCE_NONE;
    const char *kind = rule->home || (rule->is_key && source) ? "constant"
                       : rule->is_key ? "key" : "text";
    const char *what = rule->what != NULL ? arena_printf(a, "%s '%s'", kind, rule->what)
                                          : "version constant";
    const char *next = rule->home ? "mend the file, then run the same command again"
                       : found > 0 ? "state how often with ' xN' or ' x*' in `files`"
                       : "mend the entry of `files`, or mark it optional with '?'";
    if (found > 0)
        return fail_set(fail, a, 2, "count", f->path, "nothing changed", next,
                        "the %s stands here %zu times, expected %zu", what, found, rule->times);
    if (rule->what == NULL && !source)
        return fail_set(fail, a, 2, "missing", f->path, "nothing changed", next,
                        "it holds more than a version; a key or a text around it can be named");
    return fail_set(fail, a, 2, "missing", f->path, "nothing changed", next,
                    "there is no %s here", what);
}

/*-- constants -----------------------------------------------------------------------------------*/

/* How well a name fits an entry; 0: not. Without a name in the entry, Python's convention counts
   most; to the build tools that look for a version, all of these are the same. */
static int rank(const struct file_place *rule, enum source_lang lang, relver_str name)
{
    if (rule->what != NULL)
        return str_is(name, rule->what);
    if (lang == SOURCE_C)
        return str_ends(name, "VERSION") || str_ends(name, "VERSION_STRING") ||
               str_ends(name, "VERSION_STR");
    if (str_is(name, "__version__"))
        return rule->home ? 1 : 2;
    return str_is(name, "VERSION") || str_is(name, "version");
}

static bool odd_constant(struct arena *a, const struct file *f, const struct constant *c,
                         struct fail *fail)
{
    fail_set(fail, a, 2, "not-string", f->path, "nothing changed",
             "give it a plain string, or name another place",
             "'%.*s' is no plain string literal but %s", STR(c->name), c->why);
    relver_locate(f->text, c->pos, &fail->line, &fail->col);
    return false;
}

static bool several(struct arena *a, const struct file *f, const struct file_place *rule,
                    const struct constant *c, const struct constant *d, struct fail *fail)
{
    fail_set(fail, a, 2, "ambiguous", f->path, "nothing changed",
             rule->home ? "leave one of them"
                        : arena_printf(a, "name one in `files`: '%s: %.*s'", f->path, STR(c->name)),
             "both '%.*s' and '%.*s' could be the version", STR(c->name), STR(d->name));
    relver_locate(f->text, d->pos, &fail->line, &fail->col);
    return false;
}

/* The next constant that an entry could mean; the name is absent behind the last. */
static bool next_fit(struct arena *a, const struct file *f, const struct file_place *rule,
                     struct source *s, struct constant *c, int *fit, struct fail *fail)
{
    relver_diag diag;
    do {
        if (source_next(s, c, &diag) != RELVER_OK)
            return scan_fail(a, f, &diag, fail);
        *fit = c->name.ptr != NULL ? rank(rule, s->lang, c->name) : 0;
    } while (c->name.ptr != NULL && *fit == 0);
    return true;
}

/* The constants that an entry means: those of its name or, when it has none, the best. One that is
   asked for by name must be a plain string; the others only count when they are. */
static bool scan_source(struct arena *a, struct file *f, const struct file_place *rule,
                        enum source_lang lang, size_t *found, struct fail *fail)
{
    struct source s;
    struct constant c, odd = {{NULL, 0}, {NULL, 0}, NULL, 0}, last = odd;
    int fit, best = 0;
    *found = 0;
    source_read(&s, lang, f->text);
    do {
        if (!next_fit(a, f, rule, &s, &c, &fit, fail))
            return false;
        if (c.text.ptr != NULL)
            best = fit > best ? fit : best;
        else if (odd.name.ptr == NULL)
            odd = c;
    } while (c.name.ptr != NULL);
    if (odd.name.ptr != NULL && (rule->what != NULL || best == 0))
        return odd_constant(a, f, &odd, fail);
    source_read(&s, lang, f->text);
    while (next_fit(a, f, rule, &s, &c, &fit, fail) && c.name.ptr != NULL) {
        if (c.text.ptr == NULL || fit < best || c.text.ptr == last.text.ptr)
            continue;
        if (*found > 0 && rule->times == 1 && !relver_eq(c.name, last.name))
            return several(a, f, rule, &last, &c, fail);
        add_extra(a, f, rule, c.text, arena_dup(a, c.name.ptr, c.name.len));
        last = c;
        (*found)++;
    }
    return true;
}

/* A file that holds nothing but one word. */
static size_t scan_word(struct arena *a, struct file *f, const struct file_place *rule)
{
    relver_str t = f->text;
    while (t.len > 0 && memchr(" \t\r\n", t.ptr[t.len - 1], 4) != NULL)
        t.len--;
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.ptr[i] <= ' ')
            return 0;
    if (t.len > 0)
        add_extra(a, f, rule, t, "the whole file");
    return t.len > 0;
}

static bool scan_key(struct arena *a, struct file *f, const struct file_place *rule, size_t *found,
                     struct fail *fail)
{
    relver_node node;
    relver_diag diag;
    relver_err err = relver_find(f->text, f->format, relver_s(rule->what), &node, &diag);
    if (err != RELVER_OK && err != RELVER_MISSING)
        return scan_fail(a, f, &diag, fail);
    *found = err == RELVER_OK;
    bool number = f->format == RELVER_YAML && node.kind == RELVER_NUMBER; /* version: 1.10 */
    if (*found > 0 && node.kind != RELVER_STRING && !number) {
        diag.err = RELVER_NOT_STRING;
        diag.what = relver_strerror(diag.err);
        diag.pos = (size_t)(node.value.ptr - f->text.ptr);
        return scan_fail(a, f, &diag, fail);
    }
    struct place *p = *found > 0 ? add_extra(a, f, rule, node.text, rule->what) : NULL;
    if (p != NULL) {
        p->quote = node.quote;
        p->fixed = node.quote == RELVER_OPAQUE;
    }
    return true;
}

bool scan_extra(struct arena *a, struct file *f, const struct file_place *rule, struct fail *fail)
{
    size_t found;
    enum source_lang lang = rule->home == HOME_CONSTANT ? SOURCE_PYTHON
                            : rule->home == HOME_FILE   ? SOURCE_NONE
                                                        : source_lang(f->path);
    if (f->kind == FILE_EXTRA)
        f->format = file_format(f->path);
    if (rule->what != NULL && !rule->is_key) {
        found = scan_text(a, f, rule);
    } else if (lang != SOURCE_NONE) {
        if (!scan_source(a, f, rule, lang, &found, fail))
            return false;
    } else if (rule->what == NULL) {
        found = scan_word(a, f, rule);
    } else if (!scan_key(a, f, rule, &found, fail)) {
        return false;
    }
    bool right = rule->times == FILES_ANY ? found > 0 : found == rule->times;
    return right || (found == 0 && rule->optional) || rule_fail(a, f, rule, fail, found);
}
