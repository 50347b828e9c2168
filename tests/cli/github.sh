# What later steps of a workflow get: $GITHUB_OUTPUT.
. "$(dirname "$0")/lib.sh"

GITHUB_ACTIONS=true GITHUB_OUTPUT=$cases/output
export GITHUB_ACTIONS GITHUB_OUTPUT

# got: what was appended, as the runner reads it: NAME=VALUE lines.
got()
{
    awk 'end == "" { split($0, part, "<<"); end = part[2]; name = part[1]; value = ""; next }
        $0 == end { print name "=" value; end = ""; next }
        { value = value (value == "" ? "" : "\n") $0 }
        END { if (end != "") print "unfinished" }' "$GITHUB_OUTPUT"
}
output_is() { same "$(got)" "$1" output; }
fresh() { : >"$GITHUB_OUTPUT"; }

# demo VERSION TAGS..: a crate and a Python package of one version.
demo()
{
    printf '[package]\nname = "demo"\nversion = "%s"\nedition = "2021"\n' "$1" >Cargo.toml
    shift
    printf '[project]\nname = "demo"\ndynamic = ["version"]\n' >pyproject.toml
    printf '[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n' >>pyproject.toml
    git init -q -b main . && git add -A && git commit -q -m start
    for tag; do git tag "$tag"; done
}

# packages CARGO PYPI
packages()
{
    echo 'packages=[{"ecosystem": "cargo", "name": "demo", "version": "'"$1"'"},' \
        '{"ecosystem": "pypi", "name": "demo", "version": "'"$2"'"}]'
}

try 'one version: all keys, after bump the new one'
demo 0.2.0 v0.1.0 v0.1.1 v0.2.0
fresh
run relver status
case $err in
*'what git knows is unknown'*) skip "$err"; finish ;;
esac
ok
output_is "$(packages 0.2.0 0.2.0)
version=0.2.0
tag=v0.2.0
prev_tag=v0.1.1
prerelease=false
dist_tag=latest
pep440=0.2.0"
fresh
run relver bump minor rc
ok
output_is "$(packages 0.3.0-rc.1 0.3.0rc1)
version=0.3.0-rc.1
tag=v0.3.0-rc.1
prev_tag=v0.2.0
prerelease=true
dist_tag=next
pep440=0.3.0rc1"

try 'an older line, a label as dist-tag, a second call appends'
demo 0.1.2 v0.1.1 v0.2.0
fresh
run relver check
ok
same "$(got | grep dist_tag)" dist_tag=release-0.1 dist-tag
echo 'dist-tag = "{label}"' >relver.toml
run relver bump 0.3.0-beta.1
ok
same "$(got | grep dist_tag)" 'dist_tag=release-0.1
dist_tag=beta' 'dist-tags'
same "$(grep -c '<<relver-[0-9a-f]\{32\}$' "$GITHUB_OUTPUT")" 14 'keys'
same "$(grep -o '<<.*' "$GITHUB_OUTPUT" | sort -u | wc -l)" 2 'delimiters'

try 'where git cannot tell, what depends on it is empty'
demo 0.1.2
rm -rf .git
fresh
run relver status
ok
same "$(got | grep -E '^(prev_tag|dist_tag|tag)=')" 'tag=v0.1.2
prev_tag=
dist_tag=' 'unknown'

try 'several versions: only the packages'
workspace examples/two-packages
fresh
run relver status
ok
same "$(got | sed 's/=.*//')" packages keys
same "$(got | grep -c 'edgequake-litellm')" 1 packages

try 'a dry run, a refusal, and all elsewhere: nothing'
demo 0.1.2
fresh
run relver bump 0.2.0 -n
code 0
run relver bump 0.0.1
code 1
err_has 'error[order]'
run relver show version
ok
GITHUB_ACTIONS='' run relver status
ok
GITHUB_OUTPUT='' run relver status
ok
same "$(got)" '' output

try 'a file that cannot be written'
demo 0.1.2
GITHUB_OUTPUT=$PWD/no/such
run relver status
code 8
err_has 'error[io.output]'
err_has 'state: see `relver status`'

finish
