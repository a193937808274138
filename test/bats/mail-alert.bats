load helpers
load smtpd

setup() { clean_place; }
teardown() {
  # The children of these end with them; KILL would leave them.
  local name
  for name in relay smtpd; do [ ! -e "$name.pid" ] || stop "$name"; done
  stop_all
}

# scripted STAGE REPLY: our SMTP server that does REPLY at STAGE, at 127.0.0.1:$SMTP
scripted() {
  : >smtp.out
  background smtp "$NODE" "$REPO/test/servers/smtp.ts" "$@"
  wait_for 10 test -s smtp.out
  SMTP=$(head -n 1 smtp.out)
}

# alert [CODE] URL [ARG...]: mail-alert to ops@example.com by SMTP with a state file of the test's own
alert() {
  local code=0
  case $1 in [0-9]*) code=$1 && shift ;; esac
  local url=$1
  shift
  local state=(--state state.json)
  [[ " $* " != *' --state '* ]] || state=()
  cmd "$code" mail-alert -t ops@example.com -f cache01@example.com "${state[@]}" --smtp "$url" "$@"
}

# error KEY MESSAGE: an error record
error() {
  jq -cn --arg key "$1" --arg message "$2" '{type: "error", command: "fetch-anyhost", level: "fatal", $message, $key,
    file: "domain.conf", line: 12, time: "2026-11-22T01:02:03Z"}'
}

@test "mail-alert: one mail for all that came in, by real SMTP; records and text, headers safe, UTF-8 kept" {
  need jq
  start_smtpd
  {
    error a 'no server gave a valid file'
    echo '{"type":"ranking","domain":"x."}'
    echo 'rank-ips: info: 12 domains'
    echo 'rank-ips: warning: 3 addresses flap'
    echo 'rank-ips: warning: 4 addresses flap'
    error b "$(printf 'Gr\xc3\xbc\xc3\x9fe\r\nBcc: evil@example.com\r\n\r\nX')"
    echo 'Segmentation fault'
  } >input
  alert "smtp://127.0.0.1:$smtp_port" input
  same "$output$stderr" ''
  wait_for 10 got_mails ops 1
  last_mail ops >mail.txt
  cmd grep -c . <(grep -i '^subject: .*: 4 alerts: fetch-anyhost: fatal: no server gave a valid file' mail.txt)
  cmd grep -x 'From: cache01@example.com' mail.txt
  cmd grep -x 'To: ops@example.com' mail.txt
  cmd grep -x 'Auto-Submitted: auto-generated' mail.txt
  cmd 1 grep -i '^bcc:' mail.txt
  got_mails evil 0
  # The text, decoded, says each alert with its place and its time.
  "$NODE" -e '
    const text = require("node:fs").readFileSync("mail.txt", "utf8").split(/\n\n(.*)/s)[1]
    process.stdout.write(Buffer.from(text.replace(/=\n/g, "").replace(/=([0-9A-F]{2})/g, (_, h) =>
      String.fromCharCode(parseInt(h, 16))), "latin1"))' >body.txt
  same "$(head -n 3 body.txt)" 'fetch-anyhost: fatal: no server gave a valid file
    at domain.conf:12
    at 2026-11-22 01:02:03 UTC'
  cmd grep -xF "$(printf 'fetch-anyhost: fatal: Gr\xc3\xbc\xc3\x9fe Bcc: evil@example.com X')" body.txt
  cmd grep -A1 -xF 'rank-ips: warning: 4 addresses flap' body.txt
  like "$output" '    2 times since .* UTC, last at .* UTC'
  cmd grep -xF 'Segmentation fault' body.txt
  cmd 1 grep info body.txt

  # The second run changes nothing and mails nothing.
  alert "smtp://127.0.0.1:$smtp_port" input
  same "$(jq '[.alerts[].count] | add' state.json)" 10
  alert "smtp://127.0.0.1:$smtp_port" </dev/null
  got_mails ops 1
}

@test "mail-alert: the real sendmail interface" {
  need jq
  start_smtpd
  error a 'one' >input
  cmd "${beside[@]}" "$(command -v mail-alert)" -t ops@example.com -t duty@example.com --state state.json --sendmail /usr/sbin/sendmail input
  same "$output$stderr" ''
  wait_for 10 got_mails ops 1
  wait_for 10 got_mails duty 1
  last_mail ops >mail.txt
  cmd grep -i '^subject: .*: 1 alert: fetch-anyhost: fatal: one' mail.txt
  cmd grep -x 'To: ops@example.com, duty@example.com' mail.txt
}

@test "mail-alert: TLS, STARTTLS and login; a wrong password and an unknown certificate" {
  need jq
  start_smtpd
  start_tls_relay
  error a one >input
  printf 'ops:se:cr3t\n' >login
  chmod 600 login
  alert "smtps://localhost:$smtps_port" --tls-ca cert.pem --user-file login input
  wait_for 10 got_mails ops 1
  rm state.json
  printf 'machine elsewhere login x password y\nmachine localhost\n  login ops\n  password se:cr3t\n' >netrc
  chmod 600 netrc
  alert "smtp://localhost:$auth_port" --tls-ca cert.pem --user-file netrc input
  wait_for 10 got_mails ops 2
  rm state.json
  alert "smtp://ops:se%3Acr3t@localhost:$auth_port" --tls-ca cert.pem input
  wait_for 10 got_mails ops 3
  rm state.json
  alert "smtp://localhost:$starttls_port" --tls-ca cert.pem input
  wait_for 10 got_mails ops 4
  rm state.json

  alert 77 "smtp://ops:wr0ng@localhost:$auth_port" --tls-ca cert.pem input
  like "$stderr" "fatal: unable to mail 1 alert, the next run tries again: 'localhost:$auth_port': 535 "
  [[ $stderr != *wr0ng* ]]
  alert 78 "smtps://localhost:$smtps_port" --user-file login input
  like "$stderr" "'localhost:$smtps_port': self-signed certificate"
  alert 78 "smtps://localhost:$smtps_port" --tls-ca key.pem --user-file login input
  got_mails ops 4
}

@test "mail-alert: hourly, all-clear, and what is not repeated (--every, --clear-after)" {
  need jq
  scripted
  told() { grep -c '^Subject: ' smtp.out || :; }
  error a one >a.in
  error b two >b.in
  alert "smtp://127.0.0.1:$SMTP" --subject site a.in
  alert "smtp://127.0.0.1:$SMTP" --subject site a.in
  same "$(told)" 1
  alert "smtp://127.0.0.1:$SMTP" --subject site a.in b.in
  same "$(told)" 2
  cmd grep -A2 -x 'Still coming in, mailed less than 1 hour ago:' smtp.out
  like "$output" '  fetch-anyhost: fatal: one'
  # After the time it is mailed again, with its count.
  jq '.alerts.a.mailed -= 3601 | .alerts.a.first -= 3601' state.json >new && mv new state.json
  alert "smtp://127.0.0.1:$SMTP" --subject site a.in b.in
  same "$(told)" 3
  cmd grep '^    4 times since ' smtp.out
  # It no longer comes in: not over at once, over after a while; b is not, it is still coming.
  alert "smtp://127.0.0.1:$SMTP" --subject site b.in
  same "$(told)" 3
  jq '.alerts.a.last -= 301' state.json >new && mv new state.json
  alert "smtp://127.0.0.1:$SMTP" --subject site b.in
  same "$(told)" 4
  cmd grep -x 'Subject: site: all clear: fetch-anyhost: fatal: one' smtp.out
  alert "smtp://127.0.0.1:$SMTP" --subject site b.in
  same "$(told)" 4
  # By the real clock: both run out.
  rm state.json
  alert "smtp://127.0.0.1:$SMTP" --every 1 --clear-after 1 b.in
  wait_for 10 bash -c "mail-alert -t a@b.c --state state.json --every 1 --clear-after 1 --smtp smtp://127.0.0.1:$SMTP </dev/null
    [ \"\$(grep -c '^Subject: .*all clear' smtp.out)\" -eq 2 ]"
}

@test "mail-alert: not sent is not lost: each refusal has its status, the next run sends it" {
  need jq
  error a 'the first' >input
  # stage, reply, exit status, reason
  while IFS='|' read -r stage reply want reason; do
    rm -f state.json
    scripted "$stage" "$reply"
    CMD_LIMIT=30 alert "$want" "smtp://127.0.0.1:$SMTP" --timeout 3 input
    same "$(head -n 1 <<<"$stderr")" 'mail-alert: warning: not mailed: fetch-anyhost: fatal: the first (domain.conf:12)'
    like "$stderr" "fatal: unable to mail 1 alert, the next run tries again: '127.0.0.1:$SMTP': $reason"
    same "$(jq -c '.alerts.a | [.pending, .mailed, .count]' state.json)" '[true,null,1]'
    stop smtp
  done <<'TABLE'
greeting|421 too busy|75|421 too busy
mail|451 later|75|451 later
rcpt|550 no such user|1|550 no such user
data|554 no|1|554 no
text|552 too much|1|552 too much
greeting|stall|75|took too long
text|stall|75|took too long
greeting|cut|69|
data|cut|69|
greeting|flood|69|
TABLE
  # Nobody there at all.
  alert 69 "smtp://127.0.0.1:$(free_port)" </dev/null
  like "$stderr" ': connection refused$'
  # The alert has gone in the meantime, the mail tells it all the same.
  scripted
  alert "smtp://127.0.0.1:$SMTP" </dev/null
  cmd grep -x 'fetch-anyhost: fatal: the first' smtp.out
  same "$(jq '.alerts.a.pending' state.json)" false
}

@test "mail-alert: one address refused, the others taken: said, and mailed once" {
  need jq
  error a one >input
  scripted rcpt '550 unknown'
  alert "smtp://127.0.0.1:$SMTP" -t good@example.com input
  same "$stderr" "mail-alert: warning: 'ops@example.com' was refused: 550 unknown"
  alert "smtp://127.0.0.1:$SMTP" -t good@example.com input
  same "$stderr" ''
}

@test "mail-alert: the password stands in no message, even where a server repeats it" {
  need jq
  error a one >input
  scripted auth "535 $(printf '\0ops\0s3cret' | base64) s3cret no"
  alert 77 "smtp://ops:s3cret@127.0.0.1:$SMTP" input
  like "$stderr" ': 535 \*\*\* \*\*\* no$'
  cmd 64 mail-alert -t a@b.c --smtp 'http://ops:s3cret@host/'
  same "$stderr" 'mail-alert: usage: option --smtp: not of the form smtp://[USER:PASSWORD@]HOST[:PORT] or smtps://…'
  printf 'ops:s3cret\n' >login
  chmod 644 login
  alert 78 "smtp://127.0.0.1:$SMTP" --user-file login input
  like "$stderr" "'login' can be read by others: chmod 600 it$"
  : >login
  chmod 600 login
  alert 78 "smtp://127.0.0.1:$SMTP" --user-file login input
  like "$stderr" "'login' has no user and password for '127.0.0.1'$"
}

@test "mail-alert: a sendmail that is missing, fails, refuses or hangs" {
  need jq
  error a one >input
  deliver() {
    cmd "$1" mail-alert -t ops@example.com --state state.json --timeout 2 --sendmail "$2" input
  }
  deliver 69 ./none
  like "$stderr" "'./none': no such program$"
  while IFS='|' read -r body want reason; do
    printf '#!/bin/sh\n%s\n' "$body" >sendmail
    chmod 755 sendmail
    deliver "$want" ./sendmail
    like "$stderr" "$reason"
  done <<'TABLE'
echo later >&2; exit 75|75|'./sendmail' ended with 75: later$
exit 67|1|'./sendmail' ended with 67$
exit 77|77|'./sendmail' ended with 77$
exit 1|69|'./sendmail' ended with 1$
exec sleep 1h|75|'./sendmail' took more than 2 s$
TABLE
  # A name in the header, the address alone in the envelope.
  printf '#!/bin/sh\nprintf "%%s\\n" "$@" >args\ncat >mail.txt\n' >sendmail
  cmd mail-alert -t ops@example.com -f 'Any, host <anyhost@example.com>' --state other.json --sendmail ./sendmail input
  cmd grep -x 'From: "Any, host" <anyhost@example.com>' mail.txt
  same "$(sed -n 3p args)" anyhost@example.com
  # Arguments end before the addresses.
  printf '#!/bin/sh\nprintf "%%s\\n" "$@" >args\ncat >mail.txt\n' >sendmail
  deliver 0 ./sendmail
  same "$(tail -n 2 args)" '--
ops@example.com'
  cmd 1 grep -c $'\r' mail.txt
}

@test "mail-alert: -n prints the mail, sends and remembers nothing" {
  need jq
  error a one >input
  cmd mail-alert -n -t ops@example.com -f me@example.com --subject site --state state.json input
  same "$(sed '$d' <<<"$output")" 'From: me@example.com
To: ops@example.com
Subject: site: 1 alert: fetch-anyhost: fatal: one

fetch-anyhost: fatal: one
    at domain.conf:12
    at 2026-11-22 01:02:03 UTC'
  like "$output" $'UTC\n\nsite, 20'
  [ ! -e state.json ]
  cmd mail-alert -n -t ops@example.com --state state.json </dev/null
  same "$output" ''
}

@test "mail-alert: a torn state is told and started afresh; killed while sending, the state is the old one" {
  need jq
  error a one >input
  scripted
  printf '{"version":1,"al' >state.json
  alert "smtp://127.0.0.1:$SMTP" input
  same "$stderr" "mail-alert: warning: 'state.json': not JSON; starting afresh"
  same "$(jq .version state.json)" 1
  cp state.json before.json
  stop smtp
  scripted text stall
  error b two >>input
  background run mail-alert -t ops@example.com --state state.json --smtp "smtp://127.0.0.1:$SMTP" input
  wait_for 10 grep -qx '\.' smtp.out
  stop run KILL
  cmd cmp state.json before.json
  # Neither mail nor state can be written: the alert is told all the same.
  ln -s /proc/none blocked
  alert 69 "smtp://127.0.0.1:$(free_port)" --state blocked/state.json input
  like "$stderr" "warning: not mailed: fetch-anyhost: fatal: one .*
mail-alert: warning: unable to make 'blocked': .*
mail-alert: fatal: unable to mail 2 alerts"
  mkdir full
  cmd 74 mail-alert -t ops@example.com --state full --sendmail true </dev/null
  like "$stderr" "unable to read 'full'"
}

@test "mail-alert: a flood of alerts is one mail of a bounded size" {
  scripted
  seq 1 3000 | awk '{ n = $1; w = ""; while (n > 0) { w = w sprintf("%c", 97 + n % 10); n = int(n / 10) }; print "x: fatal: " w }' >input
  head -c 3000000 /dev/zero | tr '\0' y >>input
  alert 65 "smtp://127.0.0.1:$SMTP" input
  same "$stderr" 'mail-alert: warning: input:3001: a line that is too long'
  cmd grep -x 'And 2901 further alerts.' smtp.out
  [ "$(wc -c <smtp.out)" -lt 40000 ]
}

@test "mail-alert: usage, bad lines" {
  cmd 64 mail-alert </dev/null
  same "$stderr" 'mail-alert: usage: option -t is missing: TO'
  for wrong in '-oQ/tmp@x' 'a b@c' $'a@b\nBcc: c' 'a@b,c@d' '<a@b>' '"a"@b'; do
    cmd 64 mail-alert "--to=$wrong"
    like "$stderr" 'is not a mail address$'
  done
  cmd 64 mail-alert -t a@b --smtp smtp://h --sendmail x
  same "$stderr" 'mail-alert: usage: either --smtp or --sendmail'
  cmd 64 mail-alert -t a@b --user-file x
  same "$stderr" 'mail-alert: usage: option --user-file is for --smtp'
  cmd 64 mail-alert --evry 3
  same "$stderr" 'mail-alert: usage: unknown option --evry (did you mean --every?)'
  cmd 74 mail-alert -t a@b --state state.json no-such-file
  same "$stderr" "mail-alert: fatal: unable to open 'no-such-file': no such file or directory"
  cmd 65 mail-alert -n -t a@b --state state.json < <(printf '{"type":"error"}\n{torn\n')
  like "$stderr" "^mail-alert: warning: line 1: field 'command' is missing
mail-alert: warning: line 2: not JSON$"
  like "$output" 'Subject: .*: 2 alerts: mail-alert: warning: bad input: '
  cmd mail-alert -t a@b --state state.json </dev/null
  same "$output$stderr" ''
  [ ! -e state.json ]
}
