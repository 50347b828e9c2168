/* strings.c - every short string over a small alphabet, as a version and as a range: relver takes
   exactly those that a regular expression does, written from the specification and run as a table.
   What is taken must write back or mean what the checks here say. usage: strings [long] */
#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../check.h"
#include <stdint.h>
#include <stdlib.h>

/* ---- regular expressions: ( ) | * + ? and bytes, as a deterministic automaton ---- */

enum { POSITIONS = 2048, STATES = 1024, SYMBOLS = 16, MAX = 9 };

/* A set of positions: those of the bytes in the expression. */
typedef struct set {
    uint64_t bits[POSITIONS / 64];
} set;

static void add(set *to, const set *more)
{
    for (int i = 0; i < POSITIONS / 64; i++)
        to->bits[i] |= more->bits[i];
}

static bool has(const set *s, int at)
{
    return s->bits[at / 64] >> (at % 64) & 1;
}

/* A part of an expression: where it may begin and end, and whether it may be empty (Glushkov). */
struct part {
    set first, last;
    bool empty;
};

static struct {
    const char *at;
    int count;             /* of positions */
    char byte[POSITIONS];
    set follow[POSITIONS];
} re;

static void link_parts(const set *last, const set *first)
{
    for (int i = 0; i < re.count; i++)
        if (has(last, i))
            add(&re.follow[i], first);
}

static struct part either(void);

static struct part atom(void)
{
    struct part p;
    memset(&p, 0, sizeof p);
    if (*re.at == '(') {
        re.at++;
        p = either();
        re.at++;
    } else {
        re.at += *re.at == '\\';
        if (re.count == POSITIONS)
            exit(2);
        p.first.bits[re.count / 64] |= (uint64_t)1 << (re.count % 64);
        p.last = p.first;
        re.byte[re.count++] = *re.at++;
    }
    for (; *re.at != '\0' && strchr("*+?", *re.at) != NULL; re.at++) {
        if (*re.at != '?')
            link_parts(&p.last, &p.first);
        p.empty = p.empty || *re.at != '+';
    }
    return p;
}

static struct part sequence(void)
{
    struct part all;
    memset(&all, 0, sizeof all);
    all.empty = true;
    while (*re.at != '\0' && *re.at != '|' && *re.at != ')') {
        struct part next = atom();
        link_parts(&all.last, &next.first);
        if (all.empty)
            add(&all.first, &next.first);
        if (!next.empty)
            memset(&all.last, 0, sizeof all.last);
        add(&all.last, &next.last);
        all.empty = all.empty && next.empty;
    }
    return all;
}

static struct part either(void)
{
    struct part all = sequence();
    while (*re.at == '|') {
        re.at++;
        struct part other = sequence();
        add(&all.first, &other.first);
        add(&all.last, &other.last);
        all.empty = all.empty || other.empty;
    }
    return all;
}

/* The automaton: state 0 is nowhere, 1 the beginning. */
static struct {
    int count;
    set at[STATES]; /* the positions that the next byte may be */
    bool ends[STATES];
    int next[STATES][SYMBOLS];
} machine;

static int state_of(const set *at, bool ends)
{
    for (int i = 0; i < machine.count; i++)
        if (machine.ends[i] == ends && memcmp(&machine.at[i], at, sizeof *at) == 0)
            return i;
    if (machine.count == STATES)
        exit(2);
    machine.at[machine.count] = *at;
    machine.ends[machine.count] = ends;
    return machine.count++;
}

static void compile(const char *expression, const char *symbols)
{
    struct part all;
    set nowhere;
    memset(&re, 0, sizeof re);
    memset(&machine, 0, sizeof machine);
    memset(&nowhere, 0, sizeof nowhere);
    re.at = expression;
    all = either();
    state_of(&nowhere, false);
    state_of(&all.first, all.empty);
    for (int state = 0; state < machine.count; state++)
        for (int s = 0; symbols[s] != '\0'; s++) {
            set to;
            bool ends = false;
            memset(&to, 0, sizeof to);
            for (int i = 0; i < re.count; i++)
                if (has(&machine.at[state], i) && re.byte[i] == symbols[s]) {
                    add(&to, &re.follow[i]);
                    ends = ends || has(&all.last, i);
                }
            machine.next[state][s] = state_of(&to, ends);
        }
}

/* ---- what ranges mean, written as questions about the numbers that they name ---- */

/* A comparator: its operator, its numbers (-1: any), how many of them it has. */
struct comparator {
    char op[4];
    int number[8], count;
};

/* The version's first numbers against those named: negative, 0, positive. What is left out on the
   other side counts as 0 for Python, and as alike for the others. */
static int against(const int *version, const struct comparator *c, int count)
{
    for (int i = 0; i < count && i < c->count && c->number[i] >= 0; i++)
        if (version[i] != c->number[i])
            return version[i] < c->number[i] ? -1 : 1;
    return 0;
}

static int leading(const struct comparator *c)
{
    int n = 0;
    while (n < c->count && c->number[n] >= 0)
        n++;
    return n;
}

/* How many numbers a caret holds fast: those up to the first that is not 0. */
static int held(const struct comparator *c)
{
    int n = 0, named = leading(c);
    while (n < named && c->number[n] == 0)
        n++;
    return n < named ? n + 1 : n;
}

static bool takes(const struct comparator *c, const int *version)
{
    int order = against(version, c, 3);
    if (leading(c) == 0)
        return strcmp(c->op, "<") != 0 && strcmp(c->op, ">") != 0;
    if (c->op[0] == '^')
        return order >= 0 && against(version, c, held(c)) == 0;
    if (c->op[0] == '~')
        return order >= 0 && against(version, c, 2) == 0;
    if (c->op[0] == '>' || c->op[0] == '<')
        return (order == 0 && c->op[1] == '=') || (c->op[0] == '>' ? order > 0 : order < 0);
    return order == 0;
}

/* Read operator and numbers off *at. */
static struct comparator comparator(const char **at)
{
    struct comparator c;
    memset(&c, 0, sizeof c);
    while (**at == ' ')
        ++*at;
    for (size_t n = 0; **at != '\0' && strchr("<>=~^", **at) != NULL && n < 3; ++*at)
        c.op[n++] = **at;
    while (**at == ' ')
        ++*at;
    for (c.count = 0; **at != '\0' && strchr("01x*.", **at) != NULL;) {
        if (**at == '.') {
            ++*at;
        } else if (**at == 'x' || **at == '*') {
            c.number[c.count++] = -1;
            ++*at;
        } else {
            for (c.number[c.count] = 0; **at == '0' || **at == '1'; ++*at)
                c.number[c.count] = c.number[c.count] * 10 + (**at - '0');
            c.count++;
        }
    }
    return c;
}

static bool npm_alternative(const char *at, const char *end, const int *version)
{
    const char *hyphen = strstr(at, " - ");
    bool all = true;
    while (at < end && *at == ' ')
        at++;
    if (hyphen != NULL && hyphen < end) {
        struct comparator low = comparator(&at), high;
        at = hyphen + 3;
        high = comparator(&at);
        memcpy(low.op, ">=", 3);
        memcpy(high.op, "<=", 3);
        return takes(&low, version) && takes(&high, version);
    }
    while (at < end) {
        struct comparator c = comparator(&at);
        if (c.count > 0)
            all = takes(&c, version) && all;
    }
    return all;
}

static bool npm_takes(const char *text, const int *version)
{
    for (;;) {
        const char *bar = strstr(text, "||"), *end = bar ? bar : text + strlen(text);
        if (npm_alternative(text, end, version))
            return true;
        if (bar == NULL)
            return false;
        text = bar + 2;
    }
}

static bool cargo_takes(const char *text, const int *version)
{
    bool all = true;
    do {
        struct comparator c = comparator(&text);
        if (c.op[0] == '\0')
            c.op[0] = c.count > 0 && c.number[c.count - 1] < 0 ? '=' : '^';
        all = takes(&c, version) && all;
        text += strspn(text, " ");
    } while (*text++ == ',');
    return all;
}

static bool python_clause(const struct comparator *c, const int *version)
{
    int order = 0, named = leading(c);
    bool equal = c->op[0] == '=';
    for (int i = 0; i < 8 && order == 0 && i < (equal && named < c->count ? named : 8); i++) {
        int ours = i < 3 ? version[i] : 0, theirs = i < named ? c->number[i] : 0;
        order = (ours > theirs) - (ours < theirs);
    }
    if (equal)
        return order == 0;
    if (c->op[0] == '~') {
        for (int i = 0; i < named - 1; i++)
            if ((i < 3 ? version[i] : 0) != c->number[i])
                return false;
        return order >= 0;
    }
    return order > 0 || (order == 0 && c->op[1] == '=');
}

static bool python_takes(const char *text, const int *version)
{
    bool all = true;
    for (; *text != '\0'; text += *text == ',') {
        struct comparator c = comparator(&text);
        if (c.count > 0)
            all = python_clause(&c, version) && all;
    }
    return all;
}

/* ---- what is asked of a string that is taken ---- */

static const struct alphabet *now; /* the one that is enumerated */

static void range_means(relver_eco eco, relver_str s, bool (*want)(const char *, const int *))
{
    static const char *const texts[] = {"0.0.0", "0.0.1", "0.1.0", "0.1.1", "1.0.0", "1.0.1",
                                        "1.1.0", "1.1.1", "2.0.0", "10.0.0", "1.10.11"};
    static const int numbers[][3] = {{0, 0, 0}, {0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {1, 0, 0},
                                     {1, 0, 1}, {1, 1, 0}, {1, 1, 1}, {2, 0, 0}, {10, 0, 0},
                                     {1, 10, 11}};
    for (size_t i = 0; i < COUNT(texts); i++) {
        bool yes = false;
        relver_err err = relver_range_match(eco, s, relver_s(texts[i]), true, &yes, NULL);
        if (err != RELVER_OK || yes != want(s.ptr, numbers[i]))
            CHECK_F(false, "'%s' and %s: %s", s.ptr, texts[i], yes ? "taken" : "not taken");
    }
}

/* A prerelease among the bounds is left to the comparison with the real tools. */
static void npm_means(relver_str s)
{
    bool pre = false;
    for (size_t i = 1; i < s.len; i++)
        pre = pre || (s.ptr[i] == '-' && s.ptr[i - 1] != ' ');
    if (!pre)
        range_means(RELVER_NPM, s, npm_takes);
}

static void cargo_means(relver_str s)
{
    if (memchr(s.ptr, '-', s.len) == NULL)
        range_means(RELVER_CARGO, s, cargo_takes);
}

static void python_means(relver_str s)
{
    if (memchr(s.ptr, 'a', s.len) == NULL && strstr(s.ptr, "===") == NULL)
        range_means(RELVER_PEP440, s, python_takes);
}

static void semver_means(relver_str s)
{
    char text[MAX + 1];
    relver_buf out = {text, sizeof text, 0};
    relver_semver v;
    relver_semver_parse(s, &v, NULL);
    relver_semver_write(&out, &v);
    if (!relver_eq(relver_view(&out), s) || relver_semver_compare(&v, &v) != 0)
        CHECK_F(false, "'%s' is written as '%s'", s.ptr, text);
}

/* The normal form is one, equals what was read, and has not another beside it. */
static void pep440_means(relver_str s)
{
    char text[64], again[64];
    relver_buf out = {text, sizeof text, 0}, twice = {again, sizeof again, 0};
    int order = 1;
    relver_check(&out, RELVER_PEP440, s, NULL);
    relver_check(&twice, RELVER_PEP440, relver_view(&out), NULL);
    relver_compare(RELVER_PEP440, s, relver_view(&out), &order, NULL);
    if (strcmp(text, again) != 0 || order != 0 || strcspn(text, "-_") != strlen(text))
        CHECK_F(false, "'%s' is normally '%s', and that '%s'", s.ptr, text, again);
}

static relver_err take_semver(relver_str s)
{
    relver_semver v;
    return relver_semver_parse(s, &v, NULL);
}

static relver_err take_pep440(relver_str s)
{
    relver_pep440 v;
    return relver_pep440_parse(s, &v, NULL);
}

static relver_err take_npm(relver_str s)
{
    return relver_range_check(RELVER_NPM, s, NULL);
}

static relver_err take_cargo(relver_str s)
{
    return relver_range_check(RELVER_CARGO, s, NULL);
}

static relver_err take_python(relver_str s)
{
    return relver_range_check(RELVER_PEP440, s, NULL);
}

/* ---- the languages ---- */

#define NUM "(0|1(0|1)*)"
#define IDENT(letters) "(" NUM "|(0|1)*" letters "(0|1|" letters ")*)"
#define DOTTED(ident) ident "(\\." ident ")*"

/* SemVer 2.0.0, "Backus-Naur Form Grammar". */
#define SEMVER_LETTER "(a|Z|-)"
#define SEMVER NUM "\\." NUM "\\." NUM "(-" DOTTED(IDENT(SEMVER_LETTER)) ")?" \
    "(\\+" DOTTED("(0|1|" SEMVER_LETTER ")+") ")?"

/* PEP 440, appendix B; the symbol d stands for "dev". */
#define N "(0|1)+"
#define SEP "(\\.|-|_)?"
#define WORD "(0|1|a|r|c|d)+"
#define PEP440 "(" N "!)?" N "(\\." N ")*(" SEP "(a|c|rc)" SEP "(" N ")?)?" \
    "(-" N "|" SEP "r" SEP "(" N ")?)?(" SEP "d" SEP "(" N ")?)?(\\+" WORD "((\\.|-|_)" WORD ")*)?"

/* node-semver's ranges, without what it mends. An "=" may stand twice before less than three
   numbers; behind ^ and ~ it may follow. There, and in a hyphen range, a number may follow a
   wildcard. */
#define NPM_PRE "(-" DOTTED(IDENT("(x|-)")) ")?"
#define PARTLY "(x(\\.x(\\.x" NPM_PRE ")?)?|" NUM "(\\.x(\\.x" NPM_PRE ")?)?|" \
    NUM "\\." NUM "(\\.x" NPM_PRE ")?)"
#define WHOLE NUM "\\." NUM "\\." NUM NPM_PRE
#define NPM_ONE "(>=?|=)?(( *|=)" PARTLY "| *" WHOLE ")"
#define LOOSE "(x|" NUM ")"
#define END LOOSE "(\\." LOOSE "(\\." LOOSE NPM_PRE ")?)?"
#define NPM_ALL " *((" NPM_ONE "( +" NPM_ONE ")*|" END " +- +" END ") *)?"
#define NPM NPM_ALL "(\\|\\|" NPM_ALL ")*"
#define CARET_ONE "(((<=?|=)?(( *|=)(x(\\.x(\\.x)?)?|" NUM "(\\.x(\\.x)?)?|" NUM "\\." NUM \
    "(\\.x)?)| *" NUM "\\." NUM "\\." NUM "))|(^|~)( *|=)" LOOSE "(\\." LOOSE "(\\." LOOSE ")?)?)"
#define CARET "( *" CARET_ONE "( +" CARET_ONE ")*)? *"

/* The semver crate's requirements. */
#define CARGO_ONE " *(>|>=|=|^)? *(" NUM "(\\.\\*(\\.\\*)?)?|" NUM "\\." NUM "(\\.\\*)?|" \
    NUM "\\." NUM "\\." NUM "(-" DOTTED(IDENT("-")) ")?) *"
#define CARGO " *\\* *|" CARGO_ONE "(," CARGO_ONE ")*"

/* packaging's specifiers. */
#define PY_A "(\\.?a\\.?(" N ")?)?"
#define PY_ANY "(0|1|\\.|\\*|=|>|~|a)*"
#define PY_ONE "(==" N "(\\." N ")*(" PY_A "|\\.\\*)|>=?" N "(\\." N ")*" PY_A \
    "|~=" N "(\\." N ")+" PY_A "|===" PY_ANY ")?"
#define PYTHON PY_ONE "(," PY_ONE ")*"

static const struct alphabet {
    const char *name, *symbols, *expression;
    int brief, full; /* symbols in the longest string */
    relver_err (*take)(relver_str s);
    void (*means)(relver_str s);
} alphabets[] = {
    {"SemVer", "01aZ-.+ \xC3", SEMVER, 7, 9, take_semver, semver_means},
    {"PEP 440", "01.-_+!arcd", PEP440, 6, 8, take_pep440, pep440_means},
    {"npm ranges", "01.x- |>=", NPM, 6, 8, take_npm, npm_means},
    {"npm ranges", "01.x^~<= ", CARET, 6, 8, take_npm, npm_means},
    {"Cargo requirements", "01.*-,>= ", CARGO, 6, 8, take_cargo, cargo_means},
    {"Cargo requirements", "01.*^,>= ", CARGO, 6, 8, take_cargo, cargo_means},
    {"PEP 440 specifiers", "01.*=>~,a", PYTHON, 6, 8, take_python, python_means},
};

/* ---- every string ---- */

static unsigned long strings, taken, wrong;

/* The string so far and every one that it begins, up to length symbols more. */
static void each(char *text, size_t len, int state, int length)
{
    relver_str s = relver_sn(text, len);
    bool good = now->take(s) == RELVER_OK;
    text[len] = '\0';
    strings++;
    taken += good;
    if (good != machine.ends[state]) {
        if (++wrong <= 20)
            CHECK_F(false, "%s: '%s' is %s", now->name, text, good ? "taken" : "refused");
    } else if (good) {
        now->means(s);
    }
    for (int i = 0; length > 0 && now->symbols[i] != '\0'; i++) {
        bool dev = now->symbols[i] == 'd';
        memcpy(text + len, dev ? "dev" : &now->symbols[i], dev ? 3 : 1);
        each(text, len + (dev ? 3 : 1), machine.next[state][i], length - 1);
    }
}

int main(int argc, char **argv)
{
    bool full = argc > 1 && strcmp(argv[1], "long") == 0;
    for (size_t i = 0; i < COUNT(alphabets); i++) {
        char text[3 * MAX + 1];
        now = &alphabets[i];
        strings = taken = wrong = 0;
        compile(now->expression, now->symbols);
        each(text, 0, 1, full ? now->full : now->brief);
        printf("%s over \"%s\": %lu strings, %lu taken, %lu wrong; %d states\n", now->name,
               now->symbols, strings, taken, wrong, machine.count);
        CHECK_F(wrong == 0 && taken > 100, "%s", now->name);
    }
    return check_done();
}
