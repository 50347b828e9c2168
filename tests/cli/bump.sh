# relver bump: every place of a version at once, and no other byte
# cargo behind rustup looks for its toolchain in the home directory, which lib.sh replaces
export RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}"
. "$(dirname "$0")/lib.sh"

# has NAME: whether a tool is here; cargo and npm answer offline
has() { command -v "$1" >/dev/null 2>&1; }
cargo_agrees()
{
    if has cargo; then
        run cargo metadata --offline --locked --format-version 1 --manifest-path "${1-.}/Cargo.toml"
        code 0
    else
        skip 'no cargo'
    fi
}
npm_agrees()
{
    if has npm; then
        run npm ci --offline --ignore-scripts --no-audit --no-fund
        code 0
        rm -rf node_modules */node_modules */*/node_modules
    else
        skip 'no npm'
    fi
}

# ---- the two workspaces -------------------------------------------------------------------------

try 'one-version: one version in six files'
workspace examples/one-version
run relver bump 0.2.0-rc.1
ok
out_is 'nemo-flow 0.1.0 => 0.2.0-rc.1
19 edits in 6 files'
versions_only '0\.1\.0' '0\.2\.0-rc\.1'
same "$(git diff --name-only | sort)" 'Cargo.lock
Cargo.toml
crates/node/package.json
docs/getting-started/installation.md
integrations/openclaw/package.json
package-lock.json'
file_has Cargo.toml 'tinylog = { version = "0.1.0", path'
file_has integrations/openclaw/package.json '"nemo-flow-node": "^0.2.0-rc.1"'
file_has pyproject.toml 'dynamic = ["version", "description"]'
cargo_agrees
npm_agrees
snap
run relver bump 0.2.0-rc.1
ok
out_has 'nothing to do'
unchanged
run relver check --tag 0.2.0-rc.1
ok
run relver bump rc
ok
out_has '0.2.0-rc.1 => 0.2.0-rc.2'
run relver bump release
out_has '0.2.0-rc.2 => 0.2.0'
cargo_agrees
run relver bump 0.1.0
refused 1 order
run relver bump 0.1.0 --override order=back
ok
same "$(git status --porcelain)" '' 'the way back'

try 'two-packages: two versions, a pin and a lock file in one step'
workspace examples/two-packages
run relver bump edgequake-llm=0.5.0 edgequake-litellm=0.4.0
ok
out_is 'edgequake-llm 0.4.0 => 0.5.0
edgequake-litellm 0.3.0 => 0.4.0
8 edits in 6 files'
same "$(grep -c '^version = "0.5.0"' Cargo.toml)" 1
file_has edgequake-litellm/Cargo.toml 'version = "0.4.0"'
file_has edgequake-litellm/Cargo.toml 'edgequake-llm = { path = "..", version = "0.5.0", '
file_has edgequake-litellm/pyproject.toml 'version = "0.4.0"'
cargo_agrees
snap
run relver bump edgequake-llm=0.5.0 edgequake-litellm=0.4.0
ok
unchanged
run relver check
ok

try 'the sed lines of the release guide give the crate'\''s version to its binding'
workspace examples/two-packages
sed -i 's/^version = "0.4.0"/version = "0.5.0"/' Cargo.toml
sed -i 's/^version = "0.3.0"/version = "0.4.0"/' edgequake-litellm/Cargo.toml
sed -i 's/version = "0.4.0"$/version = "0.5.0"/' edgequake-litellm/Cargo.toml
sed -i 's/version = "0.3.0"/version = "0.4.0"/' edgequake-litellm/pyproject.toml
same "$(grep -c '^version = "0.5.0"' edgequake-litellm/Cargo.toml)" 1
file_has edgequake-litellm/Cargo.toml 'path = "..", version = "0.4.0"'
run relver check
code 1
err_has "edgequake-litellm/Cargo.toml:15:43: "
err_has "edgequake-litellm/pyproject.toml:7:12: "
err_has "Cargo.lock:"

try 'levels, by package and by pair'
workspace examples/two-packages
run relver bump minor
refused 2 ambiguous
err_has 'edgequake-llm, edgequake-litellm'
run relver bump minor -p edgequake-llm
ok
out_has 'edgequake-llm 0.4.0 => 0.5.0'
run relver bump edgequake-litellm=patch
ok
out_has 'edgequake-litellm 0.3.0 => 0.3.1'
run relver bump edgequake-litellm='minor rc'
ok
file_has edgequake-litellm/Cargo.toml 'version = "0.4.0-rc.1"'
file_has edgequake-litellm/pyproject.toml 'version = "0.4.0rc1"'
cargo_agrees

# ---- dry runs and refusals ----------------------------------------------------------------------

try 'a dry run prints the exact diff and writes nothing'
workspace examples/one-version
snap
run relver bump 0.2.0 -n
code 0
unchanged
printf '%s\n' "$out" >../dry.diff
run git apply ../dry.diff
code 0
git diff >../applied.diff
git checkout -q .
run relver bump 0.2.0
git diff >../bumped.diff
same_file ../applied.diff ../bumped.diff

try 'what is refused changes nothing'
workspace examples/one-version
snap
for what in v0.2.0 0.2 1.2.3.4 01.2.3 mynor ''; do
    run relver bump "$what"
    code 2
    err_has 'state: nothing changed'
done
run relver bump v0.2.0
err_has 'next: relver bump 0.2.0'
run relver bump 0.2.0rc1
err_has 'next: relver bump 0.2.0-rc.1'
run relver bump
refused 2 usage
run relver bump nemo-flowww=1.0.0
refused 2 unknown-package
err_has "the nearest is 'nemo-flow'"
run relver bump nemo-flow=0.2.0 0.3.0
refused 2 usage
run relver bump 0.2.0-nightly.1
ok
run relver bump 0.1.0 --override order=
refused 1 order
run relver bump 0.1.0 --override order=back
ok
unchanged

try 'a version without a PEP 440 form is refused where a Python package needs one'
workspace tests/fixtures/mixed-rust-python
snap
run relver bump 2.0.0-nightly.1
refused 2 unknown-label
unchanged

try 'a malformed manifest is named by line and column'
workspace examples/one-version
printf '\n[broken\n' >>crates/ffi/Cargo.toml
snap
run relver bump 0.2.0
refused 2 syntax
err_has 'crates/ffi/Cargo.toml:'
unchanged

try 'members outside the project are refused'
mkdir in
printf '[workspace]\nmembers = ["../out"]\n' >in/Cargo.toml
run relver -C in bump 1.0.0
refused 2 path
err_has 'Cargo.toml:2:13'

# ---- ordinary repositories ----------------------------------------------------------------------

# ordinary FIXTURE VERSION: bump, agree with the tools, be idempotent, go back
ordinary()
{
    try "ordinary: $1"
    workspace "tests/fixtures/$1"
    run relver bump "$2"
    ok
    run relver check
    ok
    if [ -f Cargo.toml ]; then cargo_agrees; fi
    if [ -f package-lock.json ]; then npm_agrees; fi
    snap
    run relver bump "$2"
    ok
    out_has 'nothing to do'
    unchanged
}
ordinary cargo-single 1.3.0
ordinary npm-single 1.2.4
ordinary npm-lock1 1.2.4
ordinary npm-lock2 1.2.4
ordinary python-static 1.3.0
ordinary python-poetry 1.3.0
ordinary mixed-rust-python 1.2.3
ordinary stale-lock 1.2.4

try 'ordinary: cargo-virtual, an inherited version and one of its own'
workspace tests/fixtures/cargo-virtual
run relver bump 2.0.0
refused 2 ambiguous
run relver bump virtual-b=2.0.0-rc.1
ok
versions_only '1\.2\.3' '2\.0\.0-rc\.1'
file_has Cargo.toml 'virtual-d = { path = "crates/d", version = "0.3.1" }'
file_has crates/scratch/Cargo.toml 'version = "1.2.3"'
cargo_agrees
run relver bump virtual-d=0.4.0
ok
cargo_agrees

try 'a version that the root shares with its members is one unit'
mkdir m
printf '[workspace]\nmembers = ["m"]\n[workspace.package]\nversion = "1.0.0"\n' >Cargo.toml
printf '[package]\nname = "r"\nversion.workspace = true\n' >>Cargo.toml
printf '[package]\nname = "m"\nversion.workspace = true\n' >m/Cargo.toml
run relver status
out_has 'r 1.0.0 (cargo r, cargo m)'
run relver bump m=1.1.0
ok
out_is 'r 1.0.0 => 1.1.0
1 edit in 1 file'

try 'a crate at 0.0.0 does not speak for the package of its name beside it'
printf '[package]\nname = "addon"\nversion = "0.0.0"\n' >Cargo.toml
printf '{"name": "addon", "version": "1.2.3"}\n' >package.json
run relver bump patch
ok
file_has package.json '"version": "1.2.4"'
file_has Cargo.toml 'version = "0.0.0"'
run relver check
ok
printf '{"name": "addon", "version": "0.0.0"}\n' >package.json
run relver bump 0.1.0
ok
file_has package.json '"version": "0.1.0"'
file_has Cargo.toml 'version = "0.1.0"'

try 'a member that another registry has as well'
mkdir core app
printf '[workspace]\nmembers = ["core", "app"]\n' >Cargo.toml
printf '[package]\nname = "core"\nversion = "1.2.3"\n' >core/Cargo.toml
printf '[package]\nname = "app"\nversion = "1.2.3"\n[dependencies]\n' >app/Cargo.toml
echo 'core = { version = "1.2.3", path = "../core", registry = "ours" }' >>app/Cargo.toml
echo 'theirs = { package = "core", version = "1.2.3", registry = "theirs" }' >>app/Cargo.toml
run relver bump 2.0.0 -p core
ok
file_has app/Cargo.toml 'core = { version = "2.0.0", path'
file_has app/Cargo.toml 'package = "core", version = "1.2.3", registry = "theirs"'

try 'ordinary: cargo-mixed, every spelling of a requirement'
workspace tests/fixtures/cargo-mixed
snap
run relver bump 2.0.0
refused 2 complex
err_has 'short/Cargo.toml:5:'
unchanged
run relver bump 1.3.0
ok
file_has Cargo.toml 'mixed-lib = { path = "lib", version = "=1.3.0" }'
file_has Cargo.toml 'mixed-short = { version = "1.3", path = "short" }'
file_has Cargo.toml 'mixed-util.version = "~1.3.0"'
file_has Cargo.toml "version = '1.3.0' # a literal string"
file_has Cargo.toml 'foreign = { path = "vendor/foreign", version = "1.2.3" }'
file_has macros/Cargo.toml '"ver\u0073ion" = "1.3.0"'
file_has util/Cargo.toml 'package = "foreign", path = "../vendor/foreign", version = "1.2.3"'
file_has vendor/foreign/Cargo.toml 'version = "1.2.3"'
cargo_agrees

try 'ordinary: npm-workspaces, scoped names and every table'
workspace tests/fixtures/npm-workspaces
snap
run relver bump 2.0.0-rc.1
refused 2 complex
unchanged
run relver bump 1.3.0
ok
file_has packages/app/package.json '"@acme/lib": "^1.3.0"'
file_has packages/plugin/package.json '"@acme/lib": "~1.3"'
file_has packages/plugin/package.json '"@acme/lib": "*"'
file_has packages/lib/test/sample/package.json '"version": "1.2.3"'
file_has package-lock.json '"far": "^1.2.3"'
npm_agrees
run relver bump @acme/lib=1.3.1 npm:@acme/plugin=1.4.0
ok
npm_agrees
run relver check
ok

try 'packages of one version go together; what is never released has no say'
mkdir -p packages/a packages/b docs xtask demo/src
printf '{"name": "root", "private": true, "workspaces": ["packages/*", "docs"]}' >package.json
printf '{"name": "a", "version": "1.0.0"}' >packages/a/package.json
printf '{"name": "b", "version": "1.0.0", "private": true}' >packages/b/package.json
printf '{"name": "docs", "version": "0.3.0", "private": true}' >docs/package.json
printf '[workspace]\nmembers = ["xtask", "demo"]\n' >Cargo.toml
printf '[package]\nname = "demo"\nversion = "0.0.0"\n' >demo/Cargo.toml
printf '[package]\nname = "xtask"\nversion = "0.1.0"\npublish = false\n' >xtask/Cargo.toml
run relver show version
ok
out_is 1.0.0
run relver bump minor
ok
out_is 'a 1.0.0 => 1.1.0
b 1.0.0 => 1.1.0
2 edits in 2 files'
run relver bump docs=patch xtask=minor
ok
file_has docs/package.json 0.3.1
file_has xtask/Cargo.toml 0.2.0
run relver stamp --exact 1.1.1
ok
file_has packages/a/package.json 1.1.1
file_has docs/package.json 0.3.1
run relver stamp --restore
sed -i s/false/true/ xtask/Cargo.toml
run relver bump patch
refused 2 ambiguous
run relver show version
refused 2 ambiguous

try 'napi-rs: the packages of the platforms are one with the package that loads them'
mkdir -p addon/npm/linux-x64-gnu addon/npm/darwin-arm64 addon/npm/README other
printf '{"name": "root", "private": true, "workspaces": ["addon", "other"]}' >package.json
printf '{"name": "other", "version": "4.0.0"}' >other/package.json
printf '{"name": "addon", "version": "1.0.0", "napi": {"binaryName": "addon"}, %s}' \
    '"optionalDependencies": {"addon-linux-x64-gnu": "1.0.0"}' >addon/package.json
for dir in linux-x64-gnu darwin-arm64; do
    printf '{"name": "addon-%s", "version": "1.0.0"}' $dir >addon/npm/$dir/package.json
done
run relver bump addon=minor
ok
out_is 'addon 1.0.0 => 1.1.0
4 edits in 3 files'
file_has addon/npm/linux-x64-gnu/package.json 1.1.0
sed -i s/1.1.0/1.0.0/ addon/npm/darwin-arm64/package.json
run relver check
code 1
err_has 'addon/npm/darwin-arm64/package.json:1:'

try 'what npm and pnpm exclude with "!" is left alone'
mkdir -p packages/a packages/b packages/c/test
printf '{"name": "root", "workspaces": ["packages/**", "!packages/b", "!**/test"]}' >package.json
for dir in a b c c/test; do
    printf '{"name": "%s", "version": "1.0.0"}' "$dir" >packages/$dir/package.json
done
: >yarn.lock
run relver status
same "$(printf '%s\n' "$out" | grep -c yarn.lock)" 1 'mentions of a lock file that is not edited'
run relver bump 1.1.0
ok
out_has '2 edits in 2 files'
file_has packages/a/package.json 1.1.0
file_has packages/b/package.json 1.0.0
file_has packages/c/package.json 1.1.0
file_has packages/c/test/package.json 1.0.0

try 'ordinary: a nested workspace is left alone'
workspace tests/fixtures/nested-workspace
run relver bump 2.0.0
ok
same "$(git diff --name-only | tr '\n' ' ')" 'Cargo.lock app/Cargo.toml util/Cargo.toml '
cargo_agrees
cargo_agrees tools

try 'ordinary: a version that the build supplies'
workspace tests/fixtures/python-dynamic
sed -i '/^version = /d' pyproject.toml
snap
run relver bump 2.0.0
refused 2 no-version
unchanged

try '142 packages go to 142 versions in one step'
mkdir crates
printf '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n' >Cargo.toml
printf 'version = 4\n' >Cargo.lock
pairs= n=0
while [ $n -lt 142 ]; do
    mkdir -p crates/p$n/src
    : >crates/p$n/src/lib.rs
    printf '[package]\nname = "p%d"\nversion = "0.%d.0"\nedition = "2021"\n' $n $n \
        >crates/p$n/Cargo.toml
    if [ $n -gt 0 ]; then
        printf '\n[dependencies]\np%d = { path = "../p%d", version = "0.%d.0" }\n' \
            $((n - 1)) $((n - 1)) $((n - 1)) >>crates/p$n/Cargo.toml
    fi
    printf '\n[[package]]\nname = "p%d"\nversion = "0.%d.0"\n' $n $n >>Cargo.lock
    [ $n = 0 ] || printf 'dependencies = [\n "p%d",\n]\n' $((n - 1)) >>Cargo.lock
    pairs="$pairs p$n=1.$n.0"
    n=$((n + 1))
done
git init -q -b main . && git add -A && git commit -q -m start
run relver bump $pairs
ok
out_has '425 edits in 143 files'
versions_only '0\.[0-9]*\.0' '1\.[0-9]*\.0'
file_has crates/p141/Cargo.toml 'version = "1.140.0"'
run relver check
ok

finish
