/* yaml.c - the reader of YAML's block subset and that of text lines: what they give, what they
   refuse and where, which plain scalars are strings, and the versions found in a text. */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../block.h"
#include "../tsv.h"
#include <time.h>

/* ---- what the readers give ---- */

/* One node as text: its kind's letter, depth, key, '=', value; 'o' for one outside the subset. */
static void spell(relver_buf *out, const relver_node *n)
{
    char head[32];
    snprintf(head, sizeof head, "%s%c%d%s", out->len > 0 ? " " : "", "SNBZTACLE"[n->kind],
             (int)n->depth, n->quote == RELVER_OPAQUE ? "o" : "");
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
        const char *doc, *events;
    } rows[] = {
        {"", "E0"},
        {"\n# only a comment\n", "E0"},
        {"---\n...\n", "Z0 E0"},
        {"abc", "S0=abc E0"},
        {"--- 'a' # c\n", "S0='a' E0"},
        {"a: b", "T0 S1:a=b E0"},
        {"\xEF\xBB\xBF" "a: b\r\nc: d\r\n", "T0 S1:a=b S1:c=d E0"},
        {"a b : c d # e\n'f' : 1\n\"g\": \"h\"", "T0 S1:a b=c d N1:f=1 S1:g=\"h\" E0"},
        {"http://x:80: y:z#w", "T0 S1:http://x:80=y:z#w E0"},
        {"a:\nb: # c\nc: ~", "T0 Z1:a Z1:b Z1:c=~ E0"},
        {"a:\n  b: 1\n\n  # c\n  d:\n     e: x\nf: y", "T0 T1:a N2:b=1 T2:d S3:e=x S1:f=y E0"},
        {"- a\n-\n-   b", "A0 S1=a Z1 S1=b E0"},
        {"a:\n- b\n- c\nd: e", "T0 A1:a S2=b S2=c S1:d=e E0"},
        {"a:\n  - b: 1\n    c: 2\n  - - d\n    -\n      e: f\n",
         "T0 A1:a T2 N3:b=1 N3:c=2 A2 S3=d T3 S4:e=f E0"},
        {"a:\n  text\nb:\n  \"quoted\"", "T0 S1:a=text S1:b=\"quoted\" E0"},
        {"- -1\n- -x\n- ?x\n- ---", "A0 N1=-1 S1=-x S1=?x S1=--- E0"},
        {"a: it's 'so'\nb: x, [y] {z}", "T0 S1:a=it's 'so' S1:b=x, [y] {z} E0"},
        {"on: yes\nv: 1.10\nw: 1.1.0\nd: 2026-11-21",
         "T0 B1:on=yes N1:v=1.10 S1:w=1.1.0 N1:d=2026-11-21 E0"},
        /* what is passed over */
        {"a: |\n  b: c\n\n  # d\ne: f", "T0 S1o:a=|\n  b: c\n\n  # d S1:e=f E0"},
        {"a: >-2 # x\n    b\n   c\n d: e", NULL},
        {"a:\n  - |+\n   b\n\n\n  - c", "T0 A1:a S2o=|+\n   b\n\n S2=c E0"},
        {"a: |\n# c\nb: d", "T0 S1o:a=| S1:b=d E0"},
        {"a: b\n  c\n  - d\ne: f", "T0 S1o:a=b\n  c\n  - d S1:e=f E0"},
        {"a: \"b\n  c: d\"\ne: f", "T0 S1o:a=\"b\n  c: d\" S1:e=f E0"},
        {"a: &x 1\nb: *x\nc: !!str 1\nd: &y\n  e: 1\nf: !t",
         "T0 N1o:a=1 S1o:b=*x N1o:c=1 T1o:d N2:e=1 Z1o:f E0"},
        {"a: &x [b]\n<<: *x\n'<<': c", "T0 A1o:a=[ S2=b C1=] S1o:<<=*x S1:<<=c E0"},
        {"a: b\n---\n* no {yaml ]\n", "T0 S1:a=b E0"},
        {"a: b\n... # c\n* no {yaml ]\n", "T0 S1:a=b E0"},
        /* flow collections */
        {"[]", "A0=[ C0=] E0"},
        {"a: [b, 'c' , \"d\",] # e\nf: {}",
         "T0 A1:a=[ S2=b S2='c' S2=\"d\" C1=] T1:f={ C1=} E0"},
        {"{a: 1, \"b\":2, c, d: , e: {f: [g]}}",
         "T0={ N1:a=1 N1:b=2 Z1:c Z1:d T1:e={ A2:f=[ S3=g C2=] C1=} C0=} E0"},
        {"a: [\n  b, # c ]\n  d\n]\ne: f", "T0 A1:a=[ S2=b S2=d C1=] S1:e=f E0"},
        {"[a: b, c, 'd':e, f: , g:]",
         "A0=[ S1o=a: b S1=c S1o='d':e S1o=f:  S1o=g: C0=] E0"},
        {"- [cron: \"0 0\"]\n- b", "A0 A1=[ S2o=cron: \"0 0\" C1=] S1=b E0"},
        {"r: {integrity: sha512-a+b/c==}", "T0 T1:r={ S2:integrity=sha512-a+b/c== C1=} E0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512];
        relver_buf out = {text, sizeof text, 0};
        relver_reader r;
        relver_node n;
        relver_diag diag = {RELVER_OK, 0, 0, ""};
        relver_str doc = block(relver_s(rows[i].doc));
        relver_read(&r, RELVER_YAML, doc);
        relver_err err;
        while ((err = relver_next(&r, &n, &diag)) == RELVER_OK) {
            spell(&out, &n);
            if (n.kind == RELVER_END)
                break;
        }
        if (rows[i].events == NULL) {
            CHECK_F(err != RELVER_OK, "read: %s", rows[i].doc);
        } else if (CHECK_F(err == RELVER_OK, "'%s': %s", rows[i].doc, diag.what)) {
            CHECK_STR(text, rows[i].events);
            CHECK(relver_next(&r, &n, NULL) == RELVER_OK && n.kind == RELVER_END);
        }
        drop(doc);
    }
}

/* ---- what they refuse, and where ---- */

static void errors(void)
{
    static const struct {
        const char *doc;
        size_t line, column;
        relver_err err;
        const char *what;
    } rows[] = {
        {"a:\n\tb: c", 2, 2, RELVER_UNSUPPORTED, "a tab, white space to some readers only"},
        {"a:\tb", 1, 4, RELVER_UNSUPPORTED, "a tab, white space to some readers only"},
        {"%YAML 1.2\n---\na: b", 1, 1, RELVER_UNSUPPORTED, "a directive"},
        {"? a\n: b", 1, 1, RELVER_UNSUPPORTED, "a complex key"},
        {"a: 1\n: b", 2, 1, RELVER_UNSUPPORTED, "an empty key"},
        {"a: 1\n&x b: 2", 2, 1, RELVER_UNSUPPORTED, "a key that is not a plain or quoted string"},
        {"a: 1\n[b]: 2", 2, 1, RELVER_UNSUPPORTED, "a key that is not a plain or quoted string"},
        {"[a: [b]]", 1, 5, RELVER_UNSUPPORTED, "a collection in a pair without brackets"},
        {"[[a]: b]", 1, 5, RELVER_UNSUPPORTED, "expected ',' or a closing bracket"},
        {"[a\n b]", 2, 2, RELVER_UNSUPPORTED, "expected ',' or a closing bracket"},
        {"|\n a", 1, 1, RELVER_UNSUPPORTED, "a block scalar as the whole document"},
        {"a: 1\rb: 2", 1, 5, RELVER_UNSUPPORTED,
         "a character that readers take for different things"},
        {"a: \xE2\x80\xA8", 1, 4, RELVER_UNSUPPORTED,
         "a character that readers take for different things"},
        {"a: \xEF\xBB\xBF", 1, 4, RELVER_UNSUPPORTED,
         "a character that readers take for different things"},
        {"a: \x01", 1, 4, RELVER_SYNTAX, "control character"},
        {"a: \xFF", 1, 4, RELVER_BAD_UTF8, NULL},
        {"a: b: c", 1, 5, RELVER_SYNTAX, "a map cannot begin on this line"},
        {"a: - b", 1, 4, RELVER_SYNTAX, "a sequence cannot begin on this line"},
        {"a:\n    b: 1\n  c: 2", 3, 3, RELVER_SYNTAX,
         "the indentation belongs to no collection above"},
        {"a: 1\n  b: 2", 2, 4, RELVER_SYNTAX, "a key cannot have several lines"},
        {"- a\nb: c", 2, 1, RELVER_SYNTAX, "the indentation belongs to no collection above"},
        {"a: 1\nb", 2, 2, RELVER_SYNTAX, "expected ': ' after a key"},
        {"a: 'b' c", 1, 8, RELVER_SYNTAX, "expected the end of the line"},
        {"a: \"b\"#c", 1, 7, RELVER_SYNTAX, "expected the end of the line"},
        {"a: \"b\nc: d", 1, 4, RELVER_SYNTAX, "string without an end"},
        {"a: \"\\q\"", 1, 5, RELVER_SYNTAX, "invalid escape"},
        {"a: |x\n b", 1, 5, RELVER_SYNTAX, "expected a block scalar's indicator"},
        {"a: [!t, b]", 1, 7, RELVER_UNSUPPORTED, "a bracket or comma in a tag or anchor"},
        {"a: @b", 1, 4, RELVER_SYNTAX, "expected a key or a value"},
        {"a: [b", 1, 6, RELVER_SYNTAX, "a flow collection without an end"},
        {"a: [b,, c]", 1, 7, RELVER_SYNTAX, "expected an item before ','"},
        {"a: [b}", 1, 6, RELVER_UNSUPPORTED, "expected ',' or a closing bracket"},
        {"a: [b] c", 1, 8, RELVER_SYNTAX, "expected the end of the line"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_reader r;
        relver_node n;
        relver_diag diag = {RELVER_OK, 0, 0, ""};
        relver_str doc = block(relver_s(rows[i].doc));
        size_t line, column, pos;
        relver_read(&r, RELVER_YAML, doc);
        do
            pos = r.pos;
        while (relver_next(&r, &n, &diag) == RELVER_OK && n.kind != RELVER_END);
        relver_locate(doc, diag.pos, &line, &column);
        CHECK_F(diag.err == rows[i].err && line == rows[i].line && column == rows[i].column
                    && (rows[i].what == NULL || strcmp(diag.what, rows[i].what) == 0),
                "'%s': %s at %d:%d: %s", rows[i].doc, relver_code(diag.err), (int)line, (int)column,
                diag.what);
        CHECK_F(r.pos == pos, "'%s': the reader moved", rows[i].doc);
        drop(doc);
    }
}

/* ---- plain scalars ---- */

/* Every row of the facts. Three of them are scalars that are read as another string than they are
   spelt, so their texts need quotes all the same. */
static void plain(void)
{
    static struct tsv t;
    int rows = 0;
    for (tsv_open(&t, "yaml_plain.tsv"); tsv_row(&t); rows++) {
        relver_str s = t.field[0];
        bool other = s.len > 0 && memchr("\"'!", s.ptr[0], 3) != NULL;
        bool want = other || relver_eq(t.field[1], relver_s("1"));
        CHECK_F(relver__yaml_must_quote(s) == want, "%s:%d: '%.*s'", t.name, t.line, (int)s.len,
                s.ptr);
    }
    CHECK(rows > 70);
    static const char *const quote[] = {"a: b", "a #b", " a", "a ", "-", "- a", "a\tb ", ">=1",
                                        "<<", "=", "#a", "[a", "a:", "TRUE", "0x1F", "-.INF",
                                        "1_0.5"};
    static const char *const free_of[] = {"a:b", "a#b", "-a", "--", "<2", "==1.0", "~1.2", "1.2.x",
                                          "1-2", "2026-11-21-rc.1", "2026-11", "0.1.0", "a, b"};
    for (size_t i = 0; i < COUNT(quote); i++)
        CHECK_F(relver__yaml_must_quote(relver_s(quote[i])), "'%s'", quote[i]);
    for (size_t i = 0; i < COUNT(free_of); i++)
        CHECK_F(!relver__yaml_must_quote(relver_s(free_of[i])), "'%s'", free_of[i]);
}

/* ---- whole documents ---- */

static const char pnpm5[] = "lockfileVersion: 5.4\n\nimporters:\n\n  packages/a:\n    specifiers:\n"
    "      b: workspace:^1.0.0\n      '@x/c': ^2.0.0\n    dependencies:\n      b: link:../b\n";
static const char pnpm9[] =
    "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\ncatalogs:\n  default:\n"
    "    react:\n      specifier: ^18.2.0\n      version: 18.2.0\n\nimporters:\n\n  .: {}\n\n"
    "  packages/a:\n    dependencies:\n      '@x/b':\n        specifier: workspace:^1.0.0\n"
    "        version: link:../b\n\npackages:\n\n  '@babel/core@7.0.0':\n"
    "    resolution: {integrity: sha512-Zm9v/YmFy+A==}\n    engines: {node: '>=6.9.0'}\n"
    "    deprecated: |-\n      Not: supported\n      # any more\n    peerDependencies:\n"
    "      x: '*'\n\nsnapshots:\n\n  '@babel/core@7.0.0':\n    dependencies:\n      y: 1.0.0\n";
static const char workspace[] = "packages:\n  - 'packages/*'\n  - \"!**/test\"\ncatalog:\n"
    "  chalk: ^4.1.2\ncatalogs:\n  react17:\n    react: ^17.0.2\n";
static const char workflow[] = "name: nightly # alpha\non:\n  schedule:\n    - cron: '0 2 * * *'\n"
    "env: &env\n  A: 1\njobs:\n  tag:\n    strategy:\n      matrix:\n        branch:\n"
    "          - main\n          - release/0.2 # frozen\n    env:\n      <<: *env\n      B: 2\n"
    "    steps:\n      - uses: actions/checkout@v4\n        with: {fetch-depth: 0}\n"
    "      - name: Tag\n        run: |\n          git tag \"v: 1\"\n\n          git push\n";
static const char chart[] = "apiVersion: v2\nname: demo\nversion: 0.1.0\nappVersion: \"1.16.0\"\n"
    "description: A chart that says\n  a lot\nmaintainers:\n- name: A\n"
    "  email: a@registry.example\ndependencies:\n- name: db\n  version: 1.2.3\n"
    "  repository: oci://registry.example/x\n"
    "- name: web\n  version: 1.10\n";
static const char changeset[] = "---\n\"@x/a\": minor\n'b': patch\nc: major\n---\n\n"
                                "Text: *with* [what: {not\n\t- yaml\n";

static void documents(void)
{
    static const struct {
        const char *doc, *path, *text; /* text or !code */
    } rows[] = {
        {pnpm5, "importers.\"packages/a\".specifiers.b", "workspace:^1.0.0"},
        {pnpm5, "importers.\"packages/a\".specifiers.\"@x/c\"", "^2.0.0"},
        {pnpm9, "lockfileVersion", "9.0"},
        {pnpm9, "catalogs.default.react.specifier", "^18.2.0"},
        {pnpm9, "importers.\"packages/a\".dependencies.\"@x/b\".specifier", "workspace:^1.0.0"},
        {pnpm9, "importers.\".\".dependencies", "!missing"},
        {pnpm9, "packages.\"@babel/core@7.0.0\".engines.node", ">=6.9.0"},
        {pnpm9, "packages.\"@babel/core@7.0.0\".resolution.integrity", "sha512-Zm9v/YmFy+A=="},
        {pnpm9, "packages.\"@babel/core@7.0.0\".deprecated", "!unsupported"},
        {pnpm9, "packages.\"@babel/core@7.0.0\".peerDependencies.x", "*"},
        {pnpm9, "snapshots.\"@babel/core@7.0.0\".dependencies.y", "1.0.0"},
        {workspace, "packages[1]", "!**/test"},
        {workspace, "catalog.chalk", "^4.1.2"},
        {workspace, "catalogs.react17.react", "^17.0.2"},
        {workflow, "jobs.tag.strategy.matrix.branch[1]", "release/0.2"},
        {workflow, "jobs.tag.env.B", "!unsupported"},
        {workflow, "jobs.tag.env.A", "!unsupported"},
        {workflow, "env.A", "!unsupported"},
        {workflow, "jobs.tag.steps[0].uses", "actions/checkout@v4"},
        {workflow, "jobs.tag.steps[name=Tag].run", "!unsupported"},
        {workflow, "jobs.tag.steps[0].with.fetch-depth", "0"},
        {chart, "version", "0.1.0"},
        {chart, "appVersion", "1.16.0"},
        {chart, "description", "!unsupported"},
        {chart, "dependencies[name=db].version", "1.2.3"},
        {chart, "dependencies[name=web].version", "1.10"},
        {chart, "dependencies[2]", "!missing"},
        {changeset, "\"@x/a\"", "minor"},
        {changeset, "b", "patch"},
        {changeset, "Text", "!missing"},
        {"a: 1\nb: 2\n\"\\u0061\": 3", "a", "!duplicate"},
        {"a: 'it''s \\n'\n", "a", "it's \\n"},
        {"a: \"\\x41\\u00e9\\n\\/\"\n", "a", "A\xC3\xA9\n/"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128] = "!";
        relver_buf out = {text, sizeof text, 0};
        relver_node n;
        relver_str doc = block(relver_s(rows[i].doc));
        relver_err err = relver_find(doc, RELVER_YAML, relver_s(rows[i].path), &n, NULL);
        if (err == RELVER_OK)
            relver_text(&out, RELVER_YAML, &n);
        else
            strncat(text, relver_code(err), sizeof text - 2);
        CHECK_F(strcmp(text, rows[i].text) == 0, "%s: got '%s', want '%s'", rows[i].path, text,
                rows[i].text);
        drop(doc);
    }
}

/* ---- limits ---- */

static double seconds(relver_format format, relver_str doc, relver_err want)
{
    relver_reader r;
    relver_node n;
    relver_err err;
    clock_t start = clock();
    relver_read(&r, format, doc);
    while ((err = relver_next(&r, &n, NULL)) == RELVER_OK && n.kind != RELVER_END)
        ;
    CHECK_F(err == want, "%s", relver_code(err));
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static relver_str repeat(const char *unit, size_t times)
{
    size_t len = strlen(unit);
    char *text = malloc(len * times);
    if (text == NULL)
        exit(2);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, unit, len);
    return relver_sn(text, len * times);
}

/* Deep nesting is refused; the time is in proportion to the length, whatever there is in it. */
static void limits(void)
{
    static const char *const deep[] = {"[", "- ", "{a: "};
    static const char *const units[] = {"a: b\n", "- b\n", "a: 'b'\n\n", "\n", "# c\n",
                                        "a: |\n  b\n\n", "a:\n- b\n", "a: b\n\n c\n", "a:\n",
                                        "- - b\n"};
    for (size_t i = 0; i < COUNT(deep); i++) {
        relver_str doc = repeat(deep[i], 100000);
        seconds(RELVER_YAML, doc, RELVER_TOO_DEEP);
        drop(doc);
    }
    for (size_t i = 0; i < COUNT(units); i++) {
        relver_str some = repeat(units[i], 20000), more = repeat(units[i], 160000);
        double a = 1e9, b = 1e9;
        for (int turn = 0; turn < 3; turn++) {
            double x = seconds(RELVER_YAML, some, RELVER_OK);
            double y = seconds(RELVER_YAML, more, RELVER_OK);
            a = x < a ? x : a;
            b = y < b ? y : b;
        }
        CHECK_F(b < 24 * a + 0.02, "'%s': %.4f s, 8 times that: %.4f s", units[i], a, b);
        drop(some);
        drop(more);
    }
}

/* ---- text ---- */

static void lines(void)
{
    static const char *const want[] = {"a", "", " b\r", "c"};
    relver_reader r;
    relver_node n;
    relver_str doc = block(relver_s("a\r\n\n b\r\r\nc"));
    relver_read(&r, RELVER_TEXT, doc);
    for (size_t i = 0; i < COUNT(want); i++) {
        CHECK(relver_next(&r, &n, NULL) == RELVER_OK && n.kind == RELVER_LINE && n.depth == 1);
        CHECK(relver_eq(n.text, relver_s(want[i])) && n.key.ptr == NULL);
    }
    CHECK(relver_next(&r, &n, NULL) == RELVER_OK && n.kind == RELVER_END);
    drop(doc);
}

static void versions(void)
{
    static const struct {
        const char *doc, *path, *text;
    } rows[] = {
        {"nemo-flow = \"0.2.0\"\n", "nemo-flow = \"{version}\"", "0.2.0"},
        {"#define A \"1\"\n#define FOO_VERSION \"1.2.3-rc.1+x\"", "FOO_VERSION \"{version}\"",
         "1.2.3-rc.1+x"},
        {"Since 1.2.3. Then more.", "Since {version}", "1.2.3"},
        {"see v1.2.3, or", "see {version}", "1.2.3"},
        {"see v1.2.3, or", "see v{version}", "1.2.3"},
        {"get x-1.2.3.tar.gz", "x-{version}.tar.gz", "1.2.3"},
        {"get x-1.2.3-.tar.gz", "x-{version}.tar.gz", "!missing"},
        {"x 1!2.0.post1.dev0+a_b!", "x {version}", "1!2.0.post1.dev0+a_b"},
        {"rev1.2.3 abc", "{version}", "!missing"},
        {"about v1.2.3 and", "{version}", "1.2.3"},
        {"1.2.3", "{version}", "1.2.3"},
        {"a=1\nb=2", "={version}", "!duplicate"},
        {"a=1\nb=x2", "={version}", "1"},
        {"a =\n1", "a ={version}", "!missing"},
        {"a", "no placeholder", "!bad-path"},
        {"a", "{version} {version}", "!bad-path"},
        {"a", "x\n{version}", "!bad-path"},
        {"", "a{version}", "!missing"},
        {"a", "a{version}", "!missing"},
        {"a1", "a{version}b", "!missing"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64] = "!";
        relver_buf out = {text, sizeof text, 0};
        relver_node n;
        relver_str doc = block(relver_s(rows[i].doc)), path = block(relver_s(rows[i].path));
        relver_err err = relver_find(doc, RELVER_TEXT, path, &n, NULL);
        if (err == RELVER_OK)
            relver_text(&out, RELVER_TEXT, &n);
        else
            strncat(text, relver_code(err), sizeof text - 2);
        CHECK_F(strcmp(text, rows[i].text) == 0, "%s in '%s': got '%s', want '%s'", rows[i].path,
                rows[i].doc, text, rows[i].text);
        drop(doc);
        drop(path);
    }
}

/* Each of several places, and no more time than in proportion to the length. */
static void everywhere(void)
{
    relver_str doc = repeat("x 1.2.3, ", 50000);
    size_t from = 0, found = 0;
    relver_node n;
    clock_t start = clock();
    while (relver_find_text(doc, relver_s("x {version}"), &n, &from, NULL) == RELVER_OK)
        found++;
    CHECK(found == 50000);
    relver_str ones = repeat("1", 400000);
    CHECK(relver_find(ones, RELVER_TEXT, relver_s("{version}x"), &n, NULL) == RELVER_MISSING);
    CHECK(relver_find(ones, RELVER_TEXT, relver_s("1{version}x"), &n, NULL) == RELVER_MISSING);
    CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 5);
    drop(doc);
    drop(ones);
}

/* ---- any bytes at all ---- */

/* Documents with some bytes or lines changed: every view lies inside, nodes come in order. */
static void fuzz(void)
{
    static const char *const docs[] = {pnpm5, pnpm9, workspace, workflow, chart, changeset};
    static const char bytes[] = "-:?#'\"[]{},&*!|>%@` \n\t\r\\ab1.~<=\xEF\xBB\xBF\xE2\x80\xA8\x01";
    size_t good = 0, turns = 100000;
    for (size_t turn = 0; turn < turns; turn++) {
        char text[1024];
        const char *seedling = docs[roll(COUNT(docs))];
        size_t len = strlen(seedling);
        memcpy(text, seedling, len);
        for (size_t n = roll(4); n > 0; n--)
            text[roll(len)] = bytes[roll(sizeof bytes - 1)];
        size_t from = roll(8) == 0 ? roll(len) : 0;
        if (roll(8) == 0)
            len = from + roll(len - from);
        relver_str doc = block(relver_sn(text + from, len - from));
        relver_reader r;
        relver_node n = {0};
        relver_diag diag = {RELVER_OK, 0, 0, ""};
        const char *last = doc.ptr;
        relver_err err;
        relver_read(&r, RELVER_YAML, doc);
        while ((err = relver_next(&r, &n, &diag)) == RELVER_OK && n.kind != RELVER_END) {
            bool fine = inside(doc, n.key) && inside(doc, n.value) && inside(doc, n.text)
                        && n.value.ptr >= last && n.depth <= RELVER_DEPTH_MAX;
            if (!fine && !CHECK_F(fine, "turn %d", (int)turn))
                break;
            last = n.value.ptr;
        }
        if (err != RELVER_OK && (diag.err != err || diag.pos + diag.len > doc.len))
            CHECK_F(false, "turn %d: the diagnostic points outside", (int)turn);
        good += err == RELVER_OK;
        drop(doc);
    }
    CHECK_F(good > turns / 20 && good < turns, "%d of %d read", (int)good, (int)turns);
}

int main(void)
{
    events();
    errors();
    plain();
    documents();
    limits();
    lines();
    versions();
    everywhere();
    fuzz();
    return check_done();
}
