/* plan.c - pure: no file is read or written here */
#include "plan.h"

#include "python.h"
#include "scan.h"
#include "str.h"

#include <string.h>

/*-- what a place should read --------------------------------------------------------------------*/

static bool spell(struct arena *a, const struct unit *u, relver_str version, relver_eco eco,
                  relver_str *out, struct fail *fail)
{
    relver_buf buf = str_room(a, version.len + 64);
    relver_diag diag;
    if (relver_convert(&buf, u->scheme, version, eco, NULL, &diag) != RELVER_OK)
        return fail_set(fail, a, 2, relver_code(diag.err), NULL, "nothing changed",
                        "choose a version that every ecosystem can spell",
                        "'%.*s' of '%.*s' has no form for %s: %s", STR(version), STR(u->name),
                        eco_name(eco), diag.what);
    *out = relver_view(&buf);
    return true;
}

static relver_str goal(const struct unit *u)
{
    return u->target.ptr != NULL ? u->target : u->version;
}

bool plan_spell(struct arena *a, const struct unit *unit, relver_eco eco, relver_str *out,
                struct fail *fail)
{
    *out = unit->stamped[eco];
    return out->ptr != NULL || spell(a, unit, goal(unit), eco, out, fail);
}

/* wasm-pack gives the crate's version to an npm package, so that one is stamped as npm's are. */
static relver_eco stamp_eco(const struct package *p, const struct unit *u, relver_eco eco)
{
    bool npm = p != NULL && p->manifest->wasm && u->stamped[RELVER_NPM].ptr != NULL;
    return npm ? RELVER_NPM : eco;
}

bool plan_version(struct arena *a, const struct package *p, relver_str *out, struct fail *fail)
{
    return plan_spell(a, p->unit, stamp_eco(p, p->unit, p->eco), out, fail);
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

/* How a requirement follows to a stamped version. No range takes npm's, and the registry must not
   be asked for one, so it is named exactly; build metadata and local versions are in range. */
static relver_pin stamp_pin(const struct place *p, const struct unit *u, relver_eco eco)
{
    if (u->stamped[eco].ptr == NULL)
        return p->pin;
    return eco == RELVER_NPM ? RELVER_PIN_EXACT : RELVER_PIN_AUTO;
}

static bool want_requirement(struct arena *a, const struct place *p, const struct unit *u,
                             relver_str *want, struct fail *fail)
{
    relver_str old, now;
    relver_eco eco = stamp_eco(p->package, u, p->eco);
    if (!spell(a, u, u->version, p->eco, &old, fail) || !plan_spell(a, u, eco, &now, fail))
        return false;
    relver_buf buf = str_room(a, p->text.len + now.len + 64);
    relver_diag diag;
    bool moves = u->target.ptr != NULL || u->count == 0; /* a check only finds that it is so */
    relver_pin pin = stamp_pin(p, u, eco);
    relver_err err = p->eco == RELVER_PEP440
                         ? python_requirement(a, &buf, p->text, old, now, pin, &diag)
                         : relver_requirement(&buf, p->eco, p->text, old, now, pin, &diag);
    bool loose = err == RELVER_COMPLEX || /* also "*", which says no version that could follow */
                 (err == RELVER_OK && relver_eq(relver_view(&buf), p->text) &&
                  relver_range_check(p->eco, p->text, NULL) == RELVER_OK);
    if (loose && pin == RELVER_PIN_EXACT && (u->named || u->stamped[eco].ptr != NULL))
        *want = relver_s(arena_printf(a, "%s%.*s", p->eco == RELVER_CARGO ? "=" : "", STR(now)));
    else if (err != RELVER_OK)
        return place_fail(a, p, moves ? 2 : 1, relver_code(diag.err),
                          "rewrite the requirement by hand, or set its policy under [pins]", fail,
                          "the requirement '%.*s' on '%.*s' cannot follow to %.*s: %s",
                          STR(p->text), STR(p->name), STR(now), diag.what);
    else
        *want = relver_view(&buf);
    return true;
}

/* Somebody else's package that is published with ours has no development versions: its requirement
   follows to none of ours. A unit without packages is that package itself (bump --dep). */
static bool unpublished(struct arena *a, const struct unit *u)
{
    relver_pep440 v;
    relver_str text = str_spelt(a, u->scheme, goal(u), RELVER_PEP440);
    return u->stamped[u->scheme].ptr != NULL ||
           (u->count > 0 && relver_pep440_parse(text, &v, NULL) == RELVER_OK &&
            (v.dev.ptr != NULL || v.local.ptr != NULL));
}

static bool want(struct arena *a, const struct place *p, relver_str *out, struct fail *fail);

/* pnpm notes below each range of a catalog what it found for it; a version that the range, as it
   should read, does not take was ours. */
static bool left_behind(struct arena *a, const struct place *p)
{
    const struct place *range = p - 1;
    struct fail none = {0};
    relver_str text;
    bool in = true;
    return p->file->kind == FILE_PNPM_LOCK && p > p->file->places &&
           range->kind == PLACE_LOCK_COPY && relver_eq(range->name, p->name) &&
           want(a, range, &text, &none) &&
           relver_range_match(p->eco, text, p->text, false, &in, NULL) == RELVER_OK && !in;
}

/* A reference names the version its entry had; one to another entry of that name stays. */
static bool want_reference(struct arena *a, const struct place *p, const struct unit *u,
                           relver_str *want, struct fail *fail)
{
    if (p->source == NULL || (!relver_eq(p->text, p->source->text) && !left_behind(a, p))) {
        *want = p->text;
        return true;
    }
    return plan_spell(a, u, p->eco, want, fail);
}

/* A tree that is packaged says each version itself where the workspace would say another one, in a
   crate that becomes a wheel, and in a pyproject.toml whose version is nowhere else in the tree.
   The entry in uv.lock, which was empty, then says it too. */
static bool want_written_out(struct arena *a, const struct place *p, const struct unit *u,
                             relver_str *out, struct fail *fail)
{
    const struct package *self = p->package;
    relver_str version, shared = {NULL, 0};
    if (!u->packaged || (p->kind == PLACE_INHERITED && p->source == NULL) ||
        (p->kind != PLACE_INHERITED &&
         (!self->dynamic || (self->version != NULL && self->version->file != self->manifest))))
        return true;
    if (!plan_version(a, self, &version, fail) ||
        (p->kind == PLACE_INHERITED && !want(a, p->source, &shared, fail)))
        return false;
    if (self->wheel || !relver_eq(version, shared))
        *out = version;
    return true;
}

/* A copy says what its requirement should; uv spells that in its own way, and what means the same
   stays. */
static bool want_copy(struct arena *a, const struct place *p, relver_str *out, struct fail *fail)
{
    *out = p->text;
    if (p->source == NULL || place_unit(p) == NULL)
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
    const struct unit *u = place_unit(p);
    *out = p->text;
    if (p->kind == PLACE_LOCK_COPY)
        return want_copy(a, p, out, fail);
    if (u == NULL || u->version.ptr == NULL)
        return true;
    if (p->kind == PLACE_REQUIREMENT && p->package == NULL && unpublished(a, u))
        return true;
    switch (p->kind) {
    case PLACE_REQUIREMENT:
        return want_requirement(a, p, u, out, fail);
    case PLACE_LOCK_REF:
        return want_reference(a, p, u, out, fail);
    case PLACE_LOCK:
        if (p->text.len == 0)
            return want_written_out(a, p, u, out, fail);
        return p->package->version == NULL ||
               want_version(a, p, u, stamp_eco(p->package, u, p->eco), out, fail);
    case PLACE_VERSION:
        return want_version(a, p, u, stamp_eco(p->package, u, p->eco), out, fail);
    case PLACE_WORKSPACE:
    case PLACE_EXTRA:
        return want_version(a, p, u, p->eco, out, fail);
    case PLACE_INHERITED:
    case PLACE_DYNAMIC:
        return want_written_out(a, p, u, out, fail);
    default:
        return true;
    }
}

/*-- edits ---------------------------------------------------------------------------------------*/

static void add_edit(struct arena *a, struct file_plan *fp, const char *from, const char *to,
                     relver_str text)
{
    *ARENA_NEW(a, fp->edits, fp->edit_count) =
        (relver_edit){relver_sn(from, (size_t)(to - from)), text, 0};
}

/* Behind the end of the line that `at` is in. */
static const char *next_line(relver_str doc, const char *at)
{
    const char *end = doc.ptr + doc.len;
    const char *eol = memchr(at, '\n', (size_t)(end - at));
    return eol != NULL ? eol + 1 : end;
}

/* Most places are replaced by their span; an empty one of uv.lock gets a line of its own, and a
   plain string of YAML may need quotes afterwards. */
static bool edit_place(struct arena *a, struct file_plan *fp, const struct place *p,
                       relver_str text, struct fail *fail)
{
    relver_node node = {
        .kind = RELVER_STRING, .value = p->at, .text = p->at, .quote = p->quote};
    relver_diag diag;
    if (p->fixed)
        return place_fail(a, p, 2, "needs-escape", "spell it as a plain string", fail,
                          "'%s' is spelt in a way that relver only reads", p->key);
    if (p->kind == PLACE_LOCK && p->text.len == 0 && p->file->kind == FILE_UV_LOCK) {
        const char *line = next_line(p->file->text, p->at.ptr);
        bool crlf = line[-1] == '\n' && line[-2] == '\r';
        text = relver_s(arena_printf(a, "%sversion = \"%.*s\"", crlf ? "\r\n" : "\n", STR(text)));
    }
    add_edit(a, fp, p->at.ptr, p->at.ptr + p->at.len, text);
    if (p->file->format == RELVER_YAML && p->quote != RELVER_OPAQUE &&
        relver_set_node(p->file->text, RELVER_YAML, &node, text, &fp->edits[fp->edit_count - 1],
                        &diag) != RELVER_OK)
        return scan_fail(a, p->file, &diag, fail);
    return true;
}

/* version.workspace = true or version = { workspace = true }; no [package.version] of its own. */
static bool write_out_inherited(struct arena *a, struct file_plan *fp, const struct place *p,
                                relver_str version, struct fail *fail)
{
    relver_str doc = p->file->text;
    relver_node node;
    relver_diag diag;
    relver_str value = relver_s(arena_printf(a, "\"%.*s\"", STR(version)));
    const char *end = p->at.ptr + p->at.len;
    if (relver_find(doc, RELVER_TOML, relver_s("package.version"), &node, &diag) != RELVER_OK)
        return scan_fail(a, p->file, &diag, fail);
    if (node.header)
        return place_fail(a, p, 2, "unsupported", "write version.workspace = true", fail,
                          "[package.version] has no room for a version");
    if (node.dotted)
        add_edit(a, fp, node.key.ptr - (node.key_quote != 0), end,
                 relver_s(arena_printf(a, "version = %s", value.ptr)));
    else
        add_edit(a, fp, node.value.ptr,
                 (const char *)memchr(end, '}', (size_t)(doc.ptr + doc.len - end)) + 1, value);
    return true;
}

/* The element of `dynamic` goes, whatever its company, and project.version comes, where there is a
   [project] or project = {..}. */
static bool write_out_dynamic(struct arena *a, struct file_plan *fp, const struct place *p,
                              relver_str version, struct fail *fail)
{
    relver_str doc = p->file->text;
    relver_buf scratch = str_room(a, version.len + 256);
    relver_diag diag;
    relver_edit cut, add;
    if (relver_cut(doc, RELVER_TOML, relver_s(p->key), &cut, &diag) != RELVER_OK ||
        relver_add(doc, RELVER_TOML, relver_s("project.version"), version, &scratch, &add,
                   &diag) != RELVER_OK)
        return scan_fail(a, p->file, &diag, fail);
    add_edit(a, fp, cut.at.ptr, cut.at.ptr + cut.at.len, cut.text);
    add_edit(a, fp, add.at.ptr, add.at.ptr + add.at.len, add.text);
    return true;
}

static bool edit_of(struct arena *a, struct file_plan *fp, const struct place *p, struct fail *fail)
{
    if (p->kind == PLACE_INHERITED)
        return write_out_inherited(a, fp, p, p->want, fail);
    if (p->kind == PLACE_DYNAMIC)
        return write_out_dynamic(a, fp, p, p->want, fail);
    return edit_place(a, fp, p, p->want, fail);
}

static bool plan_file(struct arena *a, struct file *f, struct file_plan *fp, struct fail *fail)
{
    fp->file = f;
    for (size_t i = 0; i < f->count; i++) {
        struct place *p = &f->places[i];
        relver_str text;
        p->want = relver_sn(NULL, 0);
        if (!want(a, p, &text, fail))
            return false;
        if (relver_eq(text, p->text))
            continue;
        p->want = text;
        if (!edit_of(a, fp, p, fail))
            return false;
        fp->count++;
    }
    return true;
}

bool plan_make(struct arena *a, const struct project *project, struct plan *plan, struct fail *fail)
{
    memset(plan, 0, sizeof *plan);
    for (size_t i = 0; i < project->unit_count; i++) {
        const struct fail *lost = unit_lost(project->units[i]);
        if (project->units[i]->target.ptr != NULL && lost != NULL) {
            *fail = *lost;
            return false;
        }
    }
    for (size_t i = 0; i < project->file_count; i++) {
        struct file_plan fp = {0};
        if (!plan_file(a, project->files[i], &fp, fail))
            return false;
        if (fp.count > 0)
            *ARENA_NEW(a, plan->files, plan->count) = fp;
        plan->edits += fp.count;
    }
    return true;
}

/*-- bytes ---------------------------------------------------------------------------------------*/

/* Whether a change takes its place away and writes the version in its stead, wherever the manifest
   has room for it. */
static bool written_out(const struct place *p)
{
    return p->want.ptr != NULL && (p->kind == PLACE_INHERITED || p->kind == PLACE_DYNAMIC);
}

/* Whether the next place of the file that is read again is the one that was written out for p. */
static bool is_new(const struct file *again, size_t at, const struct place *p)
{
    return p != NULL && at < again->count && again->places[at].kind == PLACE_VERSION &&
           relver_eq(again->places[at].text, p->want);
}

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
    const struct place *fresh = NULL;
    size_t at = 0;
    for (size_t i = 0; i < f->count; i++)
        fresh = written_out(&f->places[i]) ? &f->places[i] : fresh;
    for (size_t i = 0; ok && i < f->count; i++) {
        const struct place *p = &f->places[i];
        if (written_out(p))
            continue;
        if (is_new(&again, at, fresh)) {
            fresh = NULL;
            at++;
        }
        ok = at < again.count &&
             relver_eq(again.places[at++].text, p->want.ptr != NULL ? p->want : p->text);
    }
    if (is_new(&again, at, fresh)) {
        fresh = NULL;
        at++;
    }
    ok = ok && fresh == NULL && at == again.count;
    return ok || fail_set(fail, a, 70, "bug", f->path, "nothing changed",
                          "report this file to relver's authors",
                          "the edited text does not read back as planned");
}

static bool apply_file(struct arena *a, struct file_plan *fp, struct fail *fail)
{
    size_t len = fp->file->text.len + 1;
    relver_diag diag;
    for (size_t i = 0; i < fp->edit_count; i++)
        len += fp->edits[i].text.len + 2;
    relver_buf out = str_room(a, len);
    if (relver_apply(&out, fp->file->text, fp->edits, fp->edit_count, &diag) != RELVER_OK)
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

/* A changelog may be named by `files`, too. */
bool plan_add(struct arena *a, struct plan *plan, struct file *file, relver_edit *edits, size_t n,
              struct fail *fail)
{
    struct file_plan *fp = NULL;
    for (size_t i = 0; i < plan->count && file->count > 0; i++)
        if (plan->files[i].file == file)
            fp = &plan->files[i];
    if (fp == NULL) {
        fp = ARENA_NEW(a, plan->files, plan->count);
        *fp = (struct file_plan){.file = file};
    }
    for (size_t i = 0; i < n; i++) {
        *ARENA_NEW(a, fp->edits, fp->edit_count) = edits[i];
    }
    fp->count += n;
    plan->edits += n;
    return apply_file(a, fp, fail);
}

void plan_remove(struct arena *a, struct plan *plan, struct file *file)
{
    struct file_plan *fp = ARENA_NEW(a, plan->files, plan->count);
    *fp = (struct file_plan){.file = file, .count = 1};
    add_edit(a, fp, file->text.ptr, file->text.ptr + file->text.len, relver_s(""));
    plan->edits++;
}
