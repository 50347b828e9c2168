/* fs_parts.h - what fs.c and commit.c share; everybody else includes fs.h */
#ifndef RELVER_FS_PARTS_H
#define RELVER_FS_PARTS_H

#include "fs.h"

#if defined(__APPLE__)
#define O_PATH O_NONBLOCK
#endif

/* Again, while a signal handler cuts the call short. */
#define AGAIN(call) while ((call) < 0 && errno == EINTR) {}

/* What every function here needs. */
struct fs_ctx {
    const struct root *r;
    struct arena *a;
    struct fail *f;
};

/* Fails with "nothing changed"; cure is what to do before the command is run again, or "". */
bool fs_refuse(const struct fs_ctx *c, int status, const char *code, const char *path,
    const char *cure, const char *fmt, ...) ARENA_PRINTF(6, 7);

/* An operation of the system failed and errno says why: exit code 8. */
bool fs_io_fail(const struct fs_ctx *c, const char *path, const char *what);

/* Whether each component of path is a plain name: the part of the path rule that needs no disk. */
bool fs_path_ok(const char *path);
bool fs_check_path(const struct fs_ctx *c, const char *path);

/* Opens path, which is fs_path_ok or ".", below dir; follows no link and crosses no mount. -1 and
   errno on failure; fs_open_fail then says why, and names the link that is in the way. */
int fs_open_below(int dir, const char *path, int flags);
bool fs_open_fail(const struct fs_ctx *c, const char *path);

/* All n bytes, and all that was written to stable storage; false with errno. */
bool fs_write_all(int fd, const char *p, size_t n);
bool fs_sync(int fd);

/* The regular file fd up to its end and a NUL; keeps fd open. */
bool fs_read_fd(const struct fs_ctx *c, const char *path, int fd, char **text, size_t *len);

/* `path`, which is absolute or relative to base. */
const char *fs_join(struct arena *a, const char *base, const char *path);

/* flock with the 10 seconds of fs_lock; how: LOCK_EX or LOCK_SH. */
bool fs_wait_lock(const struct fs_ctx *c, int fd, int how);

#endif
