/* changelog.h - a changelog in the form of Keep a Changelog: read, rolled and checked; pure: bytes
   in, bytes and edits out

   A roll inserts. It takes away nothing but headings without content from what is released, and the
   tag that the definition of [unreleased] compares from: no byte of an older section changes. */
#ifndef RELVER_CHANGELOG_H
#define RELVER_CHANGELOG_H

#include "../relver.h"
#include "arena.h"
#include "msg.h"

struct changelog_line {
    enum { BLANK, COMMENT, RULE, LINK, HEADING, TEXT, CODE } kind;
    relver_str all, text;  /* without its end; and without blanks around */
    size_t level;          /* of a heading, 1 to 3 */
    relver_str label, url; /* of "[label]: url" */
};

/* "## [1.2.3] - 2026-11-21", "## v1.2.3 (2026-11-21)", "## 1.2.3 [YANKED]", "## [Unreleased]". */
struct changelog_section {
    relver_str label, version; /* absent: Unreleased */
    relver_str date;           /* as written; absent: none */
    size_t title, end;         /* its lines: the heading, and the next section's or the last */
    relver_str body;           /* what it says: first line to last; empty: nothing */
};

struct changelog {
    const char *path; /* for messages */
    const char *eol;
    struct changelog_line *lines; /* and an empty one at the end */
    size_t line_count;
    struct changelog_section *sections;
    size_t count;
    const struct changelog_section *unreleased; /* NULL: none */
};

/* Line by line; fenced code and HTML comments are passed over (CommonMark 0.31). Exit code 2,
   "changelog", for code or a comment that is not closed, and for two sections of one label. */
bool changelog_read(struct arena *a, const char *path, relver_str text, struct changelog *out,
                    struct fail *fail);

/* The section of a version in any spelling; NULL: none. */
const struct changelog_section *changelog_find(const struct changelog *log, relver_eco scheme,
                                               relver_str version);

struct changelog_roll {
    relver_eco scheme;
    relver_str version, date; /* YYYY-MM-DD */
    relver_str tag;
    bool moves;  /* to this version; else it was there, and may be out already */
    bool forced; /* past the refusals */
};

/* The edits that make what is unreleased the section of a version, with its row in a table under
   "Version Comparison" and its link definition; what is there already stays. Exit code 1,
   "changelog", when nothing is unreleased, and when the version has a section and something is. */
bool changelog_roll(struct arena *a, const struct changelog *log, const struct changelog_roll *roll,
                    relver_edit **edits, size_t *count, struct fail *fail);

/* The edit that adds a line to what is unreleased, below the heading of its type ("Fixed"), which
   comes last when it is new. Exit code 2, "changelog", without a section for it. */
bool changelog_add(struct arena *a, const struct changelog *log, const char *type, relver_str what,
                   relver_edit *edit, struct fail *fail);

/* What a section says, with the link definitions that it uses from elsewhere. */
relver_str changelog_notes(struct arena *a, const struct changelog *log,
                           const struct changelog_section *section);

/* The items of its lists, each one line: "- text". */
relver_str changelog_lines(struct arena *a, const struct changelog *log,
                           const struct changelog_section *section);

/* Something that is not as it should be; the first of each kind of warning stands for all. */
struct changelog_note {
    size_t line, col;
    bool warning;
    bool rolls; /* a roll mends it */
    const char *what;
};

/* version: the project's, which needs a section when it is to be tagged, or when nothing is
   unreleased; absent: it does not. */
void changelog_check(struct arena *a, const struct changelog *log, relver_eco scheme,
                     relver_str version, bool tagged, relver_str today,
                     struct changelog_note **notes, size_t *count);

#endif
