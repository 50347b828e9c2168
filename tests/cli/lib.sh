# lib.sh - for the tests of the command: sh tests/cli/NAME.sh, each of which begins with
#     . "$(dirname "$0")/lib.sh"
# and ends with `finish`. Each `try` starts a case in a fresh directory; each check is counted, and
# a failed one shows what was seen. RELVER is the command under test, ./relver if unset; KEEP=1
# keeps the directories.

test_file=$0
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
cases=$(mktemp -d) && cases=$(cd "$cases" && pwd -P) || exit 2
leave()
{
    cd "$top" || return
    [ -z "${KEEP-}" ] || { echo "kept: $cases" >&2; return; }
    chmod -R u+rwx "$cases"
    rm -rf "$cases"
}
trap leave EXIT
trap 'exit 130' INT TERM
mkdir "$cases/bin" "$cases/home"
: >"$cases/out"
: >"$cases/err"
ln -s "${RELVER:-$top/relver}" "$cases/bin/relver"
PATH=$cases/bin:$PATH

# Nothing of the caller's surroundings may be seen by the command, nor the caller's git settings.
HOME=$cases/home LC_ALL=C TZ=UTC
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
GIT_AUTHOR_NAME=tester GIT_AUTHOR_EMAIL=tester@mail.example
GIT_COMMITTER_NAME=tester GIT_COMMITTER_EMAIL=tester@mail.example
GIT_AUTHOR_DATE='1767323045 +0000' GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE # 2026-01-02T03:04:05Z
GIT_CEILING_DIRECTORIES=$cases
export PATH HOME LC_ALL TZ GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL
export GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_AUTHOR_DATE GIT_COMMITTER_DATE
export GIT_CEILING_DIRECTORIES
# No test asks a registry of the world.
RELVER_CRATES_IO_INDEX=http://127.0.0.1:1 RELVER_NPM_REGISTRY=http://127.0.0.1:1
RELVER_PYPI_URL=http://127.0.0.1:1 RELVER_TESTPYPI_URL=http://127.0.0.1:1
RELVER_CRATES_IO_API=http://127.0.0.1:1
export RELVER_CRATES_IO_API
export RELVER_CRATES_IO_INDEX RELVER_NPM_REGISTRY RELVER_PYPI_URL RELVER_TESTPYPI_URL
# libgit2 1.5 loses some memory when it fails; that is not what a sanitizer's run is after.
printf 'leak:libgit2\nleak:libpcre2\n' >"$cases/leaks"
LSAN_OPTIONS=suppressions=$cases/leaks:print_suppressions=0
export LSAN_OPTIONS
unset CI GITHUB_ACTIONS GITHUB_OUTPUT NO_COLOR GIT_DIR GIT_WORK_TREE XDG_CONFIG_HOME

passed=0 failed=0 skipped=0 case_number=0 case_name=start code=0
command_line=

# try NAME: a new case, in an empty directory of its own.
try()
{
    case_name=$1
    case_number=$((case_number + 1))
    dir=$cases/$case_number
    mkdir "$dir" && cd "$dir" || exit 2
}

pass() { passed=$((passed + 1)); }

# fail WHAT: count it, and show the last command with all that it said.
fail()
{
    failed=$((failed + 1))
    echo "$test_file: FAIL: $case_name: $1"
    echo "    \$ $command_line   (exit $code)"
    sed 's/^/    out| /' "$cases/out"
    sed 's/^/    err| /' "$cases/err"
}

# skip WHY: what cannot be tried here.
skip() { skipped=$((skipped + 1)); echo "SKIPPED: $test_file: $case_name: $*"; }

# run COMMAND..: its exit code lands in $code, what it said in $out and $err (and byte for byte in
# the files $cases/out and $cases/err).
run()
{
    command_line=$*
    code=0
    "$@" >"$cases/out" 2>"$cases/err" </dev/null || code=$?
    out=$(cat "$cases/out") err=$(cat "$cases/err")
}

# feed TEXT COMMAND..: the same with TEXT on standard input.
feed()
{
    printf '%s' "$1" >"$cases/in"
    shift
    command_line="$* < $cases/in"
    code=0
    "$@" >"$cases/out" 2>"$cases/err" <"$cases/in" || code=$?
    out=$(cat "$cases/out") err=$(cat "$cases/err")
}

# Checks of the last run.
code() { if [ "$code" = "$1" ]; then pass; else fail "exit code $code, want $1"; fi; }
out_is() { if [ "$out" = "$1" ]; then pass; else fail "standard output is not '$1'"; fi; }
err_is() { if [ "$err" = "$1" ]; then pass; else fail "standard error is not '$1'"; fi; }
out_has() { case $out in *"$1"*) pass ;; *) fail "standard output lacks '$1'" ;; esac; }
err_has() { case $err in *"$1"*) pass ;; *) fail "standard error lacks '$1'" ;; esac; }
out_lacks() { case $out in *"$1"*) fail "standard output has '$1'" ;; *) pass ;; esac; }
err_lacks() { case $err in *"$1"*) fail "standard error has '$1'" ;; *) pass ;; esac; }

# ok: it ended with 0 and had nothing to complain about.
ok() { if [ "$code" = 0 ] && [ -z "$err" ]; then pass; else fail "not done without a word"; fi; }

# refused CODE KIND [STATE]: it failed in the one way there is: exit CODE, error[KIND], three lines.
refused()
{
    code "$1"
    case $err in
    "relver: error[$2]: "*"
  state: ${3-nothing changed}"*"
  next: "*) ;;
    *) fail "not the three lines of error[$2], state: ${3-nothing changed}"; return ;;
    esac
    if [ "$(wc -l <"$cases/err")" -eq 3 ]; then pass; else fail "an error is three lines"; fi
}

# same GOT WANT [WHAT]; same_file GOT WANT.
same() { if [ "$1" = "$2" ]; then pass; else fail "${3-value}: got '$1', want '$2'"; fi; }
same_file()
{
    if cmp -s "$1" "$2"; then pass; else fail "'$1' and '$2' differ: $(diff "$2" "$1" | head)"; fi
}
# TEXT is one line: to grep the lines of more would be alternatives.
file_has() { one_line "$2"; if grep -Fq -e "$2" "$1"; then pass; else fail "'$1' lacks '$2'"; fi; }
file_lacks() { one_line "$2"; if grep -Fq -e "$2" "$1"; then fail "'$1' has '$2'"; else pass; fi; }
one_line()
{
    case $1 in *'
'*) fail "a text of several lines: '$1'" ;; esac
}

# workspace PATH: a copy of a directory of the tree (examples/one-version) here, under git.
workspace()
{
    cp -R "$top/$1/." . || exit 2
    git init -q -b main . && git add -A && git commit -q -m start || exit 2
}

# with_remote [NAME]: a bare repository beside the case as a remote (origin), with this branch.
with_remote()
{
    git init -q --bare -b main "$dir.git" && git remote add "${1-origin}" "$dir.git" &&
        git push -q "${1-origin}" HEAD || exit 2
}

# build_repo OUTPUT FLAGS..: tests/cli/repo.c, which says and does what cli/repo.h has.
build_repo()
{
    to=$1; shift
    (cd "$top" && ${CC:-cc} -std=c99 -O1 -w "$@" -o "$to" tests/cli/repo.c cli/repo.c \
        cli/refs.c cli/repo_git.c cli/tree.c cli/loose.c cli/shared.c cli/run.c cli/names.c \
        cli/str.c cli/fs.c cli/commit.c cli/sha2.c cli/msg.c cli/arena.c cli/relver.c)
}

# need_repo: that command as `repo`, and in $backends the values of RELVER_GIT that can be tried.
need_repo()
{
    backends=git
    if echo '#include <git2.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
        backends='git libgit2'
        build_repo "$cases/bin/repo" -DRELVER_GIT2=1 2>/dev/null ||
            build_repo "$cases/bin/repo" -DRELVER_GIT2=1 -ldl || exit 1
    else
        try 'libgit2'
        skip 'no headers'
        build_repo "$cases/bin/repo" || exit 1
    fi
}

# What is in the tree, apart from git's files; `snap` remembers it, `unchanged` compares.
tree() { find . -name .git -prune -o \( -type f -exec cksum {} + \) -o -print | sort; }
snap() { snapped=$(tree); }
unchanged()
{
    now=$(tree)
    if [ "$now" = "$snapped" ]; then pass; else fail "files changed: $snapped -> $now"; fi
}

# versions_only OLD NEW: since the last commit nothing changed but OLD to NEW (regular expressions
# with no '/'), whatever the line.
versions_only()
{
    echo | grep -Eq "^(-$1|\+$2)\$"
    [ $? = 1 ] || fail "no regular expressions: '$1' and '$2'"
    rest=$(git diff --word-diff=porcelain --word-diff-regex='[0-9A-Za-z.+_-]+|[^[:space:]]' -U0 |
        grep -E '^[-+]' | grep -Ev '^(---|\+\+\+) ' | grep -Ev "^(-$1|\+$2)\$")
    if [ -z "$rest" ]; then pass; else fail "more than versions changed: $rest"; fi
}

finish()
{
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
    exit
}
