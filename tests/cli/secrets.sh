# Tokens: whoever keeps them, whatever is asked and whatever goes wrong, none is in an output, file,
# argument or child that should not have it, in any spelling. LONG=1 tries all with all.
. "$(dirname "$0")/../peer/lib.sh"

if ! echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    try 'tokens'
    skip 'no headers of libcurl'
    finish
fi

start_peer registry
host=127.0.0.1:$peer_port
at=http://$host
export RELVER_NPM_REGISTRY=$at/npm RELVER_CRATES_IO_INDEX=$at/cargo RELVER_PYPI_URL=$at/pypi
export RELVER_PYPI_UPLOAD_URL=$at/pypi/ RELVER_TIMEOUT=1
strace=$(strace -o "$cases/trace" true 2>/dev/null && echo yes)
has() { mkdir -p "$peer/${1%/*}" && cat >"$peer/$1"; }

# The token is all that is awkward in a URL, a shell, JSON and a printf; a letter behind it says
# whose it is, so the patterns are what all of them share.
canary='rvCANARY/+=%&"e7'
hex() { printf %s "$1" | od -An -v -tx1 | tr -d ' \n'; }
{
    echo "$canary"
    echo 'rvCANARY%2F%2B%3D%25%26%22e7' # all that may be, and as a path or a query has it
    echo 'rvCANARY%2f%2b%3d%25%26%22e7'
    echo 'rvCANARY/+=%25&%22e7'
    echo 'rvCANARY/+=%&\"e7' # JSON, C
    hex "$canary" && echo
    hex "$canary" | tr a-f A-F && echo
    for before in '' x xx; do # base64, wherever it begins
        printf %s "$before$canary" | base64 -w 0 | sed 's/^....//; s/....$//' && echo
    done
} >"$cases/spellings"
# .. and as strace -xx prints it, and shells do.
hex "$canary" | sed 's/../\\x&/g' >"$cases/trace-spellings"
echo >>"$cases/trace-spellings"
while read -r line; do hex "$line" | sed 's/../\\x&/g' && echo; done <"$cases/spellings" \
    >>"$cases/trace-spellings"

# clean WHAT FILE..: none of them has it.
clean()
{
    what=$1
    shift
    found=$(grep -rFl -f "$cases/spellings" "$@" 2>/dev/null)
    same "$found" '' "$what: a token in"
}

try 'what is looked for is found'
for before in '' me: __token__: abcde; do
    printf %s "$before${canary}n" | base64 >said
    same "$(grep -Fc -f "$cases/spellings" said)" 1 "base64 behind '$before'"
done
while read -r line; do
    echo "{\"x$line\"}" >said
    same "$(grep -Fc -f "$cases/spellings" said)" 1 "$line"
done <"$cases/spellings"

# traced COMMAND..: its calls that write, open or start something; what sends is none of them.
traced()
{
    strace -f -v -xx -s 100000 -o "$cases/trace" \
        -e trace=write,writev,pwrite64,execve,openat,rename,link,mkdir "$@"
}
# in_calls: those that have a token. The program's own start, at first, has what it was given.
in_calls()
{
    pid=$(sed 's/ .*//; q' "$cases/trace")
    grep -v "^$pid *execve(" "$cases/trace" | grep -F -f "$cases/trace-spellings" |
        sed 's/^[0-9]* *\([a-z0-9]*\).*/\1/' | sort | uniq -c | tr -s ' '
}
if [ -n "$strace" ]; then
    traced sh -c 'echo "$1" && (env - A="$1" true; : >"$1")' sh "${canary#*/}" >said 2>&1
    same "$(in_calls)" ''
    traced env "A=$canary" sh -c 'echo "$A"; (env | wc -l) && : >"a${A%%/*}"' >said 2>&1
    same "$(in_calls | tr -d ' 0-9' | tr '\n' ' ')" 'execve write '
fi

### who keeps them

# keep WAY: in $dir a project of three packages; at home, in the environment or in its .npmrc their
# tokens, and how the registry of each must see them is $cases/sent.
keep()
{
    rm -rf "$HOME"/.??* "$dir"/* "$dir"/.??* "$peer/npm" "$peer/cargo" "$peer/pypi"
    fault
    mkdir -p "$HOME/.cargo" "$dir/src"
    printf '[package]\nname = "democore"\nversion = "0.2.0"\n' >Cargo.toml
    echo '{"name": "demo-node", "version": "0.2.0"}' >package.json
    printf '[project]\nname = "demo-py"\nversion = "0.2.0"\n' >pyproject.toml
    echo '{"name":"democore","vers":"0.2.0","deps":[],"features":{},"cksum":"1","yanked":false}' |
        has cargo/de/mo/democore
    printf %s "${canary}c" >"$peer/cargo/token"
    : >"$peer/cargo/private"
    echo '{"name":"demo-node","dist-tags":{"latest":"0.2.0"},"versions":{"0.2.0":{}}}' |
        has npm/demo-node
    echo '{"meta":{},"name":"demo-py","files":[{"filename":"demo_py-0.2.0.tar.gz"}]}' |
        has pypi/simple/demo-py/index.json
    : >"$cases/env"
    printf "registry.token = '%s'\n" "${canary}c" >"$HOME/.cargo/credentials.toml"
    printf '[team]\nrepository: %s\nusername: me\npassword: %s\n' "$at" "${canary}p" \
        >"$HOME/.pypirc"
    npm="Bearer ${canary}n" pypi="Basic $(printf %s "me:${canary}p" | base64 -w 0)"
    case $1 in
    environment)
        rm -r "$HOME/.cargo" "$HOME/.pypirc"
        printf '%s\n' "NODE_AUTH_TOKEN=${canary}n" "CARGO_REGISTRY_TOKEN=${canary}c" \
            TWINE_USERNAME=me "TWINE_PASSWORD=${canary}p" >"$cases/env" ;;
    files) echo "//$host/:_authToken=${canary}n" >"$HOME/.npmrc" ;;
    variables)
        echo "//$host/npm/:_authToken=\${TEAM}" >"$HOME/.npmrc"
        pypi="Basic $(printf %s "__token__:${canary}p" | base64 -w 0)"
        rm -r "$HOME/.cargo"
        printf '%s\n' "TEAM=${canary}n" "CARGO_REGISTRIES_CRATES_IO_TOKEN=${canary}c" \
            "UV_PUBLISH_TOKEN=${canary}p" "UV_PUBLISH_URL=$at/" >"$cases/env" ;;
    basic)
        npm="Basic $(printf %s "me:${canary}n" | base64 -w 0)"
        echo "//$host/:_auth=${npm#* }" >"$HOME/.npmrc" ;;
    password)
        npm="Basic $(printf %s "me:${canary}n" | base64 -w 0)"
        printf '%s\n' "//$host/:username=me" \
            "//$host/:_password=\"$(printf %s "${canary}n" | base64 -w 0)\"" >"$HOME/.npmrc" ;;
    config) echo "npm_config_//$host/:_authToken=${canary}n" >"$cases/env" ;;
    project) echo "//$host/:_authToken=${canary}n" >.npmrc ;;
    esac
    printf '%s\n' "/cargo/config.json" "/cargo/de/mo/democore ${canary}c" \
        "/npm/demo-node?write=true $npm" "/pypi/simple/demo-py/ $pypi" | sed 1d >"$cases/sent"
    git init -q . && git add ./*.* && git commit -qm start || exit 2
    remember
}
remember()
{
    rm -rf "$cases/before" && mkdir "$cases/before" && cp -R "$HOME" "$dir" "$cases/before/"
}

# ask ARGUMENT..: relver, with the environment of the way that is tried.
ask()
{
    set -- relver "$@"
    while read -r line; do set -- "$line" "$@"; done <"$cases/env"
    run ${trace-} env "$@"
    command_line="$way $fault relver"
}

# What a run has left anywhere but at the registry.
left_nothing()
{
    clean "$1" "$cases/out" "$cases/err" "$dir/.git/relver"
    same "$(diff -rx relver "$cases/before/${dir##*/}" "$dir"
        diff -r "$cases/before/home" "$HOME")" '' "$1: what is left"
}

ways='environment files variables basic password config project'
commands='verify|check free|show dist-tag -p npm:demo-node|check publishers|status|publish -n'
slow='silent hang=20 slow endless'
faults='401 403 404 429=1 429=999999 500 302 html reset cut=20 cut=130 drop=130 open short=30
    heads=6000 done-500'
few() { echo $faults | tr ' ' '\n' | awk -v n=$case_number 'NR % 4 == n % 4'; } # others each time

for way in $ways; do
    try "reading: $way"
    keep $way
    fault=
    rm -f "$peer/tokens"
    ask verify
    ok
    same "$(sort "$peer/tokens" | grep -v config.json)" "$(cat "$cases/sent")" 'what was sent'
    echo "$commands" | tr '|' '\n' >"$cases/commands"
    while read -r words; do
        for mode in '' -v --json; do
            ask $words $mode
            left_nothing "$words $mode"
        done
    done <"$cases/commands"
    for fault in ${LONG:+$slow $faults} ${LONG:-$(few)}; do
        [ "$fault" = "${LONG-}" ] && continue
        fault $fault
        for words in 'verify -v' 'verify --json' ${LONG:+'check free -v' 'publish -n'}; do
            ask $words
            left_nothing "$fault: $words"
        done
    done
done

### what the system sees

for way in $ways; do
    try "calls: $way"
    [ -n "$strace" ] || { skip 'no strace'; continue; }
    keep $way
    for fault in '' 401 html ${LONG:+$faults}; do
        fault $fault
        for words in 'verify -v --json' 'check free' 'status' 'publish -n'; do
            trace=traced ask $words
            same "$(in_calls)" '' "$fault: $words: a call with a token"
        done
    done
done

### the tools that write

for tool in cargo npm twine; do
    cat >"$cases/bin/$tool" <<SH && chmod +x "$cases/bin/$tool"
#!/bin/sh
env >$cases/$tool.env
printf '%s\n' "\$@" >$cases/$tool.argv
echo "error: no such token" >&2
exit 1
SH
done
for way in $ways; do
    try "tools: $way"
    keep $way
    rm -r "$peer/npm/demo-node" "$peer/cargo/de" "$peer/pypi/simple" "$peer/cargo/private"
    mkdir dist && echo 1 >dist/demo_py-0.2.0.tar.gz
    remember
    fault=
    for tool in cargo:democore:[np] npm:demo-node:[cp] twine:demo-py:[cn]; do
        name=${tool#*:}
        rm -f "$cases"/*.env "$cases"/*.argv
        ask publish -y -v -p "${name%:*}"
        code 1
        left_nothing publish
        clean publish "$cases/${tool%%:*}.argv"
        same "$(grep -c "$canary${tool##*:}" "$cases/${tool%%:*}.env")" 0 "others' tokens for $tool"
        case $way in
        environment | variables) file_has "$cases/${tool%%:*}.env" "$canary" ;;
        config) ;;
        *) clean publish "$cases/${tool%%:*}.env" ;;
        esac
    done
done

finish
