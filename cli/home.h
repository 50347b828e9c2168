/* home.h - where a pyproject.toml without a version says that its version is written; pure */
#ifndef RELVER_HOME_H
#define RELVER_HOME_H

#include "model.h"

struct home {
    const struct place *hint; /* what names it; NULL: nothing does */
    const char *why;          /* relver cannot follow the hint, because .. */
    struct list paths;        /* else: from the manifest; exactly one must be there */
    struct file_place place;  /* what to look for in it */
};

/* Follows what hatch, pdm, scikit-build, setuptools and flit read a version from. */
void home_find(struct arena *a, const struct file *pyproject, struct home *home);

/* A setting of a build tool that decides about the version, by its key; NULL: there is none. */
const struct place *home_hint(const struct file *pyproject, const char *key);

#endif
