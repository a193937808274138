# The whole chain for a test: probe-ips | rank-ips | write-anyhost, with its settings in arrays that a test may change.
# shellcheck shell=bash

probe=() rank=() write=()

# go [CONF]: one round of the plain chain. What each stage wrote is in probe.nd, rank.nd, zone.nd and *.err; sets
# $statuses, of the three stages.
go() {
  local conf=${1:-conf} all
  timeout -v --kill-after=2 60 probe-ips "${probe[@]}" --installed Z "$conf" 2>probe.err | tee probe.nd |
    rank-ips "${rank[@]}" --state S --installed Z 2>rank.err | tee rank.nd |
    write-anyhost "${write[@]}" -o Z >zone.nd 2>write.err && all=("${PIPESTATUS[@]}") || all=("${PIPESTATUS[@]}")
  settle "${all[0]}" "${all[2]}" "${all[4]}"
}

# again [FILTER]: the records of the last round once more, changed by the jq FILTER, without measuring
again() {
  local all
  jq -c "${1:-.}" probe.nd >again.nd
  rank-ips "${rank[@]}" --state S --installed Z again.nd 2>rank.err | tee rank.nd |
    write-anyhost "${write[@]}" -o Z >zone.nd 2>write.err && all=("${PIPESTATUS[@]}") || all=("${PIPESTATUS[@]}")
  settle 0 "${all[0]}" "${all[2]}"
}

# settle STATUS...: note them, and show what was said
settle() {
  statuses=$*
  printf '[%s]\n' "$statuses"
  cat probe.err rank.err write.err
}

# went STATUSES: the stages ended so
went() { same "$statuses" "$1"; }

# answered DOMAIN: the addresses that the zone file answers with, on one line
answered() { awk -v owner="$1" '$1 == owner && $3 == "A" { print $4 }' Z | sort | xargs; }

# users_of IP: how many domains the zone file answers with this address
users_of() { awk -v ip="$1" '$1 !~ /^;/ && $4 == ip && $1 != "wild." && $1 != "ns1"' Z | wc -l; }

# remember, unchanged: the zone file is the very same, byte for byte and not even replaced
remember() { cp Z Z.before && stat -c '%i %Y' Z >Z.stat; }
unchanged() { cmp Z Z.before && same "$(stat -c '%i %Y' Z)" "$(cat Z.stat)"; }

# age SECS: the state, as if all in it had happened so much earlier
age() {
  jq -c --argjson s "$1" 'with_entries(
    if (.key | IN("time", "since", "seen", "decided_at", "verified_at", "voluntary")) and (.value | type) == "number"
    then .value -= $s elif .key == "downs" then .value |= map(. - $s) else . end)' S >S.aged
  mv S.aged S
}

# domains N RELAYS: wild. and N domains in the short form, each on two of 127.0.0.2 … .(RELAYS+1) that are no neighbours
domains() {
  local i
  echo 'wild. N N 1 3 2 512 1 Y no Y 200 192.0.2.1'
  for ((i = 0; i < $1; i++)); do
    echo "d$i.example.com 127.0.0.$((i % $2 + 2))|127.0.0.$(((i + 2) % $2 + 2))"
  done
}
