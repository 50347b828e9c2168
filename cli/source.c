/* source.c - one lexer for two languages, and what an assignment and a #define look like

   Python's rules are those of its reference, "Lexical analysis", with the f-strings of 3.12, in
   which strings may hold their own quotes again; they read older f-strings the same. */
#include "source.h"

#include "str.h"

#include <string.h>

/* Tokens; every other kind is the character itself. */
enum { END = 256, LINE, NAME, STRING, OTHER, BAD };

struct token {
    int kind;
    relver_str at;   /* as spelt */
    relver_str text; /* STRING: between the quotes */
    const char *why; /* STRING: not a plain literal, but this */
};

/* What is open: a bracket as itself, else one of these; or the text of an f-string. */
enum { FIELD = 'F', SPEC = ':', TEXT = 128, TEXT_RAW = 4, TEXT_TRIPLE = 2, TEXT_DOUBLE = 1 };

static int at(const struct source *s, size_t ahead)
{
    return ahead < s->doc.len - s->pos ? (unsigned char)s->doc.ptr[s->pos + ahead] : -1;
}

static int bad(struct source *s, relver_err err, size_t pos, const char *what)
{
    s->diag.err = err;
    s->diag.pos = pos;
    s->diag.len = 0;
    s->diag.what = what;
    return BAD;
}

static bool push(struct source *s, int what)
{
    if (s->depth == SOURCE_DEPTH)
        return bad(s, RELVER_TOO_DEEP, s->pos - 1, "too many brackets in each other"), false;
    s->open[s->depth++] = (unsigned char)what;
    return true;
}

static int top(const struct source *s)
{
    return s->depth > 0 ? s->open[s->depth - 1] : 0;
}

static bool name_char(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c >= 128;
}

/* The length of a line end that is `ahead`; 0: none. */
static size_t line_end(const struct source *s, size_t ahead)
{
    int c = at(s, ahead);
    return c == '\n' ? 1 : c != '\r' ? 0 : at(s, ahead + 1) == '\n' ? 2 : 1;
}

/*-- strings -------------------------------------------------------------------------------------*/

static bool triple(const struct source *s, int quote)
{
    return at(s, 0) == quote && at(s, 1) == quote && at(s, 2) == quote;
}

/* From the opening quote to behind the closing one. False: the line, or the file, ends first. */
static bool skip_string(struct source *s, struct token *t)
{
    int quote = at(s, 0);
    size_t n = s->lang == SOURCE_PYTHON && triple(s, quote) ? 3 : 1;
    size_t start = s->pos += n;
    for (; at(s, 0) >= 0; s->pos++) {
        if (n == 3 ? triple(s, quote) : at(s, 0) == quote) {
            t->text = relver_sn(s->doc.ptr + start, s->pos - start);
            s->pos += n;
            return true;
        }
        if (at(s, 0) == '\\') {
            size_t end = line_end(s, 1);
            t->why = "a string with escapes";
            s->pos += end > 0 ? end : at(s, 1) >= 0;
        } else if (n == 1 && line_end(s, 0) > 0) {
            break;
        }
    }
    return false;
}

/* R"mark( .. )mark" */
static bool skip_raw(struct source *s)
{
    const char *mark = s->doc.ptr + ++s->pos;
    size_t n = 0;
    while (at(s, n) >= 0 && at(s, n) != '(' && n <= 16)
        n++;
    for (s->pos += n; at(s, n + 1) >= 0; s->pos++)
        if (at(s, 0) == ')' && at(s, n + 1) == '"' &&
            memcmp(s->doc.ptr + s->pos + 1, mark, n) == 0) {
            s->pos += n + 2;
            return true;
        }
    return false;
}

/* Whether a name in front of a quote is a prefix of the string: one of "|r|br|". */
static bool prefix(relver_str name, const char *words, bool fold)
{
    for (; *words != '\0'; words++) {
        size_t i = 0;
        while (i < name.len && (name.ptr[i] == words[i + 1] ||
                                (fold && (name.ptr[i] | 32) == words[i + 1])))
            i++;
        if (*words == '|' && i == name.len && words[i + 1] == '|')
            return true;
    }
    return false;
}

/* The text of an f-string is read by py_text; here it only begins. */
static int py_string(struct source *s, struct token *t)
{
    bool formatted = prefix(t->at, "|f|t|fr|rf|tr|rt|", true);
    int quote = at(s, 0);
    size_t start = s->pos;
    if (!formatted) {
        t->why = prefix(t->at, "|b|br|rb|", true) ? "bytes" : NULL;
        return skip_string(s, t) ? STRING
                                 : bad(s, RELVER_SYNTAX, start, "a string without its end");
    }
    bool raw = t->at.len > 1, three = triple(s, quote);
    t->why = "an f-string";
    if (!push(s, TEXT | (raw ? TEXT_RAW : 0) | (three ? TEXT_TRIPLE : 0) |
                     (quote == '"' ? TEXT_DOUBLE : 0)))
        return BAD;
    s->pos += three ? 3 : 1;
    return STRING;
}

/* One step through the text of an f-string, or through a field's format. */
static bool py_text(struct source *s)
{
    bool spec = top(s) == SPEC;
    int text = s->open[s->depth - (spec ? 3 : 1)], quote = text & TEXT_DOUBLE ? '"' : '\'';
    int c = at(s, 0);
    bool three = text & TEXT_TRIPLE, close = three ? triple(s, quote) : c == quote;
    size_t end = line_end(s, 0);
    if (c == '\\' && (at(s, 1) == '{' || at(s, 1) == '}')) {
        s->pos++;
    } else if (c == '\\' && at(s, 1) == 'N' && at(s, 2) == '{' && !(text & TEXT_RAW)) {
        while (at(s, 0) >= 0 && at(s, 0) != '}' && line_end(s, 0) == 0)
            s->pos++;
        s->pos += at(s, 0) == '}';
    } else if (c == '\\') {
        end = line_end(s, 1);
        s->pos += end > 0 ? 1 + end : at(s, 1) >= 0 ? 2 : 1;
    } else if (c == '{') {
        bool doubled = !spec && at(s, 1) == '{';
        s->pos += doubled ? 2 : 1;
        return doubled || push(s, FIELD);
    } else if (c == '}') {
        s->pos++;
        s->depth -= spec ? 2 : 0;
    } else if (c < 0 || (end > 0 && !three) || (close && spec)) {
        return bad(s, RELVER_SYNTAX, s->pos, "an f-string without its end"), false;
    } else {
        s->pos += close && three ? 3 : 1;
        s->depth -= close;
    }
    return true;
}

/*-- tokens --------------------------------------------------------------------------------------*/

static void skip_comment(struct source *s)
{
    while (at(s, 0) >= 0 && line_end(s, 0) == 0)
        s->pos += s->lang == SOURCE_C && at(s, 0) == '\\' ? 1 + line_end(s, 1) : 1;
}

/* Blanks, comments and joined lines. */
static bool skip_blanks(struct source *s)
{
    bool c = s->lang == SOURCE_C;
    for (;; s->pos++) {
        size_t end = line_end(s, 0);
        if (at(s, 0) == '\\' && line_end(s, 1) > 0) {
            s->pos += line_end(s, 1);
        } else if (end > 0 && s->depth > 0) {
            s->pos += end - 1;
        } else if (c ? at(s, 0) == '/' && at(s, 1) == '/' : at(s, 0) == '#') {
            skip_comment(s);
            s->pos--;
        } else if (c && at(s, 0) == '/' && at(s, 1) == '*') {
            size_t start = s->pos;
            for (s->pos += 2; at(s, 0) != '*' || at(s, 1) != '/'; s->pos++)
                if (at(s, 0) < 0)
                    return bad(s, RELVER_SYNTAX, start, "a comment without its end"), false;
            s->pos++;
        } else if (at(s, 0) != ' ' && at(s, 0) != '\t' && at(s, 0) != '\f' && at(s, 0) != '\v') {
            return true;
        }
    }
}

/* A name, or a number, which may hold C++'s 1'000. */
static void skip_word(struct source *s, bool number)
{
    while (name_char(at(s, 0)) ||
           (number && (at(s, 0) == '.' ||
                       (s->lang == SOURCE_C && at(s, 0) == '\'' && name_char(at(s, 1))))))
        s->pos++;
}

static int bracket(struct source *s, int c)
{
    int open = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (s->lang == SOURCE_C)
        return c;
    if (c == '(' || c == '[' || c == '{')
        return push(s, c) ? c : BAD;
    if (top(s) != open && !(c == '}' && top(s) == FIELD))
        return bad(s, RELVER_SYNTAX, s->pos - 1, "a bracket that closes nothing");
    s->depth--;
    return c;
}

static int c_string(struct source *s, struct token *t)
{
    bool character = at(s, 0) == '\'';
    if (prefix(t->at, "|R|LR|uR|UR|u8R|", false)) {
        t->why = "a raw string";
        return skip_raw(s) ? STRING : bad(s, RELVER_SYNTAX, s->pos, "a string without its end");
    }
    if (!skip_string(s, t)) /* a lone ' in an #error, or where #if takes it out */
        t->why = "a string without its end";
    return character ? OTHER : STRING;
}

static int word(struct source *s, struct token *t)
{
    size_t start = s->pos;
    int c = at(s, 0);
    bool digit = c >= '0' && c <= '9', python = s->lang == SOURCE_PYTHON;
    skip_word(s, digit || c == '.');
    t->at = relver_sn(s->doc.ptr + start, s->pos - start);
    if (digit || c == '.')
        return OTHER;
    if (at(s, 0) == '"' || at(s, 0) == '\'') {
        if (python && prefix(t->at, "|r|u|b|f|t|br|rb|fr|rf|tr|rt|", true))
            return py_string(s, t);
        if (!python && prefix(t->at, "|L|u|U|u8|R|LR|uR|UR|u8R|", false))
            return c_string(s, t);
    }
    return NAME;
}

static int code(struct source *s, struct token *t)
{
    static const char twice[] = "=<>!+-*/%&|^@:~";
    memset(t, 0, sizeof *t);
    if (!skip_blanks(s))
        return BAD;
    int c = at(s, 0);
    size_t end = line_end(s, 0);
    t->at = relver_sn(s->doc.ptr + s->pos, 0);
    if (c < 0)
        return s->depth == 0 ? END : bad(s, RELVER_SYNTAX, s->pos, "a bracket is never closed");
    if (end > 0) {
        s->pos += end;
        return LINE;
    }
    if (c == '"' || c == '\'')
        return s->lang == SOURCE_PYTHON ? py_string(s, t) : c_string(s, t);
    if (name_char(c) || (c == '.' && at(s, 1) >= '0' && at(s, 1) <= '9'))
        return word(s, t);
    s->pos++;
    if (memchr("()[]{}", c, 6) != NULL)
        return bracket(s, c);
    if (c == ':' && top(s) == FIELD)
        return push(s, SPEC) ? c : BAD;
    if (c != '\0' && strchr(twice, c) != NULL && at(s, 0) == '=') {
        s->pos++;
        return OTHER;
    }
    return c;
}

/* An f-string is one token, whatever is in it. */
static int next(struct source *s, struct token *t)
{
    size_t floor = s->depth;
    t->kind = code(s, t);
    while (t->kind == STRING && s->depth > floor) {
        struct token part;
        bool text = top(s) >= TEXT || top(s) == SPEC;
        if (text ? !py_text(s) : code(s, &part) == BAD)
            t->kind = BAD;
    }
    return t->kind;
}

/*-- constants -----------------------------------------------------------------------------------*/

/* What stands between two '=': how many tokens, not counting parentheses, and the first. */
struct part {
    size_t count, strings;
    bool lambda; /* its ':' opens no block */
    struct token first;
};

static void add(struct part *part, const struct token *t)
{
    if (t->kind == '(' || t->kind == ')')
        return;
    if (part->count++ == 0)
        part->first = *t;
    part->strings += t->kind == STRING;
    part->lambda = part->lambda || (t->kind == NAME && str_is(t->at, "lambda"));
}

static bool one_name(const struct part *part)
{
    return part->count == 1 && part->first.kind == NAME;
}

static void add_name(struct source *s, relver_str name)
{
    if (s->count < SOURCE_NAMES)
        s->names[s->count++] = name;
}

/* What the names found are set to. */
static void set_value(struct source *s, const struct part *part)
{
    const struct token *t = &part->first;
    struct constant *v = &s->value;
    memset(v, 0, sizeof *v);
    v->pos = part->count > 0 ? (size_t)(t->at.ptr - s->doc.ptr) : s->pos;
    v->why = part->count == 0                 ? "nothing"
             : part->strings == 0             ? "no string literal"
             : part->strings < part->count    ? "an expression"
             : part->count > 1                ? "several strings in a row"
                                              : t->why;
    if (v->why == NULL)
        v->text = t->text;
}

/* A word that opens a block all by itself: "try:". */
static bool opens_block(relver_str word)
{
    return str_is(word, "try") || str_is(word, "else") || str_is(word, "finally") ||
           str_is(word, "except");
}

/* One statement, up to its line end or ';'. What is in a block is passed over. */
static bool py_statement(struct source *s)
{
    struct part part = {0};
    struct token t;
    relver_str annotated = {NULL, 0};
    bool equals = false;
    if (!s->inside)
        for (s->dead = false; at(s, 0) == ' ' || at(s, 0) == '\t' || at(s, 0) == '\f'; s->pos++)
            s->dead = at(s, 0) != '\f';
    for (;;) {
        int kind = next(s, &t);
        bool flat = s->depth == 0;
        s->inside = kind == ';' && flat;
        if (kind == BAD)
            return false;
        if (kind == END || kind == LINE || s->inside)
            break;
        if (kind == '=' && flat) {
            if (!equals && annotated.ptr != NULL)
                add_name(s, annotated);
            else if (one_name(&part))
                add_name(s, part.first.at);
            equals = true;
        } else if (kind == ':' && flat && !equals && !part.lambda && annotated.ptr == NULL) {
            if (one_name(&part) && !opens_block(part.first.at))
                annotated = part.first.at;
            else
                s->dead = true;
        } else {
            add(&part, &t);
            continue;
        }
        memset(&part, 0, sizeof part);
    }
    if (s->dead)
        s->count = 0;
    set_value(s, &part);
    return true;
}

/* One line: "#define NAME .." or another. */
static bool c_line(struct source *s)
{
    struct part part = {0};
    struct token t;
    size_t place = 0;
    bool define = true;
    for (;; place++) {
        int kind = next(s, &t);
        if (kind == BAD)
            return false;
        if (kind == END || kind == LINE)
            break;
        if (place == 0)
            define = kind == '#';
        else if (place == 1)
            define = define && kind == NAME && str_is(t.at, "define");
        else if (place == 2 && define && kind == NAME && at(s, 0) != '(')
            add_name(s, t.at);
        else
            add(&part, &t);
    }
    set_value(s, &part);
    return true;
}

enum source_lang source_lang(const char *path)
{
    static const struct {
        const char *end;
        enum source_lang lang;
    } known[] = {{".py", SOURCE_PYTHON}, {".pyi", SOURCE_PYTHON}, {".h", SOURCE_C},
                 {".c", SOURCE_C}, {".hh", SOURCE_C}, {".cc", SOURCE_C}, {".hpp", SOURCE_C},
                 {".cpp", SOURCE_C}, {".hxx", SOURCE_C}, {".cxx", SOURCE_C}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof known / sizeof *known; i++)
        if (strcmp(dot, known[i].end) == 0)
            return known[i].lang;
    return SOURCE_NONE;
}

void source_read(struct source *s, enum source_lang lang, relver_str doc)
{
    memset(s, 0, sizeof *s);
    s->doc = doc;
    s->lang = lang;
    if (doc.len >= 3 && memcmp(doc.ptr, "\xEF\xBB\xBF", 3) == 0)
        s->pos = 3;
}

relver_err source_next(struct source *s, struct constant *out, relver_diag *diag)
{
    while (s->next == s->count) {
        s->next = s->count = 0;
        memset(out, 0, sizeof *out);
        if (s->pos >= s->doc.len)
            return RELVER_OK;
        if (s->lang == SOURCE_PYTHON ? py_statement(s) : c_line(s))
            continue;
        *diag = s->diag;
        s->pos = s->doc.len;
        s->count = 0;
        return s->diag.err;
    }
    *out = s->value;
    out->name = s->names[s->next++];
    return RELVER_OK;
}
