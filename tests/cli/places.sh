# places of a version outside of manifests: constants in source, and what computed versions rest on
. "$(dirname "$0")/lib.sh"

# bumped FIXTURE FROM TO FILE LINE: the one edit is in FILE, which then has LINE
bumped()
{
    try "a version elsewhere: $1"
    workspace "tests/fixtures/$1"
    run relver show version
    out_is "$2"
    run relver status
    ok
    out_has "  $4:"
    run relver bump "$3"
    ok
    out_has "=> $3
1 edit in 1 file"
    same "$(git diff --name-only)" "$4"
    same "$(git diff -U0 | grep -c '^[-+][^-+]')" 2 'lines changed'
    file_has "$4" "$5"
    file_has pyproject.toml 'dynamic'
    run relver check --tag "v$3"
    ok
    snap
    run relver bump "$3"
    out_has 'nothing to do'
    unchanged
}
cr=$(printf '\r')
bumped python-hatch-path 1.2.3 2.0.0rc1 src/demo/__about__.py \
    "__version__ = '2.0.0rc1'  # \"1.2.3\""
bumped python-setuptools-attr 1.2.3rc1 1.2.3 lib/core/inner/_version.py \
    "__version__ = version = \"1.2.3\"$cr"
bumped python-flit 1.2.3 1.3.0 demo_flit.py '__version__ = ("1.3.0")'
bumped python-file 1.2.3 1.3.0 VERSION '1.3.0'
bumped python-dynamic 1.2.3 1.3.0 demo/__init__.py '__version__ = "1.3.0"'

# ---- where build tools look ---------------------------------------------------------------------

# project TABLES: a pyproject.toml without a version of its own
project()
{
    git init -q .
    printf '[project]\nname = "demo"\ndynamic = ["version"]\n\n%s\n' "$1" >pyproject.toml
}

# home NAME TABLES FILE TEXT..: the version is in FILE
home()
{
    try "home: $1"
    project "$2"
    mkdir -p "$(dirname "$3")"
    printf "$4" >"$3"
    run relver show version
    out_is 1.2.3
    run relver bump minor
    ok
    file_has "$3" 1.3.0
}
attr='[tool.setuptools.dynamic]
version = { attr = "demo.__version__" }'
literal='__version__ = "1.2.3"\n'
home 'hatch, VERSION' '[tool.hatch.version]
source = "regex"
path = "demo.py"' demo.py 'VERSION = "1.2.3"\n'
home 'hatch, a name in lower case' '[tool.hatch.version]
path = "demo.py"' demo.py 'version = "1.2.3"\n__version__ = version\n'
home 'hatch, a path with ..' '[tool.hatch.version]
path = "./x/../demo.py"' demo.py "$literal"
home 'hatch, one literal of two names' '[tool.hatch.version]
path = "demo.py"' demo.py '__version__ = VERSION = "1.2.3"\n'
home pdm '[tool.pdm.version]
source = "file"
path = "src/demo/__init__.py"' src/demo/__init__.py "$literal"
home 'pdm without a source' '[tool.pdm]
version = { path = "demo.py" }' demo.py "$literal"
home scikit-build '[tool.scikit-build.metadata.version]
provider = "scikit_build_core.metadata.regex"
input = "demo.py"' demo.py "$literal"
home 'setuptools, src' "$attr" src/demo/__init__.py "$literal"
home 'setuptools, a module in src' "$attr" src/demo.py "$literal"
home 'setuptools, annotated' "$attr" demo.py '__version__: str = "1.2.3"\n'
home 'setuptools, package-dir' "$attr
[tool.setuptools]
package-dir = { \"\" = \"python\" }" python/demo/__init__.py "$literal"
home 'setuptools, packages.find' "$attr
[tool.setuptools.packages.find]
where = [\"lib\"]" lib/demo/__init__.py "$literal"
home 'setuptools, any name' '[tool.setuptools.dynamic]
version.attr = "demo.about.RELEASE"' demo/about.py 'RELEASE = "1.2.3"\n'
home 'setuptools, a file without a line end' '[tool.setuptools.dynamic]
version = { file = "version.txt" }' version.txt '1.2.3'
home 'flit, a module of another name' '[build-system]
build-backend = "flit_core.buildapi"
[tool.flit.module]
name = "other"' src/other/__init__.py "$literal"

try 'two packages with one home are one unit'
printf '[tool.uv.workspace]\nmembers = ["a", "b"]\n' >pyproject.toml
mkdir -p a b
for name in a b; do
    printf '[project]\nname = "%s"\ndynamic = ["version"]\n' $name >$name/pyproject.toml
    printf '[tool.hatch.version]\npath = "../v.py"\n' >>$name/pyproject.toml
done
printf '%s' '__version__ = "1.2.3"' >v.py
run relver status
out_has 'a 1.2.3 (pypi a, pypi b)'
run relver bump 1.3.0
ok
out_has '1 edit in 1 file'

try 'a home that `files` names again, and a copy beside it'
project '[tool.hatch.version]
path = "demo.py"'
printf '__version__ = "1.2.3"\nother = "1.2.3"\n' >demo.py
printf 'files = ["demo.py", "demo.py: other"]\n' >relver.toml
run relver bump 1.3.0
ok
out_has '2 edits in 1 file'
run relver check
ok

# ---- homes that cannot be found or read ---------------------------------------------------------

# lost NAME TABLES TEXT CODE WHERE WHAT: bump refuses with the place, status says why
lost()
{
    try "lost: $1"
    project "$2"
    printf "$3" >demo.py
    mkdir src
    snap
    run relver bump 1.3.0
    refused 2 "$4"
    err_has "$5: "
    err_has "$6"
    unchanged
    run relver status
    ok
    out_has "  not found: $5: "
    out_has "$6"
    run relver status --json
    code 0
    out_has '"lost": {'
}
path='[tool.hatch.version]
path = "demo.py"'
lost 'no such file' '[tool.hatch.version]
path = "src/demo.py"' "$literal" no-home pyproject.toml:6:9 'there is no src/demo.py'
lost 'outside' '[tool.hatch.version]
path = "../demo.py"' "$literal" no-home pyproject.toml:6:9 'it leads out of the project'
lost 'a pattern' "$path
pattern = 'x'" "$literal" no-home pyproject.toml:7:12 'relver cannot follow it'
lost 'no literal' "$path" 'from x import y\n__version__ = y()\n' not-string demo.py:2:15 \
    "'__version__' is no plain string literal but no string literal"
lost 'an f-string' "$path" '__version__ = f"1.{x}"\n' not-string demo.py:1:15 'an f-string'
lost 'a concatenation' "$path" '__version__ = "1." "2"\n' not-string demo.py:1:15 'in a row'
lost 'nothing there' "$path" 'if x:\n    __version__ = "1.2.3"\n' missing demo.py \
    'there is no version constant here'
lost 'two' "$path" '__version__ = "1.2.3"\nVERSION = "1.2.4"\n' ambiguous demo.py:2:11 \
    "both '__version__' and 'VERSION' could be the version"
lost 'twice' "$path" '__version__ = "1.2.3"\n__version__ = "1.2.4"\n' count demo.py \
    'stands here 2 times, expected 1'
lost 'not Python' "$path" '__version__ = "1.2.3\n' syntax demo.py:1:15 'a string without its end'
lost 'no module' '[tool.setuptools.dynamic]
version = { attr = "other.__version__" }' "$literal" no-home pyproject.toml:6:21 'src/other.py'
lost 'several files' '[tool.setuptools.dynamic]
version = { file = ["demo.py", "b"] }' "$literal" no-home pyproject.toml:6:22 'several files'
lost 'more than a version' '[tool.setuptools.dynamic]
version = { file = "demo.py" }' "$literal" missing demo.py 'it holds more than a version'

for odd in '' . .. / a..b 'a/' __version__ 'src'; do
    try "lost: '$odd' as a path, an attribute, a file and a module"
    mkdir src
    for table in 'tool.hatch.version]
path' 'tool.setuptools.dynamic.version]
attr' 'tool.setuptools.dynamic.version]
file' 'build-system]
build-backend = "flit_core.buildapi"
[tool.flit.module]
name'; do
        project "[$table = \"$odd\""
        run relver bump 1.3.0
        code 2
        err_has 'state: nothing changed'
    done
done

try 'lost: a symbolic link'
project "$path"
printf "$literal" >real.py
ln -s real.py demo.py
run relver bump 1.3.0
code 2
err_has 'demo.py'
file_has real.py 1.2.3

try 'lost: two modules of one name'
project "$attr"
mkdir -p src/demo demo
printf "$literal" | tee src/demo/__init__.py >demo/__init__.py
run relver bump 1.3.0
refused 2 no-home
err_has 'both src/demo/__init__.py and demo/__init__.py could be meant'

# ---- fallback versions --------------------------------------------------------------------------

try 'setuptools_scm: both fallback versions, as the release guide bumps them'
workspace tests/fixtures/python-scm
cat >relver.toml <<'END'
scheme = "pep440"
tag = "v{version}"
dev-tag = "v{next}-dev"
files = ["src/api/pyproject.toml"]
pins = { stack-client = "==", stack-api = "==" }
END
git add -A && git commit -q -m configured
run relver status
ok
out_has 'stack 0.4.4 (pypi stack, pypi stack-api)'
run relver bump 0.4.5
ok
out_is 'stack 0.4.4 => 0.4.5
3 edits in 2 files'
same "$(git diff -U0 | grep -c '^[-+][^-+]')" 6 'lines changed'
file_has pyproject.toml 'fallback_version = "0.4.5"'
file_has src/api/pyproject.toml 'fallback_version = "0.4.5"'
file_has pyproject.toml 'dynamic = ["version"]'
file_has pyproject.toml '"stack-client==0.4.5"'
run relver check --tag v0.4.5
ok
run relver bump dev
ok
out_has '0.4.5 => 0.4.6.dev0'
file_has src/api/pyproject.toml 'fallback_version = "0.4.6.dev0"'
sed -i 's/0.4.6.dev0/0.4.6.dev1/' src/api/pyproject.toml
run relver check
code 1
err_has "src/api/pyproject.toml:14:21: tool.setuptools_scm.fallback_version says '0.4.6.dev1'"

for table in 'setuptools_scm]
fallback_version' 'vcs-versioning]
fallback_version' 'hatch.version]
fallback-version' 'hatch.version.raw-options]
fallback_version' 'pdm.version]
fallback_version'; do
    try "a fallback: $table"
    project "[tool.$table = \"1.2.3.dev0\""
    run relver bump 1.2.3
    ok
    run relver check
    ok
    file_has pyproject.toml 'version = "1.2.3"'
    project "[tool.$table = \"0.0.0\""
    run relver bump 1.2.3
    refused 2 no-version
done

try 'a static version beside dynamic is still drift'
project '[tool.setuptools_scm]
fallback_version = "1.2.3"'
sed -i 's/^dynamic/version = "1.2.3"\n&/' pyproject.toml
run relver check
code 1
err_has 'a static version beside dynamic'

# ---- constants that `files` names ---------------------------------------------------------------

# listed TEXT FILE ENTRY: a crate with FILE, and the entry for it
listed()
{
    git init -q .
    printf '[package]\nname = "demo"\nversion = "1.2.3"\n' >Cargo.toml
    printf "$1" >"$2"
    printf "files = ['%s']\n" "$3" >relver.toml
}

# constant NAME TEXT FILE ENTRY WANT: bumped to 1.3.0-rc.1, FILE reads WANT
constant()
{
    try "a constant: $1"
    listed "$2" "$3" "$4"
    run relver bump 1.3.0-rc.1
    ok
    printf "$5" >../want
    same_file "$3" ../want
    run relver check
    ok
}
constant 'C, by name' '#define A_VERSION "9"\n# define B "1.2.3" // was "1.2.3"\r\n' demo.h \
    'demo.h: B' '#define A_VERSION "9"\n# define B "1.3.0-rc.1" // was "1.2.3"\r\n'
constant 'C, by kind' '#ifndef VERSION_H\n#define VERSION_H\n#define D_VERSION_MAJOR 1
/* #define X_VERSION "1" */\n#define D_VERSION_STRING \\\n  "1.2.3"\n#define D_VERSION 1' demo.hpp \
    demo.hpp '#ifndef VERSION_H\n#define VERSION_H\n#define D_VERSION_MAJOR 1
/* #define X_VERSION "1" */\n#define D_VERSION_STRING \\\n  "1.3.0-rc.1"\n#define D_VERSION 1'
constant 'C, on both sides of an #if' '#if 0\n#define V "1.2.3"\n#else\n#define V "1.2.3"\n' v.c \
    'v.c: V x2' '#if 0\n#define V "1.3.0-rc.1"\n#else\n#define V "1.3.0-rc.1"\n'
constant 'Python, PEP 440' '"""\n__version__ = "1.2.3"\n"""\n__version__ = "1.2.3"\n' demo.py \
    demo.py '"""\n__version__ = "1.2.3"\n"""\n__version__ = "1.3.0rc1"\n'
constant 'Python, the convention counts most' 'version = "0"\n__version__ = "1.2.3"\n' demo.py \
    demo.py 'version = "0"\n__version__ = "1.3.0rc1"\n'
constant 'Python, by name' 'version = release = "1.2.3"\n' conf.py 'conf.py: release' \
    'version = release = "1.3.0rc1"\n'
constant 'a file of one word' '1.2.3\r\n' VERSION VERSION '1.3.0-rc.1\r\n'

try 'a constant: equal in another spelling stays, wherever it stands'
listed '__version__ = "1.3.0-rc.1"\n' demo.py demo.py
sed -i 's/1.2.3/1.3.0-rc.1/' Cargo.toml
run relver check
ok
run relver bump rc
ok
file_has demo.py '"1.3.0rc2"'

# refusal TEXT FILE ENTRY CODE WHERE WHAT
refusal()
{
    try "a constant that is refused: $6"
    listed "$1" "$2" "$3"
    snap
    run relver bump 1.3.0
    refused 2 "$4"
    err_has "$5: "
    err_has "$6"
    unchanged
}
refusal '#define V 1\n' v.h 'v.h: V' not-string v.h:1:11 "'V' is no plain string literal"
refusal '#define A "1"\n' v.h 'v.h: V' missing v.h "there is no constant 'V' here"
refusal '#define V "1"\n#define V "2"\n' v.h 'v.h: V' count v.h \
    "the constant 'V' stands here 2 times"
refusal '#define A_VERSION "1"\n#define B_VERSION "2"\n' v.h v.h ambiguous v.h:2:19 \
    "both 'A_VERSION' and 'B_VERSION' could be the version"
refusal '#define A_VERSION 1\n' v.h v.h not-string v.h:1:19 "'A_VERSION' is no plain"
refusal 'v = 1\n' v.h v.h missing v.h 'there is no version constant here'
refusal '/*' v.h v.h syntax v.h:1:1 'a comment without its end'
refusal '__version__ = "1" + x\n' v.py v.py not-string v.py:1:15 'an expression'
refusal '__version__ = ("1"\n' v.py v.py syntax v.py:2:1 'a bracket is never closed'
refusal 'version 1.2.3\n' VERSION VERSION missing VERSION 'it holds more than a version'

try 'a place marked optional may be missing, not broken'
listed 'x = 1\n' v.py 'v.py: __version__?'
run relver bump 1.3.0
ok
printf '__version__ = x\n' >v.py
run relver bump 1.4.0
refused 2 not-string

# ---- usage ---------------------------------------------------------------------------------------

try 'status: names of packages are no operands'
printf '{"name": "demo", "version": "1.2.3"}\n' >package.json
run relver status demo
refused 2 usage
err_has 'next: relver status --help'

finish
