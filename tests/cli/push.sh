# relver tag --push and verify --all-tags, against a server: what is refused, lost or moved
. "$(dirname "$0")/../peer/lib.sh"

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a server'
    skip 'git has no http-backend here'
    finish
fi

main=refs/heads/main tag=refs/tags/v0.1.0
# start: a package here, one commit of it at $url, and one more here
start()
{
    serve
    git init -q -b main . && git remote add origin "$url"
    printf '[package]\nname = "demo"\nversion = "0.1.0"\n' >Cargo.toml
    git add -A && git commit -q -m one && git push -q origin main || exit 2
    git commit -q --allow-empty -m two
    : >"$peer/log"
}
head() { git rev-parse HEAD; }
# theirs: a commit on the remote's main that is not here
theirs() { git --git-dir="$remote" commit-tree -p main -m theirs 'main^{tree}'; }
pushes() { same "$(requests 'POST /'"${remote##*/}"/git-receive-pack)" "$1" pushes; }
gone() { same "$(remote_ref $tag)" '' 'the tag there'; }

try 'libgit2'
start
backends=git
RELVER_GIT=libgit2 run relver check version
case $code in
0) backends='git libgit2' ;;
*) skip "$(sed 1q "$cases/err")" ;;
esac

for backend in $backends; do
export RELVER_GIT=$backend

try "$backend: the branch, then the tag; twice"
start
run relver tag --push -n
ok
out_is "push $main $(head) to origin
tag $tag $(head)
    Release 0.1.0
push $tag $(head) to origin"
pushes 0
run relver tag --push
code 2
out_is ''
err_is "push $main $(head) to origin
tag $tag $(head)
    Release 0.1.0
push $tag $(head) to origin
relver: error[confirm]: nobody can be asked whether to push
  state: nothing changed
  next: relver tag --push -y"
pushes 0
same "$(git tag)" ''
run relver tag --push -y
ok
out_is "push $main $(head) to origin
tag $tag $(head)
push $tag $(head) to origin"
same "$(remote_ref $main)" "$(head)"
same "$(remote_ref $tag)" "$(git rev-parse $tag)"
pushes 2
run relver tag --push
ok
out_is "already there: $tag $(head)"
pushes 2
run relver verify --all-tags
ok
out_is 'ok 1 tags of origin'

try "$backend: T1, there on the same commit"
start
git push -q origin main && git tag -m other v0.1.0 && git push -q origin v0.1.0
was=$(git rev-parse $tag)
run relver tag --push -y
ok
git tag -d v0.1.0 >/dev/null
run relver tag --push -y
ok
out_has 'already there'
git tag -m mine v0.1.0
run relver tag --push -y
ok
same "$(remote_ref $tag)" "$was"

try "$backend: T2, there on another commit"
start
git push -q origin "HEAD~1:$tag"
was=$(remote_ref $tag)
: >"$peer/log"
run relver tag --push -y
refused 6 git.tag
err_has "is on $was, not on $(head)"
pushes 0
same "$(git tag)" ''
same "$(remote_ref $main)" "$was"

try "$backend: T2, there on another commit meanwhile"
start
hook pre-receive <<END
unset GIT_QUARANTINE_PATH
git update-ref $tag $(git rev-parse HEAD~1)
END
run relver tag --push -y
refused 6 git.tag "half way, done: push $main tag $tag"
same "$(remote_ref $tag)" "$(git rev-parse HEAD~1)"

try "$backend: T3, the branch went on meanwhile"
start
hook pre-receive <<END
unset GIT_QUARANTINE_PATH
git update-ref $main $(theirs)
END
run relver tag --push -y
refused 4 git.moved
gone
same "$(git tag)" ''
rm "$remote/hooks/pre-receive"
run relver tag --push -y
refused 1 branch

try "$backend: T4, the branch is protected, the tag would pass"
start
hook update <<'END'
case $1 in refs/heads/*) echo protected; exit 1 ;; esac
END
run relver tag --push -y
refused 3 git.protected
gone
same "$(git tag)" ''
printf 'merge = "pull-request"\n' >relver.toml && git add -A && git commit -q -m three
: >"$peer/log"
run relver tag --push -y
refused 3 git.protected
pushes 0

try "$backend: T4, the tag is protected"
start
hook update <<'END'
case $1 in refs/tags/*) echo no tags; exit 1 ;; esac
END
run relver tag --push -y
refused 3 git.protected "half way, done: push $main tag $tag"
gone
rm "$remote/hooks/update"
run relver tag --push -y
ok
same "$(remote_ref $tag)" "$(git rev-parse $tag)"

try "$backend: T5, the answer to a push is lost"
for lost in cut drop=0 done-500; do
    for which in 1 2; do
        try "$backend: T5, $lost, of push $which"
        start
        fault "$which:$lost@POST /${remote##*/}/git-receive-pack"
        run relver tag --push -y
        code 0
        same "$(remote_ref $tag)" "$(git rev-parse $tag)"
    done
done

try "$backend: half way, and on"
start
fault '3:500@service=git-receive-pack' '1:500@nothing'
fault "2:500@POST /${remote##*/}/git-receive-pack"
run relver tag --push -y
refused 5 git.remote "half way, done: push $main tag $tag"
gone
run relver tag --push -y
ok
same "$(remote_ref $tag)" "$(git rev-parse $tag)"

try "$backend: a server that is silent, or of no use"
start
for broken in silent 403 500 html; do
    fault $broken
    RELVER_TIMEOUT=1 run relver tag --push -y
    refused 4 git.remote
    RELVER_TIMEOUT=1 run relver verify --all-tags
    refused 4 git.remote
done
fault
gone
same "$(git tag)" ''

try "$backend: many tags, each alone; dev and nightly ones"
start
printf 'tag = "{name}@{version}"\n' >relver.toml
mkdir b && printf '[package]\nname = "b"\nversion = "2.0.0"\n' >b/Cargo.toml
printf '[workspace]\nmembers = ["b"]\n' >>Cargo.toml
git add -A && git commit -q -m many
run relver tag --push -y
ok
same "$(remote_ref refs/tags/demo@0.1.0^{commit})" "$(head)"
same "$(remote_ref refs/tags/b@2.0.0^{commit})" "$(head)"
pushes 3
run relver tag --dev --push -y
ok
same "$(remote_ref refs/tags/b@2.0.1-dev)" "$(head)"
SOURCE_DATE_EPOCH=1795219200 run relver tag --nightly --push -y
ok
same "$(remote_ref refs/tags/b@2.0.0-alpha.20261121)" "$(head)"
pushes 7

try "$backend: an older commit, past its gate, goes without the branch"
start
git push -q origin main
git switch -q --detach HEAD~1
run relver tag --push -y
refused 1 branch
run relver tag --push -y --override branch=bisected
ok
same "$(remote_ref $tag^{commit})" "$(head)"
git switch -q main
same "$(remote_ref $main)" "$(head)"

try "$backend: verify --all-tags"
start
for name in v0.0.1 v0.0.2 v0.0.3 v0.0.10 other; do git tag $name; done
git push -q origin v0.0.1 v0.0.2 v0.0.10
run relver verify --all-tags
refused 1 tags
err_has "'v0.0.3' is $(head) here and absent on 'origin'"
err_lacks other
git push -q origin v0.0.3
git tag -f -m moved v0.0.2 HEAD~1 >/dev/null
git tag -d v0.0.10 >/dev/null
run relver verify --all-tags
code 1
err_has "'v0.0.2' is $(git rev-parse v0.0.2) here and $(head) on 'origin'"
err_has "'v0.0.10' is absent here and $(head) on 'origin'"
err_lacks v0.0.1\'
run relver verify --all-tags --json
code 1
out_has '{"relver": 1, "ok": false, "findings": [{"gate": "tags", "what": "'
git pack-refs --all
git fetch -q --tags --force origin
run relver verify --all-tags
ok
out_is 'ok 4 tags of origin'
run relver verify --all-tags 0.1.0
refused 2 usage

done

finish
