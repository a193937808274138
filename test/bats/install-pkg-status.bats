# What install-pkg and remove-pkg end with, and what they say: the table of EXIT STATUS in their pages.
load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
}
teardown() {
  if [ -d mnt ]; then umount mnt 2>/dev/null || :; fi
  [ ! -e "$BATS_TEST_TMPDIR/place" ] || rm -rf "$(cat "$BATS_TEST_TMPDIR/place")"
  stop_all
}

# says STATUS MESSAGE PROGRAM [ARG...]: both are a contract; MESSAGE is all of it, a regular expression
says() {
  local status=$1 text=$2
  shift 2
  cmd "$status" "$@"
  like "$stderr" "^${1##*/}: fatal: $text$"
  same "$(jq -r 'select(.type == "error") | .message' <<<"$output")" "${stderr#*: fatal: }"
}

# locked FILE: by fcntl, as dpkg and rpm do it
locked() {
  background locker perl -e 'use Fcntl; open(my $f, ">>", $ARGV[0]) or die; my $l = pack("s s l! l! i", F_WRLCK, 0, 0, 0, 0);
    fcntl($f, F_SETLK, $l) or die; print "locked\n"; close(STDOUT); sleep 60' "$1"
  wait_for 10 test -s locker.out
}

@test "B49: status 65: the package, or its checksum" {
  need jq
  own_dpkg
  own_rpm
  tarball 1.0
  head -c 100 agent-1.0.tar.gz >cut.tar.gz
  says 65 "'cut.tar.gz' is a bad archive: unexpected end of file" install-pkg Basic 1.0 cut.tar.gz
  { printf '!<arch>\n' && head -c 500 /dev/zero; } >bad.deb
  says 65 "'bad.deb' is a bad package: dpkg-deb: error: .*" install-pkg Basic 1.0 bad.deb
  { printf '\xed\xab\xee\xdb' && head -c 500 /dev/zero; } >bad.rpm
  says 65 "'bad.rpm' is a bad package: .*" install-pkg Basic 1.0 bad.rpm
  echo PK >agent.zip
  says 65 "'agent.zip' is no package: neither rpm nor deb nor tar.gz" install-pkg Basic 1.0 agent.zip
  cp agent-1.0.tar.gz agent.rpm
  says 65 "'agent.rpm' is no .rpm: its content is tar.gz" install-pkg Basic 1.0 agent.rpm
  deb 1.0
  rpm_of 1.0
  local file
  for file in agent-1.0.tar.gz fleetutils-test-agent-1.0.deb fleetutils-test-agent-1.0.rpm; do
    says 65 "checksum of '$file' differs: $(sha256sum "$file" | cut -d ' ' -f 1), not 0{64}" \
      install-pkg --sha256 "$(printf %064d 0)" Basic 1.0 "$file"
  done
  same "$(find base -name '*1.0*')$(dpkg-query -W)$(rpm -qa)" ''
}

@test "B49: status 1: the tool has failed, or there is nothing to go back to" {
  need jq
  own_dpkg
  own_rpm
  mkdir -p deb-1.0/DEBIAN
  printf '#!/bin/sh\necho cannot do it >&2\nexit 3\n' >deb-1.0/DEBIAN/preinst
  chmod 755 deb-1.0/DEBIAN/preinst
  deb 1.0
  says 1 "'dpkg' failed: .*pre-installation script subprocess returned error exit status 3;.*" install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  cmd install-pkg --back Basic
  rpm_of 1.0 '%pre -p <lua>' 'error("not on this host")'
  says 1 "'rpm' failed: .*not on this host.*" install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  printf '#!/bin/sh\ncase $* in *-U*) kill -s KILL $$ ;; esac\nexec /usr/bin/rpm --dbpath=%s "$@"\n' "$PWD/rpmdb" >tools/rpm
  says 1 "'rpm' failed: it was ended by SIGKILL" install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  printf '#!/bin/sh\ncase $* in *-U*) exit 0 ;; esac\nexec /usr/bin/rpm --dbpath=%s "$@"\n' "$PWD/rpmdb" >tools/rpm
  says 1 "'Basic' 1.0 was installed, and is not there whole" install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  cmd install-pkg --back Basic
  says 1 "'Basic' has no earlier version to go back to" install-pkg --back Basic
  says 1 "'Never' has no earlier version to go back to" install-pkg --back Never
}

@test "B49: status 75: the database of dpkg or rpm is locked, another one is at work, the time is over" {
  need jq perl
  own_dpkg
  own_rpm
  deb 1.0
  rpm_of 1.0
  locked dpkg/lock
  says 75 "'dpkg' failed: its database is locked: dpkg: error: .*" install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  stop locker
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  locked dpkg/lock
  says 75 "'dpkg' failed: its database is locked: dpkg: error: .*" remove-pkg Basic
  stop locker
  cmd remove-pkg Basic
  : >rpmdb/.rpm.lock
  locked rpmdb/.rpm.lock
  says 75 "'rpm' (failed|took more than 1 s): its database is locked: .*" install-pkg -t 1 Basic 1.0 fleetutils-test-agent-1.0.rpm
  stop locker
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  locked rpmdb/.rpm.lock
  says 75 "'rpm' (failed|took more than 1 s): its database is locked: .*" remove-pkg -t 1 Basic
  stop locker
  cmd remove-pkg Basic
  printf '#!/bin/sh\ncase $* in *-U*) sleep 60 ;; esac\nexec /usr/bin/rpm --dbpath=%s "$@"\n' "$PWD/rpmdb" >tools/rpm
  says 75 "'rpm' took more than 1 s" install-pkg -t 1 Basic 1.0 fleetutils-test-agent-1.0.rpm
  background holder flock -F base/packages/.Basic.lock sleep 60
  wait_for 10 sh -c '! flock -n base/packages/.Basic.lock true'
  says 75 "'$PWD/base/packages/.Basic.lock' is locked: another one is at work" install-pkg Basic 1.0 agent.tgz
}

@test "B49: status 69 and 74: no tool, no file, no place to write" {
  need_root
  need jq
  own_rpm
  tarball 1.0
  says 74 "unable to read 'gone.tgz': no such file or directory" install-pkg Basic 1.0 gone.tgz
  mkdir mnt
  mount -t tmpfs -o ro none mnt || skip 'needs mount'
  BOOTAGENT_BASE=$PWD/mnt says 74 "unable to make '$PWD/mnt/packages': read-only file system" install-pkg Basic 1.0 agent-1.0.tar.gz
  rpm_of 1.0
  printf '#!/bin/sh\nexec /usr/bin/rpm --dbpath=%s "$@"\n' "$PWD/rpmdb" >tools/rpm-here
  chmod 755 tools/rpm-here
  ! command -v dnf >/dev/null || skip 'needs a host without dnf'
  says 69 "'yum': no such program" install-pkg Basic 1.0 yum:fleetutils-test-agent-1.0
}

@test "B49: status 77: the tools need root, and the base directory is somebody's" {
  need_root
  need jq setpriv dpkg-deb
  tarball 1.0
  deb 1.0
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")" # the one of bats is root's alone
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  chmod 755 .
  cp "$BATS_TEST_TMPDIR"/*.deb "$BATS_TEST_TMPDIR"/*.tar.gz .
  mkdir base other
  chown nobody base
  local nobody=(setpriv --reuid nobody --regid nogroup --clear-groups)
  export BOOTAGENT_BASE=$PWD/base
  cmd 77 "${nobody[@]}" install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb # by the real dpkg, which does nothing
  like "$stderr" "^install-pkg: fatal: 'dpkg' failed: not permitted: .*dpkg: error: .*superuser privilege"
  BOOTAGENT_BASE=$PWD/other cmd 77 "${nobody[@]}" install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$stderr" "install-pkg: fatal: unable to make '$PWD/other/packages': permission denied"
  cmd install-pkg Mine 1.0 agent-1.0.tar.gz
  cmd 77 "${nobody[@]}" remove-pkg Mine
  like "$stderr" '^remove-pkg: fatal: unable to .*: (permission denied|operation not permitted)$'
}
