# The cgroups of the agents, on the hierarchies of this machine (version 1).
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
  need_root
  CPU=/sys/fs/cgroup/cpu MEM=/sys/fs/cgroup/memory
  if [ ! -e "$CPU/cpu.shares" ] || [ ! -e "$MEM/memory.limit_in_bytes" ] || [ ! -w "$MEM" ]; then
    skip "needs cgroups of version 1"
  fi
  GROUP=$(group_name)
}

teardown() {
  agents_end
  [ ! -e "$BATS_TEST_TMPDIR/place" ] || rm -r "$(cat "$BATS_TEST_TMPDIR/place")"
}

# group_of PID CONTROLLER: where it is, as the kernel says, from our group on
group_of() { sed -n "s/^[0-9]*:$2://p" "/proc/$1/cgroup" | sed "s/.*\/$GROUP/$GROUP/"; }

# main: the pid of agent-spawn
main() { ask '{"ask":"version"}' | jq .pid; }

# eater FILE: a program that starts $1, a Node, which takes 1 MB again and again; then it becomes the program that follows
eater() {
  program "$1" <<'END'
echo eating
"$1" -e 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))' 2>/dev/null
echo "child: $?"
exec "$2" "$3"
END
}

@test "B56: agents without limits are in the group -C, an agent with limits and its children in a child of it" {
  program parent <<END
sleep 3701 &
echo "\$!" >$PWD/child
wait
END
  agent Plain autostart=true startsecs=0 "exec=\"/bin/sleep 3702.$$\""
  agent Limited autostart=true startsecs=0 "exec=\"$PWD/parent\"" 'cgroup={"CPU":50,"MEM":262144}'
  spawn
  wait_for 10 test -s child
  wait_for 10 is Plain running
  local controller
  for controller in cpu memory; do
    same "$(group_of "$(status Plain pid)" "$controller")" "$GROUP"
    same "$(group_of "$(status Limited pid)" "$controller")" "$GROUP/Limited"
    same "$(group_of "$(cat child)" "$controller")" "$GROUP/Limited"
    same "$(group_of "$(main)" "$controller")" "$(group_of $$ "$controller")"
  done
  same "$(ask '{"ask":"version"}' | jq .feature)" 1
}

@test "B24: CPU is a share of 1024, MEM a hard limit in KB, also of swap" {
  agent Half autostart=true startsecs=0 "exec=\"/bin/sleep 3703.$$\"" 'cgroup={"CPU":50,"MEM":65536}'
  agent Double autostart=true startsecs=0 "exec=\"/bin/sleep 3704.$$\"" 'cgroup={"CPU":200}'
  spawn
  wait_for 10 is Half running
  wait_for 10 is Double running
  same "$(cat "$CPU/$GROUP/Half/cpu.shares")" 512
  same "$(cat "$CPU/$GROUP/Double/cpu.shares")" 2048
  same "$(cat "$CPU/$GROUP/cpu.shares")" 1024
  same "$(cat "$MEM/$GROUP/Half/memory.limit_in_bytes")" 67108864
  [ ! -e "$MEM/$GROUP/Half/memory.memsw.limit_in_bytes" ] ||
    same "$(cat "$MEM/$GROUP/Half/memory.memsw.limit_in_bytes")" 67108864
  [ "$(cat "$MEM/$GROUP/Double/memory.limit_in_bytes")" -gt 1000000000000 ]
}

@test "B24 B29: HUP changes the limits with a restart, and removes the group of an agent that is gone" {
  agent Changes autostart=true startsecs=0 "exec=\"/bin/sleep 3705.$$\"" 'cgroup={"MEM":65536}'
  agent Goes autostart=true startsecs=0 "exec=\"/bin/sleep 3706.$$\"" 'cgroup={"MEM":65536}'
  agent NoMore autostart=true startsecs=0 "exec=\"/bin/sleep 3713.$$\"" 'cgroup={"MEM":65536}'
  spawn
  for name in Changes Goes NoMore; do wait_for 10 is "$name" running; done
  [ -d "$MEM/$GROUP/Goes" ]
  agent Changes autostart=true startsecs=0 "exec=\"/bin/sleep 3705.$$\"" 'cgroup={"MEM":131072}'
  agent NoMore autostart=true startsecs=0 "exec=\"/bin/sleep 3713.$$\""
  rm conf/Goes.json
  kill -s HUP "$(cat spawn.pid)"
  changed() { [ "$(cat "$MEM/$GROUP/Changes/memory.limit_in_bytes")" = 134217728 ] && is Changes running; }
  wait_for 10 changed
  wait_for 10 test ! -e "$MEM/$GROUP/Goes"
  wait_for 10 test ! -e "$CPU/$GROUP/Goes"
  free() { is NoMore running && [ "$(group_of "$(status NoMore pid)" memory)" = "$GROUP" ]; }
  wait_for 10 free
}

@test "B56: the groups of agents that exist no longer are removed at the start, those with processes stay" {
  mkdir -p "$MEM/$GROUP/Gone" "$MEM/$GROUP/Busy" "$MEM/$GROUP/not.ours"
  background busy sleep 3707
  cat busy.pid >"$MEM/$GROUP/Busy/cgroup.procs"
  agent Here autostart=true startsecs=0 "exec=\"/bin/sleep 3708.$$\"" 'cgroup={"MEM":65536}'
  spawn
  wait_for 10 is Here running
  [ ! -e "$MEM/$GROUP/Gone" ]
  [ -d "$MEM/$GROUP/Busy" ]
  [ -d "$MEM/$GROUP/not.ours" ]
  alive "$(cat busy.pid)"
  stop spawn
  [ ! -e "$MEM/$GROUP/Here" ]
  stop busy KILL
}

@test "B24 B51 B56: an OOM kill in the group is an event, and evidence of the end" {
  program eats <<'END'
echo eating
exec "$1" -e 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))'
END
  agent Eats autostart=true startsecs=0 retries=1 "exec=\"$PWD/eats $NODE\"" 'cgroup={"MEM":102400,"CPU":100}'
  spawn
  wait_for 20 is Eats fatal
  same "$(events oom Eats)" 'the kernel killed it for want of memory'
  same "$(event abnormal Eats | jq -c '.evidence | [.oom, .signal, .code, .limits, .stderr]')" \
    '[true,"SIGKILL",null,{"cgroup.CPU":100,"cgroup.MEM":102400},["eating"]]'
  like "$(cat spawn.err)" "warn: agent 'Eats': the kernel killed it for want of memory"
}

@test "B51 B56: an OOM kill of a child is told with the end of the agent, and not with that of the next process" {
  eater eats
  program ends <<END
touch $PWD/again
exit 3
END
  agent Parent autostart=true startsecs=0 retries=2 restartsecs=0 "exec=\"$PWD/eats $NODE $PWD/ends\"" 'cgroup={"MEM":102400}'
  sed -i "2i[ ! -e $PWD/again ] || exec sleep 3715" eats
  spawn
  wait_for 20 counted 2 start Parent
  same "$(event abnormal Parent | jq -c '.evidence | [.oom, .code]')" '[true,3]'
  same "$(events oom Parent | wc -l)" 1
  wait_for 10 is Parent running
  kill -s KILL "$(status Parent pid)"
  wait_for 10 is Parent fatal
  same "$(event abnormal Parent | jq -c '.evidence | [.oom, .signal]' | tail -n 1)" '[false,"SIGKILL"]'
}

@test "B56: an OOM kill of a child is an event also where the agent lives on" {
  eater eats
  agent Parent autostart=true startsecs=0 "exec=\"$PWD/eats $NODE /bin/sleep 3709\"" 'cgroup={"MEM":102400}'
  spawn
  wait_for 20 grep -q 'child: 137' log/Parent.log
  wait_for 20 told oom Parent '^for want of memory the kernel killed a process of it$'
  is Parent running
  same "$(events oom Parent | wc -l)" 1
  # It was told: the end of the agent has nothing to do with it.
  kill -s KILL "$(status Parent pid)"
  wait_for 10 counted 1 abnormal Parent
  same "$(event abnormal Parent | jq .evidence.oom)" false
}

@test "B56: an OOM kill in the common group is the evidence of the agent's end, or else an event of its own" {
  eater eats
  agent Plain startsecs=0 retries=1 "exec=\"$NODE -e 'all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))'\""
  agent Parent startsecs=0 "exec=\"$PWD/eats $NODE /bin/sleep 3714\""
  spawn
  echo 104857600 >"$MEM/$GROUP/memory.limit_in_bytes"
  [ ! -e "$MEM/$GROUP/memory.memsw.limit_in_bytes" ] || echo 104857600 >"$MEM/$GROUP/memory.memsw.limit_in_bytes"
  ask '{"ask":"start","name":"Plain","wait":0}' >/dev/null
  wait_for 20 is Plain fatal
  same "$(event abnormal Plain | jq -c '.evidence | [.oom, .signal]')" '[true,"SIGKILL"]'
  same "$(events oom Plain)" 'the kernel killed it for want of memory'
  ask '{"ask":"start","name":"Parent","wait":0}' >/dev/null
  wait_for 20 grep -q 'child: 137' log/Parent.log
  common() { events oom | grep -qx 'for want of memory the kernel killed a process of the common group'; }
  wait_for 20 common
  is Parent running
}

@test "B13 B56: -G puts agent-spawn itself into the group" {
  agent One autostart=true startsecs=0 "exec=\"/bin/sleep 3710.$$\""
  spawn -G
  wait_for 10 is One running
  same "$(group_of "$(main)" memory)" "$GROUP"
  same "$(group_of "$(main)" cpu)" "$GROUP"
}

@test "B56: where no group can be made there is one warning, feature 0, and the agents run" {
  need_mounts
  agent Limited autostart=true startsecs=0 "exec=\"/bin/sleep 3711.$$\"" 'cgroup={"CPU":50,"MEM":65536}'
  spawn_in 'mount -t tmpfs none /sys/fs/cgroup'
  wait_for 10 is Limited running
  same "$(grep -c 'warn: .*cgroup' spawn.err)" 1
  like "$(cat spawn.err)" "warn: no cgroup limits of cpu and memory: '/sys/fs/cgroup' has no such controller"
  same "$(ask '{"ask":"version"}' | jq .feature)" 0
  like "$(ask '{"ask":"explain","name":"Limited"}' | jq -r '.lines[]')" 'its cgroup limits are not in force'
  same "$(group_of "$(status Limited pid)" memory)" "$(group_of $$ memory)"
}

@test "B56: the same for who may not write there" {
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")"
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  agents_place
  agent Limited autostart=true startsecs=0 "exec=\"/bin/sleep 3712.$$\"" 'cgroup={"CPU":50,"MEM":65536}'
  chown -R nobody .
  background spawn setpriv --reuid nobody --regid nogroup --clear-groups agent-spawn -d conf -C "$GROUP"
  wait_for 10 test -S run/BootAgent.sock
  wait_for 10 is Limited running
  same "$(grep -c 'warn: .*cgroup' spawn.err)" 1
  like "$(cat spawn.err)" 'warn: no cgroup limits of cpu and memory: .*permission denied'
  same "$(ask '{"ask":"version"}' | jq .feature)" 0
  stop spawn
}
