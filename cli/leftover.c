#include "leftover.h"

#include "scan.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a document, documents of a project, and bytes looked at around a version. */
enum { MAX_SIZE = 1 << 20, MAX_FILES = 4096, AROUND = 200 };

struct name {
    const char *text; /* folded */
    const struct unit *unit;
};

struct finder {
    struct arena *arena;
    const struct project *project;
    struct unit *const *units; /* those that are asked about */
    size_t unit_count;
    struct name *names; /* of all packages, sorted */
    relver_str (*forms)[2]; /* of each unit's version: SemVer, PEP 440 */
    struct leftovers *out;
    size_t files;
    const char *path; /* the document that is read */
    relver_str doc;
    bool source;
    const struct file *known; /* the same, if relver edits places in it */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool word_byte(char c)
{
    return letter(c) || digit(c) || c == '_' || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

/* Whether a word stands in a table that ends with NULL. */
static bool among(const char *const *table, const char *word)
{
    while (*table != NULL && strcmp(*table, word) != 0)
        table++;
    return *table != NULL;
}

/*-- names ---------------------------------------------------------------------------------------*/

enum { NAME_SPACE = 128 };

/* One spelling for a name's many: lower case, each run of "-_." one '-', none at an end. */
static const char *fold(char out[NAME_SPACE], relver_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len && n + 2 < NAME_SPACE; i++) {
        bool dash = s.ptr[i] == '-' || s.ptr[i] == '_' || s.ptr[i] == '.';
        if (!dash)
            out[n++] = lower(s.ptr[i]);
        else if (n > 0 && out[n - 1] != '-')
            out[n++] = '-';
    }
    out[n - (n > 0 && out[n - 1] == '-')] = '\0';
    return out;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static const struct unit *find_name(const struct finder *f, relver_str s)
{
    char space[NAME_SPACE];
    struct name key = {fold(space, s), NULL};
    const struct name *found =
        bsearch(&key, f->names, f->project->package_count, sizeof key, by_name);
    return found != NULL ? found->unit : NULL;
}

/* Whose name a word is: all of it, or before a version ("demo-0.1.0") or a suffix ("demo.git");
   `demo.parse` is code. */
static const struct unit *owner(const struct finder *f, relver_str word)
{
    static const char *const ends[] = {"git", "js", "min-js", "css", NULL};
    char space[NAME_SPACE];
    const struct unit *u = find_name(f, word);
    for (size_t i = word.len; i-- > 1 && u == NULL;) {
        relver_str rest = relver_sn(word.ptr + i + 1, word.len - i - 1);
        bool dash = word.ptr[i] == '-' || word.ptr[i] == '_';
        if ((dash && rest.len > 0 && digit(rest.ptr[0])) ||
            (word.ptr[i] == '.' && among(ends, fold(space, rest))))
            u = find_name(f, relver_sn(word.ptr, i));
    }
    return u;
}

/* The word of a line that ends at `end`, with its scope: "@scope/name". */
static relver_str word_before(relver_str line, size_t end)
{
    size_t at = end;
    while (at > 0 && word_byte(line.ptr[at - 1]))
        at--;
    size_t scope = at - (at > 0 && line.ptr[at - 1] == '/');
    while (scope < at && scope > 0 && word_byte(line.ptr[scope - 1]))
        scope--;
    if (scope < at && scope > 0 && line.ptr[scope - 1] == '@')
        at = scope - 1;
    return relver_sn(line.ptr + at, end - at);
}

/* Whether the line names a package of the unit as a whole word. */
static bool names(const struct finder *f, relver_str line, const struct unit *u)
{
    for (size_t end = line.len; end > 0;) {
        if (!word_byte(line.ptr[end - 1])) {
            end--;
            continue;
        }
        relver_str word = word_before(line, end);
        if (owner(f, word) == u)
            return true;
        end = (size_t)(word.ptr - line.ptr);
    }
    return false;
}

/*-- versions in a line --------------------------------------------------------------------------*/

/* The numbers that a version begins with. */
static size_t parts(relver_str s)
{
    size_t count = 1, i = 0;
    while (i < s.len && (digit(s.ptr[i]) || (s.ptr[i] == '.' && i + 1 < s.len &&
                                             digit(s.ptr[i + 1]))))
        count += s.ptr[i++] == '.';
    return count;
}

/* The unit, if any, whose current version this is; `of`: only that one. */
static const struct unit *whose(const struct finder *f, relver_str version, const struct unit *of)
{
    for (size_t i = 0; i < f->project->unit_count; i++)
        if ((of == NULL || of == f->project->units[i]) &&
            (relver_eq(f->forms[i][0], version) || relver_eq(f->forms[i][1], version)))
            return f->project->units[i];
    return NULL;
}

/* The version that begins at s, in any spelling: as long as can be, and nothing but a version up to
   a byte that cannot go on with it ("0.2.0" of "0.2.0-blue" and "0.2.0.tar.gz"). Empty when it is
   none, or has the doubled hyphen of a badge, which no template can write. */
static relver_str token(const struct finder *f, relver_str s)
{
    enum { LONGEST = 64 };
    relver_pep440 parsed;
    size_t n = 0;
    while (n < s.len && n < LONGEST && (letter(s.ptr[n]) || digit(s.ptr[n]) ||
                                        memchr(".-+", s.ptr[n], 3) != NULL))
        n++;
    for (size_t end = n; end > 0; end--) {
        relver_str version = relver_sn(s.ptr, end);
        char next = end < n ? s.ptr[end] : ' ', after = end + 1 < n ? s.ptr[end + 1] : ' ';
        bool goes_on = letter(next) || digit(next) || (next == '.' && digit(after));
        if (!goes_on && !(next == '-' && after == '-') &&
            (relver_pep440_parse(version, &parsed, NULL) == RELVER_OK ||
             whose(f, version, NULL) != NULL))
            return version;
    }
    return relver_sn(s.ptr, 0);
}

/* What a version speaks of, by what stands before it on its line. */
enum binding {
    FOREIGN, /* another thing's version, or a bound: ">=" is not a copy */
    FREE,    /* prose that does not say */
    VERSION, /* "version 0.1.0", "/download/v0.1.0" */
    OWN      /* "demo==0.1.0", "demo@0.1.0", DEMO_VERSION */
};

/* A name that says "version" and nothing else, or one of those that stand around versions in URLs
   and tables of values. */
static bool says_version(const struct finder *f, relver_str word, const struct unit **unit)
{
    static const char *const plain[] = {"", "current", "latest", "new", "release", "package", "pkg",
                                        "app", "project", "library", "lib", "crate", "module",
                                        "plugin", "stable", "this", "the", NULL};
    static const char *const alike[] = {"v", "ver", "versions", "release", "releases", "released",
                                        "tag", "tags", "rev", "ref", "branch", NULL};
    char space[NAME_SPACE];
    const char *name = fold(space, word);
    size_t len = strlen(name), tail = strlen("version");
    if (among(alike, name))
        return true;
    if (len < tail || strcmp(name + len - tail, "version") != 0)
        return false;
    space[len - tail - (len > tail && name[len - tail - 1] == '-')] = '\0';
    *unit = find_name(f, relver_s(name));
    return *unit != NULL || among(plain, name);
}

static bool has(relver_str s, const char *bytes)
{
    for (size_t i = 0; i < s.len; i++)
        if (strchr(bytes, s.ptr[i]) != NULL)
            return true;
    return false;
}

/* Goes from the version to the left, word by word, as long as they only lead on. */
static enum binding bound(const struct finder *f, relver_str left, const struct unit **unit)
{
    static const char *const leads[] = {"download", "archive", "tree", "blob", "compare",
                                        "packages", "package", "dist", "docs", "npm", "crates",
                                        "pypi", "refs", "static", "heads", "api", "en", NULL};
    char space[NAME_SPACE];
    enum binding best = FREE;
    size_t end = left.len;
    if (end > 0 && lower(left.ptr[end - 1]) == 'v') {
        end--;
        best = VERSION;
    }
    for (bool first = true;; first = false) {
        size_t g = end;
        while (g > 0 && strchr(" \t\"'`=<>~^!@:-/_#({[*\\+$", left.ptr[g - 1]) != NULL)
            g--;
        relver_str glue = relver_sn(left.ptr + g, end - g), word = word_before(left, g);
        bool sentence = word.len > 0 && word.ptr[word.len - 1] == '.' && has(glue, " ");
        if (word.len == 0 || sentence || (!first && !has(glue, "/={")))
            return best;
        if (first && glue.len > 0 && glue.ptr[0] == '(')
            return FOREIGN; /* an argument */
        *unit = owner(f, word);
        if (*unit == NULL && says_version(f, word, unit))
            best = VERSION;
        else if (*unit == NULL && !among(leads, fold(space, word))) {
            if (!first && memchr(word.ptr, '.', word.len) != NULL)
                return best; /* a host */
            if (!first && relver_eq(word, relver_s("badge")))
                return best;
            bool capital = word.ptr[0] >= 'A' && word.ptr[0] <= 'Z' && word.ptr != left.ptr;
            return has(glue, "=<>~^@:/_#-") || capital ? FOREIGN : best;
        }
        if (*unit != NULL)
            return first && (has(glue, "<!") || (has(glue, ">") && has(glue, "= "))) ? FOREIGN
                                                                                     : OWN;
        end = (size_t)(word.ptr - left.ptr);
    }
}

/* Words that tell of the past, or of a range: such a version stays as it is. */
static bool tells(relver_str line)
{
    static const char *const words[] = {
        "since", "added", "introduced", "deprecated", "removed", "changed", "changelog", "fixed",
        "prior", "before", "until", "earlier", "later", "older", "newer", "minimum", "least",
        "versionadded", "versionchanged", "versionremoved", "migrating", "migration", "upgrading",
        "previously", "onwards", "starting", NULL};
    char space[NAME_SPACE];
    for (size_t i = 0, n; i < line.len; i += n + 1) {
        for (n = 0; i + n < line.len && letter(line.ptr[i + n]);)
            n++;
        if (among(words, fold(space, relver_sn(line.ptr + i, n))))
            return true;
    }
    return false;
}

/* A changelog's heading or the first cell of its table: the version, then other text. */
static bool heads(relver_str left, relver_str right)
{
    size_t i = 0, blanks = 0;
    while (i < left.len && strchr(" \t#*-+|[`>v", left.ptr[i]) != NULL)
        i++;
    while (blanks < right.len && strchr(" \t\r", right.ptr[blanks]) != NULL)
        blanks++;
    bool item = left.len > 0 && memchr("-*+", left.ptr[0], 3) != NULL;
    return (left.len > 0 && left.ptr[0] == '#') ||
           (i == left.len && (item || blanks < right.len));
}

/*-- one document --------------------------------------------------------------------------------*/

/* Whether relver edits these bytes. */
static bool edited(const struct finder *f, size_t pos)
{
    for (size_t i = 0; f->known != NULL && i < f->known->count; i++) {
        const struct place *p = &f->known->places[i];
        size_t at = (size_t)(p->at.ptr - f->known->text.ptr);
        if (pos >= at && pos < at + p->at.len)
            return true;
    }
    return false;
}

/* Whether the version is below the unit's, in whatever spelling. */
static bool older(const struct unit *u, relver_str version)
{
    char space[300];
    int order;
    static const relver_eco ecos[] = {RELVER_SEMVER, RELVER_PEP440};
    if (u->version.ptr == NULL || parts(version) != parts(u->version))
        return false;
    for (size_t i = 0; i < 2; i++) {
        relver_buf out = {space, sizeof space, 0};
        if (relver_convert(&out, ecos[i], version, u->scheme, NULL, NULL) == RELVER_OK &&
            relver_compare(u->scheme, relver_view(&out), u->version, &order, NULL) == RELVER_OK)
            return order < 0;
    }
    return false;
}

static void add(struct finder *f, const struct unit *u, relver_str at, bool stale, bool sure)
{
    struct leftover l = {u, f->path, f->doc, at, 0, 0, stale, sure};
    struct leftovers *out = f->out;
    bool asked = f->unit_count == f->project->unit_count;
    for (size_t i = 0; i < f->unit_count && !asked; i++)
        asked = f->units[i] == u;
    if (!asked || edited(f, (size_t)(at.ptr - f->doc.ptr)))
        return;
    out->at = arena_more(f->arena, out->at, out->count, sizeof l);
    out->at[out->count++] = l;
}

/* Two numbers make a section, too: such a version must be somebody's in so many words. */
static void judge(struct finder *f, relver_str left, relver_str version, relver_str right)
{
    const struct unit *own = NULL;
    enum binding how = bound(f, left, &own);
    relver_str line = relver_sn(left.ptr, left.len + version.len + right.len);
    bool alone = f->source && f->doc.len < version.len + 3;
    if (how == FOREIGN || (f->source && how < VERSION && !alone) || tells(line))
        return;
    if (how != OWN && !f->source && (heads(left, right) || (how == FREE && parts(version) < 3)))
        return;
    const struct unit *u = whose(f, version, own);
    if (u != NULL) {
        add(f, u, version, false, how == OWN || f->source || (how == VERSION && names(f, line, u)));
        return;
    }
    for (size_t i = 0; i < f->project->unit_count && how >= VERSION && !f->source; i++) {
        u = f->project->units[i];
        if ((how == OWN ? u == own : names(f, line, u)) && older(u, version)) {
            add(f, u, version, true, true);
            return;
        }
    }
}

static void read_text(struct finder *f)
{
    relver_str doc = f->doc;
    const char *end = doc.ptr + doc.len, *p = doc.ptr, *begin;
    while (p < end && (p = memchr(p, '.', (size_t)(end - p))) != NULL) {
        for (begin = p; begin > doc.ptr && digit(begin[-1]);)
            begin--;
        bool v = begin > doc.ptr && lower(begin[-1]) == 'v';
        char before = begin - v > doc.ptr ? begin[-1 - v] : ' ';
        if (begin == p++ || before == '.' || letter(before) || digit(before))
            continue;
        relver_str version = token(f, relver_sn(begin, (size_t)(end - begin)));
        if (version.len == 0 || parts(version) < 2)
            continue;
        const char *from = begin, *to = version.ptr + version.len;
        p = to;
        while (from > doc.ptr && from[-1] != '\n' && begin - from < AROUND)
            from--;
        while (to < end && *to != '\n' && to - p < AROUND)
            to++;
        judge(f, relver_sn(from, (size_t)(begin - from)), version,
              relver_sn(p, (size_t)(to - p)));
    }
}

/* Lines and columns of what was found in one document, in one pass. */
static void locate(struct leftovers *out, size_t first)
{
    size_t line = 1;
    const char *start = first < out->count ? out->at[first].doc.ptr : NULL, *p = start;
    for (size_t i = first; i < out->count; i++) {
        for (; p < out->at[i].at.ptr; p++)
            if (*p == '\n') {
                line++;
                start = p + 1;
            }
        out->at[i].line = line;
        out->at[i].col = (size_t)(out->at[i].at.ptr - start) + 1;
    }
}

static void read_document(struct finder *f, const char *path, bool source)
{
    const struct project *pr = f->project;
    struct fail fail = {0};
    size_t first = f->out->count;
    f->known = NULL;
    for (size_t i = 0; i < pr->file_count && f->known == NULL; i++)
        if (strcmp(pr->files[i]->path, path) == 0)
            f->known = pr->files[i];
    if (f->known != NULL && f->known->kind != FILE_EXTRA)
        return;
    f->path = path;
    f->source = source;
    if (f->known != NULL)
        f->doc = f->known->text;
    else if (++f->files > MAX_FILES || !fs_read(pr->root, f->arena, path, &f->doc, &fail)) {
        f->out->unread++;
        return;
    }
    if (f->doc.len > MAX_SIZE || memchr(f->doc.ptr, '\0', f->doc.len) != NULL)
        return;
    read_text(f);
    locate(f->out, first);
}

/*-- which documents -----------------------------------------------------------------------------*/

/* What tells of the past or is somebody else's, by its name: a file's or a directory's. */
static bool passed_over(const char *name)
{
    static const char *const past[] = {"change", "history", "news", "release", "whatsnew",
                                       "whats-new", "upgrad", "migrat", "licen", "copying",
                                       "notice", "code-of-conduct", "security", "authors",
                                       "third-party", NULL};
    static const char *const others[] = {"node_modules", "target", "vendor", "dist", "build",
                                         "venv", "blog", "archive", NULL};
    char space[NAME_SPACE];
    bool over = name[0] == '.' || name[0] == '_' || among(others, name);
    fold(space, relver_s(name));
    for (const char *const *word = past; *word != NULL && !over; word++)
        over = strstr(space, *word) != NULL;
    return over;
}

static bool is_document(const char *name)
{
    static const char *const ends[] = {".md", ".rst", ".txt", ".adoc", ".html", NULL};
    const char *dot = strrchr(name, '.');
    return dot != NULL && among(ends, dot);
}

/* dir is "" or ends with '/'. */
static void read_directory(struct finder *f, const char *dir, bool deep)
{
    const char **queue = NULL;
    size_t count = 0;
    queue = arena_more(f->arena, queue, count, sizeof *queue);
    queue[count++] = dir;
    for (size_t i = 0; i < count; i++) {
        struct fs_entry *entries;
        struct fail fail = {0};
        size_t n, len = strlen(queue[i]);
        const char *name = arena_dup(f->arena, queue[i], len - (len > 0));
        if (!fs_list(f->project->root, f->arena, name, &entries, &n, &fail)) {
            f->out->unread++;
            continue;
        }
        for (size_t k = 0; k < n; k++) {
            const struct fs_entry *e = &entries[k];
            const char *path = arena_printf(f->arena, "%s%s", queue[i], e->name);
            if (passed_over(e->name))
                continue;
            if (e->kind == FS_FILE && is_document(e->name) && e->size <= MAX_SIZE)
                read_document(f, path, false);
            if (e->kind != FS_DIR || !deep || count >= MAX_FILES)
                continue;
            queue = arena_more(f->arena, queue, count, sizeof *queue);
            queue[count++] = arena_printf(f->arena, "%s/", path);
        }
    }
}

static void read_if_there(struct finder *f, const char *path, bool source)
{
    if (fs_kind(f->project->root, path) == FS_FILE)
        read_document(f, path, source);
}

/* A package's README, and its files that say its version by habit. */
static void read_package(struct finder *f, const struct package *p)
{
    static const char *const readmes[] = {"README.md", "README.rst", "README.txt", "README.adoc",
                                          "README"};
    static const char *const sources[] = {"src/lib.rs", "src/version.ts", "src/version.js",
                                          "lib/version.js", "version.js"};
    static const char *const modules[] = {"__init__.py", "_version.py", "version.py",
                                          "__about__.py"};
    const char *dir = p->manifest->dir;
    char *module = arena_dup(f->arena, p->name.ptr, p->name.len);
    for (char *c = module; *c != '\0'; c++)
        *c = *c == '-' || *c == '.' ? '_' : lower(*c);
    for (size_t i = 0; i < 5; i++) {
        if (dir[0] != '\0')
            read_if_there(f, arena_printf(f->arena, "%s%s", dir, readmes[i]), false);
        if (p->eco != RELVER_PEP440)
            read_if_there(f, arena_printf(f->arena, "%s%s", dir, sources[i]), true);
    }
    for (size_t i = 0; i < 8 && p->eco == RELVER_PEP440; i++)
        read_if_there(f, arena_printf(f->arena, "%s%s%s/%s", dir, i < 4 ? "" : "src/", module,
                                      modules[i % 4]), true);
}

static void read_all(struct finder *f)
{
    static const char *const sources[] = {"CITATION.cff", "VERSION", "VERSION.txt", "version.txt",
                                          "lerna.json", "codemeta.json", "Dockerfile", "setup.py",
                                          "docs/conf.py", "doc/conf.py", "docs/source/conf.py"};
    const struct root *root = f->project->root;
    read_directory(f, "", false);
    read_if_there(f, "README", false);
    if (fs_kind(root, "doc") == FS_DIR)
        read_directory(f, "doc/", true);
    if (fs_kind(root, "docs") == FS_DIR)
        read_directory(f, "docs/", true);
    for (size_t i = 0; i < f->project->package_count; i++)
        read_package(f, f->project->packages[i]);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        read_if_there(f, sources[i], true);
}

void leftover_find(struct arena *a, const struct project *project, struct unit *const *units,
                   size_t unit_count, struct leftovers *out)
{
    struct finder f = {.arena = a, .project = project, .units = units, .unit_count = unit_count,
                       .out = out};
    static const relver_eco ecos[] = {RELVER_SEMVER, RELVER_PEP440};
    memset(out, 0, sizeof *out);
    f.names = arena_alloc(f.arena, project->package_count * sizeof *f.names);
    for (size_t i = 0; i < project->package_count; i++) {
        char *space = arena_alloc(f.arena, NAME_SPACE);
        f.names[i].text = fold(space, project->packages[i]->name);
        f.names[i].unit = project->packages[i]->unit;
    }
    qsort(f.names, project->package_count, sizeof *f.names, by_name);
    f.forms = arena_alloc(f.arena, project->unit_count * sizeof *f.forms);
    for (size_t i = 0; i < project->unit_count * 2; i++) {
        const struct unit *u = project->units[i / 2];
        relver_buf buf = {NULL, u->version.len + 64, 0};
        buf.ptr = arena_alloc(f.arena, buf.cap);
        if (u->version.ptr != NULL && relver_convert(&buf, u->scheme, u->version, ecos[i % 2],
                                                     NULL, NULL) == RELVER_OK)
            f.forms[i / 2][i % 2] = relver_view(&buf);
    }
    read_all(&f);
}

/*-- the entry that covers one -------------------------------------------------------------------*/

void leftover_quote(struct text *t, const char *entry)
{
    bool plain = strpbrk(entry, "\"\\\n") == NULL;
    bool literal = !plain && strpbrk(entry, "'\n") == NULL;
    char quote = literal ? '\'' : '"';
    text_addc(t, quote);
    for (; *entry != '\0'; entry++) {
        if (*entry == '\n') {
            text_adds(t, "\\n");
            continue;
        }
        if (!literal && (*entry == '"' || *entry == '\\'))
            text_addc(t, '\\');
        text_addc(t, *entry);
    }
    text_addc(t, quote);
}

/* How often a text with {version} stands in the document, if everywhere with a leftover of this
   unit in it, and here with this one; else 0. */
static size_t times(const struct leftovers *all, const struct leftover *l, const char *text)
{
    relver_node node;
    size_t from = 0, count = 0, i = 0;
    bool here = false;
    while (relver_find_text(l->doc, relver_s(text), &node, &from, NULL) == RELVER_OK) {
        while (i < all->count &&
               (all->at[i].doc.ptr != l->doc.ptr || all->at[i].at.ptr < node.text.ptr))
            i++;
        if (i == all->count || all->at[i].at.ptr != node.text.ptr || all->at[i].unit != l->unit ||
            all->at[i].at.len != node.text.len)
            return 0;
        here = here || node.text.ptr == l->at.ptr;
        count++;
    }
    return here ? count : 0;
}

/* What is read back from the entry must be what was meant: no text ends in what reads as a count,
   and no path holds a wildcard. */
static bool reads_back(struct arena *a, const char *entry, const char *path, const char *text)
{
    struct text toml = {.arena = a};
    struct config config;
    struct fail fail = {0};
    text_adds(&toml, "files = [");
    leftover_quote(&toml, entry);
    text_adds(&toml, "]\n");
    if (strpbrk(path, "*?") != NULL ||
        !config_parse(a, "files", relver_sn(toml.ptr, toml.len), &config, &fail))
        return false;
    const struct file_place *p = &config.top.files[0];
    return strcmp(p->path, path) == 0 && p->what != NULL && strcmp(p->what, text) == 0;
}

/* A text from `from` on the line to `to` bytes behind the version. */
static const char *around(struct arena *a, const struct leftover *l, const char *from, size_t to)
{
    const char *end = l->at.ptr + l->at.len;
    return arena_printf(a, "%.*s{version}%.*s", (int)(l->at.ptr - from), from, (int)to, end);
}

const char *leftover_entry(struct arena *a, const struct leftovers *all, const struct leftover *l)
{
    enum { CONTEXT = 48 };
    const char *end = l->at.ptr + l->at.len, *first = l->doc.ptr, *stop = first + l->doc.len;
    for (const struct leftover *o = all->at; o < all->at + all->count; o++) {
        if (o->doc.ptr != l->doc.ptr || o == l)
            continue; /* a text with another of them in it would not be there after a bump */
        if (o < l)
            first = o->at.ptr + o->at.len;
        else if (o->at.ptr < stop)
            stop = o->at.ptr;
    }
    const char *line = l->at.ptr;
    while (line > first && line[-1] != '\n' && l->at.ptr - line < CONTEXT)
        line--;
    bool cut = line > l->doc.ptr && line[-1] != '\n';
    while (cut && line < l->at.ptr && strchr(" /(", line[-1]) == NULL)
        line++;
    while (line < l->at.ptr && (*line == ' ' || *line == '\t' || (unsigned char)*line >= 0x80))
        line++;
    size_t run = 0, after;
    while (end + run < stop && run < CONTEXT && strchr("\"'`-./+_", end[run]) != NULL)
        run++;
    while (end + run < stop && run < CONTEXT && (letter(end[run]) || digit(end[run]) ||
                                                 strchr("-._+", end[run]) != NULL))
        run++;
    relver_node node;
    relver_format format = file_format(l->path);
    bool key = format != RELVER_TEXT &&
               relver_find(l->doc, format, relver_s("version"), &node, NULL) == RELVER_OK &&
               node.text.ptr == l->at.ptr;
    const char *by_key = arena_printf(a, "%s: version", l->path);
    if (key && reads_back(a, by_key, l->path, "version"))
        return by_key;
    for (size_t i = 0; i < 3; i++) {
        after = i == 0 ? end < stop && strchr("\"'`", *end) != NULL : i == 1 ? 0 : run;
        const char *text = around(a, l, line, after);
        size_t count = times(all, l, text);
        const char *entry = arena_printf(a, "%s: %s", l->path, text);
        if (count > 1)
            entry = arena_printf(a, "%s x%zu", entry, count);
        if (count > 0 && reads_back(a, entry, l->path, text))
            return entry;
    }
    return NULL;
}
