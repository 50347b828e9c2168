# relver edit: every row of the locating vectors, then what it does to files
. "$(dirname "$0")/lib.sh"

# Each line of a vector file becomes four files: N.doc, N.key, N.want (status and duplicate) and
# N.value. Its escapes are turned into those of printf.
unpack()
{
    awk -F '\t' '
        function plain(s,   out, at) {
            while ((at = index(s, "\\")) > 0) {
                out = out substr(s, 1, at - 1)
                if (substr(s, at + 1, 1) == "x") {
                    out = out sprintf("\\0%03o", 16 * hex(substr(s, at + 2, 1)) + \
                        hex(substr(s, at + 3, 1)))
                    s = substr(s, at + 4)
                } else {
                    out = out substr(s, at, 2)
                    s = substr(s, at + 2)
                }
            }
            return out s
        }
        function hex(c) { return index("0123456789abcdef", tolower(c)) - 1 }
        /^#/ { next }
        { n++
          print plain($2) >(n ".doc"); print plain($3) >(n ".key"); print plain($5) >(n ".value")
          print $4, $6 + 0, $1 >(n ".want")
          close(n ".doc"); close(n ".key"); close(n ".value"); close(n ".want") }
        END { print n }' "$top/tests/vectors/$1"
}

# locate FORMAT: reads each row's key, and where it is a string sets it and reads it again.
locate()
{
    try "$1_locate.tsv"
    rows=$(unpack "$1_locate.tsv")
    n=0
    while [ $n -lt "$rows" ]; do
        n=$((n + 1))
        read -r status double id <$n.want
        case_name="$1_locate.tsv: $id"
        printf '%b' "$(cat $n.doc)" >doc
        key=$(printf '%b.' "$(cat $n.key)")
        key=${key%.}
        printf '%b\n' "$(cat $n.value)" >value
        run sh -c 'relver edit - "$1" --format "$2" <doc' - "$key" "$1"
        case $double$status in
        0ok) ok; same_file "$cases/out" value ;;
        0missing) refused 1 missing; continue ;;
        0notstring) refused 2 not-a-string; continue ;;
        1ok) refused 2 duplicate; continue ;;
        *) code 2; err_has 'state: nothing changed'; continue ;;
        esac
        run sh -c 'relver edit - "$1" 9.9.9-x --format "$2" <doc >new' - "$key" "$1"; ok
        run sh -c 'relver edit - "$1" --format "$2" <new' - "$key" "$1"; ok; out_is 9.9.9-x
    done
    rm -f [0-9]*
}

locate toml
locate json

try "reads and replaces in each format"
printf '[package]\nname = "a" # here\nversion = "0.1.0"\n' >Cargo.toml
printf '[[package]]\nversion = "1.0.0"\nname = "b"\n[[package]]\nname = "a"\nversion = "0.1.0"\n' \
    >Cargo.lock
printf '{\r\n\t"packages": {"": {"version": "0.1.0"}}\r\n}' >package-lock.json
printf 'version: 0.1.0 # here\nx: [1]\n' >a.yml
printf '#pragma once\n#define A_VERSION "0.1.0" /* here */\n' >a.h
run relver edit Cargo.toml package.version;               ok; out_is 0.1.0
run relver edit Cargo.lock 'package[name=a].version';     ok; out_is 0.1.0
run relver edit package-lock.json 'packages."".version';  ok; out_is 0.1.0
run relver edit a.yml version;                            ok; out_is 0.1.0
run relver edit a.h '#define A_VERSION "{version}"';      ok; out_is 0.1.0
run relver edit Cargo.toml package.version 0.2.0;         ok; out_is ''
run relver edit Cargo.lock 'package[name=a].version' 0.2.0;    ok
run relver edit package-lock.json 'packages."".version' 0.2.0; ok
run relver edit a.yml version 0.20;                       ok
run relver edit a.h '#define A_VERSION "{version}"' 0.2.0;     ok
printf '[package]\nname = "a" # here\nversion = "0.2.0"\n' >want; same_file Cargo.toml want
printf '[[package]]\nversion = "1.0.0"\nname = "b"\n' >want
printf '[[package]]\nname = "a"\nversion = "0.2.0"\n' >>want; same_file Cargo.lock want
printf '{\r\n\t"packages": {"": {"version": "0.2.0"}}\r\n}' >want
same_file package-lock.json want
printf 'version: "0.20" # here\nx: [1]\n' >want; same_file a.yml want
printf '#pragma once\n#define A_VERSION "0.2.0" /* here */\n' >want; same_file a.h want
rm want
same "$(ls -A | tr '\n' ' ')" '.relver Cargo.lock Cargo.toml a.h a.yml package-lock.json '

try "the format may be named, and must be for standard input"
printf 'version = "1.0.0"\n' >a.in
run relver edit --format toml a.in version;         ok; out_is 1.0.0
run relver edit a.in 'version = "{version}"';       ok; out_is 1.0.0
feed 'version = "1.0.0"' relver edit - version;     refused 2 usage; err_has --format
feed 'version = "1.0.0"' relver edit --format toml - version 1.0.0; ok; out_is 'version = "1.0.0"'
feed 'version = "1.0.0"' relver edit --format toml - version 2.0.0; ok; out_is 'version = "2.0.0"'
feed 'version = ' relver edit --format toml - version; refused 2 syntax; err_has stdin:1:

try "a dry run prints a diff that git and patch take"
awk 'BEGIN { for (i = 1; i < 30; i++) print "k" i " = \"" i "\"\r"; printf "z = \"1\"" }' >a.toml
cp a.toml start.toml
for key in k1 k15 k29 z; do
    run relver -n edit a.toml $key 'new text';          ok; out_has '+++ b/a.toml'
    cp "$cases/out" by.diff
    same_file a.toml start.toml
    relver edit a.toml $key 'new text'
    cp a.toml want.toml
    cp start.toml a.toml
    run git apply by.diff;                              ok
    same_file a.toml want.toml
    cp start.toml a.toml
    if command -v patch >/dev/null; then
        run patch --binary -s -p1 -i by.diff;           ok
        same_file a.toml want.toml
    else
        skip "no patch here"
    fi
    cp start.toml a.toml
done
run relver -n edit a.toml z 1;                          ok; out_is ''
run relver -n edit a.toml z 2 --color always;           ok; out_has '[32m+z = "2"'

try "the same value writes nothing"
printf '{"version": "1.\\u0030.0"}' >a.json
chmod 444 a.json
snap
ls -li a.json >before
rm -rf .relver
run relver edit a.json version 1.0.0; ok; out_is ''
ls -li a.json >after
same_file after before

try "paths: -C, absolute, in another directory"
mkdir -p x/y
printf 'v = "1"\n' >x/y/a.toml
run relver -C x edit y/a.toml v;                    ok; out_is 1
run relver -C x/y edit ../y/a.toml v 2;             ok
run relver -C x edit "$PWD/x/y/a.toml" v;           ok; out_is 2

try "what is wrong has its place and leaves the file alone"
printf 'a = "1"\nb = 3\nc = "1\n' >bad.toml
printf 'a = "1"\nb = 3\na.b = 1\n' >twice.toml
printf 'a = "1"\nb = 3\nd = "x" # \303\244\n' >a.toml
printf '{"a": "1", "a": "2"}' >a.json
printf 'x 1\nx 2\n' >a.txt
mkfifo fifo.toml
ln -s a.toml link.toml
snap
run relver edit a.toml c;             refused 1 missing; err_has a.toml
run relver edit a.toml c 2;           refused 1 missing
run relver edit a.toml b 2;           refused 2 not-a-string; err_has 'a.toml:2:5: '
run relver edit a.toml a..b;          refused 2 bad-path
run relver edit a.toml a 'x"y';       refused 2 needs-escape; err_has 'a.toml:1:'
run relver edit a.toml a 'x
y';                                   refused 2 needs-escape
run relver edit bad.toml a 2;         refused 2 syntax; err_has 'bad.toml:3:'
run relver edit a.json a 2;           refused 2 duplicate; err_has 'a.json:1:'
run relver edit a.txt 'x {version}';  refused 2 duplicate; err_has 'a.txt:2:'
run relver edit a.txt 'y {version}';  refused 1 missing
run relver edit none.toml a;          refused 2 io.absent; err_has none.toml
run relver edit none/a.toml a;        code 2; err_has none
run relver edit fifo.toml a 2;        code 2; err_has fifo.toml
run relver edit link.toml a 2;        code 2; err_has link.toml
run relver edit a.toml;               refused 2 usage
run relver edit a.toml a 2 3;         refused 2 usage
rm -rf .relver
unchanged

try "hard ones: many entries, deep nesting, a byte order mark"
awk 'BEGIN { printf "{\"packages\": {"; for (i = 0; i < 200000; i++)
    printf "%s\n\"p%d\": {\"version\": \"1.0.0\"}", i ? "," : "", i; print "\n}}" }' >p.json
run relver edit p.json 'packages.p199999.version' 2.0.0; ok
run relver edit p.json 'packages.p199999.version';       ok; out_is 2.0.0
same "$(grep -c '"1.0.0"' p.json)" 199999
{ printf '{"a": '; head -c 100000 /dev/zero | tr '\0' '['; } >deep.json
run relver edit deep.json a; refused 2 too-deep
printf '\357\273\277v = "1"' >bom.toml
run relver edit bom.toml v 2; ok
printf '\357\273\277v = "2"' >want
same_file bom.toml want

finish
