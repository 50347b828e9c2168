# Completion of relver for fish. What there is to say comes from `relver --help`, so it is never old.
function __relver_commands
    relver --help | string match -rg '^  ([a-z]+) .*?  +(.*)$' | paste -d \t - -
end

# The command that is typed already; fails when there is none.
function __relver_command
    set -l names (__relver_commands | string split -f 1 \t)
    for word in (commandline -opc)[2..]
        contains -- $word $names; and echo $word; and return
    end
    return 1
end

function __relver_help
    relver --help
    set -l command (__relver_command); and relver $command --help
end

function __relver_options
    __relver_help | string match -r '^ +-.*' | string match -rag '(?:^ +|, )(--?[A-Za-z][a-z-]*)'
end

# "  show KEY   print a value: version, tag, why": the words of its operand.
function __relver_operands
    set -l command (__relver_command); or return
    relver --help | string match -rg "^  $command .*(?:: |  )([a-z-]+(?:, [a-z-]+)*)\$" |
        string split ', '
end

# The words of an option's value: "--color auto|always|never".
function __relver_values
    set -l prev (commandline -opc)[-1]
    __relver_help | string match -rg -- "^ .*$prev ([^ ]*\|[^ ]*)" | string split '|'
end

complete -c relver -n 'not __relver_command >/dev/null' -f -a '(__relver_commands)'
complete -c relver -n '__relver_command >/dev/null' -a '(__relver_operands)'
complete -c relver -n 'string match -q -- "-*" (commandline -ct)' -a '(__relver_options)'
complete -c relver -n 'string match -q -- "-*" (commandline -opc)[-1]' -a '(__relver_values)'
