load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
}
teardown() { stop_all; }

@test "remove-pkg: wrong usage" {
  cmd 64 remove-pkg
  cmd 64 remove-pkg Basic Other
  cmd 64 remove-pkg -x Basic
  cmd 64 remove-pkg ../Basic
  like "$stderr" '^remove-pkg: usage: NAME must be '
  [ ! -e base ]
}

@test "B36: remove-pkg takes all versions away, and all that is kept; not installed is fine" {
  need jq
  tarball 1.0
  tarball 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  cmd install-pkg Other 1.0 agent-1.0.tar.gz
  cmd remove-pkg Basic
  same "$(record)" 'remove null was 1.1 by tar'
  same "$(ls base/agents base/packages)" $'base/agents:\nOther\n\nbase/packages:\nOther\nOther.json'
  cmd remove-pkg Basic
  same "$(record)" 'remove null was null by null, nothing done'
  cmd remove-pkg --force Never
  same "$(record)" 'remove null was null by null, nothing done'
  cmd 1 install-pkg --back Basic
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(agent)" 1.0
}

@test "B36: remove-pkg without a state file removes what is there" {
  need jq
  tarball 1.0
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  rm base/packages/Basic.json
  cmd remove-pkg Basic
  same "$(record)" 'remove null was null by null'
  same "$(ls base/agents)" ''
}

@test "B36: remove-pkg killed at any moment ends well when it is done again" {
  tarball 1.0
  for _ in $(seq 15); do
    cmd install-pkg Basic 1.0 agent-1.0.tar.gz
    timeout -s KILL "0.$(printf %03d $((20 + RANDOM % 100)))" remove-pkg Basic >killed.out 2>&1 || :
    cmd remove-pkg Basic
    same "$(ls -A base/agents base/packages)" $'base/agents:\n\nbase/packages:\n.Basic.lock'
  done
}
