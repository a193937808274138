# The daemon's commands in a directory of the test's own, where a scripted one can stand in for each that it calls.
# shellcheck shell=bash

# own_bin: a copy of bin/ with scripted stages that note their arguments in NAME.args and pass their input on
own_bin() {
  local name
  cp -R "$REPO/bin" "$BATS_TEST_TMPDIR/bin"
  export PATH=$BATS_TEST_TMPDIR/bin:$PATH
  fake probe-ips 'echo "{\"type\":\"round\"}"'
  for name in rank-ips write-anyhost reload-named; do fake "$name" cat; done
  fake mail-alert 'cat >>mails'
  fake serve-anyhost '[ "$1" != --ready-fd ] || echo >&3; exec 3>&-; exec sleep 1000'
}

# fake NAME SCRIPT: NAME is SCRIPT, but for -V and --check
fake() {
  rm -f "bin/$1"
  printf '#!/bin/sh\ncd %s\ncase " $* " in *" -V "* | *" --check "*) exit 0 ;; esac\necho "$*" >>%s.args\n%s\n' \
    "$BATS_TEST_TMPDIR" "$1" "$2" >"bin/$1"
  chmod 755 "bin/$1"
}

# settings [KEY=VALUE...]: writes anyhost.conf, everything in the test's directory
settings() {
  printf '%s\n' "conf=$PWD/domain.conf" "file=$PWD/anyhost" "state=$PWD/state" "pid=$PWD/daemon" "log=$PWD/log" \
    period=1 listen=127.0.0.1:0 >anyhost.conf
  [ $# -eq 0 ] || printf '%s\n' "$@" >>anyhost.conf
}

# processes PATTERN: the pids of the test's own processes whose command line has PATTERN
processes() {
  local file line
  for file in /proc/[0-9]*/cmdline; do
    line=$(tr '\0' ' ' <"$file") 2>/dev/null || continue
    case $line in *"$1"*) ;; *) continue ;; esac
    file=${file%/cmdline}
    [ "$(readlink "$file/cwd")" = "$PWD" ] && printf '%s\n' "${file##*/}"
  done 2>/dev/null
  return 0
}

no_process() { [ -z "$(processes "$1")" ]; }
one_process() { [[ $(processes "$1") =~ ^[0-9]+$ ]]; }
another_process() { one_process "$1" && [ "$(processes "$1")" != "$2" ]; }

# End what a daemon of the test may have left; for teardown.
stop_daemon() {
  local pid
  [ ! -s daemon ] || kill -s TERM "$(cat daemon)" 2>/dev/null || :
  for pid in $(processes bin/start.sh) $(processes bin/keep-running); do kill -s TERM "$pid" 2>/dev/null || :; done
  stop_all
}
