# The git server of the tests, vouched for by git itself: what it serves, and what goes wrong on
# demand.
. "$(dirname "$0")/../peer/lib.sh"

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a server'
    skip 'git has no http-backend here'
    finish
fi

# A remote at $url, and a clone of it here with one commit.
start()
{
    serve
    git clone -q "$url" . 2>/dev/null && git commit -q --allow-empty -m one || exit 2
}
commit() { git commit -q --allow-empty -m "$1"; }
post=/git-receive-pack
main=refs/heads/main

for version in 0 2; do
    try "clone, push, fetch: protocol $version"
    serve
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=protocol.version GIT_CONFIG_VALUE_0=$version
    run git clone -q "$url" .
    code 0
    git symbolic-ref HEAD $main # which protocol 0 does not tell of an empty repository
    commit one
    git tag v1 && git tag -m two v2
    run git push -q origin main v1
    ok
    run git push -q origin v2
    ok
    same "$(remote_ref $main)" "$(git rev-parse main)"
    same "$(remote_ref refs/tags/v1)" "$(git rev-parse main)"
    same "$(remote_ref refs/tags/v2)" "$(git rev-parse v2)"
    same "$(remote_ref refs/tags/v3)" ''
    same "$(requests "$post ")" 2 'pushes'
    run git ls-remote "$url"
    ok
    out_is "$(git --git-dir="$remote" show-ref --head -d | tr ' ' '\t')"
    run git clone -q "$url" again
    ok
    same "$(git -C again rev-parse v2)" "$(git rev-parse v2)"
    same "$(git -C again log --format=%H)" "$(git log --format=%H)"
done

unset GIT_CONFIG_COUNT

try 'bodies in chunks, compressed, and after a 100'
start
head -c 300000 /dev/urandom >noise && git add noise && commit noise
GIT_TRACE_CURL=$dir/sent run git -c http.postBuffer=65536 push -q origin main
ok
file_has sent 'Transfer-Encoding: chunked'
same "$(remote_ref $main)" "$(git rev-parse main)"
for i in $(seq 40); do commit "$i" && git tag "$i"; done # each a line of what a clone asks for
run git push -q --tags origin main
ok
GIT_TRACE_CURL=$dir/asked run git clone -q "$url" other
ok
file_has asked 'Content-Encoding: gzip'
same "$(git -C other rev-parse 7 main)" "$(git rev-parse 7 main)"
commit more
GIT_TRACE_CURL=$dir/more run git -c http.extraHeader='Expect: 100-continue' push -q origin main
ok
file_has more 'HTTP/1.1 100'
same "$(remote_ref $main)" "$(git rev-parse main)"

try 'not there, not allowed'
start
run git ls-remote "${url%.git}-none.git"
code 128
err_has 'not found'
git --git-dir="$remote" config http.receivepack false
run git push origin main
code 128
err_has 403
same "$(remote_ref $main)" ''

try 'hooks: one ref refused, all refused, moved meanwhile'
start
git tag v1
hook update <<'END'
case $1 in refs/tags/*) echo no tags; exit 1 ;; esac
END
run git push --atomic origin main v1
code 1
same "$(remote_ref $main)" ''
run git push origin main v1
code 1
err_has 'remote: no tags'
err_has 'hook declined'
same "$(remote_ref $main)" "$(git rev-parse main)"
same "$(remote_ref refs/tags/v1)" ''
commit two
hook pre-receive <<'END'
exit 1
END
run git push origin main
code 1
same "$(remote_ref $main)" "$(git rev-parse main~1)"
theirs=$(git --git-dir="$remote" commit-tree -p main -m theirs 'main^{tree}')
hook pre-receive <<END
unset GIT_QUARANTINE_PATH
git update-ref $main $theirs
END
run git push origin main
code 1
err_has 'remote rejected'
same "$(remote_ref $main)" "$theirs"

try 'the answer to a push is lost'
start
run git push -q origin main
for lost in cut cut=0 cut=80 drop drop=0 drop=150 done-500; do
    commit $lost
    fault "1:$lost@POST"
    run git push origin main
    same "$([ "$code" != 0 ] && echo failed)" failed "$lost: the first push"
    same "$(remote_ref $main)" "$(git rev-parse main)" "$lost"
    run git push origin main
    code 0
    err_has 'Everything up-to-date'
done
# Without a byte of answer on a connection used before, libcurl sends the request once more; git
# then says that the ref it has just moved is refused, and only reading it back tells.
same "$(requests "$post ")" 10 pushes
same "$(requests " drop=150")" 1 'in the log'
fault cut=100000 # more than there is
commit all
run git push origin main
code 0

try 'nothing is done'
start
for refused in reset 401 403 404 500 503 html; do
    fault "$refused"
    run git push origin main
    same "$([ "$code" != 0 ] && echo failed)" failed "$refused"
    fault "$refused@POST"
    run git push origin main
    same "$([ "$code" != 0 ] && echo failed)" failed "$refused of the push"
done
same "$(remote_ref $main)" ''
same "$(requests ' html')" 2 'in the log'
fault 302
run git -c http.followRedirects=false ls-remote "$url"
code 128
err_has 302
fault 1:302
run git ls-remote "$url"
code 0
fault auth
run git push origin main
code 128
err_has 'could not read Username'
run git push "http://name:word@${url#*//}" main
code 0
same "$(remote_ref $main)" "$(git rev-parse main)"

try 'silence'
start
for silent in silent hang silent@POST hang=0@POST; do
    fault $silent
    run timeout 0.5 git push origin main
    code 124
    case $silent in
    hang*POST) same "$(remote_ref $main)" "$(git rev-parse main)" ;;
    *) same "$(remote_ref $main)" '' $silent ;;
    esac
done
fault hang
run git -c http.lowSpeedLimit=1 -c http.lowSpeedTime=1 ls-remote "$url"
code 128
err_has 'Operation too slow'

try 'faults are counted down, each by itself'
start
fault 2:403@upload-pack 3:500
for want in 0 403 500 0; do
    run git -c protocol.version=0 ls-remote "$url" # one request
    [ $want = 0 ] || err_has "error: $want"
    same "$code" "$([ $want = 0 ] && echo 0 || echo 128)"
done
same "$(cat "$peer/fault")" '0:403@upload-pack
0:500'

# A server of its own, a child of another sh, in which a push hangs; all that it starts inherits the
# pipe `alive`, which is at its end when none of them lives.
own() # COMMAND: what ends it
{
    mkfifo in alive && mkdir own && git clone -q --bare . own/x.git || exit 2
    git -C own/x.git config http.receivepack true
    remote=$dir/own/x.git
    hook pre-receive <<'END'
trap '' TERM
sleep 100 &
echo hangs >hung
wait
END
    timeout 10 cat alive & reader=$!
    sh -c 'echo $$ >parent; "$0" own <in >port 3>alive & echo $! >pid; wait' "$PEERS/gitd" 9>&- &
    exec 8>in
    until [ -s port ]; do sleep 0.02; done
    commit more
    git push -q "http://127.0.0.1:$(sed 's/port //' port)/x.git" main 2>said 8>&- 9>&- & client=$!
    until [ -s own/x.git/hung ]; do sleep 0.02; done
    same "$(kill -0 $reader && echo alive)" alive
    "$@"
    wait $reader
    same $? 0 'the end of all'
    exec 8>&-
    wait $client
    same "$([ $? != 0 ] && echo failed)" failed 'the push'
}
end_input() { exec 8>&-; }
end_parent() { kill -9 "$(cat parent)"; }
end_server() { kill -9 "$(cat pid)"; }
for end in end_input end_parent end_server; do
    try "it ends with all that it started: $end"
    start
    own $end
done

finish
