/* What git's own files say without git, whose start costs more than all the rest of a command:
   loose objects, and that the work tree is as HEAD has it. What is not plain is left to git. */
#define _POSIX_C_SOURCE 200809L
#define _DARWIN_C_SOURCE 1 /* macOS: the nanoseconds of a file's times */
#include "repo_parts.h"
#include "shared.h"
#include "str.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#ifdef __APPLE__
#define SONAME "libz.1.dylib"
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#else
#define SONAME "libz.so.1"
#endif

/*-- objects, as gitformat-loose(5) has them -----------------------------------------------------*/

enum { MOST = 16 << 20, FULL = -5 }; /* bytes of an object; Z_BUF_ERROR */

static struct {
    int (*uncompress)(unsigned char *to, unsigned long *room, const unsigned char *from,
                      unsigned long n);
} zlib;

/* By zlib, which git itself cannot do without. */
static bool inflate(struct arena *a, relver_str packed, relver_str *out)
{
    static const struct shared_function functions[] = {{"uncompress", 0}};
    if (zlib.uncompress == NULL && shared_open(a, SONAME, functions, 1, &zlib) != NULL)
        return false;
    int got = FULL;
    for (size_t room = packed.len * 4 + 256; got == FULL && room <= MOST; room *= 4) {
        char *to = arena_alloc(a, room);
        unsigned long n = room;
        got = zlib.uncompress((unsigned char *)to, &n, (const unsigned char *)packed.ptr,
                              packed.len);
        *out = relver_sn(to, n);
    }
    return got == 0;
}

/* TYPE SP SIZE NUL, then the bytes. */
static bool read_object(struct repo *r, struct arena *a, relver_str oid, struct repo_object *out)
{
    relver_str file, text, head;
    struct fail ignored;
    if (oid.len < 40 ||
        !fs_read_if(&r->common, a, arena_printf(a, "objects/%.2s/%.*s", oid.ptr, (int)oid.len - 2,
                                                oid.ptr + 2), &file, &ignored) ||
        file.ptr == NULL || !inflate(a, file, &text))
        return false;
    size_t size;
    head = str_cut(&text, '\0');
    out->oid = oid;
    out->type = repo_type(str_cut(&head, ' '));
    out->bytes = text;
    return out->type != NULL && str_number(head, &size) && size == text.len;
}

static bool tree_of(struct repo *r, struct arena *a, relver_str commit, relver_str *tree)
{
    struct repo_object o;
    relver_str line;
    if (!read_object(r, a, commit, &o) || strcmp(o.type, "commit") != 0 ||
        !str_line(&o.bytes, &line) || !str_starts(line, "tree "))
        return false;
    *tree = str_from(line, 5);
    return true;
}

static relver_str hex(struct arena *a, const char *raw, size_t n)
{
    char *text = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n * 2; i++)
        text[i] = "0123456789abcdef"[(unsigned char)raw[i / 2] >> (i % 2 ? 0 : 4) & 15];
    return relver_sn(text, n * 2);
}

bool loose_object(struct repo *r, struct arena *a, const char *spec, struct repo_object *out)
{
    struct repo_object o;
    relver_str path = relver_s(spec), oid = str_cut(&path, ':'), name, mode, raw;
    bool found = (strchr(spec, ':') == NULL || tree_of(r, a, oid, &oid)) &&
                 read_object(r, a, oid, &o);
    while (found && path.len > 0) {
        relver_str part = str_cut(&path, '/');
        for (found = false; !found && tree_next(&o.bytes, o.oid.len / 2, &mode, &name, &raw);)
            found = relver_eq(name, part);
        found = found && read_object(r, a, hex(a, raw.ptr, raw.len), &o);
    }
    if (found)
        *out = o;
    return found;
}

/*-- the index, as gitformat-index(5) has it -----------------------------------------------------*/

enum { HEADER = 12, PLAIN = 42, LENGTH = 0xfff }; /* bytes; of the flags, all but the length */

static size_t number(const char *p, int n)
{
    size_t v = 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

/* Whether a moment in the index is that of a file, by its seconds and nanoseconds. */
static bool at(const char *p, const struct timespec *t)
{
    return number(p, 4) == (uint32_t)t->tv_sec && number(p + 4, 4) == (size_t)t->tv_nsec;
}

static bool earlier(const struct timespec *t, const struct timespec *u)
{
    return t->tv_sec < u->tv_sec || (t->tv_sec == u->tv_sec && t->tv_nsec < u->tv_nsec);
}

/* Where git's look at the work tree is repeated. */
struct walk {
    struct repo *repo;
    struct arena *arena;
    const char *up;        /* from the project to the top of the work tree: "", "../", .. */
    size_t raw;            /* bytes of an id */
    struct timespec index; /* when the index was written */
    const char *last;      /* the name before, whose directories are none by a link */
};

static bool look_at(const struct walk *w, const char *name, size_t n, struct stat *st)
{
    const char *from = *w->up == '\0' && name[n] == '\0'
                           ? name : arena_printf(w->arena, "%s%.*s", w->up, (int)n, name);
    return fstatat(w->repo->root->fd, from, st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool in_directories(struct walk *w, const char *name)
{
    struct stat st;
    const char *slash = strrchr(name, '/');
    size_t n = slash != NULL ? (size_t)(slash + 1 - name) : 0;
    bool known = n == 0 || (strncmp(name, w->last, n) == 0 && strchr(w->last + n, '/') == NULL);
    for (const char *p = known ? NULL : strchr(name, '/'); p != NULL; p = strchr(p + 1, '/'))
        if (!look_at(w, name, (size_t)(p - name), &st) || !S_ISDIR(st.st_mode))
            return false;
    w->last = name;
    return true;
}

/* A regular file that nothing has touched since git looked at it. What was written as late as the
   index itself may be written once more in the same tick of the clock: then its bytes decide. */
static bool untouched(struct walk *w, const char *entry)
{
    const struct root *root = w->repo->root;
    const char *name = entry + PLAIN + w->raw;
    struct stat st;
    struct repo_object o;
    struct fail ignored;
    relver_str text;
    if (!in_directories(w, name) || !look_at(w, name, strlen(name), &st) ||
        !S_ISREG(st.st_mode) || !at(entry, &st.st_ctim) || !at(entry + 8, &st.st_mtim) ||
        number(entry + 20, 4) != (uint32_t)st.st_ino || number(entry + 28, 4) != st.st_uid ||
        number(entry + 32, 4) != st.st_gid || number(entry + 36, 4) != (uint32_t)st.st_size ||
        number(entry + 24, 4) != (st.st_mode & 0100 ? 0100755 : 0100644))
        return false;
    return earlier(&st.st_mtim, &w->index) ||
           (str_starts(relver_s(name), root->below) &&
            read_object(w->repo, w->arena, hex(w->arena, entry + 40, w->raw), &o) &&
            fs_read_if(root, w->arena, name + strlen(root->below), &text, &ignored) &&
            relver_eq(text, o.bytes));
}

/* Behind the entries: the size of the tree that they make, and its id, when that is known. Of the
   other extensions those of a small letter must be understood. */
static bool makes(struct arena *a, relver_str rest, size_t raw, relver_str tree)
{
    for (bool known = false; ; ) {
        if (rest.len == raw)
            return known;
        size_t n = rest.len >= 8 + raw ? number(rest.ptr + 4, 4) : 0;
        if (rest.len < 8 + raw || rest.len - 8 - raw < n || rest.ptr[0] > 'Z')
            return false;
        relver_str body = relver_sn(rest.ptr + 8, n);
        if (str_starts(rest, "TREE")) {
            str_cut(&body, '\0');
            known = body.len > 0 && body.ptr[0] != '-';
            str_cut(&body, '\n');
            known = known && body.len >= raw && relver_eq(hex(a, body.ptr, raw), tree);
        }
        rest = str_from(rest, 8 + n);
    }
}

/* The entries: 40 bytes of what stat(2) says, the id, two bytes of flags, the name. */
static bool all_untouched(struct walk *w, size_t count, relver_str *rest)
{
    for (; count > 0; count--) {
        size_t plain = PLAIN + w->raw;
        if (rest->len < plain + 8 || number(rest->ptr + plain - 2, 2) & ~(size_t)LENGTH ||
            memchr(rest->ptr + plain, '\0', rest->len - plain) == NULL ||
            !untouched(w, rest->ptr))
            return false;
        size_t n = (plain + strlen(rest->ptr + plain) + 8) / 8 * 8;
        if (n > rest->len)
            return false;
        *rest = str_from(*rest, n);
    }
    return true;
}

bool loose_clean(struct repo *r, struct arena *a, relver_str head)
{
    struct walk w = {.repo = r, .arena = a, .up = "", .raw = head.len / 2, .last = ""};
    struct fail ignored;
    struct stat st;
    relver_str text, tree;
    if (fstatat(r->own.fd, "index", &st, AT_SYMLINK_NOFOLLOW) != 0 || head.ptr == NULL ||
        !fs_read_if(&r->own, a, "index", &text, &ignored) || text.len < HEADER ||
        !str_starts(text, "DIRC") || number(text.ptr + 4, 4) > 3 || !tree_of(r, a, head, &tree))
        return false;
    relver_str rest = str_from(text, HEADER);
    w.index = st.st_mtim;
    for (const char *p = r->root->below; (p = strchr(p, '/')) != NULL; p++)
        w.up = arena_printf(a, "../%s", w.up);
    return all_untouched(&w, number(text.ptr + 8, 4), &rest) && makes(a, rest, w.raw, tree);
}
