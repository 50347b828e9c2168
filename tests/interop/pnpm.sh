# pnpm: `pnpm install --frozen-lockfile --offline` takes the tree after every bump
. "$(dirname "$0")/lib.sh"

pnpm_says()
{
    pnpm install --frozen-lockfile --offline >&2 &&
        pnpm -r ls --depth -1 --json | node -e '
            for (const p of JSON.parse(require("fs").readFileSync(0)))
                console.log(p.name, p.version);' | sort
}
pnpm_again() { pnpm install --lockfile-only --offline; }

# Before 11 it is a program for node, since then one of the machine.
path=$PATH
for set in pnpm10 pnpm; do
    PATH=$path
    need $set || continue
    shape pnpm-catalogs
    case_name="$set: $case_name"
    ordinary pnpm_says pnpm_again pnpm-lock.yaml
done

finish
