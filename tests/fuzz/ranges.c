/* ranges.c - RANGE or REQUIREMENT, VERSION, OLD, NEW: what ranges take, requirements rewritten,
   PEP 508 dependencies, names. */
#include "fuzz.h"

static void matches(relver_eco eco, relver_str range, relver_str version)
{
    bool yes = false, with = false;
    relver_err checked = relver_range_check(eco, range, &diag);
    if (checked != RELVER_OK)
        MUST(diag.pos <= range.len && diag.len <= range.len - diag.pos && diag.what != NULL);
    relver_err matched = relver_range_match(eco, range, version, false, &yes, &diag);
    MUST(relver_range_match(eco, range, version, true, &with, &diag) == matched);
    MUST(matched == checked || (matched != RELVER_OK && matched != RELVER_NOT_RANGE));
    MUST(!yes || with);
}

static void rewrites(relver_eco eco, const relver_str *field)
{
    for (int pin = RELVER_PIN_AUTO; pin <= RELVER_PIN_COMPATIBLE; pin++) {
        relver_str old = field[2].len > 0 ? field[2] : relver_s(NULL);
        bool yes = true, range = relver_range_check(eco, field[0], NULL) == RELVER_OK;
        RUN(relver_requirement(&out, eco, field[0], old, field[3], (relver_pin)pin, &diag));
        if (err != RELVER_OK || !range || pin == RELVER_PIN_KEEP)
            continue;
        MUST(relver_range_match(eco, relver_view(&out), field[3], true, &yes, &diag) == RELVER_OK);
    }
}

static void dependency(relver_str text)
{
    relver_pep508 p;
    relver_err parsed = relver_pep508_parse(text, &p, &diag);
    if (parsed != RELVER_OK) {
        MUST(parsed == RELVER_NOT_REQUIREMENT && diag.pos <= text.len);
        return;
    }
    MUST(p.name.len > 0 && inside(text, p.name) && inside(text, p.extras) && inside(text, p.url));
    MUST(inside(text, p.specifier) && inside(text, p.marker));
    MUST(relver_range_check(RELVER_PEP440, p.specifier, &diag) == RELVER_OK);
}

static void target(const relver_str *field)
{
    for (int i = RELVER_SEMVER; i <= RELVER_PEP440; i++) {
        relver_eco eco = (relver_eco)i;
        matches(eco, field[0], field[1]);
        rewrites(eco, field);
        MUST(relver_name_eq(eco, field[0], field[1]) == relver_name_eq(eco, field[1], field[0]));
        MUST(relver_name_eq(eco, field[0], field[0]));
    }
    dependency(field[0]);
}
