load helpers
load agents

setup() {
  clean_place
  need jq
  agents_place
  mkdir -p run
}
teardown() { agents_end; }

# daemon [ASK WRONG]: a scripted agent-spawn, which does WRONG when it is asked ASK
daemon() {
  [ ! -e daemon.pid ] || stop daemon
  rm -f daemon.out
  background daemon "$NODE" "$REPO/test/servers/agent-spawn.ts" run/BootAgent.sock "$@"
  wait_for 10 grep -qx ready daemon.out
}

# state JQ: what the scripted agent-spawn holds: three agents, changed by JQ
state() {
  agent_record() {
    jq -cn --arg name "$1" --arg status "$2" --argjson pid "$3" '{type: "agent", $name, version: "1.2.4", $status,
      since: (now - 10938 | todate), $pid, adopted: false, uptime: 0, restarts: 1, failures: 0, next: null, cpu: 12.34,
      rss: 35840, fds: 12, last: "up for 10 s"}'
  }
  config_record() {
    jq -cn --arg name "$1" '{$name, version: "1.2.4", exec: "/bin/a b", argv: ["/bin/a", "b"], type: "simple",
      pidfile: null, user: null, group: null, envs: {}, startsecs: 10, autostart: true, single: true,
      stopsignal: "SIGTERM", stopsecs: 60, stopasgroup: true, stopit: false, restartsecs: 20, retries: 3,
      exitcodes: [0], autorestart: "yes", cgroup: null, limits: {interval: 60, cpu: 30, mem: null, fds: null},
      check: null, heartbeat: {interval: 60, match: {kind: "string", text: "ok"}}, checks: 3, checksecs: 20,
      checkall: false}'
  }
  event_record() {
    jq -cn --argjson id "$1" --argjson subject "$2" '{type: "event", $id, timestamp: (now | floor), category: "agent",
      $subject, extra: null, kind: "start", message: "event \($id)"}'
  }
  jq -n --slurpfile agents <(agent_record web running 12 && agent_record db stoped null && agent_record mail backoff null) \
    --slurpfile configs <(config_record web && config_record db && config_record mail) \
    --slurpfile events <(event_record 1 null && event_record 2 '"web"' && event_record 3 '"db"') '{$agents, $configs, $events}' |
    jq "${1:-.}" >state.new
  mv state.new state.json
}

# names: those of the records in $output
names() { jq -r .name <<<"$output" | sort | tr '\n' ' '; }

# at_terminal COLUMNS COMMAND: its output, as a terminal shows it, in $output
at_terminal() {
  cmd script -qec "stty cols $1; $2" /dev/null </dev/null
  output=${output//$'\r'/}
}

@test "bootctl: wrong usage" {
  cmd 64 bootctl
  same "$stderr" 'bootctl: usage: VERB [ARG…] is missing'
  cmd 64 bootctl stauts
  same "$stderr" "bootctl: usage: unknown verb 'stauts' (did you mean 'status'?)"
  cmd 64 bootctl frobnicate
  same "$stderr" "bootctl: usage: unknown verb 'frobnicate' (-h lists them)"
  cmd 64 bootctl config
  like "$stderr" "^bootctl: usage: 'config' needs a second word: "
  cmd 64 bootctl config setlgo info
  same "$stderr" "bootctl: usage: unknown verb 'config setlgo' (did you mean 'setlog'?)"
  cmd 64 bootctl start
  same "$stderr" "bootctl: usage: NAME… is missing: 'start' needs it"
  cmd 64 bootctl explain a b
  same "$stderr" "bootctl: usage: 'b': 'explain' takes only so many operands"
  cmd 64 bootctl version x
  same "$stderr" "bootctl: usage: 'x': 'version' takes no operands"
  cmd 64 bootctl status -f
  same "$stderr" "bootctl: usage: 'status' takes no option -f"
  cmd 64 bootctl sha256 --socket x
  same "$stderr" "bootctl: usage: 'sha256' takes no option --socket"
  cmd 64 bootctl events -n 1001
  cmd 64 bootctl stop -t 0 web
  cmd 64 bootctl stop -t 2h web
  cmd 64 bootctl config setlog loud
  same "$stderr" "bootctl: usage: 'loud' is no log level: trace, debug, info, warn, error, fatal"
  cmd bootctl status -h
  like "$output" '  status \[-j\] \[-t SECS\] \[NAME…\] +what the agents are doing'
}

@test "B58: nobody listens, and one that may not be asked" {
  cmd 69 bootctl status
  same "$stderr" "bootctl: fatal: agent-spawn is not running: nobody listens on '$PWD/run/BootAgent.sock'"
  cmd 69 bootctl start web
  cmd 69 bootctl events -f
  cmd 69 bootctl version
  same "$output" "bootctl (fleetutils) $(bootctl -V | sed 's/.* //')"
  same "$stderr" "bootctl: fatal: agent-spawn is not running: nobody listens on '$PWD/run/BootAgent.sock'"
  need_root
  need setpriv
  daemon
  chmod 600 run/BootAgent.sock
  chmod a+x . run
  wait_for 1 setpriv --reuid 65534 --clear-groups test -x run || skip 'needs a directory that others can enter'
  cmd 77 setpriv --reuid 65534 --clear-groups bootctl status
  like "$stderr" "^bootctl: fatal: .*run/BootAgent.sock': permission denied"
}

@test "B58: status: records, an unknown name, and what other versions add" {
  state '.agents[0].news = 1'
  daemon
  cmd bootctl status
  same "$(names)" 'db mail web '
  same "$(jq -c 'select(.name == "web") | [.status, .pid, .restarts, .cpu, .rss, .fds, .news]' <<<"$output")" \
    '["running",12,1,12.34,35840,12,1]'
  cmd 1 bootctl status db nix web db
  same "$(jq -r .name <<<"$output" | tr '\n' ' ')" 'db web '
  same "$stderr" "bootctl: warning: there is no agent 'nix'"
  cmd bootctl --socket "$PWD/run/BootAgent.sock" status -j db
  same "$(names)" 'db '
  state '.agents = []'
  cmd bootctl status
  same "$output$stderr" ''
}

@test "B58: status: a table for people, within the width of the terminal" {
  need script
  state '.agents[0].last = "a\u001b[31m long" + " story" * 30'
  daemon
  at_terminal 80 'bootctl status'
  same "$(sed -n 1p <<<"$output")" \
    'NAME  VERSION  STATE    SINCE  PID  RESTARTS  CPU  RSS  FDS  LAST EVENT'
  like "$(sed -n 2p <<<"$output")" '^web   1\.2\.4    running  3h02m   12         1  12%  35M   12  a\?\[31m long.*…$'
  like "$(sed -n 3p <<<"$output")" '^db    1\.2\.4    stoped   3h02m    -         1  12%  35M   12  up for 10 s$'
  same "$(awk '{ print length > 80 }' <<<"$output" | sort -u)" ''
  at_terminal 120 'bootctl status web'
  like "$(sed -n 2p <<<"$output")" '^web   1\.2\.4    running  [0-9A-Za-z: ]+Z 3h02m +12 '
  at_terminal 80 'bootctl status -j db'
  same "$(names)" 'db '
  state '.agents = []'
  at_terminal 80 'bootctl status'
  same "$output" 'bootctl: info: no agent is configured'
}

@test "B58: start, stop and restart wait for the end state and tell it" {
  need script
  state
  daemon
  cmd bootctl start web
  same "$(jq -c '[.type, .name, .status, .pid]' <<<"$output")" '["agent","web","running",12]'
  # By its own startsecs and stopsecs, and some; or as long as it is told.
  cmd grep -qx '{"ask":"start","name":"web","wait":15}' daemon.out
  cmd bootctl restart web
  cmd grep -qx '{"ask":"restart","name":"web","wait":75}' daemon.out
  cmd bootctl -t 2m stop db
  cmd grep -qx '{"ask":"stop","name":"db","wait":120}' daemon.out
  cmd 1 bootctl stop web db nix db
  same "$(names)" 'db web '
  same "$(sort <<<"$stderr")" "bootctl: info: web: nothing stands in the way
bootctl: info: web: web is what it is
bootctl: warning: there is no agent 'nix'
bootctl: warning: web: running, pid 12: it did not come"
  at_terminal 80 'bootctl start web && bootctl stop db'
  same "$output" 'web: running, pid 12
db: stoped'
}

@test "B58: start of many agents, side by side" {
  state '.agents = [range(40) as $i | .agents[0] | .name = "a\($i)"] |
    .configs = [range(40) as $i | .configs[0] | .name = "a\($i)"]'
  daemon
  # shellcheck disable=SC2046
  cmd bootctl start $(seq -f a%g 0 39)
  same "$(jq -r .name <<<"$output" | sort -u | wc -l)" 40
}

@test "B58: events: all, the last ones, of some agents, as lines" {
  need script
  state
  daemon
  cmd bootctl events
  same "$(jq -c '[.id, .subject]' <<<"$output" | tr '\n' ' ')" '[1,null] [2,"web"] [3,"db"] '
  cmd bootctl events -n 2
  same "$(jq .id <<<"$output" | tr '\n' ' ')" '2 3 '
  cmd bootctl events -n 0
  same "$output" ''
  cmd bootctl events web
  same "$(jq .id <<<"$output")" 2
  cmd bootctl events mail
  same "$output$stderr" ''
  cmd 1 bootctl events nix db mail
  same "$(jq .id <<<"$output")" 3
  same "$stderr" "bootctl: warning: there is no agent 'nix'"
  at_terminal 80 'bootctl events -n 1'
  like "$output" '^[0-9]{2}:[0-9]{2}:[0-9]{2}Z  db            start     event 3$'
  state '.events[1].timestamp -= 864000 | .events[2].message = "a\u001b[31m\nb"'
  at_terminal 80 'bootctl events -n 2'
  like "$output" '^[A-Z][a-z]{2} [0-9]{2} [0-9]{2}:[0-9]{2}Z  web           start     event 2
[0-9]{2}:[0-9]{2}:[0-9]{2}Z      db            start     a\?\[31m b$'
}

@test "B58: events -f goes on until TERM or its reader goes, and survives a new agent-spawn" {
  state
  daemon
  background follow bootctl events -f
  wait_for 10 grep -q '"id":3' follow.out
  state '.events += [.events[2] | .id = 4]'
  wait_for 10 grep -q '"id":4' follow.out
  stop daemon
  wait_for 10 grep -qx 'bootctl: warning: agent-spawn has gone: waiting for it to come back' follow.err
  state '.events |= .[:2] | .pid = 4711'
  daemon
  wait_for 10 grep -q 'answers again, pid 4711' follow.err
  wait_for 10 bash -c '[ "$(jq -s length follow.out)" -eq 6 ]'
  same "$(jq .id follow.out | tr '\n' ' ')" '1 2 3 4 1 2 '
  stop follow
  same "$stopped" 0
  background follow bootctl events -f -n 1 db web
  wait_for 10 grep -q '"id":2' follow.out
  stop follow INT
  same "$stopped" 0
  same "$(jq -c .id follow.out)" 2
}

@test "B58: events -f where the ids begin anew under the same pid, and for a reader that goes" {
  state '.pid = 7'
  daemon
  background follow bootctl events -f
  wait_for 10 grep -q '"id":3' follow.out
  stop daemon
  state '.events |= .[:1] | .pid = 7'
  daemon
  wait_for 10 bash -c '[ "$(jq -s length follow.out)" -eq 4 ]'
  cmd grep -qx 'bootctl: warning: the ids of the events count from 1 again' follow.err
  stop follow
  mkfifo pipe
  background follow bash -c 'bootctl events -f >pipe; echo "$?" >ended'
  head -n 1 pipe >first
  same "$(jq .id first)" 1
  state '.pid = 7 | .events |= .[:2]'
  wait_for 10 test -s ended
  same "$(cat ended)" 0
}

@test "B45 B58: tasks: a table for people, a record each; no tasks" {
  need script
  state
  daemon
  cmd bootctl tasks
  same "$output" ''
  at_terminal 80 'bootctl tasks'
  same "$output" 'bootctl: info: there are no tasks'
  state '.tasks = [
    {type: "result", id: "u1", name: "web", since: (now - 65 | todate), errcode: -1, errname: "START", message: "is being done"},
    {type: "result", id: "c1", name: null, since: null, errcode: 101, errname: "BAD_TASK", message: "no \u001b[31m"}]'
  at_terminal 80 'bootctl tasks'
  same "$(sed -n 1p <<<"$output")" 'TASK  AGENT  SINCE  ERRCODE       MESSAGE'
  like "$(sed -n 2p <<<"$output")" '^u1    web    1m0[0-9]s  -1 START      is being done$'
  same "$(sed -n 3p <<<"$output")" 'c1    -      -      101 BAD_TASK  no ?[31m'
  cmd bootctl tasks
  same "$(jq -c '[.id, .errcode]' <<<"$output")" $'["u1",-1]\n["c1",101]'
}

@test "B58: explain, config setlog and version" {
  state '.version = "9.9.9" | .pid = 4711'
  daemon
  cmd bootctl explain web
  same "$output" 'web is what it is
nothing stands in the way'
  cmd 1 bootctl explain nix
  same "$stderr" "bootctl: fatal: there is no agent 'nix'"
  cmd bootctl config setlog debug
  same "$output" ''
  same "$stderr" "bootctl: info: the log level is 'debug' (it was 'info')"
  cmd bootctl version
  same "$(tail -n 1 <<<"$output")" 'agent-spawn (fleetutils) 9.9.9, pid 4711, up 3h02m, with cgroups'
  like "$stderr" '^bootctl: warning: agent-spawn runs version 9\.9\.9, and this is '
}

@test "B58: config show: the settings and every field of each agent" {
  need script
  state
  daemon
  cmd bootctl config show
  same "$(jq -r '.name // .type' <<<"$output" | tr '\n' ' ')" 'settings web db mail '
  same "$(jq -c 'select(.name == "db") | [.type, .config.type, .config.startsecs, .config.limits.CPU]' <<<"$output")" \
    '["config","simple",10,30]'
  cmd 1 bootctl config show nix db
  same "$(names)" 'db '
  same "$stderr" "bootctl: warning: there is no agent 'nix'"
  at_terminal 80 'bootctl config show'
  like "$output" $'^agent-spawn\n  conf   /etc/cargo/BootAgent\n  level  info\n\nweb\n  version      1\.2\.4\n'
  like "$output" $'\n  limits       \{"interval":60,"CPU":30\}\n'
}

@test "B29 B58: config check: every fault, without a daemon" {
  echo '{"name": "web", "version": "1.0", "exec": "/bin/sleep 9"}' >conf/web.json
  cmd bootctl config check
  same "$output" ''
  same "$stderr" 'bootctl: info: agent-spawn is not running: nothing to compare with'
  echo '{"name": "bad", "exec": "sleep", "startsecs": -1, "nmae": 1}' >conf/bad.json
  echo '{' >conf/worse.json
  cmd 78 bootctl config check conf
  like "$stderr" 'bootctl: fatal: conf/bad.json: version: '
  like "$stderr" 'bootctl: fatal: conf/bad.json: exec: '
  like "$stderr" 'bootctl: fatal: conf/bad.json: startsecs: '
  like "$stderr" 'bootctl: warning: conf/bad.json: nmae: '
  like "$stderr" 'bootctl: fatal: conf/worse.json: '
  cmd 1 grep -q web.json <<<"$stderr"
  rm conf/bad.json conf/worse.json
  echo '{"name": "web", "version": "1.0", "exec": "/nonexistent", "user": "no-such-user"}' >conf/web.json
  cmd bootctl config check
  like "$stderr" "bootctl: warning: $PWD/conf/web.json: exec: "
  like "$stderr" "bootctl: warning: $PWD/conf/web.json: user: "
  cmd 78 bootctl config check nowhere
  same "$stderr" "bootctl: fatal: unable to read 'nowhere': no such file or directory"
}

@test "B58: config check: what a HUP would do" {
  state
  daemon
  local name
  for name in web db new; do
    jq -n --arg name "$name" '{$name, version: "1.2.4", exec: "/bin/a b", autostart: true, limits: {CPU: 30},
      heartbeat: {interval: 60, match: "string:ok"}}' >"conf/$name.json"
  done
  sed -i 's/30/50/' conf/db.json
  cmd bootctl config check
  same "$output" 'add new
remove mail
change db: limits.CPU: 30 -> 50'
  # A broken file leaves its agent as it is.
  echo '{"name": "db"' >conf/db.json
  cmd 78 bootctl config check
  same "$output" 'add new
remove mail'
  rm conf/db.json conf/new.json
  state '.configs |= .[:1]'
  cmd bootctl config check
  same "$output" ''
  like "$stderr" 'bootctl: info: no difference to what agent-spawn runs'
  daemon config garbage
  cmd bootctl config check
  like "$stderr" 'bootctl: warning: nothing to compare with: bad answer from agent-spawn: not JSON'
}

@test "B58: sha256 as sha256sum writes it, without a daemon" {
  printf abc >'a b'
  : >empty
  printf x >$'back\\slash\nline'
  cmd bootctl sha256 'a b' empty $'back\\slash\nline'
  same "$output" "$(sha256sum 'a b' empty $'back\\slash\nline')"
  bootctl sha256 'a b' empty $'back\\slash\nline' >sums
  cmd sha256sum -c sums
  cmd bootctl sha256 - <'a b'
  same "$output" "$(sha256sum - <'a b')"
  cmd bootctl sha256 <'a b'
  same "$output" "$(sha256sum - <'a b')"
  cmd 74 bootctl sha256 none . empty
  same "$output" "$(sha256sum empty)"
  same "$stderr" "bootctl: warning: unable to read 'none': no such file or directory
bootctl: warning: unable to read '.': is a directory"
  truncate -s 100M large
  cmd bootctl sha256 large
  same "$output" "$(sha256sum large)"
}

@test "B58: BOOTAGENT_TRACE, and its misspelling, print the exchange" {
  daemon
  local name
  for name in BOOTAGENT_TRACE BOOTAGENT_TARCE; do
    cmd env "$name=1" bootctl config setlog warn
    same "$stderr" "> {\"ask\":\"setlog\",\"level\":\"warn\"}
< {\"ok\":true,\"level\":\"warn\",\"before\":\"info\"}
bootctl: info: the log level is 'warn' (it was 'info')"
    cmd 1 env "$name=0" bootctl explain x
    same "$stderr" "bootctl: fatal: there is no agent 'x'"
  done
}

@test "B58: a closed stdout is no error" {
  state '.agents = [range(3000) as $i | .agents[0] | .name = "a\($i)"]'
  daemon
  cmd bash -c 'set -o pipefail; bootctl status | head -n 1 | jq -r .name'
  same "$output$stderr" a0
}

@test "B57: answers that are none: each is said, none is believed" {
  state
  while IFS='|' read -r code ask verb wrong reason; do
    daemon "$ask" "$wrong"
    # shellcheck disable=SC2086 # words
    cmd "$code" bootctl -t 1 $verb
    same "$(head -n 1 <<<"$stderr")" "bootctl: fatal: $reason"
  done <<'CASES'
65|status|status|garbage|bad answer from agent-spawn: not JSON
65|status|status|null|bad answer from agent-spawn: it is no object
65|status|status|{}|bad answer from agent-spawn: field 'ok' is missing
65|status|status|{"ok":true}|bad answer from agent-spawn: field 'agents' is no list
65|status|status|{"ok":true,"agents":[{"type":"agent"}]}|bad answer from agent-spawn: agents[0]: field 'name' is missing
65|status|status|{"ok":false}|bad answer from agent-spawn: a refusal without its reason
75|status|status|{"ok":false,"fault":"again","error":"too many clients"}|too many clients
65|events|events|{"ok":true,"events":[],"last":-1,"lost":0}|bad answer from agent-spawn: field 'last' is no number from 0
65|config|config show|{"ok":true,"settings":{},"agents":[{"name":"a","version":"1"}]}|bad answer from agent-spawn: agents[0]: field 'exec' is wrong or missing
65|config|start web|{"ok":true,"settings":7,"agents":[]}|bad answer from agent-spawn: field 'settings' is no object
65|setlog|config setlog info|{"ok":true,"level":"info","before":"loud"}|bad answer from agent-spawn: field 'before' is no log level
65|explain|explain web|{"ok":true,"lines":[7]}|bad answer from agent-spawn: lines[0]: not a text
CASES
}

@test "B57: an agent-spawn of another version is named where its answer is not understood" {
  state '.version = "9.9.9"'
  daemon status '{"ok":false,"fault":"data","error":"what?"}'
  cmd 65 bootctl status
  like "$stderr" '^bootctl: fatal: what\? \(agent-spawn is version 9\.9\.9, this is [0-9.]+\)$'
}

@test "B57: an agent-spawn that stalls, hangs up or floods" {
  state
  local sock=$PWD/run/BootAgent.sock
  daemon status stall
  cmd 75 bootctl -t 0.2 status
  same "$stderr" "bootctl: fatal: '$sock': no answer within 0.2 s"
  daemon status cut
  cmd 69 bootctl status
  same "$stderr" "bootctl: fatal: '$sock': closed without an answer"
  daemon status half
  cmd 69 bootctl status
  same "$stderr" "bootctl: fatal: '$sock': closed without an answer"
  daemon status flood
  cmd 65 bootctl status
  like "$stderr" "^bootctl: fatal: '$sock': an answer has more than [0-9]+ bytes"
  daemon stop cut
  cmd 69 bootctl stop db web
  same "$(sort <<<"$stderr")" "bootctl: warning: db: '$sock': closed without an answer
bootctl: warning: web: '$sock': closed without an answer"
  : >plain
  cmd 69 bootctl --socket plain status
  cmd 69 bootctl --socket "$(printf '%0200d' 0)" status
}

@test "bootctl: killed while it waits, it leaves nothing behind" {
  state
  daemon stop stall
  background wait bootctl stop web
  wait_for 10 grep -q '"ask":"stop"' daemon.out
  stop wait
  same "$stopped" 143
  cmd bootctl status web
}

# real: agent-spawn itself with the agents Web, which sleeps, and Bad, which ends at once
real() {
  cp "$(command -v sleep)" sleeper
  agent Web "exec=\"$PWD/sleeper 3600\"" startsecs=0.2 stopsecs=5
  agent Bad 'exec="/bin/sh -c \"echo no licence >&2; exit 3\""' startsecs=1
  spawn
}

@test "B12 B58: with agent-spawn itself: start, stop, restart, status and explain" {
  need script
  real
  cmd bootctl status
  same "$(jq -r '"\(.name) \(.status)"' <<<"$output" | tr '\n' ' ')" 'Bad stoped Web stoped '
  cmd bootctl start Web
  local pid
  pid=$(jq .pid <<<"$output")
  same "$(jq -c '[.name, .status, .restarts]' <<<"$output")" '["Web","running",0]'
  same "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "$PWD/sleeper 3600 "
  cmd bootctl start Web
  same "$(jq .pid <<<"$output")" "$pid"
  cmd bootctl restart Web
  same "$(jq -r .status <<<"$output")" running
  dead "$pid"
  pid=$(jq .pid <<<"$output")
  cmd bootctl explain Web
  like "$output" running
  at_terminal 120 'bootctl status Web'
  like "$(tail -n 1 <<<"$output")" "^Web   1\.0      running  [0-9:]+Z [0-9hms]+ +$pid "
  cmd 1 bootctl start Bad
  same "$(jq -r .status <<<"$output")" backoff
  like "$stderr" '^bootctl: warning: Bad: backoff: '
  cmd bootctl stop Web Bad
  same "$(jq -r '"\(.name) \(.status)"' <<<"$output" | sort | tr '\n' ' ')" 'Bad stoped Web stoped '
  dead "$pid"
  cmd 1 bootctl stop Nix
  cmd 1 bootctl explain Nix
  like "$stderr" "^bootctl: fatal: .*'Nix'"
}

@test "B51 B58: with agent-spawn itself: events, also over its end by SIGKILL" {
  real
  cmd 1 bootctl start Bad
  cmd bootctl events Bad
  like "$(jq -r .kind <<<"$output" | tr '\n' ' ')" '^start abnormal '
  same "$(jq -c 'select(.kind == "abnormal") | [.evidence.code, .evidence.stderr]' <<<"$output")" '[3,["no licence"]]'
  background follow bootctl events -f Web
  cmd bootctl start Web
  wait_for 10 grep -q '"kind":"running"' follow.out
  stop spawn KILL
  wait_for 10 grep -q 'agent-spawn has gone' follow.err
  spawn
  wait_for 10 grep -q 'agent-spawn answers again' follow.err
  cmd bootctl start Web
  wait_for 10 bash -c '[ "$(grep -c "\"kind\":\"running\"" follow.out)" -ge 2 ]'
  stop follow
  same "$stopped" 0
}

@test "B58: with agent-spawn itself: config check, show and setlog, and the version" {
  real
  cmd bootctl config check
  like "$stderr" 'bootctl: info: no difference to what agent-spawn runs'
  agent Web "exec=\"$PWD/sleeper 3601\"" startsecs=0.2 stopsecs=5
  agent New 'exec="/bin/true"'
  rm conf/Bad.json
  cmd bootctl config check
  same "$output" "add New
remove Bad
change Web: exec: \"$PWD/sleeper 3600\" -> \"$PWD/sleeper 3601\""
  kill -s HUP "$(cat spawn.pid)"
  wait_for 10 bash -c 'bootctl config check 2>&1 | grep "no difference"'
  cmd bootctl config show Web
  same "$(jq -c '.config | [.exec, .stopsignal, .retries]' <<<"$output")" "[\"$PWD/sleeper 3601\",\"SIGTERM\",3]"
  cmd bootctl config show
  same "$(jq -r 'select(.type == "settings") | .settings.conf' <<<"$output")" "$PWD/conf"
  cmd bootctl config setlog debug
  same "$stderr" "bootctl: info: the log level is 'debug' (it was 'info')"
  cmd bootctl version
  like "$(tail -n 1 <<<"$output")" "^agent-spawn \(fleetutils\) [0-9.]+, pid $(cat spawn.pid), up [0-9hms]+, with"
  same "$stderr" ''
}

@test "B29 B58: with agent-spawn itself: an agent whose file has a fault is no agent, and said to have a file" {
  real
  echo '{"name": "Torn"' >conf/Torn.json
  local verb
  for verb in status explain start 'config show' events; do
    # shellcheck disable=SC2086 # words
    cmd 1 bootctl $verb Torn
    like "$stderr" "^bootctl: [a-z]+: there is no agent 'Torn': bootctl config check says what becomes of '$PWD/conf/Torn.json'$"
  done
  cmd 1 bootctl status ../conf/Torn
  same "$stderr" "bootctl: warning: there is no agent '../conf/Torn'"
}

@test "B58: with agent-spawn itself: a thousand agents" {
  local i
  for i in $(seq 1000); do
    printf '{"name": "Agent-%s", "version": "1.0", "exec": "/bin/true %s"}\n' "$i" "$i" >"conf/Agent-$i.json"
  done
  spawn
  cmd bootctl status
  same "$(wc -l <<<"$output")" 1000
  cmd bootctl status Agent-1000 Agent-7
  same "$(jq -r .name <<<"$output" | tr '\n' ' ')" 'Agent-1000 Agent-7 '
  cmd bootctl config show
  same "$(wc -l <<<"$output")" 1001
  cmd bootctl config check
  like "$stderr" 'bootctl: info: no difference'
}
