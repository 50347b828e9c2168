/* errors.c - every row of RELVER_ERRORS is produced by a call; no two look the same; and where an
   error is said to be. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../check.h"

#define S relver_s
#define OID "0123456789abcdef0123456789abcdef01234567"
#define DIGITS_64 "1234567890123456789012345678901234567890123456789012345678901234"

static relver_err requirement(relver_buf *out, const char *req, const char *now, relver_diag *diag)
{
    return relver_requirement(out, RELVER_CARGO, S(req), S("1.0.0"), S(now), RELVER_PIN_AUTO, diag);
}

static relver_err to_pep440(relver_buf *out, const char *version, relver_diag *diag)
{
    return relver_convert(out, RELVER_SEMVER, S(version), RELVER_PEP440, NULL, diag);
}

static relver_err to_semver(relver_buf *out, const char *version, relver_diag *diag)
{
    return relver_convert(out, RELVER_PEP440, S(version), RELVER_SEMVER, NULL, diag);
}

static relver_err bump(relver_buf *out, const char *version, const char *level, relver_diag *diag)
{
    return relver_bump(out, RELVER_SEMVER, S(version), S(level), diag);
}

static relver_err stamp(relver_buf *out, const char *base, const char *oid, relver_diag *diag)
{
    return relver_stamp(out, RELVER_NPM, S(base), S(oid), 0, diag);
}

static relver_err replace(relver_buf *out, relver_format format, const char *doc,
                          relver_diag *diag)
{
    return relver_replace(out, S(doc), format, S("v"), S("2\n"), diag);
}

static relver_err read_tag(const char *template_, relver_diag *diag)
{
    relver_tag tag;
    return relver_tag_read(S(template_), RELVER_SEMVER, S("v1.0.0"), &tag, diag);
}

static relver_err find(const char *doc, const char *path, relver_diag *diag)
{
    relver_node node;
    return relver_find(S(doc), RELVER_TOML, S(path), &node, diag);
}

static relver_err too_deep(relver_diag *diag)
{
    char doc[RELVER_DEPTH_MAX + 1];
    relver_node node;
    memset(doc, '[', sizeof doc);
    return relver_find(relver_sn(doc, sizeof doc), RELVER_JSON, S("v"), &node, diag);
}

static relver_err overlap(relver_buf *out, relver_diag *diag)
{
    relver_str doc = S("abc");
    relver_edit edits[2] = {{doc, {NULL, 0}, 0}, {doc, {NULL, 0}, 0}};
    return relver_apply(out, doc, edits, 2, diag);
}

/* A smallest call for each. */
#define CALLS(X)                                                                                   \
    X(OK, relver_check(out, RELVER_SEMVER, S("1.0.0"), diag))                                      \
    X(NO_SPACE, relver_check(none, RELVER_SEMVER, S("1.0.0"), diag))                               \
    X(NOT_SEMVER, relver_check(out, RELVER_SEMVER, S("1.0"), diag))                                \
    X(NOT_PEP440, relver_check(out, RELVER_PEP440, S("x"), diag))                                  \
    X(NOT_RANGE, relver_range_check(RELVER_CARGO, S("1 || 2"), diag))                              \
    X(NUMERIC_FIRST, to_pep440(out, "1.0.0-1", diag))                                              \
    X(UNKNOWN_LABEL, to_pep440(out, "1.0.0-pre.1", diag))                                          \
    X(UPPERCASE_LABEL, to_pep440(out, "1.0.0-RC.1", diag))                                         \
    X(MULTI_PART, to_pep440(out, "1.0.0-rc.1.2", diag))                                            \
    X(GLUED_GARBAGE, to_pep440(out, "1.0.0-rc1x", diag))                                           \
    X(LOCAL_LEADING_ZERO, to_pep440(out, "1.0.0+01", diag))                                        \
    X(LOCAL_CHARSET, to_pep440(out, "1.0.0+a-", diag))                                             \
    X(EPOCH, to_semver(out, "1!1.0.0", diag))                                                      \
    X(POST_RELEASE, to_semver(out, "1.0.0.post1", diag))                                           \
    X(PRE_AND_DEV, to_semver(out, "1.0.0rc1.dev1", diag))                                          \
    X(RELEASE_TOO_LONG, to_semver(out, "1.0.0.1", diag))                                           \
    X(TOO_LONG, relver_fits(RELVER_ON_DOCKER, S(DIGITS_64 ".0." DIGITS_64), diag))                 \
    X(TOO_BIG, relver_fits(RELVER_ON_NPM, S("9007199254740992.0.0"), diag))                        \
    X(HAS_BUILD, relver_fits(RELVER_ON_DOCKER, S("1.0.0+b"), diag))                                \
    X(LOCK_SUFFIX, relver_fits(RELVER_ON_GIT, S("1.0.0-a.lock"), diag))                            \
    X(NOT_LEVEL, bump(out, "1.0.0", "huge", diag))                                                 \
    X(BACKWARD, bump(out, "1.0.0-rc.1", "beta", diag))                                             \
    X(NO_PRERELEASE, bump(out, "1.0.0", "rc", diag))                                               \
    X(OID_NOT_FULL, stamp(out, "1.0.0", "0123456", diag))                                          \
    X(BASE_HAS_BUILD, stamp(out, "1.0.0+b", OID, diag))                                            \
    X(ALREADY_STAMPED, stamp(out, "1.0.0-g99999999", OID, diag))                                   \
    X(BAD_TEMPLATE, read_tag("v", diag))                                                           \
    X(NO_MATCH, read_tag("w{version}", diag))                                                      \
    X(NOT_DIST_TAG, relver_dist_tag_check(S("v1"), diag))                                          \
    X(SYNTAX, find("v", "v", diag))                                                                \
    X(BAD_UTF8, find("# \xFF", "v", diag))                                                         \
    X(TOO_DEEP, too_deep(diag))                                                                    \
    X(UNSUPPORTED, replace(out, RELVER_YAML, "v: &a 1\n", diag))                                   \
    X(BAD_PATH, find("", "v.", diag))                                                              \
    X(MISSING, find("", "v", diag))                                                                \
    X(DUPLICATE, find("v = '1'\nv = '2'", "v", diag))                                              \
    X(NOT_STRING, replace(out, RELVER_TOML, "v = 1", diag))                                        \
    X(NEEDS_ESCAPE, replace(out, RELVER_TOML, "v = '1'", diag))                                    \
    X(OVERLAP, overlap(out, diag))                                                                 \
    X(NOT_REQUIREMENT, requirement(out, "~>1", "2.0.0", diag))                                     \
    X(COMPLEX, requirement(out, ">1.0.0, <1.1.0", "2.0.0", diag))

/* none has no room at all. */
typedef relver_err call(relver_buf *out, relver_buf *none, relver_diag *diag);

#define FUNCTION(name, expression)                                                                 \
    static relver_err name(relver_buf *out, relver_buf *none, relver_diag *diag)                   \
    {                                                                                              \
        (void)out;                                                                                 \
        (void)none;                                                                                \
        return expression;                                                                         \
    }
CALLS(FUNCTION)

static const struct {
    relver_err want;
    const char *name;
    call *run;
} calls[] = {
#define ROW(name, expression) {RELVER_##name, #name, name},
    CALLS(ROW)
};

static void test_produced(void)
{
    bool seen[RELVER_ERR_COUNT] = {false};
    for (size_t i = 0; i < COUNT(calls); i++) {
        char room[256] = "kept";
        relver_buf out = {room, sizeof room, 4}, none = {NULL, 0, 0};
        relver_diag diag = {RELVER_OK, 0, 0, ""};
        relver_err want = calls[i].want, err = calls[i].run(&out, &none, &diag);
        seen[want] = true;
        CHECK_F(err == want, "%s: got %s", calls[i].name, relver_code(err));
        CHECK_F(diag.err == want, "%s: the diagnostic says %s", calls[i].name,
                relver_code(diag.err));
        CHECK_F(calls[i].run(&out, &none, NULL) == want, "%s without a diag", calls[i].name);
        if (want == RELVER_OK)
            continue;
        CHECK_F(diag.what != NULL && diag.what[0] != '\0', "%s gives no reason", calls[i].name);
        CHECK_F(out.len == 4 && memcmp(room, "kept", 4) == 0, "%s wrote", calls[i].name);
    }
    for (int err = 0; err < RELVER_ERR_COUNT; err++)
        CHECK_F(seen[err], "no call gives %s", relver_code((relver_err)err));
}

/* Codes are what scripts compare, so they are of one alphabet and no two are equal. */
static void test_codes(void)
{
    for (int i = 0; i < RELVER_ERR_COUNT; i++) {
        const char *code = relver_code((relver_err)i), *text = relver_strerror((relver_err)i);
        size_t known = strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-");
        CHECK_F(code[0] != '\0' && code[known] == '\0', "the code '%s'", code);
        CHECK_F(text[0] != '\0', "%s has no text", code);
        for (int k = 0; k < i; k++) {
            CHECK_F(strcmp(code, relver_code((relver_err)k)) != 0, "'%s' stands twice", code);
            CHECK_F(strcmp(text, relver_strerror((relver_err)k)) != 0, "'%s' stands twice", text);
        }
    }
    CHECK_STR(relver_code(RELVER_ERR_COUNT), "unknown");
    CHECK_STR(relver_strerror(RELVER_ERR_COUNT), "unknown error");
}

static const struct {
    const char *text;
    size_t pos;
    const char *want;
} places[] = {
    {"", 0, "1:1"},
    {"ab", 0, "1:1"},
    {"ab", 1, "1:2"},
    {"ab", 2, "1:3"},       /* the end */
    {"ab", 3, "1:3"},       /* past the end is the end */
    {"ab", (size_t)-1, "1:3"},
    {"a\nb", 1, "1:2"},     /* a line end belongs to its line */
    {"a\nb", 2, "2:1"},
    {"a\r\nb", 2, "1:3"},
    {"a\r\nb", 3, "2:1"},
    {"a\rb", 2, "1:3"},     /* CR alone ends no line */
    {"a\n\n\nb", 4, "4:1"},
    {"a\n", 2, "2:1"},
    {"\xC3\xA4 = 1", 3, "1:4"}, /* columns count bytes */
};

static void test_places(void)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        size_t line, column;
        char got[64];
        relver_locate(S(places[i].text), places[i].pos, &line, &column);
        snprintf(got, sizeof got, "%zu:%zu", line, column);
        CHECK_STR(got, places[i].want);

        char room[64], want[64];
        relver_buf out = {room, sizeof room, 0};
        relver_diag diag = {RELVER_SYNTAX, 0, 0, "wrong"};
        diag.pos = places[i].pos;
        relver_explain(&out, S("a/f"), S(places[i].text), &diag);
        snprintf(want, sizeof want, "a/f:%s: wrong", places[i].want);
        CHECK_STR(room, want);
    }
    size_t line, column;
    relver_locate(S(NULL), 5, &line, &column);
    CHECK(line == 1 && column == 1);
}

/* The document, and what is said of it; the line a user sees. */
static const struct {
    relver_format format;
    const char *doc, *want;
} documents[] = {
    {RELVER_TOML, "a = 1\r\nb = \r\nv = '1'\r\n", "f:2:5: "},
    {RELVER_TOML, "a = '\xC3\xA4' b\n", "f:1:10: "},
    {RELVER_TOML, "v = '1'\n\nv = '2'\n", "f:3:1: "},
    {RELVER_JSON, "{\r\n  \"v\": \"1\",\r\n}\r\n", "f:2:11: "},
    {RELVER_JSON, "{\"v\": 1", "f:1:8: "},
    {RELVER_YAML, "a: 1\nv: 2\nv: 3\n", "f:3:1: "},
};

static void test_documents(void)
{
    for (size_t i = 0; i < COUNT(documents); i++) {
        char room[256];
        relver_buf out = {room, sizeof room, 0};
        relver_str doc = S(documents[i].doc);
        relver_node node;
        relver_diag diag = {RELVER_OK, 0, 0, ""};
        CHECK(relver_find(doc, documents[i].format, S("v"), &node, &diag) != RELVER_OK);
        relver_explain(&out, S("f"), doc, &diag);
        CHECK_F(strncmp(room, documents[i].want, strlen(documents[i].want)) == 0,
                "'%s': got '%s', want '%s'", documents[i].doc, room, documents[i].want);
        CHECK(diag.pos + diag.len <= doc.len);
    }
}

int main(void)
{
    test_produced();
    test_codes();
    test_places();
    test_documents();
    return check_done();
}
