# What a server wants done: install, upgrade, back, uninstall, start and stop, configure.
# shellcheck shell=bash
load helpers
load agents
load mock-server
load tasks

@test "B34: a first install: fetched, verified, installed, configured, started; and told" {
  agent_package 1.0
  spawn
  do_tasks "$(install_task i1 1.0)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  same "$(runs)" 1.0
  same "$(installed)" $'1.0\n1.0'
  same "$(events task Basic)" "task 'i1' is done: 1.0 is installed, and runs"
  same "$(events task)" "task 'i1' is begun: install of 1.0
task 'i1' is done: 1.0 is installed, and runs"
  cmd 1 test -e base/task.json
  same "$(ls base/tmp)" ''
}

@test "B35: an upgrade keeps the configuration, and the old version runs until the new one is there" {
  agent_package 1.0
  agent_package 1.1
  spawn
  do_tasks "$(install_task i1 1.0 parameter.envs='{"A":"1"}')"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  old=$(status Basic pid)
  do_tasks "$(install_task u1 1.1 action='"upgrade"' parameter=)"
  same "$(ended u1)" '0 1.1 is installed, and runs'
  same "$(runs)" 1.1
  dead "$old"
  same "$(jq -c '[.version, .envs]' conf/Basic.json)" '["1.1",{"A":"1"}]'
  do_tasks "$(install_task u2 1.1 action='"upgrade"')"
  same "$(ended u2)" '0 1.1 is installed already, and runs'
}

@test "B35: a new version that does not stay up goes back to the old one, and the task fails" {
  agent_package 1.0
  agent_package 1.1 /bin/false
  spawn
  do_tasks "$(install_task i1 1.0)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  do_tasks "$(install_task u1 1.1 action='"upgrade"')"
  like "$(ended u1)" '^501 1.1 did not stay up: .*exit status 1.*; 1.0 is back$'
  wait_for 10 is Basic running
  same "$(runs)" 1.0
  same "$(installed)" $'1.0\n1.0'
}

@test "B34: a first install that does not stay up leaves nothing" {
  agent_package 1.0 /bin/false
  spawn
  do_tasks "$(install_task i1 1.0)"
  like "$(ended i1)" '^503 1.0 did not stay up: .*; nothing of it is left$'
  cmd 1 test -e conf/Basic.json
  same "$(bootctl status)" ''
  cmd 1 test -e base/agents/Basic/current
}

@test "B36: uninstall stops it and removes package and configuration; what is not installed is removed already" {
  agent_package 1.0
  spawn
  do_tasks "$(install_task i1 1.0)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  pid=$(status Basic pid)
  do_tasks "$(task uninstall x1 0.9)"
  same "$(ended x1)" '106 version 1.0 is installed, not 0.9'
  do_tasks "$(task uninstall x2 1.0)"
  same "$(ended x2)" '0 it is removed'
  dead "$pid"
  cmd 1 test -e conf/Basic.json
  cmd 1 test -e base/agents/Basic
  same "$(bootctl status)" ''
  do_tasks "$(task uninstall x3 1.0)"
  same "$(ended x3)" '0 it is not installed'
}

@test "B37: start, stop and restart, as program and by the short forms (B48)" {
  agent Basic startsecs=0
  spawn
  do_tasks "$(task program p1 1.0 operation='"start"')"
  same "$(ended p1)" '0 it runs'
  pid=$(status Basic pid)
  do_tasks "$(task restart p2 1.0)"
  same "$(ended p2)" '0 it runs'
  dead "$pid"
  is Basic running
  do_tasks "$(task stop p3 1.0)"
  same "$(ended p3)" '0 it is stopped'
  is Basic stoped
  do_tasks "$(task program p4 2.0 operation='"start"')" "$(task start p5 1.0 name='"Other"')"
  same "$(ended p4)" "106 agent 'Basic' has version 1.0, not 2.0"
  same "$(ended p5)" "105 there is no agent 'Other'"
}

@test "B37: a start that comes to nothing says why" {
  agent Basic exec='"/bin/false"' retries=0
  spawn
  do_tasks "$(task start p1 1.0)"
  like "$(ended p1)" '^503 '
}

@test "B38: config of an agent is written and taken; a wrong one changes nothing" {
  agent Basic startsecs=0 autostart=true
  spawn
  wait_for 10 is Basic running
  pid=$(status Basic pid)
  do_tasks "$(task config c1 1.0 parameter='{"envs":{"A":"2"}}')"
  same "$(ended c1)" '0 its configuration is changed'
  same "$(jq -c .envs conf/Basic.json)" '{"A":"2"}'
  wait_for 10 dead "$pid"
  wait_for 10 is Basic running
  before=$(cat conf/Basic.json)
  do_tasks "$(task config c2 1.0 parameter='{"stopsecs":"x"}')" "$(task config c3 2.0 parameter='{"stopsecs":1}')" \
    "$(task config c4 1.0 parameter='{"name":"Other"}')"
  same "$(ended c2)" "401 the configuration is not valid: 'stopsecs' must be a number from 0 to 86400, not \"x\""
  same "$(ended c3)" "106 agent 'Basic' has version 1.0, not 2.0"
  like "$(ended c4)" "^402 'name' in the configuration"
  same "$(cat conf/Basic.json)" "$before"
}

@test "B38: config of bootagent: servers into the MetaFile, and the step" {
  start_server server
  mkdir base
  printf 'AgentSN:33c5b8b4-5a2c-43c5-ab90-96721451b4ec\nServerList:127.0.0.1:%s\n' "$port" >base/metafile
  spawn
  give server '{"id":"c1","action":"config","svrlist":"192.0.2.1:1234,","step":1200}' '{"id":"c2","action":"config","step":59}'
  cmd 0 bootctl sync
  same "$(ended c1)" '0 bootagent is configured'
  like "$(ended c2)" "^101 'step' is not a whole number from 60 to 3600$"
  same "$(grep ServerList base/metafile)" "ServerList:127.0.0.1:$port,192.0.2.1:1234"
  cmd 0 bootctl sync
  same "$(jq -c 'select(.type == "status") | .body.step' server.out | tail -n 1)" 1200
  same "$(jq -c 'select(.type == "status") | .body.tasks[] | [.id, .errcode]' server.out)" $'["c1",0]\n["c2",101]'
  same "$(jq -c 'select(.type == "status") | .body.stats.task' server.out | tail -n 1)" '[0,1,1,0]'
  same "$(bootctl tasks)" ''
}
