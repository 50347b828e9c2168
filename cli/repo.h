/* repo.h - git: what it knows, and what is added to it

   Two ways lead to the same answers. The user's git, when it is on PATH: only it knows the user's
   credentials, hooks, filters, keys and kinds of repository, and it starts faster than a library is
   loaded (repo_git.c). Else libgit2, opened on demand (repo.c). RELVER_GIT=git or
   RELVER_GIT=libgit2 in the environment insists on one. Refs are read from git's files (refs.c).

   What git cannot tell here (no work tree, neither git nor libgit2, a repository of a kind that
   they do not know) is no failure: *out of repo_open is NULL, and, but for the first, a note on
   stderr says why. The caller must take that for "unknown", never for "there is none".

   Object ids are in hex. What reads fails with exit code 4, "git", when the repository cannot be
   read. */
#ifndef RELVER_REPO_H
#define RELVER_REPO_H

#include "fs.h"

struct repo;

/* Opens the work tree that holds root, and closes it; NULL is fine. */
bool repo_open(struct arena *a, const struct root *root, struct repo **out, struct fail *f);
void repo_close(struct repo *r);

/* The same for a command that cannot do without: exit code 4, "git.unknown". */
bool repo_need(struct arena *a, const struct root *root, struct repo **out, struct fail *f);

/* Whether part of the history, and with it tags, may be missing here. */
bool repo_shallow(const struct repo *r);

/*-- refs ----------------------------------------------------------------------------------------*/

/* The id of the commit HEAD leads to; absent when there is no commit yet. */
bool repo_head(struct repo *r, struct arena *a, relver_str *oid, struct fail *f);

/* The branch that HEAD is on, without refs/heads/; absent when it is on none. */
bool repo_branch(struct repo *r, struct arena *a, relver_str *name, struct fail *f);

/* The same without opening anything but HEAD; absent outside of git, too. */
bool repo_on(struct arena *a, const struct root *root, relver_str *name, struct fail *f);

/* What a ref says, by its full name; absent when there is none. */
bool repo_ref(struct repo *r, struct arena *a, const char *name, relver_str *oid, struct fail *f);

struct repo_tag {
    relver_str name;   /* without refs/tags/ */
    relver_str oid;    /* what it says: a commit, or a tag object .. */
    relver_str commit; /* .. and the commit that it leads to; absent until repo_peel, unless git
                          wrote into packed-refs what it leads to */
};

/* All tags, by name in byte order; reads no object. */
bool repo_tags(struct repo *r, struct arena *a, struct repo_tag **tags, size_t *n, struct fail *f);

/* Follows tags to their commits; those of other objects are left out, and *n is what remains. */
bool repo_peel(struct repo *r, struct arena *a, struct repo_tag *tags, size_t *n, struct fail *f);

/*-- history -------------------------------------------------------------------------------------*/

/* How many commits of head are not in each tag's history; SIZE_MAX for one that is not below head,
   or farther than the nearest. The tags are peeled. */
bool repo_distances(struct repo *r, struct arena *a, const struct repo_tag *tags, size_t n,
                    relver_str head, size_t *distance, struct fail *f);

/* Whether a commit is head or an ancestor of it. Exit code 4, "git.shallow", when the answer lies
   beyond what a shallow clone has. */
bool repo_below(struct repo *r, relver_str commit, relver_str head, bool *below, struct fail *f);

/* Hands over the commits of `from` that are not in `without`, children before parents, as views
   for the time of the call. With `below` ("" or "sub/dir/"; else NULL) also the paths below it that
   each touched, a NUL behind each: that needs git on PATH, exit code 2, "git.missing". */
typedef void repo_reader(void *data, relver_str oid, relver_str message, relver_str touched);
bool repo_log(struct repo *r, struct arena *a, relver_str from, relver_str without,
              const char *below, repo_reader *reader, void *data, struct fail *f);
/* The commit below HEAD that added each path (from the top of the work tree) last; absent: none, or
   there is no git on PATH to tell. Exit code 4, "git.shallow", when it may be an older one. */
bool repo_added(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                relver_str *oids, struct fail *f);

/* The paths in which the work tree differs from the commit in which HEAD parted from another one.
   Exit code 4 when that cannot be told. */
bool repo_differs(struct repo *r, struct arena *a, relver_str other, const char ***paths,
                  size_t *n, struct fail *f);

/* What differs from HEAD, in the index or in the work tree. */
struct repo_change {
    const char *path; /* from the top of the work tree */
    bool untracked;   /* git does not know it */
};

/* Of the paths given; without any (n = 0), of everything that git tracks. */
bool repo_changes(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                  struct repo_change **out, size_t *count, struct fail *f);

/* What a revision names: "OID", "OID^{commit}", "OID:path"; type is NULL when there is nothing. */
struct repo_object {
    const char *type; /* "commit", "tree", "blob", "tag" */
    relver_str oid, bytes;
};
bool repo_object(struct repo *r, struct arena *a, const char *spec, struct repo_object *out,
                 struct fail *f);

/* A project as it is in a commit: *out is the root `of`, but fs_read, fs_kind and fs_list look into
   the commit's tree (tree.c). Lives as long as r. */
bool repo_view(struct repo *r, struct arena *a, const struct root *of, relver_str commit,
               struct root *out, struct fail *f);

/*-- additions -----------------------------------------------------------------------------------*/

/* Here and below, names of refs and remotes are of letters, digits and @_/.+- only; exit code 2,
   "git.name", for others. */

/* The release commit: the named files as they lie in the work tree, and nothing else of what is
   changed or staged there, on top of HEAD. Hooks run, filters apply, a configured key signs: with
   libgit2, which can do none of these, they are refused, exit code 2. Exit code 1, "git.commit",
   when a hook says no, and repo_at_rest's. Exit code 4, "git.lock", when another git holds a lock,
   as in all that is written here. *oid is the new commit; nothing to commit: HEAD. */
bool repo_commit(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                 relver_str message, bool signoff, relver_str *oid, struct fail *f);

/* Lets the index say of paths what HEAD says, where it does not: a commit was cut short. */
bool repo_reset(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                struct fail *f);

/* A commit with other files than its parent, made from bytes: no ref, no work tree and no index
   changes. Paths are from the top of the work tree; an absent `after` removes the file. */
bool repo_commit_on(struct repo *r, struct arena *a, relver_str parent,
                    const struct fs_change *changes, size_t n, relver_str message, bool signoff,
                    relver_str *oid, struct fail *f);

/* Exit code 1, "git.busy", while a merge or its like is going on, of which git commits no part. */
bool repo_at_rest(struct repo *r, struct fail *f);

/* What is asked before files are changed that repo_commit shall then commit: that, git's locks, and
   what libgit2 cannot do. Removes what a git that was killed or cut off has left. */
bool repo_may_commit(struct repo *r, struct arena *a, struct fail *f);

/* Makes a tag of a commit; without a message (absent) a lightweight one. *oid is what the ref then
   says. Exit code 6, "git.tag", when there is one of that name on another commit; one on the same
   is fine. */
bool repo_tag(struct repo *r, struct arena *a, relver_str name, relver_str commit,
              relver_str message, bool sign, relver_str *oid, struct fail *f);

/* Moves a ref from what it says (absent: it is not there) to another commit (absent: removes it).
   Exit code 4, "git.moved", when it says something else by now. */
bool repo_move(struct repo *r, struct arena *a, const char *ref, relver_str from, relver_str to,
               struct fail *f);

/*-- remotes -------------------------------------------------------------------------------------*/

/* Everything here ends within a minute (RELVER_TIMEOUT seconds) and asks nothing of the user
   without a terminal. Exit code 4, "git.remote", when the remote cannot be asked. libgit2 speaks
   HTTP only, and a shallow clone neither fetches nor pushes with it: exit code 2, "git.missing". */

struct remote_ref {
    relver_str name;   /* refs/tags/v1.0.0 */
    relver_str oid;    /* what it says */
    relver_str commit; /* a tag object's; else oid */
};

/* Whether there may be a remote: false only where git's configuration here cannot name one. */
bool repo_has_remotes(struct repo *r);

/* What the remote has; the refs of branches and tags, by name. */
bool remote_refs(struct repo *r, struct arena *a, const char *remote, struct remote_ref **refs,
                 size_t *n, struct fail *f);

/* Of remote_refs; NULL when it is not among them. */
const struct remote_ref *remote_find(const struct remote_ref *refs, size_t n, const char *name);

/* Gets a ref's objects; no ref of the repository moves. */
bool remote_fetch(struct repo *r, struct arena *a, const char *remote, const char *ref,
                  struct fail *f);

/* Pushes one object to one ref, which said `seen` before (absent: it was not there), and reads it
   back. Never moves or removes a tag, never forces a branch. Done already is done. Exit codes: 3,
   "git.protected", the server's rules say no; 4, "git.moved", the branch went on meanwhile; 6,
   "git.tag", the tag is there and says something else; 4, "git.remote", it cannot be told what
   became of it. */
bool remote_push(struct repo *r, struct arena *a, const char *remote, relver_str oid,
                 const char *ref, relver_str seen, struct fail *f);

#endif
