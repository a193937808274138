# Tasks that go wrong: the agent is as it was, and the server is told why.
# shellcheck shell=bash
load helpers
load agents
load mock-server
load tasks

# install_first: Basic 1.0 runs; its pid in $pid
install_first() {
  agent_package 1.0
  do_tasks "$(install_task i1 1.0)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  pid=$(status Basic pid)
}

# as_before: 1.0 runs, and has all the time
as_before() {
  same "$(status Basic pid)" "$pid"
  same "$(runs)" 1.0
  same "$(installed)" $'1.0\n1.0'
  cmd 1 test -e base/task.json
}

@test "B49: no checksum, another one, another algorithm: nothing is installed, and the old version runs all the time" {
  spawn
  install_first
  agent_package 1.1
  do_tasks "$(install_task u1 1.1 checksum=)" "$(install_task u2 1.1 checksum="\"SHA256:$(sum /bin/true)\"")" \
    "$(install_task u3 1.1 checksum='"MD5:d41d8cd98f00b204e9800998ecf8427e"')"
  like "$(ended u1)" "^203 the task has no 'checksum'"
  like "$(ended u2)" '^204 file://.*: the checksum differs: SHA256 is '
  like "$(ended u3)" "^207 'checksum' does not begin with SHA256:"
  as_before
  same "$(ls base/tmp)" ''
}

@test "B49: BOOTAGENT_UNVERIFIED: a package without a checksum is installed all the same" {
  agent_package 1.0
  export BOOTAGENT_UNVERIFIED=1
  spawn
  do_tasks "$(install_task i1 1.0 checksum=)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
}

@test "B34: what cannot be fetched: nobody there, no such file, no package" {
  spawn
  install_first
  agent_package 1.1
  echo rubbish >pkg/Basic-1.2.tar.gz
  do_tasks "$(install_task u1 1.1 url="\"http://127.0.0.1:1/x.tar.gz\"")" "$(install_task u2 1.1 url="\"file://$PWD/nothing.tar.gz\"")" \
    "$(install_task u3 1.2)" "$(install_task u4 1.1 url='"gopher://127.0.0.1/x"')"
  like "$(ended u1)" '^201 http://127.0.0.1:1/x.tar.gz: .*connection refused'
  like "$(ended u2)" '^202 file:///.*/nothing.tar.gz: no such file or directory$'
  like "$(ended u4)" "^101 'url' is not ftp:"
  like "$(ended u3)" '^301 .*Basic-1.2.tar.gz.* is no package: neither rpm nor deb nor tar.gz; 1.0 is back$'
  wait_for 10 is Basic running
  same "$(runs)" 1.0
  same "$(installed)" $'1.0\n1.0'
}

@test "B35: an archive that would leave its directory is refused, and the old version runs again" {
  spawn
  install_first
  mkdir evil
  echo x >evil/x
  tar -C evil -czPf pkg/Basic-1.1.tar.gz --transform 's|x|../../../x|' x
  do_tasks "$(install_task u1 1.1)"
  like "$(ended u1)" '^301 .*; 1.0 is back$'
  wait_for 10 is Basic running
  same "$(runs)" 1.0
  cmd 1 test -e base/x
}

@test "B34: name, version and fields of the configuration: what is wrong is told, nothing is fetched" {
  spawn
  agent_package 1.0
  do_tasks "$(install_task i1 1.0 parameter.name='"Other"')" "$(install_task i2 1.0 parameter.version='"1.1"')" \
    "$(install_task i3 1.0 parameter.exec='"relative"')" "$(install_task i4 1.0 parameter=)"
  like "$(ended i1)" "^402 'name' in the configuration is not that of the task, 'Basic'"
  like "$(ended i2)" "^402 'version' in the configuration"
  like "$(ended i3)" "^401 the configuration is not valid: 'exec' "
  like "$(ended i4)" "^401 the task has no 'parameter', and the agent no configuration to keep"
  cmd 1 test -e base/packages/Basic.json
}

@test "B35: a configuration that cannot be written: the package beside the program that was there goes too" {
  need_mounts
  agent_package 1.1
  agent Basic autostart=true startsecs=0
  spawn_in "mount --bind conf/Basic.json conf/Basic.json"
  wait_for 10 is Basic running
  do_tasks "$(install_task u1 1.1)"
  like "$(ended u1)" "^403 unable to write '.*/conf/Basic.json': in use; 1.0 is back$"
  wait_for 10 is Basic running
  same "$(readlink "/proc/$(status Basic pid)/exe")" "$SLEEP"
  cmd 1 test -e base/packages/Basic.json
}

@test "B34: a file of another agent is not overwritten" {
  agent_package 1.0
  config Other >conf/Basic.json
  spawn
  do_tasks "$(install_task i1 1.0)"
  like "$(ended i1)" "^403 '.*/conf/Basic.json' is the configuration of agent 'Other'; nothing of it is left$"
  same "$(jq -r .name conf/Basic.json)" Other
  same "$(bootctl status | jq -r .name)" Other
}

@test "B70: a full disk, at the download and at the unpacking: the old version runs" {
  need_mounts
  mkdir disk
  export BOOTAGENT_CONF=$PWD/disk/conf BOOTAGENT_BASE=$PWD/disk/base
  agent_package 1.0
  head -c 6000000 /dev/urandom >filler
  for version in 1.1 1.2; do
    agent_package "$version"
    cp filler "tree-$version/more"
    tar -C "tree-$version" -czf "pkg/Basic-$version.tar.gz" .
    head -c 6000000 /dev/zero >filler
  done
  spawn_in "mount -t tmpfs -o size=4m tmpfs '$PWD/disk'; mkdir disk/conf"
  do_tasks "$(install_task i1 1.0)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  do_tasks "$(install_task u1 1.1)"
  like "$(ended u1)" '^206 .*no space left on device$'
  is Basic running
  do_tasks "$(install_task u2 1.2)"
  like "$(ended u2)" '^206 .*no space left on device.*; 1.0 is back$'
  wait_for 10 is Basic running
  same "$(runs)" 1.0
}

@test "B35: an agent that ignores its stop signal is killed, and upgraded" {
  program stubborn <<<'trap "" TERM
while :; do /bin/sleep 0.1; done'
  agent Basic exec="\"$PWD/stubborn\"" autostart=true startsecs=0 stopsecs=0.5
  spawn
  wait_for 10 is Basic running
  agent_package 1.1
  do_tasks "$(install_task u1 1.1)"
  same "$(ended u1)" '0 1.1 is installed, and runs'
  same "$(runs)" 1.1
}

@test "B43: ended in order in the midst of an upgrade: the next agent-spawn goes back, and tells it" {
  spawn
  install_first
  agent_package 1.1
  do_tasks "$(install_task u1 1.1 parameter.startsecs=60)"
  wait_for 20 is Basic starting
  like "$(bootctl explain Basic)" "^task 'u1' is being done for it"
  local verb
  for verb in start stop restart; do
    cmd 75 bootctl "$verb" Basic
    like "$stderr" "task 'u1' is changing its package"
  done
  stop spawn
  same "$stopped" 0
  cmd 0 test -e base/task.json
  spawn
  like "$(ended u1)" '^505 bootagent was ended in the midst of it; 1.0 is back$'
  wait_for 10 is Basic running
  same "$(runs)" 1.0
  same "$(installed)" $'1.0\n1.0'
}

@test "B43: a journal that is rubbish hinders nothing, and is told" {
  agent Basic autostart=true startsecs=0
  mkdir base
  echo '{"id":"u1"' >base/task.json
  spawn
  wait_for 10 is Basic running
  like "$(cat spawn.err)" "base/task.json' is not understood"
}

@test "B39 B40: one download at a time, a stop goes ahead of it, and force cancels what waits for the agent" {
  agent Other autostart=true startsecs=0
  spawn
  install_first
  wait_for 10 is Other running
  agent_package 1.1
  agent_package 1.2
  head -c 300000 /dev/urandom >tree-1.1/more
  tar -C tree-1.1 -czf pkg/Basic-1.1.tar.gz .
  do_tasks "$(install_task u1 1.1 speed=100)" "$(install_task u2 1.2)" "$(install_task x1 1.0 name='"Third"' parameter.name='"Third"')" \
    "$(task stop p1 1.0 name='"Other"')" "$(task stop p2 1.0 option='"force"')"
  same "$(ended p1)" '0 it is stopped'
  same "$(end_of u1)" ''
  same "$(ended u2)" "104 cancelled by task 'p2'"
  same "$(ended u1)" '0 1.1 is installed, and runs'
  same "$(ended x1)" '0 1.0 is installed, and runs'
  same "$(ended p2)" "106 agent 'Basic' has version 1.1, not 1.0"
  same "$(events task | grep -E 'u1.*done|x1.*begun')" "task 'u1' is done: 1.1 is installed, and runs
task 'x1' is begun: install of 1.0"
}

@test "B33 B41 B42 B47: a reply with very many tasks, with one twice, without id: each is told once" {
  start_server server
  mkdir base
  printf 'AgentSN:33c5b8b4-5a2c-43c5-ab90-96721451b4ec\nServerList:127.0.0.1:%s\n' "$port" >base/metafile
  spawn
  mapfile -t many < <(for i in $(seq 60); do printf '{"id":"t%s","action":"start","name":"No%s","version":"1"}\n' "$i" "$i"; done)
  give server "${many[@]}" '{"id":"t1","action":"start","name":"No1","version":"1"}' '{"id":"t2","action":"start","name":"No2","version":"1"}'
  cmd 0 bootctl sync
  wait_for 20 has_ended t60
  cmd 0 bootctl sync
  same "$(jq -r 'select(.type == "status") | .body.tasks[] | "\(.id) \(.errcode)"' server.out | sort -u | wc -l)" 60
  same "$(jq -c 'select(.type == "status") | .body.stats.task' server.out | tail -n 1)" '[0,60,60,2]'
  do_tasks '{"type":"task","action":"start"}'
  same "$(bootctl tasks)" ''
  like "$(cat spawn.err)" 'a task is ignored: no '
}
