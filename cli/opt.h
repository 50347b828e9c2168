/* opt.h - the command line as data: commands and options are rows of tables, which parsing and
   `--help` both read */
#ifndef RELVER_OPT_H
#define RELVER_OPT_H

#include "arena.h"
#include "msg.h"

#include <stdbool.h>
#include <stddef.h>

/* Every option's value, whatever the command; all zero when not given. */
struct options {
    bool help;
    bool version;
    /* global */
    const char *dir;
    struct list packages;
    bool dry_run, yes, json, quiet, verbose, offline;
    const char *remote, *config, *color;
    /* status, show, check, bump */
    bool online, from_git, stable;
    size_t recent;
    const char *tag;
    struct list deps, overrides;
    bool commit, pr, signoff;
    /* branch */
    bool retire;
    const char *next, *hotfix;
    /* add */
    const char *type;
    bool empty;
    /* stamp, init */
    bool nightly, print, env, restore;
    const char *exact;
    /* add, tag, verify */
    const char *message, *wait;
    bool sign, push, dev, undo, all_tags, fix;
    /* publish, yank */
    const char *reason;
    struct list registries;
    /* version */
    const char *style, *from, *to, *preid, *base, *sha, *tags, *kind;
    size_t len;
    bool pre, class;
    /* edit */
    const char *format;
};

enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char *: the last one given */
    OPTION_CHOICE, /* const char *: one of arg's words, "auto|always|never" */
    OPTION_NUMBER, /* size_t, decimal */
    OPTION_LIST    /* struct list */
};

/* A row of an option table, which ends with {0}. */
struct option {
    const char *name; /* without its dashes */
    char letter;      /* of the short form, or 0 */
    enum option_kind kind;
    size_t offset;    /* of its value in struct options */
    const char *arg;  /* for help: what the value is; NULL: takes none */
    const char *help;
};

#define OPTION_AT(field) offsetof(struct options, field)

struct context;

/* A row of the command table, which ends with {0}. */
struct command {
    const char *name, *args, *help;
    const struct option *options; /* NULL: only the global ones */
    int (*run)(struct context *ctx); /* the exit code; the failure, if any, is in ctx->fail */
    const char *more; /* further lines of its help, or NULL */
};

struct context {
    struct arena *arena;
    const char *command; /* what the user typed, for the lock and for messages */
    const char *name;    /* the command's; NULL: none yet */
    struct options opt;
    const char **operands;
    size_t count;
    struct fail fail;
};

/* Reads argv into ctx->opt and ctx->operands, and finds the command: NULL when none was named.
   Global options may stand anywhere, the others after their command; "--" ends options. Exit code 2
   for anything that the tables do not know, and for an operand where the command's args are "". */
bool opt_parse(struct context *ctx, const struct command *commands, int argc, char **argv,
               const struct command **command);

/* The help of one command, or of all when command is NULL. */
void opt_help(struct text *out, const struct command *commands, const struct command *command);

/* Fills ctx->fail: nothing is changed yet, and no file is to blame. The second is wrong use: exit
   code 2, and the command's help is next. Both return false. */
bool ctx_fail(struct context *ctx, int status, const char *code, const char *next, const char *fmt,
              ...) ARENA_PRINTF(5, 6);
bool ctx_usage(struct context *ctx, const char *fmt, ...) ARENA_PRINTF(2, 3);

/* Whether standard output shall be colored: --color, else NO_COLOR, TERM and whether it is a
   terminal. */
bool use_color(const struct context *ctx);

/* Which word of "a|b|c" text is, from 0; -1 when it is none (or NULL). */
int opt_word(const char *words, const char *text);

#endif
