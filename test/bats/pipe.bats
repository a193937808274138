load helpers
load relays
load rankings
load named
load pipe
load zone-file

setup() {
  clean_place
  need jq
}
teardown() { stop_all; }

# The plain chain, as an operator runs it: what it does when all is well, and what may stand between its stages.

# five_relays [DOMAINS]: nginx on 127.0.0.2 … .6, a configuration of so many domains (12), and the options to probe them
five_relays() {
  start_relays 5
  domains "${1:-12}" 5 >conf
  probe=(--host fake.com --path /2M.dat --port "$relay_port")
}

@test "pipe: one pipe, from domain.conf to a zone file that named answers from; again, and nothing changes" {
  five_relays
  cmd bash -o pipefail -c "probe-ips ${probe[*]} --installed Z conf | rank-ips --state S --installed Z | write-anyhost -o Z"
  same "$(jq -c '[.type, .domains, .records, .changed, .reason]' <<<"$output")" '["zone",13,13,true,"first"]'
  same "$stderr" ''
  start_named "$PWD/Z"
  same "$(answers d3.example.com)" "$(answered d3.example.com.)"
  same "$(answers wild)" 192.0.2.1
  remember
  go
  went '0 0 0'
  same "$(jq .changed zone.nd)" false
  unchanged
}

@test "pipe: a relay dies, and the answer of named moves within the round; a refusal leaves the old answer" {
  five_relays
  go
  start_named "$PWD/Z"
  local dead domain=d0.example.com.
  dead=$(answered "$domain")
  same "$(answers "$domain")" "$dead"
  stop "relay-${dead##*.}"
  go
  went '0 0 0'
  reload-named --rndc "${rndc[*]}" --service false --port "$named_port" <zone.nd >reload.nd
  same "$(jq -c '[.ok, .served == .asked]' reload.nd)" '[true,true]'
  same "$(answers "$domain")" "$(answered "$domain")"
  [ "$(answers "$domain")" != "$dead" ]
  # Half of the configuration is lost: refused, nothing to reload, and the wire says what it said.
  remember
  head -n 7 conf >half
  go half
  went '0 0 1'
  cmd reload-named --rndc "${rndc[*]}" --service false --port "$named_port" zone.nd
  same "$(jq -r .type <<<"$output")" error
  unchanged
  same "$(answers d11.example.com)" "$(answered d11.example.com.)"
}

@test "pipe: jq, grep and tee between any two stages" {
  five_relays
  cmd bash -o pipefail -c "probe-ips ${probe[*]} conf | jq -c '. + {note: 1}' | tee round.ndjson | grep . |
    rank-ips --state S --installed Z | jq -c '. + {note: 2}' | tee ranked.ndjson | grep -v nothing | write-anyhost -o Z | jq -c '. + {note: 3}'"
  same "$stderr" ''
  same "$(jq -c '[.type, .changed, .note]' <<<"$output")" '["zone",true,3]'
  same "$(jq -c 'select(.type == "round") | .by' round.ndjson ranked.ndjson)" $'"probe-ips"\n"rank-ips"'
  # A line of the operator's own goes all the way.
  cmd bash -o pipefail -c "{ echo '{\"type\":\"remark\",\"by\":\"ops\"}' && cat round.ndjson; } | rank-ips --state S --installed Z | write-anyhost -o Z"
  same "$(head -n 1 <<<"$output")" '{"type":"remark","by":"ops"}'
  # A saved round gives the same again, with the state or without.
  remember
  cmd bash -o pipefail -c 'rank-ips --state S --installed Z <round.ndjson | write-anyhost -o Z'
  same "$(jq .changed <<<"$output")" false
  cmd bash -o pipefail -c 'rank-ips --installed Z <round.ndjson >one && rank-ips --installed Z round.ndjson >two'
  same "$(jq -c 'del(.time)' one)" "$(jq -c 'del(.time)' two)"
  unchanged
  # One domain picked out is no round: grep must not empty a zone.
  cmd 65 bash -o pipefail -c 'rank-ips --state S --installed Z <round.ndjson | grep -E "d3\.example|\"round\"" | write-anyhost -o Z'
  like "$stderr" 'refused, .*: the input was cut short: 1 rankings of the 13 that its round record counts'
  unchanged
}

@test "pipe: head -1 behind any stage ends it quietly with 0" {
  five_relays 200
  cmd bash -o pipefail -c "probe-ips ${probe[*]} conf | head -n 1"
  same "$(jq -r .type <<<"$output")$stderr" target
  probe-ips "${probe[@]}" conf >round.ndjson
  cmd bash -o pipefail -c 'rank-ips --state S round.ndjson | head -n 1'
  same "$(jq -r .type <<<"$output")$stderr" ranking
  cmd bash -o pipefail -c 'rank-ips round.ndjson | write-anyhost -o Z | head -n 0'
  same "$output$stderr" ''
  whole Z
}

@test "pipe: two probers, two servers, two clients, as in a site: each keeps what it took, whichever it asks" {
  five_relays
  local name urls=()
  for name in a b; do
    mkdir "prober-$name"
    cp conf "prober-$name/"
    (cd "prober-$name" && rank=(--site "$name") && go && went '0 0 0')
    serving "serve-$name" "prober-$name/Z" && urls+=("$url")
  done
  # Equal relays are drawn by site: the two probers do not agree.
  cmd 1 diff <(grep -v '^;' prober-a/Z | awk '$3 == "A" { print $1, $4 }') <(grep -v '^;' prober-b/Z | awk '$3 == "A" { print $1, $4 }')
  cmd fetch-anyhost -o client-1 "${urls[@]}"
  cmd fetch-anyhost -o client-2 "${urls[1]}" "${urls[0]}"
  cmd cmp client-1 prober-a/Z
  cmd cmp client-2 prober-b/Z
  local turn
  for turn in 1 2 3; do
    for name in a b; do (cd "prober-$name" && rank=(--site "$name") && go && jq -e '.changed == false' zone.nd); done
    cmd fetch-anyhost -o client-1 "${urls[@]}"
    same "$(jq -c '[.changed, .current]' <<<"$output")" '[false,true]'
    cmd fetch-anyhost -o client-2 "${urls[1]}" "${urls[0]}"
    same "$(jq -c '[.changed, .current]' <<<"$output")" '[false,true]'
  done
}
