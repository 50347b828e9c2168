/* Constants in Python and C source: what is one, what is none, and hostile input */
/* links: cli/source.c cli/str.c cli/arena.c cli/relver.c */
#include "../../cli/source.h"
#include "../block.h"

static char said[2048];

/* All constants as "name=text;", "name!why;", and "E:pos what" where reading ends early. */
static const char *all(enum source_lang lang, relver_str doc)
{
    struct source s;
    struct constant c;
    relver_diag diag;
    size_t n = 0;
    said[0] = '\0';
    source_read(&s, lang, doc);
    while (n < sizeof said - 256) {
        size_t left = sizeof said - n;
        if (source_next(&s, &c, &diag) != RELVER_OK) {
            snprintf(said + n, left, "E:%zu %s", diag.pos, diag.what);
            break;
        }
        if (c.name.ptr == NULL)
            break;
        CHECK(inside(doc, c.name) && inside(doc, c.text) && c.pos <= doc.len);
        CHECK((c.text.ptr == NULL) == (c.why != NULL));
        n += (size_t)snprintf(said + n, left, "%.*s%s%.*s;", (int)c.name.len, c.name.ptr,
                              c.why != NULL ? "!" : "=",
                              c.why != NULL ? (int)strlen(c.why) : (int)c.text.len,
                              c.why != NULL ? c.why : c.text.ptr);
    }
    return said;
}

static void expect(enum source_lang lang, const char *text, const char *want)
{
    relver_str doc = block(relver_s(text));
    CHECK_F(strcmp(all(lang, doc), want) == 0, "%s: got '%s', want '%s'", text, said, want);
    drop(doc);
}

static void py(const char *text, const char *want)
{
    expect(SOURCE_PYTHON, text, want);
}

static void c(const char *text, const char *want)
{
    expect(SOURCE_C, text, want);
}

/*-- Python --------------------------------------------------------------------------------------*/

static void test_python(void)
{
    py("__version__ = \"1.2.3\"\n", "__version__=1.2.3;");
    py("version: str = '1.2.3'", "version=1.2.3;");
    py("__version__=version=u'1' # \"2\"\r\nx = r\"3\"\r", "__version__=1;version=1;x=3;");
    py("__version__ = (\n    '1'  # one\n)\n", "__version__=1;");
    py("__version__ = \\\n  '''1\n2'''; b = \"2\";", "__version__=1\n2;b=2;");
    py("\xEF\xBB\xBF\fv = ''\n", "v=;");
    py("(v) = '1'\n", "v=1;");
    py("f = lambda: 0; v = '1'\n", "f!no string literal;v=1;");
    py("\xC3\xA9 = '1'\n", "\xC3\xA9=1;");
}

/* Neither text nor what is further inside is on the level of the module. */
static void test_python_none(void)
{
    static const char *const none[] = {
        "\"\"\"\n__version__ = '1'\n\"\"\"\n", "# __version__ = '1'\n", "if x:\n    v = '1'\n",
        "if x: v = '1'; v = '2'\n", "def f(): v = '1'\n", " v = '1'\n",
        "f(v='1')\n", "v == '1'\n", "v += '1'\n", "v: str\n", "a.v = '1'\n", "v, w = '1', '2'\n",
        "f(\nv = '1'\n)\n", "'\\\nv = 1'\n", "v[0] = '1'\n",
        "class A: v = '1'\n", "print(f'''\nv = '1'\n''')\n",
        "print(f'''{\nx}\nv = '1'\n''')\n", "",
    };
    for (size_t i = 0; i < COUNT(none); i++)
        py(none[i], "");
}

static void test_python_refused(void)
{
    py("v = f'1'\n", "v!an f-string;");
    py("v = F\"{a['b']}{'#'}{{\"\nw = '2'\n", "v!an f-string;w=2;");
    py("v = f'{x!r:{y}#}{ {1: 2}[1] }\\N{DASH}\\{z}'\nw = '2'\n", "v!an f-string;w=2;");
    py("v = f\"{a[\"b\"]}\"\nw = '2'\n", "v!several strings in a row;w=2;");
    py("v = f'{a['b\"']}'\n", "E:11 a string without its end");
    py("v = b'1'\n", "v!bytes;");
    py("v = '1' '2'\n", "v!several strings in a row;");
    py("v = '1' + x\n", "v!an expression;");
    py("v = '1',\n", "v!an expression;");
    py("v = str('1')\n", "v!an expression;");
    py("v = ['1']\n", "v!an expression;");
    py("v = version('demo')\n", "v!an expression;");
    py("v = w\n", "v!no string literal;");
    py("v = (1, 2)\n", "v!no string literal;");
    py("v =\n", "v!nothing;");
    py("v = '1\\x2e'\n", "v!a string with escapes;");
}

static void test_python_broken(void)
{
    py("v = '1\nw = '2'\n", "E:4 a string without its end");
    py("v = '''1\nw = '2'\n", "E:4 a string without its end");
    py("v = f'1\n", "E:5 a string without its end");
    py("v = ('1'\nw = '2'\n", "E:17 a bracket is never closed");
    py("a = '1'\nv = '1')\n", "a=1;E:15 a bracket that closes nothing");
}

/*-- C -------------------------------------------------------------------------------------------*/

static void test_c(void)
{
    c("#define DEMO_VERSION \"1.2.3\"\n", "DEMO_VERSION=1.2.3;");
    c("  # /* a */ define\tV (\"1\") // \"2\"\r\n#define W L\"3\"", "V=1;W=3;");
    c("#define V \\\n  \"1\"\n", "V=1;");
    c("#if 0\n#define V \"1\"\n#else\n#define V \"2\"\n#endif\n", "V=1;V=2;");
    c("#error don't\n#define V \"1\"\n", "V=1;");
    c("int n = 1'000; char q = '\"';\n#define V \"1\"\n", "V=1;");
    c("#define V 1\n#define W \"1\" X\n#define X \"1\" \"2\"\n#define Y\n",
      "V!no string literal;W!an expression;X!several strings in a row;Y!nothing;");
    c("#define V \"1\\n\"\n#define W \"1\n#define X R\"(1)\"\n",
      "V!a string with escapes;W!a string without its end;X!a raw string;");
    c("#define V(x) \"1\"\n#undef V\n/* #define V \"1\" */\n// \\\n#define V \"1\"\n", "");
    c("const char *v =\n\"#define V\";\nx #define V \"1\"\n", "");
    c("#define V \"1\"\n/* ..", "V=1;E:14 a comment without its end");
}

static void test_languages(void)
{
    CHECK(source_lang("a/b.py") == SOURCE_PYTHON && source_lang("x.hpp") == SOURCE_C);
    CHECK(source_lang("relver.h") == SOURCE_C && source_lang("py") == SOURCE_NONE);
    CHECK(source_lang("a.py/VERSION") == SOURCE_NONE && source_lang("h") == SOURCE_NONE);
}

/*-- hostile input -------------------------------------------------------------------------------*/

static relver_str repeat(const char *unit, size_t times, const char *tail)
{
    size_t n = strlen(unit), m = strlen(tail);
    char *out = malloc(n * times + m + 1);
    if (out == NULL)
        exit(2);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * n, unit, n);
    memcpy(out + n * times, tail, m);
    return relver_sn(out, n * times + m);
}

static void huge(const char *unit, size_t times, const char *tail, const char *want)
{
    relver_str doc = repeat(unit, times, tail);
    all(SOURCE_PYTHON, doc);
    CHECK_F(strncmp(said, want, strlen(want)) == 0, "%s..: got '%.60s'", unit, said);
    drop(doc);
}

static void test_huge(void)
{
    huge("#", 1 << 20, "\nv = '1'\n", "v=1;");
    huge("a", 1 << 20, " = '1'", "aaa");
    huge("a + ", 1 << 18, "b; v = '1'", "v=1;");
    huge("(", 1 << 16, "", "E:65536 a bracket is never closed");
    huge("x = ", 1 << 16, "'1'", "x=1;x=1;x=1;x=1;x=1;x=1;x=1;x=1;");
    huge("v = '1'\n", 4, "\\", "v=1;v=1;v=1;v=1;");
}

/* Any bytes, in any order: no read outside, and an end. */
static void test_random(void)
{
    static const char *const pieces[] = {
        "v", " = ", "'", "\"", "\"\"\"", "f'", "rb\"", "R\"(", ")\"", "{", "}", "(", ")", "\\",
        "\n", "\r\n", "#", "#define ", "/*", "*/", "//", ":", ";", "\xEF\xBB\xBF", "\xFF", " ",
        "'''", "\\N{", "lambda", "1'0", "u8\"",
    };
    for (int round = 0; round < 20000; round++) {
        char text[256];
        size_t n = 0;
        for (size_t i = roll(24); i-- > 0;) {
            const char *piece = pieces[roll(COUNT(pieces))];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
            if (roll(12) == 0)
                text[n++] = (char)roll(256);
        }
        relver_str doc = block(relver_sn(text, n));
        all(SOURCE_PYTHON, doc);
        all(SOURCE_C, doc);
        drop(doc);
    }
    CHECK(true);
}

int main(void)
{
    test_python();
    test_python_none();
    test_python_refused();
    test_python_broken();
    test_c();
    test_languages();
    test_huge();
    test_random();
    return check_done();
}
