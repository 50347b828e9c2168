/* tsv.h - reads tests/vectors: a file of rows, fields apart by tabs, escaped as \\ \t \n \r \xHH;
   lines that begin with '#' are comments. */
#ifndef TSV_H
#define TSV_H

#include "../relver.h"
#include "check.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TSV_FIELDS = 16, TSV_LINE = 1 << 19 };

struct tsv {
    FILE *file;
    const char *name;
    int line;      /* of the row just read, from 1 */
    int count;     /* its fields */
    relver_str field[TSV_FIELDS];
    char text[TSV_LINE];
};

static int tsv_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return (c | 32) - 'a' + 10;
}

/* Undo the escapes in place; gives the new length. */
static size_t tsv_unescape(char *s, size_t len)
{
    size_t to = 0;
    for (size_t i = 0; i < len; i++) {
        char c = s[i];
        if (c == '\\' && i + 1 < len) {
            char kind = s[++i];
            if (kind == 'x' && i + 2 < len) {
                c = (char)(tsv_hex(s[i + 1]) * 16 + tsv_hex(s[i + 2]));
                i += 2;
            } else {
                c = kind == 't' ? '\t' : kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind;
            }
        }
        s[to++] = c;
    }
    return to;
}

/* Open tests/vectors/NAME; the tests run from the top of the tree. */
UNUSED static void tsv_open(struct tsv *t, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "tests/vectors/%s", name);
    t->file = fopen(path, "rb");
    t->name = name;
    t->line = 0;
    if (t->file == NULL) {
        fprintf(stderr, "cannot open '%s'; run the tests from the top of the tree\n", path);
        exit(2);
    }
}

/* Cuts the line in t->text into its fields. */
static void tsv_split(struct tsv *t)
{
    char *at = t->text;
    t->count = 0;
    while (at != NULL && t->count < TSV_FIELDS) {
        char *tab = strchr(at, '\t');
        size_t n = tab ? (size_t)(tab - at) : strlen(at);
        t->field[t->count++] = relver_sn(at, tsv_unescape(at, n));
        at = tab ? tab + 1 : NULL;
    }
}

/* The next row's fields; false at the end, where the file is closed. */
UNUSED static bool tsv_row(struct tsv *t)
{
    while (fgets(t->text, sizeof t->text, t->file) != NULL) {
        t->line++;
        size_t len = strlen(t->text);
        if (len > 0 && t->text[len - 1] == '\n')
            t->text[--len] = '\0';
        if (len == 0 || t->text[0] == '#')
            continue;
        tsv_split(t);
        return true;
    }
    fclose(t->file);
    return false;
}

#endif
