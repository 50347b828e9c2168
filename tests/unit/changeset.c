/* Every row of changeset_files.tsv, changeset_layout.tsv, changesets_plan.jsonl and
   changesets_apply.jsonl: what the two versions of changesets read, plan and write */
/* links: cli/changeset.c cli/glob.c cli/fs.c cli/commit.c cli/sha2.c cli/near.c cli/names.c */
/* links: cli/str.c cli/msg.c cli/arena.c cli/relver.c */
#include "../../cli/changeset.h"
#include "../../cli/str.h"
#include "../block.h"
#include "../tsv.h"

static struct arena arena;

/*-- JSON as a tree ------------------------------------------------------------------------------*/

struct json {
    relver_kind kind;
    relver_str key, text, raw; /* raw: as it stands in the line */
    struct json *first, *last, *next;
};

static struct json *json_read(relver_str text)
{
    static relver_reader r;
    struct json *open[16] = {NULL};
    relver_node n = {.kind = RELVER_NULL};
    relver_read(&r, RELVER_JSON, text);
    while (n.kind != RELVER_END) {
        if (!CHECK(relver_next(&r, &n, NULL) == RELVER_OK && n.depth < 16))
            exit(2);
        if (n.kind == RELVER_END)
            break;
        if (n.kind == RELVER_CLOSE) {
            open[n.depth]->raw.len = (size_t)(n.value.ptr + 1 - open[n.depth]->raw.ptr);
            continue;
        }
        struct json *j = arena_alloc(&arena, sizeof *j);
        j->kind = n.kind;
        j->key = str_decode_key(&arena, RELVER_JSON, &n);
        j->text = str_decode(&arena, RELVER_JSON, &n);
        j->raw = n.value;
        open[n.depth] = j;
        if (n.depth == 0)
            continue;
        struct json *in = open[n.depth - 1];
        *(in->last != NULL ? &in->last->next : &in->first) = j;
        in->last = j;
    }
    return open[0];
}

static struct json *find(struct json *in, relver_str key)
{
    for (struct json *j = in != NULL ? in->first : NULL; j != NULL; j = j->next)
        if (relver_eq(j->key, key))
            return j;
    return NULL;
}

static struct json *get(struct json *in, const char *key)
{
    return find(in, relver_s(key));
}

static relver_str raw(struct json *in, const char *key, const char *otherwise)
{
    struct json *j = get(in, key);
    return j != NULL ? j->raw : relver_s(otherwise);
}

static relver_str text_of(struct json *in, const char *key)
{
    struct json *j = get(in, key);
    return j != NULL && j->kind != RELVER_NULL ? j->text : relver_s(NULL);
}

/*-- a row as a plan -----------------------------------------------------------------------------*/

static const char *const kinds[] = {"deps", "dev", "peer", "opt"};

static void add_member(struct changeset_plan *plan, struct json *p)
{
    struct member *m = arena_alloc(&arena, sizeof *m);
    m->name = text_of(p, "name");
    m->version = text_of(p, "version");
    m->dir = relver_s(arena_printf(&arena, "packages/%.*s/", STR(m->name)));
    m->unpublished = get(p, "private") != NULL;
    plan->members = arena_more(&arena, plan->members, plan->member_count, sizeof *plan->members);
    plan->members[plan->member_count++] = m;
    names_put(&arena, &plan->names, 0, m->name, m);
}

static void add_needs(struct changeset_plan *plan, struct json *p)
{
    struct member *m = names_get(&plan->names, 0, text_of(p, "name"));
    for (int kind = 0; kind < 4; kind++)
        for (struct json *j = get(p, kinds[kind]) ? get(p, kinds[kind])->first : NULL; j != NULL;
             j = j->next) {
            relver_str eco = text_of(p, "eco");
            struct need n = {.kind = (enum need_kind)kind, .text = j->text};
            n.on = names_get(&plan->names, 0, j->key);
            n.eco = str_is(eco, "cargo") ? RELVER_CARGO
                                         : str_is(eco, "pypi") ? RELVER_PEP440 : RELVER_NPM;
            if (n.on == NULL)
                continue;
            m->needs = arena_more(&arena, m->needs, m->need_count, sizeof *m->needs);
            m->needs[m->need_count++] = n;
        }
}

/* The changesets go through the text that `relver add` writes. */
static bool add_set(struct changeset_plan *plan, struct json *c, bool used, struct fail *fail)
{
    struct changeset *set = &plan->sets[plan->set_count++];
    struct text text = {.arena = &arena};
    struct change changes[16];
    size_t n = 0;
    for (struct json *j = get(c, "releases")->first; j != NULL; j = j->next, n++) {
        changes[n].name = j->key;
        for (int level = LEVEL_NONE; level <= LEVEL_MAJOR; level++)
            if (str_is(j->text, level_names[level]))
                changes[n].level = (enum level)level;
    }
    relver_str summary = text_of(c, "summary"), id = text_of(c, "id");
    changeset_write(&text, changes, n, summary);
    bool below = used && plan->config.rules == 3;
    if (!changeset_read(&arena, arena_printf(&arena, ".changeset/%s%.*s.md", below ? "pre/" : "",
                                             STR(id)),
                        relver_sn(text.ptr, text.len), set, fail))
        return false;
    set->summary = summary; /* the rows' are not trimmed */
    set->commit = relver_s("SHA");
    return true;
}

static bool is_used(struct json *pre, relver_str id)
{
    for (struct json *j = get(pre, "used") ? get(pre, "used")->first : NULL; j != NULL; j = j->next)
        if (relver_eq(j->text, id))
            return true;
    return false;
}

static relver_str config_text(struct json *q)
{
    relver_str fixed = raw(q, "fixed", "[]"), linked = raw(q, "linked", "[]");
    relver_str ignore = raw(q, "ignore", "[]"), always = raw(q, "uidep", "\"out-of-range\"");
    relver_str peers = raw(q, "peeroor", "false"), own = raw(q, "wsonly", "false");
    relver_str private_too = raw(q, "privver", "true"), tidy = raw(q, "prettier", "false");
    return relver_s(arena_printf(
        &arena, "{\"fixed\": %.*s, \"linked\": %.*s, \"ignore\": %.*s, \"prettier\": %.*s,"
        "\"bumpVersionsWithWorkspaceProtocolOnly\": %.*s, \"privatePackages\": {\"version\": %.*s},"
        "\"___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH\": {\"updateInternalDependents\": "
        "%.*s, \"onlyUpdatePeerDependentsWhenOutOfRange\": %.*s}}", STR(fixed), STR(linked),
        STR(ignore), STR(tidy), STR(own), STR(private_too), STR(always), STR(peers)));
}

static bool make(struct changeset_plan *plan, struct json *q, size_t rules, struct fail *fail)
{
    struct json *pre = get(q, "pre");
    relver_str pre_text = {NULL, 0};
    if (pre != NULL) {
        relver_str mode = raw(pre, "mode", ""), tag = raw(pre, "tag", "");
        relver_str used = rules == 2 ? raw(pre, "used", "[]") : relver_s("[]");
        pre_text = relver_s(arena_printf(&arena, "{\"mode\": %.*s, \"tag\": %.*s, \"changesets\": "
                                         "%.*s}", STR(mode), STR(tag),
                                         STR(used)));
    }
    memset(plan, 0, sizeof *plan);
    if (!changeset_config(&arena, config_text(q), pre_text, rules, &plan->config, fail))
        return false;
    for (struct json *p = get(q, "packages")->first; p != NULL; p = p->next)
        add_member(plan, p);
    for (struct json *p = get(q, "packages")->first; p != NULL; p = p->next)
        add_needs(plan, p);
    plan->sets = arena_alloc(&arena, 16 * sizeof *plan->sets);
    for (struct json *c = get(q, "changesets")->first; c != NULL; c = c->next)
        if (!add_set(plan, c, is_used(pre, text_of(c, "id")), fail))
            return false;
    return changeset_plan(&arena, plan, fail);
}

/* The plan as the rows have it. */
static const char *told(const struct changeset_plan *plan)
{
    struct text t = {.arena = &arena};
    json_open(&t, NULL, '[');
    for (size_t i = 0; i < plan->count; i++) {
        const struct move *m = plan->moves[i];
        json_open(&t, NULL, '[');
        json_str(&t, NULL, m->of->name);
        json_str(&t, NULL, relver_s(level_names[m->level]));
        json_str(&t, NULL, m->from);
        json_str(&t, NULL, m->to);
        json_open(&t, NULL, '[');
        for (size_t k = 0; !m->anew && k < m->of->count; k++) {
            relver_str id = m->of->changes[k]->set->id;
            json_str(&t, NULL, str_starts(id, "pre/") ? str_from(id, 4) : id);
        }
        json_close(&t, ']');
        json_close(&t, ']');
    }
    json_close(&t, ']');
    return t.ptr;
}

/* The same text without blanks, which the rows have none of outside strings. */
static const char *packed(const char *text)
{
    struct text t = {.arena = &arena};
    for (bool inside = false; *text != '\0'; text++) {
        inside = inside != (*text == '"');
        if (inside || (*text != ' ' && *text != '\n'))
            text_addc(&t, *text);
    }
    return t.ptr;
}

static void plan_row(const struct tsv *t, struct json *row, size_t rules)
{
    struct changeset_plan plan;
    struct fail fail = {0};
    struct json *want = get(row, rules == 2 ? "v2" : "v3");
    if (str_is(want->text, "same"))
        want = get(row, "v2");
    bool ok = make(&plan, get(row, "q"), rules, &fail);
    if (get(want, "err") != NULL) {
        CHECK_F(!ok && fail.status == 2 && fail.line > 0, "%s:%d: is refused", t->name, t->line);
        return;
    }
    if (!CHECK_F(ok, "%s:%d: %s", t->name, t->line, fail.what))
        return;
    const char *got = packed(told(&plan));
    CHECK_F(relver_eq(relver_s(got), get(want, "ok")->raw), "%s:%d: version %zu: got %s, want %.*s",
            t->name, t->line, rules, got, STR(get(want, "ok")->raw));
}

static void each_row(const char *name, void (*call)(const struct tsv *, struct json *, size_t))
{
    static struct tsv t;
    int rows = 0;
    tsv_open(&t, name);
    while (fgets(t.text, sizeof t.text, t.file) != NULL) {
        t.line++;
        struct json *row = json_read(relver_s(t.text));
        if (get(row, "q") == NULL)
            continue;
        for (size_t rules = 2; rules <= 3; rules++)
            call(&t, row, rules);
        arena_free(&arena);
        rows++;
    }
    fclose(t.file);
    CHECK_F(rows > 60, "only %d rows", rows);
}

/*-- what no row has ----------------------------------------------------------------------------*/

static const char *section_of(struct changeset_plan *plan, const char *name)
{
    struct text t = {.arena = &arena};
    struct member *m = names_get(&plan->names, 0, relver_s(name));
    size_t at;
    changeset_changelog(&t, plan, m->move, relver_s("## 0.0.1\n"), &at);
    CHECK(at == 0 && str_ends(relver_sn(t.ptr, t.len), "\n\n"));
    t.ptr[t.len - 2] = '\0';
    return t.ptr;
}

/* Version 2's changelogs as its prettier (2.8) leaves them. */
static void layout(void)
{
    struct changeset_plan plan;
    struct fail fail = {0};
    struct json *q = json_read(relver_s(
        "{\"prettier\":true, \"packages\": [{\"name\":\"a\",\"version\":\"1.0.0\"},"
        "{\"name\":\"b\",\"version\":\"1.0.0\",\"deps\":{\"a\":\"~1.0.0\"}},"
        "{\"name\":\"c\",\"version\":\"1.0.0\",\"peer\":{\"b\":\"1.0.0\"}},"
        "{\"name\":\"d\",\"version\":\"1.0.0\",\"deps\":{\"c\":\"1.0.0\"}}], \"changesets\": ["
        "{\"id\":\"w\",\"releases\":{\"a\":\"none\"},\"summary\":\"five\"},"
        "{\"id\":\"x\",\"releases\":{\"a\":\"minor\",\"b\":\"patch\"},\"summary\":\"One\\n"
        " \\nTwo\"},"
        "{\"id\":\"y\",\"releases\":{\"a\":\"minor\"},\"summary\":\"Three\\nfour\"},"
        "{\"id\":\"z\",\"releases\":{\"a\":\"minor\"},\"summary\":\"\"}]}"));
    if (!CHECK_F(make(&plan, q, 2, &fail), "%s", fail.what))
        return;
    plan.sets[2].commit = relver_s(NULL);
    CHECK_STR(section_of(&plan, "a"), "## 1.1.0\n\n### Minor Changes\n\n- SHA: One\n\n  Two\n\n"
                                      "- Three\n  four\n- SHA:");
    CHECK_STR(section_of(&plan, "b"),
              "## 1.0.1\n\n### Patch Changes\n\n- SHA: One\n\n  Two\n\n"
              "- Updated dependencies [SHA]\n- Updated dependencies [SHA]\n"
              "- Updated dependencies\n- Updated dependencies [SHA]\n"
              "  - a@1.1.0");
    CHECK_STR(section_of(&plan, "c"), "## 1.0.1\n\n### Patch Changes\n\n"
                                      "- Updated dependencies [SHA]\n  - b@1.0.1");
    CHECK_STR(section_of(&plan, "d"), "## 1.0.1\n\n### Patch Changes\n\n- c@1.0.1");
    arena_free(&arena);
}

static void prettier_rows(void)
{
    static struct tsv t;
    tsv_open(&t, "changeset_layout.tsv");
    while (tsv_row(&t)) {
        struct changeset_plan plan;
        struct fail fail = {0};
        struct text q = {.arena = &arena}, want = {.arena = &arena};
        text_adds(&q, "{\"prettier\":true,\"packages\":[{\"name\":\"a\",\"version\":\"1.0.0\"}],"
                      "\"changesets\":[{\"id\":\"x\",\"releases\":{\"a\":\"minor\"},\"summary\":");
        text_json(&q, t.field[0].ptr, t.field[0].len);
        text_adds(&q, "}]}");
        text_addf(&want, "## 1.1.0\n\n### Minor Changes\n\n- SHA: %.*s", STR(t.field[1]));
        if (CHECK_F(make(&plan, json_read(relver_sn(q.ptr, q.len)), 2, &fail), "%s", fail.what))
            CHECK_STR(section_of(&plan, "a"), want.ptr);
        arena_free(&arena);
    }
}

/* Patterns, and requirements as the other ecosystems write them. */
static void ecosystems(void)
{
    struct changeset_plan plan;
    struct fail fail = {0};
    struct json *q = json_read(relver_s(
        "{\"fixed\":[[\"@s/*\"]], \"packages\":["
        "{\"name\":\"@s/a\",\"version\":\"1.0.0\"}, {\"name\":\"@s/b\",\"version\":\"1.2.0\"},"
        "{\"name\":\"in\",\"version\":\"0.1.0\",\"eco\":\"cargo\","
        "\"deps\":{\"@s/a\":\"1.0, <1.4\"}},"
        "{\"name\":\"out\",\"version\":\"0.1.0\",\"eco\":\"cargo\",\"deps\":{\"@s/b\":\"=1.2\"}},"
        "{\"name\":\"py\",\"version\":\"0.1.0\",\"eco\":\"pypi\",\"deps\":{\"out\":\"==0.1.*\","
        "\"@s/b\":\"~=1.2.0\"}}], \"changesets\":["
        "{\"id\":\"x\",\"releases\":{\"@s/a\":\"minor\"}}]}"));
    if (CHECK_F(make(&plan, q, 3, &fail), "%s", fail.what))
        CHECK_STR(packed(told(&plan)),
                  "[[\"@s/a\",\"minor\",\"1.2.0\",\"1.3.0\",[\"x\"]],"
                  "[\"@s/b\",\"minor\",\"1.2.0\",\"1.3.0\",[]],"
                  "[\"out\",\"patch\",\"0.1.0\",\"0.1.1\",[]],"
                  "[\"py\",\"patch\",\"0.1.0\",\"0.1.1\",[]]]");
    arena_free(&arena);
}

static void said(const char *what, bool ok, const struct fail *fail, size_t line, size_t col)
{
    CHECK_F(!ok && fail->status == 2 && fail->line == line && fail->col == col, "%s: %s at %zu:%zu",
            what, ok ? "is taken" : fail->what, fail->line, fail->col);
    arena_free(&arena);
}

static void faults(void)
{
    static const struct { const char *config, *pre; size_t line, col; } rows[] = {
        {"{\"fixed\": [\"a\"]}", NULL, 1, 12},
        {"{\"ignore\": \"a\"}", NULL, 1, 12},
        {"{\"linked\": [[\"a\", 1]]}", NULL, 1, 19},
        {"{\n\"updateInternalDependencies\": \"major\"}", NULL, 2, 31},
        {"{\"privatePackages\": {\"version\": 1}}", NULL, 1, 33},
        {"{\"changelog\": true}", NULL, 1, 15},
        {"{\"prettier\": true, \"prettier\": false}", NULL, 1, 32},
        {"{\"ignore\": [}", NULL, 1, 13},
        {"{}", "{\"tag\": \"rc\"}", 1, 1},
        {"{}", "{\"mode\": \"before\", \"tag\": \"rc\"}", 1, 10},
        {"{}", "{\"mode\": \"pre\", \"tag\": \"rc\", \"changesets\": {}}", 1, 44},
    };
    struct changeset_config c;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fail fail = {0};
        bool ok = changeset_config(&arena, relver_s(rows[i].config), relver_s(rows[i].pre), 2, &c,
                                   &fail);
        said(rows[i].config, ok, &fail, rows[i].line, rows[i].col);
    }
}

static void file_faults(void)
{
    static const struct { const char *text; size_t line, col; } rows[] = {
        {"---\na: minor\nb: huge\n---\n", 3, 4},
        {"---\n@n/a: minor\n---\n", 2, 1},
        {"---\na: minor\na: patch\n---\n", 3, 1},
        {"---\na:\n  b: minor\n---\n", 3, 3},
        {"---\na: &x minor\n---\n", 2, 7},
        {"nothing", 1, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct changeset set;
        struct fail fail = {0};
        bool ok = changeset_read(&arena, ".changeset/a.md", relver_s(rows[i].text), &set, &fail);
        said(rows[i].text, ok, &fail, rows[i].line, rows[i].col);
    }
}

/* Of two packages, one of which is ignored or not, with one changeset. */
static void plan_faults(void)
{
    static const struct { const char *more; size_t line, col; } rows[] = {
        {"\"changesets\":[{\"id\":\"x\",\"releases\":{\"a\":\"patch\",\"bb\":\"patch\"}}]",
         3, 2},
        {"\"ignore\":[\"a\"], \"changesets\":[{\"id\":\"x\",\"releases\":{\"a\":\"patch\","
         "\"b\":\"patch\"}}]", 3, 2},
        {"\"ignore\":[\"c\"], \"changesets\":[]", 1, 40},
        {"\"fixed\":[[\"{a,b}\"]], \"changesets\":[]", 1, 13},
        {"\"fixed\":[[\"a\"]], \"linked\":[[\"*\"]], \"changesets\":[]", 1, 32},
        {"\"pre\":{\"mode\":\"pre\",\"tag\":\"rc\"}, \"changesets\":[]", 1, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct changeset_plan plan;
        struct fail fail = {0};
        struct json *q = json_read(relver_s(arena_printf(
            &arena, "{\"packages\":[{\"name\":\"a\",\"version\":\"1.0.0-a.b\"},"
                    "{\"name\":\"b\",\"version\":\"1.0.0\"}], %s}", rows[i].more)));
        bool ok = make(&plan, q, 3, &fail);
        said(rows[i].more, ok, &fail, rows[i].line, rows[i].col);
    }
}

/*-- one file ------------------------------------------------------------------------------------*/

static void file_row(const struct tsv *t, relver_str text)
{
    struct changeset set;
    struct fail fail = {0};
    bool ok = changeset_read(&arena, ".changeset/a.md", text, &set, &fail);
    bool refused = str_is(t->field[1], "!");
    CHECK_F(relver_eq(t->field[1], t->field[2]), "%s:%d: the versions differ", t->name, t->line);
    if (!CHECK_F(ok != refused, "%s:%d: %s", t->name, t->line, ok ? "is taken" : fail.what))
        return;
    if (refused) {
        CHECK(fail.status == 2 && fail.line > 0 && fail.col > 0);
        return;
    }
    struct json *want = json_read(t->field[1]), *change = want->first->first;
    for (size_t i = 0; i < set.count; i++, change = change->next)
        CHECK_F(change != NULL && relver_eq(change->first->text, set.changes[i].name) &&
                    str_is(change->last->text, level_names[set.changes[i].level]),
                "%s:%d: change %zu", t->name, t->line, i);
    CHECK_F(change == NULL && relver_eq(want->last->text, set.summary), "%s:%d: '%.*s'", t->name,
            t->line, STR(set.summary));
}

static void files(void)
{
    static struct tsv t;
    tsv_open(&t, "changeset_files.tsv");
    while (tsv_row(&t)) {
        relver_str text = block(t.field[0]);
        file_row(&t, text);
        drop(text);
        arena_free(&arena);
    }
}

/*-- what is written ----------------------------------------------------------------------------*/

static void same_text(const struct tsv *t, size_t rules, relver_str name, relver_str got,
                      relver_str want)
{
    CHECK_F(relver_eq(got, want), "%s:%d: version %zu: %.*s: got\n%.*s\nwant\n%.*s", t->name,
            t->line, rules, STR(name), STR(got), STR(want));
}

static size_t same, own; /* requirements */

/* changesets rewrites every range that its settings let it touch to one operator and three numbers;
   relver by its own rule (requirements.c): to what takes the new version, or not at all. */
static void need_follows(const struct tsv *t, const struct changeset_plan *plan,
                         const struct need *n, relver_str want)
{
    char space[512];
    relver_buf out = {space, sizeof space, 0};
    relver_str got = n->text, to = n->on->move != NULL ? n->on->move->to : n->on->version;
    relver_err err = RELVER_OK;
    bool in = false;
    if (changeset_follows(&arena, plan, n)) {
        err = relver_requirement(&out, RELVER_NPM, n->text, n->on->move->from, to,
                                 RELVER_PIN_ALWAYS, NULL);
        got = err == RELVER_OK ? relver_view(&out) : got;
        relver_range_match(RELVER_NPM, got, to, false, &in, NULL);
    }
    relver_eq(got, want) ? same++ : own++;
    CHECK_F(relver_eq(got, want) || err == RELVER_COMPLEX || in,
            "%s:%d: '%.*s' to %.*s: '%.*s', want '%.*s'", t->name, t->line, STR(n->text), STR(to),
            STR(got), STR(want));
}

static void member_row(const struct tsv *t, struct changeset_plan *plan, struct member *m,
                       struct json *q, struct json *want)
{
    struct move *move = m->move;
    struct text text = {.arena = &arena}, added = {.arena = &arena};
    relver_str old = {NULL, 0};
    size_t at = 0;
    for (struct json *p = get(q, "packages")->first; p != NULL; p = p->next)
        if (relver_eq(text_of(p, "name"), m->name))
            old = text_of(p, "changelog");
    if (move != NULL && move->level > LEVEL_NONE)
        changeset_changelog(&added, plan, move, old, &at);
    text_add(&text, old.ptr, at);
    text_add(&text, added.ptr, added.len);
    text_add(&text, old.ptr + at, old.len - at);
    same_text(t, plan->config.rules, m->name, move != NULL ? move->to : m->version,
              text_of(want, "version"));
    same_text(t, plan->config.rules, m->name, relver_sn(text.ptr, text.len),
              text_of(want, "changelog"));
    for (size_t i = 0; i < m->need_count && move != NULL; i++)
        need_follows(t, plan, &m->needs[i],
                     find(get(want, kinds[m->needs[i].kind]), m->needs[i].on->name)->text);
}

static void apply_row(const struct tsv *t, struct json *row, size_t rules)
{
    struct changeset_plan plan;
    struct fail fail = {0};
    struct json *want = get(row, rules == 2 ? "v2" : "v3"), *q = get(row, "q");
    if (str_is(want->text, "same"))
        want = get(row, "v2");
    bool ok = make(&plan, q, rules, &fail);
    if (get(want, "err") != NULL) {
        CHECK_F(!ok && fail.status == 2 && fail.line > 0, "%s:%d: is refused", t->name, t->line);
        return;
    }
    if (!CHECK_F(ok, "%s:%d: %s", t->name, t->line, fail.what))
        return;
    for (size_t i = 0; i < plan.member_count; i++)
        member_row(t, &plan, plan.members[i], q, find(want, plan.members[i]->name));
    struct json *left = get(want, "left")->first;
    for (size_t i = 0; i < plan.set_count; i++)
        if (plan.sets[i].stays &&
            CHECK_F(left != NULL && str_starts(left->text, "c") &&
                        relver_eq(relver_sn(left->text.ptr, left->text.len - 3), plan.sets[i].id),
                    "%s:%d: a changeset stays", t->name, t->line))
            left = left->next;
    CHECK_F(left == NULL, "%s:%d: a changeset is left", t->name, t->line);
}

int main(void)
{
    files();
    layout();
    prettier_rows();
    ecosystems();
    faults();
    file_faults();
    plan_faults();
    each_row("changesets_plan.jsonl", plan_row);
    each_row("changesets_apply.jsonl", apply_row);
    printf("requirements: %zu as changesets writes them, %zu not\n", same, own);
    CHECK(same > 20 * own);
    return check_done();
}
