#compdef mailferry
# mailferry: completion for zsh.
#
# Now:        source <(mailferry completion zsh)           (after compinit)
# For good:   mailferry completion zsh > DIR/_mailferry    (DIR: a folder of your $fpath; then start zsh anew)
#
# What the program answers may be made of a hostile job file: it is handled as data alone, and compadd quotes it.

_mailferry() {
  local value meaning files=
  local -a values shown
  while IFS=$'\t' read -r value meaning; do
    if [[ $value == :files ]]; then
      files=yes
      continue
    fi
    values+=("$value")
    shown+=("$value${meaning:+  -- $meaning}")
  done < <(mailferry __complete -- zsh "=${(Q)PREFIX}" "${(@Q)words[2,CURRENT-1]}" 2>/dev/null)
  (( ${#values} )) && compadd -l -d shown -a values
  [[ -n $files ]] && _files
  return 0
}
if [[ $funcstack[1] == _mailferry ]]; then
  _mailferry "$@"
else
  compdef _mailferry mailferry
fi
