/* model.h - what a repository is to relver: files, the places in them where a version stands, the
   packages those places speak of, and the units that are released as one

   Data flows one way: load.c reads the files, scan.c (pure) finds the places, bind.c (pure) binds
   them to packages and units, plan.c (pure) says what each place should read. `check` asks the
   same question as `bump`, with the versions that are there already. */
#ifndef RELVER_MODEL_H
#define RELVER_MODEL_H

#include "../relver.h"
#include "arena.h"
#include "config.h"
#include "msg.h"
#include "str.h"

enum file_kind {
    FILE_CARGO,      /* Cargo.toml */
    FILE_NPM,        /* package.json */
    FILE_PYPROJECT,  /* pyproject.toml */
    FILE_CARGO_LOCK, /* Cargo.lock */
    FILE_NPM_LOCK,   /* package-lock.json, npm-shrinkwrap.json */
    FILE_PNPM,       /* pnpm-workspace.yaml */
    FILE_PNPM_LOCK,  /* pnpm-lock.yaml */
    FILE_UV_LOCK,    /* uv.lock */
    FILE_EXTRA       /* a file that relver.toml's `files` names */
};

enum place_kind {
    PLACE_VERSION,     /* a package's own version */
    PLACE_WORKSPACE,   /* Cargo: the version that members inherit */
    PLACE_INHERITED,   /* the manifest takes its version from the workspace's */
    PLACE_DYNAMIC,     /* the manifest leaves its version to the build .. */
    PLACE_HINT,        /* .. and this says where the build finds it: see home.h */
    PLACE_REQUIREMENT, /* a requirement on a package of ours */
    PLACE_LOCK,        /* a package's own version in a lock file */
    PLACE_LOCK_REF,    /* "name version" in a lock file; at is the version */
    PLACE_LOCK_COPY,   /* a requirement repeated in a lock file */
    PLACE_EXTRA        /* a place that relver.toml's `files` names */
};

/* Where a version, or a requirement, stands. */
struct place {
    enum place_kind kind;
    relver_eco eco;
    struct file *file;
    relver_str at;   /* the bytes to replace, inside their quotes */
    relver_str text; /* what they say, decoded */
    char quote;      /* as in relver_node; RELVER_OPAQUE for a part of a string */
    relver_str name; /* the package they speak of; absent: the file's own */
    relver_str dir;  /* lock files: the directory of the package whose entry this is .. */
    relver_str owner; /* .. or its name */
    relver_str table; /* a requirement's, where a lock file tells them apart: "devDependencies",
                         "extra NAME", "group NAME", "catalog NAME"; absent in one that does not */
    const char *key; /* the key path, as `relver edit` takes it */
    bool fixed;      /* spelt in a way that stands in the way: may be read, not replaced */
    const struct file_place *rule; /* PLACE_EXTRA: its line of relver.toml; PLACE_VERSION: the
                                      manifest's own hint, when it stands in another file */

    struct package *package; /* bound by bind.c; NULL: not ours */
    struct unit *unit;       /* PLACE_EXTRA, and a requirement on somebody else's package that
                                follows: whose version it repeats */
    relver_pin pin;          /* PLACE_REQUIREMENT: how it follows */
    struct place *source;    /* PLACE_LOCK_COPY: the manifest's requirement it repeats;
                                PLACE_REQUIREMENT: a copy that repeats it;
                                PLACE_LOCK_REF: the entry it refers to */
    relver_str want;         /* plan: what it should say; absent: what it says */
    struct place *next;      /* of the same unit */
    size_t line, col;        /* of `at`, once place_where was asked; 0: not yet */
};

struct file {
    const char *path; /* from the root */
    const char *dir;  /* "" or with a trailing slash */
    enum file_kind kind;
    relver_format format;
    relver_str text;
    struct place *places; /* in the order of the file, then those of `files` */
    size_t count;
    const struct file_place **rules; /* the `files` entries that name this file */
    size_t rule_count;

    /* what a manifest says of itself */
    relver_str name;
    struct package *self; /* the package it describes, if it is ours */
    struct file *root; /* the manifest of its workspace; itself when it is in none */
    bool foreign;      /* the root of another workspace inside this one: left alone */
    bool workspace; /* it is the root of a workspace */
    bool package;   /* it describes a package, not only a workspace */
    bool unpublished; /* .. that is never published */
    bool publish_shared, members_unpublished; /* Cargo: the workspace says whether; and says no */
    bool napi;      /* npm: what lies below npm/ are its binaries, of the same version */
    bool wasm;      /* Cargo: wasm-pack makes an npm package of the crate */
    relver_str crate; /* pyproject: the Cargo.toml that maturin builds; absent: the one beside it */
    relver_str *members, *excludes, *paths; /* globs; directories of path dependencies */
    relver_str *shared; /* Cargo: the keys of dependencies that are taken from the workspace's */
    size_t member_count, exclude_count, path_count, shared_count;
    size_t copied; /* the place behind the last one that a lock file's was found to repeat */
    struct file *home; /* where its version is instead .. */
    const struct file_place *home_rule;
    struct fail *lost; /* .. or why that cannot be read */
};

/* One package of one ecosystem. */
struct package {
    relver_eco eco;
    relver_str name;
    struct file *manifest;
    struct place *version; /* where its version is written; NULL: derived by the build, or none */
    struct place *entry;   /* its own entry in a lock file read so far */
    struct unit *unit;
    bool dynamic; /* the build says its version */
    bool wheel; /* a crate that a Python package is built from */
};

/* What is released as one, under one version. */
struct unit {
    relver_str name;
    relver_eco scheme;               /* SEMVER or PEP440: how its version is spelt */
    const struct settings *settings; /* relver.toml's, with the defaults */
    struct package **packages;
    size_t count;
    struct place *anchor; /* the place that says its version */
    struct place *places, *last; /* those that say or follow it, in the order of the files */
    relver_str version;   /* as the scheme spells it; absent when no place says one */
    relver_str base;      /* what a level counts from, where that is another version */
    bool silent; /* has no part in it when all go together: no written version; or never released,
                    as it says itself or by its version 0.0.0, and apart from what is */
    relver_str target;    /* plan: the version it goes to; the same as version: stays */
    relver_str stamped[RELVER_PEP440 + 1]; /* plan: by ecosystem, where each has a text of its own;
                                              absent: the target as it is spelt there */
    bool named;    /* plan: a requirement that follows exactly need not be a plain one */
    bool packaged; /* plan: versions that are inherited or left to the build are written out */
};

struct project {
    struct root *root; /* fs.h */
    struct config config;
    bool configured; /* there is a relver.toml */
    struct file **files;
    size_t file_count;
    struct package **packages;
    size_t package_count;
    struct unit **units;
    size_t unit_count;
    struct unit *lead;   /* says the project's version; NULL: several have one of their own */
    struct list unread; /* lock files that are reported, not edited */
};

/* The ecosystem's name for people: "cargo", "npm", "pypi", "semver". */
const char *eco_name(relver_eco eco);

/* {"ecosystem": .., "name": .., "version": ..} */
void json_package(struct text *t, const struct package *package, relver_str version);

/* The template of the unit's tags; "v{version}", the field's habit, when none is configured. */
relver_str unit_tag(const struct unit *unit);

/* Why a version of the unit cannot be read, though its manifest says where it is; NULL: all can. */
const struct fail *unit_lost(const struct unit *unit);

/* The unit whose version a place says or follows; NULL: nobody's here. */
struct unit *place_unit(const struct place *p);

/* The first place of a kind; NULL: none. */
struct place *file_find(const struct file *f, enum place_kind kind);

/* The project's file at a path, if relver edits that; else NULL. */
struct file *project_file(const struct project *project, const char *path);

/* The line and column of a place. */
void place_where(const struct place *p, size_t *line, size_t *col);

/* A failure at a place; nothing is changed yet. Returns false. */
bool place_fail(struct arena *a, const struct place *p, int status, const char *code,
                const char *next, struct fail *fail, const char *fmt, ...) ARENA_PRINTF(7, 8);

#endif
