/* project.h - opens a repository: finds its root, loads its files (load.h) and binds every place to
   the package and the unit it speaks of (bind.h). Reads only, and asks git nothing. */
#ifndef RELVER_PROJECT_H
#define RELVER_PROJECT_H

#include "fs.h"
#include "model.h"
#include "opt.h"

enum project_mode {
    PROJECT_READ, /* refuses, exit code 5, while a change is half way */
    PROJECT_WRITE, /* takes the lock and first completes or undoes what is half way */
    PROJECT_BARE /* reads, as if there were no relver.toml */
};

/* The three steps of opening a project. Its directory is the one at or above -C DIR (or here) with
   relver.toml; else the highest with a manifest inside the git work tree; else the nearest with one
   at or above. */
bool project_root(struct context *ctx, struct root *root);

/* What a command does before it reads: looks for, or mends, a change that was cut short. */
bool project_settle(struct context *ctx, enum project_mode mode, struct root *root);

/* Exit codes: fs.h's; 2 for a malformed configuration or file, for a member outside the project,
   and when there is no manifest at all. */
bool project_load(struct context *ctx, struct root *root, struct project *project);

/* All three. */
bool project_open(struct context *ctx, enum project_mode mode, struct project *project);

/* The git remote to work with: --remote, else relver.toml's, else origin. */
const char *project_remote(const struct context *ctx, const struct project *project);

/* The unit that a command line names: "name", or "npm:name", "cargo:name", "pypi:name" where it
   exists twice. NULL and ctx->fail (exit code 2, with the nearest name) when there is none. */
struct unit *project_unit(struct context *ctx, const struct project *project, const char *name);

/* The one unit that a command is about: -p names it, or it speaks for the project. NULL and
   ctx->fail (exit code 2) when there are several. */
struct unit *project_one(struct context *ctx, const struct project *project, const char *command);

/* The units that -p names, in that order; all of them without -p. */
bool project_units(struct context *ctx, const struct project *project, struct unit ***units,
                   size_t *count);

/* The same, but without -p only those that have a part in a release. */
bool project_released(struct context *ctx, const struct project *project, struct unit ***units,
                      size_t *count);

#endif
