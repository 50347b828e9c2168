#define _POSIX_C_SOURCE 200809L
#include "opt.h"

#include "near.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option global_options[] = {
    {NULL, 'C', OPTION_TEXT, OPTION_AT(dir), "DIR", "run as if started in DIR"},
    {"package", 'p', OPTION_LIST, OPTION_AT(packages), "NAME",
     "only this package; npm:NAME, cargo:NAME, pypi:NAME; may be repeated"},
    {"dry-run", 'n', OPTION_FLAG, OPTION_AT(dry_run), NULL, "show what would be done, do nothing"},
    {"yes", 'y', OPTION_FLAG, OPTION_AT(yes), NULL, "do not ask before what cannot be undone"},
    {"json", 0, OPTION_FLAG, OPTION_AT(json), NULL, "print JSON"},
    {"quiet", 'q', OPTION_FLAG, OPTION_AT(quiet), NULL, "print only results and errors"},
    {"verbose", 'v', OPTION_FLAG, OPTION_AT(verbose), NULL, "say more"},
    {"offline", 0, OPTION_FLAG, OPTION_AT(offline), NULL, "never use the network"},
    {"remote", 0, OPTION_TEXT, OPTION_AT(remote), "R", "the git remote to work with"},
    {"config", 0, OPTION_TEXT, OPTION_AT(config), "FILE", "read FILE instead of relver.toml"},
    {"color", 0, OPTION_CHOICE, OPTION_AT(color), "auto|always|never", "when to use colors"},
    {"help", 'h', OPTION_FLAG, OPTION_AT(help), NULL, "show this help"},
    {"version", 0, OPTION_FLAG, OPTION_AT(version), NULL, "show relver's own version"},
    {0},
};

int opt_word(const char *words, const char *text)
{
    return text != NULL ? str_word(words, relver_s(text)) : -1;
}

bool ctx_fail(struct context *ctx, int status, const char *code, const char *next, const char *fmt,
              ...)
{
    ARENA_FORMAT(ctx->arena, fmt, what);
    return fail_set(&ctx->fail, ctx->arena, status, code, NULL, "nothing changed", next, "%s",
                    what);
}

bool ctx_usage(struct context *ctx, const char *fmt, ...)
{
    ARENA_FORMAT(ctx->arena, fmt, what);
    bool named = ctx->name != NULL;
    const char *help = arena_printf(ctx->arena, named ? "relver %s --help" : "relver%s --help",
                                    named ? ctx->name : "");
    return ctx_fail(ctx, 2, "usage", help, "%s", what);
}

/*-- parsing -------------------------------------------------------------------------------------*/

struct parser {
    struct context *ctx;
    const struct command *commands, *command;
    char **next; /* the rest of argv */
};

/* The row of an option by its name or, when name is absent, by its letter. */
static const struct option *find_row(const struct option *rows, relver_str name, char letter)
{
    for (; rows != NULL && rows->help != NULL; rows++)
        if (name.ptr != NULL ? rows->name != NULL && relver_eq(name, relver_s(rows->name))
                             : rows->letter == letter && letter != 0)
            return rows;
    return NULL;
}

static const struct option *find_option(const struct parser *p, relver_str name, char letter)
{
    const struct option *row = find_row(global_options, name, letter);
    if (row == NULL && p->command != NULL)
        row = find_row(p->command->options, name, letter);
    return row;
}

static bool unknown_option(struct parser *p, relver_str name)
{
    struct near near = {name, {NULL, 0}, 0};
    const struct option *tables[] = {global_options, p->command ? p->command->options : NULL};
    for (size_t i = 0; i < 2; i++)
        for (const struct option *row = tables[i]; row != NULL && row->help != NULL; row++)
            if (row->name != NULL)
                near_try(&near, relver_s(row->name));
    return ctx_usage(p->ctx, "unknown option '--%.*s'; the nearest is '--%.*s'", STR(name),
                     STR(near.best));
}

/* Puts a value, NULL for a flag, where the row says. */
static bool take_value(struct parser *p, const struct option *row, const char *value)
{
    void *at = (char *)&p->ctx->opt + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)at = true;
        return true;
    case OPTION_NUMBER:
        return str_number(relver_s(value), at) ||
               ctx_usage(p->ctx, "'%s' is no number for '--%s'", value, row->name);
    case OPTION_LIST:
        list_add(p->ctx->arena, at, value);
        return true;
    case OPTION_CHOICE:
        if (opt_word(row->arg, value) < 0)
            return ctx_usage(p->ctx, "'%s' is not one of %s for '--%s'", value, row->arg,
                             row->name);
        break;
    case OPTION_TEXT:
        break;
    }
    *(const char **)at = value;
    return true;
}

/* "--name", "--name=value" or "--name value". */
static bool take_long(struct parser *p, const char *arg)
{
    const char *equals = strchr(arg, '=');
    relver_str name = relver_sn(arg, equals != NULL ? (size_t)(equals - arg) : strlen(arg));
    const struct option *row = find_option(p, name, 0);
    if (row == NULL)
        return unknown_option(p, name);
    if (row->arg == NULL && equals != NULL)
        return ctx_usage(p->ctx, "'--%s' takes no value", row->name);
    if (row->arg == NULL)
        return take_value(p, row, NULL);
    if (equals == NULL && *p->next == NULL)
        return ctx_usage(p->ctx, "'--%s' needs a value: %s", row->name, row->arg);
    return take_value(p, row, equals != NULL ? equals + 1 : *p->next++);
}

/* "-abc"; the value of the last one may follow at once or be the next argument. */
static bool take_short(struct parser *p, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        const struct option *row = find_option(p, relver_s(NULL), *letters);
        if (row == NULL)
            return ctx_usage(p->ctx, "unknown option '-%c'", *letters);
        if (row->arg == NULL) {
            take_value(p, row, NULL);
            continue;
        }
        const char *value = letters[1] != '\0' ? letters + 1 : *p->next;
        if (value == NULL)
            return ctx_usage(p->ctx, "'-%c' needs a value: %s", *letters, row->arg);
        p->next += letters[1] == '\0';
        return take_value(p, row, value);
    }
    return true;
}

static bool take_command(struct parser *p, const char *name)
{
    struct near near = {relver_s(name), {NULL, 0}, 0};
    for (const struct command *c = p->commands; c->name != NULL; c++) {
        near_try(&near, relver_s(c->name));
        if (strcmp(c->name, name) == 0) {
            p->command = c;
            p->ctx->name = c->name;
            return true;
        }
    }
    return ctx_usage(p->ctx, "unknown command '%s'; the nearest is '%.*s'", name, STR(near.best));
}

static const char *typed(struct arena *a, char **argv)
{
    struct text t = {.arena = a};
    text_adds(&t, "relver");
    for (; *argv != NULL; argv++)
        text_addf(&t, " %s", *argv);
    return t.ptr;
}

bool opt_parse(struct context *ctx, const struct command *commands, int argc, char **argv,
               const struct command **command)
{
    struct parser p = {ctx, commands, NULL, argv + (argc > 0)};
    bool options = true, ok = true;
    ctx->command = typed(ctx->arena, p.next);
    ctx->operands = arena_alloc(ctx->arena, (size_t)argc * sizeof *ctx->operands);
    while (ok && *p.next != NULL) {
        const char *arg = *p.next++;
        if (options && strcmp(arg, "--") == 0)
            options = false;
        else if (options && strncmp(arg, "--", 2) == 0)
            ok = take_long(&p, arg + 2);
        else if (options && arg[0] == '-' && arg[1] != '\0')
            ok = take_short(&p, arg + 1);
        else if (p.command == NULL)
            ok = take_command(&p, arg);
        else
            ctx->operands[ctx->count++] = arg;
    }
    *command = p.command;
    bool none = p.command != NULL && *p.command->args == '\0' && !ctx->opt.help;
    if (ok && none && ctx->count > 0)
        return ctx_usage(ctx, "%s takes no operands; -p names packages", ctx->name);
    return ok;
}

bool use_color(const struct context *ctx)
{
    const char *when = ctx->opt.color, *none = getenv("NO_COLOR"), *term = getenv("TERM");
    if (when != NULL && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    return isatty(STDOUT_FILENO) && (none == NULL || *none == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

/*-- help ----------------------------------------------------------------------------------------*/

enum { HELP_COLUMN = 26 };

/* Two columns; a wide first one gets a line of its own. */
static void add_row(struct text *out, const char *left, const char *right)
{
    if (strlen(left) + 2 > HELP_COLUMN)
        text_addf(out, "  %s\n  %*s%s\n", left, HELP_COLUMN, "", right);
    else
        text_addf(out, "  %-*s%s\n", HELP_COLUMN, left, right);
}

static void add_options(struct text *out, const char *title, const struct option *row)
{
    if (row == NULL || row->help == NULL)
        return;
    text_addf(out, "\n%s\n", title);
    for (; row->help != NULL; row++) {
        struct text left = {.arena = out->arena};
        if (row->letter != 0)
            text_addf(&left, "-%c%s", row->letter, row->name != NULL ? ", " : " ");
        else
            text_adds(&left, "    ");
        if (row->name != NULL)
            text_addf(&left, "--%s%s", row->name, row->arg != NULL ? " " : "");
        text_adds(&left, row->arg != NULL ? row->arg : "");
        add_row(out, left.ptr, row->help);
    }
}

void opt_help(struct text *out, const struct command *commands, const struct command *command)
{
    if (command != NULL) {
        text_addf(out, "usage: relver %s%s%s\n\n%s\n", command->name,
                  *command->args != '\0' ? " " : "", command->args, command->help);
        if (command->more != NULL)
            text_addf(out, "\n%s", command->more);
        add_options(out, "options", command->options);
        text_adds(out, "\nThe options of every command: relver --help\n");
        return;
    }
    text_adds(out, "usage: relver [OPTION..] COMMAND ..\n\n"
                   "One version, spelt right in every ecosystem, changed in every file at once "
                   "or not at all.\n\ncommands\n");
    for (const struct command *c = commands; c->name != NULL; c++)
        add_row(out, arena_printf(out->arena, "%s %s", c->name, c->args), c->help);
    add_options(out, "options of every command", global_options);
}
