# Who an agent runs as, and what it is given: users, groups, environment, directory, and names that are slow to resolve.
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

# ids PID: its real, effective and saved user, the same of its groups, and its supplementary groups
ids() {
  sed -n 's/^\(Uid\|Gid\|Groups\):\t*//p' "/proc/$1/status" | tr -s '\t ' ' ' | sed 's/ $//'
}

groups_of() { sed -n 's/^Groups://p' "/proc/$1/status" | xargs -n 1 | sort -n | tr '\n' ' '; }

# ask_when FILE JSON...: as `ask`, as soon as FILE is there: what is waited for has only 5 s
ask_when() {
  background asks "$NODE" -e '
    const [path, file, ...requests] = process.argv.slice(1)
    const socket = require("node:net").connect(path, () => console.error("connected")).setEncoding("utf8")
    let text = ""
    socket.on("data", chunk => (text += chunk)).on("end", () => process.stdout.write(text))
    const timer = setInterval(() => {
      if (!require("node:fs").existsSync(file)) return
      clearInterval(timer)
      socket.end(requests.join("\n") + "\n")
    }, 5)' "$BOOTAGENT_RUN/BootAgent.sock" "$@"
  wait_for 20 grep -q connected asks.err
}
answered() { [ "$(wc -l <asks.out)" -eq "$1" ]; }

# number DATABASE NAME
number() { getent "$1" "$2" | cut -d: -f3; }

@test "B17: an agent has its user, its group and the supplementary groups of a login" {
  need_mounts
  chmod 755 .
  { cat /etc/group && printf 'fleetone:x:64001:nobody\nfleettwo:x:64002:root,nobody\n'; } >group
  agent User autostart=true startsecs=0 'user="nobody"' "exec=\"/bin/sleep 3631.$$\""
  agent Group autostart=true startsecs=0 'user="nobody"' 'group="fleettwo"' "exec=\"/bin/sleep 3632.$$\""
  agent Root autostart=true startsecs=0 "exec=\"/bin/sleep 3633.$$\""
  spawn_in "mount --bind '$PWD/group' /etc/group"
  for name in User Group Root; do wait_for 10 is "$name" running; done
  runs() { [ "$(cat "/proc/$(status "$1" pid)/comm")" = sleep ]; }
  for name in User Group Root; do wait_for 10 runs "$name"; done
  uid=$(number passwd nobody) gid=$(getent passwd nobody | cut -d: -f4)
  same "$(ids "$(status User pid)" | sed -n 1p)" "$uid $uid $uid $uid"
  same "$(ids "$(status User pid)" | sed -n 2p)" "$gid $gid $gid $gid"
  same "$(groups_of "$(status User pid)")" "64001 64002 $gid "
  same "$(ids "$(status Group pid)" | sed -n 1p)" "$uid $uid $uid $uid"
  same "$(ids "$(status Group pid)" | sed -n 2p)" '64002 64002 64002 64002'
  same "$(ids "$(status Root pid)" | sed -n 1,2p)" $'0 0 0 0\n0 0 0 0'
  same "$(groups_of "$(status Root pid)")" "$({ id -G root | tr ' ' '\n' && echo 64002; } | sort -n | tr '\n' ' ')"
}

@test "B17: an agent of root has root's groups, and none of those that agent-spawn was started with" {
  need_root
  agent Root autostart=true startsecs=0 "exec=\"/bin/sleep 3642.$$\""
  agent Group autostart=true startsecs=0 'group="daemon"' "exec=\"/bin/sleep 3643.$$\""
  background spawn setpriv --regid 5 --groups 5,6 agent-spawn -d conf -C "$(group_name)"
  wait_for 10 test -S run/BootAgent.sock
  for name in Root Group; do wait_for 10 is "$name" running; done
  runs() { [ "$(cat "/proc/$(status "$1" pid)/comm")" = sleep ]; }
  for name in Root Group; do wait_for 10 runs "$name"; done
  local root
  root=$(id -G root | xargs -n 1 | sort -n | tr '\n' ' ')
  same "$(ids "$(status Root pid)" | sed -n 2p)" '0 0 0 0'
  same "$(groups_of "$(status Root pid)")" "$root"
  same "$(ids "$(status Group pid)" | sed -n 2p)" "$(for _ in 1 2 3 4; do number group daemon; done | xargs)"
  cmd 1 grep -wE "5|6" <<<"$(groups_of "$(status Group pid)")"
}

@test "B17: an unknown user or group is a failed start with its reason, and the others run" {
  agent NoUser autostart=true 'user="nosuchuser"' retries=2 restartsecs=0
  agent NoGroup autostart=true 'group="nosuchgroup"' retries=1
  agent Good autostart=true startsecs=0 "exec=\"/bin/sleep 3634.$$\""
  spawn
  wait_for 10 is Good running
  wait_for 10 is NoUser fatal
  wait_for 10 is NoGroup fatal
  same "$(events abnormal NoUser | sort -u)" "start failed: unknown user 'nosuchuser'"
  same "$(events abnormal NoGroup)" "start failed: unknown group 'nosuchgroup'"
  same "$(status NoUser pid)" null
  same "$(events start NoUser)" ''
}

@test "B17: who is not root runs agents as itself, and as nobody else" {
  need_root
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")"
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  agents_place
  chmod 755 .
  agent Other autostart=true 'user="root"' retries=1
  agent Own autostart=true startsecs=0
  chown -R nobody .
  uid=$(number passwd nobody)
  background spawn setpriv --reuid nobody --regid nogroup --clear-groups agent-spawn -d conf
  wait_for 10 test -S run/BootAgent.sock
  wait_for 10 is Own running
  wait_for 10 is Other fatal
  like "$(events abnormal Other)" "^start failed: unable to run as user 'root': not root$"
  same "$(ids "$(status Own pid)" | sed -n 1p)" "$uid $uid $uid $uid"
  stop spawn
}

@test "B18: nothing of the daemon's environment comes to an agent, and what envs says wins" {
  program says <<END
env | sort >$PWD/environment
pwd >$PWD/directory
umask >$PWD/mask
exec sleep 3635
END
  agent Says autostart=true startsecs=0 "exec=\"$PWD/says\"" \
    'envs={"PATH":"/usr/bin:/bin","LD_PRELOAD_NOT":"1","EMPTY":"","SPACED":"a b\nc","USER":"somebody"}'
  export SECRET=1 HOME=/nowhere LD_LIBRARY_PATH=/nowhere NODE_OPTIONS=--no-warnings
  umask 077
  spawn
  umask 022
  unset LD_LIBRARY_PATH NODE_OPTIONS
  wait_for 10 test -s mask
  same "$(grep -v '^PWD=\|^SHLVL=\|^_=\|^OLDPWD=' environment)" "BOOTSOCK=$PWD/run/BootAgent.heartbeat.sock
EMPTY=
HOME=$(getent passwd root | cut -d: -f6)
LD_PRELOAD_NOT=1
PATH=/usr/bin:/bin
SPACED=a b
USER=somebody
c"
  same "$(cat directory)" /
  same "$(cat mask)" 0022
}

@test "B66: a directory service that hangs delays its own agent and nobody else" {
  need_mounts
  program getent <<END
echo "\$\$" >$PWD/asked
exec sleep 3636
END
  agent Slow retries=1 'user="onlyindirectory"' "exec=\"/bin/sleep 3637.$$\""
  agent Quick startsecs=0 "exec=\"/bin/sleep 3638.$$\""
  spawn_in "mount --bind '$PWD/getent' /usr/bin/getent"
  ask_when asked '{"ask":"start","name":"Quick","wait":15}' '{"ask":"restart","name":"Quick","wait":15}' '{"ask":"status","names":["Slow"]}'
  ask '{"ask":"start","name":"Slow","wait":0}' >/dev/null
  wait_for 20 answered 3
  same "$(jq -c 'if .agents then .agents[0].status else [.reached, .state] end' asks.out)" '[true,"running"]
[true,"running"]
"starting"'
  asked=$(cat asked)
  wait_for 15 is Slow fatal
  same "$(events abnormal Slow)" "start failed: no answer in time about 'onlyindirectory' in passwd"
  wait_for 10 dead "$asked"
  is Quick running
}

@test "B66: a start that waits for a name is called off by a stop" {
  need_mounts
  program getent <<END
echo "\$\$" >$PWD/asked
exec sleep 3639
END
  agent Slow 'user="onlyindirectory"' "exec=\"/bin/sleep 3640.$$\""
  spawn_in "mount --bind '$PWD/getent' /usr/bin/getent"
  ask_when asked '{"ask":"stop","name":"Slow","wait":15}'
  ask '{"ask":"start","name":"Slow","wait":0}' >/dev/null
  wait_for 20 answered 1
  same "$(jq -c '[.reached, .state]' asks.out)" '[true,"stoped"]'
  wait_for 10 dead "$(cat asked)"
  is Slow stoped
  same "$(events start Slow)" ''
  same "$(events abnormal Slow)" ''
}

@test "B66: agent-spawn opens no socket of the network" {
  need strace
  agent User autostart=true startsecs=0 'user="nobody"' "exec=\"/bin/sleep 3641.$$\""
  agent NoUser autostart=true 'user="nosuchuser"' retries=1
  [ "$(id -u)" -eq 0 ] || agent User autostart=true startsecs=0 "exec=\"/bin/sleep 3641.$$\""
  rm -f ready && mkfifo ready
  background spawn bash -c 'exec strace -o calls -e trace=socket,socketpair agent-spawn -d "$BOOTAGENT_CONF" -C "$0" --ready-fd 7 7>ready' "$(group_name)"
  timeout 30 head -n 1 ready >/dev/null
  wait_for 20 is User running
  wait_for 20 is NoUser fatal
  main=$(ask '{"ask":"version"}' | jq .pid)
  kill -s TERM "$main"
  wait "$(cat spawn.pid)"
  rm spawn.pid
  like "$(cat calls)" 'AF_UNIX'
  same "$(grep -v 'AF_UNIX\|^+++\|^---' calls || :)" ''
}
