# Credentials for reading: whose settings count, in which order, and to whom a token never goes.
. "$(dirname "$0")/../peer/lib.sh"

if ! echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    try 'credentials'
    skip 'no headers of libcurl'
    finish
fi

start_peer registry
host=127.0.0.1:$peer_port
at=http://$host
export RELVER_TIMEOUT=2 # of more addresses for the same server: localhost is another origin
unset RELVER_NPM_REGISTRY

# sends TEXT [COMMAND..]: the last request came with this; '': none did.
sends()
{
    want=$1
    shift
    rm -f "$peer/tokens"
    run "${@:-relver}" verify
    code 0
    same "$(sed -n '$s/^[^ ]* //p' "$peer/tokens" 2>/dev/null)" "$want"
}
basic() { echo "Basic $(printf %s "$1" | base64 -w 0)"; }
# has PATH <TEXT: the registries have this.
has() { mkdir -p "$peer/${1%/*}" && cat >"$peer/$1"; }

### npm

npm_project() # [NAME]
{
    rm -rf "$HOME/.npmrc" "$peer/npm" && fault
    echo "{\"name\": \"${1-demo}\", \"version\": \"1.2.0\"}" >package.json
    file=$(echo "${1-demo}" | sed 's|/|%2f|')
    has "npm/$file" <<JSON
{"name":"${1-demo}","dist-tags":{"latest":"1.2.0"},"versions":{"1.2.0":{}}}
JSON
    mkdir -p "$peer/npm/team" && cp "$peer/npm/$file" "$peer/npm/team/$file"
}
try 'npm: where a package goes'
npm_project
echo "registry=$at/npm/" >"$HOME/.npmrc"
sends ''
echo 'registry=http://127.0.0.1:1/' >"$HOME/.npmrc"
echo "registry = \"$at/npm\" ; of the team" >.npmrc # the project's counts before the user's
sends ''
run env npm_config_registry=http://127.0.0.1:1/ relver verify
refused 4 network
run env NPM_CONFIG_REGISTRY=http://127.0.0.1:1/ relver verify
refused 4 network
rm .npmrc
sends '' env npm_config_userconfig=none npm_config_registry="$at/npm/" relver
sends '' env RELVER_NPM_REGISTRY="$at/npm" relver # which counts before all
echo 'registry=https://${NOBODY}/' >"$HOME/.npmrc"
run relver verify
refused 2 registry
npm_project
echo '{"name": "demo", "version": "1.2.0", "publishConfig": {"registry": "http://127.0.0.1:1"}}' \
    >package.json # no flag of npm's may send elsewhere what is to go there
run relver verify
refused 4 network
sends '' env RELVER_NPM_REGISTRY="$at/npm" relver
npm_project @demo/node
printf '%s\n' "@demo:registry=$at/npm/" 'registry=http://127.0.0.1:1/' >"$HOME/.npmrc"
sends ''
printf '[registries]\nnpm = "npm+%s/npm/team"\n' "$at" >relver.toml
: >"$peer/log"
sends ''
file_has "$peer/log" /npm/team/
rm relver.toml

try 'npm: the token of an address'
npm_project
echo "registry=$at/npm/team/" >"$HOME/.npmrc"
for key in "//$host/npm/team/" "//$host/npm/team" "//$host/npm/" "//$host/npm" "//$host/" "//$host"
do
    printf '%s\n' "registry=$at/npm/team/" "$key:_authToken=secret-1" >"$HOME/.npmrc"
    sends 'Bearer secret-1'
    printf '%s\n' "registry=$at/npm/team/" "//$host:_authToken=less" "$key:_authToken=more" \
        >"$HOME/.npmrc"
    sends 'Bearer more'
done
npmrc() { printf '%s\n' "registry=$at/npm/team/" "$@" >"$HOME/.npmrc"; }
npmrc "//$host/npm/:_auth = $(printf me:word | base64)" "//$host/:_authToken=less"
sends "$(basic me:word)"
for word in w wo wor word 'w:#/+=%'; do
    npmrc "//$host/:username=me" "//$host/:_password=\"$(printf %s "$word" | base64)\""
    sends "$(basic "me:$word")"
done
npmrc "//$host/:_password=d29yZA==" "//$host/:_auth="
sends ''
npmrc '_authToken=plain' "//$host:1/:_authToken=a" "//localhost:$peer_port/:_authToken=b" \
    "//$host/npm/team/x:_authToken=c" "//$host/np:_authToken=d" "[other]" "//$host/:_authToken=e"
sends ''
npmrc
sends 'Bearer e/1' env "npm_config_//$host/:_authToken=e/1" relver
sends '' env NODE_AUTH_TOKEN=mine relver # it is for the usual registry
sends 'Bearer mine' env RELVER_NPM_REGISTRY="$at/npm" NODE_AUTH_TOKEN=mine relver
mkdir elsewhere && mv "$HOME/.npmrc" elsewhere/rc
echo "//$host/:_authToken=linked" >>elsewhere/rc && ln -s "$dir/elsewhere/rc" "$HOME/.npmrc"
sends 'Bearer linked'

try 'npm: variables'
npm_project
export SECRET=secret-2
row() { npmrc "//$host/:_authToken=$1" && sends "$2"; }
row '${SECRET}' 'Bearer secret-2'
row 'a-${SECRET}-${SECRET}.b' 'Bearer a-secret-2-secret-2.b'
row '${SECRET?}' 'Bearer secret-2'
row '${NOBODY?}a' 'Bearer a'
row '${NOBODY}' ''
row '${NOBODY?}' ''
row '${SECRET' ''
row '${}$SECRET$' ''
row '$SECRET\' 'Bearer $SECRET\'

try 'npm: what a repository says'
npm_project
printf '%s\n' "registry=$at/npm/team/" "//$host/:_authToken=theirs" >.npmrc
sends 'Bearer theirs' # its own token, to its own address
printf '%s\n' "registry=$at/npm/team/" "//$host/:_authToken=\${SECRET}" >.npmrc
sends '' # .. but nobody else's
sends '' env NODE_AUTH_TOKEN=mine relver
echo "//$host/:_authToken=\${SECRET}" >.npmrc
sends 'Bearer secret-2' env npm_config_registry="$at/npm/" relver
sends 'Bearer secret-2' env RELVER_NPM_REGISTRY="$at/npm/" relver
echo "registries.npm = \"npm+$at/npm/team/\"" >relver.toml
sends ''
echo "//$host/:_authToken=mine" >"$HOME/.npmrc"
sends '' # the project's counts before
rm .npmrc
sends 'Bearer mine'
rm relver.toml
mkdir node && mv package.json node/
echo '{"private": true, "workspaces": ["node"]}' >package.json
printf '%s\n' "registry=$at/npm/team/" >node/.npmrc
echo 'registry=http://127.0.0.1:1' >.npmrc
sends 'Bearer mine'

try 'npm: files that cannot be read'
npm_project
printf 'registry=%s/npm/\n=x\n' "$at" >"$HOME/.npmrc"
run relver verify
refused 2 credentials
err_has "$HOME/.npmrc:2:1: "
printf '\n[open\n' >"$HOME/.npmrc"
run relver verify
refused 2 credentials
err_has "$HOME/.npmrc:2:1: "
rm "$HOME/.npmrc" && mkdir "$HOME/.npmrc"
run relver verify
code 2
err_has "$HOME/.npmrc"
rmdir "$HOME/.npmrc"
run env NODE_AUTH_TOKEN="a
b" RELVER_NPM_REGISTRY="$at/npm" relver verify
refused 4 auth
err_has 'NODE_AUTH_TOKEN has a byte that no token has'

### cargo

cargo_project() # [LINE]
{
    rm -rf "$HOME/.cargo" "$peer/cargo" .cargo && fault
    printf '[package]\nname = "demo"\nversion = "0.2.0"\n%s\n' "${1-}" >Cargo.toml
    echo '{"name":"demo","vers":"0.2.0","deps":[],"features":{},"cksum":"1","yanked":false}' |
        has cargo/de/mo/demo
    mkdir -p "$peer/our" && cp -R "$peer/cargo/de" "$peer/our/"
    echo '{"dl":"x","auth-required":true}' | has our/config.json
}
try 'cargo: the token of a registry'
cargo_project
echo "to.stable = ['our-own']
registries.our-own = 'cargo+sparse+$at/our/'" >relver.toml
export CARGO_REGISTRIES_OUR_OWN_TOKEN='Bearer secret-3'
sends '' # only the repository names that address
sends 'Bearer secret-3' env CARGO_REGISTRIES_OUR_OWN_INDEX="sparse+$at/our/" relver
run env CARGO_REGISTRIES_OUR_OWN_INDEX=sparse+http://127.0.0.1:1/our/ relver verify
refused 2 credentials
err_has "CARGO_REGISTRIES_OUR_OWN_INDEX: 'our-own' is another address here than in the repository"
mkdir "$HOME/.cargo"
echo "registries.our-own.index = 'sparse+$at/other/'" >"$HOME/.cargo/config.toml"
sends 'Bearer secret-3'
unset CARGO_REGISTRIES_OUR_OWN_TOKEN
sends ''
printf '[registry]\ntoken = "less"\n[registries.our-own]\ntoken = "secret-4"\n' \
    >"$HOME/.cargo/credentials.toml"
sends secret-4
echo '{"dl":"x"}' | has our/config.json
: >"$peer/log"
sends '' # nobody asks for it
same "$(cat "$peer/log")" 'GET /our/config.json 0
GET /our/de/mo/demo 0'
fault 1:401@config.json
sends secret-4
mv "$HOME/.cargo" cargo-home
sends ''
fault 1:401@config.json
sends secret-4 env CARGO_HOME="$dir/cargo-home" relver
rm relver.toml
RELVER_CRATES_IO_INDEX=$at/cargo
fault 1:401@config.json
sends less env CARGO_HOME="$dir/cargo-home" relver
fault 1:401@config.json
sends more env CARGO_REGISTRY_TOKEN=more CARGO_HOME="$dir/cargo-home" relver
RELVER_CRATES_IO_INDEX=http://127.0.0.1:1

try 'cargo: package.publish says where'
cargo_project 'publish = ["our-own", "crates-io"]'
run relver verify
refused 2 registry
err_has "there is no registry 'our-own'"
mkdir .cargo
printf '[registries.our-own]\nindex = "sparse+%s/cargo/"\n' "$at" >.cargo/config.toml
: >"$peer/cargo/private"
echo secret-5 >"$peer/cargo/token"
run env CARGO_REGISTRIES_OUR_OWN_TOKEN=secret-5 relver verify
refused 4 auth
rm "$peer/cargo/private"
sends '' env CARGO_REGISTRIES_OUR_OWN_TOKEN=secret-5 relver
out_is 'ok cargo demo 0.2.0 on our-own'
rm -r .cargo
export CARGO_REGISTRIES_OUR_OWN_INDEX="sparse+$at/cargo/"
: >"$peer/cargo/private"
sends secret-5 env CARGO_REGISTRIES_OUR_OWN_TOKEN=secret-5 relver
run env CARGO_REGISTRIES_OUR_OWN_INDEX=https://registry.example/index.git relver verify
refused 2 credentials
err_has 'CARGO_REGISTRIES_OUR_OWN_INDEX: '
unset CARGO_REGISTRIES_OUR_OWN_INDEX
mkdir "$HOME/.cargo" && printf '[registries\n' >"$HOME/.cargo/config.toml"
run relver verify
refused 2 credentials
err_has "$HOME/.cargo/config.toml:1:"
for none in false '[]'; do
    cargo_project "publish = $none"
    run relver verify
    code 0
    err_is 'relver: no package here is published anywhere'
done
cargo_project 'publish = ["crates-io"]'
RELVER_CRATES_IO_INDEX=$at/cargo run relver verify
ok
for spelt in 'publish.workspace = true' 'publish = { workspace = true }'; do
    cargo_project "$spelt
[workspace]
package.publish = false"
    run relver verify
    err_is 'relver: no package here is published anywhere'
    sed -i 's/= false/= ["our-own"]/' Cargo.toml
    CARGO_REGISTRIES_OUR_OWN_INDEX=sparse+$at/cargo/ run relver verify
    ok
    out_is 'ok cargo demo 0.2.0 on our-own'
done
rm Cargo.toml
printf '[project]\nname = "demo"\nversion = "0.2.0"\nclassifiers = ["Private :: Do Not Upload"]\n' \
    >pyproject.toml
run relver verify
err_is 'relver: no package here is published anywhere'
rm pyproject.toml

try 'many packages'
cargo_project
rm Cargo.toml
mkdir -p "$HOME/.cargo" && echo 'registry.token = "many"' >"$HOME/.cargo/credentials.toml"
: >"$peer/cargo/private"
echo many >"$peer/cargo/token"
for i in $(seq 10 60); do
    mkdir -p $i/node
    printf '[package]\nname = "demo%s"\nversion = "0.2.0"\n' $i >$i/Cargo.toml
    echo "{\"name\": \"n$i\", \"version\": \"0.2.0\"}" >$i/node/package.json
    echo "//$host:_authToken=$i" >$i/node/.npmrc
    echo "{\"name\":\"demo$i\",\"vers\":\"0.2.0\",\"cksum\":\"1\",\"yanked\":false}" |
        has "cargo/de/mo/demo$i"
    echo "{\"name\":\"n$i\",\"dist-tags\":{\"latest\":\"0.2.0\"},\"versions\":{\"0.2.0\":{}}}" |
        has "npm/n$i"
done
printf '[workspace]\nmembers = ["*"]\nexclude = ["src"]\n' >Cargo.toml
echo '{"private": true, "workspaces": ["*/node"]}' >package.json
echo "registry=$at/npm" >"$HOME/.npmrc"
rm -f "$peer/tokens"
RELVER_CRATES_IO_INDEX=$at/cargo run sh -c 'ulimit -n 40 && relver verify -q'
ok
same "$(grep -c '/cargo/de.* many$' "$peer/tokens")" 51
same "$(sed -n "s|^/npm/n\(..\)?write=true Bearer \1\$|\1|p" "$peer/tokens" | sort -u | wc -l)" 51
rm -r "$peer/cargo/private" "$HOME/.cargo"

### PyPI

pypi_project()
{
    rm -rf "$HOME/.pypirc"
    printf '[project]\nname = "demo"\nversion = "0.2.0"\n' >pyproject.toml
    echo '{"meta":{},"name":"demo","files":[{"filename":"demo-0.2.0.tar.gz"}]}' |
        has pypi/team/simple/demo/index.json
    echo "to.stable = ['team']
registries.team = 'pypi+$at/pypi/team'" >relver.toml
}
try 'PyPI: the account of an index'
pypi_project
sends ''
sends '' env TWINE_USERNAME=me TWINE_PASSWORD=secret-6 relver # whose it is, is not known
export TWINE_REPOSITORY_URL="$at/pypi/team/"
sends "$(basic me:secret-6)" env TWINE_USERNAME=me TWINE_PASSWORD=secret-6 relver
sends "$(basic __token__:secret-6)" env TWINE_PASSWORD=secret-6 relver
export TWINE_REPOSITORY_URL=https://registry.example/
sends '' env TWINE_USERNAME=me TWINE_PASSWORD=secret-6 relver
unset TWINE_REPOSITORY_URL
sends "$(basic __token__:secret-7)" env UV_PUBLISH_TOKEN=secret-7 UV_PUBLISH_URL="$at/x" relver
sends "$(basic me:secret-7)" env UV_PUBLISH_USERNAME=me UV_PUBLISH_PASSWORD=secret-7 \
    UV_PUBLISH_URL="$at/x" relver
cat >"$HOME/.pypirc" <<INI
[distutils]
index-servers =
    pypi
    team
[pypi]
username = __token__
password = less
[first]
repository: $at/pypi/first
username: you
password: a:b#c
[team]
repository = $at/pypi/team/
username = me
password = secret-8;%x
[last]
repository = http://localhost:$peer_port/
username = you
password = less
INI
sends "$(basic 'me:secret-8;%x')"
sed -i 's/^\[team/[other/' "$HOME/.pypirc"
sends "$(basic 'you:a:b#c')"
sed -i '/^\[first/,/^password/d' "$HOME/.pypirc"
sends "$(basic 'me:secret-8;%x')"
sed -i '/^\[other/,/^password/d' "$HOME/.pypirc"
sends ''
chmod 0 "$HOME/.pypirc"
if ! cat "$HOME/.pypirc" >said 2>&1; then
    run relver verify
    code 8
    err_has "$HOME/.pypirc"
fi
chmod 600 "$HOME/.pypirc"
echo 'repository' >"$HOME/.pypirc"
sends ''

try 'all three in one server, as Artifactory has them'
rm -f "$HOME/.pypirc" "$HOME/.npmrc"
printf '[package]\nname = "democore"\nversion = "0.2.0"\n' >Cargo.toml
echo '{"name": "demo-node", "version": "0.2.0"}' >package.json
printf '[project]\nname = "demo-py"\nversion = "0.2.0"\n' >pyproject.toml
echo "to.stable = ['art-cargo', 'art-npm', 'art-pypi']
[registries]
art-cargo = 'cargo+sparse+$at/api/cargo/nemo/index/'
art-npm = 'npm+$at/api/npm/nemo/'
art-pypi = 'pypi+$at/api/pypi/nemo'" >relver.toml
echo '{"name":"democore","vers":"0.2.0","deps":[],"features":{},"cksum":"1","yanked":false}' |
    has api/cargo/nemo/index/de/mo/democore
echo '{"dl":"x","auth-required":true}' | has api/cargo/nemo/index/config.json
echo '{"name":"demo-node","dist-tags":{"latest":"0.2.0"},"versions":{"0.2.0":{}}}' |
    has api/npm/nemo/demo-node
echo '<html><a href="../../demo-py/0.2.0/demo_py-0.2.0.tar.gz#sha256=1">x</a></html>' |
    has api/pypi/nemo/simple/demo-py/index.json
echo "//$host/api/npm/nemo/:_auth=$(printf me:key | base64)" >"$HOME/.npmrc"
rm -f "$peer/tokens"
run env CARGO_REGISTRIES_ART_CARGO_TOKEN='Bearer key' TWINE_USERNAME=me TWINE_PASSWORD=key \
    CARGO_REGISTRIES_ART_CARGO_INDEX="sparse+$at/api/cargo/nemo/index/" \
    TWINE_REPOSITORY_URL="$at/api/pypi/nemo" relver verify
ok
out_is 'ok cargo democore 0.2.0 on art-cargo
ok npm demo-node 0.2.0 on art-npm: latest
ok pypi demo-py 0.2.0 on art-pypi: 1 file'
same "$(sort "$peer/tokens")" "/api/cargo/nemo/index/de/mo/democore Bearer key
/api/npm/nemo/demo-node?write=true $(basic me:key)
/api/pypi/nemo/simple/demo-py/ $(basic me:key)"

finish
