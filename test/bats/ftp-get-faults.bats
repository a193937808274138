load helpers
load transfer

setup() {
  clean_place
  mkdir got
  echo old >got/file
}
teardown() { stop_all; }

# ftp FAULT [SIZE]: the scripted FTP server does so; the URL of a file on it in $url
ftp() {
  background "$1" "$NODE" "$REPO/test/servers/ftp.ts" "$@"
  wait_for 10 test -s "$1.out"
  url=ftp://127.0.0.1:$(<"$1.out")/dir/file
}

# web FAULT [SIZE [OTHER]]: the scripted web server does so; the URL of a file on it in $url
web() {
  rm -f "$1.out"
  background "$1" "$NODE" "$REPO/test/servers/range-http.ts" "$@"
  wait_for 10 test -s "$1.out"
  url=http://127.0.0.1:$(<"$1.out")/file
}

# fails STATUS MESSAGE [ARG...]: ftp-get of $url fails so; the old file stays, nothing is left
fails() {
  local status_wanted=$1 text=$2
  shift 2
  cmd "$status_wanted" ftp-get -t 1 "$@" -o got "$url"
  same "$stderr" "ftp-get: fatal: $url: $text"
  cmd jq -e --arg message "$url: $text" '.type == "error" and .message == $message' <<<"$output"
  same "$(<got/file)" old
  nothing_left
}

@test "B50: ftp-get: FTP servers that fail: each with its reason and status, the old file stays" {
  ftp no-login && fails 77 'the server said: 530 Login incorrect'
  ftp no-file && fails 1 'the server said: 550 Failed to open file'
  ftp echo && url=${url/127/me:hidden@127}
  cmd 77 ftp-get -o got "$url"
  same "$stderr" "ftp-get: fatal: ${url/me:hidden@/}: the server said: 530, and the password"
  [[ $output != *hidden* ]]
  ftp busy && fails 69 'the server said: 421 Too many users'
  ftp hangup && fails 69 'the server closed the connection'
  url=ftp://127.0.0.1:$(free_port)/file
  fails 69 'connection refused'
}

@test "B50: ftp-get: FTP servers that fall silent are left after -t" {
  ftp no-greeting && fails 69 'nothing came within 1 seconds'
  ftp stall-login && fails 69 'nothing came within 1 seconds'
  ftp stall-data && fails 69 'nothing came within 1 seconds'
}

@test "B50: ftp-get: servers that drip: the head of an answer, a reply, the data" {
  web drip && fails 69 'fewer than 100 bytes a second came'
  web drip && fails 69 'fewer than 100 bytes a second came' -n 4
  ftp drip && fails 69 'fewer than 100 bytes a second came'
  ftp drip && fails 69 'fewer than 100 bytes a second came' -r 100
  ftp drip-reply && fails 69 'nothing came within 1 seconds'
}

@test "B50: ftp-get -r: a rate so low that nothing comes for longer than -t is no silence" {
  ftp good 40000
  cmd ftp-get -t 0.5 -r 20 -o got/slow "$url"
  same "$(stat -c %s got/slow)" 40000
  web good 40000
  cmd ftp-get -t 0.5 -r 20 -o got/slow "$url"
  same "$(stat -c %s got/slow)" 40000
}

@test "B50: ftp-get: FTP servers that lie about the size, or send less or more" {
  ftp short-data && fails 69 'the connection was closed after 150000 bytes of 300000'
  ftp long-data && fails 65 'the server sent more than the 300000 bytes that it told'
  ftp size-less && fails 65 'the server sent more than the 1000 bytes that it told'
  ftp size-negative && fails 65 'the server told a size that is none'
  ftp size-huge && fails 65 'the server told a size that is none'
}

@test "B50: ftp-get: FTP replies: split into bytes, without end, with line ends and control characters inside" {
  ftp split
  cmd ftp-get -o got/split "$url"
  same "$(stat -c %s got/split)" 300000
  ftp flood && fails 65 'the server sent a reply without end'
  ftp line-ends && fails 1 'the server said: 550 no'
  ftp long-reply && fails 1 "the server said: 550 $(printf 'x%.0s' {1..196})…"
  ftp control
  cmd 1 ftp-get -o got "$url"
  same "$stderr" "ftp-get: fatal: $url: the server said: 550 ?[31mred? and more"
}

@test "B9: ftp-get: no reply of an FTP server is larger than 64 KiB" {
  ftp reply-60k
  cmd ftp-get -o got/long "$url"
  same "$(stat -c %s got/long)" 300000
  ftp reply-70k && fails 65 'the server sent a reply without end'
}

@test "B50: ftp-get: the data connection: not to another host, nor to where nobody listens, nor to nowhere" {
  ftp other-host && fails 65 'the server wanted the data to come from another host, 192.0.2.1'
  ftp other-port && fails 69 'no data connection: connection refused'
  ftp nonsense && fails 65 'the server told no port for the data: 227 none either'
}

@test "B50: ftp-get: an FTP server that tells no size gives the whole file; one that forgets the last word too" {
  ftp size-none
  cmd ftp-get -c -n 4 -o got/none "$url"
  same "$(stat -c %s got/none)" 300000
  ftp no-226
  cmd ftp-get -t 1 -o got/done "$url"
  same "$(stat -c %s got/done)" 300000
}

@test "B50: ftp-get: an FTP server that answers REST well and then refuses it gives the whole file" {
  ftp rest-refused
  cmd ftp-get -n 4 -c -o got/parts "$url"
  same "$(stat -c %s got/parts) $stderr" '300000 '
  cmd jq -e '.bytes == 300000 and .resumed == 0' <<<"$output"
  nothing_left
}

@test "B50: ftp-get: web servers that fail: each with its reason and status, the old file stays" {
  web missing && fails 1 'the answer has status 404'
  web forbidden && fails 77 'the answer has status 403'
  web loop && fails 65 'more than 10 redirects'
  web to-ftp && fails 65 'a redirect from http to ftp is not followed'
  web to-file && fails 65 'a redirect from http to file is not followed'
  web to-nowhere && fails 65 'a redirect to nowhere'
  web stall-body && fails 69 'nothing came within 1 seconds'
  url=http://127.0.0.1:$(free_port)/file
  fails 69 'connection refused'
}

@test "B50: ftp-get: web servers that break HTTP" {
  local fault
  head -c 1000 /dev/zero >served
  for fault in truncated long-length hangup no-http stall trickle-head endless-head; do
    background $fault "$NODE" "$REPO/test/servers/bad-http.ts" $fault served
    wait_for 10 test -s $fault.out
    url=http://127.0.0.1:$(<$fault.out)/file
    case $fault in
      truncated) fails 69 'the connection was closed after 500 bytes of 1000' ;;
      long-length) fails 69 'the connection was closed after 1000 bytes of 1001' ;;
      hangup) fails 69 'the connection was closed' ;;
      no-http) like "$(fails 65 x || :)" 'fatal: .*: the answer is not HTTP: ' ;;
      endless-head) like "$(fails 65 x || :)" 'fatal: .*: the answer is not HTTP: ' ;;
      stall | trickle-head) fails 69 'no answer within 1 seconds' ;;
    esac
  done
}

@test "B50: ftp-get: a web server that sends more than the length it told: that is where the file ends" {
  head -c 1000 /dev/zero >served
  background short "$NODE" "$REPO/test/servers/bad-http.ts" short-length served
  wait_for 10 test -s short.out
  url=http://127.0.0.1:$(<short.out)/file
  cmd ftp-get -o got/short "$url"
  same "$(stat -c %s got/short)" 300
  fails 65 "the checksum differs: SHA256 is $(head -c 300 served | sha256sum | cut -d' ' -f1), not $(sum served)" --sha256 "$(sum served)"
}

@test "B50: ftp-get: a file that changes between two ranges is not put together (65)" {
  ftp changed && fails 65 'the file changed meanwhile' -n 4
  web changed && fails 65 'the file changed meanwhile' -n 4
  web changed-size && fails 65 'the file changed meanwhile' -n 4
  web no-more-ranges && fails 65 'the file changed meanwhile' -n 4
  web packed && fails 65 "the Content-Encoding 'gzip' was not asked for" && fails 65 "the Content-Encoding 'gzip' was not asked for" -n 4
  web other-part && fails 65 'the server sent another part than was asked for' -n 4
}

@test "B50: ftp-get -c: a transfer that broke leaves its part, and the next one takes it up" {
  ftp cut-data
  cmd 69 ftp-get -c -o got "$url"
  same "$stderr" "ftp-get: fatal: $url: the server said: 426 aborted"
  same "$(<got/file) $(stat -c %s got/file.part)" 'old 150000'
  cmd jq -e --arg url "$url" '. == {url: $url, size: 300000, stamp: "20261122030000", spans: [[0, 150000]]}' got/file.part.note
  cmd 69 ftp-get -c -o got "$url"
  same "$(tail -4 cut-data.err | tr '\n' ' ')" 'EPSV REST 150000 RETR file QUIT '
}

@test "B50: ftp-get: what earlier attempts have left goes with the next one that succeeds, with -c or without; nothing else does" {
  local dead
  dead=$(sh -c 'echo $$')
  ftp cut-data
  cmd 69 ftp-get -c -o got "$url"
  : >"got/.file.tmp.$dead.abc"
  : >"got/.file.tmp.$dead.def.note"
  : >"got/.file.tmp.$dead.ghi.note.new"
  echo mine >got/other.part
  ftp good
  cmd ftp-get -o got "$url"
  cmd ftp-get -o got/other "$url"
  same "$(ls -A got)" 'file
other
other.part'
}

@test "B50: ftp-get: a redirect is followed; the login goes to no other host, and into no output" {
  web to-self
  cmd ftp-get -o got/there "${url/127/me:secret@127}"
  same "$(stat -c %s got/there)" 300000
  same "$(<to-self.err)" '/file - me:secret
/there - me:secret'
  same "$(jq -r .url <<<"$output")" "$url"
  web good
  web to-other 1 "$url"
  cmd ftp-get -o got/there "${url/127/me:secret@127}"
  same "$(<good.err)" '/file - -'
  web missing
  cmd 1 ftp-get -o got/there "${url/127/me:secret@127}"
  [[ $output$stderr != *secret* ]]
}

@test "B50: ftp-get: the login: of the URL, else of a netrc file that nobody else can read, else anonymous; in no output" {
  ftp good
  cmd ftp-get -o got/a "${url/127/me:sec%20ret@127}"
  same "$(head -2 good.err | tr '\n' ' ')" 'USER me PASS sec ret '
  [[ $output$stderr != *ret@* && $output$stderr != *sec%20* ]]
  printf 'machine 127.0.0.1 login you password hidden\n' >netrc
  cmd 78 ftp-get --netrc netrc -o got/a "$url"
  same "$stderr" "ftp-get: fatal: $url: 'netrc' can be read by others: chmod 600 it"
  chmod 600 netrc
  : >good.err
  cmd ftp-get --netrc netrc -o got/a "$url"
  cmd grep -q 'PASS hidden' good.err
  : >good.err
  HOME=$PWD cmd ftp-get -o got/a "$url"
  same "$(grep -a -A1 USER good.err | tr -d '\0' | tr '\n' ' ')" 'USER anonymous PASS ftp-get@ '
}

@test "B50: ftp-get: a login on the command line is not seen in the list of processes" {
  ftp stall-data
  background get ftp-get -t 20 -o got "${url/127/me:secret@127}"
  wait_for 10 grep -q RETR stall-data.err
  same "$(tr '\0' ' ' <"/proc/$(<get.pid)/cmdline" | sed 's/ *$//')" ftp-get
  same "$(<"/proc/$(<get.pid)/comm")" ftp-get
  local program
  for program in "/proc/$(<get.pid)/task"/*/children; do same "$(<"$program")" ''; done # getent and the like get the host only
  stop get
  same "$(<get.out)$(<get.err)" ''
}
