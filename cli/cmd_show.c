/* relver show - one value on stdout, nothing else */
#include "cmd.h"
#include "plan.h"
#include "project.h"

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

static bool show_version(struct context *ctx, const struct unit *u)
{
    relver_str version;
    if (!spelt(ctx, u, ctx->opt.style, &version))
        return false;
    printf("%.*s\n", STR(version));
    return true;
}

/*-- the passport --------------------------------------------------------------------------------*/

/* Everywhere a version goes: how it is spelt there, and who would refuse it. */
static const struct border {
    const char *name, *style;
    relver_target target;
} borders[] = {
    {"cargo", "cargo", RELVER_ON_CRATES},  {"npm", "npm", RELVER_ON_NPM},
    {"pypi", "pep440", RELVER_ON_PYPI},    {"git tag", NULL, RELVER_ON_GIT},
    {"docker", "docker", RELVER_ON_DOCKER},
};

static bool tag_of(struct context *ctx, const struct unit *u, relver_str *out)
{
    relver_str tmpl = unit_tag(u);
    size_t cap = tmpl.len + u->name.len + u->version.len * 4 + 64;
    relver_buf buf = {arena_alloc(ctx->arena, cap), cap, 0};
    if (relver_tag_write(&buf, tmpl, u->name, u->version, NULL) != RELVER_OK)
        return false;
    *out = relver_view(&buf);
    return true;
}

static void add_border(struct context *ctx, struct text *t, const struct unit *u,
                       const struct border *b)
{
    relver_str version = {NULL, 0};
    relver_diag diag;
    bool ok = b->style == NULL ? tag_of(ctx, u, &version) : spelt(ctx, u, b->style, &version);
    if (!ok) {
        text_addf(t, "  %-8s -  refused: %s\n", b->name, ctx->fail.what);
        memset(&ctx->fail, 0, sizeof ctx->fail); /* a line of the answer, not a failure */
        return;
    }
    relver_str plain = b->style == NULL ? u->version : version;
    text_addf(t, "  %-8s %.*s", b->name, STR(version));
    if (relver_fits(b->target, plain, &diag) != RELVER_OK)
        text_addf(t, "  refused: %s", diag.what);
    text_addc(t, '\n');
}

static bool show_why(struct context *ctx, const struct unit *u)
{
    struct text t = {.arena = ctx->arena};
    relver_str version;
    size_t line, col;
    if (!spelt(ctx, u, NULL, &version))
        return false;
    place_where(u->anchor, &line, &col);
    text_safe(&t, u->name.ptr, u->name.len);
    text_addf(&t, " %.*s, from %s:%zu:%zu\n", STR(version), u->anchor->file->path, line, col);
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++)
        add_border(ctx, &t, u, &borders[i]);
    fwrite(t.ptr, 1, t.len, stdout);
    return true;
}

static const struct key {
    const char *name;
    bool (*show)(struct context *ctx, const struct unit *u);
} keys[] = {{"version", show_version}, {"why", show_why}};

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
                 "name one key: version or why");
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
    return key->show(ctx, units[0]) ? 0 : ctx->fail.status;
}
