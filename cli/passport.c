#include "passport.h"

#include "check.h"
#include "opt.h"
#include "plan.h"
#include "python.h"
#include "repo.h"

#include <string.h>

static const struct {
    const char *name, *style; /* no style: the tag */
    relver_target target;
    bool ordered;
    relver_eco eco; /* whose order */
} borders[BORDERS] = {
    {"cargo", "cargo", RELVER_ON_CRATES, true, RELVER_CARGO},
    {"npm", "npm", RELVER_ON_NPM, true, RELVER_NPM},
    {"pypi", "pep440", RELVER_ON_PYPI, true, RELVER_PEP440},
    {"git tag", NULL, RELVER_ON_GIT, false, RELVER_SEMVER},
    {"docker", "docker", RELVER_ON_DOCKER, false, RELVER_SEMVER},
};

/* Docker takes no '+' in a tag. */
bool passport_spell(struct arena *a, const struct unit *u, const char *style, relver_str *out,
                    struct fail *fail)
{
    static const char words[] = "semver|npm|cargo|pep440|docker"; /* in the order of relver_eco */
    int word = style == NULL ? (int)u->scheme : opt_word(words, style);
    if (u->version.ptr == NULL)
        return fail_set(fail, a, 1, "no-version", NULL, "nothing changed", "relver status",
                        "'%.*s' has no written version", STR(u->name));
    if (!plan_spell(a, u, word < 4 ? (relver_eco)word : RELVER_SEMVER, out, fail))
        return false;
    char *text = arena_dup(a, out->ptr, out->len);
    char *plus = word == 4 ? strchr(text, '+') : NULL;
    if (plus != NULL)
        *plus = '-';
    *out = relver_s(text);
    return true;
}

bool passport_tag(struct arena *a, const struct unit *u, relver_str *out, struct fail *fail)
{
    relver_str tmpl = unit_tag(u), version;
    relver_diag diag;
    if (!passport_spell(a, u, NULL, &version, fail))
        return false;
    relver_buf buf = str_room(a, tmpl.len + u->name.len + version.len * 4 + 64);
    if (relver_tag_write(&buf, tmpl, u->name, version, &diag) != RELVER_OK)
        return fail_set(fail, a, 2, relver_code(diag.err), NULL, "nothing changed",
                        "relver status", "the tag '%.*s' of '%.*s': %s", STR(tmpl), STR(u->name),
                        diag.what);
    *out = relver_view(&buf);
    return true;
}

/*-- against other versions ----------------------------------------------------------------------*/

const char *passport_order(const struct passport *pass, enum border border, relver_str other)
{
    static const char *const words[] = {"below", "equal", "above"};
    char space[512];
    relver_buf buf = {space, sizeof space, 0};
    relver_eco eco = borders[border].eco;
    relver_str version = pass->at[border].version;
    int order;
    if (!borders[border].ordered || version.ptr == NULL || other.ptr == NULL ||
        relver_convert(&buf, pass->unit->scheme, other, eco, NULL, NULL) != RELVER_OK ||
        relver_compare(eco, version, relver_view(&buf), &order, NULL) != RELVER_OK)
        return NULL;
    return words[order + 1];
}

enum stage passport_stage(const struct unit *u, relver_str version)
{
    char space[512];
    relver_buf buf = {space, sizeof space, 0};
    relver_pep440 v;
    relver_semver sem;
    if (relver_convert(&buf, u->scheme, version, RELVER_PEP440, NULL, NULL) == RELVER_OK &&
        relver_pep440_parse(relver_view(&buf), &v, NULL) == RELVER_OK)
        return v.dev.ptr != NULL ? STAGE_DEV
             : v.phase != RELVER_FINAL ? STAGE_PRERELEASE : STAGE_STABLE;
    bool pre = relver_semver_parse(version, &sem, NULL) == RELVER_OK && sem.pre.ptr != NULL;
    return pre ? STAGE_PRERELEASE : STAGE_STABLE;
}

/* Keeps the higher; true when that is the new one. */
static bool raise(const struct unit *u, relver_str *highest, relver_str version)
{
    int order;
    if (highest->ptr != NULL &&
        relver_compare(u->scheme, version, *highest, &order, NULL) == RELVER_OK && order <= 0)
        return false;
    *highest = version;
    return true;
}

/* The last release is the highest of the others, wherever in the history its tag stands. */
static void meet(struct passport *pass, relver_str tag)
{
    const struct unit *u = pass->unit;
    relver_str version = check_read_tag(u, tag);
    int order;
    if (relver_compare(u->scheme, version, pass->version, &order, NULL) != RELVER_OK)
        return;
    const char *npm = passport_order(pass, ON_NPM, version);
    const char *pypi = passport_order(pass, ON_PYPI, version);
    if (npm != NULL && pypi != NULL && npm != pypi)
        pass->split = tag;
    enum stage stage = passport_stage(u, version);
    if (order == 0)
        pass->tagged = true;
    if (order == 0 || stage == STAGE_DEV)
        return;
    if (raise(u, &pass->last, version))
        pass->last_tag = tag;
    raise(u, stage == STAGE_STABLE ? &pass->latest : &pass->next, version);
}

static bool ask_git(struct arena *a, const struct project *pr, struct passport *pass,
                    struct fail *fail)
{
    struct repo *repo;
    struct repo_tag *tags;
    size_t n = 0;
    if (!repo_open(a, pr->root, &repo, fail))
        return false;
    if (repo == NULL)
        return true;
    bool ok = repo_tags(repo, a, &tags, &n, fail), shallow = repo_shallow(repo);
    repo_close(repo);
    for (size_t i = 0; i < n; i++)
        meet(pass, tags[i].name);
    pass->known = !shallow || pass->last.ptr != NULL; /* a shallow clone seldom has the tags */
    return ok;
}

static void cross(struct arena *a, struct passport *pass, enum border i)
{
    const char *style = borders[i].style;
    relver_str version;
    relver_diag diag;
    struct fail fail; /* a line of the answer, no failure */
    bool ok = style == NULL ? passport_tag(a, pass->unit, &version, &fail)
                            : passport_spell(a, pass->unit, style, &version, &fail);
    pass->at[i].name = borders[i].name;
    if (!ok) {
        pass->at[i].refused = fail.what;
        return;
    }
    pass->at[i].version = version;
    if (style == NULL && !passport_spell(a, pass->unit, "semver", &version, &fail))
        return; /* what a tag holds is checked in this spelling */
    if (relver_fits(borders[i].target, version, &diag) != RELVER_OK)
        pass->at[i].refused = diag.what;
}

bool passport_issue(struct arena *a, const struct project *pr, const struct unit *u,
                    struct passport *pass, struct fail *fail)
{
    memset(pass, 0, sizeof *pass);
    pass->unit = u;
    if (!passport_spell(a, u, NULL, &pass->version, fail))
        return false;
    for (enum border i = 0; i < BORDERS; i++)
        cross(a, pass, i);
    if (!ask_git(a, pr, pass, fail))
        return false;
    for (enum border i = 0; i < BORDERS; i++)
        pass->at[i].order = passport_order(pass, i, pass->last);
    return true;
}

bool passport_wheel(struct arena *a, const struct passport *pass, size_t *i, relver_str *out)
{
    relver_str version = pass->at[ON_PYPI].version;
    const struct unit *u = pass->unit;
    while (*i < u->count && u->packages[*i]->eco != RELVER_PEP440)
        ++*i;
    if (*i == u->count || version.ptr == NULL)
        return false;
    relver_str name = python_joined(a, u->packages[(*i)++]->name, '_');
    *out = relver_s(arena_printf(a, "%.*s-%.*s-", STR(name), STR(version)));
    return true;
}
