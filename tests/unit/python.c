/* How uv and poetry spell requirements: what uv 0.13 wrote into a lock file, and how poetry's
   operators follow; that poetry-core 2 takes the new version was asked of it */
/* links: cli/python.c cli/str.c cli/arena.c cli/relver.c */
#include "../../cli/python.h"
#include "../check.h"

static struct arena arena;

static const char *text(relver_str s)
{
    return arena_dup(&arena, s.ptr, s.len);
}

static void test_locked(void)
{
    static const char *const rows[][2] = {
        {" < 2 , >= 1.0.0 , != 1.1 ", ">=1.0.0,!=1.1,<2"},
        {"==v1.2.3", "==1.2.3"},
        {">=01.2.3-DEV", ">=1.2.3.dev0"},
        {"~=1.2.3", "~=1.2.3"},
        {"==1.2.*,>=1", ">=1,==1.2.*"},
        {"===1.2.3", "===1.2.3"},
        {">1.0,<=2.0,>=1.0a1", ">=1.0a1,>1.0,<=2.0"},
        {">=1.0.0-alpha.1,>=1.0,>=1", ">=1.0.0a1,>=1.0,>=1"},
        {"==1.2.3-rc.1", "==1.2.3rc1"},
        {">=1.0,", ">=1.0"}, /* the rest: not uv's words, but texts that must do no harm */
        {"", ""},
        {"=== any text", "===any text"},
        {"^1.2", "^1.2"},
        {"==", "=="},
        {",", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_STR(text(python_locked(&arena, relver_s(rows[i][0]))), rows[i][1]);
        CHECK_F(python_same(&arena, relver_s(rows[i][0]), relver_s(rows[i][1])), "%s", rows[i][0]);
    }
    CHECK(!python_same(&arena, relver_s("==1.2"), relver_s("==1.2.0")));
}

static void test_name(void)
{
    CHECK_STR(text(python_name(&arena, relver_s("Acme._-Root.x"))), "acme-root-x");
    CHECK_STR(text(python_name(&arena, relver_s("a"))), "a");
}

static void test_poetry(void)
{
    static const struct {
        const char *req, *old, *now;
        relver_pin pin;
        const char *want; /* or the code of the error */
    } rows[] = {
        {"^1.2.3", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "^1.3.0"},
        {"^1.2", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "^1.3"},
        {"^ 1.2", "1.2.3", "2.0.0", RELVER_PIN_AUTO, "^ 2.0"},
        {"^1.0", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "^1.0"},
        {"^1.0", "1.2.3", "1.3.0", RELVER_PIN_ALWAYS, "^1.3"},
        {"^1.0", "1.2.3", "1.3.0rc1", RELVER_PIN_AUTO, "^1.0"}, /* between the bounds */
        {"^1.0", "1.2.3", "2.0.0rc1", RELVER_PIN_AUTO, "^2.0.0rc1"},
        {"^1.3.0", "1.2.3", "1.3.0rc1", RELVER_PIN_AUTO, "^1.3.0rc1"},
        {"^1.3.0rc1", "1.3.0rc1", "1.3.0rc2", RELVER_PIN_AUTO, "^1.3.0rc2"},
        {"^1.3.0-rc.1", "1.3.0rc1", "1.3.0", RELVER_PIN_AUTO, "^1.3.0"},
        {"^1.3.0RC1", "1.3.0rc1", "1.3.0rc1", RELVER_PIN_AUTO, "^1.3.0RC1"},
        {"~1.2", "1.2.3", "1.3.0rc1", RELVER_PIN_AUTO, "~1.3.0rc1"},
        {"~1.2", "1.2.3", "1.2.4", RELVER_PIN_AUTO, "~1.2"},
        {"1.2.3", "1.2.3", "1.3.0rc1", RELVER_PIN_AUTO, "1.3.0rc1"},
        {"1.2.*", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "1.3.*"},
        {"*", "1.2.3", "2.0", RELVER_PIN_ALWAYS, "*"},
        {"", "1.2.3", "2.0", RELVER_PIN_AUTO, ""},
        {"~=1.2", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "~=1.3"},
        {">=1.0,<2.0", "1.2.3", "1.3.0", RELVER_PIN_AUTO, ">=1.0,<2.0"},
        {"^1.0", "1.2.3", "1.3.0", RELVER_PIN_KEEP, "^1.0"},
        {"^1.0", "1.2.3", "1.3.0", RELVER_PIN_EXACT, "==1.3.0"},
        {"~1.2", "1.2.3", "1.3.0", RELVER_PIN_AT_LEAST, ">=1.3.0"},
        {"^1.2 || ^2.0", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "!not-a-requirement"},
        {"^1.0,!=1.1", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "!not-a-requirement"},
        {"^1.0,<1.5", "1.2.3", "1.3.0", RELVER_PIN_AUTO, "^1.0,<1.5"},
        {"^1.0,<1.5", "1.2.3", "1.6.0", RELVER_PIN_AUTO, "!complex"},
        {"^", "1.2.3", "1.6.0", RELVER_PIN_AUTO, "!not-a-requirement"},
        {"^1.2", "1.2.3", "1.3.0.post1", RELVER_PIN_AUTO, "!not-semver"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char space[64] = "";
        relver_buf out = {space, sizeof space, 0};
        relver_diag diag;
        relver_err err = python_requirement(&arena, &out, relver_s(rows[i].req),
                                            relver_s(rows[i].old), relver_s(rows[i].now),
                                            rows[i].pin, &diag);
        const char *got = err == RELVER_OK ? space : arena_printf(&arena, "!%s", relver_code(err));
        CHECK_F(strcmp(got, rows[i].want) == 0, "%s, %s => %s: got %s, want %s", rows[i].req,
                rows[i].old, rows[i].now, got, rows[i].want);
    }
}

int main(void)
{
    test_locked();
    test_name();
    test_poetry();
    arena_free(&arena);
    return check_done();
}
