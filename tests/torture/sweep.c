/* sweep - interrupt a command at every point, and see that nothing is ever half done

   usage: sweep MODE [OPTION..] FIXTURE COMMAND ARG.. [-- RECOVER ARG.. [-- READ ARG..]]

   A point is a system call that changes something on disk or sends something, and each side of the
   start of a program. The command runs once to count them and then once for each, in a fresh copy
   of the directory FIXTURE, disturbed at that point. RECOVER is a command that only finishes or
   undoes what was left; without it COMMAND itself runs again. READ is a command that only reads: it
   says 5 when a journal was left, else 0, and writes nothing.

     kill     SIGKILL; then RECOVER leaves every file old or every file new, and COMMAND all new
     term     the same with SIGTERM
     power    the same with the file system of -w cut off from its disk (needs -m), and once more
              after the command has said that it is done
     double   kill, then kill RECOVER at each of its points, too
     error    each error of a list at each point, and at each reading call after the first one:
              exit 0 means all new; 2, 4 or 8 all old; 5 half way; the message must say the same
     edit     another program writes to the file of -x at the point: its bytes are never lost
     replace  the same, by rename
     late     SIGKILL, and another program writes to the file of -x before RECOVER runs
     raced    another program writes to the file of -x at the point, and SIGKILL at the next
     freeze   the file of -x becomes immutable at the point: all old or all new, never stuck

     -n DIR         the new state; otherwise what COMMAND leaves undisturbed
     -j PROGRAM     says which state the working directory is in, where bytes cannot: exit code 0
                    new; 1 old; 2 half way, as the message has to say; else torn, and why on stderr
     -e CODE        how a run of COMMAND ends that has done it all; 0 otherwise
     -1             only the command itself has points: what it starts runs on to its end, as
                    git does when relver is killed
     -a             kill, double: not one process is killed but all that the command has started
     -w DIR         where to work (a new directory in /dev/shm)
     -r DIR         what lies there is made so again for each run, and in the end: a remote
     -m PROGRAM     runs after each disturbed run: for power it unmounts the file system of -w and
                    mounts it again; it may also wait for what goes on elsewhere
     -l             power: what is in the file system's log reaches the disk, and no more
     -d NAME=ERRNO  this system call always fails (an old kernel, a poor file system)
     -x FILE        the file for the last five
     -s N           only every Nth point
     -o             RECOVER takes everything back: all old, never all new
     -b             self-test: succeed only if something bad is found
     -v             tell every point

   Owner, mode and bytes count; nothing may be left over but the lock. Exit code 0 when all is well.
   Each point is one test. Linux, x86-64 and aarch64. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/*== Options ================================================================================*/

enum action { NONE, KILL, TERM, POWER, ERROR, EDIT, REPLACE, LATE, RACED, FREEZE };

static const char *fixture, *new_dir, *work, *beside, *mounter, *edited;
static char **command, **recovery, **reader;
static unsigned long every = 1;
static char *judge_argv[2];
static bool want_bad, want_old, verbose, log_flush, leaving, alone, together;
static long passed, failed;
static int done; /* -e */

static void die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

static void die(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("sweep: ", stderr);
    vfprintf(stderr, fmt, args);
    fprintf(stderr, "%s%s\n", errno ? ": " : "", errno ? strerror(errno) : "");
    exit(2);
}

static void *need(void *p)
{
    if (!p)
        die("out of memory");
    return p;
}

/*== Trees: a directory in memory ===========================================================*/

struct node {
    char *path; /* from the top */
    struct stat st;
    char *data; /* of a file or a link */
    size_t len;
};

struct tree {
    struct node *nodes;
    size_t n;
};

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static FTS *walk(const char *dir)
{
    char *argv[2] = {need(strdup(dir)), NULL};
    FTS *fts = need(fts_open(argv, FTS_PHYSICAL | FTS_NOCHDIR, by_name));
    free(argv[0]);
    return fts;
}

static void read_data(struct node *v, const char *path)
{
    size_t size = (size_t)v->st.st_size;
    v->data = need(malloc(size + 1));
    if (S_ISLNK(v->st.st_mode)) {
        v->len = (size_t)readlink(path, v->data, size);
        v->data[size] = 0;
        return;
    }
    int fd = open(path, O_RDONLY);
    ssize_t k;
    while (fd >= 0 && v->len < size && (k = read(fd, v->data + v->len, size - v->len)) > 0)
        v->len += (size_t)k;
    if (fd < 0 || v->len != size)
        die("cannot read %s", path);
    close(fd);
}

static struct tree tree_read(const char *dir)
{
    struct tree t = {0};
    FTS *fts = walk(dir);
    for (FTSENT *e; (e = fts_read(fts));) {
        if (e->fts_info == FTS_DP || e->fts_level == 0)
            continue;
        t.nodes = need(realloc(t.nodes, (t.n + 1) * sizeof *t.nodes));
        struct node *v = &t.nodes[t.n++];
        memset(v, 0, sizeof *v);
        v->path = need(strdup(e->fts_path + strlen(dir) + 1));
        v->st = *e->fts_statp;
        if (S_ISREG(v->st.st_mode) || S_ISLNK(v->st.st_mode))
            read_data(v, e->fts_path);
    }
    fts_close(fts);
    return t;
}

static void tree_free(struct tree *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->nodes[i].path);
        free(t->nodes[i].data);
    }
    free(t->nodes);
    *t = (struct tree){0};
}

static void clear(const char *dir)
{
    FTS *fts = walk(dir);
    for (FTSENT *e; (e = fts_read(fts));)
        if (e->fts_level > 0 && e->fts_info != FTS_D && remove(e->fts_accpath) != 0 && !leaving)
            die("cannot remove %s", e->fts_path);
    fts_close(fts);
}

/* At exit, also after die(). */
static void leave(void)
{
    leaving = true;
    clear(work);
    rmdir(work);
}

static void put_file(const char *path, const char *data, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, data, len) != (ssize_t)len || fchmod(fd, mode) != 0 || close(fd) != 0)
        die("cannot write %s", path);
}

/* Makes a directory hold t, hard links included. */
static void tree_write(const struct tree *t, const char *dir)
{
    char path[4096], other[4096];
    clear(dir);
    for (size_t i = 0; i < t->n; i++) {
        const struct node *v = &t->nodes[i];
        size_t twin = i;
        for (size_t j = 0; v->st.st_nlink > 1 && S_ISREG(v->st.st_mode) && j < i; j++)
            if (t->nodes[j].st.st_ino == v->st.st_ino)
                twin = j;
        snprintf(path, sizeof path, "%s/%s", dir, v->path);
        snprintf(other, sizeof other, "%s/%s", dir, t->nodes[twin].path);
        int rc = 0;
        if (S_ISDIR(v->st.st_mode))
            rc = mkdir(path, v->st.st_mode & 07777);
        else if (S_ISLNK(v->st.st_mode))
            rc = symlink(v->data, path);
        else if (twin != i)
            rc = link(other, path);
        else if (S_ISREG(v->st.st_mode))
            put_file(path, v->data, v->len, v->st.st_mode & 07777);
        else
            rc = mknod(path, v->st.st_mode, v->st.st_rdev);
        if (rc == 0 && twin == i && geteuid() == 0)
            rc = lchown(path, v->st.st_uid, v->st.st_gid);
        if (rc != 0)
            die("cannot create %s", path);
    }
}

/* The only thing that may stay behind. */
static bool is_state(const char *path)
{
    static const char *const names[] = {".git/relver", ".git/relver/lock", ".relver",
                                        ".relver/lock"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(path, names[i]))
            return true;
    return false;
}

/* NULL when the trees agree but for the state directory and `skip`, else the first difference. */
static const char *differ(const struct tree *a, const struct tree *b, const char *skip)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a->n && is_state(a->nodes[i].path))
            i++;
        while (j < b->n && is_state(b->nodes[j].path))
            j++;
        if (i == a->n || j == b->n)
            return i < a->n ? a->nodes[i].path : j < b->n ? b->nodes[j].path : NULL;
        const struct node *x = &a->nodes[i++], *y = &b->nodes[j++];
        if (strcmp(x->path, y->path) != 0)
            return x->path;
        if (skip && !strcmp(x->path, skip))
            continue;
        if (x->st.st_mode != y->st.st_mode || x->st.st_uid != y->st.st_uid
            || x->st.st_gid != y->st.st_gid || x->len != y->len
            || (x->len && memcmp(x->data, y->data, x->len) != 0))
            return x->path;
    }
}

static const struct node *find(const struct tree *t, const char *path)
{
    for (size_t i = 0; i < t->n; i++)
        if (!strcmp(t->nodes[i].path, path))
            return &t->nodes[i];
    return NULL;
}

static struct tree old_tree, new_tree, old_beside;

static void reset(const struct tree *at_work, const struct tree *at_beside)
{
    tree_write(at_work, work);
    if (beside)
        tree_write(at_beside, beside);
}

/* What the working directory holds. */
enum state { NEW, OLD, EDITED, TORN };

static enum state ask_judge(const char **why);

static enum state state_of(const char *skip, const char **why)
{
    static char path[4096];
    if (*judge_argv)
        return ask_judge(why);
    struct tree now = tree_read(work);
    const char *from_old = differ(&now, &old_tree, skip);
    const char *from_new = differ(&now, &new_tree, skip);
    snprintf(path, sizeof path, "%s", from_old ? from_old : "");
    *why = path;
    tree_free(&now);
    return !from_old ? OLD : !from_new ? NEW : TORN;
}

/*== System calls ===========================================================================*/

/* CREATEn changes something if the flags in argument n say so, TO_FD unless it is a terminal's. */
enum class { CHANGE, CREATE1, CREATE2, TO_FD, START, LOOK };

static const struct call {
    long nr;
    const char *name;
    enum class class;
} calls[] = {
#define CALL(name, class) {SYS_##name, #name, class},
#if defined(__x86_64__)
    CALL(open, CREATE1) CALL(creat, CHANGE) CALL(rename, CHANGE) CALL(link, CHANGE)
    CALL(unlink, CHANGE) CALL(symlink, CHANGE) CALL(mkdir, CHANGE) CALL(rmdir, CHANGE)
    CALL(chmod, CHANGE) CALL(chown, CHANGE) CALL(lchown, CHANGE) CALL(stat, LOOK)
    CALL(lstat, LOOK) CALL(access, LOOK) CALL(readlink, LOOK) CALL(fork, START) CALL(vfork, START)
#endif
    CALL(clone, START) CALL(clone3, START) CALL(sendto, CHANGE)
    CALL(openat, CREATE2) CALL(write, TO_FD) CALL(pwrite64, TO_FD) CALL(writev, TO_FD)
    CALL(sendfile, TO_FD) CALL(copy_file_range, CHANGE) CALL(fsync, CHANGE)
    CALL(fdatasync, CHANGE) CALL(renameat, CHANGE) CALL(renameat2, CHANGE) CALL(linkat, CHANGE)
    CALL(unlinkat, CHANGE) CALL(symlinkat, CHANGE) CALL(mkdirat, CHANGE) CALL(ftruncate, CHANGE)
    CALL(truncate, CHANGE) CALL(fallocate, CHANGE) CALL(fchmod, CHANGE) CALL(fchmodat, CHANGE)
    CALL(fchown, CHANGE) CALL(fchownat, CHANGE) CALL(fsetxattr, CHANGE) CALL(setxattr, CHANGE)
    CALL(fremovexattr, CHANGE) CALL(utimensat, CHANGE) CALL(flock, CHANGE)
    CALL(openat2, LOOK) CALL(read, LOOK) CALL(pread64, LOOK) CALL(fstat, LOOK)
    CALL(newfstatat, LOOK) CALL(statx, LOOK) CALL(faccessat, LOOK) CALL(faccessat2, LOOK)
    CALL(getdents64, LOOK) CALL(fgetxattr, LOOK) CALL(flistxattr, LOOK) CALL(readlinkat, LOOK)
    CALL(getrandom, LOOK) CALL(close, LOOK)
#undef CALL
};

static const struct { const char *name; int err; } errors[] = {
    {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EINTR", EINTR}, {"EACCES", EACCES}, {"EMFILE", EMFILE},
    {"ENOSYS", ENOSYS}, {"EINVAL", EINVAL}, {"EPERM", EPERM}, {"EOPNOTSUPP", EOPNOTSUPP},
};
enum { SWEPT = 5 }; /* mode error tries the first ones */

static struct { const struct call *call; int err; } denied[8];
static size_t n_denied;

static const struct call *find_call(long nr)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i].nr == nr)
            return &calls[i];
    return NULL;
}

static bool changes(const struct call *c, const uint64_t *args)
{
    int mask = O_CREAT | O_TRUNC;
    return c->class == CHANGE || c->class == START || (c->class == TO_FD && args[0] > 2)
        || (c->class == CREATE1 && ((int)args[1] & mask))
        || (c->class == CREATE2 && ((int)args[2] & mask));
}

/* At its entry: the system call will not happen. */
static void skip_call(pid_t pid)
{
#if defined(__x86_64__)
    if (ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, orig_rax), -1L) != 0)
        die("ptrace");
#else
    int none = -1;
    struct iovec v = {&none, sizeof none};
    if (ptrace(PTRACE_SETREGSET, pid, 0x404 /* NT_ARM_SYSTEM_CALL */, &v) != 0)
        die("ptrace");
#endif
}

/* At its exit: it returns this error. */
static void set_result(pid_t pid, int err)
{
#if defined(__x86_64__)
    if (ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, rax), (long)-err) != 0)
        die("ptrace");
#else
    struct user_regs_struct regs;
    struct iovec v = {&regs, sizeof regs};
    if (ptrace(PTRACE_GETREGSET, pid, 1 /* NT_PRSTATUS */, &v) != 0)
        die("ptrace");
    regs.regs[0] = (unsigned long long)(long long)-err;
    if (ptrace(PTRACE_SETREGSET, pid, 1, &v) != 0)
        die("ptrace");
#endif
}

/*== One run ================================================================================*/

enum { MAX_PIDS = 64 };

struct run {
    enum action action;
    long at;  /* the point to act at; 0 = never */
    int err;  /* for ERROR */
    bool all; /* points are reading calls, too, after the first changing one */
    bool plain; /* nothing to count */
    /* results */
    long points;
    const char *name; /* of the call at the point */
    int status;       /* exit code, or 128 + signal */
    char message[4096];
    /* while it runs */
    bool started, dying; /* dying: whoever is met is killed */
    struct process {
        pid_t pid;
        int err;                 /* that its system call will return */
        const struct call *call; /* that it is in, when that is of class START */
    } processes[MAX_PIDS];
};

static struct process *process_of(struct run *r, pid_t pid)
{
    struct process *free = NULL;
    for (struct process *p = r->processes; p < r->processes + MAX_PIDS; p++) {
        if (p->pid == pid)
            return p;
        if (!p->pid && !free)
            free = p;
    }
    if (!free)
        die("too many processes");
    free->pid = pid;
    return free;
}

/* Nothing that is not on the disk by now will ever get there (FS_IOC_SHUTDOWN of ext4 and xfs). */
static void cut_power(void)
{
    uint32_t how = log_flush ? 1 : 2;
    int fd = open(work, O_RDONLY | O_DIRECTORY);
    if (fd < 0 || ioctl(fd, _IOR('X', 125, uint32_t), &how) != 0)
        die("cannot cut off %s", work);
    close(fd);
}

static void run_mounter(void)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        execl(mounter, mounter, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
        die("failed: %s", mounter);
}

/* What another program writes: the old text and one line more. */
static char *foreign_text(const struct tree *t, size_t *len)
{
    static const char line[] = "# another program\n";
    const struct node *v = find(t, edited);
    if (!v)
        die("no file %s in the fixture", edited);
    char *text = need(malloc(v->len + sizeof line));
    memcpy(text, v->data, v->len);
    memcpy(text + v->len, line, sizeof line - 1);
    *len = v->len + sizeof line - 1;
    return text;
}

static void write_foreign(bool by_rename)
{
    char path[4096], temp[4096];
    size_t len;
    char *text = foreign_text(&old_tree, &len);
    mode_t mode = find(&old_tree, edited)->st.st_mode & 07777;
    snprintf(path, sizeof path, "%s/%s", work, edited);
    snprintf(temp, sizeof temp, "%s/.foreign", work);
    put_file(by_rename ? temp : path, text, len, mode);
    if (by_rename && rename(temp, path) != 0)
        die("cannot rename to %s", path);
    free(text);
}

/* Makes a file immutable, or mutable again. */
static void freeze(const char *name, bool on)
{
    char path[4096];
    int flags = 0;
    snprintf(path, sizeof path, "%s/%s", work, name);
    int fd = open(path, O_RDONLY | O_NOFOLLOW);
    if (fd < 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0)
        die("cannot read the flags of %s", path);
    flags = on ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
    if (ioctl(fd, FS_IOC_SETFLAGS, &flags) != 0)
        die("cannot make %s immutable", path);
    close(fd);
}

static void thaw(void)
{
    struct tree now = tree_read(work);
    for (size_t i = 0; i < now.n; i++)
        if (S_ISREG(now.nodes[i].st.st_mode))
            freeze(now.nodes[i].path, false);
    tree_free(&now);
}

/* The point has come. */
static void act(struct run *r, pid_t pid)
{
    if (r->action == POWER)
        cut_power();
    if (r->action == ERROR)
        process_of(r, pid)->err = r->err;
    if (r->action == ERROR && strcmp(r->name, "close") != 0) /* it closes even when it fails */
        skip_call(pid);
    if (r->action == KILL || r->action == POWER || r->action == LATE)
        kill(pid, SIGKILL);
    else if (r->action == TERM)
        kill(pid, SIGTERM);
    else if (r->action == EDIT || r->action == REPLACE || r->action == RACED)
        write_foreign(r->action == REPLACE);
    else if (r->action == FREEZE)
        freeze(edited, true);
    r->dying = together;
}

static void point(struct run *r, pid_t pid, const struct call *c)
{
    if (++r->points == r->at) {
        r->name = c->name;
        act(r, pid);
    } else if (r->action == RACED && r->points == r->at + 1) {
        kill(pid, SIGKILL);
    }
}

static void on_call(struct run *r, pid_t pid)
{
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) < 0)
        return; /* killed meanwhile */
    struct process *p = process_of(r, pid);
    if (info.op == PTRACE_SYSCALL_INFO_EXIT && p->err)
        set_result(pid, p->err);
    else if (info.op == PTRACE_SYSCALL_INFO_EXIT && p->call && !r->all)
        point(r, pid, p->call);
    *p = (struct process){.pid = pid};
    const struct call *c = info.op == PTRACE_SYSCALL_INFO_ENTRY ? find_call((long)info.entry.nr)
                                                                 : NULL;
    if (!c)
        return;
    for (size_t i = 0; i < n_denied; i++)
        if (denied[i].call == c) {
            skip_call(pid);
            p->err = denied[i].err;
            return;
        }
    bool change = changes(c, (const uint64_t *)info.entry.args);
    r->started |= change;
    p->call = c->class == START ? c : NULL;
    if (!change && !(r->all && r->started && (c->class == LOOK || c->class == CREATE2)))
        return;
    point(r, pid, c);
}

static void child(char **argv, int err_fd)
{
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(err_fd, 2);
    if (chdir(work) != 0)
        _exit(126);
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    execvp(argv[0], argv);
    _exit(127);
}

static void run(struct run *r, char **argv)
{
    const long trace_options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC
        | (alone ? 0 : PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE);
    int status, err_fd = memfd_create("stderr", MFD_CLOEXEC);
    pid_t pid = fork(), first = pid;
    if (pid < 0 || err_fd < 0)
        die("cannot start");
    if (pid == 0)
        child(argv, err_fd);
    if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)
        || ptrace(PTRACE_SETOPTIONS, pid, NULL, trace_options) != 0)
        die("cannot trace");
    ptrace(r->plain && !n_denied ? PTRACE_DETACH : PTRACE_SYSCALL, pid, NULL, NULL);
    while ((pid = waitpid(-1, &status, __WALL)) > 0) {
        long sig = 0;
        if (!WIFSTOPPED(status)) {
            if (pid == first)
                r->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            process_of(r, pid)->pid = 0;
            continue;
        }
        if (r->dying)
            kill(pid, SIGKILL);
        else if (WSTOPSIG(status) == (SIGTRAP | 0x80))
            on_call(r, pid);
        else if (status >> 16 == 0 && WSTOPSIG(status) != SIGSTOP)
            sig = WSTOPSIG(status);
        ptrace(PTRACE_SYSCALL, pid, NULL, sig);
    }
    ssize_t n = pread(err_fd, r->message, sizeof r->message - 1, 0);
    r->message[n > 0 ? n : 0] = 0;
    close(err_fd);
    if (r->action == POWER && r->points < r->at)
        cut_power();
    if (r->action != NONE && mounter)
        run_mounter();
}

/* Runs argv undisturbed; its exit code. */
static int run_plain(char **argv)
{
    struct run r = {.plain = true};
    run(&r, argv);
    return r.status;
}

/*== Judging ================================================================================*/

static enum state ask_judge(const char **why)
{
    static struct run r;
    r = (struct run){.plain = true};
    run(&r, judge_argv);
    *why = r.message;
    return r.status < TORN ? (enum state)r.status : TORN;
}

static void judge(const struct run *r, const char *what, const char *why)
{
    failed += why != NULL;
    passed += why == NULL;
    if (verbose || (why && failed <= 10 && !want_bad))
        printf("  %s %ld (%s%s%s), exit %d: %s\n", what, r->at, r->name ? r->name : "-",
            r->err ? " " : "", r->err ? strerror(r->err) : "", r->status, why ? why : "ok");
    if (why && verbose)
        printf("%s", r->message);
}

static const char *complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static const char *complain(const char *fmt, ...)
{
    static char text[4400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return text;
}

/* READ tells what was left, and leaves it. */
static const char *check_reader(void)
{
    if (!reader)
        return NULL;
    struct tree before = tree_read(work);
    bool left = false;
    for (size_t i = 0; i < before.n; i++)
        left |= strstr(before.nodes[i].path, "relver/files.journal") != NULL;
    int rc = run_plain(reader);
    struct tree after = tree_read(work);
    const char *why = differ(&before, &after, NULL);
    why = why ? complain("the reading command changes %s", why)
        : rc != (left ? 5 : 0) ? complain("the reading command exits %d", rc) : NULL;
    tree_free(&before);
    tree_free(&after);
    return why;
}

/* After an interruption: recovery makes it whole, and the command then gets all of it done. */
static const char *check_recovery(void)
{
    static struct run r;
    const char *why = check_reader();
    int rc;
    r = (struct run){.plain = true};
    run(&r, recovery);
    if (why)
        return why;
    if (r.status != (recovery == command ? done : 0))
        return complain("recovery exits %d: %s", r.status, r.message);
    enum state s = state_of(NULL, &why);
    if (s == TORN || (want_old && s != OLD) || (*judge_argv && s != NEW))
        return complain("%s after recovery: %s", s == TORN ? "half done" : "not undone", why);
    if ((rc = run_plain(command)) != done)
        return complain("the command then exits %d", rc);
    return state_of(NULL, &why) == NEW ? NULL : complain("the command then leaves %s", why);
}

/* Whether the message has the three lines and `state`. */
static bool says(const struct run *r, const char *state)
{
    const char *a = strstr(r->message, "error["), *b = strstr(r->message, "\n  state: ");
    const char *c = strstr(r->message, "\n  next: ");
    return a && b && c && !strncmp(b + strlen("\n  state: "), state, strlen(state));
}

static const char *check_error(const struct run *r)
{
    const char *why;
    enum state s = state_of(NULL, &why);
    if (r->status == done)
        return s == NEW ? check_recovery() : complain("says done, but not: %s", why);
    if (r->status == 5)
        return says(r, "half way") ? check_recovery() : complain("message: %s", r->message);
    if (r->status != 2 && r->status != 4 && r->status != 8
        && !(*judge_argv && (r->status == 1 || r->status == 3)))
        return complain("not an exit code for this");
    bool half = says(r, "half way");
    if (*judge_argv && (half || says(r, "all changed, but not committed")))
        return s == EDITED || (half && s == NEW) ? check_recovery()
            : complain("says half way, but: %s", why);
    if (*judge_argv && (says(r, "all changed") || says(r, "committed on ")))
        return s == NEW ? check_recovery() : complain("says it is done, but: %s", why);
    if (!says(r, "nothing changed"))
        return complain("message: %s", r->message);
    return s == OLD ? check_recovery() : complain("says nothing changed, but: %s", why);
}

static bool foreign_kept(void)
{
    struct tree now = tree_read(work);
    const struct node *v = find(&now, edited);
    bool kept = false;
    for (int i = 0; i < 2; i++) {
        size_t len;
        char *text = foreign_text(i ? &new_tree : &old_tree, &len);
        kept |= v && v->len == len && !memcmp(v->data, text, len);
        free(text);
    }
    tree_free(&now);
    return kept;
}

/* The other program's bytes are there, and the rest is as the exit code says. */
static const char *check_foreign(const struct run *r)
{
    const char *why;
    enum state s = state_of(edited, &why);
    if (!foreign_kept())
        return "the other program's bytes are lost";
    if (r->status == 0)
        return s == NEW ? NULL : complain("says done, but not: %s", why);
    if (r->status != 6 && r->status != 2)
        return complain("not an exit code for this: %s", r->message);
    return s == OLD && says(r, "nothing changed") ? NULL : complain("not as before: %s", why);
}

/* The same for a run of RECOVER; it may find nothing wrong (0), but says 6 at most once. */
static const char *check_late(void)
{
    const char *why;
    struct run r = {0};
    run(&r, recovery);
    enum state s = state_of(edited, &why);
    if (!foreign_kept())
        return "the other program's bytes are lost";
    if (s == TORN || (r.status == 6 && (s != OLD || !says(&r, "nothing changed"))))
        return complain("half done after recovery: %s %s", why, r.message);
    if (r.status != 0 && r.status != 6)
        return complain("recovery exits %d", r.status);
    return run_plain(recovery) == 0 ? NULL : "recovery does not come to an end";
}

/*== Sweeps =================================================================================*/

static struct run fresh_run(enum action action, long at, int err)
{
    struct run r = {.action = action, .at = at, .err = err, .all = action == ERROR};
    reset(&old_tree, &old_beside);
    if (action == POWER)
        sync();
    run(&r, command);
    return r;
}

static void sweep_kill(enum action action)
{
    long n = fresh_run(NONE, 0, 0).points;
    for (long k = 1; k <= n; k += (long)every) {
        struct run r = fresh_run(action, k, 0);
        judge(&r, "point", check_recovery());
    }
    if (action == POWER) {
        const char *why;
        struct run r = fresh_run(action, n + 1, 0);
        judge(&r, "done at", state_of(NULL, &why) == NEW ? NULL : complain("not durable: %s", why));
    }
}

static void sweep_double(void)
{
    long n = fresh_run(NONE, 0, 0).points;
    for (long k = 1; k <= n; k += (long)every) {
        fresh_run(KILL, k, 0);
        struct tree torn = tree_read(work), torn_beside = {0};
        struct run count = {0};
        if (beside)
            torn_beside = tree_read(beside);
        run(&count, recovery);
        for (long j = 1; j <= count.points; j++) {
            struct run r = {.action = KILL, .at = j};
            reset(&torn, &torn_beside);
            run(&r, recovery);
            char what[32];
            snprintf(what, sizeof what, "point %ld, then", k);
            judge(&r, what, check_recovery());
        }
        tree_free(&torn);
        tree_free(&torn_beside);
    }
}

static void sweep_error(void)
{
    struct run count = {.all = true};
    reset(&old_tree, &old_beside);
    run(&count, command);
    for (long k = 1; k <= count.points; k += (long)every)
        for (size_t e = 0; e < SWEPT; e++) {
            struct run r = fresh_run(ERROR, k, errors[e].err);
            judge(&r, "point", check_error(&r));
        }
}

static void sweep_foreign(enum action action)
{
    long n = fresh_run(NONE, 0, 0).points;
    for (long k = 1; k <= n; k += (long)every) {
        struct run r = fresh_run(action, k, 0);
        if (action == LATE)
            write_foreign(false);
        if (action == FREEZE)
            thaw();
        judge(&r, "point", action == FREEZE ? check_error(&r)
            : action == LATE || (action == RACED && r.status > 128) ? check_late()
            : check_foreign(&r));
    }
}

/*== Start ==================================================================================*/

static void deny(char *arg)
{
    char *eq = strchr(arg, '=');
    if (!eq || n_denied == sizeof denied / sizeof *denied)
        die("usage: -d NAME=ERRNO");
    *eq = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (!strcmp(calls[i].name, arg))
            denied[n_denied].call = &calls[i];
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (!strcmp(errors[i].name, eq + 1))
            denied[n_denied].err = errors[i].err;
    if (!denied[n_denied].call || !denied[n_denied].err)
        die("unknown: %s=%s", arg, eq + 1);
    n_denied++;
}

static void options(int argc, char **argv)
{
    for (int c; (c = getopt(argc, argv, "+n:j:e:w:r:m:d:x:s:1aoblv")) != -1;) {
        if (c == 'n')
            new_dir = optarg;
        else if (c == 'j')
            *judge_argv = optarg;
        else if (c == 'e')
            done = (int)strtoul(optarg, NULL, 10);
        else if (c == '1')
            alone = true;
        else if (c == 'a')
            together = true;
        else if (c == 'w')
            work = optarg;
        else if (c == 'r')
            beside = optarg;
        else if (c == 'm')
            mounter = optarg;
        else if (c == 'd')
            deny(optarg);
        else if (c == 'x')
            edited = optarg;
        else if (c == 's')
            every = strtoul(optarg, NULL, 10);
        else if (c == 'o')
            want_old = true;
        else if (c == 'b')
            want_bad = true;
        else if (c == 'l')
            log_flush = true;
        else if (c == 'v')
            verbose = true;
        else
            exit(2);
    }
    if (argc - optind < 2 || every == 0)
        die("usage: sweep MODE [OPTION..] FIXTURE COMMAND ARG.. [-- RECOVER ARG..]");
    fixture = argv[optind];
    command = recovery = argv + optind + 1;
    for (char **p = command; *p; p++)
        if (!strcmp(*p, "--") && !reader) {
            *p = NULL;
            *(recovery == command ? &recovery : &reader) = p + 1;
        }
}

int main(int argc, char **argv)
{
    static const char *const modes[] = {"", "kill", "term", "power", "error", "edit", "replace",
                                        "late", "raced", "freeze", "double"};
    enum { DOUBLE = FREEZE + 1 };
    static char temp[] = "/dev/shm/sweep-XXXXXX";
    struct timespec start, end;
    size_t mode = DOUBLE;
    while (mode > 0 && (argc < 2 || strcmp(modes[mode], argv[1]) != 0))
        mode--;
    errno = 0;
    if (mode == 0)
        die("usage: sweep MODE [OPTION..] FIXTURE COMMAND ARG..");
    options(argc - 1, argv + 1);
    if ((mode >= EDIT && mode < DOUBLE) != !!edited || (mode == POWER && !mounter))
        die("-x goes with edit, replace, late, raced and freeze, -m with power");
    if (!work) {
        work = mkdtemp(temp);
        if (!work)
            die("cannot create %s", temp);
        atexit(leave);
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        die("cannot wait for what is left running");
    old_tree = tree_read(fixture);
    if (beside)
        old_beside = tree_read(beside);
    struct run plain = fresh_run(NONE, 0, 0);
    new_tree = tree_read(new_dir ? new_dir : work);
    errno = 0;
    if (plain.status != done || (!*judge_argv && !differ(&old_tree, &new_tree, NULL)))
        die("undisturbed, the command exits %d and must change something\n%s", plain.status,
            plain.message);
    if (plain.points == 0)
        die("undisturbed, the command has no points");
    judge(&plain, "undisturbed", state_of(NULL, &(const char *){0}) == NEW ? NULL : "not new");
    if (mode == DOUBLE)
        sweep_double();
    else if (mode == ERROR)
        sweep_error();
    else if (edited)
        sweep_foreign((enum action)mode);
    else
        sweep_kill((enum action)mode);
    if (beside)
        tree_write(&old_beside, beside);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%s: %ld points, %ld bad, %.1f s%s\n", modes[mode], passed + failed, failed,
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
        want_bad ? " (bad ones wanted)" : "");
    bool ok = want_bad ? failed > 0 : failed == 0;
    if (want_bad)
        passed = ok, failed = !ok;
    printf("%ld passed, %ld failed, 0 skipped\n", passed, failed);
    return !ok;
}
