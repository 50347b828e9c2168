# relver bump --commit: the files, then one commit of exactly those; --pr: the same on a branch.
# commit-libgit2.sh runs it with libgit2, which refuses what only git can do.
. "$(dirname "$0")/lib.sh"
by_git() { [ "${RELVER_GIT-git}" = git ]; }
# needs_git COMMAND..: nothing is changed without git
needs_git()
{
    snap
    run "$@"
    refused 2 git.missing
    unchanged
}

# A package with a lock file, a place of `files`, and a commit.
project()
{
    mkdir src
    printf '[package]\nname = "demo"\nversion = "1.2.2"\nedition = "2021"\n' >Cargo.toml
    printf 'version = 4\n\n[[package]]\nname = "demo"\nversion = "1.2.2"\n' >Cargo.lock
    echo 'demo = "1.2.2"' >README.md
    echo 'int x;' >src/x.c
    printf 'files = ["README.md: demo = \\"{version}\\""]\n' >relver.toml
    [ $# = 0 ] || printf '%s\n' "$@" >>relver.toml
    git init -q -b main . && git add -A && git commit -q -m start || exit 2
}
at() { git log -1 --format=%s "${1-HEAD}"; }
count() { git rev-list --count "${1-HEAD}"; }
holds() { git show --format= --name-only "${1-HEAD}" | sort | tr '\n' ' '; }
all='Cargo.lock Cargo.toml README.md '
# clean: nothing is changed, staged, broken or left behind
clean()
{
    same "$(git status --porcelain)" '' 'git status'
    no_litter
}
no_litter()
{
    same "$(git fsck --no-dangling 2>&1)" '' 'git fsck'
    same "$(ls -A .git/relver)" lock 'the state directory'
    same "$(find . -name '*.relver-*' -o -path './.git/*' -name '*.lock')" '' litter
}
hook()
{
    printf '#!/bin/sh\n%s\n' "$2" >.git/hooks/"$1"
    chmod +x .git/hooks/"$1"
}

try 'one commit of what was edited, and again nothing to do'
project
run relver bump 1.2.3 --commit
ok
out_is "demo 1.2.2 => 1.2.3
3 edits in 3 files
commit $(git rev-parse --short=10 HEAD): Release 1.2.3"
same "$(at)" 'Release 1.2.3'
same "$(git show --format= --name-only | sort | tr '\n' ' ')" "$all" files
clean
run relver bump 1.2.3 --commit
ok
out_is 'demo 1.2.3 => 1.2.3
nothing to do'
same "$(count)" 2

try 'locks that a killed git has left do not stand in the way'
project
touch .git/index.lock .git/HEAD.lock .git/refs/heads/main.lock .git/next-index-1.lock
run relver bump 1.2.3 --commit
ok
same "$(at)" 'Release 1.2.3'
clean

try 'a dry run: the message, then the diff; nothing is written'
project 'commit = "Release version {version}\n\nof {date}"'
snap
SOURCE_DATE_EPOCH=0 run relver bump 1.2.3 --commit -n
code 0
same "$(head -n 5 "$cases/out")" '    Release version 1.2.3

    of 19700101

--- a/Cargo.toml'
printf '%s\n' "$out" | git apply --check - && pass || fail 'git does not take the diff'
unchanged
same "$(count)" 1
SOURCE_DATE_EPOCH=0 run relver bump 1.2.3 --commit
same "$(git log -1 --format=%B)" 'Release version 1.2.3

of 19700101'

try 'what the user changed and staged stays as it is'
project
echo 'int y;' >src/x.c
echo new >src/new.c && git add src/new.c
echo more >src/untracked.c
git rm -q --cached src/x.c && git add src/x.c
echo 'int z;' >>src/x.c
run relver bump 1.2.3 --commit
ok
same "$(holds)" "$all"
same "$(git status --porcelain)" 'A  src/new.c
MM src/x.c
?? src/untracked.c'

try 'a bump that was not committed is, later; only once'
project
run relver bump 1.2.3
run relver bump 1.2.3 --commit
ok
out_has 'nothing to do
commit '
same "$(holds)" "$all"
clean
printf '\n[dependencies]\nserde = "1"\n' >>Cargo.toml
run relver bump 1.2.3 --commit
ok
same "$(count)" 2
same "$(git status --porcelain)" ' M Cargo.toml'

try 'a level counts from what is committed'
project
run relver bump minor
out_has '1.2.2 => 1.3.0'
run relver bump minor --commit
ok
same "$(at)" 'Release 1.3.0'
run relver bump minor --commit
same "$(at)" 'Release 1.4.0'
run relver bump 2.0.0
run relver bump minor --commit
refused 1 order
same "$(count)" 3

try 'edits of the user in the same files go with them; those in other manifests do not'
mkdir a b
for p in a b; do
    printf '{"name": "%s", "version": "1.0.0"}\n' $p >$p/package.json
done
printf '{"name": "top", "private": true, "workspaces": ["a", "b"]}\n' >package.json
echo 'tag = "{name}@{version}"' >relver.toml
git init -q -b main . && git add -A && git commit -q -m start
printf '{"name": "b", "version": "1.0.0", "bin": "x"}\n' >b/package.json
run relver bump a=1.1.0 --commit
ok
same "$(at)" 'Release 1.1.0'
same "$(holds)" 'a/package.json '
same "$(git status --porcelain)" ' M b/package.json'
run relver bump a=1.2.0 b=minor --commit
ok
same "$(at)" 'Release a v1.2.0 + b v1.1.0'
same "$(holds)" 'a/package.json b/package.json '
clean
run relver bump a=1.2.0 b=2.0.0 --commit
ok
same "$(at)" 'Release a v1.2.0 + b v2.0.0'
same "$(holds)" 'b/package.json '

try '{version} of several versions is none'
mkdir a b
for p in a b; do printf '{"name": "%s", "version": "1.0.0"}\n' $p >$p/package.json; done
printf '{"name": "top", "private": true, "workspaces": ["a", "b"]}\n' >package.json
printf 'tag = "{name}@{version}"\ncommit = "Release {version}"\n' >relver.toml
git init -q -b main . && git add -A && git commit -q -m start
snap
run relver bump a=1.1.0 b=2.0.0 --commit
refused 2 config.template
unchanged
for hole in name base next major label version:npm; do
    sed -i "s/^commit = .*/commit = \"Release {$hole}\"/" relver.toml
    run relver bump a=1.1.0 b=2.0.0 --commit
    refused 2 config.template
    err_has "has no {$hole} here"
done
git checkout -q relver.toml
run relver bump a=1.1.0 b=1.1.0 --commit
ok
same "$(at)" 'Release 1.1.0'

try '--dep alone, and with a version'
project
printf '[dependencies]\nserde = "1.0.1"\n' >>Cargo.toml
git commit -qam serde
run relver bump --dep serde=1.0.2 --commit
code 0
same "$(at)" 'Require serde 1.0.2'
same "$(holds)" 'Cargo.toml '
run relver bump --dep serde=1.0.2 --commit
same "$(count)" 3
run relver bump 1.2.3 --dep serde=1.0.3
run relver bump 1.2.3 --dep serde=1.0.3 --commit
code 0
same "$(at)" 'Release 1.2.3'
same "$(holds)" "$all"
clean

try 'new files go with it, ignored ones do not'
project
cat >relver.toml <<'END'
files = ['README.md: demo = "{version}"', 'dist.js: v = "{version}"', 'NEW.md: demo = "{version}"']
END
echo 'v = "1.2.2"' >dist.js
echo 'demo = "1.2.2"' >NEW.md
echo dist.js >.gitignore
git add .gitignore relver.toml && git commit -q -m ignore
run relver bump 1.2.3 --commit
code 0
err_is 'relver: dist.js is ignored by git, so it is not in the commit'
file_has dist.js 1.2.3
same "$(holds)" 'Cargo.lock Cargo.toml NEW.md README.md '
clean
run relver bump 1.2.3 --commit
ok
same "$(count)" 3
run relver bump minor
run relver bump minor --commit
same "$(at)" 'Release 1.3.0'

try 'hooks'
project
hook pre-commit 'echo "line one"
echo "no: $(git diff --cached --name-only | tr "\n" ,)" >&2
exit 1'
if by_git; then
    run relver bump 1.2.3 --commit
    code 1
    err_has 'relver: line one
relver: error[git.commit]: git does not commit: no: Cargo.lock,Cargo.toml,README.md,
  state: all changed, but not committed
  next: '
    same "$(count)" 1
    file_has Cargo.toml 1.2.3
    hook pre-commit 'relver check aligned'
    hook prepare-commit-msg 'echo "Change-Id: 1" >>"$1"'
    run relver bump 1.2.3 --commit --signoff
    ok
    same "$(holds)" "$all"
    same "$(git log -1 --format=%B)" 'Release 1.2.3

Signed-off-by: tester <tester@mail.example>
Change-Id: 1'
    clean
else
    needs_git relver bump 1.2.3 --commit
fi

try 'a message that begins with a hash, and a template that git would use'
project 'commit = "#{version}"'
git config commit.template README.md
run relver bump 1.2.3 --commit --signoff
ok
same "$(git log -1 --format=%B)" '#1.2.3

Signed-off-by: tester <tester@mail.example>'

try 'what a git that was killed has left: a lock, or an index without bytes'
project
: >.git/index.lock
: >.git/refs/heads/main.lock
run relver bump 1.2.3 --commit
ok
clean
if by_git; then
    git add --intent-to-add . && : >.git/index
    run relver bump 1.2.3 --commit
    code 0
    err_is "relver: git's index was lost, and is made anew: nothing is staged any more"
    clean
fi

for what in merge cherry-pick revert; do
    try "nothing is changed while a $what is going on"
    project
    git checkout -q -b other && echo other >src/x.c && git commit -qam other
    git checkout -q main && echo main >src/x.c && git commit -qam main
    [ $what != revert ] || { echo last >src/x.c && git commit -qam last; }
    case $what in
    revert) git revert --no-edit HEAD~1 >/dev/null 2>&1 ;;
    *) git $what other >/dev/null 2>&1 ;;
    esac
    snap
    run relver bump 1.2.3 --commit
    refused 1 git.busy
    err_has "a $what is going on"
    unchanged
    git $what --abort
    run relver bump 1.2.3 --commit
    ok
done

try 'a detached HEAD, a work tree of its own, a project below the top'
project
git checkout -q --detach
run relver bump 1.2.3 --commit
ok
same "$(at)" 'Release 1.2.3'
same "$(git rev-parse main)" "$(git rev-parse HEAD~1)"
git checkout -q main
git worktree add -q ../"$case_number"b -b other
cd ../"$case_number"b || exit 2
run relver bump 1.2.4 --commit
ok
same "$(at)" 'Release 1.2.4'
same "$(git status --porcelain)" ''
try 'below the top of the work tree'
mkdir -p sub/deep
(cd sub/deep && project && rm -rf .git)
git init -q -b main . && git add -A && git commit -q -m start
run relver -C sub/deep bump 1.2.3 --commit
ok
same "$(holds)" 'sub/deep/Cargo.lock sub/deep/Cargo.toml sub/deep/README.md '
clean

try 'before the first commit: the files that were edited are it'
project
rm -rf .git && git init -q -b main .
run relver bump 1.2.3 --commit
ok
same "$(holds)" "$all"
same "$(git status --porcelain)" '?? relver.toml
?? src/'

try 'a manifest that was mended after HEAD'
project
echo 'version = =' >>Cargo.toml && git commit -qam broken
sed -i '$d' Cargo.toml
run relver bump 1.2.3 --commit
ok
same "$(holds)" "$all"
clean

try 'a file that is missing from the work tree would keep its version'
project
printf '[workspace]\nmembers = ["m*"]\n[workspace.package]\nversion = "1.2.2"\n' >Cargo.toml
mkdir m1 m2
for m in m1 m2; do printf '[package]\nname = "%s"\nversion = "1.2.2"\n' $m >$m/Cargo.toml; done
echo 'tag = "v{version}"' >relver.toml
git add -A && git commit -q -m workspace
if by_git; then
    git sparse-checkout set m1 2>/dev/null
else
    rm m2/Cargo.toml
fi
snap
run relver bump 1.2.3 --commit
refused 1 file.missing
unchanged
by_git && git sparse-checkout disable || git checkout -q m2
run relver bump 1.2.3 --commit
ok
clean

try 'line ends of the checkout are not those of the commit'
project
printf '* text=auto eol=crlf\n' >.gitattributes
git add -A 2>/dev/null && git commit -q -m crlf && rm Cargo.toml && git checkout -q Cargo.toml
same "$(grep -c "$(printf '\r')" Cargo.toml)" 4 'lines of CRLF'
run relver bump 1.2.3 --commit
ok
same "$(git show HEAD:Cargo.toml | grep -c "$(printf '\r')")" 0
same "$(grep -c "$(printf '\r')" Cargo.toml)" 4
clean

try 'JSON'
project
run relver bump 1.2.3 --commit --json
ok
out_has "\"commit\": {\"id\": \"$(git rev-parse HEAD)\", \"branch\": null,"
out_has '"message": "Release 1.2.3"}'
run relver bump 1.2.3 --commit --json
out_has '"commit": {"id": null,'
run relver bump 1.2.4 --json
out_lacks '"commit"'

try 'without git, or without a repository'
project
rm -rf .git
run relver bump 1.2.3 --commit
refused 4 git.unknown
run relver bump 1.2.3 --signoff
refused 2 usage

try 'changelogs and changesets go with it, also in two steps'
mkdir .changeset
echo '{"name": "demo", "version": "1.2.2"}' >package.json
printf -- '---\n"demo": minor\n---\n\nSay more.\n' >.changeset/some-words.md
git init -q -b main . && git add -A && git commit -q -m start
run relver bump auto
ok
run relver bump auto --commit
ok
same "$(at)" 'Release 1.3.0'
same "$(git show --format= --name-status | sort | tr '\t\n' ' ,')" \
    'A CHANGELOG.md,D .changeset/some-words.md,M package.json,'
clean
run relver bump auto --commit
ok
same "$(count)" 2
printf -- '---\n"demo": patch\n---\n\nSay less.\n' >.changeset/other-words.md
run relver bump auto --commit
ok
same "$(at)" 'Release 1.3.1'
clean

try 'a changelog that was written by hand'
project
printf '# Changelog\n\n## [Unreleased]\n\n## [1.2.2] - 2026-01-01\n\n- Old.\n' >CHANGELOG.md
git add -A && git commit -q -m changelog
printf '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n\n- New.\n\n' >CHANGELOG.md
printf '## [1.2.2] - 2026-01-01\n\n- Old.\n' >>CHANGELOG.md
run relver bump 1.2.3 --commit
code 0
same "$(holds)" "CHANGELOG.md $all"
clean

# ---- a branch for a pull request ----------------------------------------------------------------

remote()
{
    remote=$PWD.git
    git init -q --bare -b main "$remote"
    git remote add origin "$remote" && git push -q origin main
}

if by_git; then
try 'a branch of its own: the work tree stays, and again nothing changes'
project 'merge = "pull-request"'
remote
snap
for time in 1 2; do
    run relver bump minor --commit --signoff
    code 3
    out_has ' => 1.3.0'
    err_is "relver: error[request]: 'relver/1.3.0' waits to be merged into 'main' on 'origin'
  state: committed on 'relver/1.3.0', the work tree as before
  next: open a pull request of 'relver/1.3.0', and merge it"
    [ $time = 2 ] || tip=$(git -C "$remote" rev-parse relver/1.3.0)
    same "$(git -C "$remote" rev-parse relver/1.3.0)" "$tip"
done
out_has 'nothing to do'
unchanged
clean
same "$(git for-each-ref --format='%(refname)' refs/heads)" refs/heads/main
git fetch -q origin
same "$(git log -1 --format=%B origin/relver/1.3.0)" 'Release 1.3.0

Signed-off-by: tester <tester@mail.example>'
same "$(holds origin/relver/1.3.0)" "$all"
same "$(git rev-parse origin/relver/1.3.0^)" "$(git rev-parse main)"

# From another clone, and from a main that went on, it is the same request.
git clone -q "$remote" ../"$case_number"-clone 2>/dev/null
(cd ../"$case_number"-clone && relver bump minor --commit >"$cases/out" 2>"$cases/err")
same $? 3 'from another clone'
same "$(git -C "$remote" rev-parse relver/1.3.0)" "$tip"
git commit -q --allow-empty -m more
run relver bump minor --commit
code 3
same "$(git -C "$remote" rev-parse relver/1.3.0)" "$tip"
# What it lacks comes on top of what others put there.
git checkout -q -b edit origin/relver/1.3.0
sed -i s/1.3.0/1.2.2/ README.md && echo 'int r;' >src/x.c && git commit -qam review
git push -q origin edit:relver/1.3.0 && git checkout -q main
run relver bump minor --commit
code 3
git fetch -q origin
same "$(git log --format=%s main~..origin/relver/1.3.0)" 'Release 1.3.0
review
Release 1.3.0'
same "$(holds origin/relver/1.3.0)" 'README.md '
git merge -q -m merged origin/relver/1.3.0
run relver bump 1.3.0 --commit
ok
out_has 'nothing to do'
fi

try '--pr asks for it; what is changed here does not take part'
project
remote
printf '\n[dependencies]\nserde = "1"\n' >>Cargo.toml
echo 'int y;' >src/x.c && git add src/x.c
chmod +x README.md && git commit -qm executable README.md
snap
for time in 1 2; do
    run relver bump 1.2.3 --pr --offline
    refused 3 request "committed on 'relver/1.2.3', the work tree as before"
    err_has "  next: git push origin relver/1.2.3, then open"
    [ $time = 2 ] || tip=$(git rev-parse relver/1.2.3)
    same "$(git rev-parse relver/1.2.3)" "$tip"
done
same "$(git -C "$remote" for-each-ref --format='%(refname)')" refs/heads/main
same "$(holds relver/1.2.3)" "$all"
same "$(git diff main relver/1.2.3 | grep '^[-+][^-+]')" '-version = "1.2.2"
+version = "1.2.3"
-version = "1.2.2"
+version = "1.2.3"
-demo = "1.2.2"
+demo = "1.2.3"'
same "$(git ls-tree relver/1.2.3 README.md | cut -c 1-6)" 100755
unchanged
same "$(git status --porcelain)" ' M Cargo.toml
M  src/x.c'
no_litter

try 'a request by changesets, twice'
mkdir .changeset
echo '{"name": "demo", "version": "1.2.2"}' >package.json
printf -- '---\n"demo": minor\n---\n\nSay more.\n' >.changeset/some-words.md
git init -q -b main . && git add -A && git commit -q -m start
for time in 1 2; do
    run relver bump auto --pr --offline
    code 3
    same "$(git show --format= --name-status relver/1.3.0 | sort | tr '\t\n' ' ,')" \
        'A CHANGELOG.md,D .changeset/some-words.md,M package.json,'
    same "$(count relver/1.3.0)" 2
done
same "$(git status --porcelain)" ''

try 'a dry run of a request, and its JSON'
project
run relver bump 1.2.3 --pr -n
code 0
same "$(head -n 4 "$cases/out")" 'branch relver/1.2.3
    Release 1.2.3

--- a/Cargo.toml'
same "$(git for-each-ref --format='%(refname)')" refs/heads/main
run relver bump 1.2.3 --pr --offline --json
code 3
out_has "\"commit\": {\"id\": \"$(git rev-parse relver/1.2.3)\", \"branch\": \"relver/1.2.3\","

try 'names of several packages in a branch'
mkdir a b
printf '{"name": "@s/a", "version": "1.0.0"}\n' >a/package.json
printf '{"name": "b", "version": "1.0.0"}\n' >b/package.json
printf '{"name": "top", "private": true, "workspaces": ["a", "b"]}\n' >package.json
echo 'tag = "{name}@{version}"' >relver.toml
git init -q -b main . && git add -A && git commit -q -m start
run relver bump @s/a=1.1.0 b=2.0.0 --pr --offline
code 3
same "$(git log -1 --format=%s relver/-s-a-1.1.0+b-2.0.0)" 'Release @s/a v1.1.0 + b v2.0.0'

finish
