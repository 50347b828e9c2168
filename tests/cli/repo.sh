# Git as cli/repo.c reads it, against git itself: tests/cli/repo.c is the command.
. "$(dirname "$0")/lib.sh"

CC=${CC:-cc}
# The library, not the user's git.
export RELVER_GIT=libgit2

build() # OUTPUT FLAGS..
{
    to=$1; shift
    (cd "$top" && $CC -std=c99 -O1 -w "$@" -o "$to" tests/cli/repo.c cli/repo.c \
        cli/refs.c cli/repo_git.c cli/tree.c cli/run.c cli/names.c cli/str.c cli/fs.c \
        cli/commit.c cli/sha256.c cli/msg.c cli/arena.c cli/relver.c)
}
if echo '#include <git2.h>' | $CC -E - >/dev/null 2>&1; then
    build "$cases/bin/repo" -DRELVER_GIT2=1 2>/dev/null ||
        build "$cases/bin/repo" -DRELVER_GIT2=1 -ldl || exit 1
fi
build "$cases/bin/repo-without" -DRELVER_GIT2=0 || exit 1

commit() { git commit -q --allow-empty -m "$1"; }
history() { git init -q -b main . && commit one && commit two && commit three; }

try 'built without the headers, git cannot tell'
history
run repo-without tags
code 0
out_is unknown
err_has "built without libgit2's headers, so what git knows is unknown"

if [ ! -e "$cases/bin/repo" ]; then
    skip 'no libgit2 headers'
    finish
fi

try 'no repository: unknown, without a word'
run repo tags
ok
out_is unknown

try 'a repository without a commit'
git init -q .
run repo head
ok
out_is absent
run repo tags
ok
out_is ''

try 'HEAD, on a branch, below it, detached, in a second work tree'
history
mkdir sub && cd sub || exit 2
run repo head
ok
out_is "$(git rev-parse HEAD)"
git checkout -q HEAD~1
run repo head
out_is "$(git rev-parse HEAD)"
git worktree add -q ../other HEAD~1 2>/dev/null
cd ../other || exit 2
run repo head
ok
out_is "$(git rev-parse main~2)"

try 'tags: light, annotated, of tags, packed, in directories; not those of trees and blobs'
history
git tag v1 HEAD~2
git tag -m two v2 HEAD~1
git tag -m deep deep v2 2>/dev/null
git tag release/a
git pack-refs --all
git tag tree 'HEAD^{tree}'
git tag -m 'a tree' tree-too 'HEAD^{tree}'
git tag blob "$(echo x | git hash-object -w --stdin)"
git tag Z HEAD~1
git tag 'ünder' HEAD~1
want=$(git for-each-ref --format='%(refname:strip=2) %(objecttype) %(*objecttype) %(objectname)' \
    refs/tags | while read -r name rest; do
        id=$(git rev-parse -q --verify "$name^{commit}" 2>/dev/null) && echo "$name $id"
    done)
run repo tags
ok
out_is "$want"
same "$(echo "$out" | wc -l)" 6 'count of tags'

try 'a tag that leads nowhere is no answer'
history
git tag v1
echo 1234567812345678123456781234567812345678 >.git/refs/tags/v2
run repo tags
refused 4 git
err_has "the tag 'v2' leads nowhere"

try 'below: the same, an ancestor, a descendant, another branch'
history
git checkout -q -b side HEAD~1 && commit side
one=$(git rev-parse main~2) two=$(git rev-parse main~1) three=$(git rev-parse main)
side=$(git rev-parse side)
for row in "$one $three yes" "$three $three yes" "$three $one no" "$side $three no" \
    "$two $side yes" "$three $side no"; do
    set -- $row
    run repo below "$1" "$2"
    ok
    out_is "$3"
done
git merge -q --no-ff -m merged main
run repo below "$three" "$(git rev-parse HEAD)"
out_is yes
run repo below 1234567812345678123456781234567812345678 "$three"
refused 4 git
run repo below nothing "$three"
refused 4 git

try 'a shallow clone does not say no where it cannot see'
history
git tag v1 HEAD~2
mkdir clone && git clone -q --depth 1 --no-single-branch "file://$PWD" clone/c 2>/dev/null
cd clone/c || exit 2
git fetch -q --depth 1 origin tag v1
run repo tags
ok
out_is "v1 $(git rev-parse v1)"
run repo below "$(git rev-parse v1)" "$(git rev-parse HEAD)"
refused 4 git.shallow
run repo below "$(git rev-parse HEAD)" "$(git rev-parse HEAD)"
ok
out_is yes

try 'a checkout of another user is read'
history
if [ "$(id -u)" = 0 ]; then
    chown -R 65534:65534 .
    run git rev-parse HEAD
    code 128
    run repo head
    ok
    out_is "$(git -c safe.directory='*' rev-parse HEAD)"
    HOME=/nonexistent run repo head
    ok
else
    skip 'needs root'
fi

try 'a repository of a kind that libgit2 does not know: unknown, and a note'
history
git config core.repositoryFormatVersion 1
git config extensions.fromTheFuture true
run repo tags
code 0
out_is unknown
err_has 'relver: libgit2 cannot read this repository ('

try 'what can be said without git does not load libgit2'
workspace examples/one-version
run env LD_DEBUG=files repo head
case $err in
*libgit2.so*)
    for words in status check 'show version' 'bump patch -n' 'version check 1.2.3' \
        'edit Cargo.toml workspace.package.version' --help; do
        run env LD_DEBUG=files relver $words
        code 0
        err_has libc.so
        err_lacks libgit2
    done
    ;;
*) skip 'the loader does not tell what it loads' ;;
esac

# Libraries of the right name that are not the right one.
try 'another libgit2 than the headers: unknown, and a note'
history
soname=$(strings -a "$cases/bin/repo" 2>/dev/null | sed -n 's/^\(libgit2\.so\.[0-9.]*\)$/\1/p')
if [ -n "$soname" ]; then
    library() { $CC -shared -fPIC -w -o "lib/$soname" "$@" && export LD_LIBRARY_PATH=$PWD/lib; }
    names=$(sed -n '/define FUNCTIONS/,/^$/p' "$top/cli/repo.c" | grep -o 'X([a-z0-9_]*)' |
        sed 's/X(\(.*\))/git_\1/')
    mkdir lib
    for name in $names; do
        [ $name = git_libgit2_version ] || echo "int $name(void) { return -1; }"
    done >other.c
    echo 'void git_libgit2_version(int *a, int *b, int *c) { *a = 9; *b = 8; *c = 7; }' >>other.c
    library other.c
    run repo tags
    code 0
    out_is unknown
    err_is "relver: $soname is libgit2 9.8, not ${soname#libgit2.so.}, so what git knows is unknown"
    grep -v git_revwalk_new other.c >fewer.c
    library fewer.c
    run repo tags
    out_is unknown
    err_is "relver: $soname has no git_revwalk_new, so what git knows is unknown"
    echo 'no library' >"lib/$soname"
    run repo tags
    out_is unknown
    err_is "relver: $soname cannot be loaded, so what git knows is unknown"
    unset LD_LIBRARY_PATH
else
    skip 'cannot find the library name in the program'
fi

finish
