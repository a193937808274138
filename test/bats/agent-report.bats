load helpers
load mock-server

SN=33c5b8b4-5a2c-43c5-ab90-96721451b4ec

setup() { clean_place; }
teardown() { stop_all; }

# reports SNAPSHOT [OPTION...]: it is reported, without a word on stderr
reports() {
  local snapshot=$1
  shift
  cmd "${beside[@]}" agent-report "$@" <<<"$snapshot"
  same "$stderr" ''
}

# fails MESSAGE [OPTION...]: the one server at $port is a failed one, for this reason
fails() {
  local reason=$1
  shift
  cmd 69 agent-report "$@" < <(snapshot "127.0.0.1:$port")
  same "$stderr" "agent-report: warning: server '127.0.0.1:$port': $reason
agent-report: fatal: no server answered"
  cmd jq -e '.type == "error" and .level == "fatal" and .command == "agent-report"' <<<"$output"
}

@test "agent-report: wrong usage and unknown options" {
  cmd 64 agent-report --nothing
  like "$stderr" '^agent-report: usage: '
  cmd 64 agent-report -t 0
  cmd 64 agent-report --pin abc
  like "$stderr" "'abc' is not the SHA-256 of a public key"
  cmd 64 agent-report file
}

@test "agent-report: no snapshot, a bad line, a second snapshot; other records pass through" {
  cmd 65 agent-report </dev/null
  same "$stderr" 'agent-report: fatal: there is no snapshot on standard input'
  start_server one
  { echo '{"type":"other","x":1}'; echo nonsense; snapshot "127.0.0.1:$port"; snapshot "127.0.0.1:$port"; } >input
  cmd 65 agent-report <input
  same "$stderr" 'agent-report: warning: line 2: not JSON
agent-report: warning: line 4: a second snapshot: only the first one is reported'
  same "$(jq -rc .type <<<"$output" | xargs)" 'other error error reply'
  same "$(wc -l <one.out)" 1
  cmd 65 agent-report <<<'{"type":"snapshot","hostname":7}'
  like "$stderr" "warning: line 1: field 'agentsn' is missing"
  cmd 65 agent-report < <(snapshot "127.0.0.1:$port" '.hostname = "h" * 256')
  like "$stderr" "warning: line 1: field 'hostname' is longer than 255 characters"
}

@test "agent-report: a closed stdout is no fault" {
  start_server one
  snapshot "127.0.0.1:$port" >input
  cmd bash -c 'set -o pipefail; { agent-report <input; echo $? >status; } | exec 0<&-'
  same "$(<status)" 0
}

@test "B52: a host that is not registered registers first, and is known by the answer" {
  start_server one --tags svc=ecs,cmpt=DB
  reports "$(snapshot "127.0.0.1:$port" '.registered = false')"
  cmd jq -e --arg sn "$SN" --arg server "127.0.0.1:$port" \
    '.type == "reply" and .agentsn == $sn and .server == $server and .tags == "svc=ecs,cmpt=DB" and .status == 0' <<<"$output"
  same "$(jq -c .body one.out | head -n 1)" "{\"hostname\":\"host1\",\"ipaddr\":\"127.0.0.1\",\"agentsn\":\"$SN\"}"
  same "$(jq -r .type one.out | xargs)" 'register status'
}

@test "B52: two hosts with one AgentSN: the second one gets another, and reports under it" {
  start_server one
  reports "$(snapshot "127.0.0.1:$port" '.registered = false')"
  reports "$(snapshot "127.0.0.1:$port" '.registered = false | .hostname = "host2"')"
  local given
  given=$(jq -r .agentsn <<<"$output")
  like "$given" '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
  [ "$given" != "$SN" ]
  same "$(jq -r .body.agentsn one.out | xargs)" "$SN $SN $SN $given"
}

@test "B53: the status carries what the snapshot has; the reply says what was delivered" {
  start_server one
  snapshot "127.0.0.1:$port" '.tasks = [{id: "a", errcode: -1, message: "START"}, {id: "b", errcode: 0, message: "success"}]
    | .events = [{id: 4, timestamp: 100, category: "agent", subject: "x", extra: null, message: "m"}]' >input
  reports "$(<input)"
  cmd jq -e '.events == 4 and .tasks == ["b"] and .tags == null and .offered == 0 and .gzip == false and .seconds >= 0' <<<"$output"
  cmd jq -e --slurpfile sent one.out '$sent[0].body as $body
    | $body.hostname == .hostname and $body.agentsn == .agentsn and $body.version == .version and $body.feature == .feature
    and $body.uptime == .uptime and $body.step == .step and $body.stats == .stats and $body.agents == .agents
    and ($body.tasks | map(.id) | sort) == ["a", "b"] and $body.events == [{timestamp: 100, category: "agent", subject: "x", message: "m", id: 4}]
    and ($body.timestamp - now | fabs) < 60 and ($sent | length) == 1' input
}

@test "B53: tasks come as they are, with their type, after the reply; what is none is told" {
  start_server one
  give one '{"id":"1","action":"install","name":"A","version":"0.1.0","parameter":{"type":"fork","envs":{"PATH":"/bin"}},"type":"mine"}' \
    '{"id":"1","action":"stop","__proto__":{"x":1}}' \
    '{"action":"stop"}' '{"id":7,"action":"stop"}' '{"id":"2"}' \
    '{"id":"3","action":"start","to":"host1"}' '{"id":"4","action":"start","to":"host2"}'
  cmd agent-report < <(snapshot "127.0.0.1:$port")
  same "$stderr" "agent-report: warning: server '127.0.0.1:$port': task 3 of its answer is ignored: it has no id
agent-report: warning: server '127.0.0.1:$port': task 4 of its answer is ignored: it has no id
agent-report: warning: server '127.0.0.1:$port': task 5 of its answer is ignored: it has no action"
  same "$(tail -n +2 <<<"$output")" '{"type":"task","id":"1","action":"install","name":"A","version":"0.1.0","parameter":{"type":"fork","envs":{"PATH":"/bin"}}}
{"type":"task","id":"1","action":"stop","__proto__":{"x":1}}
{"type":"task","id":"3","action":"start"}'
  cmd jq -e '.offered == 6' <<<"${lines[0]}"
  reports "$(snapshot "127.0.0.1:$port")"
  cmd jq -es 'length == 1 and .[0].offered == 0' <<<"$output"
}

@test "B53: a status that is not 0 is told, and the tasks are taken all the same" {
  start_server one --fault 'json:{"status":2,"message":"common error type","cause":"unmarshal body failed","tasks":[{"id":"1","action":"stop"}]}'
  cmd agent-report < <(snapshot "127.0.0.1:$port")
  same "$stderr" "agent-report: warning: server '127.0.0.1:$port': it answered with status 2: common error type: unmarshal body failed"
  cmd jq -es '.[0].status == 2 and .[0].message == "common error type: unmarshal body failed" and .[0].offered == 1
    and .[1] == {type: "task", id: "1", action: "stop"}' <<<"$output"
}

@test "B52: a registration that is refused or wrong is a failed server; tags that are no tags are told" {
  local faults=('json:{"status":3,"message":"not allowed"}' 'json:{"status":0,"agentsn":"me"}' 'json:{"agentsn":"me"}'
    'json:{"status":0,"tags":"a=b\nAgentSN:x"}')
  local told
  start_server one "${faults[@]/#/--fault=}"
  for told in 'the registration was refused with status 3: not allowed' 'the agentsn of the answer is no UUID' \
    'the answer has no status'; do
    cmd 69 agent-report < <(snapshot "127.0.0.1:$port" '.registered = false')
    same "$stderr" "agent-report: warning: server '127.0.0.1:$port': $told
agent-report: fatal: no server answered"
  done
  stop one
  start_server one --first 1 "--fault=${faults[3]}"
  cmd agent-report < <(snapshot "127.0.0.1:$port" '.registered = false')
  same "$stderr" "agent-report: warning: server '127.0.0.1:$port': the tags have control characters"
  cmd jq -e '.tags == null' <<<"$output"
}

@test "B55: servers are tried in their order, two of three are down, each failure is told" {
  start_server one
  local good=$port down
  down=$(free_port)
  start_server two --fault 500
  cmd agent-report < <(snapshot "127.0.0.1:$down,127.0.0.1:$port,127.0.0.1:$good")
  same "$stderr" "agent-report: warning: server '127.0.0.1:$down': connection refused
agent-report: warning: server '127.0.0.1:$port': the answer has HTTP status 500"
  cmd jq -e --arg server "127.0.0.1:$good" '.server == $server' <<<"$output"
  reports "$(snapshot "127.0.0.1:$good,127.0.0.1:$down")"
  same "$(wc -l <two.out)" 1
}

@test "B55: wrong entries and names that do not resolve are failed servers; a list may be empty" {
  start_server one
  cmd agent-report < <(snapshot "a:b,me:secret@c,nowhere.invalid:1,127.0.0.1:$port,127.0.0.1:$port")
  same "$stderr" "agent-report: warning: server 'a:b' is not HOST:PORT
agent-report: warning: server '***@c' has a login, which no server takes
agent-report: warning: server 'nowhere.invalid:1': the name does not resolve"
  reports "$(snapshot "localhost:$port")"
  cmd 69 agent-report < <(snapshot '' '.servers = []')
  same "$stderr" 'agent-report: fatal: there is no server to report to'
}

@test "B54: a server that answers wrongly is a failed one" {
  local faults=(stall slow hangup garbage 500 redirect:http://127.0.0.1:1/ html empty json:null 'json:[]' 'json:{}'
    'json:{"status":"0"}' 'json:{"status":0,"tasks":{}}' deep cut)
  start_server one "${faults[@]/#/--fault=}"
  fails 'no whole answer within 1 seconds' -t 1
  fails 'no whole answer within 1 seconds' -t 1
  fails 'the connection was closed without an answer'
  fails 'the answer is not HTTP: not an HTTP/1 status line'
  fails 'the answer has HTTP status 500'
  fails "the answer has HTTP status 302, a redirect to 'http://127.0.0.1:1/', which is not followed"
  fails 'the answer is not JSON'
  fails 'the answer is not JSON'
  fails 'the answer is no object'
  fails 'the answer is no object'
  fails 'the answer has no status'
  fails 'the answer has no status'
  fails 'the tasks of the answer are no list'
  fails 'the answer has more than 32 objects inside one another'
  cmd 69 agent-report < <(snapshot "127.0.0.1:$port")
  like "$stderr" 'the connection was closed after [0-9]+ bytes of [0-9]+'
}

@test "B9: a reply over 64 KiB is not taken, packed or not; the limit can be set" {
  start_server one --fault huge --fault endless --fault bomb --fault huge
  local fault
  for fault in huge endless bomb; do fails 'the answer is larger than 65536 bytes'; done
  cmd agent-report --reply-limit 2M < <(snapshot "127.0.0.1:$port")
}

@test "B9: a request is at most 64 KiB, the rest waits for the next report" {
  start_server one
  snapshot "127.0.0.1:$port" '.events = [range(1; 1001) | {id: ., timestamp: 100, category: "agent", subject: "x", extra: "1", message: ("m" * 200)}]' >input
  local from=0 reports=0
  while [ "$from" -lt 1000 ]; do
    cmd agent-report < <(jq -c --argjson from "$from" '.events |= map(select(.id > $from))' input)
    same "$stderr" ''
    from=$(jq .events <<<"$output") reports=$((reports + 1))
    [ "$reports" -lt 10 ]
  done
  cmd jq -es 'map(.body.events[].id) == [range(1; 1001)]' one.out
  cmd agent-report --request-limit 4k <input
  cmd jq -e '.events > 0 and .events < 16' <<<"$output"
}

@test "B9: a host that has had no server for long reports all that it has kept, each event once, report after report" {
  start_server one
  snapshot "127.0.0.1:$port" '.events = [range(1; 301) | {id: ., timestamp: 100, category: "agent", subject: "x", extra: "1", message: ("\u0001" * 700)}]
    | .tasks = [range(100) | {id: "ddc8a9b9-55bd-4ddd-b53d-\(. + 100000000000)", errcode: 302, message: ("m" * 500)}]' >input
  [ "$(wc -c <input)" -gt 1300000 ]
  local reports=0
  until [ "$(jq '(.events | length) + (.tasks | length)' input)" -eq 0 ]; do
    cmd agent-report <input
    same "$stderr" ''
    jq -c --slurpfile reply <(printf '%s\n' "$output") '$reply[0] as $reply | .events |= map(select(.id > $reply.events))
      | .tasks |= map(select(.id as $id | $reply.tasks | index($id) | not))' input >left
    mv left input
    reports=$((reports + 1))
    [ "$reports" -lt 60 ]
  done
  cmd jq -es 'map(.body.events[].id) == [range(1; 301)] and (map(.body.tasks[].id) | length == 100 and (unique | length) == 100)' one.out
}

@test "B9: 1,000 agents: each report carries a part of them, and room is left for results and events" {
  start_server one
  snapshot "127.0.0.1:$port" '.events = [range(1; 9) | {id: ., timestamp: 100, category: "agent", subject: "x", extra: "1", message: "m"}]
    | .tasks = [{id: "a", errcode: 0, message: "success"}] | .step = 1
    | .agents = [range(1000) | {name: "agent-\(.)", version: "1.2.3-4.x86_64", status: "running", uptime: 1234567, resource: {cpu: 12.5, rss: 123456, fds: 123}}]' >input
  # A step is a second here, so that each report is of another one, by and by.
  all_told() {
    agent-report <input >>reply 2>>told && jq -es '[.[].body.agents[].name] | unique | length == 1000' one.out
  }
  wait_for 60 all_told
  cmd jq -es 'all(.[]; (.body.events | length) == 8 and (.body.tasks | length) == 1
    and (.body.agents | length) < 1000)' one.out
  cmd grep -q "[0-9] agents wait for a later report: this one would be too large$" told
}

@test "B53: 1,000 tasks in one reply, all are passed on; more are counted" {
  start_server one --fault "json:$(jq -nc '{status: 0, tasks: [range(1000) | {id: "\(.)", action: "stop", name: "a", version: "1"}]}')"
  reports "$(snapshot "127.0.0.1:$port")"
  same "$(jq -r .type <<<"$output" | sort | uniq -c | xargs)" '1 reply 1000 task'
  start_server one --fault "json:$(jq -nc '{status: 0, tasks: [range(2000) | {id: "\(.)", action: "a"}]}')"
  cmd agent-report < <(snapshot "127.0.0.1:$port")
  same "$stderr" "agent-report: warning: server '127.0.0.1:$port': it gave 2000 tasks: those after 1000 are ignored"
  same "$(jq -r .type <<<"$output" | sort | uniq -c | xargs)" '1 reply 1000 task'
  same "$(jq .offered <<<"${lines[0]}")" 2000
}

@test "B67: gzip to a server that has said it takes it, and plain where it no longer does" {
  local events='.events = [range(1; 100) | {id: ., timestamp: 100, category: "agent", subject: "x", extra: "1", message: ("m" * 200)}]'
  start_server one --gzip
  reports "$(snapshot "127.0.0.1:$port" "$events")"
  cmd jq -e '.gzip == true and .events == 99' <<<"$output"
  reports "$(snapshot "127.0.0.1:$port" "$events | .gzip = \"127.0.0.1:$port\"")"
  reports "$(snapshot "127.0.0.1:$port" "$events | .gzip = \"127.0.0.1:1\"")"
  reports "$(snapshot "127.0.0.1:$port" "$events | .registered = false")" # its answer to the registration says so
  same "$(jq -r '"\(.type) \(.gzip) \(.body.events | length)"' one.out)" 'status false 99
status true 99
status false 99
register false 0
status true 99'
  start_server two
  reports "$(snapshot "127.0.0.1:$port" "$events | .gzip = \"127.0.0.1:$port\"")"
  cmd jq -e '.gzip == false and .events == 99' <<<"$output"
  same "$(jq -r '"\(.type) \(.gzip)"' two.out)" 'status false'
}

@test "B66: a name server that never answers does not hold up the next server, nor the end" {
  need_root
  need unshare nsenter ip getent
  printf 'nameserver 127.0.0.1\noptions timeout:30 attempts:5\n' >resolv.conf
  printf '127.0.0.1 localhost\n127.0.0.9 two\n127.0.0.1 two\n' >hosts
  cat >dns.sh <<'END'
ip link set lo up && mount --bind resolv.conf /etc/resolv.conf && mount --bind hosts /etc/hosts || exit
exec "$NODE" -e 'require("node:dgram").createSocket("udp4").on("message", () => console.log("asked")).bind(53, "127.0.0.1", () => console.log("up"))'
END
  unshare --net --mount --propagation private true 2>/dev/null || skip 'needs namespaces'
  NODE=$NODE background dns unshare --net --mount --propagation private sh dns.sh
  wait_for 20 grep -q up dns.out
  local beside=(nsenter -t "$(cat dns.pid)" -n -m "--wd=$PWD")
  start_server one
  cmd "${beside[@]}" agent-report -t 1 < <(snapshot "booter.example.com,127.0.0.1:$port")
  same "$stderr" "agent-report: warning: server 'booter.example.com:8180': no answer about its name within 1 seconds"
  cmd grep -q asked dns.out
  # of two addresses the first one refuses
  reports "$(snapshot "two:$port")"
}

@test "agent-report: no file is written and no privilege is needed: as nobody, where all is read-only" {
  need_root
  need unshare setpriv openssl
  load certificates
  make_ca ca
  make_certificate server ca IP:127.0.0.1
  start_server plain
  local plain=$port
  start_server secure --tls server.pem,server.key
  cat >readonly.sh <<'END2'
for at in $(cut -d ' ' -f 5 /proc/self/mountinfo); do mount -o remount,bind,ro "$(printf '%b' "$at")" 2>/dev/null; done
for at in /tmp /var/tmp /dev/shm "$PWD" /run; do if touch "$at/written" 2>/dev/null; then rm "$at/written"; exit 2; fi; done
exec 7<ca.pem # the place of this test is root's alone
exec setpriv --reuid nobody --regid nogroup --clear-groups --bounding-set=-all --no-new-privs "$@"
END2
  local beside=(unshare --mount --propagation private sh readonly.sh)
  "${beside[@]}" true || skip 'needs mount namespaces where all can be read-only'
  reports "$(snapshot "127.0.0.1:$plain" '.registered = false')"
  same "$(jq -r .type plain.out | xargs)" 'register status'
  reports "$(snapshot "127.0.0.1:$port")" --ca /dev/fd/7
  cmd jq -e '.type == "reply" and .status == 0' <<<"$output"
}
