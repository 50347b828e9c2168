/* What registries say: all of it is read or none, wherever it is cut and whatever is wrong */
/* links: cli/registry.c cli/artifact.c cli/glob.c cli/fs.c cli/commit.c cli/sha2.c */
/* links: cli/str.c cli/msg.c cli/arena.c cli/relver.c */
#include "../../cli/registry.h"
#include "../check.h"

#include <stdlib.h>

/* In place of net.c: every request has this answer. */
static struct {
    int status;
    relver_str body;
    const char *url;
} answer;

bool net_get(struct arena *a, struct net_request *r, size_t n, struct fail *fail)
{
    (void)a;
    (void)fail;
    for (size_t i = 0; i < n; i++) {
        r[i].result = NET_ANSWER;
        r[i].status = r[i].etag != NULL ? 304 : answer.status;
        r[i].body = answer.body;
        r[i].new_etag = "\"1\"";
        answer.url = r[i].url;
    }
    return true;
}

const char *net_code(enum net_result result)
{
    return result == NET_ANSWER ? "answer" : "protocol";
}

static struct {
    const char *kind, *name, *text;
    struct endpoint at;
} kinds[] = {
    {"cargo", "Demo",
     "{\"name\":\"Demo\",\"vers\":\"0.1.0\",\"cksum\":\"aa\",\"yanked\":true}\n"
     "{\"name\":\"Demo\",\"vers\":\"0.2.0+x\",\"cksum\":\"bb\",\"yanked\":false}\n", {0}},
    {"npm", "@demo/node",
     "{\"name\":\"@demo/node\",\"dist-tags\":{\"latest\":\"0.2.0\"},\"versions\":{"
     "\"0.1.0\":{\"deprecated\":\"no\",\"dist\":{\"integrity\":\"sha512-a\",\"tarball\":\"x/a\"}},"
     "\"0.2.0\":{\"dist\":{\"tarball\":\"x/b.tgz\",\"integrity\":\"sha512-b\"}}},"
     "\"time\":{\"created\":\"1\",\"0.0.9\":\"2\",\"0.2.0\":\"3\"}}", {0}},
    {"pypi", "Demo.Py",
     "{\"meta\":{\"api-version\":\"1.4\"},\"name\":\"demo-py\",\"files\":["
     "{\"filename\":\"demo_py-0.2.0.tar.gz\",\"hashes\":{\"sha256\":\"bb\"},\"yanked\":false},"
     "{\"hashes\":{\"sha256\":\"cc\"},\"yanked\":\"no\",\"filename\":\"Demo.Py-0.2-py3-none-any"
     ".whl\"},{\"yanked\":true,\"hashes\":{},\"filename\":\"demo-py-0.1.0.zip\"}]}", {0}},
    {"pypi", "Demo.Py",
     "<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"1.4\">"
     "</head><body><!-- <a href=\"demo-py-0.3.0.zip\"> -->\n<a href='../demo_py-0.2.0.tar.gz#sha256"
     "=bb' data-requires-python=\"&gt;=3.8\">demo..&gt;</a><A HREF=/f/Demo.Py-0.2-py3-none-any.whl"
     "#sha256=cc data-yanked=\"it&#39;s &lt;b&#x3e;\">x</A><a data-yanked "
     "href=\"a?b/c/demo-py-0.1.0.zip\"></a>"
     "<a href=\"/demo%2dpy-0.1.0.zip?x=/y\" data-yanked></a></body>\n</html>", {0}},
};

static bool ask(struct arena *a, size_t kind, int status, const char *text, size_t n,
                struct listing *l)
{
    struct fail fail = {0};
    char *copy = malloc(n + 1); /* so that a sanitizer sees what is read behind it */
    if (n > 0)
        memcpy(copy, text, n);
    copy[n] = '\0';
    kinds[kind].at.kind = kinds[kind].at.name = kinds[kind].kind;
    kinds[kind].at.url = "https://registry.example";
    answer.status = status;
    answer.body = relver_sn(copy, n);
    l->at = &kinds[kind].at;
    l->name = relver_s(kinds[kind].name);
    bool ok = registry_ask(a, &l, 1, &fail);
    if (ok && l->known)
        for (size_t i = 0; i < l->count; i++)
            registry_find(l, l->releases[i].version);
    answer.body = relver_s(copy);
    return ok;
}

/* The listing keeps views of the answer's body. */
static void done(void)
{
    free((char *)(size_t)answer.body.ptr);
}

static void test_whole(size_t k)
{
    struct arena a = {0};
    struct listing l = {0};
    CHECK(ask(&a, k, 200, kinds[k].text, strlen(kinds[k].text), &l) && l.known && l.exists);
    const struct published *new = registry_find(&l, relver_s("0.2.0"));
    const struct published *old = registry_find(&l, relver_s("0.1.0"));
    CHECK(new != NULL && !new->withdrawn && !new->gone && new->count == (k >= 2 ? 2 : 1));
    CHECK(old != NULL && old->withdrawn && !old->gone && old->count == 1);
    CHECK(registry_find(&l, relver_s("0.3.0")) == NULL);
    if (k == 1) {
        const struct published *burned = registry_find(&l, relver_s("0.0.9"));
        CHECK(burned != NULL && burned->gone);
        CHECK(relver_eq(registry_tag(&l, "latest"), relver_s("0.2.0")));
        CHECK(registry_tag(&l, "next").ptr == NULL);
        CHECK(new != NULL && relver_eq(new->files[0].name, relver_s("b.tgz")));
        CHECK(new != NULL && relver_eq(new->files[0].digest, relver_s("sha512-b")));
        CHECK_STR(answer.url, "https://registry.example/@demo%2fnode?write=true");
    } else {
        CHECK(new != NULL && relver_eq(new->files[0].digest, relver_s("sha256:bb")));
    }
    if (k == 3)
        CHECK(new != NULL && relver_eq(new->why, relver_s("it's <b>")));
    struct listing again = l;
    struct listing *p = &again;
    struct fail fail = {0};
    CHECK(registry_ask(&a, &p, 1, &fail) && again.known && again.count == l.count);
    done();
    arena_free(&a);
}

/* Cargo's lines are whole wherever one ends: what a server leaves out then cannot be seen. */
static void test_cut(size_t k)
{
    size_t len = strlen(kinds[k].text);
    for (size_t n = 0; n < len; n++) {
        struct arena a = {0};
        struct listing l = {0};
        bool line = k == 0 && n > 0 && kinds[k].text[n - 1] == '\n';
        CHECK_F(ask(&a, k, 200, kinds[k].text, n, &l) && l.known == line, "%s: %zu bytes",
                kinds[k].kind, n);
        CHECK(line || strcmp(l.code, "protocol") == 0);
        done();
        arena_free(&a);
    }
}

/* Whatever a byte is changed to, the rest is read or all is refused. */
static void test_changed(size_t k)
{
    static const char bytes[] = "\"{}[],:0x\\\n\x80";
    char text[1024];
    size_t len = strlen(kinds[k].text), known = 0;
    for (size_t i = 0; i < len * (sizeof bytes - 1); i++) {
        struct arena a = {0};
        struct listing l = {0};
        memcpy(text, kinds[k].text, len);
        text[i / (sizeof bytes - 1)] = bytes[i % (sizeof bytes - 1)];
        CHECK(ask(&a, k, 200, text, len, &l));
        known += l.known;
        done();
        arena_free(&a);
    }
    CHECK_F(known > 0 && known < len * (sizeof bytes - 1), "%zu", known);
}

static void test_absent(size_t k)
{
    static const struct {
        const char *text;
        bool known[3];
    } rows[] = {
        {"{\"error\":\"Not found\"}", {true, true, true}},
        {"404 Not Found", {true, false, true}},
        {"", {true, false, true}},
        {"<?xml version=\"1.0\"?><Error/>", {true, false, true}},
        {"<!DOCTYPE html><p>404", {false, false, false}},
        {"\n <HTML><p>404", {false, false, false}},
        {"<html><p>The project demo-py does not exist.", {false, false, true}},
    };
    for (size_t i = 0; i < COUNT(rows) * 2; i++) {
        struct arena a = {0};
        struct listing l = {0};
        const char *text = rows[i / 2].text;
        CHECK(ask(&a, k, i % 2 == 0 ? 404 : 410, text, strlen(text), &l));
        CHECK_F(!l.exists && l.known == rows[i / 2].known[k < 2 ? k : 2], "%s: %s", kinds[k].kind,
                text);
        done();
        arena_free(&a);
    }
}

/* What pages there are: of whom, and what they have. */
static void test_pages(void)
{
    static const struct {
        const char *text;
        bool known;
        size_t files;
    } rows[] = {
        {"<html><title>root/dev: links for demo-py</title></html>", true, 0},
        {"<html><h1>Links for Demo_Py </h1></html><!--SERIAL 7-->", true, 0},
        {"<html><meta content=1.0 name='pypi:repository-version'></html>", true, 0},
        {"<html><meta content=1.0 name='pypi:repository-version'><a href=x></html>", false, 0},
        {"<html><meta content=2.0 name='pypi:repository-version'><a href=demo-py-1.zip></html>",
         false, 0},
        {"<html><h1>Links for other</h1><a href=other-1.zip>other-1.zip</a></html>", false, 0},
        {"<html><h1>Simple Index</h1><a href=\"demo-py/\">demo-py</a></html>", false, 0},
        {"<html><h1>Index of</h1><a href=\"demo_py-1.0%2Bx.1.zip\">demo_..&gt;</a></html>", true,
         1},
        {"<html><a = href == demo-py-1.zip data-yanked=''/></html>", false, 0},
        {"<html><a href=\"demo-py-1&#46;zip&#;%\"></html>", false, 0},
        {"<html><a href=\"demo-py-1&#46;0.zip#md5=1&amp;sha256=aa\"/></html>", true, 1},
        {"<html><a href=''><a href><a href=\"#\"><a></html>", false, 0},
        {"<html><body>sign in to go on</body></html>", false, 0},
        {"<html><a href=demo-py-1.zip>", false, 0},
        {"<", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct listing l = {0};
        CHECK(ask(&a, 3, 200, rows[i].text, strlen(rows[i].text), &l));
        CHECK_F(l.known == rows[i].known && (!l.known || l.count == rows[i].files), "%s",
                rows[i].text);
        done();
        arena_free(&a);
    }
}

int main(void)
{
    for (size_t k = 0; k < COUNT(kinds); k++) {
        test_whole(k);
        test_cut(k);
        test_changed(k);
        test_absent(k);
    }
    test_pages();
    return check_done();
}
