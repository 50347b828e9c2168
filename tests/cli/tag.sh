# relver tag: made once, behind the gates
. "$(dirname "$0")/lib.sh"

commit() { git commit -q --allow-empty -m "$1"; }
# cargo VERSION LINE..: a crate and its relver.toml, committed, with a remote
cargo()
{
    git init -q -b main .
    printf '[package]\nname = "demo"\nversion = "%s"\n' "$1" >Cargo.toml
    shift
    printf '%s\n' "$@" >relver.toml
    git add -A
    commit start
    with_remote
}
head_is() { same "$(git rev-parse -q --verify "$1^{commit}")" "$(git rev-parse HEAD)" "$1"; }
message() { git for-each-ref --format='%(contents)' "refs/tags/$1"; }
kind() { git cat-file -t "$1"; }

try 'a tag, once'
cargo 0.1.0
run relver tag -n
ok
out_is "tag refs/tags/v0.1.0 $(git rev-parse HEAD)
    Release 0.1.0"
same "$(git tag)" ''
run relver tag
ok
out_is "tag refs/tags/v0.1.0 $(git rev-parse HEAD)"
head_is v0.1.0
same "$(message v0.1.0)" 'Release 0.1.0'
was=$(git rev-parse v0.1.0)
run relver tag
ok
out_is "already there: refs/tags/v0.1.0 $(git rev-parse HEAD)"
same "$(git rev-parse v0.1.0)" "$was"
run relver tag --json
ok
out_has '{"relver": 1, "dry_run": false, "steps": [{"do": null, "ref": "refs/tags/v0.1.0", '
same "$(git --git-dir="$dir.git" tag)" ''

try 'never on another commit'
cargo 0.1.0
git tag -m old v0.1.0
was=$(git rev-parse HEAD)
commit two
run relver tag
refused 6 git.tag
err_has "is on $was, not on $(git rev-parse HEAD)"
run relver check version
refused 1 version
err_has Cargo.toml:3:12
err_has "is on $was"
run relver tag --override version=again
refused 6 git.tag
git push -q origin v0.1.0
git tag -d v0.1.0 >/dev/null
run relver tag
refused 6 git.tag
err_has "the tag 'v0.1.0' of 'origin' is on $was"
same "$(git tag)" ''

try 'a tag of something else than a commit, or of a name that begins as it does'
cargo 0.1.0
git tag v0.1.0-rc.1
git tag -m tree v0.1.0 'HEAD^{tree}'
run relver tag
refused 6 git.tag
err_has "is on $(git rev-parse v0.1.0), not on $(git rev-parse HEAD)"

try 'every form of tag'
for row in '0.1.0|tag = "{version}"|0.1.0' '0.3.0|tag = "v{version}"|v0.3.0' \
    '0.4.0-rc.1|scheme = "pep440"|v0.4.0rc1' \
    '1.2.3|tag = "@scope/{name}@{version}"|@scope/demo@1.2.3'; do
    try "the tag ${row##*|}"
    rest=${row#*|}
    cargo "${row%%|*}" "${rest%|*}"
    run relver tag
    ok
    head_is "${row##*|}"
done

try 'messages'
cargo 1.2.0 'tag-message = "Demo {version}\n\n# of {name}, {base}"'
run relver tag
ok
same "$(message v1.2.0)" 'Demo 1.2.0

# of demo, 1.2.0'
run relver tag --undo
ok
run relver tag -m 'My own
words'
ok
same "$(message v1.2.0)" 'My own
words'
run relver tag --undo
run relver tag -m ''
ok
same "$(kind v1.2.0)" commit
run relver tag --undo
echo 'tag-message = ""' >relver.toml
git commit -qam light
run relver tag
ok
same "$(kind v1.2.0)" commit

try 'the changelog in the message'
workspace examples/changelog
with_remote
run relver bump patch
code 0
git commit -qam release
run relver tag
ok
version=$(relver show version)
same "$(message v$version)" "Release version $version

Major changes:
$(sed -n "/^## \\[$version\\]/,/^## \\[0/s/^- /&/p" CHANGELOG.md)"
message v$version | grep -q '^- ' || fail 'no changes in the message'
run relver tag
ok
out_has 'already there'

try 'undo, while nobody else has it'
cargo 0.1.0
run relver tag
was=$(git rev-parse v0.1.0)
run relver tag --undo -n
ok
out_is "remove refs/tags/v0.1.0 $was"
head_is v0.1.0
run relver tag --undo
ok
same "$(git tag)" ''
run relver tag --undo
ok
out_is 'nothing to do'
run relver tag
git push -q origin v0.1.0
run relver tag --undo
refused 1 git.tag
err_has "'origin' has the tag 'v0.1.0'"
head_is v0.1.0
git remote set-url origin "$dir/none.git"
run relver tag --undo
refused 4 git.remote
head_is v0.1.0

try 'clean: what git tracks'
cargo 0.1.0
echo >note
run relver check clean
ok
echo >>Cargo.toml
run relver check clean
refused 1 clean
err_has "'Cargo.toml' differs from HEAD"
run relver tag
refused 1 clean
git add -A
run relver tag
code 1
err_has "'Cargo.toml' differs from HEAD"
err_has "'note' differs from HEAD"
same "$(git tag)" ''
run relver tag --override clean='just a blank line'
ok
same "$(message v0.1.0)" 'Release 0.1.0

Relver-Override: clean=just a blank line'
run relver check clean --override clean=why
ok
out_is 'passed over clean'

try 'overrides are known, and one line'
cargo 0.1.0
for bad in clean clean= claen=x 'clean=two
lines' "clean=$(printf '\033[1m')"; do
    run relver tag --override "$bad"
    code 2
    err_has 'GATE=WHY in one line'
    run relver check clean --override "$bad"
    refused 2 usage
done
run relver tag -m '' --override clean=x
code 0
err_has 'does not say why'

try 'the versions agree, and the tag has its form'
cargo 0.1.0 'files = ["other.txt"]'
echo 0.1.0 >other.txt
git add -A && commit other
echo 0.1.1 >other.txt
git commit -qam drift
run relver tag
refused 1 aligned
err_has other.txt:1:1
same "$(git tag)" ''

try 'what cannot be found out is not fine'
printf '[package]\nname = "demo"\nversion = "0.1.0"\n' >Cargo.toml
run relver check clean
refused 4 git.unknown
git init -q -b main .
run relver tag
refused 4 git.unknown
git add -A && commit start
run relver check clean
ok
for gate in branch version; do
    run relver check $gate # there is no remote, and nothing on it
    ok
    run relver check $gate --remote=origin
    refused 4 git.remote
done
run relver tag --remote=origin
refused 4 git.remote
run relver tag --push -y
refused 4 git.remote
same "$(git tag)" ''
run relver tag
ok
head_is v0.1.0
with_remote
run relver tag --offline
refused 4 git.remote
run relver check branch
ok
run relver check branch --remote=--upload-pack=x
refused 2 git.name
run relver check branch --remote=nobody
refused 4 git.remote

try 'a name that git would take, but nobody should'
cargo 0.1.0 'tag = "v$(id)-{version}"'
run relver tag
refused 2 git.name
same "$(git tag)" ''

try 'two packages, released apart'
workspace examples/two-packages
with_remote
run relver tag
ok
head_is v0.4.0
head_is py-v0.3.0
same "$(message py-v0.3.0)" 'Release edgequake-litellm 0.3.0'
old=$(git rev-parse HEAD)
run relver bump edgequake-llm=0.5.0
git commit -qam 'release: edgequake-llm 0.5.0'
run relver tag
ok
out_is "tag refs/tags/v0.5.0 $(git rev-parse HEAD)"
same "$(git rev-parse 'py-v0.3.0^{commit}')" "$old"
run relver tag
ok
out_is "already there: refs/tags/v0.5.0 $(git rev-parse HEAD)"
run relver tag -p edgequake-litellm
refused 6 git.tag
commit more
run relver tag
refused 6 git.tag

try 'the next version'\''s development'
workspace examples/from-tags
with_remote
run relver bump 0.4.5
git commit -qam 0.4.5
run relver tag --dev
ok
out_is "tag refs/tags/v0.4.6-dev $(git rev-parse HEAD)"
same "$(kind v0.4.6-dev)" commit
run relver tag --dev
ok
out_has 'already there'
main=$(git rev-parse HEAD~1)
git tag -d v0.4.6-dev >/dev/null
git switch -q -c release-0.4.x
run relver tag --dev
ok
out_is "tag refs/tags/v0.4.6-dev $main"
git switch -q main
run relver tag --dev
refused 6 git.tag
cd .. && try 'the next version'\''s development, of two packages'
workspace examples/two-packages
with_remote
run relver tag --dev
ok
head_is v0.4.1-dev
head_is py-v0.3.1-dev
run relver tag --dev --nightly
refused 2 usage

try 'a nightly of each listed branch, without a checkout'
workspace examples/one-version
git branch release/0.1
sed -i s/0.1.0/0.2.0/ relver.toml
run relver bump 0.2.0
git commit -qam next
with_remote upstream
git push -q upstream release/0.1
git branch -D release/0.1 >/dev/null
snap
export SOURCE_DATE_EPOCH=1795219200
run relver tag --nightly
ok
out_is "tag refs/tags/0.2.0-alpha.20261121 $(git rev-parse HEAD)
tag refs/tags/0.1.0-alpha.20261121 $(git rev-parse HEAD~1)"
unchanged
run relver tag --nightly
ok
out_lacks 'tag refs'
commit more && git push -q upstream main
run relver tag --nightly
refused 6 git.tag
git tag -d 0.2.0-alpha.20261121 >/dev/null
printf 'branches: [main, gone]\n' >.github/nightly-alpha-branches.yaml
run relver tag --nightly
refused 1 git.branch
err_has "'upstream' has no branch 'gone'"
same "$(git tag)" 0.1.0-alpha.20261121
printf 'branches:\n' >.github/nightly-alpha-branches.yaml
run relver tag --nightly
refused 2 nightly-branches
git rm -qf relver.toml && git commit -qm plain
git remote rename upstream origin >/dev/null
git push -q origin main
run relver tag --nightly
ok
out_is "tag refs/tags/v0.2.0-alpha.20261121 $(git rev-parse HEAD)"
unset SOURCE_DATE_EPOCH

try 'signed with an SSH key'
cargo 0.1.0
if ssh-keygen -q -t ed25519 -N '' -f key; then
    git config gpg.format ssh && git config user.signingkey "$dir/key"
    run relver tag --sign
    ok
    out=$(message v0.1.0)
    out_has 'BEGIN SSH SIGNATURE'
    echo "tester@mail.example $(cat key.pub)" >signers
    run git -c gpg.ssh.allowedSignersFile=signers verify-tag v0.1.0
    code 0
    run relver tag --undo
    git config user.signingkey "$dir/none"
    run relver tag --sign
    refused 4 git
    same "$(git tag)" ''
else
    skip 'no ssh-keygen'
fi

try 'in GitHub Actions'
cargo 0.1.0
run env GITHUB_ACTIONS=true GITHUB_OUTPUT="$dir/output" relver tag
ok
sed -n '/^tag</,/^relver-/{/^tag</d;/^relver-/d;p}' output >tag
same "$(cat tag)" v0.1.0

try 'not of a stamped tree'
cargo 0.1.0
run relver stamp
run relver tag
code 1
same "$(git tag)" ''

finish
