# Real servers to download from, each of this test alone: on loopback, or on the host `there` of namespace.bash.
# shellcheck shell=bash

# Where they are, and how they get there.
server_address=127.0.0.1
there=()

# start_vsftpd NAME [LINE...]: vsftpd that serves ./srv (made here) to anonymous; further lines go into its configuration.
# Sets $ftp_port and $ftp, the URL up to the last slash. As root only: it changes its root directory. It becomes daemon,
# whose home is there: it goes there first, and nobody has none.
start_vsftpd() {
  need vsftpd
  need_root
  local name=$1 line
  shift
  ftp_port=${VSFTPD_PORT:-$(free_port)}
  ftp=ftp://$server_address:$ftp_port/
  mkdir -p srv empty
  cat >"$name.conf" <<END
listen=YES
listen_address=$server_address
listen_port=$ftp_port
background=NO
anonymous_enable=YES
anon_root=$PWD/srv
local_enable=NO
write_enable=NO
use_localtime=NO
secure_chroot_dir=$PWD/empty
ftp_username=daemon
nopriv_user=nobody
seccomp_sandbox=NO
vsftpd_log_file=$PWD/$name.log
xferlog_enable=YES
log_ftp_protocol=YES
END
  for line; do printf '%s\n' "$line" >>"$name.conf"; done
  open_way
  chmod 755 empty
  background "$name" "${there[@]}" vsftpd "$PWD/$name.conf"
  wait_for 10 accepts "$ftp_port"
}

# start_proftpd NAME [LINE...]: proftpd that serves ./srv to anonymous; further lines go into its configuration. Sets $ftp.
start_proftpd() {
  local proftpd=/usr/local/lib/fleetutils-test/proftpd-core/usr/sbin/proftpd name=$1 port
  shift
  need "$proftpd"
  need_root
  port=$(free_port)
  ftp=ftp://127.0.0.1:$port/
  mkdir -p srv
  open_way
  cat >"$name.conf" <<END
ServerType standalone
DefaultAddress 127.0.0.1
Port $port
User nobody
Group nogroup
PidFile $PWD/$name.run
ScoreboardFile $PWD/$name.score
SystemLog $PWD/$name.log
DelayTable none
WtmpLog off
TransferLog none
UseReverseDNS off
UseFtpUsers off
AuthOrder ${PROFTPD_LOGINS:-mod_auth_unix.c}
$(printf '%s\n' "$@")
<Anonymous $PWD/srv>
  User nobody
  Group nogroup
  UserAlias anonymous nobody
  RequireValidShell off
</Anonymous>
END
  background "$name" "$proftpd" -n -c "$PWD/$name.conf"
  wait_for 10 accepts "$port"
}

# open_way: ./srv is reached by nobody, who an FTP server becomes
open_way() {
  chmod a+x "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}"
  chmod 755 "$BATS_TEST_TMPDIR" srv
}

accepts() { "${there[@]}" bash -c ': <"/dev/tcp/$0/$1"' "$server_address" "$1" 2>/dev/null; }

# start_nginx NAME [LINE...]: nginx that serves ./srv; further lines go into its server block. Sets $http.
start_nginx() {
  need nginx
  local name=$1 port
  shift
  port=$(free_port)
  http=http://$server_address:$port/
  mkdir -p srv "$name.d"
  cat >"$name.conf" <<END
daemon off;
master_process off;
$([ "$(id -u)" -ne 0 ] || echo 'user root;')
pid $PWD/$name.d/run;
error_log stderr;
events { worker_connections 64; }
http {
  access_log $PWD/$name.log;
  limit_conn_zone all zone=all:1m;
  client_body_temp_path $PWD/$name.d/body;
  proxy_temp_path $PWD/$name.d/proxy;
  fastcgi_temp_path $PWD/$name.d/fastcgi;
  uwsgi_temp_path $PWD/$name.d/uwsgi;
  scgi_temp_path $PWD/$name.d/scgi;
  server {
    listen $server_address:$port ${NGINX_LISTEN:-};
    root $PWD/srv;
$(printf '    %s\n' "$@")
  }
}
END
  background "$name" "${there[@]}" nginx -p "$PWD" -c "$PWD/$name.conf" -e stderr
  wait_for 10 accepts "$port"
}

# sum FILE: its SHA-256
sum() { sha256sum "$1" | cut -d' ' -f1; }

# offer NAME SIZE: ./srv/NAME of so many random bytes
offer() {
  mkdir -p "$(dirname "srv/$1")"
  head -c "$2" /dev/urandom >"srv/$1"
}

# nothing_left: there is no temporary file in ./got
nothing_left() { same "$(find got -name '.*.tmp.*' -o -name '*.part*')" ''; }

# make_certificate [ADDRESS]: a certificate for it that signs itself, in ./cert.pem and ./key.pem
make_certificate() {
  need openssl
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=depot \
    -addext "subjectAltName=IP:${1:-127.0.0.1}" -keyout key.pem -out cert.pem 2>/dev/null
}
