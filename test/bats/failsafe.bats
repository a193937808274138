load helpers

setup() { clean_place; }

# A suite that cannot fail proves nothing: a command that is broken in each of these ways must make its test fail.
@test "failsafe: a wrong status, a wrong output and a crash make a test fail" {
  mkdir broken
  printf 'load %s\n@test "the test of a command" { cmd splay -n --name cache01 60; like "$output" "^[0-9.]+$"; }\n' \
    "$REPO/test/bats/helpers" >one.bats
  local body
  for body in 'exit 0' 'exit 1; echo 1' 'echo text' 'kill -SEGV $$'; do
    printf '#!/bin/sh\n%s\n' "$body" >broken/splay
    chmod +x broken/splay
    PATH=$PWD/broken:$PATH cmd 1 bats one.bats
  done
  printf '#!/bin/sh\necho 21.5\n' >broken/splay
  PATH=$PWD/broken:$PATH cmd bats one.bats
}
