load helpers

setup() { clean_place; }
teardown() { stop_all; }

# round NAME: the notation on stdin (test/fixtures/rank/make-round.ts) becomes NAME.ndjson
round() { "$NODE" "$REPO/test/fixtures/rank/make-round.ts" >"$1.ndjson"; }

# three_relays: good.ndjson, three addresses that answer; dead.ndjson, in which the fastest is refused, repeats included
three_relays() {
  round good <<<'a.example. main=192.0.2.1@0.1,192.0.2.2@0.2,192.0.2.3@0.3'
  round all-down <<<'a.example. main=192.0.2.1!,192.0.2.2!,192.0.2.3!'
  fail_in good 192.0.2.1 >dead.ndjson
}

# fail_in NAME IP...: NAME.ndjson with these addresses refused, and refused again by the quick repeats
fail_in() {
  local name=$1
  shift
  jq -c --args 'if .type == "probe" and (.ip | IN($ARGS.positional[]))
    then . + {ok: false, code: "000", total: null, error: "connect-refused", repeats: 2} else . end' "$@" <"$name.ndjson"
}

published() { jq -r 'select(.type == "ranking") | [.domain] + [.addresses[] | select(.active).ip] | @tsv' <<<"$output"; }

@test "rank-ips --state: a faster address does not replace the published one at once, and the reason counts" {
  three_relays
  cmd rank-ips --state state good.ndjson
  same "$(published)" $'a.example.\t192.0.2.1'
  round other <<<'a.example. main=192.0.2.1@0.4,192.0.2.2@0.2,192.0.2.3@0.3'
  local turn
  for turn in 1 2; do cmd rank-ips --state state other.ndjson; done
  same "$(published)" $'a.example.\t192.0.2.1'
  same "$(jq -r 'select(.type == "ranking") | [.cause, .changed] | @tsv' <<<"$output")" $'held\tfalse'
  like "$(jq -r 'select(.type == "ranking") | .reason' <<<"$output")" \
    '^kept: 192\.0\.2\.2 is [0-9]+ % \(0\.[0-9]+ s\) faster than 192\.0\.2\.1, a switch needs 20 % and 20 ms for 3 rounds \(2 so far\)$'
  for turn in 1 2 3; do cmd rank-ips --state state other.ndjson; done
  same "$(published)" $'a.example.\t192.0.2.2'
  same "$(jq -c 'select(.type == "ranking") | [.cause, .changed, .gain]' <<<"$output")" '["voluntary",true,0.2]'
}

@test "rank-ips --state: times to doubt are better than none when an address is met for the first time" {
  three_relays
  jq -c 'if .type == "probe" then .suspect = true else . end' <good.ndjson >suspect.ndjson
  cmd rank-ips --state state suspect.ndjson
  same "$(published)" $'a.example.\t192.0.2.1'
  same "$(jq -r 'select(.type == "ranking").addresses[0] | [.status, .score] | @tsv' <<<"$output")" $'ip_work\t0.1'
}

@test "rank-ips --state: a published address that is down moves at once, though it is all there is" {
  three_relays
  cmd rank-ips --state state good.ndjson
  cmd rank-ips --state state dead.ndjson
  same "$(published)" $'a.example.\t192.0.2.2'
  same "$(jq -r 'select(.type == "ranking") | .reason' <<<"$output")" 'moved to 192.0.2.2: 192.0.2.1 is down'
  same "$(jq -c 'select(.type == "round") | [.up_before, .newly_down, .mass_rounds, .confirmed, .blind]' <<<"$output")" \
    '[3,1,0,true,false]'
}

@test "rank-ips --state: a mass failure is held for two rounds and believed in the third (damping 8.2)" {
  round good <<<'a.example. main=192.0.2.1@0.1,192.0.2.2@0.2,192.0.2.3@0.3,192.0.2.4@0.4'
  fail_in good 192.0.2.1 192.0.2.2 192.0.2.3 >mass.ndjson
  cmd rank-ips --state state good.ndjson
  cp state before
  local turn
  for turn in 1 2; do
    cmd rank-ips --state state mass.ndjson
    same "$(published)" $'a.example.\t192.0.2.1'
    same "$(jq -r 'select(.type == "error") | [.level, .key] | @tsv' <<<"$output")" $'warning\trank-ips blind'
    same "$stderr" "rank-ips: warning: nothing new is published: 3 of 4 units that were up fail in the same round (more than 50 %): believed in round 3 of it, this is round $turn"
    same "$(jq -c 'select(.type == "round") | [.blind, .mass_rounds, .confirmed]' <<<"$output")" "[true,$turn,false]"
    same "$(grep unit-state state)" "$(grep unit-state before)"
  done
  cmd rank-ips --state state mass.ndjson
  same "$(published)" $'a.example.\t192.0.2.4'
  same "$(jq -c 'select(.type == "round") | [.blind, .mass_rounds, .confirmed, .newly_down]' <<<"$output")" '[false,3,true,3]'
  same "$(jq -r 'select(.type == "error") | .key' <<<"$output")" 'rank-ips mass failure'
}

@test "rank-ips --peer: between 30 and 50 % the agreement of the peer is enough" {
  round good <<<'a.example. main=192.0.2.1@0.1,192.0.2.2@0.2,192.0.2.3@0.3,192.0.2.4@0.4'
  fail_in good 192.0.2.1 192.0.2.2 >mass.ndjson
  cmd rank-ips --state state good.ndjson
  cp state copy
  peer_says ip_work
  cmd rank-ips --state copy --peer peer mass.ndjson
  like "$stderr" 'more than 30 %\), the peer does not see it: believed in round 3'
  same "$(published)" $'a.example.\t192.0.2.1'
  peer_says ip_down
  cmd rank-ips --state state --peer peer mass.ndjson
  same "$stderr" 'rank-ips: warning: 2 of 4 units that were up fail in the same round: believed, the peer sees it too'
  same "$(published)" $'a.example.\t192.0.2.3'
}

# peer_says STATUS: the peer's zone file, with 192.0.2.1 and .2 in this state
peer_says() {
  {
    printf ';-----\n$TTL 60\n$ORIGIN .\n@ IN SOA ns1 root.localhost. (\n\t\t7;\n\t\t7000;\n\t\t3000;\n\t\t15000;\n\t\t86400;\n\t\t);\n'
    printf '@ 86400 IN NS ns1\nns1 86400 IN A 127.0.0.1\n;-----\n'
    printf '%-24s IN      A       %-15s ; 0.000000 ip %s 000 N\n' ';a.example.' 192.0.2.1 "$1" ';a.example.' 192.0.2.2 "$1"
    printf '%-24s IN      A       %-15s ; 0.300000 ip ip_work 200 N\n' a.example. 192.0.2.3
  } >peer
}

@test "rank-ips --state: a round that probe-ips calls blind changes nothing, however often" {
  three_relays
  cmd rank-ips --state state good.ndjson
  jq -c 'if .type == "round" then .blind = true | .blind_reason = "the gateway does not answer" else . end' all-down.ndjson >blind.ndjson
  local turn
  for turn in 1 2 3 4 5; do
    cmd rank-ips --state state blind.ndjson
    same "$(published)" $'a.example.\t192.0.2.1'
    same "$stderr" 'rank-ips: warning: nothing new is published: the gateway does not answer'
    same "$(jq -c 'select(.type == "round") | [.blind, .mass_rounds]' <<<"$output")" '[true,0]'
  done
  cmd rank-ips --state state good.ndjson
  same "$(published)$stderr" $'a.example.\t192.0.2.1'
}

@test "rank-ips --state: an input that was cut short changes nothing" {
  three_relays
  cmd rank-ips --state state good.ndjson
  grep -v '"round"' dead.ndjson >cut.ndjson
  cmd 65 rank-ips --state state cut.ndjson
  same "$(published)" $'a.example.\t192.0.2.1'
  same "$(jq -r 'select(.type == "ranking") | .reason' <<<"$output")" 'held: the input ended without a round record'
}

@test "rank-ips --installed: a switch that was refused is decided again, and does not count as done" {
  three_relays
  printf 'a.example.               IN      A       192.0.2.1       ; 0.100000 ip ip_work 200 N\n' >anyhost
  cmd rank-ips --state state --installed anyhost good.ndjson
  local turn
  for turn in 1 2; do
    cmd rank-ips --state state --installed anyhost dead.ndjson
    same "$(jq -c 'select(.type == "ranking") | [.changed, .cause]' <<<"$output")" '[true,"failure"]'
  done
  sed -i 's/192.0.2.1 /192.0.2.2 /' anyhost
  cmd rank-ips --state state --installed anyhost dead.ndjson
  same "$(jq -c 'select(.type == "ranking") | [.changed, .cause]' <<<"$output")" '[false,"same"]'
}

@test "rank-ips --state: the same round again changes nothing more" {
  three_relays
  local turn
  for turn in 1 2 3 4 5 6; do cmd rank-ips --state state good.ndjson; done
  same "$(jq -c 'select(.type == "ranking") | [.changed, .cause]' <<<"$output")" '[false,"same"]'
  local first
  first=$(jq -c 'del(.time, .seen, .decided_at, .verified_at, .round)' state)
  cmd rank-ips --state state good.ndjson
  same "$(jq -c 'del(.time, .seen, .decided_at, .verified_at, .round)' state)" "$first"
}

@test "rank-ips --state: a torn or damaged file is reported and starts anew, the published set stays" {
  three_relays
  printf 'a.example.               IN      A       192.0.2.3       ; 0.300000 ip ip_work 200 N\n' >anyhost
  cmd rank-ips --state whole --installed anyhost good.ndjson
  head -c 400 whole >torn
  cmd rank-ips --state torn --installed anyhost good.ndjson
  same "$stderr" "rank-ips: warning: the state file 'torn' is damaged and starts anew: line 3: the line is cut short"
  same "$(jq -r 'select(.type == "error") | [.key, .file] | @tsv' <<<"$output")" $'rank-ips state\ttorn'
  same "$(published)" $'a.example.\t192.0.2.3'
  cmd rank-ips --state torn --installed anyhost good.ndjson
  same "$stderr" ''
  sed '$d' whole >short
  cmd rank-ips --state short good.ndjson
  like "$stderr" "'short' is damaged and starts anew: line 5: 1 domains should follow, 0 do"
  sed '1s/"version":2/"version":9/' whole >newer
  cmd rank-ips --state newer good.ndjson
  like "$stderr" "'newer' is damaged and starts anew: line 1: version 9, this program knows 2"
  sed '2s/"up":true/"up":"x"/' whole >wrong
  cmd rank-ips --state wrong good.ndjson
  like "$stderr" "'wrong' is damaged and starts anew: line 2: field 'up' must be boolean"
}

@test "rank-ips --state: a file that is something else is refused and not touched" {
  three_relays
  printf 'a.example. N Y\n' >domain.conf
  cmd 65 rank-ips --state domain.conf good.ndjson
  same "$stderr" "rank-ips: fatal: 'domain.conf' is no state file of rank-ips: line 1 is no damping-state record"
  same "$(jq -r .type <<<"$output")" error
  same "$(cat domain.conf)" 'a.example. N Y'
  : >empty
  cmd rank-ips --state empty good.ndjson
  same "$stderr" ''
  like "$(head -1 empty)" '^\{"type":"damping-state","version":2,"round":1,'
}

@test "rank-ips --state: where it cannot be written, the records leave all the same, and the status tells" {
  three_relays
  cmd 74 rank-ips --state none/state good.ndjson
  like "$stderr" "^rank-ips: fatal: unable to write '.*none/state': no such file or directory$"
  same "$(published)" $'a.example.\t192.0.2.1'
  same "$(jq -r 'select(.type == "round") | .by' <<<"$output")" rank-ips
}

@test "rank-ips --state: killed at any moment, the state is the old one or the new one, whole" {
  local i
  for i in {1..400}; do echo "d$i.example. main=192.0.2.$((i % 200 + 1))@0.1,198.51.100.$((i % 200 + 1))@0.2"; done | round big
  cmd rank-ips --state state big.ndjson
  local rounds
  for i in {1..25}; do
    rank-ips --state state big.ndjson >/dev/null 2>&1 &
    "$NODE" -e 'setTimeout(() => {}, 60 + Math.random() * 240)'
    kill -s KILL $! 2>/dev/null || :
    wait $! || :
    cmd jq -es '.[0].units == (map(select(.type == "unit-state")) | length) and .[0].domains == 400' state
  done
  rounds=$(jq -s '.[0].round' state)
  cmd rank-ips --state state big.ndjson
  same "$stderr" ''
  same "$(jq -s '.[0].round' state)" $((rounds + 1))
  same "$(find . -name '.state.tmp.*' | wc -l)" 0
}

@test "rank-ips --why --state: health, last results and streaks, and no state is written" {
  three_relays
  cmd rank-ips --state state good.ndjson
  cmd rank-ips --state state dead.ndjson
  cp state before
  cmd rank-ips --state state --why a.example dead.ndjson
  like "$output" '192\.0\.2\.1 +no +down for [0-9]+ s +failed failed failed failed failed +3\.000 +down +up after 2 successes in a row, 0 so far'
  like "$output" '192\.0\.2\.2 +yes +up for [0-9]+ s +0\.200 0\.200 0\.200 +0\.200 +good +down after 3 failures of 5, 0 so far'
  like "$output" 'in force: 192\.0\.2\.2, for '
  cmd cmp state before
  cmd 1 rank-ips --state state --why none.example good.ndjson
  same "$stderr" "rank-ips: fatal: 'none.example' is not in the input"
}

@test "rank-ips --why --state: without any input it tells what it remembers" {
  three_relays
  cmd rank-ips --state state good.ndjson
  cp state before
  cmd rank-ips --state state --why A.example </dev/null
  like "${lines[0]}" '^a\.example\. '
  like "${lines[1]}" '^ranked [0-9]+ s ago; no input, so this is from memory$'
  like "$output" '192\.0\.2\.1 +yes +up for [0-9]+ s +0\.100 '
  same "$stderr" ''
  cmd script -qec 'rank-ips --state state --why a.example' /dev/null
  like "$output" 'this is from memory'
  cmd 1 rank-ips --state state --why none.example </dev/null
  same "$stderr" "rank-ips: fatal: 'none.example' is not in 'state'"
  cmd 1 rank-ips --state none --why a.example </dev/null
  same "$stderr" "rank-ips: fatal: 'a.example' is not in 'none'"
  cmd cmp state before
  cmd 65 rank-ips --state state </dev/null
  same "${stderr_lines[0]}" 'rank-ips: warning: standard input: ends without a round record: cut short?'
}

@test "rank-ips --state: equal addresses are drawn by domain and site, the same ones every time" {
  local i
  for i in {1..60}; do echo "d$i.example. main=192.0.2.1@0.1,192.0.2.2@0.1"; done | round equal
  cmd rank-ips --state east --site east equal.ndjson
  local east=$output
  same "$(published | cut -f2 | sort -u | wc -l)" 2
  cmd rank-ips --state east2 --site east equal.ndjson
  same "$(published)" "$(output=$east published)"
  cmd rank-ips --state west --site west equal.ndjson
  [ "$(published)" != "$(output=$east published)" ]
}

@test "rank-ips --state: wrong usage" {
  cmd 64 rank-ips --compat 3.3 --state s
  same "$stderr" 'rank-ips: usage: --compat and --state exclude each other'
  cmd 64 rank-ips --score last
  same "$stderr" 'rank-ips: usage: --score needs --state'
  cmd 64 rank-ips --peer peer
  same "$stderr" 'rank-ips: usage: --peer needs --state'
  cmd 64 rank-ips --site x
  same "$stderr" 'rank-ips: usage: --site needs --state'
  local rule
  for rule in mean ewma ewma:0 ewma:1.1 ewma:x; do
    cmd 64 rank-ips --state s --score "$rule"
    same "$stderr" "rank-ips: usage: option --score: '$rule' is not median, last or ewma:A with A above 0 and at most 1"
  done
  [ ! -e s ]
}
