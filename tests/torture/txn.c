/* txn - the file transaction alone, as a command, for the torture tests

   txn set OLD NEW FILE..   replace OLD by NEW in every file, at once or not at all; +FILE creates
                            FILE with the text NEW, -FILE removes it
   txn recover              only finish or undo what was left
   txn status               what a reading command does: exit 5 when something was left
   txn read FILE            print a file
   txn list DIR             print a directory
   Exit codes and messages are those of fs.h. */
#include "../../cli/fs.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct root root;
static struct fail fail;

static relver_str replace(relver_str text, const char *old, const char *new)
{
    struct text out = {.arena = &arena};
    size_t n = strlen(old);
    text_adds(&out, "");
    for (size_t i = 0; i < text.len;) {
        if (text.len - i >= n && !memcmp(text.ptr + i, old, n)) {
            text_adds(&out, new);
            i += n;
        } else {
            text_addc(&out, text.ptr[i++]);
        }
    }
    return relver_sn(out.ptr, out.len);
}

static bool change(struct fs_change *c, const char *name, const char *old, const char *new)
{
    char how = *name == '+' || *name == '-' ? *name : 0;
    c->path = name + (how != 0);
    bool is_new = how == '+' && fs_kind(&root, c->path) == FS_ABSENT;
    bool is_gone = how == '-' && fs_kind(&root, c->path) == FS_ABSENT;
    if (is_new || is_gone)
        c->after = relver_s(is_new ? new : NULL);
    else if (!fs_read(&root, &arena, c->path, &c->before, &fail))
        return false;
    else if (how != '-')
        c->after = how ? c->before : replace(c->before, old, new);
    return true;
}

static bool set(char **argv)
{
    size_t n = 0;
    bool did;
    if (!fs_lock(&root, &arena, &fail) || !fs_recover(&root, &arena, &did, &fail))
        return false;
    if (!argv[0] || !argv[1])
        return true;
    while (argv[2 + n])
        n++;
    struct fs_change *c = arena_alloc(&arena, n * sizeof *c);
    for (size_t i = 0; i < n; i++)
        if (!change(&c[i], argv[2 + i], argv[0], argv[1]))
            return false;
    return fs_commit(&root, &arena, c, n, &fail);
}

static bool status(void)
{
    const char *id;
    if (!fs_pending(&root, &arena, &id, &fail))
        return false;
    return !id || fail_set(&fail, &arena, 5, "half-way", ".",
        arena_printf(&arena, "half way, %s", id), "run `txn recover`", "a change is half way");
}

static bool read_file(const char *path)
{
    relver_str text;
    if (!fs_read(&root, &arena, path, &text, &fail))
        return false;
    fwrite(text.ptr, 1, text.len, stdout);
    return true;
}

static bool list(const char *path)
{
    struct fs_entry *e;
    size_t n;
    if (!fs_list(&root, &arena, path, &e, &n, &fail))
        return false;
    for (size_t i = 0; i < n; i++)
        printf("%c %s\n", "-fdo"[e[i].kind], e[i].name);
    return true;
}

int main(int argc, char **argv)
{
    static const char usage[] =
        "txn set OLD NEW FILE.. | recover | status | read FILE | list DIR";
    const char *op = argc > 1 ? argv[1] : "", *arg = argc > 2 ? argv[2] : "";
    bool ok = fs_open_root(&root, &arena, ".", arena_printf(&arena, "txn %s", op), &fail);
    if (!strcmp(op, "set") && argc > 4)
        ok = ok && set(argv + 2);
    else if (!strcmp(op, "recover"))
        ok = ok && set(argv + argc);
    else if (!strcmp(op, "status"))
        ok = ok && status();
    else if (!strcmp(op, "read"))
        ok = ok && read_file(arg);
    else if (!strcmp(op, "list"))
        ok = ok && list(arg);
    else
        ok = fail_set(&fail, &arena, 2, "usage", "txn", "nothing changed", "txn", "%s", usage);
    if (!ok)
        fprintf(stderr, "relver: error[%s]: %s: %s\n  state: %s\n  next: %s\n", fail.code,
            fail.path, fail.what, fail.state, fail.next);
    fs_unlock(&root);
    arena_free(&arena);
    return fail.status;
}
