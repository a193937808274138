# What every bats file loads: a clean place, a clean environment, and the words the tests are written in.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0
REPO=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
# shellcheck disable=SC2034 # for the tests
NODE=$REPO/node_modules/.bin/node

# In the test's own directory, with nothing of the caller's environment but what programs need.
clean_place() {
  cd "$BATS_TEST_TMPDIR" || return 1
  local name
  while IFS= read -r name; do
    case $name in BATS_* | HOME | TMPDIR | TERM | SHLVL | PWD | _ | REPO | NODE | PARALLEL*) ;; *) unset -v "$name" || : ;; esac
  done < <(compgen -e)
  export PATH=$REPO/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C TZ=UTC
}

# cmd [CODE] PROGRAM [ARG...]: run with a time limit; the exit status must be CODE (0)
cmd() {
  local want=0
  case $1 in [0-9]*) want=$1 && shift ;; esac
  run --separate-stderr "-$want" timeout -v --kill-after=2 "${CMD_LIMIT:-20}" "$@" || :
  printf '$ %s\n[%s, wanted %s]\n%s\n%s\n' "$*" "$status" "$want" "$output" "$stderr"
  [ "$status" -eq "$want" ]
}

# same ACTUAL EXPECTED: equal, or show both
same() {
  [ "$1" = "$2" ] || {
    printf 'got:    %s\nwanted: %s\n' "$1" "$2"
    return 1
  }
}

# like TEXT PATTERN: TEXT matches the extended regular expression somewhere, or show both
like() {
  [[ $1 =~ $2 ]] || {
    printf 'got:    %s\nwanted a match of: %s\n' "$1" "$2"
    return 1
  }
}

# background NAME PROGRAM [ARG...]: start it, its output in NAME.out and NAME.err, its pid in NAME.pid; one of that name
# that still runs is ended first
background() {
  local name=$1
  shift
  [ ! -e "$name.pid" ] || stop "$name"
  : >"$name.out" # now, not when the child comes to it: what an earlier one of that name had said is not to be read
  : >"$name.err"
  "$@" >"$name.out" 2>"$name.err" 3>&- &
  printf '%s\n' "$!" >"$name.pid"
}

# stop NAME [SIGNAL]: end what `background NAME` started and wait for it; its exit status in $stopped
stop() {
  local pid
  pid=$(cat "$1.pid")
  kill -s "${2:-TERM}" "$pid" 2>/dev/null || :
  stopped=0
  wait "$pid" || stopped=$?
  rm -f "$1.pid"
}

# End, by pid, all that this test started; for teardown. A pid is a number above 1: `kill -- -1` would end the whole machine.
stop_all() {
  local file pid
  for file in "$BATS_TEST_TMPDIR"/*.pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file")
    [[ $pid =~ ^[1-9][0-9]+$ ]] || continue
    { kill -s KILL "$pid" && wait "$pid"; } 2>/dev/null || :
  done
}

# wait_for SECS PROGRAM [ARG...]: until it succeeds, or fail after SECS
wait_for() {
  local limit=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$limit" ] || {
      printf 'waited in vain for: %s\n' "$*"
      return 1
    }
    sleep 0.05
  done
}

# need PROGRAM...: skip this test, by name, where one is missing
need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || skip "needs $program"
  done
}

need_root() {
  [ "$(id -u)" -eq 0 ] || skip 'needs root'
}

# A TCP port that is free now, for servers that cannot be told 0.
free_port() {
  "$NODE" -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}
