# Whatever works at a task is killed, again and again.
# shellcheck shell=bash
load helpers
load agents
load tasks

teardown() {
  local host
  agents_end
  for host in h?; do
    while read -r pid; do kill -s KILL "$pid" 2>/dev/null || :; done < <(processes_of "$host")
  done
}

# processes_of HOST: the pids of the agents that run from its directory
processes_of() {
  find /proc -maxdepth 2 -name exe -lname "$PWD/$1/base/agents/*" 2>/dev/null | cut -d / -f 3
}

@test "B35 B36 B43: killed 200 times at random moments of tasks: the old or the new version, never both, and it is told which" {
  agent_package 1.0
  agent_package 1.1
  agent_package 1.2 /bin/false
  local version host
  for version in 1.0 1.1 1.2; do
    program "tree-$version/bin/start" <<'END'
here=$(readlink -f "$(dirname "$0")")
"$here/agent" 3600 </dev/null >/dev/null 2>&1 &
echo $! >"$PIDFILE.new"
mv "$PIDFILE.new" "$PIDFILE"
END
    [ "$version" != 1.2 ] || program tree-1.2/bin/start <<<'exit 3'
    tar -C "tree-$version" -czf "pkg/Basic-$version.tar.gz" .
  done
  for host in h1 h2 h3 h4 h5 h6; do mkdir -p "$host"/{conf,base,run,log}; done
  CMD_LIMIT=600 cmd "$NODE" "$REPO/test/servers/kill-tasks.ts" 200 "$(group_name)" h1 h2 h3 h4 h5 h6
  printf '# %s\n' "$output" >&3
}
