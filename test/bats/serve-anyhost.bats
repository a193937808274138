load helpers
load zone-file

setup() {
  clean_place
  zone 100 wild.=192.0.2.10 img.example.com.=192.0.2.21 >anyhost
}
teardown() { stop_all; }

# ask [CURL-ARG...]: the answer's head in $head (no CR), its body in ./body
ask() {
  cmd curl -sS --max-time 10 -D head.txt -o body "$@"
  head=$(tr -d '\r' <head.txt)
}

# field NAME: a header of the last answer
field() { sed -n "s/^$1: //Ip" <<<"$head"; }

status_is() { same "${head%%$'\n'*}" "HTTP/1.1 $1"; }

@test "serve-anyhost: the file at any path, with its length and a strong tag of its content" {
  serving one anyhost
  local path
  for path in '' anyhost any/path?query; do
    ask "$url$path"
    status_is '200 OK'
    cmd cmp anyhost body
    same "$(field Content-Length)" "$(stat -c %s anyhost)"
    same "$(field ETag)" "\"$(sha256sum <anyhost | cut -d' ' -f1)\""
    same "$(field Last-Modified)" "$(date -ur anyhost '+%a, %d %b %Y %H:%M:%S GMT')"
    same "$(field Vary)" Accept-Encoding
  done
  ask -I "$url"
  status_is '200 OK'
  same "$(field Content-Length)" "$(stat -c %s anyhost)"
  same "$(stat -c %s body)" "$(wc -c <head.txt)" # curl -I writes the head there, and nothing follows it
}

@test "serve-anyhost: 304 for If-None-Match (a list, weak, *) and If-Modified-Since, as RFC 9110 has it" {
  serving one anyhost
  ask "$url"
  local tag modified condition
  tag=$(field ETag) modified=$(field Last-Modified)
  for condition in "If-None-Match: $tag" "If-None-Match: W/$tag" "If-None-Match: \"x\", $tag" 'If-None-Match: *' \
    "If-Modified-Since: $modified" "If-Modified-Since: $(date -u -d tomorrow '+%a, %d %b %Y %H:%M:%S GMT')"; do
    ask -H "$condition" "$url"
    status_is '304 Not Modified'
    same "$(field ETag)" "$tag"
    same "$(field Content-Length)" ''
  done
  for condition in 'If-None-Match: "x"' "If-None-Match: ${tag//\"/}" 'If-Modified-Since: yesterday' \
    'If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT'; do
    ask -H "$condition" "$url"
    status_is '200 OK'
  done
  ask -H 'If-None-Match: "x"' -H "If-Modified-Since: $modified" "$url" # the tag alone decides
  status_is '200 OK'
}

@test "serve-anyhost: gzip where it is accepted, with a tag of its own" {
  serving one anyhost
  local accept
  for accept in gzip 'deflate, gzip;q=0.5' '*' 'GZIP'; do
    ask -H "Accept-Encoding: $accept" "$url"
    same "$(field Content-Encoding)" gzip
    same "$(field Content-Length)" "$(stat -c %s body)"
    gunzip <body | cmp - anyhost
  done
  local tag
  tag=$(field ETag)
  for accept in identity 'gzip;q=0' '*;q=0' 'gzip;q=0, *' ''; do
    ask -H "Accept-Encoding: $accept" "$url"
    same "$(field Content-Encoding)" ''
    cmd cmp anyhost body
  done
  [ "$(field ETag)" != "$tag" ]
  ask -H 'Accept-Encoding: gzip' -H "If-None-Match: $tag" "$url"
  status_is '304 Not Modified'
  ask -H "If-None-Match: $tag" "$url"
  status_is '200 OK'
}

@test "serve-anyhost: other methods are 405 with Allow" {
  serving one anyhost
  local method
  for method in POST PUT DELETE OPTIONS; do
    ask -X "$method" -d x "$url"
    status_is '405 Method Not Allowed'
    same "$(field Allow)" 'GET, HEAD'
  done
}

@test "serve-anyhost: /status, /healthz and /metrics" {
  REASON=failure zone 100 wild.=192.0.2.10 img.example.com.=192.0.2.21 >anyhost
  serving one anyhost
  ask "$url"
  ask -X POST "$url"
  ask "${url}healthz"
  same "$(<body)" ok
  ask "${url}status"
  same "$(field Content-Type)" application/json
  cmd jq -e '.file == "anyhost" and .healthy and .serial == 100 and .domains == 2 and .records == 2 and .age >= 0
    and .reason == "failure" and .requests == 3 and .problem == null' body
  same "$(jq -r .last_modified body)" "$(date -ur anyhost '+%Y-%m-%dT%H:%M:%S.000Z')"
  ask "${url}metrics"
  like "$(field Content-Type)" '^text/plain; version=0\.0\.4'
  local metrics
  metrics=$(<body)
  cmd grep -Fx 'anyhost_http_requests_total{code="200"} 3' body
  cmd grep -Fx 'anyhost_http_requests_total{code="405"} 1' body
  like "$metrics" $'\nanyhost_serial 100\n'
  like "$metrics" '^# HELP anyhost_healthy .*'$'\n''# TYPE anyhost_healthy gauge'$'\nanyhost_healthy 1\n'
  # each sample has its HELP and its TYPE before it, and its type fits its name
  cmd awk '/^# HELP/ { help[$3] = NF > 3 } /^# TYPE/ { type[$3] = $4 }
    !/^#/ { name = $1; sub(/\{.*/, "", name); if (!help[name] || type[name] != (name ~ /_total$/ ? "counter" : "gauge")) exit 1 }' body
}

@test "serve-anyhost: /healthz takes a file whose answers have stayed the same for days" {
  touch -d '9 days ago' anyhost
  serving one anyhost
  ask "${url}healthz"
  status_is '200 OK'
}

@test "serve-anyhost: /healthz says why not: too old, gone, torn" {
  cp anyhost good
  touch -d '2 hours ago' anyhost
  serving one --max-age 1h anyhost
  ask "${url}healthz"
  status_is '503 Service Unavailable'
  like "$(<body)" '^unchanged for 72[0-9][0-9] seconds, more than 3600$'
  touch anyhost
  wait_for 10 curl -fsS "${url}healthz"
  mv anyhost kept
  wait_for 10 grep -q "warning: 'anyhost': no such file or directory; still serving serial 100" one.err
  ask "${url}healthz"
  status_is '503 Service Unavailable'
  same "$(<body)" 'no such file or directory'
  ask "$url"
  cmd cmp kept body
  ask "${url}status"
  cmd jq -e '.healthy == false and .problem == "no such file or directory" and .serial == 100' body
  mv kept anyhost
  wait_for 10 grep -q "info: 'anyhost' is valid again" one.err
  head -c 300 anyhost >torn && cat torn >anyhost
  wait_for 10 sh -c "tail -1 one.err | grep -q 'warning: .anyhost.: line .*; still serving serial 100'"
  ask "$url"
  cmd cmp good body
}

@test "serve-anyhost: 503 with Retry-After until the file appears" {
  mv anyhost kept
  serving one anyhost
  same "$(head -1 one.err)" "serve-anyhost: warning: 'anyhost': no such file or directory; nothing to serve"
  ask "$url"
  status_is '503 Service Unavailable'
  same "$(field Retry-After)" 5
  ask "${url}status"
  cmd jq -e '.serial == null and .healthy == false' body
  mv kept anyhost
  wait_for 10 curl -fsS "$url"
  ask "$url"
  cmd cmp anyhost body
}

@test "serve-anyhost: a new version is served, through a symbolic link too" {
  mkdir real && mv anyhost real && ln -s real/anyhost anyhost
  serving one anyhost
  ask "$url"
  local tag
  tag=$(field ETag)
  zone 101 wild.=192.0.2.10 img.example.com.=192.0.2.22 >real/next && mv real/next real/anyhost
  wait_for 10 grep -q 'serving .anyhost., serial 101, 2 domains' one.err
  ask -H "If-None-Match: $tag" "$url"
  status_is '200 OK'
  cmd cmp real/anyhost body
}

@test "serve-anyhost: a file rewritten in place 200 times is never served half-written" {
  many 100 300 >anyhost
  serving one anyhost
  cat >writer.js <<'EOF'
const fs = require('node:fs')
const { execFileSync } = require('node:child_process')
const versions = process.argv.slice(2).map(name => fs.readFileSync(name))
let left = 200
function rewrite() {
  const bytes = versions[left % versions.length]
  const fd = fs.openSync('anyhost', 'w')
  let at = 0
  const step = () => {
    at += fs.writeSync(fd, bytes, at, Math.min(5000, bytes.length - at))
    if (at < bytes.length) return setTimeout(step, 1)
    fs.closeSync(fd)
    if (--left > 0) setTimeout(rewrite, left % 20 === 0 ? 300 : 1)
  }
  step()
}
rewrite()
EOF
  many 101 300 alpha >a
  many 102 250 beta >b
  cp anyhost c
  background writer "$NODE" writer.js a b c
  local hashes seen=0
  hashes=$(sha256sum a b c | cut -d' ' -f1)
  while kill -0 "$(<writer.pid)" 2>/dev/null; do
    curl -sS --max-time 10 -o body "$url"
    like "$hashes" "$(sha256sum <body | cut -d' ' -f1)"
    seen=$((seen + 1))
  done
  [ "$seen" -gt 20 ]
  wait_for 10 sh -c "curl -sS '$url' | cmp - anyhost"
}

@test "serve-anyhost: a file truncated in place, or replaced by what is no zone, is not served" {
  serving one anyhost
  cp anyhost good
  # broken DEED PROBLEM: after DEED the problem is seen, and the last good version is still served
  broken() {
    sh -c "$1"
    wait_for 10 sh -c "curl -sS '${url}status' | jq -e --arg problem '$2' '.problem // \"\" | test(\$problem)'"
    ask "$url"
    cmd cmp good body
  }
  broken ':>anyhost' '^the file is empty$'
  broken 'head -c 300 good >anyhost' '^line [0-9]+: '
  broken 'head -n -1 good >anyhost' '^there is no end marker'
  broken 'sed s/192.0.2.21/192.0.2.66/ good >anyhost' '^the checksum of the end marker'
  broken 'echo "<html>error</html>" >anyhost' '^line 1: '
  broken 'rm anyhost; mkdir anyhost' '^not a regular file$'
  broken 'rmdir anyhost; mkfifo anyhost; sleep 1.1' '^not a regular file$'
}

@test "serve-anyhost: --compat 3.3 serves the legacy prober's files, which have no end marker" {
  legacy_zone 100 wild.=192.0.2.10 img.example.com.=192.0.2.21 >anyhost
  serving new anyhost
  same "$(head -1 new.err)" "serve-anyhost: warning: 'anyhost': there is no end marker: the file was cut short, or an older program wrote it; nothing to serve"
  serving old --compat 3.3 anyhost
  wait_for 10 curl -fsS "$url"
  ask "$url"
  cmd cmp anyhost body
}

@test "serve-anyhost: a connection that sends its head too slowly is cut" {
  serving one -t 0.5 anyhost
  cat >slow.js <<'EOF'
const net = require('node:net')
const [, , port, text] = process.argv
const socket = net.connect(Number(port), '127.0.0.1')
let answer = ''
let i = 0
const timer = setInterval(() => socket.write(text[i++ % text.length]), 50)
socket.on('data', chunk => { answer += chunk })
socket.on('error', () => {})
socket.on('close', () => { clearInterval(timer); console.log(answer.split('\r\n')[0] || 'cut') })
EOF
  local port=${url##*:}
  cmd "$NODE" slow.js "${port%/}" "GET /$(head -c 200 /dev/zero | tr '\0' x)"
  same "$output" 'HTTP/1.1 408 Request Timeout'
  cmd jq -s -e 'any(.[]; .status == 408 and .method == null and .path == null)' one.out
  cmd "$NODE" -e 'const s = require("node:net").connect(+process.argv[1], "127.0.0.1"); s.resume(); s.on("close", () => console.log("cut"))' "${port%/}"
  same "$output" cut
  ask "$url"
  status_is '200 OK'
}

@test "serve-anyhost: too long a head is 431, and what is not HTTP is 400" {
  serving one anyhost
  ask -H "X: $(head -c 9000 /dev/zero | tr '\0' x)" "$url"
  status_is '431 Request Header Fields Too Large'
  local port=${url##*:}
  cmd timeout 10 bash -c 'exec 7<>/dev/tcp/127.0.0.1/'"${port%/}"'; printf "hello\r\n\r\n" >&7; head -1 <&7'
  same "${output%$'\r'}" 'HTTP/1.1 400 Bad Request'
}

@test "serve-anyhost: connections beyond -m are refused, and there is room again when they go" {
  serving one -m 2 -t 10 anyhost
  local port=${url##*:}
  port=${port%/}
  exec 7<>"/dev/tcp/127.0.0.1/$port" 8<>"/dev/tcp/127.0.0.1/$port"
  wait_for 10 sh -c "! curl -sS --max-time 5 '$url'"
  exec 7>&- 8>&-
  wait_for 10 curl -fsS "$url"
  ask "${url}metrics"
  like "$(<body)" $'\nanyhost_connections_refused_total [1-9]'
}

@test "serve-anyhost: the access log, and -q without it" {
  serving one anyhost
  ask "$url?x=1"
  ask -I "$url"
  stop one
  same "$(jq -rc '[.type, .client, .method, .path, .status, .bytes, .complete]' one.out)" \
    "$(printf '%s\n' "[\"request\",\"127.0.0.1\",\"GET\",\"/?x=1\",200,$(stat -c %s anyhost),true]" '["request","127.0.0.1","HEAD","/",200,0,true]')"
  cmd jq -es 'all(.[]; .seconds >= 0 and (.time | test("^....-..-..T..:..:..\\....Z$")))' one.out
  serving two -q anyhost
  ask "$url"
  stop two
  same "$(<two.out)" ''
}

@test "serve-anyhost: a log reader that has stopped, or gone, does not stop the serving; TERM ends it all the same" {
  mkfifo log
  sh -c 'exec sleep 60' <log 3>&- &
  printf '%s\n' "$!" >reader.pid
  serve-anyhost -l 127.0.0.1:0 anyhost >log 2>one.err 3>&- &
  printf '%s\n' "$!" >one.pid
  wait_for 10 grep -q 'listening on' one.err
  url=http://$(sed -n 's/.*listening on //p' one.err)/
  cat >many.js <<'EOF'
const http = require('node:http')
const agent = new http.Agent({ keepAlive: true, maxSockets: 20 })
let left = 12000
let done = 0
const path = '/' + 'x'.repeat(200)
const ask = () => left-- > 0 && http.get(process.argv[2] + path, { agent, headers: { 'If-Modified-Since': 'Fri, 01 Jan 2100 00:00:00 GMT' } }, answer => {
  answer.resume().on('end', () => { done++; ask() })
})
for (let i = 0; i < 20; i++) ask()
process.on('exit', () => console.log(done))
EOF
  CMD_LIMIT=60 cmd "$NODE" many.js "$url"
  same "$output" 12000
  ask "${url}metrics"
  like "$(<body)" $'\nanyhost_log_records_dropped_total [1-9]'
  stop one
  same "$stopped" 0

  serve-anyhost -l 127.0.0.1:0 anyhost > >(head -0) 2>two.err 3>&- &
  printf '%s\n' "$!" >two.pid
  wait_for 10 grep -q 'listening on' two.err
  url=http://$(sed -n 's/.*listening on //p' two.err)/
  ask "$url"
  ask "$url"
  status_is '200 OK'
  stop two
  same "$stopped" 0
}

@test "serve-anyhost: TERM lets the answers under way end, takes no new ones, exits 0" {
  yes '; a comment that makes the file as long as a socket cannot hold, so that it takes its time' | head -150000 >noise
  sealed 2 "$(legacy_zone 100 wild.=192.0.2.10 img.example.com.=192.0.2.21; cat noise)" >anyhost
  serving one anyhost
  background slow curl -sS --limit-rate 8M -o slow.body "$url"
  wait_for 10 test -s slow.body
  kill -s TERM "$(<one.pid)"
  wait_for 10 sh -c "! curl -sS --max-time 5 -o new.body '$url'"
  stopped=0
  wait "$(<slow.pid)" || stopped=$?
  same "$stopped" 0
  cmd cmp anyhost slow.body
  stop one
  same "$stopped" 0
}

@test "serve-anyhost: INT ends it with 0 too, and an idle keep-alive connection does not hold it" {
  serving one anyhost
  local port=${url##*:}
  exec 7<>"/dev/tcp/127.0.0.1/${port%/}"
  printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' >&7
  wait_for 10 grep -q request one.out
  local from=$SECONDS
  stop one INT
  exec 7>&-
  same "$stopped" 0
  [ $((SECONDS - from)) -lt 8 ]
}

@test "serve-anyhost: a port in use is 74" {
  serving one anyhost
  local place=${url#http://}
  place=${place%/}
  cmd 74 serve-anyhost -l "$place" anyhost
  same "${stderr##*$'\n'}" "serve-anyhost: fatal: unable to listen on $place: address already in use"
  same "$(jq -r '.type + " " + .level + " " + .message' <<<"$output")" \
    "error fatal unable to listen on $place: address already in use"
}

@test "serve-anyhost: an address that is not ours is 74; all addresses are the default" {
  cmd 74 serve-anyhost -l 192.0.2.1:0 anyhost
  same "${stderr##*$'\n'}" 'serve-anyhost: fatal: unable to listen on 192.0.2.1:0: no such address on this host'
  background all serve-anyhost -l :0 anyhost
  wait_for 10 grep -q 'listening on :' all.err
  ask "http://127.0.0.2:$(sed -n 's/.*listening on ://p' all.err)/"
  status_is '200 OK'
}

@test "serve-anyhost: --ready-fd tells once it listens, and a reader that has gone is no fault" {
  mkfifo ready
  background server bash -c 'exec serve-anyhost -l 127.0.0.1:0 --ready-fd 7 anyhost 7>ready'
  cmd cat ready
  like "$(cat server.err)" 'listening on'
  stop server
  same "$stopped" 0
  background server bash -c 'exec serve-anyhost -l 127.0.0.1:0 --ready-fd 7 anyhost 7> >(:)'
  wait_for 10 grep -q 'listening on' server.err
  stop server
  same "$stopped" 0
}

@test "serve-anyhost: wrong usage" {
  cmd 64 serve-anyhost
  same "$stderr" 'serve-anyhost: usage: FILE is missing'
  cmd 64 serve-anyhost a b
  same "$stderr" "serve-anyhost: usage: 'b': too many operands"
  cmd 64 serve-anyhost --lisen :1 a
  same "$stderr" 'serve-anyhost: usage: unknown option --lisen (did you mean --listen?)'
  local text
  for text in x 70000 a:b: ::1:80; do
    cmd 64 serve-anyhost -l "$text" a
    same "$stderr" "serve-anyhost: usage: option -l: '$text' is not an address and a port, ADDR:PORT"
  done
  cmd 64 serve-anyhost -m 0 a
  same "$stderr" "serve-anyhost: usage: option -m: '0' is not a whole number from 1 to 100000"
  cmd 64 serve-anyhost --compat 2 a
  same "$stderr" "serve-anyhost: usage: option --compat: '2' is not 3.3, the one version that is known"
}
