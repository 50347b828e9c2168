#include "scm.h"

#include <string.h>

struct scm {
    const struct scm_state *state;
    relver_str tag; /* its version's normal form, without the local part */
    relver_pep440 version;
    struct text out;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    char lower = (char)(c | 32);
    return is_digit(c) || (lower >= 'a' && lower <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

/* ^([\w-]+-)?([vV]?\d[^+]*)(\+.*)?$ with the longest first part: its second and third. */
static bool split_tag(relver_str tag, relver_str *version, relver_str *local)
{
    size_t at = 0;
    while (at < tag.len && (is_word(tag.ptr[at]) || tag.ptr[at] == '-'))
        at++;
    for (;; at--) {
        bool begins = at == 0 || (at > 1 && tag.ptr[at - 1] == '-');
        size_t digit = at + (at < tag.len && (tag.ptr[at] | 32) == 'v');
        if (begins && digit < tag.len && is_digit(tag.ptr[digit]))
            break;
        if (at == 0)
            return false;
    }
    const char *plus = memchr(tag.ptr + at, '+', tag.len - at);
    size_t end = plus != NULL ? (size_t)(plus - tag.ptr) : tag.len;
    *version = relver_sn(tag.ptr + at, end - at);
    *local = relver_sn(tag.ptr + end, tag.len - end);
    return true;
}

/* text + 1, at any size. */
static void add_next(struct text *out, relver_str digits)
{
    size_t start = out->len, i = out->len + digits.len;
    text_add(out, digits.ptr, digits.len);
    while (i > start && out->ptr[i - 1] == '9')
        out->ptr[--i] = '0';
    if (i > start) {
        out->ptr[i - 1]++;
    } else {
        out->ptr[start] = '1';
        text_addc(out, '0');
    }
}

/*-- version schemes: from s->tag to the text before the local part ------------------------------*/

static const char *add_dev(struct scm *s)
{
    text_addf(&s->out, ".dev%zu", s->state->distance);
    return NULL;
}

/* .dev0 announces the version that is coming: without it, that is the one. */
static const char *guess_next(struct scm *s)
{
    size_t digits = s->tag.len;
    if (relver_eq(s->version.dev, relver_s("0"))) {
        text_add(&s->out, s->tag.ptr, s->tag.len - strlen(".dev0"));
        return add_dev(s);
    }
    if (s->version.dev.ptr != NULL)
        return "a tag with .devN leaves no number to count; only .dev0 can be tagged";
    while (is_digit(s->tag.ptr[digits - 1]))
        digits--;
    text_add(&s->out, s->tag.ptr, digits);
    add_next(&s->out, relver_sn(s->tag.ptr + digits, s->tag.len - digits));
    return add_dev(s);
}

/* At least three numbers: the second counts on and what follows it is 0; a tag of .dev0 stays as it
   is. The epoch goes, as in the original. */
static const char *next_minor(struct scm *s)
{
    relver_str rest = s->version.release;
    bool stays = relver_eq(s->version.dev, relver_s("0"));
    for (size_t i = 0; i < 3 || (stays && rest.len > 0); i++) {
        const char *dot = rest.len > 0 ? memchr(rest.ptr, '.', rest.len) : NULL;
        relver_str number = {rest.ptr, dot != NULL ? (size_t)(dot - rest.ptr) : rest.len};
        if (number.len == 0 || (!stays && i > 1))
            number = relver_s("0");
        text_adds(&s->out, i > 0 ? "." : "");
        if (stays || i != 1)
            text_add(&s->out, number.ptr, number.len);
        else
            add_next(&s->out, number);
        rest = dot != NULL ? relver_sn(dot + 1, (size_t)(rest.ptr + rest.len - dot) - 1)
                           : relver_sn(rest.ptr, 0);
    }
    return add_dev(s);
}

/* "0.4" of 0.4.5, of 0.4 and of 0.4.x. */
static relver_str up_to_minor(relver_str version)
{
    size_t dots = 0, end = 0;
    while (end < version.len && (version.ptr[end] != '.' || ++dots < 2))
        end++;
    return relver_sn(version.ptr, end);
}

static const char *release_branch(struct scm *s)
{
    relver_str name = s->state->branch, version, local;
    for (size_t i = name.len; i > 0; i--)
        if (name.ptr[i - 1] == '/') {
            name = relver_sn(name.ptr + i, name.len - i);
            break;
        }
    if (name.ptr == NULL || !split_tag(name, &version, &local))
        return next_minor(s);
    if (version.ptr[0] == 'v')
        version = relver_sn(version.ptr + 1, version.len - 1);
    bool same = relver_eq(up_to_minor(version), up_to_minor(s->tag));
    return same ? guess_next(s) : next_minor(s);
}

/*-- local schemes -------------------------------------------------------------------------------*/

/* A segment that is there already is not said twice. */
static void add_segment(struct scm *s, relver_str segment)
{
    const char *plus = s->out.ptr == NULL ? NULL : strchr(s->out.ptr, '+');
    for (const char *p = plus; p != NULL; p = strchr(p, '.')) {
        p++;
        if (relver_eq(relver_sn(p, strcspn(p, ".")), segment))
            return;
    }
    text_addf(&s->out, "%c%.*s", plus != NULL ? '.' : '+', (int)segment.len, segment.ptr);
}

static const char *node_and_date(struct scm *s)
{
    if (s->state->node.ptr != NULL)
        add_segment(s, s->state->node);
    if (s->state->dirty)
        add_segment(s, relver_s(arena_printf(s->out.arena, "d%.*s", (int)s->state->date.len,
                                             s->state->date.ptr)));
    return NULL;
}

static const char *no_local(struct scm *s)
{
    return (void)s, NULL;
}

/*-- all of it -----------------------------------------------------------------------------------*/

/* The first of each is the one used when none is named. */
static const struct scheme {
    const char *name;
    const char *(*run)(struct scm *s); /* adds to s->out; NULL, or why it cannot */
} schemes[] = {
    {"guess-next-dev", guess_next},
    {"release-branch-semver", release_branch},
    {NULL, NULL},
}, locals[] = {
    {"node-and-date", node_and_date},
    {"no-local-version", no_local},
    {NULL, NULL},
};

static const struct scheme *find(const struct scheme *s, relver_str name)
{
    while (s->name != NULL && name.ptr != NULL && !relver_eq(name, relver_s(s->name)))
        s++;
    return s;
}

static relver_str normal(struct arena *a, const relver_pep440 *v)
{
    relver_buf buf = {NULL, 0, 0};
    relver_pep440_write(&buf, v);
    buf.cap = buf.len + 1;
    buf.ptr = arena_alloc(a, buf.cap);
    buf.len = 0;
    relver_pep440_write(&buf, v);
    return relver_view(&buf);
}

/* The tag's version into s, and its local part, in its normal form. */
static bool read_tag(struct scm *s, relver_str *local)
{
    relver_str version, suffix;
    relver_pep440 v;
    if (!split_tag(s->state->tag, &version, &suffix) ||
        relver_pep440_parse(version, &v, NULL) != RELVER_OK)
        return false;
    s->tag = normal(s->out.arena, &v);
    version.len += suffix.len; /* which stands behind it; what is no local part is dropped */
    if (relver_pep440_parse(version, &v, NULL) != RELVER_OK)
        v.local.ptr = NULL;
    else if (v.local.ptr != NULL)
        relver_pep440_parse(normal(s->out.arena, &v), &v, NULL);
    *local = v.local;
    return relver_pep440_parse(s->tag, &s->version, NULL) == RELVER_OK;
}

const char *scm_version(struct arena *a, const struct scm_state *state, relver_str scheme,
                        relver_str local_scheme, relver_str *out)
{
    struct scm s = {.state = state, .out = {.arena = a}};
    const struct scheme *next = find(schemes, scheme), *mark = find(locals, local_scheme);
    relver_str local;
    if (next->name == NULL || mark->name == NULL)
        return "no such scheme";
    if (!read_tag(&s, &local))
        return "the tag has no version";
    bool exact = state->distance == 0 && !state->dirty;
    const char *why = NULL;
    if (exact)
        text_add(&s.out, s.tag.ptr, s.tag.len);
    else
        why = next->run(&s);
    for (size_t n; why == NULL && local.len > 0; local.ptr += n, local.len -= n) {
        const char *dot = memchr(local.ptr, '.', local.len);
        n = dot != NULL ? (size_t)(dot - local.ptr) : local.len;
        add_segment(&s, relver_sn(local.ptr, n));
        n += dot != NULL;
    }
    if (why == NULL && !exact)
        why = mark->run(&s);
    if (why == NULL)
        *out = relver_sn(s.out.ptr, s.out.len);
    return why;
}
