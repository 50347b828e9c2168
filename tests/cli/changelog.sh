# changelogs: a bump rolls them with the manifests, check gates them, show prints a version's notes
. "$(dirname "$0")/lib.sh"
export SOURCE_DATE_EPOCH=1795219200 # 2026-11-21

# demo [TOML]: a crate at 0.1.0, with that relver.toml; log TEXT: its changelog, printf's escapes
demo()
{
    git init -q -b main .
    printf '[package]\nname = "demo"\nversion = "0.1.0"\n' >Cargo.toml
    [ $# = 0 ] || printf '%s\n' "$1" >relver.toml
}
log() { printf "$1" >CHANGELOG.md; }
named='changelog = "CHANGELOG.md"'
full='# C\n\n## [Unreleased]\n\n- a\n\n## [0.1.0] - 2026-01-02\n\n- x\n'
rolled='# C

## [Unreleased]

## [0.2.0] - 2026-11-21

- a

## [0.1.0] - 2026-01-02

- x'
reads() { same "$(cat CHANGELOG.md)" "$1" CHANGELOG.md; }

# ---- the two examples ---------------------------------------------------------------------------

try 'the changelog and its table follow the version, at once or not at all'
workspace examples/changelog
snap
run relver bump minor -n
code 0
out_has '+## [0.4.0] - 2026-11-21'
unchanged
run relver bump minor
ok
out_is 'omi-openclaw 0.3.0 => 0.4.0
7 edits in 4 files'
same "$(git diff -U0 CHANGELOG.md | sed -n '/^[-+][^-+]/p; /^+$/p; /^+---$/p')" '+---
+
+## [0.4.0] - 2026-11-21
+
+| 0.4.0   | 2026-11-21 | Add `omi init --data-dir DIR`     |'
same "$(git diff --numstat CHANGELOG.md | cut -f 1,2)" '5	0' 'lines that came and went'
run relver check --tag v0.4.0
ok
snap
run relver bump 0.4.0
ok
out_has 'nothing to do'
unchanged
run relver bump minor
refused 1 changelog
err_has 'CHANGELOG.md:8:1: there is nothing under [Unreleased]'
unchanged
run relver bump minor rc
ok
out_has '5 edits in 3 files'
run relver bump release --override changelog='only the build'
ok
file_has CHANGELOG.md '## [0.5.0] - 2026-11-21'
run relver check
code 0
err_has "warning[changelog]: CHANGELOG.md:12:5: '0.5.0' has an empty section"

try 'the commit of a bump holds the changelog, also when it comes later'
workspace examples/changelog
run relver bump minor --commit
ok
same "$(git show --format= --name-only | sort)" 'CHANGELOG.md
README.md
pyproject.toml
src/omi/__init__.py'
same "$(git status --porcelain)" ''
run relver bump 0.4.0 --commit
ok
out_has 'nothing to do'
sed -i 's/^## \[Unreleased\]/&\n\n- More/' CHANGELOG.md
run relver bump minor
ok
run relver bump minor --commit
ok
out_has 'Release version 0.5.0'
same "$(git show --format= --name-only | grep -c .)" 4
file_has CHANGELOG.md '| 0.5.0   | 2026-11-21 | More                              |'
same "$(git status --porcelain)" ''

try 'notes: what the changelog says of a version'
workspace examples/changelog
run relver show notes
ok
out_is '### Added

- Add `omi status`, which counts the beliefs of a store.
- Export `omi.__version__`.

### Changed

- Store beliefs as JSON; the text files of 0.2.0 are read no more.'
run relver show notes 0.1.0
ok
out_is '### Added

- Keep beliefs in a text file.'
run relver show notes 0.1.0 --json
ok
out_has '"notes": "### Added\u000a\u000a- Keep beliefs in a text file."'
run relver show notes 9.0
refused 1 changelog
err_has "CHANGELOG.md:$(grep -n '^## ' CHANGELOG.md | sed 's/:.*//;q'):1: 9.0 has no section"
run relver show notes 0.1.0 0.2.0
refused 2 usage
run relver show version 0.1.0
refused 2 usage
run relver bump minor rc
run relver show notes
ok
out_has 'data-dir DIR'

try 'each package has its own, and its own tags'
workspace examples/two-packages
printf '\n[unreleased]: https://forge.example/x/compare/py-v0.3.0...HEAD\n[0.3.0]: https://x\n' \
    >>edgequake-litellm/CHANGELOG.md
git commit -qam links
run relver bump edgequake-litellm=minor
ok
same "$(git diff --name-only | grep CHANGELOG)" edgequake-litellm/CHANGELOG.md
same "$(sed -n '/^\[unr/,$p' edgequake-litellm/CHANGELOG.md)" \
    '[unreleased]: https://forge.example/x/compare/py-v0.4.0...HEAD
[0.4.0]: https://forge.example/x/compare/py-v0.3.0...py-v0.4.0
[0.3.0]: https://x'
run relver show notes -p edgequake-litellm
out_has 'Pictures in prompts.'
run relver check --tag py-v0.4.0
ok

# ---- a changelog that relver.toml names ----------------------------------------------------------

# stops EXIT KIND AT TEXT: a bump is refused at that place, and nothing changes
stops()
{
    log "$4"
    snap
    run relver bump minor
    refused "$1" "$2"
    err_has "CHANGELOG.md:$3"
    unchanged
}

try 'what is refused, and where'
demo "$named"
stops 1 changelog '3:1: there is nothing under [Unreleased]' '# C\n\n## [Unreleased]\n'
stops 1 changelog '3:1: there is no section [Unreleased]' '# C\n\n## [0.1.0]\n- x\n'
stops 1 changelog '1:1: 0.2.0 has a section in line 3' '## Unreleased\n- a\n## 0.2.0\n- b\n'
stops 2 changelog "4:1: '0.1.0' has a section in line 3" '## Unreleased\n- a\n## 0.1.0\n## 0.1.0\n'
stops 2 changelog "3:1: 'Unreleased' has a section in line 1" "## Unreleased\n- a\n## Unreleased\n"
stops 2 changelog '2:1: the fenced code is not closed' '## Unreleased\n```\n- a\n'
stops 2 changelog '3:1: the comment is not closed' '## Unreleased\n- a\n<!--\n- a\n'
rm CHANGELOG.md
run relver bump minor
refused 2 io.absent
mkdir CHANGELOG.md
run relver bump minor
code 2

try 'past a refusal, in so many words'
demo "$named"
log '## Unreleased\n\n## 0.1.0\n'
run relver bump minor --override changelog=
refused 1 changelog
run relver bump minor --override changelog='nothing to tell'
ok
reads '## Unreleased

## 0.2.0 - 2026-11-21

## 0.1.0'

try 'a section written by hand is adopted, and a released one stays'
demo "$named"
log '# C\n\n## [0.2.0] - 2026-11-20\n- a\n'
run relver bump minor
ok
out_has '1 edit in 1 file'
log "$full"
run relver bump 0.1.0 --override order=back
refused 1 changelog
run relver bump 0.2.1
ok
run relver bump 0.2.1
ok
out_has 'nothing to do'

try 'to the version that is there: the first release, and no more'
demo "$named"
log '## Unreleased\n- a\n'
run relver bump 0.1.0
ok
reads '## Unreleased

## 0.1.0 - 2026-11-21
- a'
log '## Unreleased\n- b\n\n## 0.1.0\n- a\n'
snap
run relver bump 0.1.0
ok
unchanged

try 'line ends, and a file that relver.toml also names among the places'
demo "$named
files = ['CHANGELOG.md: now at {version}']"
log 'now at 0.1.0\r\n\r\n## [Unreleased]\r\n\r\n- a'
run relver bump minor
ok
out_has '3 edits in 2 files'
printf 'now at 0.2.0\r\n\r\n## [Unreleased]\r\n\r\n## [0.2.0] - 2026-11-21\r\n\r\n- a' >want
same_file CHANGELOG.md want

log 'at 0.2.0\n\n## [Unreleased]\n- a\n## 0.2.0\n\n[unreleased]: u/compare/v0.2.0...HEAD\n'
echo "files = ['CHANGELOG.md: compare/v{version}...']" >relver.toml
run relver bump minor
ok
file_has CHANGELOG.md 'compare/v0.3.0...HEAD'
file_lacks CHANGELOG.md '[0.3.0]'
sed -i 's/^## 0.2.0/## 0.3.0/' CHANGELOG.md
echo "$named" >>relver.toml
snap
run relver bump minor
refused 2 overlap
err_has 'CHANGELOG.md:7:26: '
unchanged

try 'one for two versions'
workspace examples/two-packages
sed -i '/^changelog/d' relver.toml
sed -i '1i changelog = "CHANGELOG.md"\ntag = "{name}@{version}"' relver.toml
sed -i '/^\[package/,$d' relver.toml
snap
run relver bump edgequake-llm=0.5.0 edgequake-litellm=0.4.0
refused 2 ambiguous
err_has ' relver.toml:1:1: edgequake'
unchanged
run relver bump edgequake-llm=0.5.0 edgequake-litellm=0.5.0
ok
same "$(grep -c '^## \[0.5.0\]' CHANGELOG.md)" 1

# ---- without a word in relver.toml ---------------------------------------------------------------

try 'one in form is rolled'
demo
log "$full"
run relver bump minor
ok
out_has '2 edits in 2 files'
reads "$rolled"
run relver check changelog
ok

# stays TEXT: and the version goes on
stays()
{
    log "$1"
    cp CHANGELOG.md want
    run relver bump minor
    ok
    out_has '1 edit in 1 file'
    same_file CHANGELOG.md want
    run relver check
    ok
}

try 'any other is left alone'
demo
stays '# demo\n\n## 0.1.0\n\n### Minor Changes\n\n- abc: x\n'
stays '# C\n\n## [Unreleased]\n\n## [0.1.0]\n- x\n'
stays '## [Unreleased]\n- a\n```\n'
stays '## Unreleased\n- a\n## 0.1.0\n- b\n## 0.1.0\n- c\n'
stays '## Unreleased\n- a\n## 0.6.0\n- b\n'
rm CHANGELOG.md
ln -s want CHANGELOG.md
run relver bump minor
ok

try 'changesets write theirs'
demo
log "$full"
mkdir .changeset
run relver bump minor
ok
out_has '1 edit in 1 file'
echo 'changesets = false' >relver.toml
run relver bump minor
ok
out_has '2 edits in 2 files'

try 'a package of a workspace has its own beside its manifest'
demo
printf '[workspace]\nmembers = ["one", "two", "three"]\n' >>Cargo.toml
for dir in one two three; do
    mkdir $dir && sed "s/demo/$dir/; /^\[workspace/,\$d" Cargo.toml >$dir/Cargo.toml
done
for dir in . one two; do printf "$full" >$dir/CHANGELOG.md; done
git add -A && git commit -qm start
run relver bump minor
ok
out_has '7 edits in 7 files'
for dir in . one two; do same "$(cat $dir/CHANGELOG.md)" "$rolled" "$dir/CHANGELOG.md"; done

try 'a version set right in one place does not release what is unreleased'
demo
log '## Unreleased\n- a\n'
run relver bump 0.1.0
ok
out_has 'nothing to do'

# ---- the gate ------------------------------------------------------------------------------------

try 'no changelog, and one appears'
demo 'changelog = false'
run relver check
ok
log "$full"
run relver check changelog
refused 1 changelog
err_has 'CHANGELOG.md:1:1: relver.toml says that there is no changelog'
run relver bump minor
ok
out_has '1 edit in 1 file'
run relver show notes
refused 1 changelog

try 'one is named, and is not there'
demo "# demo
$named"
run relver check
refused 1 changelog
err_has "relver.toml:2:1: there is no 'CHANGELOG.md'"

try 'what must be there before a tag'
demo "$named"
log '# C\n\n## Unreleased\n- a\n'
run relver check
ok
run relver check --tag v0.1.0
refused 1 changelog
err_has 'CHANGELOG.md:3:4: '
err_has 'next: relver bump demo=0.1.0'
run relver bump demo=0.1.0
ok
run relver check --tag refs/tags/v0.1.0
ok

try 'a table without the newest version'
workspace examples/changelog
sed -i '/^| 0.3.0/d' CHANGELOG.md
run relver check
refused 1 changelog
err_has 'CHANGELOG.md:55:1: '
err_has 'next: relver bump omi-openclaw=0.3.0'
run relver bump omi-openclaw=0.3.0
ok
out_has '1 edit in 1 file'
row='| 0.3.0   | 2026-02-09 | Add `omi status`, which counts the beliefs of a store |'
file_has CHANGELOG.md "$row"
run relver check
ok

try 'warnings say yes'
demo "$named"
old='## [0.1.0] - 2026-12-01\n- x\n## [0.1.1] - 2026-01-02\n\n[0.1.0]: y\n'
log "## [Unreleased]\n### New\n- a\n$old"
run relver check
code 0
err_is "relver: warning[changelog]: CHANGELOG.md:6:5: '0.1.1' has no link definition, as others have
relver: warning[changelog]: CHANGELOG.md:6:5: '0.1.1' stands below a lower version
relver: warning[changelog]: CHANGELOG.md:4:14: '2026-12-01' lies in the future
relver: warning[changelog]: CHANGELOG.md:2:5: 'New' is none of Added, Changed, Deprecated, \
Removed, Fixed, Security"
out_has 'ok changelog'
run relver check -q
ok
run relver check --json
out_has '{"relver": 1, "ok": true, '
out_has '"warning": true'
run env GITHUB_ACTIONS=true relver check
err_has '::warning file=CHANGELOG.md,line=6,col=5::'
log '## [Unreleased]\n- a\n## [0.1.0] - 1.12.2026\n- x\n## [0.1.1] - 2026-12-01\n'
run relver check
code 1
err_has "error[changelog]: CHANGELOG.md:3:14: '1.12.2026' is no date"
err_has "warning[changelog]: CHANGELOG.md:5:14: '2026-12-01'"

# ---- size ----------------------------------------------------------------------------------------

# instructions SECTIONS: of a roll of as many; empty where they cannot be counted
instructions()
{
    awk -v n="$1" 'BEGIN {
        print "## [Unreleased]\n- a"
        for (i = n; i > 0; i--)
            print "\n## [0.0." i "] - 2026-01-02\n\n### Added\n\n- x [#1]\n- y"
        print "\n[unreleased]: https://forge.example/x/compare/v0.0." n "...HEAD"
        for (i = n; i > 0; i--) print "[0.0." i "]: https://forge.example/x/tag/v0.0." i
    }' >CHANGELOG.md
    valgrind --tool=callgrind --callgrind-out-file="$cases/callgrind" relver bump 0.2.0 -n \
        2>&1 >"$cases/out" | sed -n 's/.*Collected : //p'
}

try 'ten thousand sections: a roll takes time as their number'
demo "$named"
small=$(instructions 2500) large=$(instructions 10000)
run relver bump 0.2.0
ok
out_has '4 edits in 2 files'
if [ -n "$large" ]; then
    if [ "$large" -lt $((small * 9 / 2)) ]; then pass; else fail "$small, then $large"; fi
else
    skip 'no valgrind'
fi

finish
