# The agent half in a directory of the test's own; a scripted agent-spawn can stand in for ours.
# shellcheck shell=bash

# wrapper_places: everything of bootagent in the test's directory (B12)
wrapper_places() {
  export BOOTAGENT_CONF=$PWD/conf BOOTAGENT_BASE=$PWD/base BOOTAGENT_RUN=$PWD/run BOOTAGENT_LOG=$PWD/log
  mkdir -p conf
}

# scripted_spawn [SCRIPT]: bootagent and what it becomes, with an agent-spawn that does SCRIPT, then reports that it is
# up, notes its arguments in spawn.args, its pid in spawn.id and what it hears in heard, and ends with TERM
scripted_spawn() {
  local name
  mkdir -p bin
  for name in bootagent start-daemon keep-service splay package.json; do cp "$REPO/bin/$name" bin/; done
  export PATH=$PWD/bin:$PATH
  cat >bin/agent-spawn <<END
#!/bin/sh
cd '$PWD'
echo "\$*" >>spawn.args
echo "\$\$" >spawn.id
env >spawn.env
${1:-:}
trap 'echo HUP >>heard' HUP
trap 'echo USR1 >>heard' USR1
trap 'echo TERM >>heard; kill \$! 2>/dev/null; exit 0' TERM
case \$* in *--ready-fd*) (echo >&3) 2>/dev/null ;; esac
exec 3>&-
while :; do
  sleep 5 9>&- &
  wait \$! || kill \$!
done
END
  chmod 755 bin/agent-spawn
}

# alive FILE: the process whose id is in FILE runs, and is no zombie
alive() { [[ $(sed 's/.*) \(.\) .*/\1/' "/proc/$(cat "$1")/stat") == [RSDtT] ]]; }
dead() { ! alive "$1" 2>/dev/null; }

# ours FILE: the process whose id is in FILE is one of the wrapper; a test may have put a stranger's there
ours() { alive "$1" 2>/dev/null && grep -qzE '/(keep-service|agent-spawn)$' "/proc/$(cat "$1")/cmdline"; }

# End, by the pids in their files, what a test may have left; for teardown.
stop_wrapper() {
  local file
  for file in run/BootAgent.pid spawn.id; do
    if ours "$file"; then kill -s TERM "$(cat "$file")" || :; fi
  done
  for file in run/BootAgent.pid spawn.id; do
    if ours "$file"; then wait_for 20 dead "$file" || kill -s KILL "$(cat "$file")"; fi
  done
  stop_all
}
