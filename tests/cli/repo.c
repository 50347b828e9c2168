/* repo - what cli/repo.h says of the repository here and does to it, as a command for repo.sh

   repo head | branch | tags
   repo below TAG HEAD                      yes or no, of two full ids
   repo object SPEC                         its bytes
   repo added PATH..                        which commit added each
   repo changes [PATH..]                    '?' before what git does not know
   repo commit MESSAGE PATH..               what stands for an absent id is '-'
   repo reset PATH..
   repo commit-on PARENT MESSAGE [PATH TEXT | PATH -]..
   repo tag NAME COMMIT [MESSAGE]
   repo move REF FROM TO
   repo refs REMOTE
   repo fetch REMOTE REF
   repo push REMOTE OID REF SEEN
   SIGNOFF and SIGN in the environment ask for these. Prints "unknown" when git cannot tell; exit
   codes and messages are those of repo.h. */
#include "../../cli/repo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct fail fail;
static struct root root;

static void print(relver_str s)
{
    printf("%.*s\n", s.ptr != NULL ? (int)s.len : 6, s.ptr != NULL ? s.ptr : "absent");
}

static relver_str id(const char *s)
{
    return relver_s(strcmp(s, "-") == 0 ? NULL : s);
}

static bool do_head(struct repo *r, int n, char **args)
{
    relver_str oid;
    (void)n, (void)args;
    if (!repo_head(r, &arena, &oid, &fail))
        return false;
    print(oid);
    return true;
}

static bool do_branch(struct repo *r, int n, char **args)
{
    relver_str name;
    (void)n, (void)args;
    if (!repo_branch(r, &arena, &name, &fail))
        return false;
    print(name);
    return true;
}

static bool do_tags(struct repo *r, int n, char **args)
{
    struct repo_tag *tags;
    size_t count;
    (void)n, (void)args;
    if (!repo_tags(r, &arena, &tags, &count, &fail) || !repo_peel(r, &arena, tags, &count, &fail))
        return false;
    for (size_t i = 0; i < count; i++)
        printf("%.*s %.*s\n", (int)tags[i].name.len, tags[i].name.ptr, (int)tags[i].commit.len,
               tags[i].commit.ptr);
    return true;
}

static bool do_below(struct repo *r, int n, char **args)
{
    bool below;
    (void)n;
    if (!repo_below(r, relver_s(args[0]), relver_s(args[1]), &below, &fail))
        return false;
    puts(below ? "yes" : "no");
    return true;
}

static bool do_changes(struct repo *r, int n, char **args)
{
    struct repo_change *changes;
    size_t count;
    if (!repo_changes(r, &arena, (const char *const *)args, (size_t)n, &changes, &count, &fail))
        return false;
    for (size_t i = 0; i < count; i++)
        printf("%s%s\n", changes[i].untracked ? "?" : "", changes[i].path);
    return true;
}

static bool do_commit(struct repo *r, int n, char **args)
{
    relver_str oid;
    if (!repo_commit(r, &arena, (const char *const *)args + 1, (size_t)n - 1, relver_s(args[0]),
                     getenv("SIGNOFF") != NULL, &oid, &fail))
        return false;
    print(oid);
    return true;
}

static bool do_reset(struct repo *r, int n, char **args)
{
    return repo_reset(r, &arena, (const char *const *)args, (size_t)n, &fail);
}

static bool do_commit_on(struct repo *r, int n, char **args)
{
    struct fs_change changes[8];
    size_t count = 0;
    relver_str oid;
    for (int i = 2; i + 1 < n && count < 8; i += 2)
        changes[count++] = (struct fs_change){args[i], {NULL, 0}, id(args[i + 1])};
    if (!repo_commit_on(r, &arena, relver_s(args[0]), changes, count, relver_s(args[1]),
                        getenv("SIGNOFF") != NULL, &oid, &fail))
        return false;
    print(oid);
    return true;
}

static bool do_tag(struct repo *r, int n, char **args)
{
    relver_str oid;
    if (!repo_tag(r, &arena, relver_s(args[0]), relver_s(args[1]),
                  relver_s(n > 2 ? args[2] : NULL), getenv("SIGN") != NULL, &oid, &fail))
        return false;
    print(oid);
    return true;
}

static bool do_move(struct repo *r, int n, char **args)
{
    relver_str oid;
    (void)n;
    if (!repo_move(r, &arena, args[0], id(args[1]), id(args[2]), &fail) ||
        !repo_ref(r, &arena, args[0], &oid, &fail))
        return false;
    print(oid);
    return true;
}

static bool do_refs(struct repo *r, int n, char **args)
{
    struct remote_ref *refs;
    size_t count;
    (void)n;
    if (!remote_refs(r, &arena, args[0], &refs, &count, &fail))
        return false;
    for (size_t i = 0; i < count; i++)
        printf("%.*s %.*s %.*s\n", (int)refs[i].name.len, refs[i].name.ptr, (int)refs[i].oid.len,
               refs[i].oid.ptr, (int)refs[i].commit.len, refs[i].commit.ptr);
    return true;
}

static bool do_fetch(struct repo *r, int n, char **args)
{
    (void)n;
    return remote_fetch(r, &arena, args[0], args[1], &fail);
}

static bool do_push(struct repo *r, int n, char **args)
{
    (void)n;
    return remote_push(r, &arena, args[0], relver_s(args[1]), args[2], id(args[3]), &fail);
}

static bool do_object(struct repo *r, int n, char **args)
{
    struct repo_object o;
    (void)n;
    if (!repo_object(r, &arena, args[0], &o, &fail))
        return false;
    if (o.type == NULL)
        printf("missing\n");
    else
        fwrite(o.bytes.ptr, 1, o.bytes.len, stdout);
    return true;
}

static bool do_added(struct repo *r, int n, char **args)
{
    relver_str *oids = arena_alloc(&arena, (size_t)n * sizeof *oids);
    if (!repo_added(r, &arena, (const char *const *)args, (size_t)n, oids, &fail))
        return false;
    for (int i = 0; i < n; i++)
        print(oids[i]);
    return true;
}

static const struct {
    const char *name;
    int least; /* arguments */
    bool (*run)(struct repo *r, int n, char **args);
} commands[] = {
    {"head", 0, do_head},       {"branch", 0, do_branch}, {"tags", 0, do_tags},
    {"below", 2, do_below},     {"changes", 0, do_changes}, {"object", 1, do_object},
    {"added", 1, do_added},     {"commit", 1, do_commit},
    {"commit-on", 2, do_commit_on}, {"tag", 2, do_tag},   {"move", 3, do_move},
    {"refs", 1, do_refs},       {"fetch", 2, do_fetch},   {"push", 4, do_push},
    {"reset", 1, do_reset},
};

static bool ask(struct repo *r, int argc, char **argv)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (argc - 2 >= commands[i].least && strcmp(argv[1], commands[i].name) == 0)
            return (i < 7 || fs_lock(&root, &arena, &fail)) &&
                   commands[i].run(r, argc - 2, argv + 2);
    return fail_set(&fail, &arena, 2, "usage", NULL, "nothing changed", "see repo.c", "usage");
}

int main(int argc, char **argv)
{
    struct repo *r = NULL;
    bool ok = argc >= 2 && fs_open_root(&root, &arena, ".", "repo", &fail) &&
              repo_open(&arena, &root, &r, &fail);
    if (ok && r == NULL)
        puts("unknown");
    ok = ok && (r == NULL || ask(r, argc, argv));
    repo_close(r);
    if (!ok)
        fail_print(&arena, &fail);
    fs_unlock(&root);
    arena_free(&arena);
    return ok ? 0 : fail.status;
}
