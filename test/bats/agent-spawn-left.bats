# What an agent-spawn leaves for the next one.
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

@test "B15 B21: agent-spawn killed while a command forks: what comes of the command is taken over, not started again" {
  program slow <<<'setsid "$PWD/nap" "$1" >/dev/null 2>&1 &
echo "$!" >"pids/$1"
while [ ! -e "go$1" ]; do sleep 0.05; done'
  local n
  for n in 926 927; do
    agent "Slow$n" autostart=true 'type="fork"' "exec=\"$PWD/slow $n\"" "pidfile=\"$PWD/pids/$n\"" startsecs=60
  done
  spawn
  wait_for 30 test -s pids/926
  wait_for 30 test -s pids/927
  stop spawn KILL
  touch go926 # this command ends before the next agent-spawn comes, the other one after
  wait_for 30 no_process "$PWD/slow 926"
  spawn
  is_taken() { [ "$(status "Slow$1" pid)" = "$(cat "pids/$1")" ]; }
  wait_for 30 is_taken 926
  wait_for 30 is Slow927 starting
  touch go927
  wait_for 30 is_taken 927
  same "$(pgrep -f -c "^$PWD/nap 92[67]")" 2
  same "$(events start | wc -l)" 0
}

@test "journals in RUN that are rubbish, of another boot, of other processes, or no files: no stranger is hit, the agents run" {
  agent One autostart=true "exec=\"$PWD/nap 928\"" startsecs=0
  forks Forks <<<'setsid "$PWD/nap" 929 >/dev/null 2>&1 &
echo "$!" >pids/Forks'
  background stranger setsid "$PWD/nap" 910
  local pid start boot owner
  pid=$(cat stranger.pid)
  start=$(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f20)
  boot=$(cat /proc/sys/kernel/random/boot_id)
  owner="$boot 4190000 1" # an agent-spawn that is gone
  mkdir journals
  head -c 100000 /dev/urandom >journals/random
  printf '%s\nOne %s %s\nForks %s %s\n' "${owner/$boot/another-boot}" "$pid" "$start" "$pid" "$start" >journals/boot
  printf '%s\nOne %s 1\nForks %s 1\n' "$owner" "$pid" "$pid" >journals/reused
  printf '%s\nOne 0 1\nOne 1 1\nOne -1 1\nOne 99999999999 1\nForks 0 1\nOne  2 1\nOne' "$owner" >journals/numbers
  mkdir journals/directory
  mkfifo journals/pipe
  ln -s BootAgent.forks journals/loop
  local journal
  for journal in random boot reused numbers directory loop pipe; do
    mkdir -p run
    rm -rf run/BootAgent.agents run/BootAgent.forks
    cp -a "journals/$journal" run/BootAgent.agents
    cp -a "journals/$journal" run/BootAgent.forks
    spawn
    wait_for 30 is One running
    wait_for 30 is Forks running
    alive "$pid"
    [ "$(status Forks pid)" != "$pid" ]
    move stop Forks
    move stop One
    stop spawn
    same "$stopped" 0
    alive "$pid"
  done
}

# forks NAME: standard input as a command that forks, and an agent of type fork for it
forks() {
  program "$1"
  agent "$1" autostart=true 'type="fork"' "exec=\"$PWD/$1\"" "pidfile=\"$PWD/pids/$1\"" startsecs=1 restartsecs=0 stopsecs=5
}

no_process() { [ "$(pgrep -f -c -- "$1")" -eq 0 ]; }
