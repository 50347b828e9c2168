# Release lines: cut from the remote's main without a checkout, retired, begun at a tag; and what a
# line's branch lets a bump do.
. "$(dirname "$0")/../peer/lib.sh"

main=refs/heads/main
line=refs/heads/release/0.2
request=refs/heads/relver/branch-0.2

# start WORKSPACE: a clone here with that as its first commit, the remote at $remote.
start()
{
    serve
    workspace "$1"
    git remote add upstream "$url"
    git remote add origin "$url"
    git push -q upstream main
    git config remote.pushDefault upstream
}
# bumped VERSION: what main has is at that version.
bumped() { relver bump -q "$1" && git commit -qam "$1" && git push -q upstream HEAD:main; }
refs() { git --git-dir="$remote" for-each-ref --format='%(refname) %(objectname)'; }
at() { git --git-dir="$remote" show "$1:$2"; }
# The local side: nothing of it changes but git's objects and what it remembers of the remote.
here() { tree; git status --porcelain; git for-each-ref refs/heads refs/tags; git rev-parse HEAD; }
keep() { kept=$(here) kept_refs=$(refs); }
same_here() { same "$(here)" "$kept" 'the work tree'; }
same_there() { same "$(refs)" "$kept_refs" 'the remote'; }

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a remote'
    skip 'git has no http-backend here'
    finish
fi

try 'the branch, the nightly list and the next version, for a pull request'
start examples/one-version
bumped 0.2.0
tip=$(remote_ref $main)
keep
run relver branch 0.2 -n
code 0
out_has '-version = "0.2.0" # the one version of this repository
+version = "0.3.0" # the one version of this repository'
out_has '   - main
   - release/0.1
+  - release/0.2'
out_has "push $line $tip to upstream
push $request 'Begin 0.3.0' on $tip to upstream"
same_there
run relver branch 0.2
code 2
err_has 'error[confirm]'
err_has 'next: relver branch 0.2 -y'
same_there
run relver branch 0.2 -y
code 3
made=$(remote_ref $request)
out_is "push $line $tip to upstream
push $request $made to upstream"
refused 3 request 'all pushed'
err_has "'relver/branch-0.2' waits to be merged into 'main' on 'upstream'"
same "$(remote_ref $line)" "$tip"
same "$(remote_ref $main)" "$tip"
same "$(git --git-dir="$remote" log -1 --format='%P %s' $request)" "$tip Begin 0.3.0"
same "$(git --git-dir="$remote" diff --stat $main $request | tail -n 1)" \
    ' 7 files changed, 20 insertions(+), 19 deletions(-)'
same_here
keep
run relver branch 0.2 -y
refused 3 request
same_there

try 'again, when it is merged, there is nothing to do; also when it was squashed'
start examples/one-version
bumped 0.2.0
run relver branch 0.2 -y
code 3
git fetch -q upstream && git merge -q --squash upstream/relver/branch-0.2 >log 2>&1 && rm log &&
    git commit -qm squashed && git push -q upstream HEAD:main
keep
run relver branch 0.2 -y
ok
out_is 'nothing to do'
same_there
run relver branch 0.2 -y --json
ok
out_has '"branch": "release/0.2", "request": null, "steps": []}'

try 'a request that waits is brought up to date, not replaced'
start examples/one-version
bumped 0.2.0
run relver branch 0.2 -y
first=$(remote_ref $request)
run relver branch 0.2 -y --next 0.3.0-rc.1
refused 1 order
run relver branch 0.2 -y --next 0.4.0
code 3
same "$(git --git-dir="$remote" log -1 --format='%P %s' $request)" "$first Begin 0.4.0"

try 'main takes the commit where `merge` says so'
start examples/one-version
bumped 0.2.0-rc.1
sed -i 's/^merge = .*/merge = "push"/' relver.toml
git commit -qam push && git push -q upstream main
tip=$(remote_ref $main)
keep
run relver branch 0.2 -y --signoff
code 0
same "$(remote_ref $line)" "$tip"
same "$(git --git-dir="$remote" log -1 --format='%P %B' $main)" "$tip Begin 0.3.0

Signed-off-by: tester <tester@mail.example>"
same "$(at $main .github/nightly-alpha-branches.yaml | tail -n 1)" '  - release/0.2'
same "$(at $line .github/nightly-alpha-branches.yaml | tail -n 1)" '  - release/0.1'
same_here
keep
run relver branch 0.2 -y
ok
out_is 'nothing to do'
same_there
git fetch -q upstream && git checkout -q -B main upstream/main
run relver check
code 0

try 'a line whose branch is there: main goes on as it is told'
start examples/from-tags
git push -q upstream main:release-0.4.x
keep
run relver branch 0.4 --next 0.4.6.dev0 -y
code 0
same "$(git --git-dir="$remote" log -1 --format=%s $main)" 'Begin 0.4.6.dev0'
same "$(at $main src/llama_stack_api/pyproject.toml | sed -n 's/^fallback_version = //p')" \
    '"0.4.6.dev0"'
same_here
keep
run relver branch 0.4 --next 0.4.6.dev0 -y
ok
same_there
run relver branch 0.5 -y
code 0
same "$(git --git-dir="$remote" log -1 --format=%s $main)" 'Begin 0.6.0.dev0'
same "$(remote_ref refs/heads/release-0.5.x)" "$(git --git-dir="$remote" rev-parse $main~1)"

try 'a line that main is past'
start examples/one-version
bumped 0.3.0
keep
run relver branch 0.2 -y
refused 1 branch
err_has "'main' on 'upstream' is at 0.3.0, past the line 0.2"
same_there
run relver branch 0.2 -y --override branch=late
code 3
same "$(remote_ref $line)" "$(remote_ref $main)"
same "$(git --git-dir="$remote" log -1 --format=%s $request)" 'Begin nightly builds of release/0.2'

try 'what is no line'
start examples/one-version
for word in 0.2.1 v0.2 main 00.2 ''; do
    run relver branch "$word" -y
    refused 2 usage
done
run relver branch -y
refused 2 usage
run relver branch 0.2 --hotfix 0.1.0 -y
refused 2 usage
run relver branch 0.2 --offline -y
refused 4 git.remote

try 'retired'
start examples/one-version
keep
run relver branch --retire 0.1 -y --push
code 0
same "$(git --git-dir="$remote" log -1 --format=%s $main)" 'End nightly builds of release/0.1'
same "$(at $main .github/nightly-alpha-branches.yaml)" '# branches that get a nightly alpha tag
branches:
  - main'
same_here
keep
run relver branch --retire 0.1 -y --push
ok
out_is 'nothing to do'
same_there
rm -f relver.toml && sed '/^nightly-branches/d' "$top/examples/one-version/relver.toml" >relver.toml
git add -A && git commit -qm less && git push -q -f upstream main
run relver branch --retire 0.1 -y
refused 2 usage

try 'a nightly list that cannot be read'
start examples/one-version
printf 'a: [main]\nb: [main]\n' >.github/nightly-alpha-branches.yaml
git commit -qam two && git push -q upstream main
keep
run relver branch 0.1 -y
refused 2 duplicate
err_has '.github/nightly-alpha-branches.yaml:2:'
same_there

try 'the branch of a line that has none, at a tag'
start examples/changelog
git tag -m three v0.3.0 && git tag v0.3.0-rc.1 && git push -q upstream v0.3.0
tagged=$(git rev-parse HEAD)
bumped 0.4.0
keep
run relver branch --hotfix v0.3.0 -y
code 0
same "$(remote_ref refs/heads/release/0.3)" "$tagged"
same_here
keep
run relver branch --hotfix v0.3.0 -y
ok
out_is 'nothing to do'
same_there
run relver branch --hotfix v0.3.0-rc.1 -y
refused 2 usage
run relver branch --hotfix other -y
refused 2 usage
git push -q upstream "$(git commit-tree 'HEAD^{tree}' -m other):refs/heads/release/0.4"
git tag v0.4.0 && git push -q upstream v0.4.0
run relver branch --hotfix v0.4.0 -y
refused 6 git.branch

try 'a branch that the server protects; main that goes on meanwhile'
start examples/one-version
bumped 0.2.0
hook update <<'EOS'
case $1 in refs/heads/main) echo protected >&2; exit 1 ;; esac
EOS
run relver branch 0.2 --push -y
refused 3 git.protected "half way, done: push $line"
rm "$remote/hooks/update"
run relver branch 0.2 --push -y
code 0
same "$(git --git-dir="$remote" log -1 --format=%s $main)" 'Begin 0.3.0'

try 'a clone that is behind, and stands elsewhere'
start examples/one-version
git checkout -q -b side
git commit -q --allow-empty -m side
bumped 0.2.0
tip=$(remote_ref $main)
git checkout -q --detach main
git update-ref -d refs/remotes/upstream/main
echo dirt >>README.md
keep
run relver branch 0.2 --push -y
code 0
same "$(git --git-dir="$remote" rev-parse $main~1)" "$tip"
same_here

try 'a project below the top, from a shallow clone; one package of two'
serve
mkdir sub && cp -R "$top/examples/two-packages/." sub
git init -q -b main . && git add -A && git commit -q -m start && git commit -q --allow-empty -m two
git push -q "$url" main
git clone -q --depth 1 "$url" clone 2>log && cd clone/sub || exit 2
run relver branch 0.4 -y
refused 2 ambiguous
run relver branch 0.4 -p edgequake-llm -y
code 0
same "$(git --git-dir="$remote" log -1 --format=%s $main)" 'Begin 0.5.0'
same "$(git --git-dir="$remote" diff --name-only $main~1 $main)" 'sub/Cargo.lock
sub/Cargo.toml
sub/edgequake-litellm/Cargo.toml'
same "$(git --git-dir="$remote" rev-list --count refs/heads/release/0.4)" 2

try 'neither main nor master; no remote'
serve
workspace examples/changelog
git remote add origin "$url"
git push -q origin main:trunk
run relver branch 0.3 -y
refused 2 git.main
run relver branch 0.3 -y --remote nowhere
refused 4 git.remote

try 'a bump stays in the line of its branch'
workspace examples/one-version
git checkout -q -b release/0.2
run relver bump 0.2.0-rc.1 -q
code 0
run relver bump 0.3.0 -q
refused 1 branch
err_has "'nemo-flow' 0.3.0 is not of the line of 'release/0.2'"
run relver bump minor -q
code 0
run relver bump minor -q
refused 1 branch
run relver bump 0.3.0 -q --override branch=why
code 0
run relver bump 0.3.0 -q
code 0
git checkout -q -b release/0.2.0
run relver bump 0.4.0 -q
code 0
try 'of two packages, nobody knows whose the branch is'
workspace examples/two-packages
git checkout -q -b release/0.5
run relver bump edgequake-litellm=0.4.1 -q
code 0

finish
