/* Release lines: a branch and its line, both ways, and the list of branches */
/* links: cli/line.c cli/config.c cli/glob.c cli/str.c cli/near.c cli/fs.c cli/commit.c */
/* links: cli/sha2.c cli/msg.c cli/arena.c cli/relver.c */
#include "../../cli/line.h"
#include "../check.h"

static struct arena arena;

static const char *text(relver_str s)
{
    return s.ptr == NULL ? "-" : arena_dup(&arena, s.ptr, s.len);
}

static struct unit unit_of(const char *tmpl, relver_eco scheme)
{
    struct settings *set = arena_alloc(&arena, sizeof *set);
    struct unit u = {.settings = set, .scheme = scheme, .name = relver_s("@scope/a-b")};
    if (tmpl != NULL) {
        set->value[KEY_BRANCH].kind = VALUE_TEXT;
        set->value[KEY_BRANCH].text = relver_s(tmpl);
    }
    return u;
}

/* A version, its line, the line's branch, and back. */
static void test_versions(void)
{
    static const struct {
        const char *tmpl, *version, *line, *branch;
        relver_eco scheme;
    } rows[] = {
        {NULL, "0.2.0-rc.1", "0.2", "release/0.2", RELVER_SEMVER},
        {"release/{major}.{minor}", "1.20.3+build", "1.20", "release/1.20", RELVER_SEMVER},
        {"release-{major}.{minor}.x", "0.4.6.dev0", "0.4", "release-0.4.x", RELVER_PEP440},
        {"release-{major}.{minor}.x", "2026.01rc1", "2026.1", "release-2026.1.x", RELVER_PEP440},
        {"{major}.{minor}", "7", "7.0", "7.0", RELVER_PEP440},
        {"{name}/{major}.{minor}", "0.1.0", "0.1", "@scope/a-b/0.1", RELVER_SEMVER},
        {"r{major}-{minor}", "99999999999999999999.1.0", "99999999999999999999.1",
         "r99999999999999999999-1", RELVER_SEMVER},
        {"r/{major}.{minor}", "latest", "-", "-", RELVER_SEMVER},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct unit u = unit_of(rows[i].tmpl, rows[i].scheme);
        relver_str line = line_of(&arena, &u, relver_s(rows[i].version));
        CHECK_STR(text(line), rows[i].line);
        relver_str branch = line_branch(&arena, &u, line);
        CHECK_STR(text(branch), rows[i].branch);
        if (line.ptr != NULL) {
            CHECK_STR(text(line_of(&arena, &u, line)), rows[i].line);
            CHECK_STR(text(line_read(&arena, &u, branch)), rows[i].line);
        }
    }
}

static void test_other_branches(void)
{
    static const char *const rows[][2] = {
        {"release/{major}.{minor}", "main"},
        {"release/{major}.{minor}", "release/0.2.1"},
        {"release/{major}.{minor}", "release/0.2-rc"},
        {"release/{major}.{minor}", "release/00.2"},
        {"release/{major}.{minor}", "release/"},
        {"release-{major}.{minor}.x", "release-0.4"},
        {"{name}/{major}.{minor}", "other/0.1"},
        {"release/{major}.{minor}", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct unit u = unit_of(rows[i][0], RELVER_SEMVER);
        CHECK_STR(text(line_read(&arena, &u, relver_s(rows[i][1]))), "-");
    }
}

static void test_lists(void)
{
    static const struct {
        const char *doc, *names;
        relver_err err;
    } rows[] = {
        {"# nightly\nbranches:\n  - main\n  - 'release/0.1' # frozen\n", "\"branches\" main "
         "release/0.1", RELVER_OK},
        {"on: x\na.b: [main, \"r\", 1.0]\n", "\"a.b\" main r 1.0", RELVER_OK},
        {"env:\n  list:\n    - a\nbranches:\n- main\nlast: 1\n", "\"branches\" main", RELVER_OK},
        {"branches: []\n", "\"branches\"", RELVER_OK},
        {"a: [x]\nb: [y]\n", NULL, RELVER_DUPLICATE},
        {"branches: main\n", NULL, RELVER_MISSING},
        {"- main\n", NULL, RELVER_MISSING},
        {"", NULL, RELVER_MISSING},
        {"branches:\n  - name: main\n", NULL, RELVER_NOT_STRING},
        {"branches:\n  - [main]\n", NULL, RELVER_NOT_STRING},
        {"branches: [main\n", NULL, RELVER_SYNTAX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct branch_list list;
        relver_diag diag;
        relver_err err = line_list(&arena, relver_s(rows[i].doc), &list, &diag);
        CHECK_STR(relver_code(err), relver_code(rows[i].err));
        if (err != RELVER_OK)
            continue;
        struct text t = {.arena = &arena};
        text_adds(&t, list.key);
        for (size_t k = 0; k < list.count; k++)
            text_addf(&t, " %s", text(list.names[k]));
        CHECK_STR(t.ptr, rows[i].names);
    }
}

int main(void)
{
    test_versions();
    test_other_branches();
    test_lists();
    arena_free(&arena);
    return check_done();
}
