# agent-spawn is ended, or read again, in the midst of something else.
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
}

# ends: TERM ends agent-spawn with 0, and soon
ends() {
  kill -s TERM "$(cat spawn.pid)"
  has_ended
}

# has_ended: it does so, without another TERM
has_ended() {
  wait_for 10 dead "$(cat spawn.pid)"
  stop spawn
  same "$stopped" 0
}

# stubborn: a program of the test's own that ignores TERM, says `up` in its log, and goes on until there is a file `end`
stubborn() {
  printf '#!/bin/sh\ntrap "" TERM\necho up\nwhile [ ! -e "%s/end" ]; do "%s" 0.1; done\n' "$PWD" "$SLEEP" >stubborn
  chmod 755 stubborn
  printf '"%s"' "$PWD/stubborn"
}

hup() { kill -s HUP "$(cat spawn.pid)"; }

@test "B15: TERM ends agent-spawn though a command that should fork does not" {
  agent Never autostart=true 'type="fork"' "exec=\"$SLEEP 3601\"" "pidfile=\"$PWD/never.pid\"" startsecs=1
  spawn
  wait_for 10 is Never starting
  wait_for 10 eval 'events start Never | grep -q .'
  ends
}

@test "B57: TERM ends agent-spawn though somebody waits for a stop" {
  agent Stays autostart=true 'type="fork"' "exec=$(stubborn)" "pidfile=\"$PWD/stays.pid\"" startsecs=1 stopsecs=50
  spawn
  wait_for 10 grep -q up log/Stays.log
  move stop Stays 40 >asked &
  echo "$!" >asked.pid
  wait_for 10 is Stays stopping
  ends
}

@test "B57: who waits for a stop is answered also where TERM comes meanwhile" {
  agent Last autostart=true "exec=$(stubborn)" startsecs=0
  spawn
  wait_for 10 grep -q up log/Last.log
  background asks "$NODE" -e '
    const socket = require("node:net").connect(process.argv[1]).setEncoding("utf8")
    socket.on("data", text => process.stdout.write(text)).on("close", () => console.log("{}"))
    socket.write(`{"ask":"stop","name":"Last","wait":60}\n`)' "$BOOTAGENT_RUN/BootAgent.sock"
  wait_for 10 is Last stopping
  kill -s TERM "$(cat spawn.pid)"
  touch end
  has_ended
  wait_for 10 test -s asks.out
  same "$(head -n 1 asks.out | jq -c '[.reached, .state]')" '[true,"stoped"]'
}

@test "agent-spawn: TERM ends it though nobody reads its events" {
  agent Flaps autostart=true 'exec="/bin/true"' restartsecs=0 retries=-1
  mkfifo out
  "$SLEEP" 3603 <out &
  echo "$!" >reader.pid
  background spawn bash -c 'exec agent-spawn -d "$BOOTAGENT_CONF" -C "$0" >out' "$(group_name)"
  many() { [ "$(ask '{"ask":"events","after":0,"most":1,"wait":0}' | jq .last)" -gt 1000 ]; }
  wait_for 20 many
  ends
}

@test "B29: HUP starts nothing when the agents are being stopped" {
  agent Stubborn autostart=true "exec=$(stubborn)" startsecs=0 stopsecs=60
  spawn
  wait_for 10 grep -q up log/Stubborn.log
  kill -s TERM "$(cat spawn.pid)"
  wait_for 10 is Stubborn stopping
  agent New autostart=true "exec=\"$SLEEP 3604\"" startsecs=0
  hup
  is Stubborn stopping # and it has been heard
  touch end
  has_ended
  [ ! -e log/New.log ]
}

@test "B29: an agent whose file is gone and comes back while it is being stopped is started again" {
  agent Back autostart=true "exec=$(stubborn)" startsecs=0 stopsecs=60
  spawn
  wait_for 10 grep -q up log/Back.log
  pid=$(status Back pid)
  mv conf/Back.json Back.json
  hup
  wait_for 10 is Back stopping
  mv Back.json conf/Back.json
  hup
  wait_for 10 comes_back
  kill -s KILL "$pid"
  wait_for 10 renewed Back "$pid"
}

comes_back() { ask '{"ask":"explain","name":"Back"}' | jq -e '.lines | index("then it is started, as was asked")'; }

@test "B29: who asks for a start of an agent whose file is gone is refused" {
  agent Gone autostart=true "exec=$(stubborn)" startsecs=0 stopsecs=60
  spawn
  wait_for 10 grep -q up log/Gone.log
  rm conf/Gone.json
  hup
  wait_for 10 is Gone stopping
  same "$(move start Gone | jq -c '[.fault, .error]')" "[\"no\",\"agent 'Gone' is being removed: it has no configuration any more\"]"
  touch end
  is_forgotten() { [ "$(ask '{"ask":"status","names":["Gone"]}' | jq -r .fault)" = no ]; }
  wait_for 10 is_forgotten
}

@test "B51: the end of a process is told with the version that it had" {
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  agent One autostart=true startsecs=0 'version="2.0"'
  hup
  wait_for 10 has One '.version == "2.0" and .status == "running"'
  versions() { ask '{"ask":"events","after":0,"most":1000,"wait":0}' | jq -r --arg kind "$1" '.events[] | select(.kind == $kind) | .extra' | tr '\n' ' '; }
  same "$(versions exit)" '1.0 '
  same "$(versions start)" '1.0 2.0 '
}

@test "B29: a file with a fault is an error in the log" {
  printf 'rubbish' >conf/Broken.json
  spawn
  like "$(cat spawn.err)" "agent-spawn: error: $PWD/conf/Broken.json: "
  mv conf elsewhere
  hup
  wait_for 10 grep -q 'agent-spawn: error: nothing is changed: unable to read' spawn.err
}

@test "B51: where the log is on standard output too, there are no events on it" {
  agent One autostart=true startsecs=0
  rm -f ready && mkfifo ready
  background spawn bash -c 'exec agent-spawn -d "$BOOTAGENT_CONF" -C "$0" --ready-fd 7 -L own.log 7>ready >>own.log' "$(group_name)"
  timeout 20 head -n 1 ready >/dev/null
  wait_for 10 is One running
  ends
  like "$(cat own.log)" "agent 'One': stopped: "
  same "$(grep -c '^{' own.log)" 0
}

@test "agent-spawn: a signal in the last moment of its end changes nothing: the exit status is that of a stop" {
  spawn
  local pid
  pid=$(cat spawn.pid)
  kill -s TERM "$pid"
  while kill -s HUP "$pid" 2>/dev/null && kill -s TERM "$pid" 2>/dev/null; do :; done
  stop spawn
  same "$stopped" 0
}
