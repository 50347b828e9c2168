# python: the wheels and archives that the real backends build bear the version after every bump;
# `uv lock --check` takes the tree
. "$(dirname "$0")/lib.sh"
need python || finish
style=pep440 scheme=pep440

# metadata FILE..: the name and version inside each wheel and archive
metadata()
{
    python - "$@" <<'END' | sort -u
import sys, tarfile, zipfile
from email import message_from_bytes
for path in sys.argv[1:]:
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            name, = (n for n in wheel.namelist() if n.endswith(".dist-info/METADATA"))
            text = wheel.read(name)
    else:
        with tarfile.open(path) as archive:
            name = min((n for n in archive.getnames() if n.endswith("/PKG-INFO")), key=len)
            text = archive.extractfile(name).read()
    said = message_from_bytes(text)
    print(said["Name"], said["Version"])
END
}
build_says()
{
    rm -rf "$cases/dist"
    python -m build --no-isolation --outdir "$cases/dist" >&2 && metadata "$cases"/dist/*
}
uv_says()
{
    rm -rf "$cases/dist"
    uv lock --check --offline >&2 &&
        uv build --all-packages --no-build-isolation --offline --out-dir "$cases/dist" \
            --python "$tools/bin/python" >&2 && metadata "$cases"/dist/*.whl "$cases"/dist/*.tar.gz
}
uv_again() { uv lock --offline; }

shape python-src
ordinary build_says ''

# What its documents repeat, status finds; named in `files` it goes along.
shape python-src
printf 'pip install ink-well==1.2.3\n' >>README.md
git commit -qam 'how to install it'
run relver status
ok
out_has 'README.md:4:23: 1.2.3'
echo 'files = ["README.md: pip install ink-well=={version}"]' >relver.toml
run relver bump patch
ok
file_has README.md 'pip install ink-well==1.2.4'
run build_says
code 0
out_is 'ink-well 1.2.4'

# The path dependency is a package of its own and stays.
shape poetry
ordinary build_says ''

shape uv-workspace
ordinary uv_says uv_again uv.lock

# Members of their own versions: nobody said that they go together.
shape uv-workspace
relver edit packages/press/pyproject.toml project.version 0.4.0
relver edit pyproject.toml 'project.optional-dependencies.press[0]' 'orchard-press>=0.4.0'
uv_again 2>"$cases/err" && git commit -qam 'versions of their own'
run relver bump patch
refused 2 ambiguous
run relver bump orchard-press=0.5.0 orchard-core=patch
ok
run uv_says
code 0
out_is 'orchard 1.2.3
orchard-core 1.2.4
orchard-press 0.5.0'

# The wheel takes its version from the crate.
maturin_says()
{
    rm -rf "$cases/dist"
    cargo metadata --locked --offline --format-version 1 >/dev/null &&
        maturin pep517 write-dist-info --metadata-directory "$cases/dist" >&2 &&
        sed -n 's/^Name: //p; s/^Version: //p' "$cases"/dist/*/METADATA | paste -sd ' '
}
maturin_again() { cargo metadata --offline --format-version 1; }
scheme=semver
if tool cargo 1.78.0; then
    shape maturin
    ordinary maturin_says maturin_again Cargo.lock
fi

finish
