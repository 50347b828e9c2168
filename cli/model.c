#include "model.h"

#include <string.h>

const char *eco_name(relver_eco eco)
{
    static const char *const names[] = {"semver", "npm", "cargo", "pypi"};
    return names[eco];
}

void json_package(struct text *t, const struct package *package, relver_str version)
{
    json_open(t, NULL, '{');
    json_str(t, "ecosystem", relver_s(eco_name(package->eco)));
    json_str(t, "name", package->name);
    json_str(t, "version", version);
    json_close(t, '}');
}

relver_str unit_tag(const struct unit *unit)
{
    relver_str tag = settings_text(unit->settings, KEY_TAG);
    return tag.ptr != NULL ? tag : relver_s("v{version}");
}

const struct fail *unit_lost(const struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++)
        if (unit->packages[i]->manifest->lost != NULL)
            return unit->packages[i]->manifest->lost;
    return NULL;
}

struct unit *place_unit(const struct place *p)
{
    if (p->kind == PLACE_LOCK_COPY && p->source != NULL)
        p = p->source;
    return p->package != NULL ? p->package->unit : p->unit;
}

struct place *file_find(const struct file *f, enum place_kind kind)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->places[i].kind == kind)
            return &f->places[i];
    return NULL;
}

/* All places of a file in one pass: they are in its order, but for those of `files`. */
static void locate(struct file *f)
{
    size_t from = 0, line = 1, col = 1;
    for (size_t i = 0; i < f->count; i++) {
        struct place *p = &f->places[i];
        size_t at = (size_t)(p->at.ptr - f->text.ptr), down, right;
        if (at < from) {
            from = 0;
            line = col = 1;
        }
        relver_locate(relver_sn(f->text.ptr + from, at - from), at - from, &down, &right);
        line += down - 1;
        col = down > 1 ? right : col + right - 1;
        from = at;
        p->line = line;
        p->col = col;
    }
}

struct file *project_file(const struct project *project, const char *path)
{
    for (size_t i = 0; i < project->file_count; i++)
        if (strcmp(project->files[i]->path, path) == 0)
            return project->files[i];
    return NULL;
}

void place_where(const struct place *p, size_t *line, size_t *col)
{
    if (p->line == 0)
        locate(p->file);
    *line = p->line;
    *col = p->col;
}

bool place_fail(struct arena *a, const struct place *p, int status, const char *code,
                const char *next, struct fail *fail, const char *fmt, ...)
{
    ARENA_FORMAT(a, fmt, what);
    fail_set(fail, a, status, code, p->file->path, "nothing changed", next, "%s", what);
    place_where(p, &fail->line, &fail->col);
    return false;
}
