# registry-cargo: cargo takes tests/peer/registry for a registry: it publishes, yanks and downloads;
# and verify and check free say what cargo did
. "$(dirname "$0")/lib.sh"
. "$top/tests/peer/lib.sh"
tool cargo 1.78.0 && tool python3 || finish
echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1 ||
    { try 'a registry'; skip 'no headers of libcurl'; finish; }

start_peer registry
at=http://127.0.0.1:$peer_port/cargo
export CARGO_HOME="$cases/cargo" CARGO_TARGET_DIR="$cases/target" CARGO_TERM_COLOR=never
export CARGO_REGISTRIES_LOCAL_INDEX="sparse+$at/" CARGO_REGISTRIES_LOCAL_TOKEN='secret of alice'

# crate NAME VERSION [DEPENDENCY]: the sources of one, under git as cargo wants it.
crate()
{
    cd "$dir" && mkdir -p "$1/src" && cd "$1" || exit 2
    printf '[package]\nname = "%s"\nversion = "%s"\nedition = "2021"\ndescription = "a test"\n' \
        "$1" "$2" >Cargo.toml
    printf 'license = "Unlicense"\npublish = ["local"]\n[dependencies]\n%s\n' "${3-}" >>Cargo.toml
    echo "pub fn name() -> &'static str { \"$1 $2\" }" >src/lib.rs
    git init -q . && git add -A && git commit -q -m start || exit 2
}
writes() { cat "$peer/writes"; }

try 'published'
crate demo-core 0.1.0
run relver verify
refused 1 absent
run relver check free
ok
run cargo publish --registry local
code 0
err_has 'Published demo-core v0.1.0 at registry `local`'
same "$(writes)" 'publish cargo demo-core 0.1.0'
run relver verify
ok
out_is 'ok cargo demo-core 0.1.0 on local'
file=$peer/cargo/dl/demo-core/0.1.0/download
run relver verify --json
out_has "\"digest\": \"sha256:$(sha256sum <"$file" | cut -d ' ' -f 1)\""
run relver check free
refused 6 free

try 'once'
crate demo-core 0.1.0
run cargo publish --registry local
code 101
err_has 'already exists on `local` index'
same "$(writes | wc -l)" 1
# It asks before it uploads; who does not is refused as well.
cp "$peer/cargo/de/mo/demo-core" before
sum=$(cksum <"$file")
run python3 -c '
import http.client, sys
text = b"{\"name\":\"demo-core\",\"vers\":\"0.1.0+1\"}"
ask = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
ask.request("PUT", "/cargo/api/v1/crates/new", headers={"Authorization": "x"},
            body=len(text).to_bytes(4, "little") + text + b"\3\0\0\0abc")
answer = ask.getresponse()
print(answer.status, answer.read().decode())' "$peer_port"
out_is '400 {"errors":[{"detail":"crate version is already uploaded: 0.1.0+1"}]}'
same_file "$peer/cargo/de/mo/demo-core" before
same "$(cksum <"$file")" "$sum"

try 'one that depends on it, by another name'
crate demo-cli 0.2.0-rc.1 'base = { package = "demo-core", version = "0.1", registry = "local" }'
run cargo publish --registry local
code 0
same "$(writes | tail -n 1)" 'publish cargo demo-cli 0.2.0-rc.1'
run relver verify
ok
crate demo-user 0.1.0 'demo-cli = { version = "0.2.0-rc.1", registry = "local" }'
run cargo fetch
code 0
run cargo tree --prefix none
code 0
out_has 'demo-cli v0.2.0-rc.1 (registry `local`)
demo-core v0.1.0 (registry `local`)'

try 'yanked, and not'
crate demo-core 0.1.1
run cargo publish --registry local
code 0
run cargo yank --registry local --version 0.1.1 demo-core
code 0
run relver verify
refused 1 withdrawn
run relver verify 0.1.0
ok
run relver check free
refused 6 free
crate demo-user 0.1.0 'demo-core = { version = "0.1", registry = "local" }'
run cargo tree --prefix none
out_has 'demo-core v0.1.0 '
rm Cargo.lock
cd ../demo-core
run cargo yank --registry local --version 0.1.1 demo-core --undo
code 0
run relver verify
ok
cd ../demo-user
run cargo tree --prefix none
out_has 'demo-core v0.1.1 '
same "$(writes | tail -n 2)" 'yank cargo demo-core 0.1.1
unyank cargo demo-core 0.1.1'
run cargo yank --registry local --version 0.9.0 demo-core
code 101
err_has 'no such crate version: 0.9.0'

try 'relver yank'
crate demo-core 0.1.1
writes >before
run relver yank 0.1.1 -y
ok
out_has 'withdraw cargo demo-core 0.1.1 on local'
out_has 'next: relver bump 0.1.2'
run relver yank 0.1.1
ok
run relver yank 0.1.1 -y --undo
ok
writes | diff before - >said
same "$(sed -n 's/^> //p' said)" 'yank cargo demo-core 0.1.1
unyank cargo demo-core 0.1.1'
CARGO_REGISTRIES_LOCAL_TOKEN='' run relver yank 0.1.1 -y
code 1
err_has 'error[tool]: cargo said exit code 101, and it is not so'
run relver verify
ok

try 'who may'
crate demo-core 0.1.2
echo 'secret of bob' >"$peer/cargo/token"
run cargo publish --registry local
code 101
err_has 'this token may not do it'
run relver yank 0.1.0 -y
code 4
err_has 'error[auth]: local takes no such token for it'
err_has "next: CARGO_REGISTRIES_LOCAL_INDEX=sparse+$at/ cargo yank --version 0.1.0 demo-core"
same "$(writes | grep -c 0.1.2)" 0
CARGO_REGISTRIES_LOCAL_TOKEN='secret of bob' run cargo publish --registry local
code 0
: >"$peer/cargo/private" # readers need one as well
export CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS=cargo:token
run cargo yank --registry local --version 0.1.2 demo-core
code 101
CARGO_REGISTRIES_LOCAL_TOKEN='secret of bob' run cargo yank --registry local --version 0.1.2 \
    demo-core
code 0
run relver verify 0.1.0
refused 4 auth
export CARGO_REGISTRIES_LOCAL_TOKEN='secret of bob'
run relver verify 0.1.0
ok
run relver yank 0.1.2 -y --undo
ok
run relver yank 0.1.2 -y
ok
rm "$peer/cargo/private"
run relver verify
refused 1 withdrawn

finish
