# publish: what is missing goes out, each thing once and in order, whatever breaks on the way.
. "$(dirname "$0")/../peer/lib.sh"

if ! echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    try 'the registries'
    skip 'no headers of libcurl'
    finish
fi

start_peer registry
[ -x "$PEERS/uploader" ] ||
    ${CC:-cc} -std=c99 -o "$PEERS/uploader" "$top/tests/peer/uploader.c" || exit 2
at=http://127.0.0.1:$peer_port
export RELVER_NPM_REGISTRY=$at/npm RELVER_CRATES_IO_INDEX=$at/cargo RELVER_PYPI_URL=$at/pypi
export RELVER_TESTPYPI_URL=$at/pypi-test RELVER_TIMEOUT=2

# tools NAME..: those on PATH, of which nothing else is one.
tools()
{
    rm -f "$cases"/bin/cargo "$cases"/bin/npm "$cases"/bin/pnpm "$cases"/bin/twine "$cases"/bin/uv
    for tool; do ln -s "$PEERS/uploader" "$cases/bin/$tool"; done
}

# start: empty registries, no fault, all tools.
start()
{
    fault
    rm -rf "$peer"/npm "$peer"/cargo "$peer"/pypi* "$peer/lag" "$peer/uploads" "$HOME"/argv
    : >"$peer/log"
    : >"$peer/uploads"
    tools cargo npm twine
}
uploads_are() { same "$(cat "$peer/uploads")" "$1" 'what was uploaded'; }

crate() # DIR NAME VERSION [DEPENDENCY..]
{
    mkdir -p "$1/src"
    printf '[package]\nname = "%s"\nversion = "%s"\n' "$2" "$3" >"$1/Cargo.toml"
    file=$1/Cargo.toml version=$3
    shift 3
    [ $# = 0 ] || printf '\n[dependencies]\n' >>"$file"
    for need; do
        printf '%s = { path = "../%s", version = "%s" }\n' "$need" "$need" "$version" >>"$file"
    done
}
workspace_of() # MEMBER..
{
    { printf '[workspace]\nresolver = "2"\nmembers = ['; printf '"%s", ' "$@"; echo ']'
      printf '\n[workspace.package]\nversion = "1.2.0"\n'; } >Cargo.toml
}
package() { mkdir -p "$1" && echo "{\"name\": \"$2\", \"version\": \"$3\"}" >"$1/package.json"; }

### one crate

try 'a crate'
start
crate . demo 1.2.0
run relver publish -n
ok
out_is "upload cargo demo 1.2.0 to crates-io
    CARGO_REGISTRIES_RELVER_INDEX=sparse+$at/cargo/ cargo publish -p demo --registry relver"
uploads_are ''
run relver publish
code 2
err_has 'error[confirm]: nobody can be asked whether to upload'
err_has 'next: relver publish -y'
uploads_are ''
run relver publish -y
ok
out_is 'upload cargo demo 1.2.0 to crates-io'
uploads_are 'cargo demo 1.2.0'
run relver publish -y
ok
out_is 'already there: cargo demo 1.2.0 on crates-io'
run relver publish
ok
uploads_are 'cargo demo 1.2.0'
run relver verify
ok

### in what order

try 'behind what they need, and npm behind cargo'
start
workspace_of app core util
crate app app 1.2.0 util core
crate core core 1.2.0
crate util util 1.2.0 core
printf '\n[dev-dependencies]\napp = { path = "../app", version = "1.2.0" }\n' >>core/Cargo.toml
package node demo-node 1.2.0
package web demo-web 1.2.0
echo '{"name": "demo-node", "version": "1.2.0", "dependencies": {"demo-web": "^1.2.0"}}' \
    >node/package.json
echo '{"private": true, "workspaces": ["node", "web"]}' >package.json
echo 'tag = "v{version}"' >relver.toml
run relver publish -y
ok
uploads_are 'cargo core 1.2.0
cargo util 1.2.0
cargo app 1.2.0
npm demo-web 1.2.0 latest
npm demo-node 1.2.0 latest'

try 'requirements that the workspace holds'
start
workspace_of app core
printf '[workspace.dependencies]\ncore = { path = "core", version = "1.2.0" }\n' >>Cargo.toml
crate core core 1.2.0
crate app app 1.2.0
printf '\n[dependencies]\ncore = { workspace = true }\n' >>app/Cargo.toml
run relver publish -y
ok
uploads_are 'cargo core 1.2.0
cargo app 1.2.0'

try 'npm: the binaries before what loads them, and what is private stays'
start
echo '{"name": "@demo/node", "version": "1.2.0-rc.1", "napi": {"name": "demo"}}' >package.json
package npm/linux-x64-gnu @demo/node-linux-x64-gnu 1.2.0-rc.1
package npm/darwin-arm64 @demo/node-darwin-arm64 1.2.0-rc.1
run relver publish -y
ok
out_has 'upload npm @demo/node 1.2.0-rc.1 to npm as next'
same "$(tail -n 1 "$peer/uploads")" 'npm @demo%2fnode 1.2.0-rc.1 next'
same "$(wc -l <"$peer/uploads")" 3
same "$(sort -u "$HOME/argv" | tail -n 1)" \
    "npm publish ./npm/linux-x64-gnu/ --tag next --registry $at/npm/ --@demo:registry=$at/npm/"
run relver verify
ok

try 'a pnpm workspace is for pnpm'
start
package . demo 1.2.0
echo 'packages: []' >pnpm-workspace.yaml
run env PATH="$cases/none" "$cases/bin/relver" publish -n
refused 1 tool
err_has 'install pnpm'
tools npm pnpm
run relver publish -y
ok
same "$(cat "$HOME/argv")" \
    "pnpm publish ./ --tag latest --registry $at/npm/ --no-git-checks"

package . @demo/node 1.2.0
run relver publish -y
ok
same "$(sed -n 's/.* --config/--config/p' "$HOME/argv")" \
    "--config.@demo:registry=$at/npm/ --no-git-checks"
file_has "$HOME/pnpm.env" npm_config_@demo:registry

try 'an older line leaves latest where it is'
start
package . demo 2.0.0
run relver publish -y
package . demo 1.9.1
run relver publish -y
ok
out_is 'upload npm demo 1.9.1 to npm as release-1.9'

### what it is not done for

try 'a tool that is not there, no token, and nobody to ask'
start
crate . demo 1.2.0
run env PATH="$cases/none" "$cases/bin/relver" publish -y
refused 1 tool
err_has 'install cargo'
run relver publish -y --offline
refused 4 registry
fault 500
run relver publish -y
refused 4 server
fault silent
run relver publish -n
refused 4 deadline
fault html
run relver publish -n
refused 4 protocol
uploads_are ''
run relver publish --to pluto
refused 2 registry
run relver publish 1.2.0
refused 2 usage

try 'build metadata'
start
crate . demo 1.2.0+sha.abc
run relver publish -y
refused 2 version
echo 'registries = { ours = "cargo+'$at'/cargo" }' >relver.toml
run relver publish -n --to ours
ok

try 'a number that is used up'
start
package . demo 1.2.0
mkdir -p "$peer/npm"
echo '{"name":"demo","versions":{"1.2.1":{"dist":{}}},"time":{"1.2.0":"2026-01-02"}}' \
    >"$peer/npm/demo"
run relver publish -y
refused 6 withdrawn
err_has 'relver bump 1.2.2'
uploads_are ''
crate . demo 1.2.0
mkdir -p "$peer/cargo/de/mo"
echo '{"name":"demo","vers":"1.2.0","cksum":"00","yanked":true}' >"$peer/cargo/de/mo/demo"
run relver publish -y
code 6
uploads_are ''

try 'a tree that is not committed'
start
crate . demo 1.2.0
git init -q && git add . && git commit -qm start
echo >>src/lib.rs
git add . && git commit -qm more
echo '# more' >>Cargo.toml
run relver publish -y
refused 1 clean
run relver publish -y --override clean=hurry
ok
same "$(cat "$HOME/argv")" 'cargo publish -p demo --registry relver --allow-dirty'

try 'a stamped tree'
start
package . demo 1.2.0
git init -q && git add . && git commit -qm start
run relver stamp
code 0
run relver publish -y
code 1
err_has stamped
echo "registries = { ours = 'npm+$at/npm' }" >relver.toml
run relver publish -y --to ours
code 0
case $(cat "$peer/uploads") in 'npm demo 1.2.0-'*) pass ;; *) fail 'not the stamped version' ;; esac

### environment and arguments

try 'each tool has its own tokens, and no other one'
start
crate . demo 1.2.0
package . demo 1.2.0
token=rvCANARY
run env CARGO_REGISTRY_TOKEN=$token CARGO_REGISTRIES_RELVER_TOKEN=$token NODE_AUTH_TOKEN=$token \
    NPM_TOKEN=$token TWINE_PASSWORD=$token GITHUB_TOKEN=$token AWS_SECRET=$token CI=1 \
    https_proxy=$at relver publish -y -v
code 0
same "$(grep -c TOKEN "$HOME/cargo.env")" 2
same "$(grep TOKEN "$HOME/npm.env" | sort | tr '\n' ' ')" 'NODE_AUTH_TOKEN NPM_TOKEN '
for tool in cargo npm; do
    file_has "$HOME/$tool.env" PATH
    file_has "$HOME/$tool.env" https_proxy
    for name in TWINE GITHUB_TOKEN AWS NPM_REGISTRY; do file_lacks "$HOME/$tool.env" $name; done
done
file_lacks "$HOME/npm.env" CARGO
file_lacks "$HOME/argv" $token
err_lacks $token

try 'what the settings of a tool need is there for it'
start
package . demo 1.2.0
echo "//${at#*//}/npm/:_authToken=\${TEAM}-\${GITHUB_TOKEN?}
//registry.example/:_authToken=\${ELSEWHERE}" >"$HOME/.npmrc"
echo "//${at#*//}/npm/:_auth=\${*}" >.npmrc
run env TEAM=$token ELSEWHERE=$token GITHUB_TOKEN=$token relver publish -y
code 0
same "$(grep -E '^(TEAM|ELSE|GITHUB|RELVER)' "$HOME/npm.env" | sort | tr '\n' ' ')" \
    'GITHUB_TOKEN TEAM '
rm "$HOME/.npmrc" package.json
printf '[project]\nname = "demo-py"\nversion = "1.2.0"\n' >pyproject.toml
mkdir dist && echo x >dist/demo_py-1.2.0.tar.gz
echo "to.stable = ['ours']
registries.ours = 'pypi+$at/pypi'" >relver.toml
printf '[team]\nrepository: %s\nusername: me\npassword: %s\n' "$at/pypi/" $token >"$HOME/.pypirc"
run relver publish -n
ok
out_has 'twine upload --non-interactive --disable-progress-bar --repository team --'
rm "$HOME/.pypirc"
run relver publish -n
out_has "--repository-url $at/pypi/ --"
run env TWINE_USERNAME=me TWINE_PASSWORD=$token TWINE_REPOSITORY_URL=https://registry.example/ \
    relver publish -y
code 0
file_lacks "$HOME/twine.env" TWINE # it is for another address
rm -r "$peer/pypi"
run env TWINE_USERNAME=me TWINE_PASSWORD=$token TWINE_REPOSITORY_URL=$at/pypi/ relver publish -y
code 0
same "$(grep TWINE "$HOME/twine.env" | sort | tr '\n' ' ')" 'TWINE_PASSWORD TWINE_USERNAME '

try 'a token is seen by nobody'
token='rvCANARY/+=%&"e7'
if strace -o trace true 2>/dev/null; then
    hex=$(printf %s "$token" | od -An -tx1 | tr -d ' \n')
    for word in '' 403 500 reset html done-500; do
        start
        crate . demo 1.2.0
        package . demo 1.2.0
        printf '[project]\nname = "demo-py"\nversion = "1.2.0"\n' >pyproject.toml
        mkdir -p dist && echo 1 >dist/demo_py-1.2.0-py3-none-any.whl
        fault ${word:+"$word@POST"}
        run env CARGO_REGISTRY_TOKEN="$token" NPM_TOKEN="$token" TWINE_PASSWORD="$token" strace \
            -f -s 100000 -o trace -e trace=write,writev,execve,openat relver publish -y -v --json
        base64=$(printf %s ":$token" | base64 -w 0 | cut -c 4-20)
        for text in "$token" 'rvCANARY%2F%2B%3D%25%26%22e7' 'rvCANARY%2f%2b%3d%25%26%22e7' \
            "$(printf %s "$token" | base64 -w 0)" "$base64" "$hex" 'rvCANARY/+=%&\"e7'; do
            same "$(grep -Fc -e "$text" trace)" 0 "$word: the token in a call"
            out_lacks "$text"
            err_lacks "$text"
        done
    done
else
    skip 'no strace'
fi

### Python

wheel() { mkdir -p dist && echo "$1" >"dist/demo_py-1.2.0-$1.whl"; }
python() { printf '[project]\nname = "demo-py"\nversion = "%s"\n' "${1-1.2.0}" >pyproject.toml; }

try 'wheels: those that are missing'
start
python
run relver publish -n
refused 1 absent
printf 'run.build = ["python -m build"]\n' >relver.toml
run relver publish -n
refused 1 absent
err_has 'next: python -m build'
for tag in cp310 cp311 cp312; do wheel $tag-none-any; done
run relver publish -y
ok
for tag in cp39 cp313 cp314 cp315; do wheel $tag-none-any; done
run relver verify
code 1
for tag in cp39 cp313 cp314 cp315; do err_has "demo_py-1.2.0-$tag-none-any.whl"; done
err_lacks cp310
run relver publish -y
ok
same "$(tail -n 1 "$HOME/argv" | tr ' ' '\n' | grep -c whl)" 4
same "$(grep -c -v refused "$peer/uploads")" 7
same "$(sed -n '$s/ -- .*//p' "$HOME/argv")" "twine upload --non-interactive \
--disable-progress-bar --repository-url $at/pypi/legacy/"
run relver publish -y
out_is 'already there: pypi demo-py 1.2.0 on pypi'
echo otherwise >dist/demo_py-1.2.0-cp310-none-any.whl
run relver publish -y
refused 6 digest
err_has 'relver bump 1.2.1'
same "$(wc -l <"$peer/uploads")" 7

try 'wheels that are expected, and built somewhere else'
start
python
wheel cp312-none-any
echo 'expect = ["*-cp312-*.whl", "*-cp313-*.whl"]' >relver.toml
run relver publish -y
refused 5 absent 'half way, done: pypi demo-py 1.2.0'
err_has "no file like '*-cp313-*.whl' is on pypi"
run relver publish -y
refused 1 absent
rm -r dist
wheel cp313-none-any
run relver publish -y
ok
same "$(grep -c -v refused "$peer/uploads")" 2

try 'TestPyPI first'
start
python
wheel py3-none-any
echo 'to = { stable = ["testpypi", "pypi"] }' >relver.toml
fault '1:403@POST /upload/pypi/'
run relver publish -y
code 5
err_has 'state: half way, done: pypi demo-py 1.2.0'
same "$(cut -d ' ' -f 1 "$peer/uploads")" pypi-test
run relver publish -y
ok
same "$(cut -d ' ' -f 1 "$peer/uploads" | tr '\n' ' ')" 'pypi-test pypi '
start
python 1.2.0+local
run relver publish -y
code 2
err_has "no version with a '+' is for testpypi"

try 'uv, where twine is not'
start
python
wheel py3-none-any
mkdir "$cases/uv"
ln -s "$PEERS/uploader" "$cases/uv/uv"
run env PATH="$cases/uv" "$cases/bin/relver" publish -y
ok
uploads_are 'pypi demo-py 1.2.0 demo_py-1.2.0-py3-none-any.whl'
same "$(sed 's/ --.*//' "$HOME/argv")" 'uv publish'

### from a directory

try 'what was built elsewhere goes to registries that are named'
start
crate . demo 1.2.0
package . demo 1.2.0
python
echo "registries = { our-cargo = 'cargo+$at/cargo', our-npm = 'npm+$at/npm' }
expect = ['npm:demo-wasm']" >relver.toml
run relver publish -n --to our-npm
refused 1 absent
err_has 'npm demo-wasm 1.2.0: there is no file of it here'
mkdir out
echo tgz >out/demo-1.2.0.tgz
echo tgz >out/demo-wasm-1.2.0.tgz
wheel py3-none-any
run relver publish -y --from out --to our-npm --to our-cargo
ok
uploads_are 'cargo demo 1.2.0
npm demo 1.2.0 latest
npm demo-wasm 1.2.0 latest'
same "$(head -n 1 "$HOME/argv")" 'cargo publish -p demo --registry our-cargo'
same "$(sed -n '2s/ --tag.*//p' "$HOME/argv")" "npm publish $PWD/out/demo-1.2.0.tgz"
file_has "$HOME/cargo.env" CARGO_REGISTRIES_OUR_CARGO_INDEX
run relver publish -y --from nowhere --to our-npm
code 2

### what it says

try 'for scripts'
start
package . demo 1.2.0
run relver publish --json -n
ok
out_is '{"relver": 1, "dry_run": true, "steps": [{"do": "upload", "ecosystem": "npm", '\
'"name": "demo", "version": "1.2.0", "registry": "npm", "dist_tag": "latest", '\
'"argv": ["npm", "publish", "./", "--tag", "latest", "--registry", "'"$at"'/npm/"]}]}'
run relver publish --json -y
ok
out_has '{"do": "upload", "ecosystem": "npm", "name": "demo"'
run relver publish --json -y
ok
out_has '{"do": null, "ecosystem": "npm", "name": "demo"'
echo 'publish = "tag"' >relver.toml
run relver publish
ok
package . demo 1.2.1
run relver publish -y
code 0
err_is 'relver: publish = "tag": this is CI'"'"'s to do, and done here all the same'
fault 403@POST
package . demo 1.2.2
run relver publish -y -q
code 1
err_has '    error: the server said 403'
err_has 'npm demo 1.2.2: npm said exit code 1, and it is not there'
err_has 'state: nothing changed'

try 'a rate that is known makes an hour of it'
start
members=
for n in 1 2 3 4 5 6 7 8 9; do
    crate c$n demo-$n 1.2.0
    members="$members c$n"
    mkdir -p cargo/de/mo
    printf 'HTTP/1.1 404 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n' >cargo/de/mo/demo-$n
done
workspace_of $members
if command -v openssl >/dev/null && openssl req -x509 -newkey rsa:2048 -nodes -keyout key \
    -out cert -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 2>/dev/null; then
    : >said
    openssl s_server -HTTP -accept 127.0.0.1:0 -key key -cert cert >said 2>&1 </dev/null &
    until tls=$(sed -n 's/^ACCEPT.*://p' said) && [ -n "$tls" ]; do
        kill -0 $! 2>/dev/null || break
        sleep 0.02
    done
    run env SSL_CERT_FILE=cert RELVER_TIMEOUT=20 \
        RELVER_CRATES_IO_INDEX="https://127.0.0.1:$tls/cargo" relver publish -n
    ok
    out_has '9 new names on crates-io: about 0 h 40 min'
    kill $!
else
    skip 'no openssl'
fi

try 'a signal ends relver, and not its tool'
start
package . demo 1.2.0
fault silent@POST
relver publish -y >"$cases/out" 2>"$cases/err" </dev/null &
while ! grep -q ' silent$' "$peer/log"; do sleep 0.02; done
kill $!
run wait $!
code 143
run kill "$(cat "$HOME/pid")"
ok
fault
run relver publish -y
out_is 'upload npm demo 1.2.0 to npm as latest'

### seen later

try 'an index that is slow to show it'
start
workspace_of app core
crate core core 1.2.0
crate app app 1.2.0 core
: >"$peer/lag"
run relver publish -y
refused 5 visible 'half way, done: cargo core 1.2.0'
err_has 'next: relver publish -y'
uploads_are 'cargo core 1.2.0'
run relver publish -y
code 5
err_has 'error: it already exists'
err_has 'cargo core 1.2.0 is uploaded, but crates-io does not show it'
mv "$peer/cargo/co/re/core.late" "$peer/cargo/co/re/core"
rm "$peer/lag"
run relver publish -y
ok
same "$(grep -v refused "$peer/uploads")" 'cargo core 1.2.0
cargo app 1.2.0'
start
: >"$peer/lag"
{ sleep 0.5; mv "$peer/cargo/co/re/core.late" "$peer/cargo/co/re/core"; rm "$peer/lag"; } &
run relver publish -y
ok
uploads_are 'cargo core 1.2.0
cargo app 1.2.0'

### half way

try '57 of 109 crates'
start
members=
for n in $(seq 101 209); do
    crate c$n demo-$n 1.2.0
    members="$members c$n"
done
workspace_of $members
mkdir -p "$peer/cargo/de/mo"
for n in $(seq 101 157); do
    echo "{\"name\":\"demo-$n\",\"vers\":\"1.2.0\",\"cksum\":\"00\",\"yanked\":false}" \
        >"$peer/cargo/de/mo/demo-$n"
done
run relver verify
code 1
same "$(grep -c '^ok cargo demo-1[0-5][0-9] 1.2.0' "$cases/out")" 57
same "$(grep -c '^absent cargo demo-[12][0-9][0-9] 1.2.0' "$cases/out")" 52
out_has 'absent cargo demo-158 1.2.0 on crates-io'
run relver publish -y --json
ok
same "$(wc -l <"$peer/uploads")" 52
run relver verify -q
ok

try 'npm is out and crates are not'
start
crate . demo 1.2.0
package . demo 1.2.0
fault 403@POST
run relver publish -y
code 1
fault
run "$cases/bin/npm" publish ./ --tag latest --registry "$at/npm"
ok
run relver verify
refused 1 absent
out_is 'absent cargo demo 1.2.0 on crates-io
ok npm demo 1.2.0 on npm: latest'
run relver publish -y
ok
out_is 'upload cargo demo 1.2.0 to crates-io
already there: npm demo 1.2.0 on npm'

# everything: a package of each kind, two of crates.
everything()
{
    start
    workspace_of app core
    crate core core 1.2.0
    crate app app 1.2.0 core
    package . demo 1.2.0
    python
    wheel cp312-none-any
    wheel cp313-none-any
    printf '%s\n' 'cargo app 1.2.0' 'cargo core 1.2.0' 'npm demo 1.2.0 latest' \
        'pypi demo-py 1.2.0 demo_py-1.2.0-cp312-none-any.whl' \
        'pypi demo-py 1.2.0 demo_py-1.2.0-cp313-none-any.whl' >all
}
# converges: nothing is uploaded twice, and the same command ends the work.
converges()
{
    tried=$((tried + 1))
    fault
    run env RELVER_TIMEOUT=20 relver publish -y
    if [ "$code" = 0 ]; then pass; else fail "$1: it does not end"; fi
    grep -v refused "$peer/uploads" | sort >done
    same_file done all
}

# broken FAULT..: in one case; whatever comes of it, nothing is done twice and the next run ends it.
broken()
{
    everything
    fault "$@"
    run timeout -s KILL 60 relver publish -y
    case $code$(grep -v -c refused "$peer/uploads") in
    05 | 10 | 40 | 5*) pass ;;
    *) fail "$*" ;;
    esac
    converges "$*"
}

# Every fault at every request, and with LONG at each kind of them: always, the second time, and
# behind another fault. Without it two faults at each, one after the other.
try 'faults'
export RELVER_TIMEOUT=1
tried=0
faults='silent reset 403 500 502 done-500 cut drop hang 429=1 503=1 html short=9 open done-403 302'
more='auth drop=0 cut=0 206 418 404 408 410 504 307 429=999999 429=date+2 503=date+1 endless'
more="$more heads=6000 hang=0 cut=9"
turn=0
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
    row=$(echo "$faults" | cut -d ' ' -f $((turn % 16 + 1))-$((turn % 16 + 2)))
    turn=$((turn + 2))
    for word in ${LONG:+$faults $more} ${LONG:-$row}; do
        [ "$word" = "${LONG-}" ] || broken "$n:$word"
    done
done
for word in ${LONG:+$faults $more}; do
    for kind in GET POST; do
        for part in cargo npm pypi; do
            [ $kind = GET ] && where="GET /$part" || where="POST /upload/$part"
            broken "$word@$where"
            broken "2:$word@$where"
            broken "3:$word@$where" "1:500@$where"
        done
    done
done

# Killed at each request, before and behind its work: relver, its tool, or both.
try 'killed'
for n in 1 4 5 6 7 8 9 10 11 12 13; do
    for word in silent hang=0; do
        for victim in ${LONG:+relver tool} both; do
            everything
            fault "$n:$word"
            : >"$HOME/pid"
            relver publish -y >"$cases/out" 2>"$cases/err" </dev/null &
            pid=$!
            while ! grep -q " $word\$" "$peer/log" && kill -0 $pid 2>/dev/null; do sleep 0.02; done
            [ $victim = tool ] || kill -9 $pid
            tool=$(cat "$HOME/pid")
            [ $victim = relver ] || [ -z "$tool" ] || kill -9 "$tool" 2>/dev/null
            wait $pid 2>/dev/null
            converges "$n:$word:$victim"
        done
    done
done
if [ -n "${LONG-}" ]; then
    echo "publish: $tried faults and kills"
    [ $tried -ge 1000 ] && pass || fail 'fewer than 1,000'
fi

finish
