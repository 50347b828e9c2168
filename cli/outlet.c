#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "outlet.h"

#include "creds.h"
#include "glob.h"
#include "names.h"
#include "passport.h"
#include "plan.h"
#include "python.h"

#include <string.h>
#include <time.h>

struct search {
    struct context *ctx;
    const struct project *project;
    struct endpoint **ends; /* one for each name, so that all keep its pace */
    size_t count;
    struct outlets *out;
    struct creds creds;
    struct names known; /* which are among them, by registry and name */
};

/* The one that is kept for an address and a name. */
static struct endpoint *kept(struct search *s, struct endpoint *end)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->ends[i]->name, end->name) == 0 && strcmp(s->ends[i]->url, end->url) == 0)
            return s->ends[i];
    return *ARENA_NEW(s->ctx->arena, s->ends, s->count) = end;
}

static struct endpoint *end_named(struct search *s, relver_str name)
{
    struct endpoint *end;
    return endpoint_find(s->ctx->arena, &s->project->config, name, &end, &s->ctx->fail)
               ? kept(s, end) : NULL;
}

/* Adds a package's outlet at a registry of its ecosystem; at another's it has none. */
static bool add(struct search *s, const struct unit *u, const struct package *package,
                relver_eco eco, relver_str name, struct endpoint *at)
{
    struct context *ctx = s->ctx;
    struct outlets *all = s->out;
    relver_eco own;
    if (at == NULL)
        return false;
    if (!registry_eco(at, &own))
        return ctx_fail(ctx, 2, "registry", "relver status", "'%s' is no registry", at->name);
    relver_str key = eco == RELVER_PEP440 ? python_name(ctx->arena, name) : name;
    key = relver_s(arena_printf(ctx->arena, "%s %s %.*s", at->name, at->url, STR(key)));
    if (own != eco || names_get(&s->known, (int)eco, key) != NULL)
        return true;
    names_put(ctx->arena, &s->known, (int)eco, key, at);
    struct outlet o = {.all = all, .unit = u, .package = package, .eco = eco,
                       .listing = {.at = at, .name = name}};
    if (!plan_spell(ctx->arena, u, eco, &o.version, &ctx->fail) ||
        !creds_find(&s->creds, at, package != NULL ? package->manifest : NULL,
                    &o.listing.secret))
        return false;
    all->at = arena_more(ctx->arena, all->at, all->count, sizeof *all->at);
    all->at[all->count++] = o;
    return true;
}

/* At the registries that --to has, or `to` for such a version; else where its own tool would send
   it. */
static bool add_package(struct search *s, const struct unit *u, const struct package *package,
                        relver_eco eco, relver_str name)
{
    static const char *const stages[] = {"stable", "prerelease", "nightly"};
    const struct value *to = settings_entry(u->settings, KEY_TO,
                                            stages[passport_stage(u, u->version)]);
    struct endpoint *usual;
    const struct list *only = &s->ctx->opt.registries;
    if (to == NULL && only->count == 0)
        return creds_endpoint(&s->creds, eco, name, package != NULL ? package->manifest : NULL,
                              &usual) &&
               add(s, u, package, eco, name, kept(s, usual));
    for (size_t i = 0; i < (only->count > 0 ? only->count : to->count); i++)
        if (!add(s, u, package, eco, name,
                 end_named(s, only->count > 0 ? relver_s(only->at[i]) : to->items[i].text)))
            return false;
    return true;
}

static bool add_unit(struct search *s, const struct unit *u)
{
    static const relver_eco ecos[] = {RELVER_CARGO, RELVER_NPM, RELVER_PEP440};
    const struct value *expect = &u->settings->value[KEY_EXPECT];
    for (size_t i = 0; i < u->count; i++) {
        const struct package *p = u->packages[i];
        if (p->eco != RELVER_SEMVER && !p->manifest->unpublished &&
            !add_package(s, u, p, p->eco, p->name))
            return false;
    }
    for (size_t i = 0; i < expect->count; i++) {
        relver_str name = expect->items[i].text, kind = str_cut(&name, ':');
        int eco = str_word("cargo|npm|pypi", kind);
        if (eco >= 0 && name.len > 0 && !add_package(s, u, NULL, ecos[eco], name))
            return false;
    }
    return true;
}

/* A unit as it is at a version, which may be spelt as any ecosystem does. */
static struct unit *at_version(struct context *ctx, const struct unit *u, const char *version)
{
    struct arena *a = ctx->arena;
    struct unit *copy = arena_alloc(a, sizeof *copy);
    relver_eco other = u->scheme == RELVER_PEP440 ? RELVER_SEMVER : RELVER_PEP440;
    relver_str own, text;
    *copy = *u;
    if (version != NULL) {
        own = str_spelt(a, u->scheme, relver_s(version), u->scheme);
        copy->version = own.ptr != NULL ? own : str_spelt(a, other, relver_s(version), u->scheme);
        if (copy->version.ptr == NULL)
            ctx_fail(ctx, 2, "version", "relver version check V", "'%s' is no version", version);
    }
    return ctx->fail.status == 0 && passport_spell(a, copy, NULL, &text, &ctx->fail) ? copy : NULL;
}

bool outlets_find(struct context *ctx, const struct project *project, struct unit **units, size_t n,
                  const char *version, struct outlets *out)
{
    struct search s = {.ctx = ctx, .project = project, .out = out, .creds.arena = ctx->arena};
    s.creds.config = &project->config;
    s.creds.root = project->root;
    s.creds.fail = &ctx->fail;
    *out = (struct outlets){.one = project->lead != NULL};
    for (size_t i = 0; i < n; i++) {
        const struct unit *u = at_version(ctx, units[i], version);
        if (u == NULL || !add_unit(&s, u))
            return false;
    }
    return true;
}

bool outlets_ask(struct context *ctx, struct outlets *outlets)
{
    struct arena *a = ctx->arena;
    struct listing **lists = arena_alloc(a, outlets->count * sizeof *lists);
    if (ctx->opt.offline && outlets->count > 0)
        return ctx_fail(ctx, 4, "registry", "run it without --offline",
                        "no registry must be asked");
    for (size_t i = 0; i < outlets->count; i++)
        lists[i] = &outlets->at[i].listing;
    if (outlets->count > 0 && !registry_ask(a, lists, outlets->count, &ctx->fail))
        return false;
    size_t n = 0;
    for (struct outlet *o = outlets->at; o < outlets->at + outlets->count; o++) {
        o->found = registry_find(&o->listing, o->version);
        if (o->eco == RELVER_NPM && o->found == NULL && o->listing.known &&
            o->listing.secret != NULL)
            lists[n++] = &o->listing;
    }
    if (!registry_ask_staged(a, lists, n, &ctx->fail))
        return false;
    for (struct outlet *o = outlets->at; o < outlets->at + outlets->count; o++)
        o->found = registry_find(&o->listing, o->version);
    return true;
}

bool outlet_await(struct context *ctx, struct outlet *o, bool (*is)(void *what), void *what,
                  unsigned seconds)
{
    struct outlets one = {o, 1, false};
    long long left = 1000LL * seconds;
    bool said = false;
    for (long ms = net_is_loopback(o->listing.at->url) ? 50 : 1000;; ms = ms < 8000 ? ms * 2 : ms) {
        struct timespec before, after;
        clock_gettime(CLOCK_MONOTONIC, &before);
        if (!outlets_ask(ctx, &one) || is(what))
            return ctx->fail.status == 0;
        clock_gettime(CLOCK_MONOTONIC, &after);
        left -= (after.tv_sec - before.tv_sec) * 1000LL + ms;
        if (left < 0)
            return false;
        if (ms >= 8000 && !said && !ctx->opt.quiet)
            note(ctx->arena, "waiting for %s to show %.*s %.*s", o->listing.at->name,
                 STR(o->listing.name), STR(o->version));
        said = said || ms >= 8000;
        nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
    }
}

bool outlets_built(struct context *ctx, const struct project *project, const char *from,
                   struct outlets *outlets, struct artifacts *all)
{
    struct artifacts found;
    if (!artifact_find(ctx, project, from, &found))
        return false;
    for (size_t i = 0; i < outlets->count; i++) {
        struct outlet *o = &outlets->at[i];
        o->built = artifact_of(ctx->arena, &found, o->eco, o->listing.name, o->version);
    }
    if (all != NULL)
        *all = found;
    return true;
}

/*-- what is there -------------------------------------------------------------------------------*/

const char *outlet_state(const struct outlet *o)
{
    return !o->listing.known    ? "unknown"
           : o->found == NULL   ? "absent"
           : o->found->staged   ? "staged"
           : o->found->gone     ? "unpublished"
           : o->found->withdrawn ? "withdrawn" : "out";
}

void outlet_line(struct text *t, const struct outlet *o)
{
    const struct listing *l = &o->listing;
    const char *state = outlet_state(o), *comma = ": ";
    text_addf(t, "%s %s %.*s %.*s on %s", strcmp(state, "out") == 0 ? "ok" : state,
              eco_name(o->eco), STR(l->name), STR(o->version), l->at->name);
    for (size_t i = 0; i < l->tag_count; i++)
        if (relver_eq(l->tags[i].version, o->version)) {
            text_adds(t, comma);
            text_safe(t, l->tags[i].name.ptr, l->tags[i].name.len);
            comma = ", ";
        }
    if (o->eco == RELVER_PEP440 && o->found != NULL)
        text_addf(t, ": %zu file%s", o->found->count, o->found->count == 1 ? "" : "s");
    if (o->same > 0)
        text_addf(t, ", %zu as here", o->same);
    text_addc(t, '\n');
}

static void outlet_json(struct text *t, const struct outlet *o)
{
    const struct listing *l = &o->listing;
    json_open(t, NULL, '{');
    json_str(t, "ecosystem", relver_s(eco_name(o->eco)));
    json_str(t, "name", l->name);
    json_str(t, "version", o->version);
    json_str(t, "registry", relver_s(l->at->name));
    json_str(t, "state", relver_s(outlet_state(o)));
    json_str(t, "why", o->found != NULL ? o->found->why : relver_s(NULL));
    json_open(t, "files", '[');
    for (size_t k = 0; o->found != NULL && k < o->found->count; k++) {
        json_open(t, NULL, '{');
        json_str(t, "name", o->found->files[k].name);
        json_str(t, "digest", o->found->files[k].digest);
        json_close(t, '}');
    }
    json_close(t, ']');
    json_number(t, "compared", o->same);
    json_open(t, "dist_tags", '{');
    for (size_t k = 0; k < l->tag_count; k++)
        json_str(t, arena_dup(t->arena, l->tags[k].name.ptr, l->tags[k].name.len),
                 l->tags[k].version);
    json_close(t, '}');
    json_close(t, '}');
}

void outlets_json(struct text *t, const char *name, const struct outlets *all)
{
    json_open(t, name, '[');
    for (size_t i = 0; i < all->count; i++)
        outlet_json(t, &all->at[i]);
    json_close(t, ']');
}

/* A finding about an outlet: "npm demo 1.2.0: what". */
ARENA_PRINTF(5, 6)
static void find(struct findings *out, const struct outlet *o, const char *code, const char *next,
                 const char *fmt, ...)
{
    ARENA_FORMAT(out->arena, fmt, what);
    check_find(out, code, NULL, "%s %.*s %.*s: %s", eco_name(o->eco), STR(o->listing.name),
               STR(o->version), what)
        ->next = next;
}

bool outlet_known(const struct outlet *o, struct findings *out)
{
    const struct listing *l = &o->listing;
    if (l->known)
        return true;
    find(out, o, l->code, strcmp(l->code, "auth") == 0 ? "see to the token for this registry"
                                                       : "run the same command again",
         "unknown: %s", l->what);
    out->at[out->count - 1].status = 4;
    return false;
}

/* A prerelease's, where it is neither latest nor an older line's. */
static relver_str prerelease_tag(const struct outlet *o)
{
    relver_str tag = settings_text(o->unit->settings, KEY_DIST_TAG);
    relver_semver v;
    if (!str_is(tag, "{label}") || relver_semver_parse(o->version, &v, NULL) != RELVER_OK)
        return tag.ptr != NULL ? tag : relver_s("next");
    return str_until(v.pre, ".");
}

bool outlet_dist_tag(struct context *ctx, const struct outlet *o, relver_str *out)
{
    struct findings found = {ctx->arena, NULL, 0};
    struct relver_dist_tags now = {registry_tag(&o->listing, "latest"),
                                   registry_tag(&o->listing, "next")};
    relver_buf buf = str_room(ctx->arena, o->version.len + 64);
    relver_diag diag;
    if (!outlet_known(o, &found))
        return ctx_fail(ctx, 4, found.at->gate, found.at->next, "%s", found.at->what);
    if (passport_stage(o->unit, o->unit->version) != STAGE_STABLE &&
        settings_text(o->unit->settings, KEY_DIST_TAG).ptr != NULL)
        *out = prerelease_tag(o);
    else if (relver_dist_tag(&buf, o->version, &now, NULL, &diag) == RELVER_OK)
        *out = relver_view(&buf);
    else
        return ctx_fail(ctx, 4, "protocol", "npm dist-tag ls", "npm's dist-tags: %s", diag.what);
    return true;
}

/* A tag that is there and says this version or a higher one. */
static bool reaches(const struct outlet *o, const char *tag)
{
    int order;
    return relver_compare(RELVER_NPM, registry_tag(&o->listing, tag), o->version, &order, NULL) ==
               RELVER_OK && order >= 0;
}

/* Where latest is past a version, nothing else has to name it. */
const char *outlet_lacks_tag(struct arena *a, const struct outlet *o)
{
    bool stable = passport_stage(o->unit, o->unit->version) == STAGE_STABLE;
    relver_str want = stable ? relver_s("latest") : prerelease_tag(o);
    const char *tag = arena_dup(a, want.ptr, want.len);
    return !reaches(o, "latest") && !reaches(o, tag) ? tag : NULL;
}

static void verify_tag(const struct outlet *o, struct findings *out)
{
    const char *tag = outlet_lacks_tag(out->arena, o);
    relver_str now = registry_tag(&o->listing, tag);
    if (tag != NULL)
        find(out, o, "dist-tag",
             arena_printf(out->arena, "npm dist-tag add %.*s@%.*s %s", STR(o->listing.name),
                          STR(o->version), tag),
             "the dist-tag %s is %.*s", tag, STR(now.ptr != NULL ? now : relver_s("not there")));
}

/* Every pattern of `expect` that is the name of such a file has one. */
static void find_files(const struct outlet *o, const struct artifact *files, size_t n,
                       const char *code, const char *next, const char *where, struct findings *out)
{
    const struct value *expect = &o->unit->settings->value[KEY_EXPECT];
    for (size_t i = 0; i < expect->count; i++) {
        relver_str want = expect->items[i].text;
        relver_eco eco;
        size_t k = 0;
        if (!artifact_eco(want, &eco) || eco != o->eco)
            continue;
        while (k < n && !artifact_matches(out->arena, want, files[k].name))
            k++;
        if (k == n)
            find(out, o, code, next, "no file like '%.*s' is %s", STR(want), where);
    }
}

const struct artifact *outlet_file(const struct outlet *o, relver_str name)
{
    for (size_t i = 0; o->found != NULL && i < o->found->count; i++)
        if (o->eco != RELVER_PEP440 || relver_eq(o->found->files[i].name, name))
            return &o->found->files[i];
    return NULL;
}

/* Whether a registry of the unit's has the number; a version that it cannot have is as good. */
static bool is_taken(struct arena *a, const struct outlet *o, relver_str version)
{
    for (size_t i = 0; i < o->all->count; i++) {
        const struct outlet *other = &o->all->at[i];
        relver_str spelt = str_spelt(a, o->unit->scheme, version, other->eco);
        if (other->unit == o->unit &&
            (spelt.ptr == NULL || registry_find(&other->listing, spelt) != NULL))
            return true;
    }
    return false;
}

const char *outlet_bump(struct arena *a, const struct outlet *o)
{
    enum { TRIES = 1000 };
    static const char *const levels[] = {"dev", "alpha", "beta", "rc", "patch"};
    static const size_t first[] = {[STAGE_DEV] = 0, [STAGE_PRERELEASE] = 1, [STAGE_STABLE] = 4};
    const struct unit *u = o->unit;
    relver_str version = u->version;
    bool known = true;
    for (size_t i = 0; i < o->all->count; i++)
        known = known && (o->all->at[i].unit != u || o->all->at[i].listing.known);
    for (size_t i = 0; i < TRIES && version.ptr != NULL && known; i++) {
        size_t k = first[passport_stage(u, version)];
        relver_str next = str_bumped(a, u->scheme, version, levels[k]);
        while (next.ptr == NULL && levels[k] != levels[4])
            next = str_bumped(a, u->scheme, version, levels[++k]);
        if (next.ptr != NULL && !is_taken(a, o, next))
            return o->all->one ? arena_printf(a, "relver bump %.*s", STR(next))
                               : arena_printf(a, "relver bump %.*s=%.*s", STR(u->name), STR(next));
        version = next;
    }
    return "relver bump patch";
}

void outlet_verify(const struct outlet *o, struct findings *out)
{
    static const char upload[] = "upload it, then: relver verify";
    const struct published *p = o->found;
    if (!outlet_known(o, out))
        return;
    if (p == NULL || p->gone) {
        find(out, o, "absent", "publish it, then: relver verify", "%s %s",
             p == NULL ? "is not on" : "was unpublished from", o->listing.at->name);
        return;
    }
    if (p->staged) {
        find(out, o, "staged",
             arena_printf(out->arena, "npm stage approve %.*s, then: relver verify", STR(p->why)),
             "awaits approval on %s", o->listing.at->name);
        out->at[out->count - 1].status = 3;
        return;
    }
    if (p->withdrawn) {
        find(out, o, "withdrawn", outlet_bump(out->arena, o), "is %s",
             o->eco == RELVER_NPM ? "deprecated" : "yanked");
        return;
    }
    if (o->eco == RELVER_NPM)
        verify_tag(o, out);
    find_files(o, p->files, p->count, "absent", upload,
               arena_printf(out->arena, "on %s", o->listing.at->name), out);
    for (size_t i = 0; i < o->built.count && o->eco == RELVER_PEP440; i++)
        if (outlet_file(o, o->built.at[i].name) == NULL)
            find(out, o, "absent", upload, "%s is not on %s", o->built.at[i].path,
                 o->listing.at->name);
}

/* What is told in two ways, as by an old index, cannot be compared. */
static bool differ(relver_str a, relver_str b)
{
    return relver_eq(str_until(a, ":-"), str_until(b, ":-")) && !relver_eq(a, b);
}

bool outlet_conflict(struct context *ctx, struct outlet *o, struct findings *out)
{
    o->same = 0;
    for (size_t i = 0; i < o->built.count; i++) {
        struct artifact *f = &o->built.at[i];
        const struct artifact *there = outlet_file(o, f->name);
        if (there == NULL || there->digest.ptr == NULL)
            continue;
        if (!artifact_digest(ctx, f))
            return false;
        o->same += relver_eq(there->digest, f->digest);
        if (!differ(there->digest, f->digest))
            continue;
        find(out, o, "digest", outlet_bump(ctx->arena, o), "%s: %s has other bytes", f->path,
             o->listing.at->name);
        out->at[out->count - 1].status = f->kept && o->eco == RELVER_CARGO ? 0 : 6;
    }
    return true;
}

void outlet_free(const struct outlet *o, struct findings *out)
{
    const struct published *p = o->found;
    if (!outlet_known(o, out) || p == NULL)
        return;
    find(out, o, "free", outlet_bump(out->arena, o), "the number is taken on %s%s",
         o->listing.at->name,
         p->gone ? ", though it was unpublished" : p->withdrawn ? ", though it is withdrawn" : "");
    out->at[out->count - 1].status = 6;
}

/*-- what was built ------------------------------------------------------------------------------*/

/* What follows the version in a file's name: two files that have the same are one and the same. */
static relver_str kind_of(const struct outlet *o, relver_str file)
{
    relver_str version = artifact_version(o->eco, o->listing.name, file);
    relver_str rest = str_behind(file, version);
    return str_ends(rest, ".whl") ? rest : relver_s("");
}

static void check_built(const struct outlet *o, struct findings *out)
{
    static const char build[] = "build it, then: relver check artifacts";
    struct arena *a = out->arena;
    bool source = false, pure = false;
    find_files(o, o->built.at, o->built.count, "artifacts", build, "here", out);
    if (o->built.count == 0 && o->eco == RELVER_PEP440)
        find(out, o, "artifacts", build, "nothing of it is here");
    for (size_t i = 0; i < o->built.count; i++) {
        const struct artifact *f = &o->built.at[i];
        relver_str kind = kind_of(o, f->name);
        source = source || kind.len == 0;
        pure = pure || str_ends(kind, "-none-any.whl");
        for (size_t k = 0; k < i; k++)
            if (relver_eq(kind_of(o, o->built.at[k].name), kind))
                find(out, o, "artifacts", arena_printf(a, "rm %s", f->path),
                     "%s: is the same as %s", f->path, o->built.at[k].path);
        if (o->listing.at->plain && o->eco == RELVER_PEP440 &&
            artifact_matches(a, relver_s("*-linux_*"), f->name))
            find(out, o, "artifacts", "build it as manylinux or musllinux",
                 "%s: %s takes no wheel for just any Linux", f->path, o->listing.at->name);
    }
    if (pure && !source) {
        find(out, o, "artifacts", "python -m build --sdist", "there is no source beside the wheel");
        out->at[out->count - 1].status = 0;
    }
}

/* A file of this project's other version would go with those of this one. */
static void check_owner(const struct outlets *all, const struct artifact *f, bool whole,
                        struct findings *out)
{
    const struct outlet *owner = NULL;
    relver_str version = {NULL, 0};
    for (size_t i = 0; i < all->count; i++) {
        const struct outlet *o = &all->at[i];
        relver_str its = artifact_version(o->eco, o->listing.name, f->name);
        int order;
        if (its.ptr == NULL)
            continue;
        if (relver_compare(o->eco, its, o->version, &order, NULL) == RELVER_OK && order == 0)
            return;
        owner = o;
        version = its;
    }
    if (owner == NULL && !whole)
        return;
    struct finding *made = owner != NULL
        ? check_find(out, "artifacts", NULL, "%s: is %.*s, not %.*s", f->path, STR(version),
                     STR(owner->version))
        : check_find(out, "artifacts", NULL, "%s: no package that is published here", f->path);
    made->next = arena_printf(out->arena, "rm %s", f->path);
}

void outlets_artifacts(const struct outlets *all, const struct artifacts *files, bool whole,
                       struct findings *out)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct outlet *o = &all->at[i];
        const struct outlet *before = i > 0 ? &all->at[i - 1] : NULL;
        if (o->listing.at->plain && str_has(o->version, "+"))
            find(out, o, "artifacts", "relver bump patch", "%s takes no version with a '+'",
                 o->listing.at->name);
        if (before == NULL || before->eco != o->eco ||
            !relver_eq(before->listing.name, o->listing.name)) /* else: for another registry */
            check_built(o, out);
    }
    for (size_t i = 0; i < files->count; i++)
        if (!files->at[i].kept)
            check_owner(all, &files->at[i], whole, out);
}
