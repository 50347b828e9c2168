/* Versions computed from git's state, every row against the tool that has the rules */
/* links: cli/scm.c cli/str.c cli/arena.c cli/relver.c */
#include "../../cli/scm.h"
#include "../block.h"
#include "../tsv.h"

static struct arena arena;

static relver_str given(relver_str field)
{
    return field.len > 0 ? field : relver_s(NULL);
}

static void test_rows(void)
{
    struct tsv t;
    tsv_open(&t, "scm_versions.tsv");
    while (tsv_row(&t)) {
        relver_str *f = t.field, got = relver_s("!"), tag = block(f[0]);
        struct scm_state state = {tag, strtoul(f[1].ptr, NULL, 10), given(f[2]), f[3].ptr[0] == '1',
                                  given(f[4]), relver_s("20261121")};
        scm_version(&arena, &state, relver_eq(f[5], relver_s("release-branch-semver")),
                    relver_eq(f[6], relver_s("no-local-version")), &got);
        CHECK_F(relver_eq(got, f[7]), "%s:%d: %.*s, want %.*s", t.name, t.line, (int)got.len,
                got.ptr, (int)f[7].len, f[7].ptr);
        drop(tag);
    }
}

static void test_words(void)
{
    struct scm_state state = {.tag = relver_s("v0.4.5"), .distance = 3};
    relver_str got = {NULL, 0};
    CHECK(scm_version(&arena, &state, false, false, &got) == NULL);
    CHECK(relver_eq(got, relver_s("0.4.6.dev3")));
    state.tag = relver_s("nightly");
    CHECK_STR(scm_version(&arena, &state, false, false, &got), "the tag has no version");
    state.tag = relver_s(NULL);
    CHECK_STR(scm_version(&arena, &state, false, false, &got), "the tag has no version");
    CHECK(relver_eq(got, relver_s("0.4.6.dev3")));
}

int main(void)
{
    test_rows();
    test_words();
    arena_free(&arena);
    return check_done();
}
