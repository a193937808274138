# Packages for the tests of install-pkg and remove-pkg, in the test's own directory.
# shellcheck shell=bash

export BOOTAGENT_BASE=$BATS_TEST_TMPDIR/base

# tree VERSION: an agent of that version in the directory tree-VERSION
tree() {
  mkdir -p "tree-$1/bin" "tree-$1/etc"
  printf '#!/bin/sh\necho %s\n' "$1" >"tree-$1/bin/agent"
  chmod 755 "tree-$1/bin/agent"
  echo "version=$1" >"tree-$1/etc/agent.conf"
  ln -sf ../etc/agent.conf "tree-$1/bin/conf"
}

# tarball VERSION: an agent of that version as agent-VERSION.tar.gz
tarball() {
  tree "$1"
  tar -C "tree-$1" -czf "agent-$1.tar.gz" .
}

# bad_archive FILE [-n] ENTRY...: a tar.gz as no tar would write it (test/servers/archive.ts)
bad_archive() {
  local file=$1
  shift
  "$NODE" "$REPO/test/servers/archive.ts" "$@" | gzip >"$file"
}

# the agent that is in use
agent() { "$BOOTAGENT_BASE/agents/Basic/current/bin/agent"; }

# records: the records of the last cmd, without what every one of them has
record() { jq -r '"\(.action) \(.version) was \(.previous) by \(.how)\(if .changed then "" else ", nothing done" end)"' <<<"$output"; }

# nothing_half: no temporary of anybody is left below BASE
nothing_half() {
  same "$(find "$BOOTAGENT_BASE" -name '.*' ! -name '.*.lock' -print)" ''
}
