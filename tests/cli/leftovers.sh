# relver status: where a version still stands that a bump would leave behind
. "$(dirname "$0")/lib.sh"

crate() { printf '[package]\nname = "demo"\nversion = "0.2.0"\n' >Cargo.toml; }

# left WHERE..: exactly these are listed, as FILE:LINE:COL
left()
{
    same "$(sed -n 's/^not edited: \([^ ]*\): .*/\1/p' "$cases/out" | tr '\n' ' ')" "${*:+$* }" \
        leftovers
}

# doc TEXT: a README of one line, and what status says of it
doc()
{
    printf '%s\n' "$1" >README.md
    run relver status
    ok
}

try 'what the next bump would leave behind, until `files` names it'
crate
doc 'Install: cargo install demo --version 0.2.0'
out_has 'not edited: README.md:1:39: 0.2.0'
out_has 'a bump edits what `files` in relver.toml names'
echo 'files = ["README.md: --version {version}"]' >relver.toml
run relver status
ok
left
out_lacks 'relver.toml names'
out_has 'README.md:1:39: --version {version} = 0.2.0'
run relver bump minor
ok
file_has README.md '--version 0.3.0'

try 'copies of the version, in the shapes they have'
crate
for text in 'demo = "0.2.0"' 'demo = { version = "0.2.0", features = ["x"] }' 'demo==0.2.0' \
    'pip install demo==0.2.0' '<script src="//cdn.example/npm/demo@0.2.0/demo.js"></script>' \
    'curl -LO registry.example/x/demo/releases/download/v0.2.0/demo-linux.tar.gz' \
    '![v](//img.example/badge/version-0.2.0-blue)' 'demo-0.2.0.tar.gz' 'demo_0.2.0_amd64.deb' \
    'demo-0.2.0-py3-none-any.whl' 'docker run registry.example/demo:0.2.0' \
    'git clone --branch v0.2.0 x' 'The version is 0.2.0.' 'demo 0.2.0' '0.2.0' 'v0.2.0' \
    '#define DEMO_VERSION "0.2.0"' 'image: demo:0.2.0-alpine'; do
    doc "$text"
    same "$(printf '%s\n' "$out" | grep -c '^not edited: README.md:1:.*: 0.2.0$')" 1 "$text"
done

try 'other things with the same number'
crate
for text in 'other==0.2.0' 'other = "0.2.0"' 'other = { version = "0.2.0" }' 'x, other@0.2.0' \
    'pip install demo other==0.2.0' '//cdn.example/npm/other@0.2.0/x.js' \
    'demo-extra = "0.2.0"' 'demo>=0.2.0' 'rust-version = "0.2.0"' '.. versionadded:: 0.2.0' \
    'Since 0.2.0' "demo.check('0.2.0')" '- 0.2.0' \
    'new in version 0.2.0' '## 0.2.0' '- 0.2.0: mended' '| 0.2.0 | yes |' \
    '10.2.0 0.2.01 0.2.0.1 x0.2.0 0.2.0rc1 0.2.0-rc.1 0.2.0.dev0' 'demo-0.2.0--rc.1-blue'; do
    doc "$text"
    same "$(printf '%s\n' "$out" | grep -c '^not edited')" 0 "$text"
done

try 'older ones, where a name or a badge says whose they are'
crate
for text in 'demo = "0.1.0"' 'pip install demo==0.1.9' 'demo@0.2.0-rc.1' 'demo==0.2.0rc1' \
    'curl -LO registry.example/demo/releases/download/v0.1.0/x'; do
    doc "$text"
    same "$(printf '%s\n' "$out" | grep -c '^not edited: README.md:1:.* (older)$')" 1 "$text"
done
for text in 'demo = "0.3.0"' 'demo = "0.1"' 'it was 0.1.0' 'other = "0.1.0"' 'demo < 0.1.0' \
    'demo needs cmake 0.1.0' 'demo: added in 0.1.0'; do
    doc "$text"
    same "$(printf '%s\n' "$out" | grep -c '^not edited')" 0 "$text"
done

try 'Python: the other spelling, and constants'
printf '[project]\nname = "My.Demo"\nversion = "1.0rc1"\n' >pyproject.toml
mkdir -p src/my_demo docs
echo '__version__ = "1.0rc1"' >src/my_demo/__init__.py
echo 'release = "1.0rc1"' >docs/conf.py
printf 'pip install my_demo==1.0rc1\nnpm i my-demo@1.0.0-rc.1\nPython 1.0\n' >README.rst
printf 'cff-version: 1.2.0\nversion: 1.0rc1\n' >CITATION.cff
run relver status
ok
left README.rst:1:22 README.rst:2:15 src/my_demo/__init__.py:1:16 docs/conf.py:1:12 \
    CITATION.cff:2:10

try 'which documents: not the past, not other people, not what is no text'
crate
mkdir -p docs/guide docs/node_modules docs/releases doc/_build docs/.hidden other sub/docs
for path in README.md a.html docs/guide/a.adoc docs/b.rst CHANGELOG.md History.md NEWS.txt \
    LICENSE.md SECURITY.md docs/node_modules/c.md docs/releases/c.md doc/_build/c.md \
    docs/.hidden/c.md other/c.md sub/docs/c.md src.c; do
    echo 'demo = "0.2.0"' >$path
done
printf 'demo = "0.2.0"\0' >docs/binary.txt
{ echo 'demo = "0.2.0"'; head -c 1048576 /dev/zero | tr '\0' ' '; } >docs/large.txt
ln -s ../README.md docs/link.md
run relver status
ok
left README.md:1:9 a.html:1:9 docs/b.rst:1:9 docs/guide/a.adoc:1:9

try 'several packages: whose it is'
mkdir -p a b
printf '{"private": true, "workspaces": ["a", "b"]}\n' >package.json
printf '{"name": "@x/core", "version": "1.0.0"}\n' >a/package.json
printf '{"name": "tool", "version": "2.0.0"}\n' >b/package.json
echo 'npm i @x/core@1.0.0 tool@1.0.0 @y/core@1.0.0 tool@2.0.0' >README.md
echo 'see `@x/core` version 1.0.0 or 2.0.0' >b/README.md
run relver status
ok
left README.md:1:15 README.md:1:26 README.md:1:51 b/README.md:1:23 b/README.md:1:32
out_has 'README.md:1:26: 1.0.0 (older)'
run relver status -p tool
left README.md:1:26 README.md:1:51 b/README.md:1:32

try 'JSON, and long lists'
crate
echo 'demo==0.2.0' >README.md
run relver status --json
ok
out_has '"leftovers": [{"path": "README.md", "line": 1, "col": 7, "older": false, "unit": "demo"'
out_has '"text": "0.2.0"}]}'
i=0
while [ $i -lt 30 ]; do echo "demo==0.2.0 $i"; i=$((i + 1)); done >README.md
run relver status
ok
out_has 'not edited: 10 more; relver status -v lists them'
run relver status -v
left $(i=1; while [ $i -le 30 ]; do echo README.md:$i:7; i=$((i + 1)); done)

try 'hostile documents'
crate
{ i=0; while [ $i -lt 20000 ]; do printf 'demo-0.2.0@/'; i=$((i + 1)); done; } >README.md
printf '0.2.' >a.md
printf '.0.2.0' >b.md
printf '1..2.0 v.0 0.2.0-\033[31m\n' >c.md
: >d.md
run relver status
code 0
out_has 'not edited: README.md:1:6: 0.2.0'
out_lacks "$(printf '\033')"

finish
