# node-semver: rows generated and mutated, for relver and npm's semver; SEED=N or random repeats or
# varies a run, CASES= rows. One million: CASES=1000000 sh tests/interop/node-semver.sh
. "$(dirname "$0")/lib.sh"
tool python3 && tool node && need semver-js || finish

try "the same answers"
here=$top/tests/interop
counted python3 "$here/differ.py" node-semver \
    env NODE_PATH="$tools/node_modules" node "$here/node-semver.js"

finish
