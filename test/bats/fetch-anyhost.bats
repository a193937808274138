load helpers
load zone-file

setup() {
  clean_place
  zone 100 wild.=192.0.2.10 img.example.com.=192.0.2.21 >served
}
teardown() { stop_all; }

# bad FAULT [FILE]: a server of ours that does so; its URL in $url
bad() {
  background "$1" "$NODE" "$REPO/test/servers/bad-http.ts" "$@"
  wait_for 10 test -s "$1.out"
  url=http://127.0.0.1:$(<"$1.out")/
}

# refused MESSAGE: the server at $url is refused so, and the installed file stays
refused() {
  cmd 69 fetch-anyhost -t 2 --state fresh.fetch -o anyhost "$url"
  rm -f fresh.fetch
  same "$stderr" "fetch-anyhost: warning: $url: $1
fetch-anyhost: fatal: no server gave a valid file, 'anyhost' is kept"
  cmd jq -e '.type == "fetch" and .server == null and .changed == false and .current == false and .serial == 100' <<<"$output"
  cmd cmp anyhost before
}

# installed: the file ./served is installed, kept as ./before too
installed() {
  cp served anyhost
  cp anyhost before
}

# offer: the file ./offered is served, by `good`
offer() {
  [ ! -e good.pid ] || stop good
  rm -f good.out
  bad good offered
}

# offers RECORD...: a zone of these is offered, with serial 200 (or $SERIAL)
offers() {
  zone "${SERIAL:-200}" "$@" >offered
  offer
}

@test "fetch-anyhost: installs the file, then changes nothing, then installs the next version and keeps the one before" {
  serving one served
  cmd fetch-anyhost -o anyhost "$url"
  same "$stderr" ''
  cmd cmp served anyhost
  cmd jq -e --arg url "$url" --arg file "$PWD/anyhost" '.type == "fetch" and .file == $file and .server == $url and .serial == 100
    and .domains == 2 and .records == 2 and .changed and .current and .bytes > 0 and .seconds >= 0 and .previous == null' <<<"$output"
  local before state
  before=$(stat -c '%i %y' anyhost) state=$(stat -c '%i %y' anyhost.fetch)
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e '.changed == false and .current and .bytes == 0 and .serial == 100 and .domains == 2' <<<"$output"
  same "$(stat -c '%i %y' anyhost)" "$before"
  same "$(stat -c '%i %y' anyhost.fetch)" "$state"
  same "$(jq -r .status one.out | tail -1)" 304
  zone 101 wild.=192.0.2.10 img.example.com.=192.0.2.22 >next && touch -d '2 hours ago' next && mv next served
  wait_for 10 grep -q 'serial 101' one.err
  touch marker
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e --arg previous "$PWD/anyhost.100" '.changed and .serial == 101 and .previous == $previous' <<<"$output"
  cmd cmp served anyhost
  [ ! anyhost -ot marker ] # a fresh mtime, or named would skip it
  cmd grep -q 192.0.2.21 anyhost.100
}

@test "fetch-anyhost: a file put there by hand while no server answered is not taken for the server's" {
  serving one served
  cmd fetch-anyhost -o anyhost "$url"
  zone 99 wild.=192.0.2.10 img.example.com.=192.0.2.99 >anyhost
  kill -s STOP "$(cat one.pid)"
  cmd 69 fetch-anyhost -q -t 0.3 -o anyhost "$url"
  kill -s CONT "$(cat one.pid)"
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e '.changed and .serial == 100' <<<"$output"
  cmd cmp served anyhost
}

@test "fetch-anyhost: a file that answers the same is not installed, whatever its times and serial" {
  installed
  SERIAL=200 offers img.example.com.=192.0.2.21 wild.=192.0.2.10
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e '.changed == false and .current and .serial == 100 and .bytes > 0' <<<"$output"
  cmd cmp anyhost before
}

@test "fetch-anyhost: --keep bounds the versions; the owner's mode and a symbolic link stay" {
  mkdir real && cp served real/anyhost && chmod 640 real/anyhost && ln -s real/anyhost anyhost
  local serial
  for serial in 101 102 103 104; do
    SERIAL=$serial offers wild.=192.0.2.10 "img.example.com.=192.0.2.$serial"
    cmd fetch-anyhost --keep 2 --state state -o anyhost "$url"
    cmd jq -e --arg file "$PWD/real/anyhost" '.changed and .file == $file' <<<"$output"
  done
  [ -L anyhost ]
  same "$(stat -c %a real/anyhost)" 640
  same "$(cd real && echo *)" 'anyhost anyhost.102 anyhost.103'
  SERIAL=105 offers wild.=192.0.2.10 img.example.com.=192.0.2.105
  cmd fetch-anyhost --keep 0 --state state -o anyhost "$url"
  cmd jq -e '.previous == null' <<<"$output"
  same "$(cd real && echo *)" anyhost
}

@test "fetch-anyhost: servers that fail: the file stays, each is named with its reason (69)" {
  installed
  url=http://127.0.0.1:$(free_port)/
  refused 'connection refused'
  bad error && refused 'the answer has status 500, not 200'
  bad redirect && refused "the answer has status 302, a redirect to 'http://192.0.2.1/', not 200"
  bad not-modified && refused 'the answer has status 304, not 200'
  bad hangup && refused 'the connection was closed without an answer'
  bad no-http && like "$(refused x || :)" 'the answer is not HTTP: '
  bad stall && refused 'no whole answer within 2 seconds'
  bad trickle served && refused 'no whole answer within 2 seconds'
  bad trickle-head && refused 'no whole answer within 2 seconds'
}

@test "fetch-anyhost: downloads that are not whole: truncated, a wrong length, HTML with 200, damaged gzip" {
  installed
  local size
  size=$(stat -c %s served)
  bad truncated served && refused "the connection was closed after $((size / 2)) bytes of $size"
  bad long-length served && refused "the connection was closed after $size bytes of $((size + 1))"
  bad short-length served && like "$(refused x || :)" 'warning: .*: (line [0-9]+: |the answer is not HTTP: .*Data after)'
  bad html && refused "line 1: the second field is not IN"
  bad bad-gzip && like "$(refused x || :)" 'the gzip content is damaged: '
  bad cut-gzip served && refused 'the gzip content is damaged: unexpected end of file'
  bad brotli && refused "the Content-Encoding 'br' was not asked for"
}

@test "fetch-anyhost: answers without end are cut at --limit, compressed ones too" {
  installed
  bad endless && refused 'the answer is larger than 67108864 bytes'
  bad huge && refused 'the answer is larger than 67108864 bytes'
  bad bomb && refused 'the answer is larger than 67108864 bytes'
  bad endless-head && like "$(refused x || :)" 'the answer is not HTTP: '
  bad good served
  cmd 69 fetch-anyhost --limit 100 -o anyhost "$url"
  like "$stderr" 'the answer is larger than 100 bytes'
}

@test "fetch-anyhost: a file that is whole is refused for what stands in it (formats 14, 8.3)" {
  installed
  offers img.example.com.=192.0.2.21 api.example.com.=192.0.2.22 && refused "'wild.' has no active address"
  offers wild.=192.0.2.10 && refused "there is no domain besides 'wild.'"
  offers wild.=192.0.2.10 img_1.example.com.=192.0.2.21 && refused "'img_1.example.com.' is no legal host name"
  offers wild.=192.0.2.10 img.example.com.=255.255.255.255 &&
    refused "'img.example.com.' 255.255.255.255 is no usable unicast address"
  offers wild.=192.0.2.10 img.example.com.=0.0.0.0 && refused "'img.example.com.' 0.0.0.0 is no usable unicast address"
  local i many=()
  for i in {1..101}; do many+=("img.example.com.=192.0.2.$i"); done
  sealed 102 "$(legacy_zone 200 wild.=192.0.2.10 "${many[@]}")" | sed 's/domains=102/domains=2/' >offered
  offer && refused "'img.example.com.' has 101 active A records, more than 100"
  sealed 3 "$(legacy_zone 200 wild.=192.0.2.10 img.example.com.=192.0.2.21; echo 'img.example.com. IN CNAME wild.')" |
    sed 's/domains=3/domains=2/' >offered
  offer && refused "'img.example.com.' has a CNAME and an address"
  zone 200 wild.=192.0.2.10 img.example.com.=192.0.2.66 | sed 's/2[.]66/2.67/' >offered
  offer && refused 'the checksum of the end marker is not that of the file'
  legacy_zone 200 wild.=192.0.2.10 img.example.com.=192.0.2.66 >offered
  offer
  refused 'there is no end marker: the file was cut short, or an older program wrote it'
}

@test "fetch-anyhost: more than 5 % of the domains gone is refused, unless --force (formats 14)" {
  many 100 99 >served
  installed
  many 200 95 >offered
  bad good offered
  cmd fetch-anyhost --state s1 -o anyhost "$url"
  many 201 85 >offered
  installed
  offer
  refused 'it has 86 domains, the installed file 100: more than 5 % are gone (--force takes it)'
  cmd fetch-anyhost --force -o anyhost "$url"
  cmd cmp anyhost offered
}

@test "fetch-anyhost: more than 30 % of the domains changed is refused, unless forced or a failure (formats 14)" {
  many 100 19 >served
  installed
  many 200 19 | sed '14,20s/192.0.2/203.0.113/' | sed '$d' >body # seven of twenty
  local reason
  for reason in voluntary edited first; do
    REASON=$reason sealed 20 "$(<body)" >offered
    offer
    refused "7 of 20 domains differ with the reason '$reason', more than 30 %: wild. host1.example.com. host2.example.com. host3.example.com. host4.example.com. and 2 more (--force takes it)"
  done
  cmd fetch-anyhost --force -o anyhost "$url"
  cmd cmp anyhost offered
  for reason in failure forced; do
    installed
    REASON=$reason sealed 20 "$(<body)" >offered
    offer
    cmd fetch-anyhost --state s.$reason -o anyhost "$url"
    cmd cmp anyhost offered
  done
}

@test "fetch-anyhost: a cache that missed the version with the mass change takes the later ones" {
  many 100 19 >served
  installed
  many 200 19 | sed '14,20s/192.0.2/203.0.113/' | sed '$d' >body # seven of twenty
  local mass
  for mass in '' 100 201; do
    MASS=$mass sealed 20 "$(<body)" >offered
    offer
    cmd 69 fetch-anyhost -o anyhost "$url"
    like "$stderr" "7 of 20 domains differ with the reason 'voluntary', more than 30 %"
    cmd cmp anyhost before
  done
  MASS=150 sealed 20 "$(<body)" >offered
  offer
  cmd fetch-anyhost -o anyhost "$url"
  same "$stderr" ''
  cmd cmp anyhost offered
}

@test "fetch-anyhost: the serial must be newer (RFC 1982), unless --force" {
  installed
  SERIAL=99 offers wild.=192.0.2.10 img.example.com.=192.0.2.22
  refused 'its serial 99 is not newer than 100, the installed one'
  SERIAL=100 offers wild.=192.0.2.10 img.example.com.=192.0.2.22
  refused 'its serial 100 is not newer than 100, the installed one'
  cmd fetch-anyhost --force -o anyhost "$url"
  zone 4294967290 wild.=192.0.2.10 img.example.com.=192.0.2.21 >anyhost
  SERIAL=5 offers wild.=192.0.2.10 img.example.com.=192.0.2.22
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e '.changed and .serial == 5' <<<"$output"
}

@test "fetch-anyhost: --compat 3.3 takes legacy files, with a Content-Length" {
  legacy_zone 200 wild.=192.0.2.10 img.example.com.=192.0.2.21 >old
  bad good old
  cmd fetch-anyhost --compat 3.3 -o anyhost "$url"
  cmd cmp anyhost old
  bad no-length old
  cmd 69 fetch-anyhost --compat 3.3 -o other "$url"
  like "$stderr" 'there is no Content-Length: whether the file is whole cannot be told'
  like "$stderr" "'other' is not there"
  bad no-length served
  cmd fetch-anyhost -o other "$url" # the end marker tells
}

@test "fetch-anyhost: two servers, sticky: the other one is asked after 3 failures, and stays in use (damping 8.4)" {
  zone 150 wild.=192.0.2.10 img.example.com.=192.0.2.99 >served2
  cp served served1
  local first second
  PORT=$(free_port) serving one served1 && first=$url
  serving two served2 && second=$url
  cmd fetch-anyhost -o anyhost "$first" "$second"
  cmd cmp anyhost served1
  stop one KILL
  local turn
  for turn in 1 2; do
    cmd 69 fetch-anyhost -o anyhost "$first" "$second"
    cmd cmp anyhost served1
    same "$(jq .failures anyhost.fetch)" "$turn"
  done
  same "$(wc -l <two.out)" 0
  zone 90 wild.=192.0.2.10 img.example.com.=192.0.2.98 >served2 # a stand-in need not go on from the serial
  wait_for 10 grep -q 'serial 90' two.err
  cmd fetch-anyhost -o anyhost "$first" "$second"
  like "$stderr" "^fetch-anyhost: warning: $first: connection refused\$"
  cmd jq -e --arg url "$second" '.changed and .server == $url and .serial == 90' <<<"$output"
  PORT=${first##*:} && PORT=${PORT%/} serving again served1
  cmd fetch-anyhost -o anyhost "$first" "$second" # the first one is back: nothing moves
  cmd jq -e --arg url "$second" '.changed == false and .current and .server == $url' <<<"$output"
  stop two KILL
  cmd fetch-anyhost --sticky 1 -o anyhost "$first" "$second"
  cmd cmp anyhost served1
}

@test "fetch-anyhost: without an installed file, or with a broken one, every server is asked at once" {
  local gone
  gone=http://127.0.0.1:$(free_port)/
  bad html && local html=$url
  serving one served
  cmd fetch-anyhost -o anyhost "$gone" "$html" "$url"
  cmd cmp anyhost served
  head -c 300 served >broken
  cmd fetch-anyhost -o broken "$gone" "$url"
  like "$stderr" "warning: '.*/broken' is not valid .line .*: any valid file replaces it"
  cmd cmp broken served
}

@test "fetch-anyhost: two probers with different order: the clients change nothing" {
  zone 101 wild.=192.0.2.10 img.example.com.=192.0.2.21 img.example.com.=192.0.2.22 >served
  sed -i 's/domains=3/domains=2/' served
  serving one served && local first=$url
  zone 102 wild.=192.0.2.10 img.example.com.=192.0.2.22 img.example.com.=192.0.2.21 >served2
  sed -i 's/domains=3/domains=2/' served2
  serving two served2
  cmd fetch-anyhost --sticky 1 -o anyhost "$first" "$url"
  local before turn
  before=$(stat -c '%i %y' anyhost)
  for turn in 1 2 3; do
    cmd fetch-anyhost --sticky 1 -o anyhost "$first" "$url"
    cmd jq -e '.changed == false' <<<"$output"
  done
  stop one
  for turn in 1 2 3; do
    cmd fetch-anyhost --sticky 1 -o anyhost "$first" "$url"
    cmd jq -e '.changed == false and .current' <<<"$output"
  done
  same "$(stat -c '%i %y' anyhost)" "$before"
}

@test "fetch-anyhost: an alert in every run from 10 minutes of failing on, a second one from 24 hours on" {
  installed
  url=http://127.0.0.1:$(free_port)/
  local -a ago=(1 11 12 1000 1441 1442)
  local -a alerts=(0 1 1 1 2 2)
  local turn
  for turn in "${!ago[@]}"; do
    if [ -e anyhost.fetch ]; then
      jq --arg since "$(date -u -d "${ago[turn]} minutes ago" +%FT%TZ)" '.failing_since = $since' anyhost.fetch >edited
      mv edited anyhost.fetch
    fi
    cmd 69 fetch-anyhost -q -o anyhost "$url"
    same "$stderr" ''
    [ "$turn" = 0 ] || same "$(grep -c '"type":"error"' <<<"$output" || :)" "${alerts[turn]}"
  done
  rm anyhost.fetch
  cmd 69 fetch-anyhost -q -o anyhost "$url"
  jq '.failing_since = "2026-01-01T00:00:00Z"' anyhost.fetch >edited && mv edited anyhost.fetch
  cmd 69 fetch-anyhost -q -o anyhost "$url"
  cmd jq -es --arg url "$url" '.[0] | .type == "error" and .command == "fetch-anyhost" and .key == "fetch-anyhost anyhost no valid file"
    and (.message | test("^no server has given a valid file for [0-9]+ minutes, still serial 100 of .anyhost.: \($url): connection refused$"))' <<<"$output"
  bad good served
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e '.failing_since == null and .alerts == 0 and .failures == 0' anyhost.fetch
}

@test "fetch-anyhost: a file that somebody else changed is noticed, and the state may be lost or damaged" {
  serving one served
  cmd fetch-anyhost -o anyhost "$url"
  zone 50 wild.=192.0.2.10 img.example.com.=192.0.2.77 >anyhost
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e '.changed and .serial == 100' <<<"$output"
  rm anyhost.fetch
  cmd fetch-anyhost -o anyhost "$url"
  cmd jq -e '.changed == false and .current' <<<"$output"
  echo '{"failures":"x"}' >anyhost.fetch
  cmd fetch-anyhost -o anyhost "$url"
  same "$stderr" "fetch-anyhost: warning: 'anyhost.fetch' is damaged ('failures' is not a number): starting afresh"
  echo 'null' >anyhost.fetch
  cmd fetch-anyhost -o anyhost "$url"
  same "$stderr" "fetch-anyhost: warning: 'anyhost.fetch' is damaged (it is not an object): starting afresh"
  cmd fetch-anyhost -o anyhost "$url"
  same "$stderr" ''
}

@test "fetch-anyhost: nginx as the server, plain and gzip, 304 by its date" {
  need nginx
  mkdir -p www && cp served www/anyhost
  local port
  port=$(free_port)
  cat >nginx.conf <<EOF
user root; daemon off; master_process off; pid $PWD/nginx.pid.own; error_log stderr;
events {}
http {
  access_log $PWD/access.log; gzip on; gzip_types *; gzip_min_length 1;
  client_body_temp_path $PWD/tmp1; proxy_temp_path $PWD/tmp2; fastcgi_temp_path $PWD/tmp3;
  uwsgi_temp_path $PWD/tmp4; scgi_temp_path $PWD/tmp5;
  server { listen 127.0.0.1:$port; root $PWD/www; }
}
EOF
  background nginx nginx -p "$PWD" -c "$PWD/nginx.conf"
  wait_for 10 curl -fsS "http://127.0.0.1:$port/anyhost"
  cmd fetch-anyhost -o anyhost "http://127.0.0.1:$port/anyhost"
  cmd cmp anyhost served
  cmd fetch-anyhost -o anyhost "http://127.0.0.1:$port/anyhost"
  cmd jq -e '.current and .bytes == 0' <<<"$output"
  like "$(tail -1 access.log)" ' 304 0 '
  cmd 69 fetch-anyhost -o anyhost "http://127.0.0.1:$port/none"
  like "$stderr" 'the answer has status 404, not 200'
}

@test "fetch-anyhost: https, with --ca; the name and password of a URL are sent and never shown" {
  need openssl
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
  cat >tls.js <<'EOF'
const fs = require('node:fs')
const body = fs.readFileSync('served')
const server = require('node:https').createServer({ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') }, (request, response) => {
  if (request.headers.authorization !== 'Basic ' + btoa('me:secret')) return response.writeHead(401).end()
  response.writeHead(200, { 'Content-Length': body.length }).end(body)
}).listen(0, '127.0.0.1', () => console.log(server.address().port))
EOF
  background tls "$NODE" tls.js
  wait_for 10 test -s tls.out
  url=https://me:secret@localhost:$(<tls.out)/
  cmd 69 fetch-anyhost -o anyhost "$url"
  like "$stderr" 'warning: https://localhost:[0-9]+/: self-signed certificate'$'\n'
  cmd fetch-anyhost --ca cert.pem -o anyhost "$url"
  same "$(jq -r .server <<<"$output")" "https://localhost:$(<tls.out)/"
  [[ $output$stderr$(cat anyhost.fetch) != *secret* ]]
  cmd cmp anyhost served
  cmd 74 fetch-anyhost --ca none.pem -o anyhost "$url"
  same "$stderr" "fetch-anyhost: fatal: unable to open 'none.pem': no such file or directory"
}

@test "fetch-anyhost: killed 200 times at random moments, it never leaves a torn file" {
  many 100 400 >a
  many 101 400 beta >b
  cp a served
  serving one -q served
  fetch-anyhost -o anyhost "$url" >/dev/null
  cat >killer.js <<'EOF'
const { spawn } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const [, , url, command] = process.argv
const good = ['a', 'b'].map(name => fs.readFileSync(name, 'latin1'))
let left = 200
let killed = 0
let serial = 102
function flip() {
  const [old, next] = serial % 2 ? ['a', 'b'] : ['b', 'a']
  let text = fs.readFileSync(next, 'latin1').replace(/\t\t10[01];/, `\t\t${serial++};`)
  text = text.slice(0, text.lastIndexOf('\n; end ') + 1)
  const seal = `; end domains=401 active=401 reason=failure sha256=${createHash('sha256').update(text).digest('hex')}\n`
  good.push(text + seal)
  fs.writeFileSync('served.new', text + seal)
  fs.renameSync('served.new', 'served')
}
function round() {
  if (left-- === 0) return console.log(killed > 20 ? 'whole' : `only ${killed} were killed`)
  if (left % 10 === 0) flip()
  fs.rmSync('anyhost.fetch', { force: true })
  if (left % 3 === 0) fs.rmSync('anyhost', { force: true })
  const child = spawn(command, ['--keep', '1', '--force', '-q', '-o', 'anyhost', url], { stdio: 'ignore' })
  const timer = setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 110)
  child.on('exit', (code, signal) => {
    clearTimeout(timer)
    if (signal) killed++
    if (fs.existsSync('anyhost') && !good.includes(fs.readFileSync('anyhost', 'latin1'))) return console.log('torn')
    round()
  })
}
round()
EOF
  CMD_LIMIT=120 cmd "$NODE" killer.js "$url" "$REPO/bin/fetch-anyhost"
  same "$output" whole
  cmd fetch-anyhost --force -o anyhost "$url"
  same "$(find . -name '.anyhost*')" '' # what the killed ones left is gone
}

@test "fetch-anyhost: a full disk is 74, and the old file stays" {
  need_root
  mkdir small && mount -t tmpfs -o size=64k none small || skip 'cannot mount a tmpfs'
  cp served small/anyhost
  many 200 900 >offered
  bad good offered
  run --separate-stderr fetch-anyhost --force --state state -o small/anyhost "$url"
  local left
  left=$(ls -A small)
  cmp served small/anyhost
  umount small
  same "$status" 74
  same "$stderr" "fetch-anyhost: fatal: unable to write '$PWD/small/anyhost': no space left on device"
  same "$left" anyhost
}

@test "fetch-anyhost: what it may not write is 77 or 74; a state it cannot write is a warning" {
  bad good served
  cmd 74 fetch-anyhost -o missing/anyhost --state state "$url"
  like "$stderr" "fatal: unable to write '$PWD/missing/anyhost': no such file or directory"
  cmd fetch-anyhost -o anyhost --state missing/state "$url"
  same "$stderr" "fetch-anyhost: warning: unable to write '$PWD/missing/state': no such file or directory"
  mkdir directory
  cmd 74 fetch-anyhost -o directory --state state "$url"
  cmd 74 fetch-anyhost -o anyhost --state directory "$url"
  same "$stderr" "fetch-anyhost: fatal: unable to read 'directory': is a directory"
}

@test "fetch-anyhost: a closed stdout is no error" {
  bad good served
  run bash -c 'set -o pipefail; fetch-anyhost -o anyhost "$1" | :' _ "$url"
  same "$status" 0
  cmd cmp anyhost served
}

@test "fetch-anyhost: wrong usage" {
  cmd 64 fetch-anyhost -o anyhost
  same "$stderr" 'fetch-anyhost: usage: URL… is missing'
  cmd 64 fetch-anyhost http://127.0.0.1/
  same "$stderr" 'fetch-anyhost: usage: option -o is missing: FILE'
  local text
  for text in ftp://127.0.0.1/ cache01:8089 /etc/passwd; do
    cmd 64 fetch-anyhost -o anyhost "$text"
    same "$stderr" "fetch-anyhost: usage: '$text' is no http or https URL"
  done
  for text in http://%zz@127.0.0.1/ http://user:%c3@127.0.0.1/; do
    cmd 64 fetch-anyhost -o anyhost "$text"
    same "$stderr" "fetch-anyhost: usage: 'http://127.0.0.1/': its user or password is not percent-encoded as it should be"
  done
  cmd 64 fetch-anyhost --forse -o anyhost http://127.0.0.1/
  same "$stderr" 'fetch-anyhost: usage: unknown option --forse (did you mean --force?)'
  # Standard error of a cron line is read by nobody, mail-alert at its end is.
  like "$output" '^\{"type":"error","command":"fetch-anyhost","level":"fatal","message":"unknown option --forse '
  cmd 64 fetch-anyhost --sticky 0 -o anyhost http://127.0.0.1/
  same "$stderr" "fetch-anyhost: usage: option --sticky: '0' is not a whole number from 1 to 1000"
  cmd 64 fetch-anyhost -t 0 -o anyhost http://127.0.0.1/
  same "$stderr" "fetch-anyhost: usage: option -t: '0' is not a time from 0.1 to 3600 seconds (units: ms s m h d)"
}
