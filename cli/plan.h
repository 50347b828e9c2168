/* plan.h - what every place should read, as edits; pure: a project and targets in, bytes out

   The same plan serves `bump` and `check`: a check plans for the versions that are there, and
   whatever would have to be edited is drift. */
#ifndef RELVER_PLAN_H
#define RELVER_PLAN_H

#include "model.h"

/* The edits of one file, whose places know what they should say, and the bytes they lead to. */
struct file_plan {
    struct file *file;
    size_t count; /* of the places that change */
    relver_edit *edits; /* for relver_apply and the diff; a place may need two */
    size_t edit_count;
    relver_str after; /* filled by plan_apply; absent: the file goes */
};

struct plan {
    struct file_plan *files; /* only those that change */
    size_t count;
    size_t edits; /* of all files */
};

/* Plans every unit's way from unit->version to unit->target (absent: it stays). Exit codes: 2 when
   a version or requirement cannot be written as an ecosystem needs it, with FILE:LINE:COL. */
bool plan_make(struct arena *a, const struct project *project, struct plan *plan,
               struct fail *fail);

/* Makes the new bytes of every file, reads them again and checks that each place says what was
   wanted and that none appeared or vanished. Exit code 70 when not: then relver is wrong. */
bool plan_apply(struct arena *a, struct plan *plan, struct fail *fail);

/* Adds edits of a changelog, or of a file that is not there yet (its text is absent), which count
   as they are, to a plan that was applied; exit codes as above. And the end of a file. */
bool plan_add(struct arena *a, struct plan *plan, struct file *file, relver_edit *edits, size_t n,
              struct fail *fail);
void plan_remove(struct arena *a, struct plan *plan, struct file *file);

/* The version that a package goes to, or has, in its own spelling. Exit code 2 as below. */
bool plan_version(struct arena *a, const struct package *package, relver_str *out,
                  struct fail *fail);

/* The unit's version (its target when it has one) as an ecosystem spells it. Exit code 2 when it
   has no such form. */
bool plan_spell(struct arena *a, const struct unit *unit, relver_eco eco, relver_str *out,
                struct fail *fail);

#endif
