# cli/repo.h's remotes against git's own server, by both of its ways: tests/cli/repo.c is the
# command.
. "$(dirname "$0")/lib.sh"

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a server'
    skip 'git has no http-backend here'
    finish
fi
need_repo
export RELVER_TIMEOUT=20

commit() { git commit -q --allow-empty -m "$1"; }
main=refs/heads/main

# A remote at $url, and a clone of it here with two commits, of which it has the first.
start()
{
    serve
    git clone -q "$url" . 2>/dev/null && commit one && git push -q origin main || exit 2
    commit two
    one=$(git rev-parse HEAD~1) two=$(git rev-parse HEAD)
}
at_remote() { same "$(remote_ref "$1")" "$2" "$1 at the remote"; }

for RELVER_GIT in $backends; do
export RELVER_GIT

try "$RELVER_GIT: what it has"
start
git tag -m v1 v1 && git tag v2 && git tag -m deep deep v1 2>/dev/null
git push -q origin v1 v2 deep main:side
run repo refs origin
ok
out_is "refs/heads/main $one $one
refs/heads/side $two $two
refs/tags/deep $(git rev-parse deep) $two
refs/tags/v1 $(git rev-parse v1) $two
refs/tags/v2 $two $two"
serve empty
git remote add empty "$url"
run repo refs empty
ok
out_is ''

try "$RELVER_GIT: no such remote, no such repository, nobody there"
start
git remote add none "${url%.git}-none.git"
git remote add nobody http://127.0.0.1:1/x.git
for where in nowhere none nobody; do
    run repo refs $where
    refused 4 git.remote
done

try "$RELVER_GIT: fetch: the objects, and no ref"
start
git clone -q "$url" ../$case_number-other && cd ../$case_number-other || exit 2
git -C "$dir" push -q origin main 2>/dev/null
git -C "$dir" tag -m v1 v1 && git -C "$dir" push -q origin v1
before=$(git for-each-ref)
run repo fetch origin $main
ok
same "$(git cat-file -t "$two")" commit
run repo fetch origin refs/tags/v1
ok
same "$(git cat-file -t "$(remote_ref refs/tags/v1)")" tag
same "$(git for-each-ref)" "$before"
same "$(ls .git/FETCH_HEAD 2>&1 | grep -c 'No such')" 1 FETCH_HEAD
run repo fetch origin refs/heads/none
refused 4 git.remote
same "$(git fsck 2>&1 | grep -v '^dangling')" ''

try "$RELVER_GIT: push: a branch, a tag of each kind, a commit of no ref"
start
git tag -m v1 v1 && git tag v2
run repo push origin "$two" $main "$one"
ok
at_remote $main "$two"
same "$(git rev-parse origin/main)" "$two" 'what is known of it'
run repo push origin "$(git rev-parse v1)" refs/tags/v1 -
ok
at_remote refs/tags/v1 "$(git rev-parse v1)"
run repo push origin "$two" refs/tags/v2 -
ok
at_remote refs/tags/v2 "$two"
echo x >f && git add f
loose=$(git commit-tree -p "$two" -m loose "$(git write-tree)")
run repo push origin "$loose" refs/heads/relver/release -
ok
at_remote refs/heads/relver/release "$loose"
same "$(git --git-dir="$remote" show relver/release:f)" x
same "$(git --git-dir="$remote" fsck --strict 2>&1)" ''
same "$(git for-each-ref --format='%(refname)' refs/relver)" ''
same "$(requests '/git-receive-pack ')" 5 'pushes, and the first one'

try "$RELVER_GIT: T1: it is there"
start
git push -q origin main
git tag v1 && git push -q origin v1
run repo push origin "$two" refs/tags/v1 "$two"
ok
run repo push origin "$two" refs/tags/v1 -
ok
run repo push origin "$two" $main "$one"
ok
run repo push origin "$two" $main "$two"
ok

try "$RELVER_GIT: T2: a tag on something else is neither moved nor removed"
start
git tag v1 "$one" && git tag -m annotated v2 "$one" && git push -q origin v1 v2
v2=$(git rev-parse v2)
for seen in - "$v2"; do
    run repo push origin "$one" refs/tags/v2 $seen
    refused 6 git.tag
    err_has "says $v2, not $one"
done
for seen in - "$one"; do
    run repo push origin "$two" refs/tags/v1 $seen
    refused 6 git.tag
    err_has "says $one, not $two"
done
at_remote refs/tags/v1 "$one"
at_remote refs/tags/v2 "$v2"

try "$RELVER_GIT: T2: .. nor when it comes meanwhile"
start
git tag v1
hook pre-receive <<END
unset GIT_QUARANTINE_PATH
git update-ref refs/tags/v1 $one
END
run repo push origin "$two" refs/tags/v1 -
refused 6 git.tag
at_remote refs/tags/v1 "$one"

try "$RELVER_GIT: T3: a branch that moved, before or after the server told of it"
start
theirs=$(git --git-dir="$remote" commit-tree -p main -m theirs 'main^{tree}')
hook pre-receive <<END
unset GIT_QUARANTINE_PATH
git update-ref $main $theirs
END
run repo push origin "$two" $main "$one"
refused 4 git.moved
at_remote $main "$theirs"
rm "$remote/hooks/pre-receive"
run repo push origin "$two" $main "$one"
refused 4 git.moved
at_remote $main "$theirs"
git fetch -q
run repo push origin "$two" $main "$theirs"
refused 4 git.remote
at_remote $main "$theirs"

try "$RELVER_GIT: T4: the server's rules"
start
hook update <<'END'
case $1 in refs/heads/main) echo protected; exit 1 ;; esac
END
run repo push origin "$two" $main "$one"
refused 3 git.protected
err_has "does not take '$main'"
at_remote $main "$one"
hook update <<'END'
exit 1
END
run repo push origin "$two" refs/tags/v1 -
refused 3 git.protected
at_remote refs/tags/v1 ''
same "$(git rev-parse origin/main)" "$one" 'what is known of it'

try "$RELVER_GIT: T5: the answer is lost"
start
for lost in cut cut=0 cut=80 drop drop=0 drop=150 done-500; do
    seen=$(remote_ref $main)
    commit $lost
    fault "1:$lost@POST"
    run repo push origin "$(git rev-parse HEAD)" $main "$seen"
    ok
    at_remote $main "$(git rev-parse HEAD)"
done
seen=$(remote_ref $main)
commit not-done
for fault in reset 403 404 500 503 html; do
    fault "$fault@POST /${remote##*/}/git-receive-pack"
    run repo push origin "$(git rev-parse HEAD)" $main "$seen"
    refused 4 git.remote
    at_remote $main "$seen"
    fault "$fault"
    run repo refs origin
    refused 4 git.remote
done

try "$RELVER_GIT: T10: silence ends at the deadline"
start
post="POST /${remote##*/}/git-receive-pack"
for silent in silent "silent@$post" hang "hang=0@$post"; do
    git --git-dir="$remote" update-ref $main "$one"
    fault "$silent"
    from=$(date +%s)
    RELVER_TIMEOUT=1 run repo push origin "$two" $main "$one"
    case $silent in
    hang=0*) ok; at_remote $main "$two" ;; # it is asked once more what it has
    silent@*) refused 4 git.remote; at_remote $main "$one" ;;
    *) refused 4 git.remote "half way, perhaps '$main' is pushed" ;;
    esac
    [ "$code" = 0 ] || err_has 'no answer within 1 seconds'
    same "$(($(date +%s) - from < 4))" 1 'in time'
done
fault silent
for words in 'refs origin' "fetch origin $main"; do
    RELVER_TIMEOUT=1 run repo $words
    refused 4 git.remote
done
fault
git --git-dir="$remote" update-ref $main "$one"
run repo push origin "$two" $main "$one"
ok

try "$RELVER_GIT: no redirect elsewhere"
start
fault 302
run repo refs origin
[ $RELVER_GIT = git ] || refused 4 git.remote # git follows the first one
run repo push origin "$two" $main "$one"
[ $RELVER_GIT = git ] || refused 4 git.remote 'half way, perhaps'

try "$RELVER_GIT: a password: none is asked for, those that are configured are for their address"
start
fault auth
run repo refs origin
refused 4 git.remote
origin=${url%/*}
token="Authorization: Basic $(printf name:word | base64)"
for key in http.extraHeader "http.$url.extraHeader" "http.$origin/.extraHeader" \
    "http.$origin.extraHeader"; do
    git config "$key" "$token"
    run repo refs origin
    ok
    git config --unset "$key"
done
for key in "http.${origin%?}.extraHeader" "http.http://127.0.0.1:1/.extraHeader" \
    "http.${url%.git}.extraHeader" "http.https://${origin#*//}/.extraHeader"; do
    git config "$key" "$token"
    run repo refs origin
    refused 4 git.remote
    git config --unset "$key"
done
git remote add named "http://name:word@${url#*//}"
run repo push named "$two" $main "$one"
ok
err_lacks word
at_remote $main "$two"

done

case $backends in *libgit2*) ;; *) finish ;; esac

try 'libgit2: what only git can do'
start
git clone -q --depth 1 "$url" shallow 2>/dev/null
cd shallow || exit 2
run repo refs origin
ok
for words in "fetch origin $main" "push origin $one refs/tags/v1 -"; do
    run repo $words
    refused 2 git.missing
    err_has 'the clone is shallow'
done
cd "$dir" || exit 2
for where in "$remote" "file://$remote" ssh://localhost:1/x.git; do
    git remote set-url origin "$where"
    for words in 'refs origin' "fetch origin $main" "push origin $two $main $one"; do
        run repo $words
        refused 2 git.missing
        err_has "'origin' is no https address"
    done
done
git remote set-url origin "$url"
printf '#!/bin/sh\n' >.git/hooks/pre-push && chmod +x .git/hooks/pre-push
run repo push origin "$two" $main "$one"
refused 2 git.missing
at_remote $main "$one"
rm .git/hooks/pre-push
git remote set-url --push origin "$remote"
run repo push origin "$two" $main "$one"
refused 2 git.missing
at_remote $main "$one"

finish
