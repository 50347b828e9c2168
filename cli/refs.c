#define _POSIX_C_SOURCE 200809L
#include "repo_parts.h"
#include "str.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*-- opening -------------------------------------------------------------------------------------*/

bool repo_fail(const struct repo *r, struct fail *f, const char *what, const char *why)
{
    const char *next = r->ops == &git_ops ? "git fsck" : "install git, which knows more";
    return fail_set(f, r->arena, 4, "git", r->root->top, "nothing changed", next, "%s%s%s", what,
                    *why != '\0' ? ": " : "", why);
}

/* git refuses the repository of another user, since its configuration can name programs to run,
   unless the user said that it is safe. Reading refs and commits runs none of them, so there
   libgit2 may still read, as it must in many a CI container; see repo.c. */
static bool git_refuses(struct arena *a, const struct root *root)
{
    const char *argv[] = {"git", "-C", root->top, "rev-parse", "--git-dir", NULL};
    struct run what = {.argv = argv};
    struct ran ran;
    struct fail ignored;
    return root->foreign && (!run(a, &what, &ran, &ignored) || ran.status != 0);
}

bool repo_open(struct arena *a, const struct root *root, struct repo **out, struct fail *f)
{
    const char *choice = getenv("RELVER_GIT"), *why = NULL;
    struct repo *r = arena_alloc(a, sizeof *r);
    bool library = choice != NULL && strcmp(choice, "libgit2") == 0;
    *out = NULL;
    r->arena = a;
    r->root = root;
    if (choice != NULL && !library && strcmp(choice, "git") != 0)
        return fail_set(f, a, 2, "usage", NULL, "nothing changed", "unset RELVER_GIT",
                        "RELVER_GIT is git or libgit2, not '%s'", choice);
    if (!fs_open_git(root, a, false, &r->own) || !fs_open_git(root, a, true, &r->common))
        return true;
    r->tables = fs_kind(&r->common, "reftable") != FS_ABSENT;
    if (!library && run_has(a, "git") && (choice != NULL || !git_refuses(a, root))) {
        r->ops = &git_ops;
        *out = r;
    } else if (choice != NULL && !library) {
        note(a, "there is no git on PATH, so what it knows is unknown");
    } else if (library_open(r, &why)) {
        *out = r;
    } else {
        note(a, "%s, so what git knows is unknown", why);
    }
    return true;
}

bool repo_need(struct arena *a, const struct root *root, struct repo **out, struct fail *f)
{
    if (!repo_open(a, root, out, f))
        return false;
    return *out != NULL || fail_set(f, a, 4, "git.unknown", NULL, "nothing changed",
                                    "run it in a clone, where git or libgit2 is installed",
                                    "git cannot be asked here");
}

void repo_close(struct repo *r)
{
    if (r != NULL)
        r->ops->close(r);
}

bool repo_shallow(const struct repo *r)
{
    return fs_kind(&r->common, "shallow") != FS_ABSENT;
}

/*-- refs, as gitrepository-layout(5) and git-pack-refs(1) have them -----------------------------*/

enum { LINKS = 5 }; /* HEAD -> refs/heads/x -> ..; git allows as many */

static bool is_oid(relver_str s)
{
    return (s.len == 40 || s.len == 64) && str_span(s, "0123456789abcdef") == s.len;
}

void repo_forget(struct repo *r)
{
    if (r->tables)
        r->packed.ptr = NULL;
}

static bool read_packed(struct repo *r, struct fail *f)
{
    if (r->packed.ptr != NULL && (r->tables || fs_same(&r->common, "packed-refs", &r->mark)))
        return true;
    if (r->tables)
        return r->ops->tables != NULL ? r->ops->tables(r, f)
                                      : repo_fail(r, f, "only git can read its tables of refs", "");
    fs_same(&r->common, "packed-refs", &r->mark);
    if (!fs_read_if(&r->common, r->arena, "packed-refs", &r->packed, f))
        return false;
    if (r->packed.ptr == NULL)
        r->packed = relver_s("");
    return true;
}

/* The ref of a line "OID NAME", and what the "^OID" behind it peels it to; absent without one. */
static bool packed_ref(relver_str *rest, relver_str *name, relver_str *oid, relver_str *peeled)
{
    for (relver_str line, next; str_line(rest, &line);) {
        *oid = str_cut(&line, ' ');
        *name = line;
        if (name->len == 0 || str_starts(*oid, "#"))
            continue;
        *peeled = relver_s(NULL);
        if (rest->len > 0 && rest->ptr[0] == '^' && str_line(rest, &next))
            *peeled = str_from(next, 1);
        return true;
    }
    return false;
}

enum { PAGE = 4096 };

/* The few lines among which a name can be, where they are in byte order. */
static relver_str narrow(relver_str lines, const char *name)
{
    relver_str found, oid, peeled;
    while (lines.len > PAGE) {
        size_t half = lines.len / 2;
        while (half > 0 && (lines.ptr[half - 1] != '\n' || lines.ptr[half] == '^'))
            half--;
        relver_str rest = str_from(lines, half);
        if (half == 0 || !packed_ref(&rest, &found, &oid, &peeled))
            break;
        lines = strncmp(found.ptr, name, found.len) > 0 ? relver_sn(lines.ptr, half)
                                                        : str_from(lines, half);
    }
    return lines;
}

static bool find_packed(struct repo *r, const char *name, relver_str *oid, struct fail *f)
{
    relver_str rest, head, found, at, peeled;
    if (!read_packed(r, f))
        return false;
    rest = r->packed;
    if (str_starts(rest, "# ") && str_line(&rest, &head) && str_has(head, " sorted "))
        rest = narrow(rest, name);
    *oid = relver_s(NULL);
    while (oid->ptr == NULL && packed_ref(&rest, &found, &at, &peeled))
        if (str_is(found, name))
            *oid = at;
    return true;
}

/* What the file of a ref says: an id, or "ref: NAME" in *link. Absent without a file. */
static bool read_loose(struct repo *r, struct arena *a, const char *name, relver_str *oid,
                       const char **link, struct fail *f)
{
    const struct root *in = strncmp(name, "refs/", 5) == 0 ? &r->common : &r->own;
    relver_str text, line;
    enum fs_kind kind = r->tables ? FS_ABSENT : fs_kind(in, name);
    *oid = relver_s(NULL);
    *link = NULL;
    if (r->tables ? strcmp(name, "HEAD") != 0 : kind == FS_ABSENT || kind == FS_DIR)
        return true;
    if (r->tables ? !read_packed(r, f) : !fs_read(in, a, name, &text, f))
        return false;
    if (r->tables)
        text = r->head;
    if (!str_line(&text, &line))
        line = text;
    if (str_starts(line, "ref: "))
        *link = arena_dup(a, line.ptr + 5, line.len - 5);
    else if (is_oid(line))
        *oid = line;
    else
        return repo_fail(r, f, arena_printf(a, "'%s' says no object", name), "");
    return true;
}

bool ref_follow(struct repo *r, struct arena *a, const char *name, const char **last,
                relver_str *oid, struct fail *f)
{
    for (int i = 0; i < LINKS; i++) {
        const char *link;
        *last = name;
        if (!read_loose(r, a, name, oid, &link, f))
            return false;
        if (link == NULL)
            return oid->ptr != NULL || find_packed(r, name, oid, f);
        name = link;
    }
    return repo_fail(r, f, arena_printf(a, "'%s' leads nowhere", name), "");
}

bool repo_ref(struct repo *r, struct arena *a, const char *name, relver_str *oid, struct fail *f)
{
    const char *last;
    return ref_follow(r, a, name, &last, oid, f);
}

bool repo_head(struct repo *r, struct arena *a, relver_str *oid, struct fail *f)
{
    return repo_ref(r, a, "HEAD", oid, f);
}

bool repo_branch(struct repo *r, struct arena *a, relver_str *name, struct fail *f)
{
    static const char heads[] = "refs/heads/";
    relver_str oid;
    const char *last;
    if (!ref_follow(r, a, "HEAD", &last, &oid, f))
        return false;
    bool on = strncmp(last, heads, sizeof heads - 1) == 0;
    *name = relver_s(on ? last + sizeof heads - 1 : NULL);
    return true;
}

bool repo_on(struct arena *a, const struct root *root, relver_str *name, struct fail *f)
{
    struct repo r = {.arena = a, .root = root};
    *name = relver_s(NULL);
    return !fs_open_git(root, a, false, &r.own) || !fs_open_git(root, a, true, &r.common) ||
           repo_branch(&r, a, name, f);
}

/*-- tags ----------------------------------------------------------------------------------------*/

struct tag_list {
    struct repo *repo;
    struct arena *arena;
    struct repo_tag *tags;
    size_t count, room; /* room: 0 while it grows */
    struct fail *fail;
};

static void add_tag(struct tag_list *l, relver_str name, relver_str oid, relver_str commit)
{
    if (l->count >= l->room)
        l->tags = arena_more(l->arena, l->tags, l->count, sizeof *l->tags);
    l->tags[l->count++] = (struct repo_tag){name, oid, commit};
}

/* Git skips what is not a ref's name, too: lock files, and names that begin with a dot. */
static bool add_loose(struct tag_list *l, const char *dir)
{
    struct fs_entry *entries;
    size_t n;
    if (fs_kind(&l->repo->common, dir) == FS_ABSENT)
        return true;
    if (!fs_list(&l->repo->common, l->arena, dir, &entries, &n, l->fail))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *path = arena_printf(l->arena, "%s/%s", dir, entries[i].name), *link;
        relver_str oid, name = relver_s(path);
        if (entries[i].name[0] == '.' || str_ends(name, ".lock"))
            continue;
        if (entries[i].kind == FS_DIR && !add_loose(l, path))
            return false;
        if (entries[i].kind != FS_FILE)
            continue;
        if (!read_loose(l->repo, l->arena, path, &oid, &link, l->fail) ||
            (link != NULL && !repo_ref(l->repo, l->arena, link, &oid, l->fail)))
            return false;
        if (oid.ptr != NULL)
            add_tag(l, str_from(name, strlen("refs/tags/")), oid, relver_s(NULL));
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct repo_tag *x = a, *y = b;
    size_t n = x->name.len < y->name.len ? x->name.len : y->name.len;
    int order = memcmp(x->name.ptr, y->name.ptr, n);
    return order != 0 ? order : (x->name.len > y->name.len) - (x->name.len < y->name.len);
}

/* A loose ref stands before the packed one of its name: they were added in that order. */
static void drop_hidden(struct tag_list *l, size_t loose)
{
    size_t kept = loose;
    if (loose > 0)
        qsort(l->tags, loose, sizeof *l->tags, by_name);
    for (size_t i = loose; i < l->count; i++)
        if (loose == 0 || bsearch(&l->tags[i], l->tags, loose, sizeof *l->tags, by_name) == NULL)
            l->tags[kept++] = l->tags[i];
    l->count = kept;
    if (kept > 0 && loose > 0)
        qsort(l->tags, kept, sizeof *l->tags, by_name);
}

bool repo_tags(struct repo *r, struct arena *a, struct repo_tag **tags, size_t *n, struct fail *f)
{
    struct tag_list list = {.repo = r, .arena = a, .fail = f};
    relver_str rest, name, oid, peeled;
    if (!add_loose(&list, "refs/tags") || !read_packed(r, f))
        return false;
    size_t loose = list.count, lines = 0;
    rest = r->packed; /* its first line says whether all tags that can be peeled are */
    bool all_peeled = str_line(&rest, &name) && str_starts(name, "#") && str_has(name, "peeled");
    for (rest = r->packed; str_line(&rest, &name);)
        lines++;
    struct repo_tag *all = arena_alloc(a, (loose + lines) * sizeof *all);
    if (loose > 0)
        memcpy(all, list.tags, loose * sizeof *all);
    list.tags = all;
    list.room = loose + lines;
    for (rest = r->packed; packed_ref(&rest, &name, &oid, &peeled);)
        if (str_starts(name, "refs/tags/"))
            add_tag(&list, str_from(name, strlen("refs/tags/")), oid,
                    peeled.ptr == NULL && all_peeled ? oid : peeled);
    drop_hidden(&list, loose);
    *tags = list.tags;
    *n = list.count;
    return true;
}

/* One that leads to no commit is no tag of ours; one whose object is not there is broken. */
static bool peel(struct repo *r, struct arena *a, struct repo_tag *t, struct fail *f)
{
    struct repo_object o = {.type = "tag"};
    relver_str rest, line = t->oid;
    while (o.type != NULL && strcmp(o.type, "tag") == 0) {
        if (!repo_object(r, a, arena_dup(a, line.ptr, line.len), &o, f))
            return false;
        rest = o.bytes;
        if (str_line(&rest, &line) && str_starts(line, "object ")) /* git-mktag(1) */
            line = str_from(line, 7);
    }
    t->commit = relver_s(NULL);
    if (o.type != NULL && strcmp(o.type, "commit") == 0)
        t->commit = o.oid;
    return o.type != NULL ||
           repo_fail(r, f, arena_printf(a, "the tag '%.*s' leads nowhere", STR(t->name)), "");
}

bool repo_peel(struct repo *r, struct arena *a, struct repo_tag *tags, size_t *n, struct fail *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        if (tags[i].commit.ptr == NULL && !peel(r, a, &tags[i], f))
            return false;
        if (tags[i].commit.ptr != NULL)
            tags[kept++] = tags[i];
    }
    *n = kept;
    return true;
}

/*-- history -------------------------------------------------------------------------------------*/

bool repo_object(struct repo *r, struct arena *a, const char *spec, struct repo_object *out,
                 struct fail *f)
{
    *out = (struct repo_object){NULL, {NULL, 0}, {NULL, 0}};
    return strchr(spec, '\n') != NULL || r->ops->object(r, a, spec, out, f);
}

static bool stop_at_one(void *data, relver_str oid, relver_str parents)
{
    (void)oid, (void)parents;
    *(bool *)data = false;
    return false;
}

bool repo_below(struct repo *r, relver_str commit, relver_str head, bool *below, struct fail *f)
{
    *below = true;
    if (relver_eq(commit, head))
        return true;
    bool ok = r->ops->walk(r, commit, head, stop_at_one, below, f);
    if (repo_shallow(r) && !(ok && *below))
        return fail_set(f, r->arena, 4, "git.shallow", r->root->top, "nothing changed",
                        "git fetch --unshallow --tags",
                        "a shallow clone cannot tell what lies below HEAD");
    return ok;
}

/* A walk that counts its commits and meets tagged ones. */
struct meeting {
    const struct repo_tag *tags;
    size_t *heads, *next, mask; /* from the hash of a commit to its tags, counted from 1 */
    struct arena *arena;
    relver_str *met;
    size_t count, most; /* of met */
    size_t walked;
    bool first;      /* one will do */
    bool straight;   /* each commit so far is the only parent of the one before .. */
    char parent[65]; /* .. which this is */
};

/* An id is as good as random already: of ten thousand, names.c would spend as long on hashes and
   memory as git does on the walk. */
static size_t hash(relver_str oid)
{
    size_t h = 0;
    for (size_t i = 0; i < 8; i++)
        h = h << 4 ^ (size_t)(unsigned char)oid.ptr[i] * 9;
    return h;
}

static void index_tags(struct meeting *m, size_t n)
{
    m->mask = 1;
    while (m->mask < n)
        m->mask = m->mask * 2 + 1;
    m->heads = arena_alloc(m->arena, (m->mask + 1) * sizeof *m->heads);
    m->next = arena_alloc(m->arena, (n + 1) * sizeof *m->next);
    for (size_t i = 1; i <= n; i++) {
        size_t *at = &m->heads[hash(m->tags[i - 1].commit) & m->mask];
        m->next[i] = *at;
        *at = i;
    }
}

static bool tagged(const struct meeting *m, relver_str oid)
{
    size_t i = m->heads[hash(oid) & m->mask];
    while (i > 0 && !relver_eq(m->tags[i - 1].commit, oid))
        i = m->next[i];
    return i > 0;
}

static bool meet(void *data, relver_str oid, relver_str parents)
{
    struct meeting *m = data;
    m->straight = m->straight && (m->walked == 0 || str_is(oid, m->parent));
    memset(m->parent, 0, sizeof m->parent);
    if (parents.ptr != NULL && parents.len == oid.len)
        memcpy(m->parent, parents.ptr, parents.len);
    m->walked++;
    if (m->count == m->most || !tagged(m, oid))
        return true;
    *ARENA_NEW(m->arena, m->met, m->count) =
        relver_sn(arena_dup(m->arena, oid.ptr, oid.len), oid.len);
    return !m->first;
}

/* The nearest is the first that the walk meets, or one of those beside it: what lies below the
   first misses more of head than the first does. */
enum { BESIDE = 10 };

static bool measure(struct repo *r, struct meeting *m, relver_str head, size_t *distance,
                    struct fail *f)
{
    m->most = BESIDE;
    m->first = m->straight = true;
    if (!r->ops->walk(r, head, relver_s(NULL), meet, m, f))
        return false;
    m->first = false;
    if (m->count > 0)
        m->walked--; /* but the tagged one itself: the distance, where nothing is beside */
    for (size_t k = 0; k < m->count; k++) {
        m->most = k == 0 ? BESIDE : m->count; /* what is beside the first is all there is */
        m->walked = m->straight ? m->walked : 0;
        if (!m->straight && !r->ops->walk(r, head, m->met[k], meet, m, f))
            return false;
        for (size_t i = m->heads[hash(m->met[k]) & m->mask]; i > 0; i = m->next[i])
            if (relver_eq(m->tags[i - 1].commit, m->met[k]))
                distance[i - 1] = m->walked;
    }
    return true;
}

bool repo_distances(struct repo *r, struct arena *a, const struct repo_tag *tags, size_t n,
                    relver_str head, size_t *distance, struct fail *f)
{
    struct meeting m = {.arena = a, .tags = tags};
    bool here = false;
    for (size_t i = 0; i < n; i++) {
        bool at_head = relver_eq(tags[i].commit, head);
        distance[i] = at_head ? 0 : SIZE_MAX;
        here = here || at_head;
    }
    if (here || n == 0) /* no other is nearer, and a shallow clone could not be walked */
        return true;
    index_tags(&m, n);
    return measure(r, &m, head, distance, f);
}

/*-- the rest is the backend's -------------------------------------------------------------------*/

bool repo_at_rest(struct repo *r, struct fail *f)
{
    static const struct {
        const char *file, *what;
    } marks[] = {{"MERGE_HEAD", "merge"}, {"CHERRY_PICK_HEAD", "cherry-pick"},
                 {"REVERT_HEAD", "revert"}, {"rebase-merge", "rebase"},
                 {"rebase-apply", "rebase"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (fs_kind(&r->own, marks[i].file) != FS_ABSENT)
            return fail_set(f, r->arena, 1, "git.busy", NULL, "nothing changed",
                            arena_printf(r->arena, "end it, then run `%s` again",
                                         r->root->command),
                            "a %s is going on", marks[i].what);
    return true;
}

/* After a change: git syncs its objects and refs, but not which names they have, nor its index, so
   a power cut could take back what was said to be done. */
static bool settle(struct repo *r, const char *ref, struct fail *f)
{
    relver_str oid;
    const char *last, *slash, *dir = ".";
    const struct root *in = &r->own;
    bool ok = ref_follow(r, r->arena, ref, &last, &oid, f);
    if (ok && (slash = strrchr(last, '/')) != NULL) {
        dir = arena_dup(r->arena, last, (size_t)(slash - last));
        in = &r->common;
    }
    ok = ok && (fs_kind(in, dir) == FS_ABSENT || fs_settle(in, r->arena, dir, f)) &&
         (fs_kind(&r->own, "index") == FS_ABSENT || fs_settle(&r->own, r->arena, "index", f)) &&
         fs_settle(&r->own, r->arena, ".", f);
    if (!ok)
        f->state = "all changed";
    return ok;
}

bool repo_added(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                relver_str *oids, struct fail *f)
{
    relver_str edge, head;
    if (!fs_read_if(&r->common, a, "shallow", &edge, f) || !repo_head(r, a, &head, f))
        return false;
    if (head.ptr == NULL || (edge.ptr == NULL && tree_added(r, a, head, paths, n, oids)))
        return true;
    if (r->ops->added != NULL && !r->ops->added(r, a, head, paths, n, oids, f))
        return false;
    for (size_t i = 0; i < n; i++)
        if (oids[i].ptr != NULL && str_has(edge, oids[i].ptr))
            return fail_set(f, a, 4, "git.shallow", paths[i], "nothing changed",
                            "git fetch --unshallow",
                            "a shallow clone cannot tell which commit added it");
    return true;
}

bool repo_differs(struct repo *r, struct arena *a, relver_str other, const char ***paths,
                  size_t *n, struct fail *f)
{
    return r->ops->differs != NULL ? r->ops->differs(r, a, other, paths, n, f)
               : fail_set(f, a, 4, "git.missing", NULL, "nothing changed", "install git",
                          "that needs git on PATH");
}

bool repo_log(struct repo *r, struct arena *a, relver_str from, relver_str without,
              const char *below, repo_reader *reader, void *data, struct fail *f)
{
    return r->ops->log(r, a, from, without, below, reader, data, f);
}

/* What is handed to git is made of letters that cannot be taken for something else; that it is a
   ref's name, git checks. */
static bool named(const struct repo *r, const char *s, struct fail *f)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "@_/.+-";
    return (strspn(s, letters) == strlen(s) && strchr("-./", *s) == NULL &&
            strstr(s, "..") == NULL) ||
           fail_set(f, r->arena, 2, "git.name", NULL, "nothing changed",
                    "name it with letters, digits and @ _ / . + - only",
                    "'%s' is no name that relver hands to git", s);
}

bool repo_changes(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                  struct repo_change **out, size_t *count, struct fail *f)
{
    return r->ops->changes(r, a, paths, n, out, count, f);
}

/* Waits for the locks of what is about to be written (see fs_git_lock); forgets git's tables. */
static bool free_to_write(struct repo *r, struct arena *a, const char *const *names, size_t n,
                          struct fail *f)
{
    repo_forget(r);
    child_stop(&r->objects); /* a git of our own holds no lock */
    for (size_t i = 0; i < n; i++) {
        bool common = names[i][0] == 'r' || names[i][0] == 'p'; /* refs/.., packed-refs */
        if (!fs_git_lock(r->root, a, common, arena_printf(a, "%s.lock", names[i]), f))
            return false;
    }
    return true;
}

/* What git commits of some files alone it gathers in next-index-PID.lock. */
static bool free_to_gather(struct repo *r, struct arena *a, struct fail *f)
{
    struct fs_entry *entries;
    size_t n;
    bool ok = fs_list(&r->own, a, "", &entries, &n, f);
    for (size_t i = 0; ok && i < n; i++)
        if (str_starts(relver_s(entries[i].name), "next-index-"))
            ok = fs_git_lock(r->root, a, false, entries[i].name, f);
    return ok;
}

bool repo_may_commit(struct repo *r, struct arena *a, struct fail *f)
{
    relver_str oid;
    const char *last;
    return repo_at_rest(r, f) && ref_follow(r, a, "HEAD", &last, &oid, f) &&
           free_to_write(r, a, (const char *[]){"index", "HEAD", last}, 3, f) &&
           free_to_gather(r, a, f) && r->ops->ready(r, a, f);
}

bool repo_commit(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                 relver_str message, bool signoff, relver_str *oid, struct fail *f)
{
    if (!repo_may_commit(r, a, f)) {
        f->state = "all changed, but not committed";
        return false;
    }
    return r->ops->commit(r, a, paths, n, message, signoff, f) && settle(r, "HEAD", f) &&
           repo_head(r, a, oid, f);
}

bool repo_reset(struct repo *r, struct arena *a, const char *const *paths, size_t n, struct fail *f)
{
    return r->ops->reset(r, a, paths, n, f);
}

bool repo_commit_on(struct repo *r, struct arena *a, relver_str parent,
                    const struct fs_change *changes, size_t n, relver_str message, bool signoff,
                    relver_str *oid, struct fail *f)
{
    return r->ops->commit_on(r, a, parent, changes, n, message, signoff, oid, f);
}

bool moved_fail(const struct repo *r, struct fail *f, const char *ref)
{
    return fail_set(f, r->arena, 4, "git.moved", NULL, "nothing changed",
                    arena_printf(r->arena, "run `%s` again", r->root->command),
                    "'%s' was moved meanwhile", ref);
}

bool repo_move(struct repo *r, struct arena *a, const char *ref, relver_str from, relver_str to,
               struct fail *f)
{
    return named(r, ref, f) &&
           free_to_write(r, a, (const char *[]){"HEAD", ref, "packed-refs"}, 3, f) &&
           r->ops->move(r, a, ref, from, to, f) && settle(r, ref, f);
}

/* git 2.39 makes the tag all the same when ssh-keygen cannot sign it. */
static bool is_signed(struct repo *r, struct arena *a, const char *ref, relver_str oid,
                      struct fail *f)
{
    struct repo_object o;
    if (!repo_object(r, a, arena_dup(a, oid.ptr, oid.len), &o, f))
        return false;
    return str_has(o.bytes, "\n-----BEGIN ") ||
           (repo_move(r, a, ref, oid, relver_s(NULL), f) &&
            repo_fail(r, f, "the tag cannot be signed", "see to git's user.signingKey"));
}

bool repo_tag(struct repo *r, struct arena *a, relver_str name, relver_str commit,
              relver_str message, bool sign, relver_str *oid, struct fail *f)
{
    const char *ref = arena_printf(a, "refs/tags/%.*s", STR(name));
    struct repo_tag there = {name, {NULL, 0}, {NULL, 0}};
    size_t one = 1;
    if (!named(r, ref, f) || !free_to_write(r, a, &ref, 1, f) ||
        !repo_ref(r, a, ref, &there.oid, f))
        return false;
    if (there.oid.ptr == NULL) {
        if (!r->ops->tag(r, a, name, commit, message, sign, f))
            return false;
        repo_forget(r);
        return settle(r, ref, f) && repo_ref(r, a, ref, oid, f) &&
               (oid->ptr != NULL || moved_fail(r, f, ref)) &&
               (!sign || is_signed(r, a, ref, *oid, f));
    }
    if (!repo_peel(r, a, &there, &one, f))
        return false;
    *oid = there.oid;
    if (one == 1 && relver_eq(there.commit, commit))
        return true;
    return fail_set(f, a, 6, "git.tag", NULL, "nothing changed", "relver show tags",
                    "the tag '%.*s' is on commit %.*s, not on %.*s", STR(name),
                    STR(there.commit), STR(commit));
}

const struct remote_ref *remote_find(const struct remote_ref *refs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(refs[i].name, name))
            return &refs[i];
    return NULL;
}

bool repo_has_remotes(struct repo *r)
{
    relver_str text;
    struct fail ignored;
    return !fs_read(&r->common, r->arena, "config", &text, &ignored) || str_has(text, "[remote") ||
           str_has(text, "include");
}

/* What is known here of a branch there; NULL of another ref. */
static const char *followed(struct repo *r, struct arena *a, const char *remote, relver_str name)
{
    struct fail ignored;
    const char *branch = arena_dup(a, name.ptr, name.len);
    return str_starts(name, "refs/heads/") && named(r, branch, &ignored)
               ? arena_printf(a, "refs/remotes/%s/%s", remote, branch + strlen("refs/heads/"))
               : NULL;
}

bool remote_refs(struct repo *r, struct arena *a, const char *remote, struct remote_ref **refs,
                 size_t *n, struct fail *f)
{
    relver_str lines, line;
    *refs = NULL;
    *n = 0;
    if (!named(r, remote, f) || !r->ops->fetch(r, a, remote, NULL, &lines, f))
        return false;
    while (str_line(&lines, &line)) {
        relver_str oid = str_cut(&line, '\t');
        struct remote_ref ref = {line, oid, oid};
        if (line.len == 0)
            continue;
        if (str_ends(ref.name, "^{}") && *n > 0) {
            (*refs)[*n - 1].commit = oid;
            continue;
        }
        *ARENA_NEW(a, *refs, *n) = ref;
    }
    for (size_t i = 0; i < *n && r->root->lock >= 0; i++) { /* of a push that was killed */
        const char *here = followed(r, a, remote, (*refs)[i].name);
        if (here != NULL && !free_to_write(r, a, &here, 1, f))
            return false;
    }
    return true;
}

bool remote_fetch(struct repo *r, struct arena *a, const char *remote, const char *ref,
                  struct fail *f)
{
    relver_str lines;
    return named(r, remote, f) && named(r, ref, f) && r->ops->fetch(r, a, remote, ref, &lines, f);
}

/*-- remotes -------------------------------------------------------------------------------------*/

bool remote_fail(const struct repo *r, struct fail *f, const char *remote, const char *why)
{
    return fail_set(f, r->arena, 4, "git.remote", NULL, "nothing changed",
                    arena_printf(r->arena, "see to `git ls-remote %s`, then run `%s` again", remote,
                                 r->root->command),
                    "the remote '%s' cannot be asked: %s", remote, why);
}

/* What the remote says afterwards decides, not what the push said: its answer may be lost, or its
   end not have been waited for. */
bool remote_push(struct repo *r, struct arena *a, const char *remote, relver_str oid,
                 const char *ref, relver_str seen, struct fail *f)
{
    struct refusal refusal = {NULL, false};
    struct fail lost = {0}, ignored;
    struct remote_ref *refs;
    size_t n;
    bool tag = strncmp(ref, "refs/tags/", 10) == 0;
    if (!named(r, remote, f) || !named(r, ref, f))
        return false;
    if (oid.ptr == NULL) /* to git, that would say: remove it */
        return repo_fail(r, f, arena_printf(a, "'%s' is to be nothing", ref), "");
    if (relver_eq(oid, seen))
        return true;
    if (tag && seen.ptr != NULL)
        refusal.why = "it is there";
    else if (!r->ops->push(r, a, remote, oid, ref, seen, &refusal, &lost) && lost.status != 4) {
        *f = lost;
        return false;
    }
    if (!remote_refs(r, a, remote, &refs, &n, f)) {
        f->state = arena_printf(a, "half way, perhaps '%s' is pushed", ref);
        return false;
    }
    const struct remote_ref *now = remote_find(refs, n, ref);
    relver_str says = now != NULL ? now->oid : relver_s(NULL);
    const char *again = arena_printf(a, "run `%s` again", r->root->command);
    if (relver_eq(says, oid)) {
        const char *here = followed(r, a, remote, relver_s(ref));
        if (here != NULL) /* or a power cut could leave git's lock of it */
            fs_settle(&r->common, a, arena_dup(a, here, (size_t)(strrchr(here, '/') - here)),
                      &ignored);
        return true;
    }
    if (tag && says.ptr != NULL)
        return fail_set(f, a, 6, "git.tag", NULL, "nothing changed", "relver verify --all-tags",
                        "'%s' on '%s' says %.*s, not %.*s; relver moves no tag", ref, remote,
                        STR(says), STR(oid));
    if (!relver_eq(says, seen))
        return fail_set(f, a, 4, "git.moved", NULL, "nothing changed", again,
                        "'%s' on '%s' says another commit by now", ref, remote);
    if (lost.status != 0) {
        *f = lost;
        return false;
    }
    if (refusal.by_server)
        return fail_set(f, a, 3, "git.protected", NULL, "nothing changed",
                        "ask who may push there, or set merge = \"pull-request\"",
                        "'%s' does not take '%s': %s", remote, ref, refusal.why);
    return fail_set(f, a, 4, "git.remote", NULL, "nothing changed", again,
                    "'%s' was not pushed to '%s': %s", ref, remote,
                    refusal.why != NULL ? refusal.why : "the push did not arrive");
}
