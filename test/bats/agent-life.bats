# The life of an agent as its configuration has it: up, ended, stopped, started again, given up.
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

@test "B19 B32: starting until startsecs are over, then running, and told so" {
  agent Soon autostart=true startsecs=2 "exec=\"/bin/sleep 3651.$$\""
  agent Late autostart=true startsecs=3600 "exec=\"/bin/sleep 3652.$$\""
  agent Usual autostart=true "exec=\"/bin/sleep 3653.$$\""
  agent Idle
  spawn
  wait_for 10 is Usual starting
  same "$(lasts Usual)" 10
  is Late starting
  same "$(lasts Late)" 3600
  wait_for 10 is Soon running
  like "$(events running Soon)" '^running: up for [0-9.]+ s$'
  same "$(status Soon next)" null
  is Idle stoped
}

@test "B19 B23: an end before startsecs is a failed start, and counts" {
  ends early 0
  agent Early autostart=true startsecs=5 retries=2 restartsecs=0 "exec=\"$PWD/early\""
  spawn
  wait_for 10 is Early fatal
  same "$(status Early failures)" 2
  same "$(events running Early)" ''
  like "$(events fatal Early)" '^given up: failure 2 of 2 in a row$'
}

@test "B20 B23: what is fatal is started again when it is asked for, with the count at zero" {
  ends broken 4
  agent Broken autostart=true startsecs=0 retries=1 restartsecs=0 "exec=\"$PWD/broken\""
  spawn
  wait_for 10 is Broken fatal
  printf '#!/bin/sh\nexec sleep 3654\n' >broken
  same "$(move start Broken | jq -c '[.reached, .state, .agent.failures]')" '[true,"running",0]'
}

@test "B22: every stop signal, with SIG and without" {
  local signal word n=0
  for signal in TERM HUP INT QUIT KILL USR1 USR2; do
    for word in "$signal" "SIG$signal"; do
      n=$((n + 1))
      agent "$word" autostart=true startsecs=0 stopsecs=30 "stopsignal=\"$word\"" "exec=\"/bin/sleep 36$((60 + n)).$$\""
    done
  done
  spawn
  for signal in TERM HUP INT QUIT KILL USR1 USR2; do
    for word in "$signal" "SIG$signal"; do
      wait_for 10 is "$word" running
      same "$(move stop "$word" | jq -c '[.reached, .state]')" '[true,"stoped"]'
      like "$(events exit "$word")" "^stopped: ended after .*: SIG$signal$"
      same "$(event exit "$word" | jq -r .evidence.signal)" "SIG$signal"
    done
  done
}

@test "B22: a program that takes its stop signal for something else gets that one, and no other" {
  program polite <<'END'
trap 'echo USR1; exit 0' USR1
trap 'echo TERM' TERM
echo up
while :; do sleep 0.1; done
END
  agent Polite autostart=true startsecs=0 'stopsignal="USR1"' stopasgroup=false "exec=\"$PWD/polite\""
  spawn
  wait_for 10 grep -q up log/Polite.log
  same "$(move stop Polite | jq -c '[.reached, .state]')" '[true,"stoped"]'
  same "$(cat log/Polite.log)" $'up\nUSR1'
  like "$(events exit Polite)" '^stopped: ended after .*: exit status 0$'
}

@test "B22: stopasgroup sends the signal to the whole group; without it, to the agent alone" {
  program parent <<'END'
sh -c 'trap "echo child TERM; exit 0" TERM; echo "$$" >"$1"; while :; do sleep 0.1; done' sh "$1" &
trap 'exit 0' TERM
while [ ! -s "$1" ]; do sleep 0.05; done
echo up
while :; do wait; done
END
  agent Group autostart=true startsecs=0 "exec=\"$PWD/parent $PWD/group.child\""
  agent Alone autostart=true startsecs=0 stopasgroup=false "exec=\"$PWD/parent $PWD/alone.child\""
  spawn
  wait_for 10 grep -q up log/Group.log
  wait_for 10 grep -q up log/Alone.log
  same "$(move stop Group | jq -r .state)" stoped
  dead "$(cat group.child)"
  like "$(cat log/Group.log)" 'child TERM'
  same "$(move stop Alone | jq -r .state)" stoped
  alive "$(cat alone.child)"
  same "$(cat log/Alone.log)" up
  kill -s KILL "$(cat alone.child)"
}

@test "B22: stopsecs 0 is SIGKILL at once" {
  waits stubborn TERM
  agent Now autostart=true startsecs=0 stopsecs=0 "exec=\"$PWD/stubborn\""
  spawn
  wait_for 10 grep -q up log/Now.log
  same "$(move stop Now | jq -r .state)" stoped
  same "$(event exit Now | jq -r .evidence.signal)" SIGKILL
  same "$(cat log/Now.log)" up
}

@test "B23: autorestart yes, no, unexpect and what is none of them, after a normal end and after another" {
  local restart code
  for code in 0 5; do
    ends "end$code" "$code"
    for restart in yes no unexpect nonsense; do
      agent "$restart$code" autostart=true startsecs=0 retries=2 restartsecs=0 "autorestart=\"$restart\"" "exec=\"$PWD/end$code\""
    done
  done
  spawn
  # within 15 minutes an end counts, whatever the exit: those that are started again are given up after two
  for restart in yes nonsense; do for code in 0 5; do wait_for 10 is "$restart$code" fatal; done; done
  for restart in yes nonsense; do for code in 0 5; do same "$(events start "$restart$code" | wc -l)" 2; done; done
  same "$(event abnormal yes0 | jq -c '[.evidence.code]')" $'[0]\n[0]'
  wait_for 10 is no0 stoped
  wait_for 10 is unexpect0 stoped
  wait_for 10 is no5 fatal
  like "$(events fatal no5)" 'autorestart is no'
  wait_for 10 is unexpect5 fatal
  same "$(events start unexpect5 | wc -l)" 2
  same "$(events start unexpect0 | wc -l)" 1
  like "$(cat spawn.err)" "nonsense0.json: autorestart: .*taken as 'yes'"
}

@test "B23: exitcodes says which ends are normal" {
  local code
  for code in 0 7 8; do ends "end$code" "$code"; done
  for code in 0 7 8; do
    agent "Code$code" autostart=true startsecs=0 retries=1 'autorestart="unexpect"' 'exitcodes="7,8"' "exec=\"$PWD/end$code\""
  done
  spawn
  wait_for 10 is Code7 stoped
  wait_for 10 is Code8 stoped
  wait_for 10 is Code0 fatal
}

@test "B23: with retries -1 it is never given up; a signal is no normal end" {
  program dies <<'END'
kill -s SEGV $$
END
  agent Never autostart=true startsecs=0 retries=-1 restartsecs=0 'autorestart="unexpect"' "exec=\"$PWD/dies\""
  spawn
  wait_for 20 counted 6 abnormal Never
  same "$(events fatal Never)" ''
  same "$(event abnormal Never | jq -r .evidence.signal | sort -u)" SIGSEGV
  like "$(events restart Never | tail -n 1)" '^starts again at once: failure [0-9]+ in a row$'
}

@test "B14: exec is split as a shell would, without a shell: nothing is expanded" {
  program words <<'END'
printf '<%s>' "$@"
END
  agent Words autostart=true startsecs=0 'autorestart="no"' \
    "exec=\"$PWD/words one  'two three' \\\"four \\\\\\\"five\\\\\\\"\\\" six\\\\ seven \$HOME * ~ \`id\` '' ; | > x\""
  spawn
  wait_for 10 is Words stoped
  same "$(cat log/Words.log)" '<one><two three><four "five"><six seven><$HOME><*><~><`id`><><;><|><>><x>'
}

@test "B14: exec has at most 255 bytes, and its first word is an absolute path" {
  printf -v long '%240s' ''
  agent Fits autostart=true startsecs=0 "exec=\"/bin/sleep ${long// /0}3691\""
  agent Longer autostart=true "exec=\"/bin/sleep ${long// /0}36912\""
  agent Relative autostart=true 'exec="sleep 3692"'
  same "$(jq -r '.exec | length' conf/Fits.json)" 255
  spawn
  wait_for 10 is Fits running
  like "$(cat spawn.err)" 'conf/Longer.json: exec: .*255 bytes'
  like "$(cat spawn.err)" 'conf/Relative.json: exec: the first word must be an absolute path'
  same "$(ask '{"ask":"status","names":[]}' | jq -r '.agents[].name')" Fits
}
