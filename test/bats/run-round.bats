load helpers
load daemon

setup() {
  clean_place
  own_bin
  settings 'alert=-t ops@example.com'
}
teardown() {
  [ -z "${mounted:-}" ] || umount "$mounted"
  stop_all
}

error() { printf '{"type":"error","command":"%s","level":"warning","message":"%s"}' "$1" "$2"; }

@test "run-round: the stages in a row, and what each wrote is kept" {
  cmd run-round -c anyhost.conf 'probe=-t 2 --host "a b"' rank=--x write=--keep=3 'reload=--rndc "rndc -c x"'
  same "$output$stderr" ''
  same "$(cat probe-ips.args)" "--installed $PWD/anyhost --period 1 -t 2 --host a b $PWD/domain.conf"
  same "$(cat rank-ips.args)" "--installed $PWD/anyhost --state $PWD/state/rank.ndjson --x"
  same "$(cat write-anyhost.args)" "-o $PWD/anyhost --keep=3"
  same "$(cat reload-named.args)" '--rndc rndc -c x'
  same "$(cat state/round/write-anyhost.ndjson)" '{"type":"round"}'
  same "$(cat mail-alert.args)" '-t ops@example.com'
  same "$(cat mails)" ''
}

@test "run-round: nothing works on what a failed stage left" {
  fake rank-ips 'cat; echo "rank-ips: bug: at line 1" >&2; exit 70'
  cmd 70 run-round -c anyhost.conf
  [ ! -e write-anyhost.args ] && [ ! -e reload-named.args ]
  same "$stderr" 'rank-ips: bug: at line 1
run-round: warning: rank-ips ended with status 70: the round ends here'
  like "$(cat mails)" '"key":"rank-ips"'
  like "$(cat mails)" 'rank-ips: bug: at line 1'
  same "$(cat state/failed/rank-ips.stderr)" 'rank-ips: bug: at line 1'
  fake rank-ips 'kill -s KILL $$'
  cmd 137 run-round -c anyhost.conf
  fake rank-ips cat
  cmd run-round -c anyhost.conf
  [ -e state/failed/probe-ips.ndjson ] && [ -e state/round/write-anyhost.ndjson ]
}

@test "run-round: bad lines and refusals go on, and are alerted once each" {
  fake probe-ips "echo '$(error probe-ips 'column 8')'; echo 'probe-ips: warning: domain.conf:1: column 8' >&2; exit 65"
  fake write-anyhost "cat; echo '$(error write-anyhost refused)'; exit 1"
  cmd 65 run-round -c anyhost.conf
  same "$(cat mails)" "$(error probe-ips 'column 8')
$(error write-anyhost refused)"
}

@test "run-round: no success for a day is an alert, a refusal is no success" {
  mkdir state
  touch -d '2 days ago' state/succeeded
  fake write-anyhost 'cat; exit 1'
  cmd 1 run-round -c anyhost.conf
  same "$stderr" 'run-round: warning: no round has succeeded for a day: the zone file is old'
  like "$(cat mails)" '"key":"stale"'
  fake write-anyhost cat
  cmd run-round -c anyhost.conf
  same "$stderr" ''
}

@test "run-round: a stage that hangs is ended after ten periods" {
  fake probe-ips 'exec sleep 1000'
  cmd 124 run-round -c anyhost.conf
  like "$stderr" 'probe-ips ended with status 124: the round ends here'
  like "$stderr" 'the round took 1[0-9] s, the period is 1 s'
}

@test "run-round: one at a time" {
  fake probe-ips 'exec sleep 5'
  background first run-round -c anyhost.conf
  wait_for 10 test -e probe-ips.args
  cmd 75 run-round -c anyhost.conf
  same "$stderr" "run-round: fatal: another round is under way in '$PWD/state'"
}

@test "run-round: mail that cannot be sent is told" {
  fake mail-alert 'exit 69'
  cmd run-round -c anyhost.conf
  same "$stderr" 'run-round: warning: mail-alert ended with status 69'
}

@test "run-round: a full disk is mailed, and the zone file stays" {
  need_root
  mkdir state
  mount -t tmpfs -o size=64k none state 2>/dev/null || skip 'needs the right to mount'
  mounted=$PWD/state
  head -c 60000 /dev/zero >state/fill
  echo old >anyhost
  fake probe-ips 'head -c 100000 /dev/zero || exit 74'
  cmd 74 run-round -c anyhost.conf
  same "$(cat anyhost)" old
  like "$(cat mails)" '"key":"probe-ips"'
}

@test "run-round: wrong usage" {
  cmd 64 run-round -x
  same "$stderr" 'run-round: usage: unknown option -x'
  cmd 78 run-round -c anyhost.conf period=0
  like "$stderr" "argument 1: period: '0' is not a whole number of seconds from 1 to 86400"
  cmd 74 run-round -c anyhost.conf state=/dev/null/state
  same "$stderr" "run-round: fatal: unable to write in '/dev/null/state'"
  cmd run-round -h
  cmd run-round --version
  like "$output" '^run-round \(fleetutils\)'
}
