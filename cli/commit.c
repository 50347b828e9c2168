#define _GNU_SOURCE /* renameat2, statx, O_PATH */
#include "fs_parts.h"
#include "sha2.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#elif defined(__APPLE__)
#include <copyfile.h>
#endif

enum { MANY_FILES = 200 }; /* from here on the usual limit of 1,024 descriptors gets near */

/*== Images ================================================================================*/

/* What a name holds: its SHA-256 in hex, "-" for nothing, "?" for what is no regular file. */
typedef char image[65];

static bool same(const image a, const image b)
{
    return strcmp(a, b) == 0;
}

static bool absent(const image a)
{
    return *a == '-';
}

static void image_of(image out, relver_str text)
{
    struct sha2 s;
    strncpy(out, "-", sizeof(image));
    if (!text.ptr)
        return;
    sha2_init(&s, false);
    sha2_add(&s, text.ptr, text.len);
    sha2_hex(&s, out);
}

/* Whether fd is a text and no more, which is seen sooner than its image: less than was asked for is
   the end of a file. */
static bool holds(int fd, relver_str text)
{
    char buf[32 * 1024];
    size_t at = 0;
    ssize_t k;
    do {
        AGAIN(k = pread(fd, buf, sizeof buf, (off_t)at));
        if (k < 0 || (size_t)k > text.len - at || memcmp(buf, text.ptr + at, (size_t)k) != 0)
            return false;
        at += (size_t)k;
    } while (k == sizeof buf);
    return at == text.len;
}

/* The image of a name in dir, which may be that of a text; false with errno when it cannot be
   known. */
static bool look_at(image out, int dir, const char *name, relver_str text, const image of_text)
{
    char buf[32 * 1024];
    struct stat st;
    struct sha2 s;
    int fd;
    strncpy(out, "-", sizeof(image));
    if (dir < 0)
        return true;
    AGAIN(fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (fd < 0 && errno == ENOENT)
        return true;
    *out = '?';
    if (fd < 0)
        return errno == ELOOP || errno == ENXIO;
    bool known = text.len > 0 && holds(fd, text);
    ssize_t k = known ? 0 : fstat(fd, &st);
    if (known) {
        memcpy(out, of_text, sizeof(image));
    } else if (k == 0 && S_ISREG(st.st_mode)) {
        sha2_init(&s, false);
        for (off_t got = 0; got == 0 || got != st.st_size; got += k) {
            AGAIN(k = read(fd, buf, sizeof buf));
            if (k <= 0)
                break;
            sha2_add(&s, buf, (size_t)k);
        }
        sha2_hex(&s, out);
    }
    int err = errno;
    close(fd);
    errno = err;
    return k >= 0;
}

/*== Transactions ===========================================================================*/

/* One file: its name holds `before` or `after`, and its copy beside it holds the other. So a step
   forward and a step back are one operation, exchange, and what is on disk tells where we are.
   Creating and removing need no case of their own: one of the two is then "nothing". */
struct item {
    const char *path;        /* below the directory that open_item is given */
    const char *name;        /* its last component */
    const char *copy, *undo; /* names in the same directory; undo only on poor file systems */
    relver_str old, text;    /* of before and after; absent when a journal says them */
    image before, after;     /* wanted */
    image live, kept;        /* seen: what the name and what the copy hold */
    int dir;                 /* shared with the item before it when the directory is the same */
};

enum phase { STAGED, COMMITTED, DONE };

struct txn {
    struct fs_ctx c;
    struct item *items;
    size_t n;
    const struct item *foreign; /* one that another program changed */
    enum phase phase;
    dev_t dev; /* of the directory that check_item looked at last */
    uint64_t id;
    int journal;
};

static const char *txn_id(const struct txn *t)
{
    return arena_printf(t->c.a, "%016" PRIx64, t->id);
}

/* Turns what failed into "half way": the journal stays and the next writing command goes on, unless
   a human must act first (6). */
static bool half_way(struct txn *t)
{
    struct fail *f = t->c.f;
    f->status = f->status == 6 ? 6 : 5;
    f->state = arena_printf(t->c.a, "half way, %s", txn_id(t));
    return false;
}

static bool changed(const struct txn *t, const struct item *it)
{
    return fs_refuse(&t->c, 6, "file.changed", it->path, "look at it",
        "changed by another program meanwhile; its bytes are kept");
}

enum { OPEN_DIR = O_RDONLY | O_DIRECTORY | O_NOFOLLOW };

/* Makes the directory of a new file, in one that is there, durably, and opens it; -1 and errno. */
static int make_dir(struct txn *t, int root, const char *dir)
{
    const char *slash = strrchr(dir, '/');
    const char *above = slash ? arena_dup(t->c.a, dir, (size_t)(slash - dir)) : ".";
    int fd = fs_open_below(root, above, OPEN_DIR);
    if (fd < 0)
        return -1;
    bool ok = (mkdirat(fd, slash ? slash + 1 : dir, 0777) == 0 || errno == EEXIST) && fs_sync(fd);
    close(fd);
    return ok ? fs_open_below(root, dir, OPEN_DIR) : -1;
}

/* Opens the item's directory below root and names its copy. */
static bool open_item(struct txn *t, int root, size_t i)
{
    struct item *it = &t->items[i];
    const char *slash = strrchr(it->path, '/');
    size_t n = slash ? (size_t)(slash - it->path) : 0;
    it->name = slash ? slash + 1 : it->path;
    const char *stem = strlen(it->name) < NAME_MAX - 32 ? it->name : "long";
    it->copy = arena_printf(t->c.a, ".%s.relver-%016" PRIx64, stem, t->id + i);
    it->undo = arena_printf(t->c.a, "%s~", it->copy);
    if (i > 0) {
        const struct item *last = it - 1;
        if ((size_t)(last->name - last->path) == (size_t)(it->name - it->path)
            && !strncmp(last->path, it->path, n)) {
            it->dir = last->dir;
            return true;
        }
    }
    const char *dir = n ? arena_dup(t->c.a, it->path, n) : ".";
    it->dir = fs_open_below(root, dir, OPEN_DIR);
    if (it->dir < 0 && errno == ENOENT && absent(it->before))
        it->dir = make_dir(t, root, dir);
    return it->dir >= 0 || fs_open_fail(&t->c, it->path);
}

/* Whether the item opened its own directory. */
static bool owner(const struct txn *t, size_t i)
{
    return t->items[i].dir >= 0 && (i == 0 || t->items[i].dir != t->items[i - 1].dir);
}

static void txn_close(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (owner(t, i))
            close(t->items[i].dir);
    if (t->journal >= 0)
        close(t->journal);
}

static bool sync_dirs(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (owner(t, i) && !fs_sync(t->items[i].dir))
            return fs_io_fail(&t->c, t->items[i].path, "cannot sync its directory");
    return true;
}

/* Sees what is on disk. */
static bool look(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct item *it = &t->items[i];
        if (!look_at(it->live, it->dir, it->name, it->old, it->before)
            || !look_at(it->kept, it->dir, it->copy, it->text, it->after))
            return fs_io_fail(&t->c, it->path, "cannot read");
    }
    return true;
}

/*== The journal ============================================================================*/

/* One record a line: CRC-32 of the rest in hex, then
       relver-files 1 ID COMMAND
       file BEFORE AFTER PATH      one for each item; PATH from the top of the work tree
       commit                      from here on the new texts are the truth
       done                        every name holds its new text; only the copies are left
   A line that is torn or does not match its CRC ends the journal. */

static uint32_t crc32(const char *p, size_t n)
{
    static uint32_t table[256];
    uint32_t crc = 0xffffffff;
    for (uint32_t i = 0; i < 256 && table[255] == 0; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
    }
    for (size_t i = 0; i < n; i++)
        crc = crc >> 8 ^ table[(crc ^ (unsigned char)p[i]) & 255];
    return ~crc;
}

static void add_record(struct text *out, const char *record)
{
    text_addf(out, "%08" PRIx32 " %s\n", crc32(record, strlen(record)), record);
}

/* A field without blanks and control characters. */
static const char *escape(struct arena *a, const char *s)
{
    struct text out = {.arena = a};
    for (text_adds(&out, ""); *s; s++)
        if ((unsigned char)*s <= ' ' || *s == 0x7f || *s == '\\')
            text_addf(&out, "\\x%02x", (unsigned)(unsigned char)*s);
        else
            text_addc(&out, *s);
    return out.ptr;
}

static void unescape(char *s)
{
    char *out = s;
    for (; *s; s++) {
        if (s[0] == '\\' && s[1] == 'x' && s[2] && s[3]) {
            char hex[3] = {s[2], s[3], 0};
            *out++ = (char)strtoul(hex, NULL, 16);
            s += 3;
        } else {
            *out++ = *s;
        }
    }
    *out = 0;
}

static bool append(struct txn *t, const struct text *records)
{
    return (fs_write_all(t->journal, records->ptr, records->len) && fs_sync(t->journal))
        || fs_io_fail(&t->c, fs_join(t->c.a, t->c.r->state, "files.journal"), "cannot write");
}

static bool append_phase(struct txn *t, const char *word)
{
    struct text line = {.arena = t->c.a};
    add_record(&line, word);
    return append(t, &line);
}

/* Makes the names of the journal and of its directory durable, too. */
static bool write_journal(struct txn *t)
{
    struct arena *a = t->c.a;
    struct text out = {.arena = a};
    add_record(&out, arena_printf(a, "relver-files 1 %s %s", txn_id(t),
        escape(a, t->c.r->command)));
    for (size_t i = 0; i < t->n; i++) {
        const struct item *it = &t->items[i];
        const char *path = escape(a, arena_printf(a, "%s%s", t->c.r->below, it->path));
        add_record(&out, arena_printf(a, "file %s %s %s", it->before, it->after, path));
    }
    int up;
    AGAIN(up = openat(t->c.r->dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    bool ok = up >= 0 && fs_sync(up) && fs_sync(t->c.r->dir);
    if (!ok)
        fs_io_fail(&t->c, t->c.r->state, "cannot sync");
    if (up >= 0)
        close(up);
    return append(t, &out) && ok;
}

/* Takes the next blank-separated field off *p. */
static char *field(char **p)
{
    char *start = *p, *end = start + strcspn(start, " ");
    *p = *end ? end + 1 : end;
    *end = 0;
    return start;
}

/* A `file` record; what does not read well is left out, as a torn line is. */
static bool parse_file(struct item *it, char *p)
{
    image *hash[2] = {&it->before, &it->after};
    for (size_t i = 0; i < 2; i++) {
        const char *s = field(&p);
        size_t n = strlen(s);
        if (n != 64 && strcmp(s, "-") != 0)
            return false;
        memcpy(*hash[i], s, n + 1);
    }
    unescape(p);
    it->path = p;
    it->dir = -1;
    return fs_path_ok(p);
}

/* Reads the journal's text. */
static bool parse_journal(struct txn *t, char *p, size_t len)
{
    size_t lines = 0;
    for (size_t i = 0; i < len; i++)
        lines += p[i] == '\n';
    t->items = arena_alloc(t->c.a, (lines + 1) * sizeof *t->items);
    for (char *end; (end = strchr(p, '\n')); p = end + 1) {
        *end = 0;
        if (end - p < 10 || strtoul(p, NULL, 16) != crc32(p + 9, (size_t)(end - p - 9)))
            return true;
        p += 9;
        const char *kind = field(&p);
        if (!strcmp(kind, "relver-files")) {
            bool known = !strcmp(field(&p), "1");
            t->id = strtoull(field(&p), NULL, 16);
            if (!known)
                return fs_refuse(&t->c, 5, "journal.version", fs_join(t->c.a, t->c.r->state,
                    "files.journal"), "take that relver", "written by another relver")
                    || half_way(t);
        } else if (!strcmp(kind, "file") && parse_file(&t->items[t->n], p)) {
            t->n++;
        } else if (!strcmp(kind, "commit")) {
            t->phase = COMMITTED;
        } else if (!strcmp(kind, "done")) {
            t->phase = DONE;
        }
    }
    return true;
}

/* Opens the journal that was left; *left = false when there is none. */
static bool load_journal(struct txn *t, int how, bool *left)
{
    const char *path = fs_join(t->c.a, t->c.r->state, "files.journal");
    char *text;
    size_t len;
    int dir = t->c.r->dir;
    AGAIN(t->journal = openat(dir, "files.journal", how | O_NOFOLLOW | O_CLOEXEC));
    *left = t->journal >= 0;
    if (!*left)
        return errno == ENOENT || fs_io_fail(&t->c, path, "cannot open");
    return fs_read_fd(&t->c, path, t->journal, &text, &len) && parse_journal(t, text, len);
}

/*== Exchange ===============================================================================*/

/* Renames; both: the two names change places, else `to` must not exist. */
static int rename_how(int dir, const char *from, const char *to, bool both)
{
#if defined(__linux__)
    enum { NOREPLACE = 1, EXCHANGE = 2 }; /* musl does not name them */
    return (int)syscall(SYS_renameat2, dir, from, dir, to, both ? EXCHANGE : NOREPLACE);
#elif defined(__APPLE__)
    return renameatx_np(dir, from, dir, to, both ? RENAME_SWAP : RENAME_EXCL);
#else
    errno = ENOSYS;
    return -1;
#endif
}

/* One step forward or back: the name and the copy change places. Where the file system cannot do
   that at once (NFS, some FUSE), in steps that settle() completes after a kill. */
static int exchange(const struct item *it, bool live, bool kept)
{
    const char *from = live ? it->name : it->copy, *to = live ? it->copy : it->name;
    if (rename_how(it->dir, from, to, live && kept) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
        return -1;
    if (live && kept) {
        if (linkat(it->dir, it->name, it->dir, it->undo, 0) != 0
            && renameat(it->dir, it->name, it->dir, it->undo) != 0)
            return -1;
        if (renameat(it->dir, it->copy, it->dir, it->name) != 0)
            return -1;
        return renameat(it->dir, it->undo, it->dir, it->copy);
    }
    if (linkat(it->dir, from, it->dir, to, 0) == 0)
        return unlinkat(it->dir, from, 0);
    return errno == EEXIST ? -1 : renameat(it->dir, from, it->dir, to);
}

/* The inode of a name, 0 when there is none; false with errno when that cannot be known. */
static bool inode_at(int dir, const char *name, ino_t *ino)
{
    struct stat st;
    bool there = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    *ino = there ? st.st_ino : 0;
    return there || errno == ENOENT;
}

/* Completes or takes back an exchange in steps that was cut short. */
static bool settle(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct item *it = &t->items[i];
        int dir = it->dir, rc = 0;
        ino_t live, kept, undo;
        if (dir < 0)
            continue;
        if (!inode_at(dir, it->name, &live) || !inode_at(dir, it->copy, &kept)
            || !inode_at(dir, it->undo, &undo))
            rc = -1;
        else if (undo && (!live || !kept))
            rc = renameat(dir, it->undo, dir, live ? it->copy : it->name);
        else if (undo)
            rc = unlinkat(dir, it->undo, 0);
        else if (live && live == kept)
            rc = unlinkat(dir, it->copy, 0);
        if (rc != 0)
            return fs_io_fail(&t->c, it->path, "cannot put it in order");
    }
    return true;
}

/* Exchanges one item that look() has seen. What comes out must be what was seen; else another
   program wrote in between, and its bytes go back to their place. */
static bool swap(struct txn *t, struct item *it)
{
    image out, in;
    bool live = !absent(it->live), kept = !absent(it->kept);
    if (exchange(it, live, kept) != 0)
        return errno == EEXIST || errno == ENOENT ? changed(t, it)
            : fs_io_fail(&t->c, it->path, "cannot put the text in place");
    if (!look_at(out, it->dir, it->copy, it->old, it->before))
        return fs_io_fail(&t->c, it->path, "cannot read");
    if (!same(out, it->live)) {
        exchange(it, kept, !absent(out)); /* when this fails, backward() finds the file odd */
        return changed(t, it);
    }
    memcpy(in, it->kept, sizeof in);
    memcpy(it->kept, it->live, sizeof in);
    memcpy(it->live, in, sizeof in);
    return true;
}

/* Brings every file to its new text; each is as look() saw it. */
static bool forward(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!same(t->items[i].live, t->items[i].after) && !swap(t, &t->items[i]))
            return false;
    return sync_dirs(t);
}

/* Whether the copy is one that this transaction made or exchanged, or none. */
static bool ours(const struct item *it)
{
    return same(it->kept, it->before) || same(it->kept, it->after) || absent(it->kept);
}

/* One item back: a file that holds its new text gets back what its copy keeps, be it the old text
   or, after a race, another program's. Other files stay. */
static bool backward_item(struct txn *t, struct item *it)
{
    bool is_new = same(it->live, it->after);
    if (is_new && absent(it->kept) && !absent(it->before))
        return fs_refuse(&t->c, 6, "file.lost", it->path, "restore it from git",
            "its old text is gone, and others hold theirs");
    if (is_new && same(it->kept, it->before))
        return swap(t, it);
    if (!is_new && same(it->live, it->before))
        return true;
    t->foreign = it;
    if (is_new && !ours(it))
        return swap(t, it);
    return ours(it) || fs_refuse(&t->c, 6, "file.changed", it->path,
        arena_printf(t->c.a, "compare it with '%s', remove one", it->copy),
        "changed by another program, and its copy, too");
}

/* Brings every file back, as far as it goes. */
static bool backward(struct txn *t)
{
    bool whole = true;
    if (t->phase == STAGED)
        return true; /* no file was exchanged */
    if (!settle(t) || !look(t))
        return false;
    for (size_t i = t->n; i-- > 0;)
        whole = backward_item(t, &t->items[i]) && whole;
    return sync_dirs(t) && whole;
}

/* Removes the copies, then the journal. */
static bool finish(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct item *it = &t->items[i];
        if (it->dir >= 0 && unlinkat(it->dir, it->copy, 0) != 0 && errno != ENOENT)
            return fs_io_fail(&t->c, it->path, "cannot remove its staged copy") || half_way(t);
    }
    bool ok = sync_dirs(t) && ((unlinkat(t->c.r->dir, "files.journal", 0) == 0
        && fs_sync(t->c.r->dir)) || fs_io_fail(&t->c, t->c.r->state, "cannot remove the journal"));
    return ok || half_way(t);
}

/* Undoes everything; the failure that led here stays the one reported. */
static bool roll_back(struct txn *t)
{
    struct fail first = *t->c.f;
    bool ok = backward(t) && finish(t);
    *t->c.f = first;
    return ok ? false : half_way(t);
}

/*== Commit =================================================================================*/

static int by_path(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return strcmp(x->path, y->path);
}

/* What a name is, or with "" dir itself, and *attr: what would make a later rename fail, or hit
   something else; NULL: nothing. */
static bool stat_at(int dir, const char *name, struct stat *st, const char **attr)
{
    *attr = NULL;
#if defined(STATX_ATTR_MOUNT_ROOT)
    struct statx sx;
    if (statx(dir, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, STATX_BASIC_STATS, &sx) == 0) {
        if (*name && (sx.stx_attributes & STATX_ATTR_MOUNT_ROOT))
            *attr = "is a mount point";
        else if (sx.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND))
            *attr = *name ? "is immutable (`lsattr`)" : "its directory is immutable (`lsattr -d`)";
        st->st_mode = sx.stx_mode;
        st->st_nlink = sx.stx_nlink;
        st->st_dev = makedev(sx.stx_dev_major, sx.stx_dev_minor);
        return true;
    }
#endif
    if ((*name ? fstatat(dir, name, st, AT_SYMLINK_NOFOLLOW) : fstat(dir, st)) != 0)
        return false;
#if defined(__APPLE__)
    if (*name && (st->st_flags & (UF_IMMUTABLE | SF_IMMUTABLE | UF_APPEND | SF_APPEND)))
        *attr = "is immutable (`ls -lO`)";
#endif
    return true;
}

/* Whether the file may be replaced; looks only, so that a refusal comes before any change. Its
   directory is looked at once for all that are in it. */
static bool check_item(struct txn *t, const struct item *it, bool first)
{
    struct stat st;
    const char *attr, *above = NULL;
    if (first && faccessat(it->dir, ".", W_OK | X_OK, AT_EACCESS) != 0)
        return fs_refuse(&t->c, 2, "file.denied", it->path, "get the right to write there",
            "its directory cannot be written: %s", strerror(errno));
    bool ok = !first || stat_at(it->dir, "", &st, &above);
    if (first)
        t->dev = st.st_dev;
    bool there = ok && stat_at(it->dir, it->name, &st, &attr);
    if (!ok || (!there && errno != ENOENT))
        return fs_io_fail(&t->c, it->path, "cannot look at it");
    if (absent(it->before) == there)
        return changed(t, it);
    if (there && !S_ISREG(st.st_mode))
        return errno = ENXIO, fs_open_fail(&t->c, it->path);
    if (there && st.st_nlink != 1)
        return fs_refuse(&t->c, 2, "file.links", it->path, "make it a file of its own",
            "has %lu hard links, and replacing it would part them", (unsigned long)st.st_nlink);
    if (there && !attr && st.st_dev != t->dev)
        attr = "is a mount point";
    attr = above || !there ? above : attr;
    return !attr || fs_refuse(&t->c, 2, "file.fixed", it->path, "make it an ordinary file", "%s",
        attr);
}

/* Turns the changes that change something into items, and checks each. */
static bool plan(struct txn *t, const struct fs_change *changes, size_t n)
{
    t->items = arena_alloc(t->c.a, n * sizeof *t->items);
    for (size_t i = 0; i < n; i++) {
        const struct fs_change *c = &changes[i];
        if (!c->before.ptr == !c->after.ptr && relver_eq(c->before, c->after))
            continue;
        if (!fs_check_path(&t->c, c->path))
            return false;
        struct item *it = &t->items[t->n++];
        it->path = c->path;
        it->old = c->before;
        it->text = c->after;
        it->dir = -1;
        image_of(it->before, c->before);
        image_of(it->after, c->after);
    }
    if (t->n)
        qsort(t->items, t->n, sizeof *t->items, by_path);
    struct rlimit lim;
    if (t->n > MANY_FILES && getrlimit(RLIMIT_NOFILE, &lim) == 0) {
        lim.rlim_cur = lim.rlim_max;
        setrlimit(RLIMIT_NOFILE, &lim); /* when it fails, opening says so */
    }
    for (size_t i = 0; i < t->n; i++) {
        if (i > 0 && !strcmp(t->items[i].path, t->items[i - 1].path))
            return fs_refuse(&t->c, 70, "bug", t->items[i].path, "report it", "changed twice");
        if (!open_item(t, t->c.r->fd, i) || !check_item(t, &t->items[i], owner(t, i)))
            return false;
    }
    return true;
}

/* Gives `to` the ACL and the extended attributes of `from`, and no others' ACL. */
static int copy_attributes(struct arena *a, int from, int to)
{
#if defined(__linux__)
    static const char acl[] = "system.posix_acl_access"; /* staged files inherit one */
    if (fgetxattr(to, acl, NULL, 0) > 0 && fremovexattr(to, acl) != 0)
        return -1;
    ssize_t n = flistxattr(from, NULL, 0);
    if (n <= 0)
        return n < 0 && errno != ENOTSUP ? -1 : 0;
    char *names = arena_alloc(a, (size_t)n + 1);
    if (flistxattr(from, names, (size_t)n) != n)
        return -1;
    for (const char *p = names; p < names + n; p += strlen(p) + 1) {
        ssize_t size = fgetxattr(from, p, NULL, 0);
        char *value = arena_alloc(a, size > 0 ? (size_t)size : 1);
        if (size < 0 || fgetxattr(from, p, value, (size_t)size) != size
            || (fsetxattr(to, p, value, (size_t)size, 0) != 0 && errno != ENOTSUP))
            return -1;
    }
    return 0;
#elif defined(__APPLE__)
    (void)a;
    return fcopyfile(from, to, NULL, COPYFILE_ACL | COPYFILE_XATTR);
#else
    (void)a, (void)from, (void)to;
    return 0;
#endif
}

/* Gives the staged file fd everything of the live one but its text. */
static bool copy_owner(struct txn *t, const struct item *it, int fd)
{
    struct stat st, now;
    int live;
    AGAIN(live = openat(it->dir, it->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (live < 0)
        return fs_io_fail(&t->c, it->path, "cannot open");
    bool ok = fstat(live, &st) == 0 && fstat(fd, &now) == 0
        && ((st.st_uid == now.st_uid && st.st_gid == now.st_gid)
            || fchown(fd, st.st_uid, st.st_gid) == 0)
        && copy_attributes(t->c.a, live, fd) == 0
        && fchmod(fd, st.st_mode & 07777) == 0 && (!(st.st_mode & S_ISGID) || fstat(fd, &now) == 0);
    if (ok && (st.st_mode & S_ISGID) && now.st_mode != st.st_mode)
        ok = (errno = EPERM, false); /* the kernel drops setgid for a foreign group silently */
    int err = errno;
    close(live);
    errno = err;
    if (!ok && err == EPERM)
        return fs_refuse(&t->c, 2, "file.owner", it->path, "run as its owner",
            "its owner, mode or attributes cannot be kept");
    return ok || fs_io_fail(&t->c, it->path, "cannot keep its owner, mode and attributes");
}

/* Writes the new text beside the file, and sees that it is there. */
static bool stage(struct txn *t, struct item *it)
{
    int fd, how = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    memcpy(it->kept, it->after, sizeof it->kept);
    if (absent(it->after))
        return true;
    AGAIN(fd = openat(it->dir, it->copy, how, absent(it->before) ? 0666 : 0600));
    if (fd < 0)
        return fs_io_fail(&t->c, it->path, "cannot stage the new text");
    bool ok = (fs_write_all(fd, it->text.ptr, it->text.len)
            || fs_io_fail(&t->c, it->path, "cannot stage the new text"))
        && (absent(it->before) || copy_owner(t, it, fd))
        && (fs_sync(fd) || fs_io_fail(&t->c, it->path, "cannot stage the new text"))
        && (holds(fd, it->text) || (errno = EIO, false)
            || fs_io_fail(&t->c, it->path, "the staged text reads back differently"));
    if (close(fd) != 0 && errno != EINTR && ok)
        return fs_io_fail(&t->c, it->path, "cannot stage the new text");
    return ok;
}

/* The lost-update guard: each file is still as planned. */
static bool unchanged(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct item *it = &t->items[i];
        if (!look_at(it->live, it->dir, it->name, it->old, it->before))
            return fs_io_fail(&t->c, it->path, "cannot read");
        if (!same(it->live, it->before))
            return changed(t, it);
    }
    return true;
}

/* `done` spares the next run a puzzle when this one is killed while it tidies up; it is not needed
   for safety, so its failure is none. */
static bool conclude(struct txn *t)
{
    struct fail before = *t->c.f;
    append_phase(t, "done");
    *t->c.f = before;
    return finish(t);
}

static bool run(struct txn *t)
{
    int how = O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    AGAIN(t->journal = openat(t->c.r->dir, "files.journal", how, 0600));
    if (t->journal < 0)
        return fs_io_fail(&t->c, t->c.r->state, "cannot create the journal");
    bool ok = write_journal(t);
    for (size_t i = 0; ok && i < t->n; i++)
        ok = stage(t, &t->items[i]);
    ok = ok && sync_dirs(t) && unchanged(t);
    if (!ok)
        return roll_back(t);
    t->phase = COMMITTED;
    t->c.a->state = arena_printf(t->c.a, "half way, %s", txn_id(t));
    ok = append_phase(t, "commit") && forward(t) ? conclude(t) : roll_back(t);
    t->c.a->state = NULL;
    return ok;
}

bool fs_commit(struct root *r, struct arena *a, const struct fs_change *changes, size_t n,
    struct fail *f)
{
    struct txn t = {.c = {r, a, f}, .journal = -1};
    if (r->lock < 0)
        return fs_refuse(&t.c, 70, "bug", r->path, "report it", "files change without the lock");
    bool ok = getentropy(&t.id, sizeof t.id) == 0 || fs_io_fail(&t.c, r->path, "no random number");
    ok = ok && plan(&t, changes, n) && (t.n == 0 || run(&t));
    txn_close(&t);
    return ok;
}

/*== Recovery ===============================================================================*/

/* Whether the item can be brought, or has come, to its new text without a loss. */
static bool can_redo(const struct item *it)
{
    return same(it->live, it->after) ? ours(it)
        : same(it->live, it->before) && same(it->kept, it->after);
}

/* Without `commit` no file was exchanged; if one was all the same, the disk broke its promise to
   sync, and a human must look. */
static bool drop(struct txn *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct item *it = &t->items[i];
        bool exchanged = same(it->kept, it->before) && !absent(it->before);
        if (exchanged || same(it->live, it->after)) {
            fs_refuse(&t->c, 6, "file.torn", it->path,
                arena_printf(t->c.a, "look at it, remove '%s/files.journal'", t->c.r->state),
                "holds the new text, but the journal does not say that it may");
            return half_way(t);
        }
    }
    return finish(t);
}

static bool recover(struct txn *t)
{
    const struct fail none = {0};
    for (size_t i = 0; i < t->n; i++)
        if (!open_item(t, t->c.r->fd, i)) {
            if (strcmp(t->c.f->code, "io.absent") != 0)
                return half_way(t);
            *t->c.f = none; /* the directory is gone, and the file with it */
        }
    if (t->phase == DONE)
        return finish(t);
    if (!settle(t) || !look(t))
        return half_way(t);
    if (t->phase == STAGED)
        return drop(t);
    bool redo = true;
    for (size_t i = 0; i < t->n; i++)
        redo = redo && can_redo(&t->items[i]);
    if (redo && forward(t))
        return conclude(t);
    *t->c.f = none;
    if (!backward(t))
        return half_way(t);
    return finish(t) && (!t->foreign || changed(t, t->foreign));
}

bool fs_recover(struct root *r, struct arena *a, bool *did, struct fail *f)
{
    struct root top = *r; /* the journal may be of another project in this work tree */
    struct txn t = {.c = {&top, a, f}, .journal = -1};
    bool ok = load_journal(&t, O_RDWR | O_APPEND, did);
    if (ok && *did) {
        AGAIN(top.fd = open(r->top, O_PATH | O_DIRECTORY | O_CLOEXEC));
        ok = top.fd >= 0 ? recover(&t) : fs_io_fail(&t.c, r->top, "cannot open") || half_way(&t);
        if (top.fd >= 0)
            close(top.fd);
    }
    txn_close(&t);
    return ok;
}

bool fs_pending(const struct root *r, struct arena *a, const char **id, struct fail *f)
{
    struct root state = *r;
    struct txn t = {.c = {&state, a, f}, .journal = -1};
    struct stat st;
    bool left = false;
    *id = NULL;
    AGAIN(state.dir = open(r->state, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (state.dir < 0)
        return errno == ENOENT || fs_io_fail(&t.c, r->state, "cannot open");
    bool ok = true;
    if (fstatat(state.dir, "files.journal", &st, AT_SYMLINK_NOFOLLOW) == 0) {
        AGAIN(state.lock = openat(state.dir, "lock", O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        ok = state.lock < 0 || fs_wait_lock(&t.c, state.lock, LOCK_SH);
        ok = ok && load_journal(&t, O_RDONLY, &left);
    }
    if (ok && left)
        *id = txn_id(&t);
    fs_unlock(&state);
    txn_close(&t);
    return ok;
}
