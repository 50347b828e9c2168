/* source.h - finds the string constants of Python and C source; pure, no allocation

   Python: an assignment of one string literal to a name, on the level of the module:
       __version__ = "1.2.3"      version: str = '1.2.3'      __version__ = version = ("1.2.3")
   C and C++: a macro without parameters that is one string literal:
       #define DEMO_VERSION "1.2.3"
   What stands in comments, strings, brackets or indented blocks is none. Both sides of an #if are
   read, also of #if 0. */
#ifndef RELVER_SOURCE_H
#define RELVER_SOURCE_H

#include "../relver.h"

enum source_lang { SOURCE_NONE, SOURCE_PYTHON, SOURCE_C };

/* The language of a file, by its name. */
enum source_lang source_lang(const char *path);

struct constant {
    relver_str name; /* absent: there are no more */
    relver_str text; /* between the quotes; absent when its value is no plain string literal .. */
    const char *why; /* .. but this: "an f-string" */
    size_t pos;      /* where its value begins */
};

enum { SOURCE_NAMES = 8 /* of one assignment; a = b = .. */ };

/* A reader's state; private. */
struct source {
    relver_str doc;
    enum source_lang lang;
    size_t pos;
    size_t depth; /* of open brackets */
    bool inside; /* the line goes on behind a ';' */
    bool dead;   /* nothing in it is on the level of the module */
    relver_str names[SOURCE_NAMES]; /* found, not yet given */
    size_t count, next;
    struct constant value;
    relver_diag diag;
};

void source_read(struct source *s, enum source_lang lang, relver_str doc);

/* The next constant: RELVER_OK. What cannot be read with certainty - a string or a bracket without
   its end - is RELVER_SYNTAX. */
relver_err source_next(struct source *s, struct constant *out, relver_diag *diag);

#endif
