/* passport.h - one version everywhere it goes: how it is spelt there, who refuses it, and how it
   stands against the last release that git knows of */
#ifndef RELVER_PASSPORT_H
#define RELVER_PASSPORT_H

#include "model.h"

enum border { ON_CARGO, ON_NPM, ON_PYPI, ON_TAG, ON_DOCKER, BORDERS };

struct passport {
    const struct unit *unit;
    relver_str version; /* as the unit's scheme spells it; the target, when there is one */
    struct {
        const char *name;
        relver_str version;  /* absent: it has no form there */
        const char *refused; /* why; NULL: it is taken */
        const char *order;   /* of it against the last release: above, equal, below; NULL: none */
    } at[BORDERS];
    bool known;  /* git can tell of releases */
    bool tagged; /* this version's tag is there */
    relver_str last, last_tag; /* the highest release but this one; absent: none */
    relver_str latest, next;   /* the highest stable one, the highest prerelease */
    relver_str split; /* a tag that npm has above this version and PyPI below, or the reverse */
};

/* Opens git. Exit codes: 1, "no-version", when the unit has none; 4 when git cannot be read. */
bool passport_issue(struct arena *a, const struct project *project, const struct unit *unit,
                    struct passport *pass, struct fail *fail);

/* The order at one border against another of the unit's versions; NULL where there is none. */
const char *passport_order(const struct passport *pass, enum border border, relver_str other);

/* What one of the unit's versions is. A dev version is tagged to start or to build something: it is
   a prerelease of a kind, but no release. */
enum stage { STAGE_STABLE, STAGE_PRERELEASE, STAGE_DEV };
enum stage passport_stage(const struct unit *unit, relver_str version);

/* The fixed part of the wheel's file name of the next Python package at or after *i, which moves
   past it; false: no more. Only the build knows the tags that follow. */
bool passport_wheel(struct arena *a, const struct passport *pass, size_t *i, relver_str *out);

/* The unit's version in a spelling: semver, npm, cargo, pep440, docker; NULL: the unit's own. Exit
   codes: 1, "no-version"; 2 when it has no such form. */
bool passport_spell(struct arena *a, const struct unit *unit, const char *style, relver_str *out,
                    struct fail *fail);

/* The tag it gets. */
bool passport_tag(struct arena *a, const struct unit *unit, relver_str *out, struct fail *fail);

#endif
