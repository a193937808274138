load helpers

setup() { clean_place; }
teardown() { stop_all; }

runs() { [ "$(wc -l <runs)" -ge "$1" ]; }

@test "keep-running: again after a growing delay, whatever the status" {
  background keeper keep-running sh -c 'echo >>runs; exit 3'
  wait_for 20 runs 3
  stop keeper
  same "$stopped" 0
  like "$(cat keeper.err)" '^keep-running: warning: sh ended with status 3, again in 1 s
keep-running: warning: sh ended with status 3, again in 2 s'
}

@test "keep-running: gives up where no retry mends it" {
  cmd 64 keep-running sh -c 'exit 64'
  same "$stderr" 'keep-running: fatal: sh ended with status 64'
  cmd 78 keep-running sh -c 'exit 78'
}

@test "keep-running: TERM ends the whole group, and waits for it" {
  background keeper keep-running sh -c 'sleep 1000 & echo $! >inner; trap "sleep 0.3; echo done >>runs; exit" TERM; wait'
  wait_for 10 test -s inner
  stop keeper
  same "$stopped" 0
  same "$(cat runs)" 'done'
  cmd 1 kill -s 0 "$(cat inner)"
}

@test "keep-running: TERM during the delay" {
  background keeper keep-running sh -c 'echo >>runs'
  wait_for 10 grep -q 'again in 1 s' keeper.err
  stop keeper
  same "$stopped" 0
}

@test "keep-running: -r gives up while the start is watched, not later" {
  cmd 74 bash -c 'keep-running -r sh -c "exit 74" 3>&1 >&2 | { read -r line; echo "$line"; exit 74; }'
  same "$output" '74:keep-running: fatal: sh ended with status 74'
  background keeper bash -c 'exec keep-running -r sh -c "echo >>runs; exit 74" 3> >(:)'
  wait_for 20 runs 2
  stop keeper
}

@test "keep-running: -p tells the parent" {
  cmd 9 sh -c 'trap "exit 9" TERM; keep-running -p sh -c "exit 64" & wait; sleep 10'
}

@test "keep-running: wrong usage" {
  cmd 64 keep-running
  same "$stderr" 'keep-running: usage: COMMAND is missing'
  cmd 64 keep-running -x true
  same "$stderr" 'keep-running: usage: unknown option -x'
  cmd keep-running --help
  like "$output" '^usage: keep-running '
  cmd keep-running -V
  like "$output" '^keep-running \(fleetutils\)'
}
