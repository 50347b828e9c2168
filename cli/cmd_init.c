/* relver init - write a relver.toml of a few lines, or say why none is needed

   Only what differs from what relver does without one is written: the form of the tags, packages
   that have versions of their own, a changelog under another name, and places that `files` must
   name. The tags that are there say what their form is. */
#include "cmd_init.h"

#include "cmd.h"
#include "diff.h"
#include "repo.h"

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
    const struct unit *unit; /* {name} stands for this one's name; NULL: for several, or none */
    bool named, several;
    size_t count;
    relver_str newest, tag; /* the highest version, and its tag */
};

struct forms {
    struct form *at;
    size_t count;
};

static bool starts(relver_str s, relver_str with)
{
    return s.len >= with.len && memcmp(s.ptr, with.ptr, with.len) == 0;
}

static bool alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Where the version begins that a tag ends in; its length when it has none. */
static size_t version_in(relver_str tag, relver_eco eco)
{
    for (size_t i = 0; i < tag.len; i++) {
        bool v = i > 0 && tag.ptr[i - 1] == 'v';
        bool apart = i - v == 0 || !alnum(tag.ptr[i - v - 1]);
        relver_buf none = {NULL, 0, 0};
        relver_str rest = relver_sn(tag.ptr + i, tag.len - i);
        relver_err err = RELVER_NO_MATCH;
        if (apart && rest.ptr[0] >= '0' && rest.ptr[0] <= '9' && memchr(rest.ptr, '.', rest.len))
            err = relver_check(&none, eco, rest, NULL);
        if (err == RELVER_OK || err == RELVER_NO_SPACE)
            return i;
    }
    return tag.len;
}

/* The unit whose name a tag begins with, followed by a separator. */
static const struct unit *unit_in(const struct project *pr, relver_str prefix)
{
    const struct unit *best = NULL;
    for (size_t i = 0; i < pr->unit_count; i++) {
        relver_str name = pr->units[i]->name;
        bool longer = best == NULL || name.len > best->name.len;
        if (longer && starts(prefix, name) && prefix.len > name.len &&
            !alnum(prefix.ptr[name.len]) && prefix.len - name.len <= 2)
            best = pr->units[i];
    }
    return best;
}

/* The order of two versions of any scheme: -1, 0, 1; 0 when they do not compare. */
static int order_of(relver_str a, relver_str b)
{
    int order = 0;
    if (relver_compare(RELVER_SEMVER, a, b, &order, NULL) != RELVER_OK)
        relver_compare(RELVER_PEP440, a, b, &order, NULL);
    return order;
}

static void count_tag(struct draft *d, struct forms *forms, relver_str tag, size_t at)
{
    relver_str prefix = relver_sn(tag.ptr, at), version = relver_sn(tag.ptr + at, tag.len - at);
    const struct unit *u = unit_in(&d->project, prefix);
    size_t skip = u != NULL ? u->name.len : 0;
    const char *tmpl = arena_printf(d->arena, "%s%.*s{version}", u != NULL ? "{name}" : "",
                                    (int)(at - skip), tag.ptr + skip);
    size_t i = 0;
    while (i < forms->count && strcmp(forms->at[i].tmpl, tmpl) != 0)
        i++;
    if (i == forms->count) {
        struct form f = {.tmpl = tmpl, .unit = u, .named = u != NULL};
        forms->at = arena_more(d->arena, forms->at, forms->count, sizeof f);
        forms->at[forms->count++] = f;
    }
    struct form *f = &forms->at[i];
    f->several = f->several || f->unit != u;
    f->count++;
    if (f->newest.ptr == NULL || order_of(version, f->newest) > 0) {
        f->newest = version;
        f->tag = tag;
    }
}

static bool read_forms(struct draft *d, struct forms *forms)
{
    struct repo *repo;
    struct repo_tag *tags = NULL;
    size_t n = 0;
    struct fail *fail = &d->ctx->fail;
    memset(forms, 0, sizeof *forms);
    if (!repo_open(d->arena, d->project.root, &repo, fail))
        return false;
    bool ok = repo == NULL || repo_tags(repo, d->arena, &tags, &n, fail);
    repo_close(repo);
    for (size_t i = 0; ok && i < n; i++) {
        size_t at = version_in(tags[i].name, RELVER_SEMVER);
        if (at == tags[i].name.len)
            at = version_in(tags[i].name, RELVER_PEP440);
        if (at < tags[i].name.len)
            count_tag(d, forms, tags[i].name, at);
    }
    return ok;
}

/* Whether the newest of a form's tags stands above the version that the files say. */
static bool above(const struct form *f, const struct unit *u)
{
    return u->version.ptr != NULL && order_of(f->newest, u->version) > 0;
}

/* The form in use for a unit: the one with the newest release that is not above the version the
   files say, for the old form's tags stay where they are; of two the more frequent. On a line that
   is maintained beside newer ones all may be above. */
static const struct form *form_of(const struct forms *forms, const struct unit *u)
{
    const struct form *best = NULL;
    for (size_t i = 0; i < forms->count; i++) {
        const struct form *f = &forms->at[i];
        int order = best == NULL ? 1 : above(best, u) - above(f, u);
        if (order == 0)
            order = order_of(f->newest, best->newest);
        if (order > 0 || (order == 0 && f->count > best->count))
            best = f;
    }
    return best;
}

/*-- one version or several ----------------------------------------------------------------------*/

/* Whether all units that say a version say the same, in whatever spelling. */
static bool together(const struct project *pr)
{
    const struct unit *first = NULL;
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        char space[2][300];
        relver_buf out[2] = {{space[0], 300, 0}, {space[1], 300, 0}};
        if (u->silent)
            continue;
        first = first == NULL ? u : first;
        const struct unit *both[2] = {first, u};
        for (size_t k = 0; k < 2; k++)
            if (relver_convert(&out[k], both[k]->scheme, both[k]->version, RELVER_SEMVER, NULL,
                               NULL) != RELVER_OK)
                relver_put(&out[k], both[k]->version);
        if (!relver_eq(relver_view(&out[0]), relver_view(&out[1])))
            return false;
    }
    return true;
}

static bool one_name(const struct unit *u)
{
    for (size_t i = 0; i < u->count; i++)
        if (!relver_name_eq(RELVER_PEP440, u->packages[i]->name, u->name))
            return false;
    return true;
}

static size_t versioned(const struct project *pr)
{
    size_t count = 0;
    for (size_t i = 0; i < pr->unit_count; i++)
        count += !pr->units[i]->silent;
    return count;
}

static const char *newest(struct arena *a, const struct form *f)
{
    return arena_printf(a, "the newest: %.*s", STR(f->tag));
}

/* The unit at the top level: in the project's own directory, or the one of most packages. */
static size_t main_unit(const struct project *pr)
{
    size_t best = 0;
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i], *b = pr->units[best];
        if (u->silent)
            continue;
        if (u->anchor->file->dir[0] == '\0')
            return i;
        if (b->silent || u->count > b->count)
            best = i;
    }
    return best;
}

/* All packages go together. A section is needed for another form of tags than v{version}, or where
   the packages' ecosystems spell versions apart, so that relver cannot tell that they do. */
static void draft_one(struct draft *d, const struct forms *forms)
{
    const struct project *pr = &d->project;
    const struct unit *first = pr->units[main_unit(pr)];
    const struct form *f = form_of(forms, first);
    bool mixed = false;
    for (size_t i = 0; i < pr->unit_count; i++)
        mixed = mixed || (!pr->units[i]->silent &&
                          pr->units[i]->scheme != first->scheme);
    if (f != NULL) {
        d->top.tag = f->tmpl;
        if (f->named && !f->several && versioned(pr) > 1) /* one package's name for all of them */
            d->top.tag = arena_printf(d->arena, "%.*s%s", STR(f->unit->name), f->tmpl + 6);
        d->top.why = newest(d->arena, f);
    } else if (mixed) {
        d->top.tag = "v{version}";
        d->top.why = "one version for all packages; there is no tag yet";
    }
    if (!mixed && d->top.tag != NULL && strcmp(d->top.tag, "v{version}") == 0)
        d->top.tag = NULL;
}

static bool is_word(const char *const *words, const char *stem)
{
    while (*words != NULL && strcmp(*words, stem) != 0)
        words++;
    return *words != NULL;
}

/* Whether a prefix such as "py-v" or "ffi/v" is a unit's: a word for its ecosystem, the name of its
   directory, or the end of its name. */
static bool hints(struct arena *a, const struct form *f, const struct unit *u)
{
    static const char *const words[][5] = {
        [RELVER_SEMVER] = {NULL},
        [RELVER_NPM] = {"js", "node", "npm", "ts", NULL},
        [RELVER_CARGO] = {"rust", "rs", "crate", "cargo", NULL},
        [RELVER_PEP440] = {"py", "python", "pypi", NULL},
    };
    size_t n = strlen(f->tmpl) - strlen("{version}");
    n -= n > 0 && f->tmpl[n - 1] == 'v';
    while (n > 0 && !alnum(f->tmpl[n - 1]))
        n--;
    const char *stem = arena_dup(a, f->tmpl, n);
    bool yes = false;
    for (size_t i = 0; i < u->count && n > 0 && !yes; i++) {
        const struct package *p = u->packages[i];
        relver_str dir = relver_s(p->manifest->dir), name = p->name;
        dir.len -= dir.len > 0;
        yes = is_word(words[p->eco], stem);
        for (int k = 0; k < 2 && !yes; k++) {
            relver_str s = k == 0 ? dir : name;
            yes = s.len >= n && memcmp(s.ptr + s.len - n, stem, n) == 0 &&
                  (s.len == n || !alnum(s.ptr[s.len - n - 1]));
        }
    }
    return yes;
}

/* The tags of one unit beside the top level's. */
static void draft_own(struct draft *d, const struct forms *forms, struct section *s,
                      const char *usual)
{
    s->tag = usual;
    s->why = "there is no tag yet";
    for (size_t k = 0; k < forms->count; k++) {
        const struct form *f = &forms->at[k];
        if (f->named ? strcmp(f->tmpl, usual) == 0 : hints(d->arena, f, s->unit)) {
            s->tag = f->tmpl;
            s->why = newest(d->arena, f);
        }
    }
    if (!one_name(s->unit))
        draft_lost(d, "the packages beside '%.*s' share its version: add a [package.NAME] for each",
                   STR(s->unit->name));
}

/* Every package has its own version, and so needs its own tags. */
static void draft_several(struct draft *d, const struct forms *forms)
{
    const struct project *pr = &d->project;
    const struct form *named = NULL;
    bool npm = true, single = true;
    size_t top = main_unit(pr);
    for (size_t i = 0; i < forms->count; i++)
        if (forms->at[i].named && (named == NULL || forms->at[i].count > named->count))
            named = &forms->at[i];
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        single = single && one_name(u);
        npm = npm && u->packages[0]->eco == RELVER_NPM;
    }
    const char *usual = named != NULL ? named->tmpl
                        : npm         ? "{name}@{version}" : "{name}-v{version}";
    const char *none = "every package has its own version; there is no tag yet";
    if (single && (named != NULL || forms->count == 0)) {
        d->top.tag = usual;
        d->top.why = named != NULL ? newest(d->arena, named) : none;
        return;
    }
    for (size_t i = 0; i < pr->unit_count; i++)
        if (i != top && !pr->units[i]->silent)
            draft_own(d, forms, &d->units[i], usual);
    struct forms rest = {arena_alloc(d->arena, forms->count * sizeof *rest.at), 0};
    for (size_t i = 0; i < forms->count; i++) {
        bool taken = forms->at[i].named;
        for (size_t k = 0; k < pr->unit_count; k++)
            taken = taken || d->units[k].tag == forms->at[i].tmpl;
        if (!taken)
            rest.at[rest.count++] = forms->at[i];
    }
    const struct form *f = form_of(&rest, pr->units[top]);
    d->top.tag = f != NULL ? f->tmpl : "v{version}";
    d->top.why = f != NULL ? newest(d->arena, f) : "there is no tag yet";
    d->top.unit = pr->units[top];
}

/*-- what else differs ---------------------------------------------------------------------------*/

bool draft_lost(struct draft *d, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    d->lost = arena_more(d->arena, d->lost, d->lost_count, sizeof *d->lost);
    d->lost[d->lost_count++] = arena_vprintf(d->arena, fmt, args);
    va_end(args);
    return false;
}

void draft_file(struct draft *d, const struct unit *unit, const char *entry)
{
    struct section *s = &d->top;
    for (size_t i = 0; i < d->project.unit_count; i++)
        if (d->several && d->project.units[i] == unit && unit != d->top.unit)
            s = &d->units[i];
    for (size_t i = 0; i < s->file_count; i++)
        if (strcmp(s->files[i], entry) == 0)
            return;
    s->files = arena_more(d->arena, s->files, s->file_count, sizeof *s->files);
    s->files[s->file_count++] = entry;
}

static void draft_changelog(struct draft *d)
{
    static const char *const others[] = {"CHANGES.md", "HISTORY.md", "NEWS.md", "History.md",
                                         "docs/CHANGELOG.md", "docs/changelog.md", "changelog.md"};
    const struct root *root = d->project.root;
    if (fs_kind(root, "CHANGELOG.md") == FS_FILE)
        return;
    for (size_t i = 0; i < sizeof others / sizeof *others && d->changelog == NULL; i++)
        if (fs_kind(root, others[i]) == FS_FILE)
            d->changelog = others[i];
}

/* Copies of the version that say whose they are; the others may be meant to stay. */
static void draft_leftovers(struct draft *d)
{
    enum { MOST = 100 }; /* each costs a look through its document */
    for (size_t i = 0; i < d->left.count && d->top.file_count < MOST; i++) {
        const struct leftover *l = &d->left.at[i];
        const char *entry =
            l->sure && !l->older ? leftover_entry(d->arena, &d->left, l) : NULL;
        if (entry != NULL)
            draft_file(d, l->unit, entry);
    }
}

/* Where there is a relver.toml, what is never published must be kept out of the version of all. */
static void draft_silent(struct draft *d)
{
    const struct project *pr = &d->project;
    bool says = d->top.tag != NULL || d->top.file_count > 0 || d->changelog != NULL ||
                d->commit != NULL || d->tag_message != NULL || d->lost_count > 0;
    for (size_t i = 0; i < pr->unit_count && says; i++)
        if (pr->units[i]->version.ptr != NULL && pr->units[i]->silent &&
            (d->top.tag == NULL || strstr(d->top.tag, "{name}") == NULL)) {
            d->units[i].tag = "{name}-v{version}";
            d->units[i].why = "never published";
        }
}

static bool draft_all(struct draft *d)
{
    struct project *pr = &d->project;
    struct forms forms;
    d->arena = d->ctx->arena;
    d->units = arena_alloc(d->arena, pr->unit_count * sizeof *d->units);
    for (size_t i = 0; i < pr->unit_count; i++)
        d->units[i].unit = pr->units[i];
    if (!read_forms(d, &forms))
        return false;
    const struct form *first = form_of(&forms, pr->units[main_unit(pr)]);
    d->several = !together(pr) || (first != NULL && first->several && versioned(pr) > 1);
    if (d->several)
        draft_several(d, &forms);
    else
        draft_one(d, &forms);
    const char *from = d->ctx->opt.from;
    if (from != NULL && !(from[0] == 'b' ? draft_from_bumpversion(d) : draft_from_changesets(d)))
        return false;
    leftover_find(d->arena, pr, &d->left);
    draft_changelog(d);
    draft_leftovers(d);
    draft_silent(d);
    return true;
}

/*-- as text -------------------------------------------------------------------------------------*/

static void add_key(struct text *t, const char *key, const char *value, const char *why)
{
    if (value == NULL)
        return;
    text_addf(t, "%s = ", key);
    leftover_quote(t, value);
    if (why != NULL) {
        text_adds(t, "  # ");
        text_safe(t, why, strlen(why));
    }
    text_addc(t, '\n');
}

static void add_section(struct text *t, const struct section *s)
{
    add_key(t, "tag", s->tag, s->why);
    if (s->file_count == 1) {
        text_adds(t, "files = [");
        leftover_quote(t, s->files[0]);
        text_adds(t, "]\n");
    } else if (s->file_count > 1) {
        text_adds(t, "files = [\n");
        for (size_t i = 0; i < s->file_count; i++) {
            text_adds(t, "    ");
            leftover_quote(t, s->files[i]);
            text_adds(t, ",\n");
        }
        text_adds(t, "]\n");
    }
}

static void add_name(struct text *t, relver_str name)
{
    bool bare = true;
    for (size_t i = 0; i < name.len; i++)
        bare = bare && (alnum(name.ptr[i]) || name.ptr[i] == '-' || name.ptr[i] == '_');
    text_addf(t, bare ? "\n[package.%.*s]\n" : "\n[package.\"%.*s\"]\n", STR(name));
}

/* What was found, for people: "demo 0.2.0 (cargo demo, npm demo-node)". */
static void add_units(struct text *t, const struct project *pr)
{
    for (size_t i = 0; i < pr->unit_count; i++) {
        const struct unit *u = pr->units[i];
        text_addf(t, "%.*s %.*s (", STR(u->name), u->version.ptr != NULL ? (int)u->version.len : 1,
                  u->version.ptr != NULL ? u->version.ptr : "?");
        for (size_t k = 0; k < u->count; k++)
            text_addf(t, "%s%s %.*s", k > 0 ? ", " : "", eco_name(u->packages[k]->eco),
                      STR(u->packages[k]->name));
        text_adds(t, ")\n");
    }
}

/* The whole of relver.toml; empty when it would say nothing. */
static void add_draft(struct text *t, struct draft *d)
{
    struct text body = {.arena = d->arena};
    text_adds(&body, "");
    for (size_t i = 0; i < d->lost_count; i++)
        text_addf(&body, "# not carried over: %s\n", d->lost[i]);
    if (d->changesets != NULL)
        text_addf(&body, "changesets = %s\n", d->changesets);
    add_key(&body, "commit", d->commit, NULL);
    add_key(&body, "tag-message", d->tag_message, NULL);
    add_key(&body, "changelog", d->changelog, NULL);
    add_section(&body, &d->top);
    for (size_t i = 0; i < d->project.unit_count; i++)
        if (d->units[i].tag != NULL || d->units[i].file_count > 0) {
            add_name(&body, d->units[i].unit->name);
            add_section(&body, &d->units[i]);
        }
    text_adds(t, "");
    if (body.len > 0)
        text_addf(t, "# how this repository is released; relver.toml(5) has all keys\n%s",
                  body.ptr);
}

/*-- the command ---------------------------------------------------------------------------------*/

static bool reads_back(struct draft *d, relver_str text)
{
    struct config config;
    return config_parse(d->arena, "relver.toml", text, &config, &d->ctx->fail) ||
           fail_set(&d->ctx->fail, d->arena, 70, "bug", "relver.toml", "nothing changed",
                    "report this to relver's authors", "what would be written is refused: %s",
                    d->ctx->fail.what);
}

static bool absent(struct context *ctx, const struct root *root)
{
    static const char *const names[] = {"relver.toml", ".relver.toml"};
    for (size_t i = 0; i < 2; i++)
        if (fs_kind(root, names[i]) != FS_ABSENT)
            return fail_set(&ctx->fail, ctx->arena, 1, "configured", names[i], "nothing changed",
                            "relver init --print", "it is there already and is not overwritten");
    return true;
}

static void print_json(struct draft *d, relver_str text)
{
    struct text t = {.arena = d->arena};
    text_addf(&t, "{\"relver\": 1, \"needed\": %s, \"text\": ", text.len > 0 ? "true" : "false");
    text_json(&t, text.ptr, text.len);
    text_adds(&t, ", \"lost\": [");
    for (size_t i = 0; i < d->lost_count; i++) {
        text_adds(&t, i > 0 ? ", " : "");
        text_json(&t, d->lost[i], strlen(d->lost[i]));
    }
    text_adds(&t, "]}\n");
    fwrite(t.ptr, 1, t.len, stdout);
}

/* None is needed, and why. As comments with --print, which promises a relver.toml. */
static void print_none(struct draft *d)
{
    struct text t = {.arena = d->arena};
    struct text all = {.arena = d->arena};
    text_adds(&t, "no relver.toml is needed; this is found without one:\n");
    add_units(&t, &d->project);
    text_addf(&t, "tags: v{version}%s%s\n", d->top.why != NULL ? "; " : "; there is none yet",
              d->top.why != NULL ? d->top.why : "");
    text_adds(&all, "");
    for (char *line = t.ptr, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        text_adds(&all, d->ctx->opt.print ? "# " : "");
        text_safe(&all, line, (size_t)(end - line));
        text_addc(&all, '\n');
    }
    fwrite(all.ptr, 1, all.len, stdout);
}

static bool write_draft(struct draft *d, relver_str text)
{
    struct context *ctx = d->ctx;
    struct fs_change change = {"relver.toml", {NULL, 0}, text};
    relver_edit edit = {relver_s(""), text, 0};
    struct text t = {.arena = d->arena};
    if (ctx->opt.print) {
        fwrite(text.ptr, 1, text.len, stdout);
        return true;
    }
    if (!ctx->opt.dry_run) {
        if (!project_settle(ctx, PROJECT_WRITE, d->project.root) ||
            !fs_commit(d->project.root, d->arena, &change, 1, &ctx->fail))
            return false;
        if (!ctx->opt.quiet && !ctx->opt.json)
            puts("relver.toml is written; `relver status` shows what it does");
        return true;
    }
    text_adds(&t, "");
    diff_edits(&t, "relver.toml", edit.at, &edit, 1, use_color(ctx));
    fwrite(t.ptr, 1, t.len, stdout);
    return true;
}

int cmd_init(struct context *ctx)
{
    struct draft d = {.ctx = ctx};
    struct text t = {.arena = ctx->arena};
    bool looks = ctx->opt.print || ctx->opt.dry_run;
    if (ctx->count > 0) {
        fail_set(&ctx->fail, ctx->arena, 2, "usage", NULL, "nothing changed", "relver init --help",
                 "init takes no operands");
        return 2;
    }
    if (!project_open(ctx, PROJECT_BARE, &d.project) ||
        (!ctx->opt.print && !absent(ctx, d.project.root)) || !draft_all(&d))
        return ctx->fail.status;
    add_draft(&t, &d);
    relver_str text = relver_sn(t.ptr, t.len);
    if (text.len > 0 && !reads_back(&d, text))
        return ctx->fail.status;
    for (size_t i = 0; i < d.lost_count; i++)
        note(ctx->arena, "not carried over: %s", d.lost[i]);
    if (text.len > 0 && !(ctx->opt.json && looks) && !write_draft(&d, text))
        return ctx->fail.status;
    if (ctx->opt.json)
        print_json(&d, text);
    else if (text.len == 0)
        print_none(&d);
    return 0;
}
