/* notes.h - the changelogs of a project: which files they are, rolled by a bump, checked, and read
   for a tag's message and a release's page

   One that relver.toml names must be there and in form. Where it says nothing, the CHANGELOG.md
   beside each manifest, and the project's, is rolled if that can be done, and else left alone; also
   where changesets write it. */
#ifndef RELVER_NOTES_H
#define RELVER_NOTES_H

#include "check.h"
#include "plan.h"

/* Adds to an applied plan what it changes in changelogs: those of the units that go to a release.
   today: YYYYMMDD; forced: past what changelog_roll refuses. Exit codes: its; 2 for one that is not
   there, or would have to be that of two versions. */
bool notes_roll(struct arena *a, const struct project *project, struct plan *plan,
                relver_str today, bool forced, struct fail *fail);

/* Adds to a plan a line under what is unreleased in the unit's changelog. Exit codes: 1 when it has
   none; changelog_add's. */
bool notes_add(struct arena *a, const struct project *project, const struct unit *unit,
               const char *type, relver_str what, struct plan *plan, struct fail *fail);

/* The changelogs of the units that have a target, those that a bump need not change included. */
const char **notes_paths(struct arena *a, const struct project *project, size_t *n);

/* The gate; tag: the one to be released, or NULL. */
void notes_check(struct arena *a, const struct project *project, relver_str today, const char *tag,
                 struct findings *out);

/* What the section of a version says (absent: the unit's), and its items, each one line "- text";
   for a prerelease that has none, what is unreleased. Exit code 1, "changelog": there is none. */
bool notes_read(struct arena *a, const struct project *project, const struct unit *unit,
                relver_str version, relver_str *notes, relver_str *changes, struct fail *fail);

#endif
