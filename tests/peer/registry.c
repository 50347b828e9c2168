/* registry - crates.io, npm and PyPI as their readers see them: the files below a directory

   usage: registry DIR    http.h says how it begins and ends, and what it can be made to do wrong.

   GET /KIND/PATH answers with the file DIR/KIND/PATH, where PATH is as it is sent, without what
   follows a '?'; for a directory its index.json. KIND is cargo, npm or pypi: the words of a 404 are
   its own. A request with a token is noted in DIR/tokens, one that knew the answer's etag, a sum of
   its bytes, in DIR/unchanged. A document may be gzip's. cargo.h has what cargo itself asks for,
   upload.h what is sent in place of what the tools upload. */
#include "upload.h"

#include <sys/stat.h>

static const char *directory;

static bool read_file(const char *name, struct bytes *out)
{
    struct stat is;
    FILE *in = stat(name, &is) == 0 && S_ISREG(is.st_mode) ? fopen(name, "r") : NULL;
    size_t n;
    if (in == NULL)
        return false;
    while ((n = fread(http_room(out, 65536), 1, 65536, in)) > 0)
        out->len += n;
    fclose(in);
    return true;
}

/* Adds a line to a file of the directory. */
static void note(const char *file, const struct request *r, const char *what)
{
    char name[4096];
    snprintf(name, sizeof(name), "%s/%s", directory, file);
    FILE *out = fopen(name, "a");
    if (out == NULL)
        http_die(name);
    fprintf(out, "%s %s\n", r->target, what);
    fclose(out);
}

static void answer(const struct request *r, struct answer *a)
{
    static const struct {
        const char *start, *type, *absent;
    } kinds[] = {
        {"/cargo/", "text/plain", "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>\n"},
        {"/npm/", "application/json", "{\"error\":\"Not found\"}"},
        {"/pypi/", "application/vnd.pypi.simple.v1+json", "404 Not Found"},
    };
    char name[4096], etag[32];
    const char *seen = http_header(r, "If-None-Match");
    unsigned long sum = 7;
    size_t n = strcspn(r->target, "?"), k = 0;
    if (http_header(r, "Authorization") != NULL)
        note("tokens", r, http_header(r, "Authorization"));
    if (strncmp(r->target, "/upload/", 8) == 0) {
        upload(directory, r, a);
        return;
    }
    if (cargo_answer(directory, r, a))
        return;
    while (k < 2 && strncmp(r->target, kinds[k].start, strlen(kinds[k].start)) != 0)
        k++;
    snprintf(name, sizeof(name), "%s%.*s%s", directory, (int)n, r->target,
             n > 0 && r->target[n - 1] == '/' ? "index.json" : "");
    if (strstr(name, "/../") != NULL || !read_file(name, &a->body)) {
        a->status = 404;
        http_say(&a->body, kinds[k].absent);
    }
    for (size_t i = 0; i < a->body.len; i++)
        sum = sum * 31 + (unsigned char)a->body.at[i];
    snprintf(etag, sizeof(etag), "\"%lx\"", sum);
    if (a->status == 200 && seen != NULL && strcmp(seen, etag) == 0) {
        note("unchanged", r, etag);
        a->status = 304;
        a->body.len = 0;
    }
    if (a->body.len > 2 && memcmp(a->body.at, "\x1f\x8b", 2) == 0 &&
        strncmp(r->target, "/cargo/dl/", 10) != 0)
        http_say(&a->head, "Content-Encoding: gzip\r\n");
    http_say(&a->head, "ETag: ");
    http_say(&a->head, etag);
    http_say(&a->head, "\r\nContent-Type: ");
    http_say(&a->head, a->status == 200 ? kinds[k].type : "text/plain");
    http_say(&a->head, "\r\n");
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: registry DIR\n", stderr);
        return 2;
    }
    directory = argv[1];
    return http_serve(directory, answer);
}
