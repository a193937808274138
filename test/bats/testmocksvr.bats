load helpers
load mock-server

setup() { clean_place; }
teardown() { stop_all; }

SN=33c5b8b4-5a2c-43c5-ab90-96721451b4ec

# post PATH BODY [OPTION...]: the answer, and its HTTP status on the last line
post() {
  local path=$1 body=$2
  shift 2
  cmd curl -s --data-binary "$body" -w '\n%{http_code}\n' "$@" "http://127.0.0.1:$port/api/v1/agent/$path"
}

@test "B62: testmocksvr: -h, wrong usage, a port that is taken" {
  cmd "$REPO/contrib/testmocksvr" -h
  like "$output" '--fault FAULT'
  like "$output" '  redirect  '
  cmd 64 "$REPO/contrib/testmocksvr" --fault nothing
  like "$stderr" "'nothing' is no fault"
  cmd 64 "$REPO/contrib/testmocksvr" --tls cert.pem
  start_server one
  cmd 74 "$REPO/contrib/testmocksvr" -l "127.0.0.1:$port" </dev/null
  like "$stderr" 'address already in use'
}

@test "B62: testmocksvr: what is wrong with a request is answered, in the form of the protocol" {
  start_server one
  post status '{"hostname":"x"'
  same "${lines[1]} ${lines[0]}" '400 {"status":2,"message":"bad request","cause":"unmarshal body failed"}'
  post status "{\"hostname\":\"x\",\"agentsn\":\"$SN\"}"
  same "${lines[1]} ${lines[0]}" '200 {"status":2,"message":"bad request","cause":"the field version is missing"}'
  post register '{"hostname":"x","ipaddr":"127.0.0.1","agentsn":"me"}'
  same "${lines[1]} ${lines[0]}" '200 {"status":2,"message":"bad request","cause":"the agentsn is no UUID"}'
  post other '{}'
  same "${lines[1]}" 404
  post register "{\"hostname\":\"x\",\"ipaddr\":\"1\",\"agentsn\":\"$SN\"}" -H 'Content-Encoding: gzip'
  same "${lines[1]}" 415
  head -c 65537 /dev/zero >large
  post status @large
  same "${lines[1]}" 413
}

@test "B62 B67: testmocksvr --gzip: a request in gzip is understood, one that only says so is refused" {
  start_server one --gzip
  printf '{"hostname":"x","ipaddr":"1","agentsn":"%s"}' "$SN" | gzip >packed
  post register @packed -H 'Content-Encoding: gzip'
  same "${lines[1]}" 200
  same "$(jq -c '[.gzip, .body.hostname]' one.out)" '[true,"x"]'
  post register '{"hostname":"x"}' -H 'Content-Encoding: gzip'
  same "${lines[1]} ${lines[0]}" '400 {"status":2,"message":"bad request","cause":"unmarshal body failed"}'
  head -c 100000 /dev/zero | gzip >bomb
  post register @bomb -H 'Content-Encoding: gzip'
  same "${lines[1]}" 400
}

@test "B62: testmocksvr: tasks go to one host or to all, once; bad ones are told; it outlives its stdin, and TERM ends it" {
  start_server one --status 3
  give one '{"id":"all","action":"stop"}' '{"to":"b","id":"b","action":"stop"}'
  local host
  for host in a b a; do
    cmd agent-report < <(snapshot "127.0.0.1:$port" ".hostname = \"$host\" | .agentsn |= sub(\"^.\"; \"$host\")")
    jq -r --arg host "$host" 'select(.type == "task") | "\($host) \(.id)"' <<<"$output" >>given
  done
  give one "{\"to\":\"a${SN:1}\",\"id\":\"by-agentsn\",\"action\":\"stop\"}"
  for host in b a; do
    cmd agent-report < <(snapshot "127.0.0.1:$port" ".hostname = \"$host\" | .agentsn |= sub(\"^.\"; \"$host\")")
    jq -r --arg host "$host" 'select(.type == "task") | "\($host) \(.id)"' <<<"$output" >>given
  done
  same "$(<given)" 'a all
b all
b b
a by-agentsn'
  echo nonsense >>one.tasks
  wait_for 10 grep -q 'warning: line 4: not a JSON object' one.err
  stop one
  same "$stopped" 0
  background two "$REPO/contrib/testmocksvr" -l 127.0.0.1:0 </dev/null
  wait_for 20 grep -q listening two.err
  port=$(sed -n 's/.*:\([0-9]*\)$/\1/p' two.err)
  cmd agent-report < <(snapshot "127.0.0.1:$port")
}

# tasks_for [JQ]: the ids of the tasks that the answer to a report has, of a snapshot changed by the jq expression
tasks_for() {
  agent-report < <(snapshot "127.0.0.1:$port" "${1:-.}") | jq -r 'select(.type == "task") | .id'
}

@test "B62: testmocksvr --again: a task is given until its end was told, to each host" {
  start_server server --again
  give server '{"id":"a","action":"start"}'
  local i
  for i in 1 2; do same "$(tasks_for)" a; done
  same "$(tasks_for '.tasks = [{ id: "a", errcode: -1, message: "START" }]')" a
  same "$(tasks_for '.tasks = [{ id: "a", errcode: 0, message: "done" }]')" ''
  same "$(tasks_for)" ''
  same "$(tasks_for '.agentsn = "11111111-1111-4111-8111-111111111111"')" a
}

@test "B62: testmocksvr: faults for the first requests only, or for a share of them" {
  start_server one --fault 500 --first 1
  cmd 69 agent-report < <(snapshot "127.0.0.1:$port")
  cmd agent-report < <(snapshot "127.0.0.1:$port")
  same "$(jq -r .fault one.out | xargs)" '500 null'
  start_server two --fault hangup --share 33
  local round
  for round in {1..40}; do post status '{}' || :; done
  local met
  met=$(grep -c '"fault":"hangup"' two.out)
  printf '%s of 40\n' "$met"
  [ "$met" -gt 4 ] && [ "$met" -lt 24 ]
}
