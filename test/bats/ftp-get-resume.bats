load helpers
load transfer

setup() {
  clean_place
  mkdir got
}
teardown() { stop_all; }

# part_grows BYTES: the file on its way into ./got has so many blocks written
part_grows() {
  local file blocks
  file=$(find got -name '.*.tmp.*' ! -name '*.note*')
  [ -n "$file" ] && blocks=$(stat -c %b "$file") && [ "$((blocks * 512))" -ge "$1" ]
}

# noted: what is on its way has its note
noted() { [ -n "$(find got -name '.*.note')" ]; }

# killed SIGNAL ARG...: ftp-get is ended so when 200 KB are there, and with -c are noted; nothing stands at the target
killed() {
  local signal=$1
  shift
  background get ftp-get "$@"
  wait_for 10 part_grows 200000 || { cat get.err && return 1; }
  [ "$1" != -c ] || wait_for 10 noted
  stop get "$signal"
  [ ! -e got/file ]
}

@test "B50: ftp-get: killed half-way there is no half file; the next one removes what was left" {
  offer file 3000000
  start_nginx web
  killed KILL -r 300 -o got "${http}file"
  cmd ftp-get -o got "${http}file"
  cmd jq -e '.resumed == 0' <<<"$output"
  cmd cmp srv/file got/file
  same "$(ls -A got)" file
}

# kills_and_resumes URL: with -c, ftp-get is killed on its way; the next one fetches the rest only
kills_and_resumes() {
  killed KILL -c -r 300 -o got "$1"
  cmd ftp-get -c --sha256 "$(sum srv/file)" -o got "$1"
  cmd jq -e '.resumed > 0 and .verified and .bytes == 3000000' <<<"$output"
  cmd cmp srv/file got/file
  same "$(ls -A got)" file
}

@test "B50: ftp-get -c: killed by FTP, the next one takes up what was there: REST" {
  offer file 3000000
  start_vsftpd ftpd
  kills_and_resumes "${ftp}file"
  local at
  at=$(grep -o '"REST [0-9]*"' ftpd.log | tail -1 | tr -dc 0-9)
  [ "$at" -gt 1 ]
}

@test "B50: ftp-get -c: killed by HTTP, the next one takes up what was there: Range" {
  offer file 3000000
  start_nginx web
  kills_and_resumes "${http}file"
  cmd grep -q '" 206 [12]' web.log
}

@test "B50: ftp-get -c: from this host; and with several connections" {
  offer file 3000000
  kills_and_resumes "file://$PWD/srv/file"
  rm got/file
  start_nginx web
  killed KILL -c -n 4 -r 300 -o got "${http}file"
  cmd ftp-get -c -n 4 -o got "${http}file"
  cmd jq -e '.resumed > 0' <<<"$output"
  cmd cmp srv/file got/file
}

@test "B50: ftp-get -c: a file that has changed on the server is fetched anew, whole" {
  offer file 3000000
  start_nginx web
  start_vsftpd ftpd
  local url
  for url in "${http}file" "${ftp}file" "file://$PWD/srv/file"; do
    killed KILL -c -r 300 -o got "$url"
    offer file 3000000
    touch -d "now + $((RANDOM % 1000 + 60)) seconds" srv/file
    cmd ftp-get -c -o got "$url"
    cmd jq -e '.resumed == 0' <<<"$output"
    cmd cmp srv/file got/file
    same "$(ls -A got)" file
    rm got/file
  done
}

@test "B50: ftp-get: a file of this host that changes while it is read is not taken (65)" {
  offer file 600000
  background get ftp-get -r 300 -o got "file://$PWD/srv/file"
  wait_for 10 part_grows 200000
  printf x | dd of=srv/file conv=notrunc status=none
  stopped=0
  wait "$(<get.pid)" || stopped=$?
  same "$stopped $(<get.err)" "65 ftp-get: fatal: file://$PWD/srv/file: the file changed meanwhile"
  same "$(ls -A got)" ''
}

@test "B50: ftp-get -c: a server without REST: the whole file, by one connection" {
  offer file 3000000
  start_vsftpd ftpd cmds_denied=REST
  killed KILL -r 300 -c -o got "${ftp}file"
  cmd ftp-get -c -n 4 -o got "${ftp}file"
  cmd jq -e '.resumed == 0' <<<"$output"
  cmd cmp srv/file got/file
  same "$(ls -A got)" file
}

@test "B50: ftp-get -c: what a damaged note says is not believed" {
  offer file 300000
  local note
  for note in '' 'nonsense' '{"url":"file://x","size":300000,"stamp":"1","spans":[[0,300000]]}'; do
    head -c 300000 /dev/zero >got/file.part
    printf '%s' "$note" >got/file.part.note
    cmd ftp-get -c -o got "file://$PWD/srv/file"
    cmd jq -e '.resumed == 0' <<<"$output"
    cmd cmp srv/file got/file
  done
}

@test "B50: ftp-get -n: each connection fetches a part, written in place, by HTTP and FTP" {
  offer file 9000000
  start_nginx web
  cmd ftp-get -n 4 --sha256 "$(sum srv/file)" -o got "${http}file"
  cmd cmp srv/file got/file
  same "$(grep -c '" 206 2250000 ' web.log)" 4
  start_vsftpd ftpd
  cmd ftp-get -n 4 --sha256 "$(sum srv/file)" -o got/other "${ftp}file"
  cmd cmp srv/file got/other
  same "$(grep -o '"REST [0-9]*"' ftpd.log | sort -u | tr -d '\n')" '"REST 0""REST 1""REST 2250000""REST 4500000""REST 6750000"'
  nothing_left
}

@test "B50: ftp-get -r: the rate holds over all connections" {
  offer file 1500000
  start_nginx web
  local n
  for n in 1 4; do
    cmd ftp-get -n $n -r 1000 -o got "${http}file"
    cmd jq -e '.seconds >= 1.3' <<<"$output" # 1500000 bytes at 1024000 a second: 1.46
  done
}

@test "ftp-get --max-size: no larger file is taken, whether its size is told or not (65)" {
  offer file 100000
  background chunked "$NODE" "$REPO/test/servers/range-http.ts" chunked
  wait_for 10 test -s chunked.out
  cmd 65 ftp-get --max-size 50k -o got "http://127.0.0.1:$(<chunked.out)/file"
  like "$stderr" 'file: it is larger than 51200 bytes'
  cmd ftp-get -c -n 4 -o got "http://127.0.0.1:$(<chunked.out)/file"
  same "$(stat -c %s got/file)" 300000
  start_nginx web
  cmd 65 ftp-get --max-size 50k -o got "${http}file"
  same "$stderr" "ftp-get: fatal: ${http}file: it is larger than 51200 bytes"
  cmd ftp-get --max-size 100k -o got "${http}file"
}

@test "ftp-get: a full disk ends it (74), the old file stays, nothing is left" {
  need_root
  need unshare
  offer file 4000000
  mkdir disk
  local server
  start_nginx web
  start_vsftpd ftpd
  for server in "$http" "$ftp" "file://$PWD/srv/"; do
    # 1.5 MB a second: there is time for a note of what is there already
    cmd 74 unshare -m sh -ec 'mount -t tmpfs -o size=2m tmpfs disk; echo old >disk/file
      status=0; ftp-get -c -n 2 -r 1500 -o disk "$0" || status=$?; ls -A disk; cat disk/file; exit $status' "${server}file"
    same "$stderr" "ftp-get: fatal: ${server}file: unable to write it: no space left on device"
    same "$(head -1 <<<"$output" | jq -r .message)" "${server}file: unable to write it: no space left on device"
    same "$(tail -n +2 <<<"$output")" 'file
old'
  done
}

@test "B50: ftp-get -c: a file that is in its place already, with the checksum, is not fetched again" {
  offer file 6000000
  start_nginx web
  cmd ftp-get -c --sha256 "$(sum srv/file)" -o got "${http}file"
  local before
  before=$(stat -c '%i %y' got/file)
  : >web.log
  cmd ftp-get -c --sha256 "$(sum srv/file)" -o got "${http}file"
  cmd jq -e '.resumed == 6000000 and .bytes == 6000000 and .verified' <<<"$output"
  same "$(stat -c '%i %y' got/file) $(<web.log)" "$before "
  echo other >got/file
  cmd ftp-get -c --sha256 "$(sum srv/file)" -o got "${http}file"
  cmd cmp srv/file got/file
}

@test "B50: ftp-get: from proftpd: parts, taken up after a kill, and whole where it refuses REST at the transfer" {
  offer file 3000000
  start_proftpd ftpd 'AllowRetrieveRestart on'
  kills_and_resumes "${ftp}file"
  rm got/file
  cmd ftp-get -n 4 -o got "${ftp}file"
  cmd cmp srv/file got/file
  rm got/file
  start_proftpd other 'AllowRetrieveRestart off'
  cmd ftp-get -n 4 --sha256 "$(sum srv/file)" -o got "${ftp}file"
  same "$stderr" ''
  rm got/file
  killed KILL -c -r 300 -o got/next "${ftp}file"
  cmd ftp-get -c -o got/next "${ftp}file"
  cmd jq -e '.resumed == 0' <<<"$output"
  cmd cmp srv/file got/next
}
