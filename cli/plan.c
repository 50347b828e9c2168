/* plan.c - pure: no file is read or written here */
#include "plan.h"

#include "python.h"
#include "scan.h"

#include <string.h>

/* Versions and requirements are short; what does not fit is none that anybody publishes. */
enum { TEXT_MAX = 1024 };

static relver_str keep(struct arena *a, const relver_buf *out)
{
    return relver_sn(arena_dup(a, out->ptr, out->len), out->len);
}

/*-- what a place should read --------------------------------------------------------------------*/

static bool spell(struct arena *a, const struct unit *u, relver_str version, relver_eco eco,
                  relver_str *out, struct fail *fail)
{
    char space[TEXT_MAX];
    relver_buf buf = {space, sizeof space, 0};
    relver_diag diag;
    if (relver_convert(&buf, u->scheme, version, eco, NULL, &diag) != RELVER_OK)
        return fail_set(fail, a, 2, relver_code(diag.err), NULL, "nothing changed",
                        "choose a version that every ecosystem can spell",
                        "'%.*s' of '%.*s' has no form for %s: %s", (int)version.len, version.ptr,
                        (int)u->name.len, u->name.ptr, eco_name(eco), diag.what);
    *out = keep(a, &buf);
    return true;
}

static relver_str goal(const struct unit *u)
{
    return u->target.ptr != NULL ? u->target : u->version;
}

bool plan_spell(struct arena *a, const struct unit *unit, relver_eco eco, relver_str *out,
                struct fail *fail)
{
    return spell(a, unit, goal(unit), eco, out, fail);
}

/* A version that is there already in another spelling (1.0rc1, 1.0.0-rc.1) is right as it is. */
static bool want_version(struct arena *a, const struct place *p, const struct unit *u,
                         relver_eco eco, relver_str *want, struct fail *fail)
{
    relver_str text;
    int order;
    if (!plan_spell(a, u, eco, &text, fail))
        return false;
    bool same = eco == RELVER_PEP440 &&
                relver_compare(eco, p->text, text, &order, NULL) == RELVER_OK && order == 0;
    *want = same ? p->text : text;
    return true;
}

static bool want_requirement(struct arena *a, const struct place *p, const struct unit *u,
                             relver_str *want, struct fail *fail)
{
    relver_str old, now;
    if (!spell(a, u, u->version, p->eco, &old, fail) || !plan_spell(a, u, p->eco, &now, fail))
        return false;
    relver_buf buf = {NULL, p->text.len + now.len + 64, 0};
    relver_diag diag;
    buf.ptr = arena_alloc(a, buf.cap);
    bool moves = u->target.ptr != NULL; /* a check only finds that it is so */
    relver_err err = p->eco == RELVER_PEP440
                         ? python_requirement(a, &buf, p->text, old, now, p->pin, &diag)
                         : relver_requirement(&buf, p->eco, p->text, old, now, p->pin, &diag);
    if (err != RELVER_OK)
        return place_fail(a, p, moves ? 2 : 1, relver_code(diag.err),
                          "rewrite the requirement by hand, or set its policy under [pins]", fail,
                          "the requirement '%.*s' on '%.*s' cannot follow to %.*s: %s",
                          (int)p->text.len, p->text.ptr, (int)p->name.len, p->name.ptr,
                          (int)now.len, now.ptr, diag.what);
    *want = relver_view(&buf);
    return true;
}

/* Whose version a place repeats; NULL: nobody's here. */
static const struct unit *followed(const struct place *p)
{
    return p->package != NULL ? p->package->unit : p->unit;
}

/* Somebody else's package that is published with ours has no development versions: its requirement
   follows to none of ours. A unit without packages is that package itself (bump --dep). */
static bool unpublished(const struct unit *u)
{
    char space[TEXT_MAX];
    relver_buf buf = {space, sizeof space, 0};
    relver_pep440 v;
    if (relver_convert(&buf, u->scheme, goal(u), RELVER_PEP440, NULL, NULL) != RELVER_OK ||
        relver_pep440_parse(relver_view(&buf), &v, NULL) != RELVER_OK)
        return false;
    return u->count > 0 && (v.dev.ptr != NULL || v.local.ptr != NULL);
}

/* A reference names the version its entry had; one to another entry of that name stays. */
static bool want_reference(struct arena *a, const struct place *p, const struct unit *u,
                           relver_str *want, struct fail *fail)
{
    if (p->source == NULL || !relver_eq(p->text, p->source->text)) {
        *want = p->text;
        return true;
    }
    return plan_spell(a, u, p->eco, want, fail);
}

static bool want(struct arena *a, const struct place *p, relver_str *out, struct fail *fail);

/* A copy says what its requirement should; uv spells that in its own way, and what means the same
   stays. */
static bool want_copy(struct arena *a, const struct place *p, relver_str *out, struct fail *fail)
{
    *out = p->text;
    if (p->source == NULL || followed(p->source) == NULL)
        return true;
    if (!want(a, p->source, out, fail))
        return false;
    if (p->eco == RELVER_PEP440)
        *out = python_same(a, *out, p->text) ? p->text : python_locked(a, *out);
    return true;
}

/* What a place should read; its own text when relver has no say in it. */
static bool want(struct arena *a, const struct place *p, relver_str *out, struct fail *fail)
{
    const struct unit *u = followed(p);
    *out = p->text;
    if (p->kind == PLACE_LOCK_COPY)
        return want_copy(a, p, out, fail);
    if (u == NULL || u->version.ptr == NULL)
        return true;
    if (p->kind == PLACE_REQUIREMENT && p->package == NULL && unpublished(u))
        return true;
    switch (p->kind) {
    case PLACE_REQUIREMENT:
        return want_requirement(a, p, u, out, fail);
    case PLACE_LOCK_REF:
        return want_reference(a, p, u, out, fail);
    case PLACE_LOCK:
        return p->package->version == NULL || want_version(a, p, u, p->eco, out, fail);
    case PLACE_VERSION:
    case PLACE_WORKSPACE:
    case PLACE_EXTRA:
        return want_version(a, p, u, p->eco, out, fail);
    default:
        return true;
    }
}

/*-- edits ---------------------------------------------------------------------------------------*/

/* Most places are replaced by their span; a plain string of YAML may need quotes afterwards. */
static bool edit_of(struct arena *a, const struct place *p, relver_str text, relver_edit *edit,
                    struct fail *fail)
{
    relver_node node = {
        .kind = RELVER_STRING, .value = p->at, .text = p->at, .quote = p->quote};
    relver_diag diag;
    edit->at = p->at;
    edit->text = text;
    edit->quote = 0;
    if (p->fixed)
        return place_fail(a, p, 2, "needs-escape", "spell it as a plain string", fail,
                          "'%s' is spelt in a way that relver only reads", p->key);
    if (p->file->format == RELVER_YAML && p->quote != RELVER_OPAQUE &&
        relver_set_node(p->file->text, RELVER_YAML, &node, text, edit, &diag) != RELVER_OK)
        return scan_fail(a, p->file, &diag, fail);
    return true;
}

static bool plan_file(struct arena *a, struct file *f, struct file_plan *fp, struct fail *fail)
{
    fp->file = f;
    for (size_t i = 0; i < f->count; i++) {
        struct change c = {&f->places[i], {NULL, 0}};
        if (!want(a, c.place, &c.want, fail))
            return false;
        if (relver_eq(c.want, c.place->text))
            continue;
        fp->changes = arena_more(a, fp->changes, fp->count, sizeof *fp->changes);
        fp->edits = arena_more(a, fp->edits, fp->count, sizeof *fp->edits);
        if (!edit_of(a, c.place, c.want, &fp->edits[fp->count], fail))
            return false;
        fp->changes[fp->count++] = c;
    }
    return true;
}

bool plan_make(struct arena *a, const struct project *project, struct plan *plan,
               struct fail *fail)
{
    memset(plan, 0, sizeof *plan);
    plan->files = arena_alloc(a, project->file_count * sizeof *plan->files);
    for (size_t i = 0; i < project->unit_count; i++) {
        const struct fail *lost = unit_lost(project->units[i]);
        if (project->units[i]->target.ptr != NULL && lost != NULL) {
            *fail = *lost;
            return false;
        }
    }
    for (size_t i = 0; i < project->file_count; i++) {
        struct file_plan *fp = &plan->files[plan->count];
        if (!plan_file(a, project->files[i], fp, fail))
            return false;
        plan->edits += fp->count;
        plan->count += fp->count > 0;
    }
    return true;
}

/*-- bytes ---------------------------------------------------------------------------------------*/

/* The new bytes, read again, must say at each place what was wanted there, and what was there
   before everywhere else. */
static bool verify(struct arena *a, const struct file_plan *fp, struct fail *fail)
{
    const struct file *f = fp->file;
    struct file again = {.path = f->path, .dir = f->dir, .kind = f->kind, .text = fp->after};
    bool ok = f->kind == FILE_EXTRA || scan_file(a, &again, fail);
    again.format = f->format;
    for (size_t i = 0; ok && i < f->rule_count; i++)
        ok = scan_extra(a, &again, f->rules[i], fail);
    ok = ok && again.count == f->count;
    for (size_t i = 0, k = 0; ok && i < f->count; i++) {
        bool changed = k < fp->count && fp->changes[k].place == &f->places[i];
        ok = relver_eq(again.places[i].text, changed ? fp->changes[k++].want : f->places[i].text);
    }
    return ok || fail_set(fail, a, 70, "bug", f->path, "nothing changed",
                          "report this file to relver's authors",
                          "the edited text does not read back as planned");
}

static bool apply_file(struct arena *a, struct file_plan *fp, struct fail *fail)
{
    relver_buf out = {NULL, fp->file->text.len + 1, 0};
    relver_diag diag;
    for (size_t i = 0; i < fp->count; i++)
        out.cap += fp->edits[i].text.len + 2;
    out.ptr = arena_alloc(a, out.cap);
    if (relver_apply(&out, fp->file->text, fp->edits, fp->count, &diag) != RELVER_OK)
        return scan_fail(a, fp->file, &diag, fail);
    fp->after = relver_view(&out);
    return verify(a, fp, fail);
}

bool plan_apply(struct arena *a, struct plan *plan, struct fail *fail)
{
    for (size_t i = 0; i < plan->count; i++)
        if (!apply_file(a, &plan->files[i], fail))
            return false;
    return true;
}
