/* relver status - every place a version lives */
#include "cmd.h"
#include "github.h"
#include "leftover.h"
#include "outlet.h"

#include <stdio.h>
#include <string.h>

const struct option status_options[] = {
    {"online", 0, OPTION_FLAG, OPTION_AT(online), NULL, "what the registries have of each package"},
    {0},
};

static const char *const kind_names[] = {
    [PLACE_VERSION] = "version",         [PLACE_WORKSPACE] = "workspace version",
    [PLACE_INHERITED] = "inherited",     [PLACE_DYNAMIC] = "dynamic",
    [PLACE_HINT] = "hint",
    [PLACE_REQUIREMENT] = "requirement", [PLACE_LOCK] = "lock entry",
    [PLACE_LOCK_REF] = "lock reference", [PLACE_LOCK_COPY] = "lock requirement",
    [PLACE_EXTRA] = "files",
};

void add_unit(struct text *t, const struct unit *u)
{
    relver_str version = u->version.ptr != NULL ? u->version : relver_s("?");
    text_safef(t, "%.*s %.*s (", STR(u->name), STR(version));
    for (size_t i = 0; i < u->count; i++)
        text_safef(t, "%s%s %.*s", i > 0 ? ", " : "", eco_name(u->packages[i]->eco),
                   STR(u->packages[i]->name));
    text_adds(t, ")\n");
}

/* The crate's own version is also that of an npm package, which the build writes. */
static bool to_npm(const struct place *p)
{
    return p->file->kind == FILE_CARGO && p->file->wasm && p->package == p->file->self &&
           (p->kind == PLACE_VERSION || p->kind == PLACE_INHERITED);
}

static void add_place(struct text *t, const struct place *p)
{
    size_t line, col;
    place_where(p, &line, &col);
    text_safef(t, "  %s:%zu:%zu: %s", p->file->path, line, col, p->key);
    if (p->kind == PLACE_INHERITED || p->kind == PLACE_DYNAMIC)
        text_addf(t, " (%s)", kind_names[p->kind]);
    else
        text_safef(t, " = %.*s", STR(p->text));
    if (to_npm(p))
        text_safef(t, "; wasm-pack gives it to npm %.*s", STR(p->package->name));
    if (p->want.ptr != NULL)
        text_addf(t, "  <- expected %.*s", STR(p->want));
    text_addc(t, '\n');
}

/*-- what is left out ----------------------------------------------------------------------------*/

/* Without -v, so many; the rest are counted. */
enum { SHOWN = 20 };

static void add_leftovers(struct text *t, const struct leftovers *left, bool all)
{
    size_t shown = all || left->count < SHOWN ? left->count : SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const struct leftover *l = &left->at[i];
        text_safef(t, "not edited: %s:%zu:%zu: %.*s%s\n", l->path, l->line, l->col, STR(l->at),
                   l->older ? " (older)" : "");
    }
    if (shown < left->count)
        text_addf(t, "not edited: %zu more; relver status -v lists them\n", left->count - shown);
    if (shown > 0)
        text_adds(t, "a bump edits what `files` in relver.toml names\n");
    if (left->unread > 0)
        text_addf(t, "not looked at: %zu documents\n", left->unread);
}

/* Those of the units that are asked about. */
static void filter_leftovers(struct leftovers *left, struct unit *const *units, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < left->count; i++)
        for (size_t k = 0; k < count; k++)
            if (left->at[i].unit == units[k])
                left->at[kept++] = left->at[i];
    left->count = kept;
}

/* Where it goes next, and each reason why. */
static void add_next(struct text *t, const struct move *m)
{
    static const char *const groups[] = {[GROUP_FIXED] = "fixed", [GROUP_LINKED] = "linked"};
    if (m == NULL)
        return;
    text_addf(t, "  next: %.*s\n", STR(m->to));
    for (size_t i = 0; i < m->of->count; i++) {
        const struct change *c = m->of->changes[i];
        relver_str rest = c->set->summary, line = str_cut(&rest, '\n');
        text_safef(t, "    %s: %s: %.*s\n", level_names[c->level], c->set->path, STR(line));
    }
    if (m->why != NULL)
        text_addf(t, "    %s: it requires %.*s of %.*s\n", level_names[m->level],
                  STR(m->why->text), STR(m->why->on->name));
    if (m->with != NULL)
        text_addf(t, "    %s: with its %s packages, from %.*s\n", level_names[m->level],
                  groups[m->with->kind], STR(m->from));
    if (m->of->count == 0 && m->why == NULL && m->with == NULL)
        text_addf(t, "    %s: the prerelease ends\n", level_names[m->level]);
}

static void print_text(struct context *ctx, const struct project *pr, struct unit *const *units,
                       size_t count, const struct sets *sets, const struct leftovers *left,
                       const struct outlets *outlets)
{
    struct text t = {.arena = ctx->arena};
    for (size_t i = 0; i < count; i++) {
        const struct unit *u = units[i];
        add_unit(&t, u);
        for (const struct place *p = u->places; p != NULL; p = p->next)
            add_place(&t, p);
        for (size_t k = 0; k < u->count; k++)
            if (u->packages[k]->manifest->lost != NULL) {
                text_adds(&t, "  not found: ");
                fail_text(&t, u->packages[k]->manifest->lost);
            }
        add_next(&t, sets_move(sets, u));
    }
    for (size_t i = 0; i < pr->unread.count; i++)
        text_addf(&t, "not edited by relver: %s\n", pr->unread.at[i]);
    add_leftovers(&t, left, ctx->opt.verbose);
    for (size_t i = 0; i < outlets->count; i++)
        outlet_line(&t, &outlets->at[i]);
    fwrite(t.ptr, 1, t.len, stdout);
}

/*-- JSON ----------------------------------------------------------------------------------------*/

static void json_place(struct text *t, const struct place *p)
{
    size_t line, col;
    place_where(p, &line, &col);
    json_open(t, NULL, '{');
    json_str(t, "path", relver_s(p->file->path));
    json_where(t, line, col);
    json_str(t, "kind", relver_s(kind_names[p->kind]));
    json_str(t, "key", relver_s(p->key));
    json_str(t, "text", p->text);
    json_str(t, "expected", p->want);
    json_bool(t, "wasm_pack", to_npm(p));
    json_close(t, '}');
}

static void json_member(struct text *t, const struct package *p)
{
    json_open(t, NULL, '{');
    json_str(t, "ecosystem", relver_s(eco_name(p->eco)));
    json_str(t, "name", p->name);
    json_str(t, "manifest", relver_s(p->manifest->path));
    if (p->manifest->lost != NULL) {
        json_key(t, relver_s("lost"));
        fail_json(t, p->manifest->lost);
    }
    json_close(t, '}');
}

static void json_next(struct text *t, const struct move *m)
{
    json_open(t, "next", '{');
    json_str(t, "version", m->to);
    json_str(t, "level", relver_s(level_names[m->level]));
    json_open(t, "changesets", '[');
    for (size_t i = 0; i < m->of->count; i++)
        json_str(t, NULL, relver_s(m->of->changes[i]->set->path));
    json_close(t, ']');
    json_str(t, "requires", m->why != NULL ? m->why->on->name : relver_s(NULL));
    json_bool(t, "grouped", m->with != NULL);
    json_close(t, '}');
}

static void json_unit(struct text *t, const struct unit *u, const struct move *next)
{
    json_open(t, NULL, '{');
    json_str(t, "name", u->name);
    json_str(t, "version", u->version);
    json_str(t, "scheme", relver_s(u->scheme == RELVER_PEP440 ? "pep440" : "semver"));
    json_str(t, "tag", settings_text(u->settings, KEY_TAG));
    if (next != NULL)
        json_next(t, next);
    json_open(t, "packages", '[');
    for (size_t i = 0; i < u->count; i++)
        json_member(t, u->packages[i]);
    json_close(t, ']');
    json_open(t, "places", '[');
    for (const struct place *p = u->places; p != NULL; p = p->next)
        json_place(t, p);
    json_close(t, ']');
    json_close(t, '}');
}

/* A value of relver.toml; lists and maps do not nest deeper than a map of lists. */
static void json_value(struct text *t, const struct value *v)
{
    bool map = v->kind == VALUE_MAP;
    if (v->kind == VALUE_TEXT) {
        json_str(t, NULL, v->text);
    } else if (v->kind == VALUE_NUMBER) {
        json_key(t, relver_s(NULL));
        text_add(t, v->text.ptr, v->text.len);
    } else if (v->kind == VALUE_LIST || map) {
        json_open(t, NULL, map ? '{' : '[');
        for (size_t i = 0; i < v->count; i++) {
            if (map)
                json_key(t, v->items[i].key);
            json_value(t, &v->items[i]);
        }
        json_close(t, map ? '}' : ']');
    } else {
        json_bool(t, NULL, v->kind == VALUE_TRUE);
    }
}

/* The effective configuration, and the line each value came from. */
static void json_settings(struct text *t, const struct settings *set)
{
    json_open(t, NULL, '{');
    for (int key = 0; key < KEY_COUNT; key++) {
        const struct value *v = &set->value[key];
        if (v->kind == VALUE_NONE)
            continue;
        json_open(t, config_key_name((enum config_key)key), '{');
        json_key(t, relver_s("value"));
        json_value(t, v);
        json_where(t, v->line, v->col);
        json_close(t, '}');
    }
    json_close(t, '}');
}

static void json_leftovers(struct text *t, const struct leftovers *left)
{
    json_open(t, "leftovers", '[');
    for (size_t i = 0; i < left->count; i++) {
        const struct leftover *l = &left->at[i];
        json_open(t, NULL, '{');
        json_str(t, "path", relver_s(l->path));
        json_where(t, l->line, l->col);
        json_bool(t, "older", l->older);
        json_str(t, "unit", l->unit->name);
        json_str(t, "text", l->at);
        json_close(t, '}');
    }
    json_close(t, ']');
}

static void print_json(struct context *ctx, const struct project *pr, struct unit *const *units,
                       size_t count, relver_str stamped, const struct sets *sets,
                       const struct leftovers *left, const struct outlets *outlets)
{
    struct text t = {.arena = ctx->arena};
    json_begin(&t);
    json_str(&t, "root", relver_s(pr->root->path));
    json_str(&t, "stamped", stamped);
    json_str(&t, "config", relver_s(pr->config.path));
    json_key(&t, relver_s("settings"));
    json_settings(&t, &pr->config.top);
    json_open(&t, "packages", '{');
    for (size_t i = 0; i < pr->config.package_count; i++) {
        json_key(&t, pr->config.packages[i].name);
        json_settings(&t, &pr->config.packages[i].settings);
    }
    json_close(&t, '}');
    json_open(&t, "units", '[');
    for (size_t i = 0; i < count; i++)
        json_unit(&t, units[i], sets_move(sets, units[i]));
    json_close(&t, ']');
    json_list(&t, "unread", &pr->unread);
    json_leftovers(&t, left);
    if (ctx->opt.online)
        outlets_json(&t, "registries", outlets);
    json_end(&t);
}

/* With --online, the packages in the versions that are written, and what is there of them. */
static bool ask(struct context *ctx, const struct project *pr, struct unit *const *units, size_t n,
                struct outlets *out, struct findings *unknown)
{
    struct unit **written = arena_alloc(ctx->arena, n * sizeof *written);
    size_t count = 0;
    *out = (struct outlets){NULL, 0, false};
    for (size_t i = 0; i < n; i++)
        if (units[i]->version.ptr != NULL)
            written[count++] = units[i];
    if (!ctx->opt.online)
        return true;
    if (!outlets_find(ctx, pr, written, count, NULL, out) || !outlets_ask(ctx, out))
        return false;
    for (size_t i = 0; i < out->count; i++)
        outlet_known(&out->at[i], unknown);
    return true;
}

int cmd_status(struct context *ctx)
{
    struct project project;
    struct plan plan;
    struct unit **units;
    size_t count;
    struct leftovers left;
    struct sets sets;
    struct outlets outlets;
    struct findings unknown = {ctx->arena, NULL, 0};
    relver_str stamped;
    if (!project_open(ctx, PROJECT_READ, &project) ||
        !project_units(ctx, &project, &units, &count) ||
        !cmd_stamped(ctx, project.root, &stamped) ||
        !sets_open(ctx->arena, &project, &sets, &ctx->fail))
        return ctx->fail.status;
    memset(&left, 0, sizeof left);
    if (stamped.ptr == NULL && !plan_make(ctx->arena, &project, &plan, &ctx->fail))
        return ctx->fail.status; /* a stamp's versions differ on purpose */
    if (stamped.ptr == NULL)
        leftover_find(ctx->arena, &project, &left);
    filter_leftovers(&left, units, count);
    if (!ask(ctx, &project, units, count, &outlets, &unknown))
        return ctx->fail.status;
    if (ctx->opt.json)
        print_json(ctx, &project, units, count, stamped, &sets, &left, &outlets);
    else
        print_text(ctx, &project, units, count, &sets, &left, &outlets);
    if (stamped.ptr != NULL && !ctx->opt.json)
        printf("stamped: %.*s; relver stamp --restore undoes it\n", STR(stamped));
    fflush(stdout);
    cmd_complain(ctx, &unknown);
    github_output(ctx->arena, &project, &ctx->fail);
    return ctx->fail.status;
}
