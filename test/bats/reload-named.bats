load helpers
load named
load zone-file

setup() { clean_place; }
teardown() { stop_all; }

# zone_file SERIAL ADDRESS: a zone file on stdout in which img.example.com. has ADDRESS
zone_file() {
  printf ';-----\n$TTL 60\n$ORIGIN .\n@ IN SOA ns1 root.localhost. (\n\t\t%s;\n\t\t7000;\n\t\t3000;\n\t\t15000;\n\t\t86400;\n\t\t);\n' "$1"
  printf '@ 86400 IN NS ns1\nns1 86400 IN A 127.0.0.1\n;-----\n'
  printf '%-24s IN      A       %-15s ; 0.100000 ip ip_work 200 N\n' wild. 192.0.2.10 img.example.com. "$2"
}

# Starts named again after `stop named`, on the same ports.
run_named() {
  background named named -g -n 1 -c named/named.conf
  wait_for 20 "${rndc[@]}" status
}

# fetched SERIAL [CHANGED] [PREVIOUS]: the record of a fetch that installed ./anyhost
fetched() {
  jq -cn --arg file "$PWD/anyhost" --argjson serial "$1" --argjson changed "${2:-true}" --arg previous "${3:-}" '
    {type: "fetch", file: $file, server: "http://cache01:8089/", $serial, domains: 2, records: 2, $changed,
     current: true, bytes: 500, seconds: 0.01, previous: (if $previous == "" then null else $previous end)}'
}

# install SERIAL ADDRESS [BAD-LINE]: a new anyhost beside its place and then in it, the old one kept as a version
install_zone() {
  local old
  zone_file "$1" "$2" >.new
  [ -z "${3:-}" ] || printf '%s\n' "$3" >>.new
  if [ -e anyhost ]; then
    old=$(sed -n '/SOA/{n;s/[^0-9]//g;p;}' anyhost)
    cp -p anyhost "anyhost.$old"
  fi
  mv .new anyhost
}

# reload [CODE] [ARG...]: reload-named against this test's named, the record on stdin
reload() {
  local code=0
  case $1 in [0-9]*) code=$1 && shift ;; esac
  cmd "$code" reload-named --rndc "${rndc[*]}" --service 'false' --port "$named_port" "$@"
}

# dns WAY [ARG...]: a scripted DNS server at 127.0.0.1:$DNS
dns() {
  background dns "$NODE" "$REPO/test/servers/dns.ts" "$@"
  wait_for 10 test -s dns.out
  DNS=$(cat dns.out)
}

@test "reload-named: named takes a changed file, and the answer moves" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  same "$(answers img.example.com)" 192.0.2.21
  install_zone 101 192.0.2.22
  reload < <(fetched 101)
  same "$stderr" ''
  same "$(jq -c 'del(.seconds)' <<<"$output")" \
    "{\"type\":\"reload\",\"file\":\"$PWD/anyhost\",\"how\":\"reload\",\"asked\":101,\"served\":101,\"ok\":true,\"message\":null}"
  same "$(answers img.example.com)" 192.0.2.22

  # A zone record does the same; a dry run and an unchanged file do nothing.
  install_zone 102 192.0.2.23
  zone() { fetched 102 | jq -c '.type = "zone" | .changed_domains = 1 | .clipped = 0 | .reason = null | .dry_run = '"$1"; }
  reload < <(zone true)
  same "$output$stderr" ''
  reload < <(fetched 102 false)
  same "$output$stderr" ''
  same "$(served_serial)" 101
  reload < <(zone false)
  same "$(served_serial)" 102
}

@test "reload-named: -a reloads an unchanged file that named does not serve, and only then" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  reload -a < <(fetched 100 false)
  same "$output$stderr" ''
  install_zone 101 192.0.2.22
  reload -a < <(fetched 101 false)
  same "$(jq -r .how <<<"$output")" reload
  same "$(served_serial)" 101
  reload -a < <(fetched 101 false)
  same "$output$stderr" ''
}

@test "reload-named: a file named refuses gives way to the previous one, byte for byte (formats 10.3)" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  cp anyhost good
  install_zone 101 192.0.2.22 'bad_name.example. IN A 192.0.2.1'
  cp anyhost bad
  reload 1 -t 2 < <(fetched 101 true "$PWD/anyhost.100")
  local said="named does not take serial 101 of '$PWD/anyhost', it answers with 100: restored '$PWD/anyhost.100' (the refused file is '$PWD/anyhost.refused')"
  same "$stderr" "reload-named: fatal: $said"
  same "$(jq -c 'select(.type == "reload") | [.how, .asked, .served, .ok, .message]' <<<"$output")" \
    "[\"restored\",101,100,false,\"$said\"]"
  same "$(jq -c 'select(.type == "error") | [.command, .level, .key, .message, .record.how]' <<<"$output")" \
    "[\"reload-named\",\"fatal\",\"reload-named not taken $PWD/anyhost\",\"$said\",\"restored\"]"
  cmd cmp anyhost good
  cmd cmp anyhost.refused bad
  same "$(answers img.example.com) $(served_serial)" '192.0.2.21 100'

  # It really was loaded again: named forgets all it had and starts from the file.
  stop named
  run_named
  same "$(served_serial)" 100

  # Without a name of the previous file, the newest FILE.SERIAL that is older is taken.
  zone_file 90 192.0.2.9 >anyhost.90
  zone_file 4000000000 192.0.2.9 >anyhost.4000000000
  install_zone 101 192.0.2.22 'syntax'
  reload 1 -t 1 < <(fetched 101)
  cmd cmp anyhost good
}

@test "reload-named: without a previous version the file stays, and it says so" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  zone_file 101 192.0.2.22 >anyhost
  echo syntax >>anyhost
  reload 1 -t 1 < <(fetched 101)
  same "$stderr" "reload-named: fatal: named does not take serial 101 of '$PWD/anyhost', it answers with 100: there is no previous version of '$PWD/anyhost' to restore"
  same "$(jq -r 'select(.type == "reload") | .how' <<<"$output")" reload
}

@test "reload-named: a file that was replaced meanwhile is not touched" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  install_zone 102 192.0.2.22
  cp anyhost newer
  reload 1 -t 1 < <(fetched 101 true "$PWD/anyhost.100")
  like "$stderr" 'was replaced in the meantime, it is left as it is$'
  cmd cmp anyhost newer
}

@test "reload-named: a zone that was never loaded comes back from the previous file" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  stop named
  install_zone 101 192.0.2.22 'syntax'
  run_named
  reload 1 -t 2 < <(fetched 101)
  like "$stderr" "anyhost' \('rndc' said: rndc: 'reload' failed: unexpected end of input\), it answers with SERVFAIL: restored "
  same "$(served_serial)" 100
}

@test "reload-named: a file that is older than the last load is taken too (formats 10.3)" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  install_zone 101 192.0.2.22
  touch -d '2 hours ago' anyhost
  reload < <(fetched 101)
  same "$(served_serial)" 101
}

@test "reload-named: the serial wraps, as unsigned 32 bit (formats 10.4)" {
  need named dig jq
  install_zone 4294967295 192.0.2.21
  start_named "$PWD/anyhost"
  install_zone 4294967295 192.0.2.21
  reload < <(fetched 4294967295)
  same "$(jq .served <<<"$output")" 4294967295
  install_zone 7 192.0.2.22
  reload < <(fetched 7)
  same "$(jq .served <<<"$output")" 7
  install_zone 8 192.0.2.23 'syntax'
  rm anyhost.7
  reload 1 -t 1 < <(fetched 8)
  like "$stderr" "restored '$PWD/anyhost.4294967295' "
  same "$(served_serial)" 4294967295
}

@test "reload-named: rndc missing: the service command is told instead" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  printf '#!/bin/sh\necho "$@" >>service.log\nexec %s reload\n' "${rndc[*]}" >service
  chmod 755 service
  install_zone 101 192.0.2.22
  cmd reload-named --rndc no-such-rndc --service "$PWD/service named" --port "$named_port" < <(fetched 101)
  same "$(cat service.log)" 'named reload'
  install_zone 102 192.0.2.22
  cmd reload-named --rndc false --service "'$PWD/service' {} \"named chroot\"" --port "$named_port" < <(fetched 102)
  same "$(tail -n 1 service.log)" 'reload named chroot'
  same "$(served_serial)" 102
}

@test "reload-named: rndc and service missing, or a wrong key: 69, the file stays" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  install_zone 101 192.0.2.22
  cp anyhost new
  cmd 69 reload-named --rndc no-rndc --service no-service --port "$named_port" < <(fetched 101)
  same "$stderr" "reload-named: fatal: unable to reload named: 'no-rndc': no such program; 'no-service': no such program; it answers with 100"
  same "$(jq -r 'select(.type == "error") | .key' <<<"$output")" "reload-named unavailable $PWD/anyhost"
  sed 's/dGVz/eGVz/' named/key >wrong
  cmd 69 reload-named --rndc "${rndc[*]/$PWD\/named\/key/$PWD/wrong}" --service false --port "$named_port" < <(fetched 101)
  same "$stderr" "reload-named: fatal: unable to reload named: 'rndc' said: rndc: connection to remote host closed.; 'false' ended with 1; it answers with 100"
  cmd cmp anyhost new
}

@test "reload-named: a closed stdout does not hide that named was not reached" {
  install_zone 101 192.0.2.22
  fetched 101 >records
  cmd 69 bash -c 'set -o pipefail; reload-named --rndc no-rndc --service no-service --port "$0" <records | :' "$(free_port)"
  like "$stderr" "reload-named: fatal: unable to reload named: 'no-rndc': no such program"
}

@test "reload-named: named is down: 69, and the file is there for when it starts" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  stop named
  install_zone 101 192.0.2.22
  reload 69 -t 1 < <(fetched 101)
  like "$stderr" 'connection refused; .*; it does not answer: connection refused$'
  same "$(jq -c 'select(.type == "reload") | [.how, .served, .ok]' <<<"$output")" '["reload",null,false]'
  run_named
  same "$(served_serial)" 101
}

@test "reload-named: --restart restarts where a reload cannot reach named" {
  need named dig jq
  install_zone 100 192.0.2.21
  start_named "$PWD/anyhost"
  install_zone 101 192.0.2.22
  # The service command of a host: ends named by its pid file and starts it again.
  cat >service <<SH
#!/bin/sh
[ "\$1" = restart ] || exit 3
kill -TERM "\$(cat named.pid)"
while kill -0 "\$(cat named.pid)"; do sleep 0.05; done
named -g -n 1 -c named/named.conf >named2.log 2>&1 3>&- &
echo "\$!" >named.pid
SH
  chmod 755 service
  # Reaped by the shell that started it, or it would stay as a zombie that kill -0 finds.
  wait "$(cat named.pid)" &
  cmd reload-named --rndc false --service ./service --port "$named_port" -t 20 --restart < <(fetched 101)
  same "$(jq -c '[.how, .served, .ok]' <<<"$output")" '["restart",101,true]'
}

@test "reload-named: a scripted server: late, silent, lying, truncating, cutting, garbage" {
  need jq
  zone_file 101 192.0.2.22 >anyhost
  ask() {
    local want=$1
    shift
    dns "$@"
    cmd "$want" reload-named --rndc true --service false --port "$DNS" -t "${LIMIT:-1}" < <(fetched 101)
    stop dns
    : >dns.out
  }
  LIMIT=20 ask 0 after 2 100 101
  same "$(jq .served <<<"$output")" 101
  ask 0 tcp 101
  same "$(jq .served <<<"$output")" 101
  for way in silent 'wrong-id 101' 'wrong-name 101' garbage tcp-cut; do
    # shellcheck disable=SC2086 # a word and its argument
    ask 69 $way
    like "$stderr" 'fatal: unable to verify the reload of named: it does not answer: '
  done
  ask 69 rcode 5
  like "$stderr" 'it answers with REFUSED$'
  ask 69 rcode 3
  like "$stderr" 'it answers with NXDOMAIN$'
  ask 69 empty
  like "$stderr" 'it answers with an answer without SOA$'
  ask 1 rcode 2
  like "$stderr" "it answers with SERVFAIL: there is no previous version of '$PWD/anyhost' to restore$"
  cmd cmp anyhost <(zone_file 101 192.0.2.22)
}

@test "reload-named: killed at any moment: the file is the refused or the previous one, whole" {
  need jq
  dns serial 100
  zone_file 100 192.0.2.21 >good
  zone_file 101 192.0.2.22 >bad
  cp good anyhost.100
  fetched 101 >record
  local i
  for i in {1..20}; do
    cp bad anyhost
    background run reload-named --rndc true --port "$DNS" -t 0.2 record
    sleep "0.$((RANDOM % 4))$((RANDOM % 10))"
    stop run KILL
    cmp -s anyhost good || cmd cmp anyhost bad
  done
  cp bad anyhost
  cmd 1 reload-named --rndc true --port "$DNS" -t 0.2 record
  cmd cmp anyhost good
  # What the killed ones left behind is gone as well.
  same "$(find . -name '.anyhost.tmp*')" ''
}

@test "reload-named: a command that never ends is ended" {
  need jq
  dns serial 100
  zone_file 101 192.0.2.22 >anyhost
  printf '#!/bin/sh\nsleep 1h\n' >hangs
  chmod 755 hangs
  CMD_LIMIT=60 cmd 69 reload-named --rndc ./hangs --service false --port "$DNS" < <(fetched 101)
  like "$stderr" "unable to reload named: '\./hangs' took more than 10 s; 'false' ended with 1; it answers with 100$"
}

@test "reload-named: the line of a cache: fetched, taken, quiet; named gone, mailed; back, all clear" {
  need named dig jq
  zone 100 wild.=192.0.2.10 img.example.com.=192.0.2.21 >served
  cp served anyhost
  start_named "$PWD/anyhost"
  serving one served
  printf '#!/bin/sh\ncat >>mails\n' >sendmail
  chmod 755 sendmail
  : >mails
  cat >line <<SH
fetch-anyhost -t 2 -o anyhost $url | tee fetch.out | reload-named -a --rndc '${rndc[*]}' --service false --port $named_port |
  tee reload.out | mail-alert -t ops@example.com --state mail.json --sendmail ./sendmail --clear-after 0
SH
  cmd bash -o pipefail line
  same "$(cat reload.out mails)" ''
  zone 101 wild.=192.0.2.10 img.example.com.=192.0.2.22 >next && mv next served
  wait_for 10 bash -c "curl -s $url | grep -q 101"
  cmd bash -o pipefail line
  same "$(jq -c '[.how, .served, .ok]' reload.out)" '["reload",101,true]'
  same "$(answers img.example.com)" 192.0.2.22
  cmd bash -o pipefail line
  same "$(jq -c '[.changed, .current, .bytes]' fetch.out)" '[false,true,0]'
  same "$(cat reload.out mails)" ''

  # named goes, and a new file comes: mailed once, though the next file is the same; back again, all clear.
  stop named
  zone 102 wild.=192.0.2.10 img.example.com.=192.0.2.23 >next && mv next served
  wait_for 10 bash -c "curl -s $url | grep -q 102"
  cmd bash line
  cmd grep -c '^Subject: .*: 1 alert: reload-named: fatal: unable' mails
  cmd bash line
  same "$(jq -c 'select(.type == "reload") | [.asked, .served]' reload.out)" '[102,null]'
  same "$(grep -c '^Subject: ' mails)" 1
  run_named
  same "$(served_serial)" 102
  cmd bash line
  cmd grep -c '^Subject: .*: all clear: reload-named: ' mails
  cmd bash line
  same "$(grep -c '^Subject: ' mails)" 2
}

@test "reload-named: usage, empty input, bad lines, other records" {
  cmd 64 reload-named --rndc "rndc 'x"
  same "$stderr" "reload-named: usage: option --rndc: 'rndc 'x': a quote is left open"
  cmd 64 reload-named --server localhost
  same "$stderr" "reload-named: usage: option --server: 'localhost' is not an IP address"
  cmd 64 reload-named --restrat
  same "$stderr" 'reload-named: usage: unknown option --restrat (did you mean --restart?)'
  cmd reload-named </dev/null
  same "$output$stderr" ''
  cmd 74 reload-named no-such-file
  same "$stderr" "reload-named: fatal: unable to open 'no-such-file': no such file or directory"

  printf '%s\n' 'x' '{"type":"fetch"}' '{"type":"note","text":"keep  me"}' >lines
  cmd 65 reload-named lines
  same "$stderr" "reload-named: warning: lines:1: not JSON
reload-named: warning: lines:2: field 'file' is missing"
  same "$(grep -c . <<<"$output")" 3
  same "$(grep note <<<"$output")" '{"type":"note","text":"keep  me"}'
  fetched 101 >>lines
  cmd 65 reload-named --strict --rndc "touch $PWD/reloaded" --service false lines
  like "$stderr" 'fatal: 2 bad lines, nothing done \(--strict\)$'
  [ ! -e reloaded ]
  cmd 65 reload-named - < <(fetched null)
  same "$stderr" "reload-named: warning: line 1: field 'serial' must be a number where 'changed' is true"
}

@test "reload-named: a reader that has gone is no error" {
  cmd bash -c 'printf "{\"type\":\"note\"}\n%.0s" {1..9000} | reload-named | head -n 1'
  same "$output$stderr" '{"type":"note"}'
}
