load helpers
load transfer

setup() {
  clean_place
  mkdir got
}
teardown() { stop_all; }

# words LOG: the verbs that vsftpd got
words() { grep -o 'FTP command: Client "[^"]*", "[A-Z]*' "$1" | sed 's/.*"//' | tr '\n' ' '; }

# refused STATUS MESSAGE ARG...: ftp-get fails so; the message leaves as an error record too; nothing is left
refused() {
  local status_wanted=$1 text=$2
  shift 2
  cmd "$status_wanted" ftp-get -o got "$@"
  same "$stderr" "ftp-get: fatal: ${!#}: $text"
  same "$(jq -r .message <<<"$output")" "${!#}: $text"
  same "$(ls -A got)" ''
}

@test "B50: ftp-get: always passive: a server that refuses active transfers is no hindrance, one that refuses passive ones is (69)" {
  offer file 300000
  start_vsftpd ftpd port_enable=NO
  cmd ftp-get -o got "${ftp}file"
  cmd cmp srv/file got/file
  like "$(words ftpd.log)" 'EPSV RETR'
  rm got/file
  start_vsftpd other pasv_enable=NO
  refused 69 'the server does not do passive transfers: 550 Permission denied.' "${ftp}file"
  like "$(words other.log)" 'EPSV PASV'
  [[ "$(words ftpd.log)$(words other.log)" != *PORT* && $(words ftpd.log)$(words other.log) != *EPRT* ]]
}

@test "B50: ftp-get: no such file (1), by FTP and HTTP and of this host" {
  offer file 10
  start_vsftpd ftpd
  refused 1 'the server said: 550 Failed to open file.' "${ftp}none"
  refused 1 'the server said: 550 Failed to change directory.' "${ftp}none/file"
  start_nginx web
  refused 1 'the answer has status 404' "${http}none"
  refused 1 'no such file or directory' "file://$PWD/srv/none"
}

@test "B50: ftp-get: a login, of the URL or of a netrc file, by proftpd; a wrong one is refused (77)" {
  offer file 300000
  local hash url
  need openssl
  hash=$(openssl passwd -6 'se cret')
  printf 'depot:%s:65534:65534::%s:/bin/sh\n' "$hash" "$PWD/srv" >logins
  chmod 600 logins
  PROFTPD_LOGINS=mod_auth_file.c start_proftpd ftpd "AuthUserFile $PWD/logins" 'RequireValidShell off' 'DefaultRoot ~'
  url=${ftp/\/\//\/\/depot:se%20cret@}file
  cmd ftp-get -n 2 -o got "$url"
  cmd cmp srv/file got/file
  [[ $output$stderr != *cret* ]]
  rm got/file
  printf 'machine 127.0.0.1 login depot password wrong\n' >netrc
  chmod 600 netrc
  refused 77 'the server said: 530 Login incorrect.' --netrc netrc "${ftp}file"
  cmd 77 ftp-get -o got "${url/se%20cret/wrong}"
  same "$stderr" "ftp-get: fatal: ${ftp}file: the server said: 530 Login incorrect."
  # a user in the URL without a password: that of the netrc file
  printf 'other:%s:65534:65534::%s:/bin/sh\n' "$(openssl passwd -6 hidden)" "$PWD/srv" >>logins
  printf 'machine 127.0.0.1 login depot password wrong\nmachine 127.0.0.1 login other password hidden\n' >netrc
  cmd ftp-get --netrc netrc -o got "${ftp/\/\//\/\/other@}file"
  cmd cmp srv/file got/file
}

@test "B50: ftp-get: a web server that wants a login (77)" {
  offer file 1000
  need openssl
  printf 'depot:%s\n' "$(openssl passwd -apr1 secret)" >logins
  start_nginx web 'auth_basic depot;' "auth_basic_user_file $PWD/logins;"
  cmd ftp-get -o got "${http/\/\//\/\/depot:secret@}file"
  cmd cmp srv/file got/file
  rm got/file
  refused 77 'the answer has status 401' "${http}file"
}

@test "B50: ftp-get -n: where the server takes fewer connections, those that it takes fetch all of it" {
  offer file 3000000
  start_vsftpd ftpd max_per_ip=2
  cmd ftp-get -n 4 --sha256 "$(sum srv/file)" -o got "${ftp}file"
  same "$stderr" ''
  cmd grep -q 421 ftpd.log
  start_vsftpd other max_per_ip=1
  cmd ftp-get -n 4 --sha256 "$(sum srv/file)" -o got "${ftp}file"
  start_nginx web 'limit_conn all 1;' 'limit_rate 2m;'
  cmd ftp-get -n 4 --sha256 "$(sum srv/file)" -o got "${http}file"
  same "$stderr" ''
  cmd grep -q '" 503 ' web.log
  nothing_left
}

@test "B50: ftp-get: a server that gives no TLS where it is asked for (69)" {
  offer file 1000
  start_vsftpd ftpd
  refused 69 'the server does not give TLS: 530 Please login with USER and PASS.' "ftps${ftp#ftp}file"
  start_nginx web
  refused 69 'TLS: wrong version number' "https${http#http}file"
}

@test "B50: ftp-get: a web server without Range: the whole file, once, by one connection" {
  offer file 3000000
  start_nginx web 'max_ranges 0;'
  cmd ftp-get -c -n 4 --sha256 "$(sum srv/file)" -o got "${http}file"
  same "$(cut -d'"' -f3 web.log)" ' 200 3000000 '
}

# task STATUS REASON URL [CHECKSUM]: as an install task asks for it: one record in, one error record out, the same reason on both
task() {
  cmd "$1" ftp-get -c -t 1 -o got < <(jq -cn --arg url "$3" --arg sum "${4:-}" \
    '{type: "download", url: $url, checksum: (if $sum == "" then null else "SHA256:" + $sum end), speed: 0}')
  same "$stderr" "ftp-get: fatal: $3: $2"
  same "$(jq -r '"\(.type) \(.command) \(.message) \(.record.url)"' <<<"$output")" "error ftp-get $3: $2 $3"
  rm -rf got && mkdir got
}

# scripted KIND FAULT: a scripted server that does so; the URL of a file on it in $url
scripted() {
  background "$2" "$NODE" "$REPO/test/servers/$1.ts" "$2"
  wait_for 10 test -s "$2.out"
  case $1 in ftp) url=ftp://127.0.0.1:$(<"$2.out")/file ;; *) url=http://127.0.0.1:$(<"$2.out")/file ;; esac
}

@test "B50: ftp-get -c: what a task is told by the status: nobody there, time over, no file, no login, another or half a file, no room" {
  offer file 3000000
  start_nginx web
  start_vsftpd ftpd
  local url scheme wrong=0000000000000000000000000000000000000000000000000000000000000000
  for scheme in ftp http; do
    task 69 'connection refused' "$scheme://127.0.0.1:$(free_port)/file"
  done
  scripted ftp stall-data && task 69 'nothing came within 1 seconds' "$url"
  scripted range-http stall-body && task 69 'nothing came within 1 seconds' "$url"
  task 1 'the server said: 550 Failed to open file.' "${ftp}none"
  task 1 'the answer has status 404' "${http}none"
  scripted ftp no-login && task 77 'the server said: 530 Login incorrect' "$url"
  scripted range-http forbidden && task 77 'the answer has status 403' "$url"
  for url in "${ftp}file" "${http}file" "file://$PWD/srv/file"; do
    task 65 "the checksum differs: SHA256 is $(sum srv/file), not $wrong" "$url" $wrong
  done
  scripted ftp short-data && task 69 'the connection was closed after 150000 bytes of 300000' "$url"
  scripted range-http short && task 69 'the connection was closed after 150000 bytes of 300000' "$url"
  scripted ftp long-data && task 65 'the server sent more than the 300000 bytes that it told' "$url"
  need_root
  rmdir got && mkdir disk && ln -s disk got
  cmd 74 unshare --mount sh -ec 'mount -t tmpfs -o size=1m tmpfs disk; exec ftp-get -c -o got' <<<'{"type":"download","url":"'"${http}file"'"}'
  same "$stderr" "ftp-get: fatal: ${http}file: unable to write it: no space left on device"
  same "$(jq -r .message <<<"$output")" "${http}file: unable to write it: no space left on device"
}
