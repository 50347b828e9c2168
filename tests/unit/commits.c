/* Commit messages: what they ask for, alone and together */
/* links: cli/commits.c cli/str.c cli/arena.c cli/relver.c */
#include "../../cli/commits.h"
#include "../block.h"
#include "../tsv.h"

static struct arena arena;

/* What is absent reads as empty in the rows. */
static bool same(relver_str got, relver_str want)
{
    return relver_eq(got, want) || (got.ptr == NULL && want.len == 0);
}

static void test_rows(void)
{
    static const char *const kinds[] = {"other", "fix", "feature", "breaking"};
    struct tsv t;
    tsv_open(&t, "commits.tsv");
    while (tsv_row(&t)) {
        relver_str *f = t.field, message = block(f[0]);
        struct commit c;
        commit_read(message, &c);
        CHECK_F(same(relver_s(kinds[c.kind]), f[1]) && same(c.reverts, f[2]),
                "%s:%d: %s, undoes '%.*s'", t.name, t.line, kinds[c.kind], (int)c.reverts.len,
                c.reverts.ptr);
        drop(message);
    }
}

static void test_levels(void)
{
    relver_str stable = relver_s("1.2.3"), early = relver_s("0.2.3"), later = relver_s("10.0");
    CHECK(commit_level(COMMIT_OTHER, stable) == NULL && commit_level(COMMIT_OTHER, early) == NULL);
    CHECK_STR(commit_level(COMMIT_FIX, stable), "patch");
    CHECK_STR(commit_level(COMMIT_FEATURE, stable), "minor");
    CHECK_STR(commit_level(COMMIT_BREAKING, stable), "major");
    CHECK_STR(commit_level(COMMIT_FIX, early), "patch");
    CHECK_STR(commit_level(COMMIT_FEATURE, early), "patch");
    CHECK_STR(commit_level(COMMIT_BREAKING, early), "minor");
    CHECK_STR(commit_level(COMMIT_FEATURE, later), "minor");
}

static const char ids[][41] = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                               "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                               "cccccccccccccccccccccccccccccccccccccccc"};

/* The kind of a history of three, the newest first. */
static enum commit_kind kind_of(const char *newest, const char *middle, const char *oldest)
{
    struct commits list = {.arena = &arena};
    commits_add(&list, relver_s(ids[0]), relver_s(newest));
    commits_add(&list, relver_s(ids[1]), relver_s(middle));
    commits_add(&list, relver_s(ids[2]), relver_s(oldest));
    return commits_kind(&list);
}

static void test_reverts(void)
{
    static const char undo[] = "Revert \"x\"\n\nThis reverts commit "
                               "cccccccccccccccccccccccccccccccccccccccc.\n";
    static const char redo[] = "Reapply \"x\"\n\nThis reverts commit "
                               "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.\n";
    static const char older[] = "Revert \"x\"\n\nThis reverts commit "
                                "dddddddddddddddddddddddddddddddddddddddd.\n";
    CHECK(kind_of("docs: x", "fix: x", "feat: x") == COMMIT_FEATURE);
    CHECK(kind_of("docs: x", undo, "feat!: x") == COMMIT_OTHER);
    CHECK(kind_of(redo, undo, "feat!: x") == COMMIT_BREAKING);
    CHECK(kind_of("docs: x", older, "feat: x") == COMMIT_FEATURE);
    CHECK(kind_of("docs: x", older, "docs: x") == COMMIT_FIX);
    CHECK(kind_of("fix: x", "revert: x\n\nThis reverts commit ccccccc.", "feat: x") == COMMIT_FIX);
    CHECK(kind_of("docs: x", "revert: x\n\nThis reverts commit cccccc.", "feat: x")
          == COMMIT_FEATURE);
    CHECK(kind_of("", "", "") == COMMIT_OTHER);
}

int main(void)
{
    test_rows();
    test_levels();
    test_reverts();
    arena_free(&arena);
    return check_done();
}
