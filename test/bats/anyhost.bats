load helpers
load daemon
load relays
load named

# The server side as it runs on a host: start.sh with real relays, a real named, and a client.

setup() {
  clean_place
  need nginx named rndc dig
  start_relays 4
}
teardown() { stop_daemon; }

answers_another() {
  dig +short +norec +tries=1 +time=1 -p "$named_port" @127.0.0.1 www.example.com. A >answer
  [ -s answer ] && [ "$(cat answer)" != "$1" ]
}
# client_agrees OTHER: a client of $http gets the answer that named gives, which is not OTHER; rounds may go on meanwhile
client_agrees() {
  answers_another "$1" || return 1
  fetch-anyhost -q -o client/anyhost "http://127.0.0.1:$http/" || return 1
  grep -E "^www\.example\.com\. +IN +A +$(cat answer) " client/anyhost
}
mailed() { grep -qF "$1" mails/*; }

# domain_conf ADDRESS...: www.example.com on the relays
domain_conf() {
  printf '*. N N 1 3 2 512 1 Y wild Y 200 0.0.0.0\nwild. N N 1 3 2 512 1 Y no Y 200 127.0.0.2\n'
  printf 'www.example.com N Y 1 2 1.5 4096000 1 Y no GET:fake.com/2M.dat 200 %s Y %s N 100:0 3 Y\n' \
    "$(IFS='|' && echo "$*")" "$relay_port"
}

@test "anyhost: the daemon measures, writes, reloads named, serves and alerts; the answer moves when a relay stops" {
  mkdir mails client
  printf '#!/bin/sh\ncat >"$(mktemp "%s/mails/XXXXXX")"\n' "$PWD" >sendmail
  chmod 755 sendmail
  domain_conf 127.0.0.5 127.0.0.4 127.0.0.3 127.0.0.2 >domain.conf
  # The first zone is there when named starts.
  settings write=--wildcards
  cmd run-round -c anyhost.conf period=10
  start_named "$PWD/anyhost"
  local http answer
  http=$(free_port)
  settings "alert=-t ops@example.com --sendmail $PWD/sendmail --state $PWD/alerts.json" write=--wildcards \
    "reload=--rndc '${rndc[*]}' --port $named_port"
  sed -i -e 's/^period=.*/period=3/' -e "s/^listen=.*/listen=127.0.0.1:$http/" anyhost.conf
  cmd start.sh -T -c anyhost.conf
  cmd start.sh -c anyhost.conf
  wait_for 10 answers_another ''
  wait_for 40 test -e state/round/reload-named.ndjson
  answer=$(cat answer)
  like "$answer" '^127\.0\.0\.[2-5]$'
  stop "relay-${answer##*.}"
  wait_for 60 answers_another "$answer"
  wait_for 20 client_agrees "$answer"
  echo 'broken line' >>domain.conf
  wait_for 40 mailed domain.conf:4
  kill -s TERM "$(cat daemon)"
  wait_for 20 no_process bin/
}

@test "anyhost: an emptied domain.conf changes nothing, and is mailed" {
  mkdir mails
  printf '#!/bin/sh\ncat >"$(mktemp "%s/mails/XXXXXX")"\n' "$PWD" >sendmail
  chmod 755 sendmail
  domain_conf 127.0.0.2 127.0.0.3 >domain.conf
  settings "alert=-t ops@example.com --sendmail $PWD/sendmail --state $PWD/alerts.json" write=--wildcards
  cmd run-round -c anyhost.conf period=10
  local before
  before=$(sha256sum anyhost)
  : >domain.conf
  cmd 1 run-round -c anyhost.conf period=10
  same "$(sha256sum anyhost)" "$before"
  wait_for 5 mailed refus
}
