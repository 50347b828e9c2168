/* cmd_init.h - what `relver init` is going to write, as facts; cmd_init.c turns them into text */
#ifndef RELVER_CMD_INIT_H
#define RELVER_CMD_INIT_H

#include "leftover.h"
#include "project.h"

/* What one section of relver.toml says; NULL: nothing, for relver does that by itself. */
struct section {
    const struct unit *unit; /* the top level's: whose tags and files they are; NULL: all units' */
    const char *tag, *why;   /* why: the comment beside it */
    struct list files;
};

struct draft {
    struct context *ctx;
    struct arena *arena;
    struct project project;
    bool several; /* packages have versions of their own */
    struct section top, *units; /* one of each of the project's units */
    const char *commit, *tag_message, *changelog;
    struct list lost; /* what an older configuration says and relver.toml cannot */
};

/* Notes what cannot be carried over. Returns false. */
bool draft_lost(struct draft *d, const char *fmt, ...) ARENA_PRINTF(2, 3);

/* Adds an entry of `files` once, in the section that speaks of the unit. */
void draft_file(struct draft *d, const struct unit *unit, const char *entry);

/* Fills what the configuration of another tool says: exit code 2 when there is none. */
bool draft_from_bumpversion(struct draft *d);
bool draft_from_changesets(struct draft *d);

#endif
