# mailferry: completion for bash.
#
# Now:        source <(mailferry completion bash)
# For good:   mailferry completion bash > ~/.local/share/bash-completion/completions/mailferry
#             (without the package bash-completion: put the first line into ~/.bashrc)
#
# What the program answers may be made of a hostile job file: it is handled as data alone, and quoted (%q) before it
# stands on the line. Of what is typed, bash replaces what stands behind the last colon.

_mailferry() {
  local line=${COMP_LINE:0:COMP_POINT} word value meaning files=
  word=${line##*[[:space:]]}
  COMPREPLY=()
  while IFS=$'\t' read -r value meaning; do
    if [[ $value == :files ]]; then
      files=yes
      continue
    fi
    printf -v value %q "$value"
    if [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
      value=${value#"${word%"${word##*:}"}"}
    fi
    COMPREPLY+=("$value")
  done < <(mailferry __complete -- bash "$line" 2>/dev/null)
  if [[ -z $files ]]; then
    compopt +o default 2>/dev/null
  elif [[ ${#COMPREPLY[@]} -gt 0 ]]; then
    # Both: what the program knows, and files.
    while IFS= read -r value; do
      if [[ -d $value ]]; then
        value+=/
        compopt -o nospace 2>/dev/null
      fi
      printf -v value %q "$value"
      COMPREPLY+=("$value")
    done < <(compgen -f -- "$word")
  fi
  return 0
}
complete -o default -F _mailferry mailferry
