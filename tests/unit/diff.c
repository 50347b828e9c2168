/* The unified diff: exact texts, and for random edits that it leads from old to new */
/* links: cli/diff.c cli/arena.c cli/relver.c */
#include "../../cli/diff.h"
#include "../block.h"

static struct arena arena;

static relver_edit edit(relver_str doc, size_t at, size_t len, const char *text, char quote)
{
    relver_edit e = {relver_sn(doc.ptr + at, len), relver_s(text), quote};
    return e;
}

static const char *diff(const char *path, relver_str doc, const relver_edit *edits, size_t n,
                        bool color)
{
    struct text t = {.arena = &arena};
    text_adds(&t, "");
    diff_edits(&t, path, doc, edits, n, color);
    return t.ptr;
}

static void test_exact(void)
{
    relver_str doc = relver_s("a\nb = 1\nc\nd\ne\nf\ng\nh = 1");
    relver_edit e[3];
    e[0] = edit(doc, 6, 1, "2", 0);
    CHECK_STR(diff("x", doc, e, 1, false),
              "--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n a\n-b = 1\n+b = 2\n c\n d\n e\n");
    e[1] = edit(doc, 22, 1, "2", '"');
    CHECK_STR(diff("x", doc, e, 2, false),
              "--- a/x\n+++ b/x\n@@ -1,8 +1,8 @@\n a\n-b = 1\n+b = 2\n c\n d\n e\n f\n g\n"
              "-h = 1\n\\ No newline at end of file\n+h = \"2\"\n\\ No newline at end of file\n");
    e[0] = edit(doc, 0, 1, "a", 0);
    CHECK_STR(diff("x", doc, e, 1, false), "");
    CHECK_STR(diff("x", doc, NULL, 0, false), "");
}

/* A new line inserted, one taken out, one changed: only they are marked. */
static void test_lines(void)
{
    relver_str doc = relver_s("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    relver_edit e[2];
    e[0] = edit(doc, 2, 0, "x\n", 0);
    CHECK_STR(diff("x", doc, e, 1, false),
              "--- a/x\n+++ b/x\n@@ -1,4 +1,5 @@\n 1\n+x\n 2\n 3\n 4\n");
    e[0] = edit(doc, 2, 2, "", 0);
    e[1] = edit(doc, 18, 0, "y\n", 0);
    CHECK_STR(diff("x", doc, e, 2, false),
              "--- a/x\n+++ b/x\n@@ -1,5 +1,4 @@\n 1\n-2\n 3\n 4\n 5\n"
              "@@ -7,3 +6,4 @@\n 7\n 8\n 9\n+y\n");
    doc = relver_s("");
    e[0] = edit(doc, 0, 0, "y\n", 0);
    CHECK_STR(diff("x", doc, e, 1, false), "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+y\n");
}

static void test_crlf(void)
{
    relver_str doc = relver_s("v = 1\r\nw\r\n");
    relver_edit e = edit(doc, 4, 1, "2", 0);
    CHECK_STR(diff("x", doc, &e, 1, false),
              "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-v = 1\r\n+v = 2\r\n w\r\n");
}

static void test_names(void)
{
    relver_str doc = relver_s("1\n");
    relver_edit e = edit(doc, 0, 1, "2", 0);
    const char *body = "\n@@ -1 +1 @@\n-1\n+2\n";
    CHECK_STR(diff("a b", doc, &e, 1, false),
              arena_printf(&arena, "--- a/a b\t\n+++ b/a b\t%s", body));
    CHECK_STR(diff("a\n\"", doc, &e, 1, false),
              arena_printf(&arena, "--- \"a/a\\012\\\"\"\n+++ \"b/a\\012\\\"\"%s", body));
    CHECK_STR(diff("x", doc, &e, 1, true),
              "\033[1m--- a/x\033[0m\n\033[1m+++ b/x\033[0m\n\033[36m@@ -1 +1 @@\033[0m\n"
              "\033[31m-1\033[0m\n\033[32m+2\033[0m\n");
}

/*-- random edits --------------------------------------------------------------------------------*/

/* "-12,4" or "+3" at p: start and count. */
static const char *read_range(const char *p, size_t *start, size_t *count)
{
    char *end;
    *start = strtoul(p + 1, &end, 10);
    *count = 1;
    if (*end == ',')
        *count = strtoul(end + 1, &end, 10);
    return end + 1;
}

/* Applies a diff as its definition says; false when a line is not where it should be. */
static bool patch(relver_str doc, const char *p, struct text *out)
{
    size_t at = 0, line = 1, out_line = 1;
    if (*p != '\0')
        p = strchr(strchr(p, '\n') + 1, '\n') + 1;
    while (*p != '\0') {
        size_t from, from_count, to, to_count;
        p = read_range(p + 3, &from, &from_count);
        p = read_range(p, &to, &to_count);
        p = strchr(p, '\n') + 1;
        for (from += from_count == 0; line < from; line++, out_line++) {
            size_t n = (size_t)((const char *)memchr(doc.ptr + at, '\n', doc.len - at) -
                                (doc.ptr + at)) + 1;
            text_add(out, doc.ptr + at, n);
            at += n;
        }
        if (out_line != to + (to_count == 0))
            return false;
        while (from_count + to_count > 0) {
            char sign = *p++;
            size_t n = strcspn(p, "\n");
            bool whole = p[n + 1] != '\\';
            if (sign != '+') {
                if (doc.len - at < n + whole || memcmp(doc.ptr + at, p, n + whole) != 0)
                    return false;
                at += n + whole;
                line++;
                from_count--;
            }
            if (sign != '-') {
                text_add(out, p, n + whole);
                out_line++;
                to_count--;
            }
            p += n + 1;
            if (!whole)
                p = strchr(p, '\n') + 1;
        }
    }
    text_add(out, doc.ptr + at, doc.len - at);
    return true;
}

static void test_random(void)
{
    static const char *const texts[] = {"", "x", "y\n", "\n", "long text", "p\nq", "\nr\n"};
    char space[128], result[1024];
    for (int round = 0; round < 4000; round++) {
        relver_edit e[4];
        size_t n = 0, len = roll(sizeof space);
        for (size_t i = 0; i < len; i++)
            space[i] = "ab\n\n\nc\n"[roll(7)];
        relver_str doc = relver_sn(space, len);
        for (size_t at = roll(40); at <= len && n < 4; at += 1 + roll(30)) {
            size_t cut = roll(len - at + 1 < 9 ? len - at + 1 : 9);
            e[n++] = edit(doc, at, cut, texts[roll(7)], roll(5) == 0 ? '"' : 0);
            at += cut;
        }
        relver_buf out = {result, sizeof result, 0};
        struct text patched = {.arena = &arena};
        text_adds(&patched, "");
        relver_apply(&out, doc, e, n, NULL);
        const char *text = diff("x", doc, e, n, false);
        bool ok = patch(doc, text, &patched);
        CHECK_F(ok && relver_eq(relver_sn(patched.ptr, patched.len), relver_view(&out)),
                "round %d\n%s\nof '%.*s'", round, text, (int)len, space);
        if (round % 1000 == 0)
            arena_free(&arena);
    }
}

int main(void)
{
    test_exact();
    test_lines();
    test_crlf();
    test_names();
    test_random();
    arena_free(&arena);
    return check_done();
}
