# Every byte outside a version stays: manifests as awkward as they come, written for one version,
# must be the same manifests written for the next one after a bump, and again after the way back.
. "$(dirname "$0")/lib.sh"

bom=$(printf '\357\273\277')

# Filters: every '@' a tab, every line end CRLF, no line end after the last line.
tabs() { tr @ '\t'; }
crlf() { sed 's/$/\r/'; }
bare() { awk 'NR > 1 { printf "\n" } { printf "%s", $0 }'; }

# write VERSION TWO PYTHON: the workspace at a version, at its first two numbers, as PyPI spells it.
# What says 1.2.0 in so many words is not ours.
write()
{
    mkdir -p core js
    cat >relver.toml <<'END'
files = ["Chart.yaml: appVersion", 'demo.h: #define DEMO "{version}"',
         "docs/*.md: demo={version:pep440} x*"]
END
    { tabs | crlf; } >Cargo.toml <<END
# 1.2.0 in a comment
[package]  # a table
name    =   "demo"
version@=@'$1'@# tabs and single quotes; 1.2.0
"edition" = "2021"
[workspace]
members = [ "core", # not 1.2.0
]
[dependencies]
other = "1.2.0" # somebody else's
"demo-core" = { path = 'core', version = "=$1" } # a pin
alias = {version="$2",package="demo-core",path="core"}#no blank
[dependencies.demo-more]
package = "other"
version = "1.2.0"
[target.'cfg(unix)'.build-dependencies]
demo-core.version = ">= $1" # blanks
demo-core.path = "core"
[package.metadata.version]
version = "1.2.0"
END
    bare >core/Cargo.toml <<END
package = { "name" = "demo-core", "ver\\u0073ion" = "$1" }
dependencies.other = '1.2.0'
END
    crlf >Cargo.lock <<END
# This file is @generated
version = 4

[[package]]
name = "demo"
version = "$1"
dependencies = [
 "demo-core",
 "other 1.2.0",
]

[[package]]
version = "$1"
name = "demo-core"

[[package]]
name = "other"
version = "1.2.0"
source = "registry+https://registry.example/index"
checksum = "1200"
END
    { printf %s "$bom"; tabs | crlf; } >package.json <<END
{
@"workspaces": ["js"],
@"description": "1.2.0 \\"version\\": \\"1.2.0\\" \\u0031.2.0",
@"name": "demo", "ver\\u0073ion"@:@"$1",
@"config": {"version": "1.2.0"},
@"dependencies" : { "demo-js":"^$1" , "other" : "1.2.0" },
@"peerDependencies": {"demo-js": ">= $1"}
}
END
    bare >js/package.json <<END
{"name":"demo-js","version":"$1","dependencies":{"other":"1.2.0"}}
END
    bare >package-lock.json <<END
{
 "name": "demo", "version": "$1", "lockfileVersion": 3,
 "packages": {
  "": {"name": "demo", "version": "$1", "workspaces": ["js"],
   "dependencies": {"demo-js": "^$1", "other": "1.2.0"},
   "peerDependencies": {"demo-js": ">= $1"}},
  "node_modules/demo-js": {"resolved": "js", "link": true},
  "node_modules/other": {"version": "1.2.0", "resolved": "https://registry.example/other.tgz"},
  "js": {"name": "demo-js", "version": "$1", "dependencies": {"other": "1.2.0"}}
 }
}
END
    { printf %s "$bom"; crlf | bare | sed '$s/\r$//'; } >pyproject.toml <<END
[project] # 1.2.0
name = 'Demo_Py'
  version =   "$3" # indented
dependencies = [
    "other==1.2.0", # not ours
    "demo.py[fast] (== $3) ; python_version < '3.13'",
]
[tool.other]
version = "1.2.0"
END
    crlf >Chart.yaml <<END
# 1.2.0
version: 1.2.0
"appVersion":   '$1'   # quoted
dependencies:
- {name: other, version: 1.2.0}
END
    printf '#define DEMO "%s"\f/* 1.2.0 \377 */\n' "$1" >demo.h
    mkdir -p docs
    printf 'pip install demo==%s other==1.2.0\n`demo=%s`, `demo=%s`' 1.2.0 "$3" "$3" >docs/a.md
}

same_tree()
{
    (cd "$1" && find . -type f | sort) >"$cases/files"
    while read -r file; do
        same_file "$file" "$1/$file"
    done <"$cases/files"
}

# there_and_back VERSION TWO PYTHON TWO-BACK
there_and_back()
{
    try "to $1 and back"
    mkdir here there back
    (cd there && write "$1" "$2" "$3")
    (cd back && write 1.2.0 "$4" 1.2.0)
    cd here && write 1.2.0 1.2 1.2.0
    run relver check
    ok
    run relver bump "$1"
    ok
    same_tree ../there
    run relver bump "$1"
    ok
    same_tree ../there
    run relver bump 1.2.0 --override order=test
    code 0
    same_tree ../back
}

there_and_back 1.3.0 1.3 1.3.0 1.2
there_and_back 1.3.0-rc.1 1.3.0-rc.1 1.3.0rc1 1.2.0
there_and_back 10.20.30 10.20 10.20.30 1.2

try 'a version spelt with escapes'
printf '%s' '{"name": "demo", "\u0076ersion": "\u0031.2.0", "x": "\u0031.2.0"}' >package.json
run relver show version
out_is 1.2.0
run relver bump 1.3.0
ok
same "$(cat package.json)" '{"name": "demo", "\u0076ersion": "1.3.0", "x": "\u0031.2.0"}'

finish
