# publish: cargo, npm and twine upload a workspace to registries of this machine, and get it back
. "$(dirname "$0")/lib.sh"
. "$top/tests/peer/lib.sh"
trap 'stop; leave_peer' EXIT
tool cargo 1.78.0 && tool npm 9.0.0 && need verdaccio && need pypi || finish
echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1 ||
    { try 'the registries'; skip 'no headers of libcurl'; finish; }

start_peer registry
export CARGO_HOME="$cases/cargo" CARGO_TARGET_DIR="$cases/target" CARGO_TERM_COLOR=never
export CARGO_REGISTRIES_LOCAL_TOKEN='secret of alice'
at=sparse+http://127.0.0.1:$peer_port/cargo/

try 'the registries'
serve_npm
serve_pypi
unset npm_config_registry TWINE_REPOSITORY_URL TWINE_NON_INTERACTIVE # relver tells them
export RELVER_NPM_REGISTRY=$npm_url RELVER_PYPI_URL=$pypi_url RELVER_PYPI_UPLOAD_URL=$pypi_url/

# wheel PLATFORM: what pip takes for one of nemo-flow.
wheel()
{
    python3 - "$1" <<'END'
import sys, zipfile
name = "nemo_flow-0.1.0"
with zipfile.ZipFile(f"out/{name}-py3-none-{sys.argv[1]}.whl", "w") as out:
    def add(file, text):
        out.writestr(zipfile.ZipInfo(file), text)
    add("nemo_flow/__init__.py", "version = '0.1.0'\n")
    add(f"{name}.dist-info/METADATA", "Metadata-Version: 2.1\nName: nemo-flow\nVersion: 0.1.0\n")
    add(f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\n"
        f"Root-Is-Purelib: true\nTag: py3-none-{sys.argv[1]}\n")
    add(f"{name}.dist-info/RECORD", "")
END
}

# Its crates stand on their own here, and on each other at this registry.
try 'a workspace'
cp -R "$top/examples/one-version/." . || exit 2
sed -i '/^tinylog/d' Cargo.toml crates/core/Cargo.toml
rm Cargo.lock
sed -i 's/^\(nemo-flow.*{.*\) }/\1, registry = "local" }/; s/^default-features = false/&\
registry = "local"/' Cargo.toml
sed -i 's/^art-cargo.*/local = "cargo+'"$(echo "$at" | sed 's|/|\\/|g')"'"/' relver.toml
for file in crates/*/src/*.rs; do echo 'fn main() {}' >"$file"; done
mkdir -p .cargo out wasm
printf '[registries.local]\nindex = "%s"\n' "$at" >.cargo/config.toml
echo '{"name": "nemo-flow-wasm", "version": "0.1.0"}' >wasm/package.json
echo out >>.gitignore
cargo generate-lockfile -q
git init -q . && git add -A && git commit -q -m start || exit 2
for package in wasm crates/node integrations/openclaw; do
    npm pack "./$package" --pack-destination out >/dev/null 2>&1 || fail "npm pack $package"
done
wheel manylinux_2_17_x86_64
wheel macosx_11_0_arm64
publish='relver publish -y --from out --to local --to npm --to pypi'
run $publish -n
code 0
err_has 'publish = "tag"'
same "$(grep -c '^upload' "$cases/out")" 8

# Killed later each time, with what it started, until there is nothing left to kill.
for tenths in 3 5 7 9 11 13 15 20 25 30 40 50 60; do
    $publish >"$cases/out" 2>&1 </dev/null &
    pid=$!
    sleep "$((tenths / 10)).$((tenths % 10))"
    kill -9 $pid 2>/dev/null || break
    wait $pid 2>/dev/null
done
run $publish
code 0
run $publish
ok
same "$(grep -c 'already there' "$cases/out")" 8
same "$(sort "$peer/writes" | tr '\n' ',')" 'publish cargo nemo-flow 0.1.0,publish cargo '\
'nemo-flow-adaptive 0.1.0,publish cargo nemo-flow-cli 0.1.0,publish cargo nemo-flow-ffi 0.1.0,'
same "$(ls "$cases/index" | wc -l)" 2
run env RELVER_CRATES_IO_INDEX="${at#sparse+}" relver verify --from out
code 0

try 'it can be had'
run npm install --registry "$npm_url" nemo-flow-openclaw nemo-flow-wasm
code 0
same "$(ls node_modules | tr '\n' ' ')" 'nemo-flow-node nemo-flow-openclaw nemo-flow-wasm '
run python3 -m pip download --no-deps -d . --platform manylinux_2_17_x86_64 \
    --only-binary :all: nemo-flow==0.1.0
code 0
mkdir -p .cargo src && : >src/lib.rs
printf '[registries.local]\nindex = "%s"\n' "$at" >.cargo/config.toml
printf '[package]\nname = "user"\nversion = "0.1.0"\nedition = "2021"\n' >Cargo.toml
run cargo add --registry local nemo-flow-cli@0.1.0
code 0
run cargo fetch
code 0
file_has Cargo.lock 'name = "nemo-flow-adaptive"'

try 'dist-tags'
for version in 1.2.0 1.3.0-rc.1 1.1.5; do
    echo "{\"name\": \"@demo/tags\", \"version\": \"$version\",
        \"publishConfig\": {\"access\": \"public\"}}" >package.json
    run relver publish -y
    code 0
    run relver verify
    ok
done
run npm view --registry "$npm_url" @demo/tags dist-tags --json
same "$(echo $out)" '{ "latest": "1.2.0", "next": "1.3.0-rc.1", "release-1.1": "1.1.5" }'

finish
