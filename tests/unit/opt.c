/* The command line: every kind of option in every spelling, and each way to be wrong */
/* links: cli/opt.c cli/near.c cli/msg.c cli/str.c cli/arena.c cli/relver.c */
#include "../../cli/opt.h"
#include "../check.h"

static struct arena arena;
static struct context ctx;

static const struct option paint_options[] = {
    {"tag", 't', OPTION_TEXT, OPTION_AT(tag), "REF", "a text"},
    {"len", 0, OPTION_NUMBER, OPTION_AT(len), "N", "a number"},
    {"pre", 0, OPTION_FLAG, OPTION_AT(pre), NULL, "a flag"},
    {0},
};

static const struct command commands[] = {
    {"paint", "WHAT..", "paint something", paint_options, NULL, "WHAT is a wall.\n"},
    {"show", "", "show something", NULL, NULL, NULL},
    {0},
};

/* Parses the words of a line; gives the command's name, "" for none, NULL when refused. */
static const char *parse(const char *line)
{
    static char words[256];
    char *argv[16];
    int argc = 1;
    const struct command *command;
    memset(&ctx, 0, sizeof ctx);
    ctx.arena = &arena;
    argv[0] = words;
    memcpy(words, line, strlen(line) + 1);
    for (char *p = words; *p != '\0';) {
        argv[argc++] = p;
        p += strcspn(p, " ");
        if (*p == ' ')
            *p++ = '\0';
        else
            break;
    }
    argv[argc] = NULL;
    if (!opt_parse(&ctx, commands, argc, argv, &command))
        return NULL;
    return command != NULL ? command->name : "";
}

/* A line that must be refused, with a part of the message. */
static void wrong(const char *line, const char *what)
{
    CHECK_F(parse(line) == NULL, "taken: %s", line);
    CHECK_F(ctx.fail.status == 2 && strcmp(ctx.fail.code, "usage") == 0, "%s", line);
    CHECK_F(ctx.fail.what != NULL && strstr(ctx.fail.what, what) != NULL, "'%s' lacks '%s'",
            ctx.fail.what ? ctx.fail.what : "", what);
}

static void test_places(void)
{
    CHECK_STR(parse("-n -C dir --json paint a b -y --remote=up"), "paint");
    CHECK(ctx.opt.dry_run && ctx.opt.json && ctx.opt.yes && !ctx.opt.offline);
    CHECK_STR(ctx.opt.dir, "dir");
    CHECK_STR(ctx.opt.remote, "up");
    CHECK(ctx.count == 2 && strcmp(ctx.operands[1], "b") == 0);
    CHECK_STR(ctx.command, "relver -n -C dir --json paint a b -y --remote=up");
    CHECK_STR(parse(""), "");
    CHECK_STR(parse("--version"), "");
    CHECK(ctx.opt.version);
    CHECK_STR(parse("show -h"), "show");
    CHECK(ctx.opt.help);
}

static void test_values(void)
{
    CHECK_STR(parse("paint -tv1 --len 7 --pre -p a --package b -pc"), "paint");
    CHECK_STR(ctx.opt.tag, "v1");
    CHECK(ctx.opt.len == 7 && ctx.opt.pre && ctx.opt.packages.count == 3);
    CHECK_STR(ctx.opt.packages.at[2], "c");
    CHECK_STR(parse("paint -qvvt x --len=123456789 --tag="), "paint");
    CHECK(ctx.opt.quiet && ctx.opt.verbose && ctx.opt.len == 123456789);
    CHECK_STR(ctx.opt.tag, "");
    CHECK_STR(parse("paint --tag --pre"), "paint");
    CHECK_STR(ctx.opt.tag, "--pre");
    CHECK_STR(parse("paint --color never"), "paint");
    CHECK_STR(ctx.opt.color, "never");
    CHECK(!use_color(&ctx));
    CHECK_STR(parse("paint --color=always"), "paint");
    CHECK(use_color(&ctx));
    CHECK_STR(parse("paint - -- -x -- --json"), "paint");
    CHECK(ctx.count == 4 && !ctx.opt.json);
    CHECK_STR(ctx.operands[0], "-");
    CHECK_STR(ctx.operands[3], "--json");
}

static void test_wrong(void)
{
    wrong("pant", "unknown command 'pant'; the nearest is 'paint'");
    wrong("paint --tga x", "unknown option '--tga'; the nearest is '--tag'");
    wrong("paint --offlin", "'--offline'");
    wrong("show --tag x", "unknown option '--tag'");
    wrong("--tag x paint", "unknown option '--tag'");
    wrong("paint -x", "unknown option '-x'");
    wrong("paint -nx", "unknown option '-x'");
    wrong("paint --pre=1", "'--pre' takes no value");
    wrong("paint --tag", "'--tag' needs a value: REF");
    wrong("paint -t", "'-t' needs a value: REF");
    wrong("paint --len x", "'x' is no number for '--len'");
    wrong("paint --len 1x", "no number");
    wrong("paint --len=", "no number");
    wrong("paint --len 1234567890", "no number");
    wrong("paint --color blue", "'blue' is not one of auto|always|never for '--color'");
    wrong("paint --color a", "not one of");
    wrong("show this", "show takes no operands");
}

static void test_words(void)
{
    CHECK(opt_word("a|bc|d", "a") == 0 && opt_word("a|bc|d", "bc") == 1);
    CHECK(opt_word("a|bc|d", "d") == 2 && opt_word("a|bc|d", "b") == -1);
    CHECK(opt_word("a|bc|d", "") == -1 && opt_word("a|bc|d", NULL) == -1);
}

/* The help names every command and every option, in lines of at most 100 columns. */
static void test_help(void)
{
    struct text t = {.arena = &arena};
    opt_help(&t, commands, NULL);
    CHECK(strstr(t.ptr, "paint WHAT..") != NULL && strstr(t.ptr, "show something") != NULL);
    CHECK(strstr(t.ptr, "-p, --package NAME") != NULL && strstr(t.ptr, "-C DIR") != NULL);
    size_t lines = 0;
    for (const char *p = t.ptr; *p != '\0'; lines++) {
        size_t n = strcspn(p, "\n");
        CHECK_F(n <= 100, "%.*s", (int)n, p);
        p += n + (p[n] == '\n');
    }
    CHECK(lines <= 40);
    struct text one = {.arena = &arena};
    opt_help(&one, commands, &commands[0]);
    CHECK(strstr(one.ptr, "usage: relver paint WHAT..\n") == one.ptr);
    CHECK(strstr(one.ptr, "-t, --tag REF") != NULL && strstr(one.ptr, "WHAT is a wall.") != NULL);
    CHECK(strstr(one.ptr, "--offline") == NULL);
}

int main(void)
{
    test_places();
    test_values();
    test_wrong();
    test_words();
    test_help();
    arena_free(&arena);
    return check_done();
}
