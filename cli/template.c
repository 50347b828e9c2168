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
    relver_buf out = str_room(f->arena, f->version.len + 64);
    relver_eco scheme = f->with->unit->scheme;
    return relver_bump(&out, scheme, f->version, relver_s(level), NULL) == RELVER_OK
               ? relver_view(&out) : f->version;
}

/* One number of the release, from 0; "0" where it has fewer. */
static relver_str number(struct filler *f, int which)
{
    relver_str rest = moved(f, "release"), part = relver_s("0");
    while (which-- >= 0)
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
static relver_str label(struct filler *f)
{
    relver_str pre = spell(f, "semver");
    str_cut(&pre, '-');
    pre.len = str_span(pre, "abcdefghijklmnopqrstuvwxyz");
    return pre.len > 0 ? pre : relver_s(NULL);
}

static relver_str version(struct filler *f) { return f->version; }
static relver_str as_pep440(struct filler *f) { return spell(f, "pep440"); }
static relver_str as_npm(struct filler *f) { return spell(f, "npm"); }
static relver_str as_docker(struct filler *f) { return spell(f, "docker"); }
static relver_str name(struct filler *f) { return f->with->unit->name; }
static relver_str base(struct filler *f) { return moved(f, "release"); }
static relver_str next(struct filler *f) { return moved(f, "patch"); }
static relver_str date(struct filler *f) { return f->with->date; }
static relver_str major(struct filler *f) { return number(f, 0); }
static relver_str minor(struct filler *f) { return number(f, 1); }
static relver_str patch(struct filler *f) { return number(f, 2); }
static relver_str changes(struct filler *f) { return f->with->changes; }
static relver_str releases(struct filler *f) { return f->with->releases; }

static const struct {
    const char *name;
    relver_str (*fill)(struct filler *f);
} placeholders[] = {
    {"{version}", version}, {"{version:pep440}", as_pep440}, {"{version:npm}", as_npm},
    {"{version:docker}", as_docker}, {"{name}", name}, {"{base}", base}, {"{next}", next},
    {"{date}", date}, {"{major}", major}, {"{minor}", minor}, {"{patch}", patch},
    {"{label}", label}, {"{changes}", changes}, {"{releases}", releases},
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
    while (tmpl.len > 0) {
        size_t i = 0, n = 1;
        while (i < PLACEHOLDERS && !str_starts(tmpl, placeholders[i].name))
            i++;
        relver_str value = relver_sn(tmpl.ptr, 1);
        if (i < PLACEHOLDERS) {
            n = strlen(placeholders[i].name);
            value = placeholders[i].fill(&f);
        }
        if (value.ptr == NULL)
            return fail->status == 0 &&
                   fail_set(fail, a, 2, "config.template", NULL, "nothing changed", "relver status",
                            "'%s' has no %s here", config_key_name(key), placeholders[i].name);
        text_add(&t, value.ptr, value.len);
        tmpl = str_from(tmpl, n);
    }
    *out = relver_sn(t.ptr, t.len);
    return true;
}
