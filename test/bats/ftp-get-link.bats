load helpers
load transfer
load namespace

setup() {
  clean_place
  mkdir got
}
teardown() { stop_all; }

# get [STATUS] ARG...: ftp-get on the host here
get() {
  local status_wanted=0
  case $1 in [0-9]*) status_wanted=$1 && shift ;; esac
  cmd "$status_wanted" "${here[@]}" ftp-get "$@"
}

@test "B50: ftp-get -r: a rate under what the link takes: no packet of it has to wait" {
  offer file 2000000
  two_hosts
  # What the kernel takes ahead is not ours to hold.
  "${here[@]}" sh -c 'echo "4096 65536 131072" >/proc/sys/net/ipv4/tcp_rmem'
  start_nginx web
  start_vsftpd ftpd
  local url
  for url in "${http}file" "${ftp}file"; do
    limit_cable 8mbit 1m
    get --sha256 "$(sum srv/file)" -o got "$url"
    [ "$(held_packets)" -gt 0 ]
    limit_cable 8mbit 1m
    get -r 400 -n 2 --sha256 "$(sum srv/file)" -o got "$url"
    same "$(held_packets)" 0
  done
}

@test "B50: ftp-get -n 4: through servers that limit each connection: four at a time, each part once, the file whole" {
  need ss
  offer file 4000000
  two_hosts
  start_nginx web 'limit_rate 400k;'
  background get "${here[@]}" ftp-get -n 4 -o got "${http}file"
  wait_for 10 four_connections "${http##*:}"
  wait "$(<get.pid)"
  rm get.pid
  cmd cmp srv/file got/file
  same "$(grep -o '" 206 [0-9]*' web.log | sort | uniq -c | tr -s ' ' | tr '\n' ';')" ' 1 " 206 1; 4 " 206 1000000;'
  rm got/file
  start_vsftpd ftpd anon_max_rate=400000
  background get "${here[@]}" ftp-get -n 4 -o got "${ftp}file"
  wait_for 10 four_connections "$ftp_port"
  wait "$(<get.pid)"
  rm get.pid
  cmd cmp srv/file got/file
  same "$(grep -o '"REST [0-9]*"' ftpd.log | sort -u | tr -d '\n')" '"REST 0""REST 1""REST 1000000""REST 2000000""REST 3000000"'
}

four_connections() { [ "$(connections_there "${1%/}")" -eq 4 ]; }

# part_is_there: there is a file on its way, and the note that 200 KB of it are there
part_is_there() { grep -q '"spans":\[\[0,[2-9][0-9]\{5\}' got/.file.tmp.*.note; }

@test "B50: ftp-get -c: a cable that is pulled in the midst of it, and plugged in again" {
  offer file 2000000
  two_hosts
  start_nginx web
  start_vsftpd ftpd
  limit_cable 4mbit 64k
  local url
  for url in "${http}file" "${ftp}file"; do
    background get "${here[@]}" ftp-get -c -t 2 -o got "$url"
    wait_for 15 part_is_there
    "${there[@]}" ip link set cable down
    wait_for 15 grep -q fatal get.err
    stop get
    same "$stopped $(<get.err)" "69 ftp-get: fatal: $url: nothing came within 2 seconds"
    "${there[@]}" ip link set cable up
    get -c --sha256 "$(sum srv/file)" -o got "$url"
    cmd jq -e '.resumed >= 200000' <<<"$output"
    rm got/file
  done
}

@test "B50: ftp-get: hosts that nobody is at, that refuse, and that no way leads to (69)" {
  two_hosts
  get 69 -t 1 -o got http://10.66.0.9/file ftp://10.66.0.9/file
  like "$stderr" 'http://10.66.0.9/file: (no connection within 1 seconds|no route to host)'
  like "$stderr" 'ftp://10.66.0.9/file: (nothing came within 1 seconds|no route to host)'
  get 69 -o got ftp://10.66.0.2/file http://10.66.0.2/file
  same "$stderr" 'ftp-get: fatal: ftp://10.66.0.2/file: connection refused
ftp-get: fatal: http://10.66.0.2/file: connection refused'
  get 69 -o got http://192.0.2.1/file ftp://192.0.2.1/file
  same "$stderr" 'ftp-get: fatal: http://192.0.2.1/file: network is unreachable
ftp-get: fatal: ftp://192.0.2.1/file: network is unreachable'
}

@test "B50: ftp-get: ftps from the first byte on, at port 990" {
  offer file 300000
  make_certificate 10.66.0.2
  two_hosts
  VSFTPD_PORT=990 start_vsftpd ftpd ssl_enable=YES implicit_ssl=YES allow_anon_ssl=YES force_anon_logins_ssl=YES \
    force_anon_data_ssl=YES "rsa_cert_file=$PWD/cert.pem" "rsa_private_key_file=$PWD/key.pem"
  get --ca cert.pem -n 2 --sha256 "$(sum srv/file)" -o got ftps://10.66.0.2:990/file
  get 69 -o got ftps://10.66.0.2:990/file
  same "$stderr" 'ftp-get: fatal: ftps://10.66.0.2:990/file: self-signed certificate'
}

@test "B50: ftp-get: by IPv6: EPSV" {
  offer file 300000
  two_hosts
  "${there[@]}" ip -6 address show dev cable | grep -q fd66 || skip 'needs IPv6'
  start_vsftpd ftpd listen=NO listen_ipv6=YES
  get -n 2 --sha256 "$(sum srv/file)" -o got "ftp://[fd66::2]:$ftp_port/file"
  start_nginx web "listen [::]:8080;"
  get -n 2 --sha256 "$(sum srv/file)" -o got "http://[fd66::2]:8080/file"
}

# names [STATUS] ARG...: ftp-get on the host here, which asks the one there about names
names() {
  local status_wanted=0
  case $1 in [0-9]*) status_wanted=$1 && shift ;; esac
  printf 'nameserver 10.66.0.2\noptions timeout:30 attempts:5\n' >resolv.conf
  printf '127.0.0.1 localhost\n10.66.0.1 depot\n10.66.0.2 depot\n' >hosts
  CMD_LIMIT=10 cmd "$status_wanted" "${here[@]}" unshare --mount sh -ec '
    mount --bind resolv.conf /etc/resolv.conf; mount --bind hosts /etc/hosts; exec ftp-get "$@"' sh "$@"
}

# dns NAME SCRIPT: a name server there; it has the query in q
dns() {
  background "$1" "${there[@]}" "$NODE" -e "const s = require('node:dgram').createSocket('udp4')
    s.on('message', (q, from) => { $2 }).bind(53, '10.66.0.2', () => console.log('up'))"
  wait_for 10 grep -q up "$1.out"
}

@test "B66: ftp-get: a name server that never answers does not hold it longer than -t" {
  need getent
  two_hosts
  dns silent 'console.log("asked")'
  names 69 -t 1 -o got http://depot.example/file ftp://depot.example/file
  same "$stderr" 'ftp-get: fatal: http://depot.example/file: no answer about its name within 1 seconds
ftp-get: fatal: ftp://depot.example/file: no answer about its name within 1 seconds'
  cmd grep -q asked silent.out
}

@test "B66: ftp-get: names that do not resolve (69); a name with several addresses, of which the first one refuses" {
  need getent
  offer file 1000
  two_hosts
  dns unknown 'q[2] |= 0x80; q[3] = 3; s.send(q, from.port, from.address)'
  names 69 -o got http://depot.example/file ftp://depot.example/file
  same "$stderr" 'ftp-get: fatal: http://depot.example/file: the name does not resolve
ftp-get: fatal: ftp://depot.example/file: the name does not resolve'
  start_nginx web
  names -o got "http://depot:${http##*:}file"
  start_vsftpd ftpd
  names -n 2 -o got "ftp://depot:$ftp_port/file"
  cmd cmp srv/file got/file
}
