/* What git's own files say without git, whose start costs more than all the rest of a command:
   objects, and that the work tree is as HEAD has it. What is not plain is left to git. */
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

/*-- bytes ---------------------------------------------------------------------------------------*/

enum { MOST = 16 << 20, FULL = -5 }; /* bytes of an object; Z_BUF_ERROR */

static struct {
    int (*uncompress)(unsigned char *to, unsigned long *room, const unsigned char *from,
                      unsigned long n);
} zlib;

/* By zlib, which git itself cannot do without; room: the bytes that come out, or some of them. */
static bool inflate(struct arena *a, relver_str packed, size_t room, relver_str *out)
{
    static const struct shared_function functions[] = {{"uncompress", 0}};
    if (zlib.uncompress == NULL && shared_open(a, SONAME, functions, 1, &zlib) != NULL)
        return false;
    int got = FULL;
    for (; got == FULL && room <= MOST; room *= 4) {
        char *to = arena_alloc(a, room);
        unsigned long n = room;
        got = zlib.uncompress((unsigned char *)to, &n, (const unsigned char *)packed.ptr,
                              packed.len);
        *out = relver_sn(to, n);
    }
    return got == 0;
}

static size_t number(const char *p, int n)
{
    size_t v = 0;
    for (int i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

/* The next byte; 0 at the end. */
static size_t take(relver_str *s)
{
    if (s->len == 0)
        return 0;
    s->len--;
    return (unsigned char)*s->ptr++;
}

/* A number of seven bits a byte, the lowest first, but for its first byte, which has fewer. */
static size_t take_number(relver_str *s, size_t byte, unsigned bits)
{
    size_t v = byte & (((size_t)1 << bits) - 1);
    for (; (byte & 128) != 0 && bits < 8 * sizeof v; bits += 7) {
        byte = take(s);
        v |= (byte & 127) << bits;
    }
    return v;
}

static relver_str hex(struct arena *a, const char *raw, size_t n)
{
    char *text = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n * 2; i++)
        text[i] = "0123456789abcdef"[(unsigned char)raw[i / 2] >> (i % 2 ? 0 : 4) & 15];
    return relver_sn(text, n * 2);
}

/*-- packs, as gitformat-pack(5) has them --------------------------------------------------------*/

struct pack {
    relver_str index, objects;
    struct pack *next;
};

static void open_packs(struct repo *r)
{
    struct fs_entry *e;
    struct fail ignored;
    size_t n = 0;
    r->packs_known = true;
    if (!fs_list(&r->common, r->arena, "objects/pack", &e, &n, &ignored))
        return;
    for (size_t i = 0; i < n; i++) {
        struct pack *p = arena_alloc(r->arena, sizeof *p);
        const char *path = arena_printf(r->arena, "objects/pack/%s", e[i].name);
        relver_str stem = relver_sn(path, strlen(path) - 4);
        if (!str_ends(relver_s(path), ".idx") || !fs_map(&r->common, path, &p->index) ||
            !fs_map(&r->common, arena_printf(r->arena, "%.*s.pack", STR(stem)), &p->objects) ||
            p->index.len < 1032 || memcmp(p->index.ptr, "\377tOc\0\0\0\2", 8) != 0)
            continue;
        p->next = r->packs;
        r->packs = p;
    }
}

/* Where the pack has an object, by the 256 counts of the ids that begin with each byte or a lower
   one, the ids, a CRC each, and the places. 0: it has not, or beyond 2 GiB. */
static size_t place_of(const struct pack *p, relver_str id)
{
    const char *counts = p->index.ptr + 8, *ids = counts + 1024;
    size_t byte = (unsigned char)*id.ptr, all = number(counts + 1020, 4);
    size_t low = byte > 0 ? number(counts + byte * 4 - 4, 4) : 0;
    size_t high = number(counts + byte * 4, 4);
    if (high > all || p->index.len < 1032 + all * (id.len + 8))
        return 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(id.ptr, ids + middle * id.len, id.len);
        size_t at = number(ids + all * (id.len + 4) + middle * 4, 4);
        if (order == 0)
            return at >> 31 == 0 ? at : 0;
        low = order < 0 ? low : middle + 1;
        high = order < 0 ? middle : high;
    }
    return 0;
}

/* What a delta makes of its base: pieces of that, or of its own. */
static bool apply(struct arena *a, relver_str base, relver_str delta, relver_str *out)
{
    bool same = take_number(&delta, take(&delta), 7) == base.len;
    size_t room = take_number(&delta, take(&delta), 7);
    if (!same || room > MOST)
        return false;
    char *to = arena_alloc(a, room + 1);
    *out = relver_sn(to, 0);
    while (delta.len > 0) {
        size_t op = take(&delta), at = 0, n = op;
        relver_str *from = &delta;
        if (op >= 128) {
            from = &base;
            n = 0;
            for (unsigned i = 0; i < 7; i++)
                if ((op >> i & 1) != 0)
                    *(i < 4 ? &at : &n) |= take(&delta) << 8 * (i % 4);
            n = n == 0 ? 0x10000 : n;
        }
        if (n == 0 || at > from->len || n > from->len - at || n > room - out->len)
            return false;
        memcpy(to + out->len, from->ptr + at, n);
        out->len += n;
        delta = op < 128 ? str_from(delta, n) : delta;
    }
    return out->len == room;
}

enum { DELTA = 6, COST = 1 << 16 /* what reading one is worth in bytes */ };

/* The object there, by a chain of deltas, each on one farther ahead. */
static bool read_at(struct repo *r, struct arena *a, relver_str pack, size_t at,
                    struct repo_object *out)
{
    static const char *const types[] = {"", "commit", "tree", "blob", "tag", "", "", ""};
    relver_str s = str_from(pack, at < pack.len ? at : pack.len), text;
    size_t byte = take(&s), type = byte >> 4 & 7, size = take_number(&s, byte, 4), back = 0;
    if (type == DELTA) {
        byte = take(&s);
        for (back = byte & 127; (byte & 128) != 0; back = (back + 1) << 7 | (byte & 127))
            byte = take(&s);
    }
    if (size > MOST || r->packs_read > MOST || !inflate(a, s, size + 1, &text) ||
        text.len != size)
        return false;
    r->packs_read += size + COST;
    if (type == DELTA)
        return back > 0 && back < at && read_at(r, a, pack, at - back, out) &&
               apply(a, out->bytes, text, &out->bytes);
    out->type = repo_type(relver_s(types[type]));
    out->bytes = text;
    return out->type != NULL;
}

/*-- objects -------------------------------------------------------------------------------------*/

/* As gitformat-loose(5) has it: TYPE SP SIZE NUL, then the bytes. */
static bool read_loose(struct arena *a, relver_str file, struct repo_object *out)
{
    relver_str text, head;
    size_t size;
    if (!inflate(a, file, file.len * 4 + 256, &text))
        return false;
    head = str_cut(&text, '\0');
    out->type = repo_type(str_cut(&head, ' '));
    out->bytes = text;
    return out->type != NULL && str_number(head, &size) && size == text.len;
}

static bool read_object(struct repo *r, struct arena *a, relver_str oid, struct repo_object *out)
{
    relver_str file;
    struct fail ignored;
    unsigned char id[32] = "";
    if (oid.len < 40 || oid.len > 64 ||
        !fs_read_if(&r->common, a, arena_printf(a, "objects/%.2s/%.*s", oid.ptr, (int)oid.len - 2,
                                                oid.ptr + 2), &file, &ignored))
        return false;
    out->oid = oid;
    if (file.ptr != NULL)
        return read_loose(a, file, out);
    for (size_t i = 0; i < oid.len; i++) {
        int c = oid.ptr[i], digit = c <= '9' ? c - '0' : c - 'a' + 10;
        id[i / 2] = (unsigned char)(id[i / 2] << 4 | digit);
    }
    if (!r->packs_known)
        open_packs(r);
    for (struct pack *p = r->packs; p != NULL; p = p->next) {
        size_t at = place_of(p, relver_sn((char *)id, oid.len / 2));
        if (at > 0)
            return read_at(r, a, p->objects, at, out);
    }
    return false;
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
