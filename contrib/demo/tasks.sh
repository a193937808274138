#!/bin/sh
# A host of bootagent and its server: the host registers, is told to install an agent by FTP, to upgrade it by HTTP, to a
# version that does not stay up, and to uninstall it. Loopback only. Ends with one line that says whether it worked, status
# 0 or 1; twenty seconds.
set -eu
repo=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=contrib/demo/common.sh
. "$repo/contrib/demo/common.sh"
node=$(sed -n '1s/^#!\([^ ]*\).*/\1/p' "$repo/bin/splay")

export BOOTAGENT_CONF="$work/agents" BOOTAGENT_BASE="$work/base" BOOTAGENT_RUN="$work/run" BOOTAGENT_LOG="$work/log"
mkdir agents packages empty
mkfifo tasks
chmod 755 . packages empty # the servers read as nobody

# package VERSION PROGRAM: an agent as a tar.gz
package() {
	mkdir -p "tree/bin"
	cp "$2" tree/bin/basic-agent
	tar -C tree -czf "packages/BasicAgent-$1.tar.gz" .
}
# files: packages by FTP on port $ftp and by HTTP on port $http
files() {
	if [ "$(id -u)" -eq 0 ] && has vsftpd && has nginx; then
		cat >vsftpd.conf <<END
listen=YES
listen_address=127.0.0.1
listen_port=$ftp
background=NO
anonymous_enable=YES
anon_root=$work/packages
local_enable=NO
secure_chroot_dir=$work/empty
ftp_username=daemon
seccomp_sandbox=NO
END
		start vsftpd vsftpd "$work/vsftpd.conf"
		cat >nginx.conf <<END
daemon off; master_process off; pid $work/nginx.pid; error_log stderr;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path $work/a; proxy_temp_path $work/b;
  fastcgi_temp_path $work/c; uwsgi_temp_path $work/d; scgi_temp_path $work/e;
  server { listen 127.0.0.1:$http; root $work/packages; }
}
END
		start nginx nginx -e stderr -c "$work/nginx.conf"
	else
		start files "$node" "$repo/contrib/demo/files.ts" "$work/packages" "$ftp" "$http"
	fi
}
listens() { "$node" -e 'require("node:net").connect(+process.argv[1], "127.0.0.1").on("connect", () => process.exit(0))' "$1"; }
free_port() {
	"$node" -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}
given=0
# give TASK: the server has it for the host
give() {
	given=$((given + 1))
	printf '%s\n' "$1" >tasks
	printf 'server < %s\n' "$1"
	wait_for grep -q "took line $given\$" server.log
}
# told ID ERRCODE: the host has told the server that the task has ended so
told() { "$node" "$repo/contrib/demo/told.ts" server.log | grep -q "task $1: $2 "; }
# ends ID ERRCODE: the host reports until it has
ends() {
	tries=30
	until told "$1" "$2"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "task $1 did not end with $2"
		bootctl sync >/dev/null 2>&1 || :
		sleep 0.2
	done
}
# view: what the server was told last
view() {
	printf '\nThe server was told:\n'
	"$node" "$repo/contrib/demo/told.ts" server.log
}
# task ID ACTION VERSION URL
task() {
	printf '{"id":"%s","action":"%s","name":"BasicAgent","version":"%s","url":"%s","checksum":"SHA256:%s","speed":10000%s}' \
		"$1" "$2" "$3" "$4" "$(sha256sum "packages/BasicAgent-$3.tar.gz" | cut -d ' ' -f 1)" "${5-}"
}

say 'The packages of an agent, by FTP and HTTP: 1.0, 1.1, and 1.2, whose program does not stay up'
printf '#!/bin/sh\necho no licence >&2\nexit 3\n' >broken && chmod 755 broken
package 1.0 "$(command -v sleep)" && package 1.1 "$(command -v sleep)" && package 1.2 broken
ftp=$(free_port) http=$(free_port) port=$(free_port)
files
wait_for listens "$ftp"
wait_for listens "$http"
show ls packages

say 'A server, and a host that registers with it at its first report'
# shellcheck disable=SC2016 # for the inner shell
start server sh -c 'exec "$0" "$@" <>tasks' "$repo/contrib/testmocksvr" -l "127.0.0.1:$port" --tags svc=demo
wait_for listens "$port"
show bootagent -C "demo-$$" -S "127.0.0.1:$port"
daemon=$(cat "$BOOTAGENT_RUN/BootAgent.pid")
pids="$pids $daemon"
show bootctl sync
show cat base/metafile

say 'Install BasicAgent 1.0 by FTP'
config="$(printf ',"parameter":{"name":"BasicAgent","version":"1.0","exec":"%s 86400","autostart":true,"startsecs":1,"retries":1}' \
	"$BOOTAGENT_BASE/agents/BasicAgent/current/bin/basic-agent")"
give "$(task install-1 install 1.0 "ftp://127.0.0.1:$ftp/BasicAgent-1.0.tar.gz" "$config")"
ends install-1 0
show_table 'bootctl status'
view

say 'Upgrade it to 1.1 by HTTP'
give "$(task upgrade-1 upgrade 1.1 "http://127.0.0.1:$http/BasicAgent-1.1.tar.gz")"
ends upgrade-1 0
show_table 'bootctl status'
view

say 'Upgrade it to 1.2, which does not stay up: 1.1 comes back'
give "$(task upgrade-2 upgrade 1.2 "http://127.0.0.1:$http/BasicAgent-1.2.tar.gz")"
ends upgrade-2 501
show_table 'bootctl status'
view
bootctl status | grep -q '"version":"1.1","status":"running"' || fail '1.1 does not run'

say 'Uninstall it'
give '{"id":"uninstall-1","action":"uninstall","name":"BasicAgent","version":"1.1"}'
ends uninstall-1 0
show_table 'bootctl status'
view
[ -z "$(ls agents)" ] || fail 'a configuration is left'

say 'What happened on the host'
show_table 'bootctl events'
printf '\ndemo: passed: installed by FTP, upgraded by HTTP, back from 1.2 to 1.1, uninstalled\n'
