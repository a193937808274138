# agent-spawn with programs and pid files that misbehave.
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
  mkdir pids # and never *.pid here: those are of what the test itself started
  cp /bin/sleep nap # an executable of the test's own: nobody else's process looks like it
}

teardown() {
  agents_end
}

# program NAME: standard input as a shell program, for an agent's exec
program() {
  { printf '#!/bin/sh\ncd %s\n' "$PWD" && cat; } >"$1"
  chmod 755 "$1"
}

# naps [ARG]: the pids of the naps of this test that run
naps() { pgrep -f -- "^$PWD/nap ${1:-}" || :; }
napping() { [ "$(naps "${2:-}" | wc -l)" -eq "$1" ]; }

# forks NAME [FIELD=JSON...]: standard input as a command that forks, and an agent of type fork for it
forks() {
  local name=$1
  shift
  program "$name"
  agent "$name" autostart=true 'type="fork"' "exec=\"$PWD/$name\"" "pidfile=\"$PWD/pids/$name\"" startsecs=1 restartsecs=0 stopsecs=2 "$@"
}

fatal() { is "$1" fatal; }

@test "B23: a program that ends at once is given up after retries, and goes on when somebody asks" {
  program ends <<<'[ ! -e mended ] || exec "$PWD/nap" 900
exit 3'
  agent Ends autostart=true "exec=\"$PWD/ends\"" startsecs=0 restartsecs=0 retries=5
  spawn
  wait_for 30 fatal Ends
  same "$(events start Ends | wc -l)" 5
  same "$(events fatal Ends)" 'given up: failure 5 of 5 in a row'
  touch mended
  same "$(move start Ends | jq -c '[.reached, .state]')" '[true,"running"]'
}

@test "B22: what a simple program leaves running in its group ends before the program is started again" {
  program away <<<'"$PWD/nap" 901 &
exec "$PWD/nap" 0.2'
  agent Away autostart=true "exec=\"$PWD/away\"" startsecs=0 restartsecs=0 retries=3
  spawn
  wait_for 30 fatal Away
  same "$(events start Away | wc -l)" 3
  wait_for 30 napping 0
}

@test "B21: a simple program that double-forks is taken over as what it has become, and a stop ends it" {
  program twice <<<'[ "$1" = daemon ] || { setsid "$0" daemon >/dev/null 2>&1 & exit 0; }
trap "" HUP
"$PWD/nap" 902 &
wait'
  agent Twice autostart=true "exec=\"$PWD/twice\"" startsecs=0 restartsecs=1 retries=9
  spawn
  taken() { [ "$(status Twice adopted)" = true ]; }
  wait_for 30 taken
  wait_for 30 napping 1
  same "$(pgrep -f -c "$PWD/twice daemon")" 1
  move stop Twice
  wait_for 30 napping 0
  same "$(pgrep -f -c "$PWD/twice daemon" || :)" 0
}

@test "B15: a daemon that double-forks into a session of its own is known by its pid file, and stopped with its group" {
  forks Daemon <<<'(setsid sh -c "echo \$\$ >pids/Daemon; \$PWD/nap 903 & exec \$PWD/nap 904" >/dev/null 2>&1 &)'
  spawn
  wait_for 30 is Daemon running
  same "$(status Daemon pid)" "$(cat pids/Daemon)"
  same "$(move stop Daemon | jq -c '[.reached, .state]')" '[true,"stoped"]'
  wait_for 30 napping 0
}

@test "a program that fills its output has a log that stays bounded, and agent-spawn stays quiet" {
  agent Yes autostart=true 'exec="/usr/bin/yes"' startsecs=0
  spawn
  cut_off() { [ "$(stat -c %s log/Yes.log.1)" -eq 10485760 ]; }
  wait_for 30 cut_off
  is Yes running
  move stop Yes
  small() { [ "$(stat -c %s log/Yes.log)" -le 10485760 ]; }
  wait_for 30 small
  same "$(events exit Yes | grep -c SIGTERM)" 1
  [ "$(wc -l <spawn.err)" -le 8 ]
}

@test "B16: a command that ends before there is a pid file is a failed start, with the reason" {
  forks Early retries=2 <<<'exit 4'
  spawn
  wait_for 30 fatal Early
  like "$(events abnormal Early)" "start failed: pid file '$PWD/pids/Early': not there"
}

@test "B16: a command that neither forks nor writes its pid file is starting until a stop ends it, with its group" {
  forks Never <<<'"$PWD/nap" 905 &
exec "$PWD/nap" 906'
  spawn
  wait_for 30 napping 2
  again() { ask '{"ask":"explain","name":"Never"}' | grep -q "its command still runs, and pid file '$PWD/pids/Never' names no process"; }
  wait_for 30 again
  is Never starting
  same "$(move stop Never | jq -c '[.reached, .state]')" '[true,"stoped"]'
  wait_for 30 napping 0
}

@test "B16: a pid file with rubbish in it is a failed start that says so" {
  local rubbish i=0
  for rubbish in rubbish '' -1 0 1 99999999 $'12\x1b[31m'; do
    i=$((i + 1))
    printf '%s\n' "$rubbish" >"pids/Rubbish$i"
    forks "Rubbish$i" retries=1 <<<':'
  done
  spawn
  for i in 1 2 3 4 5 6 7; do
    wait_for 30 fatal "Rubbish$i"
    like "$(events abnormal "Rubbish$i")" "^start failed: pid file '$PWD/pids/Rubbish$i': (not a pid: '|no pid on its first line)"
  done
}

@test "B16 B21: the daemon of an agent whose pid file is no good is known by its program, and not doubled" {
  echo rubbish >pids/Same
  agent Same autostart=true 'type="fork"' "exec=\"$PWD/same\"" "pidfile=\"$PWD/pids/Same\"" startsecs=1 restartsecs=0 retries=5
  program same <<<'[ "$1" = daemon ] || { setsid "$0" daemon >/dev/null 2>&1 & exit 0; }
"$PWD/nap" 907 &
wait'
  spawn
  wait_for 30 is Same running
  wait_for 30 napping 1
  same "$(status Same adopted)" true
  move stop Same
  wait_for 30 napping 0
}

@test "B16: a stranger's pid in a pid file: no agent, and every stop leaves the stranger alone" {
  background stranger setsid "$PWD/nap" 908
  cp stranger.pid pids/Stranger
  forks Stranger retries=1 "pidfile=\"$PWD/pids/Stranger\"" stopit=true <<<':'
  wait_for 30 older stranger 2
  spawn
  wait_for 30 fatal Stranger
  like "$(events abnormal Stranger)" "process $(cat stranger.pid) of '$PWD/pids/Stranger' is not of this agent"
  move start Stranger 0
  move stop Stranger
  move restart Stranger 0
  stop spawn
  alive "$(cat stranger.pid)"
}

# older NAME SECONDS: what `background NAME` started is older than that
older() { [ "$(ps -o etimes= -p "$(cat "$1.pid")")" -ge "$2" ]; }

@test "B16: a pid file that was there before the start and names a process that came after it is a stranger's too" {
  # as after a boot: the file of the last run, its pid given to somebody else just now
  forks Stale retries=1 autostart=false "pidfile=\"$PWD/pids/Stale\"" stopit=true <<<':'
  spawn
  background stranger setsid "$PWD/nap" 909
  cp stranger.pid pids/Stale
  move start Stale 0
  wait_for 30 fatal Stale
  like "$(events abnormal Stale)" "process $(cat stranger.pid) of '$PWD/pids/Stale' is not of this agent"
  alive "$(cat stranger.pid)"
  move start Stale 0
  move stop Stale
  stop spawn
  alive "$(cat stranger.pid)"
}

@test "B14: exec that is a directory, not there, not executable, no program: told, given up, and explained" {
  mkdir directory
  printf 'x' >plain
  printf '\x7fELFrubbish' >rubbish && chmod 755 rubbish
  printf '#!/nowhere/sh\n' >script && chmod 755 script
  local file
  for file in directory plain nowhere rubbish script; do
    agent "$file" autostart=true "exec=\"$PWD/$file\"" startsecs=0 restartsecs=0 retries=2
  done
  spawn
  for file in directory plain nowhere rubbish script; do
    wait_for 30 fatal "$file"
    same "$(events fatal "$file")" 'given up: failure 2 of 2 in a row'
  done
  code() { ask '{"ask":"events","after":0,"most":1000,"wait":0}' | jq -r --arg name "$1" '[.events[] | select(.subject == $name and .evidence) | .evidence.code] | unique | @csv'; }
  same "$(code directory)" 126
  same "$(code plain)" 126
  same "$(code nowhere)" 127
  same "$(code script)" 127
  for file in directory plain nowhere; do
    ask '{"ask":"events","after":0,"most":1000,"wait":0}' | jq -e --arg name "$file" 'any(.events[]; .subject == $name and (.evidence.stderr // [] | any(contains($name))))'
  done
  like "$(ask '{"ask":"explain","name":"plain"}')" 'given up'
}

@test "B17: an unknown user, and an unknown group, are failed starts of that agent alone" {
  agent User autostart=true 'user="nobody-of-this-name"' retries=1
  agent Group autostart=true 'group="nobody-of-this-name"' retries=1
  agent Good autostart=true startsecs=0
  spawn
  wait_for 30 is Good running
  wait_for 30 fatal User
  wait_for 30 fatal Group
  like "$(events abnormal User)" "start failed: unknown user 'nobody-of-this-name'"
  like "$(events abnormal Group)" "start failed: unknown group 'nobody-of-this-name'"
  is Good running
}

@test "B22: an agent that is stopped by SIGSTOP is ended all the same" {
  agent Asleep autostart=true "exec=\"$PWD/nap 910\"" startsecs=0 stopsecs=1
  spawn
  wait_for 30 is Asleep running
  local pid
  pid=$(status Asleep pid)
  kill -s STOP "$pid"
  same "$(move stop Asleep | jq -c '[.reached, .state]')" '[true,"stoped"]'
  dead "$pid"
}

@test "zombie grandchildren: an agent that collects nobody is stopped without them being waited for" {
  program zombies <<<'("$PWD/nap" 0 & "$PWD/nap" 0 & "$PWD/nap" 0 & exec "$PWD/nap" 911) &
exec "$PWD/nap" 912'
  agent Zombies autostart=true "exec=\"$PWD/zombies\"" startsecs=0 stopsecs=30
  spawn
  wait_for 30 is Zombies running
  zombies() { [ "$(pgrep -c --parent "$(naps 911)" --runstates Z)" -eq 3 ]; }
  wait_for 30 zombies
  same "$(move stop Zombies 10 | jq -c '[.reached, .state]')" '[true,"stoped"]'
  wait_for 30 napping 0
}
