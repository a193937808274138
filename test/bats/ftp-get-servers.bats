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
