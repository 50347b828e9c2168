# packaging: rows generated and mutated, for relver and Python's packaging; SEED=, CASES= as in
# node-semver.sh. Debian's older packaging is asked, too, where it is.
. "$(dirname "$0")/lib.sh"
here=$top/tests/interop
tool python3 || finish

try "the same answers"
probe
if need packaging; then
    counted python3 "$here/differ.py" packaging "$tools/bin/python" "$here/packaging_rows.py"
fi

try "Debian's"
run /usr/bin/python3 -c 'import packaging; print(packaging.__version__)'
case $out in
23.*) counted python3 "$here/differ.py" packaging-23 /usr/bin/python3 "$here/packaging_rows.py" ;;
*) skip "no packaging 23 of Debian's" ;;
esac

finish
