/* The arena, the text builder and SHA-256: sizes around every edge */
/* links: cli/arena.c cli/sha256.c */
#include "../../cli/arena.h"
#include "../../cli/sha256.h"
#include "../check.h"

#include <stdint.h>

static struct arena arena;

static void test_arena(void)
{
    static const size_t sizes[] = {1, 15, 16, 17, 4096, 65535, 65536, 65537, 1000000};
    char *last = NULL;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *p = arena_alloc(&arena, sizes[i]);
        size_t zeros = 0;
        while (zeros < sizes[i] && p[zeros] == 0)
            zeros++;
        CHECK_F((uintptr_t)p % 16 == 0 && zeros == sizes[i] && p != last, "%zu bytes", sizes[i]);
        memset(p, 0xff, sizes[i]); /* the sanitizer's part, and the next one must be zero */
        last = p;
    }
    CHECK_STR(arena_dup(&arena, "abc", 2), "ab");
    CHECK_STR(arena_dup(&arena, NULL, 0), "");
    CHECK_STR(arena_printf(&arena, "%s-%d", "x", 7), "x-7");
}

static void test_more(void)
{
    size_t *list = NULL, sum = 0;
    for (size_t i = 0; i < 1000; i++) {
        list = arena_more(&arena, list, i, sizeof *list);
        list[i] = i;
    }
    for (size_t i = 0; i < 1000; i++)
        sum += list[i] == i;
    CHECK(sum == 1000);
}

static void test_text(void)
{
    struct text t = {.arena = &arena};
    text_adds(&t, "");
    CHECK(t.len == 0 && t.ptr && !*t.ptr);
    for (int i = 0; i < 300; i++) {
        text_addc(&t, 'a');
        text_add(&t, "bcd", 2);
        text_addf(&t, "%03d", i);
    }
    CHECK(t.len == 300 * 6 && strlen(t.ptr) == t.len);
    CHECK(!strncmp(t.ptr, "abc000abc001", 12) && !strcmp(t.ptr + t.len - 6, "abc299"));
}

/* FIPS 180-4's own examples, and one million bytes in pieces of every size. */
static void test_sha256(void)
{
    static const struct {
        const char *text, *hex;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hex[65], a[200];
    struct sha256 s;
    for (size_t i = 0; i < COUNT(known); i++) {
        sha256_init(&s);
        sha256_add(&s, known[i].text, strlen(known[i].text));
        sha256_hex(&s, hex);
        CHECK_STR(hex, known[i].hex);
    }
    memset(a, 'a', sizeof a);
    sha256_init(&s);
    for (size_t left = 1000000, n = 0; left > 0; left -= n) {
        n = (n + 1) % sizeof a < left ? (n + 1) % sizeof a : left;
        sha256_add(&s, a, n);
    }
    sha256_hex(&s, hex);
    CHECK_STR(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
    test_arena();
    test_more();
    test_text();
    test_sha256();
    arena_free(&arena);
    return check_done();
}
