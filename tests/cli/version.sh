# relver version: every row of the vectors through standard input, and each operation by hand
. "$(dirname "$0")/lib.sh"

# agree FILE ROW WANT ARGUMENTS..: for each row of a vector file, ROW (awk) is what standard input
# gets and WANT what must come out: "!" any refusal, "-" leaves the row out. Each row is one check.
# Rows that allow.tsv excuses are left out, too.
agree()
{
    vectors=$1 row=$2 want=$3
    shift 3
    try "$vectors: $*"
    awk -F '\t' -v OFS='\t' -v file="$vectors" "
        /^#/ { next }
        FILENAME ~ /allow.tsv/ { if (\$1 == file) allowed[\$2]; next }
        { want = $want }
        want != \"-\" && !(\$1 in allowed) { print $row >\"in\"; print want >\"want\" }" \
        "$top/tests/vectors/allow.tsv" "$top/tests/vectors/$vectors"
    command_line="relver version $* < $vectors"
    code=0
    relver version "$@" <in >"$cases/out" 2>"$cases/err" || code=$?
    code 0
    same "$(wc -l <"$cases/out")" "$(wc -l <want)" "lines"
    paste -d '\n' in want "$cases/out" | awk '
        NR % 3 == 1 { row = $0; next }
        NR % 3 == 2 { want = $0; next }
        $0 == want || (want == "!" && /^!/) { passed++; next }
        ++failed <= 5 { printf "    %s: want %s, got %s\n", row, want, $0 >"wrong" }
        END { print passed + 0, failed + 0 }' >count
    : >"$cases/out"
    read -r good bad <count
    passed=$((passed + good))
    [ "$bad" = 0 ] || { fail "$bad rows differ"; cat wrong; }
}

# The columns are named in each file's first line.
convert='$2 == "refuse" ? "!" $4 : $3 OFS ($2 == "exact" ? $2 : $4)'
stamp='$5 == "ok" ? $6 : "!" $7'
order='$3 < 0 ? "<" : $3 > 0 ? ">" : "="'
npm_row='$1 OFS ($2 == "err" ? "1.0.0" : $4)'
python_row='$1 OFS ($2 == "err" ? "1.0" : $3)'
match='$2 == "err" ? "!not-a-range"'

agree semver_valid.tsv '$1' '$2 == "ok" ? $1 : "!not-semver"' check
agree semver_order.tsv '$1 OFS $2' "$order" compare
agree semver_order.tsv '$2 OFS $1' '$3 < 0 ? ">" : $3 > 0 ? "<" : "="' compare --style npm
agree pep440_valid.tsv '$1' '$2 == "ok" ? $3 : "!not-pep440"' check --style pep440
agree pep440_order.tsv '$1 OFS $2' "$order" compare --style pep440
agree semver_to_pep440.tsv '$1' "$convert" convert --to pep440 --class
agree semver_to_pep440.tsv '$3' '$2 == "refuse" ? "-" : $5' convert --from pep440 --to semver
agree pep440_to_semver.tsv '$1' "$convert" convert --from pep440 --to semver --class
agree stamp.tsv '$1 OFS $2 OFS $3' "\$4 == \"semver\" ? ($stamp) : \"-\"" stamp
agree stamp.tsv '$1 OFS $2 OFS $3' "\$4 == \"pep440\" ? ($stamp) : \"-\"" stamp --style pep440
agree disttag.tsv '$1 OFS $2 OFS $3' '$4 OFS $5' dist-tag --class
agree npm_ranges.tsv "$npm_row" "$match : \$5 == \"true\" ? \"yes\" : \"no\"" match --style npm
agree npm_ranges.tsv "$npm_row" "$match : \$6 == \"true\" ? \"yes\" : \"no\"" match --pre
agree cargo_reqs.tsv "$npm_row" "$match : \$5 == \"true\" ? \"yes\" : \"no\"" match --style cargo
agree pep440_spec.tsv "$python_row" "$match : \$5 == 1 ? \"yes\" : \"no\"" \
    match --style pep440 --pre
agree pep440_spec.tsv "$python_row" "$match : \$6 == 1 ? \"yes\" : \"no\"" match --style pep440

# "pre" is an inner step of node's other types.
agree semver_inc.tsv '$2 OFS $1 OFS $3 OFS $4' '$2 == "pre" ? "-" : $5' bump
# npm takes other names as well: with a digit first, with !~*()', longer ones.
tag='$2 == 1 && $3 == "" && $1 ~ /^[A-Za-z][A-Za-z0-9._-]*$/ && length($1) <= 128'
agree npm_tags.tsv '$1' "$tag ? \$1 : \"!\"" check --style dist-tag
agree npm_ranges.tsv '$1' "$match : \$1" check --style npm-range
agree cargo_reqs.tsv '$1' "$match : \$1" check --style cargo-req
agree pep440_spec.tsv '$1' "$match : \$1" check --style pep440-spec

try "each operation alone"
run relver version check 1.2.3-rc.1+b;                    ok; out_is 1.2.3-rc.1+b
run relver version check --style pep440 v1.0-RC1;         ok; out_is 1.0rc1
run relver version compare 1.0.0-rc.9 1.0.0-rc.10;        ok; out_is '<'
run relver version compare 1.0.0+a 1.0.0+b;               ok; out_is '='
run relver version compare --style pep440 1.0.post1 1.0;  ok; out_is '>'
run relver version convert --to pep440 0.2.0-rc.1;        ok; out_is 0.2.0rc1
run relver version convert --from pep440 --to npm 0.2a3;  code 0; out_is 0.2.0-alpha.3
err_is 'relver: warning: lenient: padded'
run relver version convert --class --to pep440 1.0.0-rc1; code 0; out_is "1.0.0rc1	glued-number"
run relver version match '^0.2.0' 0.2.7;                  ok; out_is yes
run relver version match '^0.2.0' 0.2.7-rc.1;             ok; out_is no
run relver version match --pre '^0.2.0' 0.2.7-rc.1;       ok; out_is yes
run relver version match --style cargo '0.2, <1' 0.2.7;   ok; out_is yes
run relver version match --style pep440 '~=0.2' 0.3rc1;   ok; out_is no
run relver version bump minor 1.2.3;                      ok; out_is 1.3.0
run relver version bump premajor 1.2.3 --preid rc;        ok; out_is 2.0.0-rc.0
run relver version bump premajor 1.2.3 --preid rc --base 1;    ok; out_is 2.0.0-rc.1
run relver version bump prerelease 1.2.3 --preid rc --base none; ok; out_is 1.2.4-rc
run relver version bump 'minor rc' 1.2.3;                 ok; out_is 1.3.0-rc.1
run relver version bump rc 1.3.0-beta.4;                  ok; out_is 1.3.0-rc.1
run relver version bump dev 1.2.3 --style pep440;         ok; out_is 1.2.4.dev0
run relver version sort 1.0.0 1.0.0-rc.1 0.9.0;           ok
same "$(echo $out)" '0.9.0 1.0.0-rc.1 1.0.0'
oid=0123456789abcdef0123456789abcdef01234567
run relver version stamp 0.2.0-rc.1 --sha $oid;           ok; out_is 0.2.0-rc.1.g01234567
run relver version stamp 0.2.0 --sha $oid --len 12 --style cargo; ok; out_is 0.2.0+0123456789ab
run relver version dist-tag 0.3.10 --tags '{"latest": "0.4.\u0035", "x": "1"}'; ok
out_is release-0.3
run relver version dist-tag 0.3.10 --kind nightly;        ok; out_is nightly

try "a refusal alone is exit 1, a message and its place"
run relver version check 1.02.3;            refused 1 not-semver; err_has VERSION:1:3
run relver version compare 1.0.0 x;         refused 1 not-semver; err_has 'B:1:1'
run relver version compare x 1.0.0;         refused 1 not-semver; err_has 'A:1:1'
run relver version convert 1.0.0-1 --to pep440; refused 1 numeric-first; err_has 'write -rc.N'
run relver version match '1 ||| 2' 1.0.0;   refused 1 not-a-range; err_has RANGE:1:
run relver version match 1 1.0;             refused 1 not-semver; err_has VERSION:1:
run relver version bump minr 1.0.0;         refused 1 not-a-level; err_has TYPE:1:1
run relver version bump rc 1.0.0;           refused 1 no-prerelease; err_has 'minor rc'
run relver version bump alpha 1.0.0-rc.1;   refused 1 backward
run relver version stamp 1.0.0 --sha abc;   refused 1 oid-not-full; err_has OID:
run relver version stamp 1.0.0 --sha $oid --len 41; refused 1 oid-not-full
run relver version dist-tag 1.0.0 --tags '[1]';     refused 1 syntax; err_has TAGS:1:1
run relver version dist-tag 1.0.0 --tags '{';       refused 1 syntax; err_has TAGS:1:
run relver version dist-tag 1.0.0 --tags '{"latest": 1}'; refused 1 not-a-string; err_has TAGS:1:12
run relver version dist-tag 1.0.0;                  refused 1 syntax
run relver version dist-tag 1.0.0 --kind latest;    refused 1 not-a-dist-tag
run relver version sort 1.0.0 y 0.9.0;      refused 1 not-semver
same "$(echo $out)" '0.9.0 1.0.0 !not-semver'

try "wrong use is exit 2"
run relver version;                         refused 2 usage
run relver version chek 1.0.0;              refused 2 usage
run relver version check 1.0.0 2.0.0;       refused 2 usage
run relver version compare 1.0.0;           refused 2 usage
run relver version convert 1.0.0;           refused 2 usage; err_has --to
run relver version compare --style npm-range 1 2; refused 2 usage; err_has 'check'
run relver version check --style ruby 1;    refused 2 usage; err_has pep440

try "rows: escapes, wrong rows and a last line without its end"
feed '1.0.0\x2drc.1
1.0.0\q
1.0.0	2.0.0

1.0.0-rc.1' relver version check
ok
same "$(echo $out)" '1.0.0-rc.1 !syntax !syntax !not-semver 1.0.0-rc.1'
feed '' relver version check; ok; out_is ''
feed '>=1 \\ x' relver version check --style npm-range; ok; out_is '!not-a-range'
feed '1.0.0
 2.0.0
x
0.1.0
2.0.0' relver version sort
ok
same "$(echo $out)" '0.1.0 1.0.0 2.0.0 !not-semver !not-semver'
feed 'v1.0
1.0.0
1.0rc1
0.9.post1' relver version sort --style pep440
ok
same "$(echo $out)" '0.9.post1 1.0rc1 v1.0 1.0.0' 'as spelt, equal ones as they stood'
printf '1.0.0\n\0001.0.0\n' >in
run sh -c 'relver version check <in'; ok
same "$(echo $out)" '1.0.0 !not-semver'

try "a row is answered before the next one is asked for"
mkfifo rows
relver version check <rows >answers &
exec 9>rows
printf '1.2.3\n' >&9
for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -s answers ] && break
    sleep 0.1
done
same "$(cat answers)" 1.2.3
exec 9>&-
wait

try "a row of 3 MB, and 100,000 rows"
digits=$(head -c 1000000 /dev/zero | tr '\0' 7)
printf '%s.0.0\t%s.0.0\n' "$digits" "${digits}1" >in
run sh -c 'relver version compare <in'; ok; out_is '<'
printf 'patch\t0.0.%s\n' "$digits" | relver version bump >"$cases/out"
same "$(wc -c <"$cases/out")" 1000005
awk 'BEGIN { for (i = 100000; i > 0; i--) printf "0.%d.0-rc.%d\n", i / 100, i }' >in
run sh -c 'relver version sort <in >sorted'; ok
same "$(head -n 2 sorted | tr '\n' ' ')" '0.0.0-rc.1 0.0.0-rc.2 '
same "$(tail -n 1 sorted)" 0.1000.0-rc.100000

try "its own version and help"
run relver --version; ok; out_has 'relver 0.'
run relver version --help; ok; out_has 'dist-tag V'; out_has '--preid LABEL'
run relver -h; ok; out_has 'version OP ..'
run relver version check 1.0.0 --stlye npm; refused 2 usage; err_has "'--style'"
run relver verison; refused 2 usage; err_has "'version'"

finish
