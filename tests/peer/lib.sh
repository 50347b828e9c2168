# lib.sh - for the tests that talk to a server of this directory, in place of tests/cli/lib.sh:
#     . "$(dirname "$0")/../peer/lib.sh"
# or behind tests/interop/lib.sh.
# PEERS is the directory with the compiled servers; without it each test compiles what it uses. A
# server ends with the test, whatever becomes of that.
[ "${test_file-}" = "$0" ] || . "$(dirname "$0")/../cli/lib.sh"

peer=$cases/peer
peer_port='' peer_pid=''
mkdir "$peer"
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY GIT_ASKPASS SSH_ASKPASS
unset NODE_AUTH_TOKEN npm_config_registry npm_config_userconfig NPM_CONFIG_REGISTRY \
    NPM_CONFIG_USERCONFIG CARGO_REGISTRY_TOKEN TWINE_REPOSITORY_URL TWINE_USERNAME TWINE_PASSWORD \
    UV_PUBLISH_URL UV_PUBLISH_USERNAME UV_PUBLISH_PASSWORD UV_PUBLISH_TOKEN
GIT_TERMINAL_PROMPT=0
export GIT_TERMINAL_PROMPT

# What it says last is not a count, so that a server that died is a failure whatever was counted.
leave_peer()
{
    exec 9>&-
    [ -z "$peer_pid" ] || wait "$peer_pid" ||
        { cat "$peer/err"; echo "FAIL: $test_file: the server died"; }
    leave
}
trap leave_peer EXIT

# start_peer NAME: the server, with $peer as its directory; descriptor 9 is its standard input.
start_peer()
{
    [ -n "${PEERS-}" ] || { PEERS=$cases/bin && ${CC:-cc} -std=c99 -o "$PEERS/$1" \
        "$top/tests/peer/$1.c"; } || exit 2
    mkfifo "$peer/in" "$peer/out" || exit 2
    "$PEERS/$1" "$peer" <"$peer/in" >"$peer/out" 2>"$peer/err" 9>&- &
    peer_pid=$!
    exec 9>"$peer/in"
    read -r _ peer_port <"$peer/out" || exit 2
}

# serve [NAME]: a new bare repository for this case at $remote, over HTTP at $url; no fault, and
# an empty log.
serve()
{
    [ -n "$peer_port" ] || start_peer gitd
    remote=$peer/$case_number${1:+-$1}.git
    url=http://127.0.0.1:$peer_port/${remote##*/}
    git init -q --bare -b main "$remote" || exit 2
    git -C "$remote" config http.receivepack true
    git -C "$remote" config receive.autogc false
    fault
    : >"$peer/log"
}

# hook NAME <SCRIPT: of the repository at $remote.
hook()
{
    { echo '#!/bin/sh'; cat; } >"$remote/hooks/$1" && chmod +x "$remote/hooks/$1"
}

# fault [FAULT..]: what the server does wrong from now on, as http.h has it; none: nothing.
fault()
{
    rm -f "$peer/fault"
    [ $# = 0 ] || printf '%s\n' "$@" >"$peer/fault"
}

# remote_ref NAME: the object it names at $remote, nothing if it is not there.
remote_ref() { git --git-dir="$remote" rev-parse -q --verify "$1"; }

# requests TEXT: how many lines of the log hold it.
requests() { grep -Fc -e "$1" "$peer/log"; }

# What a person does on the forge: merges the branch of a pull request into another one.
merge() # REQUEST INTO
{
    made=$(git --git-dir="$remote" commit-tree "refs/heads/$1^{tree}" -p "refs/heads/$2" \
        -p "refs/heads/$1" -m "Merge $1") &&
        git --git-dir="$remote" update-ref "refs/heads/$2" "$made" &&
        git --git-dir="$remote" update-ref -d "refs/heads/$1" || exit 2
}

# twice COMMAND..: it does its work; the second run has none to do, here or there.
twice()
{
    run "$@"
    code 0
    before=$(everything)
    run "$@"
    code 0
    same "$(everything)" "$before" 'what the second run left'
}
everything()
{
    tree
    git status --porcelain
    git rev-parse HEAD
    git for-each-ref refs/heads refs/tags
    git --git-dir="$remote" for-each-ref
}

# told BRANCH: the author and subject of the last commit of the remote's branch.
told() { git --git-dir="$remote" log -1 --format=%s "$1"; }
