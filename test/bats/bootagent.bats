load helpers
load wrapper

setup() {
  clean_place
  wrapper_places
  scripted_spawn
}
teardown() { stop_wrapper; }

pid() { cat run/BootAgent.pid; }
heard() { [ "$(cat heard)" = "$1" ]; }
lines_of() { [ "$(grep -c . "$1")" -ge "$2" ]; }
another() { [ "$(cat spawn.id)" != "$1" ] && alive spawn.id; }

@test "B13: in the background it ends when agent-spawn is up, and TERM ends all" {
  cmd bootagent
  same "$output$stderr" ''
  alive run/BootAgent.pid
  same "$(cat spawn.args)" "-d $PWD/conf -L $PWD/log/BootAgent.log --ready-fd 3"
  same "$(readlink "/proc/$(pid)/cwd")" /
  same "$(readlink "/proc/$(pid)/fd/0")" /dev/null
  [ "$(ps -o sid= -p "$(pid)")" -ne "$(ps -o sid= -p $$)" ]
  kill -s TERM "$(pid)"
  wait_for 10 dead run/BootAgent.pid
  dead spawn.id
  same "$(cat heard)" TERM
}

@test "B12: the directories of run, log and tmp are made, wherever they are, also named from here" {
  cmd env BOOTAGENT_RUN=a/run BOOTAGENT_LOG=a/log BOOTAGENT_BASE=a/base bootagent -P run/BootAgent.pid
  [ -d a/run ] && [ -d a/base/tmp ] && [ -e a/log/BootAgent.log ]
  same "$(grep ^BOOTAGENT_ spawn.env | sort)" "BOOTAGENT_BASE=$PWD/a/base
BOOTAGENT_CONF=$PWD/conf
BOOTAGENT_LOG=$PWD/a/log
BOOTAGENT_RUN=$PWD/a/run
BOOTAGENT_SERVERS="
}

@test "B4 B12: without root, in a place of one's own" {
  need_root
  chown -R nobody .
  # It may read where the directories above are closed, and no more.
  cmd setpriv --reuid nobody --clear-groups --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search bootagent
  same "$(stat -c %U run/BootAgent.pid log/BootAgent.log)" $'nobody\nnobody'
  alive spawn.id
}

@test "B13: every flag comes to agent-spawn; -L and -P name other files" {
  cmd bootagent -l debug -L some/where.log -P other/pid -C mine -G
  same "$(cat spawn.args)" "-d $PWD/conf -L $PWD/some/where.log -l debug -C mine -G --ready-fd 3"
  cp other/pid run/BootAgent.pid
  alive run/BootAgent.pid
  [ -e some/where.log ] && [ ! -e log/BootAgent.log ]
}

@test "B13: -f stays in the foreground, with the log on stderr, and ends with 0" {
  background wrapper bootagent -f -l warn
  wait_for 10 test -s spawn.id
  same "$(cat spawn.args)" "-d $PWD/conf -l warn"
  same "$(pid)" "$(cat wrapper.pid)"
  kill -s KILL "$(cat spawn.id)"
  wait_for 10 grep -q 'ended with status 137' wrapper.err
  stop wrapper
  same "$stopped" 0
  like "$(cat wrapper.err)" 'keep-service: warning: agent-spawn ended with status 137, again in 1 s'
  [ ! -e log/BootAgent.log ]
}

@test "B13: values that are none are told before anything is started" {
  local value
  for value in verbose '' INFO $'info\nx'; do
    cmd 64 bootagent -l "$value"
    same "$stderr" "bootagent: usage: -l: '$value' is not a log level"
  done
  for value in '' a/b ..  "$(printf 'a%.0s' {1..64})"; do
    cmd 64 bootagent -C "$value"
    same "$stderr" "bootagent: usage: -C: '$value' is not the name of a cgroup"
  done
  for value in '' ',' a: a:0 a:65536 'a b' 'a,,b' "a'b" $'a\nb' "$(printf 'a%.0s' {1..2049})"; do
    cmd 64 bootagent -S "$value"
    same "$stderr" "bootagent: usage: -S: '$value' is not a list of HOST[:PORT]"
  done
  [ ! -e run ] && [ ! -e spawn.args ]
}

@test "B13: -T has agent-spawn test the configuration, and starts nothing" {
  scripted_spawn 'exit 78'
  cmd 78 bootagent -f -T
  cmd 78 bootagent -T -f
  same "$(cat spawn.args)" "-T -d $PWD/conf"$'\n'"-T -d $PWD/conf"
  [ ! -e run ]
}

@test "B13: -T with agent-spawn itself: each fault as FILE: FIELD: what is wrong" {
  cp "$REPO/bin/agent-spawn" bin/
  echo '{"name":"Good","version":"1","exec":"/bin/sleep 9"}' >conf/Good.json
  cmd bootagent -T
  same "$output$stderr" ''
  echo '{"name":"Bad","exec":"sleep","retries":1.5,"startsec":1}' >conf/Bad.json
  echo '{' >conf/Torn.json
  cmd 78 bootagent -T
  same "$(grep -c . <<<"$stderr")" 5
  like "$stderr" "^$PWD/conf/Bad.json: version: is missing
$PWD/conf/Bad.json: exec: the first word must be an absolute path, not \"sleep\"
$PWD/conf/Bad.json: retries: must be a whole number from -1 to 1000, not 1.5
warning: $PWD/conf/Bad.json: startsec: unknown field .*
$PWD/conf/Torn.json: line "
  [ ! -e run ] && [ ! -e log ] && [ ! -e base ]
}

@test "B13: wrong usage" {
  cmd 64 bootagent -x
  same "$stderr" 'bootagent: usage: unknown option -x'
  cmd 64 bootagent -L
  same "$stderr" 'bootagent: usage: option -L needs a value'
  cmd 64 bootagent -f start
  same "$stderr" 'bootagent: usage: there are no operands'
  cmd bootagent --version
  like "$output" '^bootagent \(fleetutils\) [0-9]'
}

@test "B1 B4 B5 B8 B9 B10 B11: -h shows the paths, the servers and the limits" {
  cmd env -u BOOTAGENT_CONF -u BOOTAGENT_BASE -u BOOTAGENT_RUN -u BOOTAGENT_LOG bootagent -h
  local shown=$output
  for text in '/etc/cargo/BootAgent/*.json, of at most 16 KiB' 'name of at most 50 bytes' \
    'MetaFile  /usr/local/cargo/BootAgent/metafile, of at most 4 KiB' '/usr/local/cargo/BootAgent/tmp' \
    /var/run/cargo/BootAgent.pid /var/run/cargo/BootAgent.sock /var/log/cargo/BootAgent.log 'none built in; port 8180' \
    'every 600 s (180-3600), again after 180 s (60-3600)' '64 KiB each'; do
    cmd grep -qF -- "$text" <<<"$shown"
  done
  cmd bootagent --help
  like "$output" "MetaFile  $PWD/base/metafile"
}

@test "B13 B55: -S is for the first start: while there is no MetaFile" {
  local list
  for list in a a:8180 'a:1,b.example.com,' '[::1]:65535,10.0.0.1'; do
    cmd bootagent -S "$list"
    cmd grep -qFx "BOOTAGENT_SERVERS=$list" spawn.env
    kill -s TERM "$(pid)"
    wait_for 10 dead run/BootAgent.pid
  done
  touch base/metafile
  cmd env BOOTAGENT_SERVERS=x bootagent -S b
  cmd grep -qx BOOTAGENT_SERVERS= spawn.env
}

@test "B13: a second start is refused with the pid, and changes nothing" {
  cmd bootagent
  cmd 75 bootagent
  same "$stderr" "start-daemon: fatal: already running (pid $(pid)) (see $PWD/log/BootAgent.log)"
  cmd 75 bootagent -f
  same "$stderr" "start-daemon: fatal: already running (pid $(pid))"
  same "$(wc -l <spawn.args)" 1
  alive run/BootAgent.pid && alive spawn.id
}

@test "B13: a pid file that is a leftover is no hindrance: rubbish, a stranger's pid, nothing" {
  local text
  mkdir run
  for text in 'rubbish %s' $$ ''; do
    printf '%s' "$text" >run/BootAgent.pid
    cmd bootagent
    alive run/BootAgent.pid
    cmd 75 bootagent
    kill -s TERM "$(pid)"
    wait_for 10 dead run/BootAgent.pid
  done
}

@test "B13: a start that fails is told with its status, and leaves nothing running" {
  local status_wanted
  for status_wanted in 3 64 74 75 78; do
    scripted_spawn "exit $status_wanted"
    cmd "$status_wanted" bootagent
    same "$stderr" "keep-service: fatal: agent-spawn ended with status $status_wanted (see $PWD/log/BootAgent.log)"
    wait_for 10 dead run/BootAgent.pid
  done
  scripted_spawn 'kill -s KILL $$'
  cmd 137 bootagent
  rm bin/agent-spawn
  cmd 9 env PATH="$PWD/bin:/usr/bin:/bin" sh -c 'bootagent || [ $? -ne 127 ] || exit 9'
  like "$stderr" 'agent-spawn ended with status 127'
  scripted_spawn 'kill -s KILL $PPID; exec sleep 1000'
  cmd 70 bootagent
  same "$stderr" "start-daemon: fatal: ended without a word (see $PWD/log/BootAgent.log)"
}

@test "B13: places that cannot be written" {
  touch file
  cmd 74 env BOOTAGENT_RUN="$PWD/file/run" bootagent
  same "$stderr" "bootagent: fatal: unable to make '$PWD/file/run'"
  cmd 74 env BOOTAGENT_BASE="$PWD/file" bootagent -f
  same "$stderr" "bootagent: fatal: unable to make '$PWD/file/tmp'"
  cmd 74 bootagent -L conf
  same "$stderr" "start-daemon: fatal: unable to write '$PWD/conf'"
  cmd 74 bootagent -P conf
  same "$stderr" "start-daemon: fatal: unable to write '$PWD/conf' (see $PWD/log/BootAgent.log)"
  [ ! -e spawn.args ]
}

@test "B13: agent-spawn is started again after a growing delay, though it were killed" {
  cmd bootagent
  local first
  first=$(cat spawn.id)
  touch fails
  sed -i 's/^env .*/[ ! -e fails ] || exit 3/' bin/agent-spawn
  kill -s KILL "$first"
  wait_for 20 lines_of log/BootAgent.log 4
  rm fails
  wait_for 20 another "$first"
  like "$(cat log/BootAgent.log)" 'T[0-9:]+Z keep-service: warning: agent-spawn ended with status 137, again in 1 s
.*warning: agent-spawn ended with status 3, again in 2 s
.*warning: agent-spawn ended with status 3, again in 4 s'
  alive run/BootAgent.pid
}

@test "B13: TERM during the delay" {
  cmd bootagent
  sed -i 's/^env .*/exit 3/' bin/agent-spawn
  kill -s KILL "$(cat spawn.id)"
  wait_for 20 grep -q 'again in 2 s' log/BootAgent.log
  kill -s TERM "$(pid)"
  wait_for 10 dead run/BootAgent.pid
  wait_for 10 flock -n run/BootAgent.pid true
}

@test "B13: wrong usage and wrong configuration end the daemon, also later" {
  cmd bootagent
  sed -i 's/^env .*/exit 78/' bin/agent-spawn
  kill -s KILL "$(cat spawn.id)"
  wait_for 20 grep -q 'keep-service: fatal: agent-spawn ended with status 78' log/BootAgent.log
  wait_for 10 dead run/BootAgent.pid
  cmd 78 bootagent -f
  same "$stderr" 'keep-service: fatal: agent-spawn ended with status 78'
}

@test "B13: HUP and USR1 are handed on, once agent-spawn hears them" {
  cmd bootagent
  kill -s HUP "$(pid)"
  wait_for 10 heard HUP
  kill -s USR1 "$(pid)"
  wait_for 10 heard $'HUP\nUSR1'
  kill -s TERM "$(pid)"
  wait_for 10 dead run/BootAgent.pid
  rm heard
  scripted_spawn 'until [ -e go ]; do sleep 0.05; done'
  background wrapper bootagent -f
  wait_for 10 alive spawn.id
  kill -s HUP "$(pid)"
  touch go
  wait_for 10 heard HUP
  same "$(wc -l <spawn.args)" 2
}

@test "B13: TERM waits for agent-spawn as long as it takes, a second one does not matter" {
  scripted_spawn
  sed -i "s/^trap 'echo TERM.*/trap 'echo TERM >>heard; until [ -e go ]; do sleep 0.05; done; exit 0' TERM/" bin/agent-spawn
  background wrapper bootagent -f
  wait_for 10 alive spawn.id
  wait_for 10 pgrep -P "$(cat spawn.id)"
  kill -s TERM "$(pid)"
  wait_for 10 heard TERM
  kill -s TERM "$(pid)"
  alive wrapper.pid
  cmd 75 bootagent
  touch go
  stop wrapper
  same "$stopped" 0
}

@test "B13: agent-spawn does not live on when the wrapper is killed, and keeps the lock until it has ended" {
  sed -i "s/^trap 'echo TERM.*/trap 'echo TERM >>heard; until [ -e go ]; do sleep 0.05; done; exit 0' TERM/" bin/agent-spawn
  cmd bootagent
  kill -s KILL "$(pid)"
  wait_for 10 heard TERM
  wait_for 10 dead run/BootAgent.pid
  cmd 75 bootagent
  touch go
  wait_for 10 dead spawn.id
  cmd bootagent
}

@test "B64: ABRT, from the watchdog, kills an agent-spawn that hears nothing" {
  background wrapper bootagent -f
  wait_for 10 alive spawn.id
  kill -s STOP "$(cat spawn.id)"
  stop wrapper ABRT
  same "$stopped" 134
  wait_for 10 dead spawn.id
}

@test "B64: systemd is told of the stop and of the delay; agent-spawn gets its socket and the wrapper's pid" {
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "$*" >>%s/told\n' "$PWD" >bin/systemd-notify
  chmod 755 bin/systemd-notify
  background wrapper env NOTIFY_SOCKET=/run/x WATCHDOG_USEC=1000000 WATCHDOG_PID=1 bootagent -f
  wait_for 10 test -s spawn.env
  wait_for 10 alive spawn.id
  local main
  main=$(pid)
  same "$(grep -E '^(NOTIFY|WATCHDOG)_' spawn.env | sort)" "NOTIFY_SOCKET=/run/x
WATCHDOG_PID=$main
WATCHDOG_USEC=1000000"
  kill -s KILL "$(cat spawn.id)"
  wait_for 10 grep -qx -- "--pid=$main WATCHDOG=1" told
  stop wrapper
  same "$(tail -n 1 told)" "--pid=$main STOPPING=1"
  rm told
  cmd env NOTIFY_SOCKET=/run/x bootagent
  cmd 1 grep NOTIFY_SOCKET spawn.env
  kill -s TERM "$(pid)"
  wait_for 10 dead run/BootAgent.pid
  [ ! -e told ]
}

@test "B13: the log is opened anew for each message, and a log that cannot be written stops nothing" {
  cmd bootagent
  local first
  first=$(cat spawn.id)
  mv log/BootAgent.log old.log
  kill -s KILL "$first"
  wait_for 10 grep -q 'status 137' log/BootAgent.log
  wait_for 20 another "$first"
  first=$(cat spawn.id)
  rm log/BootAgent.log
  ln -s /dev/full log/BootAgent.log
  kill -s KILL "$first"
  wait_for 20 another "$first"
  first=$(cat spawn.id)
  rm -r log
  kill -s KILL "$first"
  wait_for 20 another "$first"
  alive run/BootAgent.pid
}
