/* glob.h - paths inside the project, and patterns of them */
#ifndef RELVER_GLOB_H
#define RELVER_GLOB_H

#include "fs.h"

/* A name against a pattern, in which '*' stands for any text and '?' for one byte. */
bool glob_match(relver_str glob, relver_str name);

/* A whole path against a glob, segment by segment; "**" stands for any number of them. */
bool glob_path(relver_str pattern, relver_str path);

/* The directories (with a trailing slash) and, with `files`, the files that a glob names below dir.
   A path without wildcards names itself, whether it is there or not. Exit code 2 for one that
   leaves the project. */
bool glob_find(struct arena *a, const struct root *root, const char *dir, relver_str pattern,
               bool files, struct list *out, struct fail *fail);

/* dir ("" or "a/b/") joined with a relative path, "." and ".." resolved, with a trailing slash;
   NULL when it leaves the project. */
const char *path_join(struct arena *a, const char *dir, relver_str path);

/* A directory's name without its trailing slash. */
const char *path_name(struct arena *a, const char *dir);

#endif
