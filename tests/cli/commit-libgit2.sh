# commit.sh with libgit2 in the place of git
export RELVER_GIT=libgit2
if ! echo '#include <git2.h>' | ${CC:-cc} -E - >/dev/null 2>&1; then
    echo "SKIPPED: $0: no libgit2 headers"
    echo '0 passed, 0 failed, 1 skipped'
    exit
fi
. "$(dirname "$0")/commit.sh"
