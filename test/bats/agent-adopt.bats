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
