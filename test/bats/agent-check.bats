# What an agent says when it is asked how it is.
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

# answers NAME TEXT: the server of socket NAME.sock answers so from now on (see test/servers/agent-health.ts)
answers() {
  printf '%s\n' "$2" >"$1.new"
  mv "$1.new" "$1.way"
  [ -e "$1.pid" ] || {
    background "$1" "$NODE" "$REPO/test/servers/agent-health.ts" "$PWD/$1.sock" "$PWD/$1.way"
    wait_for 10 grep -qx ready "$1.out"
  }
}

# checked NAME MATCH [FIELD=JSON...]: an agent that is asked on NAME.sock each second, or each $INTERVAL
checked() {
  local name=$1 match=$2
  shift 2
  agent "$name" autostart=true startsecs=0 restartsecs=0 retries=-1 "exec=\"/bin/sleep 38$((RANDOM % 90 + 10))\"" single=false \
    "check={\"interval\":${INTERVAL:-1},\"path\":\"$PWD/$name.sock\",\"match\":\"$match\"}" "$@"
}

# beats NAME MESSAGE: writes a heartbeat four times a second, in the background as NAME-beats
beats() {
  background "$1-beats" "$NODE" -e '
    const [path, name, message] = process.argv.slice(1)
    const socket = require("node:net").connect(path, () => console.log("beats"))
    const beat = () => socket.write(JSON.stringify({ agent: { name, version: "1.0" }, message }) + "\r\n")
    beat()
    setInterval(beat, 250)' "$BOOTAGENT_RUN/BootAgent.heartbeat.sock" "$1" "$2"
  wait_for 20 grep -q beats "$1-beats.out"
}

# heard NAME N: so many questions have come
heard() { [ "$(grep -c '^"' "$1.out")" -ge "$2" ]; }

@test "B26: an agent that answers well is asked health and left alone, by string and by regex" {
  INTERVAL=6 # a machine that is busy for 4 s is no fault of the agent
  answers Text good
  answers Regex '{"load":17}'
  answers Longest longest
  checked Text string:good checks=1
  checked Regex 'regex:^\\{\"load\":[0-9]{1,2}\\}$' checks=1
  checked Longest string:good checks=1
  spawn
  for name in Text Regex Longest; do wait_for 30 heard "$name" 2; done
  for name in Text Regex Longest; do
    is "$name" running
    same "$(status "$name" restarts)" 0
    same "$(events check "$name")" ''
    same "$(grep -v ready "$name.out" | sort -u)" '"health\r\n"'
  done
}

@test "B26 B28: each wrong answer is an event, and checks of them in a row are a restart" {
  INTERVAL=3
  answers Wrong bad
  answers Regex 'load: 170'
  checked Wrong string:good checks=2
  checked Regex 'regex:^load: [0-9]{1,2}$' checks=2
  spawn
  wait_for 10 is Wrong running
  first=$(status Wrong pid)
  wait_for 20 counted 2 check Wrong
  wait_for 15 counted 1 restart Wrong
  same "$(events check Wrong | sed -n 1p)" "check failed: answer does not match 'string:good': 'bad'"
  same "$(events abnormal Wrong | sed -n 1p)" \
    "check failed 2 times in a row: answer does not match 'string:good': 'bad'"
  wait_for 10 renewed Wrong "$first"
  dead "$first"
  wait_for 15 counted 2 check Regex
  same "$(events check Regex | sed -n 1p)" "check failed: answer does not match 'regex:^load: [0-9]{1,2}\$': 'load: 170'"
}

@test "B28: one good answer clears the count" {
  INTERVAL=3
  answers Mixed $'bad\ngood\nbad'
  checked Mixed string:good checks=2
  spawn
  wait_for 20 counted 1 abnormal Mixed
  abnormal=$(event abnormal Mixed | head -n 1 | jq .id)
  same "$(event check Mixed | jq "select(.id < $abnormal) | .id" | wc -l)" 3 # and not 2
}

@test "B26: no socket, a hang-up, a half answer, an endless one, one byte too many, none in 70 % of the interval" {
  for name in close half flood long stall drip; do
    answers "$name" "$name"
    checked "$name" string:goo checks=1000
  done
  checked none string:goo checks=1000
  spawn
  wait_for 15 told check none '^check failed: no such socket$'
  wait_for 15 told check close '^check failed: closed without an answer$'
  wait_for 15 told check half "^check failed: closed before the end of its answer: 'goo'\$"
  wait_for 15 told check flood '^check failed: answer is longer than 127 bytes$'
  wait_for 15 told check long '^check failed: answer is longer than 127 bytes$'
  wait_for 15 told check stall '^check failed: no answer within 0.7 s$'
  wait_for 15 told check drip '^check failed: no answer within 0.7 s$'
  for name in close half flood long stall drip none; do is "$name" running; done
}

@test "B28: checksecs is the interval of a check that names none, and 3 failures the default" {
  agent Secs autostart=true startsecs=0 restartsecs=0 retries=-1 checksecs=1 \
    "check={\"path\":\"$PWD/Secs.sock\",\"match\":\"string:good\"}"
  agent Default autostart=true startsecs=0 "exec=\"/bin/sleep 3899.$$\"" \
    "check={\"path\":\"$PWD/Secs.sock\",\"match\":\"string:good\"}"
  spawn
  wait_for 15 counted 1 abnormal Secs
  same "$(events abnormal Secs | sed -n 1p)" 'check failed 3 times in a row: no such socket'
  same "$(events check Default)" ''
  same "$(ask '{"ask":"config"}' | jq -c '.agents[] | select(.name == "Default") | [.check.interval, .checksecs, .checks]')" '[20,20,3]'
}

@test "B69: with checkall an agent is abnormal only when check and heartbeat both fail" {
  answers Both good
  answers Beating bad
  INTERVAL=3 checked Both string:good checks=2 checkall=true 'heartbeat={"interval":1}'
  checked Beating string:good checks=2 checkall=true autostart=false 'heartbeat={"interval":3}'
  spawn
  beats Beating ok
  move start Beating >/dev/null
  wait_for 15 counted 4 check Both    # no heartbeat, but its answers are good
  wait_for 15 counted 4 check Beating # its answers are wrong, but it beats
  is Both running
  is Beating running
  same "$(status Both restarts)$(status Beating restarts)" 00
  answers Both bad
  wait_for 15 counted 1 restart Both
  like "$(events abnormal Both | sed -n 1p)" \
    "^check failed [0-9]+ times in a row: answer .*; heartbeat failed [0-9]+ times in a row: none within 1 s$"
}
