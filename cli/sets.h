/* sets.h - the changesets of a project: what waits to be released, and a bump that carries it out

   The members of the plan are the project's units, whatever their ecosystems. A name in a changeset
   is npm's where several ecosystems have it: "cargo:demo" and "pypi:demo" name the others. The root
   of an npm workspace is no member, as it is none to changesets. */
#ifndef RELVER_SETS_H
#define RELVER_SETS_H

#include "changeset.h"
#include "check.h"
#include "plan.h"

struct sets {
    bool found;                 /* there is a .changeset, and it is in use */
    struct changeset_plan plan; /* its members stand in the order of the project's units */
};

/* Reads .changeset and plans. Exit code 2 with FILE:LINE:COL. */
bool sets_open(struct arena *a, const struct project *project, struct sets *out,
               struct fail *fail);

/* Where a unit goes, and why; NULL: it stays. */
const struct move *sets_move(const struct sets *sets, const struct unit *unit);

/* Sets the units' targets, and which requirements follow: where the settings of changesets say so,
   always, or else never; but those of `pins` do as they are told. */
bool sets_aim(struct arena *a, const struct project *project, struct sets *sets,
              struct fail *fail);

/* Adds to an applied plan the changelogs, and that the changesets go: all, when it was aimed by
   them, else those of which every package goes to a stable release. Exit code 4 in a shallow clone,
   which does not know the commits that the changelogs name. */
bool sets_consume(struct arena *a, const struct project *project, struct sets *sets, bool aimed,
                  struct plan *plan, struct fail *fail);

/* The gate: what is on this branch and not on the main one, on the remote, changes no package
   without a changeset. Exit code 4 when git cannot tell. */
bool sets_check(struct arena *a, const struct project *project, const char *remote,
                struct findings *out, struct fail *fail);

#endif
