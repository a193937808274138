load helpers
load daemon

setup() {
  clean_place
  own_bin
  settings
}
teardown() { stop_daemon; }

# The daemon runs with the test's directory as its own, so that its processes are told from other tests' ones.
lines_of() { [ "$(grep -c . "$1")" -ge "$2" ]; }

loop_pid() { pgrep -x -P "$(processes 'keep-running -p sh')" sh; }
another_loop() { [ "$(loop_pid)" -ne "$1" ]; }

@test "start.sh: in the background, up, and down without a process left" {
  cmd start.sh -c anyhost.conf
  same "$output$stderr" ''
  local pid
  pid=$(cat daemon)
  one_process serve-anyhost
  wait_for 10 lines_of write-anyhost.args 2
  like "$(head -n 1 probe-ips.args)" "^--installed $PWD/anyhost --period 1 $PWD/domain.conf$"
  like "$(head -n 1 rank-ips.args)" "^--installed $PWD/anyhost --state $PWD/state/rank.ndjson$"
  same "$(head -n 1 write-anyhost.args)" "-o $PWD/anyhost"
  same "$(head -n 1 serve-anyhost.args)" "--ready-fd 3 -l 127.0.0.1:0 -q $PWD/anyhost"
  [ ! -e reload-named.args ] && [ ! -e mails ]
  kill -s TERM "$pid"
  wait_for 10 no_process bin/
  wait_for 10 no_process sleep
  same "$(cat daemon)" ''
}

@test "start.sh: a second start says who runs, status 75" {
  cmd start.sh -c anyhost.conf
  cmd 75 start.sh -f -c anyhost.conf
  same "$stderr" "start.sh: fatal: already running (pid $(cat daemon))"
  cmd 75 start.sh -c anyhost.conf
  same "$stderr" "start.sh: fatal: already running (pid $(cat daemon)) (see $PWD/log)"
  one_process serve-anyhost
}

@test "start.sh: each half is started again without the other" {
  background daemon_out start.sh -f -c anyhost.conf
  wait_for 10 one_process 'sleep 1000'
  wait_for 10 loop_pid
  local server loop
  server=$(processes 'sleep 1000') loop=$(loop_pid)
  kill -s KILL "$server"
  wait_for 10 another_process 'sleep 1000' "$server"
  same "$(loop_pid)" "$loop"
  server=$(processes 'sleep 1000')
  kill -s KILL "$loop"
  wait_for 10 another_loop "$loop"
  same "$(processes 'sleep 1000')" "$server"
  stop daemon_out
  same "$stopped" 0
  like "$(cat daemon_out.err)" 'keep-running: warning: serve-anyhost ended with status 137, again in 1 s'
  like "$(cat daemon_out.err)" 'keep-running: warning: sh ended with status 137, again in 1 s'
}

@test "start.sh: the daemon killed: its halves end too" {
  background daemon_out start.sh -f -c anyhost.conf
  wait_for 10 one_process 'sleep 1000'
  stop daemon_out KILL
  wait_for 10 no_process 'sleep 1000'
  wait_for 10 no_process keep-running
  cmd start.sh -c anyhost.conf
}

@test "start.sh: HUP reads new settings, and refuses wrong ones" {
  background daemon_out start.sh -f -c anyhost.conf
  wait_for 10 lines_of serve-anyhost.args 1
  echo 'perod=5' >>anyhost.conf
  kill -s HUP "$(cat daemon_out.pid)"
  wait_for 10 grep -q "anyhost.conf:8: unknown key 'perod'" daemon_out.err
  settings 'serve=-t 7'
  kill -s HUP "$(cat daemon_out.pid)"
  wait_for 10 lines_of serve-anyhost.args 2
  same "$(tail -n 1 serve-anyhost.args)" "-l 127.0.0.1:0 -t 7 $PWD/anyhost"
  same "$(cat daemon)" "$(cat daemon_out.pid)"
  wait_for 10 one_process 'sleep 1000'
  stop daemon_out
  same "$stopped" 0
}

@test "start.sh: a server that cannot start ends the start with its status" {
  fake serve-anyhost 'echo "serve-anyhost: fatal: unable to listen" >&2; exit 74'
  cmd 74 start.sh -c anyhost.conf
  same "$stderr" "keep-running: fatal: serve-anyhost ended with status 74 (see $PWD/log)"
  wait_for 10 no_process keep-running
  like "$(cat log)" 'serve-anyhost: fatal: unable to listen'
}

@test "start.sh: in the foreground it tries again, but not what no retry mends" {
  fake serve-anyhost 'exit 74'
  background daemon_out start.sh -f -c anyhost.conf
  wait_for 10 lines_of serve-anyhost.args 2
  stop daemon_out
  same "$stopped" 0
  fake serve-anyhost 'exit 64'
  cmd 64 start.sh -f -c anyhost.conf
  like "$stderr" 'keep-running: fatal: serve-anyhost ended with status 64'
  wait_for 10 no_process keep-running
}

@test "start.sh: a round that overruns is reported, and never doubled" {
  settings 'alert=-t ops@example.com'
  fake probe-ips 'echo begin >>rounds; sleep 2.2; echo end >>rounds; echo "{\"type\":\"round\"}"'
  background daemon_out start.sh -f -c anyhost.conf
  wait_for 20 lines_of rounds 5
  stop daemon_out
  same "$(head -n 4 rounds | tr '\n' ' ')" 'begin end begin end '
  like "$(cat daemon_out.err)" 'run-round: warning: the round took [23] s, the period is 1 s'
  like "$(cat mails)" '"command":"run-round",.*"key":"overrun"'
}

@test "start.sh: wrong settings are told with their lines, status 78" {
  settings period=x perod=5 'alert=-t "ops' hello
  sed -i 1d anyhost.conf # period=1 is line 6 now
  for flags in -f '' -T; do
    # shellcheck disable=SC2086
    cmd 78 start.sh $flags -c anyhost.conf
    same "$stderr" "show-settings: warning: anyhost.conf:7: 'period' is set twice
show-settings: warning: anyhost.conf:8: unknown key 'perod'
show-settings: warning: anyhost.conf:9: alert: '-t \"ops' is not a list of words (a quote is not closed)
show-settings: warning: anyhost.conf:10: not KEY=VALUE: 'hello'
show-settings: fatal: 4 wrong in the settings"
  done
  cmd 78 start.sh -c missing.conf
  same "$stderr" "show-settings: fatal: unable to read 'missing.conf': no such file or directory"
}

@test "start.sh: -T tests the domain.conf and the options too" {
  cmd start.sh -T -c anyhost.conf
  same "$output$stderr" ''
  printf '#!/bin/sh\necho "probe-ips: warning: domain.conf:3: x" >&2\nexit 65\n' >bin/probe-ips
  cmd 78 start.sh -T -c anyhost.conf probe=--check
  like "$stderr" 'probe-ips: warning: domain.conf:3: x'
  like "$stderr" 'show-settings: fatal: 2 wrong in what the settings name'
}

@test "start.sh: arguments win over the file" {
  cmd start.sh -c anyhost.conf "serve=-t 9 --word 'a b'" listen=127.0.0.1:1
  same "$(cat serve-anyhost.args)" "--ready-fd 3 -l 127.0.0.1:1 -t 9 --word a b $PWD/anyhost"
  cmd grep -x listen=127.0.0.1:1 state/settings
}

@test "start.sh: places that cannot be written" {
  cmd 74 start.sh -c anyhost.conf log="$PWD/no/log"
  same "$stderr" "start.sh: fatal: unable to write '$PWD/no/log'"
  cmd 74 start.sh -c anyhost.conf state=/dev/null/state
  same "$stderr" "start.sh: fatal: unable to write in '/dev/null/state' (see $PWD/log)"
  cmd 74 start.sh -f -c anyhost.conf pid="$PWD/no/pid"
  same "$stderr" "start.sh: fatal: unable to write '$PWD/no/pid'"
}

@test "start.sh: wrong usage" {
  cmd 64 start.sh -x
  same "$stderr" 'start.sh: usage: unknown option -x'
  cmd 64 start.sh -c
  same "$stderr" 'start.sh: usage: option -c needs a value: FILE'
  cmd start.sh --help
  like "$output" '^usage: start.sh '
  cmd start.sh -V
  like "$output" '^start.sh \(fleetutils\) [0-9]'
}
