/* gitd - the repositories below a directory over smart HTTP, by git's own http-backend

   usage: gitd DIR     http.h says how it begins and ends, and what it can be made to do wrong. */
#include "http.h"

static const char *directory;

static void set(const char *name, const char *value)
{
    if (value != NULL && setenv(name, value, 1) != 0)
        http_die(name);
}

/* The child: git http-backend with the request as CGI wants it. */
static void backend(const struct request *r, FILE *in, int out)
{
    char path[4096], length[24];
    size_t n = strcspn(r->target, "?");
    snprintf(path, sizeof(path), "%.*s", (int)n, r->target);
    snprintf(length, sizeof(length), "%zu", r->body.len);
    set("GIT_PROJECT_ROOT", directory);
    set("GIT_HTTP_EXPORT_ALL", "1");
    set("PATH_INFO", path);
    set("QUERY_STRING", r->target[n] == '?' ? r->target + n + 1 : "");
    set("REQUEST_METHOD", r->method);
    set("REMOTE_ADDR", "127.0.0.1");
    set("CONTENT_LENGTH", length);
    set("CONTENT_TYPE", http_header(r, "Content-Type"));
    set("HTTP_CONTENT_ENCODING", http_header(r, "Content-Encoding"));
    set("HTTP_GIT_PROTOCOL", http_header(r, "Git-Protocol"));
    signal(SIGPIPE, SIG_DFL);
    if (dup2(fileno(in), 0) < 0 || dup2(out, 1) < 0)
        http_die("dup2");
    execlp("git", "git", "http-backend", (char *)NULL);
    http_die("git");
}

/* Whole requests and whole answers are kept: a hook that reads nothing cannot block anybody. */
static void answer(const struct request *r, struct answer *a)
{
    static struct bytes said;
    int out[2];
    ssize_t n;
    FILE *in = tmpfile();
    if (in == NULL || fwrite(r->body.at, 1, r->body.len, in) != r->body.len || fflush(in) != 0 ||
        pipe(out) != 0)
        http_die("request");
    rewind(in);
    pid_t child = fork();
    if (child < 0)
        http_die("fork");
    if (child == 0) {
        close(out[0]);
        backend(r, in, out[1]);
    }
    fclose(in);
    close(out[1]);
    said.len = 0;
    while ((n = read(out[0], http_room(&said, 65536), 65536)) > 0)
        said.len += (size_t)n;
    close(out[0]);
    waitpid(child, NULL, 0);
    http_add(&said, "", 1);
    char *body = strstr(said.at, "\r\n\r\n");
    a->status = 500;
    if (body == NULL)
        return;
    body[2] = '\0';
    char *status = strstr(said.at, "Status: ");
    a->status = status != NULL ? (int)strtoul(status + 8, NULL, 10) : 200;
    http_say(&a->head, said.at);
    http_add(&a->body, body + 4, said.len - 1 - (size_t)(body + 4 - said.at));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: gitd DIR\n", stderr);
        return 2;
    }
    directory = argv[1];
    return http_serve(directory, answer);
}
