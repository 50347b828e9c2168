#include "registry.h"

#include "str.h"

#include <string.h>

enum { DEPTH = 5 }; /* of what is read: versions.V.dist.integrity */

/* What reads an answer: the nodes from the root to where it is. */
struct reading {
    struct arena *arena;
    struct listing *list;
    relver_node path[DEPTH + 1];
    relver_node node;
    relver_str name; /* that the answer says it is about */
    bool listed;     /* it has a list of what there is */
    struct published *last;
    struct artifact file; /* PyPI's, of which not all is read yet */
    relver_str why;
    bool yanked;
};

static bool key_is(const struct reading *r, size_t depth, const char *key)
{
    return r->node.depth >= depth && relver_key_is(RELVER_JSON, &r->path[depth], relver_s(key));
}

static relver_str text(const struct reading *r)
{
    return r->node.kind == RELVER_STRING ? str_decode(r->arena, RELVER_JSON, &r->node)
                                         : relver_s(NULL);
}

static struct published *add(struct reading *r, relver_str version)
{
    struct listing *l = r->list;
    l->releases = arena_more(r->arena, l->releases, l->count, sizeof *l->releases);
    l->releases[l->count] = (struct published){.version = version};
    return &l->releases[l->count++];
}

/* Most packages of most ecosystems have one file a version. */
static void add_file(struct arena *a, struct published *p, relver_str name, relver_str digest)
{
    p->files = arena_more(a, p->files, p->count, sizeof *p->files);
    p->files[p->count++] = (struct artifact){.name = name, .digest = digest};
}

typedef void visitor(struct reading *r);

/* Visits the nodes of a JSON object, and their ends, down to a depth; checks all of it. */
static bool read_json(struct reading *r, relver_str body, visitor *visit)
{
    relver_reader reader;
    relver_read(&reader, RELVER_JSON, body);
    for (;;) {
        if (relver_next(&reader, &r->node, NULL) != RELVER_OK)
            return false;
        if (r->node.kind == RELVER_END)
            return true;
        if (r->node.depth == 0 && r->node.kind != RELVER_TABLE && r->node.kind != RELVER_CLOSE)
            return false;
        if (r->node.depth <= DEPTH && r->node.kind != RELVER_CLOSE)
            r->path[r->node.depth] = r->node;
        if (r->node.depth <= DEPTH)
            visit(r);
    }
}

/*-- npm -----------------------------------------------------------------------------------------*/

/* The document that a publisher is given: caches do not keep it, as they keep the readers'. */
static const char *npm_path(struct arena *a, relver_str name)
{
    relver_str package = name, scope = str_cut(&package, '/');
    return package.len > 0 ? arena_printf(a, "/%.*s%%2f%.*s?write=true", STR(scope), STR(package))
                           : arena_printf(a, "/%.*s?write=true", STR(name));
}

static void npm_version(struct reading *r)
{
    struct published *p = r->last;
    relver_str said = text(r);
    if (r->node.depth == 3 && key_is(r, 3, "deprecated") && said.len > 0) {
        p->withdrawn = true;
        p->why = said;
    }
    if (r->node.depth != 4 || !key_is(r, 3, "dist"))
        return;
    if (key_is(r, 4, "tarball"))
        while (said.len > 0)
            p->files[0].name = str_cut(&said, '/');
    if (key_is(r, 4, "integrity"))
        p->files[0].digest = said;
}

/* `time` also has the versions that were published once and are no more. */
static void npm_visit(struct reading *r)
{
    relver_str key = r->node.key.ptr != NULL ? str_decode_key(r->arena, RELVER_JSON, &r->node)
                                             : relver_s("");
    struct listing *l = r->list;
    relver_semver v;
    if (r->node.kind == RELVER_CLOSE)
        return;
    if (r->node.depth == 1 && key_is(r, 1, "name"))
        r->name = text(r);
    if (r->node.depth == 1 && key_is(r, 1, "versions"))
        r->listed = r->node.kind == RELVER_TABLE;
    if (r->node.depth == 2 && key_is(r, 1, "dist-tags")) {
        l->tags = arena_more(r->arena, l->tags, l->tag_count, sizeof *l->tags);
        l->tags[l->tag_count++] = (struct dist_tag){key, text(r)};
    }
    if (r->node.depth == 2 && key_is(r, 1, "versions")) {
        r->last = add(r, key);
        add_file(r->arena, r->last, relver_s(NULL), relver_s(NULL));
    }
    if (r->node.depth > 2 && key_is(r, 1, "versions"))
        npm_version(r);
    if (r->node.depth == 2 && key_is(r, 1, "time") &&
        relver_semver_parse(key, &v, NULL) == RELVER_OK) {
        struct published *p = add(r, key);
        p->withdrawn = p->gone = true;
    }
}

static bool npm_read(struct reading *r, relver_str body)
{
    return read_json(r, body, npm_visit) && r->listed && relver_eq(r->name, r->list->name);
}

/* {"items": [{"id", "packageName", "version", ..}], ..}, as `npm stage list` reads it. */
static void stage_visit(struct reading *r)
{
    if (r->node.depth == 2 && r->node.kind == RELVER_CLOSE && key_is(r, 1, "items") &&
        relver_eq(r->name, r->list->name)) {
        struct published *p = add(r, r->file.name);
        p->staged = true;
        p->why = r->why;
    }
    if (r->node.depth == 2)
        r->name = r->file.name = r->why = relver_s("");
    if (r->node.depth != 3 || !key_is(r, 1, "items"))
        return;
    if (key_is(r, 3, "packageName"))
        r->name = text(r);
    if (key_is(r, 3, "version"))
        r->file.name = text(r);
    if (key_is(r, 3, "id"))
        r->why = text(r);
}

/* npm says so in JSON; a page in between does not. */
static bool npm_absent(struct reading *r, relver_str body)
{
    relver_node node;
    (void)r;
    return relver_find(body, RELVER_JSON, relver_s(""), &node, NULL) == RELVER_OK;
}

/*-- cargo ---------------------------------------------------------------------------------------*/

static const char *cargo_path(struct arena *a, relver_str name)
{
    char *low = arena_dup(a, name.ptr, name.len);
    for (char *c = low; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    if (name.len < 3)
        return arena_printf(a, "/%zu/%s", name.len, low);
    return name.len == 3 ? arena_printf(a, "/3/%c/%s", low[0], low)
                         : arena_printf(a, "/%.2s/%.2s/%s", low, low + 2, low);
}

static bool cargo_line(struct reading *r, relver_str line)
{
    enum { NAME, VERSION, SUM, YANKED, KEYS };
    static const char *const keys[KEYS] = {"name", "vers", "cksum", "yanked"};
    relver_query q[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        q[i].path = relver_s(keys[i]);
    if (relver_find_all(line, RELVER_JSON, q, KEYS, NULL) != RELVER_OK)
        return false;
    for (size_t i = 0; i < KEYS; i++)
        if (q[i].err != RELVER_OK || q[i].node.kind != (i == YANKED ? RELVER_BOOL : RELVER_STRING))
            return false;
    relver_str name = str_decode(r->arena, RELVER_JSON, &q[NAME].node);
    struct published *p = add(r, str_decode(r->arena, RELVER_JSON, &q[VERSION].node));
    p->withdrawn = str_is(q[YANKED].node.text, "true");
    add_file(r->arena, p,
             relver_s(arena_printf(r->arena, "%.*s-%.*s.crate", STR(name), STR(p->version))),
             relver_s(arena_printf(r->arena, "sha256:%.*s", STR(q[SUM].node.text))));
    return relver_eq(name, r->list->name);
}

/* A last line that does not end may have been cut. */
static bool cargo_read(struct reading *r, relver_str body)
{
    relver_str line;
    bool ok = body.len > 0 && body.ptr[body.len - 1] == '\n';
    while (ok && str_line(&body, &line))
        ok = line.len == 0 || cargo_line(r, line);
    return ok;
}

/* In whatever words, but no page for people. */
static bool not_html(struct reading *r, relver_str body)
{
    relver_str start = str_trim(body);
    (void)r;
    start.len = start.len < 64 ? start.len : 64;
    return str_seek(start, relver_s("<html")).ptr == NULL &&
           str_seek(start, relver_s("<!doctype")).ptr == NULL;
}

/*-- PyPI ----------------------------------------------------------------------------------------*/

static const char *pypi_path(struct arena *a, relver_str name)
{
    struct text t = {.arena = a};
    bool apart = false;
    text_adds(&t, "/simple/");
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!is_alnum(c)) {
            apart = true;
            continue;
        }
        text_adds(&t, apart ? "-" : "");
        text_addc(&t, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
        apart = false;
    }
    text_addc(&t, '/');
    return t.ptr;
}

/* A version is out when a file of it is; it is yanked when all are, as whole releases are. */
static void pypi_file(struct reading *r)
{
    relver_str version = artifact_version(RELVER_PEP440, r->list->name, r->file.name);
    relver_pep440 v;
    if (relver_pep440_parse(version, &v, NULL) != RELVER_OK)
        return;
    struct published *p = registry_find(r->list, version);
    if (p == NULL) {
        p = add(r, version);
        p->withdrawn = true;
    }
    p->withdrawn = p->withdrawn && r->yanked;
    p->why = r->why;
    add_file(r->arena, p, r->file.name, r->file.digest);
}

static void pypi_visit(struct reading *r)
{
    relver_str said = text(r);
    if (r->node.depth == 1 && key_is(r, 1, "name"))
        r->name = said;
    if (r->node.depth == 1 && key_is(r, 1, "files"))
        r->listed = r->listed || r->node.kind == RELVER_ARRAY;
    if (!key_is(r, 1, "files") || r->node.depth < 2)
        return;
    if (r->node.depth == 2 && r->node.kind == RELVER_CLOSE) {
        pypi_file(r);
    } else if (r->node.depth == 2) {
        r->file = (struct artifact){.name = {NULL, 0}};
        r->yanked = false;
        r->why = relver_s(NULL);
    } else if (r->node.depth == 3 && key_is(r, 3, "filename")) {
        r->file.name = said;
    } else if (r->node.depth == 3 && key_is(r, 3, "yanked")) {
        r->yanked = said.ptr != NULL || str_is(r->node.text, "true");
        r->why = said;
    } else if (r->node.depth == 4 && key_is(r, 3, "hashes") && key_is(r, 4, "sha256")) {
        r->file.digest = relver_s(arena_printf(r->arena, "sha256:%.*s", STR(said)));
    }
}

/*-- PyPI's older form, of PEP 503: a page with a link for each file -----------------------------*/

#define BLANKS " \t\r\n\f"

/* The inside of the next whole tag. */
static bool html_tag(relver_str *rest, relver_str *tag)
{
    char quote = '\0';
    for (;;) {
        str_cut(rest, '<');
        if (!str_starts(*rest, "!--"))
            break;
        relver_str end = str_seek(*rest, relver_s("-->"));
        *rest = end.ptr != NULL ? str_behind(*rest, end) : relver_s("");
    }
    *tag = *rest;
    for (size_t n = 0; n < rest->len; n++) {
        char c = rest->ptr[n];
        if (c == '>' && quote == '\0') {
            tag->len = n;
            *rest = str_from(*rest, n + 1);
            return true;
        }
        if (c == '"' || c == '\'')
            quote = quote == '\0' ? c : quote == c ? '\0' : quote;
    }
    return false;
}

/* The byte of ASCII that digits name; 0: none. */
static char coded(relver_str digits, unsigned base)
{
    static const char all[] = "0123456789abcdef0123456789ABCDEF";
    unsigned n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        const char *at = digits.ptr[i] != '\0' ? strchr(all, digits.ptr[i]) : NULL;
        unsigned digit = at != NULL ? (unsigned)(at - all) % 16 : base;
        if (digit >= base || n > 127)
            return '\0';
        n = n * base + digit;
    }
    return (char)(n < 128 ? n : 0);
}

static char entity(relver_str name)
{
    int word = str_word("amp|lt|gt|quot|apos", name);
    return word >= 0                  ? "&<>\"'"[word]
           : str_starts(name, "#x") ? coded(str_from(name, 2), 16)
           : str_starts(name, "#")  ? coded(str_from(name, 1), 10) : '\0';
}

/* With '&' what an attribute says, with '%' an address. What is not understood stays. */
static relver_str unescape(struct arena *a, relver_str s, char mark)
{
    struct text t = {.arena = a};
    text_adds(&t, "");
    while (s.len > 0) {
        relver_str name = str_from(s, 1);
        name.len = mark == '%' ? 2 : str_until(relver_sn(name.ptr, name.len < 8 ? name.len : 8),
                                               ";").len;
        size_t whole = name.len + (mark == '%' ? 1 : 2);
        char c = s.ptr[0] != mark || whole > s.len ? '\0'
                 : mark == '%' ? coded(name, 16) : entity(name);
        text_addc(&t, c != '\0' ? c : s.ptr[0]);
        s = str_from(s, c != '\0' ? whole : 1);
    }
    return relver_sn(t.ptr, t.len);
}

/* What a tag's attribute says; absent: it has none of that name. */
static relver_str html_attribute(struct arena *a, relver_str tag, const char *name)
{
    relver_str rest = str_from(tag, str_until(tag, BLANKS).len);
    while (rest.len > 0) {
        rest = str_from(rest, str_span(rest, BLANKS "/"));
        relver_str key = str_until(rest, BLANKS "=/"), value = relver_s("");
        rest = str_from(rest, key.len);
        relver_str behind = str_from(rest, str_span(rest, BLANKS));
        if (str_starts(behind, "=")) {
            rest = str_from(behind, 1 + str_span(str_from(behind, 1), BLANKS));
            relver_str quote = relver_sn(rest.ptr, str_starts(rest, "'") || str_starts(rest, "\""));
            rest = str_from(rest, quote.len);
            value = str_until(rest, quote.len == 0 ? BLANKS : *quote.ptr == '"' ? "\"" : "'");
            rest = str_from(str_behind(rest, value), value.len < rest.len ? quote.len : 0);
        }
        if (str_same(key, relver_s(name)))
            return unescape(a, value, '&');
    }
    return relver_s(NULL);
}

/* The file is what the address ends in, for those who install it too; a server that lists a
   directory shortens the text. */
static void html_link(struct reading *r, relver_str tag)
{
    relver_str fragment = html_attribute(r->arena, tag, "href"), file = {NULL, 0};
    relver_str path = str_until(str_cut(&fragment, '#'), "?");
    while (path.len > 0)
        file = str_cut(&path, '/');
    r->file.name = unescape(r->arena, file, '%');
    r->file.digest = relver_s(NULL);
    while (fragment.len > 0) {
        relver_str value = str_cut(&fragment, '&');
        if (str_is(str_cut(&value, '='), "sha256"))
            r->file.digest = relver_s(arena_printf(r->arena, "sha256:%.*s", STR(value)));
    }
    relver_str why = html_attribute(r->arena, tag, "data-yanked");
    r->yanked = why.ptr != NULL;
    r->why = why.len > 0 ? why : relver_s(NULL);
    pypi_file(r);
}

/* A page of somebody else has no file of the project, nor does it call itself its links; that of a
   project without a file may say only what kind of page it is. */
static bool html_read(struct reading *r, relver_str body)
{
    relver_str tag, rest = body, said = str_seek(body, relver_s("links for "));
    bool whole = false, simple = false, other = false;
    size_t links = 0;
    while (html_tag(&rest, &tag)) {
        relver_str kind = str_until(tag, BLANKS);
        whole = whole || str_same(kind, relver_s("/html"));
        if (str_same(kind, relver_s("a")) && ++links > 0)
            html_link(r, tag);
        if (!str_same(kind, relver_s("meta")) ||
            !str_is(html_attribute(r->arena, tag, "name"), "pypi:repository-version"))
            continue;
        simple = str_starts(html_attribute(r->arena, tag, "content"), "1.");
        other = !simple;
    }
    if (said.ptr != NULL)
        said = str_trim(str_until(str_behind(body, said), "<"));
    return whole && !other &&
           (r->list->count > 0 || relver_name_eq(RELVER_PEP440, said, r->list->name) ||
            (simple && links == 0));
}

static bool pypi_read(struct reading *r, relver_str body)
{
    if (str_starts(str_trim(body), "<"))
        return html_read(r, body);
    return read_json(r, body, pypi_visit) && r->listed &&
           relver_name_eq(RELVER_PEP440, r->name, r->list->name);
}

/* pypiserver and devpi say it on a page for people, but of the name that was asked for. */
static bool pypi_absent(struct reading *r, relver_str body)
{
    relver_str name = str_from(relver_s(pypi_path(r->arena, r->list->name)), 8);
    name.len--;
    return not_html(r, body) ||
           str_has(body, arena_printf(r->arena, "%.*s does not exist", STR(name)));
}

/*-- all of them ---------------------------------------------------------------------------------*/

#define WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

static const struct kind {
    const char *name;
    relver_eco eco;
    const char *bytes; /* of names */
    const char *accept;
    const char *(*path)(struct arena *a, relver_str name);
    bool (*read)(struct reading *r, relver_str body); /* all of it, and it is about the package */
    bool (*absent)(struct reading *r, relver_str body); /* a 404 is the registry's own word */
} kinds[] = {
    {"cargo", RELVER_CARGO, WORD, "text/plain", cargo_path, cargo_read, not_html},
    {"npm", RELVER_NPM, WORD ".~", "application/json", npm_path, npm_read, npm_absent},
    {"pypi", RELVER_PEP440, WORD ".",
     "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, "
     "text/html;q=0.1", pypi_path, pypi_read, pypi_absent},
};

static const struct kind *kind_of(const struct endpoint *at)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, at->kind) == 0)
            return &kinds[i];
    return NULL;
}

bool registry_eco(const struct endpoint *at, relver_eco *out)
{
    const struct kind *k = kind_of(at);
    if (k != NULL)
        *out = k->eco;
    return k != NULL;
}

/* Of a name that would be more than one segment of a path, or another one, nobody is asked. */
static bool is_name(const struct kind *k, relver_str name)
{
    relver_str rest = name;
    if (k->eco == RELVER_NPM && str_starts(name, "@")) {
        relver_str scope = str_cut(&rest, '/');
        if (!is_name(k, str_from(scope, 1)))
            return false;
    }
    return rest.len > 0 && name.len <= 214 && /* npm's limit; the others' are below */
           strchr(".~", rest.ptr[0]) == NULL && str_span(rest, k->bytes) == rest.len;
}

static void take(struct arena *a, struct listing *l, const struct net_request *r)
{
    struct reading reading = {.arena = a, .list = l};
    const struct kind *k = kind_of(l->at);
    while (l->count > 0 && l->releases[l->count - 1].staged) /* which came last */
        l->count--;
    if (r->result == NET_ANSWER && r->status == 304)
        return;
    *l = (struct listing){.at = l->at, .name = l->name, .secret = l->secret,
                          .code = net_code(r->result), .what = r->what, .etag = r->new_etag};
    if (r->result != NET_ANSWER)
        return;
    l->exists = r->status == 200;
    l->known = l->exists ? k->read(&reading, r->body) : k->absent(&reading, r->body);
    if (l->known)
        return;
    l->etag = NULL;
    l->code = net_code(NET_PROTOCOL);
    l->what = arena_printf(a, l->exists ? "%s: not what a registry says of '%.*s'"
                                        : "%s: what says that '%.*s' is not there is no registry",
                           l->at->url, STR(l->name));
}

/* cargo tells a registry a token only when that wants one: says so, or answers nobody without. */
static bool ask_wants(struct arena *a, struct listing **lists, size_t n, struct fail *fail)
{
    struct net_request *requests = arena_alloc(a, n * sizeof *requests);
    struct endpoint **ends = arena_alloc(a, n * sizeof *ends);
    relver_node node;
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        struct endpoint *at = lists[i]->at;
        if (lists[i]->secret == NULL || at->wants != WANTS_UNKNOWN ||
            kind_of(at)->eco != RELVER_CARGO)
            continue;
        at->wants = WANTS_NONE;
        ends[count] = at;
        requests[count].url = arena_printf(a, "%s/config.json", at->url);
        requests[count].accept = "application/json";
        requests[count++].pace = &at->pace;
    }
    if (count > 0 && !net_get(a, requests, count, fail))
        return false;
    for (size_t i = 0; i < count; i++)
        if (requests[i].status == 401 ||
            (relver_find(requests[i].body, RELVER_JSON, relver_s("auth-required"), &node, NULL) ==
                 RELVER_OK && str_is(node.text, "true")))
            ends[i]->wants = WANTS_TOKEN;
    return true;
}

bool registry_ask(struct arena *a, struct listing **lists, size_t n, struct fail *fail)
{
    struct net_request *requests = arena_alloc(a, n * sizeof *requests);
    if (!ask_wants(a, lists, n, fail))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct listing *l = lists[i];
        const struct kind *k = kind_of(l->at);
        if (!is_name(k, l->name))
            return fail_set(fail, a, 2, "name", NULL, "nothing changed", "relver status",
                            "no package of %s is named '%.*s'", l->at->name, STR(l->name));
        requests[i].etag = l->exists ? l->etag : NULL;
        requests[i].url = arena_printf(a, "%s%s", l->at->url, k->path(a, l->name));
        requests[i].accept = k->accept;
        requests[i].pace = &l->at->pace;
        if (l->at->wants == WANTS_TOKEN || k->eco != RELVER_CARGO)
            requests[i].secret = l->secret;
    }
    if (!net_get(a, requests, n, fail))
        return false;
    for (size_t i = 0; i < n; i++)
        take(a, lists[i], &requests[i]);
    return true;
}

bool registry_ask_staged(struct arena *a, struct listing **lists, size_t n, struct fail *fail)
{
    struct net_request *requests = arena_alloc(a, n * sizeof *requests);
    for (size_t i = 0; i < n; i++) {
        const char *path = npm_path(a, lists[i]->name);
        requests[i].url = arena_printf(a, "%s/-/stage?package=%.*s&page=0&perPage=100",
                                       lists[i]->at->url, (int)strcspn(path + 1, "?"), path + 1);
        requests[i].accept = "application/json";
        requests[i].pace = &lists[i]->at->pace;
        requests[i].secret = lists[i]->secret;
    }
    if (n > 0 && !net_get(a, requests, n, fail))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct reading reading = {.arena = a, .list = lists[i]};
        const struct net_request *r = &requests[i];
        if (r->status / 100 == 4 && r->result != NET_LIMITED)
            continue;
        lists[i]->known = r->result == NET_ANSWER && read_json(&reading, r->body, stage_visit);
        lists[i]->code = net_code(r->result == NET_ANSWER ? NET_PROTOCOL : r->result);
        lists[i]->what = r->what;
    }
    return true;
}

struct published *registry_find(const struct listing *list, relver_str version)
{
    struct published *found = NULL;
    relver_eco eco = kind_of(list->at)->eco;
    int order;
    for (size_t i = list->count; i-- > 0 && (found == NULL || found->gone);)
        if (relver_compare(eco, list->releases[i].version, version, &order, NULL) == RELVER_OK &&
            order == 0)
            found = &list->releases[i];
    return found;
}

relver_str registry_tag(const struct listing *list, const char *name)
{
    for (size_t i = 0; i < list->tag_count; i++)
        if (str_is(list->tags[i].name, name))
            return list->tags[i].version;
    return relver_s(NULL);
}
