#include "template.h"
#include "passport.h"
#include "str.h"

#include <string.h>

struct filler {
    struct arena *arena;
    const struct filling *with;
    relver_str version;
    struct fail *fail;
};

/* The version moved by a level, or as it is where the level has nothing to do. */
static relver_str moved(struct filler *f, const char *level)
{
    relver_str out = str_bumped(f->arena, f->with->unit->scheme, f->version, level);
    return out.ptr != NULL ? out : f->version;
}

/* One number of the release, of "0.1.2"; "0" where it has fewer. */
static relver_str number(struct filler *f, const char *which)
{
    relver_str rest = moved(f, "release"), part = relver_s("0");
    for (char at = '0'; at <= *which; at++)
        part = str_cut(&rest, '.');
    part.len = str_span(part, "0123456789");
    return part.len > 0 ? part : relver_s("0");
}

static relver_str spell(struct filler *f, const char *style)
{
    relver_str out;
    return passport_spell(f->arena, f->with->unit, style, &out, f->fail) ? out : relver_s(NULL);
}

/* The letters of a prerelease: rc of 1.2.3-rc.1 and of 1.2.3rc1. */
static relver_str label(struct filler *f, const char *style)
{
    relver_str pre = spell(f, style);
    str_cut(&pre, '-');
    pre.len = str_span(pre, "abcdefghijklmnopqrstuvwxyz");
    return pre.len > 0 ? pre : relver_s(NULL);
}

static relver_str given(struct filler *f, const char *what)
{
    const struct filling *w = f->with;
    const relver_str none = {NULL, 0}, *name = w->unit != NULL ? &w->unit->name : &none;
    const relver_str *const texts[] = {&w->date, &w->changes, &w->releases, name};
    return *texts[str_word("date|changes|releases|name", relver_s(what))];
}

static const struct {
    const char *name;
    relver_str (*fill)(struct filler *f, const char *arg);
    const char *arg;
} placeholders[] = {
    {"{version}", moved, ""},         {"{version:pep440}", spell, "pep440"},
    {"{version:npm}", spell, "npm"},  {"{version:docker}", spell, "docker"},
    {"{name}", given, "name"},        {"{base}", moved, "release"},
    {"{next}", moved, "patch"},       {"{date}", given, "date"},
    {"{major}", number, "0"},         {"{minor}", number, "1"},
    {"{patch}", number, "2"},         {"{label}", label, "semver"},
    {"{changes}", given, "changes"},  {"{releases}", given, "releases"},
};

enum { PLACEHOLDERS = sizeof placeholders / sizeof *placeholders };

bool template_fill(struct arena *a, enum config_key key, relver_str tmpl,
                   const struct filling *with, relver_str *out, struct fail *fail)
{
    const struct unit *u = with->unit;
    struct filler f = {a, with, {NULL, 0}, fail};
    struct text t = {.arena = a};
    if (u != NULL && u->version.ptr != NULL && !passport_spell(a, u, NULL, &f.version, fail))
        return false;
    text_adds(&t, "");
    for (size_t n; tmpl.len > 0; tmpl = str_from(tmpl, n)) {
        size_t i = 0;
        while (i < PLACEHOLDERS && !str_starts(tmpl, placeholders[i].name))
            i++;
        n = i < PLACEHOLDERS ? strlen(placeholders[i].name) : 1;
        relver_str value = relver_sn(tmpl.ptr, n);
        if (i < PLACEHOLDERS)
            value = u != NULL || placeholders[i].fill == given
                        ? placeholders[i].fill(&f, placeholders[i].arg) : relver_s(NULL);
        if (value.ptr == NULL)
            return fail->status == 0 &&
                   fail_set(fail, a, 2, "config.template", NULL, "nothing changed", "relver status",
                            "'%s' has no %s here", config_key_name(key), placeholders[i].name);
        text_add(&t, value.ptr, value.len);
    }
    *out = relver_sn(t.ptr, t.len);
    return true;
}
