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
    for (; s.len > 0; s = str_from(s, 1))
        if (str_starts(s, part))
            return true;
    return false;
}

relver_str str_from(relver_str s, size_t n)
{
    return relver_sn(s.ptr + n, s.len - n);
}

bool str_line(relver_str *rest, relver_str *line)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->ptr, '\n', rest->len);
    size_t n = end != NULL ? (size_t)(end - rest->ptr) : rest->len;
    *line = relver_sn(rest->ptr, n);
    *rest = str_from(*rest, n + (end != NULL));
    return true;
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
