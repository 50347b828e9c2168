/* uploader - stands for cargo, npm, pnpm, twine and uv, by the name that it is called by

   It knows `cargo publish`, `npm publish`, `twine upload` and the like with the arguments that
   relver gives them, and sends what they would upload to the test registry (upload.h) that the
   address among those is on, one request a file. In the home directory it leaves TOOL.env, the
   names of its environment; a line in `argv`; and its process id in `pid`. */
#define _XOPEN_SOURCE 700

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

extern char **environ;

static char *read_file(const char *name, size_t *n)
{
    static char text[1 << 20];
    FILE *in = fopen(name, "r");
    if (in == NULL) {
        fprintf(stderr, "error: no file %s\n", name);
        exit(1);
    }
    *n = fread(text, 1, sizeof(text) - 1, in);
    text[*n] = '\0';
    fclose(in);
    return text;
}

static void leave(const char *tool, char **argv)
{
    char name[4096];
    const char *home = getenv("HOME");
    snprintf(name, sizeof(name), "%s/%s.env", home, tool);
    FILE *out = fopen(name, "w");
    for (char **e = environ; *e != NULL; e++)
        fprintf(out, "%.*s\n", (int)strcspn(*e, "="), *e);
    fclose(out);
    snprintf(name, sizeof(name), "%s/argv", home);
    out = fopen(name, "a");
    for (size_t i = 0; argv[i] != NULL; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", i > 0 ? argv[i] : tool);
    fprintf(out, "\n");
    fclose(out);
    snprintf(name, sizeof(name), "%s/pid", home);
    out = fopen(name, "w");
    fprintf(out, "%d\n", (int)getpid());
    fclose(out);
}

/* Sends a request; exits as a tool does when it fails. */
static void post(const char *base, const char *target, const char *body, size_t n)
{
    struct sockaddr_in at;
    char head[8192], answer[4096] = "";
    size_t len = 0;
    ssize_t got = 0;
    struct timeval patience = {1, 0};
    int fd = socket(AF_INET, SOCK_STREAM, 0), status;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    memset(&at, 0, sizeof(at));
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((unsigned short)strtoul(strrchr(base, ':') + 1, NULL, 10));
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
        fprintf(stderr, "error: connection refused\n");
        exit(1);
    }
    snprintf(head, sizeof(head), "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n"
                                 "Connection: close\r\n\r\n", target, n);
    if (write(fd, head, strlen(head)) < 0 || write(fd, body, n) < 0)
        fprintf(stderr, "error: cannot send\n");
    while (len < sizeof(answer) - 1 && strstr(answer, "\r\n\r\n") == NULL &&
           (got = read(fd, answer + len, sizeof(answer) - 1 - len)) > 0)
        answer[len += (size_t)got] = '\0';
    status = len > 12 ? (int)strtoul(answer + 9, NULL, 10) : 0;
    if (status == 409)
        fprintf(stderr, "error: it already exists\n");
    else if (status == 0)
        fprintf(stderr, "error: %s\n", got < 0 && errno == EAGAIN ? "timed out"
                                                                  : "connection reset");
    else if (status != 200)
        fprintf(stderr, "error: the server said %d\n", status);
    if (status != 200)
        exit(1);
}

/* The text behind a key, up to the next quote. */
static void value(const char *text, const char *key, char *out, size_t size)
{
    const char *p = strstr(text, key);
    p = p != NULL ? strchr(p + strlen(key), '"') : NULL;
    snprintf(out, size, "%.*s", p != NULL ? (int)strcspn(p + 1, "\"") : 0, p != NULL ? p + 1 : "");
}

static const char *after(char **argv, const char *option)
{
    for (size_t i = 1; argv[i] != NULL; i++)
        if (strcmp(argv[i], option) == 0)
            return argv[i + 1];
    return NULL;
}

static void cargo(char **argv)
{
    char version[64], target[1024];
    const char *base = NULL;
    size_t n;
    for (char **e = environ; *e != NULL; e++)
        if (strncmp(*e, "CARGO_REGISTRIES_", 17) == 0 && strstr(*e, "_INDEX=sparse+") != NULL)
            base = strchr(*e, '+') + 1;
    value(read_file("Cargo.toml", &n), "\nversion =", version, sizeof(version));
    snprintf(target, sizeof(target), "/upload/cargo/%s/%s", after(argv, "-p"), version);
    post(base, target, "crate", 5);
}

static void npm(char **argv)
{
    char file[1024], name[256], version[64], target[1024];
    const char *tgz = strstr(argv[2], ".tgz") != NULL ? strrchr(argv[2], '/') + 1 : NULL;
    size_t n;
    snprintf(file, sizeof(file), "%s/package.json", argv[2]);
    if (tgz != NULL) {
        const char *dash = tgz + strcspn(tgz, "0123456789") - 1;
        snprintf(name, sizeof(name), "%.*s", (int)(dash - tgz), tgz);
        snprintf(version, sizeof(version), "%.*s", (int)strlen(dash) - 5, dash + 1);
    } else {
        value(read_file(file, &n), "\"name\":", name, sizeof(name));
        value(read_file(file, &n), "\"version\":", version, sizeof(version));
    }
    int scope = name[0] == '@' ? (int)strcspn(name, "/") : 0;
    snprintf(target, sizeof(target), "/upload/npm/%.*s%s%s/%s?%s", scope, name, scope ? "%2f" : "",
             name + scope + (scope > 0), version, after(argv, "--tag"));
    post(after(argv, "--registry"), target, "tgz", 3);
}

static void pypi(char **argv, const char *base)
{
    char target[1024], name[256];
    size_t n, i = 0;
    const char *path = strchr(base + 7, '/') + 1;
    while (strcmp(argv[i], "--") != 0)
        i++;
    while (argv[++i] != NULL) {
        const char *file = strrchr(argv[i], '/') + 1, *dash = strchr(file, '-');
        snprintf(name, sizeof(name), "%.*s", (int)(dash - file), file);
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '_' ? '-' : *c;
        snprintf(target, sizeof(target), "/upload/%.*s/%s/%.*s/%s", (int)strcspn(path, "/"), path,
                 name, (int)strcspn(dash + 1, "-"), dash + 1, file);
        const char *text = read_file(argv[i], &n);
        post(base, target, text, n);
    }
}

int main(int argc, char **argv)
{
    const char *tool = strrchr(argv[0], '/') != NULL ? strrchr(argv[0], '/') + 1 : argv[0];
    if (argc < 3)
        return 2;
    leave(tool, argv);
    if (strcmp(tool, "cargo") == 0)
        cargo(argv);
    else if (strcmp(tool, "npm") == 0 || strcmp(tool, "pnpm") == 0)
        npm(argv);
    else
        pypi(argv, after(argv, strcmp(tool, "uv") == 0 ? "--publish-url" : "--repository-url"));
    return 0;
}
