/* scan.h - finds the places of one file where versions stand; pure: bytes in, places out */
#ifndef RELVER_SCAN_H
#define RELVER_SCAN_H

#include "model.h"

/* The kind of a file by its name ("Cargo.toml", ..); FILE_EXTRA when it is none of those. */
enum file_kind file_kind_of(const char *path);

/* How a file is read, by its name: TEXT when nothing better is known. */
relver_format file_format(const char *path);

/* Reads file->text once and fills what file->kind promises: places, name, members and the rest.
   Fails with status 2 when the document is malformed, with FILE:LINE:COL. */
bool scan_file(struct arena *a, struct file *file, struct fail *fail);

/* Adds the places of one `files` entry to a file. The count that the entry demands is checked;
   none, or too many, is status 2. */
bool scan_extra(struct arena *a, struct file *file, const struct file_place *rule,
                struct fail *fail);

/* Fills fail from a diagnostic about a file: status 2, FILE:LINE:COL. Returns false. */
bool scan_fail(struct arena *a, const struct file *file, const relver_diag *diag,
               struct fail *fail);

#endif
