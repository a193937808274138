# The heartbeats of an agent.
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

# say TEXT: what the heartbeat socket answers to it
say() {
  "$NODE" -e '
    const socket = require("node:net").connect(process.argv[1]).setEncoding("utf8")
    let text = ""
    socket.on("data", chunk => (text += chunk)).on("end", () => process.stdout.write(text))
    socket.end(process.argv[2])' "$BOOTAGENT_RUN/BootAgent.heartbeat.sock" "$1"
}

@test "B27: heartbeats on time leave an agent alone; without them each interval is an event, and checks of them a restart" {
  agent Beats startsecs=0 restartsecs=0 checks=2 "exec=\"/bin/sleep 3821.$$\"" 'heartbeat={"interval":2}'
  agent Silent autostart=true startsecs=0 restartsecs=0 checks=2 "exec=\"/bin/sleep 3822.$$\"" 'heartbeat={"interval":2}'
  spawn
  beats Beats ok
  move start Beats >/dev/null
  wait_for 10 has Silent '.pid != null'
  first=$(status Silent pid)
  wait_for 15 counted 2 check Silent
  same "$(events check Silent | sed -n 1p)" 'heartbeat failed: none within 2 s'
  wait_for 10 renewed Silent "$first"
  same "$(events abnormal Silent | sed -n 1p)" 'heartbeat failed 2 times in a row: none within 2 s'
  is Beats running
  same "$(status Beats restarts)" 0
  alive "$(cat Beats-beats.pid)"
}

@test "B27: a heartbeat that comes late is a failure and no end, and clears the count" {
  agent Late autostart=true startsecs=0 restartsecs=0 checks=3 "exec=\"/bin/sleep 3823.$$\"" 'heartbeat={"interval":3}'
  spawn
  wait_for 15 counted 1 check Late
  beats Late ok
  is Late running
  same "$(status Late restarts)" 0
  stop Late-beats
  wait_for 30 counted 1 abnormal Late
  same "$(events abnormal Late)" 'heartbeat failed 3 times in a row: none within 3 s'
  [ "$(event check Late | jq -s "map(select(.id < $(event abnormal Late | jq .id))) | length")" -ge 4 ]
}

@test "B27: a message that does not match is no heartbeat, and told as what was wrong" {
  agent Match autostart=true startsecs=0 checks=1000 "exec=\"/bin/sleep 3824.$$\"" 'heartbeat={"interval":2,"match":"string:ok"}'
  agent Good startsecs=0 checks=1 "exec=\"/bin/sleep 3825.$$\"" 'heartbeat={"interval":3,"match":"regex:^ok [0-9]+$"}'
  spawn
  beats Good 'ok 17'
  move start Good >/dev/null
  beats Match 'not well'
  wait_for 15 told check Match "^heartbeat failed: message does not match 'string:ok': 'not well'\$"
  is Good running
  same "$(status Good restarts)" 0
}

@test "B27 B57: an unknown agent, garbage and requests are answered on the heartbeat socket with why, and nothing else" {
  agent One autostart=true startsecs=0 'heartbeat={"interval":60}'
  spawn
  wait_for 10 is One running
  same "$(say $'{"agent":{"name":"Nobody","version":"1"},"message":"x"}\r\n')" \
    "{\"ok\":false,\"fault\":\"no\",\"error\":\"there is no agent 'Nobody'\"}"
  same "$(say $'{"agent":{"name":"One","version":"1.0"},"message":"ok"}\r\n')" ''
  same "$(say $'{"ask":"stop","name":"One","wait":0}\n' | jq -r .fault)" data
  same "$(say $'{"ask":"status","names":[]}\n' | jq -r '[.ok, .fault] | tostring')" '[false,"data"]'
  same "$(say $'rubbish\n\x01\xff\n' | jq -r .fault)" $'data\ndata'
  like "$(say "$(printf '%5000s' x)" | jq -r .error)" 'the line has more than 1024 bytes'
  is One running
}

@test "B27: a flood of one client is dropped, while another one's heartbeats count" {
  agent Flood autostart=true startsecs=0 checks=1000 "exec=\"/bin/sleep 3826.$$\"" 'heartbeat={"interval":60}'
  agent Beats startsecs=0 checks=1 "exec=\"/bin/sleep 3827.$$\"" 'heartbeat={"interval":5}'
  spawn
  beats Beats ok
  move start Beats >/dev/null
  background flood "$NODE" -e '
    const socket = require("node:net").connect(process.argv[1])
    const lines = (JSON.stringify({ agent: { name: "Flood", version: "1.0" }, message: "x" }) + "\r\n").repeat(1000)
    const more = () => { while (socket.write(lines)); }
    socket.on("drain", more).on("connect", more)' "$BOOTAGENT_RUN/BootAgent.heartbeat.sock"
  wait_for 15 grep -q 'more than 10 heartbeats a second from one client' spawn.err
  from=$(status Beats uptime)
  wait_for 20 has Beats ".uptime >= $from + 6" # more than one interval
  alive "$(cat flood.pid)"
  is Beats running
  same "$(status Beats restarts)" 0
  same "$(events check Beats)" ''
  [ "$(grep -c 'heartbeats a second' spawn.err)" -le 3 ]
}
