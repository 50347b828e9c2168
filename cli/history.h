/* history.h - what git's history says of a package's version: the nearest of its tags, and the
   version that the commits since then make of it */
#ifndef RELVER_HISTORY_H
#define RELVER_HISTORY_H

#include "commits.h"
#include "model.h"

/* The unit's tag nearest below HEAD: the one that the fewest commits of HEAD are missing from, and
   of several on one commit the one with the highest version. (git describe takes the first by name,
   or an annotated one: v0.4.5 before v0.4.6-dev.) */
struct history {
    bool stable;             /* in: tags of stable versions only, unless none is below HEAD */
    relver_str tag, version; /* as it is named; the version in it */
    relver_str commit;       /* that it is on, in hex */
    size_t distance;         /* commits since */
    relver_str head;         /* HEAD's commit, in hex */
    relver_str branch;       /* that HEAD is on; absent: none */
    bool tree;               /* in: whether to look for changes in the work tree .. */
    bool dirty;              /* .. and whether it, or the index, has any to what git tracks */
};

/* Exit code 4 when git cannot tell: no work tree, no commit, a shallow clone whose HEAD has no tag,
   or no tag of the unit's form. */
bool history_read(struct arena *a, const struct project *project, const struct unit *unit,
                  struct history *out, struct fail *fail);

/* What the commits since a unit's last stable release ask for. */
struct pending {
    struct history since;
    struct commits commits;
    const char *level; /* NULL: nothing .. */
    relver_str next;   /* .. and then absent */
};

/* The next version is that level above the tag's, or where the files are past that already, what
   they say without its label. A commit counts where it touches a file of the unit: one below a
   directory of its packages, and not of another unit's further down. What nobody's package holds
   counts for the lead. Exit codes as above. */
bool history_pending(struct arena *a, const struct project *project, const struct unit *unit,
                     struct pending *out, struct fail *fail);

/* Every tag of the unit, the highest version first; whether all of them are sure to be here, as
   they are not in a shallow clone. Exit code 4 when git cannot be asked. */
struct tagged {
    relver_str tag, version;
    relver_eco scheme;
    size_t key; /* SemVer: relver_semver_key */
};
bool history_tags(struct arena *a, const struct project *project, const struct unit *unit,
                  struct tagged **tags, size_t *n, bool *all, struct fail *fail);

/* The lines with a stable tag, newest first; no more than `maintained` says, where it says so. Exit
   code 4 when tags may be missing here. */
struct unit_line {
    relver_str line; /* see line.h */
    relver_str tag;  /* its highest stable one */
};
bool history_lines(struct arena *a, const struct project *project, const struct unit *unit,
                   struct unit_line **lines, size_t *n, struct fail *fail);

/* The version as setuptools_scm counts it, 0.4.6.dev3+g1234abcd, in PEP 440's spelling, by the
   schemes that the unit's pyproject.toml names: guess-next-dev or release-branch-semver,
   node-and-date or no-local-version. date (YYYYMMDD) marks a tree with changes. Exit codes: 1 when
   the tag's version leaves nothing to count on from, 2 for another scheme. */
bool history_version(struct arena *a, const struct unit *unit, const struct history *history,
                     relver_str date, relver_str *out, struct fail *fail);

#endif
