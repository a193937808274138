load helpers
load wrapper

setup() { clean_place; }
teardown() {
  if [ -s daemon ] && alive daemon; then kill -s TERM "$(cat daemon)"; fi
  stop_all
}

@test "start-daemon: up when the command reports so, and the lock is on the pid file" {
  cmd start-daemon -l log daemon sh -c 'echo out; echo err >&2; echo >&3; exec sleep 1000 3>&-'
  same "$output$stderr" ''
  alive daemon
  same "$(cat log)" $'out\nerr'
  same "$(readlink "/proc/$(cat daemon)/cwd")" /
  cmd 75 start-daemon daemon true
  same "$stderr" "start-daemon: fatal: already running (pid $(cat daemon))"
  cmd 75 start-daemon -f daemon true
}

@test "start-daemon: -f becomes the command" {
  cmd 3 start-daemon -f daemon sh -c '[ $$ -eq "$(cat "$0")" ] && [ ! -e /proc/self/fd/3 ] && exit 3' "$PWD/daemon"
  background front start-daemon -f daemon sleep 1000
  wait_for 10 alive daemon
  same "$(cat daemon)" "$(cat front.pid)"
  stop front
  cmd start-daemon -f daemon true
}

@test "start-daemon: a failure that is reported, and one that is not" {
  cmd 65 start-daemon -l log daemon sh -c 'echo "65:relay: fatal: no: reason" >&3; sleep 0.2'
  same "$stderr" 'relay: fatal: no: reason (see log)'
  wait_for 10 flock -n daemon true
  cmd 70 start-daemon daemon false
  same "$stderr" 'start-daemon: fatal: ended without a word'
  wait_for 10 flock -n daemon true
  cmd 70 start-daemon daemon nonexistent-command
}

@test "start-daemon: files that cannot be written" {
  cmd 74 start-daemon -l /dev/null/log daemon true
  same "$stderr" "start-daemon: fatal: unable to write '/dev/null/log'"
  cmd 74 start-daemon /dev/null/pid true
  same "$stderr" "start-daemon: fatal: unable to write '/dev/null/pid'"
  cmd 74 start-daemon -f /dev/null/pid true
  same "$stderr" "start-daemon: fatal: unable to write '/dev/null/pid'"
  cmd 3 start-daemon -f /dev/full sh -c 'exit 3'
  same "$stderr" "start-daemon: warning: unable to write '/dev/full'"
}

@test "start-daemon: wrong usage" {
  cmd 64 start-daemon daemon
  same "$stderr" 'start-daemon: usage: PIDFILE and COMMAND are needed'
  cmd 64 start-daemon -x daemon true
  same "$stderr" 'start-daemon: usage: unknown option -x'
  cmd 64 start-daemon -l
  same "$stderr" 'start-daemon: usage: option -l needs a value: FILE'
  cmd start-daemon --help
  like "$output" '^usage: start-daemon '
  cmd start-daemon -V
  like "$output" '^start-daemon \(fleetutils\)'
}
