load helpers

setup() {
  clean_place
  mkdir tmp
  export TMPDIR=$PWD/tmp
}
teardown() { stop_all; }

no_relays() { [ "$(pgrep -cf "$TMPDIR/tmp")" -eq 0 ]; }

@test "demo: the answer moves when the fastest relay stops, and nothing is left" {
  CMD_LIMIT=90 cmd sh "$REPO/contrib/demo/anyhost.sh"
  like "$output" 'demo: passed: the answer was 127\.0\.0\.2, and moved to 127\.0\.0\.[345] when that relay stopped'
  same "$(ls tmp)" ''
  wait_for 10 no_relays
}

@test "demo: without nginx, named and jq" {
  sed 's/has nginx/false/; s/if has named/if false/; s/has jq/false/; s/has script/false/' "$REPO/contrib/demo/anyhost.sh" |
    sed "s|^repo=.*|repo=$REPO|" >demo.sh
  CMD_LIMIT=90 cmd sh demo.sh
  like "$output" 'demo: passed: '
}

@test "demo: interrupted, it ends what it has started" {
  background demo sh "$REPO/contrib/demo/anyhost.sh"
  wait_for 20 grep -q 'The answer' demo.out
  stop demo TERM
  same "$stopped" 143
  same "$(ls tmp)" ''
  wait_for 10 no_relays
}

@test "demo: a killed agent comes back, a broken one is given up, and nothing is left" {
  CMD_LIMIT=60 cmd sh "$REPO/contrib/demo/bootagent.sh"
  like "$output" 'Broken +0\.1 +fatal'
  like "$output" 'it wrote: no licence'
  like "$output" 'Worker +abnormal +ended after .* SIGKILL'
  like "$output" 'demo: passed: Worker came back, Broken was given up, and nothing is left'
  same "$(ls tmp)" ''
  wait_for 10 no_relays
}

@test "demo: interrupted, the daemon and its agents are ended" {
  background demo sh "$REPO/contrib/demo/bootagent.sh"
  wait_for 20 grep -q 'Worker is killed' demo.out
  stop demo TERM
  same "$stopped" 143
  same "$(ls tmp)" ''
  wait_for 10 no_relays
}

@test "B34 B35 B36 B52: demo: installed by FTP, upgraded by HTTP, back, uninstalled, and nothing is left" {
  CMD_LIMIT=90 cmd sh "$REPO/contrib/demo/tasks.sh"
  like "$output" 'task upgrade-2: 501 1\.2 did not stay up: .*no licence; 1\.1 is back'
  like "$output" 'demo: passed: installed by FTP, upgraded by HTTP, back from 1\.2 to 1\.1, uninstalled'
  same "$(ls tmp)" ''
  wait_for 10 no_relays
}

@test "demo: without vsftpd and nginx" {
  sed "s|^repo=.*|repo=$REPO|; s/has vsftpd/false/" "$REPO/contrib/demo/tasks.sh" >demo.sh
  CMD_LIMIT=90 cmd sh demo.sh
  like "$output" 'demo: passed: installed by FTP'
  same "$(ls tmp)" ''
}
