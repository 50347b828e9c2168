#include "diff.h"

#include <string.h>

enum { CONTEXT = 3 };

/* Whole lines of the old text and what stands in their place. */
struct block {
    relver_str old, now;
    size_t line, old_lines, now_lines; /* line: the number of the first old one, from 1 */
};

struct differ {
    struct text *out;
    relver_str before;
    bool color;
    struct block *blocks;
    size_t count;
};

static relver_str slice(relver_str s, size_t from, size_t to)
{
    return relver_sn(s.ptr + from, to - from);
}

/* The length of the first line, with its end. */
static size_t first_line(relver_str s)
{
    const char *lf = s.len > 0 ? memchr(s.ptr, '\n', s.len) : NULL;
    return lf != NULL ? (size_t)(lf - s.ptr) + 1 : s.len;
}

/* Where the line that holds s[pos] begins. */
static size_t line_start(relver_str s, size_t pos)
{
    while (pos > 0 && s.ptr[pos - 1] != '\n')
        pos--;
    return pos;
}

static size_t line_end(relver_str s, size_t pos)
{
    return pos + first_line(slice(s, pos, s.len));
}

static size_t count_lines(relver_str s)
{
    size_t lines = 0;
    for (; s.len > 0; lines++)
        s = slice(s, first_line(s), s.len);
    return lines;
}

/*-- blocks --------------------------------------------------------------------------------------*/

static size_t place(const struct differ *d, const relver_edit *e)
{
    return (size_t)(e->at.ptr - d->before.ptr);
}

/* before[from..to) with the edits made. */
static relver_str edited(const struct differ *d, size_t from, size_t to, const relver_edit *edits,
                         size_t n)
{
    struct text t = {.arena = d->out->arena};
    for (size_t i = 0; i < n; i++) {
        const relver_edit *e = &edits[i];
        size_t quote = e->quote != 0;
        text_add(&t, d->before.ptr + from, place(d, e) - from);
        text_add(&t, &e->quote, quote);
        text_add(&t, e->text.ptr, e->text.len);
        text_add(&t, &e->quote, quote);
        from = place(d, e) + e->at.len;
    }
    text_add(&t, d->before.ptr + from, to - from);
    return relver_sn(t.ptr, t.len);
}

/* Takes away the lines at both ends that stay the same. */
static void trim(struct block *b)
{
    for (size_t n; (n = first_line(b->old)) > 0 && n == first_line(b->now) &&
                   memcmp(b->old.ptr, b->now.ptr, n) == 0; b->line++) {
        b->old = slice(b->old, n, b->old.len);
        b->now = slice(b->now, n, b->now.len);
    }
    while (b->old.len > 0 && b->now.len > 0) {
        size_t i = line_start(b->old, b->old.len - 1), k = line_start(b->now, b->now.len - 1);
        if (!relver_eq(slice(b->old, i, b->old.len), slice(b->now, k, b->now.len)))
            break;
        b->old.len = i;
        b->now.len = k;
    }
}

/* One block for each run of edits that touch the same lines. */
static void make_blocks(struct differ *d, const relver_edit *edits, size_t n)
{
    size_t line = 1, counted = 0;
    while (n > 0) {
        size_t from = line_start(d->before, place(d, edits)), to = from, used = 0;
        while (used < n && (used == 0 || line_start(d->before, place(d, &edits[used])) < to)) {
            to = line_end(d->before, place(d, &edits[used]) + edits[used].at.len);
            used++;
        }
        line += count_lines(slice(d->before, counted, from));
        counted = from;
        struct block b = {slice(d->before, from, to), edited(d, from, to, edits, used), line, 0, 0};
        trim(&b);
        b.old_lines = count_lines(b.old);
        b.now_lines = count_lines(b.now);
        if (b.old_lines + b.now_lines > 0)
            *ARENA_NEW(d->out->arena, d->blocks, d->count) = b;
        edits += used;
        n -= used;
    }
}

/*-- text ----------------------------------------------------------------------------------------*/

/* ECMA-48 colors as git has them: 1 bold, 31 red, 32 green, 36 cyan; 0 is none. */
static void paint(const struct differ *d, int color)
{
    if (d->color)
        text_addf(d->out, "\033[%dm", color);
}

static void add_lines(const struct differ *d, char sign, int color, relver_str s)
{
    while (s.len > 0) {
        size_t n = first_line(s);
        bool ended = s.ptr[n - 1] == '\n';
        if (color != 0)
            paint(d, color);
        text_addc(d->out, sign);
        text_add(d->out, s.ptr, n - ended);
        if (color != 0)
            paint(d, 0);
        text_adds(d->out, ended ? "\n" : "\n\\ No newline at end of file\n");
        s = slice(s, n, s.len);
    }
}

/* "12,4"; a count of 1 is left out, and an empty range stands after the line it names. */
static void add_range(const struct differ *d, size_t line, size_t count)
{
    text_addf(d->out, count == 1 ? "%zu" : "%zu,%zu", count == 0 ? line - 1 : line, count);
}

static size_t old_end(const struct block *b)
{
    return b->line + b->old_lines;
}

/* n blocks with their surroundings; shift: lines that earlier hunks added, less those removed. */
static void add_hunk(const struct differ *d, const struct block *b, size_t n, size_t shift)
{
    size_t from = (size_t)(b->old.ptr - d->before.ptr), line = b->line;
    for (size_t i = 0; i < CONTEXT && from > 0; i++, line--)
        from = line_start(d->before, from - 1);
    size_t to = (size_t)(b[n - 1].old.ptr - d->before.ptr) + b[n - 1].old.len;
    for (size_t i = 0; i < CONTEXT; i++)
        to = line_end(d->before, to);
    size_t old_count = count_lines(slice(d->before, from, to)), now_count = old_count;
    for (size_t i = 0; i < n; i++)
        now_count += b[i].now_lines - b[i].old_lines;
    paint(d, 36);
    text_adds(d->out, "@@ -");
    add_range(d, line, old_count);
    text_adds(d->out, " +");
    add_range(d, line + shift, now_count);
    text_adds(d->out, " @@");
    paint(d, 0);
    text_addc(d->out, '\n');
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(b[i].old.ptr - d->before.ptr);
        add_lines(d, ' ', 0, slice(d->before, from, at));
        add_lines(d, '-', 31, b[i].old);
        add_lines(d, '+', 32, b[i].now);
        from = at + b[i].old.len;
    }
    add_lines(d, ' ', 0, slice(d->before, from, to));
}

/* A name with bytes that would end it is quoted, and one with blanks ends in a tab, as git does. */
static void add_name(const struct differ *d, const char *sign, const char *path)
{
    bool plain = true;
    for (const char *p = path; *p != '\0'; p++)
        plain = plain && (unsigned char)*p >= ' ' && *p != '"' && *p != '\\' && *p != '\177';
    paint(d, 1);
    text_addf(d->out, plain ? "%.4s%s" : "%.4s\"%s", sign, sign + 4);
    for (const char *p = path; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == '\177')
            text_addf(d->out, "\\%03o", (unsigned)(unsigned char)*p);
        else
            text_addf(d->out, *p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
    text_adds(d->out, !plain ? "\"" : strchr(path, ' ') != NULL ? "\t" : "");
    paint(d, 0);
    text_addc(d->out, '\n');
}

void diff_edits(struct text *out, const char *path, relver_str before, const relver_edit *edits,
                size_t n, bool color)
{
    struct differ d = {out, before, color, NULL, 0};
    make_blocks(&d, edits, n);
    if (d.count == 0)
        return;
    bool all = n == 1 && edits->at.len == before.len && edits->text.len == 0;
    add_name(&d, before.ptr != NULL ? "--- a/" : "--- /dev/null", before.ptr != NULL ? path : "");
    add_name(&d, all ? "+++ /dev/null" : "+++ b/", all ? "" : path);
    for (size_t i = 0, shift = 0; i < d.count;) {
        size_t k = i + 1;
        while (k < d.count && d.blocks[k].line <= old_end(&d.blocks[k - 1]) + 2 * CONTEXT)
            k++;
        add_hunk(&d, &d.blocks[i], k - i, shift);
        for (; i < k; i++)
            shift += d.blocks[i].now_lines - d.blocks[i].old_lines;
    }
}
