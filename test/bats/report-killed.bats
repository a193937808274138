# The commands of a report are killed at random moments, and a server that fails a third of all requests.
# shellcheck shell=bash
load helpers
load agents
load mock-server
load tasks

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
  spawn
  background killer "$NODE" "$REPO/test/servers/kill-reports.ts" "$(cat spawn.pid)" 12
  local i rounds=0
  until grep -q killed killer.out; do
    rounds=$((rounds + 1))
    [ $((rounds % 4)) -gt 0 ] || [ "$rounds" -gt 24 ] || give server "$(task restart "r$rounds" 1.0 name='"Other"' type=)"
    bootctl sync >/dev/null 2>&1 || :
  done
  same "$(<killer.out)" '12 reports were killed'
  same "$(move stop Basic | jq -r .state)" stoped
  wait_for 60 all_delivered
  for i in $(seq 4 4 $((rounds < 24 ? rounds : 24))); do
    same "$(events task Other | grep -c "task 'r$i' is begun")" 1
    same "$(jq -r --arg id "r$i" 'select(.type == "status" and .fault == null) | .body.tasks[] | select(.id == $id and .errcode >= 0) | .errcode' server.out | sort -u)" 0
  done
}
