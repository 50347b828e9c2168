/* config.h - relver.toml: at most 25 keys, each a row of one table

   Reading it makes a tree of values first, each with its place, and then checks the tree against
   the table. Values stay available by key; those with a form of their own are parsed as well. */
#ifndef RELVER_CONFIG_H
#define RELVER_CONFIG_H

#include "fs.h"

/* The keys; those after KEY_COMMIT may be set for one package, too. */
enum config_key {
    KEY_REMOTE, KEY_BRANCH, KEY_MAINTAINED, KEY_NIGHTLY, KEY_NIGHTLY_BRANCHES, KEY_CHANGESETS,
    KEY_MERGE, KEY_CI, KEY_SOAK, KEY_RUN, KEY_PUBLISH, KEY_REGISTRIES, KEY_COMMIT, KEY_SCHEME,
    KEY_TAG, KEY_DEV_TAG, KEY_TAG_MESSAGE, KEY_CHANGELOG, KEY_NOTES, KEY_RELEASE, KEY_FILES,
    KEY_PINS, KEY_TO, KEY_DIST_TAG, KEY_EXPECT, KEY_COUNT
};

enum value_kind {
    VALUE_NONE, /* not set */
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_FALSE,
    VALUE_TRUE,
    VALUE_LIST,
    VALUE_MAP
};

/* One value as written. */
struct value {
    enum value_kind kind;
    relver_str key;  /* its name in the map that holds it, decoded */
    relver_str text; /* decoded; of a number, its digits */
    struct value *items; /* of a list or a map, in the order of the file */
    size_t count;
    size_t line, col; /* where its key stands; of a list's item, where it begins */
    bool defined; /* written in one piece, by a header or an inline table: not to be opened again */
};

/* An entry of `files`. */
struct file_place {
    const char *path; /* a glob, from the root */
    const char *what; /* a key path, a constant, or a line's text around {version}; NULL: by the
                         file's kind */
    bool is_key;
    const char *spelling; /* "pep440", "npm", "docker" from {version:..}; NULL: the unit's scheme */
    size_t times;  /* how often it stands in each file; FILES_ANY */
    bool optional; /* no such file, or no such place, is fine */
    enum {
        PLACE_IS_COPY, /* it repeats the version of a unit */
        HOME_CONSTANT, /* a manifest says: here is the version, in a constant of Python .. */
        HOME_FILE      /* .. or the file says nothing else */
    } home;
    size_t line, col;
};

#define FILES_ANY ((size_t)-1)

/* An entry of `pins`. */
struct pin {
    relver_str pattern; /* a package's name; '*' stands for any text */
    relver_pin how;
};

enum scheme {
    SCHEME_DEFAULT, /* not set: PEP 440 where every package is Python's, else SemVer */
    SCHEME_SEMVER,
    SCHEME_PEP440
};

/* What holds for the repository, or for one package: there, a key that it does not set is the
   repository's. All zero is a configuration that sets nothing. */
struct settings {
    struct value value[KEY_COUNT];
    enum scheme scheme;
    bool own_version; /* a tag of its own, or one with {name}: not the version of all */
    struct file_place *files;
    size_t file_count;
    struct pin *pins;
    size_t pin_count;
};

struct package_settings {
    relver_str name;
    size_t line, col;
    struct settings settings;
};

struct config {
    const char *path; /* NULL: there is no relver.toml */
    struct settings top;
    struct package_settings *packages;
    size_t package_count;
};

/* The key's name. */
const char *config_key_name(enum config_key key);

/* Parses relver.toml's bytes; path is for messages. Exit code 2, with FILE:LINE:COL. */
bool config_parse(struct arena *a, const char *path, relver_str text, struct config *out,
                  struct fail *fail);

/* The project's configuration, if it has one: `file` (from the root) or, when file is NULL,
   relver.toml or .relver.toml in the root. Both at once is exit code 2, as is a `file` that is not
   there. */
bool config_load(struct arena *a, const struct root *root, const char *file, struct config *out,
                 struct fail *fail);

/* The nearest directory at or above dir (absolute) with a relver.toml or a .relver.toml; NULL when
   there is none up to the file system's root. */
const char *config_find(struct arena *a, const char *dir);

/* What holds for a package; never NULL. */
const struct settings *config_for(const struct config *config, relver_str name);

/* The text of a key; absent when it is not set or false. */
relver_str settings_text(const struct settings *settings, enum config_key key);

/* The number of a key; SIZE_MAX when it is not set, or has more than nine digits. */
size_t settings_number(const struct settings *settings, enum config_key key);

/* The list under a key of a map (`to`, `run`), or NULL. */
const struct value *settings_entry(const struct settings *settings, enum config_key key,
                                   const char *entry);

/* How requirements on a package follow it: the first of `pins` that names it; NULL: none does. */
const struct pin *settings_pinned(const struct settings *settings, relver_str name);

/* The same, with RELVER_PIN_AUTO where none does. */
relver_pin settings_pin(const struct settings *settings, relver_str name);

#endif
