# What git's history says: the nearest tag, and the version that the commits since make of it.
. "$(dirname "$0")/lib.sh"

commit() { git commit -q --allow-empty -m "$1"; }
repository()
{
    git init -q -b main .
    printf '[project]\nname = "demo"\ndynamic = ["version"]\n' >pyproject.toml
    printf '%s\n' "$@" >relver.toml
    git add -A
    commit start
}

if ! (cd "$cases" && mkdir probe && cd probe && git init -q . && git commit -q --allow-empty -m x &&
    git tag v1.0 && printf '[project]\nname = "p"\ndynamic = ["version"]\n' >pyproject.toml &&
    relver show prev-tag >/dev/null 2>&1); then
    case_name=all
    skip "git cannot be asked here"
    finish
fi

try 'a tag at HEAD is the version; commits since count on'
repository 'scheme = "pep440"'
git tag v0.4.5
run relver show version --from-git
ok
out_is 0.4.5
commit one
commit two
node=g$(git rev-parse HEAD | cut -c 1-8)
run relver show version --from-git
ok
out_is "0.4.6.dev2+$node"
run relver show prev-tag
ok
out_is v0.4.5
run relver show version --from-git --json
ok
out_has "\"version\": \"0.4.6.dev2+$node\""

try "the schemes that setuptools_scm is told"
repository 'scheme = "pep440"'
git tag v0.4.5
commit one
node=g$(git rev-parse HEAD | cut -c 1-8)
# scm SETTINGS: as a change, so the date goes in, too.
scm()
{
    printf '[project]\nname = "demo"\ndynamic = ["version"]\n%s\n' "$1" >pyproject.toml
    run env SOURCE_DATE_EPOCH=1795219200 relver show version --from-git
}
scm '[tool.setuptools_scm]
version_scheme = "guess-next-dev"
local_scheme = "node-and-date"'
out_is "0.4.6.dev1+$node.d20261121"
scm '[tool.setuptools_scm]
local_scheme = "no-local-version"'
out_is 0.4.6.dev1
scm '[tool.hatch.version.raw-options]
version_scheme = "release-branch-semver"
local_scheme = "no-local-version"'
out_is 0.5.0.dev1
git checkout -qb release/0.4 2>/dev/null
run env SOURCE_DATE_EPOCH=1795219200 relver show version --from-git
out_is 0.4.6.dev1
scm '[tool.setuptools_scm]
version_scheme = "calver-by-date"'
refused 2 scheme
err_has 'pyproject.toml:5:19: version_scheme is '\''calver-by-date'\'', and relver knows'

try 'a development tag names the version that is coming'
repository 'scheme = "pep440"' 'dev-tag = "v{next}-dev"'
git tag v0.4.5
git tag v0.4.6-dev
commit one
run relver show version --from-git --style npm
ok
out_is "0.4.6-dev.1+g$(git rev-parse HEAD | cut -c 1-8)"
run relver show prev-tag
out_is v0.4.6-dev

try 'the nearest tag, by commits that it lacks; of one commit the highest version'
repository 'tag = "v{version}"'
git tag v2.0.0
commit one
git branch old
git tag v1.10.0
git tag v1.9.0
git tag -a -m annotated v1.8.0
commit two
git checkout -q old
commit side
git tag v3.0.0
git checkout -q main
run relver show prev-tag
ok
out_is v1.10.0
git merge -q --no-ff -m merge old
run relver show prev-tag
ok
out_is v3.0.0

try 'only tags of the package'\''s form'
repository 'tag = "py-v{version}"' 'scheme = "pep440"'
git tag v9.0.0
git tag py-v0.3.0
commit one
git tag v10.0.0
run relver show prev-tag
ok
out_is py-v0.3.0
run relver show version --from-git
out_has 0.3.1.dev1+g

try 'changes to what git tracks are marked with the date; other files are none'
repository 'scheme = "pep440"'
git tag v1.2.3
touch untracked
run relver show version --from-git
out_is 1.2.3
echo >>pyproject.toml
run env SOURCE_DATE_EPOCH=1795219200 relver show version --from-git
ok
out_is "1.2.4.dev0+g$(git rev-parse HEAD | cut -c 1-8).d20261121"

try 'every tag of the package, the highest first'
repository 'tag = "{version}"'
for tag in 0.1.0 0.10.0 0.2.0 0.9.0 1.0.0-rc.1 1.0.0-rc.10 1.0.0-rc.9 v2.0.0 other; do
    git tag $tag
done
run relver show tags
ok
out_is '1.0.0-rc.10
1.0.0-rc.9
1.0.0-rc.1
0.10.0
0.9.0
0.2.0
0.1.0'
run relver show tags --stable --recent 2
ok
out_is '0.10.0
0.9.0'
run relver show tags --recent 1 --json
ok
out_is '{"relver": 1, "tags": ["1.0.0-rc.10"]}'

try 'release lines: the last of the stable ones, newest first'
repository 'scheme = "pep440"' 'branch = "release-{major}.{minor}.x"' 'maintained = 2'
for tag in v0.2.0 v0.2.9 v0.3.0 v0.4.5 v0.4.6-dev v0.5.0rc1 v0.10.0.dev0 other; do
    git tag $tag
done
run relver show lines
ok
out_is '0.4
0.3'
run relver show lines --json
ok
out_has '"lines": [{"line": "0.4", "branch": "release-0.4.x", "tag": "v0.4.5"}, {"line": "0.3", '
printf 'scheme = "pep440"\n' >relver.toml
run relver show lines
ok
out_is '0.4
0.3
0.2'
git clone -q --depth 1 "file://$PWD" clone
cd clone
run relver show lines
refused 4 git.unknown
err_has 'git fetch --unshallow --tags'

try 'release lines without a tag'
repository 'scheme = "pep440"'
run relver show lines
refused 4 git.unknown
err_has 'git fetch --tags'
git tag v1.0rc1
run relver show lines
ok
out_is ''

try 'every tag against its own commit, without a checkout'
git init -q -b main . && commit empty
git tag v0.0.1
echo '[package' >Cargo.toml && git add -A && commit broken
git tag v0.0.2
printf '[package]\nname = "other"\nversion = "0.0.3"\n' >Cargo.toml && git commit -qam other
git tag v0.0.3
printf '[package]\nname = "demo"\nversion = "0.1.0"\n' >Cargo.toml && git commit -qam demo
git tag v0.1.0 && git tag -m annotated v0.1.1 && git tag other-1.0.0
mkdir py && printf '[project]\nname = "demo-py"\nversion = "0.2.0"\n' >py/pyproject.toml
sed -i s/0.1.0/0.2.0/ Cargo.toml && git add -A && commit two
git tag v0.2.0 && git tag v0.3.0 "$(git hash-object -w Cargo.toml)"
mkdir -p bin && printf '#!/bin/sh\necho "$*" >>asked\nexec %s "$@"\n' "$(command -v git)" >bin/git
chmod +x bin/git
git repack -adq && git init -q --bare "$dir.git" && mv .git/objects/pack/* "$dir.git/objects/pack"
echo "$dir.git/objects" >.git/objects/info/alternates # what lies here needs no git
snap
run env PATH="$dir/bin:$PATH" relver check --all-tags
code 1
for tag in v0.0.1 v0.0.2 v0.3.0; do err_has "relver: the tag '$tag' is passed over: "; done
err_has "cargo 'demo' says 0.1.0, the tag 'v0.1.1' says 0.1.1 (Cargo.toml:3:12)"
err_has "next: git show 'v0.1.1:Cargo.toml'"
err_lacks v0.2.0
err_lacks v0.1.0\'
err_lacks 'other-'
err_lacks v0.0.3
same "$(grep -c . asked) $(grep -c cat-file asked)" '1 1' 'processes'
rm asked && unchanged
git tag -d v0.1.1 >git.log && rm git.log
run relver check --all-tags
code 0

try 'what git cannot tell'
repository 'scheme = "pep440"'
run relver show version --from-git
refused 4 git.unknown
err_has 'git fetch --tags'
git tag v1.0
commit one
git clone -q --depth 1 "file://$PWD" clone
cd clone
run relver show prev-tag
refused 4 git.unknown
err_has 'git fetch --unshallow --tags'
git fetch -q --unshallow --tags
run relver show prev-tag
out_is v1.0

try 'a shallow clone knows the tag of its own HEAD'
repository 'scheme = "pep440"'
git tag v1.0
commit one
git tag v1.1
git clone -q --depth 1 --branch v1.1 "file://$PWD" clone 2>/dev/null
cd clone
run relver show version --from-git
ok
out_is 1.1

try 'no work tree at all'
printf '[project]\nname = "demo"\nversion = "1.0"\n' >pyproject.toml
run relver show prev-tag
refused 4 git.unknown

try 'a tag that leaves nothing to count on from'
repository 'scheme = "pep440"'
git tag v1.0.dev3
commit one
run relver show version --from-git
refused 1 git.version
err_has 'only .dev0 can be tagged'

finish
