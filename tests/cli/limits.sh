# Size and depth: a 50 MB lock file in memory of its own order, nesting without end, huge files.
. "$(dirname "$0")/lib.sh"

# lock_file PACKAGES: an npm workspace of ten own packages, and its lock file, in which they stand
# among PACKAGES that are not ours, 500 bytes each.
lock_file()
{
    awk -v packages="$1" '
        function own(dir, name) {
            printf "%s    \"%s\": {\n      \"name\": \"%s\",\n" \
                "      \"version\": \"1.2.0\"\n    }", comma, dir, name >lock
            comma = ",\n"
        }
        BEGIN {
            lock = "package-lock.json"
            head = "{\n  \"name\": \"demo\",\n  \"version\": \"1.2.0\","
            print head "\n  \"workspaces\": [\"own/*\"]\n}" >"package.json"
            print head "\n  \"lockfileVersion\": 3,\n  \"packages\": {" >lock
            own("", "demo")
            digest = sprintf("%190s", "")
            gsub(/ /, "0", digest)
            for (i = 1; i <= packages; i++) {
                name = "other-" i
                printf ",\n    \"node_modules/%s\": {\n      \"version\": \"1.2.0\",\n" \
                    "      \"resolved\": \"https://registry.example/%s/-/%s-1.2.0.tgz\",\n" \
                    "      \"integrity\": \"sha512-%s\",\n" \
                    "      \"dependencies\": {\n        \"other-%d\": \"^1.2.0\",\n" \
                    "        \"demo-1\": \"1.2.0\"\n      },\n" \
                    "      \"engines\": {\n        \"node\": \">=18\"\n      }\n    }", \
                    name, name, name, digest, i + 1 >lock
                if (i % (packages / 10) == 0) {
                    n = i / (packages / 10)
                    own("own/demo-" n, "demo-" n)
                }
            }
            print "\n  }\n}" >lock
        }'
    for n in 1 2 3 4 5 6 7 8 9 10; do
        mkdir -p own/demo-$n
        printf '{"name": "demo-%s", "version": "1.2.0"}\n' $n >own/demo-$n/package.json
    done
    echo 'tag = "v{version}"' >relver.toml
}

# The limit below is on address space, which a sanitizer takes by the terabyte.
sanitized=
! grep -aq __asan_init "$cases/bin/relver" || sanitized=1

try 'a lock file of 50 MB'
if [ -n "$sanitized" ]; then packages=1000; else packages=100000; fi
lock_file $packages
size=$(wc -c <package-lock.json)
same $((size / packages / 100)) 5 'hundreds of bytes for each package'
# Ours are the two of the root and those that follow a name.
awk '/"version"/ && (NR == 3 || last ~ /^      "name"/) { sub(/1\.2\.0/, "1.3.0-rc.1") }
    { print; last = $0 }' package-lock.json >want
# The file, its new text, and 16 MiB for all the rest.
limit=$((2 * size / 1024 + 16384))
[ -z "$sanitized" ] || limit=unlimited
run sh -c "ulimit -v $limit && exec relver bump 1.3.0-rc.1"
ok
out_has '23 edits in 12 files'
same_file package-lock.json want
run sh -c "ulimit -v $limit && exec relver check"
ok

# repeat TEXT: a hundred thousand times.
repeat() { awk -v text="$1" 'BEGIN { for (i = 0; i < 100000; i++) printf "%s", text }'; }

# deep FILE COLUMN: it nests without end, and is refused where it has gone too far.
deep()
{
    cp "$1" before
    for command in status check 'bump 1.0.0' "edit $1 version" "edit $1 version 2"; do
        run relver $command
        refused 2 too-deep
        err_has "error[too-deep]: $1:$2: "
        same_file "$1" before
    done
}

try 'brackets without end in package.json'
repeat '[' >package.json
deep package.json 1:1001
repeat '{"version":' >package.json
deep package.json 1:11001

try 'and in Cargo.toml'
package='[package]
name = "demo"
version = "1.2.0"
'
{ printf '%sdeep = ' "$package"; repeat '['; } >Cargo.toml
deep Cargo.toml 4:1006
{ printf '%sdeep = ' "$package"; repeat '{ a = '; } >Cargo.toml
deep Cargo.toml 4:5996
{ printf '%s' "$package"; repeat 'a.'; echo 'a = 1'; } >Cargo.toml
deep Cargo.toml 4:1999

try 'and in YAML'
repeat '- ' >a.yaml
run relver edit a.yaml version
refused 2 too-deep
err_has 'error[too-deep]: a.yaml:1:'

try 'a thousand levels are taken'
repeat '[' | cut -c 1-999 | tr -d '\n' >open
tr '[' ']' <open >close
{ printf '{"name": "demo", "version": "1.2.0", "deep": '; cat open close; echo '}'; } >package.json
run relver bump 1.3.0
ok
file_has package.json '"version": "1.3.0", "deep": ['

try 'a file of more than a gibibyte'
truncate -s 1181116006 package.json 2>"$cases/err" || : >package.json
if [ -s package.json ]; then
    for command in status check 'bump 1.0.0' 'edit package.json version'; do
        run sh -c "ulimit -v $limit && exec relver $command"
        refused 2 file.large
        err_has 'package.json: larger than 1 GiB'
    done
    same "$(wc -c <package.json)" 1181116006 size
else
    skip "no sparse files here"
fi

finish
