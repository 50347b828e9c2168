#include "sets.h"

#include "passport.h"
#include "repo.h"
#include "str.h"

#include <string.h>

/* In the plan's names, beside kind 0: a package by its ecosystem; what a Cargo workspace shares. */
enum { BY_ECO = 2, BY_SHARED = BY_ECO + RELVER_PEP440 + 1 };

/*-- what is there -------------------------------------------------------------------------------*/

/* relver.toml's, else those of the @changesets/cli that the root asks for, else 3; 0: no use. */
static size_t rules_of(const struct project *pr)
{
    static const char *const keys[] = {"devDependencies.\"@changesets/cli\"",
                                       "dependencies.\"@changesets/cli\""};
    const struct value *v = &pr->config.top.value[KEY_CHANGESETS];
    const struct file *f = project_file(pr, "package.json");
    relver_node n;
    if (v->kind != VALUE_NONE)
        return v->kind == VALUE_FALSE ? 0 : str_is(v->text, "2") ? 2 : 3;
    for (size_t i = 0; i < 2 && f != NULL; i++)
        if (relver_find(f->text, RELVER_JSON, relver_s(keys[i]), &n, NULL) == RELVER_OK)
            for (size_t k = 0; k < n.text.len; k++)
                if (n.text.ptr[k] > '0' && n.text.ptr[k] <= '9')
                    return n.text.ptr[k] == '2' ? 2 : 3;
    return 3;
}

static bool read_sets(struct arena *a, const struct project *pr, const char *dir,
                      struct changeset_plan *plan, struct fail *fail)
{
    struct fs_entry *e;
    size_t n;
    if (fs_kind(pr->root, dir) != FS_DIR)
        return true;
    if (!fs_list(pr->root, a, dir, &e, &n, fail))
        return false;
    for (size_t i = 0; i < n; i++) {
        relver_str name = relver_s(e[i].name), text;
        const char *path = arena_printf(a, "%s/%s", dir, e[i].name);
        if (e[i].kind != FS_FILE || name.ptr[0] == '.' || !str_ends(name, ".md") ||
            str_word("README.md|AGENTS.md|CLAUDE.md|GEMINI.md", name) >= 0)
            continue;
        plan->sets = arena_more(a, plan->sets, plan->set_count, sizeof *plan->sets);
        if (!fs_read(pr->root, a, path, &text, fail) ||
            !changeset_read(a, path, text, &plan->sets[plan->set_count++], fail))
            return false;
    }
    return true;
}

/* Of an npm workspace. */
static bool is_root(const struct project *pr, const struct package *p)
{
    if (p->eco != RELVER_NPM || p->manifest->dir[0] != '\0')
        return false;
    const struct file *pnpm = project_file(pr, "pnpm-workspace.yaml");
    return p->manifest->workspace || (pnpm != NULL && pnpm->member_count > 0);
}

static struct member *member_of(const struct sets *s, const struct package *p)
{
    return names_get(&s->plan.names, BY_ECO + (int)p->eco, p->name);
}

static void add_member(struct arena *a, const struct project *pr, const struct unit *u,
                       struct sets *s)
{
    struct member *m = arena_alloc(a, sizeof *m);
    m->name = u->name;
    m->unpublished = true;
    for (size_t i = u->count; i-- > 0;) {
        const struct package *p = u->packages[i];
        m->unpublished = m->unpublished && p->manifest->unpublished;
        if (relver_eq(p->name, u->name))
            m->dir = relver_s(p->manifest->dir);
        names_put(a, &s->plan.names, BY_ECO + (int)p->eco, p->name, m);
        names_put(a, &s->plan.names, 0,
                  relver_s(arena_printf(a, "%s:%.*s", eco_name(p->eco), STR(p->name))), m);
    }
    if (u->count > 1 || !is_root(pr, u->packages[0]))
        m->version = str_spelt(a, u->scheme, u->version, RELVER_SEMVER);
    if (u->anchor != NULL) {
        m->path = u->anchor->file->path;
        m->text = u->anchor->file->text;
        m->said = u->anchor->text;
    }
    s->plan.members[s->plan.member_count++] = m;
}

/* What a requirement is for, by a part of its key. */
static enum need_kind kind_of(relver_str key)
{
    static const struct {
        const char *part;
        enum need_kind kind;
    } kinds[] = {
        {".devDependencies.", NEED_DEV},   {".dev-dependencies.", NEED_DEV},
        {".dependency-groups.", NEED_DEV}, {".tool.poetry.group.", NEED_DEV},
        {".peerDependencies.", NEED_PEER}, {".optionalDependencies.", NEED_OPTIONAL},
        {".optional-dependencies.", NEED_OPTIONAL},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(key, kinds[i].part + 1) || str_has(key, kinds[i].part))
            return kinds[i].kind;
    return NEED_PLAIN;
}

/* A dependency that members of a Cargo workspace take from its root, which need not use it. */
static const char above[] = "workspace.dependencies.";

static bool is_shared(const struct place *p)
{
    return p->kind == PLACE_REQUIREMENT && str_starts(relver_s(p->key), above);
}

/* By which the root's requirement and those who take it are brought together. */
static relver_str shared_name(struct arena *a, const struct file *root, relver_str key)
{
    bool there = str_starts(key, above);
    relver_str rest = str_from(key, there ? sizeof above - 1 : 0), name;
    do
        name = str_cut(&rest, '.');
    while (!there && rest.len > 0);
    return relver_s(arena_printf(a, "%s%.*s", root->dir, STR(name)));
}

/* A requirement on another member; an override or a catalog is none of a package's own. */
static bool need_of(const struct sets *s, const struct place *p, relver_str key, struct need *n)
{
    if (p == NULL || p->kind != PLACE_REQUIREMENT || p->package == NULL ||
        str_is(p->table, "overrides") || str_starts(p->table, "catalog "))
        return false;
    *n = (struct need){member_of(s, p->package), kind_of(key), p->eco, p->text, p, NULL};
    return true;
}

static void add_needs(struct arena *a, const struct sets *s, const struct unit *u,
                      struct member *m)
{
    struct need n, *all = NULL;
    size_t count = 0;
    for (size_t i = 0; i < u->count; i++) {
        const struct file *f = u->packages[i]->manifest;
        for (size_t k = 0; k < f->count + f->shared_count; k++) {
            bool own = k < f->count;
            relver_str key = own ? relver_s(f->places[k].key) : f->shared[k - f->count];
            const struct place *p = own ? &f->places[k] : names_get(&s->plan.names, BY_SHARED,
                                                                    shared_name(a, f->root, key));
            if ((own && is_shared(p)) || !need_of(s, p, key, &n) || n.on == m)
                continue;
            all = arena_more(a, all, count, sizeof n);
            all[count++] = n;
        }
    }
    m->needs = arena_alloc(a, count * sizeof n);
    for (int kind = NEED_PLAIN; kind <= NEED_OPTIONAL; kind++)
        for (size_t i = 0; i < count; i++)
            if ((int)all[i].kind == kind)
                m->needs[m->need_count++] = all[i];
}

/* What is published must not need what is left out. */
static bool whole(struct arena *a, const struct changeset_plan *plan, struct fail *fail)
{
    for (size_t i = 0; i < plan->member_count; i++) {
        const struct member *m = plan->members[i];
        for (size_t k = 0; k < m->need_count && !m->left_out && !m->unpublished; k++) {
            const struct need *n = &m->needs[k];
            bool last = true; /* of those on it */
            for (size_t l = k + 1; n->on->left_out && l < m->need_count; l++)
                last = last && (m->needs[l].on != n->on || m->needs[l].kind == NEED_DEV);
            if (last && n->on->left_out && n->kind != NEED_DEV && changeset_joins(a, plan, n))
                return place_fail(a, n->place, 2, "changeset",
                                  "mend it, then run the same command again", fail,
                                  "'%.*s' requires '%.*s', which is ignored or private",
                                  STR(m->name), STR(n->on->name));
        }
    }
    return true;
}

bool sets_open(struct arena *a, const struct project *pr, struct sets *s, struct fail *fail)
{
    struct changeset_plan *plan = &s->plan;
    relver_str config, pre;
    size_t rules = rules_of(pr);
    memset(s, 0, sizeof *s);
    s->found = rules > 0 && fs_kind(pr->root, ".changeset") == FS_DIR;
    if (!s->found)
        return true;
    if (!fs_read_if(pr->root, a, ".changeset/config.json", &config, fail) ||
        !fs_read_if(pr->root, a, ".changeset/pre.json", &pre, fail) ||
        !changeset_config(a, config.ptr != NULL ? config : relver_s("{}"), pre, rules,
                          &plan->config, fail) ||
        !read_sets(a, pr, ".changeset", plan, fail) ||
        (rules == 3 && !read_sets(a, pr, ".changeset/pre", plan, fail)))
        return false;
    plan->members = arena_alloc(a, pr->unit_count * sizeof *plan->members);
    for (size_t i = 0; i < pr->unit_count; i++)
        add_member(a, pr, pr->units[i], s);
    for (int npm = 1; npm >= 0; npm--)
        for (size_t i = 0; i < pr->package_count; i++)
            if (npm == (pr->packages[i]->eco == RELVER_NPM))
                names_put(a, &plan->names, 0, pr->packages[i]->name,
                          member_of(s, pr->packages[i]));
    for (size_t i = 0; i < pr->file_count; i++)
        for (size_t k = 0; k < pr->files[i]->count; k++)
            if (is_shared(&pr->files[i]->places[k]))
                names_put(a, &plan->names, BY_SHARED,
                          shared_name(a, pr->files[i], relver_s(pr->files[i]->places[k].key)),
                          &pr->files[i]->places[k]);
    for (size_t i = 0; i < pr->unit_count; i++)
        add_needs(a, s, pr->units[i], plan->members[i]);
    return changeset_plan(a, plan, fail) && whole(a, plan, fail);
}

const struct move *sets_move(const struct sets *s, const struct unit *u)
{
    const struct member *m = s->found ? member_of(s, u->packages[0]) : NULL;
    return m != NULL && m->version.ptr != NULL && m->move != NULL && m->move->level > LEVEL_NONE
               ? m->move : NULL;
}

/*-- where it leads ------------------------------------------------------------------------------*/

/* Who has the requirement is released, or is the root, which never is. */
static bool follows(struct arena *a, const struct project *pr, const struct sets *s,
                    const struct place *p, const struct need *n)
{
    const struct package *self = p->file->self;
    return (self == NULL || is_root(pr, self) || is_shared(p) ||
            member_of(s, self)->move != NULL) &&
           changeset_follows(a, &s->plan, n);
}

bool sets_aim(struct arena *a, const struct project *pr, struct sets *s, struct fail *fail)
{
    struct need n;
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct unit *u = pr->units[i];
        const struct move *m = s->plan.members[i]->move;
        if (m == NULL || relver_eq(m->to, s->plan.members[i]->version))
            continue;
        u->target = str_spelt(a, RELVER_SEMVER, m->to, u->scheme);
        u->named = s->plan.snapshot.ptr != NULL;
        if (u->target.ptr == NULL)
            return fail_set(fail, a, 2, "not-pep440", NULL, "nothing changed",
                            "relver bump NAME=VERSION", "'%.*s' cannot be at %.*s", STR(u->name),
                            STR(m->to));
    }
    for (size_t i = 0; i < pr->file_count; i++)
        for (size_t k = 0; k < pr->files[i]->count; k++) {
            struct place *p = &pr->files[i]->places[k];
            const struct package *self = is_shared(p) ? NULL : p->file->self;
            if (p->pin == RELVER_PIN_AUTO && need_of(s, p, relver_s(p->key), &n) &&
                (self == NULL || self->unit != p->package->unit))
                p->pin = !follows(a, pr, s, p, &n) ? RELVER_PIN_KEEP
                         : s->plan.snapshot.ptr != NULL ? RELVER_PIN_EXACT : RELVER_PIN_ALWAYS;
        }
    return true;
}

/*-- carried out ---------------------------------------------------------------------------------*/

static struct file *new_file(struct arena *a, const char *path)
{
    struct file *f = arena_alloc(a, sizeof *f);
    f->path = path;
    f->kind = FILE_EXTRA;
    return f;
}

/* The ids of the commits that added the changesets. */
static bool read_commits(struct arena *a, const struct project *pr, struct sets *s,
                         struct fail *fail)
{
    size_t n = s->plan.set_count;
    relver_str *oids = arena_alloc(a, n * sizeof *oids);
    const char **paths = arena_alloc(a, n * sizeof *paths);
    struct repo *repo = NULL;
    for (size_t i = 0; i < n; i++)
        paths[i] = arena_printf(a, "%s%s", pr->root->below, s->plan.sets[i].path);
    if (n > 0 && !repo_open(a, pr->root, &repo, fail))
        return false;
    bool ok = repo == NULL || repo_added(repo, a, paths, n, oids, fail);
    repo_close(repo);
    for (size_t i = 0; i < n; i++)
        s->plan.sets[i].commit = oids[i];
    return ok;
}

/* relver.toml's, where it is of this unit alone; else the one beside its manifest. */
static bool write_changelog(struct arena *a, const struct project *pr, const struct unit *u,
                            const struct sets *s, const struct move *m, struct plan *plan,
                            struct fail *fail)
{
    const struct value *v = &u->settings->value[KEY_CHANGELOG];
    bool shared = v->text.ptr == pr->config.top.value[KEY_CHANGELOG].text.ptr;
    bool own = v->kind == VALUE_TEXT && !(shared && u->settings->own_version);
    struct file *f = new_file(a, own ? arena_dup(a, v->text.ptr, v->text.len)
                                     : arena_printf(a, "%.*sCHANGELOG.md", STR(m->of->dir)));
    struct text t = {.arena = a};
    size_t at;
    if (v->kind == VALUE_FALSE)
        return true;
    if (!fs_read_if(pr->root, a, f->path, &f->text, fail))
        return false;
    changeset_changelog(&t, &s->plan, m, f->text, &at);
    relver_edit edit = {relver_sn(f->text.ptr + at, 0), relver_sn(t.ptr, t.len), 0};
    return plan_add(a, plan, f, &edit, 1, fail);
}

/* The list in pre.json with the ids of all changesets, as version 2 writes it. */
static bool note_ids(struct arena *a, const struct changeset_plan *cs, struct file *pre,
                     struct plan *plan, struct fail *fail)
{
    struct text t = {.arena = a};
    relver_reader r;
    relver_node n;
    const char *from = NULL;
    relver_read(&r, RELVER_JSON, pre->text);
    while (relver_next(&r, &n, NULL) == RELVER_OK && n.kind != RELVER_END) {
        if (n.depth != 1 || (n.kind == RELVER_ARRAY && !str_is(n.key, "changesets")))
            continue;
        if (n.kind == RELVER_ARRAY)
            from = n.value.ptr;
        if (n.kind != RELVER_CLOSE || from == NULL)
            continue;
        relver_edit edit = {relver_sn(from, (size_t)(n.value.ptr + 1 - from)), {NULL, 0}, 0};
        for (size_t i = 0; i < cs->set_count; i++) {
            text_adds(&t, i == 0 ? "[\n    " : ",\n    ");
            text_json(&t, cs->sets[i].id.ptr, cs->sets[i].id.len);
        }
        text_adds(&t, "\n  ]");
        edit.text = relver_sn(t.ptr, t.len);
        return t.ptr == NULL || relver_eq(edit.at, edit.text) ||
               plan_add(a, plan, pre, &edit, 1, fail);
    }
    fail_set(fail, a, 2, "changeset", pre->path, "nothing changed",
             "mend it, then run the same command again", "there is no list 'changesets'");
    fail->line = fail->col = 1;
    return false;
}

/* They go; in a mode of prereleases they stay, noted by version 2, in another place in 3. */
static bool drop_sets(struct arena *a, const struct project *pr, struct changeset_plan *cs,
                      bool aimed, struct plan *plan, struct fail *fail)
{
    struct file *pre = new_file(a, ".changeset/pre.json");
    bool staying = aimed && cs->config.pre == PRE_ON;
    if (!fs_read_if(pr->root, a, pre->path, &pre->text, fail) ||
        (staying && cs->config.rules == 2 && !note_ids(a, cs, pre, plan, fail)))
        return false;
    for (size_t i = 0; i < cs->set_count && !(staying && cs->config.rules == 2); i++) {
        const struct changeset *set = &cs->sets[i];
        struct file *f = new_file(a, set->path);
        relver_edit all = {{NULL, 0}, set->text, 0};
        f->text = set->text;
        if (set->stays || (staying && set->used))
            continue;
        plan_remove(a, plan, f);
        f = new_file(a, arena_printf(a, ".changeset/pre/%.*s.md", STR(set->id)));
        if (staying && !plan_add(a, plan, f, &all, 1, fail))
            return false;
    }
    if (aimed && cs->config.pre == PRE_EXIT)
        plan_remove(a, plan, pre);
    return true;
}

static bool released(const struct unit *u)
{
    return u->target.ptr != NULL && !relver_eq(u->target, u->version) &&
           passport_stage(u, u->target) == STAGE_STABLE;
}

/* Where versions were told by hand: what does not go to a stable release as a whole waits on. */
static void leave_others(struct arena *a, const struct project *pr, struct changeset_plan *plan)
{
    for (size_t i = 0; i < pr->unit_count; i++)
        if (!released(pr->units[i]))
            plan->members[i]->move = NULL;
    for (size_t i = 0; i < plan->set_count; i++) {
        struct changeset *set = &plan->sets[i];
        set->stays = set->stays || set->count == 0;
        for (size_t k = 0; k < set->count; k++)
            set->stays = set->stays || set->changes[k].of->move == NULL;
    }
    for (size_t i = 0; i < pr->unit_count; i++) {
        struct member *m = plan->members[i];
        size_t n = 0, named = m->count;
        for (size_t k = 0; k < named; k++)
            if (!m->changes[k]->set->stays)
                m->changes[n++] = m->changes[k];
        m->count = n;
        if (n == 0 && named > 0)
            m->move = NULL;
        if (m->move != NULL)
            m->move->to = str_spelt(a, pr->units[i]->scheme, pr->units[i]->target, RELVER_SEMVER);
    }
}

bool sets_consume(struct arena *a, const struct project *pr, struct sets *s, bool aimed,
                  struct plan *plan, struct fail *fail)
{
    bool known = false;
    if (!s->found)
        return true;
    if (!aimed)
        leave_others(a, pr, &s->plan);
    for (size_t i = 0; i < pr->unit_count && s->plan.config.changelog.ptr != NULL; i++) {
        const struct move *m = sets_move(s, pr->units[i]);
        if (m != NULL && ((!known && !read_commits(a, pr, s, fail)) ||
                          !write_changelog(a, pr, pr->units[i], s, m, plan, fail)))
            return false;
        known = known || m != NULL;
    }
    return drop_sets(a, pr, &s->plan, aimed, plan, fail);
}

/*-- the gate ------------------------------------------------------------------------------------*/

/* Whose file it is: of the packages above it, the nearest one's. */
static const struct unit *owner(const struct names *dirs, relver_str path)
{
    const struct unit *u = NULL;
    for (;;) {
        while (path.len > 0 && path.ptr[path.len - 1] != '/')
            path.len--;
        u = names_get(dirs, 0, path);
        if (u != NULL || path.len == 0)
            return u;
        path.len--;
    }
}

static bool find_silent(struct arena *a, const struct project *pr, const struct sets *s,
                        const char **paths, size_t n, const char *base, struct findings *out)
{
    struct names dirs = {NULL, 0, 0};
    struct text said = {.arena = a};
    const struct unit *first = NULL;
    for (size_t i = 0; i < pr->unit_count; i++)
        for (size_t k = 0; k < pr->units[i]->count; k++)
            names_put(a, &dirs, 0, relver_s(pr->units[i]->packages[k]->manifest->dir),
                      pr->units[i]);
    for (size_t i = 0; i < n; i++) {
        relver_str path = relver_s(paths[i]);
        if (!str_starts(path, pr->root->below))
            continue;
        path = str_from(path, strlen(pr->root->below));
        if (str_starts(path, ".changeset/") && str_ends(path, ".md"))
            return true;
        const struct unit *u = owner(&dirs, path);
        struct member *m = u != NULL ? member_of(s, u->packages[0]) : NULL;
        if (m == NULL || m->left_out || m->mark == out)
            continue;
        m->mark = out;
        text_addf(&said, "%s%.*s", first != NULL ? ", " : "", STR(u->name));
        first = first != NULL ? first : u;
    }
    if (first == NULL)
        return true;
    check_find(out, "changelog", first->anchor, "%s: changed since %s, and no changeset says so",
               said.ptr, base)
        ->next = arena_printf(a, "relver add %.*s=patch -m TEXT, or relver add --empty",
                              STR(first->name));
    return true;
}

static bool check_branch(struct arena *a, const struct project *pr, const struct sets *s,
                         struct repo *repo, const char *remote, struct findings *out,
                         struct fail *fail)
{
    relver_str main = s->plan.config.base, oid, head;
    const char *refs[] = {arena_printf(a, "refs/remotes/%s/%.*s", remote, STR(main)),
                          arena_printf(a, "refs/heads/%.*s", STR(main))};
    const char **paths, *here = arena_printf(a, "%s.changeset", pr->root->below);
    struct repo_change *changes;
    size_t n, more, at = 0;
    if (!repo_head(repo, a, &head, fail) || !repo_ref(repo, a, refs[0], &oid, fail) ||
        (oid.ptr == NULL && !repo_ref(repo, a, refs[at = 1], &oid, fail)))
        return false;
    if (head.ptr == NULL)
        return true;
    if (oid.ptr == NULL)
        return fail_set(fail, a, 4, "git.unknown", NULL, "nothing changed",
                        arena_printf(a, "git fetch %s %.*s:%s", remote, STR(main), refs[0]),
                        "'%.*s' is not here, so it cannot be told what this branch changes",
                        STR(main));
    return repo_differs(repo, a, oid, &paths, &n, fail) &&
           repo_changes(repo, a, &here, 1, &changes, &more, fail) &&
           (more > 0 || find_silent(a, pr, s, paths, n,
                                    refs[at] + strlen(at == 0 ? "refs/remotes/" : "refs/heads/"),
                                    out));
}

bool sets_check(struct arena *a, const struct project *pr, const char *remote,
                struct findings *out, struct fail *fail)
{
    struct sets s;
    struct repo *repo;
    if (!sets_open(a, pr, &s, fail))
        return false;
    if (!s.found || !pr->root->git)
        return true;
    if (!repo_need(a, pr->root, &repo, fail))
        return false;
    bool ok = check_branch(a, pr, &s, repo, remote, out, fail);
    repo_close(repo);
    return ok;
}
