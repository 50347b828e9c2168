/* versions.c - VERSION, VERSION or LEVEL or TYPE or OID, TEMPLATE or LABEL, NAME: all that parses,
   orders, converts, stamps and tags a version, in each ecosystem. */
#include "fuzz.h"

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void keys(relver_str a, relver_str b)
{
    relver_semver v, w;
    if (relver_semver_parse(a, &v, &diag) != RELVER_OK
        || relver_semver_parse(b, &w, &diag) != RELVER_OK)
        return;
    size_t left = relver_semver_key(&v), right = relver_semver_key(&w);
    if (left != right)
        MUST((left < right) == (relver_semver_compare(&v, &w) < 0));
}

static void orders(relver_eco eco, relver_str a, relver_str b)
{
    int order = 0, back = 0;
    if (relver_compare(eco, a, b, &order, &diag) != RELVER_OK)
        return;
    MUST(relver_compare(eco, b, a, &back, &diag) == RELVER_OK && order == -back);
    MUST(order == sign(order));
}

/* An exact conversion is undone by the one back. */
static void converts(relver_eco eco, relver_str a, relver_str normal)
{
    for (int to = RELVER_SEMVER; to <= RELVER_PEP440; to++) {
        relver_class how = RELVER_EXACT, back = RELVER_EXACT;
        RUN(relver_convert(&out, eco, a, (relver_eco)to, &how, &diag));
        if (err != RELVER_OK || how != RELVER_EXACT)
            continue;
        relver_str there = kept();
        RUN(relver_convert(&out, (relver_eco)to, there, eco, &back, &diag));
        MUST(err == RELVER_OK && back == RELVER_EXACT && relver_eq(relver_view(&out), normal));
        drop(there);
    }
}

static void tags(relver_eco eco, relver_str a, relver_str tmpl, relver_str name)
{
    relver_tag t;
    RUN(relver_tag_write(&out, tmpl, name, a, &diag));
    if (err != RELVER_OK)
        return;
    relver_str tag = kept();
    if (relver_tag_read(tmpl, eco, tag, &t, &diag) == RELVER_OK) {
        MUST(inside(tag, t.name) && inside(tag, t.version) && inside(tag, t.major));
        if (t.version.ptr != NULL) {
            RUN(relver_tag_write(&out, tmpl, t.name, t.version, &diag));
            MUST(err == RELVER_OK && relver_eq(relver_view(&out), tag));
        }
    }
    drop(tag);
}

static void valid(relver_eco eco, const relver_str *field)
{
    int order = 0;
    relver_str a = field[0], normal = kept();
    RUN(relver_check(&out, eco, normal, &diag));
    MUST(err == RELVER_OK && relver_eq(relver_view(&out), normal));
    converts(eco, a, normal);
    RUN(relver_bump(&out, eco, a, field[1], &diag));
    if (err == RELVER_OK)
        MUST(relver_compare(eco, relver_view(&out), a, &order, NULL) == RELVER_OK && order > 0);
    RUN(relver_stamp(&out, eco, a, field[1], 7 + field[2].len % 34, &diag));
    if (err == RELVER_OK)
        MUST(relver_compare(eco, relver_view(&out), a, &order, NULL) == RELVER_OK);
    drop(normal);
}

static void target(const relver_str *field)
{
    relver_dist_tags now = {field[1], field[2]};
    relver_tag t;
    size_t line, column;
    for (int i = RELVER_SEMVER; i <= RELVER_PEP440; i++) {
        relver_eco eco = (relver_eco)i;
        RUN(relver_check(&out, eco, field[0], &diag));
        if (err == RELVER_OK)
            valid(eco, field);
        orders(eco, field[0], field[1]);
        tags(eco, field[0], field[2], field[3]);
        relver_tag_read(field[2], eco, field[1], &t, &diag);
    }
    keys(field[0], field[1]);
    for (int i = RELVER_ON_NPM; i <= RELVER_ON_DOCKER; i++)
        if (relver_fits((relver_target)i, field[0], &diag) != RELVER_OK)
            MUST(diag.pos + diag.len <= field[0].len);
    RUN(relver_semver_inc(&out, field[0], field[1], field[2], field[3], &diag));
    RUN(relver_dist_tag(&out, field[0], &now, NULL, &diag));
    if (relver_dist_tag_check(field[1], &diag) != RELVER_OK) {
        relver_locate(field[1], diag.pos, &line, &column);
        RUN((relver_explain(&out, field[2], field[1], &diag), RELVER_OK));
    }
}
