/* home.c - the build tools' settings for a version in a file, as their sources read them:
   hatchling 1.33, pdm-backend 2.5, scikit-build-core 1.1, setuptools 84, flit_core 4.2 */
#include "home.h"

#include "opt.h"
#include "str.h"

#include <string.h>

const struct place *home_hint(const struct file *f, const char *key)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->places[i].kind == PLACE_HINT && strcmp(f->places[i].key, key) == 0)
            return &f->places[i];
    return NULL;
}

static const char *text(struct arena *a, relver_str s)
{
    return arena_dup(a, s.ptr, s.len);
}

/*-- a path, in which the first constant of a usual name counts ----------------------------------*/

/* A setting of its own makes the tool look for something else. */
static const struct tool {
    const char *path, *source, *sources, *other[2];
} tools[] = {
    {"tool.hatch.version.path", "tool.hatch.version.source", "regex|code",
     {"tool.hatch.version.pattern", "tool.hatch.version.expression"}},
    {"tool.pdm.version.path", "tool.pdm.version.source", "file",
     {"tool.pdm.version.pattern", NULL}},
    {"tool.scikit-build.metadata.version.input", "tool.scikit-build.metadata.version.provider",
     "scikit_build_core.metadata.regex",
     {"tool.scikit-build.metadata.version.regex", "tool.scikit-build.metadata.version.result"}},
};

static void by_path(struct arena *a, const struct file *f, struct home *h)
{
    for (size_t i = 0; i < sizeof tools / sizeof *tools && h->hint == NULL; i++) {
        const struct tool *t = &tools[i];
        const struct place *path = home_hint(f, t->path), *source = home_hint(f, t->source);
        if (path == NULL || (source != NULL && opt_word(t->sources, text(a, source->text)) < 0))
            continue;
        h->hint = path;
        for (size_t k = 0; k < 2; k++)
            if (t->other[k] != NULL && home_hint(f, t->other[k]) != NULL) {
                h->hint = home_hint(f, t->other[k]);
                h->why = "relver cannot follow it";
            }
        h->place.home = HOME_CONSTANT;
        list_add(a, &h->paths, text(a, path->text));
    }
}

/*-- a module ------------------------------------------------------------------------------------*/

/* dir/a/b.py and dir/a/b/__init__.py for the module a.b; dir.py too where that is the module. */
static void add_module(struct arena *a, struct home *h, relver_str dir, relver_str module)
{
    const char *slash = dir.len > 0 && module.len > 0 ? "/" : "";
    char *path = arena_printf(a, "%.*s%s%.*s", STR(dir), slash, STR(module));
    for (char *c = path + dir.len; *c != '\0'; c++)
        *c = *c == '.' ? '/' : *c;
    if (path[0] != '\0')
        list_add(a, &h->paths, arena_printf(a, "%s.py", path));
    list_add(a, &h->paths, arena_printf(a, "%s%s__init__.py", path, path[0] != '\0' ? "/" : ""));
}

/* setuptools' package-dir: where all packages ("") lie, or one of them. False: it says neither. */
static bool mapped(struct arena *a, const struct file *f, struct home *h, relver_str module)
{
    static const char table[] = "tool.setuptools.package-dir.";
    size_t before = h->paths.count;
    for (size_t i = 0; i < f->count; i++) {
        const struct place *p = &f->places[i];
        relver_str rest = module, first = str_cut(&rest, '.');
        if (p->kind != PLACE_HINT || !str_starts(relver_s(p->key), table))
            continue;
        if (p->name.len == 0)
            add_module(a, h, p->text, module);
        else if (relver_eq(p->name, first))
            add_module(a, h, p->text, rest);
    }
    return h->paths.count > before;
}

static void by_attribute(struct arena *a, const struct file *f, struct home *h)
{
    const struct place *attr = home_hint(f, "tool.setuptools.dynamic.version.attr");
    const struct place *where = home_hint(f, "tool.setuptools.packages.find.where[0]");
    if (attr == NULL || h->hint != NULL)
        return;
    size_t dot = attr->text.len;
    while (dot > 0 && attr->text.ptr[dot - 1] != '.')
        dot--;
    relver_str module = relver_sn(attr->text.ptr, dot > 0 ? dot - 1 : 0);
    h->hint = attr;
    h->place.home = HOME_CONSTANT;
    h->place.what = arena_dup(a, attr->text.ptr + dot, attr->text.len - dot);
    h->place.is_key = true;
    if (mapped(a, f, h, module))
        return;
    if (where != NULL)
        add_module(a, h, where->text, module);
    else
        add_module(a, h, relver_s("src"), module);
    add_module(a, h, relver_s(""), module);
}

/* A list of files is concatenated; a version is in one. */
static void by_file(struct arena *a, const struct file *f, struct home *h)
{
    const struct place *one = home_hint(f, "tool.setuptools.dynamic.version.file");
    const struct place *list = home_hint(f, "tool.setuptools.dynamic.version.file[0]");
    if (h->hint != NULL || (one == NULL && list == NULL))
        return;
    h->hint = one != NULL ? one : list;
    h->place.home = HOME_FILE;
    if (home_hint(f, "tool.setuptools.dynamic.version.file[1]") != NULL)
        h->why = "several files are put together";
    list_add(a, &h->paths, text(a, h->hint->text));
}

/* flit takes the module's own version, whatever else is said. */
static void by_flit(struct arena *a, const struct file *f, struct home *h)
{
    const struct place *backend = home_hint(f, "build-system.build-backend");
    const struct place *name = home_hint(f, "tool.flit.module.name");
    if (h->hint != NULL || backend == NULL || !str_is(backend->text, "flit_core.buildapi"))
        return;
    h->hint = name != NULL ? name : backend;
    char *module = arena_dup(a, f->name.ptr, f->name.len);
    for (size_t i = 0; i < f->name.len; i++)
        module[i] = module[i] == '-' ? '_' : module[i];
    relver_str which = name != NULL ? name->text : relver_sn(module, f->name.len);
    h->place.home = HOME_CONSTANT;
    h->place.what = "__version__";
    h->place.is_key = true;
    add_module(a, h, relver_s(""), which);
    add_module(a, h, relver_s("src"), which);
}

void home_find(struct arena *a, const struct file *pyproject, struct home *home)
{
    memset(home, 0, sizeof *home);
    by_path(a, pyproject, home);
    by_attribute(a, pyproject, home);
    by_file(a, pyproject, home);
    by_flit(a, pyproject, home);
    home->place.times = 1;
}
