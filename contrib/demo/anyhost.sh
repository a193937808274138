#!/bin/sh
# anyhost end to end on this host, loopback only. Four relays are measured, the zone is written, served, fetched and
# answered by named; then the fastest relay is stopped, and the answer moves. Ends with one line that says whether it
# worked, status 0 or 1; about half a minute.
set -eu
repo=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=contrib/demo/common.sh
. "$repo/contrib/demo/common.sh"
node=$(sed -n '1s/^#!\([^ ]*\).*/\1/p' "$repo/bin/splay")

# A port that is free on every address of the demo.
free_port() {
	"$node" -e 'const s = require("node:net").createServer().listen(0, "0.0.0.0", () => { console.log(s.address().port); s.close() })'
}
listens() { "$node" -e 'require("node:net").connect(+process.argv[2], process.argv[1]).on("connect", () => process.exit(0))' "$1" "$2"; }
# relay LAST RATE: 127.0.0.LAST gives /2M.dat to Host fake.com, at RATE bytes a second
relay() {
	if has nginx; then
		mkdir -p "relay$1"
		cat >"relay$1/nginx.conf" <<END
daemon off; master_process off; pid $work/relay$1/pid; error_log stderr;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path $work/relay$1/a; proxy_temp_path $work/relay$1/b;
  fastcgi_temp_path $work/relay$1/c; uwsgi_temp_path $work/relay$1/d; scgi_temp_path $work/relay$1/e;
  server { listen 127.0.0.$1:$port default_server; return 404; }
  server { listen 127.0.0.$1:$port; server_name fake.com; location = /2M.dat { root $work; limit_rate $2; } }
}
END
		start "relay$1" nginx -e stderr -c "$work/relay$1/nginx.conf"
	else
		start "relay$1" "$node" "$repo/contrib/demo/relay.ts" "127.0.0.$1" "$port" "$work/2M.dat" "$2"
	fi
}

# answer: the address that named gives, or that the client's file has where there is no named
answer() {
	if [ -z "$named" ]; then
		sed -n 's/^www\.demo\.example\. .* A *\([0-9.]*\) .*/\1/p' client/anyhost
	elif has dig; then
		dig +short +norec -p "$dns" @127.0.0.1 www.demo.example. A
	else
		"$node" -e 'const r = new (require("node:dns").promises.Resolver)(); r.setServers(["127.0.0.1:" + process.argv[1]])
			r.resolve4("www.demo.example").then(a => console.log(a.join("\n")))' "$dns"
	fi
}

say 'Four relays of a 2 MB file, on 127.0.0.2 to .5; only the first is not slowed down'
port=$(free_port) http=$(free_port) dns=$(free_port) rndc=$(free_port)
head -c 2097152 /dev/urandom >2M.dat
relay 2 0 && fastest=$pid
relay 3 8000000
relay 4 6000000
relay 5 5000000
for last in 2 3 4 5; do wait_for listens "127.0.0.$last" "$port"; done
cat >domain.conf <<END
*.               N N 1 3 2 512 1 Y wild Y 200 0.0.0.0
wild.            N N 1 3 2 512 1 Y no   Y 200 127.0.0.2
www.demo.example N Y 1 2 1.5 4096000 1 Y no GET:fake.com/2M.dat 200 127.0.0.5|127.0.0.4|127.0.0.3|127.0.0.2 Y $port N 100:0 3 Y
END
show cat domain.conf

say 'Measured from here'
show_table 'probe-ips -q domain.conf'

say 'Ranked, and written as a zone'
round='probe-ips -q --installed anyhost domain.conf >probes.ndjson
  rank-ips --installed anyhost --state state.ndjson <probes.ndjson | write-anyhost --wildcards -o anyhost | jq -c "{serial,changed,reason}"'
has jq || round=${round%" | jq"*}
show "$round"
show rank-ips --why www.demo.example --installed anyhost probes.ndjson
show grep demo anyhost

say 'Served, and fetched by a client'
mkdir client
printf '$ serve-anyhost -q -l 127.0.0.1:%s anyhost &\n' "$http"
start serve serve-anyhost -q -l "127.0.0.1:$http" anyhost
wait_for listens 127.0.0.1 "$http"
show "fetch-anyhost -o client/anyhost http://127.0.0.1:$http/"

named=''
if has named && has rndc; then
	say "named answers from it, on port $dns"
	cat >named.conf <<END
options {
  directory "$work"; pid-file "$work/named.pid"; session-keyfile "$work/session.key";
  listen-on port $dns { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; notify no;
};
key demo { algorithm hmac-sha256; secret "ZGVtb2RlbW9kZW1vZGVtb2RlbW9kZW1vZGVtb2RlbW8="; };
controls { inet 127.0.0.1 port $rndc allow { 127.0.0.1; } keys { demo; }; };
zone "." { type primary; file "$work/client/anyhost"; };
END
	cat >rndc.conf <<END
key demo { algorithm hmac-sha256; secret "ZGVtb2RlbW9kZW1vZGVtb2RlbW9kZW1vZGVtb2RlbW8="; };
options { default-key demo; default-server 127.0.0.1; default-port $rndc; };
END
	named=yes
	printf '$ named -g -c named.conf &\n'
	start named named -g -c named.conf
	wait_for rndc -c rndc.conf status
else
	say 'No named here: the file that it would answer from'
fi

say 'The answer'
[ -z "$named" ] || printf '$ dig +short @127.0.0.1 -p %s www.demo.example\n' "$dns"
before=$(answer)
printf '%s\n' "$before"
[ "$before" = 127.0.0.2 ] || fail "the fastest relay is 127.0.0.2, the answer is '$before'"

say 'The fastest relay is stopped, and the next round finds out: it asks again after 2 and 5 seconds'
show kill "$fastest"
client="fetch-anyhost -q -o client/anyhost http://127.0.0.1:$http/"
[ -z "$named" ] || client="$client | reload-named --rndc 'rndc -c rndc.conf' --port $dns"
after=$before
for turn in 1 2 3; do
	show "$round"
	sleep 1.5 # the server looks at its file once a second
	show "$client"
	after=$(answer)
	[ "$after" = "$before" ] || break
	say "The answer is still $after after round $turn"
done
show grep demo anyhost

say 'The answer'
[ -z "$named" ] || printf '$ dig +short @127.0.0.1 -p %s www.demo.example\n' "$dns"
printf '%s\n' "$after"
case $after in
127.0.0.[345]) printf '\ndemo: passed: the answer was %s, and moved to %s when that relay stopped\n' "$before" "$after" ;;
*) fail "the relay $before has stopped, and the answer is '$after'" ;;
esac
