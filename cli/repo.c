#include "repo.h"

/* The headers decide what is built: they name the library's file, and its prototypes are the types
   of what is looked up in it. RELVER_GIT2 is for compilers that cannot ask: 1 with, 0 without. */
#if !defined(RELVER_GIT2) && defined(__has_include)
#if __has_include(<git2.h>)
#define RELVER_GIT2 1
#endif
#endif

#if !RELVER_GIT2

bool repo_open(struct arena *a, const struct root *root, struct repo **out, struct fail *f)
{
    (void)f;
    *out = NULL;
    if (root->git)
        note(a, "built without libgit2's headers, so what git knows is unknown");
    return true;
}

void repo_close(struct repo *r) { (void)r; }

/* Without a repo there is none to ask. */
bool repo_shallow(const struct repo *r)
{
    return (void)r, true;
}

bool repo_head(struct repo *r, struct arena *a, relver_str *oid, struct fail *f)
{
    return (void)r, (void)a, (void)oid, (void)f, false;
}

bool repo_tags(struct repo *r, struct arena *a, struct repo_tag **tags, size_t *n, struct fail *f)
{
    return (void)r, (void)a, (void)tags, (void)n, (void)f, false;
}

bool repo_below(struct repo *r, relver_str tag_oid, relver_str head_oid, bool *below,
                struct fail *f)
{
    return (void)r, (void)tag_oid, (void)head_oid, (void)below, (void)f, false;
}

bool repo_distances(struct repo *r, struct arena *a, const struct repo_tag *tags, size_t n,
                    relver_str head, size_t *distance, struct fail *f)
{
    return (void)r, (void)a, (void)tags, (void)n, (void)head, (void)distance, (void)f, false;
}

bool repo_dirty(struct repo *r, bool *dirty, struct fail *f)
{
    return (void)r, (void)dirty, (void)f, false;
}

#else

#include <dlfcn.h>
#include <git2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __APPLE__
#define SONAME "libgit2." LIBGIT2_SOVERSION ".dylib"
#else
#define SONAME "libgit2.so." LIBGIT2_SOVERSION
#endif

/* Every function that is used; `git.name` is called git_name in the library. */
#define FUNCTIONS(X)                                                                               \
    X(libgit2_version) X(libgit2_init) X(libgit2_shutdown) X(libgit2_opts) X(error_last)           \
    X(repository_open) X(repository_free) X(repository_is_shallow)                                 \
    X(reference_name_to_id) X(tag_foreach) X(object_lookup) X(object_peel) X(object_free)          \
    X(object_id) X(oid_fromstrn) X(oid_tostr) X(graph_descendant_of) X(graph_ahead_behind)         \
    X(revwalk_new) X(revwalk_push) X(revwalk_sorting) X(revwalk_next) X(revwalk_free)              \
    X(status_options_init) X(status_list_new) X(status_list_entrycount) X(status_list_free)

static struct {
#define X(name) __typeof__(&git_##name) name;
    FUNCTIONS(X)
#undef X
} git;

struct repo {
    git_repository *handle;
    const char *top;
    struct arena *arena;
};

/*-- the library ---------------------------------------------------------------------------------*/

/* Fills `git`. NULL, or why it cannot be used. The library stays loaded until the process ends:
   some of what it brings along cannot be unloaded. */
static const char *load(struct arena *a)
{
    static const struct {
        const char *name;
        size_t offset;
    } functions[] = {
#define X(name) {"git_" #name, offsetof(__typeof__(git), name)},
        FUNCTIONS(X)
#undef X
    };
    void *library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return SONAME " cannot be loaded";
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(library, functions[i].name);
        if (found == NULL)
            return arena_printf(a, SONAME " has no %s", functions[i].name);
        memcpy((char *)&git + functions[i].offset, &found, sizeof found);
    }
    int major, minor, patch;
    git.libgit2_version(&major, &minor, &patch);
    if (major != LIBGIT2_VER_MAJOR || minor != LIBGIT2_VER_MINOR)
        return arena_printf(a, SONAME " is libgit2 %d.%d, not " LIBGIT2_SOVERSION, major, minor);
    return NULL;
}

static const char *last_error(void)
{
    const git_error *e = git.error_last();
    return e != NULL && e->message != NULL ? e->message : "libgit2 does not say why";
}

static bool git_fail(const struct repo *r, struct fail *f, const char *what)
{
    return fail_set(f, r->arena, 4, "git", r->top, "nothing changed", "git fsck", "%s: %s", what,
                    last_error());
}

/* A checkout that belongs to another user, as in a CI container, is read all the same. git and
   libgit2 refuse it because its configuration can name programs to run (hooks, filters, a file
   system monitor); what this file calls reads refs and commits and runs none of them. Whoever
   starts git itself leaves that refusal to git. libgit2 before 1.5 has no such check. */
static void trust_owner(void)
{
#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 5)
    git.libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
#endif
}

bool repo_open(struct arena *a, const struct root *root, struct repo **out, struct fail *f)
{
    (void)f;
    *out = NULL;
    if (!root->git)
        return true;
    const char *why = load(a);
    if (why == NULL && git.libgit2_init() < 0)
        why = last_error();
    if (why != NULL) {
        note(a, "%s, so what git knows is unknown", why);
        return true;
    }
    trust_owner();
    struct repo *r = arena_alloc(a, sizeof *r);
    r->top = root->top;
    r->arena = a;
    if (git.repository_open(&r->handle, root->top) == 0) {
        *out = r;
        return true;
    }
    note(a, "libgit2 cannot read this repository (%s), so what git knows is unknown",
         last_error());
    git.libgit2_shutdown();
    return true;
}

void repo_close(struct repo *r)
{
    if (r == NULL)
        return;
    git.repository_free(r->handle);
    git.libgit2_shutdown();
}

bool repo_shallow(const struct repo *r)
{
    return git.repository_is_shallow(r->handle) != 0;
}

/*-- what it says --------------------------------------------------------------------------------*/

static relver_str hex(struct arena *a, const git_oid *oid)
{
    char text[GIT_OID_HEXSZ + 1];
    git.oid_tostr(text, sizeof text, oid);
    return relver_sn(arena_dup(a, text, strlen(text)), strlen(text));
}

bool repo_head(struct repo *r, struct arena *a, relver_str *oid, struct fail *f)
{
    git_oid id;
    int got = git.reference_name_to_id(&id, r->handle, "HEAD");
    if (got != 0 && got != GIT_ENOTFOUND)
        return git_fail(r, f, "HEAD cannot be read");
    *oid = got == 0 ? hex(a, &id) : relver_s(NULL);
    return true;
}

struct tag_list {
    struct repo *repo;
    struct arena *arena;
    struct repo_tag *tags;
    size_t count;
    const char *broken;
};

/* One tag, by whatever chain of tag objects; one that leads to a tree or a blob is none of ours. */
static int add_tag(const char *ref, git_oid *id, void *payload)
{
    struct tag_list *list = payload;
    git_object *object, *commit;
    const char *name = ref + strlen("refs/tags/");
    if (git.object_lookup(&object, list->repo->handle, id, GIT_OBJECT_ANY) != 0) {
        list->broken = arena_printf(list->arena, "the tag '%s' leads nowhere", name);
        return -1;
    }
    int got = git.object_peel(&commit, object, GIT_OBJECT_COMMIT);
    git.object_free(object);
    if (got == GIT_EPEEL || got == GIT_EINVALIDSPEC)
        return 0;
    if (got != 0) {
        list->broken = arena_printf(list->arena, "the tag '%s' cannot be followed", name);
        return -1;
    }
    struct repo_tag tag = {relver_s(arena_dup(list->arena, name, strlen(name))),
                           hex(list->arena, git.object_id(commit))};
    git.object_free(commit);
    list->tags = arena_more(list->arena, list->tags, list->count, sizeof tag);
    list->tags[list->count++] = tag;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct repo_tag *x = a, *y = b;
    return strcmp(x->name.ptr, y->name.ptr);
}

bool repo_tags(struct repo *r, struct arena *a, struct repo_tag **tags, size_t *n, struct fail *f)
{
    struct tag_list list = {.repo = r, .arena = a};
    if (git.tag_foreach(r->handle, add_tag, &list) != 0)
        return git_fail(r, f, list.broken != NULL ? list.broken : "the tags cannot be read");
    if (list.count > 0)
        qsort(list.tags, list.count, sizeof *list.tags, by_name);
    *tags = list.tags;
    *n = list.count;
    return true;
}

bool repo_below(struct repo *r, relver_str tag_oid, relver_str head_oid, bool *below,
                struct fail *f)
{
    git_oid tag, head;
    if (relver_eq(tag_oid, head_oid)) {
        *below = true;
        return true;
    }
    if (git.oid_fromstrn(&tag, tag_oid.ptr, tag_oid.len) != 0 ||
        git.oid_fromstrn(&head, head_oid.ptr, head_oid.len) != 0)
        return git_fail(r, f, "this is no object id");
    int got = git.graph_descendant_of(r->handle, &head, &tag);
    if (got != 1 && repo_shallow(r))
        return fail_set(f, r->arena, 4, "git.shallow", r->top, "nothing changed",
                        "git fetch --unshallow --tags",
                        "a shallow clone cannot tell what lies below HEAD");
    if (got < 0)
        return git_fail(r, f, "the history cannot be read");
    *below = got == 1;
    return true;
}

/* The first tagged commits of the walk; git describe looks at as many. */
enum { CANDIDATES = 10 };

static int by_oid(const void *a, const void *b)
{
    const struct repo_tag *const *x = a, *const *y = b;
    return strcmp((*x)->oid.ptr, (*y)->oid.ptr);
}

/* The first of the sorted tags on a commit, or the end. */
static size_t on_commit(const struct repo_tag *const *sorted, size_t n, const char *oid)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(sorted[middle]->oid.ptr, oid) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool measure(struct repo *r, git_revwalk *walk, const git_oid *head,
                    const struct repo_tag *tags, const struct repo_tag *const *sorted, size_t n,
                    size_t *distance)
{
    git_oid id;
    for (size_t found = 0; found < CANDIDATES && found < n && git.revwalk_next(&id, walk) == 0;) {
        char oid[GIT_OID_HEXSZ + 1];
        size_t ahead, behind;
        git.oid_tostr(oid, sizeof oid, &id);
        size_t at = on_commit(sorted, n, oid);
        if (at == n || strcmp(sorted[at]->oid.ptr, oid) != 0)
            continue;
        if (git.graph_ahead_behind(&ahead, &behind, r->handle, head, &id) != 0)
            return false;
        for (; at < n && strcmp(sorted[at]->oid.ptr, oid) == 0; at++)
            distance[sorted[at] - tags] = ahead;
        found++;
    }
    return true;
}

bool repo_distances(struct repo *r, struct arena *a, const struct repo_tag *tags, size_t n,
                    relver_str head, size_t *distance, struct fail *f)
{
    git_revwalk *walk;
    git_oid id;
    const struct repo_tag **sorted = arena_alloc(a, n * sizeof *sorted);
    bool here = false;
    for (size_t i = 0; i < n; i++) {
        bool at_head = relver_eq(tags[i].oid, head);
        sorted[i] = &tags[i];
        distance[i] = at_head ? 0 : SIZE_MAX;
        here = here || at_head;
    }
    if (here) /* no other is nearer, and a shallow clone could not be walked */
        return true;
    if (n > 0)
        qsort(sorted, n, sizeof *sorted, by_oid);
    if (git.oid_fromstrn(&id, head.ptr, head.len) != 0 || git.revwalk_new(&walk, r->handle) != 0)
        return git_fail(r, f, "the history cannot be read");
    git.revwalk_sorting(walk, GIT_SORT_TIME);
    bool ok = git.revwalk_push(walk, &id) == 0 && measure(r, walk, &id, tags, sorted, n, distance);
    git.revwalk_free(walk);
    return ok || git_fail(r, f, "the history cannot be read");
}

bool repo_dirty(struct repo *r, bool *dirty, struct fail *f)
{
    git_status_options options;
    git_status_list *list;
    if (git.status_options_init(&options, GIT_STATUS_OPTIONS_VERSION) != 0)
        return git_fail(r, f, "the work tree cannot be read");
    options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES; /* untracked files are no change */
    if (git.status_list_new(&list, r->handle, &options) != 0)
        return git_fail(r, f, "the work tree cannot be read");
    *dirty = git.status_list_entrycount(list) > 0;
    git.status_list_free(list);
    return true;
}

#endif
