# A host's agents for tests: places of the test's own, configurations, a daemon, questions to it.
# shellcheck shell=bash

# The places of the agent half, all in the test's own directory (B12).
agents_place() {
  mkdir -p conf
  cp /bin/sleep sleep # of this test alone: another test's would be taken over (B21)
  export SLEEP=$PWD/sleep
  export BOOTAGENT_CONF=$PWD/conf BOOTAGENT_BASE=$PWD/base BOOTAGENT_RUN=$PWD/run BOOTAGENT_LOG=$PWD/log
}

# config NAME [FIELD=JSON...]: a configuration on standard output; without other fields it sleeps
config() {
  local name=$1 field
  local -a args=(-cn --arg name "$name" --arg exec "$SLEEP 3600")
  local filter='{name: $name, version: "1.0", exec: $exec}' i=0
  shift
  for field in "$@"; do
    args+=(--argjson "v$i" "${field#*=}")
    filter+=" + {\"${field%%=*}\": \$v$i}"
    i=$((i + 1))
  done
  jq "${args[@]}" "$filter"
}

# agent NAME [FIELD=JSON...]: its file in the directory of the configuration
agent() {
  config "$@" >"$BOOTAGENT_CONF/$1.json"
}

# program FILE: a shell program of standard input, for an agent's exec
program() {
  printf '#!/bin/sh\n' >"$1"
  cat >>"$1"
  chmod 755 "$1"
}

# spawn [OPTION...]: agent-spawn serves the directory in the background; returns when it does. Its cgroup is the test's own.
spawn() {
  rm -f ready && mkfifo ready
  background spawn bash -c 'exec agent-spawn -d "$BOOTAGENT_CONF" -C "$0" --ready-fd 7 "$@" 7>ready' "$(group_name)" "$@"
  timeout 20 bash -c 'read -r <ready' || {
    cat spawn.err
    return 1
  }
}

# spawn_in SCRIPT [OPTION...]: the same in a mount namespace of its own, where the shell has done SCRIPT before
spawn_in() {
  local script=$1
  shift
  rm -f ready && mkfifo ready
  background spawn unshare --mount sh -ec "$script"'; exec bash -c '"'"'exec agent-spawn -d "$BOOTAGENT_CONF" -C "$0" --ready-fd 7 "$@" 7>ready'"'"' "$@"' \
    sh "$(group_name)" "$@"
  timeout 20 bash -c 'read -r <ready' || {
    cat spawn.err
    return 1
  }
}

# Root in a container may be allowed neither to mount nor to have namespaces.
need_mounts() {
  need_root
  unshare --mount true 2>/dev/null || skip 'needs mounts and namespaces'
}

# The cgroup of this test, and its removal when nothing of it runs any more.
group_name() {
  printf 'fleetutils-%s-%s' "$$" "$(basename "$BATS_TEST_TMPDIR")"
}
remove_group() {
  local dir
  for dir in /sys/fs/cgroup/*/"$(group_name)" /sys/fs/cgroup/"$(group_name)"; do
    [ ! -d "$dir" ] || wait_for 5 rmdir_tree "$dir" || :
  done
}
rmdir_tree() { find "$1" -depth -type d -exec rmdir {} +; }

# agents_end: for teardown: the daemon, and every process that is left of its agents.
agents_end() {
  local pid
  stop_all
  while read -r pid; do
    [ "$pid" -le 1 ] || kill -s KILL "$pid" 2>/dev/null || :
  done < <(cat /sys/fs/cgroup/*/"$(group_name)"/{,*/}cgroup.procs 2>/dev/null | sort -u)
  remove_group
}

# ask JSON...: the answers of the daemon, a line each; it takes the next one when it has answered the one before
ask() {
  "$NODE" -e '
    const [path, ...requests] = process.argv.slice(1)
    const socket = require("node:net").connect(path).setEncoding("utf8")
    let text = ""
    socket.on("data", chunk => (text += chunk)).on("end", () => process.stdout.write(text))
    socket.end(requests.join("\n") + "\n")' "$BOOTAGENT_RUN/BootAgent.sock" "$@"
}

# status NAME [FIELD]: one field of an agent, its state if none is named
status() {
  ask "{\"ask\":\"status\",\"names\":[\"$1\"]}" | jq -r ".agents[0].${2:-status}"
}

# is NAME STATE
is() { [ "$(status "$1")" = "$2" ]; }

# has NAME FILTER: what jq makes of an agent, all of it as it is at one moment, is true
has() { ask "{\"ask\":\"status\",\"names\":[\"$1\"]}" | jq -e ".agents[0] | $2"; }

# renewed NAME PID: it runs, and as another process than PID; two questions could be answered of two processes
renewed() { has "$1" ".status == \"running\" and .pid != null and .pid != $2"; }

# lasts NAME: the seconds from when it came into its state until that ends by itself
lasts() {
  ask "{\"ask\":\"status\",\"names\":[\"$1\"]}" |
    jq '.agents[0] | def seconds: capture("(?<whole>.*)[.](?<rest>[0-9]+)Z") | (.whole + "Z" | fromdate) + (.rest | tonumber) / 1000;
      (.next | seconds) - (.since | seconds) | round'
}

# move start|stop|restart NAME: and wait for what becomes of it
move() {
  ask "{\"ask\":\"$1\",\"name\":\"$2\",\"wait\":${3:-15}}"
}

# events KIND [NAME]: the messages of all events of a kind
events() {
  ask '{"ask":"events","after":0,"most":1000,"wait":0}' |
    jq -r --arg kind "$1" --arg name "${2:-}" '.events[] | select(.kind == $kind and ($name == "" or .subject == $name)) | .message'
}

# event KIND [NAME]: the events of a kind, as they are, one a line
event() {
  ask '{"ask":"events","after":0,"most":1000,"wait":0}' |
    jq -c --arg kind "$1" --arg name "${2:-}" '.events[] | select(.kind == $kind and ($name == "" or .subject == $name))'
}

# told KIND NAME PATTERN: an event of that kind whose message matches has been recorded
told() { events "$1" "$2" | grep -Eq -- "$3"; }

# counted N KIND NAME: so many events of that kind, or more, have been recorded
counted() { [ "$(events "$2" "$3" | wc -l)" -ge "$1" ]; }

alive() { [[ $(sed 's/.*) //;s/ .*//' "/proc/$1/stat" 2>/dev/null) == [!ZX] ]]; }
dead() { ! alive "$1"; }
