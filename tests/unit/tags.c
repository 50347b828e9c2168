/* tags.c - tag templates and their exact inverse; npm's dist-tags. */
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

/* Written and read back, under the name with every trap in it. */
static void there_and_back(void)
{
    static const char *const templates[] = {
        "{version}",          "v{version}",           "py-v{version}",  "{name}@{version}",
        "{name}-v{version}",  "{name}-{version}",     "{name}/v{version}", "{version}@{name}",
        "release/{version}",  "{name}_{version}-end", "pre.{version}/{name}", "1{version}",
        "{version}1",
    };
    /* before a one-number PEP 440 version the last two are ambiguous: a-1-1 is also a, 1.post1 */
    static const char *const names[] = {"x", "@scope/a-b", "v", "a@b/c", "a-1", "left-pad-v2"};
    struct tsv t;
    relver_tag tag;
    const size_t count = COUNT(templates);
    for (int pep440 = 0; pep440 < 2; pep440++) {
        tsv_open(&t, pep440 ? "pep440_valid.tsv" : "semver_valid.tsv");
        while (tsv_row(&t)) {
            if (!is(t.field[1], "ok") || t.field[0].len > 100)
                continue;
            relver_str version = pep440 ? t.field[2] : t.field[0];
            const char *tmpl = templates[roll(count)], *name = names[roll(pep440 ? 4 : 6)];
            relver_buf out = empty();
            CHECK(relver_tag_write(&out, relver_s(tmpl), relver_s(name), version, NULL) ==
                  RELVER_OK);
            relver_str text = block(relver_view(&out));
            relver_err err = relver_tag_read(relver_s(tmpl), pep440 ? RELVER_PEP440 : RELVER_NPM,
                                             text, &tag, NULL);
            bool named = strstr(tmpl, "{name}") != NULL;
            CHECK_F(err == RELVER_OK && relver_eq(tag.version, version) &&
                        relver_eq(tag.name, relver_s(named ? name : NULL)) &&
                        tag.major.ptr == NULL,
                    "%s: '%s': %s '%s'", tmpl, show(text), relver_code(err), show(tag.version));
            drop(text);
        }
    }
}

/* The parts read, as text: "name=x version=1.2.3", or the error's code. */
static const char *parts(const relver_tag *t, relver_err err)
{
    static const char *const words[] = {" name=", " version=", " major=", " minor=", " patch="};
    const relver_str values[] = {t->name, t->version, t->major, t->minor, t->patch};
    relver_buf out = empty();
    if (err != RELVER_OK)
        return relver_code(err);
    for (int i = 0; i < 5; i++)
        if (values[i].ptr != NULL) {
            relver_put(&out, relver_s(words[i] + (out.len == 0)));
            relver_put(&out, values[i]);
        }
    return room;
}

static void reads(void)
{
    static const struct {
        relver_eco eco;
        const char *tmpl, *tag, *want;
    } rows[] = {
        {RELVER_SEMVER, "v{version}", "v1.2.3-rc.1", "version=1.2.3-rc.1"},
        {RELVER_PEP440, "v{version}", "v0.4.6-dev", "version=0.4.6-dev"},
        {RELVER_SEMVER, "v{version}", "1.2.3", "no-match"},
        {RELVER_SEMVER, "v{version}", "v1.2", "not-semver"},
        {RELVER_SEMVER, "{version}", "v1.2.3", "not-semver"},
        {RELVER_PEP440, "{version}", "1.2.x", "not-pep440"},
        {RELVER_PEP440, "{version}", "v1.2.3", "no-match"},
        {RELVER_NPM, "{name}@{version}", "@scope/a@1.2.3", "name=@scope/a version=1.2.3"},
        {RELVER_NPM, "{name}@{version}", "@1.2.3", "no-match"},
        {RELVER_NPM, "{name}@{version}", "a@1.x", "not-semver"},
        {RELVER_NPM, "{name}-{version}", "a-1-2.0.0", "name=a-1 version=2.0.0"},
        {RELVER_NPM, "{name}-{version}", "a-1.0.0-2.0.0", "name=a version=1.0.0-2.0.0"},
        {RELVER_CARGO, "{name}-v{version}", "a-v1-v2.0.0", "name=a-v1 version=2.0.0"},
        {RELVER_NPM, "{version}/{name}", "1.0.0-a/b/c", "name=b/c version=1.0.0-a"},
        {RELVER_SEMVER, "release/{major}.{minor}", "release/0.12", "major=0 minor=12"},
        {RELVER_SEMVER, "release/{major}.{minor}", "release/0.12.1", "no-match"},
        {RELVER_SEMVER, "release/{major}.{minor}", "release/0.012", "no-match"},
        {RELVER_SEMVER, "release/{major}.{minor}", "release/0.", "no-match"},
        {RELVER_SEMVER, "release/{major}.{minor}.x", "release/1.2.x", "major=1 minor=2"},
        {RELVER_SEMVER, "{name}-{major}.{minor}.{patch}", "a-1-2.3.4",
         "name=a-1 major=2 minor=3 patch=4"},
        {RELVER_SEMVER, "{major}.{minor}/{name}", "1.2/a/b", "name=a/b major=1 minor=2"},
        {RELVER_SEMVER, "v{major}", "v1", "major=1"},
        {RELVER_SEMVER, "v{major}", "v", "no-match"},
        {RELVER_SEMVER, "v{version}-end", "v-end", "not-semver"},
        {RELVER_SEMVER, "v{version}v", "v", "no-match"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_str text = block(relver_s(rows[i].tag));
        relver_diag diag;
        relver_tag t;
        relver_err err = relver_tag_read(relver_s(rows[i].tmpl), rows[i].eco, text, &t, &diag);
        CHECK_STR(parts(&t, err), rows[i].want);
        CHECK(err == RELVER_OK || (diag.err == err && diag.pos + diag.len <= text.len));
        drop(text);
    }
    relver_diag diag;
    relver_tag t;
    CHECK(relver_tag_read(relver_s("{name}@{version}"), RELVER_NPM, relver_s("ab@1.02.3"), &t,
                          &diag) == RELVER_NOT_SEMVER && diag.pos == 5);
    CHECK(relver_tag_read(relver_s("{version}"), RELVER_NPM, relver_s(NULL), &t, &diag) ==
          RELVER_NOT_SEMVER);
}

static void bad_templates(void)
{
    static const struct {
        const char *tmpl;
        size_t pos;
    } rows[] = {
        {"", 0},           {"v", 0},                {"{name}", 0},
        {"{minor}", 0},    {"{version}{name}", 0},  {"{name}{version}", 0},
        {"v{Version}", 1}, {"v{version", 1},        {"version}", 7},
        {"v{}", 1},        {"{version}.{version}", 0}, {"{version}-{name}", 0},
        {"{version}.rc!{name}", 0}, {"{major}0{minor}", 0}, {"{major}{minor}", 0},
        {"{version}/{major}", 0},   {"{major}/{name}/{minor}", 0}, {"{{version}}", 0},
        {"{name}/{name}/{name}/{name}/{name}/{version}", 35},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_buf out = empty();
        relver_tag t;
        relver_diag diag, again;
        relver_str tmpl = block(relver_s(rows[i].tmpl));
        relver_err err = relver_tag_read(tmpl, RELVER_NPM, relver_s("1.2.3"), &t, &diag);
        CHECK_F(err == RELVER_BAD_TEMPLATE && diag.pos == rows[i].pos, "'%s': %s at %d",
                rows[i].tmpl, relver_code(err), (int)diag.pos);
        err = relver_tag_write(&out, tmpl, relver_s("x"), relver_s("1.2.3"), &again);
        CHECK_F(err == RELVER_BAD_TEMPLATE && again.pos == diag.pos && out.len == 0, "'%s'",
                rows[i].tmpl);
        drop(tmpl);
    }
}

static void writes(void)
{
    static const struct {
        const char *tmpl, *name, *version, *want;
    } rows[] = {
        {"py-v{version}", "x", "0.4.0rc1", "py-v0.4.0rc1"},
        {"{name}@{version}", "@s/a", "1.2.3", "@s/a@1.2.3"},
        {"{name}@{version}", "", "1.2.3", "bad-template"},
        {"release/{major}.{minor}", "", "1.22.3-rc.1", "release/1.22"},
        {"release/{major}.{minor}", "", "v01.02rc1", "release/1.2"},
        {"release-{major}.{minor}.{patch}", "", "1", "release-1.0.0"},
        {"release-{major}", "", "1.2.3-nightly", "release-1"},
        {"release-{major}", "", "x", "not-semver"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_buf out = empty();
        relver_err err = relver_tag_write(&out, relver_s(rows[i].tmpl), relver_s(rows[i].name),
                                          relver_s(rows[i].version), NULL);
        CHECK_STR(err == RELVER_OK ? room : relver_code(err), rows[i].want);
    }
    for (size_t cap = 0; cap <= 10; cap++) {
        char *exact = (char *)malloc(cap > 0 ? cap : 1);
        relver_buf out = {exact, cap, 0};
        relver_err err =
            relver_tag_write(&out, relver_s("{name}@{version}"), relver_s("abc"),
                             relver_s("1.2.3"), NULL);
        CHECK(out.len == 9 && err == (cap > 9 ? RELVER_OK : RELVER_NO_SPACE));
        CHECK(cap == 0 || memcmp(exact, "abc@1.2.3", cap - 1) == 0);
        free(exact);
    }
}

/* Any template, any tag: what is read is what would be written. */
static void noise(void)
{
    static const char *const pieces[] = {"{name}", "{version}", "{major}", "{minor}", "{patch}",
                                         "v", "-", "/", "@", ".", "1", "{", "}", "rc"};
    int read = 0;
    for (int i = 0; i < 200000; i++) {
        char tmpl[128] = "", text[256];
        for (size_t n = roll(5); n > 0; n--)
            strncat(tmpl, pieces[roll(14)], sizeof tmpl - strlen(tmpl) - 1);
        relver_str pattern = block(relver_s(tmpl)), tag;
        relver_eco eco = roll(2) > 0 ? RELVER_PEP440 : RELVER_SEMVER;
        relver_buf out = empty();
        relver_diag diag;
        relver_tag t;
        size_t len = roll_text(text, sizeof text);
        if (roll(2) > 0 && relver_tag_write(&out, pattern, relver_s("n"), relver_sn(text, len),
                                            NULL) == RELVER_OK)
            tag = block(relver_view(&out));
        else
            tag = block(relver_sn(text, len));
        relver_err err = relver_tag_read(pattern, eco, tag, &t, &diag);
        if (err == RELVER_OK) {
            char core[300];
            snprintf(core, sizeof core, "%.*s.%.*s.%.*s", (int)t.major.len, t.major.ptr,
                     t.minor.len > 0 ? (int)t.minor.len : 1, t.minor.len > 0 ? t.minor.ptr : "0",
                     t.patch.len > 0 ? (int)t.patch.len : 1, t.patch.len > 0 ? t.patch.ptr : "0");
            out = empty();
            err = relver_tag_write(&out, pattern, t.name,
                                   t.version.ptr != NULL ? t.version : relver_s(core), NULL);
            CHECK_F(err == RELVER_OK && relver_eq(relver_view(&out), tag), "'%s' '%s' wrote '%s'",
                    tmpl, show(tag), room);
            read++;
        } else {
            CHECK_F(diag.err == err && (err == RELVER_BAD_TEMPLATE
                                            ? diag.pos + diag.len <= pattern.len
                                            : diag.pos + diag.len <= tag.len),
                    "'%s' '%s': %s at %d", tmpl, show(tag), relver_code(err), (int)diag.pos);
        }
        drop(pattern);
        drop(tag);
    }
    CHECK_F(read > 1000, "only %d", read);
}

/* D14 of the names npm takes: a letter first, and no byte outside letters, digits and "._-". */
static bool plain(relver_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || c == '\0' || strchr("0123456789._-", c) == NULL))
            return false;
    }
    return s.len > 0 && s.len <= 128;
}

static void names(void)
{
    static const struct {
        const char *name;
        bool ok;
    } rows[] = {
        {"release-0.3", true},   {"release-0.3-next", true}, {"v0.3-lts", true},
        {"v", true},             {"vv1", false},             {"vx", false},
        {"x.x.x-lts", false},    {"X.x", false},             {"v01", false},
        {"v1.2.3beta", false},   {"v1.2.x.beta", true},      {"v1.2.3.4", true},
        {"v1.2.3_a", true},      {"v1.", true},              {"v1.2.3-", false},
        {"v1.2.3-a..b", true},   {"xy", true},               {"a b", false},
        {"a\n", false},          {"", false},
    };
    struct tsv t;
    relver_diag diag;
    tsv_open(&t, "npm_tags.tsv");
    while (tsv_row(&t)) {
        relver_str name = block(t.field[0]);
        bool want = is(t.field[1], "1") && is(t.field[2], "") && plain(name);
        relver_err err = relver_dist_tag_check(name, &diag);
        CHECK_F((err == RELVER_OK) == want && (want || diag.err == RELVER_NOT_DIST_TAG),
                "%s:%d: %s", t.name, t.line, show(name));
        drop(name);
    }
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_F((relver_dist_tag_check(relver_s(rows[i].name), NULL) == RELVER_OK) == rows[i].ok,
                "'%s'", rows[i].name);
    char text[129];
    memset(text, 'a', sizeof text);
    CHECK(relver_dist_tag_check(relver_sn(text, 128), NULL) == RELVER_OK);
    CHECK(relver_dist_tag_check(relver_sn(text, 129), &diag) == RELVER_NOT_DIST_TAG);
    CHECK(diag.pos == 128);
    CHECK(relver_dist_tag_check(relver_s(NULL), NULL) == RELVER_NOT_DIST_TAG);
}

/* The string after "key":" in flat JSON; absent when it is not there. */
static relver_str value_of(relver_str json, const char *key)
{
    char pattern[32];
    int len = snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
    char text[512] = "";
    memcpy(text, json.ptr, json.len < sizeof text - 1 ? json.len : sizeof text - 1);
    const char *at = strstr(text, pattern);
    if (at == NULL)
        return relver_s(NULL);
    size_t start = (size_t)(at - text) + (size_t)len;
    return relver_sn(json.ptr + start, strcspn(text + start, "\""));
}

static void choices(void)
{
    struct tsv t;
    tsv_open(&t, "disttag.tsv");
    while (tsv_row(&t)) {
        relver_dist_tags now;
        now.latest = value_of(t.field[2], "latest");
        now.next = value_of(t.field[2], "next");
        const char *why = "";
        relver_buf out = empty();
        if (is(t.field[4], "snapshot")) /* the command's choice: a configured tag */
            continue;
        relver_err err = relver_dist_tag(&out, t.field[0], &now, &why, NULL);
        CHECK_F(err == RELVER_OK && relver_eq(relver_view(&out), t.field[3]) && is(t.field[4], why),
                "%s:%d: '%s' %s", t.name, t.line, room, why);
        CHECK(relver_dist_tag_check(relver_view(&out), NULL) == RELVER_OK);
    }
    relver_dist_tags odd;
    const char *why = "kept";
    relver_buf out = empty();
    odd.latest = relver_s("1.x");
    odd.next = relver_s(NULL);
    CHECK(relver_dist_tag(&out, relver_s("1.2.3"), &odd, &why, NULL) == RELVER_NOT_SEMVER);
    odd.latest = relver_s(NULL);
    odd.next = relver_s("nightly");
    CHECK(relver_dist_tag(&out, relver_s("1.2.3"), &odd, &why, NULL) == RELVER_NOT_SEMVER);
    CHECK(relver_dist_tag(&out, relver_s("1.2"), &odd, &why, NULL) == RELVER_NOT_SEMVER);
    CHECK(out.len == 0);
    CHECK_STR(why, "kept");
}

/* A publish under the chosen tag never moves latest or next backward. */
static void never_backward(void)
{
    static const char *const versions[] = {"0.1.0", "0.4.5", "0.4.6-rc.1", "0.4.6", "0.5.0-alpha.1",
                                           "1.0.0-rc.2", "1.0.0", "1.2.3", "2.0.0-dev.1"};
    for (int i = 0; i < 9 * 10 * 10; i++) {
        relver_dist_tags now;
        relver_buf out = empty();
        int order = 9;
        relver_str v = relver_s(versions[i / 100]);
        now.latest = relver_s(i % 10 < 9 ? versions[i % 10] : NULL);
        now.next = relver_s(i / 10 % 10 < 9 ? versions[i / 10 % 10] : NULL);
        CHECK(relver_dist_tag(&out, v, &now, NULL, NULL) == RELVER_OK);
        relver_str moved = is(relver_view(&out), "latest") ? now.latest
                           : is(relver_view(&out), "next") ? now.next
                                                           : relver_s(NULL);
        relver_semver m;
        if (relver_semver_parse(moved, &m, NULL) != RELVER_OK)
            continue;
        relver_compare(RELVER_NPM, v, moved, &order, NULL);
        bool freed = is(relver_view(&out), "latest") && m.pre.len > 0;
        CHECK_F(order >= 0 || freed, "%s under '%s' over %s", versions[i / 100], room, show(moved));
    }
}

int main(void)
{
    there_and_back();
    reads();
    bad_templates();
    writes();
    noise();
    names();
    choices();
    never_backward();
    return check_done();
}
