# The commands of a report are killed at random moments, and a server that fails a third of all requests.
# shellcheck shell=bash
load helpers
load agents
load mock-server
load tasks

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
}

# report_of: the process group of the report that is under way
report_of() { pgrep -P "$(cat spawn.pid)" -f report-round | head -n 1; }
is_under_way() { [ -n "$(report_of)" ]; }

# kill_one: one of the processes of the report that is under way, a moment after it was begun
kill_one() {
  local round pid
  wait_for 2 is_under_way || return 0 # it was quick
  read -rt "$(printf '0.%03d' $((RANDOM % 150)))" <>nothing || :
  round=$(report_of)
  [ -n "$round" ] || return 0
  pid=$(pgrep -g "$round" | shuf -n 1)
  [ -z "$pid" ] || { kill -s KILL "$pid" 2>/dev/null && echo "$pid" >>killed; } || :
}

# known: what the host says has happened, as `TIMESTAMP ID`; delivered: what the server was told
known() { bootctl events | jq -r '"\(.timestamp) \(.id)"' | sort; }
delivered() { jq -r 'select(.type == "status" and .fault == null) | .body.events[] | "\(.timestamp) \(.id)"' server.out | sort -u; }
all_delivered() {
  bootctl sync 2>/dev/null || :
  [ "$(known)" = "$(delivered)" ] && [ -z "$(bootctl tasks)" ]
}

@test "B43 B51: reports are killed and lost: every event comes once by its time and id, every task is done once and told" {
  start_server server --again --fault hangup --share 33 --seed 7
  mkdir base
  printf 'AgentSN:33c5b8b4-5a2c-43c5-ab90-96721451b4ec\nServerList:127.0.0.1:%s\n' "$port" >base/metafile
  agent Basic autostart=true startsecs=0 restartsecs=0 retries=-1 exec="\"$SLEEP 0.7\""
  agent Other startsecs=0
  : >killed
  mkfifo nothing
  spawn
  local i sync
  for i in $(seq 24); do
    [ $((i % 4)) -gt 0 ] || give server "$(task restart "r$i" 1.0 name='"Other"' type=)"
    bootctl sync >/dev/null 2>&1 &
    sync=$!
    kill_one
    wait "$sync" || :
  done
  same "$(move stop Basic | jq -r .state)" stoped
  wait_for 60 all_delivered
  printf "# %s reports were killed\n" "$(wc -l <killed)" >&3
  [ "$(wc -l <killed)" -ge 3 ]
  for i in 4 8 12 16 20 24; do
    same "$(events task Other | grep -c "task 'r$i' is begun")" 1
    same "$(jq -r --arg id "r$i" 'select(.type == "status" and .fault == null) | .body.tasks[] | select(.id == $id and .errcode >= 0) | .errcode' server.out | sort -u)" 0
  done
}
