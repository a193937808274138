# A real OpenSMTPD of the test's own: its spool and its control socket are in a mount namespace, so that it neither
# meets nor disturbs the one of this host. It delivers mail for @example.com to mail/USER/new.
# shellcheck shell=bash

# start_smtpd: listens on 127.0.0.1:$smtp_port; its sendmail is run by "${beside[@]}"
start_smtpd() {
  need smtpd unshare nsenter
  need_root
  unshare --mount mount -t tmpfs none /var/spool 2>/dev/null || skip 'needs to mount in a namespace'
  smtp_port=$(free_port)
  mkdir -p mail
  chown nobody mail
  cat >smtpd.conf <<CONF
listen on socket
listen on 127.0.0.1 port $smtp_port
action deliver maildir "$PWD/mail/%{rcpt.user}" virtual { "@" = nobody } userbase { nobody = "65534:65534:$PWD/mail" }
match from any for domain "example.com" action deliver
CONF
  cat >smtpd.sh <<'SH'
mount -t tmpfs none /var/spool && mount -t tmpfs none /run && exec smtpd -d -f smtpd.conf
SH
  # The delivery runs as nobody, and has to get here.
  local up=$PWD
  while [ "$up" != / ]; do
    chmod a+x "$up"
    up=$(dirname "$up")
  done
  background smtpd unshare --mount --propagation private sh smtpd.sh
  wait_for 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$smtp_port"
  beside=(nsenter -t "$(cat smtpd.pid)" -m "--wd=$PWD")
}

# start_tls_relay: nginx before that smtpd, since Debian 12's OpenSMTPD loses its TLS key under OpenSSL 3: TLS and login
# on $smtps_port, STARTTLS and login on $auth_port, STARTTLS without login on $starttls_port. The user is ops, the
# password `se:cr3t`, the certificate cert.pem for localhost.
start_tls_relay() {
  local module=/usr/lib/nginx/modules/ngx_mail_module.so http_port
  need nginx openssl
  [ -e "$module" ] || skip "needs nginx's mail module"
  smtps_port=$(free_port) auth_port=$(free_port) starttls_port=$(free_port) http_port=$(free_port)
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
  cat >relay.conf <<CONF
load_module $module;
daemon off; master_process off; pid $PWD/relay.run; error_log stderr; events {}
http {
  access_log off;
  map \$http_auth_method:\$http_auth_user:\$http_auth_pass \$verdict {
    default "Invalid login"; "none::" OK; "plain:ops:se:cr3t" OK; "plain:ops:se%3Acr3t" OK;
  }
  server {
    listen 127.0.0.1:$http_port;
    add_header Auth-Status \$verdict; add_header Auth-Server 127.0.0.1; add_header Auth-Port $smtp_port;
    location / { return 204; }
  }
}
mail {
  server_name localhost; auth_http 127.0.0.1:$http_port/; xclient off;
  ssl_certificate $PWD/cert.pem; ssl_certificate_key $PWD/key.pem;
  server { listen 127.0.0.1:$smtps_port ssl; smtp_auth plain; protocol smtp; }
  server { listen 127.0.0.1:$auth_port; starttls only; smtp_auth plain; protocol smtp; }
  server { listen 127.0.0.1:$starttls_port; starttls on; smtp_auth none; protocol smtp; }
}
CONF
  background relay nginx -e stderr -p "$PWD" -c relay.conf
  wait_for 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$auth_port"
}

# mails USER: how many mails USER has got
mails() {
  find "mail/$1/new" -type f 2>/dev/null | wc -l
}

# got_mails USER COUNT: true when USER has COUNT mails
got_mails() {
  [ "$(mails "$1")" -eq "$2" ]
}

# last_mail USER: the newest mail of USER
last_mail() {
  local files
  files=$(find "mail/$1/new" -type f -printf '%T@ %p\n' | sort -n)
  cat "$(tail -n 1 <<<"$files" | cut -d' ' -f2-)"
}
