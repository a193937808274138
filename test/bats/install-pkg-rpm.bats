load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
}
teardown() { stop_all; }

# state: what install-pkg knows
state() { jq -r '[.version, .previous, .begun] | map(tostring) | join(" ")' base/packages/Basic.json; }

@test "B49: an rpm is installed by rpm, upgraded, brought back and removed" {
  need jq
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  same "$(record)" 'install 1.0 was null by rpm'
  same "$(rpm_agent)" 1.0
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  same "$(record)" 'install 1.0 was null by rpm, nothing done'
  cmd install-pkg Basic 1.1 fleetutils-test-agent-1.1.rpm
  same "$(record)" 'install 1.1 was 1.0 by rpm'
  same "$(rpm_agent)" 1.1
  rm fleetutils-test-agent-*.rpm
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by rpm'
  same "$(rpm_agent)" 1.0
  same "$(rpm -q fleetutils-test-agent)" fleetutils-test-agent-1.0-1.noarch
  cmd remove-pkg Basic
  same "$(record)" 'remove null was 1.0 by rpm'
  same "$(rpm -qa)$(ls base/packages rpmroot)" $'base/packages:\n\nrpmroot:'
}

@test "B49: an upgrade of rpm that was killed half-way, with both versions in its database, is made whole" {
  need jq
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  rpm -i --force fleetutils-test-agent-1.1.rpm 2>/dev/null
  same "$(rpm -q fleetutils-test-agent | wc -l)" 2
  cmd install-pkg Basic 1.1 fleetutils-test-agent-1.1.rpm
  same "$(record)" 'install 1.1 was 1.0 by rpm'
  same "$(rpm -q fleetutils-test-agent)" fleetutils-test-agent-1.1-1.noarch
  same "$(rpm_agent)" 1.1
}

@test "B49: an rpm that is refused, or that is none: told with the last lines of rpm, what is installed stays" {
  need jq
  own_rpm
  rpm_of 1.0
  rpm_of 1.1 '%pre -p <lua>' 'error("not on this host")'
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  cmd 1 install-pkg Basic 1.1 fleetutils-test-agent-1.1.rpm
  like "$stderr" "^install-pkg: fatal: 'rpm' failed: .*not on this host"
  same "$(rpm_agent)" 1.0
  cmd install-pkg --back Basic
  same "$(state)" '1.0 null null'
  { printf '\xed\xab\xee\xdb' && head -c 500 /dev/zero; } >bad.rpm
  cmd 65 install-pkg Basic 1.1 bad.rpm
  like "$stderr" "^install-pkg: fatal: 'bad.rpm' is a bad package: "
}

@test "B49: install-pkg and rpm killed at any moment: again, and it ends well" {
  need jq
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  for i in $(seq 8); do
    wanted=1.$((i % 2))
    background killed install-pkg Basic "$wanted" "fleetutils-test-agent-$wanted.rpm"
    sleep "0.$(printf %03d $((50 + RANDOM % 300)))"
    # With all that it has started, or alone: then rpm goes on by itself.
    if [ $((RANDOM % 2)) -eq 0 ]; then
      for pid in $(below "$(cat killed.pid)"); do kill -s KILL "$pid" 2>/dev/null || :; done
    fi
    stop killed KILL
    until_free install-pkg Basic "$wanted" "fleetutils-test-agent-$wanted.rpm"
    same "$(rpm_agent)" "$wanted"
    same "$(rpm -q fleetutils-test-agent)" "fleetutils-test-agent-$wanted-1.noarch"
    like "$(state)" "^$wanted .* null$"
  done
}

@test "B49: an rpm, or a version, whose name rpm would take for a pattern or an option" {
  need jq
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  mv fleetutils-test-agent-1.0.rpm './-q[x]{1,2}.rpm'
  cmd install-pkg Basic '1.0[a]*?{x}\\/%' -- '-q[x]{1,2}.rpm'
  same "$(rpm_agent)" 1.0
  cmd install-pkg Basic 1.1 fleetutils-test-agent-1.1.rpm
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0[a]*?{x}\\/% was null by rpm'
  same "$(rpm_agent)" 1.0
}

@test "B36: a script that hinders the removal of an rpm: told; with --force it goes, without its scripts" {
  need jq
  own_rpm
  rpm_of 1.0 '%preun -p <lua>' 'error("not now")'
  cmd install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  cmd 1 remove-pkg Basic
  like "$stderr" "^remove-pkg: fatal: 'rpm' failed: .*not now"
  same "$(rpm_agent) $(state)" '1.0 1.0 null null'
  cmd remove-pkg --force Basic
  same "$(record)" 'remove null was 1.0 by rpm'
  same "$(rpm -qa)$(ls base/packages rpmroot)" $'base/packages:\n\nrpmroot:'
}

# own_yum NAME: a dnf or yum that notes how it was called, and installs from this directory by rpm; it knows a version
# only once its lists were renewed, and yum does not install one that is older
own_yum() {
  cat >"tools/$1" <<'END'
#!/bin/sh
echo "${0##*/} $*" >>calls
[ "$1 $2" = '-y -q' ] || exit 1
shift 2
case $1 in
clean) touch renewed && exit 0 ;;
install | downgrade) ;;
*) exit 1 ;;
esac
[ -e renewed ] || { echo "Error: Unable to find a match: $2" >&2 && exit 1; }
old=''
[ "$1 ${0##*/}" != 'install yum' ] || ! rpm -q fleetutils-test-agent >/dev/null || { [ "$2" \> "$(rpm -q fleetutils-test-agent)" ] || exit 0; }
exec rpm -U --oldpackage "$2.rpm"
END
  chmod 755 "tools/$1"
}

@test "B49: yum:NAME-VERSION is installed from the repositories by dnf (a scripted one)" {
  need jq
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  own_yum dnf
  cmd install-pkg Basic 1.0 yum:fleetutils-test-agent-1.0
  same "$(record)" 'install 1.0 was null by yum'
  same "$(rpm_agent)" 1.0
  same "$(cat calls)" 'dnf -y -q install fleetutils-test-agent-1.0
dnf -y -q clean expire-cache
dnf -y -q install fleetutils-test-agent-1.0'
  cmd install-pkg Basic 1.0 yum:fleetutils-test-agent-1.0
  same "$(record)" 'install 1.0 was null by yum, nothing done'
  cmd install-pkg Basic 1.1 yum:fleetutils-test-agent-1.1
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by yum'
  same "$(rpm_agent)" 1.0
  # One from a file takes the place of one from the repositories.
  cmd install-pkg Basic 1.1 fleetutils-test-agent-1.1.rpm
  same "$(record)" 'install 1.1 was 1.0 by rpm'
  same "$(rpm -q fleetutils-test-agent)" fleetutils-test-agent-1.1-1.noarch
  cmd remove-pkg Basic
  same "$(rpm -qa)" ''
}

@test "B49: yum:NAME-VERSION by yum (a scripted one), which is told of an older version in its own way" {
  need jq
  own_rpm
  ! command -v dnf >/dev/null || skip 'needs a host without dnf'
  cmd 69 install-pkg Basic 1.0 yum:fleetutils-test-agent-1.0
  same "$stderr" "install-pkg: fatal: 'yum': no such program"
  rpm_of 1.0
  rpm_of 1.1
  own_yum yum
  touch renewed
  cmd install-pkg Basic 1.1 yum:fleetutils-test-agent-1.1
  cmd install-pkg Basic 1.0 yum:fleetutils-test-agent-1.0
  same "$(record)" 'install 1.0 was 1.1 by yum'
  same "$(rpm_agent)" 1.0
  same "$(tail -n 2 calls)" 'yum -y -q install fleetutils-test-agent-1.0
yum -y -q downgrade fleetutils-test-agent-1.0'
}
