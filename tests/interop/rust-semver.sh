# rust-semver: rows generated and mutated, for relver and the semver crate; SEED=, CASES= as in
# node-semver.sh
. "$(dirname "$0")/lib.sh"
tool python3 && tool cargo && need semver-rs || finish

try "the same answers"
mkdir -p "$tools/src/bin"
cp "$top/tests/interop/rust-semver.rs" "$tools/src/bin/"
HOME=$own_home run cargo build -q --release --offline --manifest-path "$tools/Cargo.toml"
code 0
counted python3 "$top/tests/interop/differ.py" rust-semver "$tools/target/release/rust-semver"

finish
