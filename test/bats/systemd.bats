load helpers
load systemd

# One host for all tests of this file, which go one after the other.
setup_file() {
  export BATS_NO_PARALLELIZE_WITHIN_FILE=true
  HOST=$BATS_FILE_TMPDIR
  cd "$HOST" || return 1
  if [ "$(id -u)" -ne 0 ]; then
    why='needs root'
  elif ! command -v mmdebstrap nsenter unshare >/dev/null; then
    why='needs mmdebstrap'
  elif ! make_root; then
    why="mmdebstrap made no root: $(tail -n 1 mmdebstrap.log)"
  elif ! boot_host; then
    why="systemd does not boot in namespaces here: $(tail -n 1 host.log)"
  fi
  printf '%s' "${why:-}" >why-not
}
teardown_file() {
  cd "$BATS_FILE_TMPDIR" && end_host
}

setup() {
  clean_place
  HOST=$BATS_FILE_TMPDIR PATH=$BATS_FILE_TMPDIR/bin:$PATH
}
teardown() {
  [ ! -s "$HOST/host.init" ] || inside systemctl stop BootAgent >/dev/null 2>&1 || :
}

# host_place: a clean BootAgent on that host, with an agent of each type
host_place() {
  [ ! -s "$HOST/why-not" ] || skip "$(cat "$HOST/why-not")"
  inside sh -eu -c '
    rm -rf /etc/cargo /var/log/cargo /usr/local/cargo /etc/systemd/system/BootAgent.service.d
    mkdir -p /etc/cargo/BootAgent
    cd /etc/cargo/BootAgent
    echo "{\"name\":\"direct\",\"version\":\"1\",\"exec\":\"/bin/sleep 100001\",\"startsecs\":1,\"autostart\":true}" >direct.json
    echo "#!/bin/sh
setsid /bin/sleep 100002 >/dev/null 2>&1 &
echo \$! >/run/forked.pid" >/usr/local/bin/forked
    chmod 755 /usr/local/bin/forked
    echo "{\"name\":\"forked\",\"version\":\"1\",\"type\":\"fork\",\"exec\":\"/usr/local/bin/forked\",\"startsecs\":1,
      \"pidfile\":\"/run/forked.pid\",\"autostart\":true}" >forked.json
    systemctl daemon-reload
    systemctl reset-failed'
}

# drop_in LINE...: an override of the service section
drop_in() {
  inside sh -eu -c 'mkdir -p /etc/systemd/system/BootAgent.service.d
    printf "%s\n" "[Service]" "$@" >/etc/systemd/system/BootAgent.service.d/test.conf
    systemctl daemon-reload' sh "$@"
}

shows() { inside systemctl show -P "$1" BootAgent; }
has() { [ "$(shows "$1")" = "$2" ]; }
runs() { [ "$(inside bootctl status -j "$1" | jq -r .status)" = running ]; }
pid_of() { inside bootctl status -j "$1" | jq -r .pid; }
spawn_pid() { inside pgrep -P "$(shows MainPID)" node; }
gone() { cmd 1 inside kill -s 0 "$1"; }
both_run() {
  wait_for 20 runs direct
  wait_for 20 runs forked
}

@test "B64: systemd finds no fault in the unit, and tells how exposed it is" {
  need systemd-analyze
  cmd sh "$REPO/contrib/install.sh" install '' "$PWD/usr"
  cmd systemd-analyze verify --man=no "$PWD/usr/lib/systemd/system/BootAgent.service"
  same "$output$stderr" ''
  cmd systemd-analyze security --offline=true "$REPO/contrib/systemd/BootAgent.service"
  printf '# %s\n' "${lines[-1]}" >&3
  like "${lines[-1]}" 'Overall exposure level for BootAgent.service: 9\.[0-4]'
}

@test "B64: notify: systemctl start returns when agent-spawn serves" {
  host_place
  cmd inside systemctl start BootAgent
  same "$(shows ActiveState)" active
  cmd inside bootctl version
  same "$(shows MainPID)" "$(inside cat /run/cargo/BootAgent.pid)"
  both_run
  local name pid
  for name in direct forked; do
    pid=$(pid_of "$name")
    cmd 1 inside grep -zE '^(NOTIFY|WATCHDOG)_' "/proc/$pid/environ"
    cmd 1 inside sh -c "ls -l /proc/$pid/fd | grep BootAgent.pid"
    same "$(inside cat "/proc/$pid/oom_score_adj")" 0
  done
}

@test "B64: the watchdog is fed while the event loop turns, also when it left the unit's group" {
  host_place
  drop_in WatchdogSec=4 ExecStart= 'ExecStart=/usr/sbin/bootagent -f -G -L /var/log/cargo/BootAgent.log'
  cmd inside systemctl start BootAgent
  local first
  first=$(shows WatchdogTimestampMonotonic)
  fed() { [ "$(shows WatchdogTimestampMonotonic)" -gt $((first + 12000000)) ]; } # without it, it would have ended thrice
  wait_for 40 fed
  same "$(shows NRestarts) $(shows ActiveState)" '0 active'
}

@test "B64: the watchdog ends an agent-spawn that stalls, and the service is up again; a fork agent lives on" {
  host_place
  drop_in WatchdogSec=5 RestartSec=0
  cmd inside systemctl start BootAgent
  both_run
  local direct forked spawn
  direct=$(pid_of direct) forked=$(pid_of forked) spawn=$(spawn_pid)
  cmd inside kill -s STOP "$spawn"
  wait_for 30 has NRestarts 1
  wait_for 30 has ActiveState active
  both_run
  gone "$spawn"
  gone "$direct"
  same "$(pid_of forked)" "$forked"
}

@test "B64: restart: a fork agent is adopted, a simple one is started anew" {
  host_place
  cmd inside systemctl start BootAgent
  both_run
  local direct forked
  direct=$(pid_of direct) forked=$(pid_of forked)
  cmd inside systemctl restart BootAgent
  both_run
  gone "$direct"
  same "$(pid_of forked)" "$forked"
}

@test "B64: stop: in order, with nothing left but the fork agent" {
  host_place
  cmd inside systemctl start BootAgent
  both_run
  local direct forked
  direct=$(pid_of direct) forked=$(pid_of forked)
  cmd inside systemctl stop BootAgent
  same "$(shows ActiveState) $(shows Result)" 'inactive success'
  gone "$direct"
  cmd inside kill -s 0 "$forked"
  cmd 1 inside pgrep -f 'agent-spawn|keep-service'
  cmd inside kill "$forked"
}

@test "B64: a stop takes as long as the loop is alive, past TimeoutStopSec" {
  host_place
  drop_in WatchdogSec=4 TimeoutStopSec=4
  inside sh -c "cat >/usr/local/bin/deaf <<'END'
#!/bin/sh
trap 'echo heard >>/run/deaf' TERM
while :; do sleep 1; done
END
    chmod 755 /usr/local/bin/deaf; rm -f /run/deaf
    echo '{\"name\":\"deaf\",\"version\":\"1\",\"exec\":\"/usr/local/bin/deaf\",\"autostart\":true,\"stopsecs\":11,
      \"stopasgroup\":false}' >/etc/cargo/BootAgent/deaf.json"
  cmd inside systemctl start BootAgent
  wait_for 20 runs deaf
  CMD_LIMIT=60 cmd inside systemctl stop BootAgent
  same "$(shows Result)" success
  same "$(inside cat /run/deaf)" heard
}

@test "B64: a stop of an agent-spawn that stalls ends too, and leaves no agent-spawn" {
  host_place
  drop_in TimeoutStopSec=2 TimeoutAbortSec=5
  cmd inside systemctl start BootAgent
  both_run
  local spawn
  spawn=$(spawn_pid)
  cmd inside kill -s STOP "$spawn"
  cmd inside systemctl stop BootAgent
  same "$(shows Result)" timeout
  gone "$spawn"
}

@test "B64: reload: the configuration is read again" {
  host_place
  cmd inside systemctl start BootAgent
  both_run
  inside sh -c 'cd /etc/cargo/BootAgent && sed "s/direct/second/;s/100001/100003/" direct.json >second.json'
  cmd inside systemctl reload BootAgent
  known() { inside bootctl status -j second; }
  wait_for 20 known
  same "$(shows NRestarts)" 0
}

@test "B64: a wrapper that is killed is started again by systemd, an agent-spawn that is killed by the wrapper" {
  host_place
  drop_in RestartSec=0
  cmd inside systemctl start BootAgent
  both_run
  local main spawn forked
  main=$(shows MainPID) spawn=$(spawn_pid) forked=$(pid_of forked)
  another_spawn() { [ "$(spawn_pid)" -ne "$spawn" ]; }
  cmd inside kill -s KILL "$spawn"
  wait_for 20 another_spawn
  both_run
  same "$(shows MainPID) $(shows NRestarts)" "$main 0"
  spawn=$(spawn_pid)
  cmd inside kill -s KILL "$main"
  another_main() { [[ $(shows MainPID) != 0 && $(shows MainPID) != "$main" && $(shows ActiveState) = active ]]; }
  wait_for 20 another_main
  both_run
  gone "$spawn"
  same "$(pid_of forked)" "$forked"
}

@test "B3 B64: a wrong configuration, tmp on another mount, is not tried again" {
  host_place
  drop_in Environment=BOOTAGENT_BASE=/run/base RestartSec=0
  cmd 1 inside systemctl start BootAgent
  same "$(shows Result) $(shows ExecMainStatus) $(shows NRestarts)" 'exit-code 78 0'
}

@test "B64: USR1 after logrotate: the log is a new file" {
  host_place
  cmd inside systemctl start BootAgent
  inside sh -c 'cd /var/log/cargo && mv BootAgent.log BootAgent.log.1'
  sed -n '/postrotate/,/endscript/{//!p}' "$REPO/contrib/logrotate/bootagent" >"$HOST/root/usr/local/bin/rotated"
  cmd inside sh /usr/local/bin/rotated
  wait_for 20 inside test -e /var/log/cargo/BootAgent.log
  cmd inside systemctl stop BootAgent
  cmd inside sh /usr/local/bin/rotated
}
