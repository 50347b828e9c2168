/* commits.h - what commit messages ask for, by Conventional Commits 1.0.0; pure

   feat is a feature; fix, perf and revert are fixes; `!`, or a line "BREAKING CHANGE: ..", makes
   any commit a breaking one. All others ask for no release. Only a message's first line is a
   header: of those that a squash left in the body nobody knows what became. */
#ifndef RELVER_COMMITS_H
#define RELVER_COMMITS_H

#include "../relver.h"
#include "arena.h"

enum commit_kind { COMMIT_OTHER, COMMIT_FIX, COMMIT_FEATURE, COMMIT_BREAKING };

struct commit {
    enum commit_kind kind;
    relver_str oid, subject; /* the first line */
    relver_str reverts;      /* the id of the commit that it undoes, as git revert says it; absent:
                                none */
};

/* Reads a message; what it says are views of it. */
void commit_read(relver_str message, struct commit *out);

/* Those of a history that ask for something, the newest first; starts as {.arena = a}. */
struct commits {
    struct arena *arena;
    struct commit *at;
    size_t count;
    size_t *undoing, undoing_count; /* private: which of them undo another */
};

/* Takes in the next older commit. One that is undone by a newer one, and that one, are OTHER. */
void commits_add(struct commits *list, relver_str oid, relver_str message);

/* The level that a kind asks for on top of a version: NULL, "patch", "minor" or "major"; below 1.0,
   as Cargo and npm read `^0.2.3`, "minor" is what breaks, and "patch" all else. */
const char *commit_level(enum commit_kind kind, relver_str version);

/* The greatest kind among them. */
enum commit_kind commits_kind(const struct commits *list);

#endif
