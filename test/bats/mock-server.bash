# The server that agent-report speaks to, contrib/testmocksvr, in all its moods.
# shellcheck shell=bash

# start_server NAME [OPTION...]: it listens on 127.0.0.1, the port in $port; NAME.out has its reports. Where the test has set
# "${beside[@]}", it runs by that.
start_server() {
  local name=$1
  shift
  [ ! -e "$name.pid" ] || stop "$name"
  rm -f "$name.err"
  : >"$name.tasks"
  # shellcheck disable=SC2016 # for the inner shell
  background "$name" bash -c 'exec "$@" < <(exec tail -q -n +1 -F --pid=$$ "$0" 2>/dev/null)' "$name.tasks" \
    "${beside[@]}" "$REPO/contrib/testmocksvr" -l 127.0.0.1:0 "$@"
  wait_for 20 grep -q 'listening on' "$name.err" || {
    cat "$name.err"
    return 1
  }
  port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$name.err")
}

# give NAME TASK...: tasks for that server
give() {
  local name=$1
  shift
  printf '%s\n' "$@" >>"$name.tasks"
  wait_for 20 grep -q "took line $(wc -l <"$name.tasks")$" "$name.err"
}

# snapshot SERVERS [JQ]: a snapshot for these servers, a comma list, changed by the jq expression
snapshot() {
  jq -nc --arg servers "$1" '{
    type: "snapshot", hostname: "host1", agentsn: "33c5b8b4-5a2c-43c5-ab90-96721451b4ec", registered: true,
    servers: ($servers | split(",")), version: "1.2.4-x86_64", feature: 1, uptime: 1234, step: 600,
    stats: { task: [1, 2, 3, 4] },
    agents: [{ name: "BasicAgent", version: "1.2.3", status: "running", uptime: 123 }],
    tasks: [], events: []
  } | '"${2:-.}"
}
