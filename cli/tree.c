#include "repo_parts.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

/* A view of a commit's tree. Directories are listed once and kept. */
struct tree_view {
    struct fs_view view;
    struct repo *repo;
    struct arena *arena;
    relver_str commit;
    const char *below; /* of the project, as in struct root */
    struct dir *dirs;  /* newest first */
    struct fail fail;  /* what fs_kind could not say */
};

struct dir {
    const char *path;
    struct fs_entry *entries; /* by name in byte order */
    size_t count;
    struct dir *next;
};

static int by_name(const void *a, const void *b)
{
    const struct fs_entry *x = a, *y = b;
    return strcmp(x->name, y->name);
}

/* MODE SP NAME NUL, then the raw id. */
bool tree_next(relver_str *rest, size_t bytes, relver_str *mode, relver_str *name, relver_str *id)
{
    *mode = str_cut(rest, ' ');
    *name = str_cut(rest, '\0');
    if (name->len == 0 || rest->len < bytes)
        return false;
    *id = relver_sn(rest->ptr, bytes);
    *rest = str_from(*rest, bytes);
    return true;
}

/* A symbolic link is a blob of mode 120000, a submodule a commit of mode 160000. */
static enum fs_kind entry_kind(relver_str mode)
{
    return str_starts(mode, "4") ? FS_DIR : str_starts(mode, "100") ? FS_FILE : FS_OTHER;
}

static bool open_dir(struct tree_view *t, const char *path, struct dir **out, struct fail *f)
{
    struct repo_object o;
    relver_str mode, name, id;
    for (*out = t->dirs; *out != NULL; *out = (*out)->next)
        if (strcmp((*out)->path, path) == 0)
            return true;
    const char *spec = arena_printf(t->arena, "%.*s:%s%s", STR(t->commit), t->below, path);
    if (!repo_object(t->repo, t->arena, spec, &o, f))
        return false;
    struct dir *d = arena_alloc(t->arena, sizeof *d);
    d->path = arena_dup(t->arena, path, strlen(path));
    d->next = t->dirs;
    bool tree = o.type != NULL && strcmp(o.type, "tree") == 0;
    while (tree && tree_next(&o.bytes, o.oid.len / 2, &mode, &name, &id))
        *ARENA_NEW(t->arena, d->entries, d->count) =
            (struct fs_entry){arena_dup(t->arena, name.ptr, name.len), entry_kind(mode)};
    if (d->count > 0)
        qsort(d->entries, d->count, sizeof *d->entries, by_name);
    *out = t->dirs = d;
    return true;
}

static enum fs_kind kind_of(struct tree_view *t, const char *path, struct fail *f)
{
    const char *slash = strrchr(path, '/');
    const char *dir = slash != NULL ? arena_dup(t->arena, path, (size_t)(slash - path)) : "";
    struct fs_entry key = {slash != NULL ? slash + 1 : path, FS_ABSENT}, *found = NULL;
    struct dir *d;
    if (slash != NULL && kind_of(t, dir, f) != FS_DIR)
        return FS_ABSENT;
    if (!open_dir(t, dir, &d, f))
        return FS_OTHER;
    if (d->count > 0)
        found = bsearch(&key, d->entries, d->count, sizeof key, by_name);
    return found != NULL ? found->kind : FS_ABSENT;
}

static enum fs_kind view_kind(const struct fs_view *v, const char *path)
{
    struct tree_view *t = (struct tree_view *)(size_t)v;
    return kind_of(t, path, &t->fail);
}

static bool absent(struct tree_view *t, const char *path, struct fail *f)
{
    return fail_set(f, t->arena, 2, "io.absent", path, "nothing changed", "correct the path",
                    "no such file in commit %.*s", STR(t->commit));
}

static bool view_read(const struct fs_view *v, struct arena *a, const char *path, relver_str *out,
                      struct fail *f)
{
    struct tree_view *t = (struct tree_view *)(size_t)v;
    struct repo_object o;
    enum fs_kind kind = kind_of(t, path, f);
    if (f->status != 0)
        return false;
    if (kind == FS_ABSENT)
        return absent(t, path, f);
    if (kind != FS_FILE)
        return fail_set(f, a, 2, "path.kind", path, "nothing changed", "correct the path",
                        "not a regular file");
    if (!repo_object(t->repo, a, arena_printf(a, "%.*s:%s%s", STR(t->commit),
                                              t->below, path), &o, f))
        return false;
    *out = o.bytes;
    return o.type != NULL || absent(t, path, f);
}

static bool view_list(const struct fs_view *v, struct arena *a, const char *path,
                      struct fs_entry **out, size_t *n, struct fail *f)
{
    struct tree_view *t = (struct tree_view *)(size_t)v;
    struct dir *d;
    (void)a;
    if (*path != '\0' && kind_of(t, path, f) != FS_DIR)
        return f->status == 0 && absent(t, path, f);
    if (!open_dir(t, path, &d, f))
        return false;
    *out = d->entries;
    *n = d->count;
    return true;
}

bool repo_view(struct repo *r, struct arena *a, const struct root *of, relver_str commit,
               struct root *out, struct fail *f)
{
    struct tree_view *t = arena_alloc(a, sizeof *t);
    struct dir *top;
    t->view = (struct fs_view){view_kind, view_read, view_list};
    t->repo = r;
    t->arena = a;
    t->commit = commit;
    t->below = of->below;
    *out = *of;
    out->view = &t->view;
    return open_dir(t, "", &top, f);
}

/*-- who added files -----------------------------------------------------------------------------*/

enum { FAR = 30 }; /* commits, from where on git's own walk is faster */

/* Absent: it has none. False: it has several, or cannot be read. */
static bool only_parent(struct repo *r, struct arena *a, relver_str commit, relver_str *parent)
{
    struct repo_object o;
    struct fail ignored;
    relver_str line;
    *parent = relver_s(NULL);
    if (!repo_object(r, a, arena_dup(a, commit.ptr, commit.len), &o, &ignored) || o.type == NULL)
        return false;
    str_line(&o.bytes, &line); /* its tree */
    if (str_line(&o.bytes, &line) && str_starts(line, "parent "))
        *parent = str_from(line, strlen("parent "));
    return !str_starts(o.bytes, "parent ");
}

static bool is_file(struct tree_view *t, const char *path, struct fail *f)
{
    enum fs_kind kind = t->commit.ptr != NULL ? kind_of(t, path, f) : FS_ABSENT;
    return kind == FS_FILE || kind == FS_OTHER;
}

bool tree_added(struct repo *r, struct arena *a, relver_str head, const char *const *paths,
                size_t n, relver_str *oids)
{
    struct tree_view now = {.repo = r, .arena = a, .commit = head, .below = ""}, before;
    relver_str *found = arena_alloc(a, n * sizeof *found);
    struct fail fail = {0};
    size_t left = n;
    for (int far = 0; left > 0; far++, now = before) {
        before = (struct tree_view){.repo = r, .arena = a, .below = ""};
        if (far == FAR || now.commit.ptr == NULL || !only_parent(r, a, now.commit, &before.commit))
            return false;
        for (size_t i = 0; i < n; i++)
            if (found[i].ptr == NULL && is_file(&now, paths[i], &fail) &&
                !is_file(&before, paths[i], &fail)) {
                found[i] = now.commit;
                left--;
            }
        if (fail.status != 0)
            return false;
    }
    memcpy(oids, found, n * sizeof *found);
    return true;
}
