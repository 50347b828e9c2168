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

finish
