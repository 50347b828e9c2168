/* source.c - one lexer for two languages, and what an assignment and a #define look like

   Python's rules are those of its reference, "Lexical analysis". An f-string ends at its quote, as
   before 3.12; where one holds its own quote again, the pieces are several strings, or the file is
   refused. */
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

static int at(const struct source *s, size_t ahead)
{
    return ahead < s->doc.len - s->pos ? (unsigned char)s->doc.ptr[s->pos + ahead] : -1;
}

static int bad(struct source *s, size_t pos, const char *what)
{
    relver_diag diag = {RELVER_SYNTAX, pos, 0, what};
    s->diag = diag;
    return BAD;
}

static bool name_char(int c)
{
    return c >= 0 && (is_alnum((char)c) || c == '_' || c >= 128);
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

/* From the opening quote to behind the closing one; t->at is the prefix in front of it. A lone
   quote in C may stand in an #error, or where #if takes it out. */
static int string(struct source *s, struct token *t)
{
    int quote = at(s, 0);
    bool python = s->lang == SOURCE_PYTHON, three = python && triple(s, quote);
    size_t opening = s->pos, start = s->pos += three ? 3 : 1;
    t->why = !python ? str_has(t->at, "R") ? "a raw string" : NULL
             : str_span(t->at, "rRuU") == t->at.len ? NULL
             : str_has(t->at, "b") || str_has(t->at, "B") ? "bytes" : "an f-string";
    for (; at(s, 0) >= 0 && (three || line_end(s, 0) == 0); s->pos++) {
        if (three ? triple(s, quote) : at(s, 0) == quote) {
            t->text = relver_sn(s->doc.ptr + start, s->pos - start);
            s->pos += three ? 3 : 1;
            return python || quote == '"' ? STRING : OTHER;
        }
        if (at(s, 0) == '\\') {
            size_t end = line_end(s, 1);
            t->why = t->why != NULL ? t->why : "a string with escapes";
            s->pos += end > 0 ? end : at(s, 1) >= 0;
        }
    }
    t->why = "a string without its end";
    return python ? bad(s, opening, t->why) : quote == '"' ? STRING : OTHER;
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
                    return bad(s, start, "a comment without its end"), false;
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

static int word(struct source *s, struct token *t)
{
    size_t start = s->pos;
    int c = at(s, 0);
    bool number = c == '.' || is_digit((char)c);
    const char *prefix = s->lang == SOURCE_PYTHON ? "rRuUbBfFtT" : "LuU8R";
    skip_word(s, number);
    t->at = relver_sn(s->doc.ptr + start, s->pos - start);
    bool quote = at(s, 0) == '"' || at(s, 0) == '\'';
    if (quote && !number && t->at.len <= 3 && str_span(t->at, prefix) == t->at.len)
        return string(s, t);
    return number ? OTHER : NAME;
}

static int lex(struct source *s, struct token *t)
{
    static const char twice[] = "=<>!+-*/%&|^@:~";
    memset(t, 0, sizeof *t);
    if (!skip_blanks(s))
        return BAD;
    int c = at(s, 0);
    size_t end = line_end(s, 0);
    t->at = relver_sn(s->doc.ptr + s->pos, 0);
    if (c < 0)
        return s->depth == 0 ? END : bad(s, s->pos, "a bracket is never closed");
    if (end > 0) {
        s->pos += end;
        return LINE;
    }
    if (c == '"' || c == '\'')
        return string(s, t);
    if (name_char(c) || (c == '.' && is_digit((char)at(s, 1))))
        return word(s, t);
    s->pos++;
    if (s->lang == SOURCE_PYTHON && memchr("([{", c, 3) != NULL)
        s->depth++;
    else if (s->lang == SOURCE_PYTHON && memchr(")]}", c, 3) != NULL && s->depth-- == 0)
        return bad(s, s->pos - 1, "a bracket that closes nothing");
    if (c != '\0' && strchr(twice, c) != NULL && at(s, 0) == '=') {
        s->pos++;
        return OTHER;
    }
    return c;
}

/*-- constants -----------------------------------------------------------------------------------*/

/* What stands between two '=': how many tokens, not counting parentheses, and the first. */
struct part {
    size_t count, strings;
    struct token first;
};

static void add(struct part *part, const struct token *t)
{
    if (t->kind == '(' || t->kind == ')')
        return;
    if (part->count++ == 0)
        part->first = *t;
    part->strings += t->kind == STRING;
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
        int kind = t.kind = lex(s, &t);
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
        } else if (kind == ':' && flat && !equals && annotated.ptr == NULL) {
            if (one_name(&part))
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
        int kind = t.kind = lex(s, &t);
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
