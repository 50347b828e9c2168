/* repo - what cli/repo.c says of the repository here, as a command for repo.sh

   repo head | tags | below TAG HEAD     the last: yes or no, of two full ids
   Prints "unknown" when git cannot tell; exit codes and messages are those of repo.h. */
#include "../../cli/repo.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct fail fail;

static bool print_head(struct repo *r)
{
    relver_str oid;
    if (!repo_head(r, &arena, &oid, &fail))
        return false;
    printf("%.*s\n", oid.ptr != NULL ? (int)oid.len : 6, oid.ptr != NULL ? oid.ptr : "absent");
    return true;
}

static bool print_tags(struct repo *r)
{
    struct repo_tag *tags;
    size_t n;
    if (!repo_tags(r, &arena, &tags, &n, &fail) || !repo_peel(r, &arena, tags, &n, &fail))
        return false;
    for (size_t i = 0; i < n; i++)
        printf("%.*s %.*s\n", (int)tags[i].name.len, tags[i].name.ptr, (int)tags[i].commit.len,
               tags[i].commit.ptr);
    return true;
}

static bool print_below(struct repo *r, const char *tag, const char *head)
{
    bool below;
    if (!repo_below(r, relver_s(tag), relver_s(head), &below, &fail))
        return false;
    puts(below ? "yes" : "no");
    return true;
}

static bool ask(struct repo *r, int argc, char **argv)
{
    if (argc == 4)
        return print_below(r, argv[2], argv[3]);
    return strcmp(argv[1], "head") == 0 ? print_head(r) : print_tags(r);
}

int main(int argc, char **argv)
{
    struct root root;
    struct repo *r = NULL;
    bool ok = argc >= 2 && fs_open_root(&root, &arena, ".", "repo", &fail) &&
              repo_open(&arena, &root, &r, &fail);
    if (ok && r == NULL)
        puts("unknown");
    ok = ok && (r == NULL || ask(r, argc, argv));
    repo_close(r);
    if (!ok)
        fail_print(&arena, &fail);
    arena_free(&arena);
    return ok ? 0 : fail.status;
}
