load helpers
load packages

setup() {
  clean_place
  need_root
  need jq
  export BOOTAGENT_BASE=$PWD/mnt/base
  mkdir mnt
  mount -t tmpfs -o size=16m none mnt || skip 'needs mount'
}
teardown() {
  umount mnt 2>/dev/null || :
  stop_all
}

# leave PAGES: so many pages of 4 KiB are free
leave() {
  local free
  rm -f mnt/filler
  free=$(stat -f -c %a mnt)
  [ "$free" -ge "$1" ]
  head -c "$(((free - $1) * 4096))" /dev/zero >mnt/filler
  same "$(stat -f -c %a mnt)" "$1"
}

# full_disk MIDST OF FILE PAGES...: with each of so many pages free, version 1.1 is installed, or it is not and what OF says is MIDST, a
# pattern; with room, --back comes to 1.0, and the same again to 1.1
full_disk() {
  local midst=$1 of=$2 file=$3 pages ended met=0 done=0
  shift 3
  cmd install-pkg Basic 1.0 "${file/VERSION/1.0}"
  for pages; do
    leave "$pages"
    printf '%s pages are free\n' "$pages"
    run --separate-stderr timeout --kill-after=2 60 install-pkg Basic 1.1 "${file/VERSION/1.1}"
    ended=$status
    printf '[%s]\n%s\n' "$status" "$stderr"
    case $ended in
    0)
      done=$((done + 1))
      same "$($of)" 1.1
      ;;
    74)
      met=$((met + 1))
      like "$stderr" '^install-pkg: fatal: (unable to .*: no space left on device|.* failed: no space left on device: .*)$'
      like "$($of)" "^$midst$"
      ;;
    *) return 1 ;;
    esac
    rm mnt/filler
    if [ "$ended" -eq 74 ] && [ $((pages % 2)) -eq 0 ]; then
      cmd install-pkg --back Basic 1.1
      same "$($of)" 1.0
    fi
    cmd install-pkg Basic 1.1 "${file/VERSION/1.1}"
    same "$($of) $(jq -r .version "$BOOTAGENT_BASE/packages/Basic.json")" '1.1 1.1'
    nothing_half
    cmd install-pkg Basic 1.0 "${file/VERSION/1.0}"
    same "$($of)" 1.0
  done
  printf '%s times full, %s times done\n' "$met" "$done"
  [ "$met" -gt 5 ] && [ "$done" -gt 0 ]
}

# padded VERSION: its tree has some files of random bytes besides
padded() {
  local i
  tree "$1"
  for i in 1 2 3 4; do head -c 20000 /dev/urandom >"tree-$1/etc/more$i"; done
  tar -C "tree-$1" -czf "agent-$1.tar.gz" .
}

@test "B49: the disk is full, at whatever moment: a tar.gz: the old version stays, with room it goes on" {
  padded 1.0
  padded 1.1
  full_disk '1[.]0' agent agent-VERSION.tar.gz 0 1 2 3 4 5 7 10 13 15 18 20 23 24 25 26 27 28 29 30 31 32 33 34 35 40 200
}

@test "B49: the disk is full, at whatever moment: a deb: dpkg may stop half-way, --back brings the old version back, with room it goes on" {
  own_dpkg
  local version
  for version in 1.0 1.1; do
    mkdir -p "deb-$version/DEBIAN"
    deb "$version"
  done
  rm -rf dpkg root
  mkdir -p mnt/root mnt/dpkg/info mnt/dpkg/updates mnt/dpkg/triggers
  : >mnt/dpkg/status
  ln -s mnt/dpkg dpkg
  ln -s mnt/root root
  full_disk '1[.][01]' deb_agent fleetutils-test-agent-VERSION.deb 0 1 2 3 4 5 6 7 8 9 10 12 14 16 18 20 25 300
}

@test "B49: the disk is full, at whatever moment: an rpm: --back brings the old version back, with room it goes on" {
  own_rpm
  rpm_of 1.0
  rpm_of 1.1
  rm -rf rpmdb rpmroot
  mkdir -p mnt/rpmroot mnt/rpmdb
  ln -s mnt/rpmdb rpmdb
  ln -s mnt/rpmroot rpmroot
  full_disk '1[.][01]' rpm_agent fleetutils-test-agent-VERSION.rpm 0 1 2 3 4 5 6 7 8 9 10 20 30 40 300
}

@test "B49: the disk is full: remove-pkg works all the same" {
  padded 1.0
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  leave 0
  cmd remove-pkg Basic
  [ ! -e mnt/base/agents/Basic ]
}
