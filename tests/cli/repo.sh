# cli/repo.h against git itself, by both of its ways: tests/cli/repo.c is the command.
. "$(dirname "$0")/lib.sh"

CC=${CC:-cc}
need_repo
build_repo "$cases/bin/repo-without" -DRELVER_GIT2=0 || exit 1

commit() { git commit -q --allow-empty -m "$1"; }
history() { git init -q -b main . && commit one && commit two && commit three; }

try 'built without the headers, git cannot tell'
history
run env RELVER_GIT=libgit2 repo-without tags
code 0
out_is unknown
err_has 'built without the headers of libgit2 1.5, so what git knows is unknown'

# A few files, one commit.
work()
{
    git init -q -b main .
    for f in a b c d e 'with space'; do echo 1 >"$f"; done
    git add . && git commit -q -m start
}

# asked COMMAND..: run it, and how often it started git.
mkdir "$cases/spy"
printf '#!/bin/sh\necho "$*" >>%s/spied\nexec %s "$@"\n' "$cases" "$(command -v git)" \
    >"$cases/spy/git"
chmod +x "$cases/spy/git"
asked()
{
    : >"$cases/spied"
    run env RELVER_GIT=git PATH="$cases/spy:$PATH" "$@"
    asked=$(grep -c . "$cases/spied")
}

# past SEED COMMITS MERGES [MORE]: a history; each commit adds, changes and removes some of a few
# files in two directories, or makes one a directory, a link or a file.
past()
{
    awk -v seed="$1" -v commits="$2" -v merges="$3" -v more="${4-0}" 'BEGIN {
        srand(seed)
        for (n = 1; n <= commits; n++) {
            printf "commit refs/heads/main\nmark :%d\n", n
            printf "committer t <t@mail.example> %d +0000\ndata 1\nc\n", 1700000000 + n * 60
            if (n > 1)
                printf "from :%d\n", merges && n > 4 && rand() < 0.2 ? n - 2 : n - 1
            else if (more)
                print "from refs/heads/main^0"
            if (merges && n > 6 && rand() < 0.3)
                printf "merge :%d\n", n - 4
            for (i = 0; n == 1 && !more && i < 80; i++)
                printf "M 644 inline %s%d\ndata 1\nx\n", i % 2 ? "sets/filler" : "other", i
            for (i = rand() * 4; i > 0; i--) {
                name = (rand() < 0.9 ? "sets/" : "sets/pre/") "s" int(rand() * 8)
                what = rand()
                if (what < 0.35)
                    print "D " name
                else if (what < 0.45)
                    printf "D %s\nM 644 inline %s/in\ndata 1\nx\n", name, name
                else if (what < 0.5)
                    printf "D %s\nM 120000 inline %s\ndata 1\ny\n", name, name
                else
                    printf "D %s\nM 644 inline %s\ndata 3\n%03d\n", name, name, n
            }
            printf "M 644 inline sets/filler%d\ndata 3\n%03d\n", int(rand() * 40) * 2 + 1, n
        }
    }' | git -c fastimport.unpackLimit=100000 fast-import --quiet && git reset -q --hard
}

# As git says it: the newest commit first.
adders()
{
    git log --format=/%H --name-only --no-renames --diff-filter=A HEAD -- "$@" >"$cases/log"
    for path; do
        awk -v path="$path" '/^\// { id = substr($0, 2) }
                             $0 == path { print id; found = 1; exit }
                             END { if (!found) print "absent" }' "$cases/log"
    done
}

try 'which commit added a file, from loose objects and packs, is what git says'
plain=0 merged=0 deltas=0
for seed in 1 2 3 4 5 6 7 8 9 10 11 12; do
    merges=$((seed % 3 == 0))
    mkdir "$dir/$seed" && cd "$dir/$seed" && git init -q -b main . || exit 2
    past "$seed" $((10 + seed * 10)) "$merges"
    case $((seed % 4)) in
    0) git repack -adq ;;
    2) git repack -adfq --depth=50 --window=80 ;;
    3) git repack -adq && past $((seed + 100)) 5 0 1 ;;
    esac
    chains=$(git verify-pack -v .git/objects/pack/*.idx 2>/dev/null | grep -c '^chain')
    deltas=$((deltas + chains))
    files=$(git ls-files | grep '^sets/s.$')
    # shellcheck disable=SC2086
    for some in $files "$files $(git ls-files sets/pre)" "$files" sets/none; do
        [ -n "$some" ] || continue
        asked repo added $some
        ok
        same "$out" "$(adders $some)" "who added '$some', seed $seed"
        plain=$((plain + (asked == 0))) merged=$((merged + (asked > 0)))
    done
    git cat-file --batch-all-objects --batch-check='%(objectname) %(objecttype)' |
        awk 'NR % 10 == 0' >ids
    while read -r id type; do
        git cat-file "$type" "$id" >want
        asked repo object "$id"
        if [ "$asked" = 0 ] && cmp -s want "$cases/out"; then pass; else fail "$type $id"; fi
    done <ids
done
same "$((plain > 20)) $((merged > 20)) $((deltas > 0))" '1 1 1' \
    "$plain by files, $merged by git, $deltas deltas"

try 'which commit added a file, beside what is replaced here alone, and in a shallow clone'
git init -q -b main . && past 2 25 0
# shellcheck disable=SC2046  # the names have no blanks
set -- $(git ls-files | grep '^sets/s.$')
want=$(adders "$@")
git replace --graft HEAD HEAD~5 && git repack -adq
asked repo added "$@"
ok
out_is "$want"
same "$asked" 0 'processes'
git clone -q --depth 2 "file://$dir" "$dir.clone" && cd "$dir.clone" || exit 2
asked repo added "$@"
refused 4 git.shallow
git fetch -q --unshallow
asked repo added "$@"
ok
out_is "$want"

for RELVER_GIT in $backends; do
export RELVER_GIT

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

try 'changes, as git status has them, whatever was done last'
work
mkdir -p sub/dir && echo 1 >sub/dir/f && git add sub && git commit -qm sub
mkdir "$cases/$case_number-bin"
printf '#!/bin/sh\necho "$*" >>"%s/started"\nexec "%s" "$@"\n' "$cases/$case_number-bin" \
    "$(command -v git)" >"$cases/$case_number-bin/git"
chmod +x "$cases/$case_number-bin/git"
run env PATH="$cases/$case_number-bin:$PATH" repo changes
ok
out_is ''
same "$(cat "$cases/$case_number-bin/started" 2>&1)" \
    "cat: $cases/$case_number-bin/started: No such file or directory" 'git is not started'
step=0
for words in 'echo 2 >a' 'git commit -qam a' 'echo 3 >a; echo 2 >a' 'touch a' 'git add a' \
    'echo 3 >sub/dir/f' 'git add -A' 'echo 2 >sub/dir/f' 'git commit -qm f' 'git checkout -q .' \
    'chmod +x b' 'git commit -qam b' 'chmod -x b' 'git checkout -q b' 'rm c' 'git commit -qam c' \
    'echo 1 >c' 'git add -N c' 'git add c' 'git rm -qf --cached c' 'ln -sf b d' \
    'git commit -qam d' 'echo 4 >a' 'git update-index --assume-unchanged a' \
    'git update-index --no-assume-unchanged a' 'git commit -qam a' \
    'git update-index --skip-worktree e' 'echo 5 >e' 'git checkout -q HEAD~1' \
    'git update-index --no-skip-worktree e' 'git commit -qam e' 'git checkout -q main' \
    'git gc -q' 'git update-index --index-version 4' 'echo 6 >a' 'git commit -qam six' \
    'git update-index --index-version 2' 'git update-index --split-index' 'echo 7 >a' \
    'git commit -qam seven' 'git update-index --no-split-index' 'git reset -q --soft HEAD~1' \
    'git commit -qm again' 'git read-tree HEAD' 'git reset -q' 'git config core.autocrlf true' \
    'git config --unset core.autocrlf' 'mv sub real; ln -s real sub' 'rm sub; mv real sub' \
    'git commit -q --allow-empty -m none' 'git rm -qr sub'; do
    step=$((step + 1))
    [ $RELVER_GIT = git ] || case $words in *split*) continue ;; esac # libgit2 refuses it
    sh -c "$words" >/dev/null 2>&1
    run repo changes
    same "$(echo "$out" | sort)" "$(git --no-optional-locks status --porcelain --no-renames -uno |
        cut -c 4- | sort)" "$step: $words"
done

try 'one of many packed refs, and none of them'
history
for i in 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6 7 8 9; do
    echo "create refs/heads/b$i$j HEAD~$((j % 3))"
done; done | git update-ref --stdin
for i in 1 2 3 4 5; do git tag -a -m "t$i" "t$i"; done
git pack-refs --all
for ref in heads/b10 heads/b11 heads/b37 heads/b54 heads/b55 heads/b68 heads/b98 heads/b99 \
    heads/main tags/t1 tags/t3 tags/t5; do
    echo "ref: refs/$ref" >.git/HEAD
    run repo head
    out_is "$(git rev-parse "refs/$ref")"
done
for ref in heads/a heads/b100 heads/b5 heads/b9 heads/z remotes/x tags/t tags/t6; do
    echo "ref: refs/$ref" >.git/HEAD
    run repo head
    out_is absent
done
git gc -q
echo 'ref: refs/heads/b54' >.git/HEAD
grep -v '^#' .git/packed-refs | sort -r | grep -v '^^' >kept && mv kept .git/packed-refs
run repo head
out_is "$(git rev-parse refs/heads/b54)"

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

# twin COMMAND..: the same by git itself, in a copy of this directory at $twin.
twin()
{
    twin=$dir-twin
    [ -d "$twin" ] || cp -R . "$twin" || exit 2
    (cd "$twin" && "$@") >/dev/null 2>&1 || fail "the twin does not: $*"
}
# as_twin: HEAD, the refs, the index and the work tree are those of the twin, and whole.
as_twin()
{
    for what in 'log --format=raw' 'for-each-ref' 'ls-files -s' 'status --porcelain' \
        'symbolic-ref -q HEAD' "reflog --format=%H|%gs|%gn|%ge"; do
        same "$(git $what)" "$(git -C "$twin" $what)" "git $what"
    done
    same "$(git fsck --strict 2>&1 | grep -v '^dangling')" '' 'git fsck'
    same "$(find .git -name '*.lock' -o -name 'index?*' -path '.git/relver/*')" '' 'litter'
}

try 'changes: in the index, in the work tree, both, new, removed, ignored'
work
echo 2 >a; echo 2 >b; git add b; echo 3 >b; git rm -q --cached c; rm d; echo new >new; mkdir -p n/m
echo new >n/m/f; echo '*.o' >.gitignore; echo o >x.o
run repo changes
ok
out_is 'a
b
c
d'
run repo changes a b d e new n/m/f .gitignore
ok
same "$(echo "$out" | sort)" '?.gitignore
?n/m/f
?new
a
b
d'
run repo changes e
ok
out_is ''

try 'commit: the named files and nothing else'
work
echo 2 >a; echo 2 >b; git add b; rm d; chmod +x e; mkdir n; echo n >n/n; echo staged >staged
git add staged; echo other >other; echo 2 >'with space'
twin git add -N n/n
twin git commit -q --only --cleanup=whitespace -m 'release 1.0.0' a d e n/n 'with space'
run repo commit 'release 1.0.0' a d e n/n 'with space'
ok
out_is "$(git rev-parse HEAD)"
as_twin
run repo commit again a d e n/n 'with space'
ok
as_twin

try 'commit: what is staged of the file is not what is committed'
work
echo 2 >a; git add a; echo 3 >a
twin git commit -q --only -m 'a' a
run repo commit a a
ok
as_twin

try 'commit: a first one, a detached one, one in a second work tree'
git init -q -b main .
echo 1 >a
twin git add -N a; twin git commit -q --only -m first a
run repo commit first a
ok
as_twin
git checkout -q --detach; git -C "$twin" checkout -q --detach
echo 2 >a
twin sh -c 'echo 2 >a; git commit -q --only -m second a'
run repo commit second a
ok
as_twin
git worktree add -q -b other ../$case_number-other main
cd ../$case_number-other || exit 2
echo 3 >a
run repo commit third a
ok
same "$(git log --format='%s %D' -2)" 'third HEAD -> other
first main'
same "$(git status --porcelain)" ''
same "$(git fsck 2>&1 | grep -v '^dangling')" ''

try 'commit: the message, and its sign-off'
work
message=$(printf '%s\n' 'title  ' '' '' 'body  ' '* x' '# no comment' '' end '' -)
message=${message%-}
echo 2 >a
twin sh -c 'echo 2 >a; git commit -q --only --cleanup=whitespace --signoff -m "$1" a' - "$message"
SIGNOFF=1 run repo commit "$message" a
ok
as_twin

try 'commit: line ends are those that the attributes ask for'
work
git config core.autocrlf true
printf '* text=auto\n*.sh text eol=lf\n*.bin -text\n' >.gitattributes
printf '1\r\n2\r\n' | tee a x.sh >x.bin
twin sh -c 'git add -N . && git commit -q --only -m crlf a x.sh x.bin .gitattributes'
run repo commit crlf a x.sh x.bin .gitattributes
ok
as_twin
same "$(git show HEAD:x.bin | od -c | grep -c '\\r')" 1

try 'commit: no while a merge goes on'
work
git checkout -q -b side && echo side >a && git commit -qam side
git checkout -q main && echo main >a && git commit -qam main
git merge side >/dev/null 2>&1
echo 2 >b
run repo commit b b
refused 1 git.busy 'all changed, but not committed'
git merge --abort
git checkout -q b
git rebase side >/dev/null 2>&1
echo 2 >b
run repo commit b b
refused 1 git.busy 'all changed, but not committed'

try 'commit: nobody says who commits'
work
echo 2 >a
run env -u GIT_AUTHOR_NAME -u GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME= repo commit x a
same "$([ "$code" != 0 ] && echo failed)" failed
err_has 'all changed, but not committed'
same "$(git log --format=%s)" start
git config user.name 'Someone Else' && git config user.email them@mail.example
run env -u GIT_AUTHOR_NAME -u GIT_AUTHOR_EMAIL repo commit x a
ok
same "$(git log -1 --format='%an %ae %cn')" 'Someone Else them@mail.example tester'

try 'commit on another commit: no ref, no index, no work tree changes'
work
git commit -q --allow-empty -m two
chmod +x e && git commit -qam e && mkdir x && echo x >x/only && git add x && git commit -qm x
echo dirty >a; git add a; echo dirtier >a
before=$(git for-each-ref; git status --porcelain; git ls-files -s; tree)
run repo commit-on "$(git rev-parse HEAD)" 'on it' b 'new b' e 'new e' n/n/n n x/only - gone -
ok
same "$(git for-each-ref; git status --porcelain; git ls-files -s; tree)" "$before"
same "$(git diff --raw --abbrev=7 HEAD "$out" --)" "$(printf '%s\n' \
    ":100644 100644 d00491f $(printf 'new b' | git hash-object --stdin | cut -c1-7) M	b" \
    ":100755 100755 d00491f $(printf 'new e' | git hash-object --stdin | cut -c1-7) M	e" \
    ":000000 100644 0000000 $(printf n | git hash-object --stdin | cut -c1-7) A	n/n/n" \
    ":100644 000000 $(echo x | git hash-object --stdin | cut -c1-7) 0000000 D	x/only")"
same "$(git ls-tree "$out" x)" '' 'the empty directory'
same "$(git log -1 --format='%s|%P|%an|%cn' "$out")" "on it|$(git rev-parse HEAD)|tester|tester"
same "$(git fsck --strict 2>&1 | grep -v '^dangling')" '' 'git fsck'
SIGNOFF=1 run repo commit-on "$(git rev-parse HEAD)" 'on it' b b
ok
same "$(git log -1 --format=%B "$out")" 'on it

Signed-off-by: tester <tester@mail.example>'

try 'tags: light, annotated, there already, on another commit, with no name for one'
work
git commit -q --allow-empty -m two
one=$(git rev-parse HEAD~1) two=$(git rev-parse HEAD)
twin git tag v1 "$one"; twin git tag -m 'the second

with a body' v2 "$two"; twin git tag -m scoped '@scope/name@1.2.3' "$two"
run repo tag v1 "$one"
ok
out_is "$one"
run repo tag v2 "$two" 'the second

with a body'
ok
out_is "$(git rev-parse v2)"
run repo tag '@scope/name@1.2.3' "$two" scoped
ok
as_twin
run repo tag v2 "$two" other
ok
run repo tag v2 "$one"
refused 6 git.tag
err_has "the tag 'v2' is on commit $two, not on $one"
run repo tag v1/x "$one"
refused 4 git
for name in -u x.lock ''; do
    run repo tag "$name" "$one"
    refused 4 git
done
for name in 'a b' 'a..b' 'x^{}' '@{1}' 'a:b' "$(printf 'a\033b')" '../../x'; do
    run repo tag "$name" "$one"
    refused 2 git.name
done
as_twin

try 'move: make, move and remove a ref, but only from what it says'
work
git commit -q --allow-empty -m two
one=$(git rev-parse HEAD~1) two=$(git rev-parse HEAD) ref=refs/heads/release/0.2
run repo move $ref - "$one"
ok
out_is "$one"
same "$(git rev-parse $ref)" "$one"
run repo move $ref - "$two"
refused 4 git.moved
run repo move $ref "$two" "$one"
refused 4 git.moved
run repo move $ref "$one" "$two"
ok
same "$(git reflog $ref --format='%H %gs')" "$two repo
$one repo"
git pack-refs --all
run repo move $ref/below - "$one"
refused 4 git
run repo move refs/heads/release - "$one"
refused 4 git
run repo move $ref "$one" -
refused 4 git.moved
run repo move $ref "$two" -
ok
out_is absent
run repo move $ref "$two" "$one"
refused 4 git.moved
same "$(git for-each-ref --format='%(refname)')" refs/heads/main
same "$(git fsck --strict 2>&1 | grep -v '^dangling')" '' 'git fsck'

try 'locks that a kill left behind'
work
one=$(git rev-parse HEAD)
echo 2 >a
touch .git/index.lock .git/HEAD.lock .git/refs/heads/main.lock .git/next-index-1.lock
run repo commit two a
ok
mkdir -p .git/refs/tags; echo 1234 >.git/refs/tags/v1.lock
run repo tag v1 "$one"
ok
touch .git/refs/heads/x.lock .git/packed-refs.lock
run repo move refs/heads/x - "$one"
ok
touch .git/packed-refs.lock
run repo move refs/heads/x "$one" -
ok
same "$(find .git -name '*.lock')" '' 'locks'
same "$(git fsck 2>&1)" ''

try 'a commit that ended before its index was written'
work
cp .git/index index-before
echo two >a
run repo commit two a
ok
cp index-before .git/index && rm index-before
same "$(git status --porcelain)" 'MM a'
for time in 1 2; do
    run repo reset a
    ok
    same "$(git status --porcelain)" ''
done

done

export RELVER_GIT=git

try 'with git: hooks run and filters apply'
work
git config filter.up.clean 'tr a-z A-Z' && echo 'a filter=up' >.gitattributes
printf '#!/bin/sh\necho "hooked" >>"$1"\n' >.git/hooks/commit-msg
printf '#!/bin/sh\n[ ! -e no ] || { echo "we said no" >&2; exit 1; }\n' >.git/hooks/pre-commit
chmod +x .git/hooks/commit-msg .git/hooks/pre-commit
echo text >a
run repo commit title a .gitattributes
ok
same "$(git log -1 --format=%B)" 'title
hooked'
same "$(git show HEAD:a)" TEXT
touch no; echo more >a
run repo commit title a
refused 1 git.commit 'all changed, but not committed'
err_has 'we said no'

try 'locks that somebody holds'
work
echo 2 >a
cat >editor <<'END'
#!/bin/sh
touch editing
until [ -e edited ]; do sleep 0.05; done
END
chmod +x editor
GIT_EDITOR=./editor git commit -q a 2>/dev/null &
until [ -e editing ]; do sleep 0.05; done
cp -R . "$dir-tag" # it has a lock of relver's own
exec 8>"$dir-tag/.git/refs/tags/v1.lock"
(cd "$dir-tag" && exec repo tag v1 "$(git rev-parse HEAD)" 2>"$dir/tag-err") &
tagging=$!
run repo commit two a
refused 4 git.lock 'all changed, but not committed'
err_has '.git/index.lock'
err_has 'held for '
wait $tagging
same $? 4 'the tag'
file_has tag-err '.git/refs/tags/v1.lock'
exec 8>&-
touch edited
wait

case $backends in *libgit2*) ;; *) finish ;; esac
export RELVER_GIT=libgit2

# needs_git WHAT STATE COMMAND..
needs_git()
{
    what=$1 state=$2; shift 2
    before=$(git for-each-ref; git ls-files -s)
    run repo "$@"
    refused 2 git.missing "$state"
    err_has "$what: only git can do that, not libgit2"
    err_has 'next: install git, then run `repo` again'
    same "$(git for-each-ref; git ls-files -s)" "$before"
}
not_committed='all changed, but not committed'

try 'with libgit2: hooks, filters and signatures are refused'
work
one=$(git rev-parse HEAD)
echo 2 >a
for where in .git/hooks own "$HOME/hooks"; do
    case $where in
    own) git config core.hooksPath own ;;
    /*) git config core.hooksPath '~/hooks' ;;
    esac
    mkdir -p "$where"
    for hook in pre-commit prepare-commit-msg commit-msg post-commit reference-transaction; do
        echo '#!/bin/sh' >"$where/$hook"
        chmod +x "$where/$hook"
        needs_git "the hook '$hook' is to run" "$not_committed" commit x a
        chmod -x "$where/$hook"
    done
done
chmod +x "$HOME/hooks/reference-transaction"
needs_git "the hook 'reference-transaction' is to run" 'nothing changed' tag v1 "$one"
needs_git "the hook 'reference-transaction' is to run" 'nothing changed' move refs/heads/x - "$one"
rm -r "$HOME/hooks"
for attribute in filter=lfs working-tree-encoding=utf-16; do
    echo "a $attribute" >.gitattributes
    needs_git "'a' has the attribute $attribute" "$not_committed" commit x a
done
rm .gitattributes
git config commit.gpgSign true
needs_git 'commit.gpgSign is set' "$not_committed" commit x a
needs_git 'commit.gpgSign is set' 'nothing changed' commit-on "$one" x a b
git config commit.gpgSign false
SIGN=1 needs_git 'the tag is to be signed' 'nothing changed' tag v1 "$one" m
git config tag.gpgSign true
needs_git 'tag.gpgSign is set' 'nothing changed' tag v1 "$one" m
GIT_COMMITTER_DATE=yesterday needs_git "GIT_COMMITTER_DATE is not 'SECONDS +ZONE'" \
    "$not_committed" commit x a
run repo commit x a
ok
run repo tag v1 "$one"
ok

try 'a checkout of another user is read, and written where git says so'
history
if [ "$(id -u)" = 0 ]; then
    chown -R 65534:65534 .
    run git rev-parse HEAD
    code 128
    run repo head
    ok
    out_is "$(git -c safe.directory='*' rev-parse HEAD)"
    run env HOME=/nonexistent repo head
    ok
    run repo tag v1 "$out"
    refused 2 git.owner
    err_has "git config --global --add safe.directory '$PWD'"
    git config -f "$HOME/.gitconfig" safe.directory "$PWD"
    run repo tag v1 "$(git -c safe.directory='*' rev-parse HEAD)"
    ok
    rm "$HOME/.gitconfig"
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
