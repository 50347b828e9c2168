#define _POSIX_C_SOURCE 200809L
#include "config.h"

#include "glob.h"
#include "near.h"
#include "str.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* The deepest value: run.check's words, below package and its name. */
enum { LEVELS = 8 };

/* What a value may be. */
enum {
    T_TEXT = 1 << VALUE_TEXT,
    T_NUMBER = 1 << VALUE_NUMBER,
    T_FALSE = 1 << VALUE_FALSE,
    T_LIST = 1 << VALUE_LIST,
    T_MAP = 1 << VALUE_MAP,
    T_EMPTY = 1 << 15 /* the text may be empty */
};

struct loader {
    struct arena *arena;
    const char *path;
    relver_str text;
    struct fail *fail;
    enum scheme scheme; /* of the settings that are checked */
};

/* A further check of every text in a value. */
typedef bool text_check(struct loader *l, const struct value *v);

static text_check check_template, check_nightly, check_branch, check_message, check_path,
    check_duration, check_registry, check_dist_tag;

/* The rules of a key. */
struct key_row {
    const char *name;
    unsigned types[4];           /* of the value, of the items or values in it, and so on */
    const char *words, *entries; /* the only texts and numbers; the only keys of a map */
    text_check *check;
};

static const struct key_row rows[KEY_COUNT] = {
    [KEY_REMOTE] = {"remote", {T_TEXT}, NULL, NULL, NULL},
    [KEY_BRANCH] = {"branch", {T_TEXT}, NULL, NULL, check_branch},
    [KEY_MAINTAINED] = {"maintained", {T_NUMBER}, NULL, NULL, NULL},
    [KEY_NIGHTLY] = {"nightly", {T_TEXT}, NULL, NULL, check_nightly},
    [KEY_NIGHTLY_BRANCHES] = {"nightly-branches", {T_TEXT}, NULL, NULL, check_path},
    [KEY_CHANGESETS] = {"changesets", {T_NUMBER | T_FALSE}, "2|3", NULL, NULL},
    [KEY_MERGE] = {"merge", {T_TEXT}, "push|pull-request", NULL, NULL},
    [KEY_CI] = {"ci", {T_LIST, T_TEXT}, NULL, NULL, NULL},
    [KEY_SOAK] = {"soak", {T_MAP, T_TEXT}, NULL, "major|minor|patch", check_duration},
    [KEY_RUN] = {"run", {T_MAP, T_LIST, T_TEXT | T_LIST, T_TEXT | T_EMPTY}, NULL,
                 "check|build|after", check_message},
    [KEY_PUBLISH] = {"publish", {T_TEXT}, "here|tag|release", NULL, NULL},
    [KEY_REGISTRIES] = {"registries", {T_MAP, T_TEXT}, NULL, NULL, check_registry},
    [KEY_COMMIT] = {"commit", {T_TEXT}, NULL, NULL, check_message},
    [KEY_SCHEME] = {"scheme", {T_TEXT}, "semver|pep440", NULL, NULL},
    [KEY_TAG] = {"tag", {T_TEXT}, NULL, NULL, check_template},
    [KEY_DEV_TAG] = {"dev-tag", {T_TEXT}, NULL, NULL, check_template},
    [KEY_TAG_MESSAGE] = {"tag-message", {T_TEXT | T_EMPTY}, NULL, NULL, check_message},
    [KEY_CHANGELOG] = {"changelog", {T_TEXT | T_FALSE}, NULL, NULL, check_path},
    [KEY_NOTES] = {"notes", {T_TEXT}, "changelog|generated", NULL, NULL},
    [KEY_RELEASE] = {"release", {T_TEXT | T_FALSE}, NULL, NULL, check_message},
    [KEY_FILES] = {"files", {T_LIST, T_TEXT}, NULL, NULL, NULL},
    [KEY_PINS] = {"pins", {T_MAP, T_TEXT}, "==|>=|~=|always|keep", NULL, NULL},
    [KEY_TO] = {"to", {T_MAP, T_LIST, T_TEXT}, NULL, "stable|prerelease|nightly", NULL},
    [KEY_DIST_TAG] = {"dist-tag", {T_TEXT}, NULL, NULL, check_dist_tag},
    [KEY_EXPECT] = {"expect", {T_LIST, T_TEXT}, NULL, NULL, check_message},
};

const char *config_key_name(enum config_key key)
{
    return rows[key].name;
}

/*-- failures ------------------------------------------------------------------------------------*/

static bool fail_at(struct loader *l, const char *code, size_t line, size_t col, const char *what)
{
    fail_set(l->fail, l->arena, 2, code, l->path, "nothing changed",
             arena_printf(l->arena, "correct %s, then: relver status", l->path), "%s", what);
    l->fail->line = line;
    l->fail->col = col;
    return false;
}

ARENA_PRINTF(4, 5)
static bool bad(struct loader *l, const struct value *v, const char *code, const char *fmt, ...)
{
    ARENA_FORMAT(l->arena, fmt, what);
    return fail_at(l, code, v->line, v->col, what);
}

static bool bad_document(struct loader *l, const relver_diag *diag)
{
    size_t line, col;
    relver_locate(l->text, diag->pos, &line, &col);
    return fail_at(l, relver_code(diag->err), line, col, diag->what);
}

/*-- the document as a tree ----------------------------------------------------------------------*/

static enum value_kind value_kind(const relver_node *node)
{
    if (node->kind == RELVER_BOOL)
        return str_is(node->text, "true") ? VALUE_TRUE : VALUE_FALSE;
    return node->kind == RELVER_STRING  ? VALUE_TEXT
           : node->kind == RELVER_ARRAY ? VALUE_LIST
           : node->kind == RELVER_TABLE ? VALUE_MAP : VALUE_NUMBER;
}

static struct value *find_item(const struct value *map, relver_str key)
{
    for (size_t i = 0; i < map->count; i++)
        if (relver_eq(map->items[i].key, key))
            return &map->items[i];
    return NULL;
}

/* A table that is there already may go on in a dotted key or a header below it; nothing else may
   stand twice. */
static bool reopen(struct loader *l, const relver_node *node, struct value *old)
{
    bool table = old->kind == VALUE_MAP && node->kind == RELVER_TABLE;
    bool again = node->dotted ? old->defined && !node->header : old->defined;
    if (table && !again) {
        old->defined = old->defined || !node->dotted;
        return true;
    }
    size_t line, col;
    relver_locate(l->text, (size_t)(node->key.ptr - l->text.ptr), &line, &col);
    return fail_at(l, "config.twice", line, col,
                   arena_printf(l->arena, "'%.*s' is already set at %zu:%zu", STR(old->key),
                                old->line, old->col));
}

/* Puts a node below its parent; *at is where it then stands. */
static bool add_node(struct loader *l, const relver_node *node, struct value *parent,
                     struct value **at)
{
    struct value v = {.kind = value_kind(node), .defined = !node->dotted};
    if (node->key.ptr != NULL) {
        v.key = str_decode_key(l->arena, RELVER_TOML, node);
        *at = find_item(parent, v.key);
        if (*at != NULL)
            return reopen(l, node, *at);
    }
    const char *place = node->key.ptr != NULL ? node->key.ptr : node->value.ptr;
    relver_locate(l->text, (size_t)(place - l->text.ptr), &v.line, &v.col);
    v.text = str_decode(l->arena, RELVER_TOML, node);
    for (size_t i = 0; i < v.text.len; i++)
        if ((unsigned char)v.text.ptr[i] < ' ' && memchr("\n\t", v.text.ptr[i], 2) == NULL)
            return bad(l, &v, "config.value", "a control character in a value");
    *at = ARENA_NEW(l->arena, parent->items, parent->count);
    **at = v;
    return true;
}

static bool read_tree(struct loader *l, struct value *root)
{
    struct value *open[LEVELS] = {root};
    relver_reader r;
    relver_node node;
    relver_diag diag;
    relver_read(&r, RELVER_TOML, l->text);
    for (;;) {
        if (relver_next(&r, &node, &diag) != RELVER_OK)
            return bad_document(l, &diag);
        if (node.kind == RELVER_END)
            return true;
        if (node.kind == RELVER_CLOSE)
            continue;
        if (node.depth >= LEVELS) {
            diag.pos = (size_t)(node.value.ptr - l->text.ptr);
            diag.err = RELVER_TOO_DEEP;
            diag.what = "no key of relver.toml nests so deeply";
            return bad_document(l, &diag);
        }
        if (!add_node(l, &node, open[node.depth - 1], &open[node.depth]))
            return false;
    }
}

/*-- placeholders and templates ------------------------------------------------------------------*/

/* The placeholders. In a tag's form each stands for itself (NULL: it cannot be read back), for the
   version, or for some text. */
static const struct placeholder {
    const char *name, *in_tag;
} placeholders[] = {
    {"{version}", "{version}"}, {"{version:pep440}", "{version}"}, {"{version:npm}", "{version}"},
    {"{version:docker}", "{version}"}, {"{name}", "{name}"}, {"{base}", "{version}"},
    {"{next}", "{version}"}, {"{date}", "20260102"}, {"{major}", "{major}"}, {"{minor}", "{minor}"},
    {"{patch}", "{patch}"}, {"{label}", "rc"}, {"{changes}", NULL}, {"{releases}", NULL},
};

enum { PLACEHOLDERS = sizeof placeholders / sizeof *placeholders };

/* The {word} that s begins with, with its braces; empty when there is none. */
static relver_str braced(relver_str s)
{
    size_t n = 1;
    while (n < s.len && ((s.ptr[n] >= 'a' && s.ptr[n] <= 'z') || s.ptr[n] == ':' ||
                         s.ptr[n] == '-' || (n > 1 && is_digit(s.ptr[n]))))
        n++;
    bool whole = s.len > 0 && s.ptr[0] == '{' && n > 1 && n < s.len && s.ptr[n] == '}';
    return relver_sn(s.ptr, whole ? n + 1 : 0);
}

static const struct placeholder *find_placeholder(struct loader *l, const struct value *v,
                                                  relver_str name)
{
    struct near near = {name, {NULL, 0}, 0};
    for (size_t i = 0; i < PLACEHOLDERS; i++) {
        if (str_is(name, placeholders[i].name))
            return &placeholders[i];
        near_try(&near, relver_s(placeholders[i].name));
    }
    bad(l, v, "config.template", "unknown placeholder %.*s; the nearest is %.*s", STR(name),
        STR(near.best));
    return NULL;
}

/* Every placeholder is known; braces around anything but a word are text. With a form it is that of
   a tag, as relver_tag_write and relver_tag_read know them. */
static bool read_template(struct loader *l, const struct value *v, relver_str *form)
{
    struct text t = {.arena = l->arena};
    for (relver_str s = v->text; s.len > 0;) {
        relver_str name = braced(s);
        const struct placeholder *p = name.len > 0 ? find_placeholder(l, v, name) : NULL;
        if (name.len > 0 && p == NULL)
            return false;
        if (p != NULL && p->in_tag == NULL && form != NULL)
            return bad(l, v, "config.template", "%s cannot be read back from a name", p->name);
        if (p != NULL && p->in_tag != NULL)
            text_adds(&t, p->in_tag);
        else
            text_addc(&t, s.ptr[0]);
        s = str_from(s, p != NULL ? name.len : 1);
    }
    if (form != NULL)
        *form = relver_sn(t.ptr, t.len);
    return true;
}

static bool check_message(struct loader *l, const struct value *v)
{
    return read_template(l, v, NULL);
}

/* git-check-ref-format(1), as far as a template can go wrong. */
static bool is_ref(relver_str s)
{
    static const char *const never[] = {"..", "@{", "//", "/.", ".lock/"};
    if (s.len == 0 || memchr("-./", s.ptr[0], 3) || memchr("./", s.ptr[s.len - 1], 2))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ' || memchr("~^:?*[\\\177", s.ptr[i], 8))
            return false;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (str_has(s, never[i]))
            return false;
    return s.len < 5 || !str_is(str_from(s, s.len - 5), ".lock");
}

static bool same_part(relver_str form, const char *part, relver_str got, const char *want)
{
    return !str_has(form, part) || str_is(got, want);
}

/* Whether the form writes a git ref for the version, and reads the same parts back. */
static bool inverts(struct loader *l, const struct value *v, relver_str form, relver_eco eco,
                    const char *version)
{
    char space[512];
    relver_buf out = {space, sizeof space, 0};
    relver_diag diag;
    relver_tag t;
    if (relver_tag_write(&out, form, relver_s("@scope/a-b"), relver_s(version), &diag) != RELVER_OK)
        return bad(l, v, "config.template", "%s", diag.what);
    if (!is_ref(relver_view(&out)))
        return bad(l, v, "config.template", "git takes no name like '%s'", space);
    bool back = relver_tag_read(form, eco, relver_view(&out), &t, &diag) == RELVER_OK &&
                same_part(form, "{version}", t.version, version) &&
                same_part(form, "{name}", t.name, "@scope/a-b") &&
                same_part(form, "{major}", t.major, "1") &&
                same_part(form, "{minor}", t.minor, "20") &&
                same_part(form, "{patch}", t.patch, "3");
    return back || bad(l, v, "config.template", "'%s', which it writes, cannot be read back",
                       space);
}

static bool check_template(struct loader *l, const struct value *v)
{
    relver_str form;
    if (!read_template(l, v, &form))
        return false;
    if (!str_has(form, "{version}"))
        return bad(l, v, "config.template", "the template has no {version}");
    bool python = str_has(v->text, "{version:pep440}") ||
                  (l->scheme == SCHEME_PEP440 && !str_has(v->text, "{version:"));
    relver_eco eco = python ? RELVER_PEP440 : RELVER_SEMVER;
    bool final = !str_has(v->text, "{version"); /* {base} and {next} have no prerelease */
    return inverts(l, v, form, eco, "1.20.3") &&
           (final || inverts(l, v, form, eco, python ? "1.20.3rc4" : "1.20.3-rc.4"));
}

/* Every night has a version of its own, and none is a release. */
static bool check_nightly(struct loader *l, const struct value *v)
{
    if (!str_has(v->text, "{date}"))
        return bad(l, v, "config.template", "the template has no {date}");
    if (str_has(v->text, "{label}"))
        return bad(l, v, "config.template", "a nightly version has no {label} to take over");
    return check_template(l, v);
}

/* A branch is a line's, not a version's: all that changes on it keeps its name. */
static bool check_branch(struct loader *l, const struct value *v)
{
    relver_str form;
    if (!read_template(l, v, &form))
        return false;
    if (!str_has(form, "{major}") || !str_has(form, "{minor}"))
        return bad(l, v, "config.template", "the template has no {major} and {minor}");
    if (!relver_eq(form, v->text) || str_has(form, "{patch}"))
        return bad(l, v, "config.template", "a branch has {name}, {major} and {minor} only");
    return inverts(l, v, form, l->scheme == SCHEME_PEP440 ? RELVER_PEP440 : RELVER_SEMVER,
                   "1.20.3");
}

static bool check_dist_tag(struct loader *l, const struct value *v)
{
    relver_diag diag;
    if (str_is(v->text, "{label}"))
        return true;
    return relver_dist_tag_check(v->text, &diag) == RELVER_OK ||
           bad(l, v, "config.value", "'%.*s' is no usable dist-tag: %s", STR(v->text), diag.what);
}

/*-- other forms ---------------------------------------------------------------------------------*/

/* No part of it may be "..", nor may it be empty or begin with a slash. */
static bool inside(relver_str path)
{
    bool ok = path.len > 0 && path.ptr[0] != '/';
    while (path.len > 0)
        ok = !str_is(str_cut(&path, '/'), "..") && ok;
    return ok;
}

static bool check_path(struct loader *l, const struct value *v)
{
    return inside(v->text) || bad(l, v, "config.value", "'%.*s' is no path inside the project",
                                  STR(v->text));
}

static bool check_duration(struct loader *l, const struct value *v)
{
    unsigned long seconds;
    return str_duration(v->text, "mhdw", &seconds) ||
           bad(l, v, "config.value", "'%.*s' is no duration such as 12h, 7d or 2w",
                     STR(v->text));
}

/* kind+url, as in "cargo+sparse+https://..": the kind is a word, and the URL names nobody. */
static bool check_registry(struct loader *l, const struct value *v)
{
    relver_str url = v->text, kind = str_cut(&url, '+');
    if (kind.len == 0 || str_span(kind, "abcdefghijklmnopqrstuvwxyz") < kind.len ||
        !str_has(url, "://"))
        return bad(l, v, "config.value", "'%.*s' is no registry such as npm+https://host/path/",
                   STR(v->text));
    while (!str_starts(url, "://"))
        url = str_from(url, 1);
    url = str_from(url, 3);
    return !str_has(str_cut(&url, '/'), "@") ||
           bad(l, v, "config.value", "a registry's URL holds no user and no password");
}

/*-- checking against the table ------------------------------------------------------------------*/

static bool bad_type(struct loader *l, const struct value *v, const char *name,
                     const struct key_row *row, unsigned types)
{
    static const struct {
        unsigned type;
        const char *text;
    } texts[] = {{T_TEXT, "a string"}, {T_NUMBER, "a number"}, {T_FALSE, "false"},
                 {T_LIST, "a list"},   {T_MAP, "a table"}};
    struct text t = {.arena = l->arena};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (types & texts[i].type)
            text_addf(&t, "%s%s", t.len > 0 ? " or " : "", texts[i].text);
    if (row->words != NULL)
        text_addf(&t, ": %s", row->words);
    return bad(l, v, "config.type", "'%s' must be %s", name, t.ptr);
}

static bool unknown(struct loader *l, const struct value *v, const char *where, relver_str best,
                    const char *scope)
{
    return bad(l, v, "config.key", "unknown key '%.*s'%s; the nearest is '%.*s'%s", STR(v->key),
               where, STR(best), scope);
}

static bool check_name(struct loader *l, const struct value *v, const struct key_row *row)
{
    struct near near = {v->key, {NULL, 0}, 0};
    if (v->key.len == 0)
        return bad(l, v, "config.key", "an empty name in '%s'", row->name);
    if (row->entries == NULL || str_word(row->entries, v->key) >= 0)
        return true;
    for (relver_str rest = relver_s(row->entries); rest.len > 0;)
        near_try(&near, str_cut(&rest, '|'));
    return unknown(l, v, arena_printf(l->arena, " in '%s'", row->name), near.best, "");
}

/* A value at some depth below its key, and what is in it. */
static bool check_value(struct loader *l, const struct value *v, const char *name,
                        const struct key_row *row, size_t depth)
{
    unsigned types = row->types[depth];
    bool word = v->kind == VALUE_TEXT || v->kind == VALUE_NUMBER;
    if (!(types & (1u << v->kind)) ||
        (word && v->text.len > 0 && row->words != NULL && str_word(row->words, v->text) < 0))
        return bad_type(l, v, name, row, types);
    if (v->kind == VALUE_TEXT && v->text.len == 0 && !(types & T_EMPTY))
        return bad(l, v, "config.value", "'%s' is empty", name);
    if (v->kind == VALUE_NUMBER && str_span(v->text, "0123456789") < v->text.len)
        return bad(l, v, "config.value", "'%s' must be a number from 0", name);
    for (size_t i = 0; i < v->count; i++) {
        const struct value *item = &v->items[i];
        bool map = v->kind == VALUE_MAP;
        if ((map && !check_name(l, item, row)) ||
            !check_value(l, item, map ? arena_printf(l->arena, "%s.%.*s", name, STR(item->key))
                                      : name, row, depth + 1))
            return false;
    }
    return true;
}

static const char *scope_of(size_t key)
{
    return key <= KEY_COMMIT ? " (for the whole repository)" : " (for all or one package)";
}

/* A key of the top level or, with a package's name, of its table. */
static bool take_key(struct loader *l, const struct value *v, const struct value *package,
                     struct settings *out)
{
    struct near near = {v->key, {NULL, 0}, 0};
    size_t key = 0, best = 0;
    for (; key < KEY_COUNT && !str_is(v->key, rows[key].name); key++) {
        size_t before = near.distance;
        bool first = near.best.ptr == NULL;
        near_try(&near, relver_s(rows[key].name));
        best = first || near.distance < before ? key : best;
    }
    if (key == KEY_COUNT)
        return unknown(l, v, "", near.best, scope_of(best));
    if (package != NULL && key <= KEY_COMMIT)
        return bad(l, v, "config.scope",
                   "'%s' is a key of the whole repository; move it above [package.%.*s]",
                   rows[key].name, STR(package->key));
    out->value[key] = *v;
    return check_value(l, v, rows[key].name, &rows[key], 0);
}

/*-- what is parsed further ----------------------------------------------------------------------*/

/* Runs the key's check over every text of a value, which nests no deeper than its row says. */
static bool check_texts(struct loader *l, const struct value *v, text_check *check)
{
    if (v->kind == VALUE_TEXT && v->text.len > 0 && !check(l, v))
        return false;
    for (size_t i = 0; i < v->count; i++)
        if (!check_texts(l, &v->items[i], check))
            return false;
    return true;
}

/* Cuts "x3" or "x*" off the end, and a '?' after or before it. */
static bool cut_suffixes(struct loader *l, const struct value *v, relver_str *s,
                         struct file_place *f)
{
    f->times = 1;
    if (s->len > 0 && s->ptr[s->len - 1] == '?') {
        f->optional = true;
        s->len--;
    }
    size_t at = s->len;
    while (at > 0 && (is_digit(s->ptr[at - 1]) || s->ptr[at - 1] == '*'))
        at--;
    relver_str count = str_from(*s, at);
    if (count.len == 0 || at < 2 || s->ptr[at - 1] != 'x' || s->ptr[at - 2] != ' ')
        return true;
    if (str_is(count, "*"))
        f->times = FILES_ANY;
    else if (!str_number(count, &f->times) || count.len > 4 || f->times == 0)
        return bad(l, v, "config.files", "'x%.*s' is no count: x2, x3 .. or x*", STR(count));
    s->len = at - 2;
    return true;
}

/* The text around {version}, with a spelling such as {version:npm} taken out of it. */
static bool take_text(struct loader *l, const struct value *v, relver_str what,
                      struct file_place *f)
{
    static const char *const spellings[] = {NULL, "pep440", "npm", "docker"};
    struct text t = {.arena = l->arena};
    size_t found = 0;
    while (what.len > 0) {
        relver_str name = braced(what);
        bool version = str_starts(name, "{version");
        if (version) {
            const struct placeholder *p = find_placeholder(l, v, name);
            if (p == NULL)
                return false;
            f->spelling = spellings[p - placeholders];
            found++;
        }
        text_add(&t, version ? "{version}" : what.ptr, version ? 9 : 1);
        what = str_from(what, version ? name.len : 1);
    }
    f->what = t.ptr;
    return found == 1 || bad(l, v, "config.files", "the text has {version} more than once");
}

static bool take_what(struct loader *l, const struct value *v, relver_str what,
                      struct file_place *f)
{
    relver_node node;
    if (what.len == 0)
        return bad(l, v, "config.files", "no key and no text after '%s: '", f->path);
    if (str_has(what, "{version"))
        return take_text(l, v, what, f);
    f->is_key = true;
    f->what = arena_dup(l->arena, what.ptr, what.len);
    return relver_find(relver_s(""), RELVER_TOML, what, &node, NULL) != RELVER_BAD_PATH ||
           bad(l, v, "config.files", "'%s' is neither a key nor a text with {version}", f->what);
}

/* "PATH", "PATH: key" or "PATH: text with {version}", and suffixes. */
static bool take_file(struct loader *l, const struct value *v, struct file_place *f)
{
    relver_str s = v->text;
    size_t n = 0;
    f->line = v->line;
    f->col = v->col;
    if (!cut_suffixes(l, v, &s, f))
        return false;
    while (n < s.len && !str_starts(str_from(s, n), ": ") && !(s.ptr[n] == ':' && n + 1 == s.len))
        n++;
    relver_str path = relver_sn(s.ptr, n);
    f->path = arena_dup(l->arena, path.ptr, path.len);
    if (!inside(path))
        return bad(l, v, "config.files", "'%s' is no path inside the project", f->path);
    relver_str what = str_from(s, n < s.len ? n + 1 : n);
    while (what.len > 0 && what.ptr[0] == ' ')
        what = str_from(what, 1);
    return n == s.len || take_what(l, v, what, f);
}

static bool take_files(struct loader *l, struct settings *out)
{
    const struct value *v = &out->value[KEY_FILES];
    out->files = arena_alloc(l->arena, v->count * sizeof *out->files);
    out->file_count = v->count;
    for (size_t i = 0; i < v->count; i++)
        if (!take_file(l, &v->items[i], &out->files[i]))
            return false;
    return true;
}

static void take_pins(struct loader *l, struct settings *out)
{
    static const relver_pin pins[] = {RELVER_PIN_EXACT, RELVER_PIN_AT_LEAST, RELVER_PIN_COMPATIBLE,
                                      RELVER_PIN_ALWAYS, RELVER_PIN_KEEP};
    const struct value *v = &out->value[KEY_PINS];
    out->pins = arena_alloc(l->arena, v->count * sizeof *out->pins);
    out->pin_count = v->count;
    for (size_t i = 0; i < v->count; i++) {
        out->pins[i].pattern = v->items[i].key;
        out->pins[i].how = pins[str_word(rows[KEY_PINS].words, v->items[i].text)];
    }
}

static bool settle(struct loader *l, struct settings *s)
{
    relver_str scheme = s->value[KEY_SCHEME].text;
    s->scheme = str_is(scheme, "pep440") ? SCHEME_PEP440
                : str_is(scheme, "semver") ? SCHEME_SEMVER : SCHEME_DEFAULT;
    l->scheme = s->scheme;
    for (size_t key = 0; key < KEY_COUNT; key++)
        if (rows[key].check != NULL && !check_texts(l, &s->value[key], rows[key].check))
            return false;
    take_pins(l, s);
    return take_files(l, s);
}

/*-- the whole -----------------------------------------------------------------------------------*/

static bool take_package(struct loader *l, const struct value *v, struct package_settings *out)
{
    out->name = v->key;
    out->line = v->line;
    out->col = v->col;
    if (v->kind != VALUE_MAP)
        return bad(l, v, "config.type", "'package.%.*s' must be a table", STR(v->key));
    for (size_t i = 0; i < v->count; i++)
        if (!take_key(l, &v->items[i], v, &out->settings))
            return false;
    return true;
}

static bool take_packages(struct loader *l, const struct value *v, struct config *out)
{
    if (v->kind != VALUE_MAP)
        return bad(l, v, "config.type", "'package' must be a table: [package.NAME]");
    out->packages = arena_alloc(l->arena, v->count * sizeof *out->packages);
    out->package_count = v->count;
    for (size_t i = 0; i < v->count; i++)
        if (!take_package(l, &v->items[i], &out->packages[i]))
            return false;
    return true;
}

static bool take_tree(struct loader *l, const struct value *root, struct config *out)
{
    for (size_t i = 0; i < root->count; i++) {
        const struct value *v = &root->items[i];
        bool ok = str_is(v->key, "package") ? take_packages(l, v, out)
                                        : take_key(l, v, NULL, &out->top);
        if (!ok)
            return false;
    }
    return true;
}

/* The repository's value for every key that the package does not set. */
static void inherit(struct settings *s, const struct settings *top)
{
    bool own = s->value[KEY_TAG].kind != VALUE_NONE;
    for (size_t key = 0; key < KEY_COUNT; key++)
        if (s->value[key].kind == VALUE_NONE)
            s->value[key] = top->value[key];
    s->own_version = own || str_has(s->value[KEY_TAG].text, "{name}");
}

bool config_parse(struct arena *a, const char *path, relver_str text, struct config *out,
                  struct fail *fail)
{
    struct loader l = {a, path, text, fail, SCHEME_DEFAULT};
    struct value root = {.kind = VALUE_MAP};
    memset(out, 0, sizeof *out);
    out->path = path;
    if (!read_tree(&l, &root) || !take_tree(&l, &root, out))
        return false;
    out->top.own_version = str_has(out->top.value[KEY_TAG].text, "{name}");
    if (!settle(&l, &out->top))
        return false;
    for (size_t i = 0; i < out->package_count; i++) {
        inherit(&out->packages[i].settings, &out->top);
        if (!settle(&l, &out->packages[i].settings))
            return false;
    }
    return true;
}

static const char *const names[] = {"relver.toml", ".relver.toml"};

const char *config_find(struct arena *a, const char *dir)
{
    for (size_t len = strlen(dir);; len--) {
        if (len > 0 && dir[len] != '/' && dir[len] != '\0')
            continue;
        for (size_t i = 0; i < 2; i++)
            if (access(arena_printf(a, "%.*s/%s", (int)len, dir, names[i]), F_OK) == 0)
                return len > 0 ? arena_dup(a, dir, len) : "/";
        if (len == 0)
            return NULL;
    }
}

static bool load_named(struct arena *a, const char *file, relver_str *text, struct fail *fail)
{
    struct root root;
    const char *name;
    if (fs_open_beside(&root, a, file, "relver --config FILE ..", &name, fail) &&
        fs_read(&root, a, name, text, fail))
        return true;
    fail->path = file;
    return false;
}

bool config_load(struct arena *a, const struct root *root, const char *file, struct config *out,
                 struct fail *fail)
{
    relver_str text, hidden;
    memset(out, 0, sizeof *out);
    if (file != NULL)
        return load_named(a, file, &text, fail) && config_parse(a, file, text, out, fail);
    if (!fs_read_if(root, a, names[0], &text, fail) ||
        !fs_read_if(root, a, names[1], &hidden, fail))
        return false;
    if (text.ptr != NULL && hidden.ptr != NULL)
        return fail_set(fail, a, 2, "config.two", names[0], "nothing changed",
                        "rm .relver.toml", "both relver.toml and .relver.toml are here");
    if (text.ptr != NULL)
        return config_parse(a, names[0], text, out, fail);
    return hidden.ptr == NULL || config_parse(a, names[1], hidden, out, fail);
}

/*-- looking things up ---------------------------------------------------------------------------*/

const struct settings *config_for(const struct config *config, relver_str name)
{
    const struct settings *found = &config->top;
    for (size_t i = 0; i < config->package_count; i++) {
        const struct package_settings *p = &config->packages[i];
        if (relver_eq(p->name, name))
            return &p->settings;
        if (relver_name_eq(RELVER_PEP440, p->name, name))
            found = &p->settings;
    }
    return found;
}

relver_str settings_text(const struct settings *settings, enum config_key key)
{
    const struct value *v = &settings->value[key];
    return v->kind == VALUE_TEXT ? v->text : relver_s(NULL);
}

size_t settings_number(const struct settings *settings, enum config_key key)
{
    const struct value *v = &settings->value[key];
    size_t n;
    return v->kind == VALUE_NUMBER && str_number(v->text, &n) ? n : SIZE_MAX;
}

const struct value *settings_entry(const struct settings *settings, enum config_key key,
                                   const char *entry)
{
    return find_item(&settings->value[key], relver_s(entry));
}

const struct pin *settings_pinned(const struct settings *settings, relver_str name)
{
    for (size_t i = 0; i < settings->pin_count; i++) {
        const struct pin *pin = &settings->pins[i];
        if (glob_match(pin->pattern, name) || relver_name_eq(RELVER_PEP440, pin->pattern, name))
            return pin;
    }
    return NULL;
}

relver_pin settings_pin(const struct settings *settings, relver_str name)
{
    const struct pin *pin = settings_pinned(settings, name);
    return pin != NULL ? pin->how : RELVER_PIN_AUTO;
}
