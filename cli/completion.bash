# Completion of relver for bash. What there is to say comes from `relver --help`, so it is never old.
_relver()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command= i
    local help commands words
    help=$("${COMP_WORDS[0]}" --help 2>/dev/null) || return
    commands=$(sed -n '/^commands/,/^$/s/^  \([a-z]*\) .*/\1/p' <<<"$help")
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ -z $command && $'\n'$commands$'\n' == *$'\n'"${COMP_WORDS[i]}"$'\n'* ]]; then
            command=${COMP_WORDS[i]}
        fi
    done
    # "  show KEY   print a value: version, tag, why": the words of its operand.
    words=$(sed -n "s/^  $command .*\(: \|  \)\([a-z-]*\(, [a-z-]*\)*\)\$/\2/p" <<<"$help")
    [[ -z $command ]] || help+=$'\n'$("${COMP_WORDS[0]}" "$command" --help 2>/dev/null)
    if [[ $prev == -* ]] && grep -Eq -e "^ +(-., +)?$prev(, --[a-z]+)? [A-Za-z]" <<<"$help"; then
        words=$(sed -n "s/^ .*$prev \([^ ]*|[^ ]*\).*/\1/p" <<<"$help")
        words=${words//|/ }
    elif [[ $cur == -* ]]; then
        words=$(grep -E '^ +-' <<<"$help" | grep -oE -e '(^ +|, )--?[A-Za-z][a-z-]*' | tr -d ' ,')
    elif [[ -z $command ]]; then
        words=$commands
    else
        words=${words//,/}
    fi
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _relver relver
