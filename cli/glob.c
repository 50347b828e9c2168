#include "glob.h"

#include "str.h"

#include <string.h>

struct glob {
    struct arena *arena;
    const struct root *root;
    struct fail *fail;
};

bool glob_match(relver_str glob, relver_str name)
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

bool glob_path(relver_str pattern, relver_str path)
{
    relver_str star = {NULL, 0}, mark = {NULL, 0};
    while (path.len > 0) {
        relver_str pattern_rest = pattern, path_rest = path;
        relver_str want = str_cut(&pattern_rest, '/'), part = str_cut(&path_rest, '/');
        if (pattern.len > 0 && str_is(want, "**")) {
            star = pattern = pattern_rest;
            mark = path;
        } else if (pattern.len > 0 && glob_match(want, part)) {
            pattern = pattern_rest;
            path = path_rest;
        } else if (star.ptr != NULL) {
            str_cut(&mark, '/');
            path = mark;
            pattern = star;
        } else {
            return false;
        }
    }
    return pattern.len == 0 || str_is(pattern, "**");
}

const char *path_join(struct arena *a, const char *dir, relver_str path)
{
    struct text t = {.arena = a};
    text_adds(&t, dir);
    if (path.len > 0 && path.ptr[0] == '/')
        return NULL;
    while (path.len > 0) {
        relver_str part = str_cut(&path, '/');
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (!str_is(part, "..")) {
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

const char *path_name(struct arena *a, const char *dir)
{
    size_t len = strlen(dir);
    return len > 0 && dir[len - 1] == '/' ? arena_dup(a, dir, len - 1) : dir;
}

/* One step of a glob: every path so far, followed by what its next segment matches. The last
   segment matches files as well when `files` is set. */
static bool glob_step(struct glob *l, struct list *from, relver_str seg, bool files,
                      struct list *to)
{
    bool deep = str_is(seg, "**");
    for (size_t i = 0; i < from->count; i++) {
        const char *dir = from->at[i];
        struct fs_entry *entries;
        size_t count;
        if (deep)
            list_add(l->arena, to, dir);
        const char *name_of = path_name(l->arena, dir);
        if (name_of[0] != '\0' && fs_kind(l->root, name_of) != FS_DIR)
            continue;
        if (!fs_list(l->root, l->arena, name_of, &entries, &count, l->fail))
            return false;
        for (size_t k = 0; k < count; k++) {
            const char *name = entries[k].name;
            bool is_dir = entries[k].kind == FS_DIR;
            if (skipped(name) || !(is_dir || (files && entries[k].kind == FS_FILE)))
                continue;
            const char *path = arena_printf(l->arena, "%s%s%s", dir, name, is_dir ? "/" : "");
            if (deep && is_dir)
                list_add(l->arena, from, path);
            else if (!deep && glob_match(seg, relver_s(name)))
                list_add(l->arena, to, path);
        }
    }
    return true;
}

/* One step of a glob without wildcards. */
static bool glob_literal(struct glob *l, struct list *from, relver_str seg, bool file,
                         struct list *to)
{
    for (size_t i = 0; i < from->count; i++) {
        const char *path = path_join(l->arena, from->at[i], seg);
        if (path == NULL)
            return fail_set(l->fail, l->arena, 2, "path", NULL, "nothing changed",
                            "name only paths inside the project",
                            "the path leaves the project");
        size_t len = strlen(path);
        list_add(l->arena, to, file && len > 0 ? arena_dup(l->arena, path, len - 1) : path);
    }
    return true;
}

bool glob_find(struct arena *a, const struct root *root, const char *dir, relver_str pattern,
               bool files, struct list *out, struct fail *fail)
{
    struct glob g = {a, root, fail};
    struct list now = {NULL, 0};
    list_add(a, &now, dir);
    while (pattern.len > 0) {
        relver_str seg = str_cut(&pattern, '/');
        struct list next = {NULL, 0};
        bool last = pattern.len == 0;
        bool wild = str_has(seg, "*") || str_has(seg, "?");
        if (seg.len == 0 || str_is(seg, "."))
            continue;
        if (wild ? !glob_step(&g, &now, seg, files && last, &next)
                 : !glob_literal(&g, &now, seg, files && last, &next))
            return false;
        now = next;
    }
    *out = now;
    return true;
}
