#include "leftover.h"

#include "python.h"
#include "scan.h"
#include "str.h"

#include <string.h>

/* Bytes of a document; documents and directories; directories in each other; bytes looked at before
   a version; of a version. */
enum { MAX_SIZE = 1 << 20, MAX_READ = 4096, DEPTH = 16, AROUND = 200, LONGEST = 64 };

struct finder {
    struct arena *arena;
    const struct project *project;
    struct list read; /* so far: documents and directories */
    struct leftovers *out;
    struct file doc; /* the document that is read, with the places that relver edits */
    bool source;
};

static bool word_byte(char c)
{
    return is_alnum(c) || c == '_' || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

static bool has(relver_str s, const char *bytes)
{
    return str_until(s, bytes).len < s.len;
}

/* In any case, and with '-' for any of "-_.". */
static bool among(const char *const *table, relver_str word)
{
    while (*table != NULL && !relver_name_eq(RELVER_PEP440, relver_s(*table), word))
        table++;
    return *table != NULL;
}

/*-- versions ------------------------------------------------------------------------------------*/

/* The numbers that a version begins with. */
static size_t parts(relver_str s)
{
    size_t count = 1, i = 0;
    while (i < s.len &&
           (is_digit(s.ptr[i]) || (s.ptr[i] == '.' && i + 1 < s.len && is_digit(s.ptr[i + 1]))))
        count += s.ptr[i++] == '.';
    return count;
}

/* The version that begins at s: the longest that PEP 440 takes, which is wide, up to a byte that
   cannot go on with it ("0.2.0" of "0.2.0-blue" and "0.2.0.tar.gz"). Empty when it is none, or has
   the doubled hyphen of a badge, which no template can write. */
static relver_str token(relver_str s)
{
    relver_pep440 parsed;
    size_t n = 0;
    while (n < s.len && n < LONGEST && (is_alnum(s.ptr[n]) || memchr(".-+", s.ptr[n], 3) != NULL))
        n++;
    for (size_t end = parts(relver_sn(s.ptr, n)) > 1 ? n : 0; end > 0; end--) {
        char next = end < n ? s.ptr[end] : ' ', after = end + 1 < n ? s.ptr[end + 1] : ' ';
        if (!is_alnum(next) && !(next == '.' && is_digit(after)) &&
            !(next == '-' && after == '-') &&
            relver_pep440_parse(relver_sn(s.ptr, end), &parsed, NULL) == RELVER_OK)
            return relver_sn(s.ptr, end);
    }
    return relver_sn(s.ptr, 0);
}

/* Below the unit's version, -1, or the same, 0, in whatever spelling; else 1. "0.2" beside 0.2.0 is
   a range. */
static int order(const struct unit *u, relver_str version)
{
    static const relver_eco ecos[] = {RELVER_SEMVER, RELVER_PEP440};
    char space[300];
    int order;
    if (u->version.ptr == NULL || parts(version) < parts(u->version))
        return 1;
    for (size_t i = 0; i < 2; i++) {
        relver_buf out = {space, sizeof space, 0};
        if (relver_convert(&out, ecos[i], version, u->scheme, NULL, NULL) == RELVER_OK &&
            relver_compare(u->scheme, relver_view(&out), u->version, &order, NULL) == RELVER_OK)
            return order;
    }
    return 1;
}

/*-- whose they are ------------------------------------------------------------------------------*/

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
    while (at < end && memchr("-_.", line.ptr[at], 3) != NULL)
        at++;
    while (end > at && memchr("-_.", line.ptr[end - 1], 3) != NULL)
        end--;
    return relver_sn(line.ptr + at, end - at);
}

/* The unit whose package a word names, alone or as in "demo.git" and DEMO_VERSION; or "badge",
   where there is but one. */
static const struct unit *owner(const struct project *pr, relver_str word)
{
    static const char *const ends[] = {"", ".git", "-version"};
    for (size_t i = 0; i < pr->package_count * 3; i++) {
        const char *end = ends[i % 3];
        size_t n = strlen(end), len = word.len > n ? word.len - n : 0;
        const struct package *p = pr->packages[i / 3];
        if (relver_name_eq(RELVER_PEP440, p->name, relver_sn(word.ptr, len)) &&
            relver_name_eq(RELVER_PEP440, relver_s(end),
                           relver_sn(word.ptr + len, word.len - len)) &&
            p->unit->version.ptr != NULL)
            return p->unit;
    }
    return pr->unit_count == 1 && relver_eq(word, relver_s("badge")) ? pr->units[0] : NULL;
}

enum binding {
    FOREIGN, /* somebody else's, or of the past */
    FREE,    /* prose that does not say */
    SAID,    /* "version 0.1.0", "/download/v0.1.0" */
    OWN      /* "demo==0.1.0", "demo@0.1.0", DEMO_VERSION, a badge */
};

/* The rule: the nearest word to the left says whose a version is; those that lead on to a version
   are passed over. Joined to a word that is nobody's here, it is somebody else's; a range, a
   heading, and what stands "in" or "since" a version tell of the past. */
static enum binding bound(const struct project *pr, relver_str left, const struct unit **unit)
{
    static const char *const leads[] = {
        "v", "version", "current-version", "latest-version", "package-version", "app-version",
        "release", "releases", "tag", "tags", "refs", "rev", "ref", "branch", "download",
        "archive", "tree", "blob", "compare", "packages", "dist", "npm", "crates", "pypi", NULL};
    static const char *const past[] = {
        "in", "since", "before", "until", "from", "to", "than", "after", "of", "was",
        "versionadded", "versionchanged", "versionremoved", "deprecated", NULL};
    bool v = left.len > 0 && (left.ptr[left.len - 1] | 32) == 'v';
    enum binding best = v ? SAID : FREE;
    size_t end = left.len - v;
    for (bool first = true;; first = false) {
        size_t g = end;
        while (g > 0 && strchr(" \t\"'`=<>~^!@:-/_#({[*\\+$|", left.ptr[g - 1]) != NULL)
            g--;
        relver_str glue = relver_sn(left.ptr + g, end - g), word = word_before(left, g);
        if (word.len == 0)
            return first && has(glue, "#-*+|") ? FOREIGN : best;
        if ((*unit = owner(pr, word)) != NULL)
            return first && has(glue, "<>!") ? FOREIGN : OWN;
        if (among(past, word))
            return FOREIGN;
        if (!among(leads, word))
            return has(glue, "=@<>~^\"'") || (first && !has(glue, " \t")) ? FOREIGN : best;
        best = SAID;
        end = (size_t)(word.ptr - left.ptr);
    }
}

/* In prose, two numbers make a section, too. */
static void judge(struct finder *f, relver_str left, relver_str version, size_t line)
{
    const struct unit *u = NULL;
    struct leftovers *out = f->out;
    size_t skip = left.len < AROUND ? 0 : left.len - AROUND;
    enum binding how = bound(f->project, relver_sn(left.ptr + skip, left.len - skip), &u);
    if (f->doc.text.len < version.len + 3)
        how = OWN; /* there is nothing else in the file */
    for (size_t i = 0; i < f->project->unit_count && u == NULL; i++)
        if (order(f->project->units[i], version) == 0)
            u = f->project->units[i];
    int by = u != NULL ? order(u, version) : 1;
    if (how == FOREIGN || (how == FREE && (f->source || parts(version) < 3)) || by > 0 ||
        (by < 0 && f->source))
        return;
    for (size_t i = 0; i < f->doc.count; i++)
        if (f->doc.places[i].at.ptr == version.ptr)
            return;
    *ARENA_NEW(f->arena, out->at, out->count) = (struct leftover){
        u, f->doc.path, f->doc.text, version, line, left.len + 1, by < 0, f->source};
}

/*-- which documents -----------------------------------------------------------------------------*/

static void read_text(struct finder *f)
{
    const char *start = f->doc.text.ptr, *end = start + f->doc.text.len;
    size_t line = 1, n;
    for (const char *p = start; p < end; p += n > 0 ? n : 1) {
        char before = p > start && (p[-1] | 32) != 'v' ? p[-1] : ' ';
        relver_str version = relver_sn(p, 0);
        for (n = 0; n < (size_t)(end - p) && is_digit(p[n]);)
            n++;
        if (n > 0 && before != '.' && !is_alnum(before))
            version = token(relver_sn(p, (size_t)(end - p)));
        if (version.len > 0) {
            judge(f, relver_sn(start, (size_t)(p - start)), version, line);
            n = version.len;
        } else if (*p == '\n') {
            line++;
            start = p + 1;
        }
    }
}

/* Once, and no more than so many. */
static bool visit(struct finder *f, const char *path)
{
    if (list_has(&f->read, path))
        return false;
    if (f->read.count == MAX_READ) {
        f->out->unread++;
        return false;
    }
    list_add(f->arena, &f->read, path);
    return true;
}

static bool is_document(const char *path)
{
    static const char *const ends[] = {".md", ".rst", ".txt", ".adoc", ".html", NULL};
    const char *dot = strrchr(path, '.');
    return dot != NULL ? among(ends, relver_s(dot)) : strstr(path, "README") != NULL;
}

/* Manifests and lock files are none. */
static void read_document(struct finder *f, const char *path)
{
    const struct file *known = project_file(f->project, path);
    struct fail fail = {0};
    if ((known != NULL && known->kind != FILE_EXTRA) || !visit(f, path))
        return;
    f->doc = known != NULL ? *known : (struct file){.path = path};
    f->source = !is_document(path);
    if (known == NULL && !fs_read(f->project->root, f->arena, path, &f->doc.text, &fail))
        f->out->unread++;
    else if (f->doc.text.len <= MAX_SIZE && !memchr(f->doc.text.ptr, '\0', f->doc.text.len))
        read_text(f);
}

/* What tells of the past or is somebody else's, by its name up to a dot. */
static bool passed_over(const char *name)
{
    static const char *const others[] = {
        "", "changelog", "changes", "history", "news", "releases", "release-notes", "migrating",
        "migration", "upgrading", "license", "security", "node_modules", "target", "vendor", "dist",
        "build", "venv", NULL};
    return name[0] == '_' || among(others, relver_sn(name, strcspn(name, ".")));
}

/* The documents in a directory, "" or "dir/", and in those below it. */
static void read_directory(struct finder *f, const char *dir, size_t depth)
{
    struct fs_entry *entries;
    struct fail fail = {0};
    size_t n = 0, len = strlen(dir);
    const char *name = arena_dup(f->arena, dir, len - (len > 0));
    if (visit(f, name) && !fs_list(f->project->root, f->arena, name, &entries, &n, &fail))
        f->out->unread++;
    for (size_t i = 0; i < n; i++) {
        const struct fs_entry *e = &entries[i];
        const char *path = arena_printf(f->arena, "%s%s", dir, e->name);
        if (e->kind == FS_FILE && is_document(e->name) && !passed_over(e->name))
            read_document(f, path);
        else if (e->kind == FS_DIR && depth > 0 && !passed_over(e->name))
            read_directory(f, arena_printf(f->arena, "%s/", path), depth - 1);
    }
}

/* The sources that say a package's version by habit; '*' is its name as a Python module's. */
static void read_sources(struct finder *f, const struct package *p)
{
    static const char *const files[] = {
        "src/lib.rs", "src/version.ts", "src/version.js", "version.js", "*/__init__.py",
        "*/_version.py", "*/__about__.py", "src/*/__init__.py", "src/*/_version.py",
        "src/*/__about__.py", "setup.py", "docs/conf.py", "docs/source/conf.py", "CITATION.cff",
        "codemeta.json", "VERSION", "Dockerfile", NULL};
    relver_str module = python_joined(f->arena, p->name, '_');
    for (const char *const *file = files; *file != NULL; file++) {
        int n = (int)strcspn(*file, "*");
        bool star = (*file)[n] == '*';
        const char *path = arena_printf(f->arena, "%s%.*s%.*s%s", p->manifest->dir, n, *file,
                                        star ? (int)module.len : 0, module.ptr, *file + n + star);
        if (fs_kind(f->project->root, path) == FS_FILE)
            read_document(f, path);
    }
}

void leftover_find(struct arena *a, const struct project *project, struct leftovers *out)
{
    struct finder f = {.arena = a, .project = project, .out = out};
    memset(out, 0, sizeof *out);
    read_directory(&f, "", 0);
    if (fs_kind(project->root, "doc") == FS_DIR)
        read_directory(&f, "doc/", DEPTH);
    if (fs_kind(project->root, "docs") == FS_DIR)
        read_directory(&f, "docs/", DEPTH);
    for (size_t i = 0; i < project->package_count; i++) {
        read_directory(&f, project->packages[i]->manifest->dir, 0);
        read_sources(&f, project->packages[i]);
    }
}

/* Its place is then the one that the file's kind knows. */
bool leftover_alone(struct arena *a, const struct leftover *l)
{
    struct file_place rule = {.path = l->path, .times = 1};
    struct file file = {.path = l->path, .kind = FILE_EXTRA, .text = l->doc};
    struct fail fail = {0};
    return strpbrk(l->path, "*?:") == NULL && scan_extra(a, &file, &rule, &fail) &&
           file.places[0].at.ptr == l->at.ptr;
}
