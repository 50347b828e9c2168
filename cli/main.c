/* relver - one version, spelt right in every ecosystem, changed in every file at once or not at
   all. The table of commands and the way out; nothing else. */
#include "cmd.h"
#include "msg.h"

#include <stdio.h>

static const struct command commands[] = {
    {"init", "", "write a relver.toml, or say that none is needed", init_options, cmd_init, NULL},
    {"status", "", "list every place a version lives, and what has drifted", status_options,
     cmd_status, NULL},
    {"show", "KEY", "print a value: version, next, tag, prev-tag, notes, tags, branch, lines, why, "
     "dist-tag", show_options, cmd_show,
     "notes [V]: what the changelog says of the version, or of V.\n"},
    {"check", "[GATE..]", "run gates: aligned, lock, changelog, clean, branch, version, artifacts, "
     "free, publishers, tag", check_options, cmd_check, NULL},
    {"add", "[NAME=LEVEL ..]", "write down what changed, for the next release", add_options,
     cmd_add, NULL},
    {"bump", "WHAT..", "change the version in every file at once, or in none", bump_options,
     cmd_bump,
     "WHAT is a version (1.2.3), a level (major minor patch, alpha beta rc release dev,\n"
     "or two words such as minor rc), or pairs: NAME=VERSION, NAME=LEVEL. auto takes the\n"
     "level of each package from its changesets, or else from the conventional commits since\n"
     "its last stable tag; snapshot, or snapshot TAG, makes 0.0.0-TAG-TIME of the changesets.\n"},
    {"branch", "X.Y", "cut a release line from the remote's main, which goes on to the next",
     branch_options, cmd_branch, NULL},
    {"stamp", "", "give the tree a version for one build; --restore takes it back", stamp_options,
     cmd_stamp, stamp_more},
    {"tag", "", "make the tags of a release, behind the gates; --push pushes them", tag_options,
     cmd_tag, tag_more},
    {"publish", "", "upload what the registries lack, each thing once, in the order of need",
     publish_options, cmd_publish, publish_more},
    {"verify", "[V]", "prove that a version is out: packages, files, digests, dist-tags",
     verify_options, cmd_verify, "V is the version that is written, unless another is named.\n"},
    {"yank", "V", "withdraw a version wherever it is out", yank_options, cmd_yank, yank_more},
    {"version", "OP ..", "check, compare, convert, match, bump, stamp, sort, dist-tag",
     version_options, cmd_version, version_more},
    {"edit", "FILE KEY [VALUE]", "print or replace one string, touching no other byte",
     edit_options, cmd_edit, edit_more},
    {0},
};

static int help(struct context *ctx, const struct command *command)
{
    struct text t = {.arena = ctx->arena};
    opt_help(&t, commands, command);
    fwrite(t.ptr, 1, t.len, stdout);
    return 0;
}

static int run(struct context *ctx, int argc, char **argv)
{
    const struct command *command;
    if (!opt_parse(ctx, commands, argc, argv, &command))
        return ctx->fail.status;
    if (ctx->opt.version && command == NULL) {
        puts("relver " RELVER_VERSION);
        return 0;
    }
    if (ctx->opt.help || command == NULL)
        return help(ctx, command);
    return command->run(ctx);
}

/* What was printed must have arrived: a full disk behind a pipe is an error, not a result. */
static int finish(struct context *ctx, int status)
{
    if ((fflush(stdout) != 0 || ferror(stdout)) && ctx->fail.status == 0) {
        fail_set(&ctx->fail, ctx->arena, 8, "io.stdout", NULL, "see `relver status`",
                 "mend the output, then run the same command again",
                 "cannot write to the standard output");
        status = 8;
    }
    if (ctx->fail.status != 0)
        fail_print(ctx->arena, &ctx->fail);
    return status;
}

int main(int argc, char **argv)
{
    struct arena arena = {0};
    struct context ctx = {.arena = &arena};
    int status = finish(&ctx, run(&ctx, argc, argv));
    arena_free(&arena);
    return status;
}
