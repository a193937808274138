load helpers

# The replays of damping 8.6 from outside: rank-ips with a state, and write-anyhost behind it.

setup() {
  clean_place
  fleet 1 2 3 4 5 >good.ndjson
}
teardown() { stop_all; }

# fleet RELAY...: a round of 20 domains, each with the five relays 192.0.2.1 to .5, of which those given answer
fleet() {
  local i k relays
  for i in {1..20}; do
    relays=
    for k in 1 2 3 4 5; do
      case " $* " in *" $k "*) relays+=",192.0.2.$k@0.$(((i + k) % 5 + 1))" ;; *) relays+=",192.0.2.$k!" ;; esac
    done
    echo "d$i.example. main=${relays#,} good=2 word=no"
  done | cat - <(echo 'wild. main=192.0.2.10 detect=N word=no') |
    "$NODE" "$REPO/test/fixtures/rank/make-round.ts" |
    jq -c 'if .type == "probe" then .unit = .ip | if .ok then . else .repeats = 2 end else . end'
}

# live ROUND: one round through the pipe; what it published in $sets, what it told in $told
live() {
  rank-ips --state state --installed anyhost --site east "$1" 2>rank.err | write-anyhost -o anyhost >told.ndjson 2>write.err || :
  sets=$(grep -v '^[;@$]' anyhost | awk '$3 == "A" && $1 != "ns1" { print $1, $4 }')
  told=$(jq -r 'select(.type == "error") | .key // .message' told.ndjson)
}

# on N: how many domains are published on the relay 192.0.2.N
on() { grep -c " 192\.0\.2\.$1\$" <<<"$sets" || :; }

@test "replay (c): 40 % of the relays vanish for two rounds, and no answer changes (damping 8.6)" {
  live good.ndjson
  live good.ndjson
  local before=$sets
  same "$(wc -l <<<"$before")" 21
  fleet 3 4 5 >mass.ndjson
  local turn
  for turn in 1 2; do
    live mass.ndjson
    same "$sets" "$before"
    like "$told" 'rank-ips blind'
  done
  live good.ndjson
  same "$sets$told" "$before"
}

@test "replay (c): gone for good, they are left in the third round (damping 8.2, 8.3)" {
  live good.ndjson
  like "$sets" ' 192\.0\.2\.1'
  fleet 3 4 5 >mass.ndjson
  live mass.ndjson
  live mass.ndjson
  live mass.ndjson
  same "$(on 1)$(on 2)" 00
  same "$(wc -l <<<"$sets")" 21
  like "$told" 'rank-ips mass failure'
}

@test "replay (d): one relay dies, and all its domains leave it in one round (damping 8.6)" {
  # The relay is the best of 12 of 20 domains.
  fleet 1 2 3 4 5 | jq -c 'if .type == "probe" and .ip == "192.0.2.1" and (.domain | test("^d([1-9]|1[0-2])\\.")) then .total = 0.01 | .unit = .ip + .domain
    elif .type == "probe" then .unit = .ip + .domain else . end' >one.ndjson
  live one.ndjson
  local count
  count=$(on 1)
  [ "$count" -ge 12 ]
  jq -c 'if .type == "probe" and .ip == "192.0.2.1" then . + {ok: false, code: "000", total: null, error: "connect-refused", repeats: 2} else . end' one.ndjson >dead.ndjson
  live dead.ndjson
  same "$(on 1)" 0
  same "$(wc -l <<<"$sets")" 21
  same "$(jq -r 'select(.type == "zone") | [.changed, .changed_domains, .reason] | @tsv' told.ndjson)" $'true\t'"$count"$'\tfailure'
}

@test "replay (e): an emptied configuration is refused, and the file stays (damping 8.6)" {
  live good.ndjson
  cp anyhost before
  jq -c 'select(.type == "round") | .domains = 0 | .units = 0 | .ok = 0' good.ndjson >empty.ndjson
  live empty.ndjson
  cmd cmp anyhost before
  live good.ndjson
  cmd cmp anyhost before
}

@test "replay (f): offline for ten rounds the file is untouched, and there is one alert (damping 8.6)" {
  live good.ndjson
  live good.ndjson
  cp anyhost before
  local written
  written=$(stat -c '%y %i' anyhost)
  fleet >offline.ndjson
  local turn keys=
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    live offline.ndjson
    keys+=$(jq -r 'select(.type == "error" and .command == "rank-ips") | .key' told.ndjson)$'\n'
  done
  cmd cmp anyhost before
  same "$(stat -c '%y %i' anyhost)" "$written"
  same "$(sort -u <<<"${keys%$'\n'}")" 'rank-ips blind'
  live good.ndjson
  cmd cmp anyhost before
}

@test "replay: a faster relay is put in little by little, and what was put off is not forgotten (damping 8.3)" {
  live good.ndjson
  fleet 1 2 3 4 5 | jq -c 'if .type == "probe" and .ip == "192.0.2.5" then .total = 0.02 else . end' >faster.ndjson
  local turn count previous=0
  previous=$(on 5)
  for turn in 1 2 3 4 5 6 7 8; do
    live faster.ndjson
    count=$(on 5)
    [ "$count" -ge "$previous" ]
    [ $((count - previous)) -le 2 ]
    previous=$count
  done
  like "$(jq -r 'select(.type == "zone") | .clipped' told.ndjson)" '^[1-9]'
  for turn in 1 2 3 4 5 6 7 8; do live faster.ndjson; done
  same "$(on 5)" 20
}

@test "replay (g): two probers with different order, and a cache of both changes nothing (damping 8.6)" {
  local site turn
  local -A url
  # Equal relays: each site draws for itself.
  jq -c 'if .type == "probe" then .total = 0.3 else . end' good.ndjson >equal.ndjson
  for site in east west; do
    rank-ips --state "state.$site" --installed "$site" --site "$site" equal.ndjson | write-anyhost -o "$site"
    url[$site]=127.0.0.1:$(free_port)
    background "$site" serve-anyhost -l "${url[$site]}" "$site"
    wait_for 20 curl -fs -o /dev/null "http://${url[$site]}/healthz"
  done
  cmd 1 cmp -s <(grep ' A ' east) <(grep ' A ' west)
  cmd fetch-anyhost -o cache "http://${url[east]}/" "http://${url[west]}/"
  same "$(jq -c 'select(.type == "fetch") | .changed' <<<"$output")" true
  for turn in 1 2 3; do
    for site in east west; do
      rank-ips --state "state.$site" --installed "$site" --site "$site" equal.ndjson | write-anyhost -o "$site"
    done
    cmd fetch-anyhost -o cache "http://${url[east]}/" "http://${url[west]}/"
    same "$(jq -c 'select(.type == "fetch") | .changed' <<<"$output")" false
  done
}
