load helpers
load zsh

setup() {
  clean_place
  DEST=$PWD/dest
  installer=$REPO/contrib/install.sh
}
teardown() { stop_all; }

files() { (cd "$DEST" && find . -type f -o -type l | sort); }

@test "install: a command runs where no other node is, with the node that was installed" {
  cmd sh "$installer" install "$DEST" "/x$PWD/prefix"
  same "$output$stderr" ''
  local prefix=$DEST/x$PWD/prefix
  same "$(head -n 1 "$prefix/bin/splay")" "#!/x$PWD/prefix/lib/fleetutils/node"
  mkdir clean
  cmd sh "$installer" install '' "$PWD/clean/usr"
  cmd env -i PATH=/nonexistent "$PWD/clean/usr/bin/splay" -n --name a 0
  same "$output" 0.000
  cmd env -i PATH=/usr/bin:/bin "$PWD/clean/usr/bin/show-settings" -c /dev/null
  cmd env -i PATH=/usr/bin:/bin "$PWD/clean/usr/bin/start.sh" -V
}

@test "B59: make install: the unit, which is valid where it lies, man pages that man finds, completions of every command" {
  cmd make -C "$REPO" install DESTDIR="$DEST" PREFIX=/usr
  local unit=$DEST/usr/lib/systemd/system/BootAgent.service page name pages
  cmd grep -x 'ExecStart=/usr/sbin/bootagent -f .*' "$unit"
  [ -x "$DEST/usr/sbin/bootagent" ] && [ -x "$DEST/usr/sbin/bootctl" ]
  read -r -a pages < <(sed -n 's/^Documentation=//p' "$unit")
  [ "${#pages[@]}" -gt 2 ]
  for page in "${pages[@]}"; do
    name=${page#man:} name=${name%)}
    [ -e "$DEST/usr/share/man/man${name#*(}/${name%(*}.${name#*(}" ]
  done
  if command -v man >/dev/null; then
    for name in 'bootagent 8' 'bootctl 1' 'bootagent.json 5' 'agent-report 1' 'install-pkg 8' 'remove-pkg 8'; do
      cmd man -M "$DEST/usr/share/man" -w "${name#* }" "${name% *}"
    done
  fi
  if command -v systemd-analyze >/dev/null; then
    cmd make -C "$REPO" install DESTDIR= PREFIX="$PWD/usr"
    mkdir units
    cp usr/lib/systemd/system/BootAgent.service units/
    cmd systemd-analyze verify --man=no "$PWD/units/BootAgent.service"
  fi
  for name in "$REPO"/cmd/*; do
    name=${name##*/}
    [ -s "$DEST/usr/share/bash-completion/completions/${name%.ts}" ]
    [ -s "$DEST/usr/share/zsh/site-functions/_${name%.ts}" ]
  done
  cmd make -C "$REPO" uninstall DESTDIR="$DEST" PREFIX=/usr
  same "$(ls "$DEST")" ''
}

@test "install: every command, man page, completion, schema, unit and example is there" {
  cmd sh "$installer" install "$DEST" /usr
  local name
  for name in "$REPO"/cmd/*; do
    name=${name##*/}
    [ -x "$DEST/usr/bin/${name%.ts}" ]
    [ -e "$DEST/usr/share/bash-completion/completions/${name%.ts}" ]
    [ -e "$DEST/usr/share/zsh/site-functions/_${name%.ts}" ]
  done
  for name in "$REPO"/man/*; do [ -e "$DEST/usr/share/man/man${name##*.}/${name##*/}" ]; done
  cmd jq -e .title "$DEST/usr/share/fleetutils/schemas/zone.json"
  cmd grep -x 'ExecStart=/usr/bin/start.sh -f' "$DEST/usr/lib/systemd/system/anyhost.service"
  cmd grep -x 'ExecStart=/usr/sbin/bootagent -f .*' "$DEST/usr/lib/systemd/system/BootAgent.service"
  cmd grep -x 'd /run/cargo .*' "$DEST/usr/lib/tmpfiles.d/bootagent.conf"
  [ -e "$DEST/usr/share/doc/fleetutils/examples/logrotate.bootagent" ]
  [ -e "$DEST/usr/share/doc/fleetutils/examples/anyhost.conf" ] && [ -e "$DEST/usr/share/doc/fleetutils/LICENSE" ]
  cmd 1 grep -rlF "$REPO" "$DEST/usr/bin" "$DEST/usr/lib/systemd"
}

@test "B2: install: bootagent and bootctl are in sbin too, also where that is bin" {
  cmd sh "$installer" install '' "$PWD/usr"
  cmd "$PWD/usr/sbin/bootagent" -V
  same "$output" "$(bootagent -V)"
  cmd "$PWD/usr/sbin/bootctl" -V
  same "$output" "$(bootctl -V)"
  cmd env -i "$PWD/usr/sbin/bootagent" -V
  mkdir -p one/bin
  ln -s bin one/sbin
  cmd sh "$installer" install '' "$PWD/one"
  cmd "$PWD/one/sbin/bootctl" -V
  cmd env -i "$PWD/one/sbin/bootagent" -V
  cmd sh "$installer" uninstall '' "$PWD/usr"
  [ ! -e usr ]
}

@test "install: uninstall leaves nothing of ours, and all that is not" {
  cmd sh "$installer" install "$DEST" /usr
  cmd sh "$installer" uninstall "$DEST" /usr
  same "$(ls "$DEST")" ''
  mkdir -p "$DEST/usr/bin"
  touch "$DEST/usr/bin/other" "$DEST/usr/bin/splay-of-others"
  cmd sh "$installer" install "$DEST" /usr
  cmd sh "$installer" install "$DEST" /usr
  cmd sh "$installer" uninstall "$DEST" /usr
  same "$(cd "$DEST" && find . | sort)" '.
./usr
./usr/bin
./usr/bin/other
./usr/bin/splay-of-others'
  cmd sh "$installer" uninstall "$DEST" /usr
}

@test "install: an upgrade removes what the new version has no more" {
  cmd sh "$installer" install "$DEST" /usr
  local before
  before=$(files)
  printf '/usr/bin/gone\n' >>"$DEST/usr/lib/fleetutils/manifest"
  touch "$DEST/usr/bin/gone"
  cmd sh "$installer" install "$DEST" /usr
  same "$(files)" "$before"
}

@test "install: through make, with DESTDIR and PREFIX" {
  cmd make -s -C "$REPO" install DESTDIR="$DEST" PREFIX=/opt/fleet
  [ -x "$DEST/opt/fleet/bin/splay" ]
  cmd make -s -C "$REPO" uninstall DESTDIR="$DEST" PREFIX=/opt/fleet
  same "$(ls "$DEST")" ''
}

@test "install: without a build it says what to do" {
  mkdir -p tree/contrib
  cp "$REPO/contrib/install.sh" tree/contrib/
  cmd 69 sh tree/contrib/install.sh install "$DEST" /usr
  same "$stderr" "install: fatal: nothing is built: run 'make' first"
  cmd 64 sh tree/contrib/install.sh install "$DEST" usr
  cmd 64 sh tree/contrib/install.sh install "$DEST" '/a b'
  cmd 64 sh tree/contrib/install.sh remove "$DEST" /usr
  [ ! -e "$DEST" ]
}

@test "install: systemd finds no fault in the units (the pages are tested above)" {
  need systemd-analyze
  cmd sh "$installer" install '' "$PWD/usr"
  cmd systemd-analyze verify --man=no "$PWD"/usr/lib/systemd/system/*
  same "$output$stderr" ''
}

@test "install: the example of the settings is valid, and every setting is in it" {
  cmd show-settings -c "$REPO/contrib/anyhost.conf"
  sed -n 's/^#\([a-z]* = \)/\1/p' "$REPO/contrib/anyhost.conf" >all.conf
  cmd show-settings -c all.conf
  local name
  for name in $(show-settings -c /dev/null | cut -d= -f1); do cmd grep -q "^$name = " all.conf; done
}

# complete WORD...: what bash offers for the last of the words
complete_words() {
  bash -c '
    name=$1 && . "$0/$name"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && "$(complete -p "$name" | sed "s/.* -F \([^ ]*\) .*/\1/")"
    printf "%s\n" "${COMPREPLY[@]}" | sort -u | tr "\n" " "' "$BATS_TEST_DIRNAME/../../bin/.share/completion/bash" "$@"
}

@test "install: bash completes options, files, programs and versions" {
  touch anyhost
  same "$(complete_words probe-ips --h)" '--headers --help --host '
  same "$(complete_words write-anyhost -o any)" 'anyhost '
  same "$(complete_words write-anyhost --output = any)" 'anyhost '
  same "$(complete_words write-anyhost --output =)" 'anyhost '
  same "$(complete_words rank-ips --compat '')" '3.3 '
  same "$(complete_words keep-running serve-any)" 'serve-anyhost '
  same "$(complete_words fetch-anyhost -o anyhost any)" ' '
}

@test "B65: bash completes the verbs of bootctl, their second words, and the names of agents" {
  mkdir conf agents
  export BOOTAGENT_CONF=$PWD/conf
  touch conf/web.json conf/db-1.json conf/readme conf/.hidden.json 'conf/$(touch pwned).json'
  same "$(complete_words bootctl st)" 'start status stop '
  same "$(complete_words bootctl --socket x -j config '')" 'check setlog show '
  same "$(complete_words bootctl --socket = x status '')" 'db-1 web '
  same "$(complete_words bootctl status web d)" 'db-1 '
  same "$(complete_words bootctl config show w)" 'web '
  same "$(complete_words bootctl config setlog w)" 'warn '
  same "$(complete_words bootctl config check ag)" 'agents '
  same "$(complete_words bootctl sha256 ag)" 'agents '
  same "$(complete_words bootctl version '')" ' '
  same "$(complete_words bootctl status --so)" '--socket '
  [ ! -e pwned ]
  BOOTAGENT_CONF=/nonexistent
  same "$(complete_words bootctl stop '')" ' '
}

# zsh_words WORD...: what our zsh completion offers for the last of the operands, once _arguments has left them to it
zsh_words() {
  zsh -fc '
    words=("${@:2}") CURRENT=$(($# - 1))
    _arguments() { state=operands }
    _describe() { print -r -- ${verbs%%:*} }
    _files() { print -r -- files }
    compadd() { print -r -- ${@:2} }
    . $1' zsh "$REPO/bin/.share/completion/zsh/_bootctl" "$@"
}

@test "B65: zsh completes the verbs of bootctl, their second words, and the names of agents" {
  need zsh
  mkdir conf
  export BOOTAGENT_CONF=$PWD/conf
  touch conf/web.json conf/db-1.json
  like "$(zsh_words st)" '^status start stop restart .* config sha256 report apply tasks sync version$'
  same "$(zsh_words config '')" 'check show setlog'
  same "$(zsh_words stop '')" 'db-1 web'
  same "$(zsh_words config show -j '')" 'db-1 web'
  same "$(zsh_words config setlog '')" 'trace debug info warn error fatal'
  same "$(zsh_words sha256 '')" 'files'
}

@test "B65: a zsh at a terminal completes the verbs of bootctl, their options and the names of agents" {
  need zsh
  mkdir conf
  export BOOTAGENT_CONF=$PWD/conf
  touch conf/web.json conf/db-1.json conf/readme conf/.hidden.json 'conf/$(touch pwned).json'
  same "$(zsh_offers 'bootctl st')" 'start status stop '
  same "$(zsh_offers 'bootctl --so')" '--socket '
  same "$(zsh_offers 'bootctl config ')" 'check setlog show '
  local verb
  for verb in status start stop restart explain events 'config show'; do
    same "$(zsh_offers "bootctl $verb ")" 'db-1 web '
  done
  same "$(zsh_offers 'bootctl -t 5 restart w')" 'web '
  same "$(zsh_offers 'bootctl stop -j web d')" 'db-1 '
  same "$(zsh_offers 'bootctl version ')" ''
  [ ! -e pwned ]
}
