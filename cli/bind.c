#include "bind.h"

#include "glob.h"
#include "python.h"
#include "source.h"
#include "str.h"

#include <string.h>

struct binder {
    struct arena *arena;
    struct project *project;
    struct names *names;
};

/* PEP 503's normal form for Python, the name itself elsewhere. */
static relver_str name_key(struct binder *b, relver_eco eco, relver_str name)
{
    return eco == RELVER_PEP440 ? python_name(b->arena, name) : name;
}

/*-- packages and units --------------------------------------------------------------------------*/

static void add_package(struct binder *b, struct file *f, relver_eco eco)
{
    struct project *pr = b->project;
    struct package *p = arena_alloc(b->arena, sizeof *p);
    p->eco = eco;
    p->name = f->name;
    p->manifest = f;
    p->version = file_find(f, PLACE_VERSION);
    for (size_t i = 0; f->home != NULL && i < f->home->count; i++)
        if (f->home->places[i].rule == f->home_rule)
            p->version = &f->home->places[i];
    if (p->version != NULL && p->version->package == NULL)
        p->version->package = p;
    p->dynamic = file_find(f, PLACE_DYNAMIC) != NULL;
    f->unpublished = f->publish_shared ? f->root->members_unpublished : f->unpublished;
    struct place *inherited = file_find(f, PLACE_INHERITED);
    if (p->version == NULL && inherited != NULL) {
        p->version = inherited->source = file_find(f->root, PLACE_WORKSPACE);
        if (p->version != NULL && p->version->package == NULL)
            p->version->package = p;
    }
    *ARENA_NEW(b->arena, pr->packages, pr->package_count) = p;
    f->self = p;
    names_put(b->arena, b->names, (int)eco, name_key(b, eco, p->name), p);
}

static void add_packages(struct binder *b)
{
    for (size_t i = 0; i < b->project->file_count; i++) {
        struct file *f = b->project->files[i];
        if (f->foreign || f->name.ptr == NULL)
            continue;
        if (f->kind == FILE_CARGO && f->package)
            add_package(b, f, RELVER_CARGO);
        else if (f->kind == FILE_NPM)
            add_package(b, f, RELVER_NPM);
        else if (f->kind == FILE_PYPROJECT && f->package)
            add_package(b, f, RELVER_PEP440);
    }
}

/* The crates that wheels are built from: the one that maturin is told, or the one beside. */
static void find_wheels(struct binder *b)
{
    struct project *pr = b->project;
    for (size_t i = 0; i < pr->file_count; i++) {
        const struct file *f = pr->files[i];
        if (f->kind != FILE_PYPROJECT || f->self == NULL)
            continue;
        relver_str told = f->crate.ptr != NULL ? f->crate : relver_s("Cargo.toml");
        const char *dir = path_join(b->arena, f->dir, told);
        struct file *crate =
            dir != NULL ? names_get(b->names, BY_PATH, relver_s(path_name(b->arena, dir))) : NULL;
        if (crate != NULL && crate->self != NULL)
            crate->self->wheel = true;
    }
}

/* Of a platform's package the one that loads it, else the package itself. */
static const struct package *loader_of(const struct package *p)
{
    const struct file *root = p->manifest->root;
    relver_str dir = relver_s(p->manifest->dir);
    bool below = root->napi && root->self != NULL && str_starts(dir, root->dir) &&
                 str_starts(relver_s(dir.ptr + strlen(root->dir)), "npm/");
    return below ? root->self : p;
}

/* What makes packages one unit. With a configuration: its top level is one unit, and a package
   with a tag of its own is another, in every ecosystem it lives in. Without: a version that is
   shared, or a name in one directory; but a crate at 0.0.0, which only builds what lies beside it,
   must not speak for that. */
static relver_str unit_key(struct binder *b, const struct package *p)
{
    struct project *pr = b->project;
    const struct settings *set = config_for(&pr->config, p->name);
    if (pr->configured)
        return set->own_version ? name_key(b, RELVER_PEP440, p->name) : relver_s("");
    p = loader_of(p);
    if (p->version != NULL)
        p = p->version->package; /* those that share a version go with the first of them */
    bool shared = p->version != NULL && p->version->file != p->manifest &&
                  p->version->kind == PLACE_WORKSPACE;
    bool none = p->version != NULL && str_is(p->version->text, "0.0.0");
    relver_str name = name_key(b, RELVER_PEP440, p->name);
    return relver_s(arena_printf(b->arena, "%s:%.*s%s",
                                 shared ? p->version->file->dir : p->manifest->dir,
                                 shared ? 0 : (int)name.len, name.ptr, none ? ":0.0.0" : ""));
}

static void add_unit(struct binder *b, struct package *p)
{
    struct project *pr = b->project;
    relver_str key = unit_key(b, p);
    struct unit *u = names_get(b->names, BY_UNIT, key);
    if (u == NULL) {
        u = arena_alloc(b->arena, sizeof *u);
        u->name = p->name;
        u->settings = config_for(&pr->config, p->name);
        names_put(b->arena, b->names, BY_UNIT, key, u);
        *ARENA_NEW(b->arena, pr->units, pr->unit_count) = u;
    }
    *ARENA_NEW(b->arena, u->packages, u->count) = p;
    p->unit = u;
}

/* What a unit is called: its package in the project's own directory, else its first. */
static bool names_unit(const struct package *p)
{
    return p->manifest->dir[0] == '\0' && (p->version != NULL || p->dynamic);
}

/* The first written version speaks for the unit, one that members inherit before one package's own;
   `check` compares the others with it. */
static void settle_unit(struct binder *b, struct unit *u)
{
    bool python = true;
    for (size_t i = u->count; i-- > 0;) {
        const struct package *p = u->packages[i];
        python = python && p->eco == RELVER_PEP440;
        if (p->version == NULL)
            continue;
        u->name = p->name;
        if (u->anchor == NULL || u->anchor->kind != PLACE_WORKSPACE ||
            p->version->kind == PLACE_WORKSPACE)
            u->anchor = p->version;
    }
    for (size_t i = u->count; i-- > 0;)
        if (names_unit(u->packages[i]))
            u->name = u->packages[i]->name;
    u->scheme = u->settings->scheme == SCHEME_DEFAULT ? (python ? RELVER_PEP440 : RELVER_SEMVER)
                    : u->settings->scheme == SCHEME_PEP440 ? RELVER_PEP440 : RELVER_SEMVER;
    if (u->anchor != NULL)
        u->version = str_spelt(b->arena, u->anchor->eco, u->anchor->text, u->scheme);
}

/*-- places to packages --------------------------------------------------------------------------*/

/* The file of a name in a directory that a lock file names ("", "." or "a/b", from its own). */
static struct file *beside(struct binder *b, const struct place *p, relver_str dir,
                           const char *name)
{
    const char *at = path_join(b->arena, p->file->dir, dir);
    return at == NULL ? NULL : names_get(b->names, BY_PATH,
                                         relver_s(arena_printf(b->arena, "%s%s", at, name)));
}

/* The manifest that a lock file's entry speaks of. */
static struct file *manifest_of(struct binder *b, const struct place *p)
{
    const struct package *owner;
    const char *name = p->eco == RELVER_PEP440 ? "pyproject.toml"
                       : str_starts(p->table, "catalog ") ? "pnpm-workspace.yaml" : "package.json";
    if (p->dir.ptr != NULL)
        return beside(b, p, p->dir, name);
    owner = names_get(b->names, (int)p->eco, name_key(b, p->eco, p->owner));
    return owner != NULL ? owner->manifest : NULL;
}

/* How well a requirement must fit the copy that a lock file has of it: in these passes. A lock file
   can hold several requirements on one package, and all of them may be stale. */
enum pass {
    PASS_SAME,       /* it says the same, in the same table */
    PASS_OTHER_SAME, /* it says the same, in one that the lock file writes out in another */
    PASS_TABLE,      /* it is in the same table, and no other copy has it */
    PASS_OTHER,
    PASSES
};

/* pnpm installs peers as it does dependencies; uv writes out a group in each that includes it. */
static bool written_out(const struct place *copy, const struct place *p)
{
    return (str_is(copy->table, "dependencies") && str_is(p->table, "peerDependencies")) ||
           (str_starts(copy->table, "group ") && str_starts(p->table, "group "));
}

static bool repeats(struct binder *b, const struct place *copy, const struct place *p,
                    enum pass pass)
{
    if (p->kind != PLACE_REQUIREMENT || !relver_name_eq(p->eco, p->name, copy->name))
        return false;
    if (pass == PASS_OTHER || pass == PASS_OTHER_SAME ? !written_out(copy, p)
        : copy->table.ptr != NULL && !relver_name_eq(p->eco, p->table, copy->table))
        return false;
    return pass >= PASS_TABLE || (p->eco == RELVER_PEP440
                                      ? python_same(b->arena, p->text, copy->text)
                                      : relver_eq(p->text, copy->text));
}

/* The requirement in f that a lock file repeats. Most stand in the order of their copies, so the
   search begins behind the last one found. */
static struct place *original(struct binder *b, struct file *f, struct place *copy, enum pass pass)
{
    struct place *found = NULL;
    for (size_t i = 0; f != NULL && i < f->count; i++) {
        size_t at = (f->copied + i) % f->count;
        struct place *p = &f->places[at];
        if (!repeats(b, copy, p, pass))
            continue;
        found = found == NULL ? p : found;
        if (p->source == NULL || p->source->file != copy->file) {
            p->source = copy;
            f->copied = at + 1;
            return p;
        }
    }
    return found;
}

static struct place *requirement(struct file *f, relver_str table, relver_str name)
{
    for (size_t i = 0; f != NULL && i < f->count; i++)
        if (f->places[i].kind == PLACE_REQUIREMENT && relver_eq(f->places[i].name, name) &&
            relver_eq(f->places[i].table, table))
            return &f->places[i];
    return NULL;
}

/* pnpm notes an override in place of what the manifests say, and of an override that is
   "catalog:NAME" what the catalog says. */
static struct place *pnpm_override(struct binder *b, const struct place *copy)
{
    relver_str here = relver_s(""), table = relver_s("overrides");
    struct file *workspace = beside(b, copy, here, "pnpm-workspace.yaml");
    struct place *p = requirement(workspace, table, copy->name);
    if (p == NULL)
        p = requirement(beside(b, copy, here, "package.json"), table, copy->name);
    if (p == NULL || !str_starts(p->text, "catalog:"))
        return p;
    const char *name = p->text.len > 8 ? p->text.ptr + 8 : "default";
    int len = p->text.len > 8 ? (int)p->text.len - 8 : 7;
    return requirement(workspace, relver_s(arena_printf(b->arena, "catalog %.*s", len, name)),
                       copy->name);
}

/* Each copy in a lock file follows the requirement that it repeats. */
static void bind_copies(struct binder *b, struct file *f)
{
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t i = 0; i < f->count; i++) {
            struct place *p = &f->places[i];
            if (p->kind != PLACE_LOCK_COPY || p->source != NULL)
                continue;
            if (f->kind == FILE_PNPM_LOCK && !str_starts(p->table, "catalog "))
                p->source = pnpm_override(b, p);
            if (p->source == NULL)
                p->source = original(b, manifest_of(b, p), p, (enum pass)pass);
        }
}

static void bind(struct binder *b, struct place *p)
{
    if (p->kind == PLACE_LOCK && p->eco == RELVER_NPM) { /* its entries are directories */
        const struct file *manifest = manifest_of(b, p);
        p->package = manifest != NULL ? manifest->self : NULL;
        return;
    }
    switch (p->kind) {
    case PLACE_WORKSPACE: /* bound by its first heir */
    case PLACE_EXTRA:     /* bound by its rule */
    case PLACE_HINT:
        break;
    case PLACE_VERSION:
        p->package = p->package != NULL ? p->package : p->file->self;
        break;
    case PLACE_INHERITED:
    case PLACE_DYNAMIC:
        p->package = p->file->self;
        break;
    default:
        p->package = names_get(b->names, (int)p->eco, name_key(b, p->eco, p->name));
    }
}

/* Cargo.lock and uv.lock can hold two entries of one name: the package's is the one that says its
   version, and references follow it. npm's state a version twice, and both are the package's. */
static void bind_entries(struct file *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct place *p = &f->places[i];
        if (p->kind != PLACE_LOCK || p->eco == RELVER_NPM || p->package == NULL ||
            p->package->version == NULL)
            continue;
        struct place *held = p->package->entry != NULL && p->package->entry->file == f
                                 ? p->package->entry : NULL;
        bool right = relver_eq(p->text, p->package->version->text);
        if (held != NULL && right)
            held->package = NULL;
        if (held == NULL || right)
            p->package->entry = p;
        else
            p->package = NULL;
    }
    for (size_t i = 0; i < f->count; i++) {
        struct place *p = &f->places[i];
        if (p->kind != PLACE_LOCK_REF || p->package == NULL)
            continue;
        struct place *entry = p->package->entry;
        if (p->eco == RELVER_NPM) /* pnpm's lock files have no entries of their own */
            p->source = p->package->version;
        else if (entry != NULL && entry->file == f)
            p->source = entry;
    }
}

/* The unit whose settings hold a rule; the first one, which is the top level's, for the rest. */
static struct unit *unit_of_rule(const struct project *pr, const struct file_place *rule)
{
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct settings *set = pr->units[i]->settings;
        if (rule >= set->files && rule < set->files + set->file_count &&
            (set->files != pr->config.top.files || set == &pr->config.top))
            return pr->units[i];
    }
    return pr->unit_count > 0 ? pr->units[0] : NULL;
}

static void bind_extra(struct binder *b, struct place *p)
{
    const char *spelling = p->rule->spelling;
    p->unit = unit_of_rule(b->project, p->rule);
    p->eco = p->unit != NULL ? p->unit->scheme : RELVER_SEMVER;
    if (source_lang(p->file->path) == SOURCE_PYTHON && (p->rule->is_key || p->rule->what == NULL))
        p->eco = RELVER_PEP440;
    if (spelling != NULL)
        p->eco = strcmp(spelling, "pep440") == 0 ? RELVER_PEP440 : RELVER_NPM;
}

/* A requirement follows as `pins` says: of the package it is on, or, when that is somebody else's,
   of the package that has it. "*" alone speaks of our own packages only. */
static void bind_pin(struct place *p)
{
    const struct unit *own = p->package != NULL ? p->package->unit : NULL;
    struct unit *user = p->file->self != NULL ? p->file->self->unit : NULL;
    if (own != NULL || user == NULL) {
        p->pin = own != NULL ? settings_pin(own->settings, p->package->name) : RELVER_PIN_KEEP;
        return;
    }
    const struct pin *pin = settings_pinned(user->settings, p->name);
    if (pin == NULL || str_is(pin->pattern, "*"))
        return;
    p->pin = pin->how;
    p->unit = user;
}

/*-- the whole -----------------------------------------------------------------------------------*/

void bind_packages(struct arena *a, struct project *project, struct names *names)
{
    struct binder b = {a, project, names};
    add_packages(&b);
    find_wheels(&b);
}

/* Hands each place to the unit whose version it says or follows; not an entry of uv.lock for a
   version that the build says, which holds none. */
static void list_places(struct file *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct place *p = &f->places[i];
        struct unit *u = place_unit(p);
        if (u == NULL || (p->kind == PLACE_LOCK && p->text.len == 0))
            continue;
        *(u->last != NULL ? &u->last->next : &u->places) = p;
        u->last = p;
    }
}

void bind_places(struct arena *a, struct project *pr, struct names *names)
{
    struct binder b = {a, pr, names};
    for (size_t i = 0; i < pr->file_count; i++) {
        struct file *f = pr->files[i];
        for (size_t k = 0; k < f->count && !f->foreign; k++)
            bind(&b, &f->places[k]);
    }
    for (size_t i = 0; i < pr->package_count; i++)
        add_unit(&b, pr->packages[i]);
    for (size_t i = 0; i < pr->unit_count; i++)
        settle_unit(&b, pr->units[i]);
    for (size_t i = 0; i < pr->file_count; i++) {
        struct file *f = pr->files[i];
        bind_entries(f);
        bind_copies(&b, f);
        for (size_t k = 0; k < f->count; k++)
            if (f->places[k].kind == PLACE_EXTRA)
                bind_extra(&b, &f->places[k]);
            else if (f->places[k].kind == PLACE_REQUIREMENT && !f->foreign)
                bind_pin(&f->places[k]);
    }
    for (size_t i = 0; i < pr->file_count; i++)
        list_places(pr->files[i]);
}
