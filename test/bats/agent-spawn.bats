# agent-spawn in the foreground: one program, or some, until they end.
# shellcheck shell=bash
load helpers

setup() {
  clean_place
}

teardown() {
  stop_all
}

# agent [FIELD=JSON...]: a configuration on one line
agent() {
  local fields='"name":"Sleeper","version":"1.0","exec":"/bin/sleep 300.'$$'"' field
  for field in "$@"; do
    fields=$(jq -cn --argjson old "{$fields}" --arg name "${field%%=*}" --argjson value "${field#*=}" '$old + {($name): $value}' | sed 's/^{//;s/}$//')
  done
  printf '{%s}\n' "$fields"
}

# event KIND FILE: its message
event() {
  jq -r --arg kind "$1" 'select(.kind == $kind) | .message' "$2"
}

@test "agent-spawn: wrong usage opens nothing" {
  cmd 64 agent-spawn -z
  same "$stderr" 'agent-spawn: usage: unknown option -z (-h lists them)'
  cmd 64 agent-spawn -d . x.json
  like "$stderr" "^agent-spawn: usage: 'x.json': no operand is taken with -d$"
  cmd 64 agent-spawn -l loud
  like "$stderr" "'loud' is not trace, debug, info, warn, error or fatal$"
}

@test "agent-spawn: standard input without an agent is wrong data" {
  cmd 65 agent-spawn </dev/null
  like "$stderr" '^agent-spawn: fatal: standard input holds no agent$'
}

@test "B29: a configuration with faults starts nothing, and each fault is told" {
  agent 'stopsecs="x"' 'type="both"' >a.json
  cmd 78 agent-spawn a.json
  like "$stderr" '^a.json: type: '
  like "$stderr" $'\na.json: stopsecs: '
  like "$stderr" 'agent-spawn: fatal: nothing is started: the configuration is wrong'
}

@test "B13: -T tells every fault as FILE: FIELD: what is wrong, and starts nothing" {
  mkdir conf
  agent >conf/Sleeper.json
  cmd 0 agent-spawn -T -d conf
  same "$output" ''
  agent 'name="Other"' 'retries=1.5' 'bogus=1' >conf/Other.json
  cmd 78 agent-spawn -T -d conf
  like "$stderr" '^conf/Other.json: retries: '
  like "$stderr" 'warning: conf/Other.json: bogus: '
  cmd 78 agent-spawn -T -d nowhere
  like "$stderr" "^agent-spawn: fatal: unable to read 'nowhere': no such file or directory"
}

@test "B14 B23: the exit status of the program is passed on" {
  agent 'exec="/bin/sh -c \"exit 7\""' 'autorestart="no"' >a.json
  cmd 7 agent-spawn <a.json
  like "$(event abnormal - <<<"$output")" '^ended after [0-9.]+ s: exit status 7$'
  same "$(event fatal - <<<"$output")" 'given up: autorestart is no'
  same "$(jq -r 'select(.evidence) | .evidence.code' <<<"$output" | head -n 1)" 7
}

@test "B14: a program that a signal ends: 128 and its number" {
  agent 'exec="/bin/sh -c \"kill -9 $$\""' 'autorestart="no"' >a.json
  cmd 137 agent-spawn <a.json
  same "$(jq -r 'select(.evidence) | .evidence.signal' <<<"$output" | head -n 1)" SIGKILL
}

@test "B14: a program that is not there: 127, that is not executable: 126" {
  agent 'exec="/nowhere/program"' 'autorestart="no"' 'retries=1' >a.json
  cmd 127 agent-spawn <a.json
  printf 'x' >plain
  agent "exec=\"$PWD/plain\"" 'autorestart="no"' 'retries=1' >a.json
  cmd 126 agent-spawn <a.json
}

@test "B23: a program that ends again and again is given up after retries, each end with its evidence" {
  agent 'exec="/bin/sh -c \"echo sorry >&2; exit 3\""' 'restartsecs=0' 'retries=3' >a.json
  cmd 3 agent-spawn --log log <a.json
  same "$(jq -s 'map(select(.kind == "start")) | length' <<<"$output")" 3
  same "$(jq -s 'map(select(.evidence.stderr == ["sorry"])) | length >= 3' <<<"$output")" true
  same "$(jq -r 'select(.kind == "fatal") | .subject' <<<"$output")" Sleeper
  same "$(sort -u log/Sleeper.log)" sorry
}

@test "B18: the environment is HOME, PATH, USER, BOOTSOCK and envs, and nothing else" {
  agent 'exec="/usr/bin/env"' 'envs={"LANG":"C"}' 'autorestart="no"' >a.json
  SECRET=1 cmd 0 agent-spawn --log log <a.json
  same "$(cut -d= -f1 log/Sleeper.log | sort | tr '\n' ' ')" 'BOOTSOCK HOME LANG PATH USER '
}

@test "agent-spawn: TERM goes to the program, and its exit status comes back" {
  agent 'exec="/bin/sh -c \"trap '"'exit 5'"' TERM; echo up; while :; do sleep 0.1; done\""' >a.json
  background spawn agent-spawn --log log a.json
  wait_for 10 grep -q up log/Sleeper.log
  stop spawn
  same "$stopped" 5
}

@test "agent-spawn: a signal in the last moment of its end does not change the exit status that comes back" {
  agent 'exec="/bin/sh -c \"trap '"'exit 6'"' TERM; echo up; while :; do sleep 0.1; done\""' >a.json
  background spawn agent-spawn --log log a.json
  wait_for 10 grep -q up log/Sleeper.log
  local pid
  pid=$(cat spawn.pid)
  while kill -s TERM "$pid" 2>/dev/null; do :; done
  stop spawn
  same "$stopped" 6
}

@test "agent-spawn: HUP, USR1 and USR2 are handed on and end nothing" {
  agent 'exec="/bin/sh -c \"trap '"'echo hup'"' HUP; trap '"'echo usr1'"' USR1; trap '"'exit 0'"' USR2; echo up; while :; do sleep 0.1; done\""' 'autorestart="unexpect"' >a.json
  background spawn agent-spawn --log log a.json
  wait_for 10 grep -q up log/Sleeper.log
  kill -s HUP "$(cat spawn.pid)"
  wait_for 10 grep -q hup log/Sleeper.log
  kill -s USR1 "$(cat spawn.pid)"
  wait_for 10 grep -q usr1 log/Sleeper.log
  stop spawn USR2
  same "$stopped" 0
}

@test "B15: a simple agent dies with an agent-spawn that is killed" {
  agent >a.json
  background spawn agent-spawn a.json
  wait_for 10 grep -q '"kind":"start"' spawn.out
  pid=$(jq -r 'select(.kind == "start") | .message' spawn.out | grep -o '[0-9]*$')
  kill -s 0 "$pid"
  stop spawn KILL
  wait_for 10 eval '! kill -s 0 "$pid"'
}

@test "agent-spawn: a reader of the events that has gone ends nothing" {
  agent 'exec="/bin/sh -c \"exit 4\""' 'autorestart="yes"' 'restartsecs=0' 'retries=20' >a.json
  cmd 4 bash -o pipefail -c 'agent-spawn a.json | true'
}

@test "agent-spawn: several agents, one a line, each to its end" {
  { agent 'name="A"' 'exec="/bin/true"' 'autorestart="no"'; agent 'name="B"' 'exec="/bin/sh -c \"exit 9\""' 'autorestart="no"'; } >both
  cmd 9 agent-spawn <both
  same "$(jq -r 'select(.kind == "start") | .subject' <<<"$output" | sort | tr '\n' ' ')" 'A B '
}

@test "B12 B27 B57: alone there are sockets where --run or --socket name them, and a heartbeat needs one" {
  agent 'heartbeat={"interval":60}' 'startsecs=0' >Sleeper.json
  cmd 78 agent-spawn Sleeper.json
  like "$stderr" "^agent-spawn: fatal: agent 'Sleeper' has a heartbeat: give --run or --socket, where it is taken$"
  like "$(jq -r .kind <<<"$output")" null # nothing was started
  local place
  for place in '--run runs' '--socket runs/own.sock'; do
    # shellcheck disable=SC2086 # two words
    background spawn agent-spawn $place Sleeper.json
    wait_for 10 grep -q '"kind":"running"' spawn.out
    place=${place#* } && [ "$place" != runs ] || place=runs/BootAgent.sock
    cmd bootctl --socket "$place" status
    same "$(jq -r '"\(.name) \(.status)"' <<<"$output")" 'Sleeper running'
    cmd tr '\0' '\n' <"/proc/$(jq .pid <<<"$output")/environ"
    like "$output" "BOOTSOCK=$PWD/runs/BootAgent.heartbeat.sock"
    [ -S runs/BootAgent.heartbeat.sock ]
    cmd bootctl --socket "$place" stop Sleeper
    wait_for 10 eval '! kill -s 0 "$(cat spawn.pid)"'
    stop spawn
    same "$stopped" 143 # of the agent: there is nothing else to wait for
    [ ! -e "$place" ] && [ ! -e runs/BootAgent.heartbeat.sock ]
  done
}
