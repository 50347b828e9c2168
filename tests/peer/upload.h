/* upload.h - what uploader.c sends to the test registry, for the tools that it stands for

   POST /upload/KIND/NAME/VERSION[/FILE][?TAG]    KIND is cargo, npm, or one of PyPI's directories

   It adds the version, or the file, to the document that the readers ask for, and a line to
   DIR/uploads; 409 when it is there. While DIR/lag is there, the new document is left beside the
   old one as NAME.late. */
#ifndef UPLOAD_H
#define UPLOAD_H

#include "cargo.h"

/* Of the lines "VERSION TAG", as npm says it: the first version ever is the latest. */
static void upload_npm(struct bytes *out, const char *name, char *lines)
{
    static char time[65536], tags[65536];
    const char *comma = "";
    char version[256], tag[256];
    int at = snprintf(tags, sizeof(tags), "%s", strstr(lines, " latest\n") ? "" : "\"latest\":\"");
    if (at > 0)
        snprintf(tags + at, sizeof(tags) - (size_t)at, "%.*s\"", (int)strcspn(lines, " "), lines);
    time[0] = '\0';
    cargo_addf(out, "{\"_id\":\"%s\",\"name\":\"%s\",\"versions\":{", name, name);
    for (; *lines != '\0'; lines = strchr(lines, '\n') + 1, comma = ",") {
        size_t n = strcspn(lines, " ");
        snprintf(version, sizeof(version), "%.*s", (int)n, lines);
        snprintf(tag, sizeof(tag), "%.*s", (int)strcspn(lines + n + 1, "\n"), lines + n + 1);
        cargo_addf(out, "%s\"%s\":{\"version\":\"%s\",\"dist\":{\"integrity\":\"sha512-x\","
                        "\"tarball\":\"http://registry.example/%s.tgz\"}}",
                   comma, version, version, version);
        snprintf(time + strlen(time), sizeof(time) - strlen(time), "%s\"%s\":\"2026-01-02\"", comma,
                 version);
        snprintf(tags + strlen(tags), sizeof(tags) - strlen(tags), "%s\"%s\":\"%s\"",
                 tags[0] != '\0' ? "," : "", tag, version);
    }
    cargo_addf(out, "},\"dist-tags\":{");
    http_say(out, tags);
    http_say(out, "},\"time\":{");
    http_say(out, time);
    http_say(out, "}}");
}

/* Of the lines "FILE SUM". */
static void upload_pypi(struct bytes *out, const char *name, char *lines)
{
    const char *comma = "";
    cargo_addf(out, "{\"meta\":{\"api-version\":\"1.4\"},\"name\":\"%s\",\"files\":[", name);
    for (; *lines != '\0'; lines = strchr(lines, '\n') + 1, comma = ",") {
        int n = (int)strcspn(lines, " ");
        cargo_addf(out, "%s{\"filename\":\"%.*s\",\"hashes\":{\"sha256\":\"%.*s\"},"
                        "\"yanked\":false}", comma, n, lines, 64, lines + n + 1);
    }
    http_say(out, "]}");
}

/* Of the lines "VERSION SUM". */
static void upload_cargo(struct bytes *out, const char *name, char *lines)
{
    for (; *lines != '\0'; lines = strchr(lines, '\n') + 1)
        cargo_addf(out, "{\"name\":\"%s\",\"vers\":\"%.*s\",\"deps\":[],\"features\":{},"
                        "\"cksum\":\"%.*s\",\"yanked\":false}\n", name, (int)strcspn(lines, " "),
                   lines, 64, strchr(lines, ' ') + 1);
}

/* Adds it to the lines, from which the document is made anew; false when it is there. */
static bool upload_add(const char *document, const char *name, const char *key, const char *more,
                       void (*write)(struct bytes *, const char *, char *), const char *late)
{
    struct bytes lines = {NULL, 0, 0}, out = lines;
    char file[4096], line[1024], list[4096];
    snprintf(list, sizeof(list), "%s.lines", document);
    cargo_load(list, &lines);
    snprintf(line, sizeof(line), "%s ", key);
    for (const char *p = lines.at; *p != '\0'; p = strchr(p, '\n') + 1)
        if (strncmp(p, line, strlen(line)) == 0)
            return false;
    snprintf(line, sizeof(line), "%s %s\n", key, more);
    http_say(&lines, line);
    http_room(&lines, 0)[0] = '\0';
    cargo_save(list, &lines);
    write(&out, name, lines.at);
    snprintf(file, sizeof(file), "%s%s", document, late);
    cargo_save(file, &out);
    return true;
}

/* The next part of a target. */
static const char *upload_part(char **rest)
{
    char *part = *rest, *end = part + strcspn(part, "/?");
    *rest = end + (*end != '\0');
    *end = '\0';
    return part;
}

static void upload(const char *dir, const struct request *r, struct answer *a)
{
    char target[4096], document[4096], sum[65];
    struct sha2 s;
    bool tagged = strchr(r->target, '?') != NULL, done;
    snprintf(target, sizeof(target), "%s", r->target + strlen("/upload/"));
    char *rest = target;
    const char *kind = upload_part(&rest), *name = upload_part(&rest);
    const char *version = upload_part(&rest), *last = upload_part(&rest);
    snprintf(document, sizeof(document), "%s/lag", dir);
    const char *late = access(document, F_OK) == 0 ? ".late" : "";
    sha2_init(&s, false);
    sha2_add(&s, r->body.at, r->body.len);
    sha2_hex(&s, sum);
    snprintf(document, sizeof(document), "%s/upload.lock", dir);
    int lock = open(document, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) != 0)
        http_die(document);
    if (strcmp(kind, "cargo") == 0) {
        cargo_index(dir, name, document, sizeof(document));
        done = upload_add(document, name, version, sum, upload_cargo, late);
    } else if (strcmp(kind, "npm") == 0) {
        char plain[256], *slash;
        snprintf(document, sizeof(document), "%s/npm/%s", dir, name);
        snprintf(plain, sizeof(plain), "%s", name);
        if ((slash = strstr(plain, "%2f")) != NULL) {
            *slash = '/';
            memmove(slash + 1, slash + 3, strlen(slash + 3) + 1);
        }
        done = upload_add(document, plain, version, tagged ? last : "latest", upload_npm, late);
    } else {
        snprintf(document, sizeof(document), "%s/%s/simple/%s/index.json", dir, kind, name);
        done = upload_add(document, name, last, sum, upload_pypi, late);
    }
    a->status = done ? 200 : 409;
    http_say(&a->head, "Content-Type: text/plain\r\n");
    http_say(&a->body, done ? "done\n" : "it already exists\n");
    snprintf(document, sizeof(document), "%s/uploads", dir);
    FILE *out = fopen(document, "a");
    if (out == NULL || fprintf(out, "%s%s %s %s%s%s\n", done ? "" : "refused ", kind, name, version,
                               *last != '\0' ? " " : "", last) < 0 || fclose(out) != 0)
        http_die(document);
    close(lock);
}

#endif
