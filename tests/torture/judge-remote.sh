#!/bin/sh
# The state of the repository that remotes.sh makes, and of its remote, in the words of sweep.c's
# -j: 0 all done, 1 nothing, 2 some of it, else torn and why. A hook of the remote writes down each
# move of a ref, one line each; $WANT is such a list of a run that was left alone, then all refs
# here, in the form of `said` below. The clock of git stands still, so ids tell equal commits.
torn() { echo "$*" >&2; exit 3; }
said() { git for-each-ref --format='here %(objectname) %(refname)' refs/heads refs/tags; }
[ "${1-}" != --say ] || { cat "$REMOTE/moves"; said; exit; }

for dir in .git "$REMOTE"; do
    fault=$(git --git-dir="$dir" fsck --no-dangling --no-progress 2>&1) && [ -z "$fault" ] ||
        torn "git fsck of $dir: $fault"
done
left=$(find .git -name '*.lock' -o -path '.git/relver/*' ! -name lock ! -name index \
    -o -name '.*.relver-*' -o -name 'incoming-*')
[ -z "$left" ] || torn "left over: $left"
[ "$(git status --porcelain)" = '?? new' ] || torn "git status: $(git status --porcelain)"

# Each ref moved at the remote in the one order and to the one id, and nothing else moved.
count=$(wc -l <"$REMOTE/moves") all=$(grep -vc '^here ' "$WANT")
[ "$(head -n "$count" "$WANT")" = "$(cat "$REMOTE/moves")" ] || torn "moved: $(cat "$REMOTE/moves")"
git --git-dir="$REMOTE" for-each-ref --format='0 %(objectname) %(refname)' | sort -k 3 >"$REMOTE/is"
cat "$REMOTE/base" "$REMOTE/moves" | awk '{ at[$3] = $2 } END { for (r in at) print 0, at[r], r }' |
    sort -k 3 | cmp -s - "$REMOTE/is" || torn "the remote is not what moved: $(cat "$REMOTE/is")"

# What is here is what was, or what will be.
said | grep -vxF -f "$WANT" | grep -vxF -f "$REMOTE/here" >"$REMOTE/odd"
[ ! -s "$REMOTE/odd" ] || torn "here: $(cat "$REMOTE/odd")"
if [ "$count $(said)" = "$all $(grep '^here ' "$WANT")" ]; then
    # Until then its scratch may lie there: the next run writes over it.
    [ ! -e .git/relver/index ] || torn 'left over: index'
    exit 0
fi
[ "$count $(said)" != "0 $(cat "$REMOTE/here")" ] || exit 1
echo "$count of $all moves, $(said | tr '\n' ,)" >&2
exit 2
