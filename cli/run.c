#define _POSIX_C_SOURCE 200809L
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { CHUNK = 64 * 1024, NO_LIMIT = -1 };

bool run_has(struct arena *a, const char *name)
{
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t n = strcspn(path, ":");
        if (n > 0 && access(arena_printf(a, "%.*s/%s", (int)n, path, name), X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

unsigned run_seconds(unsigned usual)
{
    const char *s = getenv("RELVER_TIMEOUT");
    unsigned n = 0;
    while (s != NULL && *s >= '0' && *s <= '9' && n < 1000000)
        n = n * 10 + (unsigned)(*s++ - '0');
    return n > 0 ? n : usual;
}

/*-- starting ------------------------------------------------------------------------------------*/

static bool same_name(const char *set, const char *variable)
{
    size_t n = strcspn(set, "=");
    return strncmp(set, variable, n) == 0 && variable[n] == '=';
}

/* Whether one of those names, or the beginning of some, is a variable's. */
static bool is_kept(const char *keep, const char *variable)
{
    size_t len = strcspn(variable, "=");
    while (keep != NULL && *keep != '\0') {
        size_t n = strcspn(keep, " ");
        bool some = n > 0 && keep[n - 1] == '*';
        if (some ? strncmp(keep, variable, n - 1) == 0 : n == len && !strncmp(keep, variable, n))
            return true;
        keep += n + (keep[n] == ' ');
    }
    return keep == NULL;
}

static char **environment(struct arena *a, const char *keep, const char *const *set)
{
    size_t count = 0, changes = 0, n = 0;
    while (environ[count] != NULL)
        count++;
    while (set != NULL && set[changes] != NULL)
        changes++;
    char **env = arena_alloc(a, (count + changes + 1) * sizeof *env);
    for (size_t i = 0; i < count; i++) {
        bool kept = is_kept(keep, environ[i]);
        for (size_t k = 0; k < changes; k++)
            kept = kept && !same_name(set[k], environ[i]);
        if (kept)
            env[n++] = environ[i];
    }
    for (size_t k = 0; k < changes; k++)
        if (strchr(set[k], '=') != NULL)
            env[n++] = arena_dup(a, set[k], strlen(set[k]));
    return env;
}

struct pipes {
    int in[2], out[2], err[2]; /* [0] is read from, [1] written to; -1: none */
    int lost;                  /* errno, when a part of what was said did not arrive */
};

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void shut_all(struct pipes *p)
{
    for (int i = 0; i < 2; i++) {
        shut(&p->in[i]);
        shut(&p->out[i]);
        shut(&p->err[i]);
    }
}

static bool open_pipe(int fd[2])
{
    if (pipe(fd) != 0)
        return false;
    return fcntl(fd[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd[1], F_SETFD, FD_CLOEXEC) == 0;
}

/* To a directory, for a program to start in, from `here`; POSIX has no other way but fork. */
static int move(const char *dir, char here[PATH_MAX])
{
    if (dir == NULL || (getcwd(here, PATH_MAX) != NULL && chdir(dir) == 0))
        return 0;
    return errno;
}

/* In the foreground of a terminal it stays in relver's group: it may have to ask for a password. */
static int spawn(struct arena *a, const struct run *what, const struct pipes *p, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t usual;
    char here[PATH_MAX] = "/";
    short flags = POSIX_SPAWN_SETSIGDEF;
    if (!isatty(STDIN_FILENO))
        flags |= POSIX_SPAWN_SETPGROUP;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    posix_spawn_file_actions_adddup2(&files, p->in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, p->out[1], STDOUT_FILENO);
    if (p->err[1] >= 0)
        posix_spawn_file_actions_adddup2(&files, p->err[1], STDERR_FILENO);
    else
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setsigdefault(&how, &usual);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setflags(&how, flags);
    int err = move(what->dir, here);
    if (err == 0)
        err = posix_spawnp(pid, what->argv[0], &files, &how, (char **)(size_t)what->argv,
                           environment(a, what->keep, what->env));
    if (what->dir != NULL && chdir(here) != 0)
        here[0] = '\0'; /* it is gone; no path of relver's own begins there */
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    return err;
}

/* Starts it with its ends of the pipes, and leaves relver's. */
static bool start(struct arena *a, const struct run *what, bool errors, struct pipes *p, pid_t *pid,
                  struct fail *f)
{
    *p = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, 0};
    bool open = open_pipe(p->in) && open_pipe(p->out) && (!errors || open_pipe(p->err));
    int err = open ? spawn(a, what, p, pid) : errno;
    if (err != 0) {
        shut_all(p);
        return fail_set(f, a, 4, "run", NULL, "nothing changed", "run the same command again",
                        "cannot start %s: %s", what->argv[0], strerror(err));
    }
    shut(&p->in[0]);
    shut(&p->out[1]);
    shut(&p->err[1]);
    return true;
}

static void kill_all(pid_t pid)
{
    if (kill(-pid, SIGKILL) != 0) /* it has no group of its own */
        kill(pid, SIGKILL);
}

static int reap(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* What it does not read must not end relver. */
static void ignore_pipe(struct sigaction *old)
{
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, old);
}

/*-- to its end ----------------------------------------------------------------------------------*/

static long long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void gather(struct pipes *p, int *fd, struct text *t)
{
    char buf[CHUNK];
    ssize_t n = read(*fd, buf, sizeof buf);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n < 0)
        p->lost = errno;
    if (n > 0)
        text_add(t, buf, (size_t)n);
    else
        shut(fd);
}

/* A program need not read all; whether it should have is in its exit code. */
static void feed(struct pipes *p, relver_str *input)
{
    ssize_t n = write(p->in[1], input->ptr, input->len < CHUNK ? input->len : CHUNK);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n > 0) {
        input->ptr += n;
        input->len -= (size_t)n;
    }
    if (n < 0 && errno != EPIPE)
        p->lost = errno;
    if (n < 0 || input->len == 0)
        shut(&p->in[1]);
}

/* Until it has shut its ends; false when the deadline comes first. */
static bool converse(struct pipes *p, relver_str input, long long end, struct text *out,
                     struct text *err)
{
    fcntl(p->in[1], F_SETFL, O_NONBLOCK);
    if (input.len == 0)
        shut(&p->in[1]);
    while (p->out[0] >= 0 || p->err[0] >= 0) {
        struct pollfd fds[] = {{p->in[1], POLLOUT, 0}, {p->out[0], POLLIN, 0},
                               {p->err[0], POLLIN, 0}};
        long long left = end == NO_LIMIT ? NO_LIMIT : end - now_ms();
        if (end != NO_LIMIT && left <= 0)
            return false;
        if (poll(fds, 3, (int)left) < 0)
            continue;
        if (fds[0].revents != 0)
            feed(p, &input);
        if (fds[1].revents != 0)
            gather(p, &p->out[0], out);
        if (fds[2].revents != 0)
            gather(p, &p->err[0], err);
    }
    return true;
}

/* What it says until its end or the deadline, and how it ended. */
static bool hear(struct arena *a, pid_t pid, struct pipes *p, const struct run *what,
                 struct ran *out, struct fail *f)
{
    struct sigaction old;
    struct text said = {.arena = a}, errors = {.arena = a};
    long long end = what->seconds > 0 ? now_ms() + 1000LL * what->seconds : NO_LIMIT;
    text_adds(&said, "");
    text_adds(&errors, "");
    ignore_pipe(&old);
    out->late = !converse(p, what->input, end, &said, &errors);
    if (out->late)
        kill_all(pid);
    shut_all(p);
    out->status = reap(pid);
    sigaction(SIGPIPE, &old, NULL);
    out->out = relver_sn(said.ptr, said.len);
    out->err = relver_sn(errors.ptr, errors.len);
    return p->lost == 0 ||
           fail_set(f, a, 4, "run", NULL, "nothing changed", "run the same command again",
                    "cannot talk with %s: %s", what->argv[0], strerror(p->lost));
}

bool run(struct arena *a, const struct run *what, struct ran *out, struct fail *f)
{
    struct pipes p;
    pid_t pid;
    return start(a, what, true, &p, &pid, f) && hear(a, pid, &p, what, out, f);
}

/*-- apart ---------------------------------------------------------------------------------------*/

/* The child. The alarm is its own, since it must end even when relver was killed: it holds what
   relver holds. */
static int be_apart(struct arena *a, int (*work)(void *data, struct text *out, struct text *err),
                    void *data, unsigned seconds, const struct pipes *p)
{
    struct text out = {.arena = a}, err = {.arena = a};
    struct sigaction old;
    signal(SIGALRM, SIG_DFL);
    alarm(seconds);
    ignore_pipe(&old);
    int status = work(data, &out, &err);
    struct child to = {.in = p->out[1]}, errors = {.in = p->err[1]};
    bool said = child_say(&to, relver_sn(out.ptr, out.len)) &&
                child_say(&errors, relver_sn(err.ptr, err.len));
    return said ? status : 127;
}

bool run_apart(struct arena *a, const char *name,
               int (*work)(void *data, struct text *out, struct text *err), void *data,
               unsigned seconds, struct ran *out, struct fail *f)
{
    struct pipes p = {{-1, -1}, {-1, -1}, {-1, -1}, 0};
    struct run what = {.argv = &name, .input = {"", 0}};
    pid_t pid = open_pipe(p.out) && open_pipe(p.err) ? fork() : -1;
    if (pid == 0)
        _exit(be_apart(a, work, data, seconds, &p));
    if (pid < 0) {
        fail_set(f, a, 4, "run", NULL, "nothing changed", "run the same command again",
                 "cannot start %s: %s", name, strerror(errno));
        shut_all(&p);
        return false;
    }
    shut(&p.out[1]);
    shut(&p.err[1]);
    bool heard = hear(a, pid, &p, &what, out, f);
    out->late = out->status == 128 + SIGALRM;
    return heard;
}

/*-- while it runs -------------------------------------------------------------------------------*/

bool child_start(struct arena *a, const struct run *what, struct child *c, struct fail *f)
{
    struct pipes p;
    pid_t pid;
    if (!start(a, what, false, &p, &pid, f))
        return false;
    *c = (struct child){.pid = pid, .in = p.in[1], .out = p.out[0], .arena = a};
    return true;
}

bool child_say(struct child *c, relver_str text)
{
    struct sigaction old;
    ignore_pipe(&old);
    while (text.len > 0) {
        ssize_t n = write(c->in, text.ptr, text.len);
        if (n < 0 && errno != EINTR)
            break;
        if (n > 0) {
            text.ptr += n;
            text.len -= (size_t)n;
        }
    }
    sigaction(SIGPIPE, &old, NULL);
    return text.len == 0;
}

/* Reads more behind what is there; false at the end. */
static bool more(struct child *c)
{
    if (c->at == c->len)
        c->at = c->len = 0;
    if (c->len + CHUNK > c->cap) {
        size_t kept = c->len - c->at;
        c->cap = 2 * (kept + CHUNK);
        char *buf = arena_alloc(c->arena, c->cap);
        if (kept > 0)
            memcpy(buf, c->buf + c->at, kept);
        c->buf = buf;
        c->at = 0;
        c->len = kept;
    }
    ssize_t n;
    do
        n = read(c->out, c->buf + c->len, CHUNK);
    while (n < 0 && errno == EINTR);
    c->len += n > 0 ? (size_t)n : 0;
    c->ended = n <= 0;
    return n > 0;
}

bool child_bytes(struct child *c, size_t n, relver_str *bytes)
{
    while (c->len - c->at < n)
        if (!more(c))
            return false;
    *bytes = relver_sn(c->buf + c->at, n);
    c->at += n;
    return true;
}

bool child_until(struct child *c, char end, relver_str *text)
{
    for (size_t looked = 0;;) {
        size_t there = c->len - c->at;
        const char *found = there > looked
                                ? memchr(c->buf + c->at + looked, end, there - looked) : NULL;
        if (found != NULL) {
            *text = relver_sn(c->buf + c->at, (size_t)(found - c->buf) - c->at);
            c->at += text->len + 1;
            return true;
        }
        looked = there;
        if (!more(c))
            return false;
    }
}

int child_stop(struct child *c)
{
    if (c->pid == 0)
        return 0;
    shut(&c->in);
    shut(&c->out);
    if (!c->ended)
        kill((pid_t)c->pid, SIGKILL);
    int status = reap((pid_t)c->pid);
    c->pid = 0;
    return status;
}
