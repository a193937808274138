load helpers

# The client line of contrib/cron/anyhost-fetch, run by a real cron, with two servers of which one goes and comes back.

setup() {
  clean_place
  need_root
  need cron flock
  ! pgrep -x cron >/dev/null || skip 'a cron runs already'
  line=/etc/cron.d/fleetutils-test-$$
}
teardown() {
  [ -z "${line:-}" ] || rm -f "$line"
  stop_all
}

# zone NAME SERIAL ADDRESS: a zone file with its end marker, made by write-anyhost
zone() {
  printf '%s N N 1 3 2 512 1 Y no Y 200 %s\n' wild. 127.0.0.1 www.example.com "$3" >"$1.conf"
  probe-ips -q "$1.conf" | rank-ips | write-anyhost --wildcards --checkzone none --serial "$2" -o "$1" >/dev/null
}

# serve NAME PORT: serve-anyhost as a background job NAME-server
serve() {
  background "$1-server" serve-anyhost -q -l "127.0.0.1:$2" "$1"
  wait_for 10 grep -q 'listening on' "$1-server.err"
}

installed_serial() { grep -q "^[[:space:]]*$1;" client/anyhost; }

@test "cron: the client line fetches, survives a server that goes, and tells who gave the file" {
  mkdir client
  zone first 1000 127.0.0.2
  zone second 2000 127.0.0.3
  local first second
  first=$(free_port)
  serve first "$first"
  second=$(free_port)
  serve second "$second"
  # The line as it is shipped, but for the places, and without the splay, which may take most of the minute.
  sed -e "s|^PATH=.*|PATH=$PATH|" -e "s|^SERVERS=.*|SERVERS=\"http://127.0.0.1:$first/ http://127.0.0.1:$second/\"|" \
    -e "s|^FILE=.*|FILE=$PWD/client/anyhost|" -e "s|/run/anyhost-fetch.lock|$PWD/lock|" -e 's|splay 50; ||' \
    -e "s#| reload-named .*'#>>$PWD/records 2>>$PWD/errors'#" \
    "$REPO/contrib/cron/anyhost-fetch" >"$line"
  chmod 644 "$line"
  background cron cron -f
  wait_for 75 installed_serial 1000
  cmd jq -se --arg url "http://127.0.0.1:$first/" '.[0] | .type == "fetch" and .server == $url and .changed' records
  stop first-server
  stop second-server KILL
  zone first 3000 127.0.0.4
  serve second "$second"
  # The usual server is down: the file stays until it has failed three times, then the other one is asked.
  run_line
  run_line
  installed_serial 1000
  run_line
  installed_serial 2000
  serve first "$first"
  run_line
  cmd jq -se '.[-1].server != null' records
}

# The command of the line once more, as cron would after a minute: with its shell and its environment.
run_line() {
  local command
  command=$(sed -n 's/^\* \* \* \* \* root //p' "$line")
  env -i HOME=/root SHELL=/bin/sh "$(sed -n 's/^PATH=/PATH=/p' "$line")" \
    "$(sed -n 's/^SERVERS="\(.*\)"/SERVERS=\1/p' "$line")" "$(sed -n 's/^FILE=/FILE=/p' "$line")" \
    /bin/sh -c "$command" || :
}
