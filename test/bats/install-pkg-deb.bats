load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
  own_dpkg
}
teardown() { stop_all; }

# state: what install-pkg knows
state() { jq -r '[.version, .previous, .begun] | map(tostring) | join(" ")' base/packages/Basic.json; }

@test "B49: a deb is installed by dpkg, upgraded, brought back and removed" {
  need jq
  deb 1.0
  deb 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  same "$(record)" 'install 1.0 was null by deb'
  same "$(deb_agent)" 1.0
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  same "$(record)" 'install 1.0 was null by deb, nothing done'
  cmd install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb
  same "$(record)" 'install 1.1 was 1.0 by deb'
  same "$(deb_agent)" 1.1
  same "$(cd base/packages/Basic && echo *)" '1.0.deb 1.1.deb'
  # The files that were given are not needed any more.
  rm fleetutils-test-agent-*.deb
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by deb'
  same "$(deb_agent)" 1.0
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by deb, nothing done'
  cmd remove-pkg Basic
  same "$(record)" 'remove null was 1.0 by deb'
  same "$(dpkg-query -W)$(ls base/packages)" ''
  [ ! -e root/opt/fleetutils-test-agent ]
}

@test "B49: a deb that dpkg has already, by whomever, is taken over" {
  need jq
  deb 1.0
  dpkg -i fleetutils-test-agent-1.0.deb >/dev/null
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  same "$(record)" 'install 1.0 was null by deb, nothing done'
  same "$(state)" '1.0 null null'
  # And one that somebody has taken off is installed again.
  dpkg --purge fleetutils-test-agent >/dev/null
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  same "$(record)" 'install 1.0 was null by deb'
  same "$(deb_agent)" 1.0
}

@test "B49: a script of a deb that fails: told with its last lines, and --back brings the earlier one back" {
  need jq
  deb 1.0
  mkdir -p deb-1.1/DEBIAN
  printf '#!/bin/sh\necho no room for it >&2\nexit 3\n' >deb-1.1/DEBIAN/postinst
  chmod 755 deb-1.1/DEBIAN/postinst
  deb 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  cmd 1 install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb
  like "$stderr" "^install-pkg: fatal: 'dpkg' failed: .*post-installation script subprocess returned error exit status 3"
  same "$(state)" '1.0 null 1.1'
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by deb'
  same "$(deb_agent)" 1.0
  same "$(state)" '1.0 null null'
  # A first one that fails: what is half-made goes.
  cmd remove-pkg Basic
  cmd 1 install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb
  cmd install-pkg --back Basic
  same "$(record)" 'back null was null by null'
  same "$(dpkg-query -W)" ''
}

@test "B49: a script that hinders the removal of a deb: told; with --force the rest goes all the same" {
  need jq
  mkdir -p deb-1.0/DEBIAN
  printf '#!/bin/sh\nexit 3\n' >deb-1.0/DEBIAN/prerm
  chmod 755 deb-1.0/DEBIAN/prerm
  deb 1.0
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  cmd 1 remove-pkg Basic
  like "$stderr" "^remove-pkg: fatal: 'dpkg' failed: "
  same "$(state)" '1.0 null null'
  cmd 1 remove-pkg --force Basic
  like "$stderr" "^remove-pkg: warning: 'dpkg' failed: "
  same "$(record)" 'remove null was 1.0 by deb'
  same "$(ls base/packages)" ''
}

@test "B49: the database of dpkg is locked: 75, and nothing is begun for the worse" {
  need jq perl
  deb 1.0
  deb 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  # dpkg locks by fcntl, as flock(1) does not.
  background locker perl -e 'use Fcntl; open(my $f, ">", $ARGV[0]) or die; my $l = pack("s s l! l! i", F_WRLCK, 0, 0, 0, 0);
    fcntl($f, F_SETLK, $l) or die; print "locked\n"; close(STDOUT); sleep 60' dpkg/lock
  wait_for 10 test -s locker.out
  cmd 75 install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb
  like "$stderr" "^install-pkg: fatal: 'dpkg' failed: .*lock"
  same "$(deb_agent)" 1.0
  stop locker
  cmd install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb
  same "$(deb_agent)" 1.1
}

@test "B49: a deb that takes too long ends: 75, and again it goes" {
  mkdir -p deb-1.0/DEBIAN
  printf '#!/bin/sh\n[ -e %s/ready ] || sleep 60\n' "$PWD" >deb-1.0/DEBIAN/postinst
  chmod 755 deb-1.0/DEBIAN/postinst
  deb 1.0
  cmd 75 install-pkg -t 1 Basic 1.0 fleetutils-test-agent-1.0.deb
  like "$stderr" "^install-pkg: fatal: 'dpkg' took more than 1 s"
  touch ready
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  same "$(deb_agent)" 1.0
}

@test "B49: a deb of no use, or of another checksum: nothing is begun" {
  need jq
  deb 1.0
  { printf '!<arch>\n' && head -c 500 /dev/zero; } >bad.deb
  cmd 65 install-pkg Basic 1.0 bad.deb
  like "$stderr" "^install-pkg: fatal: 'bad.deb' is a bad package: "
  cp fleetutils-test-agent-1.0.deb agent.rpm
  cmd 65 install-pkg Basic 1.0 agent.rpm
  same "$stderr" "install-pkg: fatal: 'agent.rpm' is no .rpm: its content is deb"
  cmd 65 install-pkg --sha256 "$(printf '%064d' 0)" Basic 1.0 fleetutils-test-agent-1.0.deb
  like "$stderr" "^install-pkg: fatal: checksum of 'fleetutils-test-agent-1.0.deb' differs: "
  same "$(dpkg-query -W)$(ls base/packages/Basic)" ''
}

@test "B49: a deb whose name looks like an option is a file all the same" {
  deb 1.0
  mv fleetutils-test-agent-1.0.deb ./-x.deb
  cmd install-pkg Basic 1.0 -- -x.deb
  same "$(deb_agent)" 1.0
}

@test "B49: from tar.gz to deb, and back: one of them at a time" {
  need jq
  tarball 1.0
  deb 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  cmd install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb
  same "$(record)" 'install 1.1 was 1.0 by deb'
  same "$(deb_agent)" 1.1
  [ ! -e base/agents/Basic/current ]
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by tar'
  same "$(agent)" 1.0
  same "$(dpkg-query -W)" ''
}

@test "B49: install-pkg and dpkg killed at any moment: again, and it ends well" {
  need jq
  deb 1.0
  deb 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  for i in $(seq 10); do
    wanted=1.$((i % 2))
    # Odd ones with all that it has started, even ones alone: then dpkg goes on by itself.
    background killed install-pkg Basic "$wanted" "fleetutils-test-agent-$wanted.deb"
    sleep "0.$(printf %03d $((50 + RANDOM % 400)))"
    if [ $((RANDOM % 2)) -eq 0 ]; then
      for pid in $(below "$(cat killed.pid)"); do kill -s KILL "$pid" 2>/dev/null || :; done
    fi
    stop killed KILL
    until_free install-pkg Basic "$wanted" "fleetutils-test-agent-$wanted.deb"
    same "$(deb_agent)" "$wanted"
    like "$(state)" "^$wanted .* null$"
  done
}
