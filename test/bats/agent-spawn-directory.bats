# agent-spawn on a directory: started, stopped, restarted, adopted, read again.
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
  [ ! -e "$BATS_TEST_TMPDIR/place" ] || rm -r "$(cat "$BATS_TEST_TMPDIR/place")"
}

@test "B20: autostart starts an agent with agent-spawn, the others wait until they are asked for" {
  agent Auto autostart=true startsecs=0
  agent Asked startsecs=0
  spawn
  wait_for 10 is Auto running
  is Asked stoped
  same "$(move start Asked | jq -c '[.reached, .state]')" '[true,"running"]'
  same "$(move stop Asked | jq -c '[.reached, .state]')" '[true,"stoped"]'
  stop spawn
  same "$stopped" 0
}

@test "B15 B22: TERM stops the simple agents, and those of type fork only with stopit" {
  program forks <<'END'
${0%/*}/sleep 3601 >/dev/null 2>&1 &
printf '%s\n' "$!" >"$1"
END
  agent Simple autostart=true
  agent Stays autostart=true 'type="fork"' "exec=\"$PWD/forks $PWD/stays.pid\"" "pidfile=\"$PWD/stays.pid\"" startsecs=1
  agent Ends autostart=true 'type="fork"' "exec=\"$PWD/forks $PWD/ends.pid\"" "pidfile=\"$PWD/ends.pid\"" startsecs=1 stopit=true
  spawn
  wait_for 10 is Stays running
  wait_for 10 is Ends running
  simple=$(status Simple pid) stays=$(status Stays pid) ends=$(status Ends pid)
  same "$stays" "$(cat stays.pid)"
  stop spawn
  same "$stopped" 0
  dead "$simple"
  dead "$ends"
  alive "$stays"
  spawn
  wait_for 10 is Stays running
  same "$(status Stays pid)" "$stays"
  same "$(status Stays adopted)" true
}

@test "B21: a live process of a single agent is taken over, by its program and its words" {
  agent Single autostart=true "exec=\"$SLEEP 3611\"" startsecs=0
  agent Other autostart=true "exec=\"$SLEEP 3612\"" startsecs=0
  background mine "$SLEEP" 3611
  spawn
  wait_for 10 is Single running
  same "$(status Single pid)" "$(cat mine.pid)"
  like "$(events adopt Single)" "^taken over: pid $(cat mine.pid) has run for "
  wait_for 10 is Other running
  same "$(status Other adopted)" false
}

@test "B21: without single it is started beside a live process of the same command" {
  agent Several autostart=true "exec=\"$SLEEP 3614\"" startsecs=0 single=false
  background mine "$SLEEP" 3614
  spawn
  wait_for 10 renewed Several "$(cat mine.pid)"
  same "$(status Several adopted)" false
  alive "$(cat mine.pid)"
  move restart Several
  [ "$(status Several pid)" != "$(cat mine.pid)" ]
  same "$(events adopt Several)" ''
}

@test "B21: what was taken over is looked at, and started again when it is gone" {
  agent Single autostart=true "exec=\"$SLEEP 3613\"" startsecs=0 restartsecs=0
  background mine "$SLEEP" 3613
  mine=$(cat mine.pid)
  spawn
  wait_for 10 is Single running
  stop mine KILL
  wait_for 10 renewed Single "$mine"
  same "$(status Single adopted)" false
}

@test "B22: a program that ignores TERM gets KILL after stopsecs, with its whole group" {
  program stubborn <<'END'
trap '' TERM
sleep 3600 &
echo "$!" >child
echo up
while :; do sleep 1; done
END
  sed -i "s|>child|>$PWD/child|" stubborn
  agent Stubborn autostart=true "exec=\"$PWD/stubborn\"" startsecs=0 stopsecs=1
  spawn
  wait_for 10 grep -q up log/Stubborn.log
  child=$(cat child)
  same "$(move stop Stubborn | jq -c '[.reached, .state]')" '[true,"stoped"]'
  like "$(events exit Stubborn)" 'SIGKILL; SIGTERM had not ended it in 1 s'
  dead "$child"
}

@test "B8 B29: a broken file and a second file of one name are told, and the others run" {
  agent Good autostart=true startsecs=0
  printf '{ "name": "Bad" ' >conf/Bad.json
  cp conf/Good.json conf/Second.json
  spawn
  wait_for 10 is Good running
  like "$(events config)" "^$PWD/conf/Bad.json: "
  like "$(cat spawn.err)" "conf/Second.json: name: 'Good' has '.*conf/Good.json' already: this file is ignored"
}

@test "B29: HUP restarts what changed, stops what is gone, starts what is new, keeps what is broken" {
  agent Changed autostart=true startsecs=0
  agent Same autostart=true startsecs=0 "exec=\"$SLEEP 3621\""
  agent Gone autostart=true startsecs=0 "exec=\"$SLEEP 3622\""
  agent Broken autostart=true startsecs=0 "exec=\"$SLEEP 3623\""
  spawn
  for name in Changed Same Gone Broken; do wait_for 10 is "$name" running; done
  changed=$(status Changed pid) same=$(status Same pid) gone=$(status Gone pid) broken=$(status Broken pid)
  agent Changed autostart=true startsecs=0 'version="2.0"'
  rm conf/Gone.json
  printf 'rubbish' >conf/Broken.json
  agent New autostart=true startsecs=0 "exec=\"$SLEEP 3624\""
  kill -s HUP "$(cat spawn.pid)"
  wait_for 10 is New running
  wait_for 10 renewed Changed "$changed"
  same "$(status Changed version)" 2.0
  wait_for 10 dead "$gone"
  is_forgotten() { [ "$(ask '{"ask":"status","names":["Gone"]}' | jq -r .fault)" = no ]; }
  wait_for 10 is_forgotten
  same "$(status Same pid)" "$same"
  same "$(status Broken pid)" "$broken"
  is Broken running
  like "$(events config)" "conf/Broken.json: "
}

@test "HUP: a directory that cannot be read changes nothing" {
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  one=$(status One pid)
  mv conf elsewhere
  kill -s HUP "$(cat spawn.pid)"
  told() { events config | grep -q 'nothing is changed: unable to read'; }
  wait_for 10 told
  same "$(status One pid)" "$one"
}

@test "B4 B57: a second agent-spawn on the same sockets is refused, and the first one goes on" {
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  cmd 75 agent-spawn -d conf
  is One running
}

@test "B12: every place is of the test's own, as an ordinary user" {
  need_root
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")"
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  agents_place
  agent One autostart=true startsecs=0
  chown -R nobody .
  background spawn setpriv --reuid nobody --regid nogroup --clear-groups agent-spawn -d conf
  wait_for 10 test -S run/BootAgent.sock
  wait_for 10 is One running
  same "$(ask '{"ask":"config"}' | jq -r .settings.group)" devops # B13, B56: where no -C is given
  same "$(stat -c %U "/proc/$(status One pid)")" nobody
  same "$(stat -c '%U %a' run/BootAgent.sock run/BootAgent.heartbeat.sock | tr '\n' ' ')" 'nobody 600 nobody 666 '
  stop spawn
  same "$stopped" 0
}

@test "closed descriptors: an agent gets nothing of what agent-spawn was given" {
  program lists <<'END'
ls -l /proc/self/fd | sed -n 's/.* \([0-9]*\) ->.*/\1/p' | sort -n | tr '\n' ' '
exec sleep 3600
END
  agent Lists autostart=true startsecs=0 "exec=\"$PWD/lists\""
  spawn -L own.log 8</dev/null 9>lock
  wait_for 10 grep -q . log/Lists.log
  same "$(tr -s ' ' <log/Lists.log)" '0 1 2 3 ' # the last one is that of ls
}

@test "agent-spawn: USR1 opens its log anew" {
  agent One autostart=true startsecs=0
  spawn -L own.log
  wait_for 10 is One running
  mv own.log old.log
  kill -s USR1 "$(cat spawn.pid)"
  wait_for 10 test -e own.log
  move restart One
  like "$(cat own.log)" "T[0-9:.]*Z agent-spawn: info: agent 'One': "
}

@test "B1: a directory of the configuration that is not there is a wrong configuration" {
  cmd 78 agent-spawn -d nowhere
  like "$stderr" "^agent-spawn: fatal: unable to use the directory '$PWD/nowhere': no such file or directory$"
  cmd 1 test -e nowhere
}
