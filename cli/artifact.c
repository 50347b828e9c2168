#define _POSIX_C_SOURCE 200809L
#include "artifact.h"

#include "glob.h"
#include "sha2.h"

#include <stdlib.h>
#include <string.h>

/*-- names ---------------------------------------------------------------------------------------*/

static const struct {
    const char *end;
    relver_eco eco;
} ends[] = {
    {".whl", RELVER_PEP440},     {".tar.gz", RELVER_PEP440}, {".zip", RELVER_PEP440},
    {".tar.bz2", RELVER_PEP440}, {".tgz", RELVER_NPM},       {".crate", RELVER_CARGO},
};

/* The name without its end; absent when it has none of an ecosystem's. */
static relver_str stem_of(relver_str name, relver_eco *eco)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(name, ends[i].end)) {
            *eco = ends[i].eco;
            return relver_sn(name.ptr, name.len - strlen(ends[i].end));
        }
    return relver_s(NULL);
}

bool artifact_eco(relver_str name, relver_eco *out)
{
    return stem_of(name, out).ptr != NULL;
}

/* `npm pack` leaves out the scope's '@', and has '-' for its '/'. */
static bool is_name(relver_eco eco, relver_str package, relver_str name)
{
    if (eco != RELVER_NPM)
        return relver_name_eq(eco, name, package);
    if (str_starts(package, "@"))
        package = str_from(package, 1);
    size_t i = 0;
    while (i < name.len && i < package.len &&
           name.ptr[i] == (package.ptr[i] == '/' ? '-' : package.ptr[i]))
        i++;
    return i == name.len && i == package.len;
}

relver_str artifact_version(relver_eco eco, relver_str package, relver_str file)
{
    relver_eco own = RELVER_SEMVER;
    relver_str stem = stem_of(file, &own);
    for (size_t i = 0; own == eco && i < stem.len; i++)
        if (stem.ptr[i] == '-' && is_name(eco, package, relver_sn(stem.ptr, i))) {
            relver_str version = str_from(stem, i + 1);
            int order;
            if (str_ends(file, ".whl"))
                version = str_until(version, "-");
            if (relver_compare(eco, version, version, &order, NULL) == RELVER_OK)
                return version;
        }
    return relver_s(NULL);
}

/* The three last of the parts between '-': what a wheel is for. */
static relver_str tags_of(relver_str stem)
{
    size_t dashes = 0, i = stem.len;
    while (i > 0 && (stem.ptr[i - 1] != '-' || ++dashes < 3))
        i--;
    return str_from(stem, i);
}

/* Whether a name that goes on with one of each set of tags is what is wanted. */
static bool any_tag(struct arena *a, relver_str pattern, const char *head, relver_str sets)
{
    relver_str set = str_cut(&sets, '-');
    while (set.len > 0) {
        relver_str tag = str_cut(&set, '.');
        const char *name = arena_printf(a, "%s%.*s%s", head, STR(tag), sets.len > 0 ? "-" : ".whl");
        if (sets.len > 0 ? any_tag(a, pattern, name, sets) : glob_match(pattern, relver_s(name)))
            return true;
    }
    return false;
}

bool artifact_matches(struct arena *a, relver_str pattern, relver_str file)
{
    if (!str_ends(file, ".whl"))
        return glob_match(pattern, file);
    relver_str tags = tags_of(relver_sn(file.ptr, file.len - strlen(".whl")));
    return any_tag(a, pattern, arena_dup(a, file.ptr, (size_t)(tags.ptr - file.ptr)), tags);
}

/*-- on this disk --------------------------------------------------------------------------------*/

struct search {
    struct context *ctx;
    struct artifacts *out;
    const struct root *root;
    const char *before; /* of the paths: "", or where the root is */
};

/* Goes on in a directory that may lie anywhere, or from another (NULL: here). */
static bool enter(struct search *s, const char *base, const char *dir, struct fail *fail)
{
    struct root *root = arena_alloc(s->ctx->arena, sizeof *root);
    if (*dir != '/' && base != NULL)
        dir = arena_printf(s->ctx->arena, "%s/%s", base, dir);
    if (!fs_open_root(root, s->ctx->arena, dir, s->ctx->command, fail))
        return false;
    s->root = root;
    s->before = arena_printf(s->ctx->arena, "%s/", root->path);
    return true;
}

/* Those of an ecosystem, or of any (RELVER_SEMVER), that a glob names. */
static bool look(struct search *s, const char *dir, const char *glob, relver_eco want, bool kept)
{
    struct arena *a = s->ctx->arena;
    struct list found;
    relver_eco eco;
    if (!glob_find(a, s->root, dir, relver_s(glob), true, &found, &s->ctx->fail))
        return false;
    for (size_t i = 0; i < found.count; i++) {
        const char *path = arena_printf(a, "%s%s", s->before, found.at[i]);
        const char *slash = strrchr(path, '/');
        relver_str name = relver_s(slash != NULL ? slash + 1 : path);
        if (artifact_eco(name, &eco) && (want == RELVER_SEMVER || want == eco))
            *ARENA_NEW(a, s->out->at, s->out->count) = (struct artifact){
                .name = name, .root = s->root, .path = path, .kept = kept,
            };
    }
    return true;
}

/* The environment may have put it elsewhere; where there is none, nothing was built. */
static bool look_in_target(struct search s, const char *dir)
{
    const char *own = getenv("CARGO_TARGET_DIR");
    struct fail none;
    if (own == NULL || *own == '\0')
        dir = arena_printf(s.ctx->arena, "%starget/", dir);
    else if (enter(&s, s.root->path, own, &none))
        dir = "";
    else
        return true;
    return look(&s, dir, "wheels/*", RELVER_PEP440, true) &&
           look(&s, dir, "package/*", RELVER_CARGO, true);
}

bool artifact_find(struct context *ctx, const struct project *project, const char *from,
                   struct artifacts *out)
{
    struct search s = {ctx, out, project->root, ""};
    bool python = false, ok = true;
    *out = (struct artifacts){NULL, 0};
    if (from != NULL)
        return enter(&s, ctx->opt.dir, from, &ctx->fail) &&
               look(&s, "", "**/*", RELVER_SEMVER, false);
    for (size_t i = 0; i < project->file_count && ok; i++) {
        const struct file *f = project->files[i];
        python = python || f->kind == FILE_PYPROJECT;
        if (f->kind == FILE_PYPROJECT && f->dir[0] != '\0')
            ok = look(&s, f->dir, "dist/*", RELVER_PEP440, false);
    }
    ok = ok && (!python || look(&s, "", "dist/*", RELVER_PEP440, false));
    for (size_t i = 0; i < project->file_count && ok; i++)
        if (project->files[i]->kind == FILE_CARGO && project->files[i]->root == project->files[i])
            ok = look_in_target(s, project->files[i]->dir);
    return ok;
}

struct artifacts artifact_of(struct arena *a, const struct artifacts *all, relver_eco eco,
                             relver_str package, relver_str version)
{
    struct artifacts mine = {NULL, 0};
    for (size_t i = 0; i < all->count; i++) {
        struct artifact *f = &all->at[i];
        size_t k = 0;
        int order = 1;
        while (k < mine.count && !relver_eq(mine.at[k].name, f->name))
            k++;
        relver_compare(eco, artifact_version(eco, package, f->name), version, &order, NULL);
        if (k == mine.count && order == 0)
            *ARENA_NEW(a, mine.at, mine.count) = *f;
    }
    return mine;
}

static void take(void *to, const void *p, size_t n)
{
    sha2_add(to, p, n);
}

bool artifact_digest(struct context *ctx, struct artifact *f)
{
    relver_eco eco = RELVER_SEMVER;
    struct sha2 s;
    char text[89];
    bool wide = artifact_eco(f->name, &eco) && eco == RELVER_NPM;
    if (f->digest.ptr != NULL)
        return true;
    sha2_init(&s, wide);
    if (!fs_pass(f->root, ctx->arena,
                 f->path + (f->path[0] == '/' ? strlen(f->root->path) + 1 : 0), take, &s,
                 &ctx->fail))
        return false;
    f->size = s.len;
    (wide ? sha2_base64 : sha2_hex)(&s, text);
    f->digest = relver_s(arena_printf(ctx->arena, wide ? "sha512-%s" : "sha256:%s", text));
    return true;
}
