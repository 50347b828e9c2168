/* template.h - relver.toml's templates: names and messages with {placeholders}; pure */
#ifndef RELVER_TEMPLATE_H
#define RELVER_TEMPLATE_H

#include "model.h"

/* What the placeholders stand for; one whose text is absent cannot be filled here. */
struct filling {
    const struct unit *unit; /* {name}, and its version (its target, when it has one): {version},
                                {version:pep440} {version:npm} {version:docker}, {base} without a
                                prerelease, {next} the patch after it, {major} {minor} {patch},
                                {label} */
    relver_str date;         /* YYYYMMDD */
    relver_str changes;      /* the changelog's lines */
    relver_str releases;     /* "demo v1.2.3 + demo-py v0.4.0" */
};

/* Exit code 2, "config.template", naming the key, when a placeholder has nothing to stand for. */
bool template_fill(struct arena *a, enum config_key key, relver_str tmpl,
                   const struct filling *with, relver_str *out, struct fail *fail);

#endif
