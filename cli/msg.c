#include "msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fail_set(struct fail *f, struct arena *a, int status, const char *code, const char *path,
              const char *state, const char *next, const char *fmt, ...)
{
    ARENA_FORMAT(a, fmt, what);
    struct fail set = {status, code, path, 0, 0, what, state, next};
    *f = set;
    return false;
}

/*-- untrusted text ------------------------------------------------------------------------------*/

/* Unicode 15: general categories Cc, Cf, Zl and Zp, which move the cursor, hide or reorder text. */
static const struct range {
    unsigned long first, last;
} hidden[] = {
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x0600, 0x0605},
    {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},   {0x0890, 0x0891},
    {0x08E2, 0x08E2},   {0x180E, 0x180E},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x2064},   {0x2066, 0x206F},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0001, 0xE0001}, {0xE0020, 0xE007F},
};

static bool is_hidden(unsigned long c)
{
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (c >= hidden[i].first && c <= hidden[i].last)
            return true;
    return false;
}

/* The length of the UTF-8 sequence at p and its code point; 0 when there is none. */
static size_t utf8(const char *p, size_t left, unsigned long *c)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char head = (unsigned char)p[0];
    size_t n = head < 0x80 ? 1 : head < 0xC0 ? 0 : head < 0xE0 ? 2 : head < 0xF0 ? 3
               : head < 0xF8 ? 4 : 0;
    if (n == 0 || n > left)
        return 0;
    *c = n == 1 ? head : head & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (((unsigned char)p[i] & 0xC0) != 0x80)
            return 0;
        *c = *c << 6 | ((unsigned char)p[i] & 0x3F);
    }
    return *c < least[n] || *c > 0x10FFFF || (*c >= 0xD800 && *c < 0xE000) ? 0 : n;
}

void text_safe(struct text *t, const char *p, size_t len)
{
    for (size_t i = 0; i < len;) {
        unsigned long c = 0;
        size_t n = utf8(p + i, len - i, &c);
        if (n == 0)
            text_addf(t, "\\x%02X", (unsigned)(unsigned char)p[i]);
        else if (is_hidden(c))
            text_addf(t, "\\u{%lX}", c);
        else
            text_add(t, p + i, n);
        i += n > 0 ? n : 1;
    }
}

void text_safef(struct text *t, const char *fmt, ...)
{
    ARENA_FORMAT(t->arena, fmt, what);
    bool line = fmt[strlen(fmt) - 1] == '\n';
    text_safe(t, what, strlen(what) - line);
    text_adds(t, line ? "\n" : "");
}

void text_json(struct text *t, const char *p, size_t len)
{
    text_addc(t, '"');
    for (size_t i = 0; i < len;) {
        unsigned long c = 0;
        size_t n = utf8(p + i, len - i, &c);
        if (n == 0)
            text_adds(t, "\\ufffd");
        else if (c == '"' || c == '\\')
            text_addf(t, "\\%c", (int)c);
        else if (is_hidden(c) && c < 0x10000)
            text_addf(t, "\\u%04lx", c);
        else
            text_add(t, p + i, n);
        i += n > 0 ? n : 1;
    }
    text_addc(t, '"');
}

/*-- JSON, a member at a time --------------------------------------------------------------------*/

void json_key(struct text *t, relver_str name)
{
    if (t->len > 0 && memchr("{[ ", t->ptr[t->len - 1], 3) == NULL)
        text_adds(t, ", ");
    if (name.ptr == NULL)
        return;
    text_json(t, name.ptr, name.len);
    text_adds(t, ": ");
}

void json_open(struct text *t, const char *name, char bracket)
{
    json_key(t, relver_s(name));
    text_addc(t, bracket);
}

void json_close(struct text *t, char bracket)
{
    text_addc(t, bracket);
}

void json_str(struct text *t, const char *name, relver_str s)
{
    json_key(t, relver_s(name));
    if (s.ptr == NULL)
        text_adds(t, "null");
    else
        text_json(t, s.ptr, s.len);
}

void json_number(struct text *t, const char *name, size_t n)
{
    json_key(t, relver_s(name));
    text_addf(t, "%zu", n);
}

void json_bool(struct text *t, const char *name, bool yes)
{
    json_key(t, relver_s(name));
    text_adds(t, yes ? "true" : "false");
}

void json_list(struct text *t, const char *name, const struct list *list)
{
    json_open(t, name, '[');
    for (size_t i = 0; i < list->count; i++)
        json_str(t, NULL, relver_s(list->at[i]));
    json_close(t, ']');
}

void json_where(struct text *t, size_t line, size_t col)
{
    json_number(t, "line", line);
    json_number(t, "col", col);
}

void json_begin(struct text *t)
{
    json_open(t, NULL, '{');
    json_number(t, "relver", 1);
}

void json_end(struct text *t)
{
    text_adds(t, "}\n");
    fwrite(t->ptr, 1, t->len, stdout);
}

/*-- messages ------------------------------------------------------------------------------------*/

/* GitHub Actions, "Workflow commands": values may hold no newline, and '%' starts an escape; in
   properties ',' and ':' end the value. */
static void add_command(struct text *t, const char *s, bool property)
{
    for (; *s != '\0'; s++) {
        bool bare = (unsigned char)*s >= ' ' && *s != '%' && !(property && strchr(",:", *s));
        if (bare)
            text_addc(t, *s);
        else
            text_addf(t, "%%%02X", (unsigned)(unsigned char)*s);
    }
}

static void add_annotation(struct text *t, const struct fail *f)
{
    text_addf(t, "::%s ", f->status == 0 ? "warning" : "error");
    if (f->path != NULL) {
        text_adds(t, "file=");
        add_command(t, f->path, true);
        if (f->line > 0)
            text_addf(t, ",line=%zu,col=%zu", f->line, f->col);
    }
    text_adds(t, "::");
    add_command(t, f->what, false);
    text_addc(t, '\n');
}

static void add_line(struct text *t, const struct fail *f)
{
    const char *actions = getenv("GITHUB_ACTIONS");
    if (actions != NULL && strcmp(actions, "true") == 0)
        add_annotation(t, f);
    text_addf(t, "relver: %s[%s]: ", f->status == 0 ? "warning" : "error", f->code);
    fail_text(t, f);
}

void fail_text(struct text *t, const struct fail *f)
{
    if (f->path != NULL && f->line > 0)
        text_safef(t, "%s:%zu:%zu: ", f->path, f->line, f->col);
    else if (f->path != NULL)
        text_safef(t, "%s: ", f->path);
    text_safef(t, "%s\n", f->what);
}

void fail_print_line(struct arena *a, const struct fail *f)
{
    struct text t = {.arena = a};
    add_line(&t, f);
    fwrite(t.ptr, 1, t.len, stderr);
}

void fail_print(struct arena *a, const struct fail *f)
{
    struct text t = {.arena = a};
    add_line(&t, f);
    text_safef(&t, "  state: %s\n", f->state);
    text_safef(&t, "  next: %s\n", f->next);
    fwrite(t.ptr, 1, t.len, stderr);
}

void fail_json(struct text *t, const struct fail *f)
{
    json_open(t, NULL, '{');
    json_str(t, "code", relver_s(f->code));
    json_number(t, "exit", (size_t)f->status);
    if (f->path != NULL)
        json_str(t, "path", relver_s(f->path));
    if (f->line > 0)
        json_where(t, f->line, f->col);
    json_str(t, "what", relver_s(f->what));
    json_str(t, "state", relver_s(f->state));
    json_str(t, "next", relver_s(f->next));
    json_close(t, '}');
}

void note(struct arena *a, const char *fmt, ...)
{
    struct text t = {.arena = a};
    ARENA_FORMAT(a, fmt, what);
    text_safef(&t, "relver: %s\n", what);
    fwrite(t.ptr, 1, t.len, stderr);
}
