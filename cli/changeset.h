/* changeset.h - changesets: what people wrote down to be released, what follows from it for every
   package, and what the changelogs say of it; pure: bytes in, a plan and texts out

   The rules are those of @changesets/cli 2 (as of 2.31) or 3 (as of 3.0) with their quirks, so that
   a repository may go back and forth between the two programs. They are told over a graph of
   members, whatever their ecosystems are. Requirements are rewritten by plan.h. */
#ifndef RELVER_CHANGESET_H
#define RELVER_CHANGESET_H

#include "../relver.h"
#include "arena.h"
#include "msg.h"
#include "names.h"

/* What a release raises; LEVEL_NONE is a release that raises nothing. */
enum level { LEVEL_UNSET, LEVEL_NONE, LEVEL_PATCH, LEVEL_MINOR, LEVEL_MAJOR };
extern const char *const level_names[]; /* ends with NULL */

/* Names, or patterns of them. */
struct group {
    enum { GROUP_IGNORED, GROUP_USED, GROUP_FIXED, GROUP_LINKED } kind; /* used: of changesets */
    struct pattern { relver_str name; const char *at; } *patterns;
    size_t pattern_count;
    struct member **members; /* filled by changeset_plan */
    size_t count;
};

/* .changeset/config.json and pre.json. */
struct changeset_config {
    size_t rules; /* 2 or 3 */
    relver_str text, pre_text;
    struct group *groups;
    size_t group_count;
    int minor;          /* updateInternalDependencies: minor, not patch */
    int always;         /* updateInternalDependents: always, not out-of-range */
    int peers_stay;     /* onlyUpdatePeerDependentsWhenOutOfRange */
    int private_too;    /* privatePackages.version */
    int workspace_only; /* bumpVersionsWithWorkspaceProtocolOnly */
    int formatted;      /* version 2 lets prettier lay out the changelogs */
    int calculated;     /* snapshot.useCalculatedVersion */
    relver_str snapshot;  /* snapshot.prereleaseTemplate */
    relver_str base;      /* baseBranch */
    relver_str changelog; /* the module that writes them; absent: nobody does */
    enum { PRE_OFF, PRE_ON, PRE_EXIT } pre;
    relver_str pre_tag;
};

/* What a changeset says of one package. */
struct change {
    relver_str name; /* as spelt, also where it stands */
    enum level level;
    struct changeset *set;
    struct member *of; /* filled by changeset_plan */
};

struct changeset {
    const char *path;
    relver_str text, id, summary; /* the id is the path below .changeset/ without .md */
    relver_str commit;            /* that added it; absent: unknown */
    struct change *changes;
    size_t count;
    bool used;  /* a prerelease has it already */
    bool stays; /* it speaks of what is left out, and is kept when the plan is carried out */
    const void *mark; /* private */
};

enum need_kind { NEED_PLAIN, NEED_DEV, NEED_PEER, NEED_OPTIONAL };

/* A requirement of a member on another. */
struct need {
    struct member *on;
    enum need_kind kind;
    relver_eco eco;
    relver_str text;
    const struct place *place; /* the caller's */
    struct need *next; /* private: of the same two */
};

/* What is released as one. */
struct member {
    relver_str name, dir; /* dir: "packages/a/", for requirements that are paths */
    relver_str version;   /* a SemVer, in every ecosystem; absent: none */
    const char *path;     /* of the file that says it, its text, and there how it says it */
    relver_str text, said;
    bool unpublished;     /* private */
    struct need *needs;   /* in the order of their kinds */
    size_t need_count;
    struct move *move; /* the answer; NULL: it stays */
    struct change **changes; /* of the changesets that name it, in order, for its changelog */
    size_t count;
    /* the rest is private */
    struct edge { struct member *from; struct need *needs, *why; enum level level; } *by;
    size_t by_count, counter;
    const void *mark;
    const char *at; /* in config.json, what put it into its group */
    struct need *asked;
    bool left_out, grouped;
};

/* The way of one member, and why it goes. */
struct move {
    struct member *of;
    enum level level;
    relver_str from, to; /* of a group, `from` is the highest version in it */
    size_t index;
    bool anew; /* not by its changesets: then no other changelog names them */
    const struct need *why;   /* a requirement that the new version of what it is on leaves */
    const struct group *with; /* its group raised it */
};

/* Starts as {0}. The caller fills all but the moves, and puts every member into `names` (kind 0)
   under each name that changesets may call it by. */
struct changeset_plan {
    struct changeset_config config;
    struct changeset *sets; /* in the order of their paths, those of .changeset/pre/ last */
    size_t set_count;
    struct member **members;
    size_t member_count;
    struct names names;
    relver_str snapshot; /* what follows the '-' of its versions; absent: it is a release */
    struct move **moves;
    size_t count;
};

/* Reads .changeset/config.json and pre.json (absent: none), by the rules of version 2 or 3. This
   and the next two: exit code 2 with FILE:LINE:COL. */
bool changeset_config(struct arena *a, relver_str config, relver_str pre, size_t rules,
                      struct changeset_config *out, struct fail *fail);

bool changeset_read(struct arena *a, const char *path, relver_str text, struct changeset *out,
                    struct fail *fail);

/* Fills the moves. Refused are a changeset of unknown packages, or of some that are left out and
   some that are not, and a group that names nobody, or somebody who is in another. */
bool changeset_plan(struct arena *a, struct changeset_plan *plan, struct fail *fail);

/* Makes a snapshot of what is planned. Tag and commit may be absent; time: YYYYMMDDHHMMSS in
   UTC; stamp: the milliseconds since 1970. Refused are a mode of prereleases, and a template that
   lacks the tag or has what is absent. */
bool changeset_snapshot(struct arena *a, struct changeset_plan *plan, relver_str tag,
                        relver_str commit, relver_str time, relver_str stamp, struct fail *fail);

/* Whether a requirement speaks of the version that its member has here. */
bool changeset_joins(struct arena *a, const struct changeset_plan *plan, const struct need *need);

/* Whether a requirement of a member that moves, or of the root, is to follow by the settings. */
bool changeset_follows(struct arena *a, const struct changeset_plan *plan, const struct need *need);

/* Appends what a move adds to a changelog, whose text is `old`, at *at: its section, and the title
   of an empty one. */
void changeset_changelog(struct text *out, const struct changeset_plan *plan, const struct move *m,
                         relver_str old, size_t *at);

/* Appends a new changeset. */
void changeset_write(struct text *out, const struct change *changes, size_t n, relver_str summary);

#endif
