# npm: `npm ci --offline` takes the tree after every bump, and `npm install` has nothing to change.
# (ci also takes a lock file that is behind for packages of the workspace.)
. "$(dirname "$0")/lib.sh"
tool npm 9.0.0 || finish
lax=1

npm_says()
{
    npm ci --offline --ignore-scripts --no-audit --no-fund >&2 &&
        npm query ':root, .workspace' | node -e '
            for (const p of JSON.parse(require("fs").readFileSync(0)))
                console.log(p.name, p.version);' | sort
}
npm_again() { npm install --package-lock-only --offline --no-audit --no-fund; }

# The private root has no version, the private site stays at 0.0.0.
shape npm-workspaces
ordinary npm_says npm_again package-lock.json

# napi-rs keeps a package for each platform, outside any workspace; they have the version of the
# package that loads them, which names them as optional dependencies. The crate inside is not
# published and stays at 0.0.0. No lock file: npm cannot write one before the packages are out.
napi_says()
{
    seen=$(tree)
    napi version >&2 && [ "$(tree)" = "$seen" ] &&
        npm pack --dry-run --json --ignore-scripts . ./npm/* | node -e '
            for (const p of JSON.parse(require("fs").readFileSync(0)))
                console.log(p.name, p.version);
            const root = JSON.parse(require("fs").readFileSync("package.json"));
            for (const name in root.optionalDependencies)
                console.log(name, root.optionalDependencies[name]);' | sort
}
if need napi; then
    shape napi
    lax='' && ordinary napi_says ''
    relver edit npm/darwin-arm64/package.json version 1.2.9
    run relver check
    code 1
    err_has 'npm/darwin-arm64/package.json:3:15'
    stale 1.3.0
fi

finish
