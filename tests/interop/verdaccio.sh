# verdaccio: what npm publishes to a real registry is what verify, check free and show dist-tag say
. "$(dirname "$0")/lib.sh"
tool npm 9.0.0 || finish
need verdaccio || finish

cat >"$cases/config.yaml" <<END
storage: $cases/storage
auth: {htpasswd: {file: $cases/htpasswd}}
uplinks: {}
packages: {'**': {access: \$all, publish: \$authenticated}}
web: {enable: false}
log: {type: file, path: $cases/log, level: warn}
END
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1",
    () => { console.log(s.address().port); s.close(); })')
verdaccio -c "$cases/config.yaml" -l "127.0.0.1:$port" >"$cases/said" 2>&1 &
server=$!
trap 'kill $server; leave' EXIT
export RELVER_NPM_REGISTRY=http://127.0.0.1:$port npm_config_registry=http://127.0.0.1:$port/

try 'a user'
run node -e '
    const user = {name: "alice", password: "secret of alice", type: "user"};
    const ask = left => fetch(process.env.npm_config_registry + "-/user/org.couchdb.user:alice",
            {method: "PUT", headers: {"content-type": "application/json"},
             body: JSON.stringify(user)})
        .then(answer => answer.json()).then(said => console.log(said.token))
        .catch(() => left > 0 ? setTimeout(ask, 100, left - 1) : process.exit(1));
    ask(100);'
code 0
echo "//127.0.0.1:$port/:_authToken=$out" >"$HOME/.npmrc"

at() { echo "{\"name\": \"@demo/node\", \"version\": \"$1\"}" >package.json; }
# published VERSION DIST-TAG: it is not there; relver says how to tag it; npm publishes it.
published()
{
    at "$1"
    run relver verify
    refused 1 absent
    run relver check free
    ok
    run relver show dist-tag
    ok
    out_is "$2"
    run npm publish --access public --tag "$2"
    code 0
    run relver verify
    ok
    out_is "ok npm @demo/node $1 on npm: $2"
    run relver check free
    refused 6 free
}
try 'published'
published 1.2.0 latest
published 1.3.0-rc.1 next
published 1.1.5 release-1.1
run npm view @demo/node dist-tags --json
same "$(echo $out)" '{ "latest": "1.2.0", "next": "1.3.0-rc.1", "release-1.1": "1.1.5" }'
digest=$(npm view @demo/node@1.1.5 dist.integrity)
run relver verify --json
out_has "{\"name\": \"node-1.1.5.tgz\", \"digest\": \"$digest\"}"
run npm dist-tag rm @demo/node next
run relver verify 1.3.0-rc.1
refused 1 dist-tag
run npm deprecate @demo/node@1.1.5 'it is broken'
run relver verify
refused 1 withdrawn
run npm deprecate @demo/node@1.1.5 ''
run relver verify
ok
run npm unpublish @demo/node@1.1.5 --force
run relver verify
refused 1 absent

try 'nobody there any more'
at 1.2.0
kill $server
wait $server 2>/dev/null
run relver verify
refused 4 network
trap leave EXIT

finish
