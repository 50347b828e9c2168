/* Changelogs: rolled, read and checked as the table says; and random ones, whose old bytes stay */
/* links: cli/changelog.c cli/names.c cli/str.c cli/msg.c cli/arena.c cli/relver.c */
#include "../../cli/changelog.h"
#include "../../cli/str.h"
#include "../block.h"
#include "../tsv.h"

static struct arena arena;

static bool is(relver_str s, const char *text)
{
    return relver_eq(s, relver_s(text));
}

static relver_str refusal(const struct fail *f)
{
    return relver_s(arena_printf(&arena, "!%zu:%zu: %s", f->line, f->col, f->what));
}

static relver_str apply(relver_str doc, relver_edit *edits, size_t n)
{
    relver_buf out = {NULL, doc.len + 4096, 0};
    out.ptr = arena_alloc(&arena, out.cap);
    CHECK(relver_apply(&out, doc, edits, n, NULL) == RELVER_OK);
    return relver_view(&out);
}

static relver_str rolled(relver_str doc, const struct changelog_roll *roll)
{
    struct changelog log;
    struct fail fail;
    relver_edit *edits;
    size_t n;
    if (!changelog_read(&arena, "c.md", doc, &log, &fail) ||
        !changelog_roll(&arena, &log, roll, &edits, &n, &fail))
        return refusal(&fail);
    return apply(doc, edits, n);
}

/*-- the table -----------------------------------------------------------------------------------*/

static bool flag(relver_str flags, char c)
{
    return memchr(flags.ptr, c, flags.len) != NULL;
}

static relver_str roll_row(relver_str doc, const relver_str *field)
{
    relver_str flags = field[4];
    struct changelog_roll r = {flag(flags, 'p') ? RELVER_PEP440 : RELVER_SEMVER, field[2],
                               relver_s("2026-11-21"), field[3], !flag(flags, 's'),
                               flag(flags, 'f')};
    if (is(r.tag, "-"))
        r.tag = relver_s(NULL);
    relver_str once = rolled(doc, &r);
    relver_str again = block(once);
    if (once.len > 0 && once.ptr[0] != '!' && !r.forced)
        CHECK_F(relver_eq(rolled(again, &r), once), "rolled twice: %.*s", STR(once));
    drop(again);
    return once;
}

static relver_str read_row(relver_str doc)
{
    struct text t = {.arena = &arena};
    struct changelog log;
    struct fail fail;
    if (!changelog_read(&arena, "c.md", doc, &log, &fail))
        return refusal(&fail);
    text_adds(&t, "");
    for (size_t i = 0; i < log.count; i++) {
        const struct changelog_section *s = &log.sections[i];
        text_addf(&t, "%zu %.*s ", s->title + 1, STR(s->label));
        if (s->date.ptr != NULL)
            text_add(&t, s->date.ptr, s->date.len);
        text_adds(&t, s->date.ptr != NULL ? "\n" : "-\n");
    }
    return relver_sn(t.ptr, t.len);
}

/* Each finding, shortened to what is wanted of it. */
static relver_str check_row(const struct changelog *log, const relver_str *field)
{
    struct text t = {.arena = &arena};
    struct changelog_note *notes;
    relver_str want = field[4];
    size_t n;
    changelog_check(&arena, log, RELVER_SEMVER, field[2], flag(field[3], 't'),
                    relver_s("2026-11-21"), &notes, &n);
    text_adds(&t, "");
    for (size_t i = 0; i < n; i++) {
        const char *line = arena_printf(&arena, "%zu:%zu %s %s", notes[i].line, notes[i].col,
                                        notes[i].warning ? "warning" : "error", notes[i].what);
        const char *end = memchr(want.ptr, '\n', want.len);
        size_t len = end != NULL ? (size_t)(end - want.ptr) : strlen(line);
        text_addf(&t, "%.*s\n", (int)len, line);
        want = end != NULL ? relver_sn(end + 1, want.len - len - 1) : want;
    }
    return relver_sn(t.ptr, t.len);
}

static void test_table(void)
{
    struct tsv t;
    size_t rows = 0;
    for (tsv_open(&t, "changelog.tsv"); tsv_row(&t); rows++) {
        relver_str doc = block(t.field[1]), want = t.field[t.count - 1], got;
        struct changelog log;
        struct fail fail;
        if (is(t.field[0], "roll")) {
            got = roll_row(doc, t.field);
            if (want.len > 0 && want.ptr[0] == '!' && got.len > want.len)
                got.len = want.len;
        } else if (is(t.field[0], "read")) {
            got = read_row(doc);
        } else {
            if (!CHECK(changelog_read(&arena, "c.md", doc, &log, &fail)))
                continue;
            const struct changelog_section *s = changelog_find(&log, RELVER_SEMVER, t.field[2]);
            got = is(t.field[0], "check") ? check_row(&log, t.field)
                  : is(t.field[0], "notes") ? changelog_notes(&arena, &log, s)
                                            : changelog_lines(&arena, &log, s);
        }
        CHECK_F(relver_eq(got, want), "%s:%d: got '%.*s', want '%.*s'", t.name, t.line, STR(got),
                STR(want));
        drop(doc);
        arena_free(&arena);
    }
    CHECK(rows > 80);
}

/*-- random changelogs ---------------------------------------------------------------------------*/

/* What may stand in a section; closed where it opens something. */
static const char *const pieces[] = {
    "- text\n", "### Added\n", "### Fixed\n\n- a\n", "\n", "text\n", "---\n", "***\n",
    "```\n## [9.9.9]\n```\n", "~~~ x\n- b\n```\n~~~\n", "<!-- c -->\n", "<!--\n## [8.8.8]\n-->\n",
    "- x\n  ```\n  y\n  ```\n", "[a]: b\n", "[#1]: c d\n", "    ## [7.7.7]\n", "#### d\n", "## e\n",
    "| a | b |\n", "- caf\xC3\xA9 `|`\n", "# f\n",
    "## Version Comparison\n\n| Version | Date |\n|---|---|\n",
    "##\n", "- [ ] g\n", "\t- h\n", "<!-- i --> j\n",
};

static void add_pieces(struct text *t, size_t most)
{
    for (size_t n = roll(most + 1); n > 0; n--)
        text_adds(t, pieces[roll(COUNT(pieces))]);
}

static relver_str random_log(size_t *old)
{
    struct text t = {.arena = &arena}, crlf = {.arena = &arena};
    add_pieces(&t, 2);
    text_adds(&t, roll(4) > 0 ? "## [Unreleased]\n" : "## Unreleased\n");
    add_pieces(&t, 6);
    *old = t.len;
    for (size_t n = roll(5) + 1; n > 0; n--) {
        text_addf(&t, roll(2) ? "## [0.%zu.0] - 2026-01-02\n" : "## 0.%zu.0\n", n);
        add_pieces(&t, 5);
    }
    if (roll(2))
        text_adds(&t, "\n[unreleased]: https://forge.example/compare/v0.1.0...HEAD\n[0.1.0]: x");
    if (roll(3) > 0)
        return relver_sn(t.ptr, t.len);
    size_t from = *old;
    for (size_t i = 0; i < t.len; i++) {
        *old = i == from ? crlf.len : *old;
        text_addf(&crlf, "%s%c", t.ptr[i] == '\n' ? "\r" : "", t.ptr[i]);
    }
    return relver_sn(crlf.ptr, crlf.len);
}

/* All that is not blank, a comment or a heading of what was unreleased is there in its order, and
   from the first old section on nothing but the tag is gone. */
static void check_edits(relver_str doc, size_t old, const relver_edit *edits, size_t n, int round)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(edits[i].at.ptr - doc.ptr);
        bool tag = is(edits[i].at, "v0.1.0") && is(edits[i].text, "v0.6.0");
        bool cut = at + edits[i].at.len <= old && edits[i].at.ptr[0] == '#' &&
                   edits[i].text.len == 0;
        CHECK_F(edits[i].at.len == 0 || tag || cut, "round %d: '%.*s' goes", round,
                STR(edits[i].at));
    }
}

static void check_rolled(relver_str doc, relver_str now, int round)
{
    struct changelog was, is_now;
    struct fail fail;
    size_t last = 0;
    CHECK(changelog_read(&arena, "c.md", doc, &was, &fail));
    if (!CHECK_F(changelog_read(&arena, "c.md", now, &is_now, &fail), "round %d: %s", round,
                 fail.what))
        return;
    CHECK(is_now.count == was.count + 1 && is_now.unreleased != NULL);
    CHECK_F(is_now.unreleased->body.len == 0, "round %d: '%.*s'", round, STR(now));
    for (size_t i = 0; i < was.count; i++) {
        const struct changelog_section *s = &was.sections[i], *t;
        bool old = s != was.unreleased;
        t = changelog_find(&is_now, RELVER_SEMVER, old ? s->version : relver_s("0.6.0"));
        if (!CHECK(t != NULL))
            continue;
        CHECK_F(t->title > last && (!old || relver_eq(s->body, t->body)),
                "round %d: '%.*s' was '%.*s'", round, STR(t->body), STR(s->body));
        last = t->title;
    }
}

static void test_random(void)
{
    struct changelog_roll r = {RELVER_SEMVER, relver_s("0.6.0"), relver_s("2026-11-21"),
                               relver_s("v0.6.0"), true, false};
    size_t done = 0;
    for (int round = 0; round < 4000; round++, arena_free(&arena)) {
        struct changelog log;
        struct fail fail;
        relver_edit *edits;
        size_t old, n;
        relver_str doc = block(random_log(&old));
        r.forced = roll(8) == 0;
        CHECK(changelog_read(&arena, "c.md", doc, &log, &fail));
        if (changelog_roll(&arena, &log, &r, &edits, &n, &fail)) {
            relver_str now = apply(doc, edits, n);
            check_edits(doc, old, edits, n, round);
            check_rolled(doc, now, round);
            r.forced = false;
            CHECK_F(relver_eq(rolled(now, &r), now), "round %d: rolled twice", round);
            done++;
        } else {
            CHECK_F(log.unreleased->body.len == 0 && !r.forced, "round %d: %s", round, fail.what);
        }
        drop(doc);
    }
    CHECK(done > 2000 && done < 4000);
}

/* Any bytes at all, and every document cut short, end in an answer; a sanitizer watches. */
static void test_garbage(void)
{
    struct changelog_roll r = {RELVER_SEMVER, relver_s("0.6.0"), relver_s("2026-11-21"),
                               relver_s("v0.6.0"), true, true};
    for (int round = 0; round < 20000; round++) {
        char space[48];
        size_t len = roll(sizeof space + 1);
        for (size_t i = 0; i < len; i++)
            space[i] = "#\n# []-|` \tv0.1~<!>:*\r(\0U"[roll(25)];
        relver_str doc = block(relver_sn(space, len)), now = rolled(doc, &r);
        CHECK(now.len > 0 || len == 0);
        drop(doc);
        if (round % 500 == 0)
            arena_free(&arena);
    }
    size_t old;
    relver_str whole = random_log(&old);
    for (size_t n = 0; n <= whole.len; n++) {
        relver_str doc = block(relver_sn(whole.ptr, n));
        rolled(doc, &r);
        drop(doc);
    }
    arena_free(&arena);
}

/* Ten thousand sections: three insertions and a tag, whatever there is below. */
static void test_large(void)
{
    struct text t = {.arena = &arena};
    struct changelog_roll r = {RELVER_SEMVER, relver_s("10000.0.0"), relver_s("2026-11-21"),
                               relver_s("v10000.0.0"), true, false};
    text_adds(&t, "## [Unreleased]\n- a\n");
    for (int i = 9999; i >= 0; i--)
        text_addf(&t, "\n## [%d.0.0] - 2026-01-02\n\n### Added\n\n- a\n- b\n", i);
    text_adds(&t, "\n[unreleased]: https://forge.example/compare/v9999.0.0...HEAD\n");
    for (int i = 9999; i >= 0; i--)
        text_addf(&t, "[%d.0.0]: https://forge.example/releases/tag/v%d.0.0\n", i, i);
    struct changelog log;
    struct changelog_note *notes;
    struct fail fail;
    relver_edit *edits;
    size_t n;
    relver_str doc = relver_sn(t.ptr, t.len);
    CHECK(changelog_read(&arena, "c.md", doc, &log, &fail) && log.count == 10001);
    CHECK(changelog_roll(&arena, &log, &r, &edits, &n, &fail) && n == 3);
    relver_str now = apply(doc, edits, n);
    CHECK(relver_eq(rolled(now, &r), now));
    changelog_check(&arena, &log, r.scheme, relver_s("9999.0.0"), true, r.date, &notes, &n);
    CHECK(n == 0);
    arena_free(&arena);
}

int main(void)
{
    test_table();
    test_random();
    test_garbage();
    test_large();
    return check_done();
}
