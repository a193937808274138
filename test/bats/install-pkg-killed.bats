load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
  need jq
}
teardown() { stop_all; }

# place NAME, and back_to NAME: what is installed, and all that is known of it, kept, and brought back
place() {
  local part
  mkdir "$1"
  for part in base root dpkg rpmdb rpmroot; do [ ! -e "$part" ] || cp -a "$part" "$1/$part"; done
}
back_to() {
  rm -rf base root dpkg rpmdb rpmroot
  cp -a "$1/." .
}

# With `sparing` set, of two steps one is followed by the same again and the other by --back, not each by both.
# killed_at_each_step OLD NEW OF PROGRAM [ARG...]: killed before and in the midst of each of its steps, one after the other; then the
# version that OF says is OLD or NEW, the same again ends with NEW, and what is to end with OLD does so. `none`: nothing is installed.
killed_at_each_step() {
  local old=$1 new=$2 of=$3 at=0 ended
  shift 3
  rm -rf before
  place before
  for ((at = 1; at < 1000; at++)); do
    ended=0
    KILL_AT=$at NODE_OPTIONS="--import=$REPO/test/servers/kill-at.ts" "$@" >killed.out 2>killed.err || ended=$?
    [ "$ended" -ne 0 ] || break
    printf 'step %s of %s: %s\n' "$at" "$*" "$ended"
    same "$ended" 137
    like "$($of)" "^($old|$new)$"
    rm -rf midst
    place midst
    if [ "${sparing-}" ] && [ $((at % 2)) -eq 0 ]; then
      undone "$old" "$new" "$of"
      back_to before
      continue
    fi
    cmd "$@"
    same "$($of)" "$new"
    [ "$new" = none ] || same "$(jq -r '[.version, .begun] | map(tostring) | join(" ")' base/packages/Basic.json)" "$new null"
    nothing_half
    if [ "$1 $2" = 'install-pkg Basic' ] && [ ! "${sparing-}" ]; then
      back_to midst
      undone "$old" "$new" "$of"
    fi
    back_to before
  done
  printf '%s steps\n' "$((at - 1))"
  [ "$at" -gt 10 ]
  same "$($of)" "$new"
}

# undone OLD NEW OF: --back after an install that was killed: OLD is there again
undone() {
  cmd install-pkg --back Basic "$2"
  nothing_half
  same "$($3)" "$1"
}

version_of_tree() { "$BOOTAGENT_BASE/agents/Basic/current/bin/agent" 2>/dev/null || echo none; }
version_of_deb() { dpkg-query -W -f '${Version} ${db:Status-Status}\n' fleetutils-test-agent 2>/dev/null | sed -n 's/ installed$//p' | grep . || echo none; }
version_of_rpm() { rpm -q --qf '%{VERSION}\n' fleetutils-test-agent 2>/dev/null | grep -v 'not installed' || echo none; }

@test "B49: a tar.gz: a first install, killed at each of its steps" {
  tarball 1.0
  sparing=1 killed_at_each_step none 1.0 version_of_tree install-pkg Basic 1.0 agent-1.0.tar.gz
}

@test "B49: a tar.gz: an upgrade, killed at each of its steps" {
  for version in 0.9 1.0 1.1; do tarball "$version"; done
  cmd install-pkg Basic 0.9 agent-0.9.tar.gz
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  killed_at_each_step 1.0 1.1 version_of_tree install-pkg Basic 1.1 agent-1.1.tar.gz
}

@test "B49 B36: a tar.gz: --back and remove-pkg, killed at each of their steps" {
  tarball 1.0
  tarball 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  killed_at_each_step 1.1 1.0 version_of_tree install-pkg --back Basic
  killed_at_each_step 1.0 none version_of_tree remove-pkg Basic
}

@test "B49 B36: a deb: a first install, an upgrade, --back, remove-pkg, killed at each of their steps" {
  own_dpkg
  deb 1.0
  deb 1.1
  sparing=1 killed_at_each_step none 1.0 version_of_deb install-pkg Basic 1.0 fleetutils-test-agent-1.0.deb
  sparing=1 killed_at_each_step 1.0 1.1 version_of_deb install-pkg Basic 1.1 fleetutils-test-agent-1.1.deb
  killed_at_each_step 1.1 1.0 version_of_deb install-pkg --back Basic
  killed_at_each_step 1.0 none version_of_deb remove-pkg Basic
}

@test "B49 B36: an rpm: a first install, an upgrade, --back, remove-pkg, killed at each of their steps" {
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  sparing=1 killed_at_each_step none 1.0 version_of_rpm install-pkg Basic 1.0 fleetutils-test-agent-1.0.rpm
  sparing=1 killed_at_each_step 1.0 1.1 version_of_rpm install-pkg Basic 1.1 fleetutils-test-agent-1.1.rpm
  killed_at_each_step 1.1 1.0 version_of_rpm install-pkg --back Basic
  killed_at_each_step 1.0 none version_of_rpm remove-pkg Basic
}

# killing SCRIPT: a line of a package's script: where the file `victim` names the script, it ends who is named there
killing() {
  printf 'case $(cat %s/victim 2>/dev/null) in *"%s tool"*) kill -s KILL $PPID ;; esac\n' "$PWD" "$1"
  printf 'case $(cat %s/victim 2>/dev/null) in *"install-pkg in %s"*) kill -s KILL "$(cat %s/killed.pid)" ;; esac\n' "$PWD" "$1" "$PWD"
}

# killed_in_scripts OF FILE SCRIPT...: in each script of both versions the tool is killed, or install-pkg and the tool goes on, or both;
# the same again ends with the new version, and --back with the old one
killed_in_scripts() {
  local of=$1 file=$2 script who ended
  shift 2
  cmd install-pkg Basic 1.0 "${file/VERSION/1.0}"
  place before
  for script; do
    for who in "$script tool" "install-pkg in $script" "install-pkg in $script, $script tool"; do
      printf 'killed: %s\n' "$who"
      echo "$who" >victim
      background killed install-pkg Basic 1.1 "${file/VERSION/1.1}"
      ended=0
      wait "$(<killed.pid)" || ended=$?
      rm victim
      case $who in install-pkg*) same "$ended" 137 ;; *) same "$ended" 1 ;; esac
      until_free install-pkg Basic 1.1 "${file/VERSION/1.1}"
      same "$($of) $(known)" '1.1 1.1 1.0 null'
      back_to before
      echo "$who" >victim
      background killed install-pkg Basic 1.1 "${file/VERSION/1.1}"
      wait "$(<killed.pid)" || :
      rm victim
      until_free install-pkg --back Basic
      same "$($of) $(known)" '1.0 1.0 null null'
      nothing_half
      back_to before
    done
  done
}

@test "B49: dpkg, or install-pkg while dpkg goes on, killed in each script of the packages" {
  own_dpkg
  local version script
  for version in 1.0 1.1; do
    mkdir -p "deb-$version/DEBIAN"
    for script in preinst postinst prerm postrm; do
      { echo '#!/bin/sh' && killing "$script $version"; } >"deb-$version/DEBIAN/$script"
      chmod 755 "deb-$version/DEBIAN/$script"
    done
    deb "$version"
  done
  killed_in_scripts version_of_deb fleetutils-test-agent-VERSION.deb 'prerm 1.0' 'preinst 1.1' 'postrm 1.0' 'postinst 1.1'
}

@test "B49: rpm, or install-pkg while rpm goes on, killed in each script of the packages" {
  own_rpm
  local version script
  for version in 1.0 1.1; do
    for script in pre post preun postun; do echo "%$script" && killing "$script $version"; done >scripts
    mapfile -t lines <scripts
    rpm_of "$version" "${lines[@]}"
  done
  killed_in_scripts version_of_rpm fleetutils-test-agent-VERSION.rpm 'pre 1.1' 'post 1.1' 'preun 1.0' 'postun 1.0'
}
