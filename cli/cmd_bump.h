/* cmd_bump.h - what a bump does in git: a commit of what it edited, or the same on a branch of its
   own for a pull request (cmd_bump_git.c)

   The files are put in place first, all or none, then git commits them. HEAD is read as the work
   tree is, as a project: it says from which version a level counts and what it lacks of the bump.
   So a run that is cut short between the two finds, when it is run again, nothing to edit, and
   commits what it would have committed; and once HEAD has it all there is nothing to do. */
#ifndef RELVER_CMD_BUMP_H
#define RELVER_CMD_BUMP_H

#include "cmd.h"
#include "gates.h"

struct release {
    struct repo *repo; /* NULL: only files are asked for */
    relver_str head;   /* the commit; absent: there is none yet */
    struct root root;
    struct project project; /* as HEAD has it .. */
    struct fail unknown;    /* .. or why that cannot be read; status 0: it can */
    struct plan plan;       /* the same bump of it: what HEAD lacks */
    relver_str message;
    relver_str made; /* the commit; absent: HEAD had it all */

    /* a request: the commit goes to a branch of its own, and the work tree is left alone */
    bool request;
    struct stand *stand;
    const char *branch;
    bool online, waits; /* the remote has the branch; one is there already, and not merged: then
                           it stands above in HEAD's place */
    const struct remote_ref *there;
    relver_str here; /* what the branch of that name says, where the remote is not asked */
};

/* Opens git and reads HEAD when --commit or --pr asks for it. Exit codes: repo_need's,
   repo_at_rest's; 2 when HEAD cannot be read and a request needs it. */
bool release_open(struct context *ctx, struct project *pr, struct release *r);

/* Gives the units of a project the targets that they have in another. */
void release_aim(struct project *to, const struct project *like);

/* Looks, once it is aimed, for what waits to be merged already. */
bool release_wait(struct context *ctx, struct release *r);

/* Writes the message; the plan is that of the project, which is HEAD's for a request. Exit code 2
   when the template cannot be filled, 1 when a file to commit is missing from the work tree. */
bool release_prepare(struct context *ctx, struct release *r, const struct project *pr);

/* Commits, when the files are in place; fills r->made. Exit code 3 when a request is to be opened
   by hand. */
bool release_commit(struct context *ctx, struct release *r, const struct project *pr,
                    const struct plan *plan);

/* What was committed, in a line; before it is, the message; and the member of --json, whose "id" is
   null when there was nothing to commit. */
void release_print(const struct release *r, struct text *t);
void release_foretell(const struct release *r, struct text *t);
void release_json(const struct release *r, struct text *t);

#endif
