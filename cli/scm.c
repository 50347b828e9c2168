#include "scm.h"

#include "str.h"

#include <string.h>

struct scm {
    const struct scm_state *state;
    relver_str tag; /* its version's normal form, without the local part */
    relver_pep440 version;
    struct text out;
};

static bool is_word(char c)
{
    return is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
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
    *local = str_from(tag, at);
    *version = str_cut(local, '+');
    *local = str_from(tag, at + version->len);
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

/*-- version schemes: they add the text before the local part; NULL, or why there is none --------*/

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
        relver_str number = str_cut(&rest, '.');
        if (number.len == 0 || (!stays && i > 1))
            number = relver_s("0");
        text_adds(&s->out, i > 0 ? "." : "");
        if (stays || i != 1)
            text_add(&s->out, number.ptr, number.len);
        else
            add_next(&s->out, number);
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
    relver_str rest = s->state->branch, name = rest, version, local;
    while (rest.len > 0)
        name = str_cut(&rest, '/');
    if (name.ptr == NULL || !split_tag(name, &version, &local))
        return next_minor(s);
    if (version.ptr[0] == 'v')
        version = str_from(version, 1);
    bool same = relver_eq(up_to_minor(version), up_to_minor(s->tag));
    return same ? guess_next(s) : next_minor(s);
}

/* A segment that is there already is not said twice. */
static void add_segment(struct scm *s, relver_str segment)
{
    const char *plus = s->out.ptr == NULL ? NULL : strchr(s->out.ptr, '+');
    for (const char *p = plus; p != NULL; p = strchr(p, '.')) {
        p++;
        if (relver_eq(relver_sn(p, strcspn(p, ".")), segment))
            return;
    }
    text_addf(&s->out, "%c%.*s", plus != NULL ? '.' : '+', STR(segment));
}

/*-- all of it -----------------------------------------------------------------------------------*/

/* The tag's version into s, and its local part, in its normal form; what is no local part goes. */
static bool read_tag(struct scm *s, relver_str *local)
{
    struct arena *a = s->out.arena;
    relver_str version, suffix;
    relver_pep440 v;
    if (!split_tag(s->state->tag, &version, &suffix))
        return false;
    s->tag = str_spelt(a, RELVER_PEP440, version, RELVER_PEP440);
    version.len += suffix.len; /* which stands behind it */
    relver_str whole = str_spelt(a, RELVER_PEP440, version, RELVER_PEP440);
    bool good = relver_pep440_parse(whole, &v, NULL) == RELVER_OK;
    *local = good ? v.local : relver_sn(NULL, 0);
    return relver_pep440_parse(s->tag, &s->version, NULL) == RELVER_OK;
}

const char *scm_version(struct arena *a, const struct scm_state *state, bool by_branch, bool bare,
                        relver_str *out)
{
    struct scm s = {.state = state, .out = {.arena = a}};
    bool exact = state->distance == 0 && !state->dirty;
    relver_str local;
    const char *why = NULL;
    if (!read_tag(&s, &local))
        return "the tag has no version";
    if (exact)
        text_add(&s.out, s.tag.ptr, s.tag.len);
    else
        why = (by_branch ? release_branch : guess_next)(&s);
    if (why != NULL)
        return why;
    while (local.len > 0)
        add_segment(&s, str_cut(&local, '.'));
    if (!exact && !bare && state->node.ptr != NULL)
        add_segment(&s, state->node);
    if (!exact && !bare && state->dirty)
        add_segment(&s, relver_s(arena_printf(a, "d%.*s", STR(state->date))));
    *out = relver_sn(s.out.ptr, s.out.len);
    return NULL;
}
