# When an agent is started again, and what becomes of its old process; and which process a pid file names.
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

# waits FILE [SIGNAL...]: a program that writes each of the signals it gets, and goes on
waits() {
  local file=$1 name
  shift
  {
    for name in "$@"; do printf 'trap "echo %s" %s\n' "$name" "$name"; done
    printf 'echo up\nwhile :; do sleep 0.1; done\n'
  } | program "$file"
}

# ends FILE CODE: a program that ends at once
ends() {
  printf 'exit %s\n' "$2" | program "$1"
}

@test "B30: an end soon after the start waits for restartsecs, doubled each time, at most 5 minutes" {
  ends broken 1
  agent Doubles autostart=true startsecs=0 retries=10 restartsecs=1 "exec=\"$PWD/broken\""
  agent Long autostart=true startsecs=0 retries=10 restartsecs=300 "exec=\"$PWD/broken\""
  agent Longer autostart=true startsecs=0 retries=10 restartsecs=400 "exec=\"$PWD/broken\""
  spawn
  wait_for 10 is Long backoff
  same "$(lasts Long)" 300
  wait_for 10 is Longer backoff
  same "$(lasts Longer)" 400
  wait_for 20 counted 3 restart Doubles
  same "$(events restart Doubles | head -n 3)" 'starts again in 1 s: failure 1 of 10 in a row
starts again in 2 s: failure 2 of 10 in a row
starts again in 4 s: failure 3 of 10 in a row'
}

@test "B30: an end after 3 minutes is followed by a start at once, and 15 minutes clear the count" {
  # The clock of agent-spawn goes on by the seconds in the file `ahead`.
  cat >clock.cjs <<'END'
const { readFileSync } = require('node:fs')
const now = performance.now.bind(performance)
performance.now = () => now() + Number(readFileSync(`${__dirname}/ahead`, 'utf8')) * 1000
END
  ahead() { echo "$1" >ahead.new && mv ahead.new ahead; }
  ahead 0
  program ends <<<'trap "exit 0" USR1
echo up
while :; do sleep 0.1; done'
  agent Ends autostart=true startsecs=0 restartsecs=1 retries=4 "exec=\"$PWD/ends\""
  NODE_OPTIONS="--require $PWD/clock.cjs" spawn
  ups() { [ "$(grep -c up log/Ends.log)" -eq "$1" ] && is Ends running; }
  ended() { kill -s "$1" "$(status Ends pid)" && wait_for 20 ups "$2"; }
  wait_for 10 ups 1
  ahead 100
  ended USR1 2
  ahead 400 # 3 minutes and more later
  ended USR1 3
  ahead 1350 # 15 minutes and more later
  ended USR1 4
  ended KILL 5
  ahead 2300
  ended KILL 6
  same "$(ask '{"ask":"events","after":0,"most":1000,"wait":0}' | jq -r '.events[] | select(.kind == "abnormal" or .kind == "exit" or .kind == "restart") | "\(.kind) \(.message | sub("after [0-9].*:"; "after …:"))"')" \
    'abnormal ended after …: exit status 0
restart starts again in 1 s: failure 1 of 4 in a row
abnormal ended after …: exit status 0
restart starts again at once: failure 2 of 4 in a row
exit ended after …: exit status 0
restart starts again at once
abnormal ended after …: SIGKILL
restart starts again in 1 s: failure 1 of 4 in a row
abnormal ended after …: SIGKILL
restart starts again at once: failure 1 of 4 in a row'
  is Ends running
}

@test "B30: a start of what is waiting does not wait any longer" {
  program once <<END
[ -e $PWD/there ] && exec sleep 3690
exit 1
END
  agent Once autostart=true startsecs=0 restartsecs=3600 "exec=\"$PWD/once\""
  spawn
  wait_for 10 is Once backoff
  touch there
  same "$(move start Once | jq -c '[.reached, .state, .agent.failures]')" '[true,"running",0]'
}

@test "B31: a start during a stop waits for the end where the agent is single" {
  waits stubborn TERM
  agent Single autostart=true startsecs=0 stopsecs=8 "exec=\"$PWD/stubborn\""
  spawn
  wait_for 10 grep -q up log/Single.log
  old=$(status Single pid)
  local look='{"ask":"status","names":["Single"]}'
  # At once, one after the other: it has 8 s.
  ask '{"ask":"stop","name":"Single","wait":0}' "$look" '{"ask":"start","name":"Single","wait":0}' "$look" >asked
  same "$(jq -c '.agents[0] | select(. != null) | [.status, .pid]' asked)" "[\"stopping\",$old]
[\"stopping\",$old]"
  alive "$old"
  wait_for 20 is Single running
  dead "$old"
  same "$(events start Single | wc -l)" 2
  like "$(events exit Single)" 'SIGKILL; SIGTERM had not ended it in 8 s'
}

@test "B31: without single the new process is there at once, and the old one gets SIGKILL after stopsecs" {
  waits stubborn TERM
  agent Several autostart=true startsecs=0 single=false stopsecs=8 "exec=\"$PWD/stubborn\""
  spawn
  wait_for 10 grep -q up log/Several.log
  old=$(status Several pid)
  local look='{"ask":"status","names":["Several"]}'
  # At once, one after the other: it has 8 s.
  ask '{"ask":"stop","name":"Several","wait":0}' "$look" '{"ask":"start","name":"Several","wait":15}' "$look" >asked
  alive "$old"
  same "$(jq -r '.agents[0] | select(. != null) | .status' asked)" $'stopping\nrunning'
  new=$(jq '.agents[0] | select(. != null) | .pid' asked | tail -n 1)
  [ "$new" != "$old" ]
  wait_for 20 dead "$old"
  same "$(status Several pid)" "$new"
  is Several running
  alive "$new"
}

@test "B31: an agent-spawn that ends takes also the process that was left to its end" {
  waits stubborn TERM
  agent Several autostart=true startsecs=0 single=false stopsecs=3600 "exec=\"$PWD/stubborn\""
  spawn
  wait_for 10 grep -q up log/Several.log
  old=$(status Several pid)
  ask '{"ask":"stop","name":"Several","wait":0}' >/dev/null
  move start Several >/dev/null
  alive "$old"
  new=$(status Several pid)
  stop spawn KILL
  wait_for 10 dead "$new"
  wait_for 10 dead "$old"
}

@test "B16: only the first line of a pid file counts; rubbish, and a stranger's pid, are no process" {
  program forks <<'END'
sleep 3691 >/dev/null 2>&1 &
printf "$2" "$!" >"$1"
END
  agent First autostart=true 'type="fork"' startsecs=1 stopit=true "pidfile=\"$PWD/first\"" "exec=\"$PWD/forks $PWD/first '%s\\\\n1\\\\nrubbish\\\\n'\""
  agent Rubbish autostart=true 'type="fork"' startsecs=1 retries=1 "pidfile=\"$PWD/rubbish\"" "exec=\"$PWD/forks $PWD/rubbish 'pid %s\\\\n'\""
  agent Never autostart=true 'type="fork"' startsecs=1 retries=1 "pidfile=\"$PWD/never\"" 'exec="/bin/true never"'
  spawn
  wait_for 10 is First running
  same "$(status First pid)" "$(head -n 1 first)"
  wait_for 10 is Rubbish fatal
  like "$(events abnormal Rubbish)" "^start failed: .*rubbish"
  wait_for 10 is Never fatal
  like "$(events abnormal Never)" "^start failed: .*never"
  kill -s KILL "$(sed 's/pid //' rubbish)"
}

# ready: the process that waits to become the next agent
ready() { pgrep -P "$(cat spawn.pid)" -f -- '^/bin/sh -s spare$'; }

# other_ready PID: there is one, and it is another than that
other_ready() { [ "$(ready)" != "$1" ] && ready >/dev/null; }

# same_words PID WORDS: its command line, each word with a blank behind it
same_words() { [ "$(tr '\0' ' ' <"/proc/$1/cmdline")" = "$2" ]; }

@test "B15 B23: an agent that is started again at once becomes of the process that is kept ready; none is left at the end" {
  need_root
  agent Ends autostart=true startsecs=0 restartsecs=0 retries=-1 "exec=\"$SLEEP 3690\""
  agent Nobody autostart=true startsecs=0 restartsecs=0 retries=-1 'user="nobody"' "exec=\"/bin/sleep 3691.$$\""
  spawn
  wait_for 10 is Nobody running
  local name words killed waits=0
  for name in Ends Nobody; do
    wait_for 10 other_ready "$waits"
    waits=$(ready)
    words=$(tr '\0' ' ' <"/proc/$(status "$name" pid)/cmdline")
    killed=$(status "$name" pid)
    kill -s KILL "$killed"
    wait_for 10 renewed "$name" "$killed"
    same "$(status "$name" pid)" "$waits"
    wait_for 10 same_words "$waits" "$words"
    grep -q "^$name $waits " run/BootAgent.agents
  done
  same "$(stat -c %U "/proc/$waits")" nobody
  wait_for 10 other_ready "$waits"
  waits=$(ready)
  kill -s TERM "$(cat spawn.pid)"
  wait_for 10 dead "$(cat spawn.pid)"
  dead "$waits"
  stop spawn
  same "$stopped" 0
}
