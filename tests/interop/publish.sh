# publish: cargo, npm and twine upload examples/one-version to registries of this machine, while
# relver is killed at each of their calls, and get it back; then a line of releases, and yank
. "$(dirname "$0")/lib.sh"
. "$top/tests/peer/lib.sh"
trap 'stop; leave_peer' EXIT
tool cargo 1.78.0 && tool npm 9.0.0 && need verdaccio && need pypi || finish
echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1 ||
    { try 'the registries'; skip 'no headers of libcurl'; finish; }

start_peer registry
at=sparse+http://127.0.0.1:$peer_port/cargo/
export CARGO_HOME="$cases/cargo" CARGO_TARGET_DIR="$cases/target" CARGO_TERM_COLOR=never
export CARGO_REGISTRIES_LOCAL_TOKEN='secret of alice'

try 'the registries'
serve_npm
serve_pypi
unset npm_config_registry TWINE_REPOSITORY_URL TWINE_NON_INTERACTIVE # relver tells them
export RELVER_NPM_REGISTRY=$npm_url RELVER_PYPI_URL=$pypi_url RELVER_PYPI_UPLOAD_URL=$pypi_url/
export RELVER_TIMEOUT=60

# What stands before each tool: it kills relver as $cases/kill says, once: before, amid or after.
mkdir "$cases/tools"
for tool in cargo npm twine; do
    cat >"$cases/tools/$tool" <<END
#!/bin/sh
read -r word 2>/dev/null <"$cases/kill"
: >"$cases/kill"
case \$word in before | amid) kill -9 \$PPID; echo "\$word $tool" >>"$cases/killed" ;; esac
[ "\$word" != before ] || exit 1
"$(command -v $tool)" "\$@" || exit
echo "$tool" >>"$cases/ended"
[ "\$word" != after ] || { kill -9 \$PPID; echo "after $tool" >>"$cases/killed"; }
END
    chmod +x "$cases/tools/$tool"
done
: >"$cases/killed"

# It depends on itself at this registry, and on what it vendors, which is there before.
try 'the example'
cp -R "$top/examples/one-version/." . || exit 2
sed -i 's/^\(nemo-flow.*{.*\|tinylog.*{.*\) }/\1, registry = "local" }/
    s/^default-features = false/&\
registry = "local"/' Cargo.toml
sed -i "s|^publish = .*|publish = \"here\"\\
to.stable = [\"local\", \"npm\", \"pypi\"]\\
to.prerelease = [\"local\", \"npm\", \"pypi\"]|; s|^art-cargo.*|local = \"cargo+$at\"|" relver.toml
mkdir .cargo
printf '[registries.local]\nindex = "%s"\n' "$at" >.cargo/config.toml
printf 'dist/\npkg/\n' >>.gitignore
run cargo publish -q --registry local --manifest-path third_party/tinylog/Cargo.toml --allow-dirty
code 0
run cargo generate-lockfile
code 0
git init -q -b main . && git add -A && git commit -q -m start || exit 2
example=$dir

# wheel VERSION PLATFORM: what maturin would make of it, as far as pip asks.
wheel()
{
    python3 - "$@" <<'END'
import sys, zipfile
version, platform = sys.argv[1:]
name = f"nemo_flow-{version}"
info = f"{name}.dist-info"
with zipfile.ZipFile(f"dist/{name}-py3-none-{platform}.whl", "w") as out:
    out.write("python/nemo_flow/__init__.py", "nemo_flow/__init__.py")
    out.writestr(f"{info}/METADATA",
                 f"Metadata-Version: 2.1\nName: nemo-flow\nVersion: {version}\n")
    out.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
                 f"Tag: py3-none-{platform}\n")
    out.writestr(f"{info}/RECORD", "")
END
}

# made VERSION PYTHON'S: bumped to it, committed, and what other tools build is there.
made()
{
    cd "$example" || exit 2
    run relver bump "$1"
    code 0
    git commit -q --allow-empty -am "$1"
    rm -rf dist crates/wasm/pkg && mkdir -p dist crates/wasm/pkg
    echo "{\"name\": \"nemo-flow-wasm\", \"version\": \"$1\"}" >crates/wasm/pkg/package.json
    wheel "$2" manylinux_2_17_x86_64
    wheel "$2" macosx_11_0_arm64
    same "$(git status --porcelain)" '' 'not clean'
}
publish() { run env PATH="$cases/tools:$PATH" relver publish -y; }

# What the registries took, by their own word.
uploads()
{
    sed -n 's/^publish //p' "$peer/writes"
    sed -n "s|^http <-- 201, .* req: 'PUT /\(nemo[a-z-]*\)'.*|npm \1|p" "$cases/npm.log"
    sed -n "s/.* stored '\(.*\)'.*/pypi \1/p" "$cases/server.pypi-server"
}

try 'killed at every call, and run again'
made 0.1.0 0.1.0
run relver publish -n
ok
same "$(grep -c '^upload' "$cases/out")" 8
same "$(uploads)" 'cargo tinylog 0.1.0'
kills=0
while [ $kills -lt 50 ]; do
    for word in before amid after; do
        echo $word >"$cases/kill"
        publish
        [ "$code" = 137 ] || break 2
        kills=$((kills + 1))
    done
done
code 0
for tool in cargo npm twine; do
    for word in before amid after; do file_has "$cases/killed" "$word $tool"; done
done
if [ $kills -ge 16 ]; then pass; else fail "killed only $kills times"; fi
same "$(uploads | sort)" "$(sort <<'END'
cargo tinylog 0.1.0
cargo nemo-flow 0.1.0
cargo nemo-flow-adaptive 0.1.0
cargo nemo-flow-cli 0.1.0
cargo nemo-flow-ffi 0.1.0
npm nemo-flow-node
npm nemo-flow-openclaw
npm nemo-flow-wasm
pypi nemo_flow-0.1.0-py3-none-macosx_11_0_arm64.whl
pypi nemo_flow-0.1.0-py3-none-manylinux_2_17_x86_64.whl
END
)" 'uploads'
uploads >"$cases/first"
: >"$cases/kill"
publish
ok
same "$(grep -c '^already there' "$cases/out")" 8
run relver verify
ok

# had VERSION: what their own clients get by asking for nothing but the name.
had()
{
    try "$1 can be had"
    run npm install --registry "$npm_url" nemo-flow-openclaw nemo-flow-wasm
    code 0
    run node -p 'require("nemo-flow-node/package.json").version'
    out_is "$1"
    mkdir -p .cargo src
    printf '[registries.local]\nindex = "%s"\n' "$at" >.cargo/config.toml
    printf '[package]\nname = "user"\nversion = "0.1.0"\nedition = "2021"\n' >Cargo.toml
    sed 's/nemo_flow::VERSION/env!("CARGO_PKG_NAME")/' "$example/crates/cli/src/main.rs" \
        >src/main.rs
    run cargo add --registry local nemo-flow-adaptive
    code 0
    run cargo run
    code 0
    out_is 'nemo-flow user: 0'
    file_has Cargo.lock "version = \"$1\""
}
had 0.1.0
run python3 -m pip install --target . --no-deps --platform manylinux_2_17_x86_64 \
    --only-binary :all: nemo-flow
code 0
PYTHONPATH=. run python3 -c 'import nemo_flow; print(nemo_flow.__version__)'
out_is 0.1.0

try 'the next ones, and one of an older line'
first=$(git -C "$example" rev-parse HEAD)
made 0.2.0 0.2.0
publish
ok
made 0.3.0-rc.1 0.3.0rc1
publish
ok
run relver verify
ok
git checkout -q -b release/0.1 "$first"
made 0.1.1 0.1.1
publish
ok
run relver verify
ok
same "$(uploads | sort | uniq -c | grep -vc '^ *[14] ')" 0 'uploaded twice'
for package in node openclaw wasm; do
    run npm view --registry "$npm_url" nemo-flow-$package dist-tags --json
    same "$(echo $out)" '{ "latest": "0.2.0", "next": "0.3.0-rc.1", "release-0.1": "0.1.1" }'
done
had 0.2.0

try 'yanked'
cd "$example" || exit 2
: >"$cases/ended"
kills=0
while [ $kills -lt 50 ]; do
    for word in before amid after; do
        echo $word >"$cases/kill"
        run env PATH="$cases/tools:$PATH" relver yank -y 0.2.0 --reason 'it loses nodes'
        [ "$code" = 137 ] || break 2
        kills=$((kills + 1))
    done
done
code 3
err_has 'error[by-hand]'
if [ $kills -ge 16 ]; then pass; else fail "killed only $kills times"; fi
out_has "$pypi_url/manage/project/nemo-flow/release/0.2.0/"
out_has 'next: relver bump 0.2.1'
same "$(grep -c '^yank cargo nemo-flow.* 0.2.0$' "$peer/writes")" 4
for package in node openclaw wasm; do
    run npm view --registry "$npm_url" nemo-flow-$package dist-tags --json
    same "$(echo $out)" '{ "latest": "0.1.1", "next": "0.3.0-rc.1", "release-0.1": "0.1.1" }'
    run npm view --registry "$npm_url" nemo-flow-$package@0.2.0 deprecated
    out_is 'it loses nodes'
done
had 0.1.1

finish
