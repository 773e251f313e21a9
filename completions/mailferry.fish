# mailferry: completion for fish.
#
# Now:        mailferry completion fish | source
# For good:   mailferry completion fish > ~/.config/fish/completions/mailferry.fish
#
# What the program answers may be made of a hostile job file: it is handled as data alone, and fish quotes it.

function __mailferry_complete
    set -l current (commandline -ct)
    set -l before (commandline -opc)
    set -e before[1]
    for line in (mailferry __complete -- fish "=$current" $before 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path "$current"
        else
            printf '%s\n' "$line"
        end
    end
end
complete -c mailferry -f -a '(__mailferry_complete)'
