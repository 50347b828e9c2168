# verdaccio: what npm publishes to a real registry is what verify, check free and show dist-tag say
. "$(dirname "$0")/lib.sh"
tool npm 9.0.0 && tool python3 || finish
need verdaccio || finish

try 'a user'
serve_npm
export RELVER_NPM_REGISTRY=$npm_url

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

try 'relver yank'
published 1.2.1 latest
run relver yank 1.2.1 -y --reason 'it is "broken" too'
ok
out_has 'dist-tag npm @demo/node 1.2.0 on npm: latest'
out_has 'next: relver bump 1.2.2'
run npm view @demo/node dist-tags.latest
out_is 1.2.0
run npm view @demo/node@1.2.1 deprecated
out_is 'it is "broken" too'
run npm install --prefix "$dir/user" @demo/node
file_has "$dir/user/package-lock.json" '"version": "1.2.0"'
run relver yank 1.2.1 --reason 'it is "broken" too'
ok
run relver yank 1.2.1 -y --undo
ok
run relver verify
ok
out_is 'ok npm @demo/node 1.2.1 on npm: latest'
run npm view @demo/node@1.2.1 deprecated
out_is ''
cp "$HOME/.npmrc" "$HOME/none"
echo "//$npm_at/:_authToken=no" >"$HOME/.npmrc"
run relver yank 1.2.1 -y
code 4
err_has 'error[auth]'
mv "$HOME/none" "$HOME/.npmrc"
run relver verify
ok

try 'nobody there any more'
at 1.2.0
stop
run relver verify
refused 4 network

finish
