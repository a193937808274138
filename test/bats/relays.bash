# Real relays for a test: nginx serving a 2 MB file on loopback addresses, one process an address.
# shellcheck shell=bash

# start_relays N [PORT]: nginx on 127.0.0.2 … .(N+1), each giving /2M.dat to Host fake.com and 404 to all else. Sets
# $relay_port. One of them is ended by `stop relay-3` (its last number), and all by `stop_all`; start_relay brings it back.
start_relays() {
  need nginx
  relay_port=${2:-$(free_port)}
  mkdir -p relays
  head -c 2097152 /dev/urandom >relays/2M.dat
  local last
  for ((last = 2; last <= $1 + 1; last++)); do start_relay "$last" || return 1; done
}

# start_relay LAST [LINE...]: the relay 127.0.0.LAST; further lines go into its server block
start_relay() {
  local last=$1 dir=$PWD/relays/$1
  shift
  mkdir -p "$dir"
  cat >"$dir/nginx.conf" <<END
daemon off;
master_process off;
pid $dir/nginx.run;
error_log stderr;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path $dir/body;
  proxy_temp_path $dir/proxy;
  fastcgi_temp_path $dir/fastcgi;
  uwsgi_temp_path $dir/uwsgi;
  scgi_temp_path $dir/scgi;
  server { listen 127.0.0.$last:$relay_port default_server; return 404; }
  server {
    listen 127.0.0.$last:$relay_port;
    server_name fake.com;
    location = /2M.dat { root $PWD/relays; }
    $*
  }
}
END
  background "relay-$last" nginx -e stderr -c "$dir/nginx.conf"
  wait_for 20 port_open "127.0.0.$last" "$relay_port" || {
    cat "relay-$last.err"
    return 1
  }
}

# port_open ADDRESS PORT: somebody listens there
port_open() {
  (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}

# start_scripted MODE...: relays that misbehave (test/servers/relay.ts), on 127.0.1.1, 127.0.1.2, … in the order of
# their modes. Sets $scripted_port; what they are asked is in scripted.out, from its second line, as JSON strings.
start_scripted() {
  background scripted "$NODE" "$REPO/test/servers/relay.ts" "$@"
  wait_for 20 grep -q . scripted.out || {
    cat scripted.err
    return 1
  }
  scripted_port=$(head -n 1 scripted.out)
}
