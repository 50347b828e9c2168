/* relver init - write a relver.toml of a few lines, or say why none is needed

   Only what differs from what relver does without one is written: the form of the tags, packages
   that have versions of their own, a changelog under another name, and places that `files` must
   name. The tags that are there say what their form is. */
#include "cmd_init.h"

#include "changelog.h"
#include "cmd.h"
#include "diff.h"
#include "repo.h"
#include "str.h"

#include <stdio.h>
#include <string.h>

const struct option init_options[] = {
    {"from", 0, OPTION_CHOICE, OPTION_AT(from), "bumpversion|changesets",
     "carry over the configuration of another tool"},
    {"print", 0, OPTION_FLAG, OPTION_AT(print), NULL, "print what would be written, write nothing"},
    {0},
};

/*-- the tags that are there ---------------------------------------------------------------------*/

/* The tags of one form. */
struct form {
    const char *tmpl;
    const struct unit *unit; /* whose they are; NULL: nobody's in so many words */
    bool named, several;     /* by {name}; and those of several units */
    size_t count;
    relver_str newest, tag; /* the highest version, and its tag */
};

struct forms {
    struct form *at;
    size_t count;
};

/* Where the version begins that a tag ends in; its length when it has none. */
static size_t version_in(relver_str tag)
{
    relver_semver semver;
    relver_pep440 python;
    for (size_t i = 0; i < tag.len; i++) {
        bool v = i > 0 && tag.ptr[i - 1] == 'v', first = i - v == 0;
        relver_str rest = relver_sn(tag.ptr + i, tag.len - i);
        if (is_digit(rest.ptr[0]) && str_has(rest, ".") &&
            (first || !is_alnum(tag.ptr[i - v - 1])) &&
            (relver_semver_parse(rest, &semver, NULL) == RELVER_OK ||
             relver_pep440_parse(rest, &python, NULL) == RELVER_OK))
            return i;
    }
    return tag.len;
}

/* The order of two versions of any scheme: -1, 0, 1; 0 when they do not compare. */
static int order_of(relver_str a, relver_str b)
{
    int order = 0;
    if (relver_compare(RELVER_SEMVER, a, b, &order, NULL) != RELVER_OK)
        relver_compare(RELVER_PEP440, a, b, &order, NULL);
    return order;
}

/* Whether a tag's prefix, such as "py-v" or "ffi/v", speaks of a package: by a word for its
   ecosystem, or by the name of its directory. */
static bool hints(const struct package *p, relver_str prefix)
{
    static const char *const words[] = {[RELVER_SEMVER] = "", [RELVER_NPM] = "js|node|npm|ts",
                                        [RELVER_CARGO] = "rust|rs|crate|cargo",
                                        [RELVER_PEP440] = "py|python|pypi"};
    relver_str dir = {NULL, 0}, rest = relver_s(p->manifest->dir);
    while (rest.len > 0)
        dir = str_cut(&rest, '/');
    prefix.len -= prefix.len > 0 && prefix.ptr[prefix.len - 1] == 'v';
    while (prefix.len > 0 && !is_alnum(prefix.ptr[prefix.len - 1]))
        prefix.len--;
    return prefix.len > 0 && (str_word(words[p->eco], prefix) >= 0 || relver_eq(prefix, dir));
}

static const struct unit *hinted(const struct project *pr, relver_str prefix)
{
    for (size_t i = 0; i < pr->package_count; i++)
        if (hints(pr->packages[i], prefix))
            return pr->packages[i]->unit;
    return NULL;
}

static void count_tag(struct draft *d, struct forms *forms, relver_str tag)
{
    size_t at = version_in(tag), skip = 0, i = 0;
    relver_str version = relver_sn(tag.ptr + at, tag.len - at);
    struct form f = {.unit = hinted(&d->project, relver_sn(tag.ptr, at))};
    for (size_t k = 0; k < d->project.unit_count; k++) { /* the longest name at its start */
        relver_str name = d->project.units[k]->name;
        if (name.len > skip && at > name.len && at - name.len <= 2 &&
            !is_alnum(tag.ptr[name.len]) && memcmp(tag.ptr, name.ptr, name.len) == 0) {
            f.unit = d->project.units[k];
            f.named = true;
            skip = name.len;
        }
    }
    f.tmpl = arena_printf(d->arena, "%s%.*s{version}", f.named ? "{name}" : "", (int)(at - skip),
                          tag.ptr + skip);
    while (i < forms->count && strcmp(forms->at[i].tmpl, f.tmpl) != 0)
        i++;
    if (version.len == 0)
        return;
    if (i == forms->count) {
        *ARENA_NEW(d->arena, forms->at, forms->count) = f;
    }
    struct form *known = &forms->at[i];
    known->several = known->several || known->unit != f.unit;
    known->count++;
    if (known->newest.ptr == NULL || order_of(version, known->newest) > 0) {
        known->newest = version;
        known->tag = tag;
    }
}

static bool read_forms(struct draft *d, struct forms *forms)
{
    struct repo *repo;
    struct repo_tag *tags = NULL;
    size_t n = 0;
    struct fail *fail = &d->ctx->fail;
    if (!repo_open(d->arena, d->project.root, &repo, fail))
        return false;
    bool ok = repo == NULL || repo_tags(repo, d->arena, &tags, &n, fail);
    repo_close(repo);
    for (size_t i = 0; ok && i < n; i++)
        count_tag(d, forms, tags[i].name);
    return ok;
}

/* Whether the newest of a form's tags stands above the version that the files say. */
static bool above(const struct form *f, const struct unit *u)
{
    return u->version.ptr != NULL && order_of(f->newest, u->version) > 0;
}

/* The form in use for a unit: the one with the newest release that is not above the version the
   files say, for the old form's tags stay where they are; of two the more frequent. On a line that
   is maintained beside newer ones all may be above. Of all forms, or of those that hint at the unit
   or, `free`, at none. */
static const struct form *form_of(const struct forms *forms, const struct unit *u, bool all,
                                  bool free)
{
    const struct form *best = NULL;
    for (size_t i = 0; i < forms->count; i++) {
        const struct form *f = &forms->at[i];
        if (!all && (f->named || (f->unit != u && !(free && f->unit == NULL))))
            continue;
        int order = best == NULL ? 1 : above(best, u) - above(f, u);
        if (order == 0)
            order = order_of(f->newest, best->newest);
        if (order > 0 || (order == 0 && f->count > best->count))
            best = f;
    }
    return best;
}

/*-- one version or several ----------------------------------------------------------------------*/

/* The unit at the top level: in the project's own directory, or the one of most packages. */
static const struct unit *main_unit(const struct project *pr)
{
    const struct unit *best = pr->units[0];
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u->silent)
            continue;
        if (u->anchor->file->dir[0] == '\0')
            return u;
        if (best->silent || u->count > best->count)
            best = u;
    }
    return best;
}

/* Whether a unit has the same version, however it is spelt. */
static bool agrees(struct arena *a, const struct unit *u, const struct unit *first)
{
    return relver_eq(u->version, first->version) ||
           relver_eq(str_spelt(a, u->scheme, u->version, first->scheme), first->version);
}

static bool one_name(const struct unit *u)
{
    for (size_t i = 0; i < u->count; i++)
        if (!relver_name_eq(RELVER_PEP440, u->packages[i]->name, u->name))
            return false;
    return true;
}

static void set_tag(struct draft *d, struct section *s, const char *tmpl, const struct form *f)
{
    s->tag = tmpl;
    s->why = f == NULL ? "there is no tag yet"
                       : arena_printf(d->arena, "the newest: %.*s", STR(f->tag));
}

/* All packages go together. A section is needed for another form of tags than v{version}, or where
   the packages' ecosystems spell versions apart, so that relver cannot tell that they do. */
static void draft_one(struct draft *d, const struct form *f, size_t count, bool mixed)
{
    const char *usual = "v{version}", *tmpl = f != NULL ? f->tmpl : usual;
    if (f != NULL && f->named && !f->several && count > 1) /* one package's name for all of them */
        tmpl = arena_printf(d->arena, "%.*s%s", STR(f->unit->name), tmpl + strlen("{name}"));
    if (f != NULL || mixed)
        set_tag(d, &d->top, tmpl, f);
    if (f == NULL && mixed)
        d->top.why = "one version for all packages; there is no tag yet";
    if (!mixed && strcmp(tmpl, usual) == 0)
        d->top.tag = NULL;
}

/* Every package has its own version, and so needs its own tags. */
static void draft_several(struct draft *d, const struct forms *forms, const struct unit *first)
{
    const struct project *pr = &d->project;
    const struct form *named = NULL, *f;
    bool npm = true, single = true;
    for (size_t i = 0; i < forms->count; i++)
        if (forms->at[i].named && (named == NULL || forms->at[i].count > named->count))
            named = &forms->at[i];
    for (size_t i = 0; i < pr->unit_count; i++) {
        single = single && one_name(pr->units[i]);
        npm = npm && pr->units[i]->packages[0]->eco == RELVER_NPM;
    }
    const char *usual = named != NULL ? named->tmpl
                        : npm         ? "{name}@{version}" : "{name}-v{version}";
    if (single && (named != NULL || forms->count == 0)) {
        set_tag(d, &d->top, usual, named);
        if (named == NULL)
            d->top.why = "every package has its own version; there is no tag yet";
        return;
    }
    f = form_of(forms, first, false, true);
    set_tag(d, &d->top, f != NULL ? f->tmpl : "v{version}", f);
    d->top.unit = first;
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u == first || u->silent)
            continue;
        f = form_of(forms, u, false, false);
        set_tag(d, &d->units[i], f != NULL ? f->tmpl : usual, f != NULL ? f : named);
        if (!one_name(u))
            draft_lost(d, "the packages beside '%.*s' share its version: add a [package.NAME] for "
                       "each", STR(u->name));
    }
}

static bool draft_tags(struct draft *d)
{
    const struct project *pr = &d->project;
    const struct unit *first = main_unit(pr);
    struct forms forms = {0};
    size_t count = 0;
    bool mixed = false;
    if (!read_forms(d, &forms))
        return false;
    const struct form *f = form_of(&forms, first, true, true);
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        if (u->silent)
            continue;
        count++;
        mixed = mixed || u->scheme != first->scheme;
        d->several = d->several || !agrees(d->arena, u, first);
    }
    d->several = d->several || (f != NULL && f->several && count > 1);
    if (d->several)
        draft_several(d, &forms, first);
    else
        draft_one(d, f, count, mixed);
    return true;
}

/*-- what else differs ---------------------------------------------------------------------------*/

bool draft_lost(struct draft *d, const char *fmt, ...)
{
    ARENA_FORMAT(d->arena, fmt, what);
    list_add(d->arena, &d->lost, what);
    return false;
}

void draft_file(struct draft *d, const struct unit *unit, const char *entry)
{
    struct section *s = &d->top;
    for (size_t i = 0; i < d->project.unit_count; i++)
        if (d->several && d->project.units[i] == unit && unit != d->top.unit)
            s = &d->units[i];
    if (!list_has(&s->files, entry))
        list_add(d->arena, &s->files, entry);
}

/* One that a bump can roll. */
static bool rolls(struct draft *d, const char *path)
{
    struct changelog log;
    struct fail none;
    relver_str text;
    return fs_kind(d->project.root, path) == FS_FILE &&
           fs_read(d->project.root, d->arena, path, &text, &none) &&
           changelog_read(d->arena, path, text, &log, &none) && log.unreleased != NULL;
}

static void draft_changelog(struct draft *d)
{
    static const char *const names[] = {"CHANGELOG.md", "CHANGES.md", "HISTORY.md", "NEWS.md",
                                        "History.md", "docs/CHANGELOG.md", "docs/changelog.md",
                                        "changelog.md"};
    for (size_t i = sizeof names / sizeof *names; i-- > 0;)
        if (rolls(d, names[i]))
            d->changelog = i > 0 ? names[i] : NULL;
}

/* Constants that repeat the version. What documents say may be meant to stay: `status` lists it. */
static void draft_constants(struct draft *d)
{
    struct leftovers left;
    leftover_find(d->arena, &d->project, &left);
    for (size_t i = 0; i < left.count; i++)
        if (left.at[i].source && leftover_alone(d->arena, &left.at[i]))
            draft_file(d, left.at[i].unit, left.at[i].path);
}

/* Where there is a relver.toml, what is never published must be kept out of the version of all. */
static void draft_silent(struct draft *d)
{
    const struct project *pr = &d->project;
    bool says = d->top.tag != NULL || d->top.files.count > 0 || d->changelog != NULL ||
                d->commit != NULL || d->tag_message != NULL || d->lost.count > 0;
    bool own = d->top.tag != NULL && strstr(d->top.tag, "{name}") != NULL;
    for (size_t i = 0; i < pr->unit_count && says && !own; i++)
        if (pr->units[i]->version.ptr != NULL && pr->units[i]->silent) {
            d->units[i].tag = "{name}-v{version}";
            d->units[i].why = "never published";
        }
}

static bool draft_all(struct draft *d)
{
    const char *from = d->ctx->opt.from;
    d->arena = d->ctx->arena;
    d->units = arena_alloc(d->arena, d->project.unit_count * sizeof *d->units);
    if (!draft_tags(d) || (from != NULL && !(from[0] == 'b' ? draft_from_bumpversion(d)
                                                             : draft_from_changesets(d))))
        return false;
    draft_changelog(d);
    if (from == NULL)
        draft_constants(d);
    draft_silent(d);
    return true;
}

/*-- as text -------------------------------------------------------------------------------------*/

static void add_quoted(struct text *t, const char *s)
{
    if (strpbrk(s, "\"\\") != NULL && strpbrk(s, "'\n") == NULL)
        text_addf(t, "'%s'", s);
    else
        text_json(t, s, strlen(s)); /* whose escapes TOML has as well */
}

static void add_key(struct text *t, const char *key, const char *value, const char *why)
{
    if (value == NULL)
        return;
    text_addf(t, "%s = ", key);
    add_quoted(t, value);
    if (why != NULL)
        text_safef(t, "  # %s", why);
    text_addc(t, '\n');
}

static void add_section(struct text *t, const struct section *s)
{
    bool many = s->files.count > 1;
    add_key(t, "tag", s->tag, s->why);
    text_adds(t, s->files.count > 0 ? "files = [" : "");
    for (size_t i = 0; i < s->files.count; i++) {
        text_adds(t, many ? "\n    " : "");
        add_quoted(t, s->files.at[i]);
        text_adds(t, many ? "," : "");
    }
    text_adds(t, s->files.count == 0 ? "" : many ? "\n]\n" : "]\n");
}

/* The whole of relver.toml; empty when it would say nothing. */
static relver_str draft_text(const struct draft *d)
{
    static const char head[] = "# how this repository is released; relver.toml(5) has all keys\n";
    struct text t = {.arena = d->arena};
    text_adds(&t, head);
    for (size_t i = 0; i < d->lost.count; i++)
        text_addf(&t, "# not carried over: %s\n", d->lost.at[i]);
    add_key(&t, "commit", d->commit, NULL);
    add_key(&t, "tag-message", d->tag_message, NULL);
    add_key(&t, "changelog", d->changelog, NULL);
    add_section(&t, &d->top);
    for (size_t i = 0; i < d->project.unit_count; i++) {
        if (d->units[i].tag != NULL || d->units[i].files.count > 0) {
            text_adds(&t, "\n[package.");
            text_key(&t, d->project.units[i]->name);
            text_adds(&t, "]\n");
        }
        add_section(&t, &d->units[i]);
    }
    return relver_sn(t.ptr, t.len == sizeof head - 1 ? 0 : t.len);
}

/*-- the command ---------------------------------------------------------------------------------*/

static bool absent(struct context *ctx, const struct root *root)
{
    static const char *const names[] = {"relver.toml", ".relver.toml"};
    for (size_t i = 0; i < 2; i++)
        if (fs_kind(root, names[i]) != FS_ABSENT)
            return fail_set(&ctx->fail, ctx->arena, 1, "configured", names[i], "nothing changed",
                            "relver init --print", "it is there already and is not overwritten");
    return true;
}

static void print_json(struct context *ctx, const struct draft *d, relver_str text)
{
    struct text t = {.arena = ctx->arena};
    json_begin(&t);
    json_bool(&t, "needed", text.len > 0);
    json_str(&t, "text", text);
    json_list(&t, "lost", &d->lost);
    json_end(&t);
}

/* None is needed, and why. As comments with --print, which promises a relver.toml. */
static void add_none(struct text *t, const struct draft *d)
{
    const char *mark = d->ctx->opt.print ? "# " : "";
    text_addf(t, "%sno relver.toml is needed; this is found without one:\n", mark);
    for (size_t i = 0; i < d->project.unit_count; i++) {
        text_adds(t, mark);
        add_unit(t, d->project.units[i]);
    }
    text_safef(t, "%stags: v{version}; %s\n", mark,
               d->top.why != NULL ? d->top.why : "there is none yet");
}

/* What is written is read first: it must be a relver.toml. */
static bool write_draft(struct draft *d, relver_str text)
{
    struct context *ctx = d->ctx;
    struct config config;
    struct fs_change change = {"relver.toml", {NULL, 0}, text};
    if (!config_parse(d->arena, "relver.toml", text, &config, &ctx->fail))
        return fail_set(&ctx->fail, d->arena, 70, "bug", "relver.toml", "nothing changed",
                        "report this to relver's authors", "what would be written is refused: %s",
                        ctx->fail.what);
    return ctx->opt.print || ctx->opt.dry_run ||
           (project_settle(ctx, PROJECT_WRITE, d->project.root) &&
            fs_commit(d->project.root, d->arena, &change, 1, &ctx->fail));
}

int cmd_init(struct context *ctx)
{
    struct draft d = {.ctx = ctx};
    struct text t = {.arena = ctx->arena};
    if (!project_open(ctx, PROJECT_BARE, &d.project) ||
        (!ctx->opt.print && !absent(ctx, d.project.root)) || !draft_all(&d))
        return ctx->fail.status;
    relver_str text = draft_text(&d);
    for (size_t i = 0; i < d.lost.count; i++)
        note(ctx->arena, "not carried over: %s", d.lost.at[i]);
    if (text.len > 0 && !write_draft(&d, text))
        return ctx->fail.status;
    relver_edit edit = {relver_s(""), text, 0};
    text_adds(&t, "");
    if (ctx->opt.json)
        print_json(ctx, &d, text);
    else if (text.len == 0)
        add_none(&t, &d);
    else if (ctx->opt.print)
        text_add(&t, text.ptr, text.len);
    else if (ctx->opt.dry_run)
        diff_edits(&t, "relver.toml", edit.at, &edit, 1, use_color(ctx));
    else if (!ctx->opt.quiet)
        text_adds(&t, "relver.toml is written; `relver status` shows what it does\n");
    fwrite(t.ptr, 1, t.len, stdout);
    return 0;
}
