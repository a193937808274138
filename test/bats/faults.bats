load helpers
load relays
load rankings
load pipe

setup() {
  clean_place
  need jq
}
teardown() {
  stop_all
  [ "$(stat -c %m disk 2>/dev/null || echo /)" = / ] || umount "$BATS_TEST_TMPDIR/disk"
}

# What goes wrong at 3 a.m., each through the whole chain: the last good zone file stays, and the operator is told.

# relays N [DOMAINS]: N nginx, 127.0.0.2 and on; a configuration; a first zone file
relays() {
  start_relays "$1"
  domains "${2:-12}" "$1" >conf
  probe=(--host fake.com --path /2M.dat --port "$relay_port")
  go
  went '0 0 0'
}

# scripted MODE...: the same with relays that misbehave, 127.0.1.1 and on; no configuration yet
scripted() {
  start_scripted "$@"
  probe=(--host fake.com --path /2M.dat --port "$scripted_port")
}

said() { cat probe.err rank.err write.err; }

@test "faults: 40 % of the relays gone for two rounds change nothing, the third is believed (damping 8.6 c)" {
  relays 5
  remember
  probe+=(--limit 1)
  stop relay-3 && stop relay-4
  local turn
  for turn in 1 2; do
    go
    went '0 0 0'
    like "$(cat rank.err)" "2 of 5 units that were up fail in the same round \(more than 30 %\): believed in round 3 of it, this is round $turn"
    unchanged
  done
  go
  went '0 0 0'
  same "$(users_of 127.0.0.3) $(users_of 127.0.0.4) $(jq -r 'select(.type == "zone") | .reason' zone.nd)" '0 0 failure'
  same "$(cat rank.err)" 'rank-ips: warning: 2 of 5 units that were up fail in the same round: believed, it has lasted 3 rounds'
}

@test "faults: 40 % of the relays gone for two rounds and back: as if nothing had been (damping 8.6 c)" {
  relays 5
  remember
  probe+=(--limit 1)
  stop relay-3 && stop relay-4
  go
  again
  start_relay 3 && start_relay 4
  for turn in 1 2 3; do
    go
    went '0 0 0'
    unchanged
  done
  same "$(said)" ''
}

@test "faults: one relay gone for good: all its domains move in one round (damping 8.6 d)" {
  relays 5
  local dead before
  dead=$(answered d0.example.com.)
  before=$(users_of "$dead")
  stop "relay-${dead##*.}"
  go
  went '0 0 0'
  same "$(users_of "$dead")" 0
  same "$(jq -c '[.changed_domains, .reason]' zone.nd)" "[$before,\"failure\"]"
  # and then it is quiet, however long
  remember
  for turn in 1 2 3; do
    again
    went '0 0 0'
    unchanged
    same "$(said)" ''
  done
}

@test "faults: one relay of three gone, 33 % of all: its domains move in one round too (damping 8.6 d)" {
  relays 3
  local dead
  dead=$(answered d0.example.com.)
  stop "relay-${dead##*.}"
  go
  went '0 0 0'
  same "$(users_of "$dead")" 0
  like "$(cat rank.err)" '1 of 3 units that were up fail in the same round'
}

@test "faults: a relay that died and is back: two good rounds, its time away, three rounds of a reason (damping 8.2)" {
  scripted good good
  echo 'a.example N Y 1 3 2 512 2 Y no Y 200 127.0.1.1|127.0.1.2' >conf
  echo 'wild. N N 1 3 2 512 1 Y no Y 200 192.0.2.1' >>conf
  go
  same "$(answered a.example.)" '127.0.1.1 127.0.1.2'
  # as on a host that has nothing else to do
  jq -c 'if .type == "probe" then . + {suspect: false, total: 0.1} else . end' probe.nd >good.nd
  cp good.nd probe.nd
  again 'if .type == "probe" and .ip == "127.0.1.2"
    then . + {ok: false, code: "000", total: null, error: "connect-refused", repeats: 2} else . end'
  went '0 0 0'
  same "$(answered a.example.)" 127.0.1.1
  cp good.nd probe.nd
  local turn
  for turn in 1 2 3 4; do # up after two, a reason for three, and still it waits: its minute is not over
    again
    went '0 0 0'
    same "$(answered a.example.)" 127.0.1.1
  done
  like "$(jq -r 'select(.domain == "a.example.") | .reason' rank.nd)" '^kept: .*127\.0\.1\.2'
  age 61
  again
  went '0 0 0'
  same "$(answered a.example.)" '127.0.1.1 127.0.1.2'
  same "$(jq -r .reason zone.nd)" recovery
}

@test "faults: a relay that fails every second probe is down within 5 rounds (damping 8.6 b)" {
  scripted good every-second
  (exec 3<>"/dev/tcp/127.0.1.2/$scripted_port" && printf 'GET / HTTP/1.1\r\n\r\n' >&3 && cat <&3) >/dev/null
  echo 'a.example N Y 1 3 2 512 2 Y no Y 200 127.0.1.1|127.0.1.2' >conf
  echo 'wild. N N 1 3 2 512 1 Y no Y 200 192.0.2.1' >>conf
  go
  same "$(answered a.example.)" '127.0.1.1 127.0.1.2'
  local turn
  for turn in 2 3 4 5; do
    go
    went '0 0 0'
    [ "$(answered a.example.)" = '127.0.1.1 127.0.1.2' ] || break
  done
  same "$(answered a.example.)" 127.0.1.1
}

@test "faults: the prober's own network down for 10 rounds: the file untouched, one alert (damping 8.6 f)" {
  relays 3
  remember
  probe+=(--limit 1)
  local last turn
  for last in 2 3 4; do stop "relay-$last"; done
  go
  printf '#!/bin/sh\ncat >>mails\n' >sendmail && chmod 755 sendmail
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    again
    went '0 0 0'
    unchanged
    grep -h '"type":"error"' zone.nd >alerts
    same "$(jq -r .key alerts)" 'rank-ips blind'
    cmd mail-alert -t ops@example.com --state mail --sendmail ./sendmail alerts
  done
  same "$(grep -c '^Subject: ' mails)" 1
  # and when it is over, it is over
  for last in 2 3 4; do start_relay "$last"; done
  go
  went '0 0 0'
  same "$(said)" ''
  unchanged
}

@test "faults: a first round in which nothing answers, and then all does: as many addresses as configured" {
  scripted good good
  seq -f 'd%g.example 127.0.1.1|127.0.1.2' 12 >conf
  echo 'wild. N N 1 3 2 512 1 Y no Y 200 192.0.2.1' >>conf
  go
  rm Z S
  cp probe.nd good.nd
  again 'if .type == "probe" then . + {ok: false, code: "000", total: null, error: "connect-refused"} else . end'
  went '0 0 0'
  same "$(answered d1.example.)" '127.0.1.1 127.0.1.2'
  cp good.nd probe.nd
  local turn
  for turn in 1 2 3 4; do
    again
    went '0 0 0'
  done
  same "$(jq -r .reason zone.nd)" recovery
  same "$(answered d1.example. | wc -w) $(grep -c ip_down Z || :)" '1 0'
}

@test "faults: domain.conf emptied, of 0 bytes or of comments alone: refused (damping 8.6 e)" {
  relays 3
  remember
  local what
  : >empty
  printf '#Host Info Detect\n\n# d1.example.com 127.0.0.2\n' >comments
  for what in empty comments; do
    go "$what"
    went '0 0 1'
    same "$(cat write.err)" "write-anyhost: fatal: refused, '$PWD/Z' is left as it is: no domain is left; nothing lets this pass"
    same "$(jq -r '[.type, .key] | @tsv' zone.nd)" $'error\twrite-anyhost '"$PWD/Z: none"
    unchanged
    write=(--force)
    go "$what"
    went '0 0 1'
    write=()
  done
  go missing
  went '74 65 1'
  unchanged
  go .
  went '74 65 1'
  like "$(cat probe.err)" "^probe-ips: fatal: unable to read '\.': is a directory\$"
  unchanged
  go # the next good round is as if nothing had been
  went '0 0 0'
  same "$(said)" ''
  unchanged
}

@test "faults: half of the domains removed is refused, one of 30 passes (damping 8.3)" {
  relays 3 29
  remember
  head -n 15 conf >half
  go half
  went '0 0 1'
  like "$(cat write.err)" "refused, '$PWD/Z' is left as it is: 15 of 30 domains are removed, more than 5 % and more than 3: d14\.example\.com\. .*; to let it pass: write-anyhost --force -o $PWD/Z\$"
  unchanged
  head -n 29 conf >most
  go most
  went '0 0 0'
  same "$(answered d28.example.com.)" ''
  same "$(jq -c '[.changed_domains, .reason]' zone.nd)" '[1,"edited"]'
}

@test "faults: 40 % of the domains edited is refused, --force lets it pass (damping 8.3)" {
  relays 3 19
  remember
  sed -E 's/^(d[0-7]\.example\.com).*/\1 127.0.0.9/' conf >edited
  go edited
  went '0 0 1'
  like "$(cat write.err)" "refused, .*: 8 domains are edited, added or changed without a cause on record, more than 30 % of 20: d0\.example\.com\."
  unchanged
  write=(--force)
  go edited
  went '0 0 0'
  same "$(answered d7.example.com.) $(jq -r 'select(.type == "zone") | .reason' zone.nd)" '127.0.0.9 forced'
  like "$(cat write.err)" '^write-anyhost: warning: --force: 8 domains are edited'
}

@test "faults: a duplicate domain, an underscore, 101 addresses, each malformed column: the good lines go on (formats 17)" {
  scripted good
  local line
  {
    echo 'wild. N N 1 3 2 512 1 Y no Y 200 192.0.2.1'
    echo 'good.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1'
    echo 'GOOD.example. N Y 1 3 2 512 1 Y no Y 200 127.0.1.9'
    echo 'under_score.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1'
    echo "many.example $(seq -f 192.0.2.%g -s '|' 101)"
    echo 'a..b N Y 1 3 2 512 1 Y no Y 200 127.0.1.1'
    echo 'c4.example N Y x 3 2 512 1 Y no Y 200 127.0.1.1'
    echo 'c7.example N Y 1 3 2 x 1 Y no Y 200 127.0.1.1'
    echo 'c8.example N Y 1 3 2 512 x Y no Y 200 127.0.1.1'
    echo 'c10.example N Y 1 3 2 512 1 Y a..b Y 200 127.0.1.1'
    echo 'c11.example N Y 1 3 2 512 1 Y no PUT:/x 200 127.0.1.1'
    echo 'c12.example N Y 1 3 2 512 1 Y no Y 20 127.0.1.1'
    echo 'c13.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1:wild'
    echo 'c14.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1 Y'
    echo 'c15.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1 Y http N 100:0 3 Y'
    echo 'c17.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1 Y 80 N 50:40 3 Y'
    echo 'c20.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1 Y 80 N 100:0 3 Y 1.5 1'
    echo 'c22.example N Y 1 3 2 512 1 Y no Y 200 127.0.1.1 Y 80 N 100:0 3 Y 1 1 0'
    echo 'alone.example'
    echo 'last.example 127.0.1.1'
  } >conf
  go
  went '65 0 0'
  # of the 101 addresses 64 are read (formats 2.3), and named takes 100
  same "$(grep -c 'many.example. .* 192.0.2.' Z)" 64
  same "$(awk '!/^[;@\t]|^many/ && $3 == "A" && $1 != "ns1" { print $1, $4 }' Z)" 'wild. 192.0.2.1
good.example. 127.0.1.1
last.example. 127.0.1.1'
  same "$(grep -o 'warning: conf:[0-9]*' probe.err)" "$(seq -f 'warning: conf:%g' 3 19)"
  same "$(grep -c '"type":"error"' zone.nd)" 17
  # These domains were there before: so many gone at once is no reading error to be followed.
  { head -n 2 conf && for line in a b c d e; do echo "$line.example 127.0.1.1"; done; } >whole
  rm Z S
  go whole
  went '0 0 0'
  remember
  sed -E 's/^[a-e]\.example .*/& extra/' whole >damaged
  go damaged
  went '65 0 1'
  like "$(cat write.err)" '5 of 7 domains are removed'
  unchanged
}

@test "faults: a CNAME beside an address, an address that is none, a line of another file: no bad zone (formats 17.12)" {
  relays 3
  remember
  rank-ips --state S --installed Z probe.nd >good.nd
  local filter
  for filter in '.cname = "wild"' '.addresses[0].ip = "0.0.0.0"' '.addresses[0].ip = "224.0.0.1"' '.domain = "a_b.example."' \
    '.domain = "d1.example.com."' '.addresses |= [range(101) as $i | .[0] | .active = true | .ip = "192.0.2.\($i)"]'; do
    jq -c "if .domain == \"d0.example.com.\" then $filter else . end" good.nd >bad.nd
    cmd 65 write-anyhost -o Z bad.nd
    like "$stderr" "^write-anyhost: (fatal: the zone would be bad, '$PWD/Z' is left as it is|warning: )"
    unchanged
  done
}

# ended NAME STATUS: what `background NAME` started ends by itself, with this status
ended() {
  local pid status=0
  pid=$(cat "$1.pid")
  wait "$pid" || status=$?
  rm "$1.pid"
  same "$1 $status" "$1 $2"
}

@test "faults: every stage killed in mid-round: the last good file stays, and the next round is whole" {
  relays 3
  start_scripted silent silent silent silent
  remember
  sed 's/127\.0\.0\./127.0.1./g' conf >silent
  mkfifo one two
  local name asked=0
  for name in probe rank write; do
    background probe bash -c "exec probe-ips --host fake.com --path /2M.dat --port $scripted_port -t 15 silent >one"
    background rank bash -c 'exec rank-ips --state S --installed Z <one >two'
    background write bash -c 'exec write-anyhost -o Z <two'
    # the pipes are open when each stage is what it shall be, and the round has begun when all three relays are asked
    wait_for 20 bash -c "readlink /proc/$(cat write.pid)/exe | grep node"
    asked=$((asked + 3))
    wait_for 20 bash -c "[ \"\$(grep -c GET scripted.out)\" -ge $asked ]"
    stop "$name" KILL
    case $name in
    probe) ended rank 65 && ended write 0 && like "$(cat write.err)" 'the round is blind, nothing is written' ;;
    rank) ended write 1 && like "$(cat write.err)" 'no domain is left: the input ended without a round record' && stop probe ;;
    write) stop probe KILL && ended rank 0 ;; # a reader that has gone is no error
    esac
    unchanged
  done
  # What a killed stage leaves: the records so far, cut anywhere. Nothing of it gets into the file.
  local bytes size
  for name in probe.nd rank.nd; do
    size=$(wc -c <"$name")
    for bytes in 0 1 $((size / 3)) $((size / 2)) $((size - 200)); do
      head -c "$bytes" "$name" >cut.nd
      if [ "$name" = probe.nd ]; then
        cmd bash -c '{ rank-ips --state S --installed Z cut.nd || [ $? = 65 ]; } | { write-anyhost -o Z || [ $? -lt 66 ]; }'
      else
        cmd bash -c 'write-anyhost -o Z cut.nd || [ $? = 65 ] || { [ $? = 1 ] && ! grep -q "^{.*}$" cut.nd; }'
      fi
      unchanged
    done
  done
  go
  went '0 0 0'
  same "$(said)" ''
  unchanged
}

@test "faults: a full disk in mid-round: 74, the old file and the old state stay, and it goes on when there is room" {
  need_root
  relays 3
  mkdir disk
  mount -t tmpfs -o size=128k tmpfs disk || skip 'needs mount'
  cp Z S disk/
  cp Z Z.before && cp S S.before
  dd if=/dev/zero of=disk/ballast bs=1k 2>dd.err || :
  # d0 has but the other one of its two addresses from now on
  sed -i "/^d0/s/ .*/ $(awk '$1 == ";d0.example.com." { print $4 }' Z)/" conf
  local line="probe-ips ${probe[*]} --installed disk/Z conf | rank-ips --state disk/S --installed disk/Z | write-anyhost -o disk/Z"
  cmd 0 bash -c "$line"' || echo "${PIPESTATUS[*]}"'
  same "$(tail -n 1 <<<"$output")" '0 74 74'
  same "$stderr" "rank-ips: fatal: unable to write '$PWD/disk/S': no space left on device
write-anyhost: fatal: unable to write '$PWD/disk/Z': no space left on device"
  cmp disk/S S.before
  cmp disk/Z Z.before
  same "$(ls -A disk)" $'S\nZ\nballast'
  rm disk/ballast
  cmd 0 bash -o pipefail -c "$line"
  same "$(jq -c '[.changed, .changed_domains, .reason]' <<<"$output")" '[true,1,"edited"]'
}
