/* cmd_init_from.c - what bumpversion and changesets were told, in relver's words */
#include "cmd_init.h"
#include "scan.h"
#include "str.h"

#include <string.h>

/*-- bumpversion's configuration -----------------------------------------------------------------*/

/* One setting of an INI file; `table` counts the sections that name a file: 0 is the tool's own. */
struct setting {
    size_t table;
    relver_str key, text;
};

struct old {
    struct draft *d;
    const char *path;
    relver_str doc;
    bool toml; /* asked as it stands; an INI file is read into settings first */
    struct setting *at;
    size_t count, tables;
};

static relver_str get(const struct old *o, size_t table, const char *key)
{
    struct arena *a = o->d->arena;
    const char *path = table == 0 ? arena_printf(a, "tool.bumpversion.%s", key)
                                  : arena_printf(a, "tool.bumpversion.files[%zu].%s", table - 1,
                                                 key);
    relver_node n;
    for (size_t i = 0; i < o->count; i++)
        if (o->at[i].table == table && str_is(o->at[i].key, key))
            return o->at[i].text;
    if (!o->toml || relver_find(o->doc, RELVER_TOML, relver_s(path), &n, NULL) != RELVER_OK)
        return relver_s(NULL);
    relver_buf out = {arena_alloc(a, n.text.len + 1), n.text.len + 1, 0};
    relver_text(&out, RELVER_TOML, &n);
    return relver_view(&out);
}

static void put(struct old *o, size_t table, relver_str key, relver_str text)
{
    struct setting s = {table, key, text};
    o->at = arena_more(o->d->arena, o->at, o->count, sizeof s);
    o->at[o->count++] = s;
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

/* Whether the file has a configuration of bumpversion; *ok: it can be read. */
static bool read_old(struct old *o, bool *ok)
{
    struct file f = {.path = o->path};
    struct fail *fail = &o->d->ctx->fail;
    relver_node n;
    relver_diag diag;
    if (fs_kind(o->d->project.root, o->path) == FS_ABSENT)
        return false;
    *ok = fs_read(o->d->project.root, o->d->arena, o->path, &f.text, fail);
    o->doc = f.text;
    o->toml = file_format(o->path) == RELVER_TOML;
    if (*ok && !o->toml)
        read_ini(o, o->doc);
    if (!*ok || !o->toml)
        return o->count > 0;
    relver_err err = relver_find(o->doc, RELVER_TOML, relver_s("tool.bumpversion"), &n, &diag);
    if (err != RELVER_OK && err != RELVER_MISSING)
        *ok = scan_fail(o->d->arena, &f, &diag, fail);
    while (get(o, o->tables + 1, "filename").ptr != NULL ||
           get(o, o->tables + 1, "glob").ptr != NULL)
        o->tables++;
    return err == RELVER_OK;
}

/*-- in relver's words ---------------------------------------------------------------------------*/

/* Their placeholder as ours; NULL when it is not the only one. */
static const char *ours(struct arena *a, relver_str s, const char *theirs)
{
    const char *text = arena_dup(a, s.ptr, s.len), *at = strchr(text, '{');
    size_t n = strlen(theirs);
    if (at == NULL || strncmp(at, theirs, n) != 0 || strchr(at + n, '{') != NULL)
        return NULL;
    return arena_printf(a, "%.*s{version}%s", (int)(at - text), text, at + n);
}

/* Entries for every place where the text's one line with {version} holds the current version; false
   when one has none. */
static bool entries(struct old *o, const char *path, relver_str doc, const char *text)
{
    struct draft *d = o->d;
    relver_str version = get(o, 0, "current_version");
    struct leftovers found = {0};
    const char *line = strstr(text, "{version}");
    size_t from = 0;
    relver_node n;
    while (line > text && line[-1] != '\n')
        line--;
    relver_str one = relver_sn(line, strcspn(line, "\n"));
    while (relver_find_text(doc, one, &n, &from, NULL) == RELVER_OK) {
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
    bool regex = str_is(get(o, table, "regex"), "true") || str_is(get(o, table, "regex"), "True");
    const char *old = ours(d->arena, search, "{current_version}");
    const char *now = ours(d->arena, replace, "{new_version}");
    if (project_file(&d->project, path) != NULL)
        return true;
    if (regex || old == NULL || now == NULL || strcmp(old, now) != 0)
        return draft_lost(d, "%s: '%.*s' to '%.*s' is no text around a version", path,
                          STR(search), STR(replace));
    if (!fs_read(d->project.root, d->arena, path, &doc, &fail))
        return draft_lost(d, "%s: %s", path, fail.what);
    return entries(o, path, doc, old) ||
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
    bool found = false, ok = true;
    for (size_t i = 0; i < 4 && !found && ok; i++) {
        o.path = names[i];
        found = read_old(&o, &ok);
    }
    if (!ok)
        return false;
    if (!found)
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
    relver_str doc = relver_s("{}");
    relver_node n;
    if (fs_kind(d->project.root, ".changeset/config.json") == FS_ABSENT)
        return fail_set(fail, d->arena, 2, "no-changesets", NULL, "nothing changed", "relver init",
                        "there is no .changeset/config.json here");
    if (fs_kind(d->project.root, "package.json") != FS_ABSENT &&
        !fs_read(d->project.root, d->arena, "package.json", &doc, fail))
        return false;
    for (size_t i = 0; i < 2 && d->changesets == NULL; i++) {
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
