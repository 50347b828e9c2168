#define _GNU_SOURCE /* openat2, O_PATH */
#include "fs_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

enum { MAX_PATH = 4095, WAIT_MS = 50, WAIT_TRIES = 10 * 1000 / WAIT_MS };
static const off_t MAX_SIZE = (off_t)1 << 30;

/*== Failures ===============================================================================*/

bool fs_refuse(const struct fs_ctx *c, int status, const char *code, const char *path,
    const char *cure, const char *fmt, ...)
{
    ARENA_FORMAT(c->a, fmt, what);
    const char *next = arena_printf(c->a, "%s%srun `%s` again", cure, *cure ? ", then " : "",
        c->r->command);
    return fail_set(c->f, c->a, status, code, path, "nothing changed", next, "%s", what);
}

bool fs_io_fail(const struct fs_ctx *c, const char *path, const char *what)
{
    static const struct {
        int err;
        const char *code, *cure;
    } table[] = {
        {ENOSPC, "io.full", "free some space"},
        {EDQUOT, "io.full", "free some space"},
        {EFBIG, "io.limit", "raise the limit (`ulimit -f`)"},
        {EMFILE, "io.limit", "raise the limit (`ulimit -n`)"},
        {ENFILE, "io.limit", "close some programs"},
        {EACCES, "io.denied", "get the right to do that"},
        {EPERM, "io.denied", "get the right to do that"},
        {EROFS, "io.denied", "mount it writable"},
        {0, "io.error", "check the disk"},
    };
    int err = errno;
    size_t i = 0;
    while (table[i].err && table[i].err != err)
        i++;
    return fs_refuse(c, 8, table[i].code, path, table[i].cure, "%s: %s", what, strerror(err));
}

/*== Paths and opening ======================================================================*/

bool fs_path_ok(const char *path)
{
    if (strlen(path) > MAX_PATH)
        return false;
    for (const char *p = path;; p++) {
        size_t n = strcspn(p, "/");
        if (n == 0 || n > NAME_MAX || (n <= 2 && !strncmp(p, "..", n)))
            return false;
        p += n;
        if (!*p)
            return true;
    }
}

/* Opens path below dir, one component after the other, for kernels without openat2. */
static int open_walk(int dir, const char *path, int flags)
{
    struct stat top, st;
    if (fstat(dir, &top) != 0)
        return -1;
    for (int at = dir;;) {
        char name[NAME_MAX + 1];
        size_t n = strcspn(path, "/");
        memcpy(name, path, n);
        name[n] = 0;
        int fd, how = path[n] ? O_PATH | O_DIRECTORY : flags;
        AGAIN(fd = openat(at, name, how | O_NOFOLLOW | O_CLOEXEC));
        int err = errno;
        if (at != dir)
            close(at);
        if (fd >= 0 && (fstat(fd, &st) != 0 || st.st_dev != top.st_dev)) {
            close(fd);
            err = EXDEV;
            fd = -1;
        }
        errno = err;
        if (fd < 0)
            return -1;
        if (!path[n])
            return fd;
        at = fd;
        path += n + 1;
    }
}

int fs_open_below(int dir, const char *path, int flags)
{
#if defined(SYS_openat2)
    struct open_how how = {
        .flags = (unsigned)(flags | O_CLOEXEC),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };
    int fd;
    AGAIN(fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how));
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) /* EPERM: old container filters */
        return fd;
#endif
    return open_walk(dir, path, flags);
}

bool fs_open_fail(const struct fs_ctx *c, const char *path)
{
    int err = errno;
    char part[MAX_PATH + 1], target[256];
    for (size_t n = 0; err != ENOENT && path[n]; n++) {
        n += strcspn(path + n, "/");
        memcpy(part, path, n);
        part[n] = 0;
        ssize_t len = readlinkat(c->r->fd, part, target, sizeof target);
        if (len >= 0)
            return fs_refuse(c, 2, "path.link", path, "name the file itself",
                "'%s' is a symbolic link to '%.*s'", part, (int)len, target);
        if (!path[n])
            break;
    }
    static const struct {
        int err;
        const char *code, *what;
    } table[] = {
        {ENOENT, "io.absent", "no such file or directory"},
        {EXDEV, "path.mount", "lies on another mount"},
        {ENOTDIR, "path.kind", "a part of the path is not a directory"},
        {ENXIO, "path.kind", "not a regular file"},
        {ENAMETOOLONG, "path.outside", "the name is too long"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].err == err)
            return fs_refuse(c, 2, table[i].code, path, "correct the path", "%s", table[i].what);
    errno = err;
    return fs_io_fail(c, path, "cannot open");
}

bool fs_check_path(const struct fs_ctx *c, const char *path)
{
    return fs_path_ok(path) || fs_refuse(c, 2, "path.outside", path, "correct the path",
        "not a plain path below the project");
}

/*== Bytes ==================================================================================*/

bool fs_write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t k;
        AGAIN(k = write(fd, p, n));
        if (k < 0)
            return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}

bool fs_sync(int fd)
{
    int rc;
#if defined(F_FULLFSYNC)
    if (fcntl(fd, F_FULLFSYNC) == 0)
        return true;
#endif
    AGAIN(rc = fsync(fd));
    return rc == 0;
}

bool fs_read_fd(const struct fs_ctx *c, const char *path, int fd, char **text, size_t *len)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fs_io_fail(c, path, "cannot read");
    if (!S_ISREG(st.st_mode))
        return fs_refuse(c, 2, "path.kind", path, "correct the path", "not a regular file");
    if (st.st_size > MAX_SIZE)
        return fs_refuse(c, 2, "file.large", path, "correct the path", "larger than 1 GiB");
    size_t size = (size_t)st.st_size, got = 0;
    char *p = arena_alloc(c->a, size + 2);
    ssize_t k = 1;
    while (k > 0 && got <= size) {
        AGAIN(k = read(fd, p + got, size + 1 - got));
        if (k < 0)
            return fs_io_fail(c, path, "cannot read");
        got += (size_t)k;
        if (got == size) /* one byte more was asked for */
            break;
    }
    if (got > size)
        return fs_refuse(c, 4, "io.busy", path, "wait until it is whole", "grows while it is read");
    p[got] = 0;
    *text = p;
    *len = got;
    return true;
}

/*== The project ============================================================================*/

/* The first line of a small file of git's, without `prefix`; NULL when it is not there. */
static const char *first_line(struct arena *a, const char *path, const char *prefix)
{
    char buf[MAX_PATH + 1];
    int fd;
    AGAIN(fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (fd < 0)
        return NULL;
    ssize_t n;
    AGAIN(n = read(fd, buf, MAX_PATH));
    close(fd);
    if (n < 0 || strncmp((buf[n] = 0, buf), prefix, strlen(prefix)) != 0)
        return NULL;
    const char *p = buf + strlen(prefix);
    return arena_dup(a, p, strcspn(p, "\r\n"));
}

const char *fs_join(struct arena *a, const char *base, const char *path)
{
    return *path == '/' ? path : arena_printf(a, "%s/%s", base, path);
}

/* The git directory that holds a state directory. */
static const char *git_dir(struct arena *a, const char *state)
{
    return arena_dup(a, state, strlen(state) - strlen("/relver"));
}

/* Finds top, state and shared. */
static void find_git(struct root *r, struct arena *a)
{
    struct stat st;
    char *top = arena_dup(a, r->path, strlen(r->path));
    r->top = r->path;
    r->below = "";
    r->state = r->shared = fs_join(a, r->path, ".relver");
    for (size_t n = strlen(top); n > 0; top[n] = 0) {
        const char *git = fs_join(a, top, ".git"), *link;
        if (stat(git, &st) == 0 && !S_ISDIR(st.st_mode))
            git = (link = first_line(a, git, "gitdir: ")) ? fs_join(a, top, link) : NULL;
        if (git && stat(git, &st) == 0 && S_ISDIR(st.st_mode)) {
            const char *common = first_line(a, fs_join(a, git, "commondir"), "");
            r->git = true;
            r->foreign = st.st_uid != geteuid();
            r->top = top;
            r->below = r->path[n] ? arena_printf(a, "%s/", r->path + n + 1) : "";
            r->state = fs_join(a, git, "relver");
            r->shared = fs_join(a, common ? fs_join(a, git, common) : git, "relver");
            return;
        }
        while (n > 0 && top[--n] != '/') {}
    }
}

bool fs_open_root(struct root *r, struct arena *a, const char *dir, const char *command,
    struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    static const struct root none = {.dir = -1, .lock = -1};
    *r = none;
    r->command = command;
    char *path = realpath(dir, NULL);
    if (!path)
        return fs_refuse(&c, 2, "path.root", dir, "name a directory", "%s", strerror(errno));
    r->path = arena_dup(a, path, strlen(path));
    free(path);
    AGAIN(r->fd = open(r->path, O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (r->fd < 0)
        return fs_refuse(&c, 2, "path.root", dir, "name a directory", "%s", strerror(errno));
    find_git(r, a);
    return true;
}

bool fs_open_git(const struct root *r, struct arena *a, bool shared, struct root *out)
{
    const char *state = shared ? r->shared : r->state;
    static const struct root none = {.dir = -1, .lock = -1};
    *out = none;
    out->command = r->command;
    out->path = git_dir(a, state);
    AGAIN(out->fd = r->git ? open(out->path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1);
    return out->fd >= 0;
}

bool fs_open_beside(struct root *r, struct arena *a, const char *file, const char *command,
    const char **name, struct fail *f)
{
    const char *slash = strrchr(file, '/');
    *name = slash ? slash + 1 : file;
    const char *dir = !slash ? "." : slash == file ? "/"
        : arena_dup(a, file, (size_t)(slash - file));
    return fs_open_root(r, a, dir, command, f);
}

static bool missing(int err)
{
    return err == ENOENT || err == ENOTDIR;
}

static bool read_text(const struct fs_ctx *c, const char *path, bool lack, relver_str *out)
{
    char *text;
    size_t len;
    int fd = fs_open_below(c->r->fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return (lack && missing(errno)) || fs_open_fail(c, path);
    bool ok = fs_read_fd(c, path, fd, &text, &len);
    close(fd);
    if (ok)
        *out = relver_sn(text, len);
    return ok;
}

bool fs_read(const struct root *r, struct arena *a, const char *path, relver_str *out,
    struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    return fs_check_path(&c, path) && (r->view ? r->view->read(r->view, a, path, out, f)
        : read_text(&c, path, false, out));
}

bool fs_same(const struct root *r, const char *path, struct fs_mark *mark)
{
    struct stat st;
    struct fs_mark was = *mark;
    *mark = (struct fs_mark){0, 0, 0};
    if (fstatat(r->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
        *mark = (struct fs_mark){st.st_ino, st.st_size, st.st_mtime};
    return was.ino != 0 && was.ino == mark->ino && was.size == mark->size
        && was.seconds == mark->seconds;
}

bool fs_read_if(const struct root *r, struct arena *a, const char *path, relver_str *out,
    struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    *out = relver_sn(NULL, 0);
    if (!fs_path_ok(path))
        return true;
    return r->view ? fs_kind(r, path) == FS_ABSENT || fs_read(r, a, path, out, f)
        : read_text(&c, path, true, out);
}

bool fs_pass(const struct root *r, struct arena *a, const char *path, fs_taker *take, void *to,
    struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    struct stat st;
    char buf[32 * 1024];
    if (!fs_check_path(&c, path))
        return false;
    int fd = fs_open_below(r->fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return fs_open_fail(&c, path);
    ssize_t k = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? 1 : -1;
    while (k > 0) {
        AGAIN(k = read(fd, buf, sizeof buf));
        if (k > 0)
            take(to, buf, (size_t)k);
    }
    bool ok = k == 0 || fs_io_fail(&c, path, "cannot read");
    close(fd);
    return ok;
}

bool fs_map(const struct root *r, const char *path, relver_str *out)
{
    struct stat st;
    void *p = MAP_FAILED;
    int fd = fs_open_below(r->fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= PTRDIFF_MAX)
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (p != MAP_FAILED)
        *out = relver_sn(p, (size_t)st.st_size);
    return p != MAP_FAILED;
}

bool fs_settle(const struct root *r, struct arena *a, const char *path, struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    int fd = fs_open_below(r->fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    bool ok = (fd >= 0 && fs_sync(fd)) || fs_io_fail(&c, path, "cannot sync");
    if (fd >= 0)
        close(fd);
    return ok;
}

static enum fs_kind kind_of(mode_t mode)
{
    return S_ISREG(mode) ? FS_FILE : S_ISDIR(mode) ? FS_DIR : FS_OTHER;
}

bool fs_append(struct arena *a, const char *path, relver_str text, struct fail *f)
{
    int fd;
    AGAIN(fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
    bool ok = fd >= 0 && fs_write_all(fd, text.ptr, text.len);
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    return ok || fail_set(f, a, 8, "io.output", path, "see `relver status`",
                          "mend the output, then run the same command again",
                          "cannot write: %s", strerror(errno));
}

enum fs_kind fs_kind(const struct root *r, const char *path)
{
    struct stat st;
    if (!fs_path_ok(path))
        return FS_ABSENT;
    if (r->view)
        return r->view->kind(r->view, path);
    int fd = fs_open_below(r->fd, path, O_PATH | O_NOFOLLOW);
    if (fd < 0)
        return missing(errno) ? FS_ABSENT : FS_OTHER;
    enum fs_kind kind = fstat(fd, &st) == 0 ? kind_of(st.st_mode) : FS_OTHER;
    close(fd);
    return kind;
}

static int by_name(const void *a, const void *b)
{
    const struct fs_entry *x = a, *y = b;
    return strcmp(x->name, y->name);
}

bool fs_list(const struct root *r, struct arena *a, const char *path, struct fs_entry **out,
    size_t *n, struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    struct fs_entry *list = NULL;
    size_t count = 0;
    if (*path && !fs_check_path(&c, path))
        return false;
    if (r->view)
        return r->view->list(r->view, a, path, out, n, f);
    int fd = fs_open_below(r->fd, *path ? path : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (fd < 0)
        return fs_open_fail(&c, path);
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return fs_io_fail(&c, path, "cannot list");
    }
    struct dirent *d;
    while (errno = 0, (d = readdir(dir))) {
        struct stat st;
        if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
            continue;
        struct fs_entry *e = ARENA_NEW(a, list, count);
        e->name = arena_dup(a, d->d_name, strlen(d->d_name));
        st.st_mode = (mode_t)DTTOIF(d->d_type); /* 0: the file system does not say */
        if (st.st_mode == 0 && fstatat(fd, e->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            st.st_mode = 0;
        e->kind = kind_of(st.st_mode);
    }
    int err = errno;
    closedir(dir);
    errno = err;
    if (err)
        return fs_io_fail(&c, path, "cannot list");
    if (count)
        qsort(list, count, sizeof *list, by_name);
    *out = list;
    *n = count;
    return true;
}

/*== The lock ===============================================================================*/

/* Waits for the lock; names its holder when it does not come free. */
bool fs_wait_lock(const struct fs_ctx *c, int fd, int how)
{
    const struct timespec pause = {0, WAIT_MS * 1000000L};
    const char *path = fs_join(c->a, c->r->state, "lock");
    for (int tries = 0; flock(fd, how | LOCK_NB) != 0; ) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fs_io_fail(c, path, "cannot lock");
        if (++tries == WAIT_TRIES) {
            const char *holder = first_line(c->a, path, "");
            return fs_refuse(c, 4, "lock.held", path, "wait for it", "held by process %s",
                holder && *holder ? holder : "(unknown)");
        }
        nanosleep(&pause, NULL);
    }
    return true;
}

bool fs_lock(struct root *r, struct arena *a, struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    const char *holder = arena_printf(a, "%ld (%s)\n", (long)getpid(), r->command);
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is an error to report, not a death */
    if (mkdir(r->state, 0777) != 0 && errno != EEXIST)
        return fs_io_fail(&c, r->state, "cannot create");
    AGAIN(r->dir = open(r->state, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (r->dir < 0)
        return fs_io_fail(&c, r->state, "cannot open");
    AGAIN(r->lock = openat(r->dir, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
    bool ok = r->lock >= 0 || fs_io_fail(&c, fs_join(a, r->state, "lock"), "cannot open");
    ok = ok && fs_wait_lock(&c, r->lock, LOCK_EX);
    ok = ok && ((ftruncate(r->lock, 0) == 0 && fs_write_all(r->lock, holder, strlen(holder)))
        || fs_io_fail(&c, fs_join(a, r->state, "lock"), "cannot write"));
    if (!ok)
        fs_unlock(r);
    return ok;
}

void fs_unlock(struct root *r)
{
    if (r->lock >= 0)
        close(r->lock);
    if (r->dir >= 0)
        close(r->dir);
    r->lock = r->dir = -1;
}

/*== Git's locks ============================================================================*/

static bool same_file(int dir, const char *path, const struct stat *st)
{
    struct stat other;
    return fstatat(dir, path, &other, 0) == 0 && other.st_dev == st->st_dev &&
        other.st_ino == st->st_ino;
}

static bool has_open(const char *proc, struct arena *a, const struct stat *lock)
{
    bool found = false;
    DIR *dir = opendir(fs_join(a, proc, "fd"));
    for (struct dirent *d; dir && !found && (d = readdir(dir)); )
        found = same_file(dirfd(dir), d->d_name, lock);
    if (dir)
        closedir(dir);
    return found;
}

/* git closes a lock while an editor or a hook runs, but it works in the top directory, or in the
   git directory. What relver itself has started only reads while this is asked. */
static bool works_here(const char *proc, struct arena *a, const struct root *r)
{
    char cwd[MAX_PATH + 1];
    const char *is = first_line(a, fs_join(a, proc, "stat"), ""); /* PID (NAME) S PARENT .. */
    const char *name = is ? strchr(is, '(') : NULL, *end = is ? strrchr(is, ')') : NULL;
    const char *own = arena_printf(a, "%ld ", (long)getpid());
    struct stat git;
    if (!name || strncmp(name, "(git", 4) != 0
        || (end && strlen(end) > 4 && !strncmp(end + 4, own, strlen(own))))
        return false;
    ssize_t n = readlink(fs_join(a, proc, "cwd"), cwd, MAX_PATH);
    if (n < 0 || stat(git_dir(a, r->shared), &git) != 0)
        return errno != ENOENT; /* unknown, unless it has ended */
    cwd[n] = 0;
    struct root its = {.path = cwd};
    find_git(&its, a);
    return same_file(AT_FDCWD, git_dir(a, its.shared), &git) || same_file(AT_FDCWD, cwd, &git);
}

/* Whether a process may hold the lock, as far as /proc tells; *all: it tells of every process. */
static bool may_be_held(struct arena *a, const struct root *r, const struct stat *lock, bool *all)
{
    char ns[64] = "";
    bool held = geteuid() != 0 && lock->st_uid != geteuid(); /* others' files are not shown */
    DIR *dir = held ? NULL : opendir("/proc");
    *all = readlink("/proc/self/ns/pid", ns, sizeof ns - 1) > 0 &&
        !strcmp(ns, "pid:[4026531836]"); /* the machine's own; else a container's */
    if (!dir)
        return true;
    for (struct dirent *d; !held && (d = readdir(dir)); ) {
        const char *proc = fs_join(a, "/proc", d->d_name);
        if (d->d_name[0] >= '1' && d->d_name[0] <= '9')
            held = has_open(proc, a, lock) || works_here(proc, a, r);
    }
    closedir(dir);
    return held;
}

bool fs_git_lock(const struct root *r, struct arena *a, bool shared, const char *name,
    struct fail *f)
{
    const struct timespec pause = {0, WAIT_MS * 1000000L};
    const char *path = fs_join(a, git_dir(a, shared ? r->shared : r->state), name);
    struct stat st;
    for (int tries = 0; lstat(path, &st) == 0; tries++) {
        bool all = false, last = tries == WAIT_TRIES;
        bool look = last || tries % (1000 / WAIT_MS) == 0; /* each second */
        if (look && !may_be_held(a, r, &st, &all) && (all || last) &&
            same_file(AT_FDCWD, path, &st) && unlink(path) == 0)
            return true;
        if (last)
            return fail_set(f, a, 4, "git.lock", path, "nothing changed",
                arena_printf(a, "end the git that works there, or `rm %s`; then run `%s` again",
                    path, r->command), "git's lock, held for %lld seconds",
                (long long)(time(NULL) - st.st_mtime));
        nanosleep(&pause, NULL);
    }
    return true;
}

/*== The undo record ========================================================================*/

static const char record[] = "stamp", record_new[] = "stamp.new";

bool fs_record_read(const struct root *r, struct arena *a, relver_str *out, struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    const char *path = fs_join(a, r->state, record);
    char *text;
    size_t len;
    int fd;
    *out = relver_sn(NULL, 0);
    AGAIN(fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (fd < 0)
        return errno == ENOENT || fs_io_fail(&c, path, "cannot open");
    bool ok = fs_read_fd(&c, path, fd, &text, &len);
    close(fd);
    if (ok)
        *out = relver_sn(text, len);
    return ok;
}

bool fs_record_write(struct root *r, struct arena *a, relver_str text, struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    int fd, how = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    AGAIN(fd = openat(r->dir, record_new, how, 0600));
    bool ok = fd >= 0 && fs_write_all(fd, text.ptr, text.len) && fs_sync(fd);
    int err = errno;
    if (fd >= 0 && close(fd) != 0 && errno != EINTR && ok) {
        err = errno;
        ok = false;
    }
    errno = err;
    ok = ok && renameat(r->dir, record_new, r->dir, record) == 0 && fs_sync(r->dir);
    if (ok)
        return true;
    fs_io_fail(&c, fs_join(a, r->state, record), "cannot write the undo record");
    unlinkat(r->dir, record_new, 0);
    unlinkat(r->dir, record, 0); /* nothing was changed that it could undo */
    return false;
}

bool fs_record_drop(struct root *r, struct arena *a, struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    const char *const names[] = {record_new, record};
    bool gone = false;
    for (size_t i = 0; i < 2; i++) {
        if (unlinkat(r->dir, names[i], 0) == 0)
            gone = true;
        else if (errno != ENOENT)
            return fs_io_fail(&c, fs_join(a, r->state, names[i]), "cannot remove");
    }
    return !gone || fs_sync(r->dir) || fs_io_fail(&c, r->state, "cannot sync");
}

bool fs_scrap(const struct root *r, struct arena *a, const char *name, struct fail *f)
{
    struct fs_ctx c = {r, a, f};
    const char *path = fs_join(a, r->state, name);
    return unlink(path) == 0 || errno == ENOENT || fs_io_fail(&c, path, "cannot remove");
}
