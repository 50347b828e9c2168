# cargo: `cargo metadata --locked --offline` takes the tree after every bump
. "$(dirname "$0")/lib.sh"
tool cargo 1.78.0 || finish

cargo_says()
{
    cargo metadata --locked --offline --format-version 1 >"$cases/metadata" &&
        sed 's/{"name":/\n&/g' "$cases/metadata" |
        sed -n 's/^{"name":"\([^"]*\)","version":"\([^"]*\)",.*/\1 \2/p' | sort
}
cargo_again() { cargo metadata --offline --format-version 1; }

shape cargo-single tests/fixtures/cargo-single
ordinary cargo_says cargo_again Cargo.lock

shape cargo-virtual-inheritance
ordinary cargo_says cargo_again Cargo.lock

# The helper that is not published stays at 0.0.0.
shape cargo-paths
ordinary cargo_says cargo_again Cargo.lock

finish
