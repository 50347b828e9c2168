# The built files of a release: what check artifacts says of them, and verify of their digests.
. "$(dirname "$0")/../peer/lib.sh"

# built FILE..: a file whose text is its name.
built()
{
    for file; do
        mkdir -p "$(dirname "$file")" && printf %s "${file##*/}" >"$file" || exit 2
    done
}
project() # [VERSION]
{
    printf '[project]\nname = "Demo.Py"\nversion = "%s"\n' "${1-0.2.0}" >pyproject.toml
}
pure=demo_py-0.2.0-py3-none-any.whl sdist=demo_py-0.2.0.tar.gz
linux=demo_py-0.2.0-cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl

try 'all is there'
project
built dist/$pure dist/$sdist dist/notes.txt
run relver check artifacts
ok
out_is 'ok artifacts'
rm dist/$sdist
run relver check artifacts # only advice
code 0
err_has 'warning[artifacts]: pypi Demo.Py 0.2.0: there is no source beside the wheel'

try 'what is expected'
project
echo 'expect = ["*-manylinux_2_17_x86_64.whl", "*-manylinux*_aarch64.whl", "*.tar.gz", "npm:x"]' \
    >relver.toml
built dist/$linux dist/$sdist
run relver check artifacts
refused 1 artifacts
err_has "pypi Demo.Py 0.2.0: no file like '*-manylinux*_aarch64.whl' is here"
same "$(echo "$err" | grep -c 'no file like')" 1
built target/wheels/Demo.Py-0.2-cp312-abi3-manylinux_2_28_aarch64.whl
run relver check artifacts # target/ is a workspace's
refused 1 artifacts
mv target/wheels/* dist
run relver check artifacts
ok
rm -r dist
run relver check artifacts
err_has 'nothing of it is here'

try 'what stands in the way'
project
built dist/$pure dist/$sdist dist/demo_py-0.1.0.tar.gz dist/other-0.2.0.tar.gz
run relver check artifacts --json
code 1
out_has 'dist/demo_py-0.1.0.tar.gz: is 0.1.0, not 0.2.0"'
out_has 'dist/other-0.2.0.tar.gz: no package that is published here"'
err_has 'next: rm dist/'
run relver check artifacts -p demo-py # which may lie beside others
err_lacks other-0.2.0
rm dist/other* dist/demo_py-0.1.0*
built dist/Demo.Py-0.2-py3-none-any.whl dist/demo_py-0.2.0.zip
run relver check artifacts
code 1
err_has "dist/$pure: is the same as dist/Demo.Py-0.2-py3-none-any.whl"
err_has 'dist/demo_py-0.2.0.zip: is the same as '
rm dist/Demo.Py* dist/*.zip
built dist/demo_py-0.2.0-1-py3-none-any.whl dist/demo_py-0.2.0-cp312-cp312-linux_x86_64.whl
run relver check artifacts
refused 1 artifacts
err_has 'linux_x86_64.whl: pypi takes no wheel for just any Linux'
same "$(echo "$err" | grep -c error)" 1

try 'versions that registries do not take'
project 0.2.0+abc
echo '{"name": "demo-node", "version": "0.2.0+abc"}' >package.json
echo 'to.stable = ["testpypi", "own", "npm"]
registries.own = "pypi+https://registry.example"' >relver.toml
built dist/demo_py-0.2.0+abc-cp312-abi3-win_amd64.whl
run relver check artifacts
code 1
err_has "pypi Demo.Py 0.2.0+abc: testpypi takes no version with a '+'"
err_has "npm demo-node 0.2.0+abc: npm takes no version with a '+'"
same "$(echo "$err" | grep -c error)" 2

try 'a directory of all of them'
project
echo '{"name": "@demo/node", "version": "0.2.0"}' >package.json
printf '[package]\nname = "demo-core"\nversion = "0.2.0"\n' >Cargo.toml
echo 'expect = ["*.crate", "*.tgz", "*.tar.gz"]' >relver.toml
run relver check artifacts --from none
refused 2 path.root
built out/py/$sdist out/node/demo-node-0.2.0.tgz out/demo-core-0.2.0.crate dist/$pure
run relver check artifacts --from out
ok
mkdir beside
run relver check artifacts -C . --from out
ok
cd beside
run relver check artifacts -C .. --from out
ok
cd ..
run env CARGO_TARGET_DIR=elsewhere relver check artifacts --from out
ok
built out/demo-core-0.1.0.crate
run relver check artifacts --from out
refused 1 artifacts
err_has 'out/demo-core-0.1.0.crate: is 0.1.0, not 0.2.0'
run relver check artifacts
code 1
err_has "npm @demo/node 0.2.0: no file like '*.tgz' is here"
built target/package/demo-core-0.2.0.crate target/package/demo-core-0.1.0.crate dist/$sdist
run relver check artifacts
same "$(echo "$err" | grep -c error)" 1
mv target elsewhere
cd beside
run env CARGO_TARGET_DIR=elsewhere relver check artifacts # from where cargo would run
same "$(echo "$err" | grep -c error)" 1
run relver check artifacts
same "$(echo "$err" | grep -c error)" 2
cd ..

### their digests

if ! echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    try 'digests'
    skip 'no headers of libcurl'
    finish
fi
start_peer registry
at=http://127.0.0.1:$peer_port
export RELVER_NPM_REGISTRY=$at/npm RELVER_CRATES_IO_INDEX=$at/cargo RELVER_PYPI_URL=$at/pypi
has() { mkdir -p "$peer/${1%/*}" && cat >"$peer/$1"; }
sum() { sha256sum <"$1" | cut -c 1-64; }
integrity() { openssl dgst -sha512 -binary "$1" | base64 -w 0; }

# out_there FILE..: PyPI has these.
out_there()
{
    files=
    for file; do
        files="$files${files:+,}{\"filename\":\"${file##*/}\",\"yanked\":false,
            \"hashes\":{\"sha256\":\"$(sum "$file")\"}}"
    done
    echo "{\"name\":\"demo-py\",\"files\":[$files]}" | has pypi/simple/demo-py/index.json
}

try 'PyPI: what was built is what is there'
project
built dist/$pure dist/$sdist dist/$linux
out_there dist/*
run relver verify
ok
out_is 'ok pypi Demo.Py 0.2.0 on pypi: 3 files, 3 as here'
run relver verify --json
out_has '"compared": 3'
run relver check artifacts --online
ok
out_there dist/$pure
run relver verify # the half that is missing, without a word of configuration
code 1
out_is 'ok pypi Demo.Py 0.2.0 on pypi: 1 file, 1 as here'
err_has "dist/$sdist is not on pypi"
err_has "dist/$linux is not on pypi"
out_there dist/*
echo more >>dist/$sdist
run relver verify
refused 6 digest
err_has "dist/$sdist: pypi has other bytes"
err_has 'next: relver bump 0.2.1'
out_is 'ok pypi Demo.Py 0.2.0 on pypi: 3 files, 2 as here'
run relver check artifacts --online
refused 6 digest
run relver check artifacts
ok
echo 'publish = "tag"' >relver.toml # what lies here is not what was uploaded
run relver verify
ok
run relver verify --from dist
refused 6 digest

try 'npm and cargo'
echo '{"name": "@demo/node", "version": "0.2.0"}' >package.json
printf '[package]\nname = "democore"\nversion = "0.2.0"\n' >Cargo.toml
built out/demo-node-0.2.0.tgz out/democore-0.2.0.crate
has npm/@demo%2fnode <<JSON
{"name": "@demo/node", "dist-tags": {"latest": "0.2.0"}, "versions": {"0.2.0": {"dist": {
    "tarball": "https://registry.example/@demo/node/-/node-0.2.0.tgz",
    "integrity": "sha512-$(integrity out/demo-node-0.2.0.tgz)"}}}}
JSON
echo "{\"name\":\"democore\",\"vers\":\"0.2.0\",\"yanked\":false,\"cksum\":\"$(
    sum out/democore-0.2.0.crate)\"}" | has cargo/de/mo/democore
run relver verify --from out
ok
out_is 'ok cargo democore 0.2.0 on crates-io, 1 as here
ok npm @demo/node 0.2.0 on npm: latest, 1 as here'
echo more | tee -a out/demo-node-0.2.0.tgz >>out/democore-0.2.0.crate
run relver verify --from out
code 6
same "$(echo "$err" | grep -c 'error.digest.*has other bytes')" 2
built target/package/democore-0.2.0.crate
run relver verify
ok
echo more >>target/package/democore-0.2.0.crate
run relver verify # cargo packs anew
code 0
err_has 'warning[digest]: cargo democore 0.2.0: target/package/democore-0.2.0.crate: crates-io has'

finish
