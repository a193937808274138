load helpers
load transfer

setup() {
  clean_place
  mkdir got
}
teardown() { stop_all; }

@test "B50: ftp-get: a file by FTP from vsftpd: TYPE I, CWD, SIZE, passive; whole, with its SHA-256, in its place" {
  offer dir/sub/file.bin 3000000
  start_vsftpd ftpd
  cmd ftp-get -o got "${ftp}dir/sub/file.bin"
  same "$stderr" ''
  cmd jq -e --arg url "${ftp}dir/sub/file.bin" --arg path "$PWD/got/file.bin" --arg sum "$(sum srv/dir/sub/file.bin)" '
    .type == "file" and .url == $url and .path == $path and .bytes == 3000000 and .sha256 == $sum and .verified == false
    and .resumed == 0 and .seconds > 0' <<<"$output"
  cmd cmp srv/dir/sub/file.bin got/file.bin
  same "$(stat -c %a got/file.bin)" 644
  nothing_left
  local words
  words=$(grep -o 'FTP command: Client "[^"]*", "[A-Z]*' ftpd.log | sed 's/.*"//' | tr '\n' ' ')
  same "$words" 'USER PASS TYPE CWD SIZE MDTM EPSV RETR QUIT '
}

@test "B50: ftp-get: PASV where the server has no EPSV; a file in the directory of the login" {
  offer 'a name with  blanks' 1000
  start_vsftpd ftpd cmds_denied=EPSV
  cmd ftp-get -o got/other "${ftp}a%20name%20with%20%20blanks"
  cmd cmp 'srv/a name with  blanks' got/other
  cmd grep -q 'Client "127.0.0.1", "PASV"' ftpd.log
}

@test "B50: ftp-get: a file by HTTP from nginx" {
  offer dir/file.bin 3000000
  start_nginx web
  cmd ftp-get -o got/ "${http}dir/file.bin"
  same "$stderr" ''
  cmd jq -e --arg url "${http}dir/file.bin" --arg path "$PWD/got/file.bin" --arg sum "$(sum srv/dir/file.bin)" '
    .type == "file" and .url == $url and .path == $path and .bytes == 3000000 and .sha256 == $sum' <<<"$output"
  cmd cmp srv/dir/file.bin got/file.bin
  nothing_left
}

@test "B50: ftp-get: a file of this host; one of no bytes; the old one is replaced and keeps its mode" {
  offer file 100000
  : >srv/none
  echo old >got/file
  chmod 600 got/file
  cmd ftp-get -o got "file://$PWD/srv/file" "file://localhost$PWD/srv/none"
  same "$(jq -c .bytes <<<"$output")" '100000
0'
  cmd cmp srv/file got/file
  same "$(stat -c '%a %s' got/file got/none)" '600 100000
644 0'
}

@test "B50: ftp-get: none of no bytes by FTP and HTTP either" {
  offer none 0
  start_nginx web
  cmd ftp-get -n 4 -o got/h "${http}none"
  cmd ftp-get -c -o got/h2 "${http}none"
  start_vsftpd ftpd
  cmd ftp-get -n 4 -o got/f "${ftp}none"
  same "$(stat -c %s got/*)" '0
0
0'
}

@test "B50: ftp-get: the checksum that was asked for verifies; with another one nothing is put in its place (65)" {
  offer file 5000000
  start_nginx web
  cmd ftp-get --sha256 "$(sum srv/file | tr a-f A-F)" -o got "${http}file"
  cmd jq -e .verified <<<"$output"
  local wrong=0000000000000000000000000000000000000000000000000000000000000000
  echo old >got/file
  cmd 65 ftp-get -c --sha256 $wrong -o got "${http}file"
  same "$stderr" "ftp-get: fatal: ${http}file: the checksum differs: SHA256 is $(sum srv/file), not $wrong"
  cmd jq -e --arg url "${http}file" '.type == "error" and .command == "ftp-get" and .level == "fatal" and .record.url == $url
    and (.message | startswith($url))' <<<"$output"
  same "$(<got/file)" old
  nothing_left
}

@test "ftp-get: download records on stdin: each with its place, checksum and speed; other lines pass; the worst status ends it" {
  offer one 1000
  offer two 2000
  cmd 65 ftp-get -o got <<END
{"type":"note","keep":  "this"}
{"type":"download","url":"file://$PWD/srv/one","checksum":"SHA256:$(sum srv/one)","speed":100}
{"type":"download","url":"file://$PWD/srv/missing"}
{"type":"download","url":"file://$PWD/srv/two","output":"$PWD/got/other","checksum":null}
{"type":"download","url":"file://$PWD/srv/two","output":"$PWD/got/md5","checksum":"MD5:d41d8cd98f00b204e9800998ecf8427e"}
END
  same "$(jq -c '[.type, .path, .verified, .message]' <<<"$output")" "[\"note\",null,null,null]
[\"file\",\"$PWD/got/one\",true,null]
[\"error\",null,null,\"file://$PWD/srv/missing: no such file or directory\"]
[\"file\",\"$PWD/got/other\",false,null]
[\"error\",null,null,\"file://$PWD/srv/two: a checksum by MD5: only SHA256 is known\"]"
  same "$(head -1 <<<"$output")" '{"type":"note","keep":  "this"}'
  same "$(ls got)" 'one
other'
}

@test "ftp-get: bad lines are told with their numbers, the good ones go on (65); no line, nothing (0)" {
  offer one 1000
  cmd 65 ftp-get -o got <<END
{"type":"download"}
nonsense
{"type":"download","url":"file://$PWD/srv/one"}
END
  same "$stderr" "ftp-get: warning: line 1: field 'url' is missing
ftp-get: warning: line 2: not JSON"
  cmd cmp srv/one got/one
  cmd ftp-get </dev/null
  same "$output$stderr" ''
}

@test "B46: ftp-get: a record's speed, in KB a second, counts before that of -r; 0 is as fast as it comes" {
  offer one 300000
  cmd ftp-get -r 1 -o got <<<'{"type":"download","url":"file://'"$PWD"'/srv/one","speed":300}'
  cmd jq -e '.seconds >= 0.85 and .bytes == 300000' <<<"$output" # 300000 bytes at 307200 a second: 0.98, less what is caught up
  cmd ftp-get -r 1 -o got <<<'{"type":"download","url":"file://'"$PWD"'/srv/one","speed":0}' # at 1 KB/s: five minutes
}

@test "ftp-get: a record that names no file is wrong data (65); of several failures the highest status counts" {
  cmd 65 ftp-get -o got <<<'{"type":"download","url":"gopher://me:secret@127.0.0.1/x"}'
  same "$(jq -c '[.level, .record.url]' <<<"$output")" '["fatal","gopher://127.0.0.1/x"]'
  [[ $output$stderr != *secret* ]]
  cmd 65 ftp-get -o got <<<'{"type":"download","url":"http://127.0.0.1/dir/"}'
  cmd 65 ftp-get -o got <<<'{"type":"download","url":"ftp://me:secret@127.0.0.1/x","speed":"secret"}'
  [[ $output$stderr != *secret* ]]
  cmd 69 ftp-get -o got <<END
nonsense
{"type":"download","url":"http://127.0.0.1:$(free_port)/x"}
{"type":"download","url":"file:///nowhere/x"}
END
  same "$(grep -c error <<<"$output")" 3
}

@test "ftp-get: several URLs to one file are wrong usage (64), and nothing is fetched" {
  offer one 1000
  cmd 64 ftp-get -o got/file "file://$PWD/srv/one" "file://$PWD/srv/one"
  same "$stderr" "ftp-get: usage: 'got/file' is one file, and there are 2 URLs: a directory ends in a slash"
  same "$(ls got)" ''
}

@test "ftp-get: wrong usage (64)" {
  cmd 64 ftp-get --bogus
  like "$stderr" '^ftp-get: usage: unknown option --bogus'
  cmd 64 ftp-get -n 17 http://127.0.0.1/x
  like "$stderr" 'whole number from 1 to 16'
  cmd 64 ftp-get --sha256 abc http://127.0.0.1/x
  like "$stderr" 'is not a SHA-256'
  cmd 64 ftp-get --sha256 "$(sum /dev/null)" file:///a file:///b
  like "$stderr" 'for one URL'
  cmd 64 ftp-get gopher://127.0.0.1/x
  like "$stderr" "'gopher://127.0.0.1/x' is not ftp://, ftps://, http://, https:// or file:// and a file"
  cmd 64 ftp-get -o got http://127.0.0.1/dir/
  like "$stderr" 'its URL names no file: give one with -o'
  cmd 64 ftp-get -o got 'ftp://127.0.0.1/a%0d%0aDELE%20b'
  like "$stderr" 'it holds a line end or a zero byte'
}

@test "ftp-get: a reader that goes away is no error" {
  offer one 1000
  ftp-get -o got "file://$PWD/srv/one" "file://$PWD/srv/one" "file://$PWD/srv/one" | :
  same "${PIPESTATUS[0]}" 0
  cmd cmp srv/one got/one
}

@test "B50: ftp-get: ftps by AUTH TLS, the data too, resuming the session; a certificate that nobody trusts is refused" {
  offer file 3000000
  make_certificate
  start_vsftpd ftpd ssl_enable=YES allow_anon_ssl=YES force_anon_logins_ssl=YES force_anon_data_ssl=YES \
    require_ssl_reuse=YES "rsa_cert_file=$PWD/cert.pem" "rsa_private_key_file=$PWD/key.pem"
  local url=ftps${ftp#ftp}file
  cmd ftp-get --ca cert.pem -o got "$url"
  cmd cmp srv/file got/file
  cmd ftp-get --ca cert.pem -n 3 -o got/parts "$url"
  cmd cmp srv/file got/parts
  cmd 69 ftp-get -o got/none "$url"
  same "$stderr" "ftp-get: fatal: $url: self-signed certificate"
  cmd 69 ftp-get --ca cert.pem -o got/none "${url/127.0.0.1/localhost}"
  same "$stderr" "ftp-get: fatal: ${url/127.0.0.1/localhost}: the certificate is for another host"
  cmd 77 ftp-get -o got/none "${ftp}file"
  same "$(ls got)" 'file
parts'
}

@test "B50: ftp-get: https, with its own certificate authority; not from https to http" {
  offer file 3000000
  make_certificate
  NGINX_LISTEN=ssl start_nginx web "ssl_certificate $PWD/cert.pem;" "ssl_certificate_key $PWD/key.pem;" \
    'location /down { return 302 http://127.0.0.1/file; }' 'location /there { return 301 /file; }'
  local https=https${http#http}
  cmd ftp-get --ca cert.pem -n 2 -o got "${https}file"
  cmd cmp srv/file got/file
  cmd ftp-get --ca cert.pem -o got/there "${https}there"
  cmd cmp srv/file got/there
  cmd 65 ftp-get --ca cert.pem -o got/none "${https}down"
  same "$stderr" "ftp-get: fatal: ${https}down: a redirect from https to http is not followed"
  cmd 69 ftp-get -o got/none "${https}file"
  same "$stderr" "ftp-get: fatal: ${https}file: self-signed certificate"
}

@test "ftp-get: on a terminal, a bar, how far it is, how fast, and the time left; nothing of it with -q" {
  need script
  offer file 3000000
  start_nginx web
  cmd script -qec "ftp-get -r 1500 -o got ${http}file" /dev/null
  like "$output" 'file: \[#*\.*\] [0-9]+ %, [0-9.]+ [KM]B of 2.9 MB, [0-9.]+ [KM]B/s, 0:0[0-9] left'
  cmd script -qec "ftp-get -q -r 1500 -o got ${http}file" /dev/null
  [[ $output != *left* ]]
}
