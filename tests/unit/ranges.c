/* ranges.c - every row of npm_ranges.tsv, cargo_reqs.tsv and pep440_spec.tsv, but for those that
   allow.tsv lists with a reason; then edges beyond them, and where faults are shown. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../block.h"
#include "../tsv.h"

/* Whether allow.tsv lists this row of a vector file by its first field. */
static bool allowed(const char *name, relver_str key)
{
    static struct tsv t;
    bool found = false;
    tsv_open(&t, "allow.tsv");
    while (tsv_row(&t))
        found = found || (relver_eq(t.field[0], relver_s(name)) && relver_eq(t.field[1], key));
    return found;
}

/* "err" when the range is refused, else whether it takes the version. The check and the match must
   agree, and a fault must lie inside the range. */
static const char *ask(relver_eco eco, relver_str range_text, relver_str version, bool pre)
{
    relver_diag diag = {RELVER_OK, 0, 0, NULL};
    relver_str range = block(range_text), v = block(version);
    bool yes = false;
    relver_err checked = relver_range_check(eco, range, &diag);
    if (checked != RELVER_OK) {
        CHECK(checked == RELVER_NOT_RANGE && diag.err == checked && diag.what != NULL);
        CHECK(diag.pos <= range.len && diag.len <= range.len - diag.pos);
    }
    CHECK_F(relver_range_match(eco, range, v, pre, &yes, NULL) == checked, "match of '%.*s'",
            (int)range.len, range.ptr);
    drop(range);
    drop(v);
    return checked != RELVER_OK ? "err" : yes ? "true" : "false";
}

/* One answer of a row; a row that allow.tsv lists must differ somewhere, or the list is stale. */
static bool row_says(const struct tsv *t, relver_eco eco, relver_str version, bool pre,
                     relver_str want, bool known)
{
    const char *got = ask(eco, t->field[0], version, pre);
    bool same = relver_eq(relver_s(got), want);
    if (!known)
        CHECK_F(same, "%s:%d: '%.*s' and '%.*s'%s: got %s, want %.*s", t->name, t->line,
                (int)t->field[0].len, t->field[0].ptr, (int)version.len, version.ptr,
                pre ? " with prereleases" : "", got, (int)want.len, want.ptr);
    return same;
}

/* The columns: range, ok or err, .., the version's column, then the answers without and with
   prereleases (0: the file has no such column). */
static void vectors(const char *name, relver_eco eco, int version, int without, int with)
{
    static struct tsv t;
    int rows = 0;
    tsv_open(&t, name);
    while (tsv_row(&t)) {
        bool ok = relver_eq(t.field[1], relver_s("ok")), same = true;
        bool known = allowed(name, t.field[0]);
        for (int pre = 0; pre < 2; pre++) {
            int column = pre ? with : without;
            relver_str v = ok ? t.field[version] : relver_s("1.0.0");
            relver_str want = relver_s("err");
            if (ok && column > 0)
                want = relver_eq(t.field[column], relver_s("1"))   ? relver_s("true")
                       : relver_eq(t.field[column], relver_s("0")) ? relver_s("false")
                                                                   : t.field[column];
            if (column > 0 || !ok)
                same = row_says(&t, eco, v, pre, want, known) && same;
        }
        if (known)
            CHECK_F(!same, "%s:%d: allow.tsv lists a row that holds", name, t.line);
        rows++;
    }
    CHECK_F(rows > 1000, "%s: only %d rows", name, rows);
}

/* What the vectors lack: numbers of any size, carries, prereleases at open bounds. */
static void edges(void)
{
    static const struct {
        relver_eco eco;
        const char *range, *version;
        bool pre;
        const char *want;
    } rows[] = {
        {RELVER_NPM, "^99999999999999999999.0.0", "99999999999999999999.7.0", false, "true"},
        {RELVER_NPM, "^99999999999999999999.0.0", "100000000000000000000.0.0", false, "false"},
        {RELVER_CARGO, "~0.99999999999999999999", "0.99999999999999999999.5", false, "true"},
        {RELVER_PEP440, "~=1.99999999999999999999", "1.100000000000000000000", false, "true"},
        {RELVER_NPM, ">9 >=10.0.0-a", "10.0.0-rc.1", false, "false"},
        {RELVER_NPM, ">9 >=10.0.0-a", "10.0.0-rc.1", true, "true"},
        {RELVER_NPM, ">1.99 >=1.100.0-a", "1.100.0-rc.1", false, "false"},
        {RELVER_NPM, ">1.98 >=1.100.0-a", "1.100.0-rc.1", false, "true"},
        {RELVER_CARGO, ">9, >=10.0.0-a", "10.0.0-rc.1", false, "true"},
        {RELVER_NPM, ">=0.0.0 <=0.0.0-rc.2", "0.0.0-rc.1", false, "true"},
        {RELVER_NPM, "0.0.0-rc.2 || *", "0.0.0-rc.2", false, "false"},
        {RELVER_NPM, "0.0.0-rc.2 || 1", "0.0.0-rc.2", false, "true"},
        {RELVER_NPM, "1.2.3 - 2", "1.2.3-rc.1", true, "true"},
        {RELVER_NPM, ">=1.2.3 <=2", "1.2.3-rc.1", true, "false"},
        {RELVER_NPM, "\t1.2.3\n||\r\n2 ", "2.1.0", false, "true"},
        {RELVER_NPM, "< =1.2.3", "1.0.0", false, "err"},
        {RELVER_NPM, "1.2.x-01", "1.2.0", false, "err"},
        {RELVER_NPM, "1.2+", "1.2.0", false, "err"},
        {RELVER_NPM, "1.2+b..c", "1.2.0", false, "err"},
        {RELVER_NPM, "1 - 2 3", "1.5.0", false, "err"},
        {RELVER_NPM, "1 - >2", "1.5.0", false, "err"},
        {RELVER_NPM, "1 -\t", "1.5.0", false, "err"},
        {RELVER_SEMVER, "^1.2", "1.3.0", false, "true"},
        {RELVER_CARGO, "\t1", "1.0.0", false, "err"},
        {RELVER_CARGO, "1,", "1.0.0", false, "err"},
        {RELVER_PEP440, "==1 .*", "1.0", false, "err"},
        {RELVER_PEP440, "~=1", "1.0", false, "err"},
        {RELVER_PEP440, "===a)", "1.0", false, "err"},
        {RELVER_PEP440, "===1.0RC1", "1.0rc1", true, "true"},
        {RELVER_PEP440, "<1.0.post1", "1.0.post1.dev2", true, "false"},
        {RELVER_PEP440, "<1.0.post1", "1.0.post0.dev2", true, "true"},
        {RELVER_PEP440, ">1.0rc1", "1.0rc1.post1", true, "false"},
        {RELVER_PEP440, ">1.0.post1", "1.0.post1+local", true, "false"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = ask(rows[i].eco, relver_s(rows[i].range), relver_s(rows[i].version),
                              rows[i].pre);
        CHECK_F(strcmp(got, rows[i].want) == 0, "'%s' and '%s'%s: got %s, want %s", rows[i].range,
                rows[i].version, rows[i].pre ? " with prereleases" : "", got, rows[i].want);
    }
}

/* The byte at fault, and the phrase. */
static void faults(void)
{
    static const struct {
        relver_eco eco;
        const char *range;
        size_t pos, len;
        const char *what;
    } rows[] = {
        {RELVER_NPM, "^1.2.3 || ^01.2", 11, 2, "leading zero in a number"},
        {RELVER_NPM, ">=1.2.3,<2", 7, 1, "unexpected character"},
        {RELVER_NPM, "1.2.3 foo", 6, 3, "expected the major version"},
        {RELVER_NPM, "1.2.3-rc..1", 9, 1, "expected a prerelease identifier"},
        {RELVER_NPM, "1.2-rc.1", 3, 5, "a prerelease or build needs all three numbers"},
        {RELVER_NPM, "1.x.3", 4, 1, "number after a wildcard"},
        {RELVER_NPM, "1.2.3.4", 6, 1, "more than three numbers"},
        {RELVER_NPM, ">=", 2, 0, "expected the major version"},
        {RELVER_NPM, "==1.2.3", 2, 5, "a second operator"},
        {RELVER_NPM, "1 - 2 3", 4, 1, "a hyphen range stands alone"},
        {RELVER_CARGO, "1.2 <2", 4, 1, "expected a comma"},
        {RELVER_CARGO, "1, *", 3, 1, "expected the major version"},
        {RELVER_PEP440, ">=1.0, 2.0", 7, 3, "expected one of == != ~= === >= <= > <"},
        {RELVER_PEP440, ">=1.0,<2.*", 8, 2, "a wildcard needs == or != and a plain release"},
        {RELVER_PEP440, ">=1.0+abc", 6, 3, "a local version needs == or !="},
        {RELVER_PEP440, "~=1", 2, 1, "~= needs two numbers"},
        {RELVER_PEP440, "==1.0;x", 5, 1, "unexpected text in the version"},
        {RELVER_PEP440, "===1.0;", 6, 1, "unexpected character"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_diag diag = {RELVER_OK, 0, 0, NULL};
        relver_range_check(rows[i].eco, relver_s(rows[i].range), &diag);
        CHECK_F(diag.pos == rows[i].pos && diag.len == rows[i].len, "'%s': at %lu, %lu bytes",
                rows[i].range, (unsigned long)diag.pos, (unsigned long)diag.len);
        if (CHECK_F(diag.what != NULL, "'%s': no phrase", rows[i].range))
            CHECK_STR(diag.what, rows[i].what);
    }
}

/* A bad version is the version's fault; the answer stays untouched; an absent range is empty. */
static void contract(void)
{
    relver_diag diag;
    bool yes = true;
    relver_str none = relver_s(NULL), v = relver_s("1.0.0");
    CHECK(relver_range_match(RELVER_NPM, relver_s("1"), relver_s("1.0"), false, &yes, &diag)
          == RELVER_NOT_SEMVER);
    CHECK(relver_range_match(RELVER_PEP440, relver_s(">=1"), relver_s("x"), false, &yes, &diag)
          == RELVER_NOT_PEP440);
    CHECK(relver_range_match(RELVER_CARGO, relver_s("2 x"), v, false, &yes, &diag)
          == RELVER_NOT_RANGE);
    CHECK(yes);
    yes = false;
    CHECK(relver_range_match(RELVER_NPM, none, v, false, &yes, NULL) == RELVER_OK && yes);
    yes = false;
    CHECK(relver_range_match(RELVER_PEP440, none, v, false, &yes, NULL) == RELVER_OK && yes);
    CHECK(relver_range_check(RELVER_CARGO, none, NULL) == RELVER_NOT_RANGE);
}

/* Long input is read in one pass: a second would pass with anything quadratic. */
static void size(void)
{
    enum { CLAUSES = 200000 };
    static char text[CLAUSES * 4];
    bool yes = false;
    relver_str v = relver_s("1.5.0");
    for (size_t i = 0; i < sizeof text; i += 4)
        memcpy(text + i, ">=1 ", 4);
    relver_str range = relver_sn(text, sizeof text);
    CHECK(relver_range_match(RELVER_NPM, range, v, false, &yes, NULL) == RELVER_OK && yes);
    for (size_t i = 0; i < sizeof text; i += 4)
        memcpy(text + i, "2 ||", 4);
    text[0] = '1';
    yes = false;
    CHECK(relver_range_match(RELVER_NPM, range, v, false, &yes, NULL) == RELVER_OK && yes);
    for (size_t i = 0; i < sizeof text; i += 4)
        memcpy(text + i, ">=1,", 4);
    yes = false;
    CHECK(relver_range_match(RELVER_PEP440, range, v, false, &yes, NULL) == RELVER_OK && yes);
}

int main(void)
{
    vectors("npm_ranges.tsv", RELVER_NPM, 3, 4, 5);
    vectors("cargo_reqs.tsv", RELVER_CARGO, 3, 4, 0);
    vectors("pep440_spec.tsv", RELVER_PEP440, 2, 5, 4);
    edges();
    faults();
    contract();
    size();
    return check_done();
}
