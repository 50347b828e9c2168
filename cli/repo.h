/* repo.h - git, through libgit2, which is opened on demand: no process is started, nothing written

   Starting libgit2 costs 6 ms, ten times what an offline command takes in all, so it is neither
   linked nor loaded before the first repo_open that finds a work tree. It must have the major and
   minor version that relver was built with: others have another ABI.

   What git cannot tell here (no work tree, no libgit2, a repository of a kind that libgit2 does not
   know) is no failure: *out is NULL, and, but for the first, a note on stderr says why. The caller
   must take that for "unknown", never for "there is none". */
#ifndef RELVER_REPO_H
#define RELVER_REPO_H

#include "fs.h"

struct repo;

/* Opens the work tree that holds root. */
bool repo_open(struct arena *a, const struct root *root, struct repo **out, struct fail *f);
void repo_close(struct repo *r); /* NULL is fine */

/* Whether part of the history, and with it tags, may be missing here. */
bool repo_shallow(const struct repo *r);

/* The full id, in hex, of the commit HEAD leads to; absent when there is no commit yet. All that
   read git fail with exit code 4, "git", when the repository cannot be read. */
bool repo_head(struct repo *r, struct arena *a, relver_str *oid, struct fail *f);

struct repo_tag {
    relver_str name; /* without refs/tags/ */
    relver_str oid;  /* of the commit it leads to, in hex */
};

/* All tags that lead to a commit, by name in byte order. */
bool repo_tags(struct repo *r, struct arena *a, struct repo_tag **tags, size_t *n, struct fail *f);

/* How many commits of head are not in each tag's history; SIZE_MAX for one that is not below head,
   or behind nearer ones: ten commits with tags, or HEAD itself. */
bool repo_distances(struct repo *r, struct arena *a, const struct repo_tag *tags, size_t n,
                    relver_str head, size_t *distance, struct fail *f);

/* Whether what git tracks differs from HEAD, in the index or in the work tree. */
bool repo_dirty(struct repo *r, bool *dirty, struct fail *f);

/* Whether a tag's commit is head or an ancestor of it. Exit code 4, "git.shallow", when the answer
   lies beyond what a shallow clone has. */
bool repo_below(struct repo *r, relver_str tag_oid, relver_str head_oid, bool *below,
                struct fail *f);

#endif
