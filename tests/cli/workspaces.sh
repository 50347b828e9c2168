# the five workspaces of examples/: every place of a version is listed, bumped, checked and stamped
. "$(dirname "$0")/lib.sh"
export SOURCE_DATE_EPOCH=1795219200 # 2026-11-21, the day of what changelogs are given

# lists PLACES: `relver status` names exactly these places, nothing has drifted, and no line of a
# document is left that a bump would not reach. Of the keys of
# pnpm's and uv's lock files, importers.DIR.TABLE.NAME.specifier, the ends are left out, and what is
# said of a version that wasm-pack hands on.
lists()
{
    run relver status
    ok
    same "$(places)" "$1" 'the places'
    out_lacks 'expected'
    out_lacks 'not edited'
}
places()
{
    printf '%s\n' "$out" |
        sed -n 's/ importers\./ /; s/\.specifier = / = /; s/; wasm.*//; s/^  \([^ ]*\): /\1 /p'
}

# now VERSION [-p NAME]: what `relver show version` prints.
now()
{
    version=$1
    shift
    run relver show version "$@"
    ok
    out_is "$version"
}

# bumps WORDS WHAT..: the words that change are WORDS, each "FILE:LINE what it reads now", and
# nothing else does; a bump to where it led finds nothing to do, and check says yes.
bumps()
{
    words=$1
    shift
    git add -A && git commit -q --allow-empty -m before
    run relver bump "$@"
    code 0
    talk=$err again=$(printf '%s\n' "$out" | sed -n 's/^\(.*\) .* => \(.*\)$/\1=\2/p')
    same "$(changed)" "$words" "the changes by 'bump $*'"
    snap
    run relver bump $again
    ok
    out_has 'nothing to do'
    unchanged
    run relver check
    ok
}
changed()
{
    git diff -U0 --word-diff=porcelain --word-diff-regex='[^][:space:]",;[]+' | awk '
        /^\+\+\+ / { file = substr($0, 7); next }
        /^--- / { next }
        /^@@ / { split($3, at, ","); line = at[1] + 0; next }
        /^~/ { line++ }
        /^-/ { old = 1; next }
        /^\+/ { print file ":" line (old ? " " : " added ") substr($0, 2) }
        old { if (!/^\+/) print file ":" line " removed"; old = 0 }'
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
        *'(inherited'*) sed -i "$line"'s/.*/version = "9.9.9"/' "$file" ;;
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
            $1 == unit && $2 != anchor && / = .*[0-9]/ { n++ }
            END { exit !n }' "$cases/places"; then
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

# stamps VERSIONS: a build's own version for every package, each "ecosystem name version", and then
# the tree as it was. The id is the commit's first 8 digits after a 'g', for they are all digits.
stamps()
{
    snap
    run relver stamp --sha 0123456789abcdef0123456789abcdef01234567
    ok
    same "$(printf '%s\n' "$out" | sed '$d')" "$1" 'the stamped versions'
    if [ "$(tree)" != "$snapped" ]; then pass; else fail 'no file is stamped'; fi
    run relver check
    refused 1 stamped
    run relver stamp --restore
    ok
    unchanged
    run relver check
    ok
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
stamps 'pypi nemo-flow 0.1.0+g01234567
cargo nemo-flow-adaptive 0.1.0+g01234567
cargo nemo-flow-cli 0.1.0+g01234567
cargo nemo-flow 0.1.0+g01234567
cargo nemo-flow-ffi 0.1.0+g01234567
cargo nemo-flow-node 0.1.0+g01234567
npm nemo-flow-node 0.1.0-g01234567
cargo nemo-flow-python 0.1.0+g01234567
cargo nemo-flow-wasm 0.1.0-g01234567
npm nemo-flow-openclaw 0.1.0-g01234567'
drifts
bumps 'Cargo.lock:7 0.2.0-rc.1
Cargo.lock:14 0.2.0-rc.1
Cargo.lock:21 0.2.0-rc.1
Cargo.lock:29 0.2.0-rc.1
Cargo.lock:37 0.2.0-rc.1
Cargo.lock:44 0.2.0-rc.1
Cargo.lock:51 0.2.0-rc.1
Cargo.toml:7 0.2.0-rc.1
Cargo.toml:13 0.2.0-rc.1
Cargo.toml:14 0.2.0-rc.1
Cargo.toml:15 '"'0.2.0-rc.1'"'
Cargo.toml:22 0.2.0-rc.1
crates/node/package.json:3 0.2.0-rc.1
docs/getting-started/installation.md:7 0.2.0-rc.1
integrations/openclaw/package.json:3 0.2.0-rc.1
integrations/openclaw/package.json:8 ^0.2.0-rc.1
package-lock.json:15 0.2.0-rc.1
package-lock.json:20 0.2.0-rc.1
package-lock.json:23 ^0.2.0-rc.1' 0.2.0-rc.1
now 0.2.0-rc.1
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
stamps 'cargo edgequake-llm 0.4.0+g01234567
cargo edgequake-litellm 0.3.0+g01234567
pypi edgequake-litellm 0.3.0+g01234567'
drifts
bumps 'CHANGELOG.md:7 added ## [0.5.0] - 2026-11-21
Cargo.lock:7 0.4.0
Cargo.lock:14 0.5.0
Cargo.toml:3 0.5.0
edgequake-litellm/CHANGELOG.md:7 added ## [0.4.0] - 2026-11-21
edgequake-litellm/Cargo.toml:3 0.4.0
edgequake-litellm/Cargo.toml:15 0.5.0
edgequake-litellm/pyproject.toml:7 0.4.0' edgequake-llm=0.5.0 edgequake-litellm=0.4.0
drifts

try 'changelog'
workspace examples/changelog
lists 'pyproject.toml:7:12 project.version = 0.3.0
src/omi/__init__.py:5:16 __version__ = 0.3.0
README.md:16:16 ![omi-openclaw {version}] = 0.3.0
README.md:16:68 omi--openclaw-{version}-blue = 0.3.0
README.md:18:31 omi-openclaw=={version} = 0.3.0'
now 0.3.0
speaks_json minor
stamps 'pypi omi-openclaw 0.3.0+g01234567'
drifts
bumps 'CHANGELOG.md:10 added ---
CHANGELOG.md:12 added ## [0.4.0] - 2026-11-21
CHANGELOG.md:61 added | 0.4.0   | 2026-11-21 | Add `omi init --data-dir DIR`     |
README.md:16 0.4.0](https://registry.example/badge/omi--openclaw-0.4.0-blue.svg)
README.md:18 omi-openclaw==0.4.0
pyproject.toml:7 0.4.0
src/omi/__init__.py:5 0.4.0' minor
now 0.4.0
file_has src/omi/store.py 'FORMAT = "0.3.0"'
drifts
bumps 'README.md:16 0.4.1rc1](https://registry.example/badge/omi--openclaw-0.4.1rc1-blue.svg)
README.md:18 omi-openclaw==0.4.1rc1
pyproject.toml:7 0.4.1rc1
src/omi/__init__.py:5 0.4.1rc1' 0.4.1rc1

try 'from-tags'
workspace examples/from-tags
lists 'pyproject.toml:7:13 project.dynamic[0] (dynamic)
pyproject.toml:11:21 project.dependencies[0] = ==0.4.5.dev0
pyproject.toml:16:30 project.optional-dependencies.client[0] = >=0.4.4
pyproject.toml:23:25 dependency-groups.dev[0] = ~= 0.4.2
pyproject.toml:25:61 dependency-groups.test[1] = == 0.4.5.dev0
pyproject.toml:32:21 tool.setuptools_scm.fallback_version = 0.4.5.dev0
uv.lock:39:79 package.metadata.requires-dist[2] = >=0.4.4
uv.lock:44:52 package.metadata.requires-dev.dev[0] = ~=0.4.2
uv.lock:47:49 package.metadata.requires-dev.test[1] = ~=0.4.2
uv.lock:60:125 package.metadata.requires-dist[0] = ==0.4.4
src/llama_stack_api/pyproject.toml:7:13 project.dynamic[0] (dynamic)
src/llama_stack_api/pyproject.toml:13:29 project.optional-dependencies.tests[0] = ==0.4.4
src/llama_stack_api/pyproject.toml:20:21 tool.setuptools_scm.fallback_version = 0.4.5.dev0
src/llama_stack/_version.py:2:16 __version__ = 0.4.5.dev0
ui/package.json:3:15 version = 0.4.5-dev.0
ui/package.json:7:28 dependencies.llama-stack-client = ^0.4.4
ui/package-lock.json:3:15 version = 0.4.5-dev.0
ui/package-lock.json:9:19 packages."".version = 0.4.5-dev.0
ui/package-lock.json:11:32 packages."".dependencies.llama-stack-client = ^0.4.4'
now 0.4.5.dev0
speaks_json 0.4.5
stamps 'pypi llama-stack 0.4.5.dev0+g01234567
pypi llama-stack-api 0.4.5.dev0+g01234567
npm llama-stack-ui 0.4.5-dev.0.g01234567'
bumps 'pyproject.toml:11 llama-stack-api==0.4.5
pyproject.toml:16 llama-stack-client==0.4.5
pyproject.toml:23 == 0.4.5
pyproject.toml:25 0.4.5
pyproject.toml:32 0.4.5
src/llama_stack/_version.py:2 0.4.5
src/llama_stack_api/pyproject.toml:13 llama-stack-client==0.4.5
src/llama_stack_api/pyproject.toml:20 0.4.5
ui/package-lock.json:3 0.4.5
ui/package-lock.json:9 0.4.5
ui/package-lock.json:11 0.4.5
ui/package.json:3 0.4.5
ui/package.json:7 0.4.5
uv.lock:39 ==0.4.5
uv.lock:44 ==0.4.5
uv.lock:47 ==0.4.5
uv.lock:60 ==0.4.5' 0.4.5
now 0.4.5
same "$talk" "relver: uv.lock still resolves llama-stack-client to 0.4.4: run uv lock \
--upgrade-package llama-stack-client
relver: ui/package-lock.json still resolves llama-stack-client to 0.4.4: run npm install \
--package-lock-only" 'what remains'
drifts
# nobody publishes a development version of the client: the requirements on it stay
bumps 'pyproject.toml:11 llama-stack-api==0.4.6.dev0
pyproject.toml:25 0.4.6.dev0
pyproject.toml:32 0.4.6.dev0
src/llama_stack/_version.py:2 0.4.6.dev0
src/llama_stack_api/pyproject.toml:20 0.4.6.dev0
ui/package-lock.json:3 0.4.6-dev.0
ui/package-lock.json:9 0.4.6-dev.0
ui/package.json:3 0.4.6-dev.0' dev
same "$talk" '' 'what remains'
file_has pyproject.toml 'dynamic = ["version"]'
file_has src/llama_stack_api/pyproject.toml 'dynamic = ["version"]'

try 'changesets'
workspace examples/changesets
git rm -rq .changeset && git commit -qm 'nothing is pending'
lists 'packages/contracts/package.json:3:15 version = 0.3.2
packages/sdk/package.json:14:28 dependencies."@neuronx/contracts" = workspace:*
packages/ui-kit/package.json:14:28 peerDependencies."@neuronx/contracts" = ^0.3.1
pnpm-lock.yaml:34:20 "packages/sdk".dependencies."@neuronx/contracts" = workspace:*
pnpm-lock.yaml:43:20 "packages/ui-kit".dependencies."@neuronx/contracts" = ^0.3.1
packages/contracts/package.json:14:23 devDependencies."@neuronx/core" = workspace:^
packages/core/package.json:3:15 version = 1.4.0
packages/sdk/package.json:15:23 dependencies."@neuronx/core" = workspace:^
packages/ui-kit/package.json:15:23 peerDependencies."@neuronx/core" = ^1.2.0
packages/ui-kit/package.json:19:23 devDependencies."@neuronx/core" = workspace:^1.4.0
apps/console/package.json:12:23 dependencies."@neuronx/core" = ~1.4.0
pnpm-lock.yaml:14:20 "apps/console".dependencies."@neuronx/core" = ~1.4.0
pnpm-lock.yaml:26:20 "packages/contracts".devDependencies."@neuronx/core" = workspace:^
pnpm-lock.yaml:37:20 "packages/sdk".dependencies."@neuronx/core" = workspace:^
pnpm-lock.yaml:47:20 "packages/ui-kit".devDependencies."@neuronx/core" = workspace:^1.4.0
packages/sdk/package.json:3:15 version = 2.1.0
packages/ui-kit/package.json:16:22 peerDependencies."@neuronx/sdk" = >=2 <3
packages/ui-kit/package.json:20:22 devDependencies."@neuronx/sdk" = workspace:~
apps/console/package.json:13:22 dependencies."@neuronx/sdk" = ^2.1.0
pnpm-lock.yaml:17:20 "apps/console".dependencies."@neuronx/sdk" = ^2.1.0
pnpm-lock.yaml:50:20 "packages/ui-kit".devDependencies."@neuronx/sdk" = workspace:~
packages/ui-kit/package.json:3:15 version = 0.9.1
apps/console/package.json:14:25 dependencies."@neuronx/ui-kit" = 0.9.x
pnpm-lock.yaml:20:20 "apps/console".dependencies."@neuronx/ui-kit" = 0.9.x
apps/console/package.json:3:15 version = 0.2.0'
now 1.4.0 -p @neuronx/core
now 0.2.0 -p npm:@neuronx/console
speaks_json @neuronx/core=minor
stamps 'npm @neuronx/contracts 0.3.2-g01234567
npm @neuronx/core 1.4.0-g01234567
npm @neuronx/sdk 2.1.0-g01234567
npm @neuronx/ui-kit 0.9.1-g01234567
npm @neuronx/console 0.2.0-g01234567'
drifts
# a peer requirement moves only when it refuses the new version, workspace:^ never
bumps 'apps/console/package.json:12 ~1.5.0
packages/core/package.json:3 1.5.0
packages/ui-kit/package.json:19 workspace:^1.5.0
pnpm-lock.yaml:14 ~1.5.0
pnpm-lock.yaml:47 workspace:^1.5.0' @neuronx/core=minor
drifts

finish
