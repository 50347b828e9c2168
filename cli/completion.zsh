#compdef relver
# Completion of relver for zsh. What there is to say comes from `relver --help`, so it is never old.
local help own command prev=$words[CURRENT-1] word
local -a commands options names
help=$($words[1] --help 2>/dev/null) || return
commands=(${(f)"$(sed -n '/^commands/,/^$/s/^  \([a-z]*\) .*  \(.*\)/\1:\2/p' <<<$help)"})
for word in $words[2,CURRENT-1]; do
    if [[ -z $command && -n ${(M)commands:#$word:*} ]]; then
        command=$word
    fi
done
own=$help
[[ -z $command ]] || own+=$'\n'$($words[1] $command --help 2>/dev/null)
if [[ $prev == -* ]] && grep -Eq -e "^ +(-., +)?$prev(, --[a-z]+)? [A-Za-z]" <<<$own; then
    names=(${(s:|:)"$(sed -n "s/^ .*$prev \([^ ]*|[^ ]*\).*/\1/p" <<<$own)"})
    if (( $#names )); then compadd -a names; else _files; fi
elif [[ $words[CURRENT] == -* ]]; then
    options=($(grep -E '^ +-' <<<$own | grep -oE -e '(^ +|, )--?[A-Za-z][a-z-]*' | tr -d ' ,'))
    compadd -a options
elif [[ -z $command ]]; then
    _describe command commands
else
    # "  show KEY   print a value: version, tag, why": the words of its operand.
    names=(${(s:, :)"$(sed -n "s/^  $command .*\(: \|  \)\([a-z-]*\(, [a-z-]*\)*\)\$/\2/p" <<<$help)"})
    if (( $#names )); then compadd -a names; else _files; fi
fi
