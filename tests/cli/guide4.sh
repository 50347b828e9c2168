# The guide of two-packages, 3.4 and 3.5: one commit for a crate and its binding, two tags. Every
# command twice.
. "$(dirname "$0")/../peer/lib.sh"

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a remote'
    skip 'git has no http-backend here'
    finish
fi

try 'a release of both packages'
serve
workspace examples/two-packages
git remote add origin "$url" && git push -q origin main
start=$(git rev-parse HEAD)
twice relver bump edgequake-llm=0.5.0 edgequake-litellm=0.4.0 --commit
same "$(git log --format=%s "$start..")" 'release: edgequake-llm v0.5.0 + edgequake-litellm v0.4.0'
file_has edgequake-litellm/Cargo.toml 'version = "0.5.0"'
file_has edgequake-litellm/pyproject.toml 'version = "0.4.0"'
file_has Cargo.lock 'version = "0.4.0"'

# The branch first, then each tag alone: a workflow starts for each.
: >"$peer/log"
twice relver tag --push -y
same "$(requests 'POST /1.git/git-receive-pack')" 3 'pushes'
for ref in refs/heads/main v0.5.0^0 py-v0.4.0^0; do
    same "$(remote_ref $ref)" "$(git rev-parse HEAD)" $ref
done
run relver check --tag py-v0.4.0
code 0

case_name='a patch of the binding alone'
sed -i 's/^## \[Unreleased\]$/&\n\n### Fixed\n\n- Answer in time./' edgequake-litellm/CHANGELOG.md
git commit -qam 'Answer in time'
twice relver bump edgequake-litellm=0.4.1 --commit
same "$(told main)" 'release: edgequake-llm v0.5.0 + edgequake-litellm v0.4.0'
twice relver tag --push -y
same "$(told main)" 'release: edgequake-litellm v0.4.1'
same "$(git --git-dir="$remote" tag)" 'py-v0.4.0
py-v0.4.1
v0.5.0'
run relver check --all-tags
code 0
finish
