# relver init: a relver.toml of a few lines, or none
. "$(dirname "$0")/lib.sh"

git_tells=yes
echo '#include <git2.h>' | ${CC:-cc} -E - >/dev/null 2>&1 || git_tells=

head='# how this repository is released; relver.toml(5) has all keys'
# each DIR NAME VERSION: a manifest
toml='[%s]\nname = "%s"\nversion = "%s"\n'
crate() { mkdir -p "$1"; printf "$toml" package "$2" "$3" >"$1/Cargo.toml"; }
wheel() { mkdir -p "$1"; printf "$toml" project "$2" "$3" >"$1/pyproject.toml"; }
npm() { mkdir -p "$1"; printf '{"name": "%s", "version": "%s"}\n' "$2" "$3" >"$1/package.json"; }
repo() { git init -q -b main . && git add -A && git commit -q -m start; }
tags() { for tag; do git tag "$tag"; done; }

# writes TEXT: --print says it and writes nothing, init writes it, and then status shows the places
# it showed before, and more
writes()
{
    run relver status
    places=$(printf '%s\n' "$out" | grep -c '^  ')
    snap
    run relver init --print
    ok
    out_is "$head
$1"
    unchanged
    run relver init
    ok
    out_has 'relver.toml is written'
    same "$(cat relver.toml)" "$head
$1"
    run relver status
    code 0
    if [ "$(printf '%s\n' "$out" | grep -c '^  ')" -ge "$places" ]; then pass
    else fail "fewer places than $places"; fi
    run relver init
    refused 1 configured
}

# none WHAT..: none is needed, and each WHAT is said
none()
{
    snap
    run relver init
    ok
    out_has 'no relver.toml is needed'
    for what; do out_has "$what"; done
    unchanged
    run relver init --print
    ok
    same "$(printf '%s\n' "$out" | grep -vc '^#')" 0 'lines that are no comment'
}

# ---- ordinary repositories need nothing ----------------------------------------------------------

for name in cargo-single cargo-mixed npm-single npm-workspaces npm-lock1 npm-lock2 stale-lock \
    mixed-rust-python python-dynamic python-poetry nested-workspace; do
    try "$name"
    workspace tests/fixtures/$name
    none 'v{version}; there is none yet'
done

try 'a virtual workspace with inheritance'
mkdir -p a b
printf '[workspace]\nmembers = ["a", "b"]\n[workspace.package]\nversion = "0.3.0"\n' >Cargo.toml
printf '[package]\nname = "a"\nversion.workspace = true\n' >a/Cargo.toml
printf '[package]\nname = "b"\nversion.workspace = true\n' >b/Cargo.toml
none 'a 0.3.0 (cargo a, cargo b)'

try 'pnpm with catalogs'
npm . root 1.0.0
npm packages/a @x/a 1.0.0
npm packages/b @x/b 1.0.0
printf 'packages:\n  - "packages/*"\ncatalog:\n  left: ^1.0.0\n' >pnpm-workspace.yaml
none '@x/a 1.0.0'

try 'a uv workspace'
wheel . top 0.4.0
printf '[tool.uv.workspace]\nmembers = ["packages/*"]\n' >>pyproject.toml
wheel packages/core top-core 0.4.0
none 'top 0.4.0 (pypi top)' 'top-core 0.4.0'

try 'maturin'
crate . demo 0.5.0
printf '[build-system]\nrequires = ["maturin>=1"]\nbuild-backend = "maturin"\n[project]\n' \
    >pyproject.toml
printf 'name = "demo"\ndynamic = ["version"]\n' >>pyproject.toml
none 'demo 0.5.0 (cargo demo, pypi demo)'

try 'napi, with packages for each platform'
npm . demo 1.2.0
crate . demo 1.2.0
printf '{"name": "demo", "version": "1.2.0", "workspaces": ["npm/*"], "optionalDependencies":' \
    >package.json
printf ' {"demo-linux-x64": "1.2.0"}}\n' >>package.json
npm npm/linux-x64 demo-linux-x64 1.2.0
none 'demo-linux-x64 1.2.0'

try 'what stays at 0.0.0 has no part in the version of all'
npm . root 1.2.3
npm site site 0.0.0
npm lib lib 1.2.3
printf '{"private": true, "workspaces": ["site", "lib"]}\n' >package.json
crate . root 0.0.0
none 'lib 1.2.3'
run relver bump patch
ok
out_is 'lib 1.2.3 => 1.2.4
1 edit in 1 file'
printf '# News\n\n## [Unreleased]\n\n- news\n' >HISTORY.md
writes 'changelog = "HISTORY.md"

[package.root]
tag = "{name}-v{version}"  # never published

[package.site]
tag = "{name}-v{version}"  # never published'
run relver check
ok
run relver bump patch
ok
out_has 'lib 1.2.4 => 1.2.5'
run relver bump site=0.1.0
ok

# ---- what is found -------------------------------------------------------------------------------

try 'python in src layout: a constant that repeats the version'
wheel . my-demo 0.3.0
mkdir -p src/my_demo
echo '__version__ = "0.3.0"' >src/my_demo/__init__.py
writes 'files = ["src/my_demo/__init__.py"]'
run relver bump minor
ok
file_has src/my_demo/__init__.py '"0.4.0"'

try 'a changelog under another name, in a form that a bump can roll'
crate . demo 0.1.0
echo '# History' >HISTORY.md
none 'demo 0.1.0'
printf '# History\n\n## Unreleased\n\n- news\n' >HISTORY.md
writes 'changelog = "HISTORY.md"'

try 'one version in two ecosystems'
crate . demo 0.1.0-rc.1
wheel py demo-py 0.1.0rc1
printf '[workspace]\nmembers = ["."]\n' >>Cargo.toml
printf '[tool.uv.workspace]\nmembers = ["py"]\n' >pyproject.toml
writes 'tag = "v{version}"  # one version for all packages; there is no tag yet'
run relver bump rc
ok
file_has Cargo.toml 0.1.0-rc.2
file_has py/pyproject.toml 0.1.0rc2

try 'packages with versions of their own, no tag yet'
crate . one 0.1.0
crate two two 0.2.0
printf '[workspace]\nmembers = ["two"]\n' >>Cargo.toml
writes 'tag = "{name}-v{version}"  # every package has its own version; there is no tag yet'

try 'a shared version, and a package beside it'
workspace tests/fixtures/cargo-virtual
writes 'tag = "v{version}"  # there is no tag yet

[package.virtual-d]
tag = "{name}-v{version}"  # there is no tag yet'
run relver check
ok

try 'a file of another place is never overwritten'
crate . demo 0.1.0
echo '# mine' >.relver.toml
printf '# History\n\n## Unreleased\n\n- news\n' >HISTORY.md
snap
run relver init
refused 1 configured
err_has .relver.toml
run relver init --print
ok
out_has 'changelog = "HISTORY.md"'
rm .relver.toml
run relver init -n
ok
out_has '+++ b/relver.toml'
out_has '+changelog = "HISTORY.md"'
run relver init --json
ok
same "$(printf '%s' "$out" | cut -c1-28)" '{"relver": 1, "needed": true'
mkdir src
rm relver.toml
run relver -C src init
ok
file_has relver.toml HISTORY.md
run relver init now
refused 2 usage

# ---- tags ----------------------------------------------------------------------------------------

if [ -n "$git_tells" ]; then
    for case in 'v{version}||v0.1.0 v0.2.0' '{version}|0.2.0|0.1.0 0.2.0' \
        '{version}|0.2.0|v0.0.9 v0.1.0 0.2.0 nightly-2026.1.1 other' \
        'release/{version}|release/0.2.0|release/0.1.0 release/0.2.0 v9.0.0' \
        '{version}|1.0.0|0.1.0 0.2.0 1.0.0' 'v{version}||v0.2.0' \
        '{name}-v{version}|demo-v0.2.0|demo-v0.1.0 demo-v0.2.0' \
        '{name}@{version}|demo@0.2.0-rc.1|demo@0.1.0 demo@0.2.0-rc.1'; do
        tmpl=${case%%|*} rest=${case#*|}
        try "tags: $tmpl"
        crate . demo 0.2.0
        repo
        tags ${rest#*|}
        if [ -z "${rest%%|*}" ]; then
            none 'tags: v{version}; the newest: v0.2.0'
        else
            writes "tag = \"$tmpl\"  # the newest: ${rest%%|*}"
        fi
    done

    try 'tags by name'
    npm . root 0.0.0
    npm a @x/a 1.0.0
    npm b b 1.0.0
    printf '{"private": true, "workspaces": ["a", "b"]}\n' >package.json
    repo
    tags @x/a@0.9.0 @x/a@1.0.0 b@1.0.0 v0.1.0
    writes 'tag = "{name}@{version}"  # the newest: @x/a@1.0.0'
    run relver bump b=1.1.0
    ok
    file_has a/package.json 1.0.0

    try 'tags by a prefix for one of two'
    workspace examples/two-packages
    rm relver.toml
    tags v0.3.0 v0.4.0 py-v0.2.0 py-v0.3.0
    run relver init
    ok
    same "$(grep -v '^#' relver.toml)" 'tag = "v{version}"  # the newest: v0.4.0

[package.edgequake-litellm]
tag = "py-v{version}"  # the newest: py-v0.3.0'
    run relver check
    ok

    try 'one version for all'
    workspace examples/one-version
    rm relver.toml
    tags 0.0.9
    run relver init --print
    ok
    out_is "$head
tag = \"{version}\"  # the newest: 0.0.9"
else
    skip 'no libgit2 headers'
fi

# ---- from other tools ----------------------------------------------------------------------------

sources()
{
    wheel . demo 1.2.0
    mkdir -p demo
    printf 'Demo\n====\n1.2.0, for Python 3.8\n' >docs.in
    printf '__version__ = "1.2.0"\n' >demo/__init__.py
    printf '#define DEMO_VERSION "1.2.0"\n' >demo.h
    printf '#define TWO_VERSION "1.2.0" /* 1.2.0 */\n' >two.h
}

try 'bumpversion, as INI'
sources
cat >.bumpversion.cfg <<'END'
[bumpversion]
current_version = 1.2.0
commit = True
tag_name = rel-{new_version}
message = Release {new_version}
serialize =
    {major}.{minor}.{patch}
; a comment

[bumpversion:file:pyproject.toml]
[bumpversion:file:demo/__init__.py]
search = __version__ = "{current_version}"
replace = __version__ = "{new_version}"
[bumpversion:file:demo.h]
[bumpversion:file:two.h]
[bumpversion:file(date):docs.in]
search = {current_version}, for Python 3.8
replace = {new_version}, for Python 3.8
[bumpversion:glob:*.txt]
[metadata]
name = x
END
run relver init --from bumpversion
code 0
err_has "not carried over: the files of '*.txt'"
same "$(cat relver.toml)" "$head
# not carried over: parse and serialize: a version is SemVer or PEP 440
# not carried over: two.h: the version stands there more than once; name each
# not carried over: the files of '*.txt': name each
commit = \"Release {version}\"
tag = \"rel-{version}\"
files = [
    'demo/__init__.py: __version__ = \"{version}\"',
    \"demo.h\",
    \"docs.in: {version}, for Python 3.8\",
]"
run relver bump minor
ok
out_has '4 edits in 4 files'
file_has docs.in '1.3.0, for Python 3.8'

try 'bumpversion, as TOML'
sources
cat >.bumpversion.toml <<'END'
[tool.bumpversion]
current_version = "1.2.0"
tag_name = "v{new_version}"
message = "{current_version} to {new_version}"

[[tool.bumpversion.files]]
filename = "demo/__init__.py"
[[tool.bumpversion.files]]
filename = "demo.h"
search = "DEMO_VERSION \"{current_version}\""
replace = "DEMO_VERSION \"{new_version}\""
[[tool.bumpversion.files]]
filename = "LOG.md"
search = "Unreleased"
replace = "{new_version} {now:%Y}"
[[tool.bumpversion.files]]
filename = "gone.txt"
END
run relver init --from bumpversion --print
code 0
out_is "$head
# not carried over: message = '{current_version} to {new_version}'
# not carried over: LOG.md: 'Unreleased' to '{new_version} {now:%Y}' is no text around a version
# not carried over: gone.txt: no such file or directory
tag = \"v{version}\"
files = [
    \"demo/__init__.py\",
    'demo.h: DEMO_VERSION \"{version}\"',
]"
run relver init --from changesets
refused 2 no-changesets
rm .bumpversion.toml
run relver init --from bumpversion
refused 2 no-bumpversion
printf '[tool.bumpversion\n' >.bumpversion.toml
run relver init --from bumpversion
refused 2 syntax
err_has .bumpversion.toml:1:

try 'changesets'
npm packages/a @x/a 1.0.0
npm packages/b b 2.0.0
printf '{"private": true, "workspaces": ["packages/*"], "devDependencies":' >package.json
printf ' {"@changesets/cli": "^2.27.0"}}\n' >>package.json
mkdir .changeset
echo '{}' >.changeset/config.json
writes 'tag = "{name}@{version}"  # every package has its own version; there is no tag yet'
rm relver.toml
run relver init --from changesets
ok
same "$(cat relver.toml)" "$head
tag = \"{name}@{version}\"  # every package has its own version; there is no tag yet"
run relver bump b=2.1.0
ok

finish
