# relver stamp: a version for one build, and every byte back afterwards
# cargo behind rustup looks for its toolchain in the home directory, which lib.sh replaces
export RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}"
. "$(dirname "$0")/lib.sh"

sha=abc1234def5678901234567890abcdef12345678
id=abc1234d

# restored: `stamp --restore` leaves the tree of the last `snap`, and no record
restored()
{
    run relver stamp --restore
    ok
    unchanged
    same "$(ls .git/relver 2>/dev/null || ls .relver)" lock 'what lies in the state directory'
}

# ---- guide 0, "For non-tag CI builds" and "Version Source" --------------------------------------

try 'one-version: each ecosystem has its own stamp'
workspace examples/one-version
snap
run relver stamp --sha $sha
ok
out_has "cargo nemo-flow 0.1.0+$id"
out_has "npm nemo-flow-node 0.1.0-$id"
out_has "cargo nemo-flow-wasm 0.1.0-$id"
out_has "pypi nemo-flow 0.1.0+$id"
file_has Cargo.toml "version = \"0.1.0+$id\" # the one version"
file_has Cargo.toml 'nemo-flow = { version = "0.1.0", path = "crates/core" }'
file_has Cargo.toml 'tinylog = { version = "0.1.0", path'
file_has crates/node/package.json "\"version\": \"0.1.0-$id\""
file_has integrations/openclaw/package.json "\"version\": \"0.1.0-$id\""
file_has integrations/openclaw/package.json "\"nemo-flow-node\": \"0.1.0-$id\""
file_has crates/wasm/Cargo.toml "version = \"0.1.0-$id\""
file_has crates/python/Cargo.toml "version = \"0.1.0+$id\""
file_has crates/core/Cargo.toml 'version.workspace = true'
file_has pyproject.toml 'dynamic = ["description"] # written'
file_has pyproject.toml "version = \"0.1.0+$id\""
file_has package-lock.json "\"nemo-flow-node\": \"0.1.0-$id\""
restored

finish
