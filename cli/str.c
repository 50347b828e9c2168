#include "str.h"

#include <string.h>

bool str_is(relver_str s, const char *text)
{
    return relver_eq(s, relver_s(text));
}

bool str_starts(relver_str s, const char *head)
{
    size_t n = strlen(head);
    return s.len >= n && memcmp(s.ptr, head, n) == 0;
}

bool str_ends(relver_str s, const char *end)
{
    size_t n = strlen(end);
    return s.len >= n && memcmp(s.ptr + s.len - n, end, n) == 0;
}

bool str_has(relver_str s, const char *part)
{
    size_t n = strlen(part);
    for (; s.len > 0 && s.len >= n; s = str_from(s, 1))
        if (memcmp(s.ptr, part, n) == 0)
            return true;
    return false;
}

relver_str str_from(relver_str s, size_t n)
{
    return relver_sn(s.ptr + n, s.len - n);
}

relver_str str_behind(relver_str s, relver_str part)
{
    return str_from(s, (size_t)(part.ptr + part.len - s.ptr));
}

relver_str str_cut(relver_str *rest, char at)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, at, rest->len) : NULL;
    relver_str head = relver_sn(rest->ptr, end != NULL ? (size_t)(end - rest->ptr) : rest->len);
    *rest = str_from(*rest, head.len + (end != NULL));
    return head;
}

bool str_line(relver_str *rest, relver_str *line)
{
    bool more = rest->len > 0;
    if (more)
        *line = str_cut(rest, '\n');
    return more;
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

relver_str str_trim_end(relver_str s)
{
    while (s.len > 0 && blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

relver_str str_trim(relver_str s)
{
    while (s.len > 0 && blank(s.ptr[0]))
        s = str_from(s, 1);
    return str_trim_end(s);
}

size_t str_span(relver_str s, const char *bytes)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] != '\0' && strchr(bytes, s.ptr[n]) != NULL)
        n++;
    return n;
}

relver_str str_until(relver_str s, const char *bytes)
{
    size_t n = 0;
    while (n < s.len && (s.ptr[n] == '\0' || strchr(bytes, s.ptr[n]) == NULL))
        n++;
    return relver_sn(s.ptr, n);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

relver_str str_seek(relver_str s, relver_str text)
{
    for (size_t n; text.len > 0 && s.len >= text.len; s = str_from(s, 1)) {
        for (n = 0; n < text.len && lower(s.ptr[n]) == lower(text.ptr[n]);)
            n++;
        if (n == text.len)
            return relver_sn(s.ptr, n);
    }
    return relver_sn(NULL, 0);
}

bool str_same(relver_str a, relver_str b)
{
    return a.len == b.len && (a.len == 0 || str_seek(a, b).ptr != NULL);
}

bool str_number(relver_str s, size_t *n)
{
    size_t digits = str_span(s, "0123456789");
    *n = 0;
    for (size_t i = 0; i < digits && i < 9; i++)
        *n = *n * 10 + (size_t)(s.ptr[i] - '0');
    return digits > 0 && digits <= 9 && digits == s.len;
}

bool str_duration(relver_str s, const char *letters, unsigned long *seconds)
{
    static const char all[] = "smhdw";
    static const unsigned long each[] = {1, 60, 3600, 86400, 604800};
    size_t n;
    if (s.len < 2 || s.len > 6 || !str_number(relver_sn(s.ptr, s.len - 1), &n) ||
        strchr(letters, s.ptr[s.len - 1]) == NULL)
        return false;
    *seconds = n * each[strchr(all, s.ptr[s.len - 1]) - all];
    return true;
}

int str_word(const char *words, relver_str s)
{
    relver_str rest = relver_s(words);
    for (int i = 0; rest.len > 0; i++)
        if (relver_eq(str_cut(&rest, '|'), s))
            return i;
    return -1;
}

void text_key(struct text *t, relver_str key)
{
    bool bare = key.len > 0;
    for (size_t i = 0; i < key.len; i++)
        bare = bare && (is_alnum(key.ptr[i]) || key.ptr[i] == '_' || key.ptr[i] == '-');
    if (bare) {
        text_add(t, key.ptr, key.len);
        return;
    }
    text_addc(t, '"');
    for (size_t i = 0; i < key.len; i++)
        text_addf(t, key.ptr[i] == '"' || key.ptr[i] == '\\' ? "\\%c" : "%c", key.ptr[i]);
    text_addc(t, '"');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

relver_buf str_room(struct arena *a, size_t n)
{
    relver_buf room = {arena_alloc(a, n), n, 0};
    return room;
}

relver_str str_spelt(struct arena *a, relver_eco eco, relver_str version, relver_eco to)
{
    relver_buf out = str_room(a, version.len + 64);
    relver_err err = relver_convert(&out, eco, version, to, NULL, NULL);
    return err == RELVER_OK ? relver_view(&out) : relver_sn(NULL, 0);
}

relver_str str_bumped(struct arena *a, relver_eco eco, relver_str version, const char *level)
{
    relver_buf out = str_room(a, version.len + 64);
    relver_err err = relver_bump(&out, eco, version, relver_s(level), NULL);
    return err == RELVER_OK ? relver_view(&out) : relver_sn(NULL, 0);
}

/* Without a backslash all that decoding can do is to make it shorter: '' in YAML, a first line end
   in TOML. */
relver_str str_decode(struct arena *a, relver_format format, const relver_node *node)
{
    relver_buf out = {NULL, 0, 0};
    relver_text(&out, format, node);
    bool plain = node->text.len == 0 || memchr(node->text.ptr, '\\', node->text.len) == NULL;
    if (plain && out.len == node->text.len)
        return node->text;
    out.cap = out.len + 1;
    out.ptr = arena_alloc(a, out.cap);
    out.len = 0;
    relver_text(&out, format, node);
    return relver_view(&out);
}

relver_str str_decode_key(struct arena *a, relver_format format, const relver_node *node)
{
    relver_node key = {.kind = RELVER_STRING, .text = node->key, .quote = node->key_quote};
    return str_decode(a, format, &key);
}
