# Agents that fork into the background have users, cgroups, limits and checks as the others have.
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

# forks FILE: a program that starts $2 and what follows in a session of its own, writes its pid to $1, and ends
forks() {
  program "$1" <<'END'
pidfile=$1
shift
setsid sh -c 'echo "$$" >"$0.new"; mv "$0.new" "$0"; exec "$@"' "$pidfile" "$@" </dev/null >/dev/null 2>&1 &
END
}

# forking NAME COMMAND [FIELD=JSON...]
forking() {
  local name=$1 command=$2
  shift 2
  agent "$name" autostart=true 'type="fork"' startsecs=1 stopit=true "pidfile=\"$PWD/$name.id\"" "exec=\"$PWD/forks $PWD/$name.id $command\"" "$@"
}

@test "B17: a daemon has the user and the groups of its agent" {
  need_mounts
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")"
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  chmod 777 .
  agents_place
  forks forks
  { cat /etc/group && printf 'fleetone:x:64001:nobody\n'; } >group
  forking Daemon '/bin/sleep 3951' 'user="nobody"'
  spawn_in "mount --bind '$PWD/group' /etc/group"
  wait_for 15 is Daemon running
  local pid uid
  pid=$(status Daemon pid) uid=$(id -u nobody)
  same "$pid" "$(cat Daemon.id)"
  same "$(sed -n 's/^Uid:\t//p' "/proc/$pid/status")" "$uid	$uid	$uid	$uid"
  like "$(sed -n 's/^Groups://p' "/proc/$pid/status")" '(^|[^0-9])64001($|[^0-9])'
  stop spawn
  dead "$pid"
}

@test "B56: a daemon is in the group of its agent" {
  need_root
  [ -e /sys/fs/cgroup/memory/memory.limit_in_bytes ] || skip 'needs cgroups of version 1'
  forks forks
  forking Daemon '/bin/sleep 3952' 'cgroup={"MEM":102400}'
  spawn
  wait_for 15 is Daemon running
  like "$(grep ':memory:' "/proc/$(status Daemon pid)/cgroup")" "/$(group_name)/Daemon$"
  same "$(move stop Daemon | jq -r .state)" stoped
}

@test "B25: a daemon and its children are held to the limits, also when they were taken over" {
  forks forks
  program opens <<'END'
exec 3<&0 4<&0 5<&0 6<&0 7<&0 8<&0 9<&0
[ "$1" = child ] || "$0" child &
while :; do sleep 1; done
END
  forking Daemon "$PWD/opens" restartsecs=3600
  sed -i 's/"stopit":true/"stopit":false/' conf/Daemon.json
  spawn
  wait_for 15 is Daemon running
  local pid
  pid=$(status Daemon pid)
  stop spawn
  alive "$pid"
  forking Daemon "$PWD/opens" restartsecs=3600 'limits={"interval":1,"FDS":15}'
  spawn
  wait_for 20 is Daemon killed
  like "$(events adopt Daemon)" "^taken over: pid $pid "
  like "$(events killed Daemon)" '^resource overflow, FDS\([0-9]+\)$'
  wait_for 10 dead "$pid"
}

@test "B15 B28: a daemon that is not well is stopped, and its command run again" {
  forks forks
  forking Daemon '/bin/sleep 3953' restartsecs=0 checks=2 'heartbeat={"interval":1}'
  spawn
  wait_for 15 is Daemon running
  local pid
  pid=$(status Daemon pid)
  wait_for 20 renewed Daemon "$pid"
  dead "$pid"
  # The next one does not beat either, and may be stopped between any two looks.
  is_named() { has Daemon ".status == \"running\" and .pid == $(cat Daemon.id) and .pid != $pid"; }
  wait_for 20 is_named
  like "$(events abnormal Daemon | head -n 1)" '^heartbeat failed 2 times in a row: none within 1 s$'
}

@test "B15: a daemon that hands its work on to another process is followed by its pid file" {
  forks forks
  program hands <<'END'
trap 'setsid sleep 3954 & echo "$!" >"$1"; exit 0' USR1
while :; do sleep 0.1; done
END
  forking Daemon "$PWD/hands $PWD/Daemon.id"
  spawn
  wait_for 15 is Daemon running
  local pid
  pid=$(status Daemon pid)
  kill -s USR1 "$pid"
  wait_for 15 renewed Daemon "$pid"
  same "$(status Daemon pid)" "$(cat Daemon.id)"
  same "$(cat "/proc/$(status Daemon pid)/comm")" sleep
  same "$(status Daemon failures)" 0
}
