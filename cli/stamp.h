/* stamp.h - versions for a build only: what a stamped tree says, and the record that undoes it;
   pure: no file is read or written here */
#ifndef RELVER_STAMP_H
#define RELVER_STAMP_H

#include "model.h"

/* What a stamp is made of. */
struct stamp {
    enum { STAMP_ID, STAMP_NIGHTLY, STAMP_EXACT } kind;
    relver_str oid; /* ID: the commit's full object id */
    relver_str id;  /* .. and as it stands in versions: filled by stamp_open */
    relver_str date;  /* NIGHTLY: YYYYMMDD */
    relver_str exact; /* EXACT: the version */
};

/* Checks the object id and fills id. Exit code 2. */
bool stamp_open(struct arena *a, struct stamp *stamp, struct fail *fail);

/* Aims a unit at its stamped version, for plan_make. Exit code 2 when its version cannot carry it,
   1 when it carries another stamp. */
bool stamp_aim(struct arena *a, const struct stamp *stamp, struct unit *unit, struct fail *fail);

/* The release that the unit's stamped version leads to, or comes after: its version without a stamp
   of the same commit, or what the nightly template is given. Absent when it has none. */
relver_str stamp_base(struct arena *a, const struct stamp *stamp, const struct unit *unit);

/* What build tools read instead of asking git: lines "NAME=VALUE" for the packages of the aimed
   units. What packages do not agree on has only the names that are one package's. */
struct stamp_env {
    const char *name;
    relver_str value;
};
void stamp_env(struct arena *a, const struct project *project, struct stamp_env **env, size_t *n);

/* A file that was stamped. */
struct stamped {
    const char *path; /* from the top of the work tree */
    relver_str before;
    char after[65]; /* the SHA-256 of what the stamp wrote */
};

struct stamp_record {
    relver_str request; /* one line: what was asked for */
    struct stamped *files;
    size_t count;
};

/* The SHA-256 of a text, in hex. */
void stamp_digest(relver_str text, char hex[65]);

/* The record as text and back; false when the text is damaged, or another relver's. */
relver_str stamp_write(struct arena *a, const struct stamp_record *record);
bool stamp_read(struct arena *a, relver_str text, struct stamp_record *record);

enum stamp_state { STAMP_ORIGINAL, STAMP_STAMPED, STAMP_OTHER };

/* What a file's bytes are to its record; absent bytes are OTHER. */
enum stamp_state stamp_state(const struct stamped *file, relver_str now);

#endif
