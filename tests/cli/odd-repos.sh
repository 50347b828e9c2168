# Repositories of every kind: each works, or is refused in so many words, by both of cli/repo.h's
# ways; tests/cli/repo.c is the command.
. "$(dirname "$0")/lib.sh"

need_repo

work()
{
    git init -q -b main "$@" . || exit 2
    mkdir d
    for f in a b d/c; do echo 1 >$f; done
    git add . && git commit -q -m one && git tag -m v1 v1
    git commit -q --allow-empty -m two
}

# reads: it is read, as git has it, but nothing is written.
reads()
{
    read_all
    for words in "commit new ${below-}a" "tag v2 $(git rev-parse HEAD)" \
        "move refs/heads/x - $(git rev-parse HEAD)"; do
        run repo $words
        code 2
        err_has 'error[git.missing]'
        err_has 'only git can do that'
    done
}

read_all()
{
    run repo head
    ok
    out_is "$(git rev-parse HEAD)"
    run repo branch
    ok
    out_is "$(git symbolic-ref -q --short HEAD || echo absent)"
    run repo tags
    ok
    same "$out" "$(git for-each-ref --format='%(refname:strip=2) %(*objectname)%(if)%(*objectname)'\
'%(then)%(else)%(objectname)%(end)' refs/tags)" tags
    echo "$RELVER_GIT" >a
    run repo changes
    ok
    out_is "${below-}a"
}

# works: a commit, a tag and a branch are made there as well.
works()
{
    read_all
    run repo commit new "${below-}a"
    ok
    out_is "$(git rev-parse HEAD)"
    same "$(git log -1 --format=%s --name-only)" "new

${below-}a"
    same "$(git status --porcelain)" '' status
    run repo tag "$RELVER_GIT-1" "$(git rev-parse HEAD)" message
    ok
    same "$(git rev-parse "$RELVER_GIT-1^{commit}")" "$(git rev-parse HEAD)"
    run repo commit-on "$(git rev-parse HEAD)" on "${below-}b" "$RELVER_GIT"
    ok
    same "$(git log -1 --format=%s%P "$out")" "on$(git rev-parse HEAD)"
    run repo move refs/heads/side-$RELVER_GIT - "$out"
    ok
    same "$(git rev-parse side-$RELVER_GIT)" "$out"
    same "$(git fsck 2>&1 | grep -v '^dangling\|^notice')" '' fsck
}

unknown() # WHY
{
    run repo head
    code 0
    out_is unknown
    if [ -n "$1" ]; then err_has "$1"; else err_is ''; fi
}

for RELVER_GIT in $backends; do
export RELVER_GIT

try "$RELVER_GIT: a plain one, in a directory below it"
work
below=d/
mv b d/b && mv a d/a && git add -A && git commit -q -m moved
cd d || exit 2
works
below=

try "$RELVER_GIT: on no branch"
work
git checkout -q --detach
works

try "$RELVER_GIT: without a commit, on a branch of any name"
git init -q -b release/0.2 .
run repo head
ok
out_is absent
run repo branch
ok
out_is release/0.2
run repo tags
ok
out_is ''

try "$RELVER_GIT: bare"
git init -q --bare .
unknown ''

try "$RELVER_GIT: a second work tree"
work
git worktree add -q -b other ../$case_number-other 2>/dev/null
cd ../$case_number-other || exit 2
works
same "$(git -C "$dir" status --porcelain)" '' 'the first'

try "$RELVER_GIT: a second work tree that has settings of its own"
work
git config extensions.worktreeConfig true
git worktree add -q -b other ../$case_number-other 2>/dev/null
cd ../$case_number-other || exit 2
git config --worktree user.name own
if [ $RELVER_GIT = git ]; then works; else reads; fi
git -C "$dir" config core.repositoryFormatVersion 1
[ $RELVER_GIT = git ] || unknown worktreeconfig

try "$RELVER_GIT: a submodule, and what it is one of"
work
git init -q -b main sub-origin && git -C sub-origin commit -q --allow-empty -m sub
git -c protocol.file.allow=always submodule --quiet add "$PWD/sub-origin" sub
rm -rf sub-origin && git commit -q -m submodule
works
cd sub || exit 2
for f in a b; do echo 1 >$f; done; git add . && git commit -q -m files
works

try "$RELVER_GIT: shallow"
work
git clone -q --depth 1 "file://$PWD" ../$case_number-shallow 2>/dev/null
cd ../$case_number-shallow || exit 2
works
run repo below "$(git rev-parse HEAD)" 1234567812345678123456781234567812345678
refused 4 git.shallow

try "$RELVER_GIT: a partial clone"
work
git config uploadpack.allowFilter true
echo 2 >b && git commit -q -m b b
git clone -q --filter=blob:none "file://$PWD" ../$case_number-partial 2>/dev/null
cd ../$case_number-partial || exit 2
works

try "$RELVER_GIT: a sparse work tree"
work
git sparse-checkout set --no-cone /a /b
[ $RELVER_GIT = git ] || reads
git config core.sparseCheckout true && git config core.sparseCheckoutCone false
rm .git/config.worktree && git checkout -q a
works
same "$(git ls-files d)" d/c

try "$RELVER_GIT: a sparse index"
work
mkdir d/e && echo 1 >d/e/f && git add d && git commit -q -m e
git sparse-checkout set --cone --sparse-index
if [ $RELVER_GIT = git ]; then
    works
else
    echo 2 >a
    run repo commit new a
    refused 2 git.missing 'all changed, but not committed'
    err_has 'install git'
fi

try "$RELVER_GIT: a split index"
work
git update-index --split-index
if [ $RELVER_GIT = git ]; then
    works
else
    echo 2 >a
    run repo commit new a
    refused 4 git 'all changed, but not committed'
    err_has 'install git'
fi

try "$RELVER_GIT: objects of another repository"
work
git clone -q --shared . ../$case_number-shared
cd ../$case_number-shared || exit 2
works

try "$RELVER_GIT: replaced and grafted commits: what is published counts"
work
one=$(git rev-parse HEAD~1) two=$(git rev-parse HEAD)
git replace "$two" "$(git commit-tree -m other "HEAD^{tree}")"
run repo below "$one" "$two"
ok
out_is yes
git replace -d "$two" >/dev/null
mkdir -p .git/info && echo "$two" >.git/info/grafts
run repo below "$one" "$two"
ok
out_is yes

try "$RELVER_GIT: a filter that somebody wrote, autocrlf"
work
git config core.autocrlf true
git config filter.up.clean 'tr a-z A-Z' && echo 'b filter=up' >.gitattributes
git add -A 2>/dev/null && git commit -q -m attributes
works

try "$RELVER_GIT: SHA-256"
work --object-format=sha256
if [ $RELVER_GIT = git ]; then works; else unknown objectformat; fi

# git 2.39 knows no tables, but leaves their directory alone where nothing is said of it.
try "$RELVER_GIT: tables of refs"
work
mkdir .git/reftable
if [ $RELVER_GIT = git ]; then
    works
    git checkout -q --detach
    works_detached=$(git rev-parse HEAD)
    run repo head
    ok
    out_is "$works_detached"
else
    run repo head
    refused 4 git
    err_has 'only git can read'
fi
git config core.repositoryFormatVersion 1
git config extensions.refStorage reftable
echo 'ref: refs/heads/.invalid' >.git/HEAD
if [ $RELVER_GIT != git ]; then
    unknown refstorage
elif ! git rev-parse HEAD >/dev/null 2>&1; then
    run repo tags
    refused 4 git
    err_has refstorage
fi

try "$RELVER_GIT: names of refs that are no names"
work
head=$(git rev-parse HEAD)
cd .git/refs/tags || exit 2
long=$(printf '%0250d' 0)
mkdir ./--dir
for name in -u --upload-pack=x 'v1.0.0^{}' "$(printf 'v\033[2J')" "$(printf 'v\nw')" 'v 1' 'v~1' \
    'v1.lock' '.hidden' "$(printf 'v\377')" "$long" --dir/x 'v:1' '@{1}'; do
    echo "$head" >"./$name"
done
cd "$dir" || exit 2
{ echo '# pack-refs with: peeled fully-peeled sorted '
    for name in -x ../../../etc/passwd 'v2..0' "$(printf 'w\033]0;x\007')" "$long$long"; do
        echo "$head refs/tags/$name"
    done; } >.git/packed-refs
run repo tags
ok
for words in 'show tags' status check; do
    run relver $words
    same "$(printf '%s' "$out$err" | tr -d '\n' | tr -d ' -~' | wc -c)" 0 'bytes that are no text'
done
same "$(cat .git/refs/tags/-u)" "$head"

try "$RELVER_GIT: packed-refs that do not say where the tags lead"
work
git pack-refs --all
grep -v '^[#^]' .git/packed-refs >kept && mv kept .git/packed-refs
run repo tags
ok
out_is "v1 $(git rev-parse 'v1^{commit}')"

try "$RELVER_GIT: a ref that says nothing, HEAD in a circle"
work
: >.git/refs/tags/empty
run repo tags
refused 4 git
rm .git/refs/tags/empty
echo 'ref: refs/heads/circle' >.git/refs/heads/circle
echo 'ref: refs/heads/circle' >.git/HEAD
run repo head
refused 4 git

done
finish
