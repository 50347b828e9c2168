# verify, check free and show dist-tag: what the registries say, and that silence is never a no.
. "$(dirname "$0")/../peer/lib.sh"

if ! echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    try 'the registries'
    skip 'no headers of libcurl'
    finish
fi

start_peer registry
at=http://127.0.0.1:$peer_port
token=rvCANARY/+=%27e7
export RELVER_NPM_REGISTRY=$at/npm RELVER_CRATES_IO_INDEX=$at/cargo RELVER_PYPI_URL=$at/pypi/
export RELVER_TESTPYPI_URL=$at/pypi-test RELVER_TIMEOUT=2 NODE_AUTH_TOKEN=$token

# has PATH <TEXT: the registries have this.
has() { mkdir -p "$peer/${1%/*}" && cat >"$peer/$1"; }

# npm_has NAME VERSION..: a packument; the last version is latest, or what $tags says.
npm_has()
{
    name=$1; shift
    versions= times= last=
    for last; do
        file=https://registry.example/$name/-/${name##*/}-$last.tgz
        versions="$versions${versions:+,}\"$last\":{\"name\":\"$name\",\"version\":\"$last\",
            \"dist\":{\"integrity\":\"sha512-of-$last\",\"tarball\":\"$file\"}}"
        times="$times,\"$last\":\"2026-01-02T03:04:05.000Z\""
    done
    has "npm/$(echo "$name" | sed 's|/|%2f|')" <<JSON
{"_id": "$name", "name": "$name", "dist-tags": {${tags:-\"latest\":\"$last\"}},
 "versions": {$versions}, "time": {"created":"2026-01-02T03:04:05.000Z"$times$burned}}
JSON
}

# cargo_has NAME VERSION..: its lines of the index; "-VERSION" is yanked.
cargo_has()
{
    name=$1; shift
    for version; do
        yanked=false
        case $version in -*) version=${version#-} yanked=true ;; esac
        echo "{\"name\":\"$name\",\"vers\":\"$version\",\"deps\":[],\"features\":{}," \
            "\"cksum\":\"$(printf %064d 7)\",\"yanked\":$yanked}"
    done | has "cargo/$(echo "$name" | tr A-Z a-z | sed 's|\(..\)\(..\)|\1/\2/&|')"
}

# pypi_has NAME FILE..: "-FILE" is yanked.
pypi_has()
{
    name=$1; shift
    files=
    for file; do
        yanked=false
        case $file in -*) file=${file#-} yanked='"it is broken"' ;; esac
        files="$files${files:+,}{\"yanked\":$yanked,\"filename\":\"$file\",\"size\":1,
            \"hashes\":{\"sha256\":\"$(printf %064d 9)\"}}"
    done
    has "${index:-pypi}/simple/$name/index.json" <<JSON
{"meta":{"api-version":"1.4"},"name":"$name","versions":[],"files":[$files]}
JSON
}

start() { fault; : >"$peer/log"; rm -rf "$peer"/npm "$peer"/cargo "$peer"/pypi* "$peer/tokens"; }
npm_project() # [NAME [VERSION]]
{
    start
    echo "{\"name\": \"${1-demo-node}\", \"version\": \"${2-1.2.0}\"}" >package.json
}
tags= burned=

### npm

try 'npm: it is out'
npm_project
npm_has demo-node 1.1.0 1.2.0
run relver verify
ok
out_is 'ok npm demo-node 1.2.0 on npm: latest'
same "$(cat "$peer/log")" 'GET /npm/demo-node?write=true 0'
run relver verify --json
ok
out_has '{"relver": 1, "ok": true, "findings": [], "packages": [{"ecosystem": "npm", '
out_has '"state": "out", "why": null, "files": '
out_has '[{"name": "demo-node-1.2.0.tgz", "digest": "sha512-of-1.2.0"}]'
out_has '"dist_tags": {"latest": "1.2.0"}}]}'
run relver verify -q
ok
out_is ''
run relver verify 1.1.0
ok
out_is 'ok npm demo-node 1.1.0 on npm'

try 'npm: it is not'
npm_project
npm_has demo-node 1.1.0
run relver verify
refused 1 absent
err_has 'npm demo-node 1.2.0: is not on npm'
out_is 'absent npm demo-node 1.2.0 on npm'
rm -r "$peer/npm"
run relver verify
refused 1 absent
run relver verify --json
code 1
out_has '"state": "absent"'
run relver verify 1.x
refused 2 version
run relver verify 1.1.0 1.2.0
refused 2 usage
run relver verify --wait soon
refused 2 usage

try 'npm: a scope, a prerelease, dist-tags'
npm_project @demo/node 1.2.0-rc.1
tags='"latest":"1.1.0","next":"1.2.0-rc.1"' npm_has @demo/node 1.1.0 1.2.0-rc.1
run relver verify
ok
out_is 'ok npm @demo/node 1.2.0-rc.1 on npm: next'
run relver verify 1.2.0rc1
ok
tags='"latest":"1.1.0"' npm_has @demo/node 1.1.0 1.2.0-rc.1
run relver verify
refused 1 dist-tag
err_has 'the dist-tag next is not there'
err_has 'npm dist-tag add @demo/node@1.2.0-rc.1 next'
echo 'dist-tag = "{label}"' >relver.toml
tags='"latest":"1.1.0","rc":"1.2.0-rc.1"' npm_has @demo/node 1.1.0 1.2.0-rc.1
run relver verify
ok
tags='"latest":"1.0.0"' npm_has @demo/node 1.0.0 1.1.0
run relver verify 1.1.0
refused 1 dist-tag
err_has 'the dist-tag latest is 1.0.0'

try 'npm: show dist-tag'
npm_project
run relver show dist-tag # npm knows no such package
ok
out_is latest
tags='"latest":"1.3.0"' npm_has demo-node 1.3.0
run relver show dist-tag
ok
out_is release-1.2
run relver show dist-tag --json
out_is '{"relver": 1, "dist-tag": "release-1.2"}'
npm_project demo-node 1.4.0-beta.2
run relver show dist-tag
out_is next
npm_has demo-node 1.3.0
run relver show dist-tag
out_is next
echo 'dist-tag = "{label}"' >relver.toml
run relver show dist-tag
out_is beta
fault 500
run relver show dist-tag
refused 4 server
run relver --offline show dist-tag
refused 4 registry

try 'npm: deprecated, unpublished, free'
npm_project
npm_has demo-node 1.1.0
run relver check free
ok
out_is 'ok free'
burned=',"1.2.0":"2026-01-02T03:04:05.000Z"' npm_has demo-node 1.1.0
run relver check free
refused 6 free
err_has 'the number is taken on npm, though it was unpublished'
err_has 'next: relver bump 1.2.1'
run relver verify
refused 1 absent
err_has 'was unpublished from npm'
run relver check free --override 'free=a test'
ok
out_is 'passed over free'
npm_has demo-node 1.1.0 1.2.0
sed 's/"version":"1.2.0"/&,"deprecated":"it is broken"/' "$peer/npm/demo-node" >said
has npm/demo-node <said
run relver verify
refused 1 withdrawn
out_has 'withdrawn npm demo-node'
run relver verify --json
out_has '"state": "withdrawn", "why": "it is broken", "files"'
run relver check free
refused 6 free

try 'npm: it awaits approval'
npm_project @demo/node
npm_has @demo/node 1.1.0
has npm/-/stage <<JSON
{"items": [{"packageName": "@demo/nod", "version": "1.2.0", "id": "1"},
 {"version": "1.2.0", "tag": "latest", "id": "c0ffee", "packageName": "@demo/node"}], "total": 2}
JSON
run relver verify
refused 3 staged
err_has 'npm @demo/node 1.2.0: awaits approval on npm'
err_has 'next: npm stage approve c0ffee, then: relver verify'
out_is 'staged npm @demo/node 1.2.0 on npm'
file_has "$peer/log" 'GET /npm/-/stage?package=@demo%2fnode&page=0&perPage=100 0'
run relver check free
refused 6 free
echo '{"items": [], "total": 0}' | has npm/-/stage
run relver verify
refused 1 absent
for status in 401 404; do
    fault $status@/stage
    run relver verify
    refused 1 absent
done
for is in server:500 limited:429 protocol:html; do
    fault "${is#*:}@/stage"
    run relver verify
    refused 4 "${is%:*}"
done
: >"$peer/log"
fault
NODE_AUTH_TOKEN= run relver verify # nobody may ask then
refused 1 absent
same "$(requests /stage)" 0
(sleep 1.2; npm_has @demo/node 1.2.0) &
echo '{"items": [{"id":"1", "version":"1.2.0", "packageName":"@demo/node"}]}' | has npm/-/stage
run relver verify --wait 10s
code 0
run relver verify 1.2.1
refused 1 absent

try 'npm: what is private goes nowhere, and no name is a path'
npm_project
echo '{"name": "demo", "version": "1.0.0", "private": true}' >package.json
run relver verify
code 0
err_is 'relver: no package here is published anywhere'
same "$(cat "$peer/log")" ''
for name in ../x @../x @a/.. a/b a%2fb 'a?b' '@a?b/x' @/x @a/ @a @@a/x .x; do
    npm_project "$name"
    run relver verify
    refused 2 name
done
same "$(cat "$peer/log")" ''

try 'the token goes to its registry, and nowhere else'
npm_project
npm_has demo-node 1.2.0
run relver verify -v
ok
file_has "$peer/tokens" "Bearer $token"
rm "$peer/tokens"
echo "registries.npm = \"npm+$at/npm/\"" >relver.toml # a repository cannot ask for it
RELVER_NPM_REGISTRY='' run relver verify
ok
same "$(cat "$peer/tokens" 2>&1 | grep -c CANARY)" 0
rm relver.toml
NODE_AUTH_TOKEN="a
X-Other: b" run relver verify
refused 4 auth
err_lacks X-Other
same "$(requests GET)" 2 'requests'
### cargo and PyPI

cargo_project() # [VERSION]
{
    start
    printf '[package]\nname = "Demo_core"\nversion = "%s"\n' "${1-0.2.0}" >Cargo.toml
}
try 'cargo'
cargo_project
cargo_has Demo_core 0.1.0 0.2.0
run relver verify
ok
out_is 'ok cargo Demo_core 0.2.0 on crates-io'
same "$(cat "$peer/log")" 'GET /cargo/de/mo/demo_core 0'
run relver verify --json
out_has "{\"name\": \"Demo_core-0.2.0.crate\", \"digest\": \"sha256:$(printf %064d 7)\"}"
run relver check free
refused 6 free
run relver verify 0.3.0-rc.1
refused 1 absent
cargo_has Demo_core 0.1.0 -0.2.0
run relver verify
refused 1 withdrawn
err_has yanked
run relver check free
refused 6 free
echo '{"name":"other","vers":"0.2.0","cksum":"1","yanked":false}' | has cargo/de/mo/demo_core
run relver verify
refused 4 protocol
printf '{"name":"Demo_core","vers":"0.1.0","cksum":"1","yanked":false}' | has cargo/de/mo/demo_core
run relver verify # its last line has no end
refused 4 protocol
rm -r "$peer/cargo"
run relver verify
refused 1 absent
run relver check free
ok
for name in a:1/a ab:2/ab aBc:3/a/abc; do
    : >"$peer/log"
    printf '[package]\nname = "%s"\nversion = "1.0.0"\n' "${name%:*}" >Cargo.toml
    run relver verify
    same "$(cat "$peer/log")" "GET /cargo/${name#*:} 0"
done

pypi_project() # [VERSION]
{
    start
    printf '[project]\nname = "Demo.Py"\nversion = "%s"\n' "${1-0.2.0}" >pyproject.toml
}
sdist=demo_py-0.2.0.tar.gz linux=Demo_py-0.2.0-cp312-abi3-manylinux_2_17_x86_64.whl
try 'PyPI'
pypi_project
pypi_has demo-py demo_py-0.1.0.tar.gz $sdist $linux
run relver verify
ok
out_is 'ok pypi Demo.Py 0.2.0 on pypi: 2 files'
same "$(cat "$peer/log")" 'GET /pypi/simple/demo-py/ 0'
run relver verify --json
out_has "{\"name\": \"$sdist\", \"digest\": \"sha256:$(printf %064d 9)\"}"
pypi_project 0.3.0rc1
pypi_has demo-py $sdist
run relver verify
refused 1 absent
pypi_project
pypi_has demo-py $sdist -$linux # not all of it
run relver verify
ok
pypi_has demo-py -$sdist -$linux
run relver verify
refused 1 withdrawn
run relver check free
refused 6 free
pypi_has demo-py demo_py-0.2.0.exe demo_py_more-0.2.0.tar.gz
run relver verify
refused 1 absent
echo '<html><a href="demo_py-0.2.0.tar.gz">' | has pypi/simple/demo-py/index.json
run relver verify
refused 4 protocol

try 'PyPI: an index that has only pages'
pypi_project
sum=2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
has pypi/simple/demo-py/index.json <<HTML # as pypiserver 2.4.2 writes them, and devpi 6.20
<!DOCTYPE html>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Links for demo-py</title>
    </head>
    <body>
        <h1>Links for demo-py</h1>
            <a href="/packages/demo_py-0.1.0.tar.gz#sha256=$sum">demo_py-0.1.0.tar.gz</a><br>
            <a href="/packages/$linux#sha256=$sum" data-yanked>$linux</a><br>
            <a href="/packages/$sdist#sha256=$sum">$sdist</a><br>
    </body>
</html>
HTML
run relver verify
ok
out_is 'ok pypi Demo.Py 0.2.0 on pypi: 2 files'
run relver verify --json
out_has "{\"name\": \"$sdist\", \"digest\": \"sha256:$sum\"}"
sed 's/" data-yanked/&="it is &lt;broken&gt;"/; /tar.gz#/s/">/" data-yanked>/' \
    "$peer/pypi/simple/demo-py/index.json" >said && has pypi/simple/demo-py/index.json <said
run relver verify
refused 1 withdrawn
run relver verify 0.3.0
refused 1 absent
printf '<!DOCTYPE html><html lang="en"><head><title>root/dev: links for demo-py</title></head><body>
</body></html>' | has pypi/simple/demo-py/index.json
run relver verify
refused 1 absent
echo '<html><body><h1>Sign in</h1><a href="/login?for=demo-py">here</a></body></html>' |
    has pypi/simple/demo-py/index.json
run relver verify
refused 4 protocol

try 'PyPI: every file that is expected'
pypi_project
echo 'expect = ["*.tar.gz", "*-manylinux*_x86_64.whl", "*-win_amd64.whl", "run:x"]' >relver.toml
pypi_has demo-py $sdist $linux
run relver verify
refused 1 absent
err_has "no file like '*-win_amd64.whl' is on pypi"
pypi_has demo-py $sdist $linux demo_py-0.2.0-cp312-abi3-win_amd64.whl
run relver verify
ok

### all of them

# A package of each kind, and all are out.
three()
{
    start
    printf '[package]\nname = "democore"\nversion = "0.2.0-rc.1"\n' >Cargo.toml
    echo '{"name": "demo-node", "version": "0.2.0-rc.1"}' >package.json
    printf '[project]\nname = "demo-py"\nversion = "0.2.0rc1"\n' >pyproject.toml
    cargo_has democore 0.2.0-rc.1
    tags='"next":"0.2.0-rc.1"' npm_has demo-node 0.2.0-rc.1
    pypi_has demo-py demo_py-0.2.0rc1.tar.gz
}
try 'several at once: what is missing, where it goes, what a build makes'
three
run relver verify
ok
out_is 'ok cargo democore 0.2.0-rc.1 on crates-io
ok npm demo-node 0.2.0-rc.1 on npm: next
ok pypi demo-py 0.2.0rc1 on pypi: 1 file'
cat >relver.toml <<TOML
expect = ["npm:demo-wasm"]
to.prerelease = ["testpypi", "mirror", "npm"]
registries = { mirror = "cargo+sparse+$at/cargo-mirror/" }
TOML
rm -r "$peer/npm"
run relver verify
code 1
out_is 'absent cargo democore 0.2.0-rc.1 on mirror
absent npm demo-node 0.2.0-rc.1 on npm
absent pypi demo-py 0.2.0rc1 on testpypi
absent npm demo-wasm 0.2.0-rc.1 on npm'
same "$(echo "$err" | grep -c 'error.absent')" 4
same "$(requests 'GET /pypi-test/simple/demo-py/')" 1
fault 503@/cargo-mirror/
run relver verify
code 4 # the worst of what was found
err_has 'error[server]: cargo democore 0.2.0-rc.1: unknown'
same "$(echo "$err" | grep -c 'error.absent')" 3
fault

try 'status --online'
three
run relver status --online
ok
out_has '
  Cargo.toml:3:12: package.version = 0.2.0-rc.1'
out_has '
ok cargo democore 0.2.0-rc.1 on crates-io
ok npm demo-node 0.2.0-rc.1 on npm: next
ok pypi demo-py 0.2.0rc1 on pypi: 1 file'
rm -r "$peer/npm"
printf '[project]\nname = "demo-py"\ndynamic = ["version"]\n' >pyproject.toml
run relver status --online --json
ok
out_has '"registries": [{"ecosystem": "cargo", "name": "democore", '
out_has '"registry": "npm", "state": "absent"'
: >"$peer/log"
run relver status
ok
same "$(requests GET)" 0
fault 500
run relver status --online
code 4
out_has 'unknown cargo democore 0.2.0-rc.1 on crates-io'
same "$(echo "$err" | grep -c 'error.server.: .*: unknown: ')" 2
run relver status --online --offline
refused 4 registry

try 'the next number that nobody has'
three
echo 'tag = "v{version}"' >relver.toml
cargo_has democore 0.2.0-rc.1 -0.2.0-rc.2
pypi_has demo-py demo_py-0.2.0rc1.tar.gz -demo_py-0.2.0rc3.tar.gz
burned=',"0.2.0-rc.4":"2026-01-02T03:04:05.000Z"' npm_has demo-node 0.2.0-rc.1
run relver check free
code 6
same "$(echo "$err" | grep -c 'error.free')" 3
err_has 'next: relver bump 0.2.0-rc.5'
fault 503@/pypi/ # which may have that, too
run relver check free
err_lacks 0.2.0-rc.5
fault
for now in '0.2.0 0.2.1' '0.2.0-dev.3 0.2.0-dev.4' '0.2.0-beta.1 0.2.0-beta.2' \
    '0.2.0-nightly 0.2.0'; do
    start
    rm -f pyproject.toml Cargo.toml relver.toml
    echo "{\"name\": \"demo-node\", \"version\": \"${now% *}\"}" >package.json
    npm_has demo-node ${now% *}
    run relver check free
    refused 6 free
    err_has "next: relver bump ${now#* }"
done

try 'a version is that of one package'
npm_project
printf 'tag = "{name}-v{version}"\n' >relver.toml
printf '[package]\nname = "democore"\nversion = "0.2.0"\n' >Cargo.toml
npm_has demo-node 1.1.0 1.2.0
cargo_has democore 0.2.0
run relver verify
ok
same "$(echo "$out" | wc -l)" 2
run relver verify 1.1.0
refused 2 ambiguous
run relver verify 1.1.0 -p demo-node
ok
out_is 'ok npm demo-node 1.1.0 on npm'
run relver check free
code 6
err_has 'next: relver bump democore=0.2.1'

try 'addresses'
npm_project
for url in http://registry.example ftp://registry.example https:// http://127.0.0.1.example \
    https://me@registry.example 'http://127.0.0.1:1@registry.example' http://localhost.example; do
    run env RELVER_NPM_REGISTRY="$url" relver verify
    refused 2 registry
done
unset RELVER_NPM_REGISTRY
echo 'to.stable = ["mirrow"]
registries.mirror = "npm+https://registry.example/"' >relver.toml
run relver verify
refused 2 registry
err_has "there is no registry 'mirrow'"
printf 'to.stable = ["mirror"]\nregistries.mirror = "npm+http://registry.example/"\n' >relver.toml
run relver verify
refused 2 registry
err_has 'relver.toml:2:'
printf 'to.stable = ["crates-io-api"]\n' >relver.toml
run relver verify
refused 2 registry
export RELVER_NPM_REGISTRY=$at/npm

### waiting

try 'it is awaited'
npm_project
(sleep 1.5; npm_has demo-node 1.2.0) &
run relver verify --wait 20s
code 0
err_is 'relver: not all out yet: npm demo-node 1.2.0: is not on npm'
out_is 'ok npm demo-node 1.2.0 on npm: latest'
rm -r "$peer/npm"
npm_has demo-node 1.1.0
: >"$peer/log"
run relver verify --wait 2s
code 1
err_has 'error[absent]'
file_has "$peer/unchanged" '/npm/demo-node?write=true "'
npm_has demo-node 1.2.0 1.1.0 # out, but ..
run relver verify --wait 2s
code 1
err_has 'error[dist-tag]'
rm -r "$peer/npm"
run relver verify --wait 1s
code 1
fault 401
run timeout 2 relver verify --wait 60s -q
refused 4 auth
fault 500
run relver verify --wait 1s -q
refused 4 server

### silence is no answer

# unknown KIND FAULT: however all three are asked, nothing but that is known, in two seconds.
unknown()
{
    fault $2
    from=$(date +%s%N)
    run relver verify
    code 4
    same "$(echo "$out" | grep -c '^unknown')" 3 "$2: unknown"
    same "$(echo "$err" | grep -c "^relver: error.$1.:")" 3 "$2: $1"
    took=$((($(date +%s%N) - from) / 1000000))
    same "$((took < 2000))" 1 "$2: took $took ms"
}

try 'what goes wrong'
three
export RELVER_TIMEOUT=1
while read -r is fault; do
    unknown "$is" "$fault"
done <<'END'
auth 401
auth 403
protocol 404
protocol 410
limited 429
limited 429=1
limited 429=date+2
limited 429=999999
limited 429=date+9999
limited 429=-5
server 500
server 501
server 502
server 503=1
server 503=999999
protocol 302
protocol 301
protocol 204
protocol html
network reset
network cut=0
network cut=20
network cut
network cut=130
network drop
network drop=130
protocol open
protocol short=30
deadline silent
deadline hang
deadline hang=20
deadline slow
END
same "$(requests localhost)" 0 'redirects followed'
for fault in 401 404 429 500 html cut=130; do
    fault $fault
    run relver check free
    code 4
    same "$(echo "$err" | grep -c 'unknown: ')" 3
done
export RELVER_TIMEOUT=5
for faults in 1:429=1 1:429=date+1 '1:500 2:cut'; do # it is asked again, and when it wants that
    fault $faults
    run relver verify -p npm:demo-node
    ok
done

try 'an answer about something else'
npm_project
for text in '{}' '[]' '{"name":"demo-node"}' '{"name":"demo-nod","versions":{}}' '"demo-node"' \
    '{"name":"demo-node","versions":[]}' '{"name":"demo-node","versions":{}} x' ''; do
    printf %s "$text" | has npm/demo-node
    run relver verify
    refused 4 protocol
done
rm package.json
pypi_project
for text in '{}' '{"name":"demo-py"}' '{"name":"demo","files":[]}' \
    '{"name":"demo-py","files":{}}'; do
    echo "$text" | has pypi/simple/demo-py/index.json
    run relver verify
    refused 4 protocol
done

try 'more than an answer may be'
cargo_project
large() { run env RELVER_TIMEOUT=20 relver verify; refused 4 too-large; }
head -c 70000000 /dev/zero | has cargo/de/mo/demo_core
large
gzip "$peer/cargo/de/mo/demo_core"
mv "$peer/cargo/de/mo/demo_core.gz" "$peer/cargo/de/mo/demo_core"
large
cargo_has Demo_core 0.2.0
fault endless
large
fault heads=6000
large
fault heads=100
run relver verify
ok
fault
gzip "$peer/cargo/de/mo/demo_core"
mv "$peer/cargo/de/mo/demo_core.gz" "$peer/cargo/de/mo/demo_core"
run relver verify
ok
head -c 100 "$peer/cargo/de/mo/demo_core" >cut && has cargo/de/mo/demo_core <cut
run relver verify
code 4

# tls_peer OPTION..: npm's registry at $tls over TLS, with a certificate of its own for 127.0.0.1.
tls_peer()
{
    : >said
    openssl s_server -HTTP -accept 127.0.0.1:0 -key key -cert cert "$@" >said 2>&1 </dev/null &
    tls_pid=$!
    until tls=$(sed -n 's/^ACCEPT.*:/127.0.0.1:/p' said) && [ -n "$tls" ]; do
        kill -0 $tls_pid 2>/dev/null || return 1
        sleep 0.02
    done
}

try 'TLS'
npm_project
body='{"name":"demo-node","dist-tags":{"latest":"1.2.0"},"versions":{"1.2.0":{}}}'
mkdir npm && printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
    ${#body} "$body" >'npm/demo-node?write=true'
if openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key -out cert \
    -addext subjectAltName=IP:127.0.0.1 2>/dev/null && tls_peer; then
    run env RELVER_NPM_REGISTRY="https://$tls/npm" relver verify
    refused 4 tls
    run env SSL_CERT_FILE=cert RELVER_NPM_REGISTRY="https://localhost:${tls#*:}/npm" relver verify
    refused 4 tls
    run env SSL_CERT_FILE=cert RELVER_NPM_REGISTRY="https://$tls/npm" relver verify
    ok
    kill $tls_pid
    if tls_peer -tls1_1 -cipher DEFAULT:@SECLEVEL=0; then
        run env SSL_CERT_FILE=cert RELVER_NPM_REGISTRY="https://$tls/npm" relver verify
        refused 4 tls
        kill $tls_pid
    fi
else
    skip 'no openssl'
fi

try 'nobody there, and no library'
npm_project
run env RELVER_NPM_REGISTRY=http://127.0.0.1:1 relver verify
refused 4 network
run env http_proxy=http://127.0.0.1:1 relver verify
refused 1 absent
for words in status check 'bump patch -n'; do
    run env LD_DEBUG=files relver $words
    err_lacks libcurl
done

try 'a signal ends it'
npm_project
fault silent
from=$(date +%s)
run timeout -s INT 0.3 relver verify --wait 1m
code 124
same "$(($(date +%s) - from < 2))" 1 'in time'

try 'a token is seen by nobody'
npm_project
npm_has demo-node 1.2.0
if strace -o trace true 2>/dev/null; then
    hex=$(printf %s "$token" | od -An -tx1 | tr -d '\n')
    for fault in '' 401 403 429 500 302 html cut reset; do
        fault $fault
        run strace -f -s 100000 -o trace -e trace=write,writev,execve,openat relver verify -v --json
        for text in "$token" "$(printf %s "$token" | base64 -w 0)" "$(echo $hex | tr -d ' ')"; do
            same "$(grep -Fc -e "$text" trace)" 0 "$fault: the token in a call"
            out_lacks "$text"
            err_lacks "$text"
        done
    done
else
    skip 'no strace'
fi

finish
