#!/bin/sh
# The server side of anyhost. Its lock is on the pid file; every process of the daemon holds it.
# shellcheck disable=SC2016,SC2154 # the settings, from show-settings; lists of options there are quoted words, for eval
set -eu
self=$(readlink -f "$0") PATH=$(dirname "$(readlink -f "$0")"):$PATH config='' mode='' report='' status=0
help='usage: start.sh [-c FILE] [-f] [-r] [-T] [KEY=VALUE…]

Run the server side of anyhost as a daemon: the probe loop and the HTTP server.

  -c FILE        read the settings from FILE instead of /etc/anyhost.conf
  -f             stay in the foreground
  -r             report on file descriptor 3: an empty line when up, else STATUS:TEXT
  -T             test the settings and the domain.conf, and end
  -h, --help     print this help
  -V, --version  print the version'
die() { # STATUS TEXT
	printf 'start.sh: fatal: %s\n' "$2" >&2
	[ -z "$report" ] || printf '%s:start.sh: fatal: %s\n' "$1" "$2" >&3
	exit "$1"
}
case ${1-} in --help) set -- -h ;; --version) set -- -V ;; esac
while getopts :c:frThV option; do
	case $option in
	c) config=$OPTARG ;;
	f | T) mode=$option ;;
	r) report=-r ;;
	h) printf '%s\n' "$help" && exit 0 ;;
	V) splay -V | sed 's/^splay/start.sh/' && exit 0 ;;
	:) printf 'start.sh: usage: option -c needs a value: FILE\n' >&2 && exit 64 ;;
	*) printf 'start.sh: usage: unknown option -%s\n' "$OPTARG" >&2 && exit 64 ;;
	esac
done
shift $((OPTIND - 1))
settings() { show-settings ${config:+-c "$config"} "$@"; }
[ "$mode" != T ] || { settings --test "$@" >/dev/null && exit 0 || exit; }
eval "$(settings --sh "$@" || echo "exit $?")"
if [ "$mode" != f ]; then
	(: >>"$log") 2>/dev/null || die 74 "unable to write '$log'"
	{ setsid "$self" -fr ${config:+-c "$config"} "$@" 3>&1 >>"$log" 2>&1 </dev/null & } | {
		IFS=: read -r code text || { code=70 text='start.sh: fatal: ended without a word'; }
		[ -z "$code" ] || { printf '%s (see %s)\n' "$text" "$log" >&2 && exit "$code"; }
	} && exit 0 || exit
fi
{ command exec 9<>"$pid"; } 2>/dev/null || die 74 "unable to write '$pid'"
flock -n 9 || die 75 "already running (pid $(cat "$pid"))"
{ mkdir -p "$state" && settings "$@" >"$state/settings" && echo "$$" >"$pid"; } 2>/dev/null || die 74 "unable to write in '$state'"
finish() {
	trap '' TERM INT HUP
	for half in ${server:-} ${!:-}; do # $! is the last one started, even when TERM came before server=$!
		until kill -s TERM -- "-$half" || ! kill -s 0 "$half"; do sleep 0.05; done 2>/dev/null # see keep-running
	done
	for half in ${server:-} ${!:-}; do wait "$half" || case $? in 127 | 143) ;; *) status=$? ;; esac; done
}
trap 'finish; : >"$pid"; exit "$status"' TERM INT
trap 'if settings "$@" >/dev/null; then finish; trap - TERM INT HUP; exec "$self" -f ${config:+-c "$config"} "$@"; fi' HUP
eval "setpriv --pdeathsig TERM setsid keep-running -p $report serve-anyhost ${report:+--ready-fd 3} -l \"\$listen\" $serve \"\$file\" &"
server=$!
setpriv --pdeathsig TERM setsid keep-running -p $report sh -c 'while splay -a "$0"; do run-round -c "$1" || :; done' "$period" "$state/settings" &
while kill -s 0 "$server" 2>/dev/null; do wait "$server" || :; done # a trap ends a wait
kill -s TERM "$$" # the keeper was killed
