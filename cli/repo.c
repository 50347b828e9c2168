#include "repo_parts.h"
#include "str.h"

/* The headers decide what is built: they name the library's file, and its prototypes are the types
   of what is looked up in it. RELVER_GIT2 is for compilers that cannot ask: 1 with, 0 without. */
#if !defined(RELVER_GIT2) && defined(__has_include)
#if __has_include(<git2.h>)
#define RELVER_GIT2 1
#endif
#endif

#if !RELVER_GIT2

bool library_open(struct repo *r, const char **why)
{
    (void)r;
    *why = "there is no git on PATH, and relver was built without libgit2's headers";
    return false;
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
    X(repository_open) X(repository_free) X(repository_odb) X(odb_read) X(odb_free)                \
    X(odb_object_data) X(odb_object_size) X(odb_object_free) X(revparse_single) X(object_free)     \
    X(object_id) X(object_type) X(object_type2string) X(oid_fromstrn) X(oid_tostr)                 \
    X(revwalk_new) X(revwalk_push) X(revwalk_hide) X(revwalk_sorting) X(revwalk_next)              \
    X(revwalk_free) X(status_options_init) X(status_list_new) X(status_list_entrycount)            \
    X(status_byindex) X(status_list_free)

static struct {
#define X(name) __typeof__(&git_##name) name;
    FUNCTIONS(X)
#undef X
} git;

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
    return repo_fail(r, f, what, last_error());
}

/* A checkout that belongs to another user, as in a CI container, is read all the same. git and
   libgit2 refuse it because its configuration can name programs to run (hooks, filters, a file
   system monitor); what reads refs and commits here runs none of them. libgit2 before 1.5 has no
   such check. */
static void trust_owner(void)
{
#if LIBGIT2_VER_MAJOR > 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR >= 5)
    git.libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
#endif
}

static bool refuse(struct repo *r, struct fail *f)
{
    return fail_set(f, r->arena, 2, "git.missing", NULL, "nothing changed", "install git",
                    "that needs git on PATH");
}

/*-- reading -------------------------------------------------------------------------------------*/

static relver_str hex(struct arena *a, const git_oid *oid)
{
    char text[GIT_OID_HEXSZ + 1];
    git.oid_tostr(text, sizeof text, oid);
    return relver_sn(arena_dup(a, text, strlen(text)), strlen(text));
}

static bool lib_object(struct repo *r, struct arena *a, const char *spec, struct repo_object *out,
                       struct fail *f)
{
    git_object *object;
    git_odb *odb;
    git_odb_object *raw;
    int got = git.revparse_single(&object, r->library, spec);
    if (got == GIT_ENOTFOUND || got == GIT_EPEEL || got == GIT_EINVALIDSPEC)
        return true;
    if (got != 0)
        return git_fail(r, f, "an object cannot be read");
    out->oid = hex(a, git.object_id(object));
    out->type = git.object_type2string(git.object_type(object));
    bool ok = git.repository_odb(&odb, r->library) == 0;
    if (ok) {
        ok = git.odb_read(&raw, odb, git.object_id(object)) == 0;
        if (ok) {
            size_t n = git.odb_object_size(raw);
            out->bytes = relver_sn(arena_dup(a, git.odb_object_data(raw), n), n);
            git.odb_object_free(raw);
        }
        git.odb_free(odb);
    }
    git.object_free(object);
    return ok || git_fail(r, f, "an object cannot be read");
}

static bool parse_oid(git_oid *oid, relver_str hex)
{
    return git.oid_fromstrn(oid, hex.ptr, hex.len) == 0;
}

static bool lib_walk(struct repo *r, struct arena *a, relver_str from, relver_str without,
                     repo_visit *visit, void *data, struct fail *f)
{
    git_revwalk *walk;
    git_oid id;
    char text[GIT_OID_HEXSZ + 1];
    int got = -1;
    (void)a;
    if (git.revwalk_new(&walk, r->library) != 0)
        return git_fail(r, f, "the history cannot be read");
    /* Of one second, a limited walk by time alone has parents before children. */
    git.revwalk_sorting(walk, GIT_SORT_TIME | (without.ptr ? GIT_SORT_TOPOLOGICAL : 0));
    if (parse_oid(&id, from) && git.revwalk_push(walk, &id) == 0 &&
        (without.ptr == NULL || (parse_oid(&id, without) && git.revwalk_hide(walk, &id) == 0)))
        for (got = 0; got == 0;) {
            got = git.revwalk_next(&id, walk);
            git.oid_tostr(text, sizeof text, &id);
            if (got == 0 && !visit(data, relver_s(text), relver_s(NULL)))
                got = GIT_ITEROVER;
        }
    git.revwalk_free(walk);
    return got == GIT_ITEROVER || git_fail(r, f, "the history cannot be read");
}

/* A walk that reads messages: what follows the empty line of a commit's object. */
struct messages {
    struct repo *repo;
    struct arena *arena;
    repo_reader *reader;
    void *data;
    struct fail *fail;
    bool ok;
};

static bool read_message(void *data, relver_str oid, relver_str parents)
{
    struct messages *m = data;
    struct repo_object commit = {NULL, {NULL, 0}, {NULL, 0}};
    relver_str line;
    (void)parents;
    m->ok = lib_object(m->repo, m->arena, oid.ptr, &commit, m->fail);
    while (m->ok && str_line(&commit.bytes, &line) && line.len > 0)
        continue;
    if (m->ok)
        m->reader(m->data, oid, commit.bytes, relver_s(""));
    return m->ok;
}

static bool lib_log(struct repo *r, struct arena *a, relver_str from, relver_str without,
                    const char *below, repo_reader *reader, void *data, struct fail *f)
{
    struct messages m = {r, a, reader, data, f, true};
    return below != NULL ? refuse(r, f)
                         : lib_walk(r, a, from, without, read_message, &m, f) && m.ok;
}

static bool lib_changes(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                        struct repo_change **out, size_t *count, struct fail *f)
{
    git_status_options options;
    git_status_list *list;
    const git_status_entry *e;
    *out = NULL;
    *count = 0;
    if (git.status_options_init(&options, GIT_STATUS_OPTIONS_VERSION) != 0)
        return git_fail(r, f, "the work tree cannot be read");
    options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
    if (n > 0)
        options.flags |= GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS;
    options.pathspec.strings = (char **)(size_t)paths;
    options.pathspec.count = n;
    if (git.status_list_new(&list, r->library, &options) != 0)
        return git_fail(r, f, "the work tree cannot be read");
    for (size_t i = 0; i < git.status_list_entrycount(list); i++) {
        e = git.status_byindex(list, i);
        const char *path = e->index_to_workdir != NULL ? e->index_to_workdir->old_file.path
                                                       : e->head_to_index->old_file.path;
        struct repo_change c = {arena_dup(a, path, strlen(path)), e->status == GIT_STATUS_WT_NEW};
        *out = arena_more(a, *out, *count, sizeof c);
        (*out)[(*count)++] = c;
    }
    git.status_list_free(list);
    return true;
}

/*-- additions -----------------------------------------------------------------------------------*/

static bool lib_commit(struct repo *r, struct arena *a, const struct repo_change *changed,
                       size_t n, relver_str message, bool signoff, struct fail *f)
{
    (void)a, (void)changed, (void)n, (void)message, (void)signoff;
    return refuse(r, f);
}

static bool lib_commit_on(struct repo *r, struct arena *a, relver_str parent,
                          const struct fs_change *changes, size_t n, relver_str message,
                          bool signoff, relver_str *oid, struct fail *f)
{
    (void)a, (void)parent, (void)changes, (void)n, (void)message, (void)signoff, (void)oid;
    return refuse(r, f);
}

static bool lib_tag(struct repo *r, struct arena *a, relver_str name, relver_str commit,
                    relver_str message, bool sign, struct fail *f)
{
    (void)a, (void)name, (void)commit, (void)message, (void)sign;
    return refuse(r, f);
}

static bool lib_move(struct repo *r, struct arena *a, const char *ref, relver_str from,
                     relver_str to, struct fail *f)
{
    (void)a, (void)ref, (void)from, (void)to;
    return refuse(r, f);
}

static bool lib_list(struct repo *r, struct arena *a, const char *remote, struct remote_ref **refs,
                     size_t *n, struct fail *f)
{
    (void)a, (void)remote, (void)refs, (void)n;
    return refuse(r, f);
}

static bool lib_fetch(struct repo *r, struct arena *a, const char *remote, const char *ref,
                      struct fail *f)
{
    (void)a, (void)remote, (void)ref;
    return refuse(r, f);
}

static bool lib_push(struct repo *r, struct arena *a, const char *remote, relver_str oid,
                     const char *ref, struct refusal *refusal, struct fail *f)
{
    (void)a, (void)remote, (void)oid, (void)ref, (void)refusal;
    return refuse(r, f);
}

static void lib_close(struct repo *r)
{
    git.repository_free(r->library);
    git.libgit2_shutdown();
}

static const struct repo_ops library_ops = {
    lib_object, lib_walk, lib_log,  lib_changes, lib_commit, lib_commit_on, lib_tag,
    lib_move,   lib_list, lib_fetch, lib_push,   lib_close,
};

bool library_open(struct repo *r, const char **why)
{
    git_repository *handle;
    *why = load(r->arena);
    if (*why == NULL && git.libgit2_init() < 0)
        *why = last_error();
    if (*why != NULL)
        return false;
    trust_owner();
    if (git.repository_open(&handle, r->root->top) == 0) {
        r->library = handle;
        r->ops = &library_ops;
        return true;
    }
    *why = arena_printf(r->arena, "libgit2 cannot read this repository (%s)", last_error());
    git.libgit2_shutdown();
    return false;
}

#endif
