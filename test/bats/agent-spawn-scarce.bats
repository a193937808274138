# agent-spawn where something has run out: descriptors, processes, space; and with very many agents.
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
  cp /bin/sleep nap
}

teardown() {
  local place pid
  agents_end
  [ -e "$BATS_TEST_TMPDIR/place" ] || return 0
  place=$(cat "$BATS_TEST_TMPDIR/place")
  while read -r pid; do # of a test that failed half-way
    [ "$pid" -le 1 ] || kill -s KILL -- "-$pid" "$pid" 2>/dev/null || :
  done < <(cat "$place"/*.pid 2>/dev/null)
  rm -r "$place"
}

# program NAME: standard input as a shell program, for an agent's exec
program() {
  { printf '#!/bin/sh\ncd %s\n' "$PWD" && cat; } >"$1"
  chmod 755 "$1"
}

napping() { [ "$(pgrep -f -c -- "^$PWD/nap ${2:-}")" -eq "$1" ]; }
# count STATE: how many agents are in it; states NAME...: of each, on a line
count() { ask '{"ask":"status","names":[]}' | jq --arg state "$1" '[.agents[] | select(.status == $state)] | length'; }
all_are() { [ "$(count "$1")" -eq "$2" ]; }

# A place that any user can get into, instead of the test's own directory.
open_place() {
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")" || return 1
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  chmod 755 .
  cp /bin/sleep nap
  agents_place
}

need_mounts() {
  need_root
  unshare --mount true 2>/dev/null || skip 'needs mounts'
}

@test "1,000 agents: started, told, one of them changed by HUP, stopped: nothing is left" {
  local i
  for ((i = 0; i < 1000; i++)); do
    printf '{"name":"N%d","version":"1","exec":"%s/nap 930.%d","autostart":true,"startsecs":0}\n' "$i" "$PWD" "$i" >"conf/N$i.json"
  done
  spawn -l warn
  wait_for 120 napping 1000 # and not asked: each status looks at all of /proc
  wait_for 30 all_are running 1000
  printf '# RssAnon with 1,000 agents: %s\n' "$(sed -n 's/RssAnon:\s*//p' "/proc/$(cat spawn.pid)/status")" >&3
  pids() { ask '{"ask":"status","names":[]}' | jq -r '.agents[] | "\(.name) \(.pid) \(.restarts)"' | sort; }
  pids >before
  sed -i 's/"version":"1"/"version":"2"/' conf/N500.json
  kill -s HUP "$(cat spawn.pid)"
  wait_for 30 has N500 '.version == "2" and .status == "running"'
  pids >after
  same "$(diff before after | grep '^>' | cut -d' ' -f2)" N500
  stop spawn
  same "$stopped" 0
  napping 0
}

@test "EMFILE: agents run on, starts fail as events, and all goes on when there are descriptors again" {
  agent Stays autostart=true "exec=\"$PWD/nap 931\"" startsecs=0
  agent Ended autostart=true "exec=\"$PWD/nap 932\"" startsecs=0 restartsecs=0 retries=-1
  # of both kinds, since Node raises the soft one
  rm -f ready && mkfifo ready
  background spawn bash -c 'ulimit -n 40; exec agent-spawn -d conf -C "$0" --ready-fd 7 7>ready' "$(group_name)"
  timeout 20 head -n 1 ready >/dev/null
  wait_for 30 all_are running 2
  local stays
  stays=$(status Stays pid)
  background hog "$NODE" -e '
    const { connect } = require("node:net")
    for (let i = 0; i < 60; i++) connect(process.argv[1 + i % 2]).on("error", () => {})
    setInterval(() => {}, 1000)' "$BOOTAGENT_RUN/BootAgent.sock" "$BOOTAGENT_RUN/BootAgent.heartbeat.sock"
  full() { [ "$(find "/proc/$(cat spawn.pid)/fd" | wc -l)" -ge 40 ]; }
  wait_for 30 full
  # One that waits to become an agent may still do so; then there is no other.
  failed() {
    pkill -KILL -f -- "^$PWD/nap 932" || :
    grep '"subject":"Ended"' spawn.out | grep -q 'start failed: .*\(too many\|EMFILE\)'
  }
  wait_for 30 failed
  alive "$stays"
  stop hog KILL
  wait_for 30 is Ended running
  same "$(status Stays pid)" "$stays"
}

@test "EAGAIN: with no processes to be had starts fail as events, and go on when there are some again" {
  need_root
  open_place
  local i
  for ((i = 0; i < 30; i++)); do
    agent "N$i" autostart=true "exec=\"$PWD/nap 933.$i\"" startsecs=0 restartsecs=0 retries=-1
  done
  local uid=$((100000 + $$)) # of this test alone: what one user may have is counted over all of its processes
  chown -R "$uid" .
  program hog <<<'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "$PWD/nap" 939 & done
wait'
  background hog setpriv --reuid "$uid" --regid "$uid" --clear-groups setsid "$PWD/hog"
  wait_for 30 napping 20
  background spawn setpriv --reuid "$uid" --regid "$uid" --clear-groups prlimit --nproc=42 agent-spawn -d conf
  wait_for 30 test -S run/BootAgent.sock
  failing() { grep '"kind":"abnormal"' spawn.out | grep -q 'start failed: .*too many processes'; }
  wait_for 30 failing
  [ "$(count running)" -ge 5 ]
  kill -s KILL -- "-$(cat hog.pid)" # with all its naps
  wait_for 30 all_are running 30
  stop spawn
  same "$stopped" 0
  napping 0
}

@test "B22 B25: a fork bomb within the limits of its user: its limit is told, and a stop ends all of it" {
  need_mounts
  need perl
  open_place
  { cat /etc/passwd && printf 'fleetbomb:x:%s:65534::/:/bin/sh\n' $((200000 + $$)); } >passwd # a user of this test alone
  # each of them makes another one every 0.2 s, and goes on when it cannot
  printf '#!/usr/bin/perl\n$SIG{TERM} = "IGNORE"; while (1) { fork; select(undef, undef, undef, 0.2) }\n' >bomb
  chmod 755 bomb
  agent Bomb "exec=\"$PWD/bomb\"" 'user="fleetbomb"' startsecs=0 stopsecs=1 restartsecs=3600 'limits={"interval":1,"FDS":100}'
  agent Wild "exec=\"$PWD/bomb wild\"" 'user="fleetbomb"' startsecs=0 stopsecs=1 # nothing ends it but the stop
  ulimit -S -u 150 # it does not hold for root
  spawn_in "mount --bind '$PWD/passwd' /etc/passwd"
  ulimit -S -u "$(ulimit -H -u)"
  move start Bomb 0
  wait_for 30 is Bomb killed
  like "$(events killed Bomb)" '^resource overflow, FDS\([0-9]+\)$'
  wait_for 30 none
  move start Wild 0
  many() { [ "$(pgrep -f -c "$PWD/bomb")" -ge 50 ]; }
  wait_for 30 many
  is Wild running
  same "$(move stop Wild 60 | jq -c '[.reached, .state]')" '[true,"stoped"]'
  wait_for 30 none
}

none() { [ "$(pgrep -f -c "$PWD/bomb")" -eq 0 ]; }

@test "B70: a log directory that is removed: agents are started without their logs, and with them when it is back" {
  program speaks <<<'echo here
exec "$PWD/nap" 934'
  agent Speaks autostart=true "exec=\"$PWD/speaks\"" startsecs=0 stopsecs=5
  spawn
  wait_for 30 grep -q here log/Speaks.log
  rm -r log
  same "$(move restart Speaks | jq -c '[.reached, .state]')" '[true,"running"]'
  like "$(cat spawn.err)" "unable to open '$PWD/log/Speaks.log': .*: what 'Speaks' writes is lost"
  mkdir log
  move restart Speaks
  wait_for 30 grep -q here log/Speaks.log
}

@test "a log that is a link to itself, a directory, a pipe: the agent runs, and so does agent-spawn" {
  mkdir log
  ln -s Loop.log log/Loop.log
  mkdir log/Directory.log
  mkfifo log/Pipe.log
  local name
  for name in Loop Directory Pipe Good; do
    agent "$name" autostart=true "exec=\"$PWD/nap 935 0.${#name}\"" startsecs=0
  done
  spawn
  for name in Loop Directory Pipe Good; do wait_for 30 is "$name" running; done
  like "$(cat spawn.err)" "what 'Loop' writes is lost"
}

@test "B70: logs, RUN and the events on a full disk: agents are started, watched, told of and stopped all the same" {
  need_mounts
  agent Stays autostart=true "exec=\"$PWD/nap 936\"" startsecs=0
  agent Again autostart=true "exec=\"$PWD/nap 937\"" startsecs=0 restartsecs=0 retries=-1
  agent Fills autostart=true 'exec="/usr/bin/yes"' startsecs=0 restartsecs=3600
  mkdir small
  export BOOTAGENT_RUN=$PWD/small/run BOOTAGENT_LOG=$PWD/small/log
  background space unshare --mount sh -c 'mount -t tmpfs -o size=64k tmpfs small && mkdir small/run small/log && touch small/up && exec sleep 940'
  inside() { nsenter --target "$(cat space.pid)" --mount -- "$@"; }
  wait_for 30 inside test -e "$PWD/small/up"
  serve() {
    background spawn nsenter --target "$(cat space.pid)" --mount --wd="$PWD" -- \
      sh -c 'exec agent-spawn -d conf -C "$0" -L "$1/own.log" >>"$1/events"' "$(group_name)" "$PWD/small"
    wait_for 30 inside test -S "$PWD/small/run/BootAgent.sock"
  }
  # seen from here
  local there
  there=/proc/$(cat space.pid)/root$PWD/small/run
  is_in() { BOOTAGENT_RUN=$there is "$@"; }
  serve
  wait_for 30 is_in Stays running
  full() { [ "$(inside stat -f -c %a "$PWD/small")" -eq 0 ]; }
  wait_for 30 full
  wait_for 30 is_in Fills backoff
  local again
  again=$(BOOTAGENT_RUN=$there status Again pid)
  kill -s KILL "$again"
  back() { BOOTAGENT_RUN=$there renewed Again "$again"; }
  wait_for 30 back
  like "$(BOOTAGENT_RUN=$there events exit Again; BOOTAGENT_RUN=$there events abnormal Again)" SIGKILL
  # killed, and begun again with the disk still full
  stop spawn KILL
  wait_for 30 napping 0
  full
  serve
  wait_for 30 is_in Stays running
  wait_for 30 is_in Again running
  napping 1 936
  stop spawn
  same "$stopped" 0
  napping 0
}
