/* changeset.c - pure: no file is read or written here */
#include "changeset.h"

#include "glob.h"
#include "near.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

const char *const level_names[] = {"", "none", "patch", "minor", "major", NULL};

/* A document, and who is told when it is malformed. */
struct source {
    struct arena *arena;
    const char *path;
    relver_str text;
    struct fail *fail;
};

static bool bad(const struct source *s, const char *at, const char *what)
{
    fail_set(s->fail, s->arena, 2, "changeset", s->path, "nothing changed",
             "mend it, then run the same command again", "%s", what);
    bool in = at >= s->text.ptr && at <= s->text.ptr + s->text.len;
    relver_locate(s->text, in ? (size_t)(at - s->text.ptr) : 0, &s->fail->line, &s->fail->col);
    return false;
}

/*-- config.json and pre.json --------------------------------------------------------------------*/

#define CONFIG ".changeset/config.json"
#define PRE ".changeset/pre.json"
#define UNSAFE "___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH."

static const char no_yes[] = "false|true";
static const char lists[] = "ignore|changesets|fixed|linked"; /* in the order of their kinds */

/* What is set: the index of a word, or (no words) a text, absent for false. */
static const struct setting {
    const char *key;
    const char *words;
    size_t offset;
} settings[] = {
#define AT(field) offsetof(struct changeset_config, field)
    {"updateInternalDependencies", "patch|minor", AT(minor)},
    {"bumpVersionsWithWorkspaceProtocolOnly", no_yes, AT(workspace_only)},
    {"prettier", no_yes, AT(formatted)},
    {"privatePackages", no_yes, AT(private_too)},
    {"privatePackages.version", no_yes, AT(private_too)},
    {"snapshot.useCalculatedVersion", no_yes, AT(calculated)},
    {"snapshot.prereleaseTemplate", NULL, AT(snapshot)},
    {"baseBranch", NULL, AT(base)},
    {"changelog", NULL, AT(changelog)},
    {"changelog[0]", NULL, AT(changelog)},
    {UNSAFE "useCalculatedVersionForSnapshots", no_yes, AT(calculated)},
    {UNSAFE "updateInternalDependents", "out-of-range|always", AT(always)},
    {UNSAFE "onlyUpdatePeerDependentsWhenOutOfRange", no_yes, AT(peers_stay)},
    {"mode", "off|pre|exit", AT(pre)}, /* these two are pre.json's */
    {"tag", NULL, AT(pre_tag)},
#undef AT
};
enum { SETTINGS = sizeof settings / sizeof *settings };

static bool read_setting(const struct source *s, const struct setting *set, const relver_query *q,
                         struct changeset_config *c)
{
    void *to = (char *)c + set->offset;
    if (q->err == RELVER_MISSING || (q->err == RELVER_OK && q->node.kind > RELVER_BOOL))
        return true;
    relver_str value = str_decode(s->arena, RELVER_JSON, &q->node);
    bool text = set->words == NULL, off = text && q->node.kind != RELVER_STRING;
    int word = text && !off ? 0 : str_word(text ? no_yes : set->words, value);
    if (q->err != RELVER_OK || word < 0 || (off && word != 0))
        return bad(s, q->node.value.ptr,
                   arena_printf(s->arena, "'%s' is malformed, or stands twice", set->key));
    if (text)
        *(relver_str *)to = off ? relver_s(NULL) : value;
    else
        *(int *)to = word;
    return true;
}

/* The lists of names, and the lists of such lists. */
static bool read_groups(const struct source *s, struct changeset_config *c)
{
    relver_reader r;
    relver_node n;
    struct group *g = NULL;
    int key = -1;
    relver_read(&r, RELVER_JSON, s->text);
    while (relver_next(&r, &n, NULL) == RELVER_OK && n.kind != RELVER_END) {
        if (n.depth == 1 && n.kind != RELVER_CLOSE)
            key = str_word(lists, str_decode_key(s->arena, RELVER_JSON, &n));
        size_t depth = key < GROUP_FIXED ? 1 : 2; /* of a list of names */
        if (n.depth == 0 || n.kind == RELVER_CLOSE || key < 0)
            continue;
        if (n.kind != (n.depth <= depth ? RELVER_ARRAY : RELVER_STRING))
            return bad(s, n.value.ptr, "a list of names is expected");
        if (n.depth == depth) {
            c->groups = arena_more(s->arena, c->groups, c->group_count, sizeof *c->groups);
            g = memset(&c->groups[c->group_count++], 0, sizeof *g);
            *(int *)&g->kind = key;
        } else if (n.depth > depth) {
            g->patterns = arena_more(s->arena, g->patterns, g->pattern_count, sizeof *g->patterns);
            g->patterns[g->pattern_count++] =
                (struct pattern){str_decode(s->arena, RELVER_JSON, &n), n.value.ptr};
        }
    }
    return true;
}

static bool read_json(const struct source *s, struct changeset_config *c)
{
    relver_query q[SETTINGS];
    relver_diag diag;
    for (size_t i = 0; i < SETTINGS; i++)
        q[i].path = relver_s(settings[i].key);
    if (relver_find_all(s->text, RELVER_JSON, q, SETTINGS, &diag) != RELVER_OK)
        return bad(s, s->text.ptr + diag.pos, diag.what);
    for (size_t i = 0; i < SETTINGS; i++)
        if (!read_setting(s, &settings[i], &q[i], c))
            return false;
    return read_groups(s, c);
}

bool changeset_config(struct arena *a, relver_str config, relver_str pre, size_t rules,
                      struct changeset_config *c, struct fail *fail)
{
    struct source of_config = {a, CONFIG, config, fail};
    struct source of_pre = {a, PRE, pre, fail};
    memset(c, 0, sizeof *c);
    c->text = config;
    c->pre_text = pre;
    c->rules = rules;
    c->formatted = c->private_too = rules == 2;
    c->base = relver_s("main");
    c->changelog = relver_s("@changesets/cli/changelog");
    if (!read_json(&of_config, c) || (pre.ptr != NULL && !read_json(&of_pre, c)))
        return false;
    return pre.ptr == NULL || (c->pre != PRE_OFF && c->pre_tag.len > 0) ||
           bad(&of_pre, pre.ptr, "there is no mode, pre or exit, and no tag");
}

/*-- one changeset -------------------------------------------------------------------------------*/

static relver_str cut_line(relver_str *rest)
{
    return str_trim_end(str_cut(rest, '\n'));
}

/* Front matter as changesets finds it: from the first --- wherever it stands to a line that says
   nothing else. */
static bool split(relver_str text, relver_str *head, relver_str *summary)
{
    while (text.len > 0 && !str_starts(text, "---"))
        text = str_from(text, 1);
    text = *head = str_from(text, text.len > 0 ? 3 : 0);
    for (cut_line(&text); text.len > 0;) {
        head->len = (size_t)(text.ptr - head->ptr);
        if (str_is(str_trim(cut_line(&text)), "---")) {
            *head = str_trim_end(*head);
            *summary = str_trim(text);
            return true;
        }
    }
    return false;
}

/* "NAME: LEVEL"; YAML may have the level in a block of its own, too. */
static bool read_change(const struct source *s, struct changeset *set, struct names *seen,
                        const relver_node *n)
{
    relver_str level = str_decode(s->arena, RELVER_YAML, n);
    struct change c = {.name = str_decode_key(s->arena, RELVER_YAML, n), .set = set};
    if (n->quote == RELVER_OPAQUE)
        level = str_starts(level, ">-\n") || str_starts(level, "|-\n")
                    ? str_trim(str_from(level, 3)) : relver_s("?");
    int word = n->kind == RELVER_STRING ? str_word("|none|patch|minor|major", level) : 0;
    if (c.name.len == 0 || n->depth != 1 || word <= 0)
        return bad(s, n->value.ptr,
                   "the front matter says NAME: LEVEL, which is major, minor, patch or none");
    if (names_get(seen, 0, c.name) != NULL)
        return bad(s, c.name.ptr, arena_printf(s->arena, "'%.*s' stands twice", STR(c.name)));
    names_put(s->arena, seen, 0, c.name, set);
    c.level = (enum level)word;
    set->changes = arena_more(s->arena, set->changes, set->count, sizeof *set->changes);
    set->changes[set->count++] = c;
    return true;
}

bool changeset_read(struct arena *a, const char *path, relver_str text, struct changeset *set,
                    struct fail *fail)
{
    struct source s = {a, path, text, fail};
    struct names seen = {NULL, 0, 0};
    relver_str head, id = relver_s(path);
    relver_reader r;
    relver_node n;
    relver_diag diag;
    memset(set, 0, sizeof *set);
    set->path = path;
    set->text = text;
    id = str_from(id, str_starts(id, ".changeset/") ? strlen(".changeset/") : 0);
    set->id = relver_sn(id.ptr, id.len - (str_ends(id, ".md") ? 3 : 0));
    set->used = str_starts(id, "pre/");
    if (!split(text, &head, &set->summary))
        return bad(&s, text.ptr, "there is no front matter between two lines of ---");
    relver_read(&r, RELVER_YAML, head);
    for (;;) {
        if (relver_next(&r, &n, &diag) != RELVER_OK)
            return bad(&s, head.ptr + diag.pos, diag.what);
        if (n.kind == RELVER_END)
            return true;
        bool frame = n.depth == 0 && (n.kind == RELVER_TABLE || n.kind == RELVER_NULL);
        if (!frame && n.kind != RELVER_CLOSE && !read_change(&s, set, &seen, &n))
            return false;
    }
}

/*-- who depends on whom -------------------------------------------------------------------------*/

/* What a requirement's text is. */
enum form {
    FORM_RANGE,
    FORM_WORKSPACE, /* workspace:RANGE */
    FORM_CARET,     /* workspace:^ and workspace:~ */
    FORM_EXACT,     /* workspace:* and workspace:DIRECTORY */
    FORM_ODD        /* workspace: and something else */
};

static bool valid(const struct need *n, relver_str range)
{
    return (n->eco != RELVER_NPM || !str_has(range, ":")) &&
           relver_range_check(n->eco, range, NULL) == RELVER_OK;
}

/* The range is the one that the text stands for beside a version. */
static enum form form_of(struct arena *a, const struct need *n, relver_str version,
                         relver_str *range)
{
    *range = n->text;
    if (n->eco != RELVER_NPM || !str_starts(n->text, "workspace:"))
        return FORM_RANGE;
    *range = str_from(n->text, strlen("workspace:"));
    bool caret = str_is(*range, "^") || str_is(*range, "~"), all = str_is(*range, "*");
    if (!caret && !all && valid(n, *range))
        return FORM_WORKSPACE;
    const char *dir = path_join(a, "", *range);
    if (!caret && !all && (dir == NULL || !str_is(n->on->dir, dir)))
        return FORM_ODD;
    *range = relver_s(arena_printf(a, "%.*s%.*s", (int)caret, range->ptr, STR(version)));
    return caret ? FORM_CARET : FORM_EXACT;
}

/* What is no range takes nothing. Python's are asked for their bounds alone. */
static bool takes(const struct need *n, relver_str range, relver_str version)
{
    char space[256];
    relver_buf out = {space, sizeof space, 0};
    bool python = n->eco == RELVER_PEP440, yes = false;
    if (python && relver_convert(&out, RELVER_SEMVER, version, n->eco, NULL, NULL) == RELVER_OK)
        version = relver_view(&out);
    relver_range_match(n->eco, range, version, python, &yes, NULL);
    return yes;
}

bool changeset_joins(struct arena *a, const struct changeset_plan *plan, const struct need *n)
{
    relver_str range;
    enum form form = form_of(a, n, n->on->version, &range);
    if (form >= FORM_CARET)
        return form != FORM_ODD;
    return (form == FORM_WORKSPACE || !plan->config.workspace_only || n->eco != RELVER_NPM) &&
           valid(n, range) && takes(n, range, n->on->version);
}

static bool is_path(const struct need *n)
{
    return str_starts(n->text, "link:") || str_starts(n->text, "file:");
}

/* Chains the requirements on each member, and tells it who has them: the last kind counts. */
static void link_needs(struct arena *a, const struct changeset_plan *plan, struct member *m)
{
    for (size_t i = 0; i < m->need_count; i++) {
        struct need *n = &m->needs[i];
        n->next = n->on->mark == m ? n->on->asked : NULL;
        n->on->asked = n;
        n->on->mark = m;
    }
    for (size_t i = 0; i < m->need_count; i++) {
        struct member *on = m->needs[i].on;
        const struct need *n = &m->needs[i];
        struct edge edge = {m, on->asked, NULL, LEVEL_UNSET};
        if (on->asked != n)
            continue;
        while (n != NULL && n->kind == NEED_DEV && is_path(n))
            n = n->next;
        if (n == NULL || !changeset_joins(a, plan, n))
            continue;
        on->by = arena_more(a, on->by, on->by_count, sizeof *on->by);
        on->by[on->by_count++] = edge;
    }
}

/*-- groups, and what is left out ----------------------------------------------------------------*/

static bool in_config(struct arena *a, const struct changeset_config *c, const char *at,
                      relver_str name, const char *what, struct fail *fail)
{
    struct source s = {a, CONFIG, c->text, fail};
    return bad(&s, at, arena_printf(a, "'%.*s' %s", STR(name), what));
}

static void join(struct arena *a, struct group *g, struct member *m, const char *at)
{
    if (m->mark == g)
        return;
    m->mark = g;
    m->at = at;
    g->members = arena_more(a, g->members, g->count, sizeof *g->members);
    g->members[g->count++] = m;
}

/* The members that the patterns name, in their order; in version 3, in that of the members. */
static bool gather(struct arena *a, const struct changeset_plan *plan, struct group *g,
                   struct fail *fail)
{
    for (size_t i = 0; i < g->pattern_count; i++) {
        const struct pattern *p = &g->patterns[i];
        struct member *one = names_get(&plan->names, 0, p->name);
        size_t before = g->count;
        if (one != NULL)
            join(a, g, one, p->at);
        for (size_t k = 0; one == NULL && k < plan->member_count; k++)
            if (glob_path(p->name, plan->members[k]->name))
                join(a, g, plan->members[k], p->at);
        if (one == NULL && g->count == before)
            return in_config(a, &plan->config, p->at, p->name,
                             "names no package; of patterns, * is read", fail);
    }
    if (plan->config.rules == 3)
        for (size_t k = g->count = 0; k < plan->member_count; k++)
            if (plan->members[k]->mark == g)
                g->members[g->count++] = plan->members[k];
    return true;
}

#define UNCOUNTED ((size_t)-1)
enum { USED = 1 }; /* in the plan's names: the id of a changeset */

/* The counter of the next prerelease: one past semver's second identifier, which is a number. */
static size_t counter_of(relver_str version)
{
    relver_semver v = {.pre = {NULL, 0}};
    relver_semver_parse(version, &v, NULL);
    relver_str rest = v.pre, label = str_cut(&rest, '.');
    size_t n = 0;
    if (label.len == v.pre.len)
        return 0;
    return str_number(str_cut(&rest, '.'), &n) ? n + 1 : UNCOUNTED;
}

/* Who goes with whom, and from the highest counter of the group. */
static bool settle_group(struct arena *a, struct changeset_plan *plan, struct group *g,
                         struct fail *fail)
{
    size_t most = 0;
    if (!gather(a, plan, g, fail))
        return false;
    for (size_t i = 0; i < g->count; i++) {
        struct member *m = g->members[i];
        if (m->grouped)
            return in_config(a, &plan->config, m->at, m->name,
                             "is in two groups of fixed or linked packages", fail);
        m->grouped = true;
        most = m->counter > most ? m->counter : most;
    }
    for (size_t i = 0; i < g->count; i++)
        g->members[i]->counter = most;
    return true;
}

static bool settle(struct arena *a, struct changeset_plan *plan, struct fail *fail)
{
    struct changeset_config *c = &plan->config;
    for (size_t i = 0; i < plan->member_count; i++) {
        struct member *m = plan->members[i];
        m->left_out = (m->unpublished && !c->private_too) || m->version.ptr == NULL;
        m->counter = counter_of(m->version);
        link_needs(a, plan, m);
    }
    for (size_t i = 0; i < c->group_count; i++) {
        struct group *g = &c->groups[i];
        for (size_t k = 0; g->kind == GROUP_USED && k < g->pattern_count; k++)
            names_put(a, &plan->names, USED, g->patterns[k].name, g);
        if (g->kind == GROUP_IGNORED ? !gather(a, plan, g, fail)
                                     : g->kind != GROUP_USED && !settle_group(a, plan, g, fail))
            return false;
        for (size_t k = 0; g->kind == GROUP_IGNORED && k < g->count; k++)
            g->members[k]->left_out = true;
    }
    for (size_t i = 0; i < plan->member_count && c->pre != PRE_OFF; i++) {
        const struct member *m = plan->members[i];
        struct source s = {a, m->path, m->text, fail};
        if (m->counter == UNCOUNTED && (m->grouped || !m->left_out))
            return bad(&s, m->said.ptr, "this prerelease has no number to count");
    }
    return true;
}

/*-- moves ---------------------------------------------------------------------------------------*/

/* One that replaces another of the same member takes its place. */
static struct move *add_move(struct arena *a, struct changeset_plan *plan, struct member *m,
                             enum level level)
{
    struct move *move = arena_alloc(a, sizeof *move);
    move->of = m;
    move->level = level;
    move->from = m->version;
    move->index = m->move != NULL ? m->move->index : plan->count++;
    if (m->move == NULL)
        plan->moves = arena_more(a, plan->moves, move->index, sizeof *plan->moves);
    move->anew = true;
    plan->moves[move->index] = move;
    m->move = move;
    return move;
}

/* A changeset is either of packages that are left out, or of others. */
static bool take_set(struct arena *a, struct changeset_plan *plan, struct changeset *set,
                     struct fail *fail)
{
    struct source s = {a, set->path, set->text, fail};
    set->used = set->used || names_get(&plan->names, USED, set->id) != NULL;
    for (size_t i = 0; i < set->count; i++) {
        struct change *c = &set->changes[i];
        struct near near = {c->name, {NULL, 0}, 0};
        c->set = set;
        c->of = names_get(&plan->names, 0, c->name);
        for (size_t k = 0; c->of == NULL && k < plan->member_count; k++)
            near_try(&near, plan->members[k]->name);
        if (c->of == NULL)
            return bad(&s, c->name.ptr,
                       arena_printf(a, "'%.*s' is no package here; the nearest is '%.*s'",
                                    STR(c->name), STR(near.best)));
        set->stays = set->changes[0].of->left_out;
        if (c->of->left_out != set->stays)
            return bad(&s, c->name.ptr, "mixed: some packages are ignored or private, some not");
        if (set->used && plan->config.pre == PRE_ON)
            continue;
        c->of->changes = arena_more(a, c->of->changes, c->of->count, sizeof *c->of->changes);
        c->of->changes[c->of->count++] = c;
        if (set->stays)
            continue;
        struct move *m = c->of->move != NULL ? c->of->move : add_move(a, plan, c->of, c->level);
        m->level = c->level > m->level ? c->level : m->level;
        m->anew = false;
    }
    return true;
}

static relver_str raised(struct arena *a, const struct changeset_plan *plan, const struct move *m)
{
    relver_buf out = str_room(a, m->from.len + 64);
    if (m->level == LEVEL_NONE || relver_bump(&out, RELVER_SEMVER, m->from,
                                              relver_s(level_names[m->level]), NULL) != RELVER_OK)
        return m->from;
    return plan->config.pre != PRE_ON
               ? relver_view(&out)
               : relver_s(arena_printf(a, "%s-%.*s.%zu", out.ptr, STR(plan->config.pre_tag),
                                       m->of->counter));
}

/* What the way of a member to `now` asks of one who depends on it. */
static void ask(struct arena *a, const struct changeset_plan *plan, const struct move *m,
                relver_str now, struct edge *e)
{
    const struct changeset_config *c = &plan->config;
    bool left_out = e->from->left_out;
    enum level has = e->from->move != NULL ? e->from->move->level : LEVEL_UNSET;
    e->level = left_out ? LEVEL_NONE : LEVEL_UNSET;
    for (struct need *n = e->needs; n != NULL && !left_out && m->level > LEVEL_NONE; n = n->next) {
        relver_str range;
        enum level level = LEVEL_UNSET;
        if (n->text.len == 0 || form_of(a, n, m->from, &range) == FORM_ODD)
            continue;
        bool out = !takes(n, range, now);
        if (c->rules == 2 && n->kind == NEED_PEER && m->level >= LEVEL_MINOR &&
            (!c->peers_stay || out) && has != LEVEL_MAJOR)
            level = LEVEL_MAJOR;
        else if (has <= LEVEL_NONE && (c->always || out))
            level = n->kind == NEED_DEV ? LEVEL_NONE : LEVEL_PATCH;
        if (level > e->level) {
            e->level = level;
            e->why = n;
        }
    }
    if (e->level == has)
        e->level = LEVEL_UNSET;
}

static struct move **add_to_queue(struct arena *a, struct move **queue, size_t *n, struct move *m)
{
    queue = arena_more(a, queue, *n, sizeof *queue);
    queue[(*n)++] = m;
    return queue;
}

/* Passes every way on to those who depend on it, and theirs, until nobody has to move. All that
   one way asks is found before any of it is done. */
static bool spread(struct arena *a, struct changeset_plan *plan)
{
    struct move **queue = NULL;
    size_t count = 0, at, start = plan->count;
    for (at = 0; at < start; at++)
        queue = add_to_queue(a, queue, &count, plan->moves[at]);
    for (at = 0; at < count; at++) {
        struct member *m = queue[at]->of;
        relver_str now = raised(a, plan, queue[at]);
        for (size_t i = 0; i < m->by_count; i++)
            ask(a, plan, queue[at], now, &m->by[i]);
        for (size_t i = 0; i < m->by_count; i++) {
            struct edge *e = &m->by[i];
            struct move *move = e->from->move;
            if (e->level == LEVEL_UNSET)
                continue;
            if (move == NULL || e->level != LEVEL_MAJOR)
                move = add_move(a, plan, e->from, e->level);
            move->level = e->level;
            move->why = e->why;
            queue = add_to_queue(a, queue, &count, move);
        }
    }
    return count > start;
}

/* All of a fixed group, and those of a linked one that are released, go from the highest version
   at the highest level. */
static bool level_group(struct arena *a, struct changeset_plan *plan, struct group *g)
{
    enum level top = LEVEL_NONE;
    relver_str from = {NULL, 0};
    bool changed = false;
    for (size_t i = 0; i < g->count; i++) {
        const struct member *m = g->members[i];
        int order = -1;
        relver_compare(RELVER_SEMVER, from, m->version, &order, NULL);
        from = order < 0 ? m->version : from;
        top = m->move != NULL && m->move->level > top ? m->move->level : top;
    }
    for (size_t i = 0; i < g->count && top > LEVEL_NONE; i++) {
        struct member *m = g->members[i];
        struct move *move = m->move;
        bool released = move != NULL && move->level > LEVEL_NONE;
        if ((g->kind == GROUP_FIXED ? m->left_out : !released) ||
            (released && move->level == top && relver_eq(move->from, from)))
            continue;
        if (move == NULL)
            move = add_move(a, plan, m, top);
        move->level = top;
        move->from = from;
        move->with = g;
        changed = true;
    }
    return changed;
}

/* The end of a prerelease: who had one and is not released gets a patch. Version 2 gives it to
   those who are left out as well. */
static void end_pre(struct arena *a, struct changeset_plan *plan)
{
    for (size_t i = 0; i < plan->member_count; i++) {
        struct member *m = plan->members[i];
        bool odd = m->left_out && !m->grouped;
        if ((m->left_out && plan->config.rules == 3) || (m->counter == 0 && !odd))
            continue;
        if (m->move == NULL)
            add_move(a, plan, m, LEVEL_PATCH);
        else if (m->move->level == LEVEL_NONE && !m->left_out)
            m->move->level = LEVEL_PATCH;
    }
}

bool changeset_plan(struct arena *a, struct changeset_plan *plan, struct fail *fail)
{
    const struct changeset_config *c = &plan->config;
    if (!settle(a, plan, fail))
        return false;
    for (size_t i = 0; i < plan->set_count; i++)
        if (!take_set(a, plan, &plan->sets[i], fail))
            return false;
    for (bool changed = true; changed;) {
        changed = spread(a, plan);
        for (int kind = GROUP_FIXED; kind <= GROUP_LINKED; kind++)
            for (size_t i = 0; i < c->group_count; i++)
                if ((int)c->groups[i].kind == kind)
                    changed = level_group(a, plan, &c->groups[i]) || changed;
    }
    if (c->pre == PRE_EXIT)
        end_pre(a, plan);
    for (size_t i = 0; i < plan->count; i++)
        plan->moves[i]->to = raised(a, plan, plan->moves[i]);
    return true;
}

bool changeset_snapshot(struct arena *a, struct changeset_plan *plan, relver_str tag,
                        relver_str commit, relver_str time, relver_str stamp, struct fail *fail)
{
    const struct changeset_config *c = &plan->config;
    relver_str cut = relver_sn(commit.ptr, commit.len < 7 ? commit.len : 7);
    const relver_str words[5] = {tag, commit, cut, time, stamp}; /* counted, for tcc */
    relver_str rest = c->snapshot, word;
    struct text t = {.arena = a};
    relver_semver v;
    relver_node said = {.value = {NULL, 0}};
    relver_find(c->text, RELVER_JSON, relver_s("snapshot.prereleaseTemplate"), &said, NULL);
    if (c->pre != PRE_OFF)
        return bad(&(struct source){a, PRE, c->pre_text, fail}, c->pre_tag.ptr,
                   "in this mode no snapshot is made");
    if (rest.len == 0)
        rest = relver_s(tag.ptr != NULL ? "{tag}-{datetime}" : "{datetime}");
    if (tag.ptr != NULL && !str_has(rest, "{tag}"))
        return in_config(a, c, said.value.ptr, rest, "has no {tag}", fail);
    for (text_adds(&t, "0.0.0-"); rest.len > 0;) {
        word = str_cut(&rest, '{');
        text_add(&t, word.ptr, word.len);
        if (word.ptr + word.len == rest.ptr)
            break;
        word = str_cut(&rest, '}');
        int at = str_word("tag|commit|commit-short|datetime|timestamp", word);
        if (at < 0 || words[at].ptr == NULL)
            return in_config(a, c, said.value.ptr, word, "stands for nothing here", fail);
        text_add(&t, words[at].ptr, words[at].len);
    }
    plan->snapshot = str_from(relver_sn(t.ptr, t.len), 6);
    if (relver_semver_parse(relver_sn(t.ptr, t.len), &v, NULL) != RELVER_OK)
        return in_config(a, c, said.value.ptr, plan->snapshot, "can be in no version", fail);
    for (size_t i = 0; i < plan->count; i++) {
        struct move *m = plan->moves[i];
        if (m->level > LEVEL_NONE)
            m->to = relver_s(arena_printf(a, "%.*s-%s", STR(c->calculated ? m->to
                                          : relver_s("0.0.0")), plan->snapshot.ptr));
    }
    return true;
}

/* Whether the way of what it is on touches a requirement. */
static bool touched(struct arena *a, const struct changeset_plan *plan, const struct need *n)
{
    const struct move *m = n->on->move;
    relver_str range;
    enum form form = form_of(a, n, m->from, &range);
    if (form >= FORM_EXACT)
        return form == FORM_EXACT;
    return !takes(n, range, m->to) ||
           (n->kind == NEED_PEER ? !plan->config.peers_stay
                                 : (int)m->level >= LEVEL_PATCH + plan->config.minor);
}

bool changeset_follows(struct arena *a, const struct changeset_plan *plan, const struct need *n)
{
    const struct move *m = n->on->move;
    return m != NULL && n->text.len > 0 && !is_path(n) &&
           (plan->config.rules == 2 || m->level > LEVEL_NONE) &&
           (!plan->config.workspace_only || n->eco != RELVER_NPM ||
            str_starts(n->text, "workspace:")) &&
           touched(a, plan, n);
}

/*-- texts ---------------------------------------------------------------------------------------*/

static int by_index(const void *x, const void *y)
{
    const struct need *const *a = x, *const *b = y;
    size_t i = (*a)->on->move->index, k = (*b)->on->move->index;
    return (i > k) - (i < k);
}

/* The requirements whose packages the changelog names: for each member the first one, neither for
   development nor optional. */
static struct need **updated(struct arena *a, const struct changeset_plan *plan,
                             const struct member *m, size_t *count)
{
    struct need **list = arena_alloc(a, m->need_count * sizeof *list);
    *count = 0;
    for (size_t i = 0; i < m->need_count; i++)
        m->needs[i].on->mark = NULL;
    for (size_t i = 0; i < m->need_count; i++) {
        struct need *n = &m->needs[i];
        relver_str range;
        if ((n->kind != NEED_PLAIN && n->kind != NEED_PEER) || n->on->move == NULL ||
            n->text.len == 0 || n->on->mark == m)
            continue;
        n->on->mark = m;
        if ((form_of(a, n, n->on->version, &range) != FORM_RANGE || valid(n, range)) &&
            touched(a, plan, n))
            list[(*count)++] = n;
    }
    qsort(list, *count, sizeof *list, by_index);
    return list;
}

/* Whether the text is to look as prettier leaves it. */
static bool tidy(const struct changeset_plan *plan)
{
    return plan->config.rules == 2 && plan->config.formatted;
}

static relver_str short_id(const struct changeset *s)
{
    return relver_sn(s->commit.ptr, s->commit.len < 7 ? s->commit.len : 7);
}

static void drop_blanks(struct text *out)
{
    out->len = str_trim_end(relver_sn(out->ptr, out->len)).len;
    out->ptr[out->len] = '\0';
}

/*-- prettier's Markdown, as far as changelogs have it -------------------------------------------*/

enum line_kind { LINE_TEXT, LINE_ITEM, LINE_AS_IS, LINE_HEADING, LINE_FENCE };

/* Its marks of lists and emphasis, its indents and empty lines, and what it escapes. It also lays
   out tables and the code in fences, numbers lists anew, gives one behind another other marks, and
   writes headings with #; all that is left as it is. */
struct layout {
    struct text *out;
    size_t fence; /* the ticks around the code that the line is in; 0: none */
    struct { size_t from, to; } list[8]; /* where what is in its items begins: here, and there */
    size_t depth;
    enum line_kind last; /* in no list */
    bool gap, loose; /* an empty line has been; there is one somewhere */
};

static size_t run_of(relver_str s, size_t at)
{
    size_t n = at;
    while (n < s.len && s.ptr[n] == s.ptr[at])
        n++;
    return n - at;
}

static bool in_word(relver_str s, size_t at)
{
    return at < s.len && (is_alnum(s.ptr[at]) || (s.ptr[at] & 0x80) != 0);
}

/* Where n marks are closed by as many; s.len: nowhere. */
static size_t closing(relver_str s, size_t at, size_t n)
{
    char c = s.ptr[at];
    for (size_t i = at + n, k; i < s.len && i < at + 1000; i += k) {
        k = s.ptr[i] == '\\' && c != '`' ? 2 : run_of(s, i);
        if (s.ptr[i] == c && k == n &&
            (c == '`' || (s.ptr[i - 1] != ' ' && (c == '*' || !in_word(s, i + n)))))
            return i;
        if (s.ptr[i] == '`' && c != '`' && closing(s, i, k) < s.len)
            k += closing(s, i, k) - i;
    }
    return s.len;
}

/* Text within a line; code, addresses and what is escaped stay. */
static void add_inline(struct text *out, relver_str s)
{
    struct { size_t at; const char *mark; } open[4];
    size_t depth = 0;
    for (size_t i = 0, n; i < s.len; i += n) {
        char c = s.ptr[i];
        relver_str rest = str_from(s, i);
        bool star = c == '*', mark = star || c == '_', word = i > 0 && in_word(s, i - 1);
        n = mark || c == '`' ? run_of(s, i) : 1;
        size_t end = mark || c == '`' ? closing(s, i, n) : s.len;
        if (depth > 0 && open[depth - 1].at == i) {
            text_adds(out, open[--depth].mark);
        } else if (mark && n < 3 && end < (depth > 0 ? open[depth - 1].at : s.len) && depth < 4 &&
                   s.ptr[i + n] != ' ' && (star || !word)) {
            bool inside = depth > 0 && open[depth - 1].mark[1] == '\0';
            open[depth].at = end;
            open[depth].mark = n == 2 ? "**" : inside || word || in_word(s, end + 1) ? "*" : "_";
            text_adds(out, open[depth++].mark);
        } else if (star || (mark && !(word && in_word(s, i + n)))) {
            for (size_t k = 0; k < n; k++)
                text_addf(out, "\\%c", c);
        } else {
            if (c == '`' && end < s.len)
                n += end - i;
            else if ((c == '<' && in_word(s, i + 1)) || str_starts(rest, "](") ||
                     str_starts(rest, "http"))
                n = str_until(rest, c == '<' ? ">" : c == ']' ? ")" : " )").len;
            else if (c == '\\' && rest.len > 1)
                n = 2;
            text_add(out, rest.ptr, n);
        }
    }
}

/* The length of an item's mark and the blanks behind it; 0: it is none. */
static size_t item_mark(relver_str s)
{
    size_t n = str_span(s, "0123456789"), end = n;
    end += str_span(str_from(s, n), n > 0 ? "." : "-*+") == 1;
    size_t blanks = str_span(str_from(s, end), " ");
    return end > n && blanks > 0 ? end + blanks : 0;
}

static void add_line(struct layout *l, relver_str line)
{
    size_t in = str_span(line, " "), from = 0, to = 0;
    relver_str s = str_from(line, in);
    size_t ticks = str_starts(s, "```") || str_starts(s, "~~~") ? run_of(s, 0) : 0;
    size_t mark = item_mark(s), digits = str_span(s, "0123456789");
    enum line_kind kind = ticks > 0 ? LINE_FENCE : str_starts(s, "#") ? LINE_HEADING
                          : mark > 0 ? LINE_ITEM
                          : str_span(s, "|<>") > 0 ? LINE_AS_IS : LINE_TEXT;
    if (s.len == 0) {
        l->gap = true;
        text_adds(l->out, l->fence > 0 ? "\n" : "");
        return;
    }
    while (l->fence == 0 && l->depth > 0 && in < l->list[l->depth - 1].from &&
           (l->gap || kind != LINE_TEXT))
        l->depth--;
    if (l->depth > 0) {
        from = l->list[l->depth - 1].from;
        to = l->list[l->depth - 1].to;
    }
    bool other = kind != l->last || kind > LINE_AS_IS;
    bool apart = l->fence == 0 && (l->gap || (l->loose && l->depth == 0 && other));
    if (kind == LINE_TEXT && in >= from + 4 && (l->gap || l->last == LINE_AS_IS))
        kind = LINE_AS_IS;
    text_addf(l->out, "%s\n  %*s", apart ? "\n" : "", (int)to, "");
    if (l->depth == 0)
        l->last = kind;
    if (l->fence > 0 || kind == LINE_FENCE || (kind == LINE_AS_IS && s.ptr[0] != '>')) {
        bool end = l->fence > 0 && ticks >= l->fence && ticks == s.len;
        text_addf(l->out, "%.*s", STR(str_from(line, in < from ? in : from)));
        l->fence = end ? 0 : l->fence > 0 ? l->fence : ticks;
    } else if (kind == LINE_ITEM) {
        text_addf(l->out, "%.*s%s ", (int)digits, s.ptr, digits > 0 ? "." : "-");
        l->list[l->depth].from = in + mark;
        l->list[l->depth].to = to + digits + 2;
        l->depth += l->depth < 7;
        add_inline(l->out, str_from(s, mark));
    } else {
        add_inline(l->out, s);
    }
    l->gap = false;
}

/* What a changeset says, as an item; whether it has an empty line in it. */
static bool add_item(struct text *out, const struct changeset_plan *plan, const struct changeset *s)
{
    relver_str rest = s->summary, line = cut_line(&rest);
    struct layout l = {.out = out};
    for (relver_str more = rest; more.len > 0;)
        l.loose = cut_line(&more).len == 0 || l.loose;
    text_addf(out, "- %.*s%s", STR(short_id(s)), s->commit.len > 0 ? ": " : "");
    if (!tidy(plan))
        text_add(out, line.ptr, line.len);
    else
        add_inline(out, line);
    while (rest.len > 0) {
        line = cut_line(&rest);
        if (!tidy(plan))
            text_addf(out, "\n  %.*s", STR(line));
        else
            add_line(&l, line);
    }
    if (plan->config.rules == 3 || tidy(plan))
        drop_blanks(out);
    return l.loose;
}

/* The packages that a member's changelog says were updated. The two newer layouts see a list of
   its own where no changeset is named, version 3's in its first line alone. */
static void add_updated(struct text *out, const struct changeset_plan *plan, const struct move *m,
                        struct need **list, size_t count, bool first)
{
    const char *gap = "";
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; !list[i]->on->move->anew && k < list[i]->on->count; k++)
            list[i]->on->changes[k]->set->mark = m;
    for (size_t i = 0; i < plan->set_count; i++) {
        const struct changeset *s = &plan->sets[i];
        bool known = s->commit.len > 0;
        if (s->mark != m)
            continue;
        text_addf(out, "%s- Updated dependencies%s%.*s%s", gap, known ? " [" : "",
                  STR(short_id(s)), known ? "]" : "");
        gap = "\n";
    }
    bool flat = gap[0] == '\0' && (plan->config.rules == 3 || (tidy(plan) && first));
    for (size_t i = 0; i < count; i++) {
        const struct move *to = list[i]->on->move;
        text_addf(out, "%s%s- %.*s@%.*s", gap, flat ? "" : "  ", STR(to->of->name), STR(to->to));
        flat = flat && plan->config.rules == 2;
        gap = "\n";
    }
}

static void add_section(struct text *out, const struct changeset_plan *plan, const struct move *m)
{
    static const char *const titles[] = {"", "", "Patch", "Minor", "Major"};
    size_t count, bare;
    struct need **list = updated(out->arena, plan, m->of, &count);
    text_addf(out, "## %.*s", STR(m->to));
    bare = out->len;
    for (int level = LEVEL_MAJOR; level >= LEVEL_PATCH; level--) {
        bool first = true, loose = false;
        const char *gap = out->len == bare && plan->config.rules == 2 && !tidy(plan) ? "" : "\n";
        for (size_t i = 0; i <= m->of->count; i++) {
            bool last = i == m->of->count;
            if (last ? level > LEVEL_PATCH || count == 0 : (int)m->of->changes[i]->level != level)
                continue;
            if (first)
                text_addf(out, "\n%s### %s Changes\n", gap, titles[level]);
            text_adds(out, loose && tidy(plan) ? "\n\n" : "\n");
            if (last)
                add_updated(out, plan, m, list, count, first);
            else
                loose = add_item(out, plan, m->of->changes[i]->set);
            first = false;
        }
    }
    if (out->len == bare && plan->config.rules == 3)
        text_adds(out, "\n\nNo changes in this release.");
    drop_blanks(out);
}

/* Whether a heading with a version in it begins here. */
static bool is_version(relver_str s)
{
    size_t marks = 0;
    for (; s.len > 0 && s.ptr[0] == '#'; s = str_from(s, 1))
        marks++;
    relver_str word = str_trim(s), rest = str_from(word, str_span(word, "0123456789"));
    return marks > 0 && marks < 7 && word.ptr > s.ptr && rest.ptr > word.ptr && rest.len > 1 &&
           rest.ptr[0] == '.' && is_digit(rest.ptr[1]);
}

/* Version 2 adds the section below the first line, or on top where that is a version's heading;
   version 3 above the first such heading anywhere. */
void changeset_changelog(struct text *out, const struct changeset_plan *plan, const struct move *m,
                         relver_str old, size_t *at)
{
    bool found = is_version(old);
    relver_str rest = old;
    while (plan->config.rules == 3 && !found && rest.len > 0) {
        cut_line(&rest);
        found = is_version(rest);
    }
    if (!found) {
        rest = old;
        cut_line(&rest);
    }
    *at = old.len - rest.len;
    if (old.len == 0)
        text_addf(out, "# %.*s", STR(m->of->name));
    if (!found)
        text_adds(out, *at > 0 && old.ptr[*at - 1] == '\n' ? "\n" : "\n\n");
    add_section(out, plan, m);
    text_addc(out, '\n');
    if (found ? plan->config.rules == 3 || tidy(plan)
              : tidy(plan) && rest.len > 0 && rest.ptr[0] != '\n')
        text_addc(out, '\n');
}

void changeset_write(struct text *out, const struct change *changes, size_t n, relver_str summary)
{
    text_adds(out, "---\n");
    for (size_t i = 0; i < n; i++) {
        text_json(out, changes[i].name.ptr, changes[i].name.len);
        text_addf(out, ": %s\n", level_names[changes[i].level]);
    }
    text_addf(out, summary.len > 0 ? "---\n\n%.*s\n" : "---\n%.*s", STR(summary));
}
