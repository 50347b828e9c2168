#define _GNU_SOURCE /* getentropy */
#include "github.h"

#include "fs.h"
#include "passport.h"
#include "plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* The dist-tag to publish under. The registry is not asked: the tags say which versions are out. */
static relver_str dist_tag(struct arena *a, const struct passport *pass)
{
    char space[256];
    relver_buf buf = {space, sizeof space, 0};
    relver_str npm = pass->at[ON_NPM].version;
    relver_str wanted = settings_text(pass->unit->settings, KEY_DIST_TAG);
    relver_dist_tags now = {pass->latest, pass->next};
    relver_semver v;
    if (!pass->known || npm.ptr == NULL ||
        relver_dist_tag(&buf, npm, &now, NULL, NULL) != RELVER_OK)
        return relver_s("");
    if (wanted.ptr == NULL || !relver_eq(relver_view(&buf), relver_s("next")))
        return relver_sn(arena_dup(a, buf.ptr, buf.len), buf.len);
    if (!relver_eq(wanted, relver_s("{label}")))
        return wanted;
    relver_semver_parse(npm, &v, NULL);
    size_t n = 0;
    while (n < v.pre.len && v.pre.ptr[n] != '.' && !is_digit(v.pre.ptr[n]))
        n++;
    return n > 0 ? relver_sn(v.pre.ptr, n) : relver_s("next");
}

/* The delimiter is drawn anew each time, so that no value can end its own and begin another. */
struct output {
    struct text text;
    const char *delimiter;
};

static void add(struct output *out, const char *key, relver_str value)
{
    text_addf(&out->text, "%s<<%s\n", key, out->delimiter);
    if (value.ptr != NULL)
        text_add(&out->text, value.ptr, value.len);
    text_addf(&out->text, "\n%s\n", out->delimiter);
}

static void add_one(struct output *out, const struct passport *pass)
{
    struct arena *a = out->text.arena;
    bool stable = passport_stage(pass->unit, pass->version) == STAGE_STABLE;
    add(out, "version", pass->version);
    add(out, "tag", pass->at[ON_TAG].version);
    add(out, "prev_tag", pass->last_tag);
    add(out, "prerelease", relver_s(stable ? "false" : "true"));
    add(out, "dist_tag", dist_tag(a, pass));
    add(out, "pep440", pass->at[ON_PYPI].version);
}

static bool add_packages(struct output *out, const struct project *pr, struct fail *fail)
{
    struct text t = {.arena = out->text.arena};
    json_open(&t, NULL, '[');
    for (size_t i = 0; i < pr->package_count; i++) {
        const struct package *p = pr->packages[i];
        relver_str version;
        if (p->unit->version.ptr == NULL)
            continue;
        if (!plan_spell(t.arena, p->unit, p->eco, &version, fail))
            return false;
        json_package(&t, p, version);
    }
    json_close(&t, ']');
    add(out, "packages", relver_sn(t.ptr, t.len));
    return true;
}

bool github_output(struct arena *a, const struct project *pr, struct fail *fail)
{
    const char *actions = getenv("GITHUB_ACTIONS"), *path = getenv("GITHUB_OUTPUT");
    uint64_t random[2];
    struct passport pass;
    if (actions == NULL || strcmp(actions, "true") != 0 || path == NULL || *path == '\0')
        return true;
    if (getentropy(random, sizeof random) != 0)
        return fail_set(fail, a, 8, "io.output", path, "see `relver status`", "relver status",
                        "no random number");
    struct output out = {{.arena = a}, NULL};
    out.delimiter = arena_printf(a, "relver-%016" PRIx64 "%016" PRIx64, random[0], random[1]);
    if (!add_packages(&out, pr, fail))
        return false;
    if (pr->lead != NULL && pr->lead->version.ptr != NULL) {
        if (!passport_issue(a, pr, pr->lead, &pass, fail))
            return false;
        add_one(&out, &pass);
    }
    return fs_append(a, path, relver_sn(out.text.ptr, out.text.len), fail);
}
