# yaml: yaml-test-suite, then mutated documents, for relver and PyYAML: the right value or refused,
# never a wrong one; SEED=, CASES= as in toml.sh
. "$(dirname "$0")/lib.sh"
here=$top/tests/interop
tool python3 && tool node && need readers-js || finish

try "yaml-test-suite"
probe
modules suites.mjs
node suites.mjs yaml >rows
counted python3 "$here/suites.py" yaml rows
if need readers-py; then
    counted python3 "$here/documents.py" yaml yaml rows \
        "$tools/bin/python" "$here/documents_rows.py" yaml
fi

finish
