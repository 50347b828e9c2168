/* relver.toml: the five guides' files, each form of each key, and each way to be wrong */
/* links: cli/config.c cli/glob.c cli/str.c cli/near.c cli/fs.c cli/commit.c */
/* links: cli/sha2.c cli/msg.c cli/arena.c */
#define RELVER_IMPLEMENTATION
#include "../../cli/config.h"
#include "../check.h"

static struct arena arena;

static bool parse(const char *text, struct config *config, struct fail *fail)
{
    memset(fail, 0, sizeof *fail);
    return config_parse(&arena, "relver.toml", relver_s(text), config, fail);
}

/* A configuration that must be taken. */
static struct config good(const char *text)
{
    struct config config;
    struct fail fail;
    bool ok = parse(text, &config, &fail);
    CHECK_F(ok, "%zu:%zu: %s\nin: %s", fail.line, fail.col, ok ? "" : fail.what, text);
    return config;
}

static bool is(relver_str s, const char *text)
{
    return relver_eq(s, relver_s(text));
}

/*-- the guides ----------------------------------------------------------------------------------*/

static const char changelog[] =
    "tag = \"v{version}\"\n"
    "tag-message = \"Release version {version}\\n\\nMajor changes:\\n{changes}\"\n"
    "commit = \"Release version {version}\"\n"
    "changelog = \"CHANGELOG.md\"              # its comparison table is found and kept\n"
    "release = \"OMI v{version}\"\n"
    "ci = [\"ci.yml\"]\n"
    "run.check = [\"pytest --cov=src/omi\", \"mypy src/omi\", [\"black\", \"a b/\", \"--check\"]]\n"
    "run.build = [\"python -m build\"]\n"
    "run.after = [\"pip install --upgrade omi=={version}\", \"omi --version\"]\n"
    "to.stable = [\"testpypi\", \"pypi\"]        # the second only after the first\n"
    "expect = [\"*.tar.gz\", \"*-py3-none-any.whl\"]\n";

static const char changesets[] =
    "tag = \"{name}@{version}\"                # every package has its own version\n"
    "changesets = 2                          # settings: .changeset/config.json\n"
    "commit = \"Version Packages\"\n"
    "merge = \"pull-request\"\n"
    "dist-tag = \"{label}\"\n"
    "ci = [\"CI\"]\n"
    "run.build = [\"pnpm build\"]\n";

static const char from_tags[] =
    "scheme = \"pep440\"\n"
    "tag = \"v{version}\"                      # v0.4.0, v0.4.0rc1\n"
    "dev-tag = \"v{next}-dev\"\n"
    "branch = \"release-{major}.{minor}.x\"\n"
    "maintained = 2\n"
    "nightly = \"{base}.dev{date}\"\n"
    "changelog = false\n"
    "notes = \"generated\"\n"
    "publish = \"release\"                     # CI publishes with the release page\n"
    "soak = { minor = \"7d\", major = \"14d\" }\n"
    "to = { prerelease = [\"testpypi\"], nightly = [\"testpypi\"] }\n"
    "files = [\"src/stack_api/pyproject.toml\"]   # by kind, like the root's\n"
    "pins = { stack-client = \"==\", stack-api = \"==\" }\n"
    "expect = [\"pypi:stack-client\", \"npm:stack-client\"]\n";

static const char one_version[] =
    "remote = \"upstream\"\n"
    "tag = \"{version}\"\n"
    "branch = \"release/{major}.{minor}\"\n"
    "nightly = \"{base}-alpha.{date}\"\n"
    "nightly-branches = \".github/nightly-alpha-branches.yaml\"\n"
    "merge = \"pull-request\"\n"
    "changelog = false                       # check fails if CHANGELOG.md appears\n"
    "notes = \"generated\"\n"
    "publish = \"tag\"                         # CI publishes when the tag arrives\n"
    "ci = [\"ci.yaml\"]\n"
    "run.check = [\"uv run pre-commit run --all-files\", \"just test-rust\"]\n"
    "files = ['docs/installation.md: nemo-flow = \"{version}\"', 'crates/wasm/pkg/package.json?']\n"
    "expect = [\"npm:nemo-flow-wasm\", \"*-manylinux*_x86_64.whl\", \"deployment:github-pages\"]\n"
    "\n"
    "[registries]                            # for publish --from DIR --to NAME\n"
    "art-cargo = \"cargo+sparse+https://registry.example/api/cargo/nemo/index/\"\n"
    "art-npm = \"npm+https://registry.example/api/npm/nemo/\"\n"
    "art-pypi = \"pypi+https://registry.example/api/pypi/nemo\"\n";

static const char two_packages[] =
    "commit = \"release: {releases}\"\n"
    "notes = \"generated\"\n"
    "publish = \"tag\"\n"
    "ci = [\"ci.yml\", \"python-ci.yml\"]\n"
    "run.check = [\"cargo fmt --all -- --check\", \"cargo test --locked\", \"cargo audit\"]\n"
    "\n"
    "[package.edge-llm]\n"
    "tag = \"v{version}\"\n"
    "changelog = \"CHANGELOG.md\"\n"
    "expect = [\"*.crate\"]\n"
    "\n"
    "[package.edge-litellm]             # crate and pyproject in one folder: one package\n"
    "tag = \"py-v{version}\"\n"
    "changelog = \"edge-litellm/CHANGELOG.md\"\n"
    "to.stable = [\"pypi\"]                    # its crate is not published\n"
    "expect = [\"*-manylinux*_x86_64.whl\", \"*-win_amd64.whl\"]\n";

static void test_changelog(void)
{
    struct config c = good(changelog);
    const struct value *check = settings_entry(&c.top, KEY_RUN, "check");
    const struct value *stable = settings_entry(&c.top, KEY_TO, "stable");
    CHECK(is(settings_text(&c.top, KEY_TAG), "v{version}"));
    CHECK(is(settings_text(&c.top, KEY_TAG_MESSAGE),
             "Release version {version}\n\nMajor changes:\n{changes}"));
    CHECK(is(settings_text(&c.top, KEY_CHANGELOG), "CHANGELOG.md"));
    CHECK(check != NULL && check->count == 3 && check->items[2].kind == VALUE_LIST);
    CHECK(check != NULL && is(check->items[2].items[1].text, "a b/"));
    CHECK(stable != NULL && stable->count == 2 && is(stable->items[1].text, "pypi"));
    CHECK(settings_entry(&c.top, KEY_TO, "nightly") == NULL);
    CHECK(settings_entry(&c.top, KEY_RUN, "after")->line == 9);
    CHECK(!c.top.own_version && c.top.scheme == SCHEME_DEFAULT && c.package_count == 0);
}

static void test_changesets(void)
{
    struct config c = good(changesets);
    CHECK(c.top.own_version);
    CHECK(c.top.value[KEY_CHANGESETS].kind == VALUE_NUMBER);
    CHECK(is(c.top.value[KEY_CHANGESETS].text, "2"));
    CHECK(is(settings_text(&c.top, KEY_MERGE), "pull-request"));
    CHECK(settings_text(&c.top, KEY_REMOTE).ptr == NULL);
}

static void test_from_tags(void)
{
    struct config c = good(from_tags);
    CHECK(c.top.scheme == SCHEME_PEP440);
    CHECK(c.top.value[KEY_CHANGELOG].kind == VALUE_FALSE);
    CHECK(settings_text(&c.top, KEY_CHANGELOG).ptr == NULL);
    CHECK(is(settings_entry(&c.top, KEY_SOAK, "major")->text, "14d"));
    CHECK(c.top.file_count == 1 && c.top.files[0].what == NULL && c.top.files[0].times == 1);
    CHECK_STR(c.top.files[0].path, "src/stack_api/pyproject.toml");
    CHECK(c.top.pin_count == 2 && c.top.pins[1].how == RELVER_PIN_EXACT);
    CHECK(settings_pin(&c.top, relver_s("Stack_API")) == RELVER_PIN_EXACT);
    CHECK(settings_pin(&c.top, relver_s("other")) == RELVER_PIN_AUTO);
    CHECK(settings_pinned(&c.top, relver_s("other")) == NULL);
}

static void test_one_version(void)
{
    struct config c = good(one_version);
    const struct value *npm = settings_entry(&c.top, KEY_REGISTRIES, "art-npm");
    CHECK(c.top.file_count == 2);
    CHECK_STR(c.top.files[0].path, "docs/installation.md");
    CHECK_STR(c.top.files[0].what, "nemo-flow = \"{version}\"");
    CHECK(!c.top.files[0].is_key && !c.top.files[0].optional);
    CHECK_STR(c.top.files[1].path, "crates/wasm/pkg/package.json");
    CHECK(c.top.files[1].optional && c.top.files[1].what == NULL);
    CHECK(c.top.files[1].line == 12);
    CHECK(npm != NULL && is(npm->text, "npm+https://registry.example/api/npm/nemo/"));
    CHECK(npm != NULL && npm->line == 17 && npm->col == 1);
}

static void test_two_packages(void)
{
    struct config c = good(two_packages);
    CHECK(c.package_count == 2 && !c.top.own_version);
    const struct settings *rust = config_for(&c, relver_s("edge-llm"));
    const struct settings *python = config_for(&c, relver_s("Edge_LiteLLM"));
    CHECK(is(settings_text(rust, KEY_TAG), "v{version}") && rust->own_version);
    CHECK(is(settings_text(python, KEY_TAG), "py-v{version}") && python->own_version);
    CHECK(is(settings_text(python, KEY_NOTES), "generated"));
    CHECK(python->value[KEY_NOTES].line == 2 && python->value[KEY_TAG].line == 13);
    CHECK(settings_entry(rust, KEY_TO, "stable") == NULL);
    CHECK(settings_entry(python, KEY_TO, "stable")->count == 1);
    CHECK(config_for(&c, relver_s("another")) == &c.top);
}

/*-- forms ---------------------------------------------------------------------------------------*/

/* Dotted keys, tables and inline tables say the same. */
static void test_spellings(void)
{
    static const char *const same[] = {
        "run.check = [\"a\"]\nrun.build = [\"b\"]\n",
        "run = { check = [\"a\"], build = [\"b\"] }\n",
        "[run]\ncheck = [\"a\"]\nbuild = [\"b\"]\n",
        "\"run\".'check' = [\n  \"a\", # why\n]\n\"r\\u0075n\".build = ['b']\n",
        "\xEF\xBB\xBFrun.check = [\"a\"]\r\nrun.build = [\"\"\"b\"\"\"]\r\n",
    };
    for (size_t i = 0; i < COUNT(same); i++) {
        struct config c = good(same[i]);
        const struct value *run = &c.top.value[KEY_RUN];
        CHECK_F(run->kind == VALUE_MAP && run->count == 2, "%s", same[i]);
        CHECK_F(is(settings_entry(&c.top, KEY_RUN, "check")->items[0].text, "a"), "%s", same[i]);
        CHECK_F(is(settings_entry(&c.top, KEY_RUN, "build")->items[0].text, "b"), "%s", same[i]);
    }
    struct config c = good("[package.a]\ntag = \"a{version}\"\n[package.b.to]\nstable = [\"x\"]\n"
                           "[package.b.pins]\n\"x-*\" = \"keep\"\n");
    CHECK(c.package_count == 2 && c.packages[1].line == 3 && c.packages[1].col == 10);
    CHECK(settings_entry(config_for(&c, relver_s("b")), KEY_TO, "stable")->count == 1);
    CHECK(settings_pin(config_for(&c, relver_s("b")), relver_s("x-1")) == RELVER_PIN_KEEP);
    CHECK(settings_pin(config_for(&c, relver_s("a")), relver_s("x-1")) == RELVER_PIN_AUTO);
}

static void test_nothing(void)
{
    struct config c = good("");
    CHECK(c.top.scheme == SCHEME_DEFAULT && c.package_count == 0 && c.top.file_count == 0);
    CHECK(config_for(&c, relver_s("x")) == &c.top);
    c = good("tag-message = \"\"\nrelease = false\nchangesets = false\n");
    CHECK(settings_text(&c.top, KEY_TAG_MESSAGE).ptr != NULL);
    CHECK(settings_text(&c.top, KEY_TAG_MESSAGE).len == 0);
    CHECK(c.top.value[KEY_RELEASE].kind == VALUE_FALSE);
    CHECK(c.top.value[KEY_TAG].kind == VALUE_NONE);
}

static void test_pins(void)
{
    struct config c = good("pins = { a = \"==\", b = \">=\", c = \"~=\", d = \"always\", "
                           "e = \"keep\", \"f-*\" = \"==\", \"*\" = \"keep\" }\n");
    static const relver_pin want[] = {RELVER_PIN_EXACT, RELVER_PIN_AT_LEAST, RELVER_PIN_COMPATIBLE,
                                      RELVER_PIN_ALWAYS, RELVER_PIN_KEEP};
    for (size_t i = 0; i < 5; i++)
        CHECK(settings_pin(&c.top, relver_sn(&"abcde"[i], 1)) == want[i]);
    CHECK(settings_pin(&c.top, relver_s("f-x")) == RELVER_PIN_EXACT);
    CHECK(settings_pin(&c.top, relver_s("g")) == RELVER_PIN_KEEP);
}

static void test_files(void)
{
    static const struct {
        const char *entry, *path, *what, *spelling;
        bool is_key, optional;
        size_t times;
    } rows[] = {
        {"a.toml", "a.toml", NULL, NULL, false, false, 1},
        {"a.toml?", "a.toml", NULL, NULL, false, true, 1},
        {"a.toml x2?", "a.toml", NULL, NULL, false, true, 2},
        {"docs/*.md: v{version} x3", "docs/*.md", "v{version}", NULL, false, false, 3},
        {"d/**/*.md: v{version} x*", "d/**/*.md", "v{version}", NULL, false, false, FILES_ANY},
        {"a: x{version:npm}y x*?", "a", "x{version}y", "npm", false, true, FILES_ANY},
        {"a: {version:pep440}", "a", "{version}", "pep440", false, false, 1},
        {"a: img:{version:docker}", "a", "img:{version}", "docker", false, false, 1},
        {"c.json: a.\"b c\"[0].v", "c.json", "a.\"b c\"[0].v", NULL, true, false, 1},
        {"c.json: packages.\"\".version?", "c.json", "packages.\"\".version", NULL, true, true, 1},
        {"s.c: { \"v\": \"{version}\" }", "s.c", "{ \"v\": \"{version}\" }", NULL, false, false, 1},
        {"s.c: #define V \"{version}\"", "s.c", "#define V \"{version}\"", NULL, false, false, 1},
        {"s.c: px3 {version}", "s.c", "px3 {version}", NULL, false, false, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text t = {.arena = &arena};
        text_addf(&t, "files = ['%s']\n", rows[i].entry);
        struct config c = good(t.ptr);
        const struct file_place *f = c.top.files;
        if (!CHECK(c.top.file_count == 1 && f != NULL))
            continue;
        CHECK_STR(f->path, rows[i].path);
        CHECK_STR(f->what ? f->what : "-", rows[i].what ? rows[i].what : "-");
        CHECK_STR(f->spelling ? f->spelling : "-", rows[i].spelling ? rows[i].spelling : "-");
        CHECK_F(f->is_key == rows[i].is_key && f->optional == rows[i].optional &&
                f->times == rows[i].times && f->line == 1 && f->col == 10, "%s", rows[i].entry);
    }
}

static void test_templates(void)
{
    static const char *const fine[] = {
        "tag = \"{name}-v{version}\"", "tag = \"v{version:npm}\"",
        "tag = \"release/{version}\"", "tag = \"py-{version:pep440}\"",
        "scheme = \"pep440\"\ntag = \"{version}\"", "branch = \"{major}.{minor}.x\"",
        "branch = \"r{minor}-{major}\"", "nightly = \"nightly-{base}-{date}\"",
        "dev-tag = \"dev/{next}\"", "commit = \"chore{x\"", "commit = \"{}: {Version} {version}\"",
        "release = \"{name} {version} ({date})\"", "dist-tag = \"beta\"",
    };
    for (size_t i = 0; i < COUNT(fine); i++)
        good(fine[i]);
}

/*-- what is wrong -------------------------------------------------------------------------------*/

static void test_errors(void)
{
    static const struct {
        const char *text;
        const char *code;
        size_t line, col;
        const char *what; /* a part of the message */
    } rows[] = {
        {"tag = \"{version}\"\nchangelgo = false\n", "config.key", 2, 1, "'changelog' (for all or"},
        {"\n  remot = \"x\"\n", "config.key", 2, 3, "'remote' (for the whole repository)"},
        {"[package.a]\ntga = \"v{version}\"\n", "config.key", 2, 1, "'tag'"},
        {"[package.a]\nremote = \"x\"\n", "config.scope", 2, 1, "above [package.a]"},
        {"run.chekc = [\"a\"]\n", "config.key", 1, 5, "'check'"},
        {"to.stabel = [\"a\"]\n", "config.key", 1, 4, "in 'to'; the nearest is 'stable'"},
        {"[registires]\na = \"npm+https://registry.example/\"\n", "config.key", 1, 2, "registries"},
        {"tag = 3\n", "config.type", 1, 1, "'tag' must be a string"},
        {"tag = \"\"\n", "config.value", 1, 1, "empty"},
        {"nightly = \"{base}\"\n", "config.template", 1, 1, "no {date}"},
        {"nightly = \"{base}-{label}.{date}\"\n", "config.template", 1, 1, "no {label}"},
        {"changelog = true\n", "config.type", 1, 1, "must be a string or false"},
        {"changesets = \"2\"\n", "config.type", 1, 1, "must be a number or false: 2|3"},
        {"changesets = 4\n", "config.type", 1, 1, "2|3"},
        {"maintained = -1\n", "config.value", 1, 1, "number from 0"},
        {"ci = \"ci.yml\"\n", "config.type", 1, 1, "'ci' must be a list"},
        {"ci = [\"a\",\n  3]\n", "config.type", 2, 3, "must be a string"},
        {"run = [\"a\"]\n", "config.type", 1, 1, "'run' must be a table"},
        {"run.check = \"a\"\n", "config.type", 1, 5, "'run.check' must be a list"},
        {"expect = [[\"a\"]]\n", "config.type", 1, 11, "must be a string"},
        {"merge = \"rebase\"\n", "config.type", 1, 1, "push|pull-request"},
        {"publish = \"her\"\n", "config.type", 1, 1, "here|tag|release"},
        {"pins = { a = \"<=\" }\n", "config.type", 1, 10, "==|>=|~=|always|keep"},
        {"package = \"a\"\n", "config.type", 1, 1, "[package.NAME]"},
        {"[package]\na = 3\n", "config.type", 2, 1, "'package.a' must be a table"},
        {"tag = \"{version}\"\ntag = \"v{version}\"\n", "config.twice", 2, 1, "already set at 1:1"},
        {"to.stable = [\"a\"]\nto.stable = [\"b\"]\n", "config.twice", 2, 4, "at 1:4"},
        {"to = { stable = [\"a\"] }\nto.nightly = [\"b\"]\n", "config.twice", 2, 1, "at 1:1"},
        {"[pins]\na = \"==\"\n[pins]\nb = \"==\"\n", "config.twice", 3, 2, "at 1:2"},
        {"[package.a]\n[package.a]\n", "config.twice", 2, 10, "at 1:10"},
        {"tag = \"v{verison}\"\n", "config.template", 1, 1, "the nearest is {version}"},
        {"tag = \"v1\"\n", "config.template", 1, 1, "no {version}"},
        {"tag = \"v{version} \"\n", "config.template", 1, 1, "git takes no name"},
        {"tag = \"a..{version}\"\n", "config.template", 1, 1, "git takes no name"},
        {"tag = \"{version}.lock\"\n", "config.template", 1, 1, "git takes no name"},
        {"tag = \"-{version}\"\n", "config.template", 1, 1, "git takes no name"},
        {"tag = \"v{version}{changes}\"\n", "config.template", 1, 1, "cannot be read back"},
        {"tag = \"{version}{version}\"\n", "config.template", 1, 1, ""},
        {"tag = \"{name}{version}\"\n", "config.template", 1, 1, ""},
        {"branch = \"release\"\n", "config.template", 1, 1, "no {major} and {minor}"},
        {"branch = \"release/{version}\"\n", "config.template", 1, 1, "no {major} and {minor}"},
        {"branch = \"{major}.{minor}-{date}\"\n", "config.template", 1, 1, "{minor} only"},
        {"branch = \"{major}.{minor}.{patch}\"\n", "config.template", 1, 1, "{minor} only"},
        {"commit = \"{mayor}\"\n", "config.template", 1, 1, "{major}"},
        {"run.after = [\"x {versoin}\"]\n", "config.template", 1, 14, "{version}"},
        {"dist-tag = \"v1\"\n", "config.value", 1, 1, "no usable dist-tag"},
        {"soak.minor = \"7 days\"\n", "config.value", 1, 6, "7d"},
        {"changelog = \"../CHANGES\"\n", "config.value", 1, 1, "no path inside"},
        {"changelog = \"/etc/x\"\n", "config.value", 1, 1, "no path inside"},
        {"tag = \"{version}\\u0007\"\n", "config.value", 1, 1, "control character"},
        {"[registries]\na = \"registry.example\"\n", "config.value", 2, 1, "npm+https"},
        {"registries.a = \"npm+https://u:p@registry.example/\"\n", "config.value", 1, 12, "user"},
        {"files = [\"a: \"]\n", "config.files", 1, 10, "no key"},
        {"files = [\"../a: x\"]\n", "config.files", 1, 10, "no path inside"},
        {"files = [\"a: {version} {version}\"]\n", "config.files", 1, 10, "more than once"},
        {"files = [\"a: {version} x0\"]\n", "config.files", 1, 10, "'x0' is no count"},
        {"files = [\"a: {version} x1*\"]\n", "config.files", 1, 10, "no count"},
        {"files = [\"a: {version:nmp}\"]\n", "config.template", 1, 10, "{version:npm}"},
        {"files = [\"a: b..c\"]\n", "config.files", 1, 10, "neither a key"},
        {"tag = \"{version}\n", "syntax", 1, 0, ""},
        {"tag \"x\"\n", "syntax", 1, 0, ""},
        {"a.b.c.d.e.f.g.h = 1\n", "too-deep", 1, 0, ""},
        {"tag = \"\xff\"\n", "bad-utf8", 1, 0, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config config;
        struct fail f;
        if (!CHECK_F(!parse(rows[i].text, &config, &f), "taken: %s", rows[i].text))
            continue;
        CHECK_F(f.status == 2 && strcmp(f.path, "relver.toml") == 0 &&
                strcmp(f.state, "nothing changed") == 0, "%s", rows[i].text);
        CHECK_F(strcmp(f.code, rows[i].code) == 0, "%s (%s), want %s: %s", f.code, f.what,
                rows[i].code, rows[i].text);
        CHECK_F(f.line == rows[i].line && (rows[i].col == 0 || f.col == rows[i].col),
                "%zu:%zu, want %zu:%zu: %s", f.line, f.col, rows[i].line, rows[i].col,
                rows[i].text);
        CHECK_F(strstr(f.what, rows[i].what) != NULL, "'%s' lacks '%s'", f.what, rows[i].what);
    }
}

/* Any prefix of any of the files is taken or refused, with a place inside it. */
static void test_prefixes(void)
{
    static const char *const texts[] = {changelog, changesets, from_tags, one_version,
                                        two_packages};
    for (size_t i = 0; i < COUNT(texts); i++)
        for (size_t n = 0; n <= strlen(texts[i]); n += 7) {
            struct config config;
            struct fail f;
            bool ok = parse(arena_dup(&arena, texts[i], n), &config, &f);
            CHECK_F(ok || (f.status == 2 && f.line > 0 && f.col > 0), "prefix %zu of %zu", n, i);
        }
}

int main(void)
{
    test_changelog();
    test_changesets();
    test_from_tags();
    test_one_version();
    test_two_packages();
    test_spellings();
    test_nothing();
    test_pins();
    test_files();
    test_templates();
    test_errors();
    test_prefixes();
    arena_free(&arena);
    return check_done();
}
