/* fs.h - files: read them safely, change several of them all at once or not at all

   fs_commit works by journal and exchange. The new texts are staged beside the files, a journal
   names them, and one appended line, `commit`, decides. Each staged copy then changes places with
   its file in one step, so the old text stays at hand and both directions stay open until the end.
   A kill or a power cut at any instant leaves a state that the next writing command completes or
   undoes: every file new, or every file as it was, and nothing left over. No signal needs a
   handler. The journal and the lock lie in root.state.

   Paths are relative to the project and never leave it: plain names between '/', so no "..", "."
   or '/' at an end, no symbolic link, no other mount. What breaks that rule is refused with exit
   code 2.

   Every function returns true when it did its work; else it fills *f (see msg.h) and returns
   false. f->state tells what is on disk. */
#ifndef RELVER_FS_H
#define RELVER_FS_H

#include "../relver.h"
#include "arena.h"
#include "msg.h"

#include <stdbool.h>
#include <stddef.h>

enum fs_kind { FS_ABSENT, FS_FILE, FS_DIR, FS_OTHER /* link, FIFO, device, unreadable.. */ };

struct fs_entry {
    const char *name;
    enum fs_kind kind;
};

/* Files that lie somewhere else than on the disk: those of a commit. Paths are the root's, checked
   already; reading what is not there fails as fs_read does. */
struct fs_view {
    enum fs_kind (*kind)(const struct fs_view *v, const char *path);
    bool (*read)(const struct fs_view *v, struct arena *a, const char *path, relver_str *out,
        struct fail *f);
    bool (*list)(const struct fs_view *v, struct arena *a, const char *path, struct fs_entry **out,
        size_t *n, struct fail *f);
};

struct root {
    const char *path;    /* the project directory, absolute, free of symbolic links */
    bool git;            /* it lies in a git work tree */
    bool foreign;        /* .. whose git directory belongs to another user */
    const char *top;     /* the work tree that holds it; without git, the same */
    const char *below;   /* path below top: "" or "sub/dir/" */
    const char *state;   /* <git directory>/relver, one for each worktree; else <path>/.relver */
    const char *shared;  /* <git common directory>/relver, one for all worktrees; else state */
    const char *command; /* what the user typed, for the lock and for messages */
    int fd;              /* of path, to resolve names from */
    int dir, lock;       /* of state, and of its lock; -1 while the lock is not held */
    const struct fs_view *view; /* where fs_kind, fs_read and fs_list look; NULL: on the disk */
};

/* Opens the project at dir and finds its git directory, upward; starts no process and writes
   nothing. Exit code 2 when dir is not a directory. */
bool fs_open_root(struct root *r, struct arena *a, const char *dir, const char *command,
    struct fail *f);

/* The git directory, or the one that all worktrees have in common, to read in: *out is a root
   without a work tree. False, without a failure, when there is none. */
bool fs_open_git(const struct root *r, struct arena *a, bool shared, struct root *out);

/* For a file that may lie anywhere: its own directory, and its name in there. */
bool fs_open_beside(struct root *r, struct arena *a, const char *file, const char *command,
    const char **name, struct fail *f);

/* The whole file, with a NUL after it that len does not count. Exit codes: 2, code "io.absent",
   when there is no such file; 2 when it is no regular file, is above 1 GiB or breaks the path
   rule; 4 when it grows while it is read; 8 when it cannot be read. Never blocks on a FIFO. */
bool fs_read(const struct root *r, struct arena *a, const char *path, relver_str *out,
    struct fail *f);

/* The same of a file that need not be there, nor its path keep the rule: *out is absent then. */
bool fs_read_if(const struct root *r, struct arena *a, const char *path, relver_str *out,
    struct fail *f);

/* Hands on the bytes of a file on the disk, of any size, piece by piece. */
typedef void fs_taker(void *to, const void *p, size_t n);
bool fs_pass(const struct root *r, struct arena *a, const char *path, fs_taker *take, void *to,
    struct fail *f);

/* A file that stays as it is, to read where it lies, as long as relver runs; false: it cannot. */
bool fs_map(const struct root *r, const char *path, relver_str *out);

/* Whether a file is the one that it was when it was marked, and as it was; marks it anew. */
struct fs_mark {
    unsigned long long ino; /* 0: none was there */
    long long size, seconds;
};
bool fs_same(const struct root *r, const char *path, struct fs_mark *mark);

/* What lies at path; a path that breaks the rule is FS_ABSENT. */
enum fs_kind fs_kind(const struct root *r, const char *path);

/* The entries of a directory ("" is the project itself) but "." and "..", in byte order. */
bool fs_list(const struct root *r, struct arena *a, const char *path, struct fs_entry **out,
    size_t *n, struct fail *f);

/* Makes durable what another program wrote and did not sync: the bytes of a file, or which files
   lie in a directory ("." is the project itself). */
bool fs_settle(const struct root *r, struct arena *a, const char *path, struct fail *f);

/* Adds text to the end of a file outside the project, which a runner gave for that; creates it. */
bool fs_append(struct arena *a, const char *path, relver_str text, struct fail *f);

/* Takes the lock that every writing command holds; waits up to 10 seconds for another holder, then
   exit code 4 naming it. */
bool fs_lock(struct root *r, struct arena *a, struct fail *f);
void fs_unlock(struct root *r);

/* For commands that only read: *id is the transaction that was left half way, NULL when there is
   none. Waits for a writer that is at work, as fs_lock does; writes nothing. */
bool fs_pending(const struct root *r, struct arena *a, const char **id, struct fail *f);

/* For writing commands, under the lock and before they read anything: completes or undoes what was
   left half way; *did tells whether there was something. May be killed and run again. Exit code 6
   when a file was changed by another program meanwhile: its bytes are kept, ours are undone. */
bool fs_recover(struct root *r, struct arena *a, bool *did, struct fail *f);

/* before: the bytes the change was computed from; after: the bytes wanted. Absent (ptr NULL)
   before creates the file, and the directory it is in, which stays when all is undone; absent after
   removes it. */
struct fs_change {
    const char *path;
    relver_str before, after;
};

/* Makes every change or none, durably; under the lock, after fs_recover. Owner, mode, ACL and
   extended attributes stay. Changes nothing when all texts are the same already. Exit codes: 2
   when a target may not be replaced (link, several hard links, immutable, read-only directory,
   mount point, foreign owner); 6 when a file no longer holds `before`; 8 when an operation failed
   and all was undone; 5, "half way, ID", when even that failed: the next writing run goes on. */
bool fs_commit(struct root *r, struct arena *a, const struct fs_change *changes, size_t n,
    struct fail *f);

/* The undo record: one text in root.state, of which a kill leaves the old or the new one. Absent
   (ptr NULL) when there is none. The last two are called under the lock. */
bool fs_record_read(const struct root *r, struct arena *a, relver_str *out, struct fail *f);
bool fs_record_write(struct root *r, struct arena *a, relver_str text, struct fail *f);
bool fs_record_drop(struct root *r, struct arena *a, struct fail *f);

/* Waits, as fs_lock does, until a lock file of git's is gone from the git directory, or from the
   one of all worktrees; a kill or a power cut leaves them. Where /proc tells that no process can
   hold it, by git's own rule (it is not open, and no git works on this repository), it is removed
   instead. Exit code 4, "git.lock". */
bool fs_git_lock(const struct root *r, struct arena *a, bool shared, const char *name,
    struct fail *f);

/* Removes a scratch file of root.state, if it is there. */
bool fs_scrap(const struct root *r, struct arena *a, const char *name, struct fail *f);

#endif
