/* versions.c - SemVer and PEP 440 against the vectors: what parses, in which order, node's inc;
   and the laws both keep. */
#define RELVER_IMPLEMENTATION
#define RELVER_STATIC
#include "../../relver.h"
#include "../tsv.h"
#include "text.h"

static char room[1 << 17];

static relver_buf empty(void)
{
    relver_buf out = {room, sizeof room, 0};
    return out;
}

/* Every row: text, ok or err, and for PEP 440 the normal form. */
static void valid(const char *file, relver_eco eco)
{
    struct tsv t;
    bool pep440 = eco == RELVER_PEP440;
    tsv_open(&t, file);
    while (tsv_row(&t)) {
        relver_str text = block(t.field[0]), want = pep440 ? t.field[2] : t.field[0];
        relver_buf out = empty();
        relver_diag diag;
        relver_err err = relver_check(&out, eco, text, &diag);
        if (is(t.field[1], "ok"))
            CHECK_F(err == RELVER_OK && relver_eq(relver_view(&out), want), "%s:%d: %s '%s'", file,
                    t.line, relver_code(err), show(relver_view(&out)));
        else
            CHECK_F(err == (pep440 ? RELVER_NOT_PEP440 : RELVER_NOT_SEMVER) && diag.err == err &&
                        diag.what != NULL && diag.pos + diag.len <= text.len && out.len == 0,
                    "%s:%d: %s '%s'", file, t.line, relver_code(err), show(text));
        drop(text);
    }
}

static void order(const char *file, relver_eco eco)
{
    struct tsv t;
    tsv_open(&t, file);
    while (tsv_row(&t)) {
        relver_str a = block(t.field[0]), b = block(t.field[1]);
        int ab = 9, ba = 9, want = is(t.field[2], "-1") ? -1 : is(t.field[2], "1");
        relver_compare(eco, a, b, &ab, NULL);
        relver_compare(eco, b, a, &ba, NULL);
        CHECK_F(ab == want && ba == -want, "%s:%d: '%s' '%s': %d", file, t.line, show(a), show(b),
                ab);
        drop(a);
        drop(b);
    }
}

static void semver_inc(void)
{
    struct tsv t;
    tsv_open(&t, "semver_inc.tsv");
    while (tsv_row(&t)) {
        relver_buf out = empty();
        relver_str base = t.field[3];
        if (base.len == 0 || is(base, "false")) /* node's default is 0, its false is our none */
            base = relver_s(base.len == 0 ? "0" : "");
        relver_err err = relver_semver_inc(&out, t.field[0], t.field[1], t.field[2], base, NULL);
        CHECK_F(err == RELVER_OK ? relver_eq(relver_view(&out), t.field[4]) : is(t.field[4], "!"),
                "%s:%d: %s '%s'", t.name, t.line, relver_code(err), show(relver_view(&out)));
    }
}

static void inc_refusals(void)
{
    static const struct {
        const char *version, *type, *preid, *base;
        relver_err err;
        size_t pos;
    } rows[] = {
        {"1.2", "major", "", "0", RELVER_NOT_SEMVER, 3},
        {"1.2.3", "bump", "", "0", RELVER_NOT_LEVEL, 0},
        {"1.2.3", "release", "", "0", RELVER_NO_PRERELEASE, 0},
        {"1.2.3", "prepatch", "rc..1", "0", RELVER_NOT_LEVEL, 3},
        {"1.2.3", "prepatch", "rc+1", "0", RELVER_NOT_LEVEL, 2},
        {"1.2.3", "prepatch", "01", "0", RELVER_NOT_LEVEL, 0},
        {"1.2.3", "prepatch", "rc", "2", RELVER_NOT_LEVEL, 0},
        {"1.2.3", "prepatch", "", "", RELVER_NOT_LEVEL, 0},
        {"1.2.3-rc", "prerelease", "rc", "", RELVER_NOT_LEVEL, 0},
        {"1.2.3-rc.1", "prerelease", "", "", RELVER_NOT_LEVEL, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_buf out = empty();
        relver_diag diag;
        relver_err err =
            relver_semver_inc(&out, relver_s(rows[i].version), relver_s(rows[i].type),
                              relver_s(rows[i].preid), relver_s(rows[i].base), &diag);
        CHECK_F(err == rows[i].err && diag.err == err && diag.pos == rows[i].pos && out.len == 0,
                "%s %s: %s at %d", rows[i].version, rows[i].type, relver_code(err), (int)diag.pos);
    }
}

/* Where and why, to the byte. */
static void diagnostics(void)
{
    static const struct {
        relver_eco eco;
        const char *text, *want;
    } rows[] = {
        {RELVER_SEMVER, "", "V:1:1: expected the major version, a number"},
        {RELVER_SEMVER, "v1.2.3", "V:1:1: expected the major version, a number"},
        {RELVER_SEMVER, "1", "V:1:2: expected '.' and the minor version"},
        {RELVER_SEMVER, "1.2", "V:1:4: expected '.' and the patch version"},
        {RELVER_SEMVER, "1.2.", "V:1:5: expected '.' and the patch version"},
        {RELVER_SEMVER, "01.2.3", "V:1:1: leading zero in major version"},
        {RELVER_SEMVER, "1.02.3", "V:1:3: leading zero in minor version"},
        {RELVER_SEMVER, "1.2.00", "V:1:5: leading zero in patch version"},
        {RELVER_SEMVER, "1.2.3.4", "V:1:6: unexpected byte in the version"},
        {RELVER_SEMVER, "1.2.3-", "V:1:7: expected a prerelease identifier"},
        {RELVER_SEMVER, "1.2.3-a..b", "V:1:9: expected a prerelease identifier"},
        {RELVER_SEMVER, "1.2.3-a.01", "V:1:9: leading zero in prerelease number"},
        {RELVER_SEMVER, "1.2.3-a_b", "V:1:8: unexpected byte in the version"},
        {RELVER_SEMVER, "1.2.3+", "V:1:7: expected a build identifier"},
        {RELVER_SEMVER, "1.2.3+a+b", "V:1:8: unexpected byte in the version"},
        {RELVER_SEMVER, "1.2.3 ", "V:1:6: unexpected byte in the version"},
        {RELVER_PEP440, "", "V:1:1: expected the release, a number"},
        {RELVER_PEP440, "1!", "V:1:3: expected the release, a number"},
        {RELVER_PEP440, "1.0-", "V:1:4: unexpected text in the version"},
        {RELVER_PEP440, "1.0.x", "V:1:4: unexpected text in the version"},
        {RELVER_PEP440, "1.0.dev1rc1", "V:1:9: unexpected text in the version"},
        {RELVER_PEP440, "1.0+", "V:1:5: expected letters or digits in the local version"},
        {RELVER_PEP440, "1.0+a..b", "V:1:7: expected letters or digits in the local version"},
        {RELVER_PEP440, " 1.0 x", "V:1:5: unexpected text in the version"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_buf out = empty();
        relver_str text = relver_s(rows[i].text);
        relver_diag diag;
        CHECK(relver_check(&out, rows[i].eco, text, &diag) != RELVER_OK && out.len == 0);
        relver_explain(&out, relver_s("V"), text, &diag);
        CHECK_STR(room, rows[i].want);
    }
}

/* The versions of a vector file's first column that parse, as a sample. */
enum { SAMPLE = 260 };

static size_t sample(const char *file, relver_eco eco, relver_str *to)
{
    struct tsv t;
    size_t n = 0, seen = 0;
    tsv_open(&t, file);
    while (tsv_row(&t)) {
        relver_buf out = empty();
        if (relver_check(&out, eco, t.field[0], NULL) != RELVER_OK || t.field[0].len > 120)
            continue;
        if (n < SAMPLE) {
            to[n++] = block(t.field[0]);
            continue;
        }
        size_t at = roll(SAMPLE + ++seen);
        if (at < SAMPLE) {
            drop(to[at]);
            to[at] = block(t.field[0]);
        }
    }
    return n;
}

static int compare(relver_eco eco, relver_str a, relver_str b)
{
    int result = 9;
    relver_compare(eco, a, b, &result, NULL);
    return result;
}

/* Reflexive, antisymmetric, transitive; and the normal form is equal to the text. */
static void order_laws(const char *file, relver_eco eco)
{
    static relver_str v[SAMPLE];
    static signed char table[SAMPLE][SAMPLE];
    size_t n = sample(file, eco, v), broken = 0;
    CHECK(n > 100);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            table[i][j] = (signed char)compare(eco, v[i], v[j]);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            broken += table[i][j] != -table[j][i] || (i == j && table[i][j] != 0);
            for (size_t k = 0; k < n; k++)
                broken += table[i][j] <= 0 && table[j][k] <= 0 && table[i][k] > 0;
        }
    CHECK_F(broken == 0, "%s: %d broken laws", file, (int)broken);
    for (size_t i = 0; i < n; i++) {
        relver_buf out = empty();
        relver_check(&out, eco, v[i], NULL);
        relver_str normal = block(relver_view(&out));
        out = empty();
        CHECK_F(compare(eco, v[i], normal) == 0 &&
                    relver_check(&out, eco, normal, NULL) == RELVER_OK &&
                    relver_eq(relver_view(&out), normal),
                "%s: '%s' and '%s'", file, show(v[i]), show(normal));
        drop(normal);
        drop(v[i]);
    }
}

/* Each cap from 0 to what is needed: the same length, what fits, a NUL, nothing beyond. */
static void every_cap(void)
{
    static const struct {
        relver_eco eco;
        const char *text, *want;
    } rows[] = {{RELVER_SEMVER, "1.3.0-rc.1+b.5", "1.3.0-rc.1+b.5"},
                {RELVER_PEP440, "v1!01.0-ALPHA_2.post.dev3+A-01", "1!1.0a2.post0.dev3+a.1"}};
    for (size_t i = 0; i < 2; i++) {
        size_t need = strlen(rows[i].want);
        for (size_t cap = 0; cap <= need + 1; cap++) {
            char *exact = (char *)malloc(cap > 0 ? cap : 1);
            relver_buf out = {exact, cap, 0};
            relver_err err = relver_check(&out, rows[i].eco, relver_s(rows[i].text), NULL);
            CHECK(out.len == need && err == (cap > need ? RELVER_OK : RELVER_NO_SPACE));
            CHECK(cap == 0 || memcmp(exact, rows[i].want, cap - 1) == 0);
            CHECK(cap == 0 || exact[cap - 1] == '\0');
            free(exact);
        }
    }
}

/* Numbers of any size: beyond 2^64, beyond 10^50, a megabyte of digits. */
/* A key never contradicts the order, and tells apart what fits into it. */
static void sort_keys(void)
{
    static const char *const part[] = {"0", "1", "9", "10", "999", "1000", "1023", "1024", "999999",
                                       "1000000", "2097151", "2097152", "99999999999999999999"};
    relver_semver v[COUNT(part) * COUNT(part) * 4];
    char text[COUNT(v)][80];
    size_t n = 0, told = 0;
    for (size_t i = 0; i < COUNT(v); i++, n++) {
        const char *a = part[i % COUNT(part)], *b = part[i / COUNT(part) % COUNT(part)];
        size_t kind = i / COUNT(part) / COUNT(part);
        snprintf(text[i], sizeof text[i], kind & 1 ? "%s.%s.5%s" : "5.%s.%s%s", a, b,
                 kind & 2 ? "-rc.1" : "");
        CHECK(relver_semver_parse(relver_s(text[i]), &v[i], NULL) == RELVER_OK);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            size_t x = relver_semver_key(&v[i]), y = relver_semver_key(&v[k]);
            int order = relver_semver_compare(&v[i], &v[k]);
            told += x != y;
            if ((x < y && order >= 0) || (order == 0 && x != y))
                CHECK_F(false, "%s %s: %zu %zu", text[i], text[k], x, y);
        }
    CHECK_F(told > n * n / 2, "%zu of %zu pairs told apart", told, n * n);
}

static void big_numbers(void)
{
    int result;
    static const char *const ladder[] = {
        "1.0.9007199254740991",
        "1.0.9007199254740992",
        "1.0.18446744073709551615",
        "1.0.18446744073709551616",
        "1.0.99999999999999999999999999999999999999999999999999",
        "1.0.100000000000000000000000000000000000000000000000000",
    };
    for (size_t i = 0; i + 1 < COUNT(ladder); i++) {
        relver_str a = relver_s(ladder[i]), b = relver_s(ladder[i + 1]);
        CHECK(compare(RELVER_SEMVER, a, b) == -1 && compare(RELVER_PEP440, a, b) == -1);
    }
    enum { MEGA = 1 << 20 };
    char *text = (char *)malloc(MEGA);
    memset(text, '9', MEGA);
    memcpy(text, "1.0.", 4);
    relver_str s = relver_sn(text, MEGA);
    CHECK(relver_compare(RELVER_SEMVER, s, relver_s("1.0.99"), &result, NULL) == RELVER_OK &&
          result == 1);
    relver_buf measure = {NULL, 0, 0};
    CHECK(relver_semver_inc(&measure, s, relver_s("patch"), relver_s(""), relver_s("0"), NULL) ==
              RELVER_NO_SPACE && measure.len == MEGA + 1);
    relver_diag diag;
    CHECK(relver_compare(RELVER_PEP440, s, s, &result, &diag) == RELVER_NOT_PEP440);
    CHECK(diag.pos == 255);
    free(text);
}

/* Any bytes: no read out of bounds, no answer that contradicts itself. */
static void noise(void)
{
    static const char *const types[] = {"major", "minor", "patch", "premajor", "prerelease", "pre"};
    for (int i = 0; i < 60000; i++) {
        char text[256];
        relver_str s = block(relver_sn(text, roll_text(text, sizeof text)));
        relver_semver v;
        relver_pep440 p;
        relver_diag diag;
        if (relver_semver_parse(s, &v, &diag) == RELVER_OK) {
            relver_buf out = empty();
            relver_semver_write(&out, &v);
            CHECK_F(relver_eq(relver_view(&out), s), "'%s'", show(s));
            CHECK(relver_semver_compare(&v, &v) == 0);
            out = empty();
            relver_str type = relver_s(types[roll(6)]);
            CHECK(relver_semver_inc(&out, s, type, relver_s("rc"), relver_s("0"), NULL) ==
                      RELVER_OK &&
                  relver_semver_parse(relver_view(&out), &v, NULL) == RELVER_OK);
        } else {
            CHECK(diag.pos + diag.len <= s.len && diag.err == RELVER_NOT_SEMVER);
        }
        if (relver_pep440_parse(s, &p, &diag) == RELVER_OK) {
            relver_buf out = empty();
            relver_pep440 q;
            relver_pep440_write(&out, &p);
            CHECK_F(relver_pep440_parse(relver_view(&out), &q, NULL) == RELVER_OK &&
                        relver_pep440_compare(&p, &q) == 0,
                    "'%s' wrote '%s'", show(s), room);
        } else {
            CHECK(diag.pos + diag.len <= s.len && diag.err == RELVER_NOT_PEP440);
        }
        drop(s);
    }
}

/* What no text is: an absent view. */
static void absent(void)
{
    relver_buf out = empty();
    relver_str none = relver_s(NULL);
    CHECK(relver_check(&out, RELVER_SEMVER, none, NULL) == RELVER_NOT_SEMVER);
    CHECK(relver_check(&out, RELVER_PEP440, none, NULL) == RELVER_NOT_PEP440);
    CHECK(relver_semver_inc(&out, none, none, none, none, NULL) == RELVER_NOT_SEMVER);
    CHECK(relver_semver_inc(&out, relver_s("1.2.3"), relver_s("prerelease"), none, relver_s("0"),
                            NULL) == RELVER_OK);
    CHECK_STR(room, "1.2.4-0");
}

int main(void)
{
    valid("semver_valid.tsv", RELVER_SEMVER);
    valid("pep440_valid.tsv", RELVER_PEP440);
    order("semver_order.tsv", RELVER_SEMVER);
    order("pep440_order.tsv", RELVER_PEP440);
    order_laws("semver_order.tsv", RELVER_SEMVER);
    order_laws("pep440_valid.tsv", RELVER_PEP440);
    semver_inc();
    inc_refusals();
    diagnostics();
    every_cap();
    sort_keys();
    big_numbers();
    noise();
    absent();
    return check_done();
}
