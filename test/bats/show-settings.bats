load helpers
load daemon

setup() { clean_place; }

@test "show-settings: what it prints is a settings file, and the same again" {
  cmd show-settings -c /dev/null
  local first=$output
  printf '%s\n' "$first" >anyhost.conf
  cmd show-settings -c anyhost.conf
  same "$output" "$first"
  like "$first" '^conf=/etc/domain.conf
file=/var/lib/anyhost/anyhost
state=/var/lib/anyhost
pid=/run/anyhost.pid
log=/var/log/anyhost.log
period=60
listen=:8089
'
}

@test "show-settings: file over defaults, arguments over the file" {
  printf '# comment\n\n  period = 30\nlisten=:1\n' >anyhost.conf
  cmd show-settings -c anyhost.conf listen=:2
  cmd grep -xE 'period=30|listen=:2' <<<"$output"
  same "$output" 'period=30
listen=:2'
}

@test "show-settings: a shell gets the values and the words as they are" {
  cmd show-settings --sh -c /dev/null "probe=-t 3 --host 'a b' \"it's\" --path='/\$HOME \`id\`'" 'file=/tmp/a '\''b $(id)'
  eval "$output"
  eval "set -- $probe"
  same "$(printf '<%s>' "$@")" "<-t><3><--host><a b><it's><--path=/\$HOME \`id\`>"
  same "$file" "/tmp/a 'b \$(id)"
}

@test "show-settings: -t without the commands" {
  cp "$REPO/bin/show-settings" .
  PATH=/usr/bin:/bin cmd 69 ./show-settings -t -c /dev/null
  like "$stderr" "'probe-ips': no such program"
}

@test "show-settings: -t finds a value that its command refuses" {
  : >domain.conf
  cmd 78 show-settings -t -c /dev/null conf="$PWD/domain.conf" 'write=--keep x'
  same "$stderr" "write-anyhost: usage: option --keep: 'x' is not a whole number from 0 to 1000
show-settings: warning: write: write-anyhost ends with status 64
show-settings: fatal: 1 wrong in what the settings name"
}

@test "show-settings: every fault is told, and nothing printed" {
  printf 'period=0\nlisten=:99999\nfile=x\nconf=\n' >anyhost.conf
  cmd 78 show-settings -c anyhost.conf nonsense
  same "$output" ''
  same "$stderr" "show-settings: warning: anyhost.conf:1: period: '0' is not a whole number of seconds from 1 to 86400
show-settings: warning: anyhost.conf:2: listen: ':99999' is not an address and a port, ADDR:PORT
show-settings: warning: anyhost.conf:3: file: 'x' is not an absolute path
show-settings: warning: anyhost.conf:4: conf: '' is not a list of absolute paths
show-settings: warning: argument 1: not KEY=VALUE: 'nonsense'
show-settings: fatal: 5 wrong in the settings"
  cmd 64 show-settings --shh
}

@test "show-settings: an output that takes nothing is 74" {
  : >anyhost.conf
  cmd 74 bash -c 'show-settings -c anyhost.conf >/dev/full'
  same "$stderr" 'show-settings: fatal: unable to write: no space left on device'
}
