/* fuzz.h - for the fuzz targets: each says `static void target(const relver_str *field)` and gets
   the input cut at its first three line ends, every field in a block of exactly its size. */
#ifndef FUZZ_H
#define FUZZ_H

#define RELVER_IMPLEMENTATION
#include "../../relver.h"
#include "../block.h"

enum { FIELDS = 4 };

static void target(const relver_str *field);

#define MUST(c) \
    do { \
        if (!(c)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #c); \
            abort(); \
        } \
    } while (0)

/* What a call appended, in a block of its own: RUN asks with no room, then with just enough. */
static relver_buf out;
static relver_err err;
static relver_diag diag;
#define RUN(call) \
    do { \
        free(out.ptr); \
        out.ptr = NULL; \
        out.cap = out.len = 0; \
        err = (call); \
        if (err == RELVER_OK || err == RELVER_NO_SPACE) { \
            size_t need = out.len; \
            out.ptr = malloc(need + 1); \
            out.cap = need + 1; \
            out.len = 0; \
            err = (call); \
            MUST(err == RELVER_OK && out.len == need && out.ptr[need] == '\0'); \
        } else { \
            MUST(out.len == 0 && diag.err == err && diag.what != NULL); \
        } \
    } while (0)

/* What RUN gave, as a block that the next RUN leaves alone. */
UNUSED static relver_str kept(void)
{
    return block(relver_view(&out));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    relver_str rest = relver_sn((const char *)data, size), field[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
        const char *end = i + 1 < FIELDS && rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;
        size_t len = end != NULL ? (size_t)(end - rest.ptr) : rest.len;
        field[i] = block(relver_sn(rest.ptr, len));
        rest.ptr += len + (end != NULL);
        rest.len -= len + (end != NULL);
    }
    target(field);
    for (int i = 0; i < FIELDS; i++)
        drop(field[i]);
    free(out.ptr);
    memset(&out, 0, sizeof out);
    return 0;
}

#endif
