# json: JSONTestSuite, then mutated documents, for relver and JSON.parse; SEED=, CASES= as in
# toml.sh
. "$(dirname "$0")/lib.sh"
here=$top/tests/interop
tool python3 && tool node && need readers-js || finish

try "JSONTestSuite"
probe
modules suites.mjs
modules documents_rows.mjs
node suites.mjs json >rows
counted python3 "$here/suites.py" json rows
counted python3 "$here/documents.py" json json rows node documents_rows.mjs json

finish
