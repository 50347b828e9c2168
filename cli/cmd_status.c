/* relver status - every place a version lives */
#include "cmd.h"
#include "github.h"
#include "leftover.h"
#include "plan.h"
#include "project.h"

#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
    [PLACE_VERSION] = "version",         [PLACE_WORKSPACE] = "workspace version",
    [PLACE_INHERITED] = "inherited",     [PLACE_DYNAMIC] = "dynamic",
    [PLACE_HINT] = "hint",
    [PLACE_REQUIREMENT] = "requirement", [PLACE_LOCK] = "lock entry",
    [PLACE_LOCK_REF] = "lock reference", [PLACE_LOCK_COPY] = "lock requirement",
    [PLACE_EXTRA] = "files",
};

/* What the place should say; absent when it is right. */
static relver_str expected(const struct plan *plan, const struct place *p)
{
    for (size_t i = 0; i < plan->count; i++)
        for (size_t k = 0; plan->files[i].file == p->file && k < plan->files[i].count; k++)
            if (plan->files[i].changes[k].place == p)
                return plan->files[i].changes[k].want;
    return relver_sn(NULL, 0);
}

/* A list of a unit's packages: "cargo demo, npm demo-node". */
static void add_packages(struct text *t, const struct unit *u)
{
    for (size_t i = 0; i < u->count; i++) {
        text_adds(t, i > 0 ? ", " : "");
        text_addf(t, "%s ", eco_name(u->packages[i]->eco));
        text_safe(t, u->packages[i]->name.ptr, u->packages[i]->name.len);
    }
}

/* The crate's own version is also that of an npm package, which the build writes. */
static bool to_npm(const struct place *p)
{
    return p->file->kind == FILE_CARGO && p->file->wasm && p->package == p->file->self &&
           (p->kind == PLACE_VERSION || p->kind == PLACE_INHERITED);
}

static void add_place(struct text *t, const struct plan *plan, const struct place *p)
{
    size_t line, col;
    relver_str want = expected(plan, p);
    place_where(p, &line, &col);
    text_adds(t, "  ");
    text_safe(t, p->file->path, strlen(p->file->path));
    text_addf(t, ":%zu:%zu: ", line, col);
    text_safe(t, p->key, strlen(p->key));
    if (p->kind == PLACE_INHERITED || p->kind == PLACE_DYNAMIC) {
        text_addf(t, " (%s)", kind_names[p->kind]);
    } else {
        text_adds(t, " = ");
        text_safe(t, p->text.ptr, p->text.len);
    }
    if (to_npm(p)) {
        text_adds(t, "; wasm-pack gives it to npm ");
        text_safe(t, p->package->name.ptr, p->package->name.len);
    }
    if (want.ptr != NULL)
        text_addf(t, "  <- expected %.*s", STR(want));
    text_addc(t, '\n');
}

static void add_lost(struct text *t, const struct fail *lost)
{
    if (lost == NULL)
        return;
    text_adds(t, "  not found: ");
    text_safe(t, lost->path, strlen(lost->path));
    if (lost->line > 0)
        text_addf(t, ":%zu:%zu", lost->line, lost->col);
    text_adds(t, ": ");
    text_safe(t, lost->what, strlen(lost->what));
    text_addc(t, '\n');
}

/*-- what is left out ----------------------------------------------------------------------------*/

/* Without -v, so many; the rest are counted. */
enum { SHOWN = 20 };

/* The entries of `files` that cover them, each once, ready to be pasted. */
static void add_entries(struct text *t, const struct leftovers *left, size_t shown)
{
    const char *comma = "add to relver.toml: files = [";
    const char **seen = arena_alloc(t->arena, shown * sizeof *seen);
    size_t count = 0;
    for (size_t i = 0; i < shown; i++) {
        const char *entry = leftover_entry(t->arena, left, &left->at[i]);
        bool known = entry == NULL;
        for (size_t k = 0; k < count && !known; k++)
            known = strcmp(seen[k], entry) == 0;
        if (known)
            continue;
        seen[count++] = entry;
        text_adds(t, comma);
        leftover_quote(t, entry);
        comma = ", ";
    }
    text_adds(t, count > 0 ? "]\n" : "");
}

static void add_leftovers(struct text *t, const struct leftovers *left, bool all)
{
    size_t shown = all || left->count < SHOWN ? left->count : SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const struct leftover *l = &left->at[i];
        text_adds(t, "not edited: ");
        text_safe(t, l->path, strlen(l->path));
        text_addf(t, ":%zu:%zu: %.*s%s\n", l->line, l->col, STR(l->at),
                  l->older ? " (older)" : "");
    }
    if (shown < left->count)
        text_addf(t, "not edited: %zu more; relver status -v lists them\n", left->count - shown);
    if (left->unread > 0)
        text_addf(t, "not looked at: %zu documents\n", left->unread);
    add_entries(t, left, shown < SHOWN ? shown : SHOWN);
}

static void print_text(struct context *ctx, const struct project *pr, struct unit *const *units,
                       size_t count, const struct plan *plan, const struct leftovers *left)
{
    struct text t = {.arena = ctx->arena};
    for (size_t i = 0; i < count; i++) {
        const struct unit *u = units[i];
        text_safe(&t, u->name.ptr, u->name.len);
        text_addf(&t, " %.*s (", u->version.ptr != NULL ? (int)u->version.len : 1,
                  u->version.ptr != NULL ? u->version.ptr : "?");
        add_packages(&t, u);
        text_adds(&t, ")\n");
        for (size_t f = 0; f < pr->file_count; f++)
            for (size_t k = 0; k < pr->files[f]->count; k++)
                if (place_unit(&pr->files[f]->places[k]) == u)
                    add_place(&t, plan, &pr->files[f]->places[k]);
        for (size_t k = 0; k < u->count; k++)
            add_lost(&t, u->packages[k]->manifest->lost);
    }
    for (size_t i = 0; i < pr->unread_count; i++)
        text_addf(&t, "not edited by relver: %s\n", pr->unread[i]);
    add_leftovers(&t, left, ctx->opt.verbose > 0);
    fwrite(t.ptr, 1, t.len, stdout);
}

/*-- JSON ----------------------------------------------------------------------------------------*/

void json_str(struct text *t, const char *name, relver_str s)
{
    text_addf(t, "\"%s\": ", name);
    if (s.ptr == NULL)
        text_adds(t, "null");
    else
        text_json(t, s.ptr, s.len);
}

static void json_place(struct text *t, const struct plan *plan, const struct place *p)
{
    size_t line, col;
    place_where(p, &line, &col);
    text_adds(t, "{");
    json_str(t, "path", relver_s(p->file->path));
    text_addf(t, ", \"line\": %zu, \"col\": %zu, \"kind\": \"%s\", ", line, col,
              kind_names[p->kind]);
    json_str(t, "key", relver_s(p->key));
    text_adds(t, ", ");
    json_str(t, "text", p->text);
    text_adds(t, ", ");
    json_str(t, "expected", expected(plan, p));
    text_addf(t, ", \"wasm_pack\": %s}", to_npm(p) ? "true" : "false");
}

static void json_unit(struct text *t, const struct project *pr, const struct unit *u,
                      const struct plan *plan)
{
    const char *comma = "";
    text_adds(t, "{");
    json_str(t, "name", u->name);
    text_adds(t, ", ");
    json_str(t, "version", u->version);
    text_addf(t, ", \"scheme\": \"%s\", ", u->scheme == RELVER_PEP440 ? "pep440" : "semver");
    json_str(t, "tag", settings_text(u->settings, KEY_TAG));
    text_adds(t, ", \"packages\": [");
    for (size_t i = 0; i < u->count; i++) {
        text_addf(t, "%s{\"ecosystem\": \"%s\", ", i > 0 ? ", " : "",
                  eco_name(u->packages[i]->eco));
        json_str(t, "name", u->packages[i]->name);
        text_adds(t, ", ");
        json_str(t, "manifest", relver_s(u->packages[i]->manifest->path));
        if (u->packages[i]->manifest->lost != NULL) {
            text_adds(t, ", \"lost\": ");
            fail_json(t, u->packages[i]->manifest->lost);
        }
        text_adds(t, "}");
    }
    text_adds(t, "], \"places\": [");
    for (size_t f = 0; f < pr->file_count; f++)
        for (size_t k = 0; k < pr->files[f]->count; k++) {
            if (place_unit(&pr->files[f]->places[k]) != u)
                continue;
            text_adds(t, comma);
            json_place(t, plan, &pr->files[f]->places[k]);
            comma = ", ";
        }
    text_adds(t, "]}");
}

/* A value of relver.toml; lists and maps do not nest deeper than a map of lists. */
static void json_value(struct text *t, const struct value *v)
{
    static const char *const words[] = {
        [VALUE_NONE] = "null", [VALUE_FALSE] = "false", [VALUE_TRUE] = "true"};
    if (v->kind == VALUE_TEXT) {
        text_json(t, v->text.ptr, v->text.len);
    } else if (v->kind == VALUE_NUMBER) {
        text_add(t, v->text.ptr, v->text.len);
    } else if (v->kind == VALUE_LIST || v->kind == VALUE_MAP) {
        bool map = v->kind == VALUE_MAP;
        text_addc(t, map ? '{' : '[');
        for (size_t i = 0; i < v->count; i++) {
            text_adds(t, i > 0 ? ", " : "");
            if (map) {
                text_json(t, v->items[i].key.ptr, v->items[i].key.len);
                text_adds(t, ": ");
            }
            json_value(t, &v->items[i]);
        }
        text_addc(t, map ? '}' : ']');
    } else {
        text_adds(t, words[v->kind]);
    }
}

/* The effective configuration, and the line each value came from. */
static void json_settings(struct text *t, const struct settings *set)
{
    const char *comma = "";
    text_addc(t, '{');
    for (int key = 0; key < KEY_COUNT; key++) {
        const struct value *v = &set->value[key];
        if (v->kind == VALUE_NONE)
            continue;
        text_addf(t, "%s\"%s\": {\"value\": ", comma, config_key_name((enum config_key)key));
        json_value(t, v);
        text_addf(t, ", \"line\": %zu, \"col\": %zu}", v->line, v->col);
        comma = ", ";
    }
    text_addc(t, '}');
}

static void json_leftovers(struct text *t, const struct leftovers *left)
{
    text_adds(t, ", \"leftovers\": [");
    for (size_t i = 0; i < left->count; i++) {
        const struct leftover *l = &left->at[i];
        const char *entry = i < SHOWN ? leftover_entry(t->arena, left, l) : NULL;
        text_addf(t, "%s{", i > 0 ? ", " : "");
        json_str(t, "path", relver_s(l->path));
        text_addf(t, ", \"line\": %zu, \"col\": %zu, \"older\": %s, ", l->line, l->col,
                  l->older ? "true" : "false");
        json_str(t, "unit", l->unit->name);
        text_adds(t, ", ");
        json_str(t, "text", l->at);
        text_adds(t, ", ");
        json_str(t, "files", relver_s(entry));
        text_addc(t, '}');
    }
    text_addc(t, ']');
}

static void print_json(struct context *ctx, const struct project *pr, struct unit *const *units,
                       size_t count, const struct plan *plan, relver_str stamped,
                       const struct leftovers *left)
{
    struct text t = {.arena = ctx->arena};
    text_adds(&t, "{\"relver\": 1, ");
    json_str(&t, "root", relver_s(pr->root->path));
    text_adds(&t, ", ");
    json_str(&t, "stamped", stamped);
    text_adds(&t, ", ");
    json_str(&t, "config", relver_s(pr->config.path));
    text_adds(&t, ", \"settings\": ");
    json_settings(&t, &pr->config.top);
    text_adds(&t, ", \"packages\": {");
    for (size_t i = 0; i < pr->config.package_count; i++) {
        text_adds(&t, i > 0 ? ", " : "");
        text_json(&t, pr->config.packages[i].name.ptr, pr->config.packages[i].name.len);
        text_adds(&t, ": ");
        json_settings(&t, &pr->config.packages[i].settings);
    }
    text_adds(&t, "}, \"units\": [");
    for (size_t i = 0; i < count; i++) {
        text_adds(&t, i > 0 ? ", " : "");
        json_unit(&t, pr, units[i], plan);
    }
    text_adds(&t, "], \"unread\": [");
    for (size_t i = 0; i < pr->unread_count; i++) {
        text_adds(&t, i > 0 ? ", " : "");
        text_json(&t, pr->unread[i], strlen(pr->unread[i]));
    }
    text_addc(&t, ']');
    json_leftovers(&t, left);
    text_adds(&t, "}\n");
    fwrite(t.ptr, 1, t.len, stdout);
}

int cmd_status(struct context *ctx)
{
    struct project project;
    struct plan plan;
    struct unit **units;
    size_t count;
    struct leftovers left;
    relver_str stamped;
    if (ctx->count > 0) {
        fail_set(&ctx->fail, ctx->arena, 2, "usage", NULL, "nothing changed",
                 "relver status --help", "status takes no operands; name packages with -p");
        return ctx->fail.status;
    }
    if (!project_open(ctx, PROJECT_READ, &project) ||
        !project_units(ctx, &project, &units, &count) ||
        !cmd_stamped(ctx, project.root, &stamped))
        return ctx->fail.status;
    memset(&plan, 0, sizeof plan);
    memset(&left, 0, sizeof left);
    if (stamped.ptr == NULL && !plan_make(ctx->arena, &project, &plan, &ctx->fail))
        return ctx->fail.status; /* a stamp's versions differ on purpose */
    if (stamped.ptr == NULL)
        leftover_find(ctx->arena, &project, units, count, &left);
    if (ctx->opt.json)
        print_json(ctx, &project, units, count, &plan, stamped, &left);
    else
        print_text(ctx, &project, units, count, &plan, &left);
    if (stamped.ptr != NULL && !ctx->opt.json)
        printf("stamped: %.*s; relver stamp --restore undoes it\n", STR(stamped));
    return github_output(ctx->arena, &project, &ctx->fail) ? 0 : ctx->fail.status;
}
