# A daemon lives on without agent-spawn, and the next one looks after it again.
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
  program forks <<'END'
"$2" "$3" </dev/null >/dev/null 2>&1 &
echo $! >"$1"
END
}

teardown() {
  agents_end
}

# daemon NAME [FIELD=JSON...]: an agent of type fork that nobody starts by itself
daemon() {
  local name=$1
  shift
  agent "$name" 'type="fork"' startsecs=1 "pidfile=\"$PWD/$name.pid\"" "exec=\"$PWD/forks $PWD/$name.pid $SLEEP 3600\"" "$@"
}

@test "B15 B21: a daemon that was started by hand is looked after again by the next agent-spawn" {
  daemon One
  daemon Two
  spawn
  for name in One Two; do same "$(move start "$name" | jq -r .state)" running; done
  one=$(status One pid) two=$(status Two pid)
  same "$(move stop Two | jq -r .state)" stoped
  dead "$two"
  stop spawn KILL
  alive "$one"
  spawn
  wait_for 10 is One running
  same "$(status One pid)" "$one"
  same "$(status One adopted)" true
  is Two stoped
  kill -s KILL "$one"
  wait_for 10 told restart One 'starts again'
  same "$(move stop One | jq -r .state)" stoped
}

@test "B15 B16: killed before the pid file was there: the daemon that came of the command is looked after by the next one" {
  program late <<'END'
{
  "$2" "$3" </dev/null >/dev/null 2>&1 &
  /bin/sleep 0.5
  echo $! >"$1.new" && mv "$1.new" "$1"
} &
END
  daemon One startsecs=60 "exec=\"$PWD/late $PWD/One.pid $SLEEP 3600\""
  spawn
  background start bootctl start One
  wait_for 10 test -e One.pid
  is One starting
  stop spawn KILL
  one=$(cat One.pid)
  alive "$one"
  spawn
  wait_for 10 has One ".pid == $one and .adopted"
}

@test "B15: TERM while a daemon is being restarted: it is started again before agent-spawn ends, and taken over by the next" {
  program slow <<'END'
trap 'while [ ! -e "$0.end" ]; do /bin/sleep 0.05; done; exit' TERM
while :; do /bin/sleep 0.05; done
END
  program forks <<'END'
"$2" </dev/null >/dev/null 2>&1 &
echo $! >"$1"
END
  agent One 'type="fork"' startsecs=1 stopasgroup=false "pidfile=\"$PWD/One.pid\"" "exec=\"$PWD/forks $PWD/One.pid $PWD/slow\""
  spawn
  same "$(move start One | jq -r .state)" running
  one=$(status One pid)
  background restart bootctl restart One
  wait_for 10 is One stopping
  kill -s TERM "$(cat spawn.pid)"
  touch slow.end
  stopped=0
  wait "$(<spawn.pid)" || stopped=$?
  same "$stopped" 0
  dead "$one"
  rm slow.end # the next one is not to end of itself
  two=$(cat One.pid)
  alive "$two"
  spawn
  wait_for 10 is One running
  same "$(status One pid)" "$two"
  touch slow.end
  same "$(move stop One | jq -r .state)" stoped
}
