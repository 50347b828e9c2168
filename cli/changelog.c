/* changelog.c - pure: no file is read or written here */
#include "changelog.h"

#include "names.h"
#include "str.h"

#include <string.h>

/*-- lines ---------------------------------------------------------------------------------------*/

struct reader {
    char fence;   /* '`' or '~': in fenced code, */
    size_t ticks; /* .. which as many close */
    bool comment; /* in an HTML comment */
};

static size_t level_of(relver_str s)
{
    size_t n = str_span(s, "#");
    return n > 3 || (n < s.len && str_span(str_from(s, n), " \t") == 0) ? 0 : n;
}

static size_t bullet(relver_str s)
{
    return str_span(s, "-*+") == 1 && s.len > 1 && s.ptr[1] == ' ' ? 2 : 0;
}

/* Whether a line is fenced code, or one of its fences. */
static bool fenced(struct reader *r, relver_str s)
{
    s = str_from(s, r->fence == '\0' ? bullet(s) : 0);
    char mark[2] = {str_starts(s, "~") ? '~' : '`', '\0'};
    size_t n = str_span(s, mark);
    if (r->fence != '\0') {
        if (mark[0] == r->fence && n >= r->ticks && n == s.len)
            r->fence = '\0';
        return true;
    }
    if (n < 3 || (mark[0] == '`' && str_has(str_from(s, n), "`")))
        return false;
    r->fence = mark[0];
    r->ticks = n;
    return true;
}

static bool commented(struct reader *r, relver_str s)
{
    if (!r->comment && !str_starts(s, "<!--"))
        return false;
    r->comment = !str_has(r->comment ? s : str_from(s, 4), "-->");
    return r->comment || str_ends(s, "-->");
}

/* Footnotes, "[^1]: ..", are none. */
static bool is_link(struct changelog_line *l)
{
    relver_str head = str_until(l->text, "]"), rest = str_behind(l->text, head);
    if (!str_starts(head, "[") || str_starts(head, "[^") || !str_starts(rest, "]:"))
        return false;
    l->label = str_from(head, 1);
    l->url = str_until(str_trim(str_from(rest, 2)), " \t");
    return l->label.len > 0 && l->url.len > 0;
}

static bool is_rule(relver_str s)
{
    char marks[3] = {s.ptr[0], ' ', '\0'};
    return str_span(s, "-*_") > 0 && s.len > 2 && str_span(s, marks) == s.len;
}

static void read_line(struct reader *r, struct changelog_line *l)
{
    relver_str s = l->text;
    if (!r->comment && fenced(r, s))
        l->kind = CODE;
    else if (commented(r, s))
        l->kind = COMMENT;
    else if (s.len == 0)
        l->kind = BLANK;
    else if (str_span(l->all, " ") > 3 || l->all.ptr[0] == '\t')
        l->kind = TEXT;
    else if ((l->level = level_of(s)) > 0)
        l->kind = HEADING;
    else
        l->kind = is_rule(s) ? RULE : is_link(l) ? LINK : TEXT;
}

/*-- sections ------------------------------------------------------------------------------------*/

static bool refuse(struct arena *a, const struct changelog *log, int status, size_t line,
                   const char *what, const char *next, struct fail *fail)
{
    const struct changelog_line *l = &log->lines[line];
    fail_set(fail, a, status, "changelog", log->path, "nothing changed", next, "%s", what);
    fail->line = line + 1;
    fail->col = (size_t)(l->text.ptr - l->all.ptr) + 1;
    return false;
}

/* False: it is no section's. */
static bool read_title(relver_str s, struct changelog_section *out)
{
    static const char dashes[] = " -(\xE2\x80\x93\x94"; /* also an en or em dash */
    relver_semver semver;
    relver_pep440 pep440;
    s = str_trim(str_from(s, 2));
    out->label = str_until(str_from(s, str_span(s, "[")), "] \t(");
    if (str_same(out->label, relver_s("unreleased")))
        return true;
    out->version = str_from(out->label, str_starts(out->label, "v"));
    if (relver_semver_parse(out->version, &semver, NULL) != RELVER_OK &&
        (!str_has(out->version, ".") ||
         relver_pep440_parse(out->version, &pep440, NULL) != RELVER_OK))
        return false;
    s = str_behind(s, out->label);
    if (str_starts(s, "]("))
        s = str_behind(s, str_until(s, ")"));
    s = str_trim(str_from(s, str_span(s, "])")));
    relver_str date = str_until(str_from(s, str_span(s, dashes)), " \t)[");
    if (date.len > 0 && date.ptr > s.ptr && !str_same(date, relver_s("yanked")))
        out->date = date;
    return true;
}

/* Where it ends, and what it says: headings count once text follows. */
static void measure(const struct changelog *log, struct changelog_section *s)
{
    const struct changelog_line *l = log->lines;
    for (s->end = s->title + 1; s->end < log->line_count &&
                                (l[s->end].level == 0 || l[s->end].level == 3);)
        s->end++;
    size_t from = s->title + 1, to = s->end;
    while (to > from && l[to - 1].kind < TEXT)
        to--;
    while (from < to && l[from].kind < HEADING)
        from++;
    s->body = relver_sn(l[from].all.ptr, 0);
    if (from < to)
        s->body.len = (size_t)(l[to - 1].text.ptr + l[to - 1].text.len - s->body.ptr);
}

static bool read_lines(struct arena *a, relver_str text, struct changelog *log, struct fail *fail)
{
    struct reader r = {0};
    size_t opened = 0;
    bool more;
    do {
        struct changelog_line l = {.all = text};
        bool open = r.fence != '\0' || r.comment;
        more = str_line(&text, &l.all);
        l.text = str_trim(l.all);
        read_line(&r, &l);
        opened = open ? opened : log->line_count;
        log->eol = str_ends(l.all, "\r") ? "\r\n" : log->eol;
        log->lines = arena_more(a, log->lines, log->line_count, sizeof l);
        log->lines[log->line_count] = l;
        log->line_count += more;
    } while (more);
    return (r.fence == '\0' && !r.comment) ||
           refuse(a, log, 2, opened, r.comment ? "the comment is not closed"
                                               : "the fenced code is not closed",
                  "close it, then: relver check changelog", fail);
}

bool changelog_read(struct arena *a, const char *path, relver_str text, struct changelog *log,
                    struct fail *fail)
{
    struct names seen = {NULL, 0, 0};
    *log = (struct changelog){.path = path, .eol = "\n"};
    if (!read_lines(a, text, log, fail))
        return false;
    for (size_t i = 0; i < log->line_count; i++) {
        struct changelog_section s = {.title = i};
        if (log->lines[i].level != 2 || !read_title(log->lines[i].text, &s))
            continue;
        relver_str key = s.version.ptr != NULL ? s.version : relver_s("");
        const struct changelog_line *twin = names_get(&seen, 0, key);
        if (twin != NULL)
            return refuse(a, log, 2, i, arena_printf(a, "'%.*s' has a section in line %d already",
                                                     STR(s.label), (int)(twin - log->lines) + 1),
                          "make one of the two, then: relver check changelog", fail);
        names_put(a, &seen, 0, key, &log->lines[i]);
        measure(log, &s);
        log->sections = arena_more(a, log->sections, log->count, sizeof s);
        log->sections[log->count++] = s;
    }
    for (size_t i = 0; i < log->count; i++)
        if (log->sections[i].version.ptr == NULL)
            log->unreleased = &log->sections[i];
    return true;
}

const struct changelog_section *changelog_find(const struct changelog *log, relver_eco scheme,
                                               relver_str version)
{
    int order;
    for (size_t i = 0; i < log->count; i++)
        if (relver_compare(scheme, log->sections[i].version, version, &order, NULL) == RELVER_OK &&
            order == 0)
            return &log->sections[i];
    return NULL;
}

/*-- what a section says -------------------------------------------------------------------------*/

relver_str changelog_lines(struct arena *a, const struct changelog *log,
                           const struct changelog_section *section)
{
    struct text t = {.arena = a};
    bool in = false; /* the first paragraph of an item */
    text_adds(&t, "");
    for (size_t i = section->title + 1; i < section->end; i++) {
        const struct changelog_line *l = &log->lines[i];
        bool item = l->kind == TEXT && bullet(l->text) > 0;
        bool margin = l->text.ptr - l->all.ptr < 2;
        in = l->kind == TEXT && (item ? margin : in);
        if (in)
            text_addf(&t, "%s%s%.*s", item && t.len > 0 ? "\n" : "", item ? "- " : " ",
                      STR(str_trim(str_from(l->text, bullet(l->text)))));
    }
    return relver_sn(t.ptr, t.len);
}

relver_str changelog_notes(struct arena *a, const struct changelog *log,
                           const struct changelog_section *section)
{
    struct text t = {.arena = a};
    relver_str body = section->body;
    const char *gap = log->eol;
    text_add(&t, body.ptr, body.len);
    for (const struct changelog_line *l = log->lines; l < log->lines + log->line_count; l++) {
        bool inside = l->all.ptr >= body.ptr && l->all.ptr < body.ptr + body.len;
        if (l->kind != LINK || inside ||
            str_seek(body, relver_s(arena_printf(a, "[%.*s]", STR(l->label)))).ptr == NULL)
            continue;
        text_addf(&t, "%s%s%.*s", log->eol, gap, STR(l->text));
        gap = "";
    }
    return relver_sn(t.ptr, t.len);
}

/*-- rolling -------------------------------------------------------------------------------------*/

struct edits {
    struct arena *arena;
    const struct changelog *log;
    const struct changelog_roll *roll;
    relver_edit *at;
    size_t count;
};

static void add_edit(struct edits *e, relver_str at, relver_str text)
{
    e->at = arena_more(e->arena, e->at, e->count, sizeof *e->at);
    e->at[e->count++] = (relver_edit){at, text, 0};
}

/* Text as the lines before a line; it ends as they do. */
static void insert(struct edits *e, size_t line, const char *text)
{
    const char *at = e->log->lines[line].all.ptr, *eol = e->log->eol;
    bool open = at[-1] != '\n';
    add_edit(e, relver_sn(at, 0), relver_s(arena_printf(e->arena, "%s%s%s", open ? eol : "", text,
                                                        open ? "" : eol)));
}

/* A rule between sections comes along; headings without content stay neither here nor there. */
static void roll_section(struct edits *e)
{
    const struct changelog_section *un = e->log->unreleased;
    const struct changelog_line *lines = e->log->lines;
    const struct changelog_roll *r = e->roll;
    const char *eol = e->log->eol, *rule = "", *head = NULL;
    bool bracket = str_has(lines[un->title].text, "[");
    for (size_t i = un->end; i > un->title && lines[i - 1].kind < TEXT; i--)
        if (lines[i - 1].kind == RULE)
            rule = arena_printf(e->arena, "%.*s%s%s", STR(lines[i - 1].text), eol, eol);
    insert(e, un->title + 1, arena_printf(e->arena, "%s%s## %s%.*s%s - %.*s", eol, rule,
                                          bracket ? "[" : "", STR(r->version), bracket ? "]" : "",
                                          STR(r->date)));
    for (size_t i = un->title + 1; i <= un->end; i++) {
        bool content = lines[i].kind > COMMENT;
        if (head != NULL && (i == un->end || (content && lines[i].kind < TEXT)))
            add_edit(e, relver_sn(head, (size_t)(lines[i].all.ptr - head)), relver_s(""));
        if (content)
            head = lines[i].kind == HEADING ? lines[i].all.ptr : NULL;
    }
}

/* The line of a label's definition; line_count: there is none. */
static size_t find_link(const struct changelog *log, relver_str label)
{
    size_t i = 0;
    while (i < log->line_count && (log->lines[i].kind != LINK ||
                                   !str_same(log->lines[i].label, label)))
        i++;
    return i;
}

/* s with one of its parts replaced. */
static relver_str with(struct arena *a, relver_str s, relver_str part, relver_str text)
{
    return relver_s(arena_printf(a, "%.*s%.*s%.*s", (int)(part.ptr - s.ptr), s.ptr, STR(text),
                                 STR(str_behind(s, part))));
}

/* The ends of a comparison: .../compare/FROM...TO, else the last version's tag and HEAD, wherever
   they stand. */
static bool compared(struct edits *e, relver_str url, const struct changelog_section *before,
                     relver_str *from, relver_str *to)
{
    const struct changelog_roll *r = e->roll;
    relver_str at = str_seek(url, relver_s("/compare/")), dots = str_seek(url, relver_s("..."));
    if (at.ptr != NULL && dots.ptr > at.ptr) {
        *from = relver_sn(at.ptr + at.len, (size_t)(dots.ptr - at.ptr) - at.len);
        *to = str_behind(url, dots);
        return true;
    }
    at = str_seek(r->tag, r->version);
    if (before == NULL || at.ptr == NULL)
        return false;
    *from = str_seek(url, with(e->arena, r->tag, at, before->version));
    *to = str_seek(url, relver_s("HEAD"));
    return from->ptr != NULL && to->ptr != NULL;
}

/* [unreleased] compares from this version's tag now, and a new definition to it: from the tag that
   was there; the first one names its release. */
static void roll_links(struct edits *e)
{
    const struct changelog_roll *r = e->roll;
    const struct changelog *log = e->log;
    const struct changelog_section *before = log->sections, *end = before + log->count;
    size_t line = find_link(log, relver_s("unreleased"));
    relver_str url = log->lines[line].url, tag = r->tag, from, to, now;
    while (before < end && (before->version.ptr == NULL || relver_eq(before->version, r->version)))
        before++;
    if (line == log->line_count || find_link(log, r->version) < log->line_count ||
        !compared(e, url, before < end ? before : NULL, &from, &to))
        return;
    if (tag.ptr == NULL && before < end && str_seek(from, before->version).ptr != NULL)
        tag = with(e->arena, from, str_seek(from, before->version), r->version);
    if (tag.ptr == NULL || relver_eq(from, tag))
        return;
    if (before < end) {
        now = with(e->arena, url, to, tag);
    } else {
        relver_str site = relver_sn(url.ptr, (size_t)(from.ptr - url.ptr) - 9);
        now = relver_s(arena_printf(e->arena, "%.*s%s%.*s", STR(site),
                                    str_ends(site, "/-") ? "/tags/" : "/releases/tag/", STR(tag)));
    }
    add_edit(e, from, tag);
    insert(e, line + 1, arena_printf(e->arena, "[%.*s]: %.*s", STR(r->version), STR(now)));
}

/* The n-th cell of a row, with the blanks in it; absent: there are fewer. */
static relver_str cell(relver_str row, size_t n)
{
    for (size_t len; row.len > 1; row = str_from(row, len)) {
        for (len = 1; len < row.len && (row.ptr[len] != '|' || row.ptr[len - 1] == '\\');)
            len++;
        if (n-- == 0)
            return relver_sn(row.ptr + 1, len - 1);
    }
    return relver_sn(NULL, 0);
}

/* Whether there is a table of versions that has no row for one; and the line of its head. */
static bool lacks_row(const struct changelog *log, relver_str version, size_t *head)
{
    const struct changelog_line *l = log->lines, *end = l + log->line_count;
    while (l < end && (l->kind != HEADING ||
                       str_seek(l->text, relver_s("version comparison")).ptr == NULL))
        l++;
    for (l++; l < end && l->kind != HEADING && !str_starts(l->text, "|");)
        l++;
    *head = (size_t)(l - log->lines);
    if (l + 1 >= end || !str_starts(l[1].text, "|") ||
        !str_same(str_trim(cell(l->text, 0)), relver_s("version")))
        return false;
    for (l += 2; str_starts(l->text, "|"); l++) {
        relver_str c = cell(l->text, 0);
        c = str_from(c, str_span(c, " *`[v"));
        if (str_same(str_until(c, " *`]"), version))
            return false;
    }
    return true;
}

/* Its cells are as wide as the head's: the date where that says so, in the first other one what the
   section says first. */
static void roll_table(struct edits *e, const struct changelog_section *s, relver_str date)
{
    struct text t = {.arena = e->arena};
    relver_str says = changelog_lines(e->arena, e->log, s), c;
    size_t head, start;
    if (!lacks_row(e->log, e->roll->version, &head))
        return;
    says = str_until(str_from(says, str_span(says, "- ")), "\n");
    says.len -= str_ends(says, ".");
    for (size_t i = 0; (c = cell(e->log->lines[head].text, i)).ptr != NULL; i++) {
        bool dated = str_seek(c, relver_s("date")).ptr != NULL;
        relver_str text = i == 0 ? e->roll->version : dated ? date : says;
        text_adds(&t, "| ");
        start = t.len;
        for (size_t k = 0; k < text.len; k++)
            text_addf(&t, "%s%c", text.ptr[k] == '|' ? "\\" : "", text.ptr[k]);
        do
            text_addc(&t, ' ');
        while (t.len - start + 1 < c.len);
        if (i > 0 && !dated)
            says.len = 0;
    }
    text_addc(&t, '|');
    insert(e, head + 2, t.ptr);
}

bool changelog_roll(struct arena *a, const struct changelog *log, const struct changelog_roll *roll,
                    relver_edit **edits, size_t *count, struct fail *fail)
{
    struct edits e = {a, log, roll, NULL, 0};
    const struct changelog_section *un = log->unreleased;
    const struct changelog_section *own = changelog_find(log, roll->scheme, roll->version);
    bool full = un != NULL && un->body.len > 0;
    if (roll->moves && !roll->forced && full == (own != NULL))
        return refuse(
            a, log, 1, un != NULL ? un->title : log->count > 0 ? log->sections->title : 0,
            own != NULL ? arena_printf(a, "%.*s has a section in line %d, which lacks what is "
                                       "unreleased", STR(roll->version), (int)own->title + 1)
            : un != NULL ? "there is nothing under [Unreleased]"
            : arena_printf(a, "there is no section [Unreleased], nor one of %.*s",
                           STR(roll->version)),
            own != NULL ? "name another version, or add --override changelog=WHY"
            : "write below \"## [Unreleased]\" what is new, or add --override changelog=WHY", fail);
    if (own != NULL || (un != NULL && (full || roll->moves))) {
        if (own == NULL)
            roll_section(&e);
        roll_table(&e, own != NULL ? own : un,
                   own != NULL && own->date.ptr != NULL ? own->date : roll->date);
        roll_links(&e);
    }
    *edits = e.at;
    *count = e.count;
    return true;
}

/*-- checking ------------------------------------------------------------------------------------*/

/* What is wrong with a date; NULL: nothing. */
static const char *date_fault(relver_str date, relver_str today, bool *warning)
{
    static const char more[] = "303232332323"; /* than 28 days */
    relver_str day = date, year = str_cut(&day, '-'), month = str_cut(&day, '-');
    size_t y, m, d;
    *warning = year.len == 4 && month.len == 2 && day.len == 2 && str_number(year, &y) &&
               str_number(month, &m) && str_number(day, &d);
    if (!*warning)
        return "is no date of the form YYYY-MM-DD";
    if (m < 1 || m > 12 || d < 1 || d > 28 + (size_t)(more[m - 1] - '0') + (m == 2 && y % 4 == 0))
        return "is no day of the calendar";
    return memcmp(date.ptr, today.ptr, 10) > 0 ? "lies in the future" : NULL;
}

enum fault { ERROR, ROLLS, DATE, ORDER, DEFINITION, WORD, EMPTY };

struct check {
    struct arena *arena;
    const struct changelog *log;
    struct changelog_note *notes;
    size_t count;
    unsigned told; /* a bit for each kind of warning */
};

/* `at`: in the line; what is wrong with it. */
static void tell(struct check *c, enum fault kind, size_t line, relver_str at, const char *what)
{
    unsigned bit = kind > ROLLS ? 1u << kind : 0;
    size_t col = (size_t)(at.ptr - c->log->lines[line].all.ptr) + 1;
    if ((c->told & bit) != 0)
        return;
    c->told |= bit;
    c->notes = arena_more(c->arena, c->notes, c->count, sizeof *c->notes);
    c->notes[c->count++] = (struct changelog_note){
        line + 1, col, bit != 0, kind == ROLLS, arena_printf(c->arena, "'%.*s' %s", STR(at), what)};
}

static void check_words(struct check *c, const struct changelog_section *un)
{
    static const char words[] = "Added, Changed, Deprecated, Removed, Fixed, Security";
    for (size_t i = un->title + 1; i < un->end; i++) {
        const struct changelog_line *l = &c->log->lines[i];
        relver_str word = str_trim(str_from(l->text, l->level));
        if (l->kind == HEADING && str_seek(relver_s(words), word).ptr == NULL)
            tell(c, WORD, i, word, arena_printf(c->arena, "is none of %s", words));
    }
}

/* Dates, the order, and definitions, which are missed where another version has one. */
static void check_sections(struct check *c, relver_eco scheme, relver_str today)
{
    struct names links = {NULL, 0, 0};
    const struct changelog_section *above = NULL, *bare = NULL;
    bool warning, linked = false;
    int order;
    for (size_t i = 0; i < c->log->line_count; i++)
        if (c->log->lines[i].kind == LINK)
            names_put(c->arena, &links, 0, c->log->lines[i].label, &links);
    for (size_t i = 0; i < c->log->count; i++) {
        const struct changelog_section *s = &c->log->sections[i];
        const char *fault = s->date.ptr != NULL ? date_fault(s->date, today, &warning) : NULL;
        if (fault != NULL)
            tell(c, warning ? DATE : ERROR, s->title, s->date, fault);
        if (s->version.ptr == NULL)
            continue;
        if (above != NULL && relver_compare(scheme, above->version, s->version, &order, NULL) ==
                                 RELVER_OK && order < 0)
            tell(c, ORDER, s->title, s->version, "stands below a lower version");
        above = s;
        bool has = names_get(&links, 0, s->label) != NULL;
        linked = linked || has;
        if (!has && bare == NULL && s->label.ptr[-1] == '[')
            bare = s;
    }
    if (linked && bare != NULL)
        tell(c, DEFINITION, bare->title, bare->label, "has no link definition, as others have");
}

void changelog_check(struct arena *a, const struct changelog *log, relver_eco scheme,
                     relver_str version, bool tagged, relver_str today,
                     struct changelog_note **notes, size_t *count)
{
    struct check c = {.arena = a, .log = log};
    const struct changelog_section *own = changelog_find(log, scheme, version);
    const struct changelog_section *un = log->unreleased;
    bool full = un != NULL && un->body.len > 0;
    size_t head;
    if (version.ptr != NULL && own == NULL && (tagged || !full))
        tell(&c, full ? ROLLS : ERROR, un != NULL ? un->title : 0, un != NULL ? un->label
             : log->lines->text, arena_printf(a, "is there, but no section of %.*s", STR(version)));
    if (own != NULL && own->body.len == 0)
        tell(&c, EMPTY, own->title, own->version, "has an empty section");
    if (own != NULL && lacks_row(log, version, &head))
        tell(&c, ROLLS, head, log->lines[head].text, arena_printf(a, "has no row for %.*s",
                                                                  STR(version)));
    if (un != NULL)
        check_words(&c, un);
    check_sections(&c, scheme, today);
    *notes = c.notes;
    *count = c.count;
}

/*-- adding --------------------------------------------------------------------------------------*/

bool changelog_add(struct arena *a, const struct changelog *log, const char *type, relver_str what,
                   relver_edit *edit, struct fail *fail)
{
    const struct changelog_section *s = log->unreleased;
    struct text t = {.arena = a};
    bool inside = false, there = false;
    if (s == NULL)
        return refuse(a, log, 2, 0, "there is no section 'Unreleased'", "write '## [Unreleased]'",
                      fail);
    const struct changelog_line *last = &log->lines[s->title];
    for (size_t i = s->title + 1; i < s->end; i++) {
        const struct changelog_line *l = &log->lines[i];
        if (l->kind == HEADING)
            inside = str_is(str_trim(str_from(l->text, l->level)), type);
        there = there || inside;
        if (l->kind >= HEADING && (inside || !there))
            last = l;
    }
    if (!there)
        text_addf(&t, "%s%s### %s", log->eol, log->eol, type);
    if (!there || last->kind == HEADING)
        text_adds(&t, log->eol);
    text_adds(&t, log->eol);
    for (relver_str line, lead = relver_s("- "); str_line(&what, &line); lead = relver_s("  "))
        text_addf(&t, "%.*s%.*s%s", line.len > 0 ? 2 : 0, lead.ptr, STR(line),
                  what.len > 0 ? log->eol : "");
    *edit = (relver_edit){relver_sn(last->text.ptr + last->text.len, 0), {t.ptr, t.len}, 0};
    return true;
}
