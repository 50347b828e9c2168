/* relver show - one value on stdout, nothing else */
#include "check.h"
#include "cmd.h"
#include "plan.h"
#include "project.h"
#include "repo.h"

#include <stdio.h>
#include <string.h>

const struct option show_options[] = {
    {"style", 0, OPTION_CHOICE, OPTION_AT(style), "semver|pep440|npm|cargo|docker",
     "whose spelling"},
    {0},
};

/* The version in an ecosystem's spelling; Docker takes no '+' in a tag. */
static bool spelt(struct context *ctx, const struct unit *u, const char *style, relver_str *out)
{
    static const char words[] = "semver|npm|cargo|pep440|docker"; /* in the order of relver_eco */
    int word = style == NULL ? (int)u->scheme : opt_word(words, style);
    if (u->version.ptr == NULL)
        return fail_set(&ctx->fail, ctx->arena, 1, "no-version", NULL, "nothing changed",
                        "relver status", "'%.*s' has no written version", STR(u->name));
    if (!plan_spell(ctx->arena, u, word < 4 ? (relver_eco)word : RELVER_SEMVER, out, &ctx->fail))
        return false;
    char *text = arena_dup(ctx->arena, out->ptr, out->len);
    char *plus = word == 4 ? strchr(text, '+') : NULL;
    if (plus != NULL)
        *plus = '-';
    *out = relver_s(text);
    return true;
}

static bool value_version(struct context *ctx, const struct unit *u, relver_str *out)
{
    return spelt(ctx, u, ctx->opt.style, out);
}

static bool value_tag(struct context *ctx, const struct unit *u, relver_str *out)
{
    relver_str tmpl = unit_tag(u), version;
    relver_diag diag;
    if (!spelt(ctx, u, NULL, &version))
        return false;
    size_t cap = tmpl.len + u->name.len + version.len * 4 + 64;
    relver_buf buf = {arena_alloc(ctx->arena, cap), cap, 0};
    if (relver_tag_write(&buf, tmpl, u->name, version, &diag) != RELVER_OK)
        return fail_set(&ctx->fail, ctx->arena, 2, relver_code(diag.err), NULL, "nothing changed",
                        "relver status", "the tag '%.*s' of '%.*s': %s", STR(tmpl), STR(u->name),
                        diag.what);
    *out = relver_view(&buf);
    return true;
}

/*-- the passport --------------------------------------------------------------------------------*/

/* Everywhere a version goes: how it is spelt there, who would refuse it, and in which order it
   stands there. */
static const struct border {
    const char *name, *style; /* no style: the tag */
    relver_target target;
    bool ordered;
    relver_eco eco; /* whose order */
} borders[] = {
    {"cargo", "cargo", RELVER_ON_CRATES, true, RELVER_CARGO},
    {"npm", "npm", RELVER_ON_NPM, true, RELVER_NPM},
    {"pypi", "pep440", RELVER_ON_PYPI, true, RELVER_PEP440},
    {"git tag", NULL, RELVER_ON_GIT, false, RELVER_SEMVER},
    {"docker", "docker", RELVER_ON_DOCKER, false, RELVER_SEMVER},
};

enum { BORDERS = sizeof borders / sizeof *borders, NPM = 1, PYPI = 2 };

struct passport {
    struct {
        relver_str version;  /* absent: it has no form there */
        const char *refused; /* why; NULL: it is taken */
        const char *order;   /* against the last release: above, equal, below; NULL: none */
    } at[BORDERS];
    bool known;  /* git can tell of releases */
    bool tagged; /* this version's tag is there */
    relver_str last, last_tag; /* the last release; absent: none */
    relver_str split; /* a tag that npm has above this version and PyPI below, or the reverse */
};

/* The order against another of the unit's versions, as the ecosystem sees both; NULL: none. */
static const char *order_of(const struct unit *u, size_t border, const struct passport *pass,
                            relver_str other)
{
    static const char *const words[] = {"below", "equal", "above"};
    char space[512];
    relver_buf buf = {space, sizeof space, 0};
    relver_eco eco = borders[border].eco;
    relver_str version = pass->at[border].version;
    int order;
    if (!borders[border].ordered || version.ptr == NULL || other.ptr == NULL ||
        relver_convert(&buf, u->scheme, other, eco, NULL, NULL) != RELVER_OK ||
        relver_compare(eco, version, relver_view(&buf), &order, NULL) != RELVER_OK)
        return NULL;
    return words[order + 1];
}

/* A dev version is tagged to start or to build something, not as a release. */
static bool is_dev(const struct unit *u, relver_str version)
{
    char space[512];
    relver_buf buf = {space, sizeof space, 0};
    relver_pep440 v;
    return relver_convert(&buf, u->scheme, version, RELVER_PEP440, NULL, NULL) == RELVER_OK &&
           relver_pep440_parse(relver_view(&buf), &v, NULL) == RELVER_OK && v.dev.ptr != NULL;
}

/* The last release is the highest of the others, wherever in the history its tag stands. */
static void meet(const struct unit *u, relver_str tag, struct passport *pass)
{
    relver_tag t;
    int order;
    if (!check_read_tag(u, tag, &t) || t.version.ptr == NULL ||
        relver_compare(u->scheme, t.version, u->version, &order, NULL) != RELVER_OK)
        return;
    const char *npm = order_of(u, NPM, pass, t.version), *pypi = order_of(u, PYPI, pass, t.version);
    if (npm != NULL && pypi != NULL && npm != pypi)
        pass->split = tag;
    pass->tagged = pass->tagged || order == 0;
    if (order == 0 || is_dev(u, t.version))
        return;
    if (pass->last.ptr != NULL &&
        relver_compare(u->scheme, t.version, pass->last, &order, NULL) == RELVER_OK && order <= 0)
        return;
    pass->last = t.version;
    pass->last_tag = tag;
}

static bool ask_git(struct context *ctx, const struct project *pr, const struct unit *u,
                    struct passport *pass)
{
    struct repo *repo;
    struct repo_tag *tags;
    size_t n = 0;
    if (!repo_open(ctx->arena, pr->root, &repo, &ctx->fail) || repo == NULL)
        return ctx->fail.status == 0;
    bool ok = repo_tags(repo, ctx->arena, &tags, &n, &ctx->fail), shallow = repo_shallow(repo);
    repo_close(repo);
    for (size_t i = 0; i < n; i++)
        meet(u, tags[i].name, pass);
    pass->known = !shallow || pass->last.ptr != NULL; /* a shallow clone seldom has the tags */
    return ok;
}

static void cross(struct context *ctx, const struct unit *u, struct passport *pass, size_t i)
{
    const struct border *b = &borders[i];
    relver_str version;
    relver_diag diag;
    bool ok = b->style == NULL ? value_tag(ctx, u, &version) : spelt(ctx, u, b->style, &version);
    if (!ok) {
        pass->at[i].refused = ctx->fail.what;
        memset(&ctx->fail, 0, sizeof ctx->fail); /* a line of the answer, not a failure */
        return;
    }
    pass->at[i].version = version;
    if (b->style == NULL && !spelt(ctx, u, "semver", &version)) /* what a tag holds, checked so */
        memset(&ctx->fail, 0, sizeof ctx->fail);
    else if (relver_fits(b->target, version, &diag) != RELVER_OK)
        pass->at[i].refused = diag.what;
}

static bool issue(struct context *ctx, const struct project *pr, const struct unit *u,
                  struct passport *pass)
{
    relver_str version;
    if (!spelt(ctx, u, NULL, &version))
        return false;
    for (size_t i = 0; i < BORDERS; i++)
        cross(ctx, u, pass, i);
    if (!ask_git(ctx, pr, u, pass))
        return false;
    for (size_t i = 0; i < BORDERS; i++)
        pass->at[i].order = order_of(u, i, pass, pass->last);
    return true;
}

/* The fixed part of a wheel's file name: the name as the binary distribution format has it, runs of
   "-_." as one '_'. Only the build knows the tags that follow. */
static relver_str wheel(struct context *ctx, const struct package *p, relver_str version)
{
    struct text t = {.arena = ctx->arena};
    for (size_t i = 0; i < p->name.len; i++) {
        char c = p->name.ptr[i];
        bool joint = memchr("-_.", c, 3) != NULL;
        if (!joint)
            text_addc(&t, (char)(c >= 'A' && c <= 'Z' ? c | 32 : c));
        else if (t.len > 0 && t.ptr[t.len - 1] != '_')
            text_addc(&t, '_');
    }
    text_addf(&t, "-%.*s-", STR(version));
    return relver_sn(t.ptr, t.len);
}

/* What stands in both forms of the answer, in a loop over the unit's wheels. */
static bool next_wheel(struct context *ctx, const struct unit *u, const struct passport *pass,
                       size_t *i, relver_str *out)
{
    relver_str version = pass->at[PYPI].version;
    for (; version.ptr != NULL && *i < u->count; (*i)++)
        if (u->packages[*i]->eco == RELVER_PEP440) {
            *out = wheel(ctx, u->packages[(*i)++], version);
            return true;
        }
    return false;
}

static void add_last(struct text *t, const struct passport *pass)
{
    const char *comma = "";
    text_adds(t, "  last release ");
    if (!pass->known || pass->last.ptr == NULL) {
        text_adds(t, pass->known ? "none\n" : "unknown, git cannot tell\n");
        return;
    }
    text_addf(t, "%.*s (tag ", STR(pass->last));
    text_safe(t, pass->last_tag.ptr, pass->last_tag.len);
    text_adds(t, "): ");
    for (size_t i = 0; i < BORDERS; i++)
        if (pass->at[i].order != NULL) {
            text_addf(t, "%s%s %s", comma, borders[i].name, pass->at[i].order);
            comma = ", ";
        }
    text_addc(t, '\n');
}

/* The trap of dev beside alpha or beta: SemVer has alpha < beta < dev < rc, PEP 440 dev < alpha. */
static void add_split(struct text *t, const struct unit *u, const struct passport *pass)
{
    relver_tag tag;
    if (pass->split.ptr == NULL || !check_read_tag(u, pass->split, &tag))
        return;
    text_addf(t, "  the order against tag ");
    text_safe(t, pass->split.ptr, pass->split.len);
    text_addf(t, " differs: npm %s, pypi %s%s\n", order_of(u, NPM, pass, tag.version),
              order_of(u, PYPI, pass, tag.version),
              is_dev(u, u->version) || is_dev(u, tag.version)
                  ? "; SemVer has dev above beta, PEP 440 below alpha" : "");
}

static void print_why(struct context *ctx, const struct unit *u, const struct passport *pass)
{
    struct text t = {.arena = ctx->arena};
    size_t line, col, next = 0;
    relver_str name;
    place_where(u->anchor, &line, &col);
    text_safe(&t, u->name.ptr, u->name.len);
    text_addf(&t, " %.*s, from %s:%zu:%zu\n", STR(u->version), u->anchor->file->path, line, col);
    for (size_t i = 0; i < BORDERS; i++) {
        relver_str v = pass->at[i].version.ptr != NULL ? pass->at[i].version : relver_s("-");
        text_addf(&t, "  %-8s ", borders[i].name);
        text_safe(&t, v.ptr, v.len);
        if (pass->at[i].refused != NULL)
            text_addf(&t, "  refused: %s", pass->at[i].refused);
        else if (borders[i].style == NULL && pass->tagged)
            text_adds(&t, "  is there already");
        text_addc(&t, '\n');
    }
    while (next_wheel(ctx, u, pass, &next, &name)) {
        text_adds(&t, "  wheel    ");
        text_safe(&t, name.ptr, name.len);
        text_adds(&t, "*.whl\n");
    }
    add_last(&t, pass);
    add_split(&t, u, pass);
    fwrite(t.ptr, 1, t.len, stdout);
}

static void print_why_json(struct context *ctx, const struct unit *u, const struct passport *pass)
{
    struct text t = {.arena = ctx->arena};
    size_t line, col, next = 0;
    relver_str name;
    const char *comma = "";
    place_where(u->anchor, &line, &col);
    text_adds(&t, "{\"relver\": 1, ");
    json_str(&t, "name", u->name);
    text_adds(&t, ", ");
    json_str(&t, "version", u->version);
    text_adds(&t, ", ");
    json_str(&t, "path", relver_s(u->anchor->file->path));
    text_addf(&t, ", \"line\": %zu, \"col\": %zu, \"borders\": [", line, col);
    for (size_t i = 0; i < BORDERS; i++) {
        text_addf(&t, "%s{\"name\": \"%s\", ", i > 0 ? ", " : "", borders[i].name);
        json_str(&t, "version", pass->at[i].version);
        text_adds(&t, ", ");
        json_str(&t, "refused", relver_s(pass->at[i].refused));
        text_adds(&t, ", ");
        json_str(&t, "order", relver_s(pass->at[i].order));
        text_adds(&t, "}");
    }
    text_adds(&t, "], \"wheels\": [");
    for (; next_wheel(ctx, u, pass, &next, &name); comma = ", ") {
        text_adds(&t, comma);
        text_json(&t, name.ptr, name.len);
    }
    text_adds(&t, "], ");
    json_str(&t, "split", pass->split);
    text_addf(&t, ", \"tagged\": %s, ",
              pass->tagged ? "true" : pass->known ? "false" : "null");
    json_str(&t, "last", pass->last);
    text_adds(&t, ", ");
    json_str(&t, "last_tag", pass->last_tag);
    text_adds(&t, "}\n");
    fwrite(t.ptr, 1, t.len, stdout);
}

static bool show_why(struct context *ctx, const struct project *pr, const struct unit *u)
{
    struct passport pass = {.known = false};
    if (!issue(ctx, pr, u, &pass))
        return false;
    (ctx->opt.json ? print_why_json : print_why)(ctx, u, &pass);
    return true;
}

/*-- keys ----------------------------------------------------------------------------------------*/

static const struct key {
    const char *name;
    bool (*value)(struct context *ctx, const struct unit *u, relver_str *out); /* NULL: why */
} keys[] = {{"version", value_version}, {"tag", value_tag}, {"why", NULL}};

static bool show(struct context *ctx, const struct key *key, const struct project *pr,
                 const struct unit *u)
{
    relver_str value;
    if (key->value == NULL)
        return show_why(ctx, pr, u);
    if (!key->value(ctx, u, &value))
        return false;
    struct text t = {.arena = ctx->arena};
    if (ctx->opt.json) {
        text_adds(&t, "{\"relver\": 1, ");
        json_str(&t, key->name, value);
        text_adds(&t, "}\n");
    } else {
        text_addf(&t, "%.*s\n", STR(value));
    }
    fwrite(t.ptr, 1, t.len, stdout);
    return true;
}

int cmd_show(struct context *ctx)
{
    struct project project;
    struct unit **units;
    size_t count;
    const struct key *key = NULL;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && ctx->count == 1; i++)
        if (strcmp(keys[i].name, ctx->operands[0]) == 0)
            key = &keys[i];
    if (key == NULL) {
        fail_set(&ctx->fail, ctx->arena, 2, "usage", NULL, "nothing changed", "relver show --help",
                 "name one key: version, tag or why");
        return 2;
    }
    if (!project_open(ctx, PROJECT_READ, &project) ||
        !project_units(ctx, &project, &units, &count))
        return ctx->fail.status;
    if (count != 1) {
        fail_set(&ctx->fail, ctx->arena, 2, "ambiguous", NULL, "nothing changed",
                 arena_printf(ctx->arena, "relver show %s -p %.*s", key->name, STR(units[0]->name)),
                 "several packages have versions of their own");
        return 2;
    }
    return show(ctx, key, &project, units[0]) ? 0 : ctx->fail.status;
}
