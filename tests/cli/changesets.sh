# relver add, status, show next, bump auto, check changelog: changesets, and what follows from them
. "$(dirname "$0")/lib.sh"

set_of() { printf -- '---\n%s\n---\n\n%s\n' "$2" "$3" >".changeset/$1.md"; }
package()
{
    mkdir -p "packages/$1"
    printf '{\n  "name": "%s",\n  "version": "%s"%s\n}\n' "$1" "$2" "${3-}" \
        >"packages/$1/package.json"
}
# three packages: b needs a, c needs nobody
three()
{
    mkdir .changeset
    echo '{}' >.changeset/config.json
    echo '{"name": "root", "private": true, "workspaces": ["packages/*"]}' >package.json
    package a 1.0.0
    package b 1.2.3 ', "dependencies": {"a": "~1.0.0"}'
    package c 0.1.0
    git init -q -b main
}
keep() { git add -A && git commit -q -m "${1-start}"; }

try "the example, from the changesets to the changelogs"
workspace examples/changesets
run relver show next -p @neuronx/core
ok
out_is 1.5.0
run relver status
ok
out_has '  next: 2.2.0
    minor: .changeset/brave-lions-wait.md: Add `retry`'
snap
run relver bump auto -n
code 0
unchanged
cp "$cases/out" "$cases/announced"
run relver bump auto
ok
out_has '@neuronx/core 1.4.0 => 1.5.0'
out_has '@neuronx/console 0.2.0 => 0.2.1'
same "$(ls .changeset)" config.json
file_has packages/ui-kit/package.json '"workspace:^1.5.0"'
file_has packages/ui-kit/package.json '"@neuronx/core": "^1.2.0"'
file_has pnpm-lock.yaml 'specifier: ~1.5.0'
file_has packages/sdk/CHANGELOG.md "- Updated dependencies [$(git rev-parse --short=7 HEAD)]"
run relver check
ok
snap
run relver bump auto
ok
out_is 'nothing to do'
unchanged
git diff >"$cases/made"
git checkout -q . && git apply "$cases/announced" && git diff >"$cases/said"
same_file "$cases/said" "$cases/made"

try "who is out of range is released, in range nobody"
three
set_of x 'a: minor' 'Do more'
keep
run relver status
out_has "    patch: it requires ~1.0.0 of a"
run relver bump auto
ok
out_is 'a 1.0.0 => 1.1.0
b 1.2.3 => 1.2.4
6 edits in 5 files'
file_has packages/b/package.json '"a": "~1.1.0"'
same "$(cat packages/b/CHANGELOG.md)" '# b

## 1.2.4

### Patch Changes

- Updated dependencies ['"$(git rev-parse --short=7 HEAD)"']
  - a@1.1.0'
git reset -q --hard
sed 's/~1/^1/' packages/b/package.json >t && mv t packages/b/package.json
keep
run relver bump auto
ok
file_has packages/b/package.json '"a": "^1.0.0"'
[ ! -e packages/b/CHANGELOG.md ] && pass

try "crates and Python packages take part"
mkdir -p .changeset core py
echo '{}' >.changeset/config.json
printf '[workspace]\nmembers = ["core", "cli"]\n' >Cargo.toml
printf '[package]\nname = "core"\nversion = "0.3.0"\n' >core/Cargo.toml
mkdir cli && printf '[package]\nname = "cli"\nversion = "1.0.0"\n[dependencies]\ncore = %s\n' \
    '{ path = "../core", version = "0.3.0" }' >cli/Cargo.toml
printf '[tool.uv.workspace]\nmembers = ["py"]\n' >pyproject.toml
printf '[project]\nname = "py"\nversion = "1.0rc1"\n' >py/pyproject.toml
set_of x 'core: minor
py: patch' 'Both'
run relver bump auto
ok
out_has 'core 0.3.0 => 0.4.0'
out_has 'cli 1.0.0 => 1.0.1'
out_has 'py 1.0rc1 => 1.0.0'
file_has cli/Cargo.toml 'version = "0.4.0" }'
same "$(sed -n 7p py/CHANGELOG.md)" '- Both'

try "crates that take a requirement from their workspace are released with it"
mkdir -p .changeset core cli tests other
echo '{}' >.changeset/config.json
printf '[workspace]\nmembers = ["*"]\n[workspace.dependencies]\n%s\n%s\n' \
    'heart = { package = "core", path = "core", version = "0.3.0" }' \
    'other.path = "other"
other.version = "1"' >Cargo.toml
printf '[package]\nname = "core"\nversion = "0.3.0"\n' >core/Cargo.toml
printf '[package]\nname = "other"\nversion = "1.0.0"\n[build-dependencies]\n%s\n' \
    'heart.workspace = true' >other/Cargo.toml
printf '[package]\nname = "cli"\nversion = "1.0.0"\n[target."cfg(unix)".dependencies]\n%s\n' \
    'heart = { workspace = true, features = ["a"] }' >cli/Cargo.toml
printf '[package]\nname = "tests"\nversion = "1.0.0"\n[dev-dependencies]\n%s\n%s\n' \
    'heart.workspace = true' 'other.workspace = true' >tests/Cargo.toml
set_of x 'core: patch' 'Mend it'
snap
run relver bump auto -n
code 0
file_lacks "$cases/out" 'b/cli/'
unchanged
set_of x 'core: minor' 'More'
run relver status
out_has 'patch: it requires 0.3.0 of core'
run relver bump auto
ok
out_is 'cli 1.0.0 => 1.0.1
core 0.3.0 => 0.4.0
other 1.0.0 => 1.0.1
8 edits in 8 files'
file_has Cargo.toml 'path = "core", version = "0.4.0" }'
file_has Cargo.toml 'other.version = "1"'
same "$(sed -n '5,$p' cli/CHANGELOG.md)" '### Patch Changes

- Updated dependencies
  - core@0.4.0'

try "the mode of prereleases, by the rules of version 2"
three
echo '{"devDependencies": {"@changesets/cli": "^2.27.0"}, "workspaces": ["packages/*"]}' \
    >package.json
echo '{"mode": "pre", "tag": "next", "initialVersions": {}, "changesets": []}' >.changeset/pre.json
set_of x 'a: minor' 'Do more'
run relver bump auto
ok
out_has 'a 1.0.0 => 1.1.0-next.0'
out_has 'b 1.2.3 => 1.2.4-next.0'
file_has .changeset/pre.json '"x"'
[ -e .changeset/x.md ] && pass
snap
run relver bump auto
out_is 'nothing to do'
unchanged
set_of y 'a: patch' 'Mend it'
run relver bump auto
out_has 'a 1.1.0-next.0 => 1.1.0-next.1'
sed 's/"pre"/"exit"/' .changeset/pre.json >t && mv t .changeset/pre.json
run relver bump auto
ok
out_has 'a 1.1.0-next.1 => 1.1.0'
same "$(ls .changeset)" config.json
snap
run relver bump auto
out_is 'nothing to do'
unchanged

try "the mode of prereleases, by the rules of version 3"
three
echo '{"mode": "pre", "tag": "next"}' >.changeset/pre.json
set_of x 'a: minor' 'Do more'
cp .changeset/x.md x.md
run relver bump auto
ok
out_has 'a 1.0.0 => 1.1.0-next.0'
same_file .changeset/pre/x.md x.md
[ ! -e .changeset/x.md ] && pass
snap
run relver bump auto
out_is 'nothing to do'
unchanged
echo '{"mode": "exit", "tag": "next"}' >.changeset/pre.json
run relver bump auto
ok
out_has 'a 1.1.0-next.0 => 1.1.0'
same "$(find .changeset -type f)" .changeset/config.json

try "prereleases without a mode: changesets wait for the stable release"
three
set_of x 'a: minor' 'Do more'
set_of y 'a: patch
c: patch' 'Both'
run relver bump a=minor
ok
same "$(ls .changeset)" 'config.json
y.md'
file_has packages/a/CHANGELOG.md '- Do more'
file_lacks packages/a/CHANGELOG.md '- Both'
git checkout -q . 2>/dev/null
set_of z 'c: minor' 'More'
run relver bump -p c minor rc
ok
run relver bump -p c rc
ok
out_has '=> 0.2.0-rc.2'
[ -e .changeset/z.md ] && pass
[ ! -e packages/c/CHANGELOG.md ] && pass
run relver bump -p c release
ok
out_has 'c 0.2.0-rc.2 => 0.2.0'
[ ! -e .changeset/z.md ] && pass
same "$(sed -n 3,7p packages/c/CHANGELOG.md)" '## 0.2.0

### Minor Changes

- More'

try "snapshots name each other exactly"
three
set_of x 'a: minor' 'Do more'
keep
run env SOURCE_DATE_EPOCH=1700000000 relver bump snapshot canary
ok
out_is 'a 1.0.0 => 0.0.0-canary-20231114221320
b 1.2.3 => 0.0.0-canary-20231114221320
6 edits in 5 files'
file_has packages/b/package.json '"a": "0.0.0-canary-20231114221320"'
same "$(ls .changeset)" config.json
snap
run relver bump snapshot canary
out_is 'nothing to do'
unchanged
git reset -q --hard && git clean -qfd
snap
# snapshot CONFIG TAG: refused, and nothing changes
snapshot()
{
    echo "$1" >.changeset/config.json
    snap
    # shellcheck disable=SC2086
    run relver bump snapshot $2
    refused 2 changeset
    err_has ".changeset/${3-config.json:1:37}: "
    unchanged
}
snapshot '{"snapshot": {"prereleaseTemplate": "{datetime}"}}' canary
snapshot '{"snapshot": {"prereleaseTemplate": "{tag}"}}' ''
snapshot '{"snapshot": {"prereleaseTemplate": "{tag}{"}}' canary
snapshot '{"snapshot": {"prereleaseTemplate": "{tag}{what}"}}' canary
snapshot '{}' a_b config.json:1:1
echo '{"snapshot": {"prereleaseTemplate": "{tag}.{commit-short}", "useCalculatedVersion": true}}' \
    >.changeset/config.json
sed 's/~1.0.0/>=1 <2/' packages/b/package.json >t && mv t packages/b/package.json
set_of y 'b: patch' 'Mend it'
run relver bump snapshot canary
ok
out_has "a 1.0.0 => 1.1.0-canary.$(git rev-parse --short=7 HEAD)"
file_has packages/b/package.json '"a": "1.1.0-canary.'
echo '{"mode": "pre", "tag": "next"}' >.changeset/pre.json
git checkout -q packages
snapshot '{}' canary pre.json:1:25
rm -r .changeset
run relver bump snapshot
refused 2 usage

try "add writes what is read again"
three
run relver add a=minor b=none -m 'Let "it" be:  more
than one line'
ok
file=$out
same "$(cat "$file")" '---
"a": minor
"b": none
---

Let "it" be:  more
than one line'
case $file in .changeset/let-it-be-more-*.md) pass ;; *) fail "named $file" ;; esac
run relver show next -p a
out_is 1.1.0
run relver add --empty
ok
run relver add --empty
ok
same "$(ls .changeset/*.md | wc -l)" 3
snap
run relver add a=minor -m x -n
ok
out_has '+++ b/.changeset/x-'
unchanged
for what in 'a -m x' 'a=huge -m x' 'd=minor -m x' 'a=minor' '' 'a=minor --empty -m x'; do
    # shellcheck disable=SC2086
    run relver add $what
    code 2
    unchanged
done
run relver bump auto
ok
same "$(ls .changeset)" config.json

try "what is malformed is named by its place, and nothing changes"
three
set_of x 'a: minor' 'Do more'
set_of y 'b: patch
d: patch' 'What is d?'
snap
run relver bump auto
refused 2 changeset
err_has '.changeset/y.md:3:1: '
err_has "nearest is 'a'"
set_of y 'a: [' 'Broken'
snap
for what in 'bump auto' status 'show next -p a' 'check changelog'; do
    # shellcheck disable=SC2086
    run relver $what
    refused 2 changeset
    err_has '.changeset/y.md:2:4: '
    unchanged
done
# malformed WHERE CONFIG [PRE]: `auto` refuses that config.json, and says where it is wrong
malformed()
{
    echo "$2" >.changeset/config.json
    [ -z "${3-}" ] || echo "$3" >.changeset/pre.json
    snap
    run relver bump auto
    refused 2 changeset
    err_has "error[changeset]: $1: "
    unchanged
    rm -f .changeset/pre.json
}
set_of y 'b: patch' 'Mended'
malformed .changeset/config.json:2:1 '{'
malformed .changeset/config.json:1:14 '{"prettier": "yes"}'
malformed .changeset/config.json:1:12 '{"fixed": ["a"]}'
malformed .changeset/config.json:2:19 '{
  "ignore": ["c", "d-*"]}'
malformed .changeset/config.json:1:25 '{"fixed": [["a", "b"], ["\u0062"]]}'
malformed .changeset/config.json:2:15 '{"fixed": [["a"]],
  "linked": [["[ab]", "*"]]}'
malformed .changeset/pre.json:1:10 '{}' '{"mode": "on", "tag": "rc"}'
malformed .changeset/pre.json:1:1 '{}' '{"mode": "pre"}'
package c 0.1.0-rc.x
malformed packages/c/package.json:3:15 '{}' '{"mode": "pre", "tag": "rc"}'
rm .changeset/x.md
malformed packages/b/package.json:3:46 '{"ignore": ["a"]}'
echo '{"devDependencies": {"@changesets/cli": "2"}, "workspaces": ["packages/*"]}' >package.json
package c 0.1.0
malformed .changeset/pre.json:1:1 '{}' '{"mode": "pre", "tag": "rc"}'

try "without changesets add writes to the changelog, under its type"
package a 1.0.0
cd packages/a || exit 2
printf '# Changelog\r\n\r\n## [Unreleased]\r\n\r\n### Fixed\r\n\r\n- One\r\n\r\n## [1.0.0]\r\n' \
    >CHANGELOG.md
run relver add -m 'Two
lines' --type Fixed
ok
out_is CHANGELOG.md
run relver add -m 'Three'
ok
same "$(tr -d '\r' <CHANGELOG.md)" '# Changelog

## [Unreleased]

### Fixed

- One
- Two
  lines

### Changed

- Three

## [1.0.0]'
same "$(tr -dc '\r' <CHANGELOG.md | wc -c)" "$(wc -l <CHANGELOG.md)"
snap
for what in 'a=minor -m x' --empty '-m x --type Mended' ''; do
    # shellcheck disable=SC2086
    run relver add $what
    code 2
done
echo '# Changelog' >CHANGELOG.md
run relver add -m x
refused 2 changelog
rm CHANGELOG.md
run relver add -m x
refused 1 changelog
mkdir .changeset
run relver add a=minor -m x -n
ok
echo 'changesets = false' >relver.toml
run relver add a=minor -m x
refused 2 usage
run relver bump auto
refused 4 git.unknown

try "a branch that changes a package has a changeset"
three
keep
git checkout -q -b work
run relver check changelog
ok
echo >packages/c/index.js
keep "c"
run relver check changelog
refused 1 changelog
err_has 'packages/c/package.json:3:15: c: changed since main'
run relver add --empty
run relver check changelog
ok
keep "say so"
run relver check
ok
git rm -q .changeset/*.md packages/c/index.js && keep "nothing left"
echo >README.md && keep "nobody's"
run relver check changelog
ok
echo >packages/c/index.js && keep "c again"
git branch -D -q main
run relver check changelog
refused 4 git.unknown
git update-ref refs/remotes/up/main HEAD~1
run relver check changelog
refused 4 git.unknown
run relver check changelog --remote up
refused 1 changelog
err_has 'since up/main'

try "a shallow clone does not know who added a changeset"
three
set_of x 'a: minor' 'Do more'
keep
echo >packages/c/index.js && keep "c"
git clone -q --depth 1 "file://$PWD" shallow && cd shallow || exit 2
snap
run relver bump auto
refused 4 git.shallow
unchanged
git fetch -q --unshallow
run relver bump auto
ok
file_has packages/a/CHANGELOG.md "$(git rev-parse --short=7 HEAD~1): Do more"

try "bump auto --commit takes the removed and the new files with it"
three
set_of x 'a: minor' 'Do more'
keep
run relver bump auto --commit
ok
same "$(git status --porcelain)" ''
same "$(git show --name-status --format= | sort)" 'A	packages/a/CHANGELOG.md
A	packages/b/CHANGELOG.md
D	.changeset/x.md
M	packages/a/package.json
M	packages/b/package.json'
run relver bump auto --commit
ok
same "$(git rev-list --count HEAD)" 2

finish
