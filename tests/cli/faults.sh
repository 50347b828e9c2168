# What can be wrong with a file, seen through relver bump: the exit code, the message, and every
# file as it was. tests/torture tries the same and more on the transaction alone.
. "$(dirname "$0")/lib.sh"

victim=crates/node/package.json

try 'a FIFO is refused without waiting'
workspace examples/one-version
rm $victim && mkfifo $victim
snap
run timeout 10 relver bump 0.2.0
code 2
err_has "$victim"
err_has 'state: nothing changed'
unchanged

try 'a symbolic link out of the tree is refused and named'
workspace examples/one-version
mv $victim ../outside.json && ln -s "$(cd .. && pwd)/outside.json" $victim
cksum <../outside.json >../before
run relver bump 0.2.0
code 2
err_has "$victim"
err_has 'state: nothing changed'
cksum <../outside.json >../after
same_file ../after ../before
same "$(git status --porcelain -uno)" " T $victim" 'files'

try 'a file with two names is refused'
workspace examples/one-version
ln $victim ../second.json
snap
run relver bump 0.2.0
code 2
err_has "$victim"
unchanged

try 'an immutable file is refused before anything changes'
workspace examples/one-version
if chattr +i $victim 2>/dev/null; then
    snap
    run relver bump 0.2.0
    code 2
    err_has "$victim"
    err_has 'state: nothing changed'
    unchanged
    chattr -i $victim
    run relver bump 0.2.0
    ok
else
    skip 'no chattr +i here'
fi

try 'a full disk: rolled back'
mkdir small
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=1m none small 2>/dev/null; then
    cd small || exit 2
    workspace examples/one-version
    relver status >/dev/null
    dd if=/dev/zero of=filler bs=4096 2>/dev/null
    truncate -s -4096 filler
    snap
    run relver bump 0.2.0
    code 8
    err_has 'state: nothing changed'
    unchanged
    rm filler
    run relver bump 0.2.0
    ok
    run relver check
    ok
    cd .. && umount small
else
    skip 'no tmpfs can be mounted here'
fi

try 'two at once: one after the other, never half of each'
workspace examples/one-version
relver bump 0.2.0 >a.log 2>&1 &
first=$!
relver bump 0.3.0 >b.log 2>&1 &
second=$!
a=0 b=0
wait $first || a=$?
wait $second || b=$?
rm -f a.log b.log
# 0.2.0 after 0.3.0 goes down, which is refused; the other order does both
case $a$b in 00 | 10) pass ;; *) fail "exit codes $a and $b" ;; esac
run relver show version
out_is 0.3.0
run relver check
ok

try 'a change that was cut short: readers say so, the next writer goes on'
workspace examples/one-version
mkdir -p .git/relver
# the journal's form is tests/torture's business; one without a commit is undone
printf '%s\n' 'torn' >.git/relver/files.journal
snap
run relver bump 0.2.0
code 0
run relver check
code 0
same "$(ls .git/relver)" lock 'the journal is gone'

finish
