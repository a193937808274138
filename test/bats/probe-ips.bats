load helpers
load relays

setup() { clean_place; }
teardown() { stop_all; }

# fields FILTER: of the probes in $output, sorted
fields() {
  jq -rc "select(.type == \"probe\") | $1" <<<"$output" | sort
}

@test "probe-ips: two real relays of a 2 MB file, and one that refuses, as the short form" {
  start_relays 2
  cmd 0 probe-ips --host fake.com --path /2M.dat --port "$relay_port" <<<'fake.com 127.0.0.2|127.0.0.3|127.0.0.4'
  same "$stderr" ''
  same "$(fields '[.ip, .ok, .code, .bytes, .error]')" '["127.0.0.2",true,"200",2097152,null]
["127.0.0.3",true,"200",2097152,null]
["127.0.0.4",false,"000",0,"connect-refused"]'
  same "$(jq -r .type <<<"$output" | uniq)" 'target
probe
round'
  cmd 0 jq -es 'map(select(.ok == true)) | all(.total >= .connect and .ttfb > 0 and .download > 0)' <<<"$output"
}

# failures: address, code, bytes and error class of every probe in $output
failures() {
  jq -r 'select(.type == "probe") | "\(.ip) \(.code) \(.bytes) \(.error)"' <<<"$output" | sort -t. -k4n
}

@test "probe-ips: every way a relay can fail has its class, and a timeout keeps what came (damping 8.1)" {
  start_scripted good silent stall-head stall-body trickle cut cut-chunk reset reset-head close long until-close \
    half-close flood-head garbage chunked informational redirect
  cmd 0 probe-ips -t 1.6 --port "$scripted_port" <<<"a.example $(seq -s '|' -f '127.0.1.%g' 19)"
  same "$(failures)" '127.0.1.1 200 1000 null
127.0.1.2 000 0 read-timeout
127.0.1.3 200 0 read-timeout
127.0.1.4 200 1000 read-timeout
127.0.1.5 200 1 read-timeout
127.0.1.6 200 1000 short-body
127.0.1.7 200 1000 short-body
127.0.1.8 200 1000 reset
127.0.1.9 000 0 reset
127.0.1.10 000 0 bad-response
127.0.1.11 200 1000 null
127.0.1.12 200 1000 null
127.0.1.13 200 1000 null
127.0.1.14 200 0 bad-response
127.0.1.15 000 0 bad-response
127.0.1.16 200 1000 null
127.0.1.17 200 1000 null
127.0.1.18 302 0 null
127.0.1.19 000 0 connect-refused'
}

# asked: the requests the scripted relays got, one a line
asked() {
  tail -n +2 scripted.out | jq -r . | tr -d '\r'
}

# row DOMAIN DETECT TIMES LIMIT BACKUP METHOD CODES IP [COLUMN14...]: a record of domain.conf
row() {
  printf '%s N %s %s 3 2 %s 1 Y %s %s %s %s %s\n' "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$8" "${*:9}"
}

@test "probe-ips: the request, byte by byte (formats 7.1)" {
  start_scripted good
  cmd 0 probe-ips --port "$scripted_port" < <(row a.example Y 1 512 no GET:fake.com/x?y=1 2** 127.0.1.1)
  same "$(tail -n +2 scripted.out)" "\"GET /x?y=1 HTTP/1.1\\r\\nHost: fake.com\\r\\nUser-Agent: fleetutils/0.1.0\\r\\nAccept: */*\\r\\nConnection: close\\r\\n\\r\\n\""
  same "$(fields .bytes)" 512 # column 7 ends the transfer
}

@test "probe-ips: HEAD, and POST with a body and its type (formats 2.4)" {
  start_scripted head good
  printf 'a=1&b=2' >body
  { row a.example Y 1 512 no HEAD:fake.com/h 2** 127.0.1.1; row b.example Y 1 9999 no "POST:fake.com/p|body|text/x" 2** 127.0.1.2; } >conf
  cmd 0 probe-ips --port "$scripted_port" conf
  same "$(fields '[.ok, .bytes]')" '[true,0]
[true,1000]'
  like "$(asked)" 'HEAD /h HTTP/1.1'
  like "$(asked)" 'Content-Type: text/x'
  like "$(asked)" 'Content-Length: 7'
  like "$(asked)" 'a=1&b=2'
  rm body
  cmd 0 probe-ips --port "$scripted_port" conf
  same "$(fields 'select(.domain == "b.example.") | [.ok, .error, .detail]')" \
    "[false,\"local\",\"body file 'body': no such file or directory\"]"
}

@test "probe-ips: equal requests are made once, and shared (damping 8.1)" {
  start_scripted good good
  { row a.example Y 1 512 no GET:fake.com/x 2** '127.0.1.1|127.0.1.2'; row b.example Y 1 512 127.0.1.2 GET:fake.com/x 2** 127.0.1.1
    row c.example Y 1 512 no GET:fake.com/y 2** 127.0.1.1; } >conf
  cmd 0 probe-ips --port "$scripted_port" conf
  same "$(asked | grep -c '^GET')" 3
  same "$(fields '[.domain, .ip, .kind, .source]')" '["a.example.","127.0.1.1","ip","detect"]
["a.example.","127.0.1.2","ip","detect"]
["b.example.","127.0.1.1","ip","central"]
["b.example.","127.0.1.2","backup","central"]
["c.example.","127.0.1.1","ip","detect"]'
  same "$(jq -c 'select(.type == "round") | [.domains, .units, .ok, .blind]' <<<"$output")" '[3,3,3,false]'
  same "$(fields .unit | sort -u | wc -l)" 3
}

@test "probe-ips: several probes an address (formats 7.3): one good answer in two is enough" {
  start_scripted every-second
  cmd 0 probe-ips --port "$scripted_port" < <(row a.example Y 4 512 no GET:fake.com/x 200 127.0.1.1)
  same "$(fields '[.ok, .code, .times, .ok_times]')" '[true,"200",4,4]'
}

@test "probe-ips: the Referer request, only where it has a weight (formats, columns 14 and 17)" {
  start_scripted good
  row a.example Y 1 512 no GET:fake.com/1 2** 127.0.1.1 GET:fake.com/2 "$scripted_port" N 60:40 3 Y >conf
  cmd 0 probe-ips conf
  same "$(asked | grep -cE '^Referer: a.example$')" 1
  same "$(asked | grep ^GET | sort)" 'GET /1 HTTP/1.1
GET /2 HTTP/1.1'
  same "$(fields '[.ok, .times]')" '[true,2]'
  sed -i 's/60:40/100:0/' conf
  cmd 0 probe-ips conf
  same "$(asked | grep ^GET | tail -n +3)" 'GET /1 HTTP/1.1'
}

@test "probe-ips: extra headers of one host, resolved addresses, own URLs" {
  start_scripted good good good
  cat >headers <<<'header = "a.example" "user-agent" "Other/1";'
  cat >origin <<<'a.example origin.example 127.0.1.2 0'
  cat >auth <<<"b.example pay.example/health 127.0.1.3"
  { row a.example Y 1 512 no GET:fake.com/1 2** 127.0.1.1 Y "$scripted_port" Y 100:0 3 Y; row b.example Y 1 512 no Y 2** 127.0.1.1; } >conf
  cmd 0 probe-ips --port "$scripted_port" --headers headers --origin-ip origin --auth auth conf
  same "$(fields '[.domain, .ip, .kind]')" '["a.example.","127.0.1.2","dns"]
["b.example.","127.0.1.3","ip"]'
  same "$(asked | grep -i '^user-agent' | sort)" 'User-Agent: fleetutils/0.1.0
user-agent: Other/1'
  like "$(asked)" 'GET /health HTTP/1.1'
  like "$(asked)" 'Host: pay.example'
  cmd 74 probe-ips --auth missing conf
  same "$stderr" "probe-ips: fatal: unable to open 'missing': no such file or directory"
}

@test "probe-ips: connect only, and no probing, by columns 20 and 21 (formats 2.6)" {
  start_scripted silent
  { row a.example Y 1 512 no Y '2**|000' 127.0.1.1 Y "$scripted_port" N 100:0 3 Y 1 0; row b.example Y 1 512 no Y '2**' 127.0.1.1 Y "$scripted_port" N 100:0 3 Y 0 0
    row c.example Y 1 512 no Y '2**' 127.0.1.1 Y "$scripted_port" N 100:0 3 Y 0 0; } >conf
  mkdir link
  cat >link/link.data.1700000000 <<END
b.example.|192.0.2.1|127.0.1.1|ip|0.031000|0.040000|0.139000|0.210000|2|2|80|work|HTTP|200|detect
END
  cmd 0 probe-ips --link-data link conf
  same "$(fields '[.domain, .way, .ok, .code, .source, (.total == .connect)]')" '["a.example.","TCP",true,"000","detect",true]
["b.example.","HTTP",true,"200","reuse",false]'
  same "$(jq -c 'select(.type == "target") | [.domain, .way, .detect]' <<<"$output")" '["a.example.","TCP",true]
["b.example.","none",true]
["c.example.","none",true]'
  # the new file holds all of them, the old one is older than a day and gone
  same "$(cut -d'|' -f1,8,12,13,15 link/link.data.* | sed '1s/|[0-9.]*|/|0|/')" 'a.example.|0|work|TCP|detect
b.example.|0.210000|work|HTTP|reuse
c.example.|0.000000|down|HTTP|nodetect'
  same "$(find link -type f | wc -l)" 1
}

@test "probe-ips: without detection there is a target and no probe" {
  cmd 0 probe-ips < <(row wild. N 1 512 no Y 200 127.0.1.1)
  same "$(jq -r .type <<<"$output")" 'target
round'
}

@test "probe-ips: the failure of a published address is made sure of in the same round (damping 8.1)" {
  start_scripted every-second
  # the first probe gets a 503, its repeat the answer
  printf '%-24s IN      A       127.0.1.%s\n' a.example. 1 b.example. 2 >anyhost
  printf 'a.example 127.0.1.1\nb.example 127.0.1.2|127.0.1.3\n' >conf
  CMD_LIMIT=40 cmd 0 probe-ips --port "$scripted_port" --installed anyhost conf
  same "$(fields '[.ip, .ok, .repeats]')" '["127.0.1.1",true,1]
["127.0.1.2",false,2]
["127.0.1.3",false,0]'
  cmd 1 probe-ips --port "$scripted_port" --installed missing <<<'b.example 127.0.1.2'
  same "$(fields .repeats)" 0
}

@test "probe-ips: a relay that takes no more connections" {
  start_scripted full
  kill -s STOP "$(cat scripted.pid)"
  # its queue is as short as can be, and each attempt leaves one connection in it
  wait_for 20 bash -c "! timeout 0.5 bash -c 'exec 3<>/dev/tcp/127.0.1.1/$scripted_port'"
  CMD_LIMIT=30 cmd 1 probe-ips -t 1 --port "$scripted_port" <<<'a.example 127.0.1.1'
  same "$(fields '[.error, .connect, .total, .detail]')" '["connect-timeout",null,null,"no connection after 1 s"]'
}

@test "probe-ips: TLS with the right server name, and the classes of its failures" {
  need nginx openssl
  relay_port=$(free_port)
  tls_port=$(free_port)
  mkdir relays
  head -c 100000 /dev/zero >relays/2M.dat
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=fake.com -keyout key.pem -out cert.pem 2>openssl.err
  start_relay 2 "} server { listen 127.0.0.2:$tls_port ssl default_server; ssl_reject_handshake on; } server { listen 127.0.0.2:$tls_port ssl;
    server_name fake.com; ssl_certificate $PWD/cert.pem; ssl_certificate_key $PWD/key.pem; location = /2M.dat { root $PWD/relays; }"
  probe-ips --port 443 --path /2M.dat <<<'fake.com 127.0.0.2
other.example 127.0.0.2
fake.com.invalid 127.0.0.3' | jq -c --argjson port "$tls_port" 'select(.type == "target") | .port = $port' >targets
  jq -c 'select(.domain == "fake.com.") | .domain = "port.example." | .request.host = "fake.com.:443"' targets >other-targets
  cmd 0 probe-ips targets other-targets
  same "$(fields '[.domain, .way, .ok, .error, .bytes]')" '["fake.com.","HTTPS",true,null,100000]
["fake.com.invalid.","HTTPS",false,"connect-refused",0]
["other.example.","HTTPS",false,"tls",0]
["port.example.","HTTPS",true,null,100000]'
}

@test "probe-ips: IPv6 in the short form" {
  "$NODE" -e 'require("node:net").createServer().listen(0, "::1").on("error", () => process.exit(1)).on("listening", function () { this.close() })' || skip 'needs ::1'
  port=$(free_port)
  background six "$NODE" -e "require('node:http').createServer((q, a) => a.end(q.headers.host)).listen($port, '::1')"
  wait_for 20 bash -c "exec 3<>/dev/tcp/::1/$port"
  cmd 0 probe-ips --port "$port" <<<'a.example ::1'
  same "$(fields '[.ip, .ok, .bytes]')" '["::1",true,9]'
}

@test "probe-ips: unless a control answers, the round is blind (damping 8.1)" {
  start_scripted good
  cmd 0 probe-ips --port "$scripted_port" --control 127.0.1.9:1 --control "127.0.1.1:$scripted_port" <<<'a.example 127.0.1.1'
  same "$(jq -c 'select(.type == "round") | [.blind, .blind_reason]' <<<"$output")" '[false,null]'
  cmd 0 probe-ips --port "$scripted_port" --control 127.0.1.9:1 <<<'a.example 127.0.1.1'
  same "$(jq -c 'select(.type == "round") | [.blind, .blind_reason]' <<<"$output")" '[true,"no control target is reachable"]'
}

@test "probe-ips: too many open files are this host's fault: local, and the round is blind" {
  start_scripted silent
  seq -f "a%g.example 127.0.1.1" 60 >conf
  cmd 1 bash -c "ulimit -n 36; exec probe-ips -t 2 --port $scripted_port conf"
  like "$(fields '[.error, .detail]' | uniq)" '"local","too many open files"'
  same "$(jq -c 'select(.type == "round") | [.units, .blind]' <<<"$output")" '[60,true]'
}

@test "probe-ips: the round's time limit tells what was not measured, and is blind when that is most of it" {
  start_scripted silent
  seq -f "a%g.example 127.0.1.1" 9 >conf
  cmd 1 probe-ips -t 9 -c 2 --limit 1 --port "$scripted_port" conf
  same "$(fields '[.error, .detail, .suspect]' | uniq -c | sed 's/^ *//')" \
    '7 ["local","the round ended before it was measured",true]
2 ["local","the round ended before the answer did",true]'
  like "$(tail -n 1 <<<"$output")" '"blind":true'
}

@test "probe-ips: a rate for all transfers together" {
  start_relays 2
  cmd 0 probe-ips -t 20 --rate 2M --host fake.com --path /2M.dat --port "$relay_port" <<<'fake.com 127.0.0.2|127.0.0.3'
  same "$(fields '[.ok, .bytes, .suspect]')" '[true,2097152,true]
[true,2097152,true]'
  cmd 0 jq -es 'last.seconds > 1.4' <<<"$output"
}

@test "probe-ips: a time limit that the rate limit made it run into is no fault of the relay" {
  start_relays 1
  cmd 1 probe-ips -t 0.5 --rate 1M --host fake.com --path /2M.dat --port "$relay_port" <<<'fake.com 127.0.0.2'
  same "$(fields '[.ok, .error, .detail, .suspect, .bytes > 0]')" \
    '[false,"local","held back by the rate limit, no end after 0.5 s",true,true]'
}

@test "probe-ips: killed half-way, it leaves no link.data file" {
  start_scripted silent
  mkdir link
  background probe probe-ips -t 20 --link-data link --port "$scripted_port" <<<'a.example 127.0.1.1'
  wait_for 20 grep -q GET scripted.out
  stop probe KILL
  same "$(ls -A link)" ''
  same "$(jq -r .type probe.out)" target # without a round record: cut short
}

@test "probe-ips: the starts are spread over half of the period" {
  start_scripted good
  seq -f "a%g.example 127.0.1.1" 20 >conf
  cmd 0 probe-ips --period 4 --port "$scripted_port" conf
  cmd 0 jq -es 'last.seconds > 1 and last.ok == 20' <<<"$output"
}

@test "probe-ips: bad lines are told with their place, the good ones measured; --strict measures nothing" {
  start_scripted good
  printf 'a.example 127.0.1.1\nb.example x\nc_d.example 127.0.1.1\n{"type":"note","text":"kept"}\n{"type":"target"}\na.example 127.0.1.1\n' >conf
  cmd 65 probe-ips --port "$scripted_port" conf
  like "$stderr" "probe-ips: warning: conf:2: not an IP address: 'x'"
  like "$stderr" 'probe-ips: warning: conf:5: field '
  like "$stderr" "probe-ips: warning: conf:6: host 'a.example.' is already at conf:1"
  same "$(wc -l <<<"$stderr")" 4
  same "$(jq -r .type <<<"$output" | sort | uniq -c | sed 's/^ *//')" '4 error
1 note
1 probe
1 round
1 target'
  cmd 65 probe-ips --strict --port "$scripted_port" conf
  same "$(jq -r .type <<<"$output" | sort -u)" error
  like "$stderr" 'probe-ips: fatal: 4 bad lines, nothing done \(--strict\)'
  cmd 65 probe-ips --check conf
  same "$(jq -r .type <<<"$output" | sort -u)" error
  like "$stderr" 'probe-ips: info: 1 domains, 1 addresses to measure$'
  cmd 0 probe-ips --check <<<'a.example 127.0.1.1|127.0.1.2'
  same "$stderr" 'probe-ips: info: 1 domains, 2 addresses to measure'
  same "$output" ''
}

@test "probe-ips: targets it wrote are targets it reads" {
  start_scripted good
  cmd 0 probe-ips --port "$scripted_port" <<<'a.example 127.0.1.1'
  jq -c 'select(.type == "target")' <<<"$output" >first
  cmd 0 probe-ips <first
  same "$(jq -c 'select(.type == "target") | del(.line)' <<<"$output")" "$(jq -c 'del(.line)' first)"
  same "$(fields .ok)" true
}

@test "probe-ips: nothing to read, nothing to do" {
  cmd 0 probe-ips </dev/null
  same "$(jq -c '[.type, .domains, .units, .blind]' <<<"$output")" '["round",0,0,false]'
  same "$stderr" ''
}

@test "probe-ips: no relay answered" {
  cmd 1 probe-ips --port "$(free_port)" <<<'a.example 127.0.1.1|127.0.1.2'
  same "$(fields .error | sort -u)" connect-refused
  same "$stderr" 'probe-ips: info: no relay answered'
}

@test "probe-ips: the target tells the time limit in force, for those who judge the answers" {
  cmd 1 probe-ips -t 0.5 --port "$(free_port)" <<<'a.example 127.0.1.1'
  same "$(jq -c 'select(.type == "target") | .timeout' <<<"$output")" 0.5
}

@test "probe-ips: a time limit beyond what a timer can take is no limit, and not none at all" {
  start_scripted good
  cmd 0 probe-ips --port "$scripted_port" < <(row a.example Y 1 1000 no GET:fake.com/x 2** 127.0.1.1 N 80 N 100:0 3 Y 1 1 2592000)
  same "$stderr" ''
  same "$(fields '[.ok, .error]')" '[true,null]'
}

@test "probe-ips: a reader that goes ends it quietly and at once" {
  start_scripted silent
  seq -f "a%g.example 127.0.1.9|127.0.1.1" 50 >conf
  cmd 0 bash -c "set -o pipefail; probe-ips -t 30 --port $scripted_port conf | head -n 1 >first"
  same "$stderr" ''
  same "$(wc -l <first)" 1
}

@test "probe-ips: wrong usage" {
  cmd 64 probe-ips --tiemout 3
  same "$stderr" 'probe-ips: usage: unknown option --tiemout (did you mean --timeout?)'
  cmd 64 probe-ips -t 0
  same "$stderr" "probe-ips: usage: option -t: '0' is not a time from 0.01 to 86400 seconds (units: ms s m h d)"
  cmd 64 probe-ips --control nowhere </dev/null
  same "$stderr" "probe-ips: usage: option --control: 'nowhere' is not HOST:PORT"
  cmd 64 probe-ips --path 2M.dat </dev/null
  same "$stderr" "probe-ips: usage: option --path: '2M.dat' is not a path from its slash, in printable ASCII"
  cmd 64 probe-ips --host 'a b' </dev/null
  same "$stderr" "probe-ips: usage: option --host: 'a b' is not a host"
  cmd 74 probe-ips missing.conf
  same "$stderr" "probe-ips: fatal: unable to open 'missing.conf': no such file or directory"
  cmd 74 probe-ips --link-data missing </dev/null
  same "$stderr" "probe-ips: fatal: unable to read 'missing': no such file or directory"
}

@test "probe-ips: on a terminal a table, the fastest first, and records with -j" {
  need script
  start_scripted good cut silent
  printf 'b.example 127.0.1.2|127.0.1.1\na.example 127.0.1.1\n' >conf
  cmd 0 script -qec "probe-ips -q --port $scripted_port conf" /dev/null
  same "$(tr -d "\r" <<<"$output" | awk "{ print \$1, \$2, \$3, \$4, \$5, \$10 }" | sed "s/ *$//")" 'DOMAIN IP KIND OK CODE ERROR
a.example. 127.0.1.1 ip yes 200
b.example. 127.0.1.1 ip yes 200
b.example. 127.0.1.2 ip no 200 short-body:'
  cmd 0 script -qec "probe-ips --port $scripted_port conf" /dev/null
  like "$output" '0/3 probed, 0 failed'
  echo 'c.example 127.0.1.1|127.0.1.2|127.0.1.3' >slow # what was drawn last is the state while the third one stalls
  cmd 0 script -qec "probe-ips -t 2 --port $scripted_port slow" /dev/null
  like "$output" '2/3 probed, 1 failed'
  cmd 0 script -qec "probe-ips -jq --port $scripted_port conf" /dev/null
  same "$(tr -d '\r' <<<"$output" | jq -r .type | sort -u)" 'probe
round
target'
}
