load helpers
load certificates
load mock-server

setup() {
  clean_place
  need openssl
  make_ca ca
  make_certificate server ca DNS:localhost,IP:127.0.0.1
}
teardown() { stop_all; }

# reports SERVER OPTION...: it answers by TLS, and stderr is empty
reports() {
  local server=$1
  shift
  cmd agent-report "$@" < <(snapshot "$server")
  same "$stderr" ''
  cmd jq -e --arg server "https://${server#https://}" '.type == "reply" and .server == $server' <<<"$output"
}

# refuses SERVER REASON OPTION...: it is a failed server for this reason, and was told nothing
refuses() {
  local server=$1 reason=$2 before
  shift 2
  before=$(cat ./*.out | wc -l)
  cmd 69 agent-report "$@" < <(snapshot "$server")
  same "$stderr" "agent-report: warning: server '$server': $reason
agent-report: fatal: no server answered"
  same "$(cat ./*.out | wc -l)" "$before"
}

@test "B63: TLS with a CA of our own, by address and by name, for one server or for all" {
  start_server one --tls server.pem,server.key
  reports "https://127.0.0.1:$port" --ca ca.pem
  reports "https://localhost:$port" --ca ca.pem
  reports "127.0.0.1:$port" --tls --ca ca.pem
  reports "127.0.0.1:$port" --ca ca.pem # which implies --tls
  cmd agent-report --ca ca.pem < <(snapshot "https://127.0.0.1:$port" '.registered = false')
  cmd jq -e '.body.ipaddr == "127.0.0.1"' <<<"$(grep '"register"' one.out)"
}

@test "B63: a certificate of another CA, none that is known, expired, of another name" {
  make_ca other
  start_server one --tls server.pem,server.key
  refuses "https://127.0.0.1:$port" 'unable to verify the first certificate' --ca other.pem
  refuses "https://127.0.0.1:$port" 'unable to verify the first certificate'
  NODE_TLS_REJECT_UNAUTHORIZED=0 cmd 69 agent-report < <(snapshot "https://127.0.0.1:$port")
  like "$stderr" 'unable to verify the first certificate'
  make_certificate expired ca IP:127.0.0.1 -1
  start_server two --tls expired.pem,expired.key
  refuses "https://127.0.0.1:$port" 'certificate has expired' --ca ca.pem
  make_certificate named ca DNS:other.example.com
  start_server three --tls named.pem,named.key
  refuses "https://localhost:$port" 'the certificate is for another host' --ca ca.pem
  refuses "https://127.0.0.1:$port" 'the certificate is for another host' --ca ca.pem
}

@test "B63: a client certificate that the server wants" {
  make_ca clients
  make_certificate me clients DNS:host1
  make_certificate stranger ca DNS:host1
  start_server one --tls server.pem,server.key,clients.pem
  reports "https://127.0.0.1:$port" --ca ca.pem --cert me.pem --key me.key
  cat me.pem me.key >both.pem
  reports "https://127.0.0.1:$port" --ca ca.pem --cert both.pem
  cmd 69 agent-report --ca ca.pem < <(snapshot "https://127.0.0.1:$port")
  like "$stderr" "server 'https://127.0.0.1:$port': (tlsv13 alert certificate required|the connection was closed without an answer)"
  cmd 69 agent-report --ca ca.pem --cert stranger.pem --key stranger.key < <(snapshot "https://127.0.0.1:$port")
  like "$stderr" "server 'https://127.0.0.1:$port': "
  same "$(wc -l <one.out)" 2
}

@test "B63: a pinned key, in hexadecimal or base64; another key is refused though its certificate is valid" {
  make_certificate second ca IP:127.0.0.1
  local pin
  pin=$(pin_of server | hex)
  start_server one --tls server.pem,server.key
  reports "https://127.0.0.1:$port" --ca ca.pem --pin "$pin"
  reports "https://127.0.0.1:$port" --ca ca.pem --pin "sha256//$(pin_of server | base64 -w 0)"
  refuses "https://127.0.0.1:$port" "its public key is not the pinned one, but $pin" --ca ca.pem --pin "$(pin_of second | hex)"
  refuses "https://127.0.0.1:$port" 'unable to verify the first certificate' --pin "$pin"
}

@test "B63: there is no way back to plain: neither of a server nor of a list" {
  start_server plain
  local down
  down=$(free_port)
  cmd 69 agent-report -t 2 < <(snapshot "https://127.0.0.1:$port")
  same "$(wc -l <plain.out)" 0
  cmd 69 agent-report -t 2 --tls < <(snapshot "127.0.0.1:$port")
  same "$(wc -l <plain.out)" 0
  cmd 69 agent-report < <(snapshot "https://127.0.0.1:$down,127.0.0.1:$port")
  same "$stderr" "agent-report: warning: server 'https://127.0.0.1:$down': connection refused
agent-report: warning: server '127.0.0.1:$port': not asked: it is without TLS, others are not
agent-report: fatal: no server answered"
  same "$(wc -l <plain.out)" 0
}

@test "B63: certificates and keys that are of no use, before anything is sent" {
  make_certificate me ca DNS:host1
  start_server one --tls server.pem,server.key
  echo nonsense >nonsense.pem
  cmd 74 agent-report --ca gone.pem < <(snapshot "127.0.0.1:$port")
  like "$stderr" "fatal: unable to read 'gone.pem': no such file or directory"
  cmd 78 agent-report --ca nonsense.pem < <(snapshot "127.0.0.1:$port")
  like "$stderr" "fatal: unable to use the certificates and the key: "
  cmd 78 agent-report --cert nonsense.pem < <(snapshot "127.0.0.1:$port")
  like "$stderr" "fatal: unable to use the certificates and the key: "
  cmd 78 agent-report --cert me.pem --key server.key < <(snapshot "127.0.0.1:$port")
  like "$stderr" 'fatal: unable to use the certificates and the key: '
  cmd 64 agent-report --key me.key < <(snapshot "127.0.0.1:$port")
  like "$stderr" 'usage: --key needs --cert'
  same "$(wc -l <one.out)" 0
}

@test "B63: a server that is slow in TLS, and one that ends in the midst of it" {
  background silent "$NODE" -e 'require("node:net").createServer(() => {}).listen(0, "127.0.0.1", function () { console.log(this.address().port) })'
  background closing "$NODE" -e 'require("node:net").createServer(s => s.once("data", () => s.destroy())).listen(0, "127.0.0.1", function () { console.log(this.address().port) })'
  wait_for 10 test -s silent.out
  wait_for 10 test -s closing.out
  cmd 69 agent-report -t 0.5 < <(snapshot "https://127.0.0.1:$(<silent.out),https://127.0.0.1:$(<closing.out)")
  same "$stderr" "agent-report: warning: server 'https://127.0.0.1:$(<silent.out)': no connection within 0.5 seconds
agent-report: warning: server 'https://127.0.0.1:$(<closing.out)': the connection was closed without an answer
agent-report: fatal: no server answered"
}
