/* diff.h - a unified diff of planned edits; pure: bytes in, text out */
#ifndef RELVER_DIFF_H
#define RELVER_DIFF_H

#include "../relver.h"
#include "arena.h"

/* Appends the diff of one file, as `git apply` and `patch -p1` take it: the lines that the edits
   touch, with three lines around them. The edits are sorted by place, as relver_apply leaves them.
   Nothing is appended when no edit changes a byte. Absent text is no file yet, and one edit that
   takes all of it away is the end of the file. */
void diff_edits(struct text *out, const char *path, relver_str before, const relver_edit *edits,
                size_t n, bool color);

#endif
