load helpers
load packages

setup() {
  clean_place
  export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base
}
teardown() {
  [ ! -e "$BATS_TEST_TMPDIR/place" ] || rm -rf "$(cat "$BATS_TEST_TMPDIR/place")"
  stop_all
}

@test "install-pkg: wrong usage, before anything is made" {
  cmd 64 install-pkg
  cmd 64 install-pkg -x Basic
  like "$stderr" '^install-pkg: usage: '
  cmd 64 install-pkg ../Basic 1.0 agent.tar.gz
  like "$stderr" "^install-pkg: usage: NAME must be 1 to 50 letters, digits, '_' and '-', not "
  cmd 64 install-pkg Basic '1 0' agent.tar.gz
  cmd 64 install-pkg --back Basic 1.0 agent.tar.gz
  cmd 64 install-pkg --sha256 12 Basic 1.0 agent.tar.gz
  cmd 64 install-pkg -t 0 Basic 1.0 agent.tar.gz
  [ ! -e base ]
}

@test "B49: a tar.gz is unpacked beside the earlier version, current swapped; the second run changes nothing" {
  need jq
  tarball 1.0
  tarball 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(record)" 'install 1.0 was null by tar'
  same "$(agent)" 1.0
  same "$(readlink base/agents/Basic/current)" 1.0
  same "$(cat base/agents/Basic/1.0/bin/conf)" version=1.0
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(record)" 'install 1.0 was null by tar, nothing done'
  # The file is not even looked at: it may be gone by then.
  cmd install-pkg Basic 1.0 gone.tar.gz
  same "$(record)" 'install 1.0 was null by tar, nothing done'

  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  same "$(record)" 'install 1.1 was 1.0 by tar'
  same "$(agent)" 1.1
  same "$(base/agents/Basic/1.0/bin/agent)" 1.0
  cmd jq -r '[.version, .previous, .begun, .back, (.kept | map(.version) | join(" "))] | map(tostring) | join(",")' base/packages/Basic.json
  same "$output" '1.1,1.0,null,false,1.0 1.1'
  nothing_half

  # Only the one before is kept.
  tarball 1.2
  cmd install-pkg Basic 1.2 agent-1.2.tar.gz
  same "$(cd base/agents/Basic && echo *)" '1.1 1.2 current'
  same "$(cd base/packages/Basic && echo *)" '1.1.list 1.2.list'
}

@test "B34: installed already is an upgrade; the same version is success, with nothing done" {
  need jq
  tarball 1.0
  tarball 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(record)" 'install 1.0 was null by tar'
  find base -printf '%p %i %T@ %C@\n' | grep -v '\.lock' | sort >before
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(record)" 'install 1.0 was null by tar, nothing done'
  find base -printf '%p %i %T@ %C@\n' | grep -v '\.lock' | sort >after
  cmd cmp before after
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  same "$(record)" 'install 1.1 was 1.0 by tar'
  same "$(agent)" 1.1
}

@test "B35: the old package comes back where the new one is of no use: after its install, and in the midst of it" {
  need jq
  tarball 1.0
  tarball 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by tar'
  same "$(agent)" 1.0
  head -c 200 agent-1.1.tar.gz >cut.tar.gz
  cmd 65 install-pkg Basic 1.1 cut.tar.gz
  same "$(agent)" 1.0
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by tar, nothing done'
  same "$(agent)" 1.0
}

@test "B49: --back brings the earlier version back, once" {
  need jq
  tarball 1.0
  tarball 1.1
  cmd 1 install-pkg --back Basic
  same "$stderr" "install-pkg: fatal: 'Basic' has no earlier version to go back to"
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  cmd 1 install-pkg --back Basic
  same "$(agent)" 1.0
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  # What the agent writes into its own files, or beside them, does not stand in the way.
  echo more >>base/agents/Basic/1.0/etc/agent.conf
  echo log >base/agents/Basic/1.0/agent.log
  cmd install-pkg --back Basic
  same "$(record)" 'back 1.0 was null by tar'
  same "$(agent)" 1.0
  same "$(cd base/agents/Basic && echo *)" '1.0 current'
  cmd install-pkg -b Basic
  same "$(record)" 'back 1.0 was null by tar, nothing done'
  same "$(agent)" 1.0
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  same "$(record)" 'install 1.1 was 1.0 by tar'
  cmd install-pkg --back Basic
  same "$(agent)" 1.0
}

@test "B35: --back of a version undoes the install of that one, and nothing else" {
  need jq
  for version in 1.0 1.1 1.2; do tarball "$version"; done
  cmd install-pkg --back Basic 1.0
  same "$(record)" 'back null was null by null, nothing done'
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  # 1.2 was refused before anything of it was there: 1.1 stays, where --back alone would bring 1.0.
  head -c 200 agent-1.2.tar.gz >cut.tar.gz
  cmd 65 install-pkg Basic 1.2 cut.tar.gz
  cmd install-pkg --back Basic 1.2
  same "$(record)" 'back 1.1 was 1.0 by tar, nothing done'
  same "$(agent)" 1.1
  cmd install-pkg Basic 1.2 agent-1.2.tar.gz
  cmd install-pkg --back Basic 1.2
  same "$(record)" 'back 1.1 was null by tar'
  same "$(agent)" 1.1
  cmd install-pkg --back Basic 1.2
  same "$(record)" 'back 1.1 was null by tar, nothing done'
  cmd 1 install-pkg --back Basic 1.1
  same "$stderr" "install-pkg: fatal: 'Basic' has no earlier version to go back to"
  same "$(agent)" 1.1
}

@test "B49: a version of which something is missing is installed again, and cannot be gone back to" {
  need jq
  tarball 1.0
  tarball 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  rm base/agents/Basic/1.0/bin/agent
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(record)" 'install 1.0 was null by tar'
  same "$(agent)" 1.0
  rm base/agents/Basic/current
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(record)" 'install 1.0 was null by tar'
  same "$(agent)" 1.0
  cmd install-pkg Basic 1.1 agent-1.1.tar.gz
  rm -r base/agents/Basic/1.0/etc
  cmd 1 install-pkg --back Basic
  like "$stderr" "^install-pkg: fatal: '.*/1.0' is not whole any more$"
  same "$(agent)" 1.1
}

@test "B49: a version is a name of a directory, whatever it is called" {
  tarball 1.0
  for version in .. ../../../../etc/x current .hidden; do
    cmd install-pkg Basic "$version" agent-1.0.tar.gz
    same "$(agent)" 1.0
  done
  same "$(cd base/agents/Basic && echo *)" '%2ehidden %63urrent current'
  same "$(find . -name 'x' -o -name 'etc' ! -path '*/tree-1.0/*' ! -path './base/agents/Basic/*')" ''
}

@test "B49: a checksum that differs: nothing is installed" {
  tarball 1.0
  sum=$(sha256sum agent-1.0.tar.gz)
  cmd 65 install-pkg --sha256 "$(printf '%064d' 0)" Basic 1.0 agent-1.0.tar.gz
  like "$stderr" "^install-pkg: fatal: checksum of 'agent-1.0.tar.gz' differs: ${sum%% *}, not 0000"
  same "$(ls -A base/agents/Basic base/packages/Basic)" $'base/agents/Basic:\n\nbase/packages/Basic:'
  cmd install-pkg --sha256 "${sum%% *}" Basic 1.0 agent-1.0.tar.gz
  same "$(agent)" 1.0
}

@test "B49: a checksum is that of the whole file, also where bytes follow the archive" {
  tarball 1.0
  { cat agent-1.0.tar.gz && head -c 400000 /dev/zero; } >padded.tgz
  cmd install-pkg --sha256 "$(sha256sum padded.tgz | cut -d ' ' -f 1)" Basic 1.0 padded.tgz
  same "$(agent)" 1.0
  tarball 1.1
  { cat agent-1.1.tar.gz && head -c 400001 /dev/zero; } >other.tgz
  cmd 65 install-pkg --sha256 "$(sha256sum agent-1.1.tar.gz | cut -d ' ' -f 1)" Basic 1.1 other.tgz
  like "$stderr" "^install-pkg: fatal: checksum of 'other.tgz' differs: $(sha256sum other.tgz | cut -d ' ' -f 1), not "
  same "$(agent)" 1.0
}

@test "install-pkg: other users reach what is installed, whatever the umask" {
  tarball 1.0
  (umask 077 && cmd install-pkg Basic 1.0 agent-1.0.tar.gz)
  same "$(stat -c %a base base/agents base/agents/Basic base/agents/Basic/1.0 | sort -u)" 755
}

@test "B12: install-pkg: a base directory that is given as a relative path" {
  for version in 1.0 1.1 1.2; do tarball "$version"; done
  export BOOTAGENT_BASE=base
  for version in 1.0 1.1 1.2; do cmd install-pkg Basic "$version" "agent-$version.tar.gz"; done
  same "$(cd base/agents/Basic && echo *)" '1.1 1.2 current'
  mkdir elsewhere
  BOOTAGENT_BASE=../base cmd env -C elsewhere install-pkg --back Basic
  same "$(agent)" 1.1
  cmd remove-pkg Basic
  same "$(ls base/agents base/packages)" $'base/agents:\n\nbase/packages:'
}

# refused FILE REASON: not installed, and what is installed stays, with nothing left of the attempt
refused() {
  cmd 65 install-pkg Basic 2.0 "$1"
  same "$stderr" "install-pkg: fatal: '$1' $2"
  same "$(agent)" 1.0
  same "$(cd base/agents/Basic && echo *)" '1.0 current'
  same "$(cd base/packages/Basic && echo *)" '1.0.list'
  nothing_half
}

# fetched FILE VERIFIED: the record of ftp-get for it
fetched() {
  jq -cn --arg path "$1" --arg sum "$(sha256sum "$1" | cut -d ' ' -f 1)" --argjson verified "$2" '{type: "file",
    url: "ftp://example.com/x", $path, bytes: 1, sha256: $sum, $verified, resumed: 0, seconds: 1}'
}

@test "B49: the file that ftp-get has fetched, by its record; other records travel on" {
  need jq
  tarball 1.0
  { echo '{"type":"note"}' && fetched agent-1.0.tar.gz true; } >in
  cmd install-pkg Basic 1.0 <in
  same "$(head -n 1 <<<"$output")" '{"type":"note"}'
  same "$(tail -n 1 <<<"$output" | jq -r .changed)" true
  same "$(agent)" 1.0
  cmd remove-pkg Basic
  # Nobody told a checksum.
  fetched agent-1.0.tar.gz false >in
  cmd 65 install-pkg Basic 1.0 <in
  same "$stderr" "install-pkg: fatal: 'agent-1.0.tar.gz' was fetched without a checksum: nothing is installed (--unverified)"
  cmd install-pkg --unverified Basic 1.0 <in
  same "$(agent)" 1.0
  # Not the file any more that it was.
  tarball 1.1
  fetched agent-1.1.tar.gz true >in
  cp agent-1.0.tar.gz agent-1.1.tar.gz
  cmd 65 install-pkg Basic 1.1 <in
  like "$stderr" "^install-pkg: fatal: checksum of 'agent-1.1.tar.gz' differs: "
  # None, a bad one, two.
  cmd 65 install-pkg Basic 1.1 </dev/null
  same "$stderr" 'install-pkg: fatal: no file record came in: nothing is installed'
  cmd 65 install-pkg Basic 1.1 <<<'{"type":"file","url":1}'
  like "$stderr" "^install-pkg: warning: line 1: .*"
  { fetched agent-1.0.tar.gz true && fetched agent-1.1.tar.gz true; } >in
  cmd 65 install-pkg Basic 1.1 <in
  same "$stderr" "install-pkg: fatal: 'agent-1.1.tar.gz' is a second file: nothing is installed"
  same "$(agent)" 1.0
  # By ftp-get itself.
  tarball 1.1
  ftp-get -q -o fetched.tgz --sha256 "$(sha256sum agent-1.1.tar.gz | cut -d ' ' -f 1)" "file://$PWD/agent-1.1.tar.gz" >in
  cmd install-pkg Basic 1.1 <in
  same "$(agent)" 1.1
}

@test "B49: what is no package is refused, and what is installed stays" {
  tarball 1.0
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  : >empty.tar.gz
  refused empty.tar.gz 'is no package: neither rpm nor deb nor tar.gz'
  echo PK >zip
  refused zip 'is no package: neither rpm nor deb nor tar.gz'
  echo text | gzip >text.tgz
  refused text.tgz 'is a bad archive: it ends too early'
  head -c 2000 /dev/zero | tr '\0' x | gzip >x.tgz
  refused x.tgz 'is a bad archive: checksum failure'
  head -c 120 agent-1.0.tar.gz >cut.tar.gz
  refused cut.tar.gz 'is a bad archive: unexpected end of file'
  { head -c 60 agent-1.0.tar.gz; echo xxxxxx; tail -c +66 agent-1.0.tar.gz; } >torn.tar.gz
  cmd 65 install-pkg Basic 2.0 torn.tar.gz
  gzip -c agent-1.0.tar.gz >twice.tar.gz
  cmd 65 install-pkg Basic 2.0 twice.tar.gz
  cmd 74 install-pkg Basic 2.0 gone.tar.gz
  same "$stderr" "install-pkg: fatal: unable to read 'gone.tar.gz': no such file or directory"
  cmd 74 install-pkg Basic 2.0 .
  same "$stderr" "install-pkg: fatal: unable to read '.': is a directory"
  same "$(agent)" 1.0
}

@test "B49: an archive with an entry outside, by whatever way, is refused whole" {
  tarball 1.0
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  good='{"path":"good","data":"x"}'
  bad() { # REASON ENTRY...
    local reason=$1
    shift
    bad_archive bad.tar.gz "$good" "$@"
    refused bad.tar.gz "is a bad archive: $reason"
  }
  bad "'../evil': its path has '..'" '{"path":"../evil","data":"x"}'
  bad "'$PWD/evil': its path is absolute" "{\"path\":\"$PWD/evil\",\"data\":\"x\"}"
  bad "'a/../../evil': its path has '..'" '{"path":"a","pax":{"path":"a/../../evil"},"data":"x"}'
  bad "'a': it is a link to an absolute path" '{"path":"a","type":"2","link":"/etc"}'
  bad "'b/a': it is a link that leads out of the archive" '{"path":"b/a","type":"2","link":"../.."}'
  bad "'a': it is a link to an absolute path" '{"path":"a","type":"2","pax":{"linkpath":"/etc"},"link":"x"}'
  bad "'a/evil': it lies under 'a', which is no directory" '{"path":"a","type":"2","link":"b"}' '{"path":"a/evil","data":"x"}'
  bad "'a': its path is absolute" "{\"path\":\"a\",\"type\":\"1\",\"link\":\"$PWD/agent-1.0.tar.gz\"}"
  bad "'good': it is there twice" '{"path":"good","data":"y"}'
  bad "'null': it is no file, directory or link, but 'CharacterDevice'" '{"path":"null","type":"3"}'
  bad "'pipe': it is no file, directory or link, but 'FIFO'" '{"path":"pipe","type":"6"}'
  bad "'sparse': it is no file, directory or link, but 'SparseFile'" '{"path":"sparse","type":"S"}'
  bad 'checksum failure' '{"path":"a","sum":false}'
  bad "'a?b': its path has control characters, or is not UTF-8" '{"path":"x","pax":{"path":"a\u0007b"},"data":"x"}'
  bad "'huge': the files have more than 2147483648 bytes together" '{"path":"huge","size":8589934591}'
  bad_archive cut.tar.gz -n "$good"
  refused cut.tar.gz 'is a bad archive: it ends too early'
  bad_archive none.tar.gz '{"path":"./","type":"5"}'
  refused none.tar.gz 'is a bad archive: it is empty'
  same "$(find "$BATS_TEST_TMPDIR" -name 'evil*')" ''
}

@test "B49: an archive that unpacks to far more than it is ends early, with nothing left" {
  tarball 1.0
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  mkdir bomb
  truncate -s 200M bomb/zeros
  tar -C bomb -czf bomb.tar.gz .
  refused bomb.tar.gz 'is a bad archive: it unpacks to more than 200 times its size'
}

@test "B49: modes: nobody else may write, no setuid or setgid, whatever the umask; hard links stay within" {
  mkdir -p tree/bin
  echo x >tree/bin/run
  ln tree/bin/run tree/bin/other
  chmod 6777 tree/bin/run
  chmod 2777 tree/bin
  echo y >tree/secret
  chmod 600 tree/secret
  tar -C tree -czf agent.tgz bin secret
  (umask 077 && cmd install-pkg Basic 1.0 agent.tgz && printf '%s\n' "$stderr" >said)
  like "$(cat said)" "^install-pkg: warning: 'bin/(run|other)': installed without its setuid or setgid bit$"
  same "$(cd base/agents/Basic/current && stat -c '%a %h %n' bin bin/run bin/other secret)" '755 2 bin
755 2 bin/run
755 2 bin/other
600 1 secret'
}

@test "B49: a tar.gz needs no privilege, and its files are the caller's" {
  need_root
  need setpriv
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")" # the one of bats is root's alone
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  chmod 755 .
  export BOOTAGENT_BASE=$PWD/base
  tree 1.0
  tar -C tree-1.0 --owner=12:34 -czf agent-1.0.tar.gz .
  mkdir base
  chown nobody base
  local other=(setpriv --reuid nobody --regid nogroup --clear-groups)
  cmd "${other[@]}" install-pkg Basic 1.0 agent-1.0.tar.gz
  same "$(stat -c '%U' base/agents/Basic/1.0/bin/agent)" nobody
  cmd "${other[@]}" install-pkg Basic 1.0 agent-1.0.tar.gz
  cmd install-pkg Other 1.0 agent-1.0.tar.gz
  same "$(stat -c '%u:%g' base/agents/Other/1.0/bin/agent)" 0:0
  cmd 77 "${other[@]}" install-pkg Other 1.1 agent-1.0.tar.gz
  like "$stderr" '^install-pkg: fatal: unable to .*: (permission denied|operation not permitted)$'
  cmd 77 "${other[@]}" remove-pkg Other
}

@test "install-pkg: a state file that is not understood does not stand in the way" {
  need jq
  tarball 1.0
  tarball 1.1
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  for text in '' '{' '[]' '{"type":"package-state","name":7}'; do
    printf %s "$text" >base/packages/Basic.json
    cmd install-pkg Basic 1.1 agent-1.1.tar.gz
    like "$stderr" "^install-pkg: warning: '.*/packages/Basic.json' is not understood, and started afresh: "
    same "$(agent)" 1.1
  done
}

@test "install-pkg: a reader that has gone is no error" {
  tarball 1.0
  install-pkg Basic 1.0 agent-1.0.tar.gz | true
  same "$(agent)" 1.0
}

@test "B49: killed at any moment, install, upgrade and back end well when they are done again" {
  need jq
  for version in 1.0 1.1 1.2; do tarball "$version"; done
  cmd install-pkg Basic 1.0 agent-1.0.tar.gz
  for i in $(seq 60); do
    case $((i % 4)) in
    1) wanted=1.1 && set -- Basic 1.1 agent-1.1.tar.gz ;;
    2) wanted=1.0 && set -- --back Basic ;;
    3) wanted=1.2 && set -- Basic 1.2 agent-1.2.tar.gz ;;
    0) wanted=1.0 && set -- Basic 1.0 agent-1.0.tar.gz ;;
    esac
    # Over the whole length of a run, and some beyond it.
    timeout -s KILL "0.$(printf %03d $((20 + RANDOM % 180)))" install-pkg "$@" >killed.out 2>&1 || :
    like "$(agent)" '^1\.[012]$' # a whole version is in use at every moment
    cmd install-pkg "$@"
    same "$(agent)" "$wanted"
    same "$(jq -r '[.version, .begun] | map(tostring) | join(" ")' base/packages/Basic.json)" "$wanted null"
    nothing_half
  done
}
