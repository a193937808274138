# The limits of an agent, over its whole process tree.
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

# parent FILE: a program whose child is $1, a shell script of the words that follow
parent() {
  program "$1" <<'END'
sh -c "$1" sh "$2" &
echo "$!" >>"$0.children"
wait
END
}

# killed_for NAME PATTERN: over its limit: told so, all of its tree gone, state killed until restartsecs are over
killed_for() {
  wait_for 20 told killed "$1" "^resource overflow, $2\$"
  wait_for 20 counted 1 exit "$1" # and no status before: it measures
  wait_for 10 is "$1" killed
  same "$(status "$1" pid)" null
  [ "$(status "$1" next)" != null ]
  like "$(events restart "$1")" '^starts again in 1 h: failure 1 of 3 in a row$'
  like "$(ask "{\"ask\":\"explain\",\"name\":\"$1\"}" | jq -r '.lines[0]')" "^killed .* ago: resource overflow, $2\$"
  wait_for 10 dead "$(tail -n 1 tree.children)"
}

@test "B25: CPU of a child over the limit: killed, with the exact message, and what it was in the evidence" {
  parent tree
  agent Burns autostart=true startsecs=0 restartsecs=3600 "exec=\"$PWD/tree 'while :; do :; done'\"" 'limits={"interval":1,"CPU":4}'
  spawn
  killed_for Burns 'CPU\([0-9]+%\)'
  percent=$(events killed Burns | sed 's/.*(//;s/%.*//')
  [ "$percent" -gt 4 ]
  same "$(event exit Burns | jq -c '[.evidence.limits.CPU, (.evidence.usage.cpu | ceil), .evidence.signal]')" "[4,$percent,\"SIGTERM\"]"
}

@test "B25: memory of a child over the limit" {
  parent tree
  agent Eats autostart=true startsecs=0 restartsecs=3600 \
    "exec=\"$PWD/tree '$NODE -e \\\"all = Buffer.alloc(1e8, 1); setInterval(() => all, 1e6)\\\"; :'\"" 'limits={"interval":1,"MEM":60000}'
  spawn
  killed_for Eats 'MEM\([0-9]+KB\)'
  kilobytes=$(events killed Eats | sed 's/.*(//;s/KB.*//')
  [ "$kilobytes" -gt 60000 ]
  same "$(event exit Eats | jq -c '[.evidence.limits.MEM, .evidence.usage.rss]')" "[60000,$kilobytes]"
}

@test "B25: descriptors of several processes over the limit together" {
  program tree <<'END'
for n in 1 2 3 4 5; do
  sh -c 'exec 3<&0 4<&0 5<&0 6<&0 7<&0 8<&0 9<&0; sleep 3900 & wait' &
  echo "$!" >>"$0.children"
done
wait
END
  agent Opens autostart=true startsecs=0 restartsecs=3600 "exec=\"$PWD/tree\"" 'limits={"interval":1,"FDS":50}'
  spawn
  killed_for Opens 'FDS\([0-9]+\)'
  [ "$(events killed Opens | sed 's/.*(//;s/).*//')" -gt 50 ]
}

@test "B25: all that is over is told at once" {
  parent tree
  agent All autostart=true startsecs=0 restartsecs=3600 \
    "exec=\"$PWD/tree '$NODE -e \\\"all = Buffer.alloc(1e8, 1); for (;;);\\\"; :'\"" 'limits={"interval":5,"CPU":1,"MEM":20000,"FDS":5}'
  spawn
  # The first look can tell nothing of the CPU, so that it is over by memory and descriptors alone then.
  killed_for All 'MEM\([0-9]+KB\), FDS\([0-9]+\)'
}

@test "B25: who ignores the stop is killed, started again by the rules, and given up in the end" {
  program tree <<'END'
trap '' TERM
exec 3<&0 4<&0 5<&0 6<&0 7<&0 8<&0 9<&0
while :; do sleep 0.1; done
END
  agent Again autostart=true startsecs=0 restartsecs=0 retries=2 stopsecs=1 "exec=\"$PWD/tree\"" 'limits={"interval":1,"FDS":5}'
  spawn
  wait_for 20 is Again fatal
  same "$(events killed Again | sed 's/([0-9]*)/(N)/')" $'resource overflow, FDS(N)\nresource overflow, FDS(N)'
  same "$(events start Again | wc -l)" 2
  like "$(events restart Again)" '^starts again at once: failure 1 of 2 in a row$'
  same "$(event exit Again | jq -r .evidence.signal | sort -u)" SIGKILL
  same "$(events fatal Again)" 'given up: failure 2 of 2 in a row'
}

@test "B25: with autorestart no it stays killed" {
  program tree <<'END'
exec 3<&0 4<&0 5<&0 6<&0 7<&0 8<&0 9<&0
sleep 3901
END
  agent Once autostart=true startsecs=0 'autorestart="no"' "exec=\"$PWD/tree\"" 'limits={"interval":1,"FDS":5}'
  spawn
  wait_for 20 is Once killed
  same "$(status Once next)" null
  same "$(move start Once | jq -r .reached)" true
}

@test "B25: an agent within its limits goes on, and its use is told" {
  parent tree
  agent Within autostart=true startsecs=0 "exec=\"$PWD/tree 'sleep 3902; :'\"" 'limits={"interval":1,"CPU":1000,"MEM":1000000,"FDS":1000}'
  agent Unlimited autostart=true startsecs=0 "exec=\"/bin/sleep 3903.$$\""
  spawn
  wait_for 10 is Within running
  known() { [ "$(status Within cpu)" != null ]; }
  wait_for 15 known
  is Within running
  same "$(events killed)" ''
  [ "$(status Within rss)" -gt 100 ]
  [ "$(status Within fds)" -gt 6 ]
  [ "$(status Unlimited rss)" -gt 100 ]
}
