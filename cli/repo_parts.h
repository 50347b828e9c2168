/* repo_parts.h - what the files behind repo.h share; everybody else includes repo.h

   refs.c opens the repository, reads refs from git's files and chooses a backend; repo_git.c and
   repo.c are the backends, tree.c and history's arithmetic stand on them. */
#ifndef RELVER_REPO_PARTS_H
#define RELVER_REPO_PARTS_H

#include "repo.h"
#include "run.h"

/* Why a push did not do what it should. */
struct refusal {
    const char *why; /* NULL: it was not refused */
    bool by_server;  /* by its rules, not because the ref is elsewhere or the line is cut */
};

bool remote_fail(const struct repo *r, struct fail *f, const char *remote, const char *why);

typedef bool repo_visit(void *data, relver_str oid, relver_str parents);

/* One backend. Each row is what the function of its name in repo.h needs of it. */
struct repo_ops {
    bool (*object)(struct repo *r, struct arena *a, const char *spec, struct repo_object *out,
                   struct fail *f);
    /* The commits of `from` that are not in `without` (absent: all), by date, newest first, until
       visit says false. Its parents come with each where that costs nothing, blanks between them;
       else absent. */
    bool (*walk)(struct repo *r, relver_str from, relver_str without, repo_visit *visit, void *data,
                 struct fail *f);
    bool (*log)(struct repo *r, struct arena *a, relver_str from, relver_str without,
                const char *below, repo_reader *reader, void *data, struct fail *f);
    /* Below head; NULL: it cannot tell, nor what differs. */
    bool (*added)(struct repo *r, struct arena *a, relver_str head, const char *const *paths,
                  size_t n, relver_str *oids, struct fail *f);
    bool (*differs)(struct repo *r, struct arena *a, relver_str base, const char ***paths,
                    size_t *n, struct fail *f);
    bool (*changes)(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                    struct repo_change **out, size_t *count, struct fail *f);
    /* Before anything is changed for a commit: mends, or refuses, what is in its way. */
    bool (*ready)(struct repo *r, struct arena *a, struct fail *f);
    /* Of the paths those that differ from HEAD, if any. */
    bool (*commit)(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                   relver_str message, bool signoff, struct fail *f);
    bool (*reset)(struct repo *r, struct arena *a, const char *const *paths, size_t n,
                  struct fail *f);
    bool (*commit_on)(struct repo *r, struct arena *a, relver_str parent,
                      const struct fs_change *changes, size_t n, relver_str message, bool signoff,
                      relver_str *oid, struct fail *f);
    bool (*tag)(struct repo *r, struct arena *a, relver_str name, relver_str commit,
                relver_str message, bool sign, struct fail *f);
    bool (*move)(struct repo *r, struct arena *a, const char *ref, relver_str from, relver_str to,
                 struct fail *f);
    /* Gets a ref's objects, or, where it is NULL, what `git ls-remote` prints: OID TAB REF LF; what
       a tag object leads to comes behind it, as REF^{}. */
    bool (*fetch)(struct repo *r, struct arena *a, const char *remote, const char *ref,
                  relver_str *lines, struct fail *f);
    /* What stood in the way, if something did: what became of the ref is read back in any case. */
    bool (*push)(struct repo *r, struct arena *a, const char *remote, relver_str oid,
                 const char *ref, relver_str seen, struct refusal *refusal, struct fail *f);
    /* Fills head and packed where the refs are not in files of one each; NULL: it cannot. */
    bool (*tables)(struct repo *r, struct fail *f);
    void (*close)(struct repo *r);
};

struct repo {
    const struct repo_ops *ops;
    struct arena *arena;
    const struct root *root;
    struct root own, common; /* the git directory, and the one of all worktrees: to read in */
    bool tables;             /* the refs are in tables: nobody but git reads them */
    relver_str packed, head; /* packed-refs, once read (ptr NULL: not yet); with tables what would
                                be in it and in HEAD */
    struct fs_mark mark;     /* of the packed-refs that was read */
    void *library;           /* repo.c: its repository */
    struct child objects;    /* repo_git.c: git cat-file --batch */
    struct pack *packs;      /* loose.c, and of them: */
    bool packs_known;
    size_t packs_read;       /* bytes; git, which keeps what it reads, is better at many */
};

extern const struct repo_ops git_ops;

/* libgit2 opened as r; false and *why when it cannot be, or cannot read this repository. */
bool library_open(struct repo *r, const char **why);

/* loose.c: an object, by its id or COMMIT:PATH; and whether the work tree is as HEAD, this commit,
   has it, but for files that git does not know. False: ask git. */
bool loose_object(struct repo *r, struct arena *a, const char *spec, struct repo_object *out);
bool loose_clean(struct repo *r, struct arena *a, relver_str head);

/* The type of an object by its name; NULL: it has none. */
const char *repo_type(relver_str name);

/* tree.c: the next entry of a tree object, whose ids have so many bytes. */
bool tree_next(relver_str *rest, size_t bytes, relver_str *mode, relver_str *name, relver_str *id);

/* The row of ops that is called `added`, where a few commits without a merge tell; else false. */
bool tree_added(struct repo *r, struct arena *a, relver_str head, const char *const *paths,
                size_t n, relver_str *oids);

bool repo_fail(const struct repo *r, struct fail *f, const char *what, const char *why);

/* Once something has changed: git's tables are asked anew. packed-refs is looked at each time. */
void repo_forget(struct repo *r);

/* A ref that does not say what it should: exit code 4. */
bool moved_fail(const struct repo *r, struct fail *f, const char *ref);

/* Follows symbolic refs; *last is the ref that says the id, or would: absent. */
bool ref_follow(struct repo *r, struct arena *a, const char *name, const char **last,
                relver_str *oid, struct fail *f);

#endif
