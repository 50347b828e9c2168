/* http.h - what the test servers of this directory share: HTTP/1.1 on the loopback, and faults

   A server is `int main(..) { return http_serve(DIR, answer); }`. It prints "port N" and serves
   until its standard input ends or its parent dies; then all that it started is killed. Each
   connection has a process of its own; that and all it starts hold a shared lock on DIR/busy.
   DIR/log gets a line for each request,

       METHOD TARGET BYTES-OF-BODY [FAULT]

   and each line of DIR/fault, which may change at any time, is a fault to play:

       [N:]FAULT[@TEXT]   for every request whose "METHOD TARGET" holds TEXT, or for the Nth only;
                          the server counts N down in the file, and at 0 the line is spent

   silent     the request stays without an answer      reset      the connection is reset
   NNN        status NNN: 403, 500, ..; a 3xx points at another host name of the same server
   auth       401, unless the request has credentials  html       200 and a page of somebody else
   done-NNN   the request is carried out, and answered with status NNN all the same
   cut=N      it is carried out, and of the answer N bytes are sent; without =N just its head
   drop=N     the same, with a reset at the end        hang=N     the same, with silence
   NNN=WHEN   the same as NNN, with WHEN as Retry-After; "date+N" is the date in N seconds
   slow       of the answer a byte comes every 100 ms  endless    the answer's body does not end
   short=N    its head says that the body has N bytes  open       it does not say, and closes
   heads=N    the head has N lines more */
#ifndef HTTP_H
#define HTTP_H

#define _XOPEN_SOURCE 700 /* lockf; http.h is what a server includes first */

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct bytes {
    char *at;
    size_t len, room;
};

struct request {
    const char *method, *target; /* both within head */
    struct bytes head;           /* the lines, each ended by a NUL, and an empty one */
    struct bytes body;
};

struct answer {
    int status;
    struct bytes head; /* header lines but for the length, each with its CRLF */
    struct bytes body;
};

typedef void http_answer(const struct request *, struct answer *);

enum http_end { GOES_ON, CLOSED, RESET, STALLED };

struct http_fault {
    char word[64];     /* as the log has it, empty for none */
    bool work;         /* the request is carried out */
    int status;        /* of the answer, 0: the server's own, or without work none at all */
    enum http_end end; /* what becomes of the connection, */
    long bytes;        /* after so many bytes of the answer, -1: after its head */
};

static void http_die(const char *what)
{
    perror(what);
    _exit(1);
}

/* Room for n more bytes, which the caller fills, and one; so what was asked for is never NULL. */
static char *http_room(struct bytes *b, size_t n)
{
    if (b->room - b->len <= n) {
        b->room = (b->len + n + 1) * 2;
        if ((b->at = realloc(b->at, b->room)) == NULL)
            http_die("memory");
    }
    return b->at + b->len;
}

static void http_add(struct bytes *b, const void *at, size_t n)
{
    if (n > 0)
        memcpy(http_room(b, n), at, n);
    b->len += n;
}

static void http_say(struct bytes *b, const char *text)
{
    http_add(b, text, strlen(text));
}

/* The value of a header, NULL if it is not there. */
static const char *http_header(const struct request *r, const char *name)
{
    size_t n = strlen(name);
    for (const char *line = r->head.at; *line != '\0'; line += strlen(line) + 1)
        if (strncasecmp(line, name, n) == 0 && line[n] == ':')
            return line + n + 1 + strspn(line + n + 1, " ");
    return NULL;
}

/* A client may leave at any time. */
static void http_send(int fd, const char *at, size_t n)
{
    ssize_t sent;
    for (; n > 0 && (sent = write(fd, at, n)) > 0; n -= (size_t)sent)
        at += sent;
}

static bool http_read_head(FILE *in, struct request *r)
{
    static char line[65536];
    r->head.len = r->body.len = 0;
    do {
        if (fgets(line, sizeof(line), in) == NULL)
            return false;
        line[strcspn(line, "\r\n")] = '\0';
        http_add(&r->head, line, strlen(line) + 1);
    } while (line[0] != '\0');
    char *target = strchr(r->head.at, ' '), *end = target ? strchr(target + 1, ' ') : NULL;
    if (end == NULL)
        return false;
    *target = *end = '\0';
    r->method = r->head.at;
    r->target = target + 1;
    return true;
}

static bool http_read_bytes(FILE *in, struct bytes *b, size_t n)
{
    if (fread(http_room(b, n), 1, n, in) != n)
        return false;
    b->len += n;
    return true;
}

static bool http_read_body(FILE *in, struct request *r)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    const char *length = http_header(r, "Content-Length");
    char line[256] = "";
    size_t n;
    http_room(&r->body, 0);
    if (http_header(r, "Expect") != NULL)
        http_send(fileno(in), go_on, sizeof(go_on) - 1);
    if (http_header(r, "Transfer-Encoding") == NULL)
        return http_read_bytes(in, &r->body, length != NULL ? strtoul(length, NULL, 10) : 0);
    while (fgets(line, sizeof(line), in) != NULL && (n = strtoul(line, NULL, 16)) > 0)
        if (!http_read_bytes(in, &r->body, n) || fgets(line, sizeof(line), in) == NULL)
            return false;
    return fgets(line, sizeof(line), in) != NULL; /* the empty line; nobody sends trailers */
}

/* What a word of DIR/fault asks for. */
static void http_fault_read(const char *word, const struct request *r, struct http_fault *fault)
{
    static const struct http_fault kinds[] = {
        {"silent", false, 0, STALLED, 0}, {"reset", false, 0, RESET, 0},
        {"auth", false, 401, GOES_ON, 0}, {"html", false, 200, GOES_ON, 0},
        {"cut", true, 0, CLOSED, -1},     {"drop", true, 0, RESET, -1},
        {"hang", true, 0, STALLED, -1},   {"slow", true, 0, CLOSED, LONG_MAX},
        {"short", true, 0, CLOSED, -1},   {"endless", true, 0, CLOSED, LONG_MAX},
        {"open", true, 0, CLOSED, LONG_MAX}, {"heads", true, 0, CLOSED, -1},
    };
    size_t len = strcspn(word, "=@"), i = 0;
    bool done = strncmp(word, "done-", 5) == 0;
    char name[sizeof(fault->word)];
    snprintf(name, sizeof(name), "%.*s", (int)len, word);
    if (strcmp(name, "auth") == 0 && http_header(r, "Authorization") != NULL)
        return;
    while (i < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[i].word, name) != 0)
        i++;
    if (i < sizeof(kinds) / sizeof(kinds[0])) {
        *fault = kinds[i];
    } else {
        fault->work = done;
        fault->status = (int)strtoul(word + (done ? 5 : 0), NULL, 10);
    }
    if (word[len] == '=')
        fault->bytes = (long)strtoul(word + len + 1, NULL, 10);
    snprintf(fault->word, sizeof(fault->word), "%.*s", (int)strcspn(word, "@"), word);
    if (fault->end == GOES_ON && fault->status < 100) {
        fprintf(stderr, "no fault '%s'\n", word);
        _exit(1);
    }
}

/* The first fault for this request; every line that speaks of it is counted down. */
static void http_fault_find(const char *dir, const struct request *r, struct http_fault *fault)
{
    char text[4096], name[4096];
    *fault = (struct http_fault){"", true, 0, GOES_ON, 0};
    snprintf(name, sizeof(name), "%s/fault", dir);
    int fd = open(name, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return;
    /* Connections side by side take turns. */
    ssize_t n = lockf(fd, F_LOCK, 0) == 0 ? read(fd, text, sizeof(text) - 1) : 0;
    text[n > 0 ? n : 0] = '\0';
    snprintf(name, sizeof(name), "%s %s", r->method, r->target);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        char *word, digits[24];
        unsigned long count = strtoul(line, &word, 10);
        bool counted = *word == ':';
        const char *part = strchr(line, '@');
        if ((part != NULL && strstr(name, part + 1) == NULL) || (counted && count == 0))
            continue;
        if (counted && snprintf(digits, sizeof(digits), "%0*lu", (int)(word - line), count - 1) > 0
            && pwrite(fd, digits, (size_t)(word - line), line - text) < 0)
            http_die("fault");
        if (fault->word[0] == '\0' && (!counted || count == 1))
            http_fault_read(counted ? word + 1 : line, r, fault);
    }
    close(fd);
}

static void http_log(const char *dir, const struct request *r, const struct http_fault *fault)
{
    char text[4096];
    snprintf(text, sizeof(text), "%s/log", dir);
    FILE *log = fopen(text, "a");
    if (log == NULL)
        http_die(text);
    fprintf(log, "%s %s %zu%s%s\n", r->method, r->target, r->body.len,
            fault->word[0] != '\0' ? " " : "", fault->word);
    fclose(log);
}

/* What a fault has answered in place of the server. */
static void http_replace(const struct request *r, struct answer *a, const char *word)
{
    const char *when = strchr(word, '=');
    char date[64];
    time_t at = time(NULL);
    const char *host = http_header(r, "Host"), *port = host != NULL ? strrchr(host, ':') : NULL;
    a->head.len = a->body.len = 0;
    http_say(&a->head, "Content-Type: text/html\r\n");
    http_say(&a->body, "<html><body>a test</body></html>\n");
    if (when != NULL && strncmp(when, "=date+", 6) == 0) {
        at += (time_t)strtoul(when + 6, NULL, 10);
        strftime(date, sizeof(date), "=%a, %d %b %Y %H:%M:%S GMT", gmtime(&at));
        when = date;
    }
    if (when != NULL) {
        http_say(&a->head, "Retry-After: ");
        http_say(&a->head, when + 1);
        http_say(&a->head, "\r\n");
    }
    if (a->status == 401)
        http_say(&a->head, "WWW-Authenticate: Basic realm=\"test\"\r\n");
    if (a->status / 100 == 3) {
        http_say(&a->head, "Location: http://localhost");
        http_say(&a->head, port != NULL ? port : "");
        http_say(&a->head, r->target);
        http_say(&a->head, "\r\n");
    }
}

/* Sends the answer, or as much of it as the fault lets through. */
static void http_reply(int fd, const struct answer *a, const struct http_fault *fault)
{
    static struct bytes out;
    char line[128];
    out.len = 0;
    bool endless = strcmp(fault->word, "endless") == 0;
    size_t length = strncmp(fault->word, "short", 5) == 0 ? (size_t)fault->bytes : a->body.len;
    snprintf(line, sizeof(line), "HTTP/1.1 %d \r\nContent-Length: %zu\r\n", a->status, length);
    if (endless || strcmp(fault->word, "open") == 0)
        snprintf(line, sizeof(line), "HTTP/1.1 %d \r\n", a->status);
    http_say(&out, line);
    for (long i = 0; strncmp(fault->word, "heads", 5) == 0 && i < fault->bytes; i++)
        http_say(&out, "X-More: and more\r\n");
    http_add(&out, a->head.at, a->head.len);
    http_say(&out, "\r\n");
    size_t most = fault->bytes >= 0 ? (size_t)fault->bytes : out.len;
    http_add(&out, a->body.at, a->body.len);
    if (strncmp(fault->word, "short", 5) == 0 || strncmp(fault->word, "heads", 5) == 0)
        most = out.len;
    for (size_t i = 0; i < out.len && strcmp(fault->word, "slow") == 0; i++) {
        http_send(fd, out.at + i, 1);
        poll(NULL, 0, 100);
    }
    if (strcmp(fault->word, "slow") != 0)
        http_send(fd, out.at, fault->end == GOES_ON || most > out.len ? out.len : most);
    while (endless && write(fd, out.at, out.len) > 0)
        continue;
}

/* One request, and what becomes of the connection. */
static enum http_end http_request(FILE *in, const char *dir, http_answer *answer)
{
    static struct request r;
    static struct answer a;
    struct http_fault fault;
    if (!http_read_head(in, &r))
        return CLOSED;
    http_fault_find(dir, &r, &fault);
    bool answers = fault.work || fault.status != 0;
    if (answers && !http_read_body(in, &r))
        return CLOSED;
    http_log(dir, &r, &fault);
    if (!answers)
        return fault.end;
    a.status = 200;
    a.head.len = a.body.len = 0;
    if (fault.work)
        answer(&r, &a);
    if (fault.status != 0) {
        a.status = fault.status;
        http_replace(&r, &a, fault.word);
    }
    http_reply(fileno(in), &a, &fault);
    return fault.end;
}

static void http_lock(const char *dir)
{
    char name[4096];
    snprintf(name, sizeof(name), "%s/busy", dir);
    int fd = open(name, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || flock(fd, LOCK_SH) != 0)
        http_die(name);
}

static void http_connection(int fd, const char *dir, http_answer *answer)
{
    FILE *in = fdopen(fd, "r");
    int on = 1;
    http_lock(dir);
    char rest[4096];
    struct linger hard = {1, 0};
    enum http_end end;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (in == NULL)
        http_die("fdopen");
    do
        end = http_request(in, dir, answer);
    while (end == GOES_ON);
    while (end == STALLED && read(fd, rest, sizeof(rest)) > 0)
        continue;
    if (end == RESET)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
}

/* Waits until there is something to read; false when the parent is no more. */
static bool http_wait(int fd, pid_t parent)
{
    struct pollfd p = {fd, POLLIN, 0};
    while (poll(&p, 1, 200) == 0)
        if (getppid() != parent)
            return false;
    return true;
}

static void http_accept(int listener, pid_t parent, const char *dir, http_answer *answer)
{
    int status;
    signal(SIGPIPE, SIG_IGN);
    while (http_wait(listener, parent)) {
        int fd = accept(listener, NULL, NULL);
        pid_t child = fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? -1 : fork();
        if (child < 0)
            http_die("connection");
        if (child == 0) {
            http_connection(fd, dir, answer);
            _exit(0);
        }
        close(fd);
        while (waitpid(-1, &status, WNOHANG) > 0)
            if (status != 0)
                _exit(1);
    }
    kill(0, SIGKILL);
}

/* The server is a child of this process and the head of a group, so that one kill ends it with all
   its connections, their programs and what hooks left behind. 1 when it ended before that. */
static int http_serve(const char *dir, http_answer *answer)
{
    struct sockaddr_in at;
    socklen_t len = sizeof(at);
    pid_t parent = getppid(), self = getpid();
    int status, listener = socket(AF_INET, SOCK_STREAM, 0);
    char byte;
    memset(&at, 0, sizeof(at));
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || fcntl(listener, F_SETFD, FD_CLOEXEC) < 0 ||
        bind(listener, (struct sockaddr *)&at, len) != 0 || listen(listener, 64) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &len) != 0)
        http_die("socket");
    printf("port %d\n", ntohs(at.sin_port));
    fflush(stdout);
    pid_t server = fork();
    if (server < 0)
        http_die("fork");
    setpgid(server, server);
    if (server == 0)
        http_accept(listener, self, dir, answer);
    close(listener);
    while (http_wait(0, parent) && read(0, &byte, 1) > 0)
        continue;
    kill(-server, SIGKILL);
    waitpid(server, &status, 0);
    return !(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

#endif
