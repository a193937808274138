# agent-spawn that is told much at once: to stop, to read again, in the middle of something else.
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
  cp /bin/sleep nap
  mkdir pids
}

teardown() {
  agents_end
}

# program NAME: standard input as a shell program, for an agent's exec
program() {
  { printf '#!/bin/sh\ncd %s\n' "$PWD" && cat; } >"$1"
  chmod 755 "$1"
}

# napping N [ARG]: so many naps, with this argument, run
napping() { [ "$(pgrep -f -c -- "^$PWD/nap ${2:-}")" -eq "$1" ]; }
hup() { kill -s HUP "$(cat spawn.pid)"; }

@test "B22: TERM while a hundred agents are being started: nothing is left running" {
  local i turn
  for ((i = 0; i < 100; i++)); do agent "N$i" autostart=true "exec=\"$PWD/nap 950.$i\"" startsecs=0; done
  for turn in 1 20 60; do
    spawn
    wait_for 30 some "$turn"
    stop spawn
    same "$stopped" 0
    napping 0
  done
}
some() { [ "$(pgrep -f -c -- "^$PWD/nap")" -ge "$1" ]; }

@test "B22: TERM while users are looked up and commands fork: nothing of type simple, or with stopit, is left" {
  program forks <<<'setsid "$PWD/nap" 951 >/dev/null 2>&1 &
echo "$!" >pids/Forks
exec "$PWD/nap" 952'
  agent Forks autostart=true 'type="fork"' "exec=\"$PWD/forks\"" "pidfile=\"$PWD/pids/Forks\"" startsecs=60 stopit=true
  agent Unknown autostart=true 'user="nobody-of-this-name"' restartsecs=0 retries=-1
  spawn
  wait_for 30 napping 2
  stop spawn
  same "$stopped" 0
  napping 0
}

@test "TERM twice, INT and HUP on top of it: the stop goes on in order, with the exit status of a stop" {
  program stubborn <<<'trap "" TERM
echo up
while [ ! -e end ]; do "$PWD/nap" 0.1; done'
  agent Stubborn autostart=true "exec=\"$PWD/stubborn\"" startsecs=0 stopsecs=60 stopasgroup=false
  agent Meek autostart=true "exec=\"$PWD/nap 954\"" startsecs=0
  agent Changed autostart=true "exec=\"$PWD/nap 955\"" startsecs=0
  spawn
  wait_for 30 grep -q up log/Stubborn.log
  wait_for 30 is Meek running
  wait_for 30 is Changed running
  kill -s TERM "$(cat spawn.pid)"
  wait_for 30 napping 0 95
  agent New autostart=true "exec=\"$PWD/nap 956\"" startsecs=0
  agent Changed autostart=true "exec=\"$PWD/nap 957\"" startsecs=0
  kill -s TERM "$(cat spawn.pid)"
  hup
  kill -s INT "$(cat spawn.pid)"
  is Stubborn stopping
  same "$(move start Meek | jq -r .error)" 'agent-spawn is stopping'
  touch end
  wait_for 30 dead "$(cat spawn.pid)" # without being told again
  stop spawn
  same "$stopped" 0
  napping 0
  same "$(grep -c '"kind":"start"' spawn.out)" 3
}

@test "B29: fifty HUPs in a second while files change: what the files say last is what runs, once each" {
  local i
  for i in 0 1 2 3 4; do agent "N$i" autostart=true "exec=\"$PWD/nap 960.$i\"" startsecs=0; done
  spawn
  for i in 0 1 2 3 4; do wait_for 30 is "N$i" running; done
  local kept
  kept=$(status N0 pid)
  for ((i = 1; i <= 50; i++)); do
    config N1 autostart=true "exec=\"$PWD/nap 961.$i\"" startsecs=0 >conf/N1.json # also half written ones are read
    [ $((i % 2)) -eq 0 ] && rm -f conf/N2.json || agent N2 autostart=true "exec=\"$PWD/nap 962.$i\"" startsecs=0
    [ $((i % 3)) -eq 0 ] && printf '{' >conf/N3.json || agent N3 autostart=true "exec=\"$PWD/nap 963.0\"" startsecs=0
    hup
  done
  agent N3 autostart=true "exec=\"$PWD/nap 963.0\"" startsecs=0
  hup
  settled() { napping 1 961.50 && napping 0 962 && napping 1 963.0 && napping 4 && is N1 running && is N3 running; }
  wait_for 60 settled
  same "$(status N0 pid)" "$kept"
  same "$(ask '{"ask":"status","names":[]}' | jq -r '[.agents[].name] | sort | join(" ")')" 'N0 N1 N3 N4'
}

@test "B29: HUP while an agent is being stopped: it stays stopped, and takes the new configuration at its next start" {
  program slow <<<'trap "" TERM
echo up
while [ ! -e end ]; do "$PWD/nap" 0.1; done'
  agent Slow autostart=true "exec=\"$PWD/slow\"" startsecs=0 stopsecs=60
  spawn
  wait_for 30 grep -q up log/Slow.log
  move stop Slow 0
  is Slow stopping
  agent Slow autostart=true "exec=\"$PWD/nap 964\"" startsecs=0 stopsecs=60
  hup
  wait_for 30 grep -q 'its configuration has changed: ' spawn.err
  is Slow stopping
  touch end
  wait_for 30 is Slow stoped
  napping 0 964
  same "$(move start Slow | jq -c '[.reached, .state]')" '[true,"running"]'
  napping 1 964
}

@test "B29: HUP takes an agent away that is being stopped, and brings one back that is on its way out" {
  program slow <<<'trap "" TERM
echo up
while [ ! -e end ]; do "$PWD/nap" 0.1; done'
  agent Away autostart=true "exec=\"$PWD/slow\"" startsecs=0 stopsecs=60
  agent Back autostart=true "exec=\"$PWD/slow again\"" startsecs=0 stopsecs=60
  spawn
  wait_for 30 grep -q up log/Away.log
  wait_for 30 grep -q up log/Back.log
  move stop Away 0
  rm conf/Away.json conf/Back.json
  hup
  wait_for 30 is Back stopping
  agent Back autostart=true "exec=\"$PWD/nap 965\"" startsecs=0
  hup
  comes_back() { ask '{"ask":"explain","name":"Back"}' | jq -e '.lines | index("then it is started, as was asked")'; }
  wait_for 30 comes_back
  is Away stopping
  touch end
  forgotten() { [ "$(ask '{"ask":"status","names":["Away"]}' | jq -r .fault)" = no ]; }
  wait_for 30 forgotten
  wait_for 30 is Back running
  napping 1 965
}

@test "B15 B29: an agent that becomes simple and fork in turn, and another user: the old process ends, one new one runs" {
  program either <<<'[ "$1" != fork ] || { setsid "$PWD/nap" 966 >/dev/null 2>&1 & echo "$!" >pids/Either; exit; }
exec "$PWD/nap" 967'
  as_simple() { agent Either autostart=true "exec=\"$PWD/either\"" startsecs=0 stopsecs=5; }
  as_fork() { agent Either autostart=true 'type="fork"' "exec=\"$PWD/either fork\"" "pidfile=\"$PWD/pids/Either\"" startsecs=1 stopsecs=5; }
  as_simple
  spawn
  wait_for 30 napping 1 967
  local turn
  for turn in 1 2; do
    as_fork && hup
    is_fork() { napping 1 966 && napping 0 967 && is Either running && [ "$(status Either pid)" = "$(cat pids/Either)" ]; }
    wait_for 30 is_fork
    as_simple && hup
    is_simple() { napping 0 966 && napping 1 967 && is Either running; }
    wait_for 30 is_simple
  done
  stop spawn
  napping 0
}

@test "B17 B29: another user in the configuration: the process of the old one ends, that of the new one runs as such" {
  need_root
  agent User autostart=true "exec=\"/bin/sleep 3600.$$\"" startsecs=0
  spawn
  wait_for 30 is User running
  local user pid
  for user in uucp nobody-of-this-name games; do
    pid=$(status User pid)
    agent User autostart=true "exec=\"/bin/sleep 3600.$$\"" startsecs=0 restartsecs=3600 "user=\"$user\""
    hup
    if id "$user" 2>/dev/null; then
      wait_for 30 is User running
      runs_as() { [ "$(pgrep -u "$user" -f -x "/bin/sleep 3600.$$")" = "$(status User pid)" ]; }
      wait_for 30 runs_as
    else
      wait_for 30 is User backoff
    fi
    dead "$pid"
    [ "$(pgrep -c -f -x "/bin/sleep 3600.$$")" -le 1 ]
  done
}

@test "a name that changes in its file: the agent of the old name is stopped, that of the new one runs" {
  agent Old autostart=true "exec=\"$PWD/nap 968\"" startsecs=0
  spawn
  wait_for 30 is Old running
  local old
  old=$(status Old pid)
  config New autostart=true "exec=\"$PWD/nap 968\"" startsecs=0 >conf/Old.json
  hup
  wait_for 30 is New running
  forgotten() { [ "$(ask '{"ask":"status","names":["Old"]}' | jq -r .fault)" = no ]; }
  wait_for 30 forgotten
  settled() { dead "$old" && napping 1 && is New running && alive "$(status New pid)"; }
  wait_for 30 settled
}
