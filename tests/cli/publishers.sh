# check publishers: what a workflow publishes it may publish, and crates.io takes it.
. "$(dirname "$0")/../peer/lib.sh"

if ! echo '#include <curl/curl.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    try 'publishers'
    skip 'no headers of libcurl'
    finish
fi
start_peer registry
at=http://127.0.0.1:$peer_port
export RELVER_CRATES_IO_INDEX=$at/cargo RELVER_CRATES_IO_API=$at/crates
unset CARGO_REGISTRY_TOKEN CARGO_REGISTRIES_CRATES_IO_TOKEN

# workflow [NAME] <TEXT
workflow() { mkdir -p .github/workflows && cat >".github/workflows/${1-release.yml}"; }
project()
{
    fault
    rm -rf "$peer/cargo" "$peer/crates"
    echo '{"name": "demo-node", "version": "1.2.0"}' >package.json
}

try 'nothing is against it'
project
run relver check publishers
ok
out_is 'ok publishers'
workflow <<'END'
name: Release
on:
  push:
    tags: ["v*"]
env: {FORCE_COLOR: 1}
jobs:
  pypi:
    runs-on: ubuntu-latest
    permissions:
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - uses: pypa/gh-action-pypi-publish@release/v1
  npm:
    permissions: {contents: read, id-token: "write"}
    steps:
      - run: |
          npm ci
          npm publish --tag next
  old:
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
        with:
          password: ${{ secrets.PYPI }}
      - run: npm publish --dry-run
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
      - name: quiet
        run: |
          # uv publish
          echo done
  all:
    env:
      TWINE_PASSWORD: ${{ secrets.PYPI }}
    steps:
      - run: relver publish -y
  config:
    steps:
      - run: |
          npm config set //registry.example/:_authToken "$T"
          npm publish
      - run: uv publish --token "$T"
  packages:
    steps:
      - run: npm publish
        env: {NODE_AUTH_TOKEN: "${{ secrets.GITHUB_TOKEN }}"}
END
run relver check publishers
ok
workflow other.yaml <<'END'
on: {push: {branches: [main]}}
permissions: write-all
jobs:
  crates:
    steps:
      - id: auth
        uses: rust-lang/crates-io-auth-action@v1
      - run: cargo publish
        env:
          CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}
END
run relver check publishers
ok

try 'no permission for a token'
project
workflow <<'END'
on: push
permissions:
  contents: read
jobs:
  npm:
    steps:
      - env:
          GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}
          NODE_AUTH_TOKEN: ""
        run: |
          npm ci
          npm publish
  signed: # npm signs where it was built, whoever uploads
    env: {NODE_AUTH_TOKEN: "${{ secrets.NPM_TOKEN }}"}
    steps:
      - run: npm publish --provenance
  crates:
    permissions: {id-token: read}
    steps:
      - uses: rust-lang/crates-io-auth-action@v1
  pypi:
    permissions: {id-token: write}
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
END
run relver check publishers
code 1
err_has "error[publishers]: .github/workflows/release.yml:12:11: 'npm publish' proves no identity"
err_has "release.yml:20:15: 'rust-lang/crates-io-auth-action@v1' proves no identity"
err_has 'next: add to the job: permissions: id-token: write'
err_has "release.yml:16:14: 'npm publish --provenance' proves no identity"
same "$(echo "$err" | grep -c 'error.publishers')" 3
run relver check publishers --json
out_has '"path": ".github/workflows/release.yml", "line": 12'
workflow <<'END'
on: push
jobs:
  py:
    permissions: {id-token: write}
    steps: [{run: true}]
  other:
    steps: [{uses: pypa/gh-action-pypi-publish@v1, with: {verbose: true}}]
END
run relver check publishers # each job has its own
refused 1 publishers
err_has 'release.yml:7:20: '

try 'PyPI and a workflow that others call'
project
for on in workflow_call '[push, workflow_call]' '{workflow_call: {inputs: {x: {type: string}}}}'; do
    workflow <<END
on: $on
permissions: {id-token: write}
jobs:
  pypi:
    steps:
      - uses: pypa/gh-action-pypi-publish@release/v1
END
    run relver check publishers
    refused 1 publishers
    err_has 'release.yml:6:15: PyPI trusts no reusable workflow'
done
workflow <<'END'
on: workflow_call
jobs:
  npm: # what it may is for the caller to say
    steps: [{run: npm publish}]
END
run relver check publishers
ok

try 'a tag that starts nothing'
project
workflow <<'END'
on: {push: {tags: ["v*"]}}
jobs: {}
END
workflow cut.yml <<'END'
on: workflow_dispatch
jobs:
  cut:
    steps:
      - uses: actions/checkout@v4
      - run: git tag v1 && git push origin --tags
END
run relver check publishers
code 0
err_has "warning[publishers]: .github/workflows/cut.yml:6:14: a tag that is pushed with the"
sed 's/checkout@v4/&\n        with: {token: "${{ secrets.BOT }}"}/' .github/workflows/cut.yml >cut
workflow cut.yml <cut
run relver check publishers
ok
sed 's/secrets.BOT/github.token/' cut | workflow cut.yml
run relver check publishers
err_has 'warning[publishers]'

try 'what cannot be read'
project
workflow <<'END'
on: push
permissions: &all {id-token: write}
jobs:
  npm:
    permissions: *all
    steps: [{run: npm publish}]
END
run relver check publishers
refused 4 publishers
err_has 'release.yml:6:19: '
err_has 'unless an alias says so'
printf 'on: {schedule: [cron: [x]]}\njobs: {npm: {steps: [{run: npm publish}]}}\n' | workflow
run relver check publishers
refused 4 publishers
err_has 'release.yml:1:23: cannot be read: '
printf 'on: {schedule: [cron: [x]]}\njobs: {npm: {steps: [{run: npm test}]}}\n' | workflow
run relver check publishers # nothing in there is of interest
ok

### crates.io

crate() # [VERSIONS [TRUSTED ONLY]]
{
    project
    rm -f package.json
    printf '[package]\nname = "democore"\nversion = "0.2.0"\n' >Cargo.toml
    mkdir -p "$peer/cargo/de/mo" "$peer/crates/api/v1/crates"
    [ -z "${1-}" ] || echo '{"name":"democore","vers":"0.1.0","cksum":"1","yanked":false}' \
        >"$peer/cargo/de/mo/democore"
    [ -z "${2-}" ] || echo "{\"crate\":{\"id\":\"democore\",\"trustpub_only\":$2}}" \
        >"$peer/crates/api/v1/crates/democore"
}

try 'a crate that is new'
crate
run relver check publishers
refused 1 publishers
err_has 'cargo democore: is new, and a trusted publisher makes no crate'
CARGO_REGISTRY_TOKEN=x run relver check publishers
ok
mkdir home && printf '[registry]\ntoken = "x"\n' >home/credentials.toml
CARGO_HOME=$PWD/home run relver check publishers
ok
workflow <<'END'
on: push
env: {CARGO_REGISTRY_TOKEN: "${{ secrets.CRATES }}"}
jobs: {crates: {steps: [{run: cargo publish}]}}
END
run relver check publishers
ok
fault 500
run relver check publishers
refused 4 server

try 'a crate that takes no token'
crate 0.1.0 false
run relver check publishers
ok
crate 0.1.0 true
run relver check publishers
refused 1 publishers
err_has 'cargo democore: crates.io takes it from no token'
workflow <<'END'
on: push
permissions: {id-token: write}
jobs: {crates: {steps: [{uses: rust-lang/crates-io-auth-action@v1}]}}
END
: >"$peer/log"
run relver check publishers
ok
same "$(requests /crates/)" 0
rm -r .github
crate 0.1.0
run relver check publishers # the index has it, the API says nothing of it
refused 4 publishers
echo 'to.stable = ["own"]
registries.own = "cargo+'$at'/cargo"' >relver.toml
run relver check publishers
ok

finish
