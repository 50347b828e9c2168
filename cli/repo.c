#include "repo_parts.h"
#include "str.h"

/* The headers decide what is built: they name the library's file, and its prototypes are the types
   of what is looked up in it. They are those of 1.5 or later, which a remote cannot redirect
   elsewhere. RELVER_GIT2 is for compilers that cannot ask: 1 with, 0 without. */
#if !defined(RELVER_GIT2) && defined(__has_include)
#if __has_include(<git2.h>)
#include <git2/version.h>
#define RELVER_GIT2 (LIBGIT2_VER_MAJOR > 1 || LIBGIT2_VER_MINOR >= 5)
#endif
#endif

#if !RELVER_GIT2

bool library_open(struct repo *r, const char **why)
{
    (void)r;
    *why = "there is no git on PATH, and relver was built without the headers of libgit2 1.5";
    return false;
}

#else

#include "shared.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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
    X(status_byindex) X(status_list_free) X(odb_write) X(message_prettify) X(buf_dispose)          \
    X(repository_config_snapshot) X(config_get_string) X(config_parse_bool) X(config_free)         \
    X(config_iterator_new) X(config_next) X(config_iterator_free) X(push_options_init)             \
    X(attr_get) X(attr_value) X(index_new) X(index_read_tree) X(index_get_bypath) X(index_add)     \
    X(index_remove) X(index_write_tree_to) X(index_free) X(repository_index) X(index_read)         \
    X(index_add_bypath) X(index_write) X(signature_new) X(signature_free) X(repository_set_ident)  \
    X(reference_lookup) X(reference_target) X(reference_create) X(reference_create_matching)       \
    X(reference_delete) X(reference_remove) X(reference_free) X(oid_equal) X(oid_is_zero)          \
    X(error_set_str) X(reset_default) X(remote_lookup) X(remote_url) X(remote_pushurl)             \
    X(remote_free) X(remote_connect_options_init) X(remote_connect_ext) X(remote_ls)               \
    X(remote_download) X(remote_upload) X(remote_update_tips)

static struct {
#define X(name) __typeof__(&git_##name) name;
    FUNCTIONS(X)
#undef X
} git;

/*-- the library ---------------------------------------------------------------------------------*/

/* Fills `git`. NULL, or why it cannot be used. */
static const char *load(struct arena *a)
{
    static const struct shared_function functions[] = {
#define X(name) {"git_" #name, offsetof(__typeof__(git), name)},
        FUNCTIONS(X)
#undef X
    };
    const char *why = shared_open(a, SONAME, functions, sizeof functions / sizeof *functions, &git);
    if (why != NULL)
        return why;
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

static bool refuse(struct repo *r, struct fail *f, const char *what)
{
    return fail_set(f, r->arena, 2, "git.missing", NULL, "nothing changed",
                    arena_printf(r->arena, "install git, then run `%s` again", r->root->command),
                    "%s: only git can do that, not libgit2", what);
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

static bool lib_walk(struct repo *r, relver_str from, relver_str without, repo_visit *visit,
                     void *data, struct fail *f)
{
    git_revwalk *walk;
    git_oid id;
    char text[GIT_OID_HEXSZ + 1];
    int got = -1;
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
    return below != NULL ? refuse(r, f, "which commits touch a directory")
                         : lib_walk(r, from, without, read_message, &m, f) && m.ok;
}

static bool lib_changes(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                        struct repo_change **out, size_t *count, struct fail *f)
{
    git_status_options options;
    git_status_list *list;
    git_index *index;
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
    if (git.repository_index(&index, r->library) != 0)
        return git_fail(r, f, "the index cannot be read");
    int got = git.status_list_new(&list, r->library, &options);
    git.index_free(index); /* the repository keeps it */
    if (got != 0)
        return git_fail(r, f, "the work tree cannot be read");
    for (size_t i = 0; i < git.status_list_entrycount(list); i++) {
        e = git.status_byindex(list, i);
        const char *path = e->index_to_workdir != NULL ? e->index_to_workdir->old_file.path
                                                       : e->head_to_index->old_file.path;
        const git_index_entry *known = git.index_get_bypath(index, path, 0);
        if (e->status == GIT_STATUS_WT_DELETED && known != NULL &&
            (known->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0)
            continue; /* a sparse work tree does not have it */
        *ARENA_NEW(a, *out, *count) = (struct repo_change){arena_dup(a, path, strlen(path)),
                                                           e->status == GIT_STATUS_WT_NEW};
    }
    git.status_list_free(list);
    return true;
}

/*-- what only git can do ------------------------------------------------------------------------*/

/* What the configuration says; NULL: nothing. */
static const char *setting(struct repo *r, struct arena *a, const char *key)
{
    git_config *config;
    const char *value, *copy = NULL;
    if (git.repository_config_snapshot(&config, r->library) != 0)
        return NULL;
    if (git.config_get_string(&value, config, key) == 0)
        copy = arena_dup(a, value, strlen(value));
    git.config_free(config);
    return copy;
}

/* Before anything is written: git would refuse another user's repository, sign what is configured
   to be signed (key; NULL: nothing of that kind is written), and run hooks. */
static bool may_write(struct repo *r, struct arena *a, const char *key, const char *const *hooks,
                      struct fail *f)
{
    git_repository *again;
    const char *dir = setting(r, a, "core.hooksPath"), *home = getenv("HOME");
    const char *sign = key != NULL ? setting(r, a, key) : NULL;
    int yes = 0;
    if (sign != NULL && (git.config_parse_bool(&yes, sign) != 0 || yes))
        return refuse(r, f, arena_printf(a, "%s is set", key));
    if (fs_kind(&r->own, "config.worktree") != FS_ABSENT) /* it could ask for all of these */
        return refuse(r, f, "the work tree has settings of its own");
    if (r->root->foreign) {
        git.libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
        int got = git.repository_open(&again, r->root->top);
        git.libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        if (got != 0)
            return fail_set(f, a, 2, "git.owner", r->root->top, "nothing changed",
                            arena_printf(a, "git config --global --add safe.directory '%s'",
                                         r->root->top),
                            "the repository belongs to another user");
        git.repository_free(again);
    }
    if (dir == NULL)
        dir = arena_printf(a, "%s/hooks", r->common.path);
    else if (strncmp(dir, "~/", 2) == 0 && home != NULL)
        dir = arena_printf(a, "%s%s", home, dir + 1);
    else if (*dir != '/')
        dir = arena_printf(a, "%s/%s", r->root->top, dir);
    for (; *hooks != NULL; hooks++)
        if (access(arena_printf(a, "%s/%s", dir, *hooks), X_OK) == 0)
            return refuse(r, f, arena_printf(a, "the hook '%s' is to run", *hooks));
    return true;
}

/*-- additions -----------------------------------------------------------------------------------*/

static const char *who(struct repo *r, struct arena *a, const char *role, const char *what)
{
    const char *s = getenv(arena_printf(a, "GIT_%s_%s", role, what));
    if (s == NULL)
        s = setting(r, a, arena_printf(a, "%s.%s", role, what));
    if (s == NULL)
        s = setting(r, a, arena_printf(a, "user.%s", what));
    return s != NULL ? s : "";
}

/* Whether a date is as objects have it: SECONDS ZONE. */
static bool is_date(const char *s)
{
    size_t digits = strspn(s, "0123456789");
    const char *zone = s + digits + 1;
    return digits > 0 && s[digits] == ' ' && (*zone == '+' || *zone == '-') &&
           strspn(zone + 1, "0123456789") == 4 && zone[5] == '\0';
}

/* "NAME <MAIL> SECONDS ZONE", of the AUTHOR or the COMMITTER; now is told in UTC. */
static bool identity(struct repo *r, struct arena *a, const char *role, const char **out,
                     struct fail *f)
{
    const char *name = who(r, a, role, "NAME"), *mail = who(r, a, role, "EMAIL");
    const char *date = getenv(arena_printf(a, "GIT_%s_DATE", role));
    git_signature *s;
    if (strpbrk(name, "\n") != NULL || strpbrk(mail, "\n") != NULL ||
        git.signature_new(&s, name, mail, 0, 0) != 0)
        return fail_set(f, a, 2, "git.identity", NULL, "nothing changed",
                        arena_printf(a, "set GIT_%s_NAME and GIT_%s_EMAIL, then run `%s` again",
                                     role, role, r->root->command),
                        "neither the environment nor user.name and user.email say who you are");
    if (date == NULL)
        date = arena_printf(a, "%lld +0000", (long long)time(NULL));
    *out = arena_printf(a, "%s <%s> %s", s->name, s->email, date);
    git.repository_set_ident(r->library, s->name, s->email); /* for the reflog */
    git.signature_free(s);
    return is_date(date) ||
           refuse(r, f, arena_printf(a, "GIT_%s_DATE is not 'SECONDS +ZONE'", role));
}

static bool write_object(struct repo *r, struct arena *a, relver_str bytes, git_object_t type,
                         relver_str *oid, struct fail *f)
{
    git_odb *odb;
    git_oid id;
    bool ok = git.repository_odb(&odb, r->library) == 0;
    if (ok) {
        ok = git.odb_write(&id, odb, bytes.ptr, bytes.len, type) == 0;
        git.odb_free(odb);
    }
    if (ok)
        *oid = hex(a, &id);
    return ok || git_fail(r, f, "an object cannot be written");
}

/* As git's --cleanup=whitespace has it. */
static bool add_message(struct repo *r, struct text *t, const char *message, struct fail *f)
{
    git_buf pretty = {NULL, 0, 0};
    if (git.message_prettify(&pretty, message, 0, 0) != 0)
        return git_fail(r, f, "the message cannot be read");
    text_add(t, pretty.ptr, pretty.size);
    git.buf_dispose(&pretty);
    return true;
}

static bool write_commit(struct repo *r, struct arena *a, relver_str tree, relver_str parent,
                         relver_str message, bool signoff, relver_str *oid, struct fail *f)
{
    const char *author, *committer, *said = arena_dup(a, message.ptr, message.len);
    struct text t = {.arena = a};
    if (!identity(r, a, "AUTHOR", &author, f) || !identity(r, a, "COMMITTER", &committer, f))
        return false;
    const char *end = strrchr(committer, '>') + 1;
    const char *sign = arena_printf(a, "Signed-off-by: %.*s", (int)(end - committer), committer);
    if (signoff && strstr(said, sign) == NULL)
        said = arena_printf(a, "%s\n\n%s", said, sign);
    text_addf(&t, "tree %.*s\n", STR(tree));
    if (parent.ptr != NULL)
        text_addf(&t, "parent %.*s\n", STR(parent));
    text_addf(&t, "author %s\ncommitter %s\n\n", author, committer);
    return add_message(r, &t, said, f) &&
           write_object(r, a, relver_sn(t.ptr, t.len), GIT_OBJECT_COMMIT, oid, f);
}

enum { AS_IT_IS = 1 }; /* for a mode: that of the file that is there, or an ordinary one */

/* Puts entries in; those of mode 0 are taken out. */
static bool put(git_index *index, const git_index_entry *entries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        git_index_entry e = entries[i];
        const git_index_entry *there = git.index_get_bypath(index, e.path, 0);
        if (e.mode == AS_IT_IS)
            e.mode = there != NULL ? there->mode : GIT_FILEMODE_BLOB;
        if (e.mode == 0 ? there != NULL && git.index_remove(index, e.path, 0) != 0
                        : git.index_add(index, &e) != 0)
            return false;
    }
    return true;
}

/* The tree of a commit (absent: an empty one) with the entries put in. */
static bool write_tree(struct repo *r, struct arena *a, relver_str commit,
                       const git_index_entry *entries, size_t n, relver_str *tree, struct fail *f)
{
    git_object *before = NULL;
    git_index *index = NULL;
    git_oid id;
    const char *spec = arena_printf(a, "%.*s^{tree}", STR(commit));
    bool ok = (commit.ptr == NULL || git.revparse_single(&before, r->library, spec) == 0) &&
              git.index_new(&index) == 0 &&
              (before == NULL || git.index_read_tree(index, (git_tree *)before) == 0) &&
              put(index, entries, n) && git.index_write_tree_to(&id, index, r->library) == 0;
    if (!ok)
        git_fail(r, f, "a tree cannot be written");
    git.object_free(before);
    git.index_free(index);
    if (ok)
        *tree = hex(a, &id);
    return ok;
}

/* The entry of a file as it lies in the work tree, written as a blob through the path's filters:
   those that libgit2 has. */
static bool stage(struct repo *r, struct arena *a, git_index *index, const char *path,
                  git_index_entry *e, struct fail *f)
{
    static const char *const foreign[] = {"filter", "working-tree-encoding"};
    const char *value = NULL;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        if (git.attr_get(&value, r->library, 0, path, foreign[i]) != 0)
            return git_fail(r, f, "the attributes cannot be read");
        if (git.attr_value(value) == GIT_ATTR_VALUE_STRING)
            return refuse(r, f, arena_printf(a, "'%s' has the attribute %s=%s", path, foreign[i],
                                             value));
    }
    int got = git.index_add_bypath(index, path);
    if (got != 0 && got != GIT_ENOTFOUND)
        return git_fail(r, f, arena_printf(a, "'%s' cannot be added", path));
    if (got == 0)
        *e = *git.index_get_bypath(index, path, 0);
    e->path = path;
    return true;
}

/* The one change of a ref: compares and swaps under its lock, and writes the reflog. The library
   looks whether a new one is there just before it takes the lock. */
static bool swap_ref(struct repo *r, struct arena *a, const char *name, relver_str from,
                     relver_str to, const char *why, struct fail *f)
{
    git_reference *ref = NULL;
    git_oid old, new;
    const char *committer;
    int got = -1;
    if (!identity(r, a, "COMMITTER", &committer, f))
        return false;
    if ((from.ptr == NULL || parse_oid(&old, from)) && (to.ptr == NULL || parse_oid(&new, to)))
        got = to.ptr == NULL     ? git.reference_lookup(&ref, r->library, name)
              : from.ptr == NULL ? git.reference_create(&ref, r->library, name, &new, 0, why)
                                 : git.reference_create_matching(&ref, r->library, name, &new, 1,
                                                                 &old, why);
    if (got == 0 && to.ptr == NULL) {
        const git_oid *now = git.reference_target(ref);
        got = now != NULL && git.oid_equal(now, &old) ? git.reference_delete(ref) : GIT_EMODIFIED;
    }
    git.reference_free(ref);
    if (got == GIT_EMODIFIED || got == GIT_EEXISTS || got == GIT_ENOTFOUND)
        return moved_fail(r, f, name);
    return got == 0 || git_fail(r, f, arena_printf(a, "'%s' cannot be moved", name));
}

/* Makes HEAD a commit of the entries; where HEAD has them all, a run that ended behind that left
   nothing but the index to be written. */
static bool commit_entries(struct repo *r, struct arena *a, const git_index_entry *entries,
                           size_t n, relver_str message, bool signoff, struct fail *f)
{
    relver_str head, tree, oid;
    struct repo_object now = {NULL, {NULL, 0}, {NULL, 0}};
    const char *last;
    if (!ref_follow(r, a, "HEAD", &last, &head, f) ||
        !write_tree(r, a, head, entries, n, &tree, f) ||
        (head.ptr != NULL && !lib_object(r, a, arena_printf(a, "%.*s^{tree}", STR(head)), &now, f)))
        return false;
    const char *subject = arena_printf(a, "commit%s: %.*s", head.ptr == NULL ? " (initial)" : "",
                                       (int)strcspn(message.ptr, "\n"), message.ptr);
    return relver_eq(now.oid, tree) ||
           (write_commit(r, a, tree, head, message, signoff, &oid, f) &&
            swap_ref(r, a, last, head, oid, subject, f));
}

static bool lib_ready(struct repo *r, struct arena *a, struct fail *f)
{
    static const char *const hooks[] = {"pre-commit", "prepare-commit-msg", "commit-msg",
                                        "post-commit", "reference-transaction", NULL};
    return may_write(r, a, "commit.gpgSign", hooks, f);
}

static bool lib_commit(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                       relver_str message, bool signoff, struct fail *f)
{
    struct repo_change *changed;
    git_index *index = NULL;
    size_t count;
    bool ok = lib_changes(r, a, paths, n, &changed, &count, f);
    if (ok && count == 0)
        return true;
    git_index_entry *entries = arena_alloc(a, ok ? count * sizeof *entries : 0);
    if (ok && git.repository_index(&index, r->library) != 0)
        ok = git_fail(r, f, "the index cannot be read");
    for (size_t i = 0; ok && i < count; i++)
        ok = stage(r, a, index, changed[i].path, &entries[i], f);
    ok = ok && commit_entries(r, a, entries, count, message, signoff, f);
    if (!ok)
        f->state = "all changed, but not committed";
    else if (git.index_read(index, 1) != 0 || !put(index, entries, count) ||
             git.index_write(index) != 0)
        ok = fail_set(f, a, 4, "git.index", NULL, "all changed",
                      arena_printf(a, "run `%s` again", r->root->command),
                      "the index cannot be written: %s", last_error());
    git.index_free(index);
    return ok;
}

static bool lib_reset(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                      struct fail *f)
{
    const git_strarray all = {(char **)(size_t)paths, n};
    git_object *head = NULL;
    (void)a;
    bool ok = git.revparse_single(&head, r->library, "HEAD") == 0 &&
              git.reset_default(r->library, head, &all) == 0;
    git.object_free(head);
    return ok || git_fail(r, f, "the index cannot be written");
}

static bool lib_commit_on(struct repo *r, struct arena *a, relver_str parent,
                          const struct fs_change *changes, size_t n, relver_str message,
                          bool signoff, relver_str *oid, struct fail *f)
{
    git_index_entry *entries = arena_alloc(a, n * sizeof *entries);
    relver_str tree, blob;
    if (!may_write(r, a, "commit.gpgSign", (const char *const[]){NULL}, f))
        return false;
    for (size_t i = 0; i < n; i++) {
        entries[i].path = changes[i].path;
        if (changes[i].after.ptr == NULL)
            continue;
        if (!write_object(r, a, changes[i].after, GIT_OBJECT_BLOB, &blob, f) ||
            !parse_oid(&entries[i].id, blob))
            return false;
        entries[i].mode = AS_IT_IS;
    }
    return write_tree(r, a, parent, entries, n, &tree, f) &&
           write_commit(r, a, tree, parent, message, signoff, oid, f);
}

static const char *const ref_hooks[] = {"reference-transaction", NULL};

static bool lib_tag(struct repo *r, struct arena *a, relver_str name, relver_str commit,
                    relver_str message, bool sign, struct fail *f)
{
    const char *ref = arena_printf(a, "refs/tags/%.*s", STR(name)), *tagger;
    struct text t = {.arena = a};
    relver_str oid = commit;
    if (sign)
        return refuse(r, f, "the tag is to be signed");
    if (str_starts(name, "-"))
        return repo_fail(r, f, "the tag cannot be made", "that is no name for a tag");
    if (!may_write(r, a, message.ptr != NULL ? "tag.gpgSign" : NULL, ref_hooks, f) ||
        !identity(r, a, "COMMITTER", &tagger, f))
        return false;
    text_addf(&t, "object %.*s\ntype commit\ntag %.*s\ntagger %s\n\n", STR(commit),
              STR(name), tagger);
    if (message.ptr != NULL &&
        (!add_message(r, &t, arena_dup(a, message.ptr, message.len), f) ||
         !write_object(r, a, relver_sn(t.ptr, t.len), GIT_OBJECT_TAG, &oid, f)))
        return false;
    return swap_ref(r, a, ref, relver_s(NULL), oid, r->root->command, f);
}

static bool lib_move(struct repo *r, struct arena *a, const char *ref, relver_str from,
                     relver_str to, struct fail *f)
{
    return may_write(r, a, NULL, ref_hooks, f) &&
           swap_ref(r, a, ref, from, to, r->root->command, f);
}

/*-- remotes -------------------------------------------------------------------------------------*/

/* By HTTP alone: the library's own way to a directory runs no hooks there, and its ssh knows
   neither the user's configuration nor every server's kind of key. */

struct talk {
    struct repo *repo;
    git_remote *remote;
    git_remote_connect_options options;
    const char *ref;  /* NULL: it is only asked what it has */
    relver_str seen;
    struct text *out; /* of a push: why the server refuses it */
};

static int no_password(git_credential **out, const char *url, const char *user, unsigned types,
                       void *data)
{
    (void)out, (void)url, (void)user, (void)types, (void)data;
    git.error_set_str(GIT_ERROR_CALLBACK, "it asks for a password, which only git can look up");
    return GIT_EAUTH;
}

/* The lease: by itself the library moves tags, and any branch forward. */
static int still_so(const git_push_update **updates, size_t n, void *data)
{
    struct talk *t = data;
    bool there = !git.oid_is_zero(&updates[0]->src), tag = strncmp(t->ref, "refs/tags/", 10) == 0;
    relver_str now = there ? hex(t->repo->arena, &updates[0]->src) : relver_s(NULL);
    if (n == 1 && relver_eq(now, t->seen) && !(tag && there))
        return 0;
    git.error_set_str(GIT_ERROR_CALLBACK, "it was moved meanwhile");
    return GIT_EUSER;
}

static int refused(const char *ref, const char *status, void *data)
{
    (void)ref;
    if (status != NULL)
        text_adds(((struct talk *)data)->out, status);
    return 0;
}

/* The children of ask_remote. */

static int done(bool ok, struct text *err)
{
    if (!ok)
        text_adds(err, last_error());
    return !ok;
}

static int fetch_apart(void *data, struct text *out, struct text *err)
{
    struct talk *t = data;
    const git_remote_head **heads;
    const git_strarray refs = {(char **)(size_t)&t->ref, 1};
    size_t n = 0;
    bool there = t->ref == NULL;
    bool ok = git.remote_connect_ext(t->remote, GIT_DIRECTION_FETCH, &t->options) == 0 &&
              git.remote_ls(&heads, &n, t->remote) == 0;
    for (size_t i = 0; ok && i < n; i++) {
        relver_str oid = hex(t->repo->arena, &heads[i]->oid), name = relver_s(heads[i]->name);
        there = there || str_is(name, t->ref);
        if (str_starts(name, "refs/heads/") || str_starts(name, "refs/tags/"))
            text_addf(out, "%.*s\t%s\n", STR(oid), name.ptr);
    }
    if (ok && !there)
        git.error_set_str(GIT_ERROR_REFERENCE, "it has no such ref");
    return done(ok && there &&
                (t->ref == NULL || git.remote_download(t->remote, &refs, NULL) == 0), err);
}

static const char push_from[] = "refs/relver/push"; /* the library pushes no object without a ref */

static int push_apart(void *data, struct text *out, struct text *err)
{
    struct talk *t = data;
    git_push_options options;
    char *spec = arena_printf(t->repo->arena, "%s:%s", push_from, t->ref);
    const git_strarray refs = {&spec, 1};
    t->out = out;
    bool ok = git.remote_connect_ext(t->remote, GIT_DIRECTION_PUSH, &t->options) == 0 &&
              git.push_options_init(&options, GIT_PUSH_OPTIONS_VERSION) == 0;
    options.callbacks = t->options.callbacks;
    ok = ok && git.remote_upload(t->remote, &refs, &options) == 0;
    if (ok && out->len == 0)
        git.remote_update_tips(t->remote, &options.callbacks, 0, 0, NULL);
    return done(ok, err);
}

/* The configured headers for an address, such as the token that a CI checkout leaves:
   http.extraHeader, and http.ADDRESS.extraHeader for what begins with that address. */
static bool headers_for(struct repo *r, struct arena *a, const char *url, git_strarray *headers)
{
    static const char head[] = "http.", tail[] = ".extraheader";
    git_config *config;
    git_config_iterator *all;
    git_config_entry *e;
    if (git.repository_config_snapshot(&config, r->library) != 0)
        return false;
    bool ok = git.config_iterator_new(&all, config) == 0;
    while (ok && git.config_next(&e, all) == 0) {
        if (!str_starts(relver_s(e->name), head) || !str_ends(relver_s(e->name), tail))
            continue;
        size_t n = strlen(e->name), ends = strlen(head) + strlen(tail);
        const char *of = e->name + strlen(head);
        n = n > ends ? n - ends : 0; /* of the address */
        if (n > 0 && (strncmp(url, of, n) != 0 ||
                      !(of[n - 1] == '/' || url[n] == '/' || url[n] == '\0')))
            continue;
        *ARENA_NEW(a, headers->strings, headers->count) = arena_dup(a, e->value, strlen(e->value));
        if (*e->value == '\0')
            headers->count = 0; /* as git has it */
    }
    if (ok)
        git.config_iterator_free(all);
    git.config_free(config);
    return ok;
}

static bool prepare(struct talk *t, struct arena *a, const char *remote, const char *url,
                    struct fail *f)
{
    struct repo *r = t->repo;
    const char *file = getenv("GIT_SSL_CAINFO");
    if (url == NULL || !(str_starts(relver_s(url), "https://") ||
                         str_starts(relver_s(url), "http://")))
        return refuse(r, f, arena_printf(a, "'%s' is no https address", remote));
    if (t->ref != NULL && repo_shallow(r))
        return refuse(r, f, "the clone is shallow");
    if (git.remote_connect_options_init(&t->options, GIT_REMOTE_CONNECT_OPTIONS_VERSION) != 0 ||
        !headers_for(r, a, url, &t->options.custom_headers))
        return git_fail(r, f, "the configuration cannot be read");
    t->options.callbacks.credentials = no_password;
    t->options.callbacks.push_negotiation = still_so;
    t->options.callbacks.push_update_reference = refused;
    t->options.callbacks.payload = t;
    t->options.proxy_opts.type = GIT_PROXY_AUTO;
    t->options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    if (file != NULL || (file = setting(r, a, "http.sslCAInfo")) != NULL)
        git.libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
    return true;
}

static bool ask_remote(struct talk *t, struct arena *a, const char *remote, bool push,
                       int (*work)(void *data, struct text *out, struct text *err),
                       struct ran *ran, struct fail *f)
{
    struct repo *r = t->repo;
    if (git.remote_lookup(&t->remote, r->library, remote) != 0)
        return remote_fail(r, f, remote, last_error());
    const char *url = push ? git.remote_pushurl(t->remote) : NULL;
    bool ok = prepare(t, a, remote, url != NULL ? url : git.remote_url(t->remote), f) &&
              run_apart(a, "libgit2", work, t, run_seconds(60), ran, f);
    git.remote_free(t->remote);
    if (ok && ran->late)
        return remote_fail(r, f, remote, arena_printf(a, "no answer within %u seconds",
                                                      run_seconds(60)));
    if (ok && ran->status > 1)
        ran->err = relver_s(arena_printf(a, "libgit2 ended with exit code %d", ran->status));
    return ok;
}

static bool lib_fetch(struct repo *r, struct arena *a, const char *remote, const char *ref,
                      relver_str *lines, struct fail *f)
{
    struct talk t = {.repo = r, .ref = ref};
    struct ran ran;
    if (!ask_remote(&t, a, remote, false, fetch_apart, &ran, f))
        return false;
    *lines = ran.out;
    return ran.status == 0 || remote_fail(r, f, remote, ran.err.ptr);
}

static bool lib_push(struct repo *r, struct arena *a, const char *remote, relver_str oid,
                     const char *ref, relver_str seen, struct refusal *refusal, struct fail *f)
{
    struct talk t = {.repo = r, .ref = ref, .seen = seen};
    struct ran ran;
    git_reference *from;
    git_oid id;
    if (!may_write(r, a, NULL, (const char *const[]){"pre-push", NULL}, f))
        return false;
    if (!parse_oid(&id, oid) ||
        git.reference_create(&from, r->library, push_from, &id, 1, NULL) != 0)
        return git_fail(r, f, "what is to be pushed cannot be named");
    git.reference_free(from);
    bool ok = ask_remote(&t, a, remote, true, push_apart, &ran, f);
    git.reference_remove(r->library, push_from);
    if (!ok)
        return false;
    refusal->by_server = ran.status == 0 && ran.out.len > 0;
    refusal->why = refusal->by_server ? ran.out.ptr : ran.status != 0 ? ran.err.ptr : NULL;
    return true;
}

static void lib_close(struct repo *r)
{
    git.repository_free(r->library);
    git.libgit2_shutdown();
}

static const struct repo_ops library_ops = {
    lib_object, lib_walk,  lib_log,       NULL,     NULL,        lib_changes, lib_ready,
    lib_commit, lib_reset, lib_commit_on, lib_tag, lib_move, lib_fetch,   lib_push,
    NULL,       lib_close,
};

/* What a run that was killed while it pushed has left. */
static void tidy(struct repo *r)
{
    struct fail ignored;
    if (r->root->lock >= 0 &&
        fs_git_lock(r->root, r->arena, true, arena_printf(r->arena, "%s.lock", push_from),
                    &ignored) &&
        fs_kind(&r->common, push_from) != FS_ABSENT)
        git.reference_remove(r->library, push_from);
}

bool library_open(struct repo *r, const char **why)
{
    git_repository *handle;
    *why = load(r->arena);
    if (*why == NULL && git.libgit2_init() < 0)
        *why = last_error();
    if (*why != NULL)
        return false;
    /* A checkout that belongs to another user, as in a CI container, is read all the same. git and
       libgit2 refuse it because its configuration can name programs to run (hooks, filters, a file
       system monitor); what reads refs and commits here runs none of them. */
    git.libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git.libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    if (git.repository_open(&handle, r->root->top) == 0) {
        r->library = handle;
        r->ops = &library_ops;
        tidy(r);
        return true;
    }
    *why = arena_printf(r->arena, "libgit2 cannot read this repository (%s)", last_error());
    git.libgit2_shutdown();
    return false;
}

#endif
