# The guide of one-version: a release line for the code freeze, main to the next version, the tags
# of the line, and its end. Every command twice; what a person does on the forge in between is
# `merge`.
. "$(dirname "$0")/../peer/lib.sh"

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a remote'
    skip 'git has no http-backend here'
    finish
fi

at() { git --git-dir="$remote" show "$1"; }

try 'the code freeze of 0.2'
serve
workspace examples/one-version
git remote add upstream "$url"
relver bump 0.2.0-rc.1 -q && git commit -qam 'Prepare 0.2.0' && git push -q upstream main
frozen=$(git rev-parse HEAD)

run relver branch 0.2 -y
code 3
merge relver/branch-0.2 main
twice relver branch 0.2 -y
out_is 'nothing to do'
same "$(remote_ref refs/heads/release/0.2)" "$frozen"
same "$(at main:.github/nightly-alpha-branches.yaml)" '# branches that get a nightly alpha tag
branches:
  - main
  - release/0.1
  - release/0.2'
same "$(at main:Cargo.toml | sed -n 's/^version = "\(.*\)" #.*/\1/p')" 0.3.0
same "$(git rev-parse main)" "$frozen" 'the local main'

case_name='a release candidate: the branch has its version'
git fetch -q upstream && git checkout -q release/0.2 2>/dev/null
twice relver tag --push -y
same "$(remote_ref refs/tags/0.2.0-rc.1^0)" "$frozen"

case_name='the release: its commit is merged, then tagged'
run relver bump release --commit
code 3
same "$(told relver/0.2.0)" 'Release 0.2.0'
merge relver/0.2.0 release/0.2
git pull -q --ff-only upstream release/0.2 2>/dev/null
twice relver bump 0.2.0 --commit
twice relver tag --push -y
same "$(remote_ref refs/tags/0.2.0^0)" "$(remote_ref refs/heads/release/0.2)"
run relver check --tag 0.2.0
code 0

case_name='not on main, and no other line'
run relver bump minor --commit
refused 1 branch
git checkout -q main && git pull -q --ff-only upstream main 2>/dev/null
run relver bump 0.2.1 -q --override order=try
code 0
git commit -qam 'a patch, on main' && git push -q upstream main
run relver tag --push -y
refused 1 branch
git push -q -f upstream HEAD~1:main && git reset -q --hard HEAD~1

case_name='no more nightly builds'
run relver branch --retire 0.1 -y
code 3
merge relver/retire-0.1 main
twice relver branch --retire 0.1 -y
out_is 'nothing to do'
same "$(at main:.github/nightly-alpha-branches.yaml | tail -n 2)" '  - main
  - release/0.2'

run relver check --all-tags
code 0
finish
