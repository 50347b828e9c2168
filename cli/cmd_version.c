/* relver version - version arithmetic for scripts: one operation on the operands, or on every row
   of standard input */
#define _POSIX_C_SOURCE 200809L
#include "cmd.h"
#include "str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first four are relver_eco's names, in its order. */
#define ECOSYSTEMS "semver|npm|cargo|pep440"
#define STYLES ECOSYSTEMS "|npm-range|cargo-req|pep440-spec|dist-tag"

const struct option version_options[] = {
    {"style", 0, OPTION_CHOICE, OPTION_AT(style), STYLES,
     "the ecosystem, semver if not given; `check` knows all eight"},
    {"from", 0, OPTION_CHOICE, OPTION_AT(from), ECOSYSTEMS, "convert: what the version is"},
    {"to", 0, OPTION_CHOICE, OPTION_AT(to), ECOSYSTEMS, "convert: what it becomes"},
    {"class", 0, OPTION_FLAG, OPTION_AT(class), NULL,
     "convert: print exact or what was lost, too; dist-tag: the reason"},
    {"pre", 0, OPTION_FLAG, OPTION_AT(pre), NULL, "match: let prereleases in"},
    {"preid", 0, OPTION_TEXT, OPTION_AT(preid), "LABEL", "bump: the prerelease label"},
    {"base", 0, OPTION_CHOICE, OPTION_AT(base), "0|1|none", "bump: the first counter"},
    {"sha", 0, OPTION_TEXT, OPTION_AT(sha), "OID", "stamp: the full object id"},
    {"len", 0, OPTION_NUMBER, OPTION_AT(len), "N", "stamp: how many of its digits, 7 to 40"},
    {"tags", 0, OPTION_TEXT, OPTION_AT(tags), "JSON", "dist-tag: {\"latest\": \"1.2.3\", ..}"},
    {"kind", 0, OPTION_TEXT, OPTION_AT(kind), "KIND",
     "dist-tag: release, or the snapshots' own tag: nightly, canary"},
    {0},
};

const char version_more[] =
    "  check V              the version's normal form\n"
    "  compare A B          <, = or >\n"
    "  convert V            its spelling elsewhere; --from, --to\n"
    "  match RANGE V        yes or no; --pre\n"
    "  bump TYPE V          node's inc for its types (major .. prerelease, release) in semver\n"
    "                       and npm; else a level: rc, \"minor rc\", release, dev\n"
    "  stamp V              marked with a commit: --sha, --len\n"
    "  sort V..             lowest first\n"
    "  dist-tag V           where npm should publish it; --tags, --kind\n\n"
    "Without operands every line of standard input is a row of them, apart by tabs and escaped\n"
    "(\\\\ \\t \\n \\r \\xHH), and gives one line: the result, or !code. Rows may go on with\n"
    "what else is an option: bump TYPE V PREID BASE, stamp V OID LEN, dist-tag V KIND JSON.\n";

enum { FIELDS = 4 };

struct job {
    struct context *ctx;
    const struct op *op;
    int style;
    relver_eco eco, to;
    char *space;     /* room for a result */
    size_t cap;
    const char *how; /* a second column: the class of a conversion, the reason of a dist-tag */
    size_t culprit;  /* the field that a failure is about */
    struct item *items; /* sort: all of them */
    size_t count;
};

typedef relver_err op_run(struct job *job, const relver_str *field, relver_buf *out,
                          relver_diag *diag);

struct op {
    const char *name;
    size_t least, most; /* operands */
    struct {
        const char *name; /* for messages */
        size_t option;    /* of the text that stands in when it is left out; 0: none */
    } fields[FIELDS];
    op_run *run;
};

static relver_err refuse(struct job *job, size_t culprit, relver_err err, const char *what,
                         relver_diag *diag)
{
    job->culprit = culprit;
    diag->err = err;
    diag->pos = diag->len = 0;
    diag->what = what != NULL ? what : relver_strerror(err);
    return err;
}

/*-- the operations ------------------------------------------------------------------------------*/

static relver_err run_check(struct job *job, const relver_str *field, relver_buf *out,
                            relver_diag *diag)
{
    static const relver_eco ranges[] = {RELVER_NPM, RELVER_CARGO, RELVER_PEP440};
    relver_err err;
    if (job->style < 4)
        return relver_check(out, job->eco, field[0], diag);
    if (job->style < 7)
        err = relver_range_check(ranges[job->style - 4], field[0], diag);
    else
        err = relver_dist_tag_check(field[0], diag);
    if (err == RELVER_OK)
        relver_put(out, field[0]);
    return err;
}

static relver_err run_compare(struct job *job, const relver_str *field, relver_buf *out,
                              relver_diag *diag)
{
    int order, same;
    relver_err err = relver_compare(job->eco, field[0], field[1], &order, diag);
    if (err != RELVER_OK) {
        job->culprit = relver_compare(job->eco, field[0], field[0], &same, NULL) == RELVER_OK;
        return err;
    }
    relver_put(out, relver_s(order < 0 ? "<" : order > 0 ? ">" : "="));
    return RELVER_OK;
}

static relver_err run_convert(struct job *job, const relver_str *field, relver_buf *out,
                              relver_diag *diag)
{
    relver_class how;
    relver_err err = relver_convert(out, job->eco, field[0], job->to, &how, diag);
    if (err == RELVER_OK)
        job->how = relver_class_code(how);
    return err;
}

static relver_err run_match(struct job *job, const relver_str *field, relver_buf *out,
                            relver_diag *diag)
{
    bool yes;
    relver_err err = relver_range_match(job->eco, field[0], field[1], job->ctx->opt.pre, &yes,
                                        diag);
    job->culprit = err != RELVER_NOT_RANGE;
    if (err == RELVER_OK)
        relver_put(out, relver_s(yes ? "yes" : "no"));
    return err;
}

static relver_err run_bump(struct job *job, const relver_str *field, relver_buf *out,
                           relver_diag *diag)
{
    static const char types[] = "major|minor|patch|premajor|preminor|prepatch|prerelease|release";
    char word[16] = "";
    relver_str base = field[3];
    if (field[0].len < sizeof word && field[0].len > 0)
        memcpy(word, field[0].ptr, field[0].len);
    bool node = job->eco <= RELVER_NPM && opt_word(types, word) >= 0;
    relver_err err;
    if (!node) {
        err = relver_bump(out, job->eco, field[1], field[0], diag);
    } else {
        if (base.len == 0)
            base = relver_s("0");
        else if (str_is(base, "none") || str_is(base, "false"))
            base = relver_s("");
        err = relver_semver_inc(out, field[1], field[0], field[2], base, diag);
    }
    job->culprit = err != RELVER_NOT_LEVEL;
    return err;
}

static relver_err run_stamp(struct job *job, const relver_str *field, relver_buf *out,
                            relver_diag *diag)
{
    size_t len = job->ctx->opt.len;
    bool number = field[2].len == 0 || str_number(field[2], &len);
    if (!number || (len != 0 && (len < 7 || len > 40)))
        return refuse(job, 2, RELVER_OID_NOT_FULL, "a length is 7 to 40 digits", diag);
    relver_err err = relver_stamp(out, job->eco, field[0], field[1], len, diag);
    job->culprit = err == RELVER_OID_NOT_FULL;
    return err;
}

/* The version that a dist-tag names; absent when there is no such tag. */
static relver_err read_tag(struct job *job, relver_str json, const char *name, relver_str *out,
                           relver_diag *diag)
{
    relver_node node;
    relver_err err = relver_find(json, RELVER_JSON, relver_s(name), &node, diag);
    if (err != RELVER_OK && err != RELVER_MISSING)
        return err;
    diag->what = "dist-tags are a JSON object of strings";
    diag->pos = err == RELVER_OK ? (size_t)(node.value.ptr - json.ptr) : 0;
    if (!str_starts(str_trim(json), "{"))
        return RELVER_SYNTAX;
    if (err == RELVER_OK && node.kind != RELVER_STRING)
        return RELVER_NOT_STRING;
    if (err == RELVER_OK)
        *out = str_decode(job->ctx->arena, RELVER_JSON, &node);
    return RELVER_OK;
}

/* A snapshot's tag is its kind; it is never one that people install from without asking. */
static relver_err snapshot_tag(struct job *job, relver_str kind, relver_buf *out, relver_diag *diag)
{
    relver_err err = relver_dist_tag_check(kind, diag);
    job->culprit = 1;
    if (err == RELVER_OK && (str_is(kind, "latest") || str_is(kind, "next")))
        err = refuse(job, 1, RELVER_NOT_DIST_TAG, "snapshots never move latest or next", diag);
    if (err != RELVER_OK)
        return err;
    job->how = "snapshot";
    relver_put(out, kind);
    return RELVER_OK;
}

static relver_err run_dist_tag(struct job *job, const relver_str *field, relver_buf *out,
                               relver_diag *diag)
{
    relver_dist_tags now = {{NULL, 0}, {NULL, 0}};
    relver_str kind = field[1];
    if (kind.len > 0 && !str_is(kind, "release")) {
        int same;
        relver_err err = relver_compare(RELVER_SEMVER, field[0], field[0], &same, diag);
        return err == RELVER_OK ? snapshot_tag(job, kind, out, diag) : err;
    }
    relver_err err = read_tag(job, field[2], "latest", &now.latest, diag);
    if (err == RELVER_OK)
        err = read_tag(job, field[2], "next", &now.next, diag);
    if (err != RELVER_OK) {
        job->culprit = 2;
        return diag->err = err;
    }
    return relver_dist_tag(out, field[0], &now, &job->how, diag);
}

struct item {
    relver_str text;
    relver_eco eco;
    relver_err err;
};

/* sort's operation only notes what print_sorted puts in order. */
static relver_err run_sort(struct job *job, const relver_str *field, relver_buf *out,
                           relver_diag *diag)
{
    struct arena *a = job->ctx->arena;
    int same;
    struct item *item = ARENA_NEW(a, job->items, job->count);
    (void)out;
    item->text = relver_sn(arena_dup(a, field[0].ptr, field[0].len), field[0].len);
    item->eco = job->eco;
    return item->err = relver_compare(item->eco, item->text, item->text, &same, diag);
}

/* Lowest first, then those refused; equal ones stay as they stood. */
static int by_version(const void *left, const void *right)
{
    const struct item *const *a = left, *const *b = right;
    const struct item *x = *a, *y = *b;
    int order = (x->err != RELVER_OK) - (y->err != RELVER_OK);
    if (order == 0 && x->err == RELVER_OK)
        relver_compare(x->eco, x->text, y->text, &order, NULL);
    return order != 0 ? order : (x > y) - (x < y);
}

static const struct op ops[] = {
    {"check", 1, 1, {{"VERSION", 0}}, run_check},
    {"compare", 2, 2, {{"A", 0}, {"B", 0}}, run_compare},
    {"convert", 1, 1, {{"VERSION", 0}}, run_convert},
    {"match", 2, 2, {{"RANGE", 0}, {"VERSION", 0}}, run_match},
    {"bump", 2, 4,
     {{"TYPE", 0}, {"VERSION", 0}, {"PREID", OPTION_AT(preid)}, {"BASE", OPTION_AT(base)}},
     run_bump},
    {"stamp", 1, 3, {{"VERSION", 0}, {"OID", OPTION_AT(sha)}, {"LEN", 0}}, run_stamp},
    {"sort", 1, 1, {{"VERSION", 0}}, run_sort},
    {"dist-tag", 1, 3,
     {{"VERSION", 0}, {"KIND", OPTION_AT(kind)}, {"TAGS", OPTION_AT(tags)}}, run_dist_tag},
};

enum { OPS = sizeof ops / sizeof *ops };

/* Runs the operation with as much room as its result needs. Fields left out come from options. */
static relver_err perform(struct job *job, relver_str *field, relver_str *result, relver_diag *diag)
{
    const char *options = (const char *)&job->ctx->opt;
    for (size_t i = job->op->least; i < job->op->most; i++) {
        size_t at = job->op->fields[i].option;
        if (field[i].len == 0 && at != 0)
            field[i] = relver_s(*(const char *const *)(const void *)(options + at));
    }
    for (;;) {
        relver_buf out = {job->space, job->cap, 0};
        job->how = NULL;
        job->culprit = 0;
        relver_err err = job->op->run(job, field, &out, diag);
        if (err != RELVER_NO_SPACE) {
            *result = relver_sn(out.ptr, out.len);
            return err;
        }
        job->cap = out.len < job->cap ? job->cap * 2 : out.len * 2;
        job->space = arena_alloc(job->ctx->arena, job->cap);
    }
}

/*-- rows ----------------------------------------------------------------------------------------*/

struct input {
    struct text text; /* of which `at` bytes are used */
    size_t at;
};

/* The next line without its end, in memory that may be written to until the next call; false at the
   end, and after a failure. */
static bool next_line(struct context *ctx, struct input *in, char **line, size_t *len)
{
    struct text *t = &in->text;
    char chunk[1 << 15], *lf;
    for (size_t seen = 0;; seen = *len) {
        *len = t->len - in->at;
        *line = t->ptr + in->at;
        lf = *len > seen ? memchr(*line + seen, '\n', *len - seen) : NULL;
        if (lf != NULL)
            break;
        ssize_t n;
        fflush(stdout); /* whoever writes rows one by one sees each answer */
        do
            n = read(STDIN_FILENO, chunk, sizeof chunk);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            return ctx_fail(ctx, 8, "io.stdin", "mend the input, then run the same command again",
                            "cannot read the standard input: %s", strerror(errno));
        if (n == 0 && *len == 0)
            return false;
        if (n == 0)
            break; /* the last line has no end */
        memmove(t->ptr, *line, *len);
        t->len = *len;
        in->at = 0;
        text_add(t, chunk, (size_t)n);
    }
    *len = lf != NULL ? (size_t)(lf - *line) : *len;
    in->at += *len + (lf != NULL);
    return true;
}

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = c != '\0' ? strchr(digits, c | 32) : NULL;
    return c >= '0' && at != NULL ? (int)(at - digits) : -1;
}

/* Undoes the escapes of a field in place. */
static bool unescape(char *s, size_t *len)
{
    static const char from[] = "\\tnr", to[] = "\\\t\n\r";
    size_t out = 0, n = *len;
    if (memchr(s, '\\', n) == NULL)
        return true;
    for (size_t i = 0; i < n; i++) {
        const char *at;
        if (s[i] != '\\') {
            s[out++] = s[i];
        } else if (i + 1 < n && s[i + 1] != '\0' && (at = strchr(from, s[i + 1])) != NULL) {
            s[out++] = to[at - from];
            i++;
        } else if (i + 3 < n && s[i + 1] == 'x' && hex(s[i + 2]) >= 0 && hex(s[i + 3]) >= 0) {
            s[out++] = (char)(hex(s[i + 2]) * 16 + hex(s[i + 3]));
            i += 3;
        } else {
            return false;
        }
    }
    *len = out;
    return true;
}

/* Cuts a row into its fields; those left out are absent. */
static bool split(const struct op *op, char *line, size_t len, relver_str *field)
{
    size_t count = 0;
    memset(field, 0, FIELDS * sizeof *field);
    for (;;) {
        char *tab = len > 0 ? memchr(line, '\t', len) : NULL;
        size_t n = tab != NULL ? (size_t)(tab - line) : len, used = n;
        if (count == op->most || !unescape(line, &n))
            return false;
        field[count++] = relver_sn(line, n);
        if (tab == NULL)
            return count >= op->least;
        line += used + 1;
        len -= used + 1;
    }
}

static void print_escaped(relver_str s)
{
    static const char from[] = "\\\t\n\r", to[] = "\\tnr";
    size_t plain = 0;
    while (plain < s.len && (unsigned char)s.ptr[plain] >= ' ' && s.ptr[plain] != '\\')
        plain++;
    fwrite(s.ptr, 1, plain, stdout);
    for (size_t i = plain; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        const char *at = c != 0 ? strchr(from, c) : NULL;
        if (at != NULL)
            printf("\\%c", to[at - from]);
        else if (c < ' ')
            printf("\\x%02X", (unsigned)c);
        else
            putchar(c);
    }
}

/* One row's line. */
static void print_row(const struct job *job, relver_err err, relver_str result)
{
    if (err != RELVER_OK) {
        printf("!%s\n", relver_code(err));
        return;
    }
    print_escaped(result);
    if (job->ctx->opt.class && job->how != NULL)
        printf("\t%s", job->how);
    putchar('\n');
}

static void print_sorted(struct job *job)
{
    const struct item **order = arena_alloc(job->ctx->arena, job->count * sizeof *order);
    for (size_t i = 0; i < job->count; i++)
        order[i] = &job->items[i];
    if (job->count > 0)
        qsort(order, job->count, sizeof *order, by_version);
    for (size_t i = 0; i < job->count; i++)
        print_row(job, order[i]->err, order[i]->text);
}

static int run_rows(struct job *job)
{
    struct input in = {.text = {.arena = job->ctx->arena}};
    relver_str field[FIELDS], result = {NULL, 0};
    relver_diag diag;
    bool sort = job->op->run == run_sort;
    char *line;
    size_t len;
    text_adds(&in.text, "");
    while (next_line(job->ctx, &in, &line, &len)) {
        bool whole = split(job->op, line, len, field);
        if (!whole)
            field[0] = relver_s("\t"); /* no version */
        relver_err err = whole || sort ? perform(job, field, &result, &diag) : RELVER_SYNTAX;
        if (!sort)
            print_row(job, err, result);
    }
    print_sorted(job);
    return job->ctx->fail.status;
}

/*-- alone ---------------------------------------------------------------------------------------*/

/* Names the operand, the place in it and, where the error has one, the cure. */
static int refused(struct job *job, const char *name, relver_str text, const relver_diag *diag)
{
    size_t line, col;
    relver_locate(text, diag->pos, &line, &col);
    const char *cure = relver_strerror(diag->err);
    bool same = strcmp(cure, diag->what) == 0;
    ctx_fail(job->ctx, 1, relver_code(diag->err), "relver version --help",
             "%s:%zu:%zu: '%.*s': %s%s%s%s", name, line, col, (int)text.len,
             text.ptr != NULL ? text.ptr : "", diag->what, same ? "" : " (", same ? "" : cure,
             same ? "" : ")");
    return 1;
}

static int sort_operands(struct job *job, const char *const *operand, size_t count)
{
    relver_diag diag;
    int status = 0;
    for (size_t i = 0; i < count; i++) {
        relver_str text = relver_s(operand[i]);
        if (run_sort(job, &text, NULL, &diag) != RELVER_OK && status == 0)
            status = refused(job, "VERSION", text, &diag);
    }
    print_sorted(job);
    return status;
}

static int run_operands(struct job *job, const char *const *operand, size_t count)
{
    relver_str field[FIELDS], result;
    relver_diag diag;
    const struct op *op = job->op;
    if (count < op->least || count > op->most)
        return ctx_usage(job->ctx, "'%s' takes %zu operand%s", op->name, op->least,
                         op->least == 1 ? "" : "s"), 2;
    memset(field, 0, sizeof field);
    for (size_t i = 0; i < count; i++)
        field[i] = relver_s(operand[i]);
    if (perform(job, field, &result, &diag) != RELVER_OK)
        return refused(job, op->fields[job->culprit].name, field[job->culprit], &diag);
    if (op->run == run_convert && strcmp(job->how, "exact") != 0)
        note(job->ctx->arena, "warning: lenient: %s", job->how);
    fwrite(result.ptr, 1, result.len, stdout);
    if (job->ctx->opt.class && job->how != NULL)
        printf("\t%s", job->how);
    putchar('\n');
    return 0;
}

/* The operation that the first operand names, or NULL. */
static const struct op *find_op(const struct context *ctx)
{
    for (size_t i = 0; i < OPS && ctx->count > 0; i++)
        if (strcmp(ops[i].name, ctx->operands[0]) == 0)
            return &ops[i];
    return NULL;
}

int cmd_version(struct context *ctx)
{
    const struct options *opt = &ctx->opt;
    struct job job = {.ctx = ctx, .op = find_op(ctx), .cap = 1024};
    if (job.op == NULL)
        return ctx_usage(ctx, "name an operation that there is"), 2;
    bool convert = job.op->run == run_convert;
    const char *style = convert && opt->from != NULL ? opt->from : opt->style;
    job.style = style != NULL ? opt_word(STYLES, style) : 0;
    if (job.style >= 4 && job.op->run != run_check)
        return ctx_usage(ctx, "'%s' is a style of `check` alone", style), 2;
    if (convert && opt->to == NULL)
        return ctx_usage(ctx, "say what to convert to: --to " ECOSYSTEMS), 2;
    job.eco = job.style < 4 ? (relver_eco)job.style : RELVER_SEMVER;
    job.to = convert ? (relver_eco)opt_word(ECOSYSTEMS, opt->to) : RELVER_SEMVER;
    job.space = arena_alloc(ctx->arena, job.cap);
    const char *const *operand = ctx->operands + 1;
    if (ctx->count == 1)
        return run_rows(&job);
    return (job.op->run == run_sort ? sort_operands : run_operands)(&job, operand, ctx->count - 1);
}
