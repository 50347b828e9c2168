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

/* All but the first n bytes, of which there are as many; what follows a part of s. */
relver_str str_from(relver_str s, size_t n);
relver_str str_behind(relver_str s, relver_str part);

/* The next line of *rest, without its end; false when nothing is left. */
bool str_line(relver_str *rest, relver_str *line);

/* Takes what stands before the first `at`, or all, off *rest, and that byte with it. */
relver_str str_cut(relver_str *rest, char at);

/* Without blanks, tabs and line ends around it, or behind it. */
relver_str str_trim(relver_str s);
relver_str str_trim_end(relver_str s);

/* How many of its first bytes are among these; those before the first that is. */
size_t str_span(relver_str s, const char *bytes);
relver_str str_until(relver_str s, const char *bytes);

/* Whatever the case of ASCII letters: where s first says a text, absent: nowhere; and equality. */
relver_str str_seek(relver_str s, relver_str text);
bool str_same(relver_str a, relver_str b);

/* A number of one to nine digits and nothing else. */
bool str_number(relver_str s, size_t *n);

/* Digits and a letter: of "smhdw" those that are allowed. */
bool str_duration(relver_str s, const char *letters, unsigned long *seconds);

/* Which word of "a|b|c" s is, from 0; -1 when it is none. */
int str_word(const char *words, relver_str s);

/* A key as a path has it: bare, or in quotes where it must be. */
void text_key(struct text *t, relver_str key);

bool is_digit(char c);
bool is_alnum(char c); /* of ASCII */

/* Room for n bytes. */
relver_buf str_room(struct arena *a, size_t n);

/* A version as another ecosystem, or its own, spells it; absent when it has no such form. */
relver_str str_spelt(struct arena *a, relver_eco eco, relver_str version, relver_eco to);

/* The version that a level leads to; absent when it leads nowhere. */
relver_str str_bumped(struct arena *a, relver_eco eco, relver_str version, const char *level);

/* What a node's string, or its key, says: as spelt, or a decoded copy when that differs. */
relver_str str_decode(struct arena *a, relver_format format, const relver_node *node);
relver_str str_decode_key(struct arena *a, relver_format format, const relver_node *node);

#endif
