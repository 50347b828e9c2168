# the five workspaces of examples/: every place of a version is listed, bumped and checked
. "$(dirname "$0")/lib.sh"

# lists PLACES: `relver status` names exactly these places, and nothing has drifted.
lists()
{
    run relver status
    ok
    same "$(places)" "$1" 'the places'
}
places() { printf '%s\n' "$out" | sed -n 's/^  \([^ ]*\): /\1 /p'; }

# now VERSION [-p NAME]: what `relver show version` prints.
now()
{
    version=$1
    shift
    run relver show version "$@"
    ok
    out_is "$version"
}

# bumps EDITS WHAT..: the whole difference is EDITS (per file and line, its number, what it was and
# what it is); the same again finds nothing to do; check says yes.
bumps()
{
    edits=$1
    shift
    git add -A && git commit -q --allow-empty -m before
    run relver bump "$@"
    code 0
    same "$(edits)" "$edits" "the edits of $*"
    snap
    run relver bump "$@"
    ok
    out_has 'nothing to do'
    unchanged
    run relver check
    ok
}

# FILE:LINE - was / FILE:LINE + is, for every changed line since the last commit.
edits()
{
    git diff -U0 | awk '
        /^\+\+\+ b\// { file = substr($0, 7); next }
        /^--- / { next }
        /^@@ / { split($3, new, ","); line = new[1] + 0; was = 0; next }
        /^-/ { was++; old[was] = substr($0, 2); is = 0; next }
        /^\+/ { is++; print file ":" line++ ": " trim(old[is]) " => " trim(substr($0, 2)) }
        function trim(s) { gsub(/^[ \t]+|[ \t,]+$/, "", s); return s }'
}

# valid_json: the last run printed one JSON document.
valid_json()
{
    if command -v python3 >/dev/null; then
        python3 -m json.tool <"$cases/out" >/dev/null 2>&1 && pass || fail 'not JSON'
    elif command -v node >/dev/null; then
        node -e 'JSON.parse(require("fs").readFileSync(0))' <"$cases/out" 2>/dev/null && pass ||
            fail 'not JSON'
    else
        skip 'neither python3 nor node'
    fi
}

# speaks_json BUMP..: so do all commands that have --json.
speaks_json()
{
    run relver status --json
    valid_json
    run relver check --json
    valid_json
    run relver bump "$@" -n --json
    valid_json
}

# swap FILE LINE COL OLD NEW: replace one text of a file where it stands.
swap()
{
    was=$4 is=$5 awk -v line="$2" -v col="$3" '
        NR == line {
            old = ENVIRON["was"]
            if (substr($0, col, length(old)) != old) exit 1
            $0 = substr($0, 1, col - 1) ENVIRON["is"] substr($0, col + length(old))
        }
        { print }' "$1" >"$cases/swapped" && cat "$cases/swapped" >"$1" ||
        fail "no '$4' at $1:$2:$3"
}

# drifts: each place in turn is set to another version by hand, and check names its file and line.
# The place that speaks for its unit is believed: there check names the places that repeat it.
drifts()
{
    git add -A && git commit -q --allow-empty -m before
    relver status >"$cases/status"
    awk '/^  / { print unit, $0; next } /^not edited/ { next } { unit = $1 }' "$cases/status" |
        sed 's/^\([^ ]*\)   \([^ ]*\): /\1 \2 /' >"$cases/places"
    while read -r unit where what; do
        file=${where%%:*} line=${where#*:} col=${where##*:}
        line=${line%%:*} text=${what##* = } names=$file:$line:
        anchor=$(relver show why -p "$unit" | sed -n '1s/.*, from //p')
        case $what in
        *'(inherited)') sed -i "$line"'s/.*/version = "9.9.9"/' "$file" ;;
        *'(dynamic)')
            sed -i "$line"'s/$/\nversion = "9.9.9"/' "$file"
            names=$file:$((line + 1)):
            ;;
        *) swap "$file" "$line" "$col" "$text" "$(other "$text")" ;;
        esac
        run relver check
        if [ "$where" != "$anchor" ]; then
            [ "$code" = 1 ] || [ "$code" = 2 ] && pass || fail "drift at $where is not found"
            err_has "$names"
        elif awk -v unit="$unit" -v anchor="$where" '
            $1 == unit && $2 != anchor && / = .*[0-9]/ { n++ } END { exit !n }' "$cases/places"; then
            code 1
        else
            code 0
        fi
        git checkout -q .
    done <"$cases/places"
    run relver check
    ok
}
other()
{
    case $1 in
    *[0-9]*) printf '%s' "$1" | sed 's/[0-9][0-9A-Za-z.-]*/9.9.9/' ;;
    workspace:*) printf 'workspace:^9.9.9' ;;
    *) printf '9.9.9' ;;
    esac
}

# ---- one-version --------------------------------------------------------------------------------

try 'one-version'
workspace examples/one-version
lists 'Cargo.toml:7:12 workspace.package.version = 0.1.0
Cargo.toml:13:26 workspace.dependencies.nemo-flow.version = 0.1.0
Cargo.toml:14:61 workspace.dependencies.nemo-flow-adaptive.version = 0.1.0
Cargo.toml:15:51 workspace.dependencies.nemo-flow-cli.version = 0.1.0
Cargo.toml:22:12 workspace.dependencies.nemo-flow-ffi.version = 0.1.0
pyproject.toml:7:13 project.dynamic[0] (dynamic)
crates/adaptive/Cargo.toml:4:21 package.version.workspace (inherited)
crates/cli/Cargo.toml:4:21 package.version.workspace (inherited)
crates/core/Cargo.toml:4:21 package.version.workspace (inherited)
crates/ffi/Cargo.toml:4:21 package.version.workspace (inherited)
crates/node/Cargo.toml:4:21 package.version.workspace (inherited)
crates/node/package.json:3:15 version = 0.1.0
crates/python/Cargo.toml:4:21 package.version.workspace (inherited)
crates/wasm/Cargo.toml:4:21 package.version.workspace (inherited)
integrations/openclaw/package.json:3:15 version = 0.1.0
integrations/openclaw/package.json:8:24 dependencies.nemo-flow-node = ^0.1.0
Cargo.lock:7:12 package[name=nemo-flow].version = 0.1.0
Cargo.lock:14:12 package[name=nemo-flow-adaptive].version = 0.1.0
Cargo.lock:21:12 package[name=nemo-flow-cli].version = 0.1.0
Cargo.lock:29:12 package[name=nemo-flow-ffi].version = 0.1.0
Cargo.lock:37:12 package[name=nemo-flow-node].version = 0.1.0
Cargo.lock:44:12 package[name=nemo-flow-python].version = 0.1.0
Cargo.lock:51:12 package[name=nemo-flow-wasm].version = 0.1.0
package-lock.json:15:19 packages."crates/node".version = 0.1.0
package-lock.json:20:19 packages."integrations/openclaw".version = 0.1.0
package-lock.json:23:28 packages."integrations/openclaw".dependencies.nemo-flow-node = ^0.1.0
docs/getting-started/installation.md:7:14 nemo-flow = "{version}" = 0.1.0'
now 0.1.0
speaks_json minor
drifts

try 'two-packages'
workspace examples/two-packages
lists 'Cargo.toml:3:12 package.version = 0.4.0
edgequake-litellm/Cargo.toml:15:43 dependencies.edgequake-llm.version = 0.4.0
Cargo.lock:14:12 package[name=edgequake-llm].version = 0.4.0
edgequake-litellm/Cargo.toml:3:12 package.version = 0.3.0
edgequake-litellm/pyproject.toml:7:12 project.version = 0.3.0
Cargo.lock:7:12 package[name=edgequake-litellm].version = 0.3.0'
now 0.4.0 -p edgequake-llm
now 0.3.0 -p edgequake-litellm
speaks_json edgequake-llm=minor
drifts

finish
