# remotes.sh - for run: what pushes, by git and by libgit2, to a bare repository over smart HTTP.
# The remote lies beside the work tree and is made anew with it. Of a sweep with -1 the points are
# relver's own, and what it has started runs on; with -a all of that dies with it, and the server
# goes on to the end of what it has begun; without either git, too, has points, and relver lives.
# shellcheck disable=SC2154,SC2086  # run's: tmp shm here sweep relver few some; numbers, options

# What is tried: the same words are the fixture's name, and end with 0, or 3 where a request waits.
words_of()
{
    case $1 in
    tag) echo tag --push -y ;;
    branch) echo branch 0.2 --push -y ;;
    request) echo branch 0.2 --pr -y ;;
    esac
}

# remote_fixture KIND: a package of version 0.2.0, whose line has no branch yet; for the tag with a
# commit that the remote's main lacks. $tmp/KIND.want is what the judge says of a run left alone.
remote_fixture()
(
    REMOTE=$tmp/peer/$1.git; export REMOTE
    mkdir -p "$tmp/$1" "$shm/$1" && cd "$tmp/$1" || exit 2
    git init -q --template= -b main . && git init -q --bare --template= -b main "$REMOTE"
    git --git-dir="$REMOTE" config http.receivepack true
    git --git-dir="$REMOTE" config receive.autogc false
    git remote add origin "http://127.0.0.1:$port/$1.git"
    printf '[package]\nname = "demo"\nversion = "0.2.0"\n' >Cargo.toml
    printf 'branches:\n  - main\n  - release/0.1\n' >nightly.yaml
    printf 'nightly-branches = "nightly.yaml"\n' >relver.toml
    git add -A && git commit -qm one && git push -q "$REMOTE" main
    [ "$1" != tag ] || git commit -q --allow-empty -m two
    git repack -adq; echo new >new
    cd "$REMOTE" && mkdir -p hooks && : >moves || exit 2
    git for-each-ref --format='0 %(objectname) %(refname)' >base
    git --git-dir="$tmp/$1/.git" for-each-ref --format='here %(objectname) %(refname)' >here
    printf '#!/bin/sh\ncat >>moves\n' >hooks/post-receive && chmod +x hooks/post-receive
    cp -a "$REMOTE" "$tmp/$1.kept" && cp -a "$tmp/$1/." "$shm/$1" && cd "$shm/$1" || exit 2
    # shellcheck disable=SC2046
    RELVER_GIT=git "$relver" $(words_of "$1") >"$tmp/$1.said" 2>&1
    sh "$here/tests/torture/judge-remote.sh" --say >"$tmp/$1.want"
    rm -rf "$REMOTE" && mv "$tmp/$1.kept" "$REMOTE"
)

remote_on() # KIND MODE [OPTION..]
{
    kind=$1 mode=$2; shift 2
    [ "$kind" != request ] || set -- "$@" -e 3
    # shellcheck disable=SC2046
    WANT=$tmp/$kind.want REMOTE=$tmp/peer/$kind.git try "$sweep" "$mode" -w "$shm/$kind" "$@" \
        -j "$here/tests/torture/judge-remote.sh" -r "$tmp/peer/$kind.git" "$tmp/$kind" \
        "$relver" $(words_of "$kind")
}

# The server, a child of this shell that ends with it; $tmp/idle waits until it has nothing to do.
start_server()
{
    build gitd tests/peer/gitd.c
    mkdir "$tmp/peer" && mkfifo "$tmp/in" "$tmp/out" || exit 2
    "$tmp/gitd" "$tmp/peer" <"$tmp/in" >"$tmp/out" 9>&- &
    exec 9>"$tmp/in"
    read -r _ port <"$tmp/out"
    printf '#!/bin/sh\nexec flock "%s" true\n' "$tmp/peer/busy" >"$tmp/idle"
    chmod +x "$tmp/idle"
}

# The clock of git stands still, so that the judge can tell equal commits.
remotes()
{
    GIT_AUTHOR_DATE='1767323045 +0000' GIT_COMMITTER_DATE='1767323045 +0000'
    export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
    start_server
    for kind in tag branch request; do remote_fixture $kind; done
    for backend in git libgit2; do
        export RELVER_GIT=$backend
        (cd "$tmp/tag" && "$relver" show branch) >/dev/null 2>&1 ||
            { skip "relver tag --push and branch by $backend: not here"; continue; }
        echo "relver tag --push, branch X.Y and branch X.Y --pr, by $backend:"
        if [ $backend = git ]; then n=$few; else n=$((few * 2)); fi
        remote_on tag kill -1 -s $(((n + 3) / 4))
        [ "$some" = 1 ] || continue
        remote_on tag kill -s $((n * 2))
        remote_on tag term -1 -s $n
        remote_on tag double -1 -s $((n * 4))
        remote_on tag error -1 -s $((n * 6))
        for kind in branch request; do
            remote_on $kind kill -1 -s $n
            remote_on $kind kill -s $((n * 8))
            remote_on $kind double -1 -s $((n * 12))
            remote_on $kind error -1 -s $((n * 16))
        done
        if command -v flock >/dev/null; then
            remote_on tag kill -a -m "$tmp/idle" -s $((n * 4))
            remote_on branch kill -a -m "$tmp/idle" -s $((n * 4))
            remote_on tag double -a -m "$tmp/idle" -s $((n * 40))
        else
            skip 'the end of all that runs at once: needs flock'
        fi
        remote_power
    done
    [ "$some" = 1 ] || return
    # One that pushes the tag before its branch.
    worse hasty cmd_tag.c '/^static bool plan_tags/,/^}/{
        s/ || (lacks .*add_branch(j))//
        s/^    return true;/    return !lacks || !j->ctx->opt.push || add_branch(j);/
    }' && (RELVER_GIT=git; relver=$tmp/hasty; remote_on tag kill -b -1 -s 4)
}

# The power goes here, not there.
remote_power()
{
    disk far 24M mkfs.ext4 -q -F || return
    on_far="-w $tmp/far/w -m $tmp/far.again"
    for kind in tag branch; do
        remote_on $kind power -1 $on_far -s $n
        remote_on $kind power -1 -l $on_far -s $n
    done
    [ $backend = libgit2 ] || (relver=$tmp/unsynced; remote_on tag power -b -1 $on_far)
    umount "$tmp/far"
}
