# The guide of changelog, steps 6 to 8: the release commit, the annotated tag, and the push of both,
# the commit first. Every command twice.
. "$(dirname "$0")/../peer/lib.sh"

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a remote'
    skip 'git has no http-backend here'
    finish
fi

try 'a release of omi'
serve
workspace examples/changelog
git remote add origin "$url" && git push -q origin main
start=$(git rev-parse HEAD)
twice relver bump 0.4.0 --commit
same "$(git log --format=%s "$start..")" 'Release version 0.4.0'
file_has pyproject.toml 'version = "0.4.0"'
file_has CHANGELOG.md '## [0.4.0] - '
same "$(git status --porcelain)" ''

twice relver tag -y
same "$(git cat-file -t v0.4.0)" tag
same "$(git for-each-ref --format='%(contents)' refs/tags/v0.4.0)" 'Release version 0.4.0

Major changes:
- Add `omi init --data-dir DIR`.
- Keep the weight of a belief that is saved twice (fixes #21).'
same "$(remote_ref v0.4.0) $(remote_ref refs/heads/main)" " $start" 'nothing is pushed yet'

: >"$peer/log"
twice relver tag --push -y
same "$(requests 'POST /1.git/git-receive-pack')" 2 'pushes'
same "$(remote_ref refs/heads/main)" "$(git rev-parse HEAD)"
same "$(remote_ref refs/tags/v0.4.0)" "$(git rev-parse v0.4.0)" 'the tag object'

case_name='a hotfix: the branch at the release tag, the patch on it'
git commit -q --allow-empty -m 'Work on' && git push -q origin main
twice relver branch --hotfix v0.4.0 -y
same "$(remote_ref refs/heads/release/0.4)" "$(git rev-parse v0.4.0^0)"
git fetch -q origin && git checkout -q release/0.4 2>/dev/null
run relver bump minor --commit
refused 1 branch
sed -i 's/^## \[Unreleased\]$/&\n\n### Fixed\n\n- Weigh beliefs right./' CHANGELOG.md
git commit -qam 'Weigh beliefs right'
twice relver bump 0.4.1 --commit
twice relver tag --push -y
same "$(remote_ref v0.4.1^0) $(remote_ref refs/heads/release/0.4)" \
    "$(git rev-parse HEAD) $(git rev-parse HEAD)"
same "$(told main)" 'Work on'
run relver check --all-tags
code 0
finish
