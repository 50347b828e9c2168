/* What the names of built files say, and the files of a tree: whose they are, and their digests */
/* links: cli/artifact.c cli/glob.c cli/fs.c cli/commit.c cli/sha2.c */
/* links: cli/str.c cli/msg.c cli/arena.c cli/relver.c */
#define _POSIX_C_SOURCE 200809L
#include "../../cli/artifact.h"
#include "../check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;

static void test_versions(void)
{
    static const struct {
        relver_eco eco;
        const char *package, *file, *version; /* NULL: it is another's */
    } rows[] = {
        {RELVER_PEP440, "relver.demo-pkg", "Relver.Demo_pkg-0.2.0rc1-py3-none-any.whl", "0.2.0rc1"},
        {RELVER_PEP440, "demo-py", "demo_py-0.2.0-1-cp312-abi3-linux_x86_64.whl", "0.2.0"},
        {RELVER_PEP440, "demo-py", "demo-py-0.2.0.tar.gz", "0.2.0"},
        {RELVER_PEP440, "demo-py", "demo_py-0.2.zip", "0.2"},
        {RELVER_PEP440, "demo-py", "demo_py-0.2.0+abc-py3-none-any.whl", "0.2.0+abc"},
        {RELVER_PEP440, "demo", "demo_py-0.2.0.tar.gz", NULL},
        {RELVER_PEP440, "demo", "demo-py-0.2.0.tar.gz", NULL},
        {RELVER_PEP440, "demo", "demo-0.2.0.tgz", NULL},
        {RELVER_PEP440, "demo", "demo-0.2.0.exe", NULL},
        {RELVER_PEP440, "demo", ".whl", NULL},
        {RELVER_NPM, "@demo/node", "demo-node-1.2.0-rc.1.tgz", "1.2.0-rc.1"},
        {RELVER_NPM, "demo-node", "demo-node-1.2.0.tgz", "1.2.0"},
        {RELVER_NPM, "demo", "demo-node-1.2.0.tgz", NULL},
        {RELVER_NPM, "@demo/node", "Demo-node-1.2.0.tgz", NULL},
        {RELVER_CARGO, "demo_core", "demo_core-0.2.0-rc.1.crate", "0.2.0-rc.1"},
        {RELVER_CARGO, "demo-core", "demo_core-0.2.0.crate", NULL},
        {RELVER_CARGO, "demo-core", "demo-core-cli-0.2.0.crate", NULL},
        {RELVER_CARGO, "demo-core", "demo-core-0.2.crate", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        relver_str got = artifact_version(rows[i].eco, relver_s(rows[i].package),
                                          relver_s(rows[i].file));
        CHECK(relver_eq(got, relver_s(rows[i].version)));
    }
}

static void test_patterns(void)
{
    static const char linux_set[] =
        "demo_py-0.2.0-cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
    static const char mac_set[] =
        "demo_py-0.2.0-cp312-cp312-macosx_10_12_x86_64.macosx_11_0_arm64.whl";
    static const struct {
        const char *pattern, *file;
        bool is;
    } rows[] = {
        {"*-manylinux_2_17_x86_64.whl", linux_set, true},
        {"*-abi3-manylinux2014_x86_64.whl", linux_set, true},
        {"*-manylinux*_aarch64.whl", linux_set, false},
        {"*-macosx*_x86_64.whl", mac_set, true},
        {"*-macosx*_arm64.whl", mac_set, true},
        {"*-win_amd64.whl", mac_set, false},
        {"*-py2-none-any.whl", "demo_py-0.2.0-py2.py3-none-any.whl", true},
        {"demo_py-0.2.0-1-py3-*", "demo_py-0.2.0-1-py2.py3-none-any.whl", true},
        {"*.tar.gz", "demo_py-0.2.0.tar.gz", true},
        {"*.crate", "demo_py-0.2.0.tar.gz", false},
        {"*", "x.whl", true}, /* no wheel at all, and nothing is read before it */
        {"*", ".whl", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK(artifact_matches(&arena, relver_s(rows[i].pattern), relver_s(rows[i].file)) ==
              rows[i].is);
}

static void put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void test_tree(void)
{
    static const char *const dirs[] = {"py", "py/dist", "dist", "target", "target/package",
                                       "target/wheels", "out", "out/deep"};
    static const char *const files[] = {
        "py/dist/demo_py-0.2.0.tar.gz", "dist/demo_py-0.2.0.tar.gz", "dist/demo_py-0.1.0.tar.gz",
        "dist/app.zip", "dist/notes.txt", "target/wheels/Demo.Py-0.2-py3-none-any.whl",
        "target/package/demo-0.2.0.crate", "target/package/demo-0.2.0.tgz",
        "out/deep/demo-node-0.2.0.tgz"};
    char path[] = "/tmp/relver-XXXXXX";
    struct file manifests[] = {{.dir = "py/", .kind = FILE_PYPROJECT},
                               {.dir = "", .kind = FILE_CARGO, .root = &manifests[1]}};
    struct file *list[] = {&manifests[0], &manifests[1]};
    struct root root;
    struct project project = {.root = &root, .files = list, .file_count = 2};
    struct context ctx = {.arena = &arena, .command = "test"};
    struct artifacts all, mine;
    CHECK(mkdtemp(path) != NULL && chdir(path) == 0);
    for (size_t i = 0; i < COUNT(dirs); i++)
        CHECK(mkdir(dirs[i], 0777) == 0);
    for (size_t i = 0; i < COUNT(files); i++)
        put(files[i], "abc");
    CHECK(fs_open_root(&root, &arena, path, "test", &ctx.fail));
    unsetenv("CARGO_TARGET_DIR");
    CHECK(artifact_find(&ctx, &project, NULL, &all) && all.count == 6);
    mine = artifact_of(&arena, &all, RELVER_PEP440, relver_s("demo-py"), relver_s("0.2.0"));
    CHECK(mine.count == 2);
    CHECK_STR(mine.at[0].path, files[0]);
    CHECK_STR(mine.at[1].path, files[5]);
    CHECK(!mine.at[0].kept && mine.at[1].kept);
    CHECK(artifact_digest(&ctx, &mine.at[0]) && mine.at[0].size == 3);
    CHECK_STR(mine.at[0].digest.ptr,
              "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    mine = artifact_of(&arena, &all, RELVER_CARGO, relver_s("demo"), relver_s("0.2.0"));
    CHECK(mine.count == 1);
    setenv("CARGO_TARGET_DIR", "target", 1);
    CHECK(artifact_find(&ctx, &project, NULL, &all) && all.count == 6);
    CHECK(all.at[5].path[0] == '/' && artifact_digest(&ctx, &all.at[5]));
    setenv("CARGO_TARGET_DIR", "nowhere", 1);
    CHECK(artifact_find(&ctx, &project, NULL, &all) && all.count == 4);
    CHECK(artifact_find(&ctx, &project, "out", &all) && all.count == 1);
    mine = artifact_of(&arena, &all, RELVER_NPM, relver_s("@demo/node"), relver_s("0.2.0"));
    CHECK(mine.count == 1 && artifact_digest(&ctx, &mine.at[0]));
    CHECK_STR(mine.at[0].digest.ptr,
              "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9"
              "RU1EI2Q86A4qmslPpUyknw==");
    CHECK(!artifact_find(&ctx, &project, "none", &all) && ctx.fail.status == 2);
    CHECK(unlink("out/deep/demo-node-0.2.0.tgz") == 0);
    mine.at[0].digest = relver_s(NULL);
    CHECK(!artifact_digest(&ctx, &mine.at[0]) && strcmp(ctx.fail.code, "io.absent") == 0);
    for (size_t i = 0; i + 1 < COUNT(files); i++)
        unlink(files[i]);
    for (size_t i = COUNT(dirs); i-- > 0;)
        rmdir(dirs[i]);
    CHECK(rmdir(path) == 0);
}

int main(void)
{
    test_versions();
    test_patterns();
    test_tree();
    arena_free(&arena);
    return check_done();
}
