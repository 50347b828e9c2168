/* str.h - views of text: what the commands ask of one, and what a document's string says */
#ifndef RELVER_STR_H
#define RELVER_STR_H

#include "../relver.h"
#include "arena.h"

/* A view as the two arguments of "%.*s". */
#define STR(s) (int)(s).len, (s).ptr

bool str_is(relver_str s, const char *text);
bool str_starts(relver_str s, const char *head);
bool str_ends(relver_str s, const char *end);
bool str_has(relver_str s, const char *part);

/* All but the first n bytes, of which there are as many. */
relver_str str_from(relver_str s, size_t n);

/* The next line of *rest, without its end; false when nothing is left. */
bool str_line(relver_str *rest, relver_str *line);

/* What a node's string, or its key, says: as spelt, or a decoded copy when that differs. */
relver_str str_decode(struct arena *a, relver_format format, const relver_node *node);
relver_str str_decode_key(struct arena *a, relver_format format, const relver_node *node);

#endif
