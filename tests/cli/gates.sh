# The gates that ask git: clean, branch, version
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

try 'clean: what git tracks'
cargo 0.1.0
echo >note
run relver check clean
ok
echo >>Cargo.toml
run relver check clean
refused 1 clean
err_has "'Cargo.toml' differs from HEAD"
git add -A
run relver check clean
code 1
err_has "'Cargo.toml' differs from HEAD"
err_has "'note' differs from HEAD"
run relver check clean --override clean=why
ok
out_is 'passed over clean'
git reset -q --hard && git rev-parse HEAD >.git/MERGE_HEAD
run relver check clean
refused 1 git.busy
rm .git/MERGE_HEAD
run relver check aligned branch --json
ok
out_is '{"relver": 1, "ok": true, "findings": []}'

try 'branch: the line of the version, else the main branch'
cargo 0.2.0 'branch = "release/{major}.{minor}"' 'maintained = 2'
run relver check branch version
ok
git branch release/0.2
run relver check branch
refused 1 branch
err_has "belongs on 'release/0.2', HEAD is on main"
err_has 'git switch release/0.2'
git switch -q release/0.2
run relver check branch version
ok
git push -q origin release/0.2
git switch -q --detach
run relver check branch
ok
commit more
run relver check branch
refused 1 branch
err_has 'HEAD is on no branch'
git switch -q main
git branch -D release/0.2 >/dev/null
run relver check branch
refused 1 branch
err_has "belongs on 'release/0.2'"
git switch -q -c feature
sed -i s/0.2.0/0.3.0/ Cargo.toml && git commit -qam three
run relver check branch
refused 1 branch
err_has "belongs on 'main', HEAD is on feature"
git switch -q -c release/0.2
run relver check version
refused 1 version
err_has "0.3.0 is not of the line of 'release/0.2'"

try 'branch: not behind the remote'
cargo 0.1.0
commit two
git push -q origin main
git reset -q --hard HEAD~1
run relver check branch
refused 1 branch
err_has "HEAD lacks commits that 'main' has on 'origin'"
git update-ref -d refs/remotes/origin/main
git reflog expire --expire=now --all && git gc -q --prune=now
run relver check branch
refused 1 branch
err_has 'git pull origin main'
commit elsewhere
run relver check branch
refused 1 branch
git clone -q --depth 1 "file://$dir.git" shallow
cd shallow || exit 2
run relver check branch
ok
commit ahead
run relver check branch
ok

try 'version: lines that are maintained'
cargo 0.2.5 'branch = "release-{major}.{minor}.x"' 'maintained = 2'
git tag v0.2.4 && git tag v0.3.0 && git tag v0.3.1 && git tag v0.4.0-rc.1 && git tag v0.4.0-dev.1
git push -q --tags origin main
run relver check version
ok
git tag v0.4.0 && git push -q origin v0.4.0
git tag -d v0.4.0 >/dev/null
run relver check version
refused 1 version
err_has 'the line 0.2 is not maintained: there are 2 newer ones'

try 'version: its tag is free, or here'
cargo 0.1.0
run relver check version
ok
git tag v0.1.0
run relver check version
ok
was=$(git rev-parse HEAD)
commit two
run relver check version
refused 1 version
err_has Cargo.toml:3:12
err_has "is on $was, not on $(git rev-parse HEAD)"
git push -q origin v0.1.0
git tag -d v0.1.0 >/dev/null
run relver check version
refused 1 version
err_has "the tag 'v0.1.0' of 'origin' is on $was"

try 'what cannot be found out is not fine'
printf '[package]\nname = "demo"\nversion = "0.1.0"\n' >Cargo.toml
run relver check clean
refused 4 git.unknown
git init -q -b main .
run relver check clean
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
with_remote
run relver check branch --offline
refused 4 git.remote
run relver check branch
ok
run relver check branch --remote=--upload-pack=x
refused 2 git.name
run relver check branch --remote=nobody
refused 4 git.remote

try 'overrides are known, and one line'
cargo 0.1.0
for bad in clean clean= claen=x 'clean=two
lines' "clean=$(printf '\033[1m')"; do
    run relver check clean --override "$bad"
    code 2
    err_has 'GATE=WHY in one line'
done

finish
