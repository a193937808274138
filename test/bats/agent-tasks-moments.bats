# Tasks that come, or are cut short, at an awkward moment.
# shellcheck shell=bash
load helpers
load agents
load tasks

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
}

# slow: a program that takes its time to stop
slow() {
  program slow <<'END'
trap '/bin/sleep 1; exit 0' TERM
while :; do /bin/sleep 0.1; done
END
}

@test "B35: an agent that is being restarted when an upgrade comes ran before, and so it runs after" {
  slow
  agent Basic startsecs=0 exec="\"$PWD/slow\""
  agent_package 1.1
  spawn
  same "$(move start Basic | jq -r .state)" running
  do_tasks "$(task config c1 1.0 parameter='{"envs":{"A":"2"}}')" "$(install_task u1 1.1 parameter.autostart=false)"
  same "$(ended c1)" '0 its configuration is changed'
  same "$(ended u1)" '0 1.1 is installed, and runs'
  same "$(runs)" 1.1
}
