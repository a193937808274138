# The control socket of agent-spawn under good and bad clients.
# shellcheck shell=bash
load helpers
load agents

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
  [ ! -e "$BATS_TEST_TMPDIR/place" ] || rm -r "$(cat "$BATS_TEST_TMPDIR/place")"
}

# sends SCRIPT [ARG...]: a client: SCRIPT has `socket`, and `text` of all that came when it was closed
sends() {
  local script=$1
  shift
  timeout 60 "$NODE" -e '
    const [path, script, ...args] = process.argv.slice(1)
    const connect = () => require("node:net").connect(path).setEncoding("utf8").on("error", () => {})
    const socket = connect()
    let text = ""
    socket.on("data", chunk => (text += chunk)).on("close", () => process.stdout.write(text))
    eval(script)' "$BOOTAGENT_RUN/BootAgent.sock" "$script" "$@"
}

served() {
  agent One autostart=true startsecs=0
  spawn
  wait_for 10 is One running
}

@test "B57: garbage has one line of answer each that says why, and the others are served" {
  served
  same "$(sends 'socket.end("rubbish\n[]\n{}\nnull\n{\"ask\":\"fly\"}\n{\"ask\":\"status\",\"names\":[1]}\n\n{\"ask\":\"version\"}\n")' |
    jq -c '[.ok, .fault]' | tr '\n' ' ')" \
    '[false,"data"] [false,"data"] [false,"data"] [false,"data"] [false,"data"] [false,"data"] [true,null] '
  same "$(sends 'socket.end(Buffer.from([0, 1, 255, 254, 10, 13, 10, 0, 10]))' | jq -r .fault)" $'data\ndata'
  same "$(ask '{"ask":"stop","name":"Nobody","wait":0}' | jq -c '[.fault, .error]')" '["no","there is no agent '"'Nobody'"'"]'
  is One running
}

@test "B57: a line of more than 64 KiB is refused and its client closed, without a line end too" {
  served
  like "$(sends 'socket.write("x".repeat(65537) + "\n{\"ask\":\"version\"}\n")')" '"data".*the line has more than 65536 bytes'
  like "$(sends 'socket.write("x".repeat(200000)); socket.end()')" '"data".*the line has more than 65536 bytes'
  same "$(sends 'socket.end(JSON.stringify({ ask: "version", more: "x".repeat(60000) }) + "\n")' | jq .ok)" true
  is One running
}

@test "B57: many requests on one connection are answered in order" {
  served
  sends 'for (let i = 0; i < 500; i++) socket.write(i % 3 === 0 ? `{"ask":"status","names":["N${i}"]}\n` : i % 3 === 1
    ? `{"ask":"status","names":["One"]}\n` : `{"ask":"events","after":${i},"most":0,"wait":0}\n`); socket.end()' >answers
  same "$(wc -l <answers)" 500
  same "$(jq -r 'if .ok | not then "no " + (.error | match("N([0-9]+)").captures[0].string) else keys[0] end' answers | awk '
    NR % 3 == 1 && $0 != "no " (NR - 1) { print NR ": " $0 }
    NR % 3 == 2 && $0 != "agents" { print NR ": " $0 }
    NR % 3 == 0 && $0 != "events" { print NR ": " $0 }')" ''
}

@test "B57: one who waits holds up the next request of the same connection, and nobody else" {
  served
  agent Never startsecs=3600 "exec=\"/bin/sleep 3911.$$\""
  kill -s HUP "$(cat spawn.pid)"
  wait_for 10 is Never stoped
  same "$(sends 'socket.end("{\"ask\":\"start\",\"name\":\"Never\",\"wait\":2}\n{\"ask\":\"version\"}\n")' | jq -c '[.ok, .reached, .version != null]' | tr '\n' ' ')" \
    '[true,false,false] [true,null,true] '
  is One running
}

@test "B57: 100 clients at a time: those above the bound are told so, the others are served, and room comes again" {
  served
  sends '
    const { createInterface } = require("node:readline")
    const all = [socket]
    for (let i = 1; i < 100; i++) all.push(connect())
    let good = 0, again = 0, closed = 0
    const count = () => {
      if (good + again + closed < 100) return
      process.stdout.write(`${good} ${again} ${closed}\n`)
      for (const one of all) one.destroy()
    }
    for (const one of all) {
      let told = false
      one.on("close", () => told || (closed++, count()))
      createInterface({ input: one }).on("error", () => {}).once("line", line => {
        told = true
        if (JSON.parse(line).ok) good++
        else again++
        count()
      })
      one.write("{\"ask\":\"version\"}\n")
    }' >counts
  read -r good again closed <<<"$(grep -E '^[0-9]+ [0-9]+ [0-9]+$' counts)"
  same "$good" 64
  same $((again + closed)) 36
  [ "$again" -ge 1 ]
  wait_for 10 is One running # there is room again
}

@test "B57: a client that never reads costs nothing but itself" {
  served
  background deaf "$NODE" -e '
    const socket = require("node:net").connect(process.argv[1])
    socket.pause()
    const lines = "{\"ask\":\"status\",\"names\":[]}\n{\"ask\":\"config\"}\n".repeat(200)
    const more = () => { while (socket.write(lines)); }
    socket.on("drain", more).on("connect", more).on("error", () => {})
    setInterval(() => {}, 1000)' "$BOOTAGENT_RUN/BootAgent.sock"
  main=$(ask '{"ask":"version"}' | jq .pid)
  for _ in $(seq 20); do is One running; done
  same "$(move restart One | jq .reached)" true
  alive "$(cat deaf.pid)"
  [ "$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$main/status")" -lt 60000 ]
}

@test "B57: clients that come and go in the middle of a line leave nothing behind" {
  served
  main=$(ask '{"ask":"version"}' | jq .pid)
  fds() { find "/proc/$main/fd" | wc -l; }
  before=$(fds)
  sends 'let left = 300
    const next = () => {
      if (left-- === 0) return socket.end()
      const one = connect()
      one.on("connect", () => { one.write("{\"ask\":\"sta"); one.destroy() }).on("close", next)
    }
    next()'
  as_before() { [ "$(fds)" -le $((before + 5)) ]; } # a log may have come to be watched
  wait_for 10 as_before
  is One running
}

@test "B57: control is for its owner alone, heartbeats are for all, and nothing listens elsewhere" {
  need_root
  cd "$(mktemp -d "${TMPDIR:-/tmp}/fleetutils.XXXXXX")"
  printf '%s\n' "$PWD" >"$BATS_TEST_TMPDIR/place"
  chmod 755 .
  agents_place
  served
  same "$(stat -c '%U %a %F' run/BootAgent.sock)" 'root 600 socket'
  same "$(stat -c '%U %a %F' run/BootAgent.heartbeat.sock)" 'root 666 socket'
  as_nobody() { # SOCKET: the reason why it cannot be connected to
    setpriv --reuid nobody --regid nogroup --clear-groups perl -MIO::Socket::UNIX -e '
      print IO::Socket::UNIX->new(Peer => $ARGV[0]) ? "connected\n" : "$!\n"' "$1"
  }
  same "$(as_nobody run/BootAgent.sock)" 'Permission denied'
  same "$(as_nobody run/BootAgent.heartbeat.sock)" connected
  cmd 77 setpriv --reuid nobody --regid nogroup --clear-groups bootctl status
  like "$stderr" '^bootctl: fatal: .*permission denied'
  main=$(ask '{"ask":"version"}' | jq .pid)
  inodes=$(readlink "/proc/$main"/fd/* | sed -n 's/^socket:\[\(.*\)\]$/\1/p')
  for inode in $inodes; do
    [ "$(awk -v inode="$inode" '$10 == inode' /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 | wc -l)" = 0 ]
  done
  stop spawn
  [ ! -e run/BootAgent.sock ]
  [ ! -e run/BootAgent.heartbeat.sock ]
}

@test "B57 B58: bootctl on the real thing: status, stop, start, explain, events, config" {
  served
  agent Two startsecs=0 "exec=\"/bin/sleep 3912.$$\""
  kill -s HUP "$(cat spawn.pid)"
  wait_for 10 is Two stoped
  cmd bootctl status -j
  same "$(jq -r '"\(.name) \(.status)"' <<<"$output")" $'One running\nTwo stoped'
  cmd bootctl start Two
  like "$output" 'Two.*running'
  cmd bootctl restart One Two
  cmd bootctl stop Two
  cmd 1 bootctl status Nobody
  cmd bootctl explain One
  like "$output" 'running'
  cmd bootctl events -n 3
  cmd bootctl config show
  like "$output" 'sleep 3912'
  cmd bootctl config setlog warn
  like "$stderr" "the log level is 'warn' \(it was 'info'\)$"
  cmd bootctl version
  stop spawn
  cmd 69 bootctl status
}
