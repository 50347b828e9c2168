#include "check.h"

#include <string.h>

/* A bump to the version that is there sets every place that has drifted. */
static const char *cure(struct arena *a, const struct place *p)
{
    const struct unit *u = p != NULL ? place_unit(p) : NULL;
    if (u == NULL || u->version.ptr == NULL)
        return "relver status";
    return arena_printf(a, "relver bump %.*s=%.*s", STR(u->name), STR(u->version));
}

struct finding *check_find(struct findings *out, const char *gate, const struct place *place,
                           const char *fmt, ...)
{
    ARENA_FORMAT(out->arena, fmt, what);
    struct finding *f = ARENA_NEW(out->arena, out->at, out->count);
    *f = (struct finding){gate, place, what, cure(out->arena, place), 1};
    return f;
}

/*-- aligned and lock ----------------------------------------------------------------------------*/

static bool locked(const struct place *p)
{
    return p->kind == PLACE_LOCK || p->kind == PLACE_LOCK_REF || p->kind == PLACE_LOCK_COPY;
}

/* A plan for the versions that are there: whatever it would edit has drifted. */
static void find_drift(const struct plan *plan, const char *gate, bool lock, struct findings *out)
{
    for (size_t i = 0; i < plan->count; i++)
        for (size_t k = 0; k < plan->files[i].file->count; k++) {
            const struct place *p = &plan->files[i].file->places[k];
            if (p->want.ptr != NULL && locked(p) == lock)
                check_find(out, gate, p, "%s says '%.*s', expected '%.*s'", p->key, STR(p->text),
                     STR(p->want));
        }
}

static void find_unreadable(const struct unit *u, struct findings *out)
{
    if (u->anchor != NULL && u->version.ptr == NULL)
        check_find(out, "aligned", u->anchor, "'%.*s' is not a version", STR(u->anchor->text));
}

/* A manifest that leaves its version to the build must not say one; Poetry's own, and what a tool
   falls back to, stand beside it rightly. */
static void find_static(const struct file *f, struct findings *out)
{
    const struct place *dynamic = NULL;
    for (size_t i = 0; i < f->count; i++)
        if (f->places[i].kind == PLACE_DYNAMIC)
            dynamic = &f->places[i];
    for (size_t i = 0; dynamic != NULL && i < f->count; i++)
        if (strcmp(f->places[i].key, "project.version") == 0)
            check_find(out, "aligned", &f->places[i],
                 "a static version beside dynamic = [\"version\"]: the build would refuse it")
                ->next = arena_printf(out->arena, "delete the line from %s", f->path);
}

void check_aligned(const struct project *project, const struct plan *plan, struct findings *out)
{
    for (size_t i = 0; i < project->unit_count; i++)
        find_unreadable(project->units[i], out);
    for (size_t i = 0; i < project->file_count; i++)
        if (!project->files[i]->foreign)
            find_static(project->files[i], out);
    find_drift(plan, "aligned", false, out);
}

void check_lock(const struct plan *plan, struct findings *out)
{
    find_drift(plan, "lock", true, out);
}

/*-- tag -----------------------------------------------------------------------------------------*/

/* Without a configured template any of the field's common forms will do: the equality of the
   versions is what matters. */
static const char *const common_tags[] = {
    "v{version}", "{version}", "{name}-v{version}", "{name}@{version}", "{name}/v{version}",
    "{name}-{version}", NULL,
};

static relver_str short_ref(const char *ref)
{
    static const char heads[] = "refs/tags/";
    return relver_s(strncmp(ref, heads, sizeof heads - 1) == 0 ? ref + sizeof heads - 1 : ref);
}

/* What a template could have written for this unit. */
static relver_str read(const struct unit *u, relver_str tmpl, relver_str tag)
{
    relver_tag t;
    bool ours = relver_tag_read(tmpl, u->scheme, tag, &t, NULL) == RELVER_OK &&
                (t.name.ptr == NULL || relver_eq(t.name, u->name));
    return ours ? t.version : relver_s(NULL);
}

relver_str check_read_tag(const struct unit *u, relver_str tag)
{
    relver_str tmpl = settings_text(u->settings, KEY_TAG), found = {NULL, 0};
    if (tmpl.ptr != NULL)
        return read(u, tmpl, tag);
    for (const char *const *t = common_tags; *t != NULL && found.ptr == NULL; t++)
        found = read(u, relver_s(*t), tag);
    return found;
}

/* Every package's own words against the tag's version. */
static void find_other(const struct unit *u, relver_str tag, relver_str version,
                       struct findings *out)
{
    size_t before = out->count;
    const char *next =
        arena_printf(out->arena, "relver bump %.*s=%.*s", STR(u->name), STR(version));
    for (size_t i = 0; i < u->count; i++) {
        const struct package *p = u->packages[i];
        char space[512];
        relver_buf spelt = {space, sizeof space, 0};
        int order;
        if (p->version == NULL)
            continue;
        if (relver_convert(&spelt, u->scheme, version, p->eco, NULL, NULL) != RELVER_OK)
            check_find(out, "tag", p->version, "the tag's version has no form for %s",
                       eco_name(p->eco))
                ->next = "relver show why";
        else if (relver_compare(p->eco, p->version->text, relver_view(&spelt), &order, NULL) !=
                     RELVER_OK || order != 0)
            check_find(out, "tag", p->version, "%s '%.*s' says %.*s, the tag '%.*s' says %.*s",
                 eco_name(p->eco), STR(p->name), STR(p->version->text), STR(tag), STR(version))
                ->next = next;
    }
    bool respelt = u->scheme == RELVER_SEMVER && !relver_eq(version, u->version);
    if (before == out->count && respelt)
        check_find(out, "tag", u->anchor, "the tag '%.*s' spells %.*s as %.*s", STR(tag),
             STR(u->version), STR(version))
            ->next = "relver show why";
}

static void find_no_form(const struct project *project, relver_str tag, struct findings *out)
{
    struct text forms = {.arena = out->arena};
    text_adds(&forms, "");
    for (size_t i = 0; i < project->unit_count; i++) {
        const struct unit *u = project->units[i];
        char space[512];
        relver_buf want = {space, sizeof space, 0};
        if (u->version.ptr != NULL &&
            relver_tag_write(&want, unit_tag(u), u->name, u->version, NULL) == RELVER_OK)
            text_addf(&forms, "%s'%s'", forms.len > 0 ? " or " : "", want.ptr);
    }
    check_find(out, "tag", NULL, "the tag '%.*s' has the form of no package's tags; expected %s",
         STR(tag), forms.ptr)
        ->next = "relver show why";
}

void check_tag(const struct project *project, const char *ref, struct findings *out)
{
    relver_str tag = short_ref(ref);
    bool known = false;
    for (size_t i = 0; i < project->unit_count; i++) {
        relver_str version = check_read_tag(project->units[i], tag);
        if (version.ptr == NULL)
            continue;
        known = true;
        find_other(project->units[i], tag, version, out);
    }
    if (!known)
        find_no_form(project, tag, out);
}
