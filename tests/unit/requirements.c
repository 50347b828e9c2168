/* requirements.c - every row of requirements.tsv with the properties of a rewritten requirement,
   every row of pep508.tsv, names, and where faults are shown. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../block.h"
#include "../tsv.h"

static int index_of(relver_str word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (relver_eq(word, relver_s(words[i])))
            return i;
    printf("no such word: '%.*s'\n", (int)word.len, word.ptr);
    exit(2);
}

static relver_eco eco_of(relver_str word)
{
    static const char *const words[] = {"semver", "npm", "cargo", "pep440"};
    return (relver_eco)index_of(word, words, 4);
}

static relver_pin pin_of(relver_str word)
{
    static const char *const words[] = {"auto", "keep", "always", "exact", "at-least",
                                        "compatible"};
    return (relver_pin)index_of(word, words, 6);
}

/* What the rewritten requirement is, or "!code"; measured first, and the buffer must agree. */
static relver_str rewrite(char *text, size_t cap, relver_eco eco, relver_str requirement,
                          relver_str old, relver_str now, relver_pin pin)
{
    relver_buf out = {text, cap, 0}, measure = {NULL, 0, 0}, tight = {NULL, 0, 0};
    relver_diag diag = {RELVER_OK, 0, 0, NULL};
    relver_str req = block(requirement);
    relver_err measured = relver_requirement(&measure, eco, req, old, now, pin, NULL);
    relver_err err = relver_requirement(&out, eco, req, old, now, pin, &diag);
    if (err == RELVER_OK) {
        CHECK(measured == RELVER_NO_SPACE && measure.len == out.len);
        char *exact = malloc(out.len + 1);
        if (exact == NULL)
            exit(2);
        tight.ptr = exact;
        tight.cap = out.len + 1;
        CHECK(relver_requirement(&tight, eco, req, old, now, pin, NULL) == RELVER_OK);
        CHECK(relver_eq(relver_view(&tight), relver_view(&out)) && exact[out.len] == '\0');
        free(exact);
    } else {
        CHECK(measured == err && measure.len == 0 && out.len == 0);
        CHECK(diag.err == err && diag.what != NULL && diag.pos + diag.len <= req.len + now.len);
        relver_put(&out, relver_s("!"));
        relver_put(&out, relver_s(relver_code(err)));
    }
    drop(req);
    return relver_view(&out);
}

static bool takes(relver_eco eco, relver_str range, relver_str version)
{
    bool yes = false;
    if (eco == RELVER_NPM && range.len > 10 && memcmp(range.ptr, "workspace:", 10) == 0)
        range = relver_sn(range.ptr + 10, range.len - 10);
    relver_range_match(eco, range, version, eco == RELVER_PEP440, &yes, NULL);
    return yes;
}

/* What was rewritten takes the new version and stays when asked again; where old and new version
   are one and the requirement takes it, nothing changes. */
static void properties(const struct tsv *t, relver_str result)
{
    char text[512];
    relver_eco eco = eco_of(t->field[0]);
    relver_str req = t->field[1], now = t->field[3];
    relver_str old = t->field[2].len > 0 ? t->field[2] : relver_s(NULL);
    relver_pin pin = pin_of(t->field[4]);
    if (!relver_eq(req, result))
        CHECK_F(takes(eco, result, now), "%s:%d: the result refuses the new version", t->name,
                t->line);
    relver_str again = rewrite(text, sizeof text, eco, result, old, now, pin);
    CHECK_F(relver_eq(again, result), "%s:%d: twice gives '%s'", t->name, t->line, text);
    if (old.ptr != NULL && pin == RELVER_PIN_AUTO && takes(eco, req, old)) {
        again = rewrite(text, sizeof text, eco, req, old, old, pin);
        CHECK_F(relver_eq(again, req), "%s:%d: without a change gives '%s'", t->name, t->line,
                text);
    }
}

static void rewriting(void)
{
    static struct tsv t;
    int rows = 0;
    tsv_open(&t, "requirements.tsv");
    for (; tsv_row(&t); rows++) {
        char text[512];
        relver_str old = t.field[2].len > 0 ? t.field[2] : relver_s(NULL);
        if (!CHECK_F(t.count == 6, "%s:%d: %d fields", t.name, t.line, t.count))
            continue;
        relver_str got = rewrite(text, sizeof text, eco_of(t.field[0]), t.field[1], old, t.field[3],
                                 pin_of(t.field[4]));
        CHECK_F(relver_eq(got, t.field[5]), "%s:%d: '%.*s' for %.*s: got '%s', want '%.*s'", t.name,
                t.line, (int)t.field[1].len, t.field[1].ptr, (int)t.field[3].len, t.field[3].ptr,
                text, (int)t.field[5].len, t.field[5].ptr);
        if (text[0] != '!')
            properties(&t, got);
    }
    CHECK_F(rows > 200, "only %d rows", rows);
}

static void rewriting_faults(void)
{
    char text[8] = "kept";
    relver_buf out = {text, sizeof text, 4};
    relver_diag diag = {RELVER_OK, 0, 0, NULL};
    relver_str v1 = relver_s("0.1.0"), v2 = relver_s("0.2.0"), none = relver_s(NULL);
    CHECK(relver_requirement(&out, RELVER_CARGO, relver_s("0.1, 0.x.1"), v1, v2, RELVER_PIN_AUTO,
                             &diag) == RELVER_NOT_REQUIREMENT);
    CHECK(diag.pos == 9 && diag.len == 1);
    CHECK_STR(diag.what, "number after a wildcard");
    CHECK(relver_requirement(&out, RELVER_CARGO, relver_s("<0.2"), v1, v2, RELVER_PIN_AUTO, &diag)
          == RELVER_COMPLEX);
    CHECK(diag.pos == 0 && diag.len == 4);
    CHECK(relver_requirement(&out, RELVER_NPM, relver_s("workspace:<0.2"), v1, v2, RELVER_PIN_AUTO,
                             &diag) == RELVER_COMPLEX);
    CHECK(diag.pos == 10 && diag.len == 4);
    CHECK(relver_requirement(&out, RELVER_NPM, relver_s("^0.1.0"), v1, relver_s("0.02.0"),
                             RELVER_PIN_AUTO, &diag) == RELVER_NOT_SEMVER);
    CHECK(diag.pos == 2);
    CHECK(out.len == 4 && strcmp(text, "kept") == 0);
    CHECK(relver_requirement(&out, RELVER_NPM, relver_s("^0.1.0"), v1, v2, RELVER_PIN_AUTO, &diag)
          == RELVER_NO_SPACE);
    CHECK(out.len == 10 && strcmp(text, "kept^0.") == 0);
    out.len = 0;
    CHECK(relver_requirement(&out, RELVER_NPM, none, v1, v2, RELVER_PIN_AUTO, NULL) == RELVER_OK);
    CHECK(out.len == 0);
    CHECK(relver_requirement(&out, RELVER_CARGO, none, none, v2, RELVER_PIN_AUTO, NULL)
          == RELVER_NOT_REQUIREMENT);
}

/* A list or marker as packaging prints it: sorted entries, without blanks, '"' for all quotes. */
static void normal(relver_buf *out, relver_str s, bool list)
{
    relver_str entry[16];
    size_t count = 0;
    while (s.len > 0) {
        const char *comma = list ? (const char *)memchr(s.ptr, ',', s.len) : NULL;
        size_t n = comma ? (size_t)(comma - s.ptr) : s.len, at = count;
        relver_str head = relver_sn(s.ptr, n);
        s = relver_sn(s.ptr + n + (comma != NULL), s.len - n - (comma != NULL));
        while (head.len > 0 && head.ptr[0] == ' ')
            head = relver_sn(head.ptr + 1, head.len - 1);
        if (head.len == 0 || count == 16)
            continue;
        for (; at > 0 && memcmp(entry[at - 1].ptr, head.ptr, head.len) > 0; at--)
            entry[at] = entry[at - 1];
        entry[at] = head;
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        relver_put(out, relver_s(i > 0 ? "," : ""));
        for (size_t k = 0; k < entry[i].len; k++)
            if (entry[i].ptr[k] != ' ')
                relver_put(out, entry[i].ptr[k] == '\'' ? relver_s("\"")
                                                        : relver_sn(entry[i].ptr + k, 1));
    }
}

static void part_is(const struct tsv *t, const char *part, relver_str got, relver_str want,
                    bool list)
{
    char left[512], right[512];
    relver_buf a = {left, sizeof left, 0}, b = {right, sizeof right, 0};
    left[0] = right[0] = '\0';
    normal(&a, got, list);
    normal(&b, want, list);
    CHECK_F(strcmp(left, right) == 0, "%s:%d: %s: got '%s', want '%s'", t->name, t->line, part,
            left, right);
}

static void dependencies(void)
{
    static struct tsv t;
    int rows = 0;
    tsv_open(&t, "pep508.tsv");
    for (; tsv_row(&t); rows++) {
        relver_pep508 p;
        relver_diag diag = {RELVER_OK, 0, 0, NULL};
        relver_str req = block(t.field[0]);
        bool want = relver_eq(t.field[1], relver_s("ok"));
        relver_err err = relver_pep508_parse(req, &p, &diag);
        CHECK_F((err == RELVER_OK) == want, "%s:%d: '%.*s': %s %s", t.name, t.line, (int)req.len,
                req.ptr, relver_code(err), err ? diag.what : "");
        if (err != RELVER_OK) {
            CHECK(err == RELVER_NOT_REQUIREMENT && diag.err == err && diag.what != NULL);
            CHECK(diag.pos <= req.len && diag.len <= req.len - diag.pos);
        } else if (want) {
            part_is(&t, "name", p.name, t.field[2], false);
            part_is(&t, "extras", p.extras, t.field[3], true);
            part_is(&t, "specifier", p.specifier, t.field[4], true);
            part_is(&t, "url", p.url, t.field[5], false);
            part_is(&t, "marker", p.marker, t.field[6], false);
        }
        drop(req);
    }
    CHECK_F(rows > 250, "only %d rows", rows);
}

/* Markers and names beyond the vectors; pos is where a fault must be shown. */
static void dependency_faults(void)
{
    static const struct {
        const char *text;
        bool ok;
        size_t pos;
    } rows[] = {
        {"a ; ((os_name == 'nt') and ('x' not in extra or python_version<'3'))", true, 0},
        {"a ; ((os_name == 'nt') and extra == 'x'", false, 39},
        {"a ; os_name == 'nt') ", false, 19},
        {"a ; os_name == nt", false, 17},
        {"a ; os_nam == 'nt'", false, 11},
        {"a ; os_name = 'nt'", false, 12},
        {"a ; os_name == 'nt", false, 15},
        {"a ; os_name == 'nt' nor extra == 'x'", false, 20},
        {"a ; os_name not 'nt'", false, 16},
        {"a ; 'nt'in os_name", true, 0},
        {"a_", false, 1},
        {"_a", false, 0},
        {"a[b", false, 3},
        {"a[b c]", false, 4},
        {"a[b,]", false, 4},
        {"a(>=1", false, 1},
        {"a(>=1) b", false, 7},
        {"a >=1,,<2", false, 6},
        {"a >=1 <2", false, 5},
        {"a @", false, 3},
        {"a @ x y", false, 6},
        {"", false, 0},
    };
    relver_pep508 p;
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_diag diag = {RELVER_OK, 0, 0, NULL};
        relver_err err = relver_pep508_parse(relver_s(rows[i].text), &p, &diag);
        CHECK_F((err == RELVER_OK) == rows[i].ok && diag.pos == rows[i].pos,
                "'%s': %s at %lu: %s", rows[i].text, relver_code(err), (unsigned long)diag.pos,
                diag.what ? diag.what : "");
    }
    CHECK(relver_pep508_parse(relver_s(NULL), &p, NULL) == RELVER_NOT_REQUIREMENT);
    CHECK(relver_pep508_parse(relver_s(" a [ b , c ] ( >=1 ) "), &p, NULL) == RELVER_OK);
    CHECK(relver_eq(p.extras, relver_s("b , c")) && relver_eq(p.specifier, relver_s(">=1")));
    CHECK(p.url.ptr == NULL && p.marker.ptr == NULL);
}

static void names(void)
{
    static const struct {
        relver_eco eco;
        const char *a, *b;
        bool same;
    } rows[] = {
        {RELVER_PEP440, "Foo_Bar", "foo-bar", true},
        {RELVER_PEP440, "foo.-_bar", "FOO-bar", true},
        {RELVER_PEP440, "foobar", "foo-bar", false},
        {RELVER_PEP440, "foo", "foo-", false},
        {RELVER_PEP440, "foo", "fo", false},
        {RELVER_NPM, "@a/b", "@a/b", true},
        {RELVER_NPM, "a_b", "a-b", false},
        {RELVER_NPM, "A", "a", false},
        {RELVER_CARGO, "foo-bar", "foo-bar", true},
        {RELVER_CARGO, "foo_bar", "foo-bar", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_str a = relver_s(rows[i].a), b = relver_s(rows[i].b);
        CHECK_F(relver_name_eq(rows[i].eco, a, b) == rows[i].same, "'%s' and '%s'", rows[i].a,
                rows[i].b);
        CHECK(relver_name_eq(rows[i].eco, b, a) == rows[i].same);
    }
    CHECK(relver_name_eq(RELVER_PEP440, relver_s(NULL), relver_s("")));
}

/*-- changesets ----------------------------------------------------------------------------------*/

/* Whether two requirements differ in numbers only. */
static bool same_shape(relver_str a, relver_str b)
{
    size_t i = 0, k = 0;
    for (;; i++, k++) {
        while (i < a.len && a.ptr[i] >= '0' && a.ptr[i] <= '9')
            i++;
        while (k < b.len && b.ptr[k] >= '0' && b.ptr[k] <= '9')
            k++;
        if (i == a.len || k == b.len || a.ptr[i] != b.ptr[k])
            return i == a.len && k == b.len;
    }
}

/* changesets rewrites every internal range that its settings let it touch, to one operator and
   three numbers. relver keeps the spelling, leaves what takes the new version and does not name the
   old one, and refuses what it would have to invent; the settings are the changeset planner's. */
static void changesets(void)
{
    enum { SAME, SPELLING, LEFT, REFUSED, SETTINGS, NONE };
    static const struct {
        const char *bump, *version;
    } bumps[] = {{"patch", "1.0.1"}, {"minor", "1.1.0"}, {"major", "2.0.0"}};
    size_t count[NONE + 1] = {0};
    struct tsv t;
    tsv_open(&t, "dep_update.tsv");
    while (tsv_row(&t)) {
        char text[512];
        relver_str req = t.field[0], now = relver_s(NULL), v2 = t.field[5], v3 = t.field[7];
        for (size_t i = 0; i < COUNT(bumps); i++)
            if (relver_eq(t.field[2], relver_s(bumps[i].bump)))
                now = relver_s(bumps[i].version);
        relver_str result = rewrite(text, sizeof text, RELVER_NPM, req, relver_s("1.0.0"), now,
                                    RELVER_PIN_AUTO);
        bool in = takes(RELVER_NPM, req, now), kept = relver_eq(result, req);
        bool names = same_shape(req, result) && !kept && takes(RELVER_NPM, result, now);
        int how = relver_eq(result, v2) || relver_eq(result, v3) ? SAME
                  : relver_eq(result, relver_s("!complex")) && !in                ? REFUSED
                  : kept && in                                   ? LEFT
                  : names && relver_eq(v2, req)                  ? SETTINGS
                  : names                                        ? SPELLING
                                                                 : NONE;
        count[how]++;
        CHECK_F(how != NONE, "%s:%d: '%.*s' to %.*s: '%.*s', changesets '%.*s'", t.name, t.line,
                (int)req.len, req.ptr, (int)now.len, now.ptr, (int)result.len, result.ptr,
                (int)v3.len, v3.ptr);
    }
    printf("changesets: %zu the same, %zu spelt as they were, %zu left, %zu refused, %zu by its "
           "settings\n", count[SAME], count[SPELLING], count[LEFT], count[REFUSED],
           count[SETTINGS]);
    CHECK(count[SAME] > count[SPELLING] + count[LEFT] + count[REFUSED] + count[SETTINGS]);
}

int main(void)
{
    rewriting();
    rewriting_faults();
    dependencies();
    dependency_faults();
    names();
    changesets();
    return check_done();
}
