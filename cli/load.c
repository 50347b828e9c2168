#include "load.h"

#include "glob.h"
#include "home.h"
#include "scan.h"
#include "str.h"

#include <string.h>

struct loader {
    struct arena *arena;
    struct project *project;
    struct names *names;
    struct fail *fail;
    struct visit {
        const char *dir;
        struct file *in[3]; /* the workspaces it is a member of: Cargo's, npm's, Python's */
    } **visits;
    size_t visit_count;
};

/*-- manifests and lock files --------------------------------------------------------------------*/

/* What may become a file of the project, read once. NULL without a failure when it is not there. */
static struct file *fetch(struct loader *l, const char *path)
{
    struct file *f = names_get(l->names, BY_PATH, relver_s(path));
    relver_str text;
    if (f != NULL || !fs_read_if(l->project->root, l->arena, path, &text, l->fail) ||
        text.ptr == NULL)
        return f;
    f = arena_alloc(l->arena, sizeof *f);
    f->path = path;
    f->text = text;
    names_put(l->arena, l->names, BY_PATH, relver_s(path), f);
    return f;
}

/* A file of the project, scanned once. */
static struct file *load(struct loader *l, const char *path, enum file_kind kind)
{
    struct project *pr = l->project;
    struct file *f = fetch(l, path);
    if (f == NULL || f->dir != NULL)
        return f;
    const char *slash = strrchr(path, '/');
    f->dir = arena_dup(l->arena, path, slash != NULL ? (size_t)(slash + 1 - path) : 0);
    f->kind = kind;
    *ARENA_NEW(l->arena, pr->files, pr->file_count) = f;
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
        const char *at = path_join(l->arena, ws->dir, ws->excludes[i]);
        out = at != NULL && (strncmp(dir, at, strlen(at)) == 0 ||
                             glob_path(relver_s(at), relver_s(dir)));
    }
    for (size_t i = 0; i < ws->member_count && out && ws->kind == FILE_CARGO; i++) {
        const char *at = path_join(l->arena, ws->dir, ws->members[i]);
        out = at == NULL || strncmp(dir, at, strlen(at)) != 0;
    }
    return out;
}

/* Directories to look at: a queue, so that long chains of path dependencies cost no stack. */
static void visit(struct loader *l, const char *dir, struct file *ws)
{
    relver_str key = relver_sn(dir, strlen(dir));
    struct visit *v = names_get(l->names, BY_VISIT, key);
    if (v == NULL) {
        v = arena_alloc(l->arena, sizeof *v);
        v->dir = dir;
        names_put(l->arena, l->names, BY_VISIT, key, v);
        *ARENA_NEW(l->arena, l->visits, l->visit_count) = v;
    }
    if (ws != NULL)
        v->in[ws->kind == FILE_CARGO ? 0 : ws->kind == FILE_PYPROJECT ? 2 : 1] = ws;
}

static void bad_member(struct loader *l, const struct file *ws, relver_str entry)
{
    l->fail->path = ws->path;
    if (entry.ptr >= ws->text.ptr && entry.ptr < ws->text.ptr + ws->text.len)
        relver_locate(ws->text, (size_t)(entry.ptr - ws->text.ptr), &l->fail->line, &l->fail->col);
}

static void visit_members(struct loader *l, struct file *ws, const char *name)
{
    for (size_t i = 0; i < ws->member_count && !failed(l); i++) {
        struct list paths;
        relver_str entry = ws->members[i];
        if (entry.len > 0 && entry.ptr[0] == '/')
            fail_set(l->fail, l->arena, 2, "path", ws->path, "nothing changed",
                     "name only paths inside the project", "the path leaves the project");
        if (failed(l) || !glob_find(l->arena, l->project->root, ws->dir, entry, false, &paths,
                                    l->fail)) {
            bad_member(l, ws, entry);
            return;
        }
        for (size_t k = 0; k < paths.count && !failed(l); k++) {
            const char *manifest = arena_printf(l->arena, "%s%s", paths.at[k], name);
            if (!excluded(l, ws, paths.at[k]) && fetch(l, manifest) != NULL)
                visit(l, paths.at[k], ws);
        }
    }
}

/* Cargo: path dependencies inside the workspace's directory are members as well. */
static void visit_paths(struct loader *l, const struct file *from, struct file *ws)
{
    for (size_t i = 0; i < from->path_count && !failed(l); i++) {
        const char *dir = path_join(l->arena, from->dir, from->paths[i]);
        if (dir == NULL || strncmp(dir, ws->dir, strlen(ws->dir)) != 0 || excluded(l, ws, dir))
            continue;
        if (fetch(l, arena_printf(l->arena, "%sCargo.toml", dir)) != NULL)
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
    return take_manifest(l, v->dir, "Cargo.toml", v->in[0]) &&
           take_manifest(l, v->dir, "package.json", v->in[1]) &&
           take_manifest(l, v->dir, "pyproject.toml", v->in[2]);
}

/* Lock files lie beside the root of their workspace; those of other tools are only reported. */
static bool take_locks(struct loader *l, const char *dir)
{
    static const char *const unread[] = {"npm-shrinkwrap.yaml", "yarn.lock", "poetry.lock",
                                         "pdm.lock", "bun.lock"};
    static const char *const read[] = {"Cargo.lock", "package-lock.json", "npm-shrinkwrap.json",
                                       "pnpm-lock.yaml", "uv.lock"};
    struct project *pr = l->project;
    if (names_get(l->names, BY_LOCK, relver_s(dir)) != NULL)
        return true;
    names_put(l->arena, l->names, BY_LOCK, relver_s(dir), l);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (load_in(l, dir, read[i]) == NULL && failed(l))
            return false;
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++) {
        const char *path = arena_printf(l->arena, "%s%s", dir, unread[i]);
        if (fs_kind(pr->root, path) == FS_ABSENT)
            continue;
        list_add(l->arena, &pr->unread, path);
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
    *ARENA_NEW(l->arena, f->rules, f->rule_count) = rule;
    return scan_extra(l->arena, f, rule, l->fail);
}

static bool take_rule(struct loader *l, const struct file_place *rule)
{
    struct list paths;
    size_t found = 0;
    if (!glob_find(l->arena, l->project->root, "", relver_s(rule->path), true, &paths, l->fail))
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
    bool elsewhere = l->project->root->view != NULL; /* a commit lacks what git ignores */
    return found > 0 || rule->optional || elsewhere || rule_fail(l, rule, "no such file");
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
    for (size_t i = 0; i < h->paths.count && h->why == NULL; i++) {
        const char *dir = path_join(l->arena, f->dir, relver_s(h->paths.at[i]));
        const char *path = dir != NULL ? path_name(l->arena, dir) : "";
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
    for (size_t i = 0; i < h->paths.count; i++)
        text_addf(&none, "%s%s", i > 0 ? " or " : "there is no ", h->paths.at[i]);
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
        if (f->kind != FILE_PYPROJECT || f->foreign || file_find(f, PLACE_DYNAMIC) == NULL ||
            file_find(f, PLACE_VERSION) != NULL)
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

bool load_files(struct arena *a, struct project *project, struct names *names, struct fail *fail)
{
    struct loader l = {.arena = a, .project = project, .names = names, .fail = fail};
    return read_manifests(&l) && read_rules(&l) && read_homes(&l);
}
