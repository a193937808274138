# Tasks of a server for the agents of a host: packages of an agent of the test's own, and what became of them. A file that
# needs more has a setup or teardown of its own.
# shellcheck shell=bash

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
}

# agent_package VERSION [PROGRAM]: pkg/Basic-VERSION.tar.gz, whose bin/agent is a copy of PROGRAM (the test's sleep)
agent_package() {
  rm -rf "tree-$1"
  mkdir -p "tree-$1/bin" pkg
  cp "${2:-$SLEEP}" "tree-$1/bin/agent"
  tar -C "tree-$1" -czf "pkg/Basic-$1.tar.gz" .
}

# configuration VERSION [FIELD=JSON...]: the configuration of Basic in that version
configuration() {
  local version=$1
  shift
  config Basic version="\"$version\"" exec="\"$BOOTAGENT_BASE/agents/Basic/current/bin/agent 3600\"" autostart=true startsecs=0.3 \
    restartsecs=0.1 retries=1 stopsecs=5 "$@"
}

# install_task ID VERSION [FIELD=JSON...]: an install of Basic from pkg/; further fields replace those of the task
install_task() {
  local id=$1 version=$2 url=file://$PWD/pkg/Basic-$2.tar.gz
  shift 2
  task install "$id" "$version" url="\"$url\"" checksum="\"SHA256:$(sum "pkg/Basic-$version.tar.gz")\"" speed=100000 \
    parameter="$(configuration "$version")" "$@"
}

# task ACTION ID VERSION [FIELD=JSON...]: a task of Basic; a field without a value is left out
task() {
  local action=$1 id=$2 version=$3 field
  local -a args=(-cn --arg id "$id" --arg action "$action" --arg version "$version")
  local filter='{type: "task", id: $id, action: $action, name: "Basic", version: $version}' i=0
  shift 3
  for field in "$@"; do
    if [ "${field#*=}" = '' ]; then
      filter+=" | del(.${field%%=*})"
      continue
    fi
    args+=(--argjson "v$i" "${field#*=}")
    filter+=" | .${field%%=*} = \$v$i"
    i=$((i + 1))
  done
  jq "${args[@]}" "$filter"
}

sum() { sha256sum "$1" | cut -d ' ' -f 1; }

# ended ID: the end of a task, `ERRCODE MESSAGE`; waits for it
ended() {
  wait_for 60 has_ended "$1"
  end_of "$1"
}
end_of() { bootctl tasks | jq -r --arg id "$1" 'select(.id == $id and .errcode >= 0) | "\(.errcode) \(.message)"'; }
has_ended() { [ -n "$(end_of "$1")" ]; }

# the version whose program Basic runs; nothing where it does not
runs() {
  local pid exe
  pid=$(status Basic pid)
  [ "$pid" != null ] && exe=$(readlink "/proc/$pid/exe") && exe=${exe%/bin/agent*} && echo "${exe##*/}"
}

# installed: the version that install-pkg has on record, and the one of the configuration
installed() {
  jq -r .version "$BOOTAGENT_BASE/packages/Basic.json"
  jq -r .version "$BOOTAGENT_CONF/Basic.json"
}

# do_tasks TASK...: given to agent-spawn as agent-report would
do_tasks() { printf '%s\n' "$@" | cmd 0 bootctl apply; }
