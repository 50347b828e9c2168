/* msg.h - what went wrong, as a value */
#ifndef RELVER_MSG_H
#define RELVER_MSG_H

#include "../relver.h"
#include "arena.h"

#include <stdbool.h>
#include <stddef.h>

/* A failure; all zero = none. The strings live in the arena. `status` is the exit code (0: it is
   printed as a warning), `state` is "nothing changed", "all changed" or "half way, ID", `next` is
   one command. */
struct fail {
    int status;
    const char *code;
    const char *path;
    size_t line, col; /* 1-based; 0 = unknown */
    const char *what;
    const char *state;
    const char *next;
};

/* Fills *f; always returns false, so that `return fail_set(...)` reads well. */
bool fail_set(struct fail *f, struct arena *a, int status, const char *code, const char *path,
    const char *state, const char *next, const char *fmt, ...) ARENA_PRINTF(8, 9);

/* Prints the failure's three lines on stderr; in GitHub Actions an annotation as well. */
void fail_print(struct arena *a, const struct fail *f);

/* Only the first of them, for one of several that share state and next. */
void fail_print_line(struct arena *a, const struct fail *f);

/* Appends where and what, a line. */
void fail_text(struct text *t, const struct fail *f);

/* Appends the failure as a JSON object. */
void fail_json(struct text *t, const struct fail *f);

/* One line of talk on stderr: "relver: what". Untrusted text in it is made safe. */
void note(struct arena *a, const char *fmt, ...) ARENA_PRINTF(2, 3);

/* Appends untrusted text so that a terminal or a log shows it and does nothing else: control and
   format characters and invalid UTF-8 are spelt out. */
void text_safe(struct text *t, const char *p, size_t len);

/* Formatted text made safe, but for a line end that closes fmt. */
void text_safef(struct text *t, const char *fmt, ...) ARENA_PRINTF(2, 3);

/* Appends text as a JSON string. */
void text_json(struct text *t, const char *p, size_t len);

/* JSON, a member at a time, or an element where there is no name; the commas come by themselves.
   Absent text is null. The brackets are '{' and '[', and what closes them. */
void json_key(struct text *t, relver_str name);
void json_open(struct text *t, const char *name, char bracket);
void json_close(struct text *t, char bracket);
void json_str(struct text *t, const char *name, relver_str s);
void json_number(struct text *t, const char *name, size_t n);
void json_bool(struct text *t, const char *name, bool yes);
void json_list(struct text *t, const char *name, const struct list *list);
void json_where(struct text *t, size_t line, size_t col);

/* What --json prints: one object, {"relver": 1, ..}; its end puts it on the standard output. */
void json_begin(struct text *t);
void json_end(struct text *t);

#endif
