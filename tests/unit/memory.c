/* The arena, the text builder and SHA-2: sizes around every edge */
/* links: cli/arena.c cli/sha2.c */
#include "../../cli/arena.h"
#include "../../cli/sha2.h"
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
static void test_sha2(void)
{
    static const struct {
        const char *text, *hex, *base64;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H"
         "0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
         "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05oh"
         "kpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw=="},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
         "IEqPxt2oLwoM7XvrjgikFlfBbvRosiioJ5vjMacDwzWW"
         "/RXBOxsH+aodO+pXeJygMa2Fx6cd1wNU7GMSOMo0RQ=="},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
         "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
         "jpWbddrjE9qM9PcoFPwUP493ecbrn3+hcpmurbaIkBhQ"
         "HSieSQD35DMbmd7EtUM6x9Mp7rbdJlReluVbh0vpCQ=="},
    };
    char hex[65], base64[89], a[200];
    struct sha2 s, wide;
    for (size_t i = 0; i < COUNT(known); i++) {
        sha2_init(&s, false);
        sha2_add(&s, known[i].text, strlen(known[i].text));
        sha2_hex(&s, hex);
        CHECK_STR(hex, known[i].hex);
        sha2_init(&s, true);
        sha2_add(&s, known[i].text, strlen(known[i].text));
        sha2_base64(&s, base64);
        CHECK_STR(base64, known[i].base64);
    }
    memset(a, 'a', sizeof a);
    sha2_init(&s, false);
    sha2_init(&wide, true);
    for (size_t left = 1000000, n = 0; left > 0; left -= n) {
        n = (n + 1) % sizeof a < left ? (n + 1) % sizeof a : left;
        sha2_add(&s, a, n);
        sha2_add(&wide, a, n);
    }
    sha2_hex(&s, hex);
    CHECK_STR(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sha2_base64(&wide, base64);
    CHECK_STR(base64, "5xhIPQznaWROLkLHvBW0Y44fmLE7IEQoVjKoA6+pc+ve"
                      "D/JEh36mCkywQyzld8Mb6wCcXCxJqi5OrbIXrYzAmw==");
}

int main(void)
{
    test_arena();
    test_more();
    test_text();
    test_sha2();
    arena_free(&arena);
    return check_done();
}
