# Two hosts on a cable of the test's own: what is done to this network nobody else sees.
# shellcheck shell=bash

# two_hosts: `here` and `there`, which is at 10.66.0.2 and fd66::2. "${here[@]}" and "${there[@]}" run a program on them.
# The servers of transfer.bash that are started after this are there.
two_hosts() {
  need_root
  need unshare nsenter ip tc
  unshare --net true 2>/dev/null || skip 'needs network namespaces'
  local host
  for host in here there; do
    background "$host" unshare --net sleep 600
    wait_for 10 own_network "$host"
  done
  here=(nsenter "--net=/proc/$(<here.pid)/ns/net")
  there=(nsenter "--net=/proc/$(<there.pid)/ns/net")
  "${here[@]}" ip link add name cable type veth peer name cable netns "$(<there.pid)" || skip 'needs veth'
  wired 1 "${here[@]}"
  wired 2 "${there[@]}"
  server_address=10.66.0.2
}

own_network() { [ "$(readlink "/proc/$(<"$1.pid")/ns/net")" != "$(readlink /proc/self/ns/net)" ]; }

wired() {
  local last=$1
  shift
  "$@" ip link set lo up
  "$@" ip address add "10.66.0.$last/24" dev cable
  "$@" ip -6 address add "fd66::$last/64" dev cable nodad 2>/dev/null || : # there may be no IPv6
  "$@" ip link set cable up
}

# limit_cable RATE BURST: what comes from there is held to so many bits a second, after so many bytes at once; counted anew
limit_cable() {
  "${there[@]}" tc qdisc del dev cable root 2>/dev/null || :
  "${there[@]}" tc qdisc add dev cable root tbf rate "$1" burst "$2" latency 2s || skip 'needs tbf'
}

# held_packets: so many times the cable was asked for more than it takes
held_packets() { "${there[@]}" tc -s qdisc show dev cable | sed -n 's/.*overlimits \([0-9]*\).*/\1/p'; }

# connections_there PORT: how many there are to this port now
connections_there() { "${there[@]}" ss -Htn state established "( sport = :$1 )" | wc -l; }
