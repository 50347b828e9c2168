# Somebody else's packages: requirements that follow by `pins`, and bump --dep.
. "$(dirname "$0")/lib.sh"

python_project()
{
    cat >pyproject.toml <<'END'
[project]
name = "stack"
version = "0.4.4"
dependencies = ["stack-client>=0.4.4", "stack_api == 0.4.4 ; python_version > '3'", "other==0.4.4"]

[project.optional-dependencies]
client = ["stack-client[async]~=0.4.4"]

[dependency-groups]
dev = ["Stack.Client==0.4.4", {include-group = "test"}]
test = []
END
    cat >relver.toml
}

try 'pins name somebody else'\''s package: it follows, with the operator of the pin'
python_project <<'END'
pins = { stack-client = "==", stack-api = "~=" }
END
run relver check
code 1
err_has 'pyproject.toml:4:30: project.dependencies[0] says '\''>=0.4.4'\'', expected '\''==0.4.4'\'
run relver bump 0.4.5
ok
file_has pyproject.toml '["stack-client==0.4.5", "stack_api ~= 0.4.5 ; python_version'
file_has pyproject.toml '"other==0.4.4"]'
file_has pyproject.toml 'client = ["stack-client[async]==0.4.5"]'
file_has pyproject.toml 'dev = ["Stack.Client==0.4.5", {include-group = "test"}]'
run relver bump 0.4.5
ok
out_has 'nothing to do'
run relver check
ok
run relver status
out_has 'pyproject.toml:4:30: project.dependencies[0] = ==0.4.5'

try 'nobody publishes a companion'\''s development version: its requirement stays'
python_project <<'END'
pins = { stack-client = "==" }
END
run relver bump 0.4.5
ok
run relver bump dev
ok
out_has 'stack 0.4.5 => 0.4.6.dev0'
file_has pyproject.toml 'stack-client==0.4.5"'
run relver check
ok
run relver bump 0.5.0rc1
file_has pyproject.toml 'stack-client==0.5.0rc1"'

try 'a pattern of names'
python_project <<'END'
pins = { "stack-*" = "always" }
END
run relver bump 0.5.0
ok
file_has pyproject.toml '["stack-client>=0.5.0", "stack_api == 0.4.4 ;'
file_has pyproject.toml 'other==0.4.4'
file_has pyproject.toml 'stack-client[async]~=0.5.0'

try '"*" speaks of our own packages only, and keep keeps'
python_project <<'END'
pins = { stack-client = "keep", "*" = "==" }
END
run relver bump 0.5.0
ok
out_has '1 edit in 1 file'

try '--dep: operator and precision stay'
workspace tests/fixtures/npm-single
run relver bump --dep far=1.3.0
code 0
out_is '2 edits in 2 files'
err_is 'relver: package-lock.json still resolves far to 1.2.3: run npm install --package-lock-only'
file_has package.json '"far": "^1.3.0"'
file_has package-lock.json '"far": "^1.3.0"'
versions_only '1\.2\.3' '1\.3\.0'
run relver bump --dep far=1.3.0
ok
out_is 'nothing to do'

try '--dep: what the lock file holds may do'
workspace tests/fixtures/npm-single
run relver bump --dep far=1.2.0
ok
out_is '2 edits in 2 files'

try '--dep beside a version, as JSON, dry'
workspace tests/fixtures/npm-single
snap
run relver bump patch --dep far=2.0.0 --json -n
code 0
out_has '"from": "1.2.3", "to": "1.2.4"}]'
out_has '"remains": ["package-lock.json still resolves far to 1.2.3: run npm install'
unchanged

try '--dep in Cargo and Python spellings'
workspace tests/fixtures/cargo-mixed
run relver bump --dep foreign=2.0.0
code 0
file_has Cargo.toml 'foreign = { path = "vendor/foreign", version = "2.0.0" }'
file_has Cargo.toml 'version = "1.2.3"'
err_has 'Cargo.lock still resolves foreign to 1.2.3: run cargo update -p foreign'

try '--dep: refusals'
workspace tests/fixtures/npm-single
snap
run relver bump --dep nowhere=1.0.0
refused 2 missing
run relver bump --dep far
refused 2 usage
run relver bump --dep far=new
refused 2 not-pep440
run relver bump --dep far=1!2.0.dev1
refused 2 epoch
unchanged

try '--dep: what is not required by a version cannot be set to one'
cat >package.json <<'END'
{"name": "demo", "version": "1.2.3", "dependencies": {"a": "git+https://git.example/a.git#v1",
 "b": "file:../b", "c": "npm:other@^1.2.0", "d": "https://registry.example/d.tgz", "e": "latest",
 "f": "*", "g": ">=1 <2"}}
END
git init -q
snap
for name in a b c d e; do
    run relver bump --dep $name=2.0.0
    refused 2 missing
    err_has "no manifest requires '$name' by a version"
done
run relver bump --dep f=2.0.0
ok
out_is 'nothing to do'
run relver bump --dep g=2.0.0
refused 2 complex
unchanged

try '--dep: our own package moves by its version'
workspace examples/two-packages
snap
run relver bump --dep edgequake-llm=0.9.0
refused 2 own-package
err_has 'relver bump edgequake-llm=0.9.0'
unchanged

finish
