# What the demos share: a place of their own that is gone at the end, with all that they started, and words to show things
# with. Every line that starts with a $ can be typed. `repo` is set.
# shellcheck shell=sh disable=SC2034,SC2154 # for and from those who read this
PATH=$repo/bin:$PATH:/usr/local/sbin:/usr/sbin:/sbin
work=$(mktemp -d)
pids=''
cleanup() {
	trap '' INT TERM
	for pid in $pids; do kill -s TERM "$pid" 2>/dev/null || :; done
	for pid in $pids; do wait "$pid" 2>/dev/null || while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work" || exit

say() { printf '\n== %s\n' "$*"; }
show() { printf '$ %s\n' "$*" && eval "$*"; }
# show_table COMMAND: as a person sees it in a terminal
show_table() {
	printf '$ %s\n' "$1"
	if has script; then script -qec "stty cols 110 2>/dev/null; $1" /dev/null </dev/null | tr -d '\r'; else eval "$1"; fi
}
# start NAME COMMAND [ARG…]: in the background, its output in NAME.log, its pid in $pid
start() {
	log=$1.log && shift
	"$@" >"$log" 2>&1 &
	pid=$!
	pids="$pids $pid"
}
fail() {
	printf '\ndemo: failed: %s\n' "$1"
	exit 1
}
# wait_for PROGRAM [ARG…]: until it succeeds, at most 10 seconds
wait_for() {
	tries=100
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || fail "waited in vain for: $*"
		sleep 0.1
	done
}
has() { command -v "$1" >/dev/null; }
