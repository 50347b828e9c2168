/* cmd.h - the commands; each cmd_*.c holds one option table and one run function */
#ifndef RELVER_CMD_H
#define RELVER_CMD_H

#include "gates.h"
#include "opt.h"
#include "plan.h"
#include "project.h"
#include "sets.h"

#include "../relver.h"

int cmd_init(struct context *ctx);
int cmd_status(struct context *ctx);
int cmd_show(struct context *ctx);
int cmd_check(struct context *ctx);
int cmd_add(struct context *ctx);
int cmd_bump(struct context *ctx);
int cmd_stamp(struct context *ctx);
int cmd_tag(struct context *ctx);
int cmd_publish(struct context *ctx);
int cmd_verify(struct context *ctx);
int cmd_yank(struct context *ctx);
int cmd_branch(struct context *ctx);
int cmd_version(struct context *ctx);
int cmd_edit(struct context *ctx);

/* Appends "demo 0.2.0 (cargo demo, npm demo-node)" and a line end. */
void add_unit(struct text *t, const struct unit *u);

extern const struct option init_options[], show_options[], check_options[], add_options[];
extern const struct option bump_options[], version_options[], stamp_options[], edit_options[];
extern const struct option tag_options[], verify_options[], branch_options[], publish_options[];
extern const struct option status_options[], yank_options[];
extern const char stamp_more[], version_more[], edit_more[], tag_more[], publish_more[];
extern const char yank_more[];

/* Aims the units that -p names, or all that go together, at a version or a level. */
bool cmd_aim(struct context *ctx, const struct project *project, relver_str what);

/* What the commands that carry out a plan share (cmd_bump.c). Whether --override GATE=WHY is given;
   the plan's diff on the standard output; a line of how much it changes, and what more there is to
   say when it is done; its changes, with the paths below a directory; and the plan done, all files
   or none. */
bool cmd_overridden(const struct context *ctx, const char *gate);
void cmd_diff(struct context *ctx, const struct plan *plan);
void cmd_counts(const struct context *ctx, const struct plan *plan, const char *more,
                struct text *t);
struct fs_change *cmd_changes(struct context *ctx, const char *below, const struct plan *plan);
bool cmd_commit(struct context *ctx, struct project *project, const struct plan *plan);

/* Sets the target of each unit that pending changes move: changesets where there are some, else
   commits, of those that -p names (cmd_bump.c). */
bool cmd_auto(struct context *ctx, const struct project *project, struct sets *sets);

/* Adds a finding for each tag whose commit says another version (cmd_check_tags.c). */
bool cmd_check_tags(struct context *ctx, const struct project *project, struct findings *out);

/* What the tree was stamped with, one line, absent when it was not (cmd_stamp.c); and the refusal,
   exit code 1, of what such a tree must not be used for. */
bool cmd_stamped(struct context *ctx, const struct root *root, relver_str *request);
bool cmd_not_stamped(struct context *ctx, const struct root *root);

/* The gates of a tag: all of them; and what was found as lines and as the failure, false when there
   is something (cmd_check.c). */
struct gating {
    struct context *ctx;
    const struct project *project;
    struct stand *stand; /* NULL: not open yet */
    struct list tags;
    struct unit **units; /* that are tagged */
    size_t unit_count;
};
bool cmd_gates(struct gating *g);
bool cmd_report(struct context *ctx, const struct findings *found);

/* Its two halves: "ok" and "findings" of a document; and the lines. The first of the worst status
   is the failure, whose three lines main prints last; the others, and warnings, are lines of the
   same form before it. */
void cmd_findings(struct text *t, const struct findings *found);
void cmd_complain(struct context *ctx, const struct findings *found);

/* verify --fix: has npm move each dist-tag forward that outlet_lacks_tag names (cmd_yank.c). */
struct outlets;
bool cmd_dist_tags(struct context *ctx, const struct project *project, struct outlets *outlets);

/* YYYYMMDD in UTC: today, or the day of SOURCE_DATE_EPOCH (cmd_stamp.c). Exit code 2. */
bool cmd_today(struct context *ctx, relver_str *date);

/* The same with the time, YYYYMMDDHHMMSS, and the seconds since 1970. */
bool cmd_now(struct context *ctx, relver_str *clock, long long *seconds);

#endif
