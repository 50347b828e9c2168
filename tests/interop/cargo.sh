# cargo: `cargo metadata --locked --offline` takes the tree after every bump
. "$(dirname "$0")/lib.sh"
tool cargo 1.78.0 || finish

cargo_says()
{
    cargo metadata --locked --offline --format-version 1 >"$cases/metadata" &&
        sed 's/{"name":/\n&/g' "$cases/metadata" |
        sed -n 's/^{"name":"\([^"]*\)","version":"\([^"]*\)",.*/\1 \2/p' | sort
}

shape cargo-single tests/fixtures/cargo-single
ordinary 1.2.3 cargo_says Cargo.lock

finish
