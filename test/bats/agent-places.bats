# What surrounds agent-spawn: mounts, old files, full disks, events that nobody reads.
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

# of_daemon: the questions are asked in the mount namespace of agent-spawn
of_daemon() { BOOTAGENT_RUN=/proc/$(cat spawn.pid)/root$PWD/run; }

# fill FILE: until not a byte more goes in; SPAWN: in the place of agent-spawn
fill() {
  cat /dev/zero >"$1" 2>/dev/null || :
  printf x >>"$1" 2>/dev/null && return 1
  return 0
}

@test "B1: a file of 16 KiB is an agent, a larger one is told and skipped, and so is what has another suffix" {
  agent Fits autostart=true startsecs=0 "exec=\"/bin/sleep 3927.$$\""
  agent Larger autostart=true startsecs=0
  cp conf/Larger.json conf/Suffix.conf
  local file
  for file in Fits Larger; do printf '%*s' $((16384 - $(stat -c %s "conf/$file.json"))) '' >>"conf/$file.json"; done
  printf ' ' >>conf/Larger.json
  spawn
  wait_for 10 is Fits running
  like "$(cat spawn.err)" 'conf/Larger.json: .*is larger than 16384 bytes'
  same "$(ask '{"ask":"status","names":[]}' | jq -r '.agents[].name')" Fits
}

@test "B3: configuration and tmp on different mounts: an error that names both, and nothing is started" {
  need_mounts
  mkdir -p base/tmp
  agent One autostart=true
  cmd 78 unshare --mount sh -ec 'mount -t tmpfs none base/tmp; exec agent-spawn -d conf'
  same "$stderr" "agent-spawn: fatal: unable to rename files of '$PWD/base/tmp' into '$PWD/conf': the two directories are on different mounts"
  [ ! -e run/BootAgent.sock ]
}

@test "B3: the same device mounted twice is two mounts as well" {
  need_mounts
  mkdir -p base/tmp elsewhere
  cmd 78 unshare --mount sh -ec 'mount --bind elsewhere base/tmp; exec agent-spawn -d conf'
  like "$stderr" 'are on different mounts$'
}

@test "B7: at the start old files in tmp are removed; young and hidden ones, directories and what they hold stay" {
  mkdir -p base/tmp/directory
  touch base/tmp/young
  touch -d '25 hours ago' base/tmp/old base/tmp/.hidden base/tmp/directory/inner base/tmp/directory
  touch -d '23 hours ago' base/tmp/younger
  ln -s /etc/passwd base/tmp/link
  touch -h -d '25 hours ago' base/tmp/link
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
  same "$(find base/tmp -mindepth 1 -printf '%P\n' | sort | tr '\n' ' ')" '.hidden directory directory/inner link young younger '
  like "$(cat spawn.err)" "info: removed 'old': older than a day"
}

@test "B7: that is done every 15 minutes" {
  # What Node is told to do every 15 minutes it does four times a second here.
  cat >timers.cjs <<'END'
const { setInterval } = globalThis
globalThis.setInterval = (deed, ms, ...more) => setInterval(deed, ms === 15 * 60 * 1000 ? 250 : ms, ...more)
END
  agent One autostart=true startsecs=0
  mkdir -p base/tmp
  NODE_OPTIONS="--require $PWD/timers.cjs" spawn
  wait_for 10 is One running
  local turn
  for turn in 1 2; do
    touch base/tmp/young
    touch -d '25 hours ago' base/tmp/old base/tmp/.hidden
    wait_for 10 test ! -e base/tmp/old
    same "$(find base/tmp -mindepth 1 -printf '%P\n' | sort | tr '\n' ' ')" '.hidden young '
    wait_for 10 told_so "$turn"
  done
  # A directory that cannot be read is told, and the agents run.
  rm -r base/tmp
  touch base/tmp
  wait_for 10 grep -q "warn: unable to clean '$PWD/base/tmp': .*not a directory" spawn.err
  is One running
}
told_so() { [ "$(grep -c "info: removed 'old': older than a day" spawn.err)" -eq "$1" ]; }

@test "B19 B27 B30: a clock that is set a day forth and back moves no deadline; what is told is by the clock" {
  cat >clock.cjs <<'END'
const { readFileSync } = require('node:fs')
const { now } = Date
Date.now = () => now() + Number(readFileSync(`${__dirname}/offset`, 'utf8')) * 1000
END
  echo 0 >offset
  program ends <<<'exit 1'
  agent Waits autostart=true startsecs=0 restartsecs=7200 "exec=\"$PWD/ends\""
  agent Starts autostart=true startsecs=7200 "exec=\"$SLEEP 3928\""
  agent Beats startsecs=0 checks=1 "exec=\"$SLEEP 3929\"" 'heartbeat={"interval":5}' 'limits={"interval":1,"FDS":1000}'
  agent Again startsecs=0 "exec=\"$SLEEP 3930\""
  NODE_OPTIONS="--require $PWD/clock.cjs" spawn
  background beats "$NODE" -e '
    const socket = require("node:net").connect(process.argv[1], () => console.log("beats"))
    const beat = () => socket.write("{\"agent\":{\"name\":\"Beats\"},\"message\":\"ok\"}\n")
    setInterval(beat, 250)' "$BOOTAGENT_RUN/BootAgent.heartbeat.sock"
  wait_for 10 grep -q beats beats.out
  move start Beats >/dev/null
  wait_for 10 is Waits backoff
  local offset pid uptime
  pid=$(status Beats pid)
  for offset in 86400 -86400 0; do
    echo "$offset" >offset.new && mv offset.new offset
    uptime=$(status Beats uptime)
    wait_for 20 has Beats ".uptime >= $uptime + 2" # of its limits, and its beats
    has Beats ".pid == $pid and .status == \"running\" and .uptime < 3600"
    is Waits backoff
    same "$(lasts Waits)" 7200
    is Starts starting
    same "$(lasts Starts)" 7200
    move restart Again >/dev/null
    by_the_clock() { jq -e "(. - $(date +%s) - $offset) | . > -300 and . < 300"; }
    event start Again | tail -n 1 | jq .timestamp | by_the_clock
    ask '{"ask":"status","names":["Again"]}' | jq '.agents[0].since | sub("[.][0-9]*"; "") | fromdate' | by_the_clock
  done
  same "$(events check)$(events killed)" ''
}

@test "B70: with a full disk under log and run, agents start, end, are started again and controlled" {
  need_mounts
  program broken <<'END'
echo noise
[ -e "$1" ] && exec sleep 3921
exit 3
END
  mkdir run log full
  agent Runs autostart=true startsecs=0 "exec=\"/bin/sleep 3922.$$\""
  agent Broken autostart=true startsecs=0 retries=2 restartsecs=0 "exec=\"$PWD/broken $PWD/well\""
  agent Beats startsecs=0 "exec=\"/bin/sleep 3923.$$\"" 'heartbeat={"interval":60}'
  spawn_in "mount -t tmpfs -o size=64k none full; mkdir full/run full/log; mount --bind full/run run; mount --bind full/log log; cat /dev/zero >full/log/filler 2>full/log/reason || :" -L log/BootAgent.log
  of_daemon
  inside=/proc/$(cat spawn.pid)/root$PWD
  fill "$inside/log/filler2"
  wait_for 10 is Runs running
  wait_for 10 is Broken fatal
  same "$(event abnormal Broken | jq -c '[.evidence.code]' | sort -u)" '[3]'
  same "$(move restart Runs | jq -c '[.reached, .state]')" '[true,"running"]'
  same "$(move start Beats | jq -c '[.reached, .state]')" '[true,"running"]'
  touch well
  same "$(move start Broken | jq -c '[.reached, .state]')" '[true,"running"]'
  agent New autostart=true startsecs=0 "exec=\"/bin/sleep 3924.$$\""
  kill -s HUP "$(cat spawn.pid)"
  wait_for 10 is New running
  kill -s USR1 "$(cat spawn.pid)"
  same "$(move stop New | jq -c '[.reached, .state]')" '[true,"stoped"]'
  main=$(ask '{"ask":"version"}' | jq .pid)
  same "$main" "$(cat spawn.pid)"
  # There is room again: what was lost is told, and the log goes on.
  rm "$inside"/log/filler*
  move restart Runs >/dev/null
  has_lost() { grep -Eq 'warn: [0-9]+ lines? of this log could not be written: ' "$inside/log/BootAgent.log"; }
  wait_for 10 has_lost
  wait_for 10 grep -q "agent 'Runs': " "$inside/log/BootAgent.log"
  stop spawn
  same "$stopped" 0
}

@test "B70: with a full disk agent-spawn starts" {
  need_mounts
  mkdir run log
  agent Runs autostart=true startsecs=0 "exec=\"/bin/sleep 3925.$$\""
  spawn_in "mount -t tmpfs -o size=64k none run; mount --bind run log; cat /dev/zero >run/filler 2>/dev/null || :; printf x >>run/filler 2>/dev/null && exit 1 || :" -L log/BootAgent.log
  of_daemon
  wait_for 10 is Runs running
  same "$(move restart Runs | jq -c '[.reached, .state]')" '[true,"running"]'
}

@test "B51 B70: a reader of the events that stalls holds nothing up, and is told what it has missed" {
  agent One autostart=true startsecs=0
  # Each reading of the configuration is an event for each of them, without a process being started.
  local n
  for n in $(seq 400); do printf '{"name":"Broken%s","version":"%064d","exec":"relative/%0200d","stopsecs":"%0100d"}' "$n" 0 0 0 >"conf/Broken$n.json"; done
  mkfifo pipe ready
  background reader cat pipe
  background spawn bash -c 'exec agent-spawn -d "$BOOTAGENT_CONF" -C "$0" --ready-fd 7 7>ready >pipe' "$(group_name)"
  timeout 20 bash -c 'read -r <ready'
  wait_for 10 is One running
  kill -s STOP "$(cat reader.pid)"
  # more than the pipe and the memory for it hold
  last() { ask '{"ask":"events","after":0,"most":1,"wait":0}' | jq .last; }
  many() { kill -s HUP "$(cat spawn.pid)" && [ "$(last)" -gt 9000 ]; }
  wait_for 120 many
  is One running
  same "$(move restart One | jq -r .state)" running
  kill -s CONT "$(cat reader.pid)"
  lost() { move restart One >/dev/null && grep -Eq '"kind":"daemon","message":"[0-9]+ events were not read in time"' reader.out; }
  wait_for 20 lost
  ids=$(grep '}$' reader.out | jq -r 'select(.message | endswith("were not read in time") | not) | .id')
  same "$(sort -n <<<"$ids" | uniq)" "$ids"
}
