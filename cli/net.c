#define _POSIX_C_SOURCE 200809L
#include "net.h"

#include "run.h"
#include "str.h"

#include <stdlib.h>
#include <string.h>

/* As with libgit2 in repo.c, the headers decide what is built; they are those of 7.85 or later,
   which names protocols by text. RELVER_CURL is for compilers that cannot ask. */
#if !defined(RELVER_CURL) && defined(__has_include)
#if __has_include(<curl/curl.h>)
#include <curl/curlver.h>
#define RELVER_CURL (LIBCURL_VERSION_NUM >= 0x075500)
#endif
#endif

const char *net_code(enum net_result result)
{
    static const char *const codes[] = {"answer", "auth",     "limited",   "network", "tls",
                                        "server", "protocol", "too-large", "deadline"};
    return codes[result];
}

/*-- addresses -----------------------------------------------------------------------------------*/

/* "scheme://host:port" of a URL. */
static relver_str origin_of(relver_str url)
{
    relver_str rest = url;
    str_cut(&rest, ':');
    size_t slashes = str_span(rest, "/");
    return relver_sn(url.ptr, url.len - rest.len + slashes +
                                  str_until(str_from(rest, slashes), "/").len);
}

static relver_str origin(const char *url)
{
    return origin_of(relver_s(url));
}

bool net_same_origin(const char *url, relver_str other)
{
    return relver_eq(origin(url), origin_of(other));
}

bool net_is_loopback(const char *url)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};
    relver_str o = origin(url);
    for (size_t i = 0; i < 3; i++)
        if (str_starts(o, hosts[i])) {
            relver_str port = str_from(o, strlen(hosts[i]));
            return port.len == 0 || (port.ptr[0] == ':' && str_span(str_from(port, 1),
                                                                    "0123456789") == port.len - 1);
        }
    return false;
}

/* Only what a URL of a registry needs, so that nothing in it is read in two ways. */
bool net_is_url(const char *url)
{
    static const char sane[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               ":/._-~%?=&[]";
    relver_str o = origin(url);
    bool https = str_starts(o, "https://") && o.len > 8;
    return (https || net_is_loopback(url)) && str_span(relver_s(url), sane) == strlen(url);
}

/*-- secrets -------------------------------------------------------------------------------------*/

struct secret {
    relver_str text, user; /* where the user keeps them, until they are sent */
    relver_str origin;
    enum net_scheme scheme;
};

bool net_secret(struct arena *a, const char *url, enum net_scheme scheme, relver_str user,
                relver_str text, const char *from, const struct secret **out, struct fail *fail)
{
    struct secret *s = arena_alloc(a, sizeof *s);
    bool ok = text.len > 0 && !str_has(user, ":");
    *s = (struct secret){text, user, origin(arena_dup(a, url, strlen(url))), scheme};
    *out = s;
    for (size_t i = 0; i < text.len; i++) /* a line end would begin a header */
        ok = ok && text.ptr[i] >= (scheme == NET_VERBATIM ? ' ' : '!') && text.ptr[i] < 127;
    return ok || fail_set(fail, a, 4, "auth", NULL, "nothing changed", "set it anew",
                          "%s has a byte that no token has", from);
}

#if !RELVER_CURL

bool net_get(struct arena *a, struct net_request *requests, size_t n, struct fail *fail)
{
    (void)requests;
    (void)n;
    return fail_set(fail, a, 4, "net.missing", NULL, "nothing changed",
                    "install the headers of libcurl 7.85, then build relver again",
                    "relver was built without libcurl");
}

#else

#include "shared.h"

#include <curl/curl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <strings.h>
#include <time.h>

#ifdef __APPLE__
#define SONAME "libcurl.4.dylib"
#else
#define SONAME "libcurl.so.4"
#endif

/* Every function that is used; `curl.name` is called curl_name in the library. */
#define FUNCTIONS(X)                                                                               \
    X(global_init) X(global_cleanup) X(version_info) X(easy_init) X(easy_setopt) X(easy_getinfo)   \
    X(easy_strerror) X(easy_cleanup) X(slist_append) X(slist_free_all) X(multi_init)               \
    X(multi_setopt) X(multi_add_handle) X(multi_remove_handle) X(multi_perform) X(multi_poll)      \
    X(multi_info_read) X(multi_cleanup)

static struct {
#define X(name) __typeof__(&curl_##name) name;
    FUNCTIONS(X)
#undef X
} curl;

/* Fills `curl`. NULL, or why it cannot be used. */
static const char *load(struct arena *a)
{
    static const struct shared_function functions[] = {
#define X(name) {"curl_" #name, offsetof(__typeof__(curl), name)},
        FUNCTIONS(X)
#undef X
    };
    const char *why = shared_open(a, SONAME, functions, sizeof functions / sizeof *functions,
                                  &curl);
    if (why != NULL)
        return why;
    const curl_version_info_data *is = curl.version_info(CURLVERSION_NOW);
    if (is->version_num < 0x075500)
        return arena_printf(a, SONAME " is libcurl %s, older than 7.85", is->version);
    return curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? NULL : SONAME " cannot begin";
}

/*-- one request ---------------------------------------------------------------------------------*/

enum {
    AT_ONCE = 256,       /* requests; as many as an HTTP/2 server usually takes on a connection */
    CONNECTIONS = 8,     /* to a host, where it has no HTTP/2 */
    HEAD_MAX = 32 * 1024 /* bytes of an answer's head */
};

struct job {
    struct net_request *r;
    struct arena *arena;
    CURL *easy; /* NULL: it is not being made now */
    struct curl_slist *headers;
    struct text body;
    size_t head;      /* bytes of it so far */
    bool whole, framed, spent, large; /* the head is all there and tells where the body ends; no
                                         requests are left; an answer outgrew its limit */
    bool bundle; /* the trusted certificates are those of one file */
    bool done;
    unsigned tries;
    long long due, end; /* of the next try; of all; 0: not started yet */
};

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t on_body(char *bytes, size_t size, size_t n, void *data)
{
    struct job *j = data;
    (void)size;
    j->large = n > j->r->pace->most - j->body.len;
    if (!j->large)
        text_add(&j->body, bytes, n);
    return j->large ? 0 : n;
}

/* The value of a header line; absent: it is another one. */
static relver_str header(relver_str line, const char *name)
{
    relver_str value = line, key = str_cut(&value, ':');
    return str_same(key, relver_s(name)) ? str_trim(value) : relver_s(NULL);
}

/* Each answer on the way to the last one, such as 100, has a head of its own. */
static size_t on_header(char *bytes, size_t size, size_t n, void *data)
{
    struct job *j = data;
    relver_str line = relver_sn(bytes, n), etag = header(line, "etag");
    (void)size;
    if (str_starts(line, "HTTP/"))
        j->whole = j->framed = j->spent = false;
    j->framed = j->framed || str_starts(line, "HTTP/2") ||
                header(line, "content-length").ptr != NULL ||
                str_is(header(line, "transfer-encoding"), "chunked");
    j->spent = j->spent || str_is(header(line, "x-ratelimit-remaining"), "0");
    j->whole = j->whole || str_trim(line).len == 0;
    if (etag.ptr != NULL)
        j->r->new_etag = arena_dup(j->arena, etag.ptr, etag.len);
    j->head += n;
    j->large = j->head > HEAD_MAX;
    return j->large ? 0 : n;
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(struct text *t, relver_str s)
{
    for (size_t i = 0; i < s.len; i += 3) {
        unsigned bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < s.len ? (unsigned char)s.ptr[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            text_addc(t, i + k > s.len ? '=' : base64[bits >> (18 - 6 * k) & 63]);
    }
}

/* Up to what is none. */
static void add_decoded(struct text *t, relver_str s)
{
    unsigned bits = 0, count = 0;
    for (size_t n = str_span(s, base64); n > 0; n--, s = str_from(s, 1)) {
        bits = bits << 6 | (unsigned)(strchr(base64, s.ptr[0]) - base64);
        count += 6;
        if (count >= 8)
            text_addc(t, (char)(bits >> (count -= 8) & 255));
    }
}

static void add_secret(struct job *j)
{
    static const char *const schemes[] = {"", "Bearer ", "Basic ", "Basic ", "Basic "};
    const struct secret *s = j->r->secret;
    if (s == NULL || !relver_eq(s->origin, origin(j->r->url)))
        return;
    size_t room = 2 * (s->user.len + s->text.len) + 64; /* no text moves, so all is wiped */
    struct text line = {arena_alloc(j->arena, room), 0, room, j->arena};
    struct text pair = {arena_alloc(j->arena, room), 0, room, j->arena};
    text_addf(&line, "Authorization: %s", schemes[s->scheme]);
    if (s->scheme < NET_BASIC_OF) {
        text_add(&line, s->text.ptr, s->text.len);
    } else {
        text_addf(&pair, "%.*s:", STR(s->user));
        if (s->scheme == NET_BASIC_OF)
            text_add(&pair, s->text.ptr, s->text.len);
        else
            add_decoded(&pair, s->text);
        add_base64(&line, relver_sn(pair.ptr, pair.len));
    }
    j->headers = curl.slist_append(j->headers, line.ptr);
    memset(line.ptr, 0, room);
    memset(pair.ptr, 0, room);
}

/* A certificate is looked up in a directory of hashed names, which costs a fifth of reading all of
   them from one file; where it is not found, that file has the last word. */
static void trust(struct job *j)
{
    const char *file = getenv("SSL_CERT_FILE"), *directory = getenv("SSL_CERT_DIR");
    if (file == NULL)
        file = getenv("CURL_CA_BUNDLE");
    if (file == NULL && directory == NULL)
        directory = j->bundle ? NULL : curl.version_info(CURLVERSION_NOW)->capath;
    else
        j->bundle = true;
    if (file != NULL || directory != NULL)
        curl.easy_setopt(j->easy, CURLOPT_CAINFO, file);
    curl.easy_setopt(j->easy, CURLOPT_CAPATH, directory);
}

static void limit(struct job *j, long long left)
{
    long all = (long)(left < INT_MAX ? left : INT_MAX), part = all / 4000 + 1;
    curl.easy_setopt(j->easy, CURLOPT_TIMEOUT_MS, all);
    curl.easy_setopt(j->easy, CURLOPT_CONNECTTIMEOUT, part);
    curl.easy_setopt(j->easy, CURLOPT_LOW_SPEED_TIME, part);
    curl.easy_setopt(j->easy, CURLOPT_LOW_SPEED_LIMIT, 10L); /* bytes a second */
    curl.easy_setopt(j->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)j->r->pace->most);
}

static void begin(struct job *j, CURLM *multi, long long now)
{
    bool loopback = net_is_loopback(j->r->url);
    const char *etag = j->r->etag;
    j->easy = curl.easy_init();
    j->body = (struct text){.arena = j->arena};
    j->head = 0;
    j->whole = j->framed = j->spent = j->large = false;
    j->tries++;
    j->r->pace->next = now + (loopback ? 0 : j->r->pace->gap);
    j->headers = curl.slist_append(NULL, arena_printf(j->arena, "Accept: %s", j->r->accept));
    if (etag != NULL)
        j->headers = curl.slist_append(j->headers,
                                       arena_printf(j->arena, "If-None-Match: %s", etag));
    add_secret(j);
    curl.easy_setopt(j->easy, CURLOPT_URL, j->r->url);
    curl.easy_setopt(j->easy, CURLOPT_PRIVATE, (void *)j);
    curl.easy_setopt(j->easy, CURLOPT_HTTPHEADER, j->headers);
    curl.easy_setopt(j->easy, CURLOPT_USERAGENT, "relver/" RELVER_VERSION);
    curl.easy_setopt(j->easy, CURLOPT_PROTOCOLS_STR, loopback ? "http" : "https");
    curl.easy_setopt(j->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl.easy_setopt(j->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl.easy_setopt(j->easy, CURLOPT_PIPEWAIT, loopback ? 0L : 1L);
    curl.easy_setopt(j->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl.easy_setopt(j->easy, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(j->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl.easy_setopt(j->easy, CURLOPT_ACCEPT_ENCODING, "");
    curl.easy_setopt(j->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl.easy_setopt(j->easy, CURLOPT_WRITEDATA, (void *)j);
    curl.easy_setopt(j->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl.easy_setopt(j->easy, CURLOPT_HEADERDATA, (void *)j);
    if (loopback)
        curl.easy_setopt(j->easy, CURLOPT_PROXY, "");
    trust(j);
    limit(j, j->end - now);
    if (curl.multi_add_handle(multi, j->easy) != CURLM_OK)
        arena_alloc(j->arena, SIZE_MAX); /* memory is what it lacks, so that is the end */
}

/*-- what came of it -----------------------------------------------------------------------------*/

/* What a code means, and whether another try may help. The first row that fits counts. */
struct meaning {
    int from, to;
    enum net_result result;
    bool again;
};

static const struct meaning errors[] = {
    {CURLE_OPERATION_TIMEDOUT, CURLE_OPERATION_TIMEDOUT, NET_DEADLINE, true},
    {CURLE_FILESIZE_EXCEEDED, CURLE_FILESIZE_EXCEEDED, NET_TOO_LARGE, false},
    {CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CONNECT_ERROR, NET_TLS, true},
    {CURLE_PEER_FAILED_VERIFICATION, CURLE_PEER_FAILED_VERIFICATION, NET_TLS, false},
    {CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, NET_TLS, false},
    {CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CACERT_BADFILE, NET_TLS, false},
    {CURLE_BAD_CONTENT_ENCODING, CURLE_BAD_CONTENT_ENCODING, NET_PROTOCOL, false},
    {CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, NET_PROTOCOL, false},
    {CURLE_WEIRD_SERVER_REPLY, CURLE_WEIRD_SERVER_REPLY, NET_PROTOCOL, true},
    {0, 1000, NET_NETWORK, true},
};

static const struct meaning statuses[] = {
    {200, 200, NET_ANSWER, false},  {404, 404, NET_ANSWER, false}, {410, 410, NET_ANSWER, false},
    {401, 401, NET_AUTH, false},    {403, 403, NET_AUTH, false},   {407, 407, NET_AUTH, false},
    {408, 408, NET_SERVER, true},   {429, 429, NET_LIMITED, true}, {500, 500, NET_SERVER, true},
    {502, 504, NET_SERVER, true},   {501, 599, NET_SERVER, false}, {0, 1000, NET_PROTOCOL, false},
};

static struct meaning read_status(const struct job *j)
{
    int status = j->r->status;
    const struct meaning *m = statuses;
    if (status == 403 && j->spent)
        return (struct meaning){403, 403, NET_LIMITED, false};
    if (status == 304 && j->r->etag != NULL)
        return *statuses;
    while (status < m->from || status > m->to)
        m++;
    return *m;
}

/* Fills result and what; whether another try may help. */
static bool judge(struct job *j, CURLcode code)
{
    const struct meaning *m = errors;
    struct meaning is = {0, 0, NET_NETWORK, true};
    const char *what = "the answer is cut short";
    long status = 0;
    curl.easy_getinfo(j->easy, CURLINFO_RESPONSE_CODE, &status);
    j->r->status = (int)status;
    if (code == CURLE_OK && j->whole) {
        is = read_status(j);
        what = arena_printf(j->arena, "it answers %d%s", j->r->status,
                            status / 100 == 3 ? ", and no redirect is followed" : "");
        if (is.result == NET_ANSWER && status != 304 && !j->framed) {
            is = (struct meaning){0, 0, NET_PROTOCOL, false};
            what = "the answer does not tell where it ends";
        }
    } else if (j->large) {
        is = (struct meaning){0, 0, NET_TOO_LARGE, false};
        what = "the answer is too large";
    } else if (code != CURLE_OK) {
        while ((int)code < m->from || (int)code > m->to)
            m++;
        is = *m;
        what = is.result == NET_DEADLINE ? "no answer in time" : curl.easy_strerror(code);
    }
    relver_str host = origin(j->r->url);
    j->r->result = is.result;
    j->r->what = arena_printf(j->arena, "%.*s: %s", STR(host), what);
    return is.again;
}

/* Until the next try: what the server asks for, or a time that doubles, and never the same for
   all. */
static long long pause_ms(struct job *j)
{
    curl_off_t asked = 0;
    long long base = net_is_loopback(j->r->url) ? 10 : 500;
    curl.easy_getinfo(j->easy, CURLINFO_RETRY_AFTER, &asked);
    if (asked > 0)
        return asked < 1000000000 ? (long long)asked * 1000 : 1000000000000;
    return (base << (j->tries - 1)) + (long long)((size_t)j / sizeof *j * 7919) % base;
}

static void end(struct job *j, CURLM *multi, CURLcode code)
{
    long long now = now_ms(), wait;
    bool again = judge(j, code);
    bool mistrusted = code == CURLE_PEER_FAILED_VERIFICATION && !j->bundle;
    wait = mistrusted ? 0 : pause_ms(j);
    if (mistrusted) {
        j->bundle = again = true;
        j->tries--;
    }
    j->done = !again || j->tries >= j->r->pace->tries || now + wait >= j->end;
    if (j->done && again && wait > j->end - now && j->r->status != 0)
        j->r->what = arena_printf(j->arena, "%s, and again in %lld seconds", j->r->what,
                                  wait / 1000);
    j->due = now + wait;
    j->r->body = relver_sn(j->body.ptr != NULL ? j->body.ptr : "", j->body.len);
    curl.multi_remove_handle(multi, j->easy);
    curl.easy_cleanup(j->easy);
    curl.slist_free_all(j->headers);
    j->easy = NULL;
}

/*-- all of them ---------------------------------------------------------------------------------*/

/* Starts what is due; returns how long to wait for the next one. */
static int start(struct job *jobs, size_t n, CURLM *multi, size_t *busy)
{
    long long now = now_ms(), soon = now + 1000;
    for (size_t i = 0; i < n && *busy < AT_ONCE; i++) {
        struct job *j = &jobs[i];
        long long due = j->due > j->r->pace->next ? j->due : j->r->pace->next;
        if (j->done || j->easy != NULL)
            continue;
        if (due > now) {
            soon = due < soon ? due : soon;
            continue;
        }
        if (j->end == 0)
            j->end = now + (long long)run_seconds(j->r->pace->seconds) * 1000;
        begin(j, multi, now);
        ++*busy;
    }
    return (int)(soon - now);
}

static void make_all(struct job *jobs, size_t n, CURLM *multi)
{
    size_t busy = 0, left = n;
    while (left > 0) {
        for (; jobs->done; jobs++) /* one is not */
            n--;
        int wait = start(jobs, n, multi, &busy), more;
        CURLMsg *said;
        curl.multi_perform(multi, &more);
        bool heard = false;
        while ((said = curl.multi_info_read(multi, &more)) != NULL) {
            struct job *j = NULL;
            curl.easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, (char **)&j);
            end(j, multi, said->data.result);
            busy--;
            left -= j->done;
            heard = true;
        }
        if (!heard)
            curl.multi_poll(multi, NULL, 0, wait, NULL);
    }
}

bool net_get(struct arena *a, struct net_request *requests, size_t n, struct fail *fail)
{
    const char *why = load(a);
    CURLM *multi = why == NULL ? curl.multi_init() : NULL;
    if (multi == NULL)
        return fail_set(fail, a, 4, "net.missing", NULL, "nothing changed",
                        "install libcurl, then run the same command again", "%s",
                        why != NULL ? why : "no memory");
    struct job *jobs = arena_alloc(a, n * sizeof *jobs);
    for (size_t i = 0; i < n; i++) {
        jobs[i].r = &requests[i];
        jobs[i].arena = a;
    }
    curl.multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS);
    curl.multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, (long)AT_ONCE);
    void (*usual)(int) = signal(SIGPIPE, SIG_IGN); /* of a TLS connection that ends */
    make_all(jobs, n, multi);
    curl.multi_cleanup(multi);
    curl.global_cleanup();
    signal(SIGPIPE, usual);
    return true;
}

#endif
