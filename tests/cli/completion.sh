# The shells' completions name every command, every option and the words of both.
. "$(dirname "$0")/lib.sh"

# What each shell offers for the last of the words given, one a line.
by_bash()
{
    bash -c '. "$0/cli/completion.bash"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _relver
        printf "%s\n" "${COMPREPLY[@]}"' "$top" "$@"
}
# The shell's own way in needs a terminal: what the file calls stands here instead.
by_zsh()
{
    zsh -f -c 'compadd() { print -l -- ${(M)${(P)2}:#${words[CURRENT]}*} }
        _describe() { print -l -- ${(M)${${(P)2}%%:*}:#${words[CURRENT]}*} }
        _files() { }
        complete() { local file=$1; words=("${@:2}"); CURRENT=$#words; . $file }
        complete "$0/cli/completion.zsh" "$@"' "$top" "$@"
}
by_fish()
{
    fish --no-config -c '. $argv[1]/cli/completion.fish
        complete -C "$argv[2..]"' "$top" "$@" | sed 's/	.*//'
}

# offers WANTED SHELL WORD..: all the wanted lines are among what is offered, and few others are.
offers()
{
    printf '%s\n' $1 | sed '/^$/d' | sort -u >"$cases/want"
    shell=$2; shift 2
    run "by_$shell" "$@"
    sed '/^$/d' "$cases/out" | sort -u >"$cases/got"
    same "$(comm -23 "$cases/want" "$cases/got" | tr '\n' ' ')" '' "$* lacks"
    more=$(comm -13 "$cases/want" "$cases/got" | grep -v '^-.$')
    same "$(echo $more)" '' "$* has too much"
}

relver --help >"$cases/help"
commands=$(sed -n '/^commands/,/^$/s/^  \([a-z]*\) .*/\1/p' "$cases/help")
long() { grep -oE -e '^ +(-., )?--[a-z-]+' "$@" | grep -oE -e '--[a-z-]+'; }

for shell in bash zsh fish; do
    try "$shell"
    command -v $shell >/dev/null || { skip "no $shell"; continue; }
    offers "$commands" $shell relver ''
    offers show $shell relver -p demo sh
    offers "$(long "$cases/help")" $shell relver --
    for name in $commands; do
        relver $name --help >"$cases/own"
        offers "$(long -h "$cases/own" "$cases/help")" $shell relver $name --
    done
    offers 'version next tag prev-tag notes tags branch lines why dist-tag' $shell relver show ''
    offers 'aligned lock changelog clean branch version artifacts free publishers tag' \
        $shell relver -n check ''
    offers 'check compare convert' $shell relver version c
    offers semver $shell relver show --style s
    offers auto $shell relver --color au
    offers '' $shell relver bump --dep nothing
done

finish
