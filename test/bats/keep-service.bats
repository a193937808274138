load helpers
load wrapper

setup() { clean_place; }
teardown() { stop_all; }

runs() { [ "$(wc -l <runs)" -ge "$1" ]; }

# In what follows file descriptor 3, which bats keeps open, is not the report.

@test "keep-service: again after a growing delay, whatever the status" {
  background keeper keep-service sh -c 'echo >>runs; exit 3'
  wait_for 20 runs 3
  stop keeper
  same "$stopped" 0
  like "$(cat keeper.err)" '^keep-service: warning: sh ended with status 3, again in 1 s
keep-service: warning: sh ended with status 3, again in 2 s'
}

@test "keep-service: gives up where no retry mends it" {
  cmd 64 bash -c 'exec keep-service sh -c "exit 64" 3>&-'
  same "$stderr" 'keep-service: fatal: sh ended with status 64'
  cmd 78 bash -c 'exec keep-service -l log sh -c "echo text >&2; exit 78" 3>&-'
  like "$(cat log)" '^text
[0-9-]+T[0-9:]+Z keep-service: fatal: sh ended with status 78$'
  same "$stderr" ''
}

@test "keep-service: a start that is watched is reported, and not tried again" {
  cmd 74 bash -c 'keep-service sh -c "exit 74" 3>&1 >&2 | { read -r line; echo "$line"; exit 74; }'
  same "$output" '74:keep-service: fatal: sh ended with status 74'
}

@test "keep-service: the signals come to the command, which ends before it does" {
  background keeper keep-service sh -c 'trap "echo HUP >>heard" HUP; trap "echo USR1 >>heard" USR1
    trap "echo TERM >>heard; exit" TERM; while :; do sleep 1000 & wait; done'
  wait_for 10 pgrep -P "$(cat keeper.pid)"
  kill -s HUP "$(cat keeper.pid)"
  wait_for 10 grep -q HUP heard
  kill -s USR1 "$(cat keeper.pid)"
  wait_for 10 grep -q USR1 heard
  stop keeper
  same "$stopped" 0
  same "$(cat heard)" $'HUP\nUSR1\nTERM'
}

@test "keep-service: a signal while it starts, and while it waits, is no harm" {
  background keeper keep-service sh -c 'echo >>runs; exit 3'
  wait_for 10 grep -q 'again in 2 s' keeper.err
  kill -s HUP "$(cat keeper.pid)"
  kill -s USR1 "$(cat keeper.pid)"
  wait_for 10 runs 3
  stop keeper
  same "$stopped" 0
}

@test "keep-service: the command gets TERM when the keeper is killed" {
  background keeper keep-service sh -c 'echo $$ >inner; exec sleep 1000'
  wait_for 10 test -s inner
  stop keeper KILL
  wait_for 10 dead inner
}

@test "keep-service: wrong usage" {
  cmd 64 keep-service
  same "$stderr" 'keep-service: usage: COMMAND is missing'
  cmd 64 keep-service -x true
  same "$stderr" 'keep-service: usage: unknown option -x'
  cmd 64 keep-service -l
  same "$stderr" 'keep-service: usage: option -l needs a value: FILE'
  cmd keep-service --help
  like "$output" '^usage: keep-service '
  cmd keep-service -V
  like "$output" '^keep-service \(fleetutils\)'
}
