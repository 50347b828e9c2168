/* Registries by their names, and at addresses that settings of other tools say */
/* links: cli/endpoint.c cli/config.c cli/glob.c cli/near.c cli/fs.c cli/commit.c cli/sha2.c */
/* links: cli/net.c cli/run.c cli/shared.c cli/str.c cli/msg.c cli/arena.c cli/relver.c */
#define _POSIX_C_SOURCE 200809L
#include "../../cli/endpoint.h"
#include "../check.h"

#include <stdlib.h>

/* The usual address is the usual registry, whoever says it; another one is somebody's own. */
static void test_at(const char *kind)
{
    struct arena a = {0};
    struct fail fail = {0};
    struct config config = {0};
    struct endpoint *usual, *same, *other;
    relver_str k = relver_s(kind);
    CHECK(endpoint_find(&a, &config, endpoint_usual(k), &usual, &fail) && usual->usual);
    CHECK(endpoint_at(&a, "x", k, relver_s(arena_printf(&a, "%s//", usual->url)), true, "f", &same,
                      &fail));
    CHECK(same->usual && !same->own && same->token == usual->token);
    CHECK_STR(same->name, usual->name);
    CHECK_STR(same->url, usual->url);
    CHECK((same->upload == NULL) == (usual->upload == NULL));
    CHECK(endpoint_at(&a, "x", k, relver_s("https://registry.example/y/"), true, "f", &other,
                      &fail));
    CHECK(!other->usual && other->own && other->token == NULL && other->fresh.gap == 0);
    CHECK_STR(other->name, "x");
    CHECK_STR(other->url, "https://registry.example/y");
    CHECK(!endpoint_at(&a, "x", k, relver_s("http://registry.example"), true, "f", &other, &fail));
    CHECK_STR(fail.path, "f");
    arena_free(&a);
}

int main(void)
{
    static const char *const names[] = {"RELVER_CRATES_IO_INDEX", "RELVER_NPM_REGISTRY",
                                        "RELVER_PYPI_URL", "RELVER_PYPI_UPLOAD_URL"};
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    test_at("cargo");
    test_at("npm");
    test_at("pypi");
    return check_done();
}
