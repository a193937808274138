load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
}
teardown() {
  touch go
  stop_all
}

@test "install-pkg: another one is at work for long: 75, and nothing is done; other agents go on" {
  tarball 1.0
  mkdir -p base/packages
  background holder flock -F base/packages/.Basic.lock sleep 60
  wait_for 10 sh -c '! flock -n base/packages/.Basic.lock true'
  cmd 75 install-pkg Basic 1.0 agent-1.0.tar.gz
  like "$stderr" "^install-pkg: fatal: '.*/.Basic.lock' is locked: another one is at work$"
  cmd 75 install-pkg --back Basic
  cmd 75 remove-pkg Basic
  like "$stderr" "^remove-pkg: fatal: '.*/.Basic.lock' is locked: another one is at work$"
  [ ! -e base/packages/Basic.json ]
  cmd install-pkg Other 1.0 agent-1.0.tar.gz
  stop holder
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
}

@test "install-pkg: many at the same time on one agent: each is done, or says 75; what is there is whole" {
  need jq
  for version in 1.0 1.1 1.2; do tarball "$version"; done
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  local round pid pids ended
  for round in {1..8}; do
    pids=()
    install-pkg Basic 1.1 agent-1.1.tar.gz 2>>said & pids+=($!)
    install-pkg Basic 1.2 agent-1.2.tar.gz 2>>said & pids+=($!)
    case $((round % 3)) in
    0) remove-pkg Basic 2>>said & pids+=($!) ;;
    1) install-pkg Basic 1.2 agent-1.2.tar.gz 2>>said & pids+=($!) ;;
    2) remove-pkg Other 2>>said & pids+=($!) ;;
    esac
    for pid in "${pids[@]}"; do
      ended=0
      wait "$pid" || ended=$?
      [ "$ended" -eq 0 ] || [ "$ended" -eq 75 ] || {
        cat said
        return 1
      }
    done
    nothing_half
    [ ! -e base/agents/Basic/current ] || same "$(agent)" "$(jq -r .version base/packages/Basic.json)"
  done
}

@test "install-pkg: remove-pkg of the same agent has taken the directories away meanwhile" {
  tarball 1.0
  local _
  for _ in {1..5}; do
    mkdir -p base/packages
    rm -f holding
    background holder flock -F base/packages/.Basic.lock sh -c 'touch holding; while [ ! -e free ]; do sleep 0.05; done
      rm -rf base/agents/Basic base/packages/Basic'
    wait_for 10 test -e holding
    background waiting install-pkg Basic 1.0 agent-1.0.tar.gz
    wait_for 10 pgrep -P "$(<waiting.pid)" flock
    touch free
    ended=0
    wait "$(<waiting.pid)" || ended=$?
    rm waiting.pid free
    cat waiting.err
    same "$ended" 0
    same "$(agent)" 1.0
  done
}

# outlives TOOL PATTERN FILE OF: TOOL goes on by itself after install-pkg was killed: until it has ended nobody is at work on this
# agent, and then the same comes to its end as ever; OF says which version is there
outlives() {
  cmd install-pkg Basic 1.0 "${3/VERSION/1.0}"
  held "$1" "$2"
  background killed install-pkg Basic 1.1 "${3/VERSION/1.1}"
  wait_for 10 test -e held
  stop killed KILL
  cmd 75 install-pkg --back Basic
  like "$stderr" "is locked: another one is at work$"
  cmd 75 remove-pkg Basic
  same "$($4)" 1.0
  touch go
  until_free install-pkg --back Basic
  same "$($4)" 1.0
  same "$(known)" '1.0 null null'
  until_free install-pkg Basic 1.1 "${3/VERSION/1.1}"
  same "$($4)" 1.1
}

@test "B49: dpkg outlives install-pkg: nobody is let at it before it has ended" {
  need jq
  own_dpkg
  deb 1.0
  deb 1.1
  outlives dpkg '*-i*/1.1.deb' fleetutils-test-agent-VERSION.deb deb_agent
}

@test "B49: rpm outlives install-pkg: nobody is let at it before it has ended" {
  need jq
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  outlives rpm '*-U*/1.1.rpm' fleetutils-test-agent-VERSION.rpm rpm_agent
}

@test "install-pkg: it goes on where who has started it is killed, and nobody is let at the agent before it has ended" {
  need jq
  own_dpkg
  deb 1.0
  deb 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  held dpkg '*-i*/1.1.deb'
  background parent sh -c 'install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb | cat; :'
  wait_for 10 test -e held
  stop parent KILL
  cmd 75 install-pkg --back Basic 1.1
  like "$stderr" "is locked: another one is at work$"
  touch go
  wait_for 20 same_version 1.1
  until_free install-pkg --back Basic 1.1
  same "$(deb_agent) $(known)" '1.0 1.0 null null'
}
same_version() { [ "$(known)" = "$1 1.0 null" ]; }

@test "B49: a daemon that a package starts does not hold the lock, nor does install-pkg wait for it" {
  own_dpkg
  mkdir -p deb-1.0/DEBIAN
  printf '#!/bin/sh\nsetsid sleep 60 </dev/null >/dev/null 2>&1 & echo $! >%s/daemon.pid\n' "$PWD" >deb-1.0/DEBIAN/postinst
  chmod 755 deb-1.0/DEBIAN/postinst
  deb 1.0
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  kill -0 "$(<daemon.pid)"
  cmd remove-pkg Basic
  kill -0 "$(<daemon.pid)"
}
