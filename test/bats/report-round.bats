# The reports of a host: agent-spawn, report-round, agent-report and a server.
# shellcheck shell=bash
load helpers
load agents
load mock-server

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
}

# requests TYPE [FILTER]: what the server got
requests() {
  jq -rc "select(.type == \"$1\") | .body | ${2:-.}" server.out
}

# spawn_for SERVERS [OPTION...]: agent-spawn on its first start, with these servers
spawn_for() {
  BOOTAGENT_SERVERS=$1
  export BOOTAGENT_SERVERS
  shift
  spawn "$@"
}

@test "report-round: wrong usage" {
  cmd 64 report-round -x
  same "$stderr" "report-round: usage: unknown option '-x'"
  cmd 64 report-round x
  cmd 0 report-round -h
}

@test "report-round: no agent-spawn: 69, and nobody is asked" {
  cmd 69 report-round
  like "$stderr" 'bootctl: fatal: agent-spawn is not running'
}

@test "B52 B53 B55: a host registers at its first report, and its MetaFile is written when that was answered" {
  start_server server --tags svc=ecs
  agent One autostart=true startsecs=0
  spawn_for "127.0.0.1:$port,"
  wait_for 10 is One running
  cmd 1 test -e base/metafile
  cmd 0 bootctl sync
  like "$stderr" 'bootctl: info: a server has answered'
  sn=$(requests register .agentsn)
  same "$(requests status .agentsn)" "$sn"
  same "$(cat base/metafile)" "AgentSN:$sn
Tags:svc=ecs
ServerList:127.0.0.1:$port"
  same "$(requests status '.agents[] | [.name, .version, .status]')" '["One","1.0","running"]'
  like "$(requests status '.events[].message')" 'started: pid '
  cmd 0 bootctl sync
  same "$(requests register .agentsn | wc -l)" 1
  stop spawn
  spawn
  cmd 0 bootctl sync
  same "$(requests register .agentsn | wc -l)" 1
  same "$(requests status .agentsn | sort -u)" "$sn"
}

@test "B51: an event is delivered once, and again only where no server had answered" {
  start_server server --fault 500 --first 1
  mkdir base
  printf 'AgentSN:33c5b8b4-5a2c-43c5-ab90-96721451b4ec\nServerList:127.0.0.1:%s\n' "$port" >base/metafile
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  wait_for 20 bootctl sync
  cmd 0 bootctl sync
  same "$(jq -c 'select(.type == "status" and .fault == "500") | .body.events | length > 0' server.out)" true
  same "$(jq -c 'select(.type == "status" and .fault == null) | .body.events[]?.message' server.out | grep -c 'running: up')" 1
}

@test "B11: nobody answers: it is said, it is tried again, and the agents do not mind" {
  agent One autostart=true startsecs=0
  spawn_for '127.0.0.1:1'
  wait_for 10 is One running
  cmd 69 bootctl sync
  like "$(cat spawn.err)" 'agent-report: fatal: no server answered'
  like "$(cat spawn.err)" 'agent-spawn: warn: no report: report-round ended with status 69'
  is One running
}

@test "B55: without any server nothing is reported, and sync says so" {
  spawn
  cmd 69 bootctl sync
  same "$stderr" 'bootctl: warning: there is no server'
}

@test "B5: a MetaFile that is torn is told, line by line, and what is left of it counts" {
  start_server server
  mkdir base
  printf 'AgentSN:rubbish\nServerList:127.0.0.1:%s\nwhat' "$port" >base/metafile
  spawn
  like "$(cat spawn.err)" "base/metafile:1: the AgentSN 'rubbish' is no UUID"
  cmd 0 bootctl sync
  same "$(requests register .agentsn)" "$(sed -n 's/^AgentSN://p' base/metafile)"
}

@test "B57: what is no answer of a server is not applied" {
  spawn
  same "$(ask '{"ask":"apply","reply":{"agentsn":"x","events":1}}' | jq -r .error)" "field 'reply.agentsn' is not a UUID"
  cmd 69 bootctl apply </dev/null
  same "$stderr" 'bootctl: fatal: no server has answered'
}

@test "agent-report runs as whom BOOTAGENT_REPORT_USER names" {
  need_root
  start_server server
  mkdir base
  printf 'AgentSN:33c5b8b4-5a2c-43c5-ab90-96721451b4ec\nServerList:127.0.0.1:%s\n' "$port" >base/metafile
  spawn
  BOOTAGENT_REPORT_USER=nobody cmd 0 report-round
  same "$(requests status .agentsn)" 33c5b8b4-5a2c-43c5-ab90-96721451b4ec
}

@test "B10 B11: the step and the retry delay are set on the host, within their bounds" {
  BOOTAGENT_STEP=179 cmd 78 agent-spawn -d "$BOOTAGENT_CONF"
  same "$stderr" "agent-spawn: fatal: BOOTAGENT_STEP is not a number of seconds from 180 to 3600: '179'"
  BOOTAGENT_RETRY=1h cmd 78 agent-spawn -d "$BOOTAGENT_CONF"
  same "$stderr" "agent-spawn: fatal: BOOTAGENT_RETRY is not a number of seconds from 60 to 3600: '1h'"
  BOOTAGENT_RETRY=3601 cmd 78 agent-spawn -T -d "$BOOTAGENT_CONF"
  export BOOTAGENT_STEP=3600 BOOTAGENT_RETRY=60
  spawn
  same "$(bootctl report | jq .step)" 3600
}

@test "B57: what cannot be brought to agent-spawn keeps no other task from it" {
  agent One startsecs=0
  spawn
  {
    printf '{"type":"task","id":"big","action":"start","name":"One","version":"1.0","more":"'
    head -c 70000 /dev/zero | tr '\0' x
    printf '"}\nno record\n{"type":"task","id":"t1","action":"start","name":"One","version":"1.0"}\n'
  } >tasks
  cmd 65 bootctl apply <tasks
  like "$stderr" "bootctl: warning: line 1: the line has more than 65536 bytes
bootctl: warning: line 2: not JSON"
  wait_for 10 is One running
}

@test "B58: who asks for a report while another one is under way is told what came of the next one" {
  start_server server --fault stall --first 1
  mkdir base
  printf 'AgentSN:33c5b8b4-5a2c-43c5-ab90-96721451b4ec\nServerList:127.0.0.1:%s\n' "$port" >base/metafile
  export BOOTAGENT_REPORT='-t 3'
  spawn
  background first bootctl sync
  wait_for 10 grep -q stall server.out
  cmd 0 bootctl sync
  like "$stderr" 'bootctl: info: a server has answered'
  wait_for 10 grep -q 'no server answered\|ended with status 69' first.err
}

@test "B51: an answer to a report of an earlier agent-spawn delivers nothing of this one" {
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  cmd bootctl report
  same "$(jq -r '.events[0].id' <<<"$output")" 1
  reply() { jq -cn --arg run "$1" '{ask: "apply", reply: {agentsn: "33c5b8b4-5a2c-43c5-ab90-96721451b4ec", run: $run, events: 1}}'; }
  ask "$(reply 11111111-1111-4111-8111-111111111111)"
  same "$(bootctl report | jq -r '.events[0].id')" 1
  ask "$(reply "$(jq -r .run <<<"$output")")"
  same "$(bootctl report | jq -r '.events[0].id')" 2
}
