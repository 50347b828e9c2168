#define _POSIX_C_SOURCE 200809L /* access */
#include "project.h"

#include "home.h"
#include "near.h"
#include "python.h"
#include "scan.h"
#include "source.h"

#include <string.h>
#include <unistd.h>

static const char *const manifests[] = {"Cargo.toml", "package.json", "pyproject.toml", NULL};

/*-- an index of names -------------------------------------------------------------------------*/

/* Names to things, so that loading stays linear in the size of the repository. The key is a kind,
   a NUL-free text, and nothing else; a name is added once. */
struct index {
    struct slot {
        relver_str key;
        int kind;
        void *value;
    } *slots;
    size_t count, cap; /* cap is a power of two, or 0 */
};

struct loader {
    struct context *ctx;
    struct arena *arena;
    struct project *project;
    struct fail *fail;
    struct index index;
    struct visit {
        const char *dir;
        struct file *cargo, *npm, *python; /* the workspaces it is a member of */
    } **visits;
    size_t visit_count;
};

/* What the index holds: packages by name (the kind is their ecosystem), and these. */
enum { BY_PATH = -1, BY_VISIT = -2, BY_UNIT = -3, BY_LOCK = -4 };

static struct slot *find_slot(const struct index *index, int kind, relver_str key)
{
    size_t hash = 14695981039346656037u ^ (size_t)(unsigned)kind; /* FNV-1a */
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.ptr[i]) * 1099511628211u;
    for (size_t at = hash & (index->cap - 1);; at = (at + 1) & (index->cap - 1)) {
        struct slot *s = &index->slots[at];
        if (s->key.ptr == NULL || (s->kind == kind && relver_eq(s->key, key)))
            return s;
    }
}

static void *index_get(const struct index *index, int kind, relver_str key)
{
    return index->cap > 0 ? find_slot(index, kind, key)->value : NULL;
}

static void index_put(struct loader *l, int kind, relver_str key, void *value)
{
    struct index *index = &l->index;
    if (index->count * 2 >= index->cap) {
        struct index grown = {NULL, 0, index->cap > 0 ? index->cap * 2 : 64};
        grown.slots = arena_alloc(l->arena, grown.cap * sizeof *grown.slots);
        for (size_t i = 0; i < index->cap; i++)
            if (index->slots[i].key.ptr != NULL)
                *find_slot(&grown, index->slots[i].kind, index->slots[i].key) = index->slots[i];
        grown.count = index->count;
        *index = grown;
    }
    struct slot *s = find_slot(index, kind, key);
    if (s->key.ptr == NULL) {
        s->key = key;
        s->kind = kind;
        s->value = value;
        index->count++;
    }
}

/* PEP 503's normal form for Python, the name itself elsewhere. */
static relver_str index_name(struct loader *l, relver_eco eco, relver_str name)
{
    return eco == RELVER_PEP440 ? python_name(l->arena, name) : name;
}

/*-- paths and globs -----------------------------------------------------------------------------*/

/* One segment of a path against one of a glob, which knows '*' and '?'. */
static bool segment_matches(relver_str glob, relver_str name)
{
    size_t g = 0, n = 0, star = (size_t)-1, mark = 0;
    while (n < name.len) {
        if (g < glob.len && (glob.ptr[g] == '?' || glob.ptr[g] == name.ptr[n])) {
            g++;
            n++;
        } else if (g < glob.len && glob.ptr[g] == '*') {
            star = g++;
            mark = n;
        } else if (star != (size_t)-1) {
            g = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (g < glob.len && glob.ptr[g] == '*')
        g++;
    return g == glob.len;
}

static relver_str cut(relver_str *rest)
{
    const char *slash = rest->len > 0 ? memchr(rest->ptr, '/', rest->len) : NULL;
    size_t n = slash != NULL ? (size_t)(slash - rest->ptr) : rest->len;
    relver_str head = relver_sn(rest->ptr, n);
    size_t used = slash != NULL ? n + 1 : n;
    *rest = relver_sn(rest->ptr + used, rest->len - used);
    return head;
}

static bool is(relver_str s, const char *text)
{
    return relver_eq(s, relver_s(text));
}

/* A whole path against a glob, segment by segment; "**" stands for any number of them. */
static bool path_matches(relver_str pattern, relver_str path)
{
    relver_str star = {NULL, 0}, mark = {NULL, 0};
    while (path.len > 0) {
        relver_str pattern_rest = pattern, path_rest = path;
        relver_str want = cut(&pattern_rest), part = cut(&path_rest);
        if (pattern.len > 0 && is(want, "**")) {
            star = pattern = pattern_rest;
            mark = path;
        } else if (pattern.len > 0 && segment_matches(want, part)) {
            pattern = pattern_rest;
            path = path_rest;
        } else if (star.ptr != NULL) {
            cut(&mark);
            path = mark;
            pattern = star;
        } else {
            return false;
        }
    }
    return pattern.len == 0 || is(pattern, "**");
}

/* dir ("" or "a/b/") joined with a relative path, "." and ".." resolved, with a trailing slash;
   NULL when it leaves the project. */
static const char *join(struct arena *a, const char *dir, relver_str path)
{
    struct text t = {.arena = a};
    text_adds(&t, dir);
    if (path.len > 0 && path.ptr[0] == '/')
        return NULL;
    while (path.len > 0) {
        relver_str part = cut(&path);
        if (part.len == 0 || is(part, "."))
            continue;
        if (!is(part, "..")) {
            text_add(&t, part.ptr, part.len);
            text_addc(&t, '/');
            continue;
        }
        if (t.len == 0)
            return NULL;
        for (t.len--; t.len > 0 && t.ptr[t.len - 1] != '/';)
            t.len--;
        t.ptr[t.len] = '\0';
    }
    return t.ptr;
}

/* Directories that hold what others made. */
static bool skipped(const char *name)
{
    return name[0] == '.' || strcmp(name, "node_modules") == 0 || strcmp(name, "target") == 0;
}

struct paths {
    const char **at;
    size_t count;
};

static void paths_add(struct arena *a, struct paths *paths, const char *path)
{
    paths->at = arena_more(a, paths->at, paths->count, sizeof *paths->at);
    paths->at[paths->count++] = path;
}

/* A directory's name without its trailing slash. */
static const char *directory(struct arena *a, const char *dir)
{
    size_t len = strlen(dir);
    return len > 0 && dir[len - 1] == '/' ? arena_dup(a, dir, len - 1) : dir;
}

/* One step of a glob: every path so far, followed by what its next segment matches. The last
   segment matches files as well when `files` is set. */
static bool glob_step(struct loader *l, struct paths *from, relver_str seg, bool files,
                      struct paths *to)
{
    bool deep = is(seg, "**");
    for (size_t i = 0; i < from->count; i++) {
        const char *dir = from->at[i];
        struct fs_entry *entries;
        size_t count;
        if (deep)
            paths_add(l->arena, to, dir);
        const char *name_of = directory(l->arena, dir);
        if (name_of[0] != '\0' && fs_kind(l->project->root, name_of) != FS_DIR)
            continue;
        if (!fs_list(l->project->root, l->arena, name_of, &entries, &count, l->fail))
            return false;
        for (size_t k = 0; k < count; k++) {
            const char *name = entries[k].name;
            bool is_dir = entries[k].kind == FS_DIR;
            if (skipped(name) || !(is_dir || (files && entries[k].kind == FS_FILE)))
                continue;
            const char *path = arena_printf(l->arena, "%s%s%s", dir, name, is_dir ? "/" : "");
            if (deep && is_dir)
                paths_add(l->arena, from, path);
            else if (!deep && segment_matches(seg, relver_s(name)))
                paths_add(l->arena, to, path);
        }
    }
    return true;
}

/* One step of a glob without wildcards. */
static bool glob_literal(struct loader *l, struct paths *from, relver_str seg, bool file,
                         struct paths *to)
{
    for (size_t i = 0; i < from->count; i++) {
        const char *path = join(l->arena, from->at[i], seg);
        if (path == NULL)
            return fail_set(l->fail, l->arena, 2, "path", NULL, "nothing changed",
                            "name only paths inside the project",
                            "the path leaves the project");
        size_t len = strlen(path);
        paths_add(l->arena, to, file && len > 0 ? arena_dup(l->arena, path, len - 1) : path);
    }
    return true;
}

/* The directories (with a trailing slash) and, with `files`, the files that a glob names below dir.
   A path without wildcards names itself, whether it is there or not. */
static bool glob(struct loader *l, const char *dir, relver_str pattern, bool files,
                 struct paths *out)
{
    struct paths now = {NULL, 0};
    paths_add(l->arena, &now, dir);
    while (pattern.len > 0) {
        relver_str seg = cut(&pattern);
        struct paths next = {NULL, 0};
        bool last = pattern.len == 0;
        bool wild = memchr(seg.ptr, '*', seg.len) != NULL || memchr(seg.ptr, '?', seg.len) != NULL;
        if (seg.len == 0 || is(seg, "."))
            continue;
        if (wild ? !glob_step(l, &now, seg, files && last, &next)
                 : !glob_literal(l, &now, seg, files && last, &next))
            return false;
        now = next;
    }
    *out = now;
    return true;
}

/*-- reading manifests ---------------------------------------------------------------------------*/

/* A file of the project, read and scanned once. NULL without a failure when it is not there. */
static struct file *load(struct loader *l, const char *path, enum file_kind kind)
{
    struct project *pr = l->project;
    struct file *f = index_get(&l->index, BY_PATH, relver_s(path));
    if (f != NULL)
        return f;
    relver_str text;
    if (fs_kind(pr->root, path) == FS_ABSENT || !fs_read(pr->root, l->arena, path, &text, l->fail))
        return NULL;
    const char *slash = strrchr(path, '/');
    f = arena_alloc(l->arena, sizeof *f);
    f->path = path;
    f->dir = arena_dup(l->arena, path, slash != NULL ? (size_t)(slash + 1 - path) : 0);
    f->kind = kind;
    f->text = text;
    index_put(l, BY_PATH, relver_s(path), f);
    pr->files = arena_more(l->arena, pr->files, pr->file_count, sizeof *pr->files);
    pr->files[pr->file_count++] = f;
    return kind == FILE_EXTRA || scan_file(l->arena, f, l->fail) ? f : NULL;
}

static struct file *load_in(struct loader *l, const char *dir, const char *name)
{
    return load(l, arena_printf(l->arena, "%s%s", dir, name), file_kind_of(name));
}

static bool failed(const struct loader *l)
{
    return l->fail->status != 0;
}

/* Whether dir lies in one that the workspace excludes; to Cargo a member named in full counts more
   (The Cargo Book, "The workspace section"). */
static bool excluded(struct loader *l, const struct file *ws, const char *dir)
{
    bool out = false;
    for (size_t i = 0; i < ws->exclude_count && !out; i++) {
        const char *at = join(l->arena, ws->dir, ws->excludes[i]);
        out = at != NULL && (strncmp(dir, at, strlen(at)) == 0 ||
                             path_matches(relver_s(at), relver_s(dir)));
    }
    for (size_t i = 0; i < ws->member_count && out && ws->kind == FILE_CARGO; i++) {
        const char *at = join(l->arena, ws->dir, ws->members[i]);
        out = at == NULL || strncmp(dir, at, strlen(at)) != 0;
    }
    return out;
}

/* Directories to look at: a queue, so that long chains of path dependencies cost no stack. */
static void visit(struct loader *l, const char *dir, struct file *ws)
{
    relver_str key = relver_sn(dir, strlen(dir));
    struct visit *v = index_get(&l->index, BY_VISIT, key);
    if (v == NULL) {
        v = arena_alloc(l->arena, sizeof *v);
        v->dir = dir;
        index_put(l, BY_VISIT, key, v);
        l->visits = arena_more(l->arena, l->visits, l->visit_count, sizeof *l->visits);
        l->visits[l->visit_count++] = v;
    }
    if (ws != NULL && ws->kind == FILE_CARGO)
        v->cargo = ws;
    else if (ws != NULL && ws->kind == FILE_PYPROJECT)
        v->python = ws;
    else if (ws != NULL)
        v->npm = ws;
}

static void bad_member(struct loader *l, const struct file *ws, relver_str entry)
{
    l->fail->path = ws->path;
    if (entry.ptr >= ws->text.ptr && entry.ptr < ws->text.ptr + ws->text.len)
        relver_locate(ws->text, (size_t)(entry.ptr - ws->text.ptr), &l->fail->line,
                      &l->fail->col);
}

static void visit_members(struct loader *l, struct file *ws, const char *name)
{
    for (size_t i = 0; i < ws->member_count && !failed(l); i++) {
        struct paths paths;
        relver_str entry = ws->members[i];
        if (entry.len > 0 && entry.ptr[0] == '/')
            fail_set(l->fail, l->arena, 2, "path", ws->path, "nothing changed",
                     "name only paths inside the project", "the path leaves the project");
        if (failed(l) || !glob(l, ws->dir, entry, false, &paths)) {
            bad_member(l, ws, entry);
            return;
        }
        for (size_t k = 0; k < paths.count && !failed(l); k++) {
            const char *manifest = arena_printf(l->arena, "%s%s", paths.at[k], name);
            if (fs_kind(l->project->root, manifest) != FS_ABSENT &&
                !excluded(l, ws, paths.at[k]))
                visit(l, paths.at[k], ws);
        }
    }
}

/* Cargo: path dependencies inside the workspace's directory are members as well. */
static void visit_paths(struct loader *l, const struct file *from, struct file *ws)
{
    for (size_t i = 0; i < from->path_count && !failed(l); i++) {
        const char *dir = join(l->arena, from->dir, from->paths[i]);
        if (dir == NULL || strncmp(dir, ws->dir, strlen(ws->dir)) != 0 || excluded(l, ws, dir))
            continue;
        const char *manifest = arena_printf(l->arena, "%sCargo.toml", dir);
        if (fs_kind(l->project->root, manifest) != FS_ABSENT)
            visit(l, dir, ws);
    }
}

/* A manifest found in a visited directory. A workspace inside a workspace of its own kind is
   another project's. */
static bool take_manifest(struct loader *l, const char *dir, const char *name, struct file *ws)
{
    struct file *f = load_in(l, dir, name);
    if (f == NULL)
        return !failed(l);
    if (ws != NULL && ws != f && f->workspace) {
        f->foreign = true;
        return true;
    }
    f->root = ws != NULL ? ws : f;
    if (f->member_count > 0)
        visit_members(l, f, f->kind == FILE_PNPM ? "package.json" : name);
    if (f->kind == FILE_CARGO && f->root->workspace)
        visit_paths(l, f, f->root);
    return !failed(l);
}

static bool take_directory(struct loader *l, const struct visit *v)
{
    return take_manifest(l, v->dir, manifests[0], v->cargo) &&
           take_manifest(l, v->dir, manifests[1], v->npm) &&
           take_manifest(l, v->dir, manifests[2], v->python);
}

/* Lock files lie beside the root of their workspace; those of other tools are only reported. */
static bool take_locks(struct loader *l, const char *dir)
{
    static const char *const unread[] = {"npm-shrinkwrap.yaml", "yarn.lock", "poetry.lock",
                                         "pdm.lock", "bun.lock"};
    static const char *const read[] = {"Cargo.lock", "package-lock.json", "npm-shrinkwrap.json",
                                       "pnpm-lock.yaml", "uv.lock"};
    struct project *pr = l->project;
    if (index_get(&l->index, BY_LOCK, relver_s(dir)) != NULL)
        return true;
    index_put(l, BY_LOCK, relver_s(dir), l);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (load_in(l, dir, read[i]) == NULL && failed(l))
            return false;
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++) {
        const char *path = arena_printf(l->arena, "%s%s", dir, unread[i]);
        if (fs_kind(pr->root, path) == FS_ABSENT)
            continue;
        pr->unread = arena_more(l->arena, pr->unread, pr->unread_count, sizeof *pr->unread);
        pr->unread[pr->unread_count++] = path;
    }
    return true;
}

static bool read_manifests(struct loader *l)
{
    struct project *pr = l->project;
    if (!take_manifest(l, "", "pnpm-workspace.yaml", NULL))
        return false;
    visit(l, "", NULL);
    for (size_t i = 0; i < l->visit_count; i++)
        if (!take_directory(l, l->visits[i]))
            return false;
    size_t count = pr->file_count;
    for (size_t i = 0; i < count; i++)
        if (!pr->files[i]->foreign && pr->files[i]->root == pr->files[i] &&
            !take_locks(l, pr->files[i]->dir))
            return false;
    return true;
}

/*-- packages and units --------------------------------------------------------------------------*/

static struct place *find_place(struct file *f, enum place_kind kind)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->places[i].kind == kind)
            return &f->places[i];
    return NULL;
}

static void add_package(struct loader *l, struct file *f, relver_eco eco)
{
    struct project *pr = l->project;
    struct package *p = arena_alloc(l->arena, sizeof *p);
    p->eco = eco;
    p->name = f->name;
    p->manifest = f;
    p->version = find_place(f, PLACE_VERSION);
    for (size_t i = 0; f->home != NULL && i < f->home->count; i++)
        if (f->home->places[i].rule == f->home_rule)
            p->version = &f->home->places[i];
    if (p->version != NULL && p->version->package == NULL)
        p->version->package = p;
    p->dynamic = find_place(f, PLACE_DYNAMIC) != NULL;
    struct place *inherited = find_place(f, PLACE_INHERITED);
    if (p->version == NULL && inherited != NULL) {
        p->version = inherited->source = find_place(f->root, PLACE_WORKSPACE);
        if (p->version != NULL && p->version->package == NULL)
            p->version->package = p;
    }
    pr->packages = arena_more(l->arena, pr->packages, pr->package_count, sizeof *pr->packages);
    pr->packages[pr->package_count++] = p;
    f->self = p;
    index_put(l, (int)eco, index_name(l, eco, p->name), p);
}

static void add_packages(struct loader *l)
{
    for (size_t i = 0; i < l->project->file_count; i++) {
        struct file *f = l->project->files[i];
        if (f->foreign || f->name.ptr == NULL)
            continue;
        if (f->kind == FILE_CARGO && f->package)
            add_package(l, f, RELVER_CARGO);
        else if (f->kind == FILE_NPM)
            add_package(l, f, RELVER_NPM);
        else if (f->kind == FILE_PYPROJECT && f->package)
            add_package(l, f, RELVER_PEP440);
    }
}

/* The crates that wheels are built from: the one that maturin is told, or the one beside. */
static void find_wheels(struct loader *l)
{
    struct project *pr = l->project;
    for (size_t i = 0; i < pr->file_count; i++) {
        const struct file *f = pr->files[i];
        if (f->kind != FILE_PYPROJECT || f->self == NULL)
            continue;
        relver_str told = f->crate.ptr != NULL ? f->crate : relver_s("Cargo.toml");
        const char *dir = join(l->arena, f->dir, told);
        struct file *crate =
            dir != NULL ? index_get(&l->index, BY_PATH, relver_s(directory(l->arena, dir))) : NULL;
        if (crate != NULL && crate->self != NULL)
            crate->self->wheel = true;
    }
}

static bool starts(relver_str s, const char *head)
{
    size_t n = strlen(head);
    return s.len >= n && memcmp(s.ptr, head, n) == 0;
}

/* Of a platform's package the one that loads it, else the package itself. */
static const struct package *loader_of(const struct package *p)
{
    const struct file *root = p->manifest->root;
    relver_str dir = relver_s(p->manifest->dir);
    bool below = root->napi && root->self != NULL && starts(dir, root->dir) &&
                 starts(relver_s(dir.ptr + strlen(root->dir)), "npm/");
    return below ? root->self : p;
}

/* What makes packages one unit. With a configuration: its top level is one unit, and a package
   with a tag of its own is another, in every ecosystem it lives in. Without: a version that is
   shared, or a name in one directory. */
static relver_str unit_key(struct loader *l, const struct package *p)
{
    struct project *pr = l->project;
    const struct settings *set = config_for(&pr->config, p->name);
    if (pr->configured)
        return set->own_version ? index_name(l, RELVER_PEP440, p->name) : relver_s("");
    p = loader_of(p);
    if (p->version != NULL)
        p = p->version->package; /* those that share a version go with the first of them */
    bool shared = p->version != NULL && p->version->file != p->manifest &&
                  p->version->kind == PLACE_WORKSPACE;
    relver_str name = index_name(l, RELVER_PEP440, p->name);
    return relver_s(arena_printf(l->arena, "%s:%.*s",
                                 shared ? p->version->file->dir : p->manifest->dir,
                                 shared ? 0 : (int)name.len, name.ptr));
}

static void add_unit(struct loader *l, struct package *p)
{
    struct project *pr = l->project;
    relver_str key = unit_key(l, p);
    struct unit *u = index_get(&l->index, BY_UNIT, key);
    if (u == NULL) {
        u = arena_alloc(l->arena, sizeof *u);
        u->name = p->name;
        u->settings = config_for(&pr->config, p->name);
        index_put(l, BY_UNIT, key, u);
        pr->units = arena_more(l->arena, pr->units, pr->unit_count, sizeof *pr->units);
        pr->units[pr->unit_count++] = u;
    }
    u->packages = arena_more(l->arena, u->packages, u->count, sizeof *u->packages);
    u->packages[u->count++] = p;
    p->unit = u;
}

/* What a unit is called: its package in the project's own directory, else its first. */
static bool names_unit(const struct package *p)
{
    return p->manifest->dir[0] == '\0' &&
           (p->version != NULL || p->dynamic);
}

/* The first written version speaks for the unit, one that members inherit before one package's own;
   `check` compares the others with it. */
static void settle_unit(struct loader *l, struct unit *u)
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
    u->scheme = u->settings->scheme == SCHEME_DEFAULT
                    ? (python ? RELVER_PEP440 : RELVER_SEMVER)
                    : u->settings->scheme == SCHEME_PEP440 ? RELVER_PEP440 : RELVER_SEMVER;
    if (u->anchor == NULL)
        return;
    size_t cap = u->anchor->text.len + 64;
    relver_buf out = {arena_alloc(l->arena, cap), cap, 0};
    if (relver_convert(&out, u->anchor->eco, u->anchor->text, u->scheme, NULL, NULL) == RELVER_OK)
        u->version = relver_view(&out);
}

/*-- places to packages --------------------------------------------------------------------------*/

/* The file of a name in a directory that a lock file names ("", "." or "a/b", from its own). */
static struct file *beside(struct loader *l, const struct place *p, relver_str dir,
                           const char *name)
{
    const char *at = join(l->arena, p->file->dir, dir);
    return at == NULL ? NULL : index_get(&l->index, BY_PATH,
                                         relver_s(arena_printf(l->arena, "%s%s", at, name)));
}

/* The manifest that a lock file's entry speaks of. */
static struct file *manifest_of(struct loader *l, const struct place *p)
{
    const struct package *owner;
    const char *name = p->eco == RELVER_PEP440 ? "pyproject.toml"
                       : starts(p->table, "catalog ") ? "pnpm-workspace.yaml" : "package.json";
    if (p->dir.ptr != NULL)
        return beside(l, p, p->dir, name);
    owner = index_get(&l->index, (int)p->eco, index_name(l, p->eco, p->owner));
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
    return (is(copy->table, "dependencies") && is(p->table, "peerDependencies")) ||
           (starts(copy->table, "group ") && starts(p->table, "group "));
}

static bool repeats(struct loader *l, const struct place *copy, const struct place *p,
                    enum pass pass)
{
    if (p->kind != PLACE_REQUIREMENT || !relver_name_eq(p->eco, p->name, copy->name))
        return false;
    if (pass == PASS_OTHER || pass == PASS_OTHER_SAME ? !written_out(copy, p)
        : copy->table.ptr != NULL && !relver_name_eq(p->eco, p->table, copy->table))
        return false;
    return pass >= PASS_TABLE || (p->eco == RELVER_PEP440
                                      ? python_same(l->arena, p->text, copy->text)
                                      : relver_eq(p->text, copy->text));
}

/* The requirement in f that a lock file repeats. */
static struct place *original(struct loader *l, struct file *f, struct place *copy, enum pass pass)
{
    struct place *found = NULL;
    for (size_t i = 0; f != NULL && i < f->count; i++) {
        struct place *p = &f->places[i];
        if (!repeats(l, copy, p, pass))
            continue;
        found = found == NULL ? p : found;
        if (p->source == NULL || p->source->file != copy->file) {
            p->source = copy;
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
static struct place *pnpm_override(struct loader *l, const struct place *copy)
{
    relver_str here = relver_s(""), table = relver_s("overrides");
    struct file *workspace = beside(l, copy, here, "pnpm-workspace.yaml");
    struct place *p = requirement(workspace, table, copy->name);
    if (p == NULL)
        p = requirement(beside(l, copy, here, "package.json"), table, copy->name);
    if (p == NULL || !starts(p->text, "catalog:"))
        return p;
    const char *name = p->text.len > 8 ? p->text.ptr + 8 : "default";
    int len = p->text.len > 8 ? (int)p->text.len - 8 : 7;
    return requirement(workspace, relver_s(arena_printf(l->arena, "catalog %.*s", len, name)),
                       copy->name);
}

/* Each copy in a lock file follows the requirement that it repeats. */
static void bind_copies(struct loader *l, struct file *f)
{
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t i = 0; i < f->count; i++) {
            struct place *p = &f->places[i];
            if (p->kind != PLACE_LOCK_COPY || p->source != NULL)
                continue;
            if (f->kind == FILE_PNPM_LOCK && !starts(p->table, "catalog "))
                p->source = pnpm_override(l, p);
            if (p->source == NULL)
                p->source = original(l, manifest_of(l, p), p, (enum pass)pass);
        }
}

static void bind(struct loader *l, struct place *p)
{
    if (p->kind == PLACE_LOCK && p->eco == RELVER_NPM) { /* its entries are directories */
        const struct file *manifest = manifest_of(l, p);
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
        p->package = index_get(&l->index, (int)p->eco, index_name(l, p->eco, p->name));
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

/*-- the places of `files` -----------------------------------------------------------------------*/

static bool rule_fail(struct loader *l, const struct file_place *rule, const char *what)
{
    fail_set(l->fail, l->arena, 2, "files", l->project->config.path, "nothing changed",
             "mend the entry of `files`, or mark it optional with '?'", "'%s': %s", rule->path,
             what);
    l->fail->line = rule->line;
    l->fail->col = rule->col;
    return false;
}

static bool add_rule(struct loader *l, struct file *f, const struct file_place *rule)
{
    f->rules = arena_more(l->arena, f->rules, f->rule_count, sizeof *f->rules);
    f->rules[f->rule_count++] = rule;
    return scan_extra(l->arena, f, rule, l->fail);
}

static bool take_rule(struct loader *l, const struct file_place *rule)
{
    struct paths paths;
    size_t found = 0;
    if (!glob(l, "", relver_s(rule->path), true, &paths))
        return false;
    for (size_t i = 0; i < paths.count; i++) {
        struct file *f = load(l, paths.at[i], file_kind_of(paths.at[i]));
        if (f == NULL && failed(l))
            return false;
        if (f == NULL)
            continue;
        found++;
        f->root = f->root != NULL ? f->root : f;
        if ((rule->what != NULL || f->kind == FILE_EXTRA) && !add_rule(l, f, rule))
            return false;
    }
    return found > 0 || rule->optional || rule_fail(l, rule, "no such file");
}

static bool take_rules(struct loader *l, const struct settings *set)
{
    for (size_t i = 0; i < set->file_count; i++)
        if (!take_rule(l, &set->files[i]))
            return false;
    return true;
}

static bool read_rules(struct loader *l)
{
    const struct config *c = &l->project->config;
    if (!take_rules(l, &c->top))
        return false;
    for (size_t i = 0; i < c->package_count; i++)
        if (c->packages[i].settings.files != c->top.files &&
            !take_rules(l, &c->packages[i].settings))
            return false;
    return true;
}

/*-- versions in another file than the manifest --------------------------------------------------*/

/* The one file of a home that is there; NULL: h->why. */
static const char *home_path(struct loader *l, const struct file *f, struct home *h)
{
    const char *found = NULL;
    for (size_t i = 0; i < h->count && h->why == NULL; i++) {
        const char *dir = join(l->arena, f->dir, relver_s(h->paths[i]));
        const char *path = dir != NULL ? directory(l->arena, dir) : "";
        if (dir == NULL)
            h->why = "it leads out of the project";
        else if (fs_kind(l->project->root, path) == FS_ABSENT ||
                 (found != NULL && strcmp(found, path) == 0))
            continue;
        else if (found != NULL)
            h->why = arena_printf(l->arena, "both %s and %s could be meant", found, path);
        found = path;
    }
    struct text none = {.arena = l->arena};
    for (size_t i = 0; i < h->count; i++)
        text_addf(&none, "%s%s", i > 0 ? " or " : "there is no ", h->paths[i]);
    if (found == NULL && h->why == NULL)
        h->why = none.ptr;
    return h->why == NULL ? found : NULL;
}

/* Two manifests may name one home; its place is the same then. */
static void take_home(struct loader *l, struct file *f, struct home *h)
{
    const char *path = home_path(l, f, h);
    if (path == NULL) {
        place_fail(l->arena, h->hint, 2, "no-home", "mend it, then run the same command again",
                   l->fail, "%s = '%.*s': %s", h->hint->key, STR(h->hint->text), h->why);
        return;
    }
    struct file *home = load(l, path, file_kind_of(path));
    for (size_t i = 0; home != NULL && i < home->rule_count && f->home == NULL; i++) {
        const struct file_place *r = home->rules[i];
        bool same = r->what == h->place.what ||
                    (r->what != NULL && h->place.what != NULL &&
                     strcmp(r->what, h->place.what) == 0);
        if (same && r->home == h->place.home) {
            f->home = home;
            f->home_rule = r;
        }
    }
    if (home == NULL || f->home != NULL)
        return;
    struct file_place *rule = arena_alloc(l->arena, sizeof *rule);
    *rule = h->place;
    rule->path = path;
    home->root = home->root != NULL ? home->root : home;
    if (!add_rule(l, home, rule)) {
        home->rule_count--;
        return;
    }
    f->home = home;
    f->home_rule = rule;
}

/* What cannot be found or read is kept for whoever wants to change that version. */
static bool read_homes(struct loader *l)
{
    for (size_t i = 0; i < l->project->file_count; i++) {
        struct file *f = l->project->files[i];
        struct home h;
        if (f->kind != FILE_PYPROJECT || f->foreign || find_place(f, PLACE_DYNAMIC) == NULL ||
            find_place(f, PLACE_VERSION) != NULL)
            continue;
        home_find(l->arena, f, &h);
        if (h.hint != NULL)
            take_home(l, f, &h);
        if (l->fail->status > 2)
            return false;
        if (failed(l)) {
            f->lost = arena_alloc(l->arena, sizeof *f->lost);
            *f->lost = *l->fail;
            memset(l->fail, 0, sizeof *l->fail);
        }
    }
    return true;
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

static void bind_extra(struct loader *l, struct place *p)
{
    const char *spelling = p->rule->spelling;
    p->unit = unit_of_rule(l->project, p->rule);
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
    if (pin == NULL || is(pin->pattern, "*"))
        return;
    p->pin = pin->how;
    p->unit = user;
}

/*-- which packages go together ------------------------------------------------------------------*/

/* Never released on its own account: a helper, a site, an example. */
static bool unreleased(const struct unit *u)
{
    bool all = true;
    for (size_t i = 0; i < u->count; i++)
        all = all && u->packages[i]->manifest->unpublished;
    return all || is(u->version, "0.0.0");
}

static bool same_version(const struct unit *a, const struct unit *b)
{
    return a->scheme == b->scheme && relver_eq(a->version, b->version);
}

/* What is never released has no say, unless it has the version of what is. */
static void settle_silent(struct project *pr)
{
    const struct unit *released = NULL;
    for (size_t i = 0; i < pr->unit_count && released == NULL; i++)
        if (pr->units[i]->version.ptr != NULL && !unreleased(pr->units[i]))
            released = pr->units[i];
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct unit *u = pr->units[i];
        u->silent = u->version.ptr == NULL ||
                    (released != NULL && unreleased(u) && !same_version(u, released));
    }
}

/* Without a configuration nobody said which packages go together: those of one version do. With one
   that keeps them apart, the only one that has a say still speaks for the project. */
static void settle_lead(struct project *pr)
{
    settle_silent(pr);
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct unit *u = pr->units[i];
        if (u->silent)
            continue;
        if (pr->lead != NULL && (pr->configured || !same_version(u, pr->lead))) {
            pr->lead = NULL;
            return;
        }
        pr->lead = pr->lead != NULL ? pr->lead : u;
    }
    if (pr->lead == NULL && pr->unit_count > 0)
        pr->lead = pr->units[0]; /* nobody says a version */
}

/*-- loading -------------------------------------------------------------------------------------*/

static void bind_all(struct loader *l)
{
    struct project *pr = l->project;
    for (size_t i = 0; i < pr->file_count; i++) {
        struct file *f = pr->files[i];
        for (size_t k = 0; k < f->count && !f->foreign; k++)
            bind(l, &f->places[k]);
    }
    for (size_t i = 0; i < pr->package_count; i++)
        add_unit(l, pr->packages[i]);
    for (size_t i = 0; i < pr->unit_count; i++)
        settle_unit(l, pr->units[i]);
    settle_lead(pr);
    for (size_t i = 0; i < pr->file_count; i++) {
        struct file *f = pr->files[i];
        bind_entries(f);
        bind_copies(l, f);
        for (size_t k = 0; k < f->count; k++)
            if (f->places[k].kind == PLACE_EXTRA)
                bind_extra(l, &f->places[k]);
            else if (f->places[k].kind == PLACE_REQUIREMENT && !f->foreign)
                bind_pin(&f->places[k]);
    }
}

/* "; the nearest is 'x'", or nothing. */
static const char *nearest(struct arena *a, const struct near *near)
{
    return near->best.ptr == NULL ? "" : arena_printf(a, "; the nearest is '%.*s'",
                                                      (int)near->best.len, near->best.ptr);
}

/* A [package.NAME] that names nothing is a spelling mistake. */
static bool known_names(struct loader *l)
{
    const struct project *pr = l->project;
    for (size_t i = 0; i < pr->config.package_count; i++) {
        const struct package_settings *set = &pr->config.packages[i];
        struct near near = {set->name, {NULL, 0}, 0};
        bool known = false;
        for (size_t k = 0; k < pr->package_count; k++) {
            near_try(&near, pr->packages[k]->name);
            known = known || relver_name_eq(pr->packages[k]->eco, pr->packages[k]->name, set->name);
        }
        if (known)
            continue;
        fail_set(l->fail, l->arena, 2, "unknown-package", pr->config.path, "nothing changed",
                 "relver status", "there is no package '%.*s'%s", (int)set->name.len,
                 set->name.ptr, nearest(l->arena, &near));
        l->fail->line = set->line;
        l->fail->col = set->col;
        return false;
    }
    return true;
}

static bool load_project(struct context *ctx, struct root *root, bool bare,
                         struct project *project)
{
    struct loader l = {.ctx = ctx, .arena = ctx->arena, .project = project, .fail = &ctx->fail};
    memset(project, 0, sizeof *project);
    project->root = root;
    if (!bare &&
        !config_load(ctx->arena, root, ctx->opt.config, &project->config, &ctx->fail))
        return false;
    project->configured = project->config.path != NULL;
    if (!read_manifests(&l) || !read_rules(&l) || !read_homes(&l))
        return false;
    add_packages(&l);
    find_wheels(&l);
    if (project->package_count == 0)
        return fail_set(&ctx->fail, ctx->arena, 2, "no-manifest", NULL, "nothing changed",
                        "run relver where Cargo.toml, package.json or pyproject.toml is",
                        "there is no package in '%s'", root->path);
    if (!known_names(&l))
        return false;
    bind_all(&l);
    return true;
}

bool project_load(struct context *ctx, struct root *root, struct project *project)
{
    return load_project(ctx, root, false, project);
}

static bool has_manifest(struct context *ctx, const char *dir)
{
    for (const char *const *name = manifests; *name != NULL; name++)
        if (access(arena_printf(ctx->arena, "%s/%s", dir, *name), F_OK) == 0)
            return true;
    return false;
}

/* The directory to load from, for one without a configuration at or above it: of `dir` and those
   above it, down from the work tree's top, the first with a manifest; without git, the nearest. */
static const char *manifest_dir(struct context *ctx, const struct root *root)
{
    const char *found = root->path;
    bool git = root->git;
    char *dir = arena_dup(ctx->arena, root->path, strlen(root->path));
    for (;;) {
        if (has_manifest(ctx, dir)) {
            found = arena_dup(ctx->arena, dir, strlen(dir));
            if (!git)
                return found;
        }
        char *slash = strrchr(dir, '/');
        if (slash == NULL || slash == dir || (git && strcmp(dir, root->top) == 0))
            return found;
        *slash = '\0';
    }
}

bool project_root(struct context *ctx, struct root *root)
{
    const char *dir = ctx->opt.dir != NULL ? ctx->opt.dir : ".";
    if (!fs_open_root(root, ctx->arena, dir, ctx->command, &ctx->fail))
        return false;
    const char *home = ctx->opt.config != NULL ? NULL : config_find(ctx->arena, root->path);
    if (home == NULL && ctx->opt.config == NULL)
        home = manifest_dir(ctx, root);
    return home == NULL || strcmp(home, root->path) == 0 ||
           fs_open_root(root, ctx->arena, home, ctx->command, &ctx->fail);
}

static bool half_way(struct context *ctx, const struct root *root)
{
    const char *id = NULL;
    if (!fs_pending(root, ctx->arena, &id, &ctx->fail))
        return false;
    return id == NULL || fail_set(&ctx->fail, ctx->arena, 5, "half-way", NULL,
                                  arena_printf(ctx->arena, "half way, %s", id),
                                  "run the writing command again: it completes or undoes this one",
                                  "a change of several files was interrupted");
}

bool project_settle(struct context *ctx, enum project_mode mode, struct root *root)
{
    bool recovered = false;
    if (mode != PROJECT_WRITE)
        return half_way(ctx, root);
    if (!fs_lock(root, ctx->arena, &ctx->fail) ||
        !fs_recover(root, ctx->arena, &recovered, &ctx->fail))
        return false;
    if (recovered)
        note(ctx->arena, "an interrupted change was completed or undone first");
    return true;
}

bool project_open(struct context *ctx, enum project_mode mode, struct project *project)
{
    struct root *root = arena_alloc(ctx->arena, sizeof *root);
    return project_root(ctx, root) && project_settle(ctx, mode, root) &&
           load_project(ctx, root, mode == PROJECT_BARE, project);
}

/*-- names on the command line -------------------------------------------------------------------*/

static bool named(const struct package *p, const char *prefix, relver_str name)
{
    if (prefix != NULL && strcmp(prefix, eco_name(p->eco)) != 0)
        return false;
    return relver_name_eq(p->eco, p->name, name);
}

struct unit *project_unit(struct context *ctx, const struct project *project, const char *name)
{
    static const relver_eco ecos[] = {RELVER_NPM, RELVER_CARGO, RELVER_PEP440};
    const char *prefix = NULL;
    relver_str rest = relver_s(name);
    for (size_t i = 0; i < sizeof ecos / sizeof *ecos; i++) {
        size_t n = strlen(eco_name(ecos[i]));
        if (strncmp(name, eco_name(ecos[i]), n) == 0 && name[n] == ':') {
            prefix = eco_name(ecos[i]);
            rest = relver_s(name + n + 1);
        }
    }
    struct unit *found = NULL;
    struct near near = {rest, {NULL, 0}, 0};
    for (size_t i = 0; i < project->package_count; i++) {
        struct package *p = project->packages[i];
        near_try(&near, p->name);
        if (!named(p, prefix, rest))
            continue;
        if (found != NULL && found != p->unit) {
            fail_set(&ctx->fail, ctx->arena, 2, "ambiguous", NULL, "nothing changed",
                     "name it as npm:NAME, cargo:NAME or pypi:NAME",
                     "'%s' names packages that are released apart", name);
            return NULL;
        }
        found = p->unit;
    }
    if (found == NULL)
        fail_set(&ctx->fail, ctx->arena, 2, "unknown-package", NULL, "nothing changed",
                 "relver status", "there is no package '%s'%s", name, nearest(ctx->arena, &near));
    return found;
}

bool project_units(struct context *ctx, const struct project *project, struct unit ***units,
                   size_t *count)
{
    const struct list *names = &ctx->opt.packages;
    *units = project->units;
    *count = project->unit_count;
    if (names->count == 0)
        return true;
    *units = NULL;
    *count = 0;
    for (size_t i = 0; i < names->count; i++) {
        struct unit *u = project_unit(ctx, project, names->at[i]);
        if (u == NULL)
            return false;
        *units = arena_more(ctx->arena, *units, *count, sizeof **units);
        (*units)[(*count)++] = u;
    }
    return true;
}
