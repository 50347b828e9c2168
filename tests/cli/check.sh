# relver check, status and show: what is where, and what is wrong
. "$(dirname "$0")/lib.sh"

try 'a drifted file is named by line and column'
workspace examples/one-version
sed -i 's/"version": "0.1.0"/"version": "0.1.9"/' crates/node/package.json
run relver check
refused 1 aligned
err_has 'crates/node/package.json:3:15: '
err_has "says '0.1.9', expected '0.1.0'"
err_has 'next: relver bump nemo-flow=0.1.0'
run relver check lock
ok
run relver status
code 0
out_has 'crates/node/package.json:3:15: version = 0.1.9  <- expected 0.1.0'
run relver check --json
code 1
out_has '{"gate": "aligned", "path": "crates/node/package.json", "line": 3, "col": 15'
run env GITHUB_ACTIONS=true relver check
err_has '::error file=crates/node/package.json,line=3,col=15::'
run relver bump nemo-flow=0.1.0
ok
run relver check
ok

try 'a stale lock file is another gate'
workspace tests/fixtures/stale-lock
run relver check aligned
ok
run relver check lock
code 1
err_has 'Cargo.lock:'
err_has 'package-lock.json:'

try 'a static version in a manifest that leaves it to the build'
workspace examples/one-version
sed -i 's/^name = "nemo-flow"/&\nversion = "0.1.0"/' pyproject.toml
run relver check
refused 1 aligned
err_has 'pyproject.toml:7:12: '

try 'a requirement that refuses the package it is on'
workspace examples/two-packages
sed -i 's/version = "0.4.0", default/version = "0.3.9", default/' edgequake-litellm/Cargo.toml
run relver check
code 1
err_has "edgequake-litellm/Cargo.toml:15:"

try 'the tag: its form, and the version of every package'
workspace examples/one-version
run relver check --tag 0.1.0
ok
out_is 'ok aligned
ok lock
ok changelog
ok tag'
run relver check --tag refs/tags/0.1.0
ok
run relver check --tag v0.1.0
refused 1 tag
err_has "expected '0.1.0'"
run relver check --tag 0.1.1
code 1
err_has 'Cargo.toml:7:12: '
err_has "the tag '0.1.1' says 0.1.1"
err_has 'next: relver bump nemo-flow=0.1.1'
run relver check tag
refused 2 usage
run relver check tga
refused 2 usage

try 'tags of two packages'
workspace examples/two-packages
run relver check --tag v0.4.0
ok
run relver check --tag py-v0.3.0
ok
run relver check --tag py-v0.4.0
code 1
err_has 'edgequake-litellm/'
run relver check --tag 0.4.0
refused 1 tag

try 'without a configuration any common form of a tag will do'
workspace tests/fixtures/cargo-single
run relver check --tag v1.2.3
ok
run relver check --tag 1.2.3
ok
run relver check --tag v1.2.4
code 1

try 'status lists every place, and writes nothing'
workspace examples/one-version
snap
run relver status
ok
unchanged
same "$(printf '%s\n' "$out" | grep -c '0\.1\.0$')" 19 'places'
out_has 'workspace.package.version = 0.1.0'
out_has 'crates/python/Cargo.toml:4:21: '
out_has '(inherited)'
out_has '(dynamic)'
out_lacks tinylog
run relver status --json
ok
out_has '{"relver": 1, "root": '
out_has '"tag": {"value": "{version}", "line": 3, "col": '

try 'show prints one value and nothing else'
workspace examples/one-version
run relver bump 0.2.0-rc.1
run relver show version
out_is 0.2.0-rc.1
run relver show version --style pep440
out_is 0.2.0rc1
run relver show why
ok
out_has 'pypi     0.2.0rc1'
out_has 'git tag  0.2.0-rc.1'
run relver show colour
refused 2 usage

try 'no manifest at all'
run relver status
refused 2 no-manifest

try 'from a directory below, and from elsewhere'
workspace examples/one-version
run relver -C crates/node show version
out_is 0.1.0
cd crates && run relver show version && out_is 0.1.0

try 'the configuration is checked'
workspace examples/one-version
echo 'tga = "v{version}"' >relver.toml
run relver status
code 2
err_has "relver.toml:1:"
err_has tag

if [ "$(uname)" = Linux ]; then
    try 'offline commands load neither libcurl nor libgit2'
    workspace examples/one-version
    run env LD_DEBUG=files relver status
    err_has 'libc.so'
    err_lacks libcurl
    err_lacks libgit2
fi

finish
