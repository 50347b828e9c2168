# pypi: what twine uploads to a real index of Python's is what verify and check free say
. "$(dirname "$0")/lib.sh"
need python || finish
build=$tools/bin/python
need pypi || finish

try 'an index'
serve_pypi
export SOURCE_DATE_EPOCH=1767323045 # that the same sources make the same files
export RELVER_PYPI_URL=$pypi_url

# project VERSION: sources, and what the real backend makes of them, in dist.
project()
{
    mkdir -p demo_py
    printf '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n' \
        >pyproject.toml
    printf '[project]\nname = "Demo.Py"\nversion = "%s"\ndescription = "a test"\n' "$1" \
        >>pyproject.toml
    printf 'requires-python = ">=3.11"\n' >>pyproject.toml
    printf '[tool.flit.module]\nname = "demo_py"\n' >>pyproject.toml
    echo "version = '$1'" >demo_py/__init__.py
    rm -rf dist
    run "$build" -m build --no-isolation
    code 0
}
sum() { sha256sum <"$1" | cut -d ' ' -f 1; }
json_has()
{
    run relver verify --json
    out_has "{\"name\": \"${1##*/}\", \"digest\": \"sha256:$(sum "$1")\"}"
}

try 'published'
project 1.2.0rc1
run relver verify
refused 1 absent
run relver check free
ok
run twine upload dist/*.tar.gz
code 0
run relver verify # the wheel lies in dist/ as well
refused 1 absent
out_is 'ok pypi Demo.Py 1.2.0rc1 on pypi: 1 file, 1 as here'
mv dist built
run relver verify
ok
out_is 'ok pypi Demo.Py 1.2.0rc1 on pypi: 1 file'
echo 'expect = ["*-py3-none-any.whl"]' >relver.toml
run relver verify
refused 1 absent
mv built dist
run twine upload dist/*.whl
code 0
run relver verify
ok
out_is 'ok pypi Demo.Py 1.2.0rc1 on pypi: 2 files, 2 as here'
json_has dist/*.tar.gz
json_has dist/*.whl
run relver verify 1.2.0-rc.1
ok
run relver verify 1.2.0
refused 1 absent
run relver check free
refused 6 free

try 'the same again, and other bytes'
project 1.2.0rc1
cp dist/*.whl "$dir/" && was=$(sum dist/*.whl)
run twine upload dist/*.whl
code 1
out_has 'HTTPError: 400 Bad Request'
echo 'other = 1' >>demo_py/__init__.py
run "$build" -m build --no-isolation
run twine upload dist/*.whl
code 1
if [ "$(sum dist/*.whl)" != "$was" ]; then pass; else fail 'the wheel is the same'; fi
json_has "$dir"/*.whl
run relver verify
code 6
err_has 'error[digest]'

try 'installed'
run python3 -m pip download --no-deps --pre --no-binary :none: Demo.Py==1.2.0rc1
code 0
run python3 -m pip index versions --pre demo-py
out_has 1.2.0rc1

try 'nobody there any more'
project 1.2.0rc1
stop
run relver verify
refused 4 network

finish
