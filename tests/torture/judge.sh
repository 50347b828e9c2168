#!/bin/sh
# The state of the repository that `run` makes for `relver bump 1.2.3 --commit` and --pr, in the
# words of sweep.c's -j: 0 new, 1 old, 2 edited and not committed, else torn and why. With POWER set
# a staged file need not be staged any more: git does not sync its index.
torn() { echo "$*" >&2; exit 3; }
said=$(git fsck --no-dangling 2>&1) && [ -z "$said" ] || torn "git fsck: $said"
left=$(find . -name '.*.relver-*' -o -path './.git/relver/*' ! -name lock ! -name index \
    -o -path './.git/*' \( -name '*.lock' -o -name 'next-index*' \))
[ -z "$left" ] || torn "left over: $left"
tip=$(git rev-parse -q --verify refs/heads/relver/1.2.3) || tip=HEAD
is="$(git rev-list --count $tip) commits, $(git grep -l 1.2.3 $tip | wc -l) files:"
is="$is$(git status --porcelain | sed "${POWER:+s/^ M staged/M  staged/}" |
    LC_ALL=C sort | tr '\n' ,)"
edited=' M Cargo.lock, M a/Cargo.toml, M b/Cargo.toml, M other,'
case $is in
'2 commits, 4 files: M other,M  staged,' | '2 commits, 3 files: M other,?? NEW.md,M  staged,')
    # While the branch is not made its scratch may lie there: the next run writes over it.
    [ ! -e .git/relver/index ] || torn 'left over: index' ;;
'1 commits, 0 files: M other,?? NEW.md,M  staged,') exit 1 ;;
"1 commits, 0 files:$edited?? NEW.md,M  staged,") exit 2 ;;
"1 commits, 0 files: A NEW.md,${edited}M  staged,") exit 2 ;;
*) torn "$is" ;;
esac
