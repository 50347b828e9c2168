/* line.h - release lines: the branches that a minor version and its patches come from, named by the
   template `branch`; pure

   A line is written as its numbers, "0.2". */
#ifndef RELVER_LINE_H
#define RELVER_LINE_H

#include "model.h"

/* The template; "release/{major}.{minor}", the field's habit, when none is configured. */
relver_str line_template(const struct unit *unit);

/* The line that a version belongs to, whatever its label; absent when it is no version. A line's
   own text belongs to that line, and no other text does. */
relver_str line_of(struct arena *a, const struct unit *unit, relver_str version);

/* The branch of a line, and the line of a branch; absent when the branch, without refs/heads/, is
   none of the unit's lines. */
relver_str line_branch(struct arena *a, const struct unit *unit, relver_str line);
relver_str line_read(struct arena *a, const struct unit *unit, relver_str branch);

/* The YAML file that `nightly-branches` names. It has one list on its top level, whatever its name.
   Errors: the reader's; MISSING without such a list, DUPLICATE when there are several, NOT_STRING
   when it holds anything but names. */
struct branch_list {
    const char *key; /* in quotes, for relver_add and relver_cut */
    relver_str *names;
    size_t count;
};
relver_err line_list(struct arena *a, relver_str text, struct branch_list *out, relver_diag *diag);

#endif
