# relver.toml: where it is looked for, and how it is refused
. "$(dirname "$0")/lib.sh"

package() { printf '[package]\nname = "demo"\nversion = "0.1.0"\n' >Cargo.toml; }

try "found upward, under either name"
package
mkdir -p src/deep
echo 'tag = "v{version}"' >relver.toml
cd src/deep || exit 2
run relver status --json; code 0; out_has '"tag": {"value": "v{version}", "line": 1, "col": 1}'
mv ../../relver.toml ../../.relver.toml
run relver status --json; code 0; out_has '"v{version}"'
run relver -C .. status --json; code 0; out_has '"v{version}"'

try "both names at once"
package
: >relver.toml
: >.relver.toml
run relver status; refused 2 config.two; err_has .relver.toml

try "another file by --config"
package
echo 'tag = "v{version}"' >relver.toml
mkdir other
echo 'tag = "x{version}"' >other/mine.toml
run relver status --json --config other/mine.toml; code 0; out_has '"x{version}"'
out_lacks '"v{version}"'
run relver status --config other/none.toml; refused 2 io.absent; err_has other/none.toml
err_has 'then run `relver --config FILE ..` again'

try "an unknown key names the nearest, its place and its scope"
package
printf 'tag = "v{version}"\n  chnagelog = false\n' >relver.toml
snap
run relver status; refused 2 config.key
err_has "relver.toml:2:3: unknown key 'chnagelog'; the nearest is 'changelog' (for all or one"
run relver bump 0.2.0; refused 2 config.key
rm -rf .relver
unchanged
printf '[package.demo]\ntag = "v{version}"\nremote = "up"\n' >relver.toml
run relver status; refused 2 config.scope; err_has relver.toml:3:1
printf 'tag = "v{version}"\ntag = "{version}"\n' >relver.toml
run relver status; refused 2 config.twice; err_has relver.toml:2:1
printf 'tag = "v{version}\n' >relver.toml
run relver status; refused 2 syntax; err_has relver.toml:1:
printf 'tag = "v{verison}"\n' >relver.toml
run relver status; refused 2 config.template; err_has '{version}'

finish
