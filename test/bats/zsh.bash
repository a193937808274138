# What a zsh at a terminal offers, as our completions are loaded into it.
# shellcheck shell=bash

# zsh_offers LINE: what is offered when the tabulator is pressed at the end of LINE, sorted
zsh_offers() {
  cat >zshrc <<'END'
PS1='$ ' fpath=($COMPLETIONS $fpath)
bindkey '^I' complete-word
autoload -Uz compinit && compinit -u -D
# What would be shown goes to a file; the questions that completion asks of itself are answered as ever.
compadd() {
  local options="${@[1,(i)(-|--)]}"
  if [[ $options == *-(O|A|D)(| *) ]]; then
    builtin compadd "$@"
    return
  fi
  local -a hits
  builtin compadd -O hits "$@"
  (( $#hits )) && print -rl -- $hits >>offers
  builtin compadd "$@"
}
comppostfuncs=(note)
note() { : >offered }
END
  rm -f offered && : >offers
  COMPLETIONS=$REPO/bin/.share/completion/zsh LINE=$1 timeout 20 zsh -fc '
    zmodload zsh/zpty
    zpty terminal zsh -f -i
    zpty -w terminal ". ./zshrc; print loaded"
    zpty -r terminal text "*loaded*loaded*" # the echo of the line first
    zpty -w -n terminal "$LINE"$'"'\\t'"'
    until [[ -e offered ]]; do sleep 0.05; done
    zpty -d terminal'
  sort -u offers | tr '\n' ' '
}
