#!/bin/sh
# Faults that a system call sweep cannot make: odd files, a full disk, limits, mounts, rights, two
# runs at once. usage: faults.sh TXN (the program of txn.c, an absolute path). As root everything
# runs; otherwise the rest says SKIPPED.
txn=$1
tmp=$(mktemp -d) && chmod 755 "$tmp" || exit 2
here=$(pwd)
passed=0 failed=0 skipped=0
trap 'cd "$here"; clean; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

clean()
{
    chattr -R -i "$tmp/t" 2>/dev/null
    grep -q " $tmp/t/bound" /proc/mounts && umount "$tmp/t/bound"
    grep -q " $tmp/t/other" /proc/mounts && umount "$tmp/t/other"
    grep -q " $tmp/full " /proc/mounts && umount "$tmp/full"
    return 0
}

ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAIL: $*"; sed 's/^/    /' "$tmp/said" 2>/dev/null; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED: $*"; }
root() { [ "$(id -u)" = 0 ]; }

# A fresh project in $tmp/t: three files and a directory.
fresh()
{
    cd "$here" && clean && rm -rf "$tmp/t"
    mkdir -p "$tmp/t/d" "$tmp/t/.git" && cd "$tmp/t" || exit 2
    echo 'a 1.0.0' >a; echo 'b 1.0.0' >d/b; echo 'c 1.0.0' >c
}

# Everything below the current directory: names, kinds, modes, owners, bytes.
seen()
{
    find . ! -path './.git/relver' ! -path './.git/relver/lock' ! -path ./.git \
        -printf '%p %y %m %U %G %l\n' | sort
    find . -type f ! -path './.git/*' -size -100k -exec cat {} + 2>/dev/null
}

# refuses NAME CODE WORD ARG..: exit code CODE, three lines that hold WORD, nothing changed.
refuses()
{
    name=$1 code=$2 word=$3; shift 3
    before=$(seen)
    timeout 20 $as "$txn" "$@" >"$tmp/out" 2>"$tmp/said"
    rc=$?
    if [ $rc != "$code" ]; then bad "$name: exit $rc, not $code"
    elif [ "$(wc -l <"$tmp/said")" != 3 ] || ! grep -q '^  state: nothing changed$' "$tmp/said"
    then bad "$name: not three lines with the state"
    elif ! grep -qF -- "$word" "$tmp/said"; then bad "$name: does not say '$word'"
    elif [ "$before" != "$(seen)" ]; then bad "$name: something changed"
    else ok; fi
}
as=

# changes NAME ARG..: exit code 0, nothing said, no litter.
changes()
{
    name=$1; shift
    "$txn" "$@" >"$tmp/out" 2>"$tmp/said"
    rc=$?
    if [ $rc != 0 ] || [ -s "$tmp/said" ]; then bad "$name: exit $rc"
    elif find . -name '.*.relver-*' | grep -q . || [ -e .git/relver/files.journal ]
    then bad "$name: litter"
    else ok; fi
}

# The lock is held: begun here, judged at the end, for it takes 10 seconds.
if command -v flock >/dev/null; then
    mkdir -p "$tmp/held/.git/relver"; cd "$tmp/held" || exit 2
    echo 1.0.0 >a; echo '4242 (relver bump)' >.git/relver/lock
    flock .git/relver/lock sleep 20 & sleeper=$!
    sleep 0.2; began=$(date +%s)
    { "$txn" set 1.0.0 1.1.0 a; echo "$? $(($(date +%s) - began))"; } >"$tmp/held.said" 2>&1 &
    waiter=$!
fi

# What a target may be.
fresh
changes 'plain files' set 1.0.0 1.1.0 a c d/b
[ "$(cat a c d/b)" = "$(printf 'a 1.1.0\nc 1.1.0\nb 1.1.0')" ] && ok || bad 'not the new text'
touch -d @1 a; changes 'nothing to change' set 1.0.0 1.1.0 a c
[ "$(stat -c %Y a)" = 1 ] && ok || bad 'rewrote an equal file'
changes 'create and remove' set 1.1.0 new a +d/new -d/b
[ "$(cat d/new)" = new ] && [ ! -e d/b ] && ok || bad 'not created or not removed'

fresh; ln -s c in; ln -s /etc/hostname out; ln -s d dir; mkfifo fifo; ln a twin
refuses 'link inside' 2 "'in' is a symbolic link to 'c'" set 1 2 c in
refuses 'link outside' 2 "'out' is a symbolic link to '/etc/hostname'" set 1 2 c out
refuses 'linked directory' 2 "'dir' is a symbolic link to 'd'" set 1 2 c dir/b
refuses 'FIFO' 2 'path.kind' set 1 2 c fifo
refuses 'directory' 2 'path.kind' set 1 2 c d
refuses 'file as directory' 2 'path.kind' set 1 2 c a/b
refuses 'hard link' 2 'has 2 hard links' set 1 2 c a
refuses 'absent' 2 'io.absent' set 1 2 c nothing
refuses 'new file in no directory of one' 2 'no such' set 1 2 c +no/no/new
truncate -s 1073741825 big
refuses 'above 1 GiB' 2 'larger than 1 GiB' set 1 2 c big
if root && mknod null c 1 3 2>/dev/null; then refuses 'device' 2 'path.kind' set 1 2 c null
else skip 'device: needs root'; fi
long=$(printf '%0300d' 0)
for path in ../x ../../etc/passwd /etc/passwd d/../a d/../../x . .. ./a d//b d/ '' "$long" \
    "$(printf 'd/%.0s' $(seq 2100))a"; do
    refuses "path $(echo "$path" | cut -c 1-20)" 2 'path.outside' set 1 2 c "$path"
done
printf '#define V "1.0.0"\n' >"$(printf 'x \033\n\\y')"
changes 'odd name' set 1.0.0 1.1.0 "$(printf 'x \033\n\\y')" c

# What stays: mode, owner, attributes, ACL.
fresh; chmod 2640 a; chmod 755 c
root && chown 12:34 a && chmod 2640 a
meta() { stat -c '%a %u %g' a c; getfacl -p a c; getfattr -d -m - a c; }
if getfacl a >/dev/null 2>&1 && setfacl -m u:12:r a 2>/dev/null; then
    setfacl -d -m u:99:rw . && setfattr -n user.test -v yes c
else
    skip 'ACL and attributes: needs acl, attr and a file system that has them'
fi
was=$(meta 2>/dev/null); changes 'attributes' set 1.0.0 1.1.0 a c
[ "$was" = "$(meta 2>/dev/null)" ] && ok || bad 'mode, owner, ACL or attributes changed'

# Rights.
if root; then
    fresh; chmod 777 .; chmod -R 777 .git; chown 12 a; chmod 644 a
    as='setpriv --reuid=65534 --regid=65534 --clear-groups'
    refuses 'foreign owner' 2 'file.owner' set 1.0.0 1.1.0 a c
    chmod 600 c; refuses 'unreadable' 8 'Permission denied' set 1.0.0 1.1.0 c
    refuses 'directory not writable' 2 'file.denied' set 1.0.0 1.1.0 d/b
    fresh; chmod 755 .git
    refuses 'no place for the lock' 8 'Permission denied' set 1.0.0 1.1.0 a
    as=
else
    skip 'rights of others: needs root'
fi

# Fixed files and mounts.
fresh
if root && chattr +i a 2>/dev/null; then
    refuses 'immutable file' 2 'is immutable' set 1.0.0 1.1.0 a c d/b; chattr -i a
    chattr +a a; refuses 'append-only file' 2 'is immutable' set 1.0.0 1.1.0 c a; chattr -a a
    chattr +i d; refuses 'immutable directory' 2 'd/b' set 1.0.0 1.1.0 a d/b; chattr -i d
else
    skip 'immutable files: needs root and chattr'
fi
echo 'a 1.0.0' >bound; mkdir other
if root && mount --bind c bound 2>/dev/null && mount -t tmpfs none other 2>/dev/null; then
    echo 1.0.0 >other/x
    refuses 'bind mount' 2 'mount' set 1.0.0 1.1.0 a bound
    refuses 'other mount' 2 'mount' set 1.0.0 1.1.0 a other/x
else
    skip 'mounts: needs root'
fi
clean

# old_or_new NAME: all of it new after exit 0, old after 8, and no litter. $tmp/said ends with the
# exit code.
old_or_new()
{
    rc=$(tail -n 1 "$tmp/said")
    case "$rc $(cut -d ' ' -f 2 f1 f2 f3 | tr '\n' ' ')" in
    '0 1.1.0 1.1.0 1.1.0 ' | '8 1.0.0 1.0.0 1.0.0 ') ;;
    *) bad "$1: exit $rc, files $(cut -d ' ' -f 2 f1 f2 f3 | tr '\n' ' ')"; return ;;
    esac
    if [ "$(ls -A | tr '\n' ' ')" != '.relver f1 f2 f3 ' ]; then bad "$1: litter: $(ls -A)"
    elif [ "$rc" = 8 ] && ! grep -q '^  state: nothing changed$' "$tmp/said"; then bad "$1: state"
    else ok; fi
}

big() { for f in f1 f2 f3; do printf '%05000d 1.0.0\n' 0 >$f; done; }

# A full disk: 0 to 19 free pages.
mkdir "$tmp/full"
if root && mount -t tmpfs -o size=256k none "$tmp/full" 2>/dev/null; then
    cd "$tmp/full" || exit 2
    for free in $(seq 0 19); do
        rm -rf .relver; big; mkdir .relver; : >.relver/lock
        dd if=/dev/zero of=.relver/fill bs=4096 count=100 2>/dev/null
        truncate -s "$(($(stat -c %s .relver/fill) - free * 4096))" .relver/fill
        { "$txn" set 1.0.0 1.1.0 f1 f2 f3; echo $?; } >"$tmp/said" 2>&1
        old_or_new "full disk, $free pages"
    done
    cd "$here" || exit 2
else
    skip 'full disk: needs root'
fi

# A limit on file sizes, in blocks of 512 bytes; the message goes through a pipe, past the limit.
rm -rf "$tmp/t"; mkdir "$tmp/t"; cd "$tmp/t" || exit 2
for blocks in $(seq 0 12); do
    big
    { (ulimit -f "$blocks"; "$txn" set 1.0.0 1.1.0 f1 f2 f3); echo $?; } 2>&1 | cat >"$tmp/said"
    old_or_new "file size limit $blocks"
done

# Twenty at once: each adds its own mark to all files; none gets lost.
fresh; echo '<>' >a; echo '<>' >c
for i in $(seq 20); do "$txn" set '>' "$i>" a c 2>>"$tmp/said" & pids="$pids $!"; done
for pid in $pids; do wait "$pid" || bad 'one of twenty at once'; done
[ "$(tr -d '<>\n' <a | wc -c)" = 31 ] && cmp -s a c && ok || bad "twenty at once: $(cat a c)"

# Where the lock and the journal lie.
fresh; rm -r .git; mkdir -p gd main/.git; echo 'gitdir: gd' >.git; mkdir -p sub; echo 1 >sub/f
(cd sub && "$txn" set 1 2 f) && [ -e gd/relver/lock ] && [ ! -e sub/.relver ] && ok \
    || bad 'a .git file is not followed'
rm .git; (cd sub && "$txn" set 2 3 f) && [ -e sub/.relver/lock ] && ok || bad 'without git'

# A journal of somebody else: damaged, newer, or hostile.
record() { python3 -c 'import sys, zlib
for line in sys.argv[1:]: print("%08x %s" % (zlib.crc32(line.encode()), line))' "$@"; }
fresh; mkdir .git/relver; journal=.git/relver/files.journal
printf 'garbage\n\001\377' >$journal; changes 'garbage' recover
: >$journal; changes 'empty' recover
if command -v python3 >/dev/null; then
    sha=$(sha256sum <a | cut -c 1-64) zero=$(printf '%064d' 0)
    record "relver-files 1 0 x" "file $sha $zero a" >$journal; changes 'no commit' recover
    record "relver-files 1 0 x" "file $sha $zero a" commit >"$tmp/whole"
    size=$(stat -c %s "$tmp/whole")
    for cut in 9 20 100 $((size - 2)) $((size - 1)); do
        head -c $cut "$tmp/whole" >$journal; changes "torn at $cut" recover
    done
    record "relver-files 1 0 x" "file $zero - ../t/a" "file $zero - /etc/hostname" commit \
        >$journal; changes 'hostile paths' recover
    [ -e a ] && ok || bad 'a hostile journal removed a file'
    record "relver-files 1 0 x" "file $sha - a" commit | sed '2s/^./-/' >$journal
    changes 'damaged record' recover; [ -e a ] && ok || bad 'a damaged record counts'
    record "relver-files 2 0 x" >$journal
    "$txn" recover 2>"$tmp/said"; [ $? = 5 ] && [ -e $journal ] && ok || bad 'a newer journal'
    "$txn" status 2>"$tmp/said"; [ $? = 5 ] && ok || bad 'a newer journal, read'
    record "relver-files 1 0 x" "file $zero $sha a" >$journal
    "$txn" recover 2>"$tmp/said"; [ $? = 6 ] && [ -e $journal ] && ok || bad 'a broken promise'
    grep -q '^  state: half way, ' "$tmp/said" && ok || bad 'a broken promise: state'
else
    skip 'made-up journals: needs python3'
fi

if command -v flock >/dev/null; then
    wait $waiter; kill $sleeper; cp "$tmp/held.said" "$tmp/said"
    case $(tail -n 1 "$tmp/said") in
    "4 9" | "4 10" | "4 11" | "4 12") ok ;; *) bad 'lock held: not exit 4 after 10 seconds' ;;
    esac
    grep -q 'held by process 4242 (relver bump)$' "$tmp/said" && ok || bad 'lock held: by whom'
else
    skip 'lock held: needs flock'
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
