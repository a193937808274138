# Packages for the tests of install-pkg and remove-pkg, in the test's own directory.
# shellcheck shell=bash

export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base

# tree VERSION: an agent of that version in the directory tree-VERSION
tree() {
  mkdir -p "tree-$1/bin" "tree-$1/etc"
  printf '#!/bin/sh\necho %s\n' "$1" >"tree-$1/bin/agent"
  chmod 755 "tree-$1/bin/agent"
  echo "version=$1" >"tree-$1/etc/agent.conf"
  ln -sf ../etc/agent.conf "tree-$1/bin/conf"
}

# tarball VERSION: an agent of that version as agent-VERSION.tar.gz
tarball() {
  tree "$1"
  tar -C "tree-$1" -czf "agent-$1.tar.gz" .
}

# bad_archive FILE [-n] ENTRY...: a tar.gz as no tar would write it (test/servers/archive.ts)
bad_archive() {
  local file=$1
  shift
  "$NODE" "$REPO/test/servers/archive.ts" "$@" | gzip >"$file"
}

# the agent that is in use
agent() { "$BOOTAGENT_BASE/agents/Basic/current/bin/agent"; }

# records: the records of the last cmd, without what every one of them has
record() { jq -r '"\(.action) \(.version) was \(.previous) by \(.how)\(if .changed then "" else ", nothing done" end)"' <<<"$output"; }

# nothing_half: no temporary of anybody is left below BASE
nothing_half() {
  same "$(find "$BOOTAGENT_BASE" -name '.*' ! -name '.*.lock' -print)" ''
}

# own_dpkg: dpkg of a root and a database of the test's own, its scripts not chrooted
own_dpkg() {
  need_root # for the owners of files
  need dpkg-deb
  mkdir -p tools root dpkg/info dpkg/updates dpkg/triggers
  : >dpkg/status
  local of="--admindir=$PWD/dpkg"
  printf '#!/bin/sh\nexec /usr/bin/dpkg %s --instdir=%s --force-not-root --force-script-chrootless "$@"\n' "$of" "$PWD/root" >tools/dpkg
  printf '#!/bin/sh\nexec /usr/bin/dpkg-query %s "$@"\n' "$of" >tools/dpkg-query
  chmod 755 tools/*
  export PATH=$PWD/tools:$PATH
}

# deb VERSION [NAME]: an agent of that version as NAME-VERSION.deb (fleetutils-test-agent)
deb() {
  local name=${2:-fleetutils-test-agent}
  mkdir -p "deb-$1/DEBIAN" "deb-$1/opt/$name"
  printf '#!/bin/sh\necho %s\n' "$1" >"deb-$1/opt/$name/agent"
  chmod 755 "deb-$1/opt/$name/agent"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@example.com>\nDescription: test\n' \
    "$name" "$1" >"deb-$1/DEBIAN/control"
  dpkg-deb --root-owner-group --build "deb-$1" "$name-$1.deb" >/dev/null
  rm -r "deb-$1/opt"
}

# the agent that dpkg has installed
deb_agent() { root/opt/fleetutils-test-agent/agent; }

# own_rpm: rpm of a database of the test's own; its packages have their files in the test's directory
own_rpm() {
  need rpm rpmbuild
  mkdir -p tools rpmdb
  printf '#!/bin/sh\nexec /usr/bin/rpm --dbpath=%s "$@"\n' "$PWD/rpmdb" >tools/rpm
  chmod 755 tools/rpm
  export PATH=$PWD/tools:$PATH
}

# rpm_of VERSION [LINE...]: an agent of that version as fleetutils-test-agent-VERSION.rpm; lines of its spec at the end
rpm_of() {
  local version=$1
  shift
  {
    printf '%s\n' 'Name: fleetutils-test-agent' "Version: $version" 'Release: 1' 'Summary: test' 'License: MIT' \
      'BuildArch: noarch' 'AutoReqProv: no' 'Provides: /bin/sh' '%description' test '%install' "mkdir -p %{buildroot}$PWD/rpmroot" \
      "printf '#!/bin/sh\\necho $version\\n' >%{buildroot}$PWD/rpmroot/agent" '%files' "%attr(755,-,-) $PWD/rpmroot/agent" "$@"
  } >agent.spec
  rpmbuild --quiet -bb --define "_topdir $PWD/rpmbuild" --define "_rpmdir $PWD/rpms" --define '_build_name_fmt %%{NAME}-%%{VERSION}.rpm' agent.spec >rpmbuild.log 2>&1
  mv rpms/fleetutils-test-agent-"$version".rpm .
}
rpm_agent() { rpmroot/agent; }

# held TOOL PATTERN: from now on tools/TOOL waits, called with what fits PATTERN, for the file `go`; `held` is there then
held() {
  mv "tools/$1" "tools/$1.now"
  printf '#!/bin/sh\ncase $* in %s) touch %s/held; until [ -e %s/go ]; do sleep 0.05; done ;; esac\nexec %s "$@"\n' \
    "$2" "$PWD" "$PWD" "$PWD/tools/$1.now" >"tools/$1"
  chmod 755 "tools/$1"
}

# below PID: what it has started, and what that has started
below() {
  local pid
  for pid in $(pgrep -P "$1"); do
    printf '%s\n' "$pid"
    below "$pid"
  done
}

# until_free PROGRAM [ARG...]: again for as long as it says 75; then it is 0
until_free() {
  local _
  for _ in $(seq 20); do
    run --separate-stderr timeout -v --kill-after=2 60 "$@"
    [ "$status" -eq 75 ] || break
  done
  printf '$ %s\n[%s]\n%s\n' "$*" "$status" "$stderr"
  [ "$status" -eq 0 ]
}

# known: what install-pkg knows: version, previous, begun
known() { jq -r '[.version, .previous, .begun] | map(tostring) | join(" ")' "$BOOTAGENT_BASE/packages/Basic.json"; }
