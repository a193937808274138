# What agent-spawn tells of: events on standard output and on the control socket.
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

# all: every event that is kept, one a line
all() { ask '{"ask":"events","after":0,"most":1000,"wait":0}' | jq -c '.events[]'; }

@test "B51: every field of an event, on standard output as on the control socket" {
  agent One autostart=true startsecs=0 'version="1.2.4-x86_64"'
  spawn
  wait_for 10 is One running
  begin=$(date +%s)
  move stop One >/dev/null
  cat spawn.out >out
  same "$(all)" "$(cat out)"
  same "$(jq -r '[.type, .category] | join(" ")' out | sort -u)" 'event agent'
  same "$(jq -r .id out)" "$(seq "$(wc -l <out)")"
  same "$(jq -r 'select(.subject == "One") | "\(.extra) \(.kind)"' out)" '1.2.4-x86_64 start
1.2.4-x86_64 running
1.2.4-x86_64 exit'
  same "$(jq -r 'select((.timestamp | type) != "number" or .timestamp != (.timestamp | floor) or .timestamp < '$((begin - 60))' or .timestamp > '$((begin + 60))')' out)" ''
  same "$(jq -r 'select(.message == "")' out)" ''
  same "$(jq -c 'keys - ["type", "id", "timestamp", "category", "subject", "extra", "kind", "message", "evidence"] | select(. != [])' out)" ''
}

@test "B51: ids count from 1 after each start" {
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  move restart One >/dev/null
  [ "$(all | tail -n 1 | jq .id)" -ge 5 ]
  stop spawn
  spawn
  wait_for 10 is One running
  same "$(all | head -n 1 | jq .id)" 1
  same "$(ask '{"ask":"events","after":0,"most":1000,"wait":0}' | jq -c '[.last == (.events | length), .lost]')" '[true,0]'
}

@test "B51: an end carries its evidence: process, status, time, use, limits, last lines" {
  program fails <<'END'
n=0
while [ "$n" -lt 30 ]; do n=$((n + 1)); echo "line $n"; done
printf 'a\033[31mb\n' >&2
exit 7
END
  program signalled <<'END'
echo before >&2
kill -s SEGV $$
END
  agent Fails autostart=true startsecs=0 retries=1 "exec=\"$PWD/fails\"" 'limits={"CPU":50,"MEM":100000,"FDS":100}'
  agent Signalled autostart=true startsecs=0 retries=1 "exec=\"$PWD/signalled\""
  spawn
  wait_for 10 is Fails fatal
  wait_for 10 is Signalled fatal
  same "$(event abnormal Fails | jq -c '.evidence | del(.pid, .ran) | .usage |= keys')" \
    '{"code":7,"signal":null,"oom":false,"usage":["cpu","fds","rss"],"limits":{"CPU":50,"MEM":100000,"FDS":100},"stderr":["line 27","line 28","line 29","line 30","ab"]}'
  same "$(event start Fails | jq -r .message)" "started: pid $(event abnormal Fails | jq .evidence.pid)"
  same "$(event abnormal Fails | jq '.evidence.ran >= 0 and .evidence.ran < 20')" true
  same "$(event abnormal Signalled | jq -c '.evidence | [.code, .signal, .stderr]')" '[null,"SIGSEGV",["before"]]'
  like "$(events abnormal Signalled)" '^ended after .* s: SIGSEGV$'
}

@test "B51: the lines of an end are those of its own run" {
  program fails <<'END'
echo "run $(wc -l <"$0.runs")"
echo >>"$0.runs"
exit 1
END
  : >fails.runs
  agent Fails autostart=true startsecs=0 retries=3 restartsecs=0 "exec=\"$PWD/fails\""
  spawn
  wait_for 10 is Fails fatal
  same "$(event abnormal Fails | jq -c .evidence.stderr)" $'["run 0"]\n["run 1"]\n["run 2"]'
}

@test "B51: who asks for events after an id waits until there is one, and learns how many were lost" {
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  last=$(all | tail -n 1 | jq .id)
  background waits bash -c 'source "$0"; NODE=$1; ask "{\"ask\":\"events\",\"after\":$2,\"most\":1000,\"wait\":15}"' \
    "$REPO/test/bats/agents.bash" "$NODE" "$last"
  move stop One >/dev/null
  answered() { jq -e '.ok' waits.out; }
  wait_for 15 answered
  same "$(jq -r '.events[0] | "\(.id) \(.kind) \(.subject)"' waits.out)" "$((last + 1)) exit One"
  same "$(ask '{"ask":"events","after":0,"most":1,"wait":0}' | jq -c '[(.events | length), .last - .events[0].id, .lost]')" '[1,0,0]'
}

@test "B51: only the last 1,000 are kept, and what is gone is counted" {
  program fails <<'END'
exit 1
END
  for n in 1 2 3 4; do agent "Fails$n" autostart=true startsecs=0 retries=-1 restartsecs=0 "exec=\"$PWD/fails $n\""; done
  spawn
  many() { [ "$(ask '{"ask":"events","after":0,"most":1,"wait":0}' | jq .last)" -gt 1200 ]; }
  wait_for 120 many
  same "$(ask '{"ask":"events","after":0,"most":1000,"wait":0}' | jq -c '[(.events | length), .events[0].id == .lost + 1, .last == .lost + 1000]')" '[1000,true,true]'
}

@test "B51: events on standard output go on without a reader, on a full device and where it is closed" {
  agent One autostart=true startsecs=0
  rm -f ready && mkfifo ready
  for way in '>/dev/full' '>&-' '| true'; do
    background spawn bash -c 'exec 7>ready; set -m; eval "exec agent-spawn -d \"\$BOOTAGENT_CONF\" -C \"\$0\" --ready-fd 7 $1"' "$(group_name)" "$way"
    timeout 20 bash -c 'read -r <ready'
    wait_for 10 is One running
    same "$(move restart One | jq .reached)" true
    kill -s TERM "$(ask '{"ask":"version"}' | jq .pid)"
    wait_for 10 test ! -e run/BootAgent.sock
    stop spawn
  done
}
