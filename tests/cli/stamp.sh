# relver stamp: a version for one build, and every byte back afterwards
# cargo behind rustup looks for its toolchain in the home directory, which lib.sh replaces
export RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}"
. "$(dirname "$0")/lib.sh"
unset SOURCE_DATE_EPOCH

sha=abc1234def5678901234567890abcdef12345678
id=abc1234d
has() { command -v "$1" >/dev/null 2>&1; }

# without git the state directory lies in the tree
tree()
{
    find . \( -name .git -o -name .relver \) -prune -o \( -type f -exec cksum {} + \) -o -print |
        sort
}

# restored: `stamp --restore` leaves the tree of the last `snap`, and nothing in the state directory
restored()
{
    run relver stamp --restore
    ok
    unchanged
    state=.git/relver
    [ -d .git ] || state=.relver
    same "$(ls $state)" lock 'what lies in the state directory'
}

# The tools take the stamped tree as it is: lock files have followed.
tools_agree()
{
    if has cargo; then
        run cargo metadata --offline --locked --no-deps --format-version 1
        code 0
        metadata=$out
        run cargo metadata --offline --locked --format-version 1
        code 0
    else
        skip 'no cargo'
    fi
    if has npm; then
        run npm ci --offline --ignore-scripts --no-audit --no-fund
        code 0
        rm -rf node_modules */node_modules */*/node_modules
    else
        skip 'no npm'
    fi
}

# toml FILE EXPRESSION: of the document d, as Python's own parser reads it; "?" without one
toml()
{
    python3 -c "import tomllib, sys
d = tomllib.load(open(sys.argv[1], 'rb'))
print($2)" "$1" 2>"$cases/py" || { grep -q 'No module' "$cases/py" && echo '?'; }
}

# ---- guide 0, "Version Source" and "For non-tag CI builds" --------------------------------------

try 'one-version: the workspace version is what every stamp comes from'
workspace examples/one-version
snap
run relver stamp --sha $sha
ok
out_is "pypi nemo-flow 0.1.0+$id
cargo nemo-flow-adaptive 0.1.0+$id
cargo nemo-flow-cli 0.1.0+$id
cargo nemo-flow 0.1.0+$id
cargo nemo-flow-ffi 0.1.0+$id
cargo nemo-flow-node 0.1.0+$id
npm nemo-flow-node 0.1.0-$id
cargo nemo-flow-python 0.1.0+$id
cargo nemo-flow-wasm 0.1.0-$id
npm nemo-flow-openclaw 0.1.0-$id
18 edits in 9 files; relver stamp --restore undoes them"
file_has Cargo.toml "version = \"0.1.0+$id\" # the one version"

case_name='one-version: workspace.dependencies still accept the workspace version'
file_has Cargo.toml 'nemo-flow = { version = "0.1.0", path = "crates/core" }'
file_has Cargo.toml 'tinylog = { version = "0.1.0", path'
tools_agree

case_name='one-version: package.json and its lock entry carry -ID'
file_has crates/node/package.json "\"version\": \"0.1.0-$id\""
same "$(grep -c -- "\"version\": \"0.1.0-$id\"" package-lock.json)" 2 'stamped lock entries'

case_name='one-version: the plugin is aligned, and requires exactly the stamped package'
file_has integrations/openclaw/package.json "\"version\": \"0.1.0-$id\""
file_has integrations/openclaw/package.json "\"nemo-flow-node\": \"0.1.0-$id\""
file_has package-lock.json "\"nemo-flow-node\": \"0.1.0-$id\""

case_name='one-version: a concrete version in pyproject.toml and crates/python/Cargo.toml'
file_has pyproject.toml "version = \"0.1.0+$id\""
file_has pyproject.toml 'dynamic = ["description"] # written when the wheel is packaged'
file_has crates/python/Cargo.toml "version = \"0.1.0+$id\""
file_lacks crates/python/Cargo.toml 'version.workspace'
file_has crates/core/Cargo.toml 'version.workspace = true'
seen=$(toml pyproject.toml '(d["project"]["version"], d["project"]["dynamic"])')
case $seen in '?') skip 'no tomllib' ;; *) same "$seen" "('0.1.0+$id', ['description'])" ;; esac

case_name='one-version: wasm-pack takes -ID from the crate'
file_has crates/wasm/Cargo.toml "version = \"0.1.0-$id\""
case ${metadata-} in
'') ;;
*"\"name\":\"nemo-flow-wasm\",\"version\":\"0.1.0-$id\""*) pass ;;
*) fail 'cargo metadata has another version for the wasm crate' ;;
esac

case_name='one-version: and all of it back'
restored
run relver check
ok

try 'one-version: a base with a prerelease: a dot for npm, PEP 440 for Python'
workspace examples/one-version
relver bump 0.2.0-rc.1 >/dev/null
snap
run relver stamp --sha $sha
ok
out_has "npm nemo-flow-node 0.2.0-rc.1.$id"
out_has "cargo nemo-flow-wasm 0.2.0-rc.1.$id"
out_has "cargo nemo-flow 0.2.0-rc.1+$id"
out_has "pypi nemo-flow 0.2.0rc1+$id"
file_has pyproject.toml "version = \"0.2.0rc1+$id\""
file_has integrations/openclaw/package.json "\"nemo-flow-node\": \"0.2.0-rc.1.$id\""
tools_agree
restored

# hazard OID ID: ids that tools would read as a number
hazard()
{
    try "one-version: the id $2"
    workspace examples/one-version
    snap
    run relver stamp --sha "$1"
    ok
    out_has "npm nemo-flow-node 0.1.0-$2"
    out_has "cargo nemo-flow 0.1.0+$2"
    out_has "pypi nemo-flow 0.1.0+$2"
    tools_agree
    run relver stamp --sha "$1"
    ok
    out_is 'nothing to do'
    restored
}
hazard 1234567890123456789012345678901234567890 g12345678
hazard 0123456789abcdef0123456789abcdef01234567 g01234567
hazard 1e10000012345678901234567890123456789012 1e100000
hazard ABCDEF0123456789ABCDEF0123456789ABCDEF01 abcdef01

try 'HEAD is the commit when none is named'
workspace examples/one-version
head=$(git rev-parse HEAD)
snap
run relver stamp
case $err in *libgit2*) skip 'no libgit2' ;; *)
    ok
    stamped=$(tree)
    restored
    run relver stamp --sha "$head"
    ok
    same "$(tree)" "$stamped" 'stamped by --sha and by HEAD'
    restored
    ;;
esac

# ---- what is written out ------------------------------------------------------------------------

# dynamic WANT-LINES TEXT: a pyproject.toml whose [project] says TEXT; what it says when stamped
dynamic()
{
    dynamic_number=$((${dynamic_number-0} + 1))
    try "dynamic $dynamic_number: $1"
    printf "$2" >pyproject.toml
    snap
    run relver stamp --exact 1.2.3
    ok
    seen=$(toml pyproject.toml '(d["project"]["version"], d["project"].get("dynamic", []))')
    case $seen in '?') skip 'no tomllib' ;; *) same "$seen" "('1.2.3', $1)" ;; esac
    same "$(grep -c kept pyproject.toml)" "$(printf "$2" | grep -c kept)" 'comments'
    restored
}
p='[project]\nname = "demo"\n'
dynamic '[]' "${p}dynamic = [\"version\"]\n"
dynamic '[]' "${p}dynamic=['version']"
dynamic '[]' "${p}dynamic = [\"version\",]\n\n[tool.x]\ny = 1\n"
dynamic "['readme']" "${p}dynamic = [\"version\", \"readme\"]\n"
dynamic "['readme']" "${p}dynamic = [ \"readme\" , \"version\" ]\n"
dynamic "['readme', 'urls']" "${p}dynamic = [\"readme\",\"version\",\"urls\"]\r\n"
dynamic "['readme']" "${p}dynamic = [\n  \"version\", # the build's\n  \"readme\", # kept\n]\n"
dynamic "['readme']" "${p}dynamic = [\n\t\"readme\", # kept\n\t\"version\"\n]\nkeywords = []\n"
dynamic "['readme']" "${p}dynamic = [\n  # kept\n  \"readme\"\n  , \"version\" ]\n"
u="[project.urls]\nA = 'b'\n"
dynamic "['readme']" "${p}dynamic = [\"ver\\\\u0073ion\", \"readme\"]\n$u"
dynamic "['readme']" "[build-system]\nrequires = []\n$u${p}dynamic = [\"version\",\n\"readme\"]"
dynamic '[]' 'project = { name = "demo", dynamic = ["version"] }\n'

try 'a table with no room for a version is refused'
printf 'project.name = "demo"\nproject.dynamic = ["version"]\n' >pyproject.toml
snap
run relver stamp --exact 1.2.3
refused 2 unsupported
unchanged

# inherited TEXT WANT: a member crate that becomes a wheel, and says its version by TEXT
inherited()
{
    try "inherited: $1"
    mkdir -p py/src && : >py/src/lib.rs
    printf '%s\n' '[workspace]' 'members = ["py"]' 'resolver = "2"' '[workspace.package]' \
        'version = "1.2.3"' >Cargo.toml
    printf 'version = 4\n\n[[package]]\nname = "py"\nversion = "1.2.3"\n' >Cargo.lock
    printf '[project]\nname = "py"\nversion = "1.2.3"\n' >py/pyproject.toml
    printf "$1" >py/Cargo.toml
    snap
    run relver stamp --sha $sha
    ok
    same "$(cat py/Cargo.toml)" "$(printf "$2")" 'py/Cargo.toml'
    if has cargo; then
        run cargo metadata --offline --locked --no-deps --format-version 1
        code 0
        out_has "\"version\":\"1.2.3+$id\""
    else
        skip 'no cargo'
    fi
    restored
}
v="version = \"1.2.3+$id\""
inherited '[package]\nname = "py"\nversion.workspace = true # one\n' \
    "[package]\nname = \"py\"\n$v # one\n"
inherited '[package]\nname = "py"\n"version" . workspace=true' "[package]\nname = \"py\"\n$v"
inherited '[package]\nversion = { workspace = true } # one\nname = "py"\n' \
    "[package]\n$v # one\nname = \"py\"\n"
inherited '[package]\nversion={workspace=true}\nname = "py"\n' \
    "[package]\nversion=\"1.2.3+$id\"\nname = \"py\"\n"
inherited 'package.name = "py"\npackage.version.workspace = true\n' \
    "package.name = \"py\"\npackage.$v\n"

try 'a [package.version] is refused'
mkdir py
printf '[workspace]\nmembers = ["py"]\n[workspace.package]\nversion = "1.2.3"\n' >Cargo.toml
printf '[project]\nname = "py"\nversion = "1.2.3"\n' >py/pyproject.toml
printf '[package]\nname = "py"\n[package.version]\nworkspace = true\n' >py/Cargo.toml
snap
run relver stamp --sha $sha
refused 2 unsupported
err_has py/Cargo.toml:4:
unchanged

try 'a crate on top of wasm-bindgen is stamped as npm is, and required exactly'
mkdir -p web/src app/src bindgen/src own/src && : >web/src/lib.rs
: >app/src/lib.rs
: >bindgen/src/lib.rs
: >own/src/lib.rs
cat >Cargo.toml <<'END'
[workspace]
members = ["web", "app", "own"]
exclude = ["bindgen"]
resolver = "2"
[workspace.package]
version = "1.2.3"
[workspace.dependencies]
web = { path = "web", version = "1.2" }
wasm-bindgen = { path = "bindgen" }
END
printf '[package]\nname = "wasm-bindgen"\nversion = "0.2.100"\n' >bindgen/Cargo.toml
crate() { # NAME LINE..
    name=$1; shift
    printf '%s\n' '[package]' "name = \"$name\"" 'version.workspace = true' "$@" >$name/Cargo.toml
}
crate web '[lib]' 'crate-type = ["cdylib"]' "[target.'cfg(unix)'.dependencies]" \
    'wasm-bindgen.workspace = true'
crate app '[dependencies]' 'web.workspace = true'
crate own '[lib]' 'crate-type = ["cdylib"]' '[dev-dependencies]' 'wasm-bindgen.workspace = true'
cat >Cargo.lock <<'END'
version = 4

[[package]]
name = "app"
version = "1.2.3"
dependencies = [
 "web",
]

[[package]]
name = "own"
version = "1.2.3"
dependencies = [
 "wasm-bindgen",
]

[[package]]
name = "wasm-bindgen"
version = "0.2.100"

[[package]]
name = "web"
version = "1.2.3"
dependencies = [
 "wasm-bindgen",
]
END
snap
run relver stamp --sha $sha
ok
out_has "cargo web 1.2.3-$id"
out_has "cargo own 1.2.3+$id"
file_has Cargo.toml "web = { path = \"web\", version = \"=1.2.3-$id\" }"
if has cargo; then
    run cargo metadata --offline --locked --format-version 1
    code 0
fi
restored

try 'npm: every form of a requirement on a stamped package'
mkdir a b
printf '{"name": "root", "private": true, "workspaces": ["a", "b"]}' >package.json
printf '{"name": "a", "version": "1.2.3"}' >a/package.json
cat >b/package.json <<'END'
{"name": "b", "version": "1.2.3", "dependencies": {"a": ">=1.2.0 <2"},
"devDependencies": {"a": "workspace:^1.2.3"}, "peerDependencies": {"a": "1.x || 2.x"}}
END
snap
run relver stamp --sha $sha
ok
file_has b/package.json "\"dependencies\": {\"a\": \"1.2.3-$id\"}"
file_has b/package.json "\"devDependencies\": {\"a\": \"workspace:1.2.3-$id\"}"
file_has b/package.json "\"peerDependencies\": {\"a\": \"1.2.3-$id\"}"
restored
for form in 'workspace:*' 'workspace:^' 'file:../a' 'link:../a' 'git+ssh://a@b.example/a'; do
    printf '{"name": "b", "version": "1.2.3", "dependencies": {"a": "%s"}}' "$form" >b/package.json
    snap
    run relver stamp --sha $sha
    ok
    file_has b/package.json "\"a\": \"$form\""
    restored
done

try 'Python alone: bases that only PEP 440 knows, and requirements that stay'
printf '[project]\nname = "demo"\nversion = "2026.11"\n%s\n' \
    'optional-dependencies = { all = ["demo[x] == 2026.11", "demo>=2026"] }' >pyproject.toml
snap
run relver stamp --sha $sha
ok
out_has "pypi demo 2026.11+$id"
file_has pyproject.toml '["demo[x] == 2026.11", "demo>=2026"]'
restored
printf '[project]\nname = "demo"\nversion = "1.0.post1+deb.1"\n' >pyproject.toml
snap
run relver stamp --sha $sha
refused 2 base-has-build
unchanged

# ---- ordinary repositories, and two versions ----------------------------------------------------

for fixture in "$top"/tests/fixtures/*/; do
    fixture=$(basename "$fixture")
    [ "$fixture" = python-dynamic ] && continue
    try "ordinary: $fixture"
    workspace "tests/fixtures/$fixture"
    snap
    run relver stamp --sha $sha
    ok
    [ "$(tree)" != "$snapped" ] && pass || fail 'nothing is stamped'
    if [ -f Cargo.toml ] && has cargo; then
        run cargo metadata --offline --locked --format-version 1
        code 0
    fi
    if [ -f package-lock.json ] && has npm; then
        run npm ci --offline --ignore-scripts --no-audit --no-fund
        code 0
        rm -rf node_modules */node_modules */*/node_modules
    fi
    restored
done

try 'two-packages: each its own version, all or one of them'
workspace examples/two-packages
snap
run relver stamp --sha $sha
ok
out_has "cargo edgequake-llm 0.4.0+$id
cargo edgequake-litellm 0.3.0+$id
pypi edgequake-litellm 0.3.0+$id"
file_has edgequake-litellm/Cargo.toml 'path = "..", version = "0.4.0"'
restored
run relver stamp --sha $sha -p edgequake-llm
ok
same "$(git diff --name-only | tr '\n' ' ')" 'Cargo.lock Cargo.toml '
run relver stamp --sha $sha
refused 1 stamped
restored
run relver stamp --exact 0.5.0
refused 2 ambiguous
run relver stamp --exact 0.5.0 -p edgequake-llm
ok
file_has edgequake-litellm/Cargo.toml 'path = "..", version = "0.5.0"'
restored

# ---- again, differently, by others --------------------------------------------------------------

try 'the same again is nothing to do; another one is refused; so are bump and check'
workspace examples/one-version
run relver stamp --sha $sha
snap
run relver stamp --sha $sha
ok
out_is 'nothing to do'
unchanged
other=1234567890123456789012345678901234567890
for words in "--sha $other" '--nightly' '--exact 0.2.0' "--sha $sha -p nemo-flow"; do
    # shellcheck disable=SC2086
    run relver stamp $words
    refused 1 stamped
    err_has 'next: relver stamp --restore'
done
run relver bump patch
refused 1 stamped
run relver check
refused 1 stamped
unchanged
run relver status
ok
out_has "stamped: id $id; relver stamp --restore undoes it"
out_lacks '<- expected'
run relver status --json
out_has "\"stamped\": \"id $id\""
run relver stamp --print --sha $sha
ok
out_has "npm nemo-flow-node 0.1.0-$id"
out_has "pypi nemo-flow 0.1.0+$id"
run relver stamp --print --sha $other
refused 1 already-stamped
mv .git/relver/stamp ../record
run relver stamp --sha $other
refused 1 already-stamped
run relver stamp --sha $sha
ok
out_has 'nothing to do'
unchanged
mv ../record .git/relver/stamp
run relver stamp --restore
ok
out_is '9 files restored'
run relver stamp --restore
ok
out_is 'nothing to restore'
same "$(git status --porcelain)" '' 'the way back'

try 'what somebody else wrote meanwhile is not lost unasked'
workspace examples/one-version
snap
relver stamp --sha $sha >/dev/null
echo '# cargo was here' >>Cargo.lock
stamped=$(tree)
run relver stamp --sha $sha
refused 1 stamped
err_has 'its files changed since'
run relver stamp --restore
refused 6 file.changed
err_has 'Cargo.lock: '
same "$(tree)" "$stamped" 'the tree'
run relver stamp --restore --override edited=
refused 6 file.changed
run relver stamp --restore --override edited=cargo
ok
unchanged
relver stamp --sha $sha >/dev/null
rm crates/wasm/Cargo.toml
run relver stamp --restore
refused 6 file.changed
run relver stamp --restore --override edited=lost
ok
unchanged
relver stamp --sha $sha >/dev/null
git checkout -q Cargo.toml pyproject.toml
run relver stamp --restore
ok
out_is '7 files restored'
unchanged
relver stamp --sha $sha >/dev/null
git checkout -q .
run relver stamp --exact 0.3.0
ok
out_has 'cargo nemo-flow 0.3.0'
restored

try 'a damaged record is not followed'
workspace examples/one-version
relver stamp --sha $sha >/dev/null
sed 's/one version of this/one version of that/' .git/relver/stamp >../bad
cp ../bad .git/relver/stamp
snap
for command in 'stamp --restore' "stamp --sha $sha" 'bump patch' status; do
    # shellcheck disable=SC2086  # words
    run relver $command
    refused 6 record
done
unchanged

try 'a dry run prints the exact diff and writes nothing'
workspace examples/one-version
snap
run relver stamp --sha $sha -n
code 0
unchanged
[ ! -e .git/relver/stamp ] && pass || fail 'a dry run leaves a record'
printf '%s\n' "$out" >../dry.diff
run git apply ../dry.diff
code 0
git diff >../applied.diff
git checkout -q .
relver stamp --sha $sha >/dev/null
git diff >../stamped.diff
same_file ../applied.diff ../stamped.diff
snap
run relver stamp --restore -n
code 0
out_has 'crates/wasm/Cargo.toml'
err_has '9 files restored (dry run: nothing changed)'
unchanged

try 'from another project of the same work tree, and from below'
mkdir -p one two/deep
cp -R "$top/tests/fixtures/cargo-single/." one
cp -R "$top/tests/fixtures/npm-single/." two
touch one/relver.toml two/relver.toml
git init -q && git add -A && git commit -q -m start
snap
(cd one && relver stamp --sha $sha >/dev/null)
run relver -C two stamp --sha $sha
refused 1 stamped
err_has "(id $id in one/)"
run relver -C two/deep stamp --restore
ok
out_is '2 files restored'
unchanged

try 'without git'
cp -R "$top/examples/one-version/." .
snap
run relver stamp
refused 2 no-commit
err_has 'next: relver stamp --sha OID'
run relver stamp --sha $sha
ok
rm -rf .relver/lock
run relver stamp --restore
ok
rm -r .relver
unchanged
run relver stamp --nightly --print
ok

# ---- nightly, exact -----------------------------------------------------------------------------

try 'nightly: the configured form, else the scheme'\''s'
workspace examples/one-version
export SOURCE_DATE_EPOCH=1767225599
snap
run relver stamp --nightly
ok
out_has 'cargo nemo-flow 0.1.0-alpha.20251231'
out_has 'cargo nemo-flow-wasm 0.1.0-alpha.20251231'
out_has 'pypi nemo-flow 0.1.0a20251231'
file_has integrations/openclaw/package.json '"nemo-flow-node": "^0.1.0-alpha.20251231"'
tools_agree
export SOURCE_DATE_EPOCH=1767225600
run relver stamp --nightly
refused 1 stamped
restored
sed -i '/^nightly = /d' relver.toml
run relver stamp --nightly --print
out_has 'npm nemo-flow-node 0.1.0-alpha.20260101'
sed -i '1i nightly = "{next}-dev.{date}"' relver.toml
run relver stamp --nightly --print
out_has 'npm nemo-flow-node 0.1.1-dev.20260101'
out_has 'pypi nemo-flow 0.1.1.dev20260101'
sed -i '1s/.*/nightly = "{base}-nightly.{date}"/' relver.toml
run relver stamp --nightly --print
refused 2 unknown-label
relver bump 0.2.0-rc.1 >/dev/null
sed -i '1s/.*/nightly = "{base}-dev.{date}"/' relver.toml
run relver stamp --nightly --print
out_has 'npm nemo-flow-node 0.2.0-dev.20260101'
SOURCE_DATE_EPOCH=soon
run relver stamp --nightly
refused 2 usage
unset SOURCE_DATE_EPOCH
run relver stamp --nightly --print
out_has "nemo-flow-node 0.2.0-dev.$(date -u +%Y)"

try 'nightly: Python'
printf '[project]\nname = "demo"\nversion = "0.4.6.dev0"\n' >pyproject.toml
SOURCE_DATE_EPOCH=1767225600 run relver stamp --nightly --print
ok
out_is 'pypi demo 0.4.6.dev20260101'
printf 'nightly = "v{base}.dev{date}"\nscheme = "pep440"\n' >relver.toml
SOURCE_DATE_EPOCH=1767225600 run relver stamp --nightly --print
ok
out_is 'pypi demo 0.4.6.dev20260101'

try 'nightly: a template of tags gives the version that the tag would name'
printf '{"name": "@x/demo", "version": "1.2.3-rc.1"}\n' >package.json
for form in 'nightly/{base}-dev.{date}' '{name}@{base}-dev.{date}' 'n-v{base}-dev.{date}'; do
    printf 'nightly = "%s"\ntag = "release-{version}"\n' "$form" >relver.toml
    SOURCE_DATE_EPOCH=1767225600 run relver stamp --nightly --print
    ok
    out_is 'npm @x/demo 1.2.3-dev.20260101'
done

try 'nightly: what would rank with or above the version itself is refused'
printf '{"name": "demo", "version": "1.2.3+build"}\n' >package.json
run relver stamp --nightly
refused 2 base-has-build
printf '[project]\nname = "demo"\nversion = "1.2.3+local"\n' >pyproject.toml
rm package.json
run relver stamp --nightly
refused 2 base-has-build

try 'npm: a requirement that any version would do for names the stamped one'
mkdir a b
printf '{"name": "root", "private": true, "workspaces": ["a", "b"]}\n' >package.json
printf '{"name": "a", "version": "1.2.3"}\n' >a/package.json
cat >b/package.json <<'END'
{"name": "b", "version": "1.2.3", "dependencies": {"a": "*"}, "devDependencies": {"a": "x"},
 "peerDependencies": {"a": ""}, "optionalDependencies": {"a": "latest"}}
END
snap
run relver stamp --sha $sha
ok
file_has b/package.json "\"dependencies\": {\"a\": \"1.2.3-$id\"}"
file_has b/package.json "\"devDependencies\": {\"a\": \"1.2.3-$id\"}"
file_has b/package.json "\"peerDependencies\": {\"a\": \"1.2.3-$id\"}"
file_has b/package.json '"optionalDependencies": {"a": "latest"}'
run relver stamp --sha $sha
out_is 'nothing to do'
restored

try 'uv.lock: the entry of a version that the build says, which uv wants once it is static'
mkdir lib
printf '[project]\nname = "app"\ndynamic = ["version"]\ndependencies = ["lib"]\n' >pyproject.toml
printf '[tool.uv.workspace]\nmembers = ["lib"]\n' >>pyproject.toml
printf '[project]\nname = "lib"\nversion = "1.2.3"\n' >lib/pyproject.toml
cat >uv.lock <<'END'
version = 1

[[package]]
name = "app"
source = { virtual = "." }
dependencies = [
    { name = "lib" },
]

[package.metadata]
requires-dist = [{ name = "lib", virtual = "lib" }]

[[package]]
name = "lib"
version = "1.2.3"
source = { virtual = "lib" }
END
git init -q
snap
run relver check
ok
run relver status
ok
out_lacks 'uv.lock:4'
run relver stamp --exact 1.3.0
ok
same "$(sed -n 5p uv.lock)" 'version = "1.3.0"'
same "$(grep -c 'version = "1.3.0"' uv.lock)" 2
restored
sed -i '/^dynamic/d' pyproject.toml # not the build's: it has no version
snap
run relver stamp --exact 1.3.0
ok
same "$(grep -c 'version = "1.3.0"' uv.lock)" 1
restored

try 'exact: a rehearsal of any version, also a lower one'
workspace examples/one-version
snap
run relver stamp --exact 0.0.1
ok
file_has pyproject.toml 'version = "0.0.1"'
file_has crates/python/Cargo.toml 'version = "0.0.1"'
file_has crates/wasm/Cargo.toml 'version.workspace = true'
tools_agree
run relver stamp --exact 0.0.1
ok
out_is 'nothing to do'
restored
for bad in v0.2.0 0.2 0.2.0rc1 ''; do
    run relver stamp --exact "$bad"
    code 2
done
unchanged

# ---- released -----------------------------------------------------------------------------------

try 'a base that is released already'
workspace examples/one-version
git commit -q --allow-empty -m more
git tag v0.1.0 # not the configured form
git tag 0.0.9 HEAD~1
run relver stamp --print
case $err in *libgit2*) skip 'no libgit2' ;; *)
    ok
    git tag 0.1.0 HEAD~1
    snap
    run relver stamp
    refused 1 released
    err_has 'next: relver bump patch'
    run relver stamp --sha $sha --print
    refused 1 released
    run relver stamp --nightly
    refused 1 released
    unchanged
    run relver stamp --exact 0.1.0
    ok
    restored
    relver bump patch >/dev/null
    run relver stamp --print
    ok
    relver bump 0.1.0 --override order=back >/dev/null
    git checkout -q -b side HEAD~1 && git tag -d 0.1.0 >/dev/null
    git commit -q --allow-empty -m side && git tag 0.1.0 && git checkout -q main
    run relver stamp --print # on another branch: not below HEAD
    ok
    ;;
esac

try 'a base that is released already, without a configuration and with two versions'
workspace tests/fixtures/cargo-single
git tag v1.2.3
run relver stamp
case $err in *libgit2*) skip 'no libgit2' ;; *)
    refused 1 released
    rm -rf .git ./*
    workspace examples/two-packages
    git tag py-v0.3.0
    run relver stamp
    refused 1 released
    err_has 'next: relver bump edgequake-litellm=patch'
    run relver stamp -p edgequake-llm --print
    ok
    ;;
esac

# ---- print and env ------------------------------------------------------------------------------

try 'print and env write nothing'
workspace examples/one-version
snap
run relver stamp --print --sha $sha
ok
out_has "npm nemo-flow-node 0.1.0-$id"
run relver stamp --env --sha $sha
ok
out_is "RELVER_VERSION=0.1.0-$id
RELVER_VERSION_CARGO=0.1.0+$id
RELVER_VERSION_NPM=0.1.0-$id
RELVER_VERSION_PEP440=0.1.0+$id
SETUPTOOLS_SCM_PRETEND_VERSION=0.1.0+$id
SETUPTOOLS_SCM_PRETEND_VERSION_FOR_NEMO_FLOW=0.1.0+$id
PDM_BUILD_SCM_VERSION=0.1.0+$id
POETRY_DYNAMIC_VERSIONING_BYPASS=0.1.0+$id
UV_DYNAMIC_VERSIONING_BYPASS=0.1.0+$id
PBR_VERSION=0.1.0+$id"
if has python3; then
    for how in --print --env -n; do
        run relver stamp $how --json --sha $sha
        ok
        feed "$out" python3 -m json.tool
        code 0
    done
fi
unchanged
[ ! -e .git/relver/stamp ] && pass || fail 'it leaves a record'

try 'env: a version that only the build knows; names that differ'
printf '[project]\nname = "Llama.Stack__api"\ndynamic = ["version"]\n' >pyproject.toml
run relver stamp --env --sha $sha
refused 2 no-version
err_has 'next: relver stamp --exact V'
run relver stamp --env --exact 0.4.5
ok
out_has 'RELVER_VERSION=0.4.5'
out_has 'SETUPTOOLS_SCM_PRETEND_VERSION_FOR_LLAMA_STACK_API=0.4.5'

try 'env: what packages do not agree on has only names of its own'
mkdir a b
printf '[tool.uv.workspace]\nmembers = ["a", "b"]\n' >pyproject.toml
printf '[project]\nname = "a"\nversion = "1.0"\n' >a/pyproject.toml
printf '[project]\nname = "b"\nversion = "2.0"\n' >b/pyproject.toml
run relver stamp --env --sha $sha
ok
out_is "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_A=1.0+$id
SETUPTOOLS_SCM_PRETEND_VERSION_FOR_B=2.0+$id"

try 'usage'
workspace examples/one-version
snap
for bad in 0.2.0 '--nightly --exact 1.0.0' '--restore --nightly' '--print --env' "--sha $id" \
    '--sha main' '--restore --print'; do
    # shellcheck disable=SC2086  # words
    run relver stamp $bad
    code 2
    err_has 'state: nothing changed'
done
unchanged
run relver stamp --sha $sha -p nemo
refused 2 unknown-package
unchanged

finish
