/* outlet.h - where the packages of a project go: each to each of its registries, and to npm, PyPI
   or crates.io what `expect` says a build makes */
#ifndef RELVER_OUTLET_H
#define RELVER_OUTLET_H

#include "check.h"
#include "project.h"
#include "registry.h"

struct outlet {
    const struct outlets *all; /* it is one of them */
    const struct unit *unit;
    const struct package *package; /* NULL: what a build makes, as `expect` says */
    relver_eco eco;
    relver_str version; /* as the registry spells it */
    struct listing listing;
    struct published *found; /* once it was asked; NULL: no release of this version */
    struct artifacts built;  /* once they were looked for: its files on this disk .. */
    size_t same;             /* .. and how many of them are there, as outlet_conflict found */
};

struct outlets {
    struct outlet *at;
    size_t count;
    bool one; /* the project has one version: a bump need not say whose */
};

/* Those of the units' packages that are ever published, in a version; NULL: each unit's own. With
   --to only at those registries. Exit codes: 1, "no-version"; 2 for a version that has no such
   form, and endpoint.h's. */
bool outlets_find(struct context *ctx, const struct project *project, struct unit **units, size_t n,
                  const char *version, struct outlets *out);

/* Asks all of them. Exit codes: registry.h's. */
bool outlets_ask(struct context *ctx, struct outlets *outlets);

/* Asks for one again and again until something holds of it, or the seconds are over. */
bool outlet_await(struct context *ctx, struct outlet *o, bool (*is)(void *what), void *what,
                  unsigned seconds);

/* The dist-tag that a release of this version gets on npm now: relver.toml's for a prerelease, else
   relver_dist_tag's. Exit code 4 when npm does not answer. */
bool outlet_dist_tag(struct context *ctx, const struct outlet *o, relver_str *out);

/* Looks for their files in a directory, or where builds put them: see artifact.h. All that is there
   is *all, unless that is NULL. */
bool outlets_built(struct context *ctx, const struct project *project, const char *from,
                   struct outlets *outlets, struct artifacts *all);

/* A file of the release that is there; npm and cargo have one a version, whatever its name. */
const struct artifact *outlet_file(const struct outlet *o, relver_str name);

/* Of one that was asked: "out", "absent", "withdrawn", "unpublished" or "unknown"; a line for
   people that begins with "ok" or with that; and all of them as an array of a document. */
const char *outlet_state(const struct outlet *o);
void outlet_line(struct text *t, const struct outlet *o);
void outlets_json(struct text *t, const char *name, const struct outlets *all);

/* Whether the registry answered; else what it lacks is unknown, and a finding says that. */
bool outlet_known(const struct outlet *o, struct findings *out);

/* The dist-tag that npm's release should be under and is not; NULL: none. */
const char *outlet_lacks_tag(struct arena *a, const struct outlet *o);

/* What is not as it should be, of the release and of what came with it: what is expected, and what
   was built. */
void outlet_verify(const struct outlet *o, struct findings *out);

/* Compares what was built with what is there; a file that has other bytes is a finding of status 6,
   or a warning where it need not be what was uploaded, as cargo packs anew. Reads the files. */
bool outlet_conflict(struct context *ctx, struct outlet *o, struct findings *out);

/* free: nobody has taken the version's number yet; and it can be taken. */
void outlet_free(const struct outlet *o, struct findings *out);

/* artifacts: all that is expected was built, once, and can be uploaded; and of the files of a
   directory (`whole`: for all packages) none is another version's or another project's. */
void outlets_artifacts(const struct outlets *all, const struct artifacts *files, bool whole,
                       struct findings *out);

/* The bump to the next number, a patch or the same prerelease's, that no registry of the unit has
   yet; to the next one, while not all of them have answered. */
const char *outlet_bump(struct arena *a, const struct outlet *o);

#endif
