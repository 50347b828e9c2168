/* reader.c - the readers of TOML and JSON: what they give, what they refuse and where, their
   limits, and the queries on top of them. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../block.h"
#include <time.h>

/* Read to the end or the first error; gives the number of nodes. Every view must lie inside. */
static size_t walk(relver_format format, relver_str doc, relver_err *err, relver_diag *diag)
{
    relver_reader r;
    relver_node n;
    size_t nodes = 0, pos = 0;
    relver_read(&r, format, doc);
    n.kind = RELVER_NULL;
    while ((*err = relver_next(&r, &n, diag)) == RELVER_OK && n.kind != RELVER_END) {
        if (!inside(doc, n.key) || !inside(doc, n.value) || !inside(doc, n.text) || r.pos < pos)
            CHECK_F(false, "a view outside the document, or a step back");
        pos = r.pos;
        nodes++;
    }
    return nodes;
}

/* ---- what the readers give ---- */

/* One node as text: its kind's letter, depth, h and d for header and dotted, key, '=', value. */
static void spell(relver_buf *out, const relver_node *n)
{
    char head[32];
    snprintf(head, sizeof head, "%s%c%d%s%s", out->len > 0 ? " " : "", "SNBZTACLE"[n->kind],
             (int)n->depth, n->header ? "h" : "", n->dotted ? "d" : "");
    relver_put(out, relver_s(head));
    if (n->key.ptr != NULL) {
        relver_put(out, relver_s(":"));
        relver_put(out, n->key);
    }
    if (n->value.len > 0) {
        relver_put(out, relver_s("="));
        relver_put(out, n->value);
    }
}

static void events(void)
{
    static const struct {
        relver_format format;
        const char *doc, *events;
    } rows[] = {
        {RELVER_TOML, "", "E0"},
        {RELVER_TOML, "\xEF\xBB\xBF# only a comment", "E0"},
        {RELVER_TOML, "a = 1\r\n", "N1:a=1 E0"},
        {RELVER_TOML, "\"a b\" = '1.0' # c", "S1:a b='1.0' E0"},
        {RELVER_TOML, "a.b.c = true", "T1d:a T2d:b B3:c=true E0"},
        {RELVER_TOML, "a . 'b' = 1\nc = 2", "T1d:a N2:b=1 N1:c=2 E0"},
        {RELVER_TOML, "[a.b]\nc = 1", "T1hd:a T2h:b=[a.b] N3:c=1 E0"},
        {RELVER_TOML, "[ a ]\n[b]\n", "T1h:a=[ a ] T1h:b=[b] E0"},
        {RELVER_TOML, "[[a]]\nb = 1\n[[a]]\n[a.c]\nd=2",
         "A1h:a=[[a]] T2h=[[a]] N3:b=1 A1h:a=[[a]] T2h=[[a]] T1hd:a T2h:c=[a.c] N3:d=2 E0"},
        {RELVER_TOML, "[[a.b]]\nc=1", "T1hd:a A2h:b=[[a.b]] T3h=[[a.b]] N4:c=1 E0"},
        {RELVER_TOML, "a = {}\nb = []", "T1:a={ C1=} A1:b=[ C1=] E0"},
        {RELVER_TOML, "a = { b.c = 1, d = [2, { e = 3 }] }\nf = 4",
         "T1:a={ T2d:b N3:c=1 A2:d=[ N3=2 T3={ N4:e=3 C3=} C2=] C1=} N1:f=4 E0"},
        {RELVER_TOML, "a = {\n # c\n b = 1 ,\n}\n", "T1:a={ N2:b=1 C1=} E0"},
        {RELVER_TOML, "a.b = { c.d = [1] }\ne = 2",
         "T1d:a T2:b={ T3d:c A4:d=[ N5=1 C4=] C2=} N1:e=2 E0"},
        {RELVER_TOML, "a = \"\"\"\n[b]\"\"\"\"\"\nc = ''''x'''",
         "S1:a=\"\"\"\n[b]\"\"\"\"\" S1:c=''''x''' E0"},
        {RELVER_TOML, "a = 1979-05-27 07:32\nb = 1979-05-27 # c",
         "N1:a=1979-05-27 07:32 N1:b=1979-05-27 E0"},
        {RELVER_TOML, "a = [0xdead_beef, +1_0.5e-0_1, -nan]\n"
                      "b = [07:32:00.5, 2000-02-29T00:00:60Z]",
         "A1:a=[ N2=0xdead_beef N2=+1_0.5e-0_1 N2=-nan C1=]"
         " A1:b=[ N2=07:32:00.5 N2=2000-02-29T00:00:60Z C1=] E0"},
        {RELVER_TOML, "1.2 = 3\n-_ = 4", "T1d:1 N2:2=3 N1:-_=4 E0"},
        {RELVER_JSON, "\xEF\xBB\xBF \"x\" ", "S0=\"x\" E0"},
        {RELVER_JSON, "[]", "A0=[ C0=] E0"},
        {RELVER_JSON, "[1, [true], null]", "A0=[ N1=1 A1=[ B2=true C1=] Z1=null C0=] E0"},
        {RELVER_JSON, "{\"a\" : {\"b\": [ ] ,\"\":-0.5E+1}, \"c\":\"\\\"\"}\r\n",
         "T0={ T1:a={ A2:b=[ C2=] N2:=-0.5E+1 C1=} S1:c=\"\\\"\" C0=} E0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512];
        relver_buf out = {text, sizeof text, 0};
        relver_reader r;
        relver_node n;
        relver_diag diag = {RELVER_OK, 0, 0, ""};
        relver_str doc = block(relver_s(rows[i].doc));
        relver_read(&r, rows[i].format, doc);
        do {
            relver_err err = relver_next(&r, &n, &diag);
            if (!CHECK_F(err == RELVER_OK, "'%s': %s", rows[i].doc, diag.what))
                break;
            spell(&out, &n);
        } while (n.kind != RELVER_END);
        CHECK_STR(text, rows[i].events);
        CHECK(relver_next(&r, &n, NULL) == RELVER_OK && n.kind == RELVER_END);
        drop(doc);
    }
}

/* A copied reader is a mark: it gives the same nodes again. */
static void marks(void)
{
    relver_reader r, mark;
    relver_node a, b;
    relver_read(&r, RELVER_TOML, relver_s("[a.b]\nc.d = { e = [1] }\n"));
    for (int i = 0; i < 9; i++) {
        mark = r;
        CHECK(relver_next(&r, &a, NULL) == RELVER_OK);
        CHECK(relver_next(&mark, &b, NULL) == RELVER_OK);
        CHECK(a.kind == b.kind && a.depth == b.depth && relver_eq(a.value, b.value));
        CHECK(relver_eq(a.key, b.key) && mark.pos == r.pos);
    }
}

/* ---- what they refuse, and where ---- */

static void errors(void)
{
    static const struct {
        relver_format format;
        const char *doc;
        size_t line, column;
        relver_err err;
        const char *what;
    } rows[] = {
        {RELVER_TOML, "a = 1.\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 0x_1\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 1__0\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 01\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 0.1.0\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 2026-02-29\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 1900-02-29\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 24:00:00\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 2026-01-01T00:00:00+24:00\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = 07:32:00Z\n", 1, 5, RELVER_SYNTAX, "malformed number"},
        {RELVER_TOML, "a = yes\n", 1, 5, RELVER_SYNTAX, "expected a value"},
        {RELVER_TOML, "a =\n1\n", 1, 4, RELVER_SYNTAX, "expected a value"},
        {RELVER_TOML, "a\n", 1, 2, RELVER_SYNTAX, "expected '=' after the key"},
        {RELVER_TOML, "a.\n", 1, 3, RELVER_SYNTAX, "expected a key"},
        {RELVER_TOML, "= 1\n", 1, 1, RELVER_SYNTAX, "expected a key"},
        {RELVER_TOML, "[p\xC3\xB6]\n", 1, 3, RELVER_SYNTAX, "expected '.' or ']'"},
        {RELVER_TOML, "\n[a\n", 2, 3, RELVER_SYNTAX, "expected '.' or ']'"},
        {RELVER_TOML, "[]\n", 1, 2, RELVER_SYNTAX, "expected a key"},
        {RELVER_TOML, "[[a] ]\n", 1, 4, RELVER_SYNTAX, "expected '.' or ']]'"},
        {RELVER_TOML, "[a] b = 1\n", 1, 5, RELVER_SYNTAX, "expected the end of the line"},
        {RELVER_TOML, "a = 1 b = 2\n", 1, 7, RELVER_SYNTAX, "expected the end of the line"},
        {RELVER_TOML, "a = 1\rb = 2\n", 1, 6, RELVER_SYNTAX, "carriage return without a line feed"},
        {RELVER_TOML, "# \x01\n", 1, 3, RELVER_SYNTAX, "control character in a comment"},
        {RELVER_TOML, "# a\rb\n", 1, 4, RELVER_SYNTAX, "carriage return without a line feed"},
        {RELVER_TOML, "a = \"x\x7Fy\"\n", 1, 7, RELVER_SYNTAX, "control character in a string"},
        {RELVER_TOML, "a = \"x\n", 1, 7, RELVER_SYNTAX, "line end inside a string"},
        {RELVER_TOML, "a = '''x\n", 1, 5, RELVER_SYNTAX, "string without an end"},
        {RELVER_TOML, "a = '''x\ry'''\n", 1, 9, RELVER_SYNTAX,
         "carriage return without a line feed"},
        {RELVER_TOML, "a = \"\\q\"\n", 1, 6, RELVER_SYNTAX, "invalid escape"},
        {RELVER_TOML, "a = \"\\uD800\"\n", 1, 6, RELVER_SYNTAX, "invalid escape"},
        {RELVER_TOML, "a = \"\\U00110000\"\n", 1, 6, RELVER_SYNTAX, "invalid escape"},
        {RELVER_TOML, "a = \"\"\"\\ x\"\"\"\n", 1, 8, RELVER_SYNTAX, "invalid escape"},
        {RELVER_TOML, "a = [1 2]\n", 1, 8, RELVER_SYNTAX, "expected ',' or ']'"},
        {RELVER_TOML, "a = [,]\n", 1, 6, RELVER_SYNTAX, "expected a value"},
        {RELVER_TOML, "a = { b = 1\n", 2, 1, RELVER_SYNTAX, "expected ',' or '}'"},
        {RELVER_TOML, "a = { , }\n", 1, 7, RELVER_SYNTAX, "expected a key"},
        {RELVER_TOML, "\"\"\"a\"\"\" = 1\n", 1, 3, RELVER_SYNTAX, "expected '=' after the key"},
        {RELVER_TOML, "a = \"\xC3\x28\"\n", 1, 6, RELVER_BAD_UTF8, NULL},
        {RELVER_TOML, "a = 1\n# \xED\xA0\x80\n", 2, 3, RELVER_BAD_UTF8, NULL},
        {RELVER_JSON, "", 1, 1, RELVER_SYNTAX, "expected a value"},
        {RELVER_JSON, "{", 1, 2, RELVER_SYNTAX, "expected a key in double quotes"},
        {RELVER_JSON, "{\"a\"}", 1, 5, RELVER_SYNTAX, "expected ':' after the key"},
        {RELVER_JSON, "{\"a\":1,}", 1, 7, RELVER_SYNTAX, "trailing comma"},
        {RELVER_JSON, "[1,\n]", 1, 3, RELVER_SYNTAX, "trailing comma"},
        {RELVER_JSON, "[1}", 1, 3, RELVER_SYNTAX, "expected ',' or ']'"},
        {RELVER_JSON, "{\"a\":1 \"b\"", 1, 8, RELVER_SYNTAX, "expected ',' or '}'"},
        {RELVER_JSON, "{// c\n}", 1, 2, RELVER_SYNTAX, "expected a key in double quotes"},
        {RELVER_JSON, "{'a':1}", 1, 2, RELVER_SYNTAX, "expected a key in double quotes"},
        {RELVER_JSON, "[01]", 1, 2, RELVER_SYNTAX, "malformed number"},
        {RELVER_JSON, "[+1]", 1, 2, RELVER_SYNTAX, "malformed number"},
        {RELVER_JSON, "[.5]", 1, 2, RELVER_SYNTAX, "malformed number"},
        {RELVER_JSON, "[NaN]", 1, 2, RELVER_SYNTAX, "expected a value"},
        {RELVER_JSON, "[\"\\x41\"]", 1, 3, RELVER_SYNTAX, "invalid escape"},
        {RELVER_JSON, "[\"a\tb\"]", 1, 4, RELVER_SYNTAX, "control character in a string"},
        {RELVER_JSON, "\n\"a", 2, 1, RELVER_SYNTAX, "string without an end"},
        {RELVER_JSON, "\"a\\", 1, 3, RELVER_SYNTAX, "invalid escape"},
        {RELVER_JSON, "1 2", 1, 3, RELVER_SYNTAX, "expected the end of the document"},
        {RELVER_JSON, "\f1", 1, 1, RELVER_SYNTAX, "expected a value"},
        {RELVER_JSON, "[\n\"\xF4\x90\x80\x80\"]", 2, 2, RELVER_BAD_UTF8, NULL},
        {RELVER_JSON, "[\"\xC0\xAF\"]", 1, 3, RELVER_BAD_UTF8, NULL},
        {RELVER_JSON, "[\"\xE2\x82\"]", 1, 3, RELVER_BAD_UTF8, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_str doc = block(relver_s(rows[i].doc));
        relver_diag diag = {RELVER_OK, 0, 0, ""};
        relver_err err;
        size_t line, column;
        const char *what = rows[i].what ? rows[i].what : relver_strerror(rows[i].err);
        walk(rows[i].format, doc, &err, &diag);
        CHECK_F(err == rows[i].err && diag.err == err, "'%s': got %s", rows[i].doc,
                relver_code(err));
        relver_locate(doc, diag.pos, &line, &column);
        CHECK_F(line == rows[i].line && column == rows[i].column, "'%s': got %d:%d", rows[i].doc,
                (int)line, (int)column);
        CHECK_STR(diag.what, what);
        drop(doc);
    }
}

/* After an error the reader stays, and says the same again; the node is as it was. */
static void after_an_error(void)
{
    relver_reader r;
    relver_node n;
    relver_diag diag;
    relver_read(&r, RELVER_TOML, relver_s("a = [1, x]\n"));
    CHECK(relver_next(&r, &n, NULL) == RELVER_OK && relver_next(&r, &n, NULL) == RELVER_OK);
    size_t pos = r.pos;
    for (int i = 0; i < 2; i++) {
        CHECK(relver_next(&r, &n, &diag) == RELVER_SYNTAX && diag.pos == 8 && r.pos == pos);
        CHECK(n.kind == RELVER_NUMBER && relver_eq(n.value, relver_s("1")));
    }
}

/* ---- limits ---- */

static void depth(void)
{
    enum { MANY = 100000 };
    static char text[2 * MANY + 4];
    for (int format = RELVER_TOML; format <= RELVER_JSON; format++) {
        const char *start = format == RELVER_TOML ? "a=" : "";
        size_t n = strlen(start), most = RELVER_DEPTH_MAX - n / 2; /* TOML's key is a level */
        relver_err err;
        relver_diag diag;
        memcpy(text, start, n);
        memset(text + n, '[', MANY);
        walk((relver_format)format, relver_sn(text, n + MANY), &err, &diag);
        CHECK(err == RELVER_TOO_DEEP && diag.pos == n + most);
        memset(text + n + most, ']', most);
        CHECK(walk((relver_format)format, relver_sn(text, n + 2 * most), &err, &diag) == 2 * most);
        CHECK(err == RELVER_OK);
        for (size_t i = 0; i < MANY / 5; i++)
            memcpy(text + n + i * 5, format == RELVER_JSON ? "{\"a\":" : "{a.b=", 5);
        walk((relver_format)format, relver_sn(text, n + MANY), &err, &diag);
        CHECK(err == RELVER_TOO_DEEP);
    }
    for (size_t i = 0; i < MANY; i++)
        memcpy(text + 2 * i, "a.", 2);
    relver_err err;
    relver_diag diag;
    walk(RELVER_TOML, relver_sn(text, 2 * MANY), &err, &diag);
    CHECK(err == RELVER_TOO_DEEP && diag.pos < 2 * RELVER_DEPTH_MAX + 2);
    text[0] = '[';
    memcpy(text + 1, "a", 1);
    for (size_t i = 1; i < MANY; i++)
        memcpy(text + 2 * i, ".a", 2);
    walk(RELVER_TOML, relver_sn(text, 2 * MANY), &err, &diag);
    CHECK(err == RELVER_TOO_DEEP);
}

/* A document cut anywhere is refused or shorter; nothing else can happen. */
static void truncation(void)
{
    static const char toml[] =
        "\xEF\xBB\xBF# c\r\n[a.\"b\\u00e9\"]\nv = \"1\\x41\" # c\n"
        "[[p]]\nd = 1979-05-27 07:32:00Z\n"
        "i = { x.y = [1, 'b'], # c\n z = \"\"\"q\\\n  r\"\"\"\" }\nf = -1_0.5e+3\n";
    static const char json[] = "{\"a\": [1.5e-3, true, null, \"\\ud83d\\ude00\\n\"],"
                               " \"v\": {\"\": \"\xC3\xA9\"}}\n";
    for (int format = RELVER_TOML; format <= RELVER_JSON; format++) {
        relver_str all = relver_s(format == RELVER_TOML ? toml : json);
        relver_err err;
        relver_diag diag;
        size_t refused = 0, nodes = walk((relver_format)format, all, &err, &diag);
        CHECK(err == RELVER_OK);
        for (size_t len = 0; len < all.len; len++) {
            relver_str doc = block(relver_sn(all.ptr, len));
            size_t n = walk((relver_format)format, doc, &err, &diag);
            CHECK(n <= nodes && (err == RELVER_OK || diag.pos <= len));
            refused += err != RELVER_OK;
            drop(doc);
        }
        CHECK_F(refused > all.len / 2, "only %d of %d refused", (int)refused, (int)all.len);
    }
}

/* ---- text ---- */

static void decoding(void)
{
    static const struct {
        relver_format format;
        const char *doc, *text;
    } rows[] = {
        {RELVER_TOML, "v = \"\\b\\t\\n\\f\\r\\e\\\"\\\\\\x41\\u00e9\\U0001F600\"",
         "\b\t\n\f\r\033\"\\A\xC3\xA9\xF0\x9F\x98\x80"},
        {RELVER_TOML, "v = 'a\\n'", "a\\n"},
        {RELVER_TOML, "v = \"\"\"\r\na\r\nb\"\"\"", "a\r\nb"},
        {RELVER_TOML, "v = \"\"\"a\\  \n\n \t b\\\r\n\"\"\"", "ab"},
        {RELVER_TOML, "v = \"\"\"\"\"a\"\"\"\"\"", "\"\"a\"\""},
        {RELVER_TOML, "v = '''\n\n\\x'''", "\n\\x"},
        {RELVER_JSON, "{\"v\": \"\\b\\t\\n\\f\\r\\\"\\\\\\/\\u0041\\uD83D\\uDE00\"}",
         "\b\t\n\f\r\"\\/A\xF0\x9F\x98\x80"},
        {RELVER_JSON, "{\"v\": \"\\ud800\\u0041\"}", "\xED\xA0\x80" "A"},
        {RELVER_JSON, "{\"v\": 1.50}", "1.50"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128];
        relver_buf out = {text, sizeof text, 0}, measure = {NULL, 0, 0};
        relver_node n;
        relver_str doc = block(relver_s(rows[i].doc));
        CHECK(relver_find(doc, rows[i].format, relver_s("v"), &n, NULL) == RELVER_OK);
        relver_text(&out, rows[i].format, &n);
        relver_text(&measure, rows[i].format, &n);
        CHECK_STR(text, rows[i].text);
        CHECK(measure.len == out.len);
        CHECK(relver_text_is(rows[i].format, &n, relver_s(rows[i].text)));
        CHECK(!relver_text_is(rows[i].format, &n, relver_s("")));
        CHECK(!relver_text_is(rows[i].format, &n, relver_sn(text, out.len - 1)));
        drop(doc);
    }
}

/* ---- queries ---- */

static const char *ask(relver_format format, const char *text, const char *path)
{
    static char answer[256];
    relver_buf out = {answer, sizeof answer, 0};
    relver_node n;
    relver_diag diag = {RELVER_OK, 0, 0, ""};
    relver_str doc = block(relver_s(text)), key = block(relver_s(path));
    relver_err err = relver_find(doc, format, key, &n, &diag);
    if (err == RELVER_OK) {
        relver_put(&out, relver_sn(&"SNBZTACLE"[n.kind], 1));
        relver_put(&out, n.text);
    } else {
        snprintf(answer, sizeof answer, "!%s %d", relver_code(err), (int)diag.pos);
        CHECK(diag.err == err && diag.what != NULL);
    }
    drop(doc);
    drop(key);
    return answer;
}

static void queries(void)
{
    static const char lock[] =
        "[[package]]\nversion = \"1\"\nname = \"a\"\ndependencies = [\"x\", \"y 2\"]\n"
        "[[package]]\nname = \"b\"\nversion = \"2\"\n[package.meta]\nk = \"3\"\n"
        "[other]\nz = 1\n[[package.sub]]\nn = \"4\"\n[[package.sub]]\nn = \"5\"\n"
        "[[package]]\nname = \"c\"\nversion = \"6\"\n[[package]]\nname = \"c\"\nversion = \"7\"\n"
        "[[package]]\nname = \"d\"\n[[package]]\nname = \"d\"\nversion = \"8\"\n";
    static const char json[] =
        "{\"p\": [{\"v\": \"1\", \"n\": \"a\"},"
        " {\"n\": \"b\", \"v\": \"2\", \"l\": [[1, 2], [3]]}],"
        " \"a b\": {\"\": \"3\"}, \"v\": null, \"d\": {\"x\": 1, \"x\": 2}}";
    static const struct {
        relver_format format;
        const char *doc, *path, *answer;
    } rows[] = {
        {RELVER_TOML, lock, "package[name=a].version", "S1"},
        {RELVER_TOML, lock, "package[name=\"b\"].version", "S2"},
        {RELVER_TOML, lock, "package[\"na\\u006De\"='b'].meta.k", "S3"},
        {RELVER_TOML, lock, "package[name=b].sub[1].n", "S5"},
        {RELVER_TOML, lock, "package[1].sub[0].n", "S4"},
        {RELVER_TOML, lock, "package[name=a].dependencies[1]", "Sy 2"},
        {RELVER_TOML, lock, "package[0].dependencies[2]", "!missing 0"},
        {RELVER_TOML, lock, "package[name=c].version", "!duplicate 247"},
        {RELVER_TOML, lock, "package[name=d].version", "S8"},
        {RELVER_TOML, lock, "package[name=d]", "!duplicate 284"},
        {RELVER_TOML, lock, "package[name=e].version", "!missing 0"},
        {RELVER_TOML, lock, "package[name=a]", "T[[package]]"},
        {RELVER_TOML, lock, "package[0].sub[0].n", "!missing 0"},
        {RELVER_TOML, lock, "package.version", "!missing 0"},
        {RELVER_TOML, lock, "package.meta.k", "!missing 0"},
        {RELVER_TOML, lock, "package", "A[[package]]"},
        {RELVER_TOML, lock, "", "!missing 0"},
        {RELVER_TOML, "[[p]]\nn = 'x'\nv = 1\nn = 'y'\n", "p[n=x].v", "!duplicate 20"},
        {RELVER_TOML, "[[p]]\nn = 'x'\nv = 1\nv = 2\n[[p]]\nn = 'y'\nv = 3\n", "p[n=y].v", "N3"},
        {RELVER_TOML, "[[p]]\nv = 1\nn = 'x'\n[p]\n", "p[n=x].v", "!duplicate 21"},
        {RELVER_TOML, "p = [{v = 1, n = 'x'}, {n.x = 1, v = 2}]", "p[n=x].v", "N1"},
        {RELVER_TOML, "[a.b]\n[a]\nc = 1\n", "a", "T[a]"},
        {RELVER_TOML, "[a.b.c]\n[a]\nb.d = 1\n", "a.b.d", "N1"},
        {RELVER_TOML, "[a.b]\nc = 1\n[a]\nb.d = 2\n", "a.b.d", "!duplicate 16"},
        {RELVER_TOML, "a.b = 1\na.c = 2\n", "a.c", "N2"},
        {RELVER_TOML, "a.b = 1\n[a]\nc = 2\n", "a.c", "!duplicate 9"},
        {RELVER_TOML, "a = []\n[[a]]\nb = 1\n", "a[0].b", "!duplicate 9"},
        {RELVER_TOML, "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1\n", "a[1].b[0].c", "N1"},
        {RELVER_TOML, "[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1\n", "a[0].b[1].c", "!missing 0"},
        {RELVER_JSON, json, "", "T{"},
        {RELVER_JSON, json, "p[n=a].v", "S1"},
        {RELVER_JSON, json, "p[1].v", "S2"},
        {RELVER_JSON, json, "p[n=b].l[1][0]", "N3"},
        {RELVER_JSON, json, "p[1].l[0][1]", "N2"},
        {RELVER_JSON, json, "p[1].l[1][1]", "!missing 0"},
        {RELVER_JSON, json, "'a b'.\"\"", "S3"},
        {RELVER_JSON, json, "v", "Znull"},
        {RELVER_JSON, json, "v.x", "!missing 0"},
        {RELVER_JSON, json, "d.x", "!duplicate 116"},
        {RELVER_JSON, json, "d.y", "!missing 0"},
        {RELVER_JSON, "[[1], [2]]", "[1][0]", "N2"},
        {RELVER_JSON, "[{\"n\": 1, \"v\": \"x\"}]", "[n=1].v", "Sx"},
        {RELVER_JSON, "{", "", "!syntax 1"},
        {RELVER_JSON, "{}", "a.", "!bad-path 2"},
        {RELVER_JSON, "{}", "a..b", "!bad-path 2"},
        {RELVER_JSON, "{}", ".a", "!bad-path 0"},
        {RELVER_JSON, "{}", "a b", "!bad-path 1"},
        {RELVER_JSON, "{}", "@a/b", "!bad-path 0"},
        {RELVER_JSON, "{}", "a.[0]", "!bad-path 2"},
        {RELVER_JSON, "{}", "a[]", "!bad-path 2"},
        {RELVER_JSON, "{}", "a[0", "!bad-path 3"},
        {RELVER_JSON, "{}", "a[0]b", "!bad-path 4"},
        {RELVER_JSON, "{}", "a[n]", "!bad-path 3"},
        {RELVER_JSON, "{}", "a[n=x", "!bad-path 5"},
        {RELVER_JSON, "{}", "a[n=x].b[m=y]", "!bad-path 8"},
        {RELVER_JSON, "{}", "a[12345678901]", "!bad-path 2"},
        {RELVER_JSON, "{}", "\"a", "!bad-path 0"},
        {RELVER_JSON, "{}", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p", "!missing 0"},
        {RELVER_JSON, "{}", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", "!bad-path 32"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *answer = ask(rows[i].format, rows[i].doc, rows[i].path);
        CHECK_F(strcmp(answer, rows[i].answer) == 0, "row %d, '%s': got '%s', want '%s'", (int)i,
                rows[i].path, answer, rows[i].answer);
    }
}

/* Questions asked together get the answers they get alone, and asked in any order. */
static void together(void)
{
    static const char *const paths[] = {
        "p[n=y].v", "p[n=x].v", "p[0].v", "p[1].m.k", "p[n=y].m.k", "p",
        "p[2]", "w.d.v", "w.d", "w.e", "w..",
    };
    relver_str doc = relver_s("[[p]]\nv = 1\nn = 'x'\n[[p]]\nn = 'y'\nv = 2\n[p.m]\nk = 3\n"
                              "[w]\nd.v = 4\ne = 5\ne = 6\n");
    relver_query q[2 * COUNT(paths)];
    for (size_t i = 0; i < COUNT(q); i++)
        q[i].path = relver_s(paths[i < COUNT(paths) ? i : COUNT(q) - 1 - i]);
    CHECK(relver_find_all(doc, RELVER_TOML, q, COUNT(q), NULL) == RELVER_OK);
    for (size_t i = 0; i < COUNT(q); i++) {
        relver_node n;
        relver_err err = relver_find(doc, RELVER_TOML, q[i].path, &n, NULL);
        CHECK_F(q[i].err == err, "'%s': %s, alone %s", q[i].path.ptr, relver_code(q[i].err),
                relver_code(err));
        CHECK(err != RELVER_OK || (q[i].node.value.ptr == n.value.ptr && q[i].node.kind == n.kind));
    }
    CHECK(relver_find_all(doc, RELVER_TOML, q, 0, NULL) == RELVER_OK);
    CHECK(relver_find_all(relver_s("a = "), RELVER_TOML, q, 1, NULL) == RELVER_SYNTAX);
}

/* ---- many queries, big documents ---- */

/* A package-lock.json of n packages, each with a version of its own. */
static relver_str big_lock(size_t n)
{
    size_t cap = n * 512 + 64, len = 0;
    char *text = malloc(cap);
    if (text == NULL)
        exit(2);
    len += (size_t)snprintf(text, cap, "{\n  \"name\": \"big\",\n  \"lockfileVersion\": 3,\n"
                                       "  \"packages\": {");
    for (size_t i = 0; i < n; i++) {
        int k = (int)i;
        len += (size_t)snprintf(
            text + len, cap - len,
            "%s\n    \"node_modules/package-%06d\": {\n      \"version\": \"1.0.%d\",\n"
            "      \"resolved\": \"https://registry.example/p-%06d/-/p-%06d-1.0.%d.tgz\",\n"
            "      \"integrity\": \"sha512-%064d==\",\n      \"license\": \"MIT\",\n"
            "      \"dependencies\": {\n        \"left\": \"^1.0.0\",\n"
            "        \"right\": \"~2.0.0\"\n      }\n    }",
            i > 0 ? "," : "", k, k, k, k, k, k);
    }
    len += (size_t)snprintf(text + len, cap - len, "\n  }\n}\n");
    return relver_sn(text, len);
}

static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void six_hundred(void)
{
    enum { PACKAGES = 15000, QUERIES = 600 };
    static relver_query q[QUERIES];
    static char paths[QUERIES][64], want[16];
    relver_str doc = big_lock(PACKAGES);
    relver_diag diag;
    for (int i = 0; i < QUERIES; i++) {
        snprintf(paths[i], sizeof paths[i], "packages.\"node_modules/package-%06d\".version",
                 i * (PACKAGES / QUERIES));
        q[i].path = relver_s(paths[i]);
    }
    double start = now();
    CHECK(relver_find_all(doc, RELVER_JSON, q, 1, &diag) == RELVER_OK);
    double one = now();
    CHECK(relver_find_all(doc, RELVER_JSON, q, QUERIES, &diag) == RELVER_OK);
    double all = now();
    for (int i = 0; i < QUERIES; i++) {
        snprintf(want, sizeof want, "1.0.%d", i * (PACKAGES / QUERIES));
        CHECK(q[i].err == RELVER_OK && relver_eq(q[i].node.text, relver_s(want)));
    }
    printf("%.1f MB: 1 query %.0f ms, %d queries %.0f ms\n", (double)doc.len / 1e6,
           (one - start) * 1e3, QUERIES, (all - one) * 1e3);
    drop(doc);
}

/* Twice the document is twice the nodes, and each call moves on: reading is linear. */
static void linear(void)
{
    size_t nodes[2];
    for (size_t i = 0; i < 2; i++) {
        relver_err err;
        relver_str doc = big_lock(1000 * (i + 1));
        nodes[i] = walk(RELVER_JSON, doc, &err, NULL);
        CHECK(err == RELVER_OK && nodes[i] < doc.len);
        drop(doc);
    }
    CHECK_F(nodes[1] - nodes[0] == 1000 * 10 && nodes[0] == 1000 * 10 + 6, "%d, %d nodes",
            (int)nodes[0], (int)nodes[1]);
}

/* ---- mutations ---- */

/* Change some bytes of text, which has room for a few more; gives the new length. */
static size_t mutate(char *text, size_t len)
{
    static const char bytes[] = "\"'\\[]{}=.,:#\n\r\t _-+0159aeuxTZ\x01\x7F\xC3\xA9\xF0";
    for (size_t n = 1 + roll(2); n > 0; n--) {
        size_t at = roll(len + 1), count = 1 + roll(4), from = roll(len + 1);
        switch (roll(4)) {
        case 0: /* put in */
            memmove(text + at + 1, text + at, len - at);
            text[at] = bytes[roll(sizeof bytes - 1)];
            len++;
            break;
        case 1: /* take out */
            count = count < len - at ? count : len - at;
            memmove(text + at, text + at + count, len - at - count);
            len -= count;
            break;
        case 2: /* change */
            if (at < len)
                text[at] = bytes[roll(sizeof bytes - 1)];
            break;
        default: /* copy from elsewhere */
            count = count < len - at ? count : len - at;
            count = count < len - from ? count : len - from;
            memmove(text + at, text + from, count);
        }
    }
    return len;
}

static void mutations(void)
{
    static const struct {
        relver_format format;
        const char *doc, *path;
    } rows[] = {
        {RELVER_TOML, "[package]\nname = \"a\"\nversion = \"0.1.0\" # x\n\n[dependencies.b]\n",
         "package.version"},
        {RELVER_TOML, "a.b = { c = [1, \"2\"], d.e = 1979-05-27T07:32:00Z }\n"
                      "\"v\\u0061\" = \"\"\"x\\\n y\"\"\"\n",
         "va"},
        {RELVER_TOML, "[[p]]\nv = \"1\"\nn = \"x\"\n[p.m]\nk = 1\n[[p]]\nn = \"y\"\nv = \"2\"\n",
         "p[n=y].v"},
        {RELVER_TOML, "\xEF\xBB\xBF[w]\r\np.v = '''1'''\r\n[w.d]\r\nx = { v = \"1\", }\r\n",
         "w.d.x.v"},
        {RELVER_JSON, "{\"a\": {\"v\": \"1\\u0041\"},"
                      " \"l\": [{\"n\": \"x\", \"v\": 1e5}, {\"v\": null, \"n\": \"y\"}]}",
         "l[n=y].v"},
        {RELVER_JSON, "{\n  \"packages\": {\n    \"\": {\"version\": \"0.1.0\"},\n"
                      "    \"a/b\": {\"version\": \"1\"}\n  }\n}\n",
         "packages.\"a/b\".version"},
    };
    enum { ROUNDS = 200000 };
    size_t found = 0, refused = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        char text[512], path[64];
        size_t row = roll(COUNT(rows));
        size_t len = strlen(rows[row].doc), path_len = strlen(rows[row].path);
        memcpy(text, rows[row].doc, len);
        memcpy(path, rows[row].path, path_len);
        len = mutate(text, len);
        if (roll(8) == 0)
            path_len = mutate(path, path_len);
        relver_str doc = block(relver_sn(text, len)), key = block(relver_sn(path, path_len));
        relver_node n;
        relver_diag diag;
        relver_err err = relver_find(doc, rows[row].format, key, &n, &diag);
        if (err == RELVER_OK) {
            char space[512];
            relver_buf out = {space, sizeof space, 0};
            found++;
            if (!inside(doc, n.key) || !inside(doc, n.value) || !inside(n.value, n.text))
                CHECK_F(false, "round %d: found outside the document", (int)i);
            relver_text(&out, rows[row].format, &n);
            if (out.len > n.text.len || !relver_text_is(rows[row].format, &n, relver_view(&out)))
                CHECK_F(false, "round %d: the text is not itself", (int)i);
        } else {
            refused++;
            if (diag.err != err || diag.pos + diag.len > (err == RELVER_BAD_PATH ? path_len : len))
                CHECK_F(false, "round %d: %s points outside", (int)i, relver_code(err));
        }
        drop(doc);
        drop(key);
    }
    CHECK_F(found > ROUNDS / 20 && refused > ROUNDS / 20, "%d found, %d refused", (int)found,
            (int)refused);
}

int main(void)
{
    events();
    marks();
    errors();
    after_an_error();
    depth();
    truncation();
    decoding();
    queries();
    together();
    six_hundred();
    linear();
    mutations();
    return check_done();
}
