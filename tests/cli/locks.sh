# relver bump and check on the lock files of pnpm and uv, and on what those tools and poetry add to
# manifests; the tools themselves have the last word where they are here
. "$(dirname "$0")/lib.sh"

# agrees TOOL ARGUMENT..: the tool accepts the workspace as it stands
agrees()
{
    if command -v "$1" >/dev/null 2>&1; then
        run "$@"
        code 0
        rm -rf node_modules packages/*/node_modules
    else
        skip "no $1"
    fi
}

# pnpm 9 reads no settings in pnpm-workspace.yaml; pnpm 11 refuses every `catalog:` that it links
pnpm_agrees()
{
    case $(pnpm --version 2>/dev/null) in
    10.* | 12.*) agrees pnpm install --frozen-lockfile --offline --ignore-scripts ;;
    *) skip 'no pnpm 10 or 12' ;;
    esac
}

# again WHAT: the same bump once more changes nothing, and nothing has drifted
again()
{
    snap
    run relver bump "$1"
    ok
    out_has 'nothing to do'
    unchanged
    run relver check
    ok
}

# ---- pnpm ---------------------------------------------------------------------------------------

try 'pnpm 9: importers, catalogs and overrides'
workspace tests/fixtures/pnpm-9
run relver check
ok
run relver status
ok
out_has 'pnpm-workspace.yaml:8:17: catalog."@acme/core" = ^1.2.3'
out_has 'pnpm-lock.yaml:21:20: importers.".".devDependencies."@acme/core".specifier = workspace:^'
out_lacks 'not edited'
run relver bump 1.3.0
ok
versions_only '1\.2(\.3)?' '1\.3(\.0)?'
file_has pnpm-workspace.yaml "'@acme/core': ^1.3.0"
file_has pnpm-workspace.yaml "{\"@acme/core\": 1.3.0, acme-plugin: '1.3'} # not ~1.2.3"
file_has pnpm-workspace.yaml "acme-plugin: 'catalog:exact'"
file_has packages/app/package.json '"@acme/core": "catalog:"'
file_has packages/app/package.json '"@acme/core": ">=1.0.0 <3"'
file_has packages/app/package.json '"acme-plugin": "^1.0.0"'
same "$(git diff -U0 pnpm-lock.yaml | grep '^+ ')" "+      specifier: ^1.3.0
+      version: 1.3.0
+  acme-plugin: '1.3'
+        specifier: workspace:^1.3.0
+        specifier: '1.3'
+        specifier: '>=1.3.0'"
pnpm_agrees
again 1.3.0
run relver bump acme-plugin=1.4.0-rc.1
ok
file_has packages/app/package.json '"acme-plugin": "^1.4.0-rc.1"'
file_has pnpm-lock.yaml "  acme-plugin: '~1.4.0-rc.1'"
file_has pnpm-lock.yaml "        specifier: '~1.4.0-rc.1'"
pnpm_agrees

for format in 6 5; do
    try "pnpm-lock.yaml $format"
    workspace tests/fixtures/pnpm-$format
    run relver check
    ok
    run relver bump 1.3.0
    ok
    versions_only '1\.2(\.3)?' '1\.3(\.0)?'
    same "$(git diff -U0 pnpm-lock.yaml | grep -c '^+ ')" 2 'lines of the lock file'
    file_has pnpm-lock.yaml 'workspace:^1.3.0'
    file_has pnpm-lock.yaml '~1.3'
    again 1.3.0
done

try 'pnpm: a stale lock file is named, and mended'
workspace tests/fixtures/pnpm-9
sed -i 's/1\.2\.3/1.1.0/' pnpm-lock.yaml
run relver check
code 1
err_has 'pnpm-lock.yaml:10:18: '
err_has "catalogs.default.\"@acme/core\".specifier says '^1.1.0', expected '^1.2.3'"
err_has "pnpm-lock.yaml:21:20: "
err_has "pnpm-lock.yaml:41:21: "
run relver bump 1.2.3
ok
same "$(git status --porcelain)" '' 'the way back'

try 'pnpm 11 and later: a document about pnpm itself before that of the project'
workspace tests/fixtures/pnpm-9
{
    printf -- '---\nlockfileVersion: '\''9.0'\''\n\nimporters:\n\n  .:\n'
    printf '    packageManagerDependencies:\n      pnpm:\n        specifier: 1.2.3\n'
    printf '        version: 1.2.3\n\n---\n'
    cat pnpm-lock.yaml
} >two && mv two pnpm-lock.yaml
git commit -qam two
run relver bump 1.3.0
ok
same "$(git diff -U0 pnpm-lock.yaml | grep -c '^+ ')" 6 'lines of the lock file'
file_has pnpm-lock.yaml '        specifier: 1.2.3'
again 1.3.0
printf '\t- x\n' >>pnpm-lock.yaml
run relver check
code 2
err_has 'pnpm-lock.yaml:55:'

try 'pnpm: a package without a workspace, before version 9'
printf '{"name": "a", "version": "1.2.3", "devDependencies": {"a": "~1.2.3", "b": "~1.2.3"}}' \
    >package.json
printf 'devDependencies:\n  a: {specifier: ~1.2.3, version: "link:"}\n  b: {specifier: ~1.2.3}\n' \
    >pnpm-lock.yaml
run relver bump 1.3.0
ok
same "$(cat pnpm-lock.yaml)" 'devDependencies:
  a: {specifier: ~1.3.0, version: "link:"}
  b: {specifier: ~1.2.3}'
printf 'specifiers:\n  a: ~1.2.3\n  b: ~1.2.3\n' >pnpm-lock.yaml
run relver bump 1.3.0
ok
same "$(cat pnpm-lock.yaml)" 'specifiers:
  a: ~1.3.0
  b: ~1.2.3'

try 'pnpm: one package in several tables, all of them stale'
mkdir a
printf 'packages: [a]\n' >pnpm-workspace.yaml
printf '{"name": "b", "version": "1.2.3"}' >package.json
printf '{"name": "a", "version": "1.2.3", "peerDependencies": {"b": ">=1.2.3"},
"devDependencies": {"b": "~1.2.3"}, "dependencies": {"a": "^1.2.3"}}' >a/package.json
printf 'importers:\n  a:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n' >pnpm-lock.yaml
printf '    devDependencies:\n      b:\n        specifier: ~1.0.0\n' >>pnpm-lock.yaml
run relver bump 1.2.3
ok
same "$(cat pnpm-lock.yaml)" 'importers:
  a:
    dependencies:
      a:
        specifier: ^1.2.3
    devDependencies:
      b:
        specifier: ~1.2.3'

try 'pnpm: a plain text gains the quotes that YAML wants'
workspace tests/fixtures/pnpm-9
printf 'pins = {"@acme/core" = ">="}\n' >relver.toml
run relver bump 1.3.0
ok
file_has pnpm-workspace.yaml "'@acme/core': \">=1.3.0\""
file_has pnpm-lock.yaml 'specifier: ">=1.3.0"'
file_has pnpm-lock.yaml 'specifier: workspace:>=1.3.0'
pnpm_agrees
again 1.3.0

try 'pnpm: what is outside the YAML that relver edits is refused where it matters, passed elsewhere'
workspace tests/fixtures/pnpm-9
printf '\nother: &x {a: *y, b: !!str 1.2.3}\n' >>pnpm-lock.yaml
run relver check
ok
sed -i "s/'@acme\/core': ^/'@acme\/core': \&core ^/" pnpm-workspace.yaml
snap
run relver bump 1.3.0
code 2
err_has 'pnpm-workspace.yaml:8:'
unchanged

# ---- uv -----------------------------------------------------------------------------------------

uv_agrees() { agrees uv lock --check --offline; }

try 'uv: own entries, and requirements in the spelling of uv'
workspace tests/fixtures/uv-workspace
run relver check
ok
run relver status
ok
out_has 'uv.lock:19:12: package[name=acme-cli].version = 1.2.3.dev0'
run relver bump 1.2.3
ok
same "$(git diff -U0 uv.lock | grep '^+ *[^+]' | sed 's/.*\(version\|specifier\) =/\1 =/')" \
    'version = "1.2.3"
version = "1.2.3"
version = "1.2.3"
specifier = "==1.2.3,<2" },
specifier = "==1.2.3" },'
file_has pyproject.toml '"acme-root[fast-path] < 2 , == 1.2.3"'
file_has pyproject.toml '"acme-root[all] == 1.2.3"'
file_has pyproject.toml 'dev-dependencies = ["acme-cli>=1.2.3"]'
uv_agrees
again 1.2.3
run relver bump 1.3.0rc1
ok
file_has pyproject.toml 'constraint-dependencies = ["acme-core<=1.3.0rc1"]'
uv_agrees
run relver bump acme-core=1.3.0
ok
uv_agrees

try 'uv: stale entries are named; another spelling is no drift'
workspace tests/fixtures/uv-workspace
sed -i 's/"==1.2.3.dev0,<2"/"<2, == 1.2.3-dev"/' uv.lock
run relver check
ok
sed -i 's/1\.2\.3\.dev0/1.2.2/' uv.lock
sed -i 's/== 1\.2\.3-dev/==1.2.2/; s/"==1\.2\.2"/"==1.2.1"/' uv.lock
run relver check
code 1
err_has "uv.lock:19:12: package[name=acme-cli].version says '1.2.2', expected '1.2.3.dev0'"
err_has "says '<2, ==1.2.2', expected '==1.2.3.dev0,<2'"
err_has "says '==1.2.1', expected '==1.2.3.dev0'"
err_lacks "says '>=1.0'"
run relver bump 1.2.3.dev0
ok
same "$(git diff -U0 uv.lock)" '' 'the way back'

try 'uv: what is not in the workspace keeps its version, as does a package that says none'
mkdir -p core dyn
printf '[project]\nname = "root"\nversion = "1.2.3"\ndependencies = ["core==1.2.3", "dyn"]\n
[tool.uv.workspace]\nmembers = ["core", "dyn"]\n' >pyproject.toml
printf '[project]\nname = "core"\nversion = "1.2.3"\n' >core/pyproject.toml
printf '[project]\nname = "dyn"\ndynamic = ["version"]\n' >dyn/pyproject.toml
cat >uv.lock <<'END'
[[package]]
name = "core"
version = "1.2.3"
source = { registry = "https://registry.example/simple" }

[[package]]
name = "core"
version = "1.2.3"
source = { editable = "core" }

[[package]]
name = "dyn"
source = { editable = "dyn" }

[[package]]
name = "other"
version = "1.2.3"
source = { directory = "other" }

[[package]]
source = { virtual = "." }
version = "1.2.3"
name = "root"
dependencies = [
    { name = "core", version = "1.2.3", source = { editable = "core" }, marker = "os_name == 'x'" },
    { name = "core", version = "1.2.3", source = { registry = "https://registry.example" } },
]

[package.dev-dependencies]
dev = [{ name = "core", version = "1.2.3", source = { editable = "core" } }]

[package.metadata]
requires-dist = [{ name = "core", marker = "os_name != 'x'", specifier = "==1.2.3" }]
END
git init -q && git add -A && git commit -q -m start
run relver bump 1.3.0
ok
same "$(git diff -U0 uv.lock | sed -n 's/^@@.*+\([0-9]*\).*/\1/p' | tr '\n' ' ')" \
    '8 22 25 30 33 ' 'lines that changed'
versions_only '1\.2\.3' '1\.3\.0'
again 1.3.0

try '--dep: the copies follow, and who resolves the rest is said'
printf '[project]\nname = "a"\nversion = "1.0.0"\ndependencies = ["Lib_X >= 1.0 , < 3"]\n' \
    >pyproject.toml
printf '[dependency-groups]\ndev = ["lib.x==1.2.0", "far==1.2.0"]\n' >>pyproject.toml
cat >uv.lock <<'END'
[[package]]
name = "a"
version = "1.0.0"
source = { virtual = "." }

[package.metadata]
requires-dist = [{ name = "lib-x", specifier = ">=1.0,<3" }]

[package.metadata.requires-dev]
dev = [
    { name = "far", specifier = "==1.2.0" },
    { name = "lib-x", specifier = "==1.2.0" },
]

[[package]]
name = "lib-x"
version = "1.2.0"
source = { registry = "https://registry.example" }
END
run relver bump --dep lib-x=1.3.0
code 0
out_is '2 edits in 2 files'
err_is 'relver: uv.lock still resolves lib-x to 1.2.0: run uv lock --upgrade-package lib-x'
file_has uv.lock '{ name = "lib-x", specifier = "==1.3.0" }'
same "$(grep -c '^version = "1.2.0"' uv.lock)" 1 'what uv has to resolve'
printf '{"name": "a", "version": "1.0.0", "dependencies": {"far": "^1.2.0"}}' >package.json
printf 'importers:\n  .:\n    dependencies:\n      far: {specifier: ^1.2.0}\n' >pnpm-lock.yaml
run relver bump --dep far=1.3.0
code 0
file_has pnpm-lock.yaml 'specifier: ^1.3.0'
err_has 'pnpm-lock.yaml still resolves far to the version it had: run pnpm install --lockfile-only'

# ---- poetry -------------------------------------------------------------------------------------

try 'poetry: ^ and ~, bare versions and tables; paths have none'
cat >pyproject.toml <<'END'
[tool.poetry]
name = "mono"
version = "1.2.3"

[tool.poetry.dependencies]
python = "^3.9"
mono = "^1.2.3"
other = "^1.2.3"

[tool.poetry.group.test.dependencies]
Mono = { version = "~1.2", optional = true }

[tool.poetry.dev-dependencies]
mono = [{ version = "1.2.3", python = "<3" }, { version = ">=1.2.3,<2.0", python = ">=3" }]

[tool.poetry.group.docs.dependencies]
mono = { path = ".", develop = true }

[tool.poetry.group.lint.dependencies.mono]
version = "^1.0"

[tool.poetry.group.any.dependencies]
mono = "*"
END
: >poetry.lock
git init -q && git add -A && git commit -q -m start
run relver status
ok
out_has 'not edited by relver: poetry.lock'
run relver bump 1.3.0rc1
ok
same "$(git diff -U0 | grep '^+[^+]')" '+version = "1.3.0rc1"
+mono = "^1.3.0rc1"
+Mono = { version = "~1.3.0rc1", optional = true }
+mono = [{ version = "1.3.0rc1", python = "<3" }, { version = ">=1.2.3,<2.0", python = ">=3" }]'
again 1.3.0rc1
run relver bump 1.3.0
ok
same "$(grep -c '^mono = "^1.3.0"' pyproject.toml)" 1 'in poetry.dependencies'
file_has pyproject.toml 'Mono = { version = "~1.3.0", optional'
again 1.3.0
run relver bump 2.0.0
refused 2 complex
err_has 'pyproject.toml:14:'

try 'uv writes out a group in each that includes it'
cat >pyproject.toml <<'END'
[project]
name = "demo"
version = "1.2.0"

[dependency-groups]
all = ["client>=1.2.0", { include-group = "test" }]
test = ["client<2", { include-group = "old" }]
old = ["client!=1.1.0"]
END
cat >uv.lock <<'END'
version = 1
revision = 5
requires-python = ">=3.11"

[[package]]
name = "client"
version = "1.2.0"
source = { registry = "https://registry.example/simple/" }

[[package]]
name = "demo"
version = "1.2.0"
source = { virtual = "." }

[package.metadata.requires-dev]
all = [
    { name = "client", specifier = "!=1.1.0" },
    { name = "client", specifier = "<2" },
    { name = "client", specifier = ">=1.2.0" },
]
old = [{ name = "client", specifier = "!=1.1.0" }]
test = [
    { name = "client", specifier = "!=1.1.0" },
    { name = "client", specifier = "<2" },
]
END
echo 'pins = { client = "always" }' >relver.toml
git init -q -b main . && git add -A && git commit -q -m start
run relver check
ok
run relver bump 1.3.0
code 0
err_is 'relver: uv.lock still resolves client to 1.2.0: run uv lock --upgrade-package client'
same "$(git diff -U0 | grep '^+[^+]')" '+version = "1.3.0"
+all = ["client>=1.3.0", { include-group = "test" }]
+version = "1.3.0"
+    { name = "client", specifier = ">=1.3.0" },'
again 1.3.0

# ---- the rest -----------------------------------------------------------------------------------

try 'npm-shrinkwrap.json wins over package-lock.json, but both are edited'
workspace tests/fixtures/npm-single
cp package-lock.json npm-shrinkwrap.json
git add -A && git commit -q -m both
run relver bump 1.2.4
ok
same_file npm-shrinkwrap.json package-lock.json
file_has npm-shrinkwrap.json '1.2.4'
again 1.2.4
sed -i 's/1\.2\.4/1.2.3/' npm-shrinkwrap.json
run relver check
code 1
err_has 'npm-shrinkwrap.json:'
err_lacks 'package-lock.json:'

try 'the lock files of other tools are named, not edited'
workspace tests/fixtures/npm-single
for lock in yarn.lock poetry.lock pdm.lock bun.lock; do
    printf 'version 1.2.3\n' >$lock
done
git add -A && git commit -q -m locks
run relver status
ok
for lock in yarn.lock poetry.lock pdm.lock bun.lock; do
    out_has "not edited by relver: $lock"
done
run relver bump 1.2.4
ok
same "$(git diff --name-only | tr '\n' ' ')" 'package-lock.json package.json '

finish
