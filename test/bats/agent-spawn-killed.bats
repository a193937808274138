# agent-spawn that is killed again and again.
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
  CMD_LIMIT=300 cmd "$NODE" "$REPO/test/servers/kill-often.ts" 100 "$PWD/" "$(group_name)" -l warn
  like "$output" '^100 kills, '
  printf '# %s\n' "$output" >&3
}
