load helpers

setup() { clean_place; }
teardown() { stop_all; }

good='img.example.com N Y 2 0.8 0.5 2048 2 Y no GET:/2M.dat 200 192.0.2.1|192.0.2.2'
long='Y 8080 N 100:0 3 Y 1 5 2.5'

# told: what is on stderr, without the name of the command and the level
told() { printf '%s\n' "${stderr//probe-ips: warning: /}"; }

# records: the error records on stdout, as FILE:LINE: MESSAGE
records() { jq -r '"\(.file):\(.line): \(.message)"' <<<"$output"; }

@test "probe-ips --check: a good file is silent but for its summary" {
  printf '# a comment\n\n%s\r\n  api.example.com%s %s' "$good" "${good#img.example.com}" "$long" >domain.conf
  cmd 0 probe-ips --check domain.conf
  same "$output" ''
  same "$stderr" 'probe-ips: info: 2 domains, 4 addresses to measure'
  cmd 0 probe-ips --check -q domain.conf
  same "$output$stderr" ''
}

@test "probe-ips --check: an empty file, and empty standard input" {
  : >domain.conf
  cmd 0 probe-ips --check domain.conf
  same "$stderr" 'probe-ips: info: 0 domains, 0 addresses to measure'
  cmd 0 probe-ips --check </dev/null
  same "$stderr" 'probe-ips: info: 0 domains, 0 addresses to measure'
}

# row COLUMN TEXT: a good record of 22 columns with one of them replaced
row() {
  local -a columns
  read -ra columns <<<"a.example $good $long"
  columns=("${columns[@]:1}")
  columns[$1 - 1]=$2
  printf '%s\n' "${columns[*]}"
}

@test "probe-ips --check: every column that can be malformed is named with its line" {
  {
    row 1 a..b
    row 1 a_b.example
    row 4 x
    row 7 x
    row 8 x
    row 10 a..b
    row 11 PUT:/x
    row 12 20
    row 13 192.0.2.1:wild
    row 14 POST:/x
    row 15 http
    row 17 50:40
    row 18 x
    row 20 1.5
    row 21 5m
    row 22 0
  } >domain.conf
  cmd 65 probe-ips --check domain.conf
  same "$(told)" "domain.conf:1: column 1 (Host) is not a domain name: 'a..b'
domain.conf:2: column 1 (Host) is not a legal host name, named would refuse its addresses: 'a_b.example.'
domain.conf:3: column 4 (Times) is not a number: 'x'
domain.conf:4: column 7 (Len) is not a number: 'x'
domain.conf:5: column 8 (Good_Ip) is not a number: 'x'
domain.conf:6: column 10 (Backup) is no address, no 'yes' or 'no', and no name: 'a..b'
domain.conf:7: column 11 (Method) is none of Y, N, GET, HEAD and POST: 'PUT:/x'
domain.conf:8: column 12 (Code) is not a code like 200, 30* or 2**, separated by '|': '20'
domain.conf:9: column 13 (Ip) is not an IPv4 address: 'wild'
domain.conf:10: column 14 (Method2): POST needs a file: 'POST:/x'
domain.conf:11: column 15 (Port) is not a number: 'http'
domain.conf:12: column 17 (Weights) is not a pair C:R with C+R = 100: '50:40'
domain.conf:13: column 18 (Dns_Reuse) is not a number: 'x'
domain.conf:14: column 20 (Tcp_Interval) is not a whole number: '1.5'
domain.conf:15: column 21 (Http_Interval) is not a number: '5m'
domain.conf:16: column 22 (Timeout) is not above 0: '0'
probe-ips: info: 0 domains, 0 addresses to measure"
  same "$(records)" "$(told | head -n 16)"
}

@test "probe-ips --check: missing columns, all faults of one line, and what is only ignored" {
  local words
  for words in 14 15 16 17 18 20; do row 2 N | cut -d ' ' -f "1-$words"; done >domain.conf
  printf 'b.example N Y x y 0.5 x 1 Y no BREW 20 192.0.2.1\n' >>domain.conf
  printf 'c.example N Y 1 x 0.5 512 1 Y no|more Y 200 192.0.2.1|192.0.2.1|0.0.0.0\n' >>domain.conf
  cmd 65 probe-ips --check domain.conf
  same "$(told)" "domain.conf:1: has 14 columns: column 15 (Port) is missing
domain.conf:2: has 15 columns: column 16 (Use_Dns) is missing
domain.conf:3: has 16 columns: column 17 (Weights) is missing
domain.conf:4: has 17 columns: column 18 (Dns_Reuse) is missing
domain.conf:5: has 18 columns: column 19 (Sort) is missing
domain.conf:6: has 20 columns: column 21 (Http_Interval) is missing
domain.conf:7: column 4 (Times) is not a number: 'x'
domain.conf:7: column 5 (WarnTime) is not a number: 'y', taken as 0
domain.conf:7: column 7 (Len) is not a number: 'x'
domain.conf:7: column 11 (Method) is none of Y, N, GET, HEAD and POST: 'BREW'
domain.conf:7: column 12 (Code) is not a code like 200, 30* or 2**, separated by '|': '20'
domain.conf:8: column 5 (WarnTime) is not a number: 'x', taken as 0
domain.conf:8: column 10 (Backup): what follows 'no' is ignored
domain.conf:8: column 13 (Ip): '192.0.2.1' is repeated, dropped
domain.conf:8: column 13 (Ip): '0.0.0.0' is no usable address, dropped
probe-ips: info: 1 domains, 1 addresses to measure"
}

@test "probe-ips --check: warnings alone are no bad data" {
  printf 'a.example 192.0.2.1|192.0.2.1\n' >domain.conf
  cmd 0 probe-ips --check domain.conf
  same "$output" ''
  same "$(told)" "domain.conf:1: addresses: '192.0.2.1' is repeated, dropped
probe-ips: info: 1 domains, 1 addresses to measure"
}

@test "probe-ips --check: a host twice, in one file and over two, and on standard input" {
  printf '%s\n%s\n' "$good" "IMG.example.com. ${good#* }" >one.conf
  printf 'img.example.com 192.0.2.9\n' >two.conf
  cmd 65 probe-ips --check one.conf two.conf - <<<'Img.Example.com 192.0.2.9'
  same "$(told)" "one.conf:2: host 'IMG.example.com.' is already at one.conf:1
two.conf:1: host 'img.example.com.' is already at one.conf:1
line 1: host 'Img.Example.com.' is already at one.conf:1
probe-ips: info: 1 domains, 2 addresses to measure"
}

@test "probe-ips --check: lines that are too long, no text, or no records" {
  {
    printf 'a.example 192.0.2.1%8200s\n' '|'
    printf 'b.example\0 192.0.2.1\n'
    printf '\033[2Jc.example 192.0.2.1\n'
    printf '{"type":"target"\n'
    printf '{"type":"target","domain":"x."}\n'
  } >domain.conf
  cmd 65 probe-ips --check domain.conf
  same "$(told)" "domain.conf:1: the line is longer than 8191 bytes
domain.conf:2: the domain is not a legal host name: 'b.example?'
domain.conf:3: the domain is not a legal host name: '?[2Jc.example'
domain.conf:4: not JSON
domain.conf:5: field 'file' is missing
probe-ips: info: 0 domains, 0 addresses to measure"
}

@test "probe-ips --check --strict: says all, and that nothing is done" {
  printf 'a.example x\nb.example 192.0.2.1\n' >domain.conf
  cmd 65 probe-ips --check --strict domain.conf
  same "$stderr" "probe-ips: warning: domain.conf:1: not an IP address: 'x'
probe-ips: fatal: 1 bad line, nothing done (--strict)"
  { row 4 x && printf 'a.example x|y\n'; } >domain.conf
  cmd 65 probe-ips --check --strict domain.conf
  same "$(told | tail -n 1)" 'probe-ips: fatal: 2 bad lines, nothing done (--strict)'
}

@test "probe-ips --check: a missing file, and a reader that goes away" {
  cmd 74 probe-ips --check missing.conf
  same "$stderr" "probe-ips: fatal: unable to open 'missing.conf': no such file or directory"
  row 4 x >domain.conf
  cmd 0 bash -c '{ probe-ips --check domain.conf; echo "$?" >status; } | true'
  wait_for 10 test -s status
  like "$(cat status)" '^(0|65)$'
  same "$(told | head -n 1)" "domain.conf:1: column 4 (Times) is not a number: 'x'"
}

@test "probe-ips --check: nothing is probed" {
  cat >listen.cjs <<'JS'
const { appendFileSync, writeFileSync } = require('node:fs')
const server = require('node:net').createServer(socket => {
  appendFileSync('connections', '1\n')
  socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
})
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)))
JS
  background listen "$NODE" listen.cjs
  wait_for 10 test -s port
  printf 'a.example 127.0.0.1\n' >domain.conf
  cmd 0 probe-ips --check --port "$(cat port)" domain.conf
  [ ! -e connections ]
  cmd 0 probe-ips --port "$(cat port)" domain.conf
  same "$(cat connections)" 1
  stop listen
}

@test "probe-ips --check: the other files are read too, each fault with its own file" {
  printf '%s %s\n' "$good" "$long" >domain.conf
  printf 'img.example.com origin.example 192.0.2.7 0\nimg.example.com 192.0.2.7 0\n' >origin
  printf 'img.example.com http://x/y 192.0.2.7\nother.example x.example/y 192.0.2.7\n' >auth
  printf 'result = on;\nheader = "img.example.com" "X Y" "1";\n' >headers
  cmd 65 probe-ips --check --origin-ip origin --auth auth --headers headers domain.conf
  same "$(told)" "origin:2: has fewer than 4 fields (host origin-name ip[:ip...] failures)
auth:1: field 2 (url) does not begin with a host (no scheme): 'http://x/y'
auth:2: domain 'other.example' is not configured, ignored
headers:2: header has no legal name: 'X Y'
probe-ips: info: 1 domains, 2 addresses to measure"
  cmd 74 probe-ips --check --auth missing domain.conf
  same "$stderr" "probe-ips: fatal: unable to open 'missing': no such file or directory"
}

@test "probe-ips: --compat 3.3 sends the host with its final dot (formats 2.4)" {
  printf 'a.example N Y 1 3 3 512 1 Y no GET:/x 200 127.0.0.1\n' >domain.conf
  local port
  port=$(free_port)
  cmd 1 probe-ips --port "$port" domain.conf
  same "$(jq -r 'select(.type == "target").request.host' <<<"$output")" a.example
  cmd 1 probe-ips --compat 3.3 --port "$port" domain.conf
  same "$(jq -r 'select(.type == "target").request.host' <<<"$output")" a.example.
  cmd 64 probe-ips --compat 2.0 domain.conf
  like "$stderr" "^probe-ips: usage: .*'2.0' is not 3.3"
}
