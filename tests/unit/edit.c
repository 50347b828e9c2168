/* edit.c - edits: what set, add and cut make of a document, byte by byte; that edits are undone by
   their opposites; that nothing else moves; and that the sort keeps its promises. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../block.h"
#include <time.h>

#define BOM "\xEF\xBB\xBF"

enum { TEXT_MAX = 4096 };

/* ---- one edit, before and after ---- */

enum op { SET, ADD, CUT };

/* Make one edit; the new document goes to out. */
static relver_err make(enum op op, relver_format format, relver_str doc, relver_str path,
                       relver_str value, relver_buf *out)
{
    char space[256];
    relver_buf scratch = {space, sizeof space, 0};
    relver_edit e;
    relver_diag diag;
    relver_err err = op == SET   ? relver_set(doc, format, path, value, &e, &diag)
                     : op == ADD ? relver_add(doc, format, path, value, &scratch, &e, &diag)
                                 : relver_cut(doc, format, path, &e, &diag);
    if (err != RELVER_OK) {
        CHECK(diag.err == err && diag.what != NULL);
        return err;
    }
    return relver_apply(out, doc, &e, 1, &diag);
}

struct row {
    relver_format format;
    const char *before, *path, *value, *after; /* after or !code */
};

static void table(enum op op, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[TEXT_MAX] = "!";
        relver_buf out = {text, sizeof text, 0};
        relver_str doc = block(relver_s(rows[i].before)), path = block(relver_s(rows[i].path));
        relver_err err = make(op, rows[i].format, doc, path, relver_s(rows[i].value), &out);
        if (err != RELVER_OK)
            snprintf(text, sizeof text, "!%s", relver_code(err));
        CHECK_F(strcmp(text, rows[i].after) == 0, "%s in '%s': got '%s', want '%s'", rows[i].path,
                rows[i].before, text, rows[i].after);
        drop(doc);
        drop(path);
    }
}

static void sets(void)
{
    static const struct row rows[] = {
        {RELVER_TOML, BOM "v\t=\t'1'\t# c\r\nw = 2\r\n", "v", "2.0",
         BOM "v\t=\t'2.0'\t# c\r\nw = 2\r\n"},
        {RELVER_TOML, "v = \"\\u0031\"", "v", "2.0", "v = \"2.0\""},
        {RELVER_TOML, "v = \"\"\"1\"\"\"", "v", "2.0", "v = \"\"\"2.0\"\"\""},
        {RELVER_TOML, "v = '''\n1'''", "v", "2.0", "v = '''2.0'''"},
        {RELVER_TOML, "v = 'a'", "v", "a \"b\" \\ c", "v = 'a \"b\" \\ c'"},
        {RELVER_TOML, "v = 'a'", "v", "it's", "!needs-escape"},
        {RELVER_TOML, "v = \"a\"", "v", "a\\b", "!needs-escape"},
        {RELVER_TOML, "v = \"a\"", "v", "a\nb", "!needs-escape"},
        {RELVER_TOML, "v = \"a\"", "v", "a\xC2\x85", "!needs-escape"},
        {RELVER_TOML, "v = \"a\"", "v", "a\xFF", "!needs-escape"},
        {RELVER_TOML, "v = 1", "v", "2.0", "!not-a-string"},
        {RELVER_TOML, "v.workspace = true", "v", "2.0", "!not-a-string"},
        {RELVER_TOML, "[p]\nversion = \"1\"\nx = { version = \"1\" }\n[q]\nversion = \"1\"\n",
         "p.x.version", "2",
         "[p]\nversion = \"1\"\nx = { version = \"2\" }\n[q]\nversion = \"1\"\n"},
        {RELVER_JSON, BOM "{\r\n\t\"v\" : \"1\\u002e0\"\r\n}", "v", "2.0",
         BOM "{\r\n\t\"v\" : \"2.0\"\r\n}"},
        {RELVER_JSON, "{\"v\": null}", "v", "2.0", "!not-a-string"},
        {RELVER_JSON, "{\"v\": \"1\"}", "v", "a\"b", "!needs-escape"},
        {RELVER_JSON, "{\"v\": \"1\"}", "v", "it's", "{\"v\": \"it's\"}"},
        {RELVER_JSON, "{\"v\": \"1\", \"v\": \"2\"}", "v", "3", "!duplicate"},
        {RELVER_YAML, "v: 1.2.3 # c\r\n", "v", "1.3.0", "v: 1.3.0 # c\r\n"},
        {RELVER_YAML, "v: 1.2.3 # c\n", "v", "1.10", "v: \"1.10\" # c\n"},
        {RELVER_YAML, "v: 1.10\n", "v", "1.2.3", "v: 1.2.3\n"},
        {RELVER_YAML, "v: 'it''s'\n", "v", "1.10", "v: '1.10'\n"},
        {RELVER_YAML, "v: \"\\x31\"\n", "v", "2", "v: \"2\"\n"},
        {RELVER_YAML, "v: [a, b]\n", "v[0]", "x, y", "v: [\"x, y\", b]\n"},
        {RELVER_YAML, "v: a\n", "v", "say \"x\": y", "v: 'say \"x\": y'\n"},
        {RELVER_YAML, "v: a\n", "v", "\"x\": it's", "!needs-escape"},
        {RELVER_YAML, "v: a\n", "v", "a" BOM, "!needs-escape"},
        {RELVER_YAML, "a\n", "", "---", "\"---\"\n"},
        {RELVER_YAML, "a\n", "", "... b", "\"... b\"\n"},
        {RELVER_YAML, "v: yes\n", "v", "1.0.0", "!not-a-string"},
        {RELVER_YAML, "v:\n", "v", "1.0.0", "!not-a-string"},
        {RELVER_YAML, "v: |\n  1.0\n", "v", "1.0.0", "!unsupported"},
        {RELVER_YAML, "v: &a 1.0.0\n", "v", "1.0.1", "!unsupported"},
        {RELVER_TEXT, "x\r\n#define V \"1.0\"\r\n", "V \"{version}\"", "2.0-rc.1",
         "x\r\n#define V \"2.0-rc.1\"\r\n"},
        {RELVER_TEXT, "see v1.0.", "see {version}", "2.0", "see v2.0."},
        {RELVER_TEXT, "see v1.0.", "see {version}", "v2.0", "!needs-escape"},
        {RELVER_TEXT, "see v1.0.", "see {version}", "2.0.", "!needs-escape"},
    };
    table(SET, rows, COUNT(rows));
}

static void adds(void)
{
    static const struct row rows[] = {
        {RELVER_TOML, "[a]\nb = 1 # c\n\n[a.d]\ne = 1\n", "a.v", "1",
         "[a]\nb = 1 # c\nv = \"1\"\n\n[a.d]\ne = 1\n"},
        {RELVER_TOML, "[a]\r\n\tb='1'", "a.v", "2", "[a]\r\n\tb='1'\r\n\tv='2'"},
        {RELVER_TOML, "[a] # c\n[b]\n", "a.v", "1", "[a] # c\nv = \"1\"\n[b]\n"},
        {RELVER_TOML, "[a.b]\nc = 1\n[a]\nd = [\n 1,\n] # e\n# f\n", "a.v", "1",
         "[a.b]\nc = 1\n[a]\nd = [\n 1,\n] # e\nv = \"1\"\n# f\n"},
        {RELVER_TOML, "a = 1\n[b]\n", "v", "1", "a = 1\nv = \"1\"\n[b]\n"},
        {RELVER_TOML, BOM "[b]\r\n", "v", "1", BOM "v = \"1\"\r\n[b]\r\n"},
        {RELVER_TOML, "", "v", "1", "v = \"1\"\n"},
        {RELVER_TOML, "a = 1\n", "\"x y\"", "it's", "a = 1\n\"x y\" = \"it's\"\n"},
        {RELVER_TOML, "a = {}", "a.v", "1", "a = {v = \"1\"}"},
        {RELVER_TOML, "a = { b = 1 }", "a.v", "1", "a = { b = 1, v = \"1\" }"},
        {RELVER_TOML, "a = ['x','y']", "a[]", "z", "a = ['x','y','z']"},
        {RELVER_TOML, "a = [\n    'x', # c\n    'y' # d\n]", "a[]", "z",
         "a = [\n    'x', # c\n    'y', # d\n    'z'\n]"},
        {RELVER_TOML, "a = [\n    \"x\",\r\n]", "a[]", "z", "a = [\n    \"x\",\r\n    \"z\",\r\n]"},
        {RELVER_TOML, "a = []", "a[]", "z", "a = [\"z\"]"},
        {RELVER_TOML, "[[p]]\nname = \"x\"\n[[p]]\nname = \"y\"\n", "p[name=x].v", "1",
         "[[p]]\nname = \"x\"\nv = \"1\"\n[[p]]\nname = \"y\"\n"},
        {RELVER_TOML, "[a]\nv = 1\n", "a.v", "1", "!duplicate"},
        {RELVER_TOML, "[a]\n", "b.v", "1", "!missing"},
        {RELVER_TOML, "[a.b]\n", "a.v", "1", "!unsupported"},
        {RELVER_TOML, "a.b = 1\n", "a.v", "1", "!unsupported"},
        {RELVER_TOML, "[[a]]\n", "a[]", "1", "!unsupported"},
        {RELVER_TOML, "a = 1\n", "a[]", "1", "!unsupported"},
        {RELVER_TOML, "a = [1]\n", "a[0]", "1", "!duplicate"},
        {RELVER_TOML, "a = [1]\n", "a[1]", "1", "!bad-path"},
        {RELVER_TOML, "a = 1\n", "v", "\"'", "!needs-escape"},
        {RELVER_TOML, "a = 1\n", "\"\xFF\"", "2", "!needs-escape"},
        {RELVER_YAML, "a: b\n", "\"--- c\"", "---", "a: b\n\"--- c\": ---\n"},
        {RELVER_JSON, "{\"a\":1,\"b\":{}}", "v", "1", "{\"a\":1,\"b\":{},\"v\":\"1\"}"},
        {RELVER_JSON, "{\"a\": 1}", "v", "1", "{\"a\": 1, \"v\": \"1\"}"},
        {RELVER_JSON, "{\r\n\t\"a\": 1\r\n}\r\n", "v", "1",
         "{\r\n\t\"a\": 1,\r\n\t\"v\": \"1\"\r\n}\r\n"},
        {RELVER_JSON, "{\n  \"a\": {\n    \"b\": [\n      \"c\"\n    ]\n  }\n}", "a.b[]", "d",
         "{\n  \"a\": {\n    \"b\": [\n      \"c\",\n      \"d\"\n    ]\n  }\n}"},
        {RELVER_JSON, "[[], {}]", "[1].v", "1", "[[], {\"v\": \"1\"}]"},
        {RELVER_JSON, "[\n 1  \n]", "x[]", "1", "!missing"},
        {RELVER_JSON, "{\"a\": [\n 1  \n]}", "a[]", "2", "{\"a\": [\n 1,\n \"2\"  \n]}"},
        {RELVER_JSON, "{}", "\"@a/b\"", "1", "{\"@a/b\": \"1\"}"},
        {RELVER_JSON, "[]", "v", "1", "!unsupported"},
        {RELVER_YAML, "a: 1\nb:\n- x\n- y # c\nd: 2\n", "b[]", "1.10",
         "a: 1\nb:\n- x\n- y # c\n- \"1.10\"\nd: 2\n"},
        {RELVER_YAML, "b:\r\n  - 'x'", "b[]", "y", "b:\r\n  - 'x'\r\n  - 'y'"},
        {RELVER_YAML, "b:\n  - x: 1\n    y: 2\n  # c\n", "b[0].v", "a: b",
         "b:\n  - x: 1\n    y: 2\n    v: \"a: b\"\n  # c\n"},
        {RELVER_YAML, "a: |+\n  x\n\nb: |\n  y\n\n# c\n", "v", "1.2.3",
         "a: |+\n  x\n\nb: |\n  y\nv: 1.2.3\n\n# c\n"},
        {RELVER_YAML, "a: |\n  x", "v", "1", "!unsupported"}, /* x would gain a line end */
        {RELVER_YAML, "a:\n \t# c\n", "v", "1.2.3", "a:\nv: 1.2.3\n \t# c\n"},
        {RELVER_YAML, "a: [x, y] # c\n", "a[]", "z", "a: [x, y, z] # c\n"},
        {RELVER_YAML, "a: {}\n", "a.on", "z", "a: {\"on\": z}\n"},
        {RELVER_YAML, "- a\n", "[]", "z", "!bad-path"},
        {RELVER_YAML, "a:\n", "a[]", "z", "!unsupported"},
        {RELVER_YAML, "a: &x\n  - b\n", "a[]", "z", "!unsupported"},
        {RELVER_YAML, "", "a", "z", "!missing"},
        {RELVER_TEXT, "", "a", "z", "!unsupported"},
    };
    table(ADD, rows, COUNT(rows));
}

static void cuts(void)
{
    static const struct row rows[] = {
        {RELVER_TOML, "a = 1\nb = 2 # c\n# d\nc = 3", "b", NULL, "a = 1\n# d\nc = 3"},
        {RELVER_TOML, "a = 1\r\nb = '''\n2'''", "b", NULL, "a = 1"},
        {RELVER_TOML, BOM "a = 1", "a", NULL, BOM},
        {RELVER_TOML, "[p]\nx.y = [\n 1,\n]\nz = 1\n", "p.x.y", NULL, "[p]\nz = 1\n"},
        {RELVER_TOML, "a = [1, 2, 3]", "a[0]", NULL, "a = [2, 3]"},
        {RELVER_TOML, "a = [1, 2, 3]", "a[1]", NULL, "a = [1, 3]"},
        {RELVER_TOML, "a = [1, 2, 3]", "a[2]", NULL, "a = [1, 2]"},
        {RELVER_TOML, "a = [ 1, 2, ]", "a[1]", NULL, "a = [ 1, ]"},
        {RELVER_TOML, "a = [1,]", "a[0]", NULL, "a = []"},
        {RELVER_TOML, "a = [\n 1, # c\n 2, # d\n]", "a[0]", NULL, "a = [\n 2, # d\n]"},
        {RELVER_TOML, "a = [\n 1, # c\n 2 # d\n]", "a[1]", NULL, "a = [\n 1, # c\n]"},
        {RELVER_TOML, "a = [\n 1,\n 2 # d\n]", "a[1]", NULL, "a = [\n 1\n]"},
        {RELVER_TOML, "a = [\n 1, 2,\n 3\n]", "a[1]", NULL, "a = [\n 1,\n 3\n]"},
        {RELVER_TOML, "a = [\n 1, 2,\n 3, 4\n]", "a[2]", NULL, "a = [\n 1, 2,\n 4\n]"},
        {RELVER_TOML, "a = [\n 1, # c\n 2 ]", "a[1]", NULL, "a = [\n 1, # c\n  ]"},
        {RELVER_TOML, "a = { b = 1, c = [1], d = 2 }", "a.c", NULL, "a = { b = 1, d = 2 }"},
        {RELVER_TOML, "[a]\nb = 1\n", "a", NULL, "!unsupported"},
        {RELVER_TOML, "a.b = 1\n", "a", NULL, "!unsupported"},
        {RELVER_TOML, "a = {b.c = 1}\n", "a.b.c", NULL, "!unsupported"},
        {RELVER_JSON, "{\"a\": 1, \"b\": {\"c\": [2]}}", "b", NULL, "{\"a\": 1}"},
        {RELVER_JSON, "{\"a\": 1, \"b\": 2}", "a", NULL, "{\"b\": 2}"},
        {RELVER_JSON, "{\n  \"a\": 1,\n  \"b\": 2\n}", "a", NULL, "{\n  \"b\": 2\n}"},
        {RELVER_JSON, "{\n  \"a\": 1,\n  \"b\": 2\n}", "b", NULL, "{\n  \"a\": 1\n}"},
        {RELVER_JSON, "{\r\n  \"a\": 1\r\n}", "a", NULL, "{\r\n}"},
        {RELVER_JSON, "[1]", "[0]", NULL, "[]"},
        {RELVER_YAML, "a: 1\nb: # c\n  - x\n  - y\n# d\ne: 2", "b", NULL, "a: 1\n# d\ne: 2"},
        {RELVER_YAML, "a:\n- x # c\n- y\n", "a[0]", NULL, "a:\n- y\n"},
        {RELVER_YAML, "a:\r\n- x\r\n- y", "a[1]", NULL, "a:\r\n- x"},
        {RELVER_YAML, "a:\n-\n  b: 1\n  c: 2\n- d", "a[0]", NULL, "a:\n- d"},
        {RELVER_YAML, "- a: 1\n  b: |\n    x\n\n    y\n  c: 2\n", "[0].b", NULL, "!unsupported"},
        {RELVER_YAML, "- a: 1\n  b: 'x'\n  c: 2\n", "[0].b", NULL, "- a: 1\n  c: 2\n"},
        {RELVER_YAML, "- a: 1 # x\n  b: 2\n", "[0].a", NULL, "- b: 2\n"},
        {RELVER_YAML, "- a: 1\n  # b\n  b: 2\n", "[0].a", NULL, "!unsupported"},
        {RELVER_YAML, "a:\n- x\n", "a[0]", NULL, "!unsupported"},
        {RELVER_YAML, "a: [x, y]\n", "a[0]", NULL, "a: [y]\n"},
        {RELVER_YAML, "a: {x: 1, y: 2}\n", "a.y", NULL, "a: {x: 1}\n"},
        {RELVER_YAML, "a: |\n  x\nb: 1", "b", NULL, "a: |\n  x\n"},
        {RELVER_YAML, "a: |\n  x\nb: 1\n  # c\nd: 1\n", "b", NULL, "!unsupported"},
        {RELVER_YAML, "a: |+\n  x\nb: 1\n\nd: 1\n", "b", NULL, "!unsupported"},
        {RELVER_TEXT, "1.0", "{version}", NULL, "!unsupported"},
    };
    table(CUT, rows, COUNT(rows));
}

/* ---- the opposite edit restores the bytes ---- */

static const struct {
    relver_format format;
    const char *text;
} docs[] = {
    {RELVER_TOML, BOM "# v = \"1\"\r\n[package]\r\nname = \"a\" # n\r\n\tversion\t=\t'1.2.3'\r\n"
                  "x.y = \"\"\"\r\n[package]\r\nversion = \"9\"\"\"\"\r\n\r\n[dependencies]\r\n"
                  "b = { version = \"=1.2.3\", features = [\"1.2.3\", 'c',] }\r\n"},
    {RELVER_TOML, "[[p]]\nv = \"\\u0031.0\"\nname = 'x'\n[[p]]\n[p.q]\nv = '''1'''\nw = [\n"
                  "  \"a\", # b\n  [\"c\"] # d\n]"},
    {RELVER_TOML, "version = \"1\"\na = 1979-05-27\n\n[\"a.b\"]\nversion = \"1\" # \"2\"\n"},
    {RELVER_JSON, "{\n\t\"name\": \"a\",\n\t\"version\": \"1.2.3\",\n"
                  "\t\"n\": [\"1.2.3\", {}, []],\n\t\"dependencies\": {\"a.b\": \"^1.2.3\","
                  " \"\": \"\\u0031\\\\\", \"c\":null}\n}\n"},
    {RELVER_JSON, BOM "{\"v\":\"1\",\"w\":{\"v\":\"1\",\"x\":[\"v\"]}}"},
    {RELVER_YAML, "---\r\n# v: 1\r\nname: a # n\r\nv: '1.10'\r\nw:\r\n- a\r\n- \"b\"\r\n- x: c\r\n"
                  "  y: [d, 'e', {f: g}]\r\nz: |\r\n  v: 1\r\n\r\nlast: 1.2.3"},
    {RELVER_YAML, BOM "a:\n    b: c\n    d:\n      - 1.10\n      - - x\n        - 'it''s'\ne: *y\n"
                  "f: \"\\u0031\"\n...\n"},
};

/* The k-th node of the document; false when there are fewer. */
static bool nth(relver_format format, relver_str doc, size_t k, relver_node *n)
{
    relver_reader r;
    relver_read(&r, format, doc);
    for (size_t i = 0; i <= k; i++)
        if (relver_next(&r, n, NULL) != RELVER_OK || n->kind == RELVER_END)
            return false;
    return true;
}

/* Both documents have the same nodes but for the text of the k-th. */
static bool same_but(relver_format format, relver_str a, relver_str b, size_t k)
{
    relver_reader r, s;
    relver_node n, m;
    relver_read(&r, format, a);
    relver_read(&s, format, b);
    for (size_t i = 0;; i++) {
        if (relver_next(&r, &n, NULL) != RELVER_OK || relver_next(&s, &m, NULL) != RELVER_OK
            || n.depth != m.depth || !relver_eq(n.key, m.key)
            || (i != k && (n.kind != m.kind || !relver_eq(n.value, m.value))))
            return false;
        if (n.kind == RELVER_END)
            return true;
    }
}

static void set_and_back(relver_format format, relver_str doc, size_t k, const relver_node *n,
                         relver_str value)
{
    char one[TEXT_MAX], two[TEXT_MAX], old[256];
    relver_buf out = {one, sizeof one, 0}, again = {two, sizeof two, 0}, was = {old, sizeof old, 0};
    relver_node m;
    relver_edit e;
    if (relver_set_node(doc, format, n, value, &e, NULL) != RELVER_OK) {
        CHECK(n->quote == RELVER_OPAQUE || n->kind != RELVER_STRING);
        return;
    }
    size_t at = (size_t)(e.at.ptr - doc.ptr);
    CHECK(relver_apply(&out, doc, &e, 1, NULL) == RELVER_OK);
    CHECK_F(same_but(format, doc, relver_view(&out), k), "node %d of '%s'", (int)k, doc.ptr);
    CHECK(out.len == doc.len - e.at.len + value.len + (e.quote != 0 ? 2 : 0));
    CHECK(memcmp(one, doc.ptr, at) == 0);
    CHECK(nth(format, relver_view(&out), k, &m) && relver_text_is(format, &m, value));
    CHECK(relver_set_node(relver_view(&out), format, &m, value, &e, NULL) == RELVER_OK);
    CHECK(relver_apply(&again, relver_view(&out), &e, 1, NULL) == RELVER_OK);
    CHECK_STR(two, one);
    relver_text(&was, format, n);
    if (!relver_eq(relver_view(&was), n->text) || n->quote == 'B' || m.quote != n->quote
        || relver_set_node(relver_view(&out), format, &m, n->text, &e, NULL) != RELVER_OK)
        return; /* the old spelling is not the plainest one */
    again.len = 0;
    if (e.quote != 0)
        return;
    CHECK(relver_apply(&again, relver_view(&out), &e, 1, NULL) == RELVER_OK);
    CHECK(relver_eq(relver_view(&again), doc));
}

static void involution(void)
{
    static const char *const values[] = {"9.8.7", "1", "1.10", "workspace:^1.0.0-rc.1+x", "a b",
                                         ""};
    for (size_t i = 0; i < COUNT(docs); i++) {
        relver_str doc = relver_s(docs[i].text);
        relver_node n;
        size_t strings = 0;
        for (size_t k = 0; nth(docs[i].format, doc, k, &n); k++) {
            strings += n.kind == RELVER_STRING;
            for (size_t v = 0; n.kind <= RELVER_NULL && v < COUNT(values); v++)
                set_and_back(docs[i].format, doc, k, &n, relver_s(values[v]));
        }
        CHECK_F(strings > 1, "document %d has %d strings", (int)i, (int)strings);
    }
}

static void cut_after_add(void)
{
    static const struct {
        size_t doc;
        const char *add, *cut;
    } rows[] = {
        {0, "package.new", "package.new"},
        {0, "dependencies.new", "dependencies.new"},
        {0, "dependencies.b.new", "dependencies.b.new"},
        {0, "dependencies.b.features[]", "dependencies.b.features[2]"},
        {0, "new", "new"},
        {1, "p[0].new", "p[0].new"},
        {1, "p[1].q.new", "p[1].q.new"},
        {1, "p[1].q.w[1][]", "p[1].q.w[1][1]"},
        {2, "new", "new"},
        {2, "\"a.b\".new", "\"a.b\".new"},
        {3, "new", "new"},
        {3, "n[]", "n[3]"},
        {3, "n[1].new", "n[1].new"},
        {3, "n[2][]", "n[2][0]"},
        {3, "dependencies.new", "dependencies.new"},
        {4, "new", "new"},
        {4, "w.new", "w.new"},
        {4, "w.x[]", "w.x[1]"},
        {5, "new", "new"},
        {5, "w[]", "w[3]"},
        {5, "w[2].new", "w[2].new"},
        {5, "w[2].y[]", "w[2].y[3]"},
        {5, "w[2].y[2].new", "w[2].y[2].new"},
        {6, "new", "new"},
        {6, "a.new", "a.new"},
        {6, "a.d[]", "a.d[2]"},
        {6, "a.d[1][]", "a.d[1][2]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char one[TEXT_MAX], two[TEXT_MAX];
        relver_buf out = {one, sizeof one, 0}, back = {two, sizeof two, 0};
        relver_format format = docs[rows[i].doc].format;
        relver_str doc = relver_s(docs[rows[i].doc].text), value = relver_s("1.10");
        relver_str cut = relver_s(rows[i].cut);
        relver_node n;
        relver_err err = make(ADD, format, doc, relver_s(rows[i].add), value, &out);
        if (!CHECK_F(err == RELVER_OK, "add %s: %s", rows[i].add, relver_code(err)))
            continue;
        relver_str longer = relver_view(&out);
        CHECK_F(relver_find(longer, format, cut, &n, NULL) == RELVER_OK && n.kind == RELVER_STRING
                    && relver_text_is(format, &n, value), "%s is not in: %s", cut.ptr, one);
        err = make(CUT, format, longer, cut, value, &back);
        CHECK_F(err == RELVER_OK, "cut %s: %s", cut.ptr, relver_code(err));
        CHECK_F(relver_eq(relver_view(&back), doc), "%s: '%s', not '%s'", cut.ptr, two, doc.ptr);
    }
}

/* ---- apply ---- */

static void measuring(void)
{
    relver_str doc = relver_s(docs[0].text);
    relver_edit e[3];
    relver_buf measure = {NULL, 0, 0};
    relver_diag diag;
    relver_set(doc, RELVER_TOML, relver_s("package.version"), relver_s("10.0.0-rc.1"), &e[0], NULL);
    relver_cut(doc, RELVER_TOML, relver_s("package.name"), &e[1], NULL);
    CHECK(relver_apply(&measure, doc, e, 0, NULL) == RELVER_NO_SPACE && measure.len == doc.len);
    measure.len = 0;
    CHECK(relver_apply(&measure, doc, e, 2, &diag) == RELVER_NO_SPACE);
    CHECK(diag.err == RELVER_NO_SPACE);
    for (size_t cap = 0; cap <= measure.len + 1; cap++) {
        char *space = malloc(cap > 0 ? cap : 1);
        relver_buf out = {space, cap, 0};
        relver_err err = relver_apply(&out, doc, e, 2, NULL);
        CHECK(out.len == measure.len && err == (cap > out.len ? RELVER_OK : RELVER_NO_SPACE));
        CHECK(cap == 0 || space[cap > out.len ? out.len : cap - 1] == '\0');
        free(space);
    }
    char text[TEXT_MAX] = "kept";
    relver_buf out = {text, sizeof text, 4};
    CHECK(relver_apply(&out, doc, e, 0, NULL) == RELVER_OK && memcmp(text, "kept", 4) == 0);
    CHECK(relver_eq(relver_sn(text + 4, out.len - 4), doc));
    e[2] = e[0];
    out.len = 4;
    CHECK(relver_apply(&out, doc, e, 3, &diag) == RELVER_OVERLAP && out.len == 4);
    CHECK(doc.ptr + diag.pos == e[0].at.ptr && diag.len == e[0].at.len);
    relver_buf none = {text, sizeof text, 0};
    CHECK(relver_apply(&none, relver_s(NULL), NULL, 0, NULL) == RELVER_OK && none.len == 0);
}

/* Random edits against the plain way: a stable insertion sort, then piece by piece. */
static void sorting(void)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    static const char news[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    int overlaps = 0;
    for (int turn = 0; turn < 20000; turn++) {
        relver_edit e[8], sorted[8];
        char one[128], two[128] = "";
        relver_str doc = relver_sn(letters, sizeof letters - 1);
        size_t n = roll(9), pos = 0;
        bool fine = true;
        for (size_t i = 0; i < n; i++) {
            e[i].at = relver_sn(letters + roll(30), roll(2) * roll(4));
            e[i].text = relver_sn(news + roll(20), roll(4));
            e[i].quote = roll(4) == 0 ? '"' : '\0';
            size_t j = i;
            for (; j > 0 && (sorted[j - 1].at.ptr > e[i].at.ptr
                             || (sorted[j - 1].at.ptr == e[i].at.ptr && e[i].at.len == 0
                                 && sorted[j - 1].at.len > 0)); j--)
                sorted[j] = sorted[j - 1];
            sorted[j] = e[i];
        }
        for (size_t i = 0; i < n; i++) {
            size_t at = (size_t)(sorted[i].at.ptr - letters);
            const char *quote = sorted[i].quote ? "\"" : "";
            fine = fine && at >= pos;
            if (!fine)
                break;
            snprintf(two + strlen(two), sizeof two - strlen(two), "%.*s%s%.*s%s", (int)(at - pos),
                     letters + pos, quote, (int)sorted[i].text.len, sorted[i].text.ptr, quote);
            pos = at + sorted[i].at.len;
        }
        snprintf(two + strlen(two), sizeof two - strlen(two), "%s", letters + pos);
        relver_buf out = {one, sizeof one, 0};
        relver_err err = relver_apply(&out, doc, e, n, NULL);
        overlaps += !fine;
        bool same = fine ? err == RELVER_OK && strcmp(one, two) == 0 : err == RELVER_OVERLAP;
        if (!same)
            CHECK_F(same, "turn %d: '%s', not '%s'", turn, one, two);
    }
    CHECK(overlaps > 1000 && overlaps < 19000);
}

static double apply_time(size_t n, int order)
{
    size_t len = 2 * n;
    char *text = malloc(len), *result = malloc(2 * len + 1);
    relver_edit *e = malloc(n * sizeof *e);
    if (text == NULL || result == NULL || e == NULL)
        exit(2);
    memset(text, 'x', len);
    for (size_t i = 0; i < n; i++) {
        size_t at = order == 0 ? i : order == 1 ? n - 1 - i : order == 2 ? i * 7919 % n : n / 2;
        e[i].at = relver_sn(text + 2 * at, order == 3 ? 0 : 1);
        e[i].text = relver_s("y");
        e[i].quote = 0;
    }
    relver_buf out = {result, 2 * len + 1, 0};
    clock_t start = clock();
    CHECK(relver_apply(&out, relver_sn(text, len), e, n, NULL) == RELVER_OK);
    double time = (double)(clock() - start) / CLOCKS_PER_SEC;
    CHECK(out.len == (order == 3 ? len + n : len));
    free(text);
    free(result);
    free(e);
    return time;
}

static void many(void)
{
    for (int order = 0; order < 4; order++) {
        double time = apply_time(200000, order);
        CHECK_F(time < 2, "200,000 edits in order %d took %.2f s", order, time);
    }
}

/* ---- damaged documents: an edit that is made leaves a document that says so ---- */

static void damage(char *text, size_t *len)
{
    static const char bytes[] = "-:?#'\"[]{},=.\n\n  \t\r\\ab1&*|\xEF";
    for (size_t n = roll(3); n > 0; n--) {
        size_t at = roll(*len), more = roll(3);
        if (more == 0) {
            text[at] = bytes[roll(sizeof bytes - 1)];
        } else if (more == 1) {
            memmove(text + at + 1, text + at, *len - at);
            text[at] = bytes[roll(sizeof bytes - 1)];
            ++*len;
        } else {
            memmove(text + at, text + at + 1, *len - at - 1);
            --*len;
        }
    }
}

/* Whether the document says what the edit was to make it say. */
static bool holds(enum op op, relver_format format, relver_str doc, relver_str path,
                  relver_str value)
{
    relver_node n;
    bool element = path.ptr[path.len - 1] == ']';
    relver_err err = relver_find(doc, format, path, &n, NULL);
    if (op == CUT)
        return err == RELVER_MISSING
               || (element && (err == RELVER_OK || err == RELVER_UNSUPPORTED));
    if (op == ADD && element)
        return err == RELVER_BAD_PATH || err == RELVER_OK;
    return err == RELVER_OK && relver_text_is(format, &n, value);
}

static void fuzz(void)
{
    static const char *const paths[][8] = {
        {"package.version", "package.x.y", "dependencies.b.version", "dependencies.b.features[1]",
         "dependencies.b.features[]", "package.new", "new", "dependencies"},
        {"p[0].v", "p[1].q.v", "p[1].q.w[0]", "p[1].q.w[1][0]", "p[1].q.w[]", "p[0].new",
         "p[name=x].new", "p[1].q.new"},
        {"version", "a", "\"a.b\".version", "new", "\"a.b\".new", "version", "a.b", "a[]"},
        {"name", "version", "n[0]", "n[1]", "n[]", "n[2]", "dependencies.\"a.b\"",
         "dependencies.new"},
        {"v", "w.v", "w.x[0]", "w.x[]", "new", "w.new", "w", "w.x"},
        {"name", "v", "w[0]", "w[2].x", "w[2].y[1]", "w[]", "w[2].new", "z"},
        {"a.b", "a.d[0]", "a.d[1][0]", "a.d[]", "f", "a.new", "e", "a"},
    };
    static const char *const values[] = {"9.8.7", "1.10", "a: b", "it's", "x"};
    size_t made = 0, turns = 120000;
    for (size_t turn = 0; turn < turns; turn++) {
        char text[1024], result[2048];
        size_t d = roll(COUNT(docs)), len = strlen(docs[d].text);
        memcpy(text, docs[d].text, len);
        damage(text, &len);
        enum op op = roll(3) == 0 ? SET : roll(2) == 0 ? ADD : CUT;
        relver_str doc = block(relver_sn(text, len)), path = relver_s(paths[d][roll(8)]);
        relver_str value = relver_s(values[roll(COUNT(values))]);
        relver_buf out = {result, sizeof result, 0};
        relver_err err = make(op, docs[d].format, doc, path, value, &out);
        if (err == RELVER_OK) {
            relver_str now = block(relver_view(&out));
            bool fine = holds(op, docs[d].format, now, path, value);
            if (!fine)
                CHECK_F(fine, "turn %d, %s %s:\n%.*s\nbecame\n%s", (int)turn,
                        op == SET ? "set" : op == ADD ? "add" : "cut", path.ptr, (int)len, doc.ptr,
                        result);
            made++;
            drop(now);
        } else if (out.len != 0) {
            CHECK_F(false, "turn %d: output in spite of an error", (int)turn);
        }
        drop(doc);
    }
    CHECK_F(made > turns / 10, "only %d of %d edits were made", (int)made, (int)turns);
}

int main(void)
{
    sets();
    adds();
    cuts();
    involution();
    cut_after_add();
    measuring();
    sorting();
    many();
    fuzz();
    return check_done();
}
