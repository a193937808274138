#!/bin/sh
# bootagent on this host, in a directory of its own: three agents are started, one is killed and comes back, bootctl shows
# what happened and why, and all is stopped. Ends with one line that says whether it worked, status 0 or 1; ten seconds.
set -eu
repo=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=contrib/demo/common.sh
. "$repo/contrib/demo/common.sh"
node=$(sed -n '1s/^#!\([^ ]*\).*/\1/p' "$repo/bin/splay")

export BOOTAGENT_CONF="$work/agents" BOOTAGENT_BASE="$work/base" BOOTAGENT_RUN="$work/run" BOOTAGENT_LOG="$work/log"
mkdir agents

# is NAME STATE: the state of an agent, as bootctl tells it
is() { bootctl status "$1" | grep -q "\"status\":\"$2\""; }
pid_of() { bootctl status "$1" | sed 's/.*"pid":\([0-9]*\).*/\1/'; }
gone() { ! kill -0 "$1"; }
back() { is Worker running && [ "$(pid_of Worker)" != "$1" ]; }

say 'Three agents: one that works, one that is asked every second how it is, one that cannot start'
cp "$(command -v sleep)" worker
cat >collector.js <<'END'
require('node:net').createServer(client => client.on('data', () => client.end('all is well\r\n'))).listen(process.argv[2])
END
cat >agents/Worker.json <<END
{ "name": "Worker", "version": "1.0", "exec": "$work/worker 86400", "autostart": true,
  "startsecs": 1, "restartsecs": 1, "limits": { "MEM": 102400, "FDS": 100 } }
END
cat >agents/Collector.json <<END
{ "name": "Collector", "version": "2.1", "exec": "$node $work/collector.js $work/collector.sock", "autostart": true,
  "startsecs": 1, "check": { "interval": 1, "path": "$work/collector.sock", "match": "string:well" } }
END
cat >agents/Broken.json <<END
{ "name": "Broken", "version": "0.1", "exec": "/bin/sh -c 'echo no licence >&2; exit 3'", "autostart": true,
  "startsecs": 1, "restartsecs": 1, "retries": 2 }
END
show cat agents/Worker.json agents/Collector.json agents/Broken.json
show bootctl config check

say 'bootagent in the background: it is up when the command returns'
show bootagent -C "demo-$$"
daemon=$(cat "$BOOTAGENT_RUN/BootAgent.pid")
pids="$pids $daemon"
wait_for is Worker running
wait_for is Collector running
wait_for is Broken fatal
show_table 'bootctl status'

say 'Worker is killed, and comes back'
before=$(pid_of Worker)
show kill -9 "$before"
wait_for back "$before"
show_table 'bootctl status Worker'

say 'What happens next, and why'
show bootctl explain Worker
show bootctl explain Broken

say 'What happened'
show_table 'bootctl events -n 8'

say 'All is stopped'
worker=$(pid_of Worker) collector=$(pid_of Collector)
show kill "$daemon"
wait_for gone "$daemon"
for pid in $worker $collector; do gone "$pid" 2>/dev/null || fail "process $pid is still there"; done
printf '\ndemo: passed: Worker came back, Broken was given up, and nothing is left\n'
