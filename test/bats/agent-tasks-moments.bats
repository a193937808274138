# Tasks that come, or are cut short, at an awkward moment.
# shellcheck shell=bash
load helpers
load agents
load tasks

# slow: a program that takes its time to stop
slow() {
  program slow <<'END'
trap '/bin/sleep 1; exit 0' TERM
while :; do /bin/sleep 0.1; done
END
}

@test "B35: an agent that is being restarted when an upgrade comes ran before, and so it runs after" {
  slow
  agent Basic startsecs=0 exec="\"$PWD/slow\""
  agent_package 1.1
  spawn
  same "$(move start Basic | jq -r .state)" running
  do_tasks "$(task config c1 1.0 parameter='{"envs":{"A":"2"}}')" "$(install_task u1 1.1 parameter.autostart=false)"
  same "$(ended c1)" '0 its configuration is changed'
  same "$(ended u1)" '0 1.1 is installed, and runs'
  same "$(runs)" 1.1
}

# ends NAME: what `background NAME` started ends at TERM, in order, however long what it does would take
ends() {
  kill -s TERM "$(cat "$1.pid")"
  wait_for 15 dead "$(cat "$1.pid")"
  stop "$1"
  same "$stopped" 0
}

# fetches: a part of a file has come in
fetches() { [ -n "$(ls -A base/tmp)" ]; }

@test "B43: TERM in the midst of a download: agent-spawn does not wait for its end" {
  agent Basic autostart=true startsecs=0
  agent_package 1.1
  head -c 1000000 /dev/urandom >tree-1.1/more
  tar -C tree-1.1 -czf pkg/Basic-1.1.tar.gz .
  spawn -l debug
  wait_for 10 is Basic running
  do_tasks "$(install_task u1 1.1 speed=1)"
  wait_for 10 fetches
  ends spawn
  spawn
  wait_for 10 is Basic running
}

@test "B43: TERM while the package database is held: agent-spawn does not wait, and the next one goes back" {
  need flock
  agent Basic autostart=true startsecs=0
  agent_package 1.1
  spawn -l debug
  wait_for 10 is Basic running
  mkdir -p base/packages
  background holder flock base/packages/.Basic.lock sleep 60
  do_tasks "$(install_task u1 1.1)"
  wait_for 10 grep -q "task 'u1': install" spawn.err
  ends spawn
  stop holder KILL
  spawn
  like "$(ended u1)" '^505 bootagent was ended in the midst of it; 1.0 is back$'
  wait_for 10 is Basic running
  same "$(readlink "/proc/$(status Basic pid)/exe")" "$SLEEP"
}

# has_lines N FILE
has_lines() { [ "$(wc -l <"$2")" -eq "$1" ]; }

@test "B35: of an agent whose workers outlive it none is left when the new version comes" {
  for version in 1.0 1.1; do
    mkdir -p "tree-$version/bin" pkg
    program "tree-$version/bin/works" <<END
for i in 1 2 3; do
  (while :; do /bin/sleep 0.1; done) & echo \$! >>'$PWD/workers-$version'
done
wait
END
    tar -C "tree-$version" -czf "pkg/Basic-$version.tar.gz" .
  done
  exec="\"$BOOTAGENT_BASE/agents/Basic/current/bin/works\""
  spawn
  do_tasks "$(install_task i1 1.0 parameter.exec="$exec" parameter.stopasgroup=false)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  wait_for 10 has_lines 3 workers-1.0
  do_tasks "$(install_task u1 1.1 parameter.exec="$exec" parameter.stopasgroup=false)"
  same "$(ended u1)" '0 1.1 is installed, and runs'
  while read -r pid; do dead "$pid"; done <workers-1.0
  test -e workers-1.1
}

@test "B21: of an agent that is not single a task ends no process of somebody else's" {
  agent Basic autostart=true startsecs=0 single=false
  background stranger "$SLEEP" 3600
  spawn
  wait_for 10 is Basic running
  agent_package 1.1
  do_tasks "$(install_task u1 1.1 parameter.single=false)"
  same "$(ended u1)" '0 1.1 is installed, and runs'
  alive "$(cat stranger.pid)"
}

@test "B38: a config that comes while agent-spawn is being stopped restarts no daemon that is to stay" {
  program forks <<'END'
"$2" "$3" </dev/null >/dev/null 2>&1 &
echo $! >"$1"
END
  program deaf <<'END'
trap '' TERM
while [ ! -e "$0.end" ]; do /bin/sleep 0.1; done
END
  agent Deaf autostart=true startsecs=0 exec="\"$PWD/deaf\""
  agent Basic 'type="fork"' startsecs=1 "pidfile=\"$PWD/Basic.id\"" "exec=\"$PWD/forks $PWD/Basic.id $SLEEP 3600\""
  spawn
  same "$(move start Basic | jq -r .state)" running
  pid=$(status Basic pid)
  kill -s TERM "$(cat spawn.pid)"
  wait_for 10 is Deaf stopping
  do_tasks "$(task config c1 1.0 parameter='{"envs":{"A":"2"}}')"
  same "$(ended c1)" '107 agent-spawn is being stopped'
  touch deaf.end
  stop spawn
  same "$stopped" 0
  alive "$pid"
  cmd 0 jq -e '.envs == null' conf/Basic.json
}
