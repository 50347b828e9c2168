# lib.sh - for the lanes of real tools: sh tests/interop/NAME.sh, each of which begins with
#     . "$(dirname "$0")/lib.sh"
# and ends with `finish`. All of tests/cli/lib.sh is there too. `need SET` and `tool NAME` get what
# a lane compares with; a lane without it skips: `need pnpm || finish`.

# Where the tools are kept, below the caller's home, which cli/lib.sh is about to replace; rustup
# and pyenv look for theirs there too.
kept=${RELVER_INTEROP:-${XDG_CACHE_HOME:-$HOME/.cache}/relver-interop}
own_home=$HOME
export RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" PYENV_ROOT="${PYENV_ROOT:-$HOME/.pyenv}"
. "$(dirname "$0")/../cli/lib.sh"
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME NODE_PATH
export PYTHONDONTWRITEBYTECODE=1
want=$top/tests/interop/want
: >"$cases/before"

# install KIND DIR NAME VERSION..: by the ecosystem's own client, as the caller has set it up.
# A new kind is one more function.
install_npm()
{
    to=$1; shift
    mkdir -p "$to" # what the set names has that version wherever it is asked for
    printf '"%s": "%s"\n' "$@" | paste -sd, | sed 's/.*/{"overrides": {&}}/' >"$to/package.json"
    # shellcheck disable=SC2046  # the words have no blanks
    npm install --prefix "$to" --ignore-scripts --no-audit --no-fund --save-exact \
        $(printf '%s@%s ' "$@")
}
install_pip()
{
    to=$1; shift
    # shellcheck disable=SC2046
    python3 -m venv --clear "$to" &&
        "$to/bin/python" -m pip install --no-deps $(printf '%s==%s ' "$@")
}

# The crates' sources in vendor/, under a crate of no use but to depend on them.
install_cargo()
{
    to=$1; shift
    mkdir -p "$to/src" && : >"$to/src/lib.rs" && {
        printf '[package]\nname = "kept"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n'
        printf '%s = "=%s"\n' "$@"
    } >"$to/Cargo.toml" && cargo vendor --manifest-path "$to/Cargo.toml" "$to/vendor"
}

# need SET: the set of tests/interop/pins, installed in $tools, its programs first in PATH. What is
# kept bears the rows' checksum in its name; lanes side by side wait for each other.
need()
{
    rows=$(awk -v set="$1" '$1 == set { print $2, $3, $4 }' "$top/tests/interop/pins")
    kind=${rows%% *}
    tools=$kept/$1-$(echo "$rows" | cksum | cut -d ' ' -f 1)
    case $kind in npm) client=npm ;; pip) client=python3 ;; *) client=$kind ;; esac
    [ -n "$rows" ] || { skip "no set '$1' in tests/interop/pins"; return 1; }
    command -v "$client" >/dev/null || { skip "$1: no $client here"; return 1; }
    mkdir -p "$kept"
    (
        flock 9
        [ -e "$tools/ready" ] && exit
        # shellcheck disable=SC2046
        HOME=$own_home "install_$kind" "$tools" $(echo "$rows" | cut -d ' ' -f 2-) \
            >"$tools.log" 2>&1 9>&- && : >"$tools/ready"
    ) 9>"$tools.lock" || { skip "$1: not to be had: $(grep -im 1 error "$tools.log")"; return 1; }
    PATH=$tools/bin:$tools/node_modules/.bin:$PATH
}

# tool NAME [OLDEST]: a tool that the machine has or has not.
tool()
{
    command -v "$1" >/dev/null || { skip "no $1 here"; return 1; }
    [ $# = 1 ] && return
    has=$("$1" --version | grep -Eo '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
    [ "$(relver version compare "$has" "$2")" != '<' ] || { skip "$1 $has is too old"; return 1; }
}

# Registries on this machine, each once need has its set; they end with the lane, or at `stop`.
servers=
stop()
{
    # shellcheck disable=SC2086
    [ -z "$servers" ] || { kill $servers; wait $servers; } 2>/dev/null
    servers=
}
trap 'stop; leave' EXIT

# answers URL COMMAND..: starts a server, and waits until it answers there.
answers()
{
    url=$1; shift
    "$@" >"$cases/server.$1" 2>&1 9>&- &
    servers="$servers $!"
    python3 - "$url" $! <<'END' && return
import os, sys, time, urllib.error, urllib.request
for _ in range(300):
    try:
        sys.exit(urllib.request.urlopen(sys.argv[1]).status != 200)
    except (urllib.error.URLError, ConnectionError):
        os.kill(int(sys.argv[2]), 0)
        time.sleep(0.1)
sys.exit(1)
END
    cat "$cases/server.$1"
    fail "no server of $1 at $url"
}
free_port()
{
    python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])'
}

# serve_npm: verdaccio at $npm_url, where npm is alice.
serve_npm()
{
    cat >"$cases/config.yaml" <<END
storage: $cases/storage
auth: {htpasswd: {file: $cases/htpasswd}}
uplinks: {}
packages: {'**': {access: \$all, publish: \$authenticated}}
web: {enable: false}
log: {type: file, path: $cases/npm.log, level: http}
END
    npm_at=127.0.0.1:$(free_port)
    npm_url=http://$npm_at
    answers "$npm_url/-/ping" verdaccio -c "$cases/config.yaml" -l "$npm_at"
    run node -e '
        const user = {name: "alice", password: "secret of alice", type: "user"};
        fetch(process.argv[1] + "/-/user/org.couchdb.user:alice",
                {method: "PUT", headers: {"content-type": "application/json"},
                 body: JSON.stringify(user)})
            .then(answer => answer.json()).then(said => console.log(said.token));' "$npm_url"
    code 0
    echo "//$npm_at/:_authToken=$out" >"$HOME/.npmrc"
    export npm_config_registry=$npm_url/
}

# serve_pypi: pypiserver at $pypi_url, which answers in HTML only, as many do. It is all that twine
# and pip know.
serve_pypi()
{
    mkdir "$cases/index"
    pypi_at=$(free_port)
    pypi_url=http://127.0.0.1:$pypi_at
    answers "$pypi_url/simple/" pypi-server run -v -i 127.0.0.1 -p "$pypi_at" -P . -a . \
        --disable-fallback "$cases/index"
    export TWINE_REPOSITORY_URL=$pypi_url/ TWINE_USERNAME=alice TWINE_PASSWORD=secret
    export TWINE_NON_INTERACTIVE=1 PIP_INDEX_URL=$pypi_url/simple/ PIP_CONFIG_FILE=/dev/null
    export PIP_DISABLE_PIP_VERSION_CHECK=1
    unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL
}

# counted COMMAND..: a program of checks, whose last line counts them; the rest is shown.
counted()
{
    run "$@"
    sed '$d' "$cases/out"
    count=$(tail -n 1 "$cases/out")
    case $code$count in
    0*' passed, 0 failed'* | 1*' passed, '[1-9]*' failed'*)
        # shellcheck disable=SC2086
        set -- $count
        passed=$((passed + $1)) failed=$((failed + $3)) ;;
    *) fail 'ended and counted nothing' ;;
    esac
}

# probe: builds $PROBE, which asks relver.h what the command has no words for.
probe()
{
    export PROBE="$cases/probe"
    run "${CC:-cc}" -std=c99 -O1 -o "$PROBE" "$top/tests/interop/probe.c"
    code 0
}

# modules FILE: an ES module of this directory that finds what the set has installed.
modules() { cp "$top/tests/interop/$1" . && ln -sfn "$tools/node_modules" node_modules; }

# shape NAME [DIRECTORY]: a case of its own: one of the shapes, under git.
shape()
{
    try "$1"
    shape=$1
    workspace "${2:-tests/interop/shapes/$1}"
}

# A lane says in a function, `$says`, how the real tool is asked: it prints "NAME VERSION" for each
# package that the tool sees, and fails when the tool does not take the tree as it stands. Another,
# `$again`, has the tool write its lock file anew; `$lax` is set where it takes a stale one and only
# that shows that it looks. `$scheme` is how relver spells the versions of a
# shape, `$style` how the tool does.
says= again= lax= scheme=semver style=semver
in_scheme() { relver version convert --from semver --to "$scheme" "$1"; }
in_style() { relver version convert --from "$scheme" --to "$style" "$1"; }

# agrees VERSION: the tool takes the tree, says what it said at first with the new version in place
# of the old one, and would write the same lock file. stale: it does not take it, or says else.
says()
{
    run "$says"
    git clean -qfdx
    sed "s/ $(in_style "$old")\$/ $(in_style "$1")/" "$cases/before" >"$cases/expected"
}
agrees()
{
    says "$1"
    code 0
    same_file "$cases/out" "$cases/expected"
    [ -n "$again" ] || return
    snap
    run "$again"
    code 0
    git clean -qfdx
    unchanged
}
stale()
{
    says "$1"
    [ -z "$lax" ] || { snap; run "$again"; git clean -qfdx; }
    if [ -n "$lax" ]; then
        if [ "$(tree)" != "$snapped" ]; then pass
        else fail "$again leaves a stale file alone"; fi
    elif [ "$code" != 0 ] || ! cmp -s "$cases/out" "$cases/expected"; then pass
    else fail "$says takes a stale tree"; fi
}

# A version as a regular expression: what a bump takes away or writes, in either spelling and with
# the precision of a requirement.
pattern()
{
    echo "$1" |
        sed -E 's/\./\\./g; s/-?rc(\\\.)?/-?rc(\\.)?/; s/^([0-9]+\\\.[0-9]+)(\\\.[0-9]+)$/\1(\2)?/'
}

# step VERSION WHAT..: the bump from the version before: the diff that was announced is the change
# that is made, nothing but versions is in it, relver and the real tool agree with the result.
step()
{
    new=$(in_scheme "$1"); shift
    snap
    run relver bump "$@" -n
    code 0
    unchanged
    cp "$cases/out" "$cases/announced"
    run relver bump "$@"
    ok
    versions_only "$(pattern "$at")" "$(pattern "$new")"
    git diff >"$cases/made"
    git checkout -q .
    if git apply "$cases/announced" 2>"$cases/err" && git diff | cmp -s - "$cases/made"; then pass
    else fail 'what was announced is not what was done'; fi
    git checkout -q . && git apply "$cases/made"
    run relver check
    ok
    snap
    run relver bump "$new"
    ok
    out_has 'nothing to do'
    unchanged
    agrees "$new"
    git commit -qam "$new"
    at=$new
}

# left FILE..: the lock files stay behind at the version before: the tool refuses the tree, `check`
# says so, the bump to the version that is there mends it.
left()
{
    git checkout -q HEAD~1 -- "$@"
    stale "$at"
    git checkout -q HEAD~1 -- "$@"
    run relver check
    code 1
    run relver bump "$at"
    ok
    agrees "$at"
    same "$(git diff HEAD --stat)" '' 'left behind by the cure'
    git reset -q --hard
}

# ordinary SAYS AGAIN [LOCK..]: all that is asked of a shape, which stands at 1.2.3, without any
# configuration. want/SHAPE.status, .diff and .init are what status, `bump patch -n` and
# `init --print` say.
ordinary()
{
    old=1.2.3 at=1.2.3 says=$1 again=$2; shift 2
    run "$says"
    code 0
    git clean -qfdx
    cp "$cases/out" "$cases/before"
    file_has "$cases/before" " $old"
    agrees "$old"
    lax= stale 9.9.9
    for what in status 'bump patch -n' 'init --print'; do
        # shellcheck disable=SC2086
        run relver $what
        code 0
        same_file "$cases/out" "$want/$shape.$(echo "$what" | sed 's/bump.*/diff/; s/ .*//')"
    done
    run relver check
    ok
    step 1.2.4 patch
    [ $# = 0 ] || left "$@"
    step 1.3.0-rc.1 minor rc
    step 1.3.0-rc.2 rc
    [ $# = 0 ] || left "$@"
    step 1.3.0 release
}
