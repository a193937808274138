# The servers that are put in place when the commands are built.
# shellcheck shell=bash
load helpers
load agents
load mock-server

setup() {
  clean_place
  agents_place
}

teardown() {
  agents_end
}

# built SERVERS: the commands in clone/bin, with these servers
built() {
  mkdir clone
  cp -R "$REPO"/{cmd,lib,contrib,package.json} clone
  ln -s "$REPO/node_modules" clone/node_modules
  BOOT_SERVER_ADDR=$1 cmd "$NODE" clone/contrib/build/bundle.ts
  export PATH=$PWD/clone/bin:$PATH
}

@test "B13 B55: servers that are built in are always there, and -h tells of them" {
  start_server server
  built "127.0.0.1:1,127.0.0.1:$port,"
  cmd bootagent -h
  like "$output" "Servers +127\.0\.0\.1:1,127\.0\.0\.1:$port,;"
  spawn
  cmd 0 bootctl sync
  same "$(bootctl report | jq -c .servers)" "[\"127.0.0.1:1\",\"127.0.0.1:$port\"]"
  same "$(grep ServerList base/metafile)" ServerList:
}

@test "B55: servers that are none are not built in" {
  mkdir clone
  cp -R "$REPO"/{cmd,lib,contrib,package.json} clone
  ln -s "$REPO/node_modules" clone/node_modules
  BOOT_SERVER_ADDR='host:x' cmd 1 "$NODE" clone/contrib/build/bundle.ts
  like "$stderr" "BOOT_SERVER_ADDR: .*host:x"
  cmd 1 test -e clone/bin
}
