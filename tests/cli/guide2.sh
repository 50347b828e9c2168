# The guide of from-tags: the workflows that prepare a patch on its release branch, and that begin
# the next one on main; and the branch of a minor release. Every command twice.
. "$(dirname "$0")/../peer/lib.sh"

if [ ! -x "$(git --exec-path)/git-http-backend" ]; then
    try 'a remote'
    skip 'git has no http-backend here'
    finish
fi

at() { git --git-dir="$remote" show "$1"; }
fallback() { at "$1:${2-}pyproject.toml" | sed -n 's/^fallback_version = "\(.*\)".*/\1/p'; }

try 'prepare 0.4.5 on its branch: versions, pins and lock files in one commit'
serve
workspace examples/from-tags
git remote add origin "$url"
git push -q origin main main:release-0.4.x
git tag v0.4.4 && git push -q origin v0.4.4
start=$(git rev-parse HEAD)
git fetch -q origin && git checkout -q release-0.4.x 2>/dev/null
twice relver bump 0.4.5 --commit
same "$(git log --format=%s "$start..")" 'Release 0.4.5'
twice relver tag --push -y
same "$(remote_ref v0.4.5^0)" "$(git rev-parse HEAD)"
same "$(remote_ref refs/heads/release-0.4.x)" "$(git rev-parse HEAD)"
same "$(remote_ref refs/heads/main)" "$start"
same "$(fallback release-0.4.x) $(fallback release-0.4.x src/llama_stack_api/)" '0.4.5 0.4.5'
same "$(at release-0.4.x:pyproject.toml | grep -c 'llama-stack-client *== *0\.4\.5"')" 2 'pins'
same "$(at release-0.4.x:ui/package-lock.json | grep -c '"version": "0.4.5"')" 2 'the lock file'
run relver bump minor --commit
refused 1 branch

case_name='after it: the dev tag, and main goes on, without a checkout of it'
twice relver tag --dev --push -y
same "$(remote_ref v0.4.6-dev^0)" "$start"
twice relver branch 0.4 --next 0.4.6.dev0 -y
same "$(git --git-dir="$remote" log -1 --format='%P %s' main)" "$start Begin 0.4.6.dev0"
same "$(fallback main) $(fallback main src/llama_stack_api/)" '0.4.6.dev0 0.4.6.dev0'
same "$(git symbolic-ref --short HEAD) $(git status --porcelain)" 'release-0.4.x '

case_name='the same in a checkout of main'
git push -q -f origin "$start:main" && git push -q origin :v0.4.6-dev && git tag -d v0.4.6-dev >log
rm log && git checkout -q main
twice relver bump 0.4.6.dev0 --commit
twice relver tag --dev --push -y
same "$(remote_ref v0.4.6-dev^0)" "$(git rev-parse HEAD)"
same "$(remote_ref refs/heads/main)" "$(git rev-parse HEAD)"

case_name='nightly builds count from the dev tag'
run relver show version --from-git
out_is 0.4.6.dev0
git commit -q --allow-empty -m 'Work on'
run relver show version --from-git
out_has 0.4.6.dev1+g
git push -q origin main

case_name='a minor release begins with its branch'
twice relver branch 0.5 -y
same "$(remote_ref refs/heads/release-0.5.x)" "$(git rev-parse HEAD)"
same "$(fallback main)" 0.6.0.dev0
run relver show lines
out_is 0.4
finish
