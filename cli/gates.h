/* gates.h - the gates that ask git: where HEAD stands, here and on the remote

   What cannot be found out is a failure, exit code 4, and no finding. */
#ifndef RELVER_GATES_H
#define RELVER_GATES_H

#include "check.h"
#include "project.h"
#include "repo.h"

struct stand {
    struct context *ctx;
    struct repo *repo;
    const char *remote;
    bool named; /* there must be one */
    relver_str head, branch; /* branch absent: HEAD is on none */
    bool asked;              /* refs are what the remote has */
    struct remote_ref *refs;
    size_t count;
};

/* Opens git; NULL when it cannot be asked. */
struct stand *stand_open(struct context *ctx, const struct project *project);

/* Asks the remote what it has, once. A repository without remotes has nothing there, unless one is
   named by --remote or in relver.toml. */
bool stand_ask(struct stand *s);

/* Gets the objects of one of its refs, where they are not here yet. */
bool stand_fetch(struct stand *s, const struct remote_ref *ref);

/* The project as it is at one of its refs, without a checkout; `of` is its root here. */
bool stand_load(struct stand *s, const struct remote_ref *ref, const struct root *of,
                struct project *out);

/* The remote's branch of a name; NULL when it has none. */
const struct remote_ref *stand_branch(const struct stand *s, relver_str name);

/* The branch that is no release line: main, else master; absent when the remote has neither. */
relver_str stand_main(const struct stand *s);

/* What a tag says here (absent: it is not there), and the remote's (NULL). Exit code 6 when either
   is on another commit. */
bool stand_tag(struct stand *s, relver_str name, relver_str commit, relver_str *oid,
               const struct remote_ref **there);

/* clean: nothing that git tracks differs from HEAD. A merge that is going on is exit code 1. */
bool gate_clean(struct stand *s, const struct unit *u, struct findings *out);

/* branch: HEAD is on the release line of the unit's version or, where that has none, on the main
   branch, and has all that this has on the remote. Detached, it is its tip there. */
bool gate_branch(struct stand *s, const struct unit *u, struct findings *out);
bool gate_behind(struct stand *s, struct findings *out); /* its second half */

/* version: its tag is free, here and there, or on HEAD already, and its line is the branch's, and
   maintained. */
bool gate_version(struct stand *s, const struct unit *u, struct findings *out);

#endif
