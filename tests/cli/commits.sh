# `bump auto` and `show next` from conventional commits since the last stable tag.
. "$(dirname "$0")/lib.sh"

commit() { git commit -q --allow-empty -m "$@"; }
# touch FILE.. -- MESSAGE: a commit that changes these files.
change()
{
    while [ "$1" != -- ]; do
        case $1 in */*) mkdir -p "${1%/*}" ;; esac
        echo "$2" >>"$1"
        shift
    done
    git add -A && git commit -q -m "$2"
}
# package VERSION: one npm package, tagged as released.
package()
{
    git init -q -b main .
    printf '{\n  "name": "demo",\n  "version": "%s"\n}\n' "$1" >package.json
    git add -A && commit start && git tag "v$1"
}
# next WANT [OPTION..]: what `show next` says; '' when nothing is pending.
next()
{
    want=$1; shift
    run relver show next -q "$@"
    ok
    out_is "$want"
}

if ! (cd "$cases" && mkdir probe && cd probe && package 1.0.0 &&
    relver show prev-tag >/dev/null 2>&1); then
    case_name=all
    skip "git cannot be asked here"
    finish
fi

# The same answers either way; by paths only git can tell.
for backend in git libgit2; do
export RELVER_GIT=$backend
if ! (cd "$cases/probe" && relver show prev-tag >/dev/null 2>&1); then
    skip "no $backend"
    continue
fi

try "$backend: nothing, then a patch, a minor and a major version"
package 1.2.3
next ''
commit 'docs: say more'
commit 'whatever'
next ''
run relver show next
code 0
out_is ''
err_is 'relver: nothing asks for a release'
run relver show next --json
out_is '{"relver": 1, "next": null}'
commit 'fix: one'
next 1.2.4
commit 'feat(api): two'
next 1.3.0
commit 'fix: three' -m 'BREAKING CHANGE: four'
next 2.0.0
run relver show next --json
ok
out_is '{"relver": 1, "next": "2.0.0"}'
run relver show next -v
code 0
out_is 2.0.0
err_is "relver: major for demo: $(git rev-parse HEAD | cut -c 1-8) fix: three
relver: minor for demo: $(git rev-parse HEAD~1 | cut -c 1-8) feat(api): two
relver: patch for demo: $(git rev-parse HEAD~2 | cut -c 1-8) fix: one"

try "$backend: bump auto, and again; commits since raise it further; then the tag"
package 1.2.3
run relver bump auto
ok
out_is 'nothing to do'
commit 'fix: one'
run relver bump auto
ok
out_is 'demo 1.2.3 => 1.2.4
1 edit in 1 file'
run relver bump auto
ok
out_has 'nothing to do'
next 1.2.4
git commit -qam 'chore: release'
commit 'feat: two'
run relver bump auto
ok
out_has 'demo 1.2.4 => 1.3.0'
git commit -qam 'chore: release'
git tag v1.3.0
run relver bump auto
ok
out_is 'nothing to do'

try "$backend: bump auto --commit, and again"
package 1.2.3
commit 'fix: one'
if [ $backend = git ]; then
    run relver bump auto --commit
    ok
    out_has 'demo 1.2.3 => 1.2.4'
    same "$(git status --porcelain)" '' status
    head=$(git rev-parse HEAD)
    run relver bump auto --commit
    ok
    out_has 'nothing to do'
    git tag v1.2.4
    for more in '' -n --json; do
        run relver bump auto --commit $more
        code 0
        same "$(git rev-parse HEAD)" "$head" HEAD
    done
    out_has '"id": null'
fi

try "$backend: before 1.0 what breaks raises the minor version, all else the patch"
package 0.2.3
commit 'fix: one'
next 0.2.4
commit 'feat: two'
next 0.2.4
commit 'feat!: three'
next 0.3.0

try "$backend: since the last stable tag; a prerelease on the way ends in its release"
package 1.2.3
commit 'feat: one'
run relver bump minor rc
git commit -qam 'chore: rc' && git tag v1.3.0-rc.1
next 1.3.0
commit 'docs: two'
commit 'fix: three'
next 1.3.0
commit 'feat!: four'
next 2.0.0
git reset -q --hard v1.3.0-rc.1
run relver bump 1.4.0-dev.0
next 1.4.0
run relver bump auto
out_has '1.4.0-dev.0 => 1.4.0'

try "$backend: without a stable tag, since the last one"
git init -q -b main .
printf '{\n  "name": "demo",\n  "version": "1.0.0-rc.1"\n}\n' >package.json
git add -A && commit 'feat: start' && git tag v1.0.0-rc.1
next ''
commit 'fix: one'
next 1.0.0

try "$backend: what is undone asks for nothing"
package 1.2.3
commit 'fix: one'
change file -- 'feat!: two'
next 2.0.0
git revert --no-edit HEAD >/dev/null
next 1.2.4
git revert --no-edit HEAD >/dev/null
next 2.0.0
git tag v2.0.0
git revert --no-edit HEAD~2 >/dev/null 2>&1 || git revert --no-edit HEAD >/dev/null
next 2.0.1

try "$backend: the branches of a merge count, and its own message"
package 1.2.3
git checkout -q -b side && change b -- 'feat: side'
git checkout -q main && change a -- 'fix: main'
git merge -q --no-ff -m 'Merge branch side' side
next 1.3.0
git checkout -q -b other && change c -- 'docs: other'
git checkout -q main
git merge -q --no-ff -m 'feat!: all of it (#3)' other
next 2.0.0

try "$backend: no tag, no answer"
package 1.2.3
git tag -d v1.2.3 >/dev/null
for words in 'show next' 'bump auto'; do
    run relver $words
    refused 4 git.unknown
    err_has 'git fetch --tags'
done

try "$backend: a shallow clone"
package 1.2.3
commit 'fix: one'
git clone -q --depth 1 "file://$PWD" clone
cd clone || exit 2
run relver show next
refused 4 git.unknown
git fetch -q --unshallow --tags
next 1.2.4
done
unset RELVER_GIT

try 'two packages, each by the files below it'
package 1.0.0
git tag -d v1.0.0 >/dev/null
printf '{\n  "name": "root",\n  "version": "1.0.0",\n  "workspaces": ["packages/*"]\n}\n' \
    >package.json
for name in a a-b; do
    mkdir -p packages/$name
    printf '{\n  "name": "%s",\n  "version": "1.0.0"\n}\n' $name >packages/$name/package.json
done
printf 'tag = "{name}@{version}"\n' >relver.toml
git add -A && commit members
for name in root a a-b; do git tag $name@1.0.0; done
for name in root a a-b; do next '' -p $name; done
change packages/a/x -- 'feat: a'
change packages/a-b/x -- 'fix: a-b'
change packages/x -- 'docs: root'
next 1.1.0 -p a
next 1.0.1 -p a-b
next '' -p root
change lib/x packages/a-b/y -- 'feat!: both'
next 2.0.0 -p root
next 2.0.0 -p a-b
next 1.1.0 -p a
git mv packages/a/x packages/a-b/moved && commit 'fix!: move'
next 2.0.0 -p a
run relver show next
refused 2 ambiguous
run relver bump auto -n
code 0
err_has 'root 1.0.0 => 2.0.0
a 1.0.0 => 2.0.0
a-b 1.0.0 => 2.0.0'
git reset -q --hard HEAD~2
run relver bump auto
ok
out_is 'a 1.0.0 => 1.1.0
a-b 1.0.0 => 1.0.1
2 edits in 2 files'
git checkout -q .
run relver bump auto -p a
out_has 'a 1.0.0 => 1.1.0
1 edit'
git checkout -q .
RELVER_GIT=libgit2
export RELVER_GIT
run relver show next -p a
if [ "$code" = 4 ]; then skip 'no libgit2'; else refused 2 git.missing; fi
unset RELVER_GIT

try 'by the files below it, whatever the user set for git log'
for setting in log.showSignature=true log.follow=true log.showRoot=false diff.renames=copies \
    diff.relative=true color.ui=always log.diffMerges=combined core.quotePath=true \
    log.abbrevCommit=true log.decorate=full format.pretty=oneline i18n.logOutputEncoding=latin1; do
    git -C ../"$((case_number - 1))" config --file "$PWD/set" "${setting%%=*}" "${setting#*=}"
done
cp -R ../"$((case_number - 1))/." . && mv .git/config old && cat old set >.git/config
next 1.1.0 -p a
next 1.0.1 -p a-b
git checkout -q -b side HEAD~1 && change packages/a-b/z -- 'docs: side'
git checkout -q main && git merge -q --no-ff -m 'feat!: merge' side >/dev/null
next 2.0.0 -p a-b
next 1.1.0 -p a
git checkout -q --orphan other && git rm -rqf . && change packages/a/root -- 'feat!: import'
git checkout -q main && git merge -q --allow-unrelated-histories -m merge other >/dev/null
next 2.0.0 -p a

try 'a package inside another one'\''s directory, and one inside that again'
git init -q -b main .
mkdir -p node/native
printf '[package]\nname = "core"\nversion = "1.0.0"\n\n[workspace]\nmembers = ["node/native"]\n' \
    >Cargo.toml
printf '[package]\nname = "native"\nversion = "1.0.0"\n' >node/native/Cargo.toml
printf '{\n  "name": "node",\n  "version": "1.0.0"\n}\n' >node/package.json
printf '{\n  "private": true,\n  "workspaces": ["node"]\n}\n' >package.json
printf '[package.node]\ntag = "node-v{version}"\n' >relver.toml
git add -A && commit start && git tag v1.0.0 && git tag node-v1.0.0
change node/native/x -- 'feat: native'
next '' -p node
next 1.1.0 -p core
change node/y -- 'feat!: node'
next 2.0.0 -p node
next 1.1.0 -p core

try 'a project below the top of the work tree; odd names'
git init -q -b main .
mkdir -p 'sub dir/p"ü'
cd 'sub dir' || exit 2
printf '{\n  "name": "demo",\n  "version": "1.0.0",\n  "workspaces": ["*"]\n}\n' >package.json
printf '{\n  "name": "odd",\n  "version": "1.0.0"\n}\n' >'p"ü/package.json'
printf '[package.odd]\ntag = "odd-v{version}"\n' >relver.toml
git add -A && commit start && git tag v1.0.0 && git tag odd-v1.0.0
change ../x -- 'feat!: elsewhere'
next '' -p demo
change 'p"ü/a "b' -- 'feat: odd'
next '' -p demo
next 1.1.0 -p odd
change x -- 'fix: here'
next 1.0.1 -p demo

try 'packages that go together have one answer'
git init -q -b main .
printf '[package]\nname = "demo"\nversion = "0.3.0"\n' >Cargo.toml
mkdir js docs
printf '{\n  "private": true,\n  "workspaces": ["js", "docs"]\n}\n' >package.json
printf '{\n  "name": "demo-js",\n  "version": "0.3.0"\n}\n' >js/package.json
printf '{\n  "name": "docs",\n  "version": "9.0.0",\n  "private": true\n}\n' >docs/package.json
git add -A && commit start && git tag v0.3.0
change docs/x -- 'feat!: documents'
next ''
change js/x -- 'feat!: scripts'
next 0.4.0
run relver bump auto
ok
out_is 'demo 0.3.0 => 0.4.0
demo-js 0.3.0 => 0.4.0
2 edits in 2 files'

try 'drift is not its business, and changesets come first'
package 1.2.3
printf '{\n  "name": "demo",\n  "version": "1.2.2",\n  "lockfileVersion": 3\n}\n' >package-lock.json
snap
run relver bump auto
ok
out_is 'nothing to do'
unchanged
mkdir .changeset && echo x >.changeset/x
commit 'fix: one'
run relver bump auto
ok
out_is 'nothing to do'
echo 'changesets = false' >relver.toml
next 1.2.4

finish
