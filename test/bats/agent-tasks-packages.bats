# The packages of tasks by the tools of the host: dpkg and rpm, on roots and databases of the test's own.
# shellcheck shell=bash
load helpers
load agents
load mock-server
load packages
load tasks

setup() {
  clean_place
  agents_place
  printf '#!/bin/sh\necho no licence >&2\nexit 3\n' >broken
  chmod 755 broken
}

# program_of VERSION: what runs, or does not, in that version
program_of() { if [ "$1" = 1.2 ]; then echo broken; else echo "$SLEEP"; fi; }

# by KIND VERSION ID ACTION: a task with the package pkg/Basic-VERSION.KIND, whose program is $exec
by() {
  local file=$PWD/pkg/Basic-$2.$1
  task "$4" "$3" "$2" url="\"file://$file\"" checksum="\"SHA256:$(sum "$file")\"" speed=100000 \
    parameter="$(configuration "$2" exec="\"$exec 3600\"")"
}

# installed upgraded, back and away: the whole life of an agent, by packages of this kind; `present` tells what the tool has
life_by() {
  local kind=$1
  do_tasks "$(by "$kind" 1.0 i1 install)"
  same "$(ended i1)" '0 1.0 is installed, and runs'
  like "$(present)" '1\.0'
  do_tasks "$(by "$kind" 1.1 u1 upgrade)"
  same "$(ended u1)" '0 1.1 is installed, and runs'
  like "$(present)" '1\.1'
  do_tasks "$(by "$kind" 1.2 u2 upgrade)"
  like "$(ended u2)" '^501 1.2 did not stay up: .*no licence; 1.1 is back$'
  wait_for 10 is Basic running
  like "$(present)" '1\.1'
  same "$(jq -r .version conf/Basic.json)" 1.1
  do_tasks "$(task uninstall x1 1.1)"
  same "$(ended x1)" '0 it is removed'
  same "$(present)" ''
  cmd 1 test -e "$exec"
  cmd 1 test -e conf/Basic.json
}

@test "B34 B35 B36 B49: installed, upgraded, back and removed by dpkg" {
  own_dpkg
  mkdir pkg
  for version in 1.0 1.1 1.2; do
    mkdir -p deb/DEBIAN deb/opt/fleetutils-test
    cp "$(program_of "$version")" deb/opt/fleetutils-test/agent
    printf 'Package: fleetutils-test-agent\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: test\n' \
      "$version" >deb/DEBIAN/control
    dpkg-deb --root-owner-group --build deb "pkg/Basic-$version.deb" >/dev/null
  done
  exec=$PWD/root/opt/fleetutils-test/agent
  present() { dpkg-query -W -f '${Version}' fleetutils-test-agent 2>/dev/null || :; }
  spawn
  life_by deb
}

@test "B34 B35 B36 B49: installed, upgraded, back and removed by rpm" {
  own_rpm
  mkdir pkg
  exec=$PWD/rpmroot/agent
  for version in 1.0 1.1 1.2; do
    cat >agent.spec <<END
Name: fleetutils-test-agent
Version: $version
Release: 1
Summary: test
License: MIT
AutoReqProv: no
%global debug_package %{nil}
%global __os_install_post %{nil}
%description
test
%install
mkdir -p %{buildroot}$PWD/rpmroot
cp $(realpath "$(program_of "$version")") %{buildroot}$exec
%files
%attr(755,-,-) $exec
END
    rpmbuild --quiet -bb --define "_topdir $PWD/rpmbuild" --define "_rpmdir $PWD/rpms" --define '_build_name_fmt %%{NAME}-%%{VERSION}.rpm' \
      agent.spec >rpmbuild.log 2>&1
    mv "rpms/fleetutils-test-agent-$version.rpm" "pkg/Basic-$version.rpm"
  done
  present() { rpm -q --qf '%{VERSION}' fleetutils-test-agent | grep -v 'not installed' || :; }
  spawn
  life_by rpm
}
