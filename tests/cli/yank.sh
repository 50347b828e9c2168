# yank: withdrawn where it is out and only once, whatever becomes of the tools, of relver itself or
# of what the registries say. The tools are stubs that change what the registries' files say.
. "$(dirname "$0")/../peer/lib.sh"

if ! echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    try 'the registries'
    skip 'no headers of libcurl'
    finish
fi

start_peer registry
at=http://127.0.0.1:$peer_port
export RELVER_NPM_REGISTRY=$at/npm RELVER_CRATES_IO_INDEX=$at/cargo RELVER_PYPI_URL=$at/pypi
export RELVER_TIMEOUT=1

# What a stub does for its tool is `act`; $peer/trouble says with which call what goes wrong. no: it
# fails; late: it fails when all is done; NNN: the registry refuses it; lost: all is well, and
# nothing is done; kill, killed: relver is killed before it, or after; moved: somebody moves the
# dist-tag next then; FAULT@..: what the registries do then.
stub() # NAME <ACT
{
    {
        printf '#!/bin/sh\npeer=%s\nact()\n{\n' "$peer"
        cat
        cat <<'END'
}
words=$*
case $words in *' ') words="$words''" ;; esac
echo "${0##*/} $words" >>"$peer/calls"
read -r number trouble 2>/dev/null <"$peer/trouble"
[ "$number" = "$(wc -l <"$peer/calls")" ] || trouble=
case $trouble in
no) echo 'error: it went wrong' >&2; exit 101 ;;
401 | 403) echo "npm error code E$trouble" >&2; exit 1 ;;
lost) exit 0 ;;
kill) kill -9 $PPID; exit 1 ;;
esac
act "$@"
case $trouble in
late) exit 1 ;;
killed) kill -9 $PPID ;;
moved) sed -i 's/^"next":".*"/"next":"1.1.0"/' "$file" ;;
*@*) echo "$trouble" >"$peer/fault" ;;
esac
END
    } >"$cases/bin/$1"
    chmod +x "$cases/bin/$1"
}
stub cargo <<'END'
    [ "$1 $2" = 'yank --version' ] || exit 2
    version=$3 name=$4 yanked=true
    [ "$5" != --undo ] || yanked=false
    file=$peer/cargo/$(echo "$name" | sed 's|\(..\)\(..\)|\1/\2/&|')
    sed "/\"vers\":\"$version\"/s/\"yanked\":[a-z]*/\"yanked\":$yanked/" "$file" >"$file.new" &&
        mv "$file.new" "$file"
END
stub npm <<'END'
    what=$1; shift
    [ "$what" != dist-tag ] || shift
    [ "$1 $4" = '--registry --' ] && [ "$3" = "--@demo:registry=$2" ] || exit 2
    name=${5%@*} version=${5##*@} text=$6
    file=$peer/npm/$(echo "$name" | sed 's|/|%2f|')
    if [ "$what" = dist-tag ]; then
        sed "s/^\"$text\":\".*\"/\"$text\":\"$version\"/" "$file"
    else
        sed "/\"version\":\"$version\"/s/,\"deprecated\":\"[^\"]*\"//
            ${text:+s/\"version\":\"$version\"/&,\"deprecated\":\"$text\"/}" "$file"
    fi >"$file.new" && mv "$file.new" "$file"
END

# has PATH <TEXT: the registries have this.
has() { mkdir -p "$peer/${1%/*}" && cat >"$peer/$1"; }
npm_has() # NAME TAGS VERSION..: TAGS are NAME=VERSION,..
{
    name=$1 tags=$2; shift 2
    {
        printf '{"name":"%s","dist-tags":{\n' "$name"
        echo "$tags" | sed 's/,/\n/g' | sed 's/\(.*\)=\(.*\)/"\1":"\2"/; $!s/$/,/'
        printf '},"versions":{\n'
        printf '%s\n' "$@" |
            sed "s|.*|\"&\":{\"name\":\"$name\",\"version\":\"&\"}|; \$!s/\$/,/; \$s/\$/}}/"
    } | has "npm/$(echo "$name" | sed 's|/|%2f|')"
}
cargo_has() # NAME VERSION..
{
    name=$1; shift
    printf '%s\n' "$@" |
        sed "s/.*/{\"name\":\"$name\",\"vers\":\"&\",\"cksum\":\"0\",\"yanked\":false}/" |
        has "cargo/$(echo "$name" | sed 's|\(..\)\(..\)|\1/\2/&|')"
}
pypi_has() # VERSION false|REASON
{
    has pypi/simple/demo-py/index.json <<JSON
{"name":"Demo.Py","files":[{"filename":"demo_py-$1.tar.gz","yanked":$2}]}
JSON
}
start() { fault; rm -rf "$peer"/[cnp]* "$peer/trouble"; : >"$peer/calls"; : >"$peer/log"; }
trouble() { echo "${2-1} $1" >"$peer/trouble"; }
calls() { cat "$peer/calls"; }
npm="$at/npm/ --@demo:registry=$at/npm/"

### npm

npm_project()
{
    start
    echo '{"name": "@demo/node", "version": "1.2.0"}' >package.json
    npm_has @demo/node latest=1.2.0,next=1.3.0-rc.1 1.0.0 1.1.0 1.2.0 1.3.0-rc.1
}
try 'npm: the plan, and nothing is done'
npm_project
run relver yank 1.2.0 -n --reason 'it eats files'
ok
out_is "dist-tag npm @demo/node 1.1.0 on npm: latest
    npm dist-tag add --registry $npm -- @demo/node@1.1.0 latest
withdraw npm @demo/node 1.2.0 on npm
    npm deprecate --registry $npm -- @demo/node@1.2.0 'it eats files'
next: relver bump 1.2.1"
run relver yank 1.2.0 --reason 'it eats files'
code 2
err_has 'error[confirm]'
err_has 'next: relver yank 1.2.0 --reason it eats files -y'
run relver yank 1.2.0 -n --json
ok
out_has '"dry_run": true, "steps": [{"do": "dist-tag", "ecosystem": "npm", "name": "@demo/node"'
out_has '"next": "relver bump 1.2.1"'
same "$(calls)" ''

try 'npm: done, once, and back'
npm_project
run relver yank 1.2.0 -y --reason 'it eats files'
ok
same "$(calls)" "npm dist-tag add --registry $npm -- @demo/node@1.1.0 latest
npm deprecate --registry $npm -- @demo/node@1.2.0 it eats files"
run relver verify
refused 1 withdrawn
run relver verify 1.1.0
ok
out_is 'ok npm @demo/node 1.1.0 on npm: latest'
for reason in '' '--reason=it eats files'; do # what is so costs no call
    : >"$peer/calls"
    run relver yank 1.2.0 ${reason:+"$reason"}
    ok
    out_is 'already so: withdraw npm @demo/node 1.2.0 on npm
next: relver bump 1.2.1'
    same "$(calls)" ''
done
run relver yank 1.2.0 -yq --reason 'it eats more'
ok
out_is ''
run relver verify --json
out_has '"why": "it eats more"'
: >"$peer/calls"
run relver yank 1.2.0 -y --undo
ok
same "$(calls)" "npm deprecate --registry $npm -- @demo/node@1.2.0 ''
npm dist-tag add --registry $npm -- @demo/node@1.2.0 latest"
run relver verify
ok
run relver yank 1.2.0 --undo
ok
out_is 'already so: restore npm @demo/node 1.2.0 on npm'

try 'npm: where each dist-tag goes back to'
back() # TAGS VERSIONS WANT..
{
    tags=$1 versions=$2; shift 2
    # shellcheck disable=SC2086
    npm_has @demo/node "$tags" $versions
    run relver yank 1.2.0 -n
    code 0
    same "$(echo "$out" | sed -n 's/^dist-tag npm @demo.node \(.*\) on npm: /\1 /p')" "$*"
}
npm_project
back latest=1.2.0 '1.0.0 1.2.0 2.0.0 0.9.0 1.1.9 1.2.0-rc.1' '1.1.9 latest'
back latest=1.2.0 '1.2.0 1.2.1 2.0.0' '2.0.0 latest'
back latest=2.0.0 '1.2.0 2.0.0' ''
back latest=1.2.0,next=1.2.0 '1.0.0 1.2.0' '1.0.0 latest
1.0.0 next'
back latest=2.0.0,release-1.2=1.2.0 '1.1.0 1.2.0-rc.1 1.2.0 2.0.0' ''
err_is 'relver: no stable version of @demo/node is left for the dist-tag release-1.2: it stays'
back latest=1.2.0 '1.2.0 1.1.0-rc.1' ''
err_has 'left for the dist-tag latest'
npm_has @demo/node latest=1.2.0 1.0.0 1.1.0 1.2.0
sed 's/"version":"1.1.0"/&,"deprecated":"no"/' "$peer/npm/@demo%2fnode" >said
has npm/@demo%2fnode <said
run relver yank 1.2.0 -n
out_has 'dist-tag npm @demo/node 1.0.0 on npm: latest'
npm_project
run relver yank 1.3.0-rc.1 -y
ok
same "$(calls | head -n 1)" "npm dist-tag add --registry $npm -- @demo/node@1.2.0 next"

### cargo and PyPI

cargo_project()
{
    start
    printf '[package]\nname = "demo-core"\nversion = "0.2.0"\n' >Cargo.toml
    cargo_has demo-core 0.1.0 0.2.0 0.2.1
}
try 'cargo'
cargo_project
run relver yank 0.2.0 -y
ok
out_is "withdraw cargo demo-core 0.2.0 on crates-io
    CARGO_REGISTRIES_RELVER_INDEX=sparse+$at/cargo/ cargo yank --version 0.2.0 demo-core \
--registry relver
next: relver bump 0.2.2"
run relver verify
refused 1 withdrawn
run relver yank 0.2.0 -y --reason 'cargo has no words for it'
ok
same "$(calls)" 'cargo yank --version 0.2.0 demo-core --registry relver'
run relver yank 0.2.0 -y --undo
ok
run relver verify
ok
same "$(calls | tail -n 1)" 'cargo yank --version 0.2.0 demo-core --undo --registry relver'

pypi_project()
{
    start
    printf '[project]\nname = "Demo.Py"\nversion = "0.2.0"\n' >pyproject.toml
    pypi_has 0.2.0 false
}
page=$at/pypi/manage/project/Demo.Py/release/0.2.0/
try 'PyPI: by hand'
pypi_project
run relver yank 0.2.0
refused 3 by-hand
out_is "by hand: withdraw pypi Demo.Py 0.2.0 on pypi
    $page: Yank release, with the reason: it was withdrawn
next: relver bump 0.2.1"
pypi_has 0.2.0 '"it is broken"'
run relver yank 0.2.0
ok
out_is 'already so: withdraw pypi Demo.Py 0.2.0 on pypi
next: relver bump 0.2.1'
run relver yank 0.2.0 --undo
refused 3 by-hand
out_is "by hand: restore pypi Demo.Py 0.2.0 on pypi
    $at/pypi/manage/project/Demo.Py/releases/: Options of 0.2.0, Un-yank"
pypi_has 0.2.0 false
run relver yank 0.2.0 --undo
ok

### all of them

all_three()
{
    start
    echo 'tag = "v{version}"' >relver.toml
    printf '[package]\nname = "demo-core"\nversion = "1.2.0"\n' >Cargo.toml
    echo '{"name": "@demo/node", "version": "1.2.0"}' >package.json
    printf '[project]\nname = "Demo.Py"\nversion = "1.2.0"\n' >pyproject.toml
    cargo_has demo-core 1.2.0
    npm_has @demo/node latest=1.2.0 1.1.0 1.2.0
    pypi_has 1.2.0 false
}
try 'all at once; what is not there'
all_three
run relver yank 1.2.0 -y
refused 3 by-hand 'half way, done: dist-tag @demo/node withdraw'
same "$(calls | wc -l)" 3
run relver yank 1.2.0
refused 3 by-hand
same "$(calls | wc -l)" 3
rm -r "$peer/pypi"
run relver yank 1.2.0
code 0
err_is 'relver: pypi Demo.Py 1.2.0: is not on pypi'
run relver yank 1.9.0 -y
code 1
err_has 'error[absent]: no registry has this version'
run relver yank 1.x -y
refused 2 version
run relver yank
refused 2 usage
run relver yank 1.2.0 --undo --reason x
refused 2 usage
run relver --offline yank 1.2.0
refused 4 registry

# What a registry can do instead of an answer, but for a 429 that asks for patience.
faults='401 403 404 410 429 429=999999 429=date+9999 500 501 502 503=999999 302 301 204 html reset
    cut=0 cut cut=130 drop drop=130 open short=30 silent hang hang=20 slow'

try 'nothing is known, and nothing is done'
all_three
where='npm cargo pypi'
for fault in $faults; do
    where="${where#* } ${where%% *}" # each in its turn
    fault "$fault@/${where%% *}/"
    run relver yank 1.2.0 -y
    code 4
    err_has 'unknown: '
    err_has 'state: nothing changed'
done
same "$(calls)" ''

### what goes wrong with the tools

try 'a tool fails, at the first act and at the second'
while read -r word first error; do
    for number in 1 2; do
        npm_project
        trouble $word $number
        run relver yank 1.2.0 -y
        [ $number = 1 ] || first=5
        code $first
        err_has "error[$error]"
        [ $number = 1 ] || err_has 'state: half way, done: dist-tag @demo/node'
        run relver yank 1.2.0 -y
        ok
        run relver yank 1.2.0
        ok
        same "$(grep -c dist-tag "$peer/calls")" $((3 - number)) "$word: dist-tag"
        same "$(grep -c deprecate "$peer/calls")" $number "$word: deprecate"
    done
done <<'END'
no 1 tool
lost 5 visible
401 4 auth
403 4 auth
END
npm_project
trouble 403
run relver yank 1.2.0 -y
err_has 'npm takes no such token for it: one of trusted publishing can only publish'
err_has "next: npm dist-tag add --registry $npm -- @demo/node@1.1.0 latest"
err_has 'relver: npm: npm error code E403'
npm_project
trouble late # what it says does not count
run relver yank 1.2.0 -y
ok
mkdir none && ln -s "$cases/bin/relver" none
run env PATH="$dir/none" relver yank 1.2.0 --undo -y
refused 1 tool

try 'somebody else is at it too'
npm_project
npm_has @demo/node latest=1.2.0,next=1.2.0 1.0.0 1.1.0 1.2.0
trouble moved
run relver yank 1.2.0 -y
code 5
err_has 'error[dist-tag]: somebody moved next meanwhile'
run relver yank 1.2.0 -y
ok
same "$(calls)" "npm dist-tag add --registry $npm -- @demo/node@1.1.0 latest
npm deprecate --registry $npm -- @demo/node@1.2.0 it was withdrawn"
npm_project
npm_has @demo/node latest=1.2.0,next=1.2.0 1.0.0 1.1.0 1.2.0
trouble 500@/npm/
run relver yank 1.2.0 -y
code 5
same "$(calls | wc -l)" 1

try 'one registry of several; one package of several'
all_three
fault 500@/cargo/
run relver yank 1.2.0 -y --to npm
ok
same "$(calls | wc -l)" 2
fault
run relver yank 1.2.0 -n --to npm --to crates-io
ok
out_has 'withdraw cargo'
out_lacks pypi
run relver yank 1.2.0 --to nowhere
refused 2 registry
printf 'tag = "{name}-v{version}"\n' >relver.toml
run relver yank 1.2.0 -y
refused 2 ambiguous
run relver yank 1.2.0 -y -p demo-core
ok
same "$(calls | wc -l)" 3

try 'what a registry says is only shown'
npm_project
npm_has @demo/node 'latest=1.2.0' 1.1.0 1.2.0
sed 's/"latest"/"\\u001b[31mx -y"/' "$peer/npm/@demo%2fnode" >said
has npm/@demo%2fnode <said
run relver yank 1.2.0 -n
code 0
out_lacks "$(printf '\033')"
out_has "'"

try 'relver is killed, and run again'
for word in kill killed; do
    for number in 1 2 3; do
        all_three
        rm -r "$peer/pypi" pyproject.toml
        trouble $word $number
        run relver yank 1.2.0 -y
        code 137
        run relver yank 1.2.0 -y
        ok
        run relver yank 1.2.0
        ok
        [ $word = kill ] && more=1 || more=0
        same "$(wc -l <"$peer/calls")" $((3 + more)) "$word $number: calls"
        same "$(sort -u "$peer/calls" | wc -l)" 3 "$word $number: acts"
        file_has "$peer/cargo/de/mo/demo-core" '"yanked":true'
        file_has "$peer/npm/@demo%2fnode" '"latest":"1.1.0"'
        file_has "$peer/npm/@demo%2fnode" '"version":"1.2.0","deprecated":'
    done
done

try 'verify --fix moves a dist-tag forward'
npm_project
npm_has @demo/node latest=1.1.0,next=1.3.0-rc.1 1.0.0 1.1.0 1.2.0 1.3.0-rc.1
run relver verify --fix -n
code 1
out_has "dist-tag npm @demo/node 1.2.0 on npm: latest
    npm dist-tag add --registry $npm -- @demo/node@1.2.0 latest"
err_has 'error[dist-tag]'
run relver verify --fix
code 2
err_has 'error[confirm]'
same "$(calls)" ''
run relver verify --fix -y --wait 30s # there is nothing to wait for
ok
out_is 'ok npm @demo/node 1.2.0 on npm: latest'
same "$(calls)" "npm dist-tag add --registry $npm -- @demo/node@1.2.0 latest"
run relver verify --fix # no more to do, so none to confirm
ok
for version in 1.1.0 1.3.0-rc.1; do # never back
    run relver verify $version --fix
    ok
done
npm_has @demo/node latest=1.1.0 1.0.0 1.1.0 1.2.0
sed 's/"version":"1.2.0"/&,"deprecated":"no"/' "$peer/npm/@demo%2fnode" >said
has npm/@demo%2fnode <said
run relver verify --fix -y # what is withdrawn gets none
refused 1 withdrawn
run relver verify 1.4.0 --fix -y
refused 1 absent
same "$(calls | wc -l)" 1
npm_project
npm_has @demo/node latest=1.1.0 1.1.0 1.2.0
trouble 403
run relver verify --fix -y
code 4
err_has 'error[auth]'
trouble no 2
run relver verify --fix -y
code 1
err_has 'error[tool]'
trouble late 3
run relver verify --fix -y
ok

### what goes wrong with the answers, behind an act

try 'an act whose outcome is not known'
for fault in $faults; do
    cargo_project
    trouble $fault@/cargo/
    run relver yank 0.2.0 -y
    code 5
    err_has 'state: half way, done: withdraw demo-core (perhaps)'
    err_has 'unknown: '
    fault
    run relver yank 0.2.0 -y
    ok
    same "$(calls | wc -l)" 1
done

finish
