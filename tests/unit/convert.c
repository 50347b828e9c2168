/* convert.c - from one ecosystem's spelling to another's and back, levels, limits, stamps. */
#define RELVER_IMPLEMENTATION
#define RELVER_STATIC
#include "../../relver.h"
#include "../tsv.h"
#include "text.h"

static char room[4096];

static relver_buf empty(void)
{
    relver_buf out = {room, sizeof room, 0};
    return out;
}

/* A conversion as the vectors put it: the class, the text, the code. */
static void convert(const struct tsv *t, relver_eco from, relver_eco to)
{
    relver_str text = block(t->field[0]);
    relver_buf out = empty();
    relver_class how = RELVER_EXACT;
    relver_diag diag;
    relver_err err = relver_convert(&out, from, text, to, &how, &diag);
    const char *code = err != RELVER_OK ? relver_code(err) : relver_class_code(how);
    const char *kind = err != RELVER_OK ? "refuse" : how == RELVER_EXACT ? "exact" : "lenient";
    CHECK_F(is(t->field[1], kind) && (how == RELVER_EXACT && err == RELVER_OK
                                          ? is(t->field[3], "")
                                          : is(t->field[3], code)) &&
                relver_eq(relver_sn(room, out.len), t->field[2]),
            "%s:%d: '%s': %s %s '%s'", t->name, t->line, show(text), kind, code,
            show(relver_sn(room, out.len)));
    if (err != RELVER_OK)
        CHECK_F(diag.err == err && diag.what != NULL && diag.pos + diag.len <= text.len,
                "%s:%d: fault at %d", t->name, t->line, (int)diag.pos);
    drop(text);
}

static void semver_to_pep440(void)
{
    struct tsv t;
    tsv_open(&t, "semver_to_pep440.tsv");
    while (tsv_row(&t)) {
        convert(&t, RELVER_SEMVER, RELVER_PEP440);
        if (is(t.field[1], "refuse"))
            continue;
        relver_buf out = empty();
        relver_class how = RELVER_PADDED;
        relver_err err = relver_convert(&out, RELVER_PEP440, t.field[2], RELVER_NPM, &how, NULL);
        CHECK_F(err == RELVER_OK && how == RELVER_EXACT &&
                    relver_eq(relver_view(&out), t.field[4]) &&
                    (!is(t.field[1], "exact") || relver_eq(t.field[0], t.field[4])),
                "%s:%d: back to '%s'", t.name, t.line, show(relver_view(&out)));
    }
}

static void pep440_to_semver(void)
{
    struct tsv t;
    tsv_open(&t, "pep440_to_semver.tsv");
    while (tsv_row(&t))
        convert(&t, RELVER_PEP440, RELVER_CARGO);
}

/* Each code of a refusal, and the bytes it points at. */
static void faults(void)
{
    static const struct {
        relver_eco from;
        const char *text;
        relver_err err;
        size_t pos, len;
    } rows[] = {
        {RELVER_SEMVER, "1.2.3-1", RELVER_NUMERIC_FIRST, 6, 1},
        {RELVER_SEMVER, "1.2.3-nightly.1", RELVER_UNKNOWN_LABEL, 6, 7},
        {RELVER_SEMVER, "1.2.3-RC.1", RELVER_UPPERCASE_LABEL, 6, 2},
        {RELVER_SEMVER, "1.2.3-RC1", RELVER_UPPERCASE_LABEL, 6, 3},
        {RELVER_SEMVER, "1.2.3-rc.1.2", RELVER_MULTI_PART, 6, 6},
        {RELVER_SEMVER, "1.2.3-rc1.2", RELVER_MULTI_PART, 6, 5},
        {RELVER_SEMVER, "1.2.3-rc01", RELVER_GLUED_GARBAGE, 6, 4},
        {RELVER_SEMVER, "1.2.3+a.007", RELVER_LOCAL_LEADING_ZERO, 8, 3},
        {RELVER_SEMVER, "1.2.3+a-07", RELVER_LOCAL_LEADING_ZERO, 8, 2},
        {RELVER_SEMVER, "1.2.3+a-", RELVER_LOCAL_CHARSET, 6, 2},
        {RELVER_PEP440, "1!1.2.3", RELVER_EPOCH, 0, 1},
        {RELVER_PEP440, "1.2.3.post", RELVER_POST_RELEASE, 5, 5},
        {RELVER_PEP440, "1.2.3a1.dev2", RELVER_PRE_AND_DEV, 5, 7},
        {RELVER_PEP440, "1.2.3.4", RELVER_RELEASE_TOO_LONG, 6, 1},
        {RELVER_PEP440, "v1.2.3.x", RELVER_NOT_PEP440, 6, 1},
        {RELVER_SEMVER, "1.2", RELVER_NOT_SEMVER, 3, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_eco to = rows[i].from == RELVER_PEP440 ? RELVER_NPM : RELVER_PEP440;
        relver_buf out = empty();
        relver_class how = RELVER_PADDED;
        relver_diag diag;
        relver_err err =
            relver_convert(&out, rows[i].from, relver_s(rows[i].text), to, &how, &diag);
        CHECK_F(err == rows[i].err && diag.pos == rows[i].pos && diag.len == rows[i].len &&
                    out.len == 0 && how == RELVER_PADDED,
                "%s: %s at %d, %d", rows[i].text, relver_code(err), (int)diag.pos, (int)diag.len);
    }
}

/* Between npm, Cargo and SemVer the text stays; to itself PEP 440 takes its normal form. */
static void same_family(void)
{
    static const relver_eco family[] = {RELVER_SEMVER, RELVER_NPM, RELVER_CARGO};
    for (int i = 0; i < 9; i++) {
        relver_buf out = empty();
        relver_class how = RELVER_PADDED;
        CHECK(relver_convert(&out, family[i / 3], relver_s("1.2.3-X.1+B"), family[i % 3], &how,
                             NULL) == RELVER_OK && how == RELVER_EXACT);
        CHECK_STR(room, "1.2.3-X.1+B");
    }
    relver_buf out = empty();
    CHECK(relver_convert(&out, RELVER_PEP440, relver_s("V1!2.RC"), RELVER_PEP440, NULL, NULL) ==
          RELVER_OK);
    CHECK_STR(room, "1!2rc0");
    CHECK(strcmp(relver_class_code((relver_class)99), "unknown") == 0);
}

/* PEP 440 text has a limit both ways: what is written can be read. */
static void pep440_limit(void)
{
    char text[300];
    memset(text, '9', sizeof text);
    relver_str longest = relver_sn(text, 255);
    relver_diag diag;
    relver_buf out = empty();
    CHECK(relver_check(&out, RELVER_PEP440, longest, &diag) == RELVER_OK && out.len == 255);
    out.len = 7;
    CHECK(relver_bump(&out, RELVER_PEP440, longest, relver_s("major"), &diag) == RELVER_TOO_LONG);
    CHECK(out.len == 7 && diag.err == RELVER_TOO_LONG);
    memcpy(text, "1.0.", 4);
    CHECK(relver_convert(&out, RELVER_SEMVER, relver_sn(text, 256), RELVER_PEP440, NULL, NULL) ==
          RELVER_TOO_LONG);
    memcpy(text + 253, "-1", 2);
    CHECK(relver_check(&out, RELVER_PEP440, longest, NULL) == RELVER_TOO_LONG && out.len == 7);
}

/* Exact conversions of made-up versions: there and back, and order kept but for dev beside alpha
   and beta of one release (which is why `check` refuses those). */
static void there_and_back(void)
{
    static const char *const labels[] = {"", "-dev", "-alpha", "-beta", "-rc"};
    static char semver[400][24], pep440[400][24];
    static int kind[400], core[400];
    size_t n = 0, wrong = 0;
    for (int c = 0; c < 6; c++)
        for (int l = 0; l < 5; l++)
            for (int number = 0; number < (l > 0 ? 12 : 1); number++) {
                int len = snprintf(semver[n], sizeof semver[n], "0.%d.%d", c / 2, c % 2 * 10);
                if (l > 0)
                    snprintf(semver[n] + len, sizeof semver[n] - (size_t)len, "%s.%d", labels[l],
                             number);
                relver_buf out = {pep440[n], sizeof pep440[n], 0}, back = empty();
                relver_class how = RELVER_PADDED, again = RELVER_PADDED;
                relver_convert(&out, RELVER_NPM, relver_s(semver[n]), RELVER_PEP440, &how, NULL);
                relver_convert(&back, RELVER_PEP440, relver_s(pep440[n]), RELVER_NPM, &again, NULL);
                CHECK_F(how == RELVER_EXACT && again == RELVER_EXACT &&
                            relver_eq(relver_view(&back), relver_s(semver[n])),
                        "%s, %s, %s", semver[n], pep440[n], room);
                kind[n] = l;
                core[n++] = c;
            }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            int a = 9, b = 8;
            relver_compare(RELVER_SEMVER, relver_s(semver[i]), relver_s(semver[j]), &a, NULL);
            relver_compare(RELVER_PEP440, relver_s(pep440[i]), relver_s(pep440[j]), &b, NULL);
            bool known = core[i] == core[j] && ((kind[i] == 1 && kind[j] > 1 && kind[j] < 4) ||
                                                (kind[j] == 1 && kind[i] > 1 && kind[i] < 4));
            wrong += known ? a != -b : a != b;
        }
    CHECK_F(n == 294 && wrong == 0, "%d versions, %d pairs out of order", (int)n, (int)wrong);
}

static relver_eco eco_of(relver_str name)
{
    return is(name, "pep440") ? RELVER_PEP440 : RELVER_SEMVER;
}

static void levels(void)
{
    struct tsv t;
    tsv_open(&t, "levels.tsv");
    while (tsv_row(&t)) {
        relver_eco eco = eco_of(t.field[0]);
        relver_str version = block(t.field[1]), level = block(t.field[2]);
        for (int twice = 0; twice < 2; twice++) {
            relver_buf out = empty();
            relver_diag diag;
            int order = 9;
            relver_err err = relver_bump(&out, eco, version, level, &diag);
            if (err == RELVER_OK) {
                relver_compare(eco, relver_view(&out), version, &order, NULL);
                CHECK_F(relver_eq(relver_view(&out), t.field[3]) && order == 1, "%s:%d: '%s' (%d)",
                        t.name, t.line, room, order);
            } else {
                CHECK_F(t.field[3].len > 0 && t.field[3].ptr[0] == '!' &&
                            is(relver_sn(t.field[3].ptr + 1, t.field[3].len - 1),
                               relver_code(err)) &&
                            diag.err == err && out.len == 0,
                        "%s:%d: %s", t.name, t.line, relver_code(err));
            }
            eco = eco == RELVER_SEMVER ? RELVER_CARGO : eco;
        }
        drop(version);
        drop(level);
    }
}

/* Whatever the version and the level: the result parses and is above the version. */
static void upward(void)
{
    static const char *const words[] = {"major",     "minor",    "patch",     "alpha", "beta",
                                        "rc",        "dev",      "release",   "minor alpha",
                                        "major beta", "patch rc", "minor dev"};
    int moved = 0;
    for (int i = 0; i < 200000; i++) {
        char text[256];
        size_t len = roll_text(text, sizeof text);
        relver_str version = block(relver_sn(text, len)), level = relver_s(words[roll(12)]);
        relver_eco eco = roll(2) > 0 ? RELVER_PEP440 : RELVER_NPM;
        relver_buf out = empty();
        int order = 9;
        if (relver_bump(&out, eco, version, level, NULL) == RELVER_OK) {
            relver_compare(eco, relver_view(&out), version, &order, NULL);
            CHECK_F(order == 1, "'%s' %s gave '%s'", show(version), show(level), room);
            moved++;
        }
        drop(version);
    }
    CHECK_F(moved > 10000, "only %d", moved);
}

/* Each level at each cap: measured and filled alike. */
static void every_cap(void)
{
    static const struct {
        relver_eco eco;
        const char *version, *level, *want;
    } rows[] = {{RELVER_NPM, "1.9.9", "minor rc", "1.10.0-rc.1"},
                {RELVER_PEP440, "2!1.9a9.dev3", "dev", "2!1.9a9.dev4"}};
    for (size_t i = 0; i < 2; i++) {
        size_t need = strlen(rows[i].want);
        for (size_t cap = 0; cap <= need + 1; cap++) {
            char *exact = (char *)malloc(cap > 0 ? cap : 1);
            relver_buf out = {exact, cap, 0};
            relver_err err = relver_bump(&out, rows[i].eco, relver_s(rows[i].version),
                                         relver_s(rows[i].level), NULL);
            CHECK(out.len == need && err == (cap > need ? RELVER_OK : RELVER_NO_SPACE));
            CHECK(cap == 0 || memcmp(exact, rows[i].want, cap - 1) == 0);
            CHECK(cap == 0 || exact[cap - 1] == '\0');
            free(exact);
        }
    }
}

static void fits(void)
{
    static char long_text[3][300];
    static const size_t length[3] = {257, 151, 129};
    for (int i = 0; i < 3; i++) {
        memset(long_text[i], 'a', length[i]);
        memcpy(long_text[i], "1.0.0-", 6);
    }
    const struct {
        relver_target target;
        const char *version;
        relver_err err;
        size_t pos;
    } rows[] = {
        {RELVER_ON_NPM, "1.2.3-rc.1", RELVER_OK, 0},
        {RELVER_ON_NPM, "v1.2.3", RELVER_NOT_SEMVER, 0},
        {RELVER_ON_NPM, "9007199254740991.0.0", RELVER_OK, 0},
        {RELVER_ON_NPM, "0.9007199254740992.0", RELVER_TOO_BIG, 2},
        {RELVER_ON_NPM, "1.0.0-dev.20261121123456", RELVER_OK, 0},
        {RELVER_ON_NPM, "1.0.0-dev.20261121123456789", RELVER_TOO_BIG, 10},
        {RELVER_ON_NPM, "1.0.0-9007199254740990", RELVER_OK, 0},
        {RELVER_ON_NPM, "1.0.0+abc", RELVER_HAS_BUILD, 6},
        {RELVER_ON_NPM, long_text[0], RELVER_TOO_LONG, 256},
        {RELVER_ON_NPM, long_text[1], RELVER_OK, 0},
        {RELVER_ON_CRATES, "1.2.18446744073709551615", RELVER_OK, 0},
        {RELVER_ON_CRATES, "1.2.18446744073709551616", RELVER_TOO_BIG, 4},
        {RELVER_ON_CRATES, "1.2.3-99999999999999999999999", RELVER_OK, 0},
        {RELVER_ON_CRATES, "300.1.0+3.1.0", RELVER_OK, 0},
        {RELVER_ON_CRATES, long_text[1], RELVER_TOO_LONG, 150},
        {RELVER_ON_PYPI, "1.0rc1", RELVER_OK, 0},
        {RELVER_ON_PYPI, "1.0rc1+local", RELVER_HAS_BUILD, 7},
        {RELVER_ON_PYPI, "1.0-nightly", RELVER_NOT_PEP440, 3},
        {RELVER_ON_GIT, "1.0.0-x.lock", RELVER_LOCK_SUFFIX, 7},
        {RELVER_ON_GIT, "1.0.0+lock", RELVER_OK, 0},
        {RELVER_ON_GIT, "1.0.0+a.lock", RELVER_LOCK_SUFFIX, 7},
        {RELVER_ON_GIT, long_text[0], RELVER_OK, 0},
        {RELVER_ON_DOCKER, "1.0.0-rc.1", RELVER_OK, 0},
        {RELVER_ON_DOCKER, "1.0.0+abc", RELVER_HAS_BUILD, 6},
        {RELVER_ON_DOCKER, long_text[2], RELVER_TOO_LONG, 128},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_diag diag;
        memset(&diag, 0, sizeof diag);
        relver_err err = relver_fits(rows[i].target, relver_s(rows[i].version), &diag);
        CHECK_F(err == rows[i].err && diag.pos == rows[i].pos, "%d '%s': %s at %d",
                (int)rows[i].target, rows[i].version, relver_code(err), (int)diag.pos);
    }
}

static size_t number(relver_str digits)
{
    size_t n = 0;
    for (size_t i = 0; i < digits.len; i++)
        n = n * 10 + (size_t)(digits.ptr[i] - '0');
    return n;
}

static void stamps(void)
{
    struct tsv t;
    tsv_open(&t, "stamp.tsv");
    while (tsv_row(&t)) {
        relver_eco eco = eco_of(t.field[3]);
        relver_str base = block(t.field[0]), oid = block(t.field[1]);
        relver_buf out = empty();
        relver_diag diag;
        relver_err err = relver_stamp(&out, eco, base, oid, number(t.field[2]), &diag);
        if (is(t.field[4], "refuse")) {
            CHECK_F(is(t.field[6], relver_code(err)) && diag.err == err && out.len == 0,
                    "%s:%d: %s", t.name, t.line, relver_code(err));
        } else if (CHECK_F(err == RELVER_OK && relver_eq(relver_view(&out), t.field[5]),
                           "%s:%d: %s '%s'", t.name, t.line, relver_code(err), room)) {
            relver_str stamped = block(relver_view(&out)), plain;
            relver_class how = RELVER_EXACT;
            int order = 9;
            out = empty();
            CHECK(relver_convert(&out, RELVER_SEMVER, base, eco, &how, NULL) == RELVER_OK);
            CHECK_F(is(t.field[6], how == RELVER_EXACT ? "" : relver_class_code(how)), "%s:%d: %s",
                    t.name, t.line, relver_class_code(how));
            plain = block(relver_view(&out));
            relver_compare(eco, stamped, plain, &order, NULL);
            CHECK_F(order == (is(t.field[7], "1") ? 1 : -1), "%s:%d: order %d", t.name, t.line,
                    order);
            out = empty();
            CHECK_F(relver_stamp(&out, eco, stamped, oid, number(t.field[2]), NULL) == RELVER_OK &&
                        relver_eq(relver_view(&out), stamped),
                    "%s:%d: again '%s'", t.name, t.line, show(stamped));
            out = empty();
            err = relver_stamp(&out, eco, stamped,
                               relver_s("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"), 0, &diag);
            CHECK_F(err == RELVER_ALREADY_STAMPED && out.len == 0, "%s:%d: restamped '%s': %s",
                    t.name, t.line, show(stamped), relver_code(err));
            drop(stamped);
            drop(plain);
        }
        drop(base);
        drop(oid);
    }
}

/* What the vectors do not hold: Cargo's form, Python bases, lengths. */
static void more_stamps(void)
{
    static const char sha[] = "ABC1234DEF5678901234567890abcdef12345678";
    static const char digits[] = "0123456789012345678901234567890123456789";
    static const struct {
        relver_eco eco;
        const char *base, *oid;
        size_t len;
        const char *want; /* the result, or an error's code */
    } rows[] = {
        {RELVER_CARGO, "0.2.0", sha, 0, "0.2.0+abc1234d"},
        {RELVER_CARGO, "0.2.0-rc.1", digits, 7, "0.2.0-rc.1+g0123456"},
        {RELVER_CARGO, "0.2.0+abc1234d", sha, 8, "0.2.0+abc1234d"},
        {RELVER_CARGO, "0.2.0+abc1234", sha, 8, "already-stamped"},
        {RELVER_CARGO, "0.2.0+build", sha, 8, "base-has-build"},
        {RELVER_NPM, "0.2.0", sha, 40, "0.2.0-abc1234def5678901234567890abcdef12345678"},
        {RELVER_NPM, "0.2.0", sha, 41, "too-long"},
        {RELVER_NPM, "0.2.0", sha, 6, "too-long"},
        {RELVER_NPM, "0.2.0-deadbee", sha, 8, "already-stamped"},
        {RELVER_NPM, "0.2.0-dev.20261121", sha, 8, "0.2.0-dev.20261121.abc1234d"},
        {RELVER_NPM, "0.2.0-g20261121", sha, 8, "already-stamped"},
        {RELVER_NPM, "0.2.0-gabc1234", sha, 8, "0.2.0-gabc1234.abc1234d"},
        {RELVER_NPM, "0.2.0+build", sha, 8, "base-has-build"},
        {RELVER_PEP440, "0.4.6.dev0", sha, 8, "0.4.6.dev0+abc1234d"},
        {RELVER_PEP440, "0.4.0rc1", sha, 8, "0.4.0rc1+abc1234d"},
        {RELVER_PEP440, "0.4.0rc1+g01234567", digits, 8, "0.4.0rc1+g01234567"},
        {RELVER_PEP440, "0.4.0rc1+local", sha, 8, "base-has-build"},
        {RELVER_PEP440, "0.4.0RC1", sha, 8, "not-semver"},
        {RELVER_PEP440, "0.4.0.post1", sha, 8, "not-semver"},
        {RELVER_PEP440, "0.4", sha, 8, "not-semver"},
        {RELVER_SEMVER, "0.4.0", "abc1234", 7, "oid-not-full"},
        {RELVER_SEMVER, "0.4.0", "xbc1234def5678901234567890abcdef12345678", 7, "oid-not-full"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_buf out = empty();
        relver_err err = relver_stamp(&out, rows[i].eco, relver_s(rows[i].base),
                                      relver_s(rows[i].oid), rows[i].len, NULL);
        const char *got = err == RELVER_OK ? room : relver_code(err);
        CHECK_F(strcmp(got, rows[i].want) == 0, "%s: %s, want %s", rows[i].base, got, rows[i].want);
    }
    for (size_t cap = 0; cap <= 20; cap++) {
        char *exact = (char *)malloc(cap > 0 ? cap : 1);
        relver_buf out = {exact, cap, 0};
        relver_err err =
            relver_stamp(&out, RELVER_NPM, relver_s("0.2.0-rc.1"), relver_s(sha), 8, NULL);
        CHECK(out.len == 19 && err == (cap > 19 ? RELVER_OK : RELVER_NO_SPACE));
        CHECK(cap == 0 || memcmp(exact, "0.2.0-rc.1.abc1234d", cap - 1) == 0);
        free(exact);
    }
}

/* Any bytes, in every direction. */
static void noise(void)
{
    for (int i = 0; i < 100000; i++) {
        char text[256];
        relver_str s = block(relver_sn(text, roll_text(text, sizeof text)));
        relver_eco from = (relver_eco)roll(4), to = (relver_eco)roll(4);
        relver_class how = RELVER_EXACT, back = RELVER_EXACT;
        relver_diag diag;
        relver_buf out = empty();
        relver_err err = relver_convert(&out, from, s, to, &how, &diag);
        if (err == RELVER_OK) {
            relver_str there = block(relver_view(&out));
            out = empty();
            err = relver_convert(&out, to, there, from, &back, NULL);
            CHECK_F(err == RELVER_OK && (from == RELVER_PEP440 || how != RELVER_EXACT ||
                                         relver_eq(relver_view(&out), s)),
                    "'%s' gave '%s'", show(s), show(there));
            drop(there);
        } else {
            CHECK_F(diag.pos + diag.len <= s.len && out.len == 0, "'%s'", show(s));
        }
        (void)relver_fits((relver_target)roll(5), s, &diag);
        drop(s);
    }
}

int main(void)
{
    semver_to_pep440();
    pep440_to_semver();
    faults();
    same_family();
    pep440_limit();
    there_and_back();
    levels();
    upward();
    every_cap();
    fits();
    stamps();
    more_stamps();
    noise();
    return check_done();
}
