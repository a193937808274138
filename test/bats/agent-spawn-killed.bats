# agent-spawn that is killed, and what is left for the next one.
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

# killed NAME TYPE LINE [WORKERS WORKER]: an agent that kill-often is to look for: the command line of its process, and of its workers
killed() {
  jq -cn --arg name "$1" --arg type "$2" --arg line "$3" --argjson workers "${4:-0}" --arg worker "${5:-}" '$ARGS.named' >>plans
}

@test "B15 B21: agent-spawn killed 100 times at random moments: nothing twice, no orphans, daemons kept, state right" {
  local always=(autostart=true startsecs=0 restartsecs=0 retries=-1 stopsecs=5)
  killed One simple "$PWD/nap 921"
  agent One "${always[@]}" "exec=\"$PWD/nap 921\""
  killed Beside simple "$PWD/nap 922"
  agent Beside "${always[@]}" "exec=\"$PWD/nap 922\"" single=false

  program workers <<<'"$PWD/nap" 923 & "$PWD/nap" 923 & "$PWD/nap" 923 &
wait'
  killed Workers simple "/bin/sh $PWD/workers" 3 "$PWD/nap 923"
  agent Workers "${always[@]}" "exec=\"$PWD/workers\""

  if [ "$(id -u)" -eq 0 ]; then
    killed User simple "/bin/sleep 3600.$$"
    agent User "${always[@]}" "exec=\"/bin/sleep 3600.$$\"" 'user="games"'
  fi

  # one is known by its pid file alone, the other by its program too
  program forks <<<'setsid "$PWD/nap" 924 >/dev/null 2>&1 &
echo "$!" >pids/Forks
sleep 0.3'
  killed Forks fork "$PWD/nap 924"
  agent Forks "${always[@]}" 'type="fork"' "exec=\"$PWD/forks\"" "pidfile=\"$PWD/pids/Forks\"" startsecs=1
  program same <<<'[ "$1" = daemon ] || { setsid "$0" daemon >/dev/null 2>&1 & echo "$!" >pids/Same; sleep 0.3; exit; }
"$PWD/nap" 925 &
wait'
  killed Same fork "/bin/sh $PWD/same daemon" 1 "$PWD/nap 925"
  agent Same "${always[@]}" 'type="fork"' "exec=\"$PWD/same\"" "pidfile=\"$PWD/pids/Same\"" startsecs=1

  local name
  for name in Ends Fails; do
    program "$name" <<<'exit 1'
    killed "$name" ends "$PWD/$name"
    agent "$name" "${always[@]}" "exec=\"$PWD/$name\""
  done
  jq -s . plans >agents.json
  CMD_LIMIT=100 cmd "$NODE" "$REPO/test/servers/kill-often.ts" 100 "$PWD/" "$(group_name)" -l warn
  like "$output" '^100 kills, '
  printf '# %s\n' "$output" >&3
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
  wait_for 10 test -s pids/926
  wait_for 10 test -s pids/927
  stop spawn KILL
  touch go926 # this command ends before the next agent-spawn comes, the other one after
  wait_for 5 no_process "$PWD/slow 926"
  spawn
  is_taken() { [ "$(status "Slow$1" pid)" = "$(cat "pids/$1")" ]; }
  wait_for 10 is_taken 926
  wait_for 10 is Slow927 starting
  touch go927
  wait_for 10 is_taken 927
  same "$(pgrep -f -c "^$PWD/nap 92[67]")" 2
  same "$(events start | wc -l)" 0
}

no_process() { [ "$(pgrep -f -c -- "$1")" -eq 0 ]; }
