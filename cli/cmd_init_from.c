/* cmd_init_from.c - what bumpversion and changesets were told, in relver's words */
#include "cmd_init.h"
#include "scan.h"

#include <string.h>

/*-- a configuration as pairs --------------------------------------------------------------------*/

/* One setting; `table` counts the [[tool.bumpversion.files]], or the sections of an INI file that
   name a file: 0 is the tool's own section. */
struct setting {
    size_t table;
    relver_str key, text;
};

struct old {
    struct draft *d;
    const char *path;
    struct setting *at;
    size_t count, tables;
};

static bool is(relver_str s, const char *text)
{
    return relver_eq(s, relver_s(text));
}

static void put(struct old *o, size_t table, relver_str key, relver_str text)
{
    struct setting s = {table, key, text};
    o->at = arena_more(o->d->arena, o->at, o->count, sizeof s);
    o->at[o->count++] = s;
}

static relver_str get(const struct old *o, size_t table, const char *key)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].table == table && is(o->at[i].key, key))
            return o->at[i].text;
    return relver_s(NULL);
}

static relver_str trim(relver_str s)
{
    while (s.len > 0 && strchr(" \t\r", s.ptr[0]) != NULL)
        s = relver_sn(s.ptr + 1, s.len - 1);
    while (s.len > 0 && strchr(" \t\r", s.ptr[s.len - 1]) != NULL)
        s.len--;
    return s;
}

/* A header of an INI file: "bumpversion", "bumpversion:file:PATH", "bumpversion:glob(x):PATTERN";
   the part after ':' names the file. Other sections are nobody's: (size_t)-1. */
static size_t ini_section(struct old *o, relver_str name)
{
    static const char tool[] = "bumpversion";
    size_t n = sizeof tool - 1;
    if (name.len < n || memcmp(name.ptr, tool, n) != 0 || (name.len > n && name.ptr[n] != ':'))
        return (size_t)-1;
    if (name.len == n)
        return 0;
    const char *kind = name.ptr + n + 1, *end = name.ptr + name.len;
    const char *colon = memchr(kind, ':', (size_t)(end - kind));
    bool glob = end - kind > 4 && memcmp(kind, "glob", 4) == 0;
    if (colon == NULL || (!glob && (end - kind < 4 || memcmp(kind, "file", 4) != 0)))
        return (size_t)-1;
    put(o, ++o->tables, relver_s(glob ? "glob" : "filename"),
        relver_sn(colon + 1, (size_t)(end - colon - 1)));
    return o->tables;
}

/* As Python's configparser reads it: a line that begins with a blank goes on with the value. */
static void read_ini(struct old *o, relver_str doc)
{
    relver_reader r;
    relver_node n;
    size_t table = (size_t)-1;
    bool open = false;
    relver_read(&r, RELVER_TEXT, doc);
    while (relver_next(&r, &n, NULL) == RELVER_OK && n.kind != RELVER_END) {
        relver_str line = trim(n.text);
        size_t eq = 0;
        while (eq < line.len && line.ptr[eq] != '=' && line.ptr[eq] != ':')
            eq++;
        if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';')
            continue;
        if (open && line.ptr != n.text.ptr) {
            relver_str *text = &o->at[o->count - 1].text;
            *text = relver_s(arena_printf(o->d->arena, "%.*s\n%.*s", STR(*text), STR(line)));
            continue;
        }
        open = false;
        if (line.ptr[0] == '[') {
            const char *close = memchr(line.ptr, ']', line.len);
            size_t len = close != NULL ? (size_t)(close - line.ptr) : line.len;
            table = ini_section(o, relver_sn(line.ptr + 1, len - 1));
        } else if (table != (size_t)-1 && eq < line.len) {
            put(o, table, trim(relver_sn(line.ptr, eq)),
                trim(relver_sn(line.ptr + eq + 1, line.len - eq - 1)));
            open = true;
        }
    }
}

static relver_str decode(struct arena *a, const relver_node *n)
{
    size_t cap = n->text.len + 1;
    relver_buf out = {arena_alloc(a, cap), cap, 0};
    relver_text(&out, RELVER_TOML, n);
    return relver_view(&out);
}

/* The keys of [tool.bumpversion] and of its [[files]]. */
static bool read_toml(struct old *o, relver_str doc)
{
    relver_reader r;
    relver_node n, at[4];
    relver_diag diag;
    bool ours = false, files = false;
    memset(at, 0, sizeof at);
    relver_read(&r, RELVER_TOML, doc);
    for (;;) {
        if (relver_next(&r, &n, &diag) != RELVER_OK) {
            struct file f = {.path = o->path, .text = doc};
            return scan_fail(o->d->arena, &f, &diag, &o->d->ctx->fail);
        }
        if (n.kind == RELVER_END)
            return true;
        if (n.kind == RELVER_CLOSE)
            continue;
        if (n.depth < 4)
            at[n.depth] = n;
        if (n.depth <= 2)
            ours = n.depth == 2 && relver_key_is(RELVER_TOML, &at[1], relver_s("tool")) &&
                   relver_key_is(RELVER_TOML, &n, relver_s("bumpversion"));
        if (n.depth == 3)
            files = ours && relver_key_is(RELVER_TOML, &n, relver_s("files"));
        if (files && n.depth == 4 && n.kind == RELVER_TABLE)
            o->tables++;
        if (ours && n.kind != RELVER_TABLE && n.kind != RELVER_ARRAY &&
            (n.depth == 3 || (files && n.depth == 5)))
            put(o, n.depth == 5 ? o->tables : 0, n.key, decode(o->d->arena, &n));
    }
}

/*-- bumpversion ---------------------------------------------------------------------------------*/

/* Their placeholder as ours, on the line it stands in; NULL when others are there as well. */
static const char *ours(struct arena *a, relver_str s, const char *theirs)
{
    struct text t = {.arena = a};
    size_t n = strlen(theirs), found = 0;
    for (size_t i = 0; i < s.len;) {
        if (s.len - i >= n && memcmp(s.ptr + i, theirs, n) == 0) {
            text_adds(&t, "{version}");
            i += n;
            found++;
        } else if (s.ptr[i] == '{' && i + 1 < s.len && s.ptr[i + 1] != '{' &&
                   memchr(s.ptr + i, '}', s.len - i) != NULL && s.ptr[i + 1] >= 'a' &&
                   s.ptr[i + 1] <= 'z') {
            return NULL;
        } else {
            i += s.len - i > 1 && (s.ptr[i] == '{' || s.ptr[i] == '}') && s.ptr[i + 1] == s.ptr[i];
            text_addc(&t, s.ptr[i++]);
        }
    }
    return found == 1 ? t.ptr : NULL;
}

/* The one line of a text that holds {version}. */
static const char *only_line(struct arena *a, const char *text)
{
    const char *mark = strstr(text, "{version}"), *from = mark, *to = mark;
    while (from > text && from[-1] != '\n')
        from--;
    to += strcspn(to, "\n");
    return arena_dup(a, from, (size_t)(to - from));
}

/* Entries for every place of a text that holds the current version; false when one has none. */
static bool entries(struct old *o, const char *path, relver_str doc, const char *text)
{
    struct draft *d = o->d;
    relver_str version = get(o, 0, "current_version");
    struct leftovers found = {0};
    size_t from = 0;
    relver_node n;
    while (relver_find_text(doc, relver_s(text), &n, &from, NULL) == RELVER_OK) {
        struct leftover l = {.unit = d->project.units[0], .path = path, .doc = doc, .at = n.text};
        if (!relver_eq(n.text, version))
            continue;
        found.at = arena_more(d->arena, found.at, found.count, sizeof l);
        found.at[found.count++] = l;
    }
    for (size_t i = 0; i < found.count; i++) {
        const char *entry = leftover_entry(d->arena, &found, &found.at[i]);
        if (entry == NULL)
            return false;
        draft_file(d, found.at[i].unit, entry);
    }
    return found.count > 0;
}

/* Whether relver edits the file by itself. */
static bool known(const struct project *pr, const char *path)
{
    for (size_t i = 0; i < pr->file_count; i++)
        if (strcmp(pr->files[i]->path, path) == 0)
            return true;
    return false;
}

static bool take_file(struct old *o, size_t table)
{
    struct draft *d = o->d;
    relver_str file = get(o, table, "filename"), glob = get(o, table, "glob"), doc;
    relver_str search = get(o, table, "search"), replace = get(o, table, "replace");
    struct fail fail = {0};
    if (file.ptr == NULL)
        return draft_lost(d, "the files of '%.*s': name each", STR(glob));
    const char *path = arena_dup(d->arena, file.ptr, file.len);
    search = search.ptr != NULL ? search : get(o, 0, "search");
    replace = replace.ptr != NULL ? replace : get(o, 0, "replace");
    search = search.ptr != NULL ? search : relver_s("{current_version}");
    replace = replace.ptr != NULL ? replace : relver_s("{new_version}");
    bool regex = is(get(o, table, "regex"), "true") || is(get(o, table, "regex"), "True");
    const char *old = ours(d->arena, search, "{current_version}");
    const char *now = ours(d->arena, replace, "{new_version}");
    if (known(&d->project, path))
        return true;
    if (regex || old == NULL || now == NULL || strcmp(old, now) != 0)
        return draft_lost(d, "%s: '%.*s' to '%.*s' is no text around a version", path,
                          STR(search), STR(replace));
    if (!fs_read(d->project.root, d->arena, path, &doc, &fail))
        return draft_lost(d, "%s: %s", path, fail.what);
    return entries(o, path, doc, only_line(d->arena, old)) ||
           draft_lost(d, "%s: no text tells '%s' from its surroundings", path, old);
}

static void take_text(struct old *o, const char *key, const char **out)
{
    relver_str text = get(o, 0, key);
    const char *mine = text.ptr != NULL ? ours(o->d->arena, text, "{new_version}") : NULL;
    if (mine != NULL)
        *out = mine;
    else if (text.ptr != NULL)
        draft_lost(o->d, "%s = '%.*s'", key, STR(text));
}

bool draft_from_bumpversion(struct draft *d)
{
    static const char *const names[] = {".bumpversion.toml", "pyproject.toml", ".bumpversion.cfg",
                                        "setup.cfg"};
    static const char *const schemes[] = {"parse", "serialize", NULL};
    struct old o = {.d = d};
    for (size_t i = 0; i < 4 && o.count == 0; i++) {
        relver_str doc;
        o.path = names[i];
        if (fs_kind(d->project.root, o.path) == FS_ABSENT)
            continue;
        if (!fs_read(d->project.root, d->arena, o.path, &doc, &d->ctx->fail))
            return false;
        if (i >= 2)
            read_ini(&o, doc);
        else if (!read_toml(&o, doc))
            return false;
    }
    if (o.count == 0)
        return fail_set(&d->ctx->fail, d->arena, 2, "no-bumpversion", NULL, "nothing changed",
                        "relver init", "no bumpversion configuration is here");
    take_text(&o, "tag_name", &d->top.tag);
    take_text(&o, "message", &d->commit);
    take_text(&o, "tag_message", &d->tag_message);
    for (const char *const *key = schemes; *key != NULL; key++)
        if (get(&o, 0, *key).ptr != NULL)
            draft_lost(d, "%s: a version is SemVer or PEP 440", *key);
    for (size_t i = 1; i <= o.tables; i++)
        take_file(&o, i);
    return true;
}

/*-- changesets ----------------------------------------------------------------------------------*/

/* The major version in the requirement on @changesets/cli: "^2.27.0". Its groups and the rest stay
   in .changeset/config.json. */
bool draft_from_changesets(struct draft *d)
{
    static const char *const tables[] = {"devDependencies", "dependencies"};
    struct fail *fail = &d->ctx->fail;
    relver_str doc;
    relver_node n;
    if (fs_kind(d->project.root, ".changeset/config.json") == FS_ABSENT)
        return fail_set(fail, d->arena, 2, "no-changesets", NULL, "nothing changed", "relver init",
                        "there is no .changeset/config.json here");
    if (fs_kind(d->project.root, "package.json") != FS_ABSENT &&
        !fs_read(d->project.root, d->arena, "package.json", &doc, fail))
        return false;
    for (size_t i = 0; i < 2 && d->changesets == NULL && d->project.package_count > 0; i++) {
        const char *key = arena_printf(d->arena, "%s.\"@changesets/cli\"", tables[i]);
        if (relver_find(doc, RELVER_JSON, relver_s(key), &n, NULL) != RELVER_OK)
            continue;
        size_t at = 0;
        while (at < n.text.len && strchr("^~>=v ", n.text.ptr[at]) != NULL)
            at++;
        relver_str major = relver_sn(n.text.ptr + at, n.text.len - at);
        bool whole = major.len == 1 || (major.len > 1 && major.ptr[1] == '.');
        if (whole && (major.ptr[0] == '2' || major.ptr[0] == '3'))
            d->changesets = major.ptr[0] == '2' ? "2" : "3";
        else
            draft_lost(d, "@changesets/cli '%.*s': say `changesets = 2` or 3", STR(n.text));
    }
    if (d->project.package_count > 1) {
        d->top.tag = "{name}@{version}";
        d->several = true;
    }
    return true;
}
