/* relver edit - print or replace one string of a file, touching no other byte */
#include "cmd.h"
#include "diff.h"
#include "scan.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

#define FORMATS "toml|json|yaml|text" /* in the order of relver_format */

const struct option edit_options[] = {
    {"format", 0, OPTION_CHOICE, OPTION_AT(format), FORMATS,
     "what the file is, where its name does not tell"},
    {0},
};

const char edit_more[] =
    "FILE is TOML (.toml, Cargo.lock, uv.lock), JSON, YAML, or else text; - is standard input,\n"
    "and the result then goes to standard output. KEY is a dotted key, in every format:\n"
    "  workspace.package.version   packages.\"crates/node\".version   a.b[0]\n"
    "  package[name=demo].version\n"
    "and in text a line's text around {version}:  #define VERSION \"{version}\"\n";

struct editor {
    struct context *ctx;
    struct root root;
    const char *file, *name; /* as typed; the same in root */
    bool stdin_;
    relver_format format;
    relver_str doc;
};

/* What is not in the document is a plain no (1); what cannot be edited safely is 2. */
static bool refuse(struct editor *e, const char *key, const relver_diag *diag)
{
    struct context *ctx = e->ctx;
    bool about_key = diag->err == RELVER_BAD_PATH, missing = diag->err == RELVER_MISSING;
    fail_set(&ctx->fail, ctx->arena, missing ? 1 : 2, relver_code(diag->err), e->file,
             "nothing changed", about_key ? "relver edit --help"
                                          : arena_printf(ctx->arena, "look at %s", e->file),
             "'%s': %s", key, diag->what);
    if (!about_key && !missing)
        relver_locate(e->doc, diag->pos, &ctx->fail.line, &ctx->fail.col);
    return false;
}

/*-- reading -------------------------------------------------------------------------------------*/

static bool read_stdin(struct editor *e)
{
    struct text t = {.arena = e->ctx->arena};
    char chunk[8192];
    size_t n;
    text_adds(&t, "");
    while ((n = fread(chunk, 1, sizeof chunk, stdin)) > 0)
        text_add(&t, chunk, n);
    if (ferror(stdin))
        return ctx_fail(e->ctx, 8, "io.stdin", "mend the input, then run the same command again",
                        "cannot read the standard input");
    e->doc = relver_sn(t.ptr, t.len);
    return true;
}

static bool read_file(struct editor *e, bool write)
{
    struct context *ctx = e->ctx;
    const char *path = e->file;
    if (ctx->opt.dir != NULL && *path != '/')
        path = arena_printf(ctx->arena, "%s/%s", ctx->opt.dir, path);
    if (!fs_open_beside(&e->root, ctx->arena, path, ctx->command, &e->name, &ctx->fail) ||
        !project_settle(ctx, write ? PROJECT_WRITE : PROJECT_READ, &e->root))
        return false;
    if (fs_read(&e->root, ctx->arena, e->name, &e->doc, &ctx->fail))
        return true;
    ctx->fail.path = e->file;
    return false;
}

/*-- the two things to do ------------------------------------------------------------------------*/

static bool find(struct editor *e, const char *key, relver_node *node, relver_str *text)
{
    relver_diag diag;
    if (relver_find(e->doc, e->format, relver_s(key), node, &diag) != RELVER_OK)
        return refuse(e, key, &diag);
    if (node->kind != RELVER_STRING && node->kind != RELVER_LINE) {
        diag.err = RELVER_NOT_STRING;
        diag.pos = (size_t)(node->value.ptr - e->doc.ptr);
        diag.what = relver_strerror(diag.err);
        return refuse(e, key, &diag);
    }
    *text = str_decode(e->ctx->arena, e->format, node);
    return true;
}

static bool replace(struct editor *e, const char *key, const relver_node *node,
                    relver_str value, relver_edit *edit, relver_str *after)
{
    relver_diag diag;
    if (relver_set_node(e->doc, e->format, node, value, edit, &diag) != RELVER_OK)
        return refuse(e, key, &diag);
    relver_buf out = str_room(e->ctx->arena, e->doc.len + value.len + 8);
    if (relver_apply(&out, e->doc, edit, 1, &diag) != RELVER_OK)
        return refuse(e, key, &diag);
    *after = relver_view(&out);
    return true;
}

static bool change(struct editor *e, const char *key, const relver_node *node, relver_str value)
{
    struct context *ctx = e->ctx;
    relver_edit edit;
    struct fs_change file = {e->name, e->doc, {NULL, 0}};
    if (!replace(e, key, node, value, &edit, &file.after))
        return false;
    if (ctx->opt.dry_run) {
        struct text t = {.arena = ctx->arena};
        text_adds(&t, "");
        diff_edits(&t, e->stdin_ ? "stdin" : e->file, e->doc, &edit, 1, use_color(ctx));
        fwrite(t.ptr, 1, t.len, stdout);
        return true;
    }
    if (e->stdin_) {
        fwrite(file.after.ptr, 1, file.after.len, stdout);
        return true;
    }
    return fs_commit(&e->root, ctx->arena, &file, 1, &ctx->fail);
}

static bool edit(struct editor *e)
{
    struct context *ctx = e->ctx;
    const char *key = ctx->operands[1], *value = ctx->count == 3 ? ctx->operands[2] : NULL;
    relver_node node;
    relver_str text;
    if (!find(e, key, &node, &text))
        return false;
    if (value == NULL) {
        fwrite(text.ptr, 1, text.len, stdout);
        putchar('\n');
        return true;
    }
    if (!relver_eq(text, relver_s(value)))
        return change(e, key, &node, relver_s(value));
    if (e->stdin_ && !ctx->opt.dry_run)
        fwrite(e->doc.ptr, 1, e->doc.len, stdout);
    return true;
}

int cmd_edit(struct context *ctx)
{
    struct editor e = {.ctx = ctx};
    if (ctx->count < 2 || ctx->count > 3)
        return ctx_usage(ctx, "name a file and a key"), 2;
    e.file = ctx->operands[0];
    e.stdin_ = strcmp(e.file, "-") == 0;
    if (e.stdin_ && ctx->opt.format == NULL)
        return ctx_usage(ctx, "say what the standard input is: --format " FORMATS), 2;
    e.format = ctx->opt.format != NULL ? (relver_format)opt_word(FORMATS, ctx->opt.format)
                                       : file_format(e.file);
    bool write = ctx->count == 3 && !ctx->opt.dry_run;
    bool ok = e.stdin_ ? read_stdin(&e) : read_file(&e, write);
    if (e.stdin_)
        e.file = "stdin";
    return ok && edit(&e) ? 0 : ctx->fail.status;
}
