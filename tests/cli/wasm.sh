# A crate that wasm-pack turns into an npm package: that package's version is the crate's.
. "$(dirname "$0")/lib.sh"

# build VERSION: what wasm-pack leaves, with the fields it writes.
build()
{
    mkdir -p crates/wasm/pkg
    cat >crates/wasm/pkg/package.json <<END
{
  "name": "nemo-flow-wasm",
  "type": "module",
  "description": "WebAssembly build of flow graphs",
  "version": "$1",
  "license": "Apache-2.0",
  "files": [
    "nemo_flow_wasm_bg.wasm",
    "nemo_flow_wasm.js"
  ],
  "main": "nemo_flow_wasm.js"
}
END
}

try 'the built package is listed, checked and bumped'
workspace examples/one-version
run relver status
ok
out_lacks crates/wasm/pkg
build 0.1.0
run relver status
ok
out_has '  crates/wasm/pkg/package.json:5:15: version = 0.1.0'
out_lacks expected
run relver check
ok
run relver bump 0.2.0-rc.1
ok
file_has crates/wasm/pkg/package.json '"version": "0.2.0-rc.1"'
run relver check
ok
build 0.1.0
run relver check
code 1
err_has "crates/wasm/pkg/package.json:5:15: version says '0.1.0', expected '0.2.0-rc.1'"
run relver status
out_has 'crates/wasm/pkg/package.json:5:15: version = 0.1.0  <- expected 0.2.0-rc.1'
run relver check --tag 0.2.0-rc.1
code 1
err_has "npm 'nemo-flow-wasm' says 0.1.0, the tag '0.2.0-rc.1' says 0.2.0-rc.1"

try 'the crate says that its version is also that of the npm package'
workspace examples/one-version
run relver status
ok
says='; wasm-pack gives it to npm nemo-flow-wasm'
out_has "  crates/wasm/Cargo.toml:4:21: package.version.workspace (inherited)$says"
same "$(echo "$out" | grep -c wasm-pack)" 1 'crates that go to npm'
run relver status --json
ok
same "$(echo "$out" | grep -o '"wasm_pack": true' | wc -l)" 1 'crates that go to npm, JSON'
run relver stamp --sha abc1234def5678901234567890abcdef12345678
ok
run relver status
out_has "  crates/wasm/Cargo.toml:4:12: package.version = 0.1.0-abc1234d$says"

try 'a crate on wasm-bindgen goes there without further words, a library below it does not'
mkdir src && : >src/lib.rs
cat >Cargo.toml <<END
[package]
name = "demo"
version = "1.2.3"
edition = "2021"

[dependencies]
wasm-bindgen = "0.2"
END
run relver status
ok
out_lacks wasm-pack
printf '\n[lib]\ncrate-type = ["cdylib", "rlib"]\n' >>Cargo.toml
run relver status
ok
out_has '  Cargo.toml:3:12: package.version = 1.2.3; wasm-pack gives it to npm demo'

finish
