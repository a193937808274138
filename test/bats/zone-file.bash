# Zone files for the tests of serve-anyhost and fetch-anyhost.
# shellcheck shell=bash

# zone SERIAL [RECORD...]: a whole zone file on stdout; RECORD is OWNER=ADDRESS; REASON in $REASON (voluntary),
# the serial of the last mass change in $MASS (none)
zone() {
  local serial=$1 record body
  shift
  body=$(
    printf ';-----\n$TTL 60\n$ORIGIN .\n@ IN SOA ns1 root.localhost. (\n'
    printf '\t\t%s;\n' "$serial" 7000 3000 15000 86400
    printf '\t\t);\n@ 86400 IN NS ns1\nns1 86400 IN A 127.0.0.1\n;-----\n'
    for record in "$@"; do
      printf '%-24s IN      A       %-15s ; 0.100000 ip ip_work 200 N\n' "${record%%=*}" "${record#*=}"
    done
  )
  sealed "$#" "$body"
}

# legacy_zone SERIAL [RECORD...]: the same as the legacy prober wrote it, without an end marker
legacy_zone() { zone "$@" | sed '$d'; }

# sealed COUNT TEXT: the text and its end marker
sealed() {
  printf '%s\n; end domains=%s active=%s reason=%s%s sha256=%s\n' \
    "$2" "$1" "$1" "${REASON:-voluntary}" "${MASS:+ mass=$MASS}" "$(printf '%s\n' "$2" | sha256sum | cut -d' ' -f1)"
}

# many SERIAL COUNT [PREFIX]: a zone of wild. and COUNT domains PREFIX1.example.com. (host1 …)
many() {
  local i records=(wild.=192.0.2.10)
  for ((i = 1; i <= $2; i++)); do records+=("${3:-host}$i.example.com.=192.0.2.$((i % 200 + 11))"); done
  zone "$1" "${records[@]}"
}

# serving NAME [ARG...]: serve-anyhost in the background on a free port, its URL in $url
serving() {
  local name=$1
  shift
  background "$name" serve-anyhost -l "127.0.0.1:${PORT:-0}" "$@"
  wait_for 10 grep -q 'listening on' "$name.err"
  url=http://$(sed -n 's/.*listening on //p' "$name.err")/
}
