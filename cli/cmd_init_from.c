/* cmd_init_from.c - what bumpversion and changesets were told, in relver's words */
#include "cmd_init.h"
#include "scan.h"
#include "str.h"

#include <string.h>

/*-- bumpversion's configuration -----------------------------------------------------------------*/

/* An INI file as the TOML that bumpversion reads as well: [bumpversion], [bumpversion:file:PATH]
   and [bumpversion:glob(x):PATTERN]. A line that begins with a blank goes on with the value above
   it; of a value the first line counts. */
static relver_str as_toml(struct arena *a, relver_str ini)
{
    struct text t = {.arena = a};
    bool ours = false;
    text_adds(&t, "");
    while (ini.len > 0) {
        relver_str line = str_cut(&ini, '\n'), value = str_trim(line), key;
        if (value.len == 0 || value.ptr != line.ptr || memchr("#;", *value.ptr, 2) != NULL)
            continue;
        if (*value.ptr == '[') {
            value = str_from(value, 1);
            value = str_cut(&value, ']');
            ours = str_is(str_cut(&value, ':'), "bumpversion");
            key = str_cut(&value, ':');
            bool glob = str_starts(key, "glob"), file = glob || str_starts(key, "file");
            ours = ours && (file || key.len == 0);
            if (ours)
                text_adds(&t, !file ? "[tool.bumpversion]\n"
                              : glob ? "[[tool.bumpversion.files]]\nglob = "
                                     : "[[tool.bumpversion.files]]\nfilename = ");
            if (!ours || !file)
                continue;
        } else if (ours) {
            key = str_trim(str_cut(&value, str_has(value, "=") ? '=' : ':'));
            value = str_trim(value);
            text_json(&t, key.ptr, key.len); /* whose strings are TOML's as well */
            text_adds(&t, " = ");
        } else {
            continue;
        }
        text_json(&t, value.ptr, value.len);
        text_addc(&t, '\n');
    }
    return relver_sn(t.ptr, t.len);
}

struct old {
    struct draft *d;
    relver_str doc; /* TOML */
};

/* A setting of the tool or, from 1, of one of its files; absent when it is not set. */
static relver_str get(const struct old *o, size_t file, const char *key)
{
    struct arena *a = o->d->arena;
    const char *path = file == 0 ? arena_printf(a, "tool.bumpversion.%s", key)
                                 : arena_printf(a, "tool.bumpversion.files[%zu].%s", file - 1, key);
    relver_node n;
    if (relver_find(o->doc, RELVER_TOML, relver_s(path), &n, NULL) != RELVER_OK)
        return relver_s(NULL);
    return str_decode(a, RELVER_TOML, &n);
}

/* Reads the first file that has a configuration of bumpversion. */
static bool read_old(struct old *o)
{
    static const char *const names[] = {".bumpversion.toml", "pyproject.toml", ".bumpversion.cfg",
                                        "setup.cfg"};
    struct arena *a = o->d->arena;
    struct fail *fail = &o->d->ctx->fail;
    relver_node n;
    relver_diag diag;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct file f = {.path = names[i]};
        if (fs_kind(o->d->project.root, f.path) == FS_ABSENT)
            continue;
        if (!fs_read(o->d->project.root, a, f.path, &f.text, fail))
            return false;
        o->doc = file_format(f.path) == RELVER_TOML ? f.text : as_toml(a, f.text);
        relver_err err = relver_find(o->doc, RELVER_TOML, relver_s("tool.bumpversion"), &n, &diag);
        if (err == RELVER_OK)
            return true;
        if (err != RELVER_MISSING)
            return scan_fail(a, &f, &diag, fail);
    }
    return ctx_fail(o->d->ctx, 2, "no-bumpversion", "relver init",
                    "no bumpversion configuration is here");
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

static size_t count(relver_str s, relver_str part)
{
    size_t n = 0;
    for (; part.len > 0 && s.len >= part.len; s = str_from(s, 1))
        n += memcmp(s.ptr, part.ptr, part.len) == 0;
    return n;
}

/* The search text of a file, or the file alone when only its version is looked for: then it must be
   of a kind that says where that stands. */
static bool take_file(struct old *o, size_t i)
{
    struct draft *d = o->d;
    relver_str name = get(o, i, "filename"), search = get(o, i, "search");
    relver_str replace = get(o, i, "replace"), regex = get(o, i, "regex");
    struct fail fail = {0};
    if (name.ptr == NULL)
        return draft_lost(d, "the files of '%.*s': name each", STR(get(o, i, "glob")));
    search = search.ptr != NULL ? search : get(o, 0, "search");
    replace = replace.ptr != NULL ? replace : get(o, 0, "replace");
    const char *text = NULL, *path = arena_dup(d->arena, name.ptr, name.len);
    if (project_file(&d->project, path) != NULL)
        return true;
    if (search.ptr != NULL && !str_is(search, "{current_version}")) {
        const char *now = ours(d->arena, replace, "{new_version}");
        text = ours(d->arena, search, "{current_version}");
        if (text == NULL || now == NULL || strcmp(text, now) != 0 || strchr(text, '\n') != NULL ||
            str_is(regex, "true") || str_is(regex, "True"))
            return draft_lost(d, "%s: '%.*s' to '%.*s' is no text around a version", path,
                              STR(search), STR(replace));
    }
    struct file f = {.path = path, .kind = FILE_EXTRA};
    struct file_place rule = {.path = path, .what = text, .times = FILES_ANY};
    if (!fs_read(d->project.root, d->arena, path, &f.text, &fail) ||
        !scan_extra(d->arena, &f, &rule, &fail))
        return draft_lost(d, "%s: %s", path, fail.what);
    if (text == NULL && count(f.text, get(o, 0, "current_version")) != f.count)
        return draft_lost(d, "%s: the version stands there more than once; name each", path);
    const char *entry = text != NULL ? arena_printf(d->arena, "%s: %s", path, text) : path;
    draft_file(d, d->project.units[0],
               f.count == 1 ? entry : arena_printf(d->arena, "%s x%zu", entry, f.count));
    return true;
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
    struct old o = {.d = d};
    if (!read_old(&o))
        return false;
    take_text(&o, "tag_name", &d->top.tag);
    take_text(&o, "message", &d->commit);
    take_text(&o, "tag_message", &d->tag_message);
    if (get(&o, 0, "parse").ptr != NULL || get(&o, 0, "serialize").ptr != NULL)
        draft_lost(d, "parse and serialize: a version is SemVer or PEP 440");
    for (size_t i = 1; get(&o, i, "filename").ptr != NULL || get(&o, i, "glob").ptr != NULL; i++)
        take_file(&o, i);
    return true;
}

/*-- changesets ----------------------------------------------------------------------------------*/

/* Its settings stay where they are, and its major version is asked of package.json. */
bool draft_from_changesets(struct draft *d)
{
    if (fs_kind(d->project.root, ".changeset/config.json") == FS_ABSENT)
        return ctx_fail(d->ctx, 2, "no-changesets", "relver init",
                        "there is no .changeset/config.json here");
    if (d->project.package_count > 1) {
        d->top.tag = "{name}@{version}";
        d->several = true;
    }
    return true;
}
