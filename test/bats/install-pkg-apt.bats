load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
  need apt-get
  own_dpkg
  own_apt
}
teardown() { stop_all; }

# own_apt: apt-get with the directory repo as its one source, and the database of own_dpkg
own_apt() {
  mkdir -p repo apt/lists/partial apt/archives/partial apt/parts
  : >apt/extended_states
  echo "deb [trusted=yes] file:$PWD/repo ./" >apt/sources.list
  cat >apt/apt.conf <<END
Dir::State "$PWD/apt";
Dir::State::Lists "$PWD/apt/lists";
Dir::State::status "$PWD/dpkg/status";
Dir::State::extended_states "$PWD/apt/extended_states";
Dir::Cache "$PWD/apt";
Dir::Log "$PWD/apt";
Dir::Etc::SourceList "$PWD/apt/sources.list";
Dir::Etc::SourceParts "$PWD/apt/parts";
Dir::Etc::Parts "$PWD/apt/parts";
Dir::Etc::Preferences "$PWD/apt/none";
Dir::Etc::PreferencesParts "$PWD/apt/parts";
Dir::Bin::dpkg "$PWD/tools/dpkg";
APT::Sandbox::User "root";
Debug::NoLocking "1";
END
  printf '#!/bin/sh\necho "$*" >>%s/calls\nexec env APT_CONFIG=%s/apt/apt.conf /usr/bin/apt-get "$@"\n' "$PWD" "$PWD" >tools/apt-get
  chmod 755 tools/apt-get
}

# offer VERSION: the repository has this version too
offer() {
  deb "$1"
  mv "fleetutils-test-agent-$1.deb" repo/
  (cd repo && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)
}

@test "B49: apt:NAME=VERSION is installed from a repository by apt-get, with new lists where they are older" {
  need jq dpkg-scanpackages
  offer 1.0
  cmd install-pkg Basic 1.0 apt:fleetutils-test-agent=1.0
  same "$(record)" 'install 1.0 was null by apt'
  same "$(deb_agent)" 1.0
  same "$(cut -d ' ' -f 1-2 calls | tr '\n' ' ')" '-q -y -q update -q -y '
  cmd install-pkg Basic 1.0 apt:fleetutils-test-agent=1.0
  same "$(record)" 'install 1.0 was null by apt, nothing done'
  offer 1.1
  cmd install-pkg Basic 1.1 apt:fleetutils-test-agent=1.1
  same "$(record)" 'install 1.1 was 1.0 by apt'
  same "$(deb_agent)" 1.1
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by apt'
  same "$(deb_agent)" 1.0
  cmd 1 install-pkg Basic 1.2 apt:fleetutils-test-agent=1.2
  like "$stderr" "^install-pkg: fatal: 'apt-get' failed: .*Version '1.2' for 'fleetutils-test-agent' was not found"
  same "$(deb_agent)" 1.0
  cmd remove-pkg Basic
  same "$(dpkg-query -W)" ''
}
