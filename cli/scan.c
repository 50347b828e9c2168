/* scan.c - one pull reader, and a table of key patterns for each kind of file

   In a pattern "*" stands for any key, "#" for any array element, and "**" at its end for all that
   is below. The reader hands over node after node; where a pattern fits the keys that lead to it,
   the pattern's function takes it. */
#include "scan.h"

#include "names.h"

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
    const struct rule *rule; /* that fits */
    size_t depth;            /* of its keys, without "**" */
    struct dep *deps; /* Cargo.toml: the dependencies met so far .. */
    size_t dep_count;
    struct names dep_ids; /* .. by their key paths */
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
    bool any;
    size_t field;         /* set_flag, take_text: in struct file */
    int dir, table, name; /* take_copy: which keys these are; NONE, ROOT: "" */
    enum place_kind kind; /* take_place; uv_part, and the table it speaks of */
    const char *list;
};

enum { NONE = -1, ROOT = -2 };

/* A dependency of a crate. Its parts may stand apart (k.path = "..", k.version = ".."), so its
   requirement gets the crate's name only at the end of the file. */
struct dep {
    const char *id;           /* the key path of the dependency itself */
    relver_str name;          /* the crate: its key, or what `package` says */
    size_t place;             /* its requirement: file->places[place - 1]; 0: none */
    bool foreign;             /* from git or from another registry .. */
    bool local;               /* .. which has what lies here, too */
};

/*-- keys and places -----------------------------------------------------------------------------*/

static relver_str node_text(struct scan *s)
{
    return str_decode(s->arena, s->file->format, &s->node);
}

/* The key path of the first `depth` levels, as `relver edit` takes it. */
static const char *key_path(struct scan *s, size_t depth)
{
    struct text t = {.arena = s->arena};
    text_adds(&t, "");
    for (size_t i = 0; i < depth; i++) {
        if (s->key[i].ptr == NULL) {
            text_addf(&t, "[%zu]", s->index[i]);
            continue;
        }
        text_adds(&t, i > 0 ? "." : "");
        text_key(&t, s->key[i]);
    }
    return t.ptr;
}

/* The new place is the file's last; it moves when the next is added. */
static struct place *add_place(struct scan *s, enum place_kind kind, relver_str at, relver_str text)
{
    struct file *f = s->file;
    struct place *p = ARENA_NEW(s->arena, f->places, f->count);
    *p = (struct place){.kind = kind, .eco = s->eco, .file = f, .at = at, .text = text,
                        .quote = RELVER_OPAQUE, .key = key_path(s, s->node.depth)};
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
    *ARENA_NEW(s->arena, *list, *count) = node_text(s);
}

/* Whether the keys of the node fit a pattern, and how many of them. */
static bool fits(struct scan *s, const char *const *pattern)
{
    size_t n = 0;
    while (pattern[n] != NULL && strcmp(pattern[n], "**") != 0)
        n++;
    if (pattern[n] == NULL ? s->node.depth != n : s->node.depth < n)
        return false;
    for (size_t i = n; i-- > 0;) {
        bool element = s->key[i].ptr == NULL;
        bool any = strcmp(pattern[i], element ? "#" : "*") == 0;
        if (!any && (element || !str_is(s->key[i], pattern[i])))
            return false;
    }
    s->depth = n;
    return true;
}

static void take_place(struct scan *s)
{
    add_node(s, s->rule->kind);
}

static void take_text(struct scan *s)
{
    *(relver_str *)(void *)((char *)s->file + s->rule->field) = node_text(s);
}

static void set_flag(struct scan *s)
{
    *(bool *)((char *)s->file + s->rule->field) = true;
}

/* What npm installed is somebody else's; every other entry is a directory of the workspace. */
static bool installed(relver_str dir)
{
    return str_starts(dir, "node_modules/") || str_has(dir, "/node_modules/");
}

static void take_copy(struct scan *s)
{
    const struct rule *r = s->rule;
    relver_str none = {NULL, 0};
    relver_str dir = r->dir == ROOT ? relver_s("") : s->key[r->dir];
    if (installed(dir))
        return;
    struct place *p = add_node(s, PLACE_LOCK_COPY);
    p->dir = dir;
    p->table = r->table == NONE ? none : s->key[r->table];
    p->name = s->key[r->name];
}

/* The rows of the tables: a function for strings, or for every node; a place; a mark on the file,
   or a text of it; and a requirement that a lock file repeats, with the numbers of the keys that
   say whose it is. */
#define TEXT(function, ...) {.key = {__VA_ARGS__}, .take = function}
#define NODE(function, ...) {.key = {__VA_ARGS__}, .take = function, .any = true}
#define PLACE(k, ...) {.key = {__VA_ARGS__}, .take = take_place, .kind = k}
#define FLAG(member, ...) {.key = {__VA_ARGS__}, .take = set_flag, .any = true, \
                           .field = offsetof(struct file, member)}
#define PRIVATE(member, ...) {.key = {__VA_ARGS__}, .take = take_private, .any = true, \
                              .field = offsetof(struct file, member)}
#define SAYS(member, ...) {.key = {__VA_ARGS__}, .take = take_text, \
                           .field = offsetof(struct file, member)}
#define UV(k, l, ...) {.key = {__VA_ARGS__}, .take = uv_part, .any = true, .kind = k, .list = l}
#define COPY(d, t, n, ...) {.key = {__VA_ARGS__}, .take = take_copy, .dir = d, .table = t, \
                            .name = n}

/* publish = false or [], "private": true; and what takes the second of them back, a registry. */
static void take_private(struct scan *s)
{
    const char *word = s->file->kind == FILE_CARGO ? "false" : "true";
    bool registry = s->node.kind == RELVER_STRING;
    *(bool *)((char *)s->file + s->rule->field) =
        !registry && (s->node.kind == RELVER_ARRAY || str_is(s->node.text, word));
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

static void cargo_type(struct scan *s)
{
    s->cdylib = s->cdylib || str_is(node_text(s), "cdylib");
}

/* The dependency that the rule's keys name; made when it is new. */
static struct dep *cargo_dep(struct scan *s)
{
    const char *id = key_path(s, s->depth);
    size_t *at = names_get(&s->dep_ids, BY_PATH, relver_s(id));
    if (at != NULL)
        return &s->deps[*at];
    at = arena_alloc(s->arena, sizeof *at);
    *at = s->dep_count;
    names_put(s->arena, &s->dep_ids, BY_PATH, relver_s(id), at);
    struct dep *d = ARENA_NEW(s->arena, s->deps, s->dep_count);
    *d = (struct dep){.id = id, .name = s->key[s->depth - 1]};
    return d;
}

/* k = "1.2", or one of the dependency's own keys. */
static void cargo_dependency(struct scan *s)
{
    struct dep *d = cargo_dep(s);
    struct file *f = s->file;
    size_t below = s->node.depth - s->depth;
    if (below == 1 && s->node.kind == RELVER_BOOL && str_is(s->key[s->depth], "workspace")) {
        f->shared = arena_more(s->arena, f->shared, f->shared_count, sizeof *f->shared);
        f->shared[f->shared_count++] = relver_s(d->id);
    }
    if (s->node.kind != RELVER_STRING || below > 1)
        return;
    relver_str part = below == 0 ? relver_s("version") : s->key[s->depth];
    if (str_is(part, "version")) {
        add_node(s, PLACE_REQUIREMENT);
        d->place = f->count;
    } else if (str_is(part, "package")) {
        d->name = node_text(s);
    } else if (str_is(part, "path")) {
        add_str(s, &f->paths, &f->path_count);
        d->local = true;
    } else if (str_is(part, "git") || str_is(part, "registry")) {
        d->foreign = true;
    }
}

static const struct rule cargo_rules[] = {
    FLAG(package, "package"),
    FLAG(wasm, "package", "metadata", "wasm-pack"),
    TEXT(cargo_type, "lib", "crate-type", "#"),
    TEXT(cargo_type, "lib", "crate_type", "#"),
    SAYS(name, "package", "name"),
    PRIVATE(unpublished, "package", "publish"),
    PRIVATE(unpublished, "package", "publish", "#"),
    PRIVATE(members_unpublished, "workspace", "package", "publish"),
    PRIVATE(members_unpublished, "workspace", "package", "publish", "#"),
    FLAG(publish_shared, "package", "publish", "workspace"),
    PLACE(PLACE_VERSION, "package", "version"),
    NODE(cargo_inherited, "package", "version", "workspace"),
    FLAG(workspace, "workspace"),
    PLACE(PLACE_WORKSPACE, "workspace", "package", "version"),
    TEXT(take_member, "workspace", "members", "#"),
    TEXT(take_exclude, "workspace", "exclude", "#"),
    /* The Cargo Book, "Specifying Dependencies" */
    NODE(cargo_dependency, "dependencies", "*", "**"),
    NODE(cargo_dependency, "dev-dependencies", "*", "**"),
    NODE(cargo_dependency, "build-dependencies", "*", "**"),
    NODE(cargo_dependency, "workspace", "dependencies", "*", "**"),
    NODE(cargo_dependency, "target", "*", "dependencies", "*", "**"),
    NODE(cargo_dependency, "target", "*", "dev-dependencies", "*", "**"),
    NODE(cargo_dependency, "target", "*", "build-dependencies", "*", "**"),
    {.take = NULL},
};

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
        if (d->place > 0 && (!d->foreign || d->local))
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
    *ARENA_NEW(s->arena, f->members, f->member_count) = relver_s("npm/*");
    f->napi = true;
}

static const struct rule npm_rules[] = {
    SAYS(name, "name"),
    PLACE(PLACE_VERSION, "version"),
    PRIVATE(unpublished, "private"),
    NODE(npm_napi, "napi"),
    FLAG(workspace, "workspaces"),
    TEXT(take_member, "workspaces", "#"),
    TEXT(take_member, "workspaces", "packages", "#"),
    TEXT(npm_requirement, "dependencies", "*"),
    TEXT(npm_requirement, "devDependencies", "*"),
    TEXT(npm_requirement, "peerDependencies", "*"),
    TEXT(npm_requirement, "optionalDependencies", "*"),
    TEXT(npm_override, "overrides", "*"),
    TEXT(npm_override, "resolutions", "*"),
    TEXT(npm_override, "pnpm", "overrides", "*"),
    {.take = NULL},
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
    s->file->places[s->file->count - 1].table = catalog(s, named ? s->key[1] : relver_s("default"));
}

static const struct rule pnpm_rules[] = {
    FLAG(workspace, "packages"),
    TEXT(take_member, "packages", "#"),
    TEXT(pnpm_catalog, "catalog", "*"),
    TEXT(pnpm_catalog, "catalogs", "*", "*"),
    TEXT(npm_override, "overrides", "*"),
    {.take = NULL},
};

/*-- pyproject.toml ------------------------------------------------------------------------------*/

/* The version of a project that computes it, for where there is no git. Zeros stand for none, and
   nobody bumps them. */
static void python_fallback(struct scan *s)
{
    relver_str text = node_text(s);
    size_t n = str_span(text, "0.");
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
    size_t last = s->node.depth - 1;
    if (last < s->depth || str_is(s->key[last], "version"))
        add_node(s, PLACE_REQUIREMENT)->name = s->key[s->depth - 1];
}

static void python_poetry_name(struct scan *s)
{
    if (s->file->name.ptr == NULL)
        s->file->name = node_text(s);
}

/* PyPI takes no package with such a classifier ("Private :: Do Not Upload"). */
static void python_classifier(struct scan *s)
{
    s->file->unpublished = s->file->unpublished || str_starts(node_text(s), "Private ::");
}

static const struct rule python_rules[] = {
    FLAG(package, "project"),
    SAYS(name, "project", "name"),
    PLACE(PLACE_VERSION, "project", "version"),
    TEXT(python_dynamic, "project", "dynamic", "#"),
    TEXT(python_classifier, "project", "classifiers", "#"),
    TEXT(python_requirement, "project", "dependencies", "#"),
    TEXT(python_requirement, "project", "optional-dependencies", "*", "#"),
    TEXT(python_requirement, "dependency-groups", "*", "#"),
    TEXT(python_requirement, "build-system", "requires", "#"),
    FLAG(package, "tool", "poetry"),
    TEXT(python_poetry_name, "tool", "poetry", "name"),
    PLACE(PLACE_VERSION, "tool", "poetry", "version"),
    TEXT(poetry_requirement, "tool", "poetry", "dependencies", "*", "**"),
    TEXT(poetry_requirement, "tool", "poetry", "dev-dependencies", "*", "**"),
    TEXT(poetry_requirement, "tool", "poetry", "group", "*", "dependencies", "*", "**"),
    TEXT(python_requirement, "tool", "uv", "dev-dependencies", "#"),
    TEXT(python_requirement, "tool", "uv", "constraint-dependencies", "#"),
    TEXT(python_requirement, "tool", "uv", "override-dependencies", "#"),
    TEXT(python_fallback, "tool", "setuptools_scm", "fallback_version"),
    TEXT(python_fallback, "tool", "vcs-versioning", "fallback_version"),
    TEXT(python_fallback, "tool", "hatch", "version", "fallback-version"),
    TEXT(python_fallback, "tool", "hatch", "version", "raw-options", "fallback_version"),
    TEXT(python_fallback, "tool", "pdm", "version", "fallback_version"),
    TEXT(python_hint, "tool", "setuptools_scm", "version_scheme"),
    TEXT(python_hint, "tool", "setuptools_scm", "local_scheme"),
    TEXT(python_hint, "tool", "vcs-versioning", "version_scheme"),
    TEXT(python_hint, "tool", "vcs-versioning", "local_scheme"),
    TEXT(python_hint, "tool", "hatch", "version", "raw-options", "*"),
    TEXT(python_hint, "build-system", "build-backend"),
    TEXT(python_hint, "tool", "hatch", "version", "*"),
    TEXT(python_hint, "tool", "pdm", "version", "*"),
    TEXT(python_hint, "tool", "scikit-build", "metadata", "version", "*"),
    TEXT(python_hint, "tool", "setuptools", "dynamic", "version", "*"),
    TEXT(python_hint, "tool", "setuptools", "dynamic", "version", "file", "#"),
    TEXT(python_hint, "tool", "setuptools", "package-dir", "*"),
    TEXT(python_hint, "tool", "setuptools", "packages", "find", "where", "#"),
    TEXT(python_hint, "tool", "flit", "module", "name"),
    SAYS(crate, "tool", "maturin", "manifest-path"),
    FLAG(workspace, "tool", "uv", "workspace"),
    TEXT(take_member, "tool", "uv", "workspace", "members", "#"),
    TEXT(take_exclude, "tool", "uv", "workspace", "exclude", "#"),
    {.take = NULL},
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
    relver_str version = s->node.text, name = str_cut(&version, ' ');
    if (version.len > 0 && !str_has(version, " "))
        add_place(s, PLACE_LOCK_REF, version, version)->name = name;
}

static const struct rule cargo_lock_rules[] = {
    NODE(lock_entry, "package", "#"),
    TEXT(lock_part, "package", "#", "*"),
    TEXT(cargo_lock_reference, "package", "#", "dependencies", "#"),
    {.take = NULL},
};

/*-- uv.lock -------------------------------------------------------------------------------------*/

/* uv's words for a source that is a directory of the workspace, or one beside it. */
static bool uv_directory(relver_str source)
{
    return str_is(source, "editable") || str_is(source, "virtual") || str_is(source, "directory");
}

static void uv_source(struct scan *s)
{
    s->entry.foreign = s->entry.foreign || !uv_directory(s->key[3]);
}

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
    while (marker.len > 0 && !str_starts(marker, word))
        marker = str_from(marker, 1);
    if (marker.len == 0)
        return relver_s(NULL);
    marker = str_from(marker, sizeof word - 1);
    return str_cut(&marker, '\'');
}

static void uv_version(struct scan *s)
{
    struct place *p = add_node(s, s->rule->kind);
    const char *list = s->rule->list;
    p->dir = relver_s(str_is(s->key[0], "manifest") ? "" : NULL);
    p->owner = s->entry.name;
    p->table = relver_s(list != NULL ? list : arena_printf(s->arena, "group %.*s",
                                                           STR(s->key[s->depth - 2])));
    s->item.place = s->file->count;
}

/* An element of a list whose elements say a version, or something inside it. */
static void uv_part(struct scan *s)
{
    size_t below = s->node.depth - s->depth;
    relver_str part = s->key[s->depth];
    if (below == 0)
        uv_item(s);
    else if (below == 2)
        s->item.directory |= str_is(part, "source") && uv_directory(s->key[s->depth + 1]);
    else if (below > 2 || s->node.kind != RELVER_STRING)
        return;
    else if (str_is(part, "name"))
        s->item.name = node_text(s);
    else if (str_is(part, "marker"))
        s->item.extra = uv_extra(node_text(s));
    else if (str_is(part, s->rule->kind == PLACE_LOCK_REF ? "version" : "specifier"))
        uv_version(s);
}

/* A [package.metadata] reads as a table of its own, but speaks of the [[package]] above it; what
   [manifest] says comes from the root's manifest. Without a table: the group named last. */
static const struct rule uv_lock_rules[] = {
    NODE(lock_entry, "package", "#"),
    TEXT(lock_part, "package", "#", "*"),
    NODE(uv_source, "package", "#", "source", "*"),
    UV(PLACE_LOCK_REF, "", "package", "#", "dependencies", "#", "**"),
    UV(PLACE_LOCK_REF, "", "package", "optional-dependencies", "*", "#", "**"),
    UV(PLACE_LOCK_REF, "", "package", "dev-dependencies", "*", "#", "**"),
    UV(PLACE_LOCK_COPY, "dependencies", "package", "metadata", "requires-dist", "#", "**"),
    UV(PLACE_LOCK_COPY, NULL, "package", "metadata", "requires-dev", "*", "#", "**"),
    UV(PLACE_LOCK_COPY, "constraint-dependencies", "manifest", "constraints", "#", "**"),
    UV(PLACE_LOCK_COPY, "override-dependencies", "manifest", "overrides", "#", "**"),
    UV(PLACE_LOCK_COPY, NULL, "manifest", "dependency-groups", "*", "#", "**"),
    {.take = NULL},
};

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

static void npm_lock_version(struct scan *s)
{
    if (!installed(s->key[1]))
        add_node(s, PLACE_LOCK)->dir = s->key[1];
}

/* lockfileVersion 1 and 2 know packages by name; own ones say "file:DIRECTORY" first. */
static void npm_lock_package(struct scan *s)
{
    s->linked = false;
}

static void npm_lock_link(struct scan *s)
{
    s->linked = str_starts(s->node.text, "file:");
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
    TEXT(npm_lock_root, "version"),
    TEXT(npm_lock_version, "packages", "*", "version"),
    COPY(1, 2, 3, "packages", "*", "dependencies", "*"),
    COPY(1, 2, 3, "packages", "*", "devDependencies", "*"),
    COPY(1, 2, 3, "packages", "*", "peerDependencies", "*"),
    COPY(1, 2, 3, "packages", "*", "optionalDependencies", "*"),
    NODE(npm_lock_package, "dependencies", "*"),
    TEXT(npm_lock_link, "dependencies", "*", "version"),
    TEXT(npm_lock_requires, "dependencies", "*", "requires", "*"),
    {.take = NULL},
};

/*-- pnpm-lock.yaml ------------------------------------------------------------------------------*/

/* Of a package of the workspace pnpm notes also the version, pnpm 12 the same range once more. */
static void pnpm_lock_catalog(struct scan *s)
{
    relver_semver version;
    struct place *p = add_node(s, PLACE_LOCK_COPY);
    p->dir = relver_s("");
    p->table = catalog(s, s->key[1]);
    p->name = s->key[2];
    if (str_is(s->key[3], "version") && relver_semver_parse(p->text, &version, NULL) == RELVER_OK)
        p->kind = PLACE_LOCK_REF;
}

/* Of all its documents: pnpm 11 and later put one about themselves before the project's. A package
   that is no workspace does without `importers`, before version 9. */
static const struct rule pnpm_lock_rules[] = {
    COPY(1, 2, 3, "importers", "*", "*", "*", "specifier"),
    COPY(1, NONE, 3, "importers", "*", "specifiers", "*"),
    COPY(ROOT, 0, 1, "dependencies", "*", "specifier"),
    COPY(ROOT, 0, 1, "devDependencies", "*", "specifier"),
    COPY(ROOT, 0, 1, "optionalDependencies", "*", "specifier"),
    COPY(ROOT, NONE, 1, "specifiers", "*"),
    TEXT(pnpm_lock_catalog, "catalogs", "*", "*", "specifier"),
    TEXT(pnpm_lock_catalog, "catalogs", "*", "*", "version"),
    COPY(ROOT, 0, 1, "overrides", "*"),
    {.take = NULL},
};

/*-- the pass over a file ------------------------------------------------------------------------*/

static const struct kind {
    const char *name;
    relver_eco eco;
    const struct rule *rules;
    void (*end)(struct scan *s);
} kinds[] = {
    [FILE_CARGO] = {"Cargo.toml", RELVER_CARGO, cargo_rules, cargo_end},
    [FILE_NPM] = {"package.json", RELVER_NPM, npm_rules, NULL},
    [FILE_PYPROJECT] = {"pyproject.toml", RELVER_PEP440, python_rules, NULL},
    [FILE_CARGO_LOCK] = {"Cargo.lock", RELVER_CARGO, cargo_lock_rules, lock_entry},
    [FILE_NPM_LOCK] = {"package-lock.json", RELVER_NPM, npm_lock_rules, NULL},
    [FILE_PNPM] = {"pnpm-workspace.yaml", RELVER_NPM, pnpm_rules, NULL},
    [FILE_PNPM_LOCK] = {"pnpm-lock.yaml", RELVER_NPM, pnpm_lock_rules, NULL},
    [FILE_UV_LOCK] = {"uv.lock", RELVER_PEP440, uv_lock_rules, uv_lock_end},
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

bool scan_fail(struct arena *a, const struct file *file, const relver_diag *diag, struct fail *fail)
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
        for (s.rule = kind->rules; s.rule->take != NULL; s.rule++)
            if ((s.rule->any || s.node.kind == RELVER_STRING) && fits(&s, s.rule->key))
                s.rule->take(&s);
    }
    if (kind->end != NULL)
        kind->end(&s);
    drop_unnamed(file);
    return true;
}

/*-- the places of relver.toml's `files`, and versions outside their manifest --------------------*/

/* An entry of `files`, or a home, in one file. */
struct search {
    struct arena *arena;
    struct file *file;
    const struct file_place *rule;
    struct fail *fail;
    size_t found;
};

/* About a byte of the file; NULL: about all of it. */
ARENA_PRINTF(5, 6)
static bool fail_here(struct search *x, const char *at, const char *code, const char *next,
                      const char *fmt, ...)
{
    const struct file *f = x->file;
    ARENA_FORMAT(x->arena, fmt, what);
    fail_set(x->fail, x->arena, 2, code, f->path, "nothing changed", next, "%s", what);
    if (at != NULL)
        relver_locate(f->text, (size_t)(at - f->text.ptr), &x->fail->line, &x->fail->col);
    return false;
}

/* A home is the package's own version, whether `files` names it as well or not. NULL: the place is
   there already. */
static struct place *add_extra(struct search *x, relver_str at, const char *key)
{
    struct scan s = {.arena = x->arena, .file = x->file};
    struct place *p = known(x->file, at, x->rule);
    x->found++;
    if (p != NULL && !x->rule->home)
        return NULL;
    if (p == NULL)
        p = add_place(&s, PLACE_EXTRA, at, at);
    if (x->rule->home) {
        p->kind = PLACE_VERSION;
        p->eco = RELVER_PEP440;
    }
    p->rule = x->rule;
    p->quote = RELVER_OPAQUE;
    p->key = key;
    return p;
}

relver_format file_format(const char *path)
{
    static const struct {
        const char *end;
        relver_format format;
    } known[] = {{".toml", RELVER_TOML}, {"Cargo.lock", RELVER_TOML}, {"uv.lock", RELVER_TOML},
                 {"poetry.lock", RELVER_TOML}, {".json", RELVER_JSON}, {".yaml", RELVER_YAML},
                 {".yml", RELVER_YAML}, {".cff", RELVER_YAML}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_ends(relver_s(path), known[i].end))
            return known[i].format;
    return RELVER_TEXT;
}

/* It stands there too often or not at all. */
static bool wrong_count(struct search *x)
{
    const struct file_place *rule = x->rule;
    enum source_lang lang = source_lang(x->file->path);
    bool source = rule->home ? rule->home == HOME_CONSTANT : lang != SOURCE_NONE;
    const char *kind = rule->home || (rule->is_key && source) ? "constant"
                       : rule->is_key ? "key" : "text";
    const char *what = rule->what != NULL ? arena_printf(x->arena, "%s '%s'", kind, rule->what)
                                          : "version constant";
    const char *next = rule->home ? "mend the file, then run the same command again"
                       : x->found > 0 ? "state how often with ' xN' or ' x*' in `files`"
                       : "mend the entry of `files`, or mark it optional with '?'";
    if (x->found > 0)
        return fail_here(x, NULL, "count", next, "the %s stands here %zu times, expected %zu", what,
                         x->found, rule->times);
    if (rule->what == NULL && !source)
        return fail_here(x, NULL, "missing", next, "it holds more than a version; a key or a text "
                         "around it can be named");
    return fail_here(x, NULL, "missing", next, "there is no %s here", what);
}

/* Every place where a text with {version} stands. */
static bool scan_text(struct search *x)
{
    size_t from = 0;
    relver_node node;
    relver_str text = relver_s(x->rule->what);
    while (relver_find_text(x->file->text, text, &node, &from, NULL) == RELVER_OK)
        add_extra(x, node.text, x->rule->what);
    return true;
}

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

/* The constants that an entry means: those of its name or, when it has none, the best. One that is
   asked for by name must be a plain string; the others only count when they are. */
static bool scan_source(struct search *x, enum source_lang lang)
{
    const struct file_place *rule = x->rule;
    relver_str doc = x->file->text;
    struct source s;
    struct constant c, *list = NULL, *odd = arena_alloc(x->arena, sizeof *odd);
    size_t n = 0;
    relver_diag diag;
    int best = 0;
    source_read(&s, lang, doc);
    for (;;) {
        if (source_next(&s, &c, &diag) != RELVER_OK)
            return scan_fail(x->arena, x->file, &diag, x->fail);
        if (c.name.ptr == NULL)
            break;
        int fit = rank(rule, lang, c.name);
        if (fit > 0 && c.text.ptr == NULL && odd->name.ptr == NULL)
            *odd = c;
        if (fit == 0 || fit < best || c.text.ptr == NULL)
            continue;
        n = fit > best ? 0 : n;
        best = fit;
        *ARENA_NEW(x->arena, list, n) = c;
    }
    if (odd->name.ptr != NULL && (rule->what != NULL || n == 0))
        return fail_here(x, doc.ptr + odd->pos, "not-string",
                         "give it a plain string, or name another place",
                         "'%.*s' is no plain string literal but %s", STR(odd->name), odd->why);
    for (size_t i = 0; i < n; i++) {
        const struct constant *last = i > 0 ? &list[i - 1] : odd, *now = &list[i];
        if (now->text.ptr == last->text.ptr)
            continue;
        if (i > 0 && rule->times == 1 && !relver_eq(now->name, last->name))
            return fail_here(x, doc.ptr + now->pos, "ambiguous", rule->home ? "leave one of them"
                             : arena_printf(x->arena, "name one in `files`: '%s: %.*s'",
                                            x->file->path, STR(last->name)),
                             "both '%.*s' and '%.*s' could be the version", STR(last->name),
                             STR(now->name));
        add_extra(x, now->text, arena_dup(x->arena, now->name.ptr, now->name.len));
    }
    return true;
}

/* A file that holds nothing but one word. */
static bool scan_word(struct search *x)
{
    relver_str word = x->file->text;
    while (word.len > 0 && (unsigned char)word.ptr[word.len - 1] <= ' ')
        word.len--;
    bool one = word.len > 0;
    for (size_t i = 0; i < word.len; i++)
        one = one && (unsigned char)word.ptr[i] > ' ';
    if (one)
        add_extra(x, word, "the whole file");
    return true;
}

static bool scan_key(struct search *x)
{
    struct file *f = x->file;
    relver_node node;
    relver_diag diag;
    relver_err err = relver_find(f->text, f->format, relver_s(x->rule->what), &node, &diag);
    if (err == RELVER_MISSING)
        return true;
    bool yaml = f->format == RELVER_YAML; /* version: 1.10 */
    if (err == RELVER_OK && node.kind != RELVER_STRING && !(yaml && node.kind == RELVER_NUMBER)) {
        diag.err = err = RELVER_NOT_STRING;
        diag.what = relver_strerror(diag.err);
        diag.pos = (size_t)(node.value.ptr - f->text.ptr);
    }
    if (err != RELVER_OK)
        return scan_fail(x->arena, f, &diag, x->fail);
    struct place *p = add_extra(x, node.text, x->rule->what);
    if (p != NULL) {
        p->quote = node.quote;
        p->fixed = node.quote == RELVER_OPAQUE;
    }
    return true;
}

bool scan_extra(struct arena *a, struct file *f, const struct file_place *rule, struct fail *fail)
{
    struct search x = {a, f, rule, fail, 0};
    enum source_lang lang = rule->home == HOME_CONSTANT ? SOURCE_PYTHON
                            : rule->home == HOME_FILE   ? SOURCE_NONE
                                                        : source_lang(f->path);
    if (f->kind == FILE_EXTRA)
        f->format = file_format(f->path);
    bool ok = rule->what != NULL && !rule->is_key ? scan_text(&x)
              : lang != SOURCE_NONE               ? scan_source(&x, lang)
              : rule->what == NULL                ? scan_word(&x) : scan_key(&x);
    bool right = rule->times == FILES_ANY ? x.found > 0 : x.found == rule->times;
    return ok && (right || (x.found == 0 && rule->optional) || wrong_count(&x));
}
