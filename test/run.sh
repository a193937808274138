#!/bin/sh
# All tests: unit, then every command as a user runs it. Closes with `N passed, N failed, N skipped`.
set -eu
cd "$(dirname "$0")/.."
sh test/setup.sh
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

status=0
mkdir "$results/tmp" # which goes with all that the unit tests leave in it
chmod 755 "$results"
TMPDIR=$results/tmp node_modules/.bin/node --test --test-reporter=spec --test-reporter-destination=stdout \
	--test-reporter=tap --test-reporter-destination="$results/unit" 'test/unit/**/*.test.ts' || status=1
count() { sed -n "s/^# $1 \([0-9][0-9]*\)\$/\1/p" "$results/unit" | tail -n 1; }
passed=$(count pass) failed=$(count fail) skipped=$(count skipped)

if command -v bats >/dev/null; then
	jobs=1
	if command -v parallel >/dev/null; then jobs=${TEST_JOBS:-4}; fi
	{ bats --jobs "$jobs" --formatter tap test/bats || : >"$results/bats-failed"; } | tee "$results/bats"
	[ ! -e "$results/bats-failed" ] || status=1
	skips=$(grep -c '^ok .*# skip' "$results/bats" || :)
	passed=$((passed + $(grep -c '^ok ' "$results/bats" || :) - skips))
	failed=$((failed + $(grep -c '^not ok ' "$results/bats" || :)))
	skipped=$((skipped + skips))
	grep -E '^not ok |^ok .*# skip' "$results/bats" || :
else
	printf 'test/run.sh: bats is missing: the commands were not tested\n' >&2
	status=1
fi
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] || status=1
exit "$status"
