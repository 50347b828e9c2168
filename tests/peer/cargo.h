/* cargo.h - what cargo writes to a registry: crates, and that they are yanked; below /cargo/

   PUT    api/v1/crates/new                  DELETE api/v1/crates/NAME/VERSION/yank
   GET    config.json                        PUT    api/v1/crates/NAME/VERSION/unyank

   The index is files, as its readers ask for them; a crate is the file dl/NAME/VERSION/download.
   Each write that is carried out adds a line to DIR/writes. DIR/cargo/token is the token that they
   want; with DIR/cargo/private the readers need one too. */
#ifndef CARGO_H
#define CARGO_H

#include "http.h"

#include "../../cli/sha2.c"

#include <stdarg.h>
#include <sys/stat.h>

static void cargo_addf(struct bytes *b, const char *fmt, ...)
{
    char text[8192];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    http_say(b, text);
}

static bool cargo_refuse(struct answer *a, int status, const char *why, const char *what)
{
    a->status = status;
    a->body.len = 0;
    cargo_addf(&a->body, "{\"errors\":[{\"detail\":\"%s%s\"}]}", why, what);
    return false;
}

static bool cargo_is_word(const char *s, const char *more)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return s[n] == '\0' || (strchr(more, s[n]) != NULL && cargo_is_word(s + n + 1, more));
}

/*-- JSON that cargo has written: without blanks, and well formed --------------------------------*/

static const char *cargo_skip(const char *p)
{
    size_t depth = 0;
    do {
        if (*p == '"')
            for (p++; *p != '"' && *p != '\0'; p++)
                p += *p == '\\' && p[1] != '\0';
        else if (*p == '{' || *p == '[')
            depth++;
        else if (*p == '}' || *p == ']')
            depth--;
        p += *p != '\0';
    } while (*p != '\0' && (depth > 0 || strchr(",:}]", *p) == NULL));
    return p;
}

/* The value of an object's member; "null" where it has none. */
static const char *cargo_member(const char *object, const char *name, size_t *len)
{
    const char *p = object, *end;
    while (*p == '{' || *p == ',') {
        const char *key = p + 1;
        if (*key == '}')
            break;
        p = cargo_skip(key) + 1;
        end = cargo_skip(p);
        *len = (size_t)(end - p);
        if (strlen(name) == (size_t)(p - key - 3) && strncmp(key + 1, name, strlen(name)) == 0)
            return p;
        p = end;
    }
    *len = 4;
    return "null";
}

static void cargo_copy(struct bytes *to, const char *name, const char *object, const char *from)
{
    size_t len;
    const char *value = cargo_member(object, from, &len);
    cargo_addf(to, "%s\"%s\":", to->at[to->len - 1] == '{' ? "" : ",", name);
    http_add(to, value, len);
}

static void cargo_text(const char *object, const char *name, char *out, size_t size)
{
    size_t len;
    const char *value = cargo_member(object, name, &len);
    snprintf(out, size, "%.*s", len > 2 ? (int)len - 2 : 0, value + 1);
}

/* A crate's line of the index is not what is sent of it: a requirement has another name there, and
   a dependency that is renamed has both of its own. */
static void cargo_line(struct bytes *line, const char *sent, const char *sum)
{
    static const char *const same[] = {"features", "optional", "default_features", "target", "kind",
                                       "registry"};
    size_t len;
    const char *dep = cargo_member(sent, "deps", &len) + 1;
    http_say(line, "{");
    cargo_copy(line, "name", sent, "name");
    cargo_copy(line, "vers", sent, "vers");
    http_say(line, ",\"deps\":[");
    for (bool more = *dep == '{'; more; dep++) {
        bool renamed = *cargo_member(dep, "explicit_name_in_toml", &len) == '"';
        http_say(line, "{");
        cargo_copy(line, "name", dep, renamed ? "explicit_name_in_toml" : "name");
        cargo_copy(line, "package", dep, renamed ? "name" : "");
        cargo_copy(line, "req", dep, "version_req");
        for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
            cargo_copy(line, same[i], dep, same[i]);
        dep = cargo_skip(dep);
        more = *dep == ',';
        http_say(line, more ? "}," : "}");
    }
    http_say(line, "]");
    cargo_copy(line, "features", sent, "features");
    cargo_copy(line, "links", sent, "links");
    cargo_addf(line, ",\"cksum\":\"%s\",\"yanked\":false}\n", sum);
}

/*-- the files -----------------------------------------------------------------------------------*/

static void cargo_save(const char *name, const struct bytes *what)
{
    char path[8192];
    for (size_t i = 1; name[i] != '\0'; i++)
        if (name[i] == '/' && snprintf(path, sizeof(path), "%.*s", (int)i, name) > 0)
            mkdir(path, 0777);
    snprintf(path, sizeof(path), "%s.new", name);
    FILE *out = fopen(path, "w");
    if (out == NULL || fwrite(what->at, 1, what->len, out) != what->len || fclose(out) != 0 ||
        rename(path, name) != 0)
        http_die(name);
}

/* A text file; nothing where there is none. */
static void cargo_load(const char *name, struct bytes *out)
{
    FILE *in = fopen(name, "r");
    size_t n;
    out->len = 0;
    http_room(out, 0);
    while (in != NULL && (n = fread(http_room(out, 65536), 1, 65536, in)) > 0)
        out->len += n;
    if (in != NULL)
        fclose(in);
    out->at[out->len] = '\0';
}

static void cargo_index(const char *dir, const char *crate, char *out, size_t size)
{
    char low[256];
    size_t n = 0;
    for (; crate[n] != '\0' && n < sizeof(low) - 1; n++)
        low[n] = crate[n] >= 'A' && crate[n] <= 'Z' ? (char)(crate[n] + 32) : crate[n];
    low[n] = '\0';
    if (n < 3)
        snprintf(out, size, "%s/cargo/%zu/%s", dir, n, low);
    else if (n == 3)
        snprintf(out, size, "%s/cargo/3/%c/%s", dir, low[0], low);
    else
        snprintf(out, size, "%s/cargo/%.2s/%.2s/%s", dir, low, low + 2, low);
}

/* A version's line, whatever build metadata either has. */
static char *cargo_find(struct bytes *index, const char *version)
{
    char key[512], *end = index->at, *line;
    int n = snprintf(key, sizeof(key), "\"vers\":\"%.*s", (int)strcspn(version, "+"), version);
    while (*(line = end) != '\0') {
        end = strchr(line, '\n') + 1;
        char *found = strstr(line, key);
        if (found != NULL && found < end && strchr("\"+", found[n]) != NULL)
            return line;
    }
    return NULL;
}

/*-- the requests --------------------------------------------------------------------------------*/

static bool cargo_publish(const char *dir, const struct request *r, struct answer *a, char *did,
                          size_t size)
{
    struct bytes sent = {NULL, 0, 0}, index = sent, crate = sent;
    struct sha2 s;
    char name[256], version[256], file[4096], sum[65];
    size_t len[2] = {0, 0}, at = 0;
    for (size_t i = 0; i < 2 && at + 4 <= r->body.len; i++, at += len[i - 1])
        for (size_t k = 0; k < 4; k++)
            len[i] += (size_t)(unsigned char)r->body.at[at++] << 8 * k;
    if (at != r->body.len || len[0] == 0)
        return cargo_refuse(a, 400, "invalid upload", "");
    http_add(&sent, r->body.at + 4, len[0]);
    http_room(&sent, 0)[0] = '\0';
    http_add(&crate, r->body.at + r->body.len - len[1], len[1]);
    cargo_text(sent.at, "name", name, sizeof(name));
    cargo_text(sent.at, "vers", version, sizeof(version));
    if (name[0] == '\0' || !cargo_is_word(name, "") || !cargo_is_word(version, ".+"))
        return cargo_refuse(a, 400, "invalid crate name or version: ", name);
    cargo_index(dir, name, file, sizeof(file));
    cargo_load(file, &index);
    if (cargo_find(&index, version) != NULL)
        return cargo_refuse(a, 400, "crate version is already uploaded: ", version);
    sha2_init(&s, false);
    sha2_add(&s, crate.at, crate.len);
    sha2_hex(&s, sum);
    cargo_line(&index, sent.at, sum);
    cargo_save(file, &index);
    snprintf(file, sizeof(file), "%s/cargo/dl/%s/%s/download", dir, name, version);
    cargo_save(file, &crate);
    snprintf(did, size, "publish cargo %s %s", name, version);
    http_say(&a->body, "{\"warnings\":{\"invalid_categories\":[],\"invalid_badges\":[],"
                       "\"other\":[]}}");
    return true;
}

/* rest: NAME/VERSION/yank or ../unyank. */
static bool cargo_yank(const char *dir, const char *method, const char *rest, struct answer *a,
                       char *did, size_t size)
{
    struct bytes index = {NULL, 0, 0}, out = index;
    char name[256], version[256], word[16], file[4096];
    bool yank = strcmp(method, "DELETE") == 0;
    const char *slash = strchr(rest, '/'), *last = strrchr(rest, '/');
    if (slash == NULL || slash == last)
        return cargo_refuse(a, 404, "Not Found", "");
    snprintf(name, sizeof(name), "%.*s", (int)(slash - rest), rest);
    snprintf(version, sizeof(version), "%.*s", (int)(last - slash - 1), slash + 1);
    snprintf(word, sizeof(word), "%s", last + 1);
    if (!cargo_is_word(name, "") || strcmp(word, yank ? "yank" : "unyank") != 0)
        return cargo_refuse(a, 404, "Not Found", "");
    cargo_index(dir, name, file, sizeof(file));
    cargo_load(file, &index);
    char *line = cargo_find(&index, version);
    char *was = line != NULL ? strstr(line, "\"yanked\":") + 9 : NULL;
    if (line == NULL)
        return cargo_refuse(a, 404, "no such crate version: ", version);
    http_add(&out, index.at, (size_t)(was - index.at));
    http_say(&out, yank ? "true" : "false");
    http_say(&out, was + (*was == 't' ? 4 : 5));
    cargo_save(file, &out);
    snprintf(did, size, "%s cargo %s %s", word, name, version);
    http_say(&a->body, "{\"ok\":true}");
    return true;
}

static bool cargo_may(const char *dir, const struct request *r, struct answer *a)
{
    const char *token = http_header(r, "Authorization");
    struct bytes want = {NULL, 0, 0};
    char name[4096];
    snprintf(name, sizeof(name), "%s/cargo/token", dir);
    cargo_load(name, &want);
    want.at[strcspn(want.at, "\n")] = '\0';
    if (token == NULL) {
        http_say(&a->head, "WWW-Authenticate: Cargo login_url=\"https://registry.example/me\"\r\n");
        return cargo_refuse(a, 401, "authentication required", "");
    }
    return want.at[0] == '\0' || strcmp(want.at, token) == 0 ||
           cargo_refuse(a, 403, "this token may not do it", "");
}

static void cargo_write(const char *dir, const struct request *r, struct answer *a)
{
    static const char crates[] = "/cargo/api/v1/crates/";
    char name[4096], did[1024];
    const char *rest = r->target + sizeof(crates) - 1;
    bool put = strcmp(r->method, "PUT") == 0, done = false;
    snprintf(name, sizeof(name), "%s/cargo.lock", dir);
    int lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) != 0)
        http_die(name);
    if (cargo_may(dir, r, a) && strncmp(r->target, crates, sizeof(crates) - 1) == 0)
        done = put && strcmp(rest, "new") == 0
                   ? cargo_publish(dir, r, a, did, sizeof(did))
                   : cargo_yank(dir, r->method, rest, a, did, sizeof(did));
    if (done) {
        snprintf(name, sizeof(name), "%s/writes", dir);
        FILE *out = fopen(name, "a");
        if (out == NULL || fprintf(out, "%s\n", did) < 0 || fclose(out) != 0)
            http_die(name);
    }
    close(lock);
}

/* Whether it is cargo's own request, which is answered then; others are for its files. */
static bool cargo_answer(const char *dir, const struct request *r, struct answer *a)
{
    const char *host = http_header(r, "Host");
    char private[4096];
    if (strncmp(r->target, "/cargo/", 7) != 0)
        return false;
    snprintf(private, sizeof(private), "%s/cargo/private", dir);
    bool closed = access(private, F_OK) == 0;
    if (strcmp(r->method, "GET") != 0)
        cargo_write(dir, r, a);
    else if (closed && !cargo_may(dir, r, a))
        return true;
    else if (strcmp(r->target, "/cargo/config.json") == 0)
        cargo_addf(&a->body, "{\"dl\":\"http://%s/cargo/dl\",\"api\":\"http://%s/cargo\"%s}", host,
                   host, closed ? ",\"auth-required\":true" : "");
    else
        return false;
    http_say(&a->head, "Content-Type: application/json\r\n");
    return true;
}

#endif
