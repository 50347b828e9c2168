# relver show: one value, and the passport.
. "$(dirname "$0")/lib.sh"

# package VERSION TAGS..: a Python package with these tags on one commit.
package()
{
    printf '[project]\nname = "My.Pkg__x"\nversion = "%s"\n' "$1" >pyproject.toml
    shift
    git init -q -b main . && git add -A && git commit -q -m start
    for tag; do git tag "$tag"; done
}

try 'the tag, by template, and the JSON of one value'
workspace examples/two-packages
run relver show tag -p edgequake-litellm
ok
out_is py-v0.3.0
run relver show tag -p edgequake-litellm --json
ok
out_is '{"relver": 1, "tag": "py-v0.3.0"}'
run relver show version -p edgequake-litellm --style docker --json
ok
out_is '{"relver": 1, "version": "0.3.0"}'
run relver show tag
refused 2 ambiguous
run relver show why --json
refused 2 ambiguous

try 'the branch of its release line'
workspace examples/from-tags
run relver show branch
ok
out_is release-0.4.x
run relver show branch --json
ok
out_is '{"relver": 1, "branch": "release-0.4.x"}'

try 'the passport outside of git'
printf '[project]\nname = "demo"\nversion = "1.2.3+a.b"\n' >pyproject.toml
run relver show why
ok
out_is 'demo 1.2.3+a.b, from pyproject.toml:3:12
  cargo    1.2.3+a.b
  npm      1.2.3+a.b  refused: the registry ignores or refuses what follows '"'+'"'
  pypi     1.2.3+a.b  refused: the registry ignores or refuses what follows '"'+'"'
  git tag  v1.2.3+a.b
  docker   1.2.3-a.b
  wheel    demo-1.2.3+a.b-*.whl
  last release unknown, git cannot tell'
printf '[project]\nname = "demo"\nversion = "1.2.3.post1"\n' >pyproject.toml
run relver show why
ok
out_has '  npm      -  refused: '
out_has '  git tag  v1.2.3.post1
'
run relver show why --json
ok
out_has '{"name": "npm", "version": null, "refused": "'
out_has '"tagged": null, "last": null'

try 'no tags yet; the wheel of a name with every joint'
package 0.4.6rc1
run relver show why
case $err in
*'what git knows is unknown'*) skip "$err"; finish ;;
esac
ok
out_is 'My.Pkg__x 0.4.6rc1, from pyproject.toml:3:12
  cargo    0.4.6-rc.1
  npm      0.4.6-rc.1
  pypi     0.4.6rc1
  git tag  v0.4.6rc1
  docker   0.4.6-rc.1
  wheel    my_pkg_x-0.4.6rc1-*.whl
  last release none'

try 'the last release is the highest other one: no dev version, no tag of another form'
package 0.4.6rc1 v0.4.5 v0.4.10a1 v0.4.9 0.4.11 other-v1.0.0 v0.9.0.dev1 v0.4.6-rc.1 junk vjunk
run relver show why
ok
out_has '  git tag  v0.4.6rc1  is there already'
out_has '  last release 0.4.11 (tag 0.4.11): cargo below, npm below, pypi below'
out_lacks differs
echo 'tag = "v{version}"' >relver.toml
run relver show why
out_has '  last release 0.4.10a1 (tag v0.4.10a1): cargo below, npm below, pypi below'
git tag -d v0.4.10a1 v0.4.9 >/dev/null
run relver show why
out_has '  last release 0.4.5 (tag v0.4.5): cargo above, npm above, pypi above'
run relver show why --json
ok
out_has '"order": "above"}'
out_has '"wheels": ["my_pkg_x-0.4.6rc1-"], "split": null, "tagged": true, "last": "0.4.5", '
out_has '"last_tag": "v0.4.5"}'

try 'dev beside alpha stands in another order for Python, whichever of them is tagged'
package 0.4.6.dev1 v0.4.5 v0.4.6-alpha.1
run relver show why
ok
out_has '  last release 0.4.6-alpha.1 (tag v0.4.6-alpha.1): cargo above, npm above, pypi below'
out_has '  the order against tag v0.4.6-alpha.1 differs: npm above, pypi below; SemVer has dev '
run relver bump 0.4.6a2
git tag v0.4.6-dev.1
run relver show why
ok
out_has '  last release 0.4.6-alpha.1 (tag v0.4.6-alpha.1): cargo above, npm above, pypi above'
out_has '  the order against tag v0.4.6-dev.1 differs: npm below, pypi above; SemVer has dev '
run relver show why --json
ok
out_has '"split": "v0.4.6-dev.1"'

try 'a shallow clone without tags does not know'
package 0.4.6 v0.4.5
git commit -q --allow-empty -m next
mkdir clone && git clone -q --depth 1 --no-tags "file://$PWD" clone/c
run relver -C clone/c show why
ok
out_has '  last release unknown, git cannot tell'
git -C clone/c fetch -q --depth 1 origin tag v0.4.5
run relver -C clone/c show why
ok
out_has '  last release 0.4.5 (tag v0.4.5)'

try 'git in trouble is said, not guessed'
package 0.4.6 v0.4.5
echo 1234 >.git/refs/tags/v0.4.4
run relver show why
refused 4 git
run relver show version
ok
out_is 0.4.6

finish
