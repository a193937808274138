#!/bin/sh
# What every commit passes: types, lint and format, shell, man pages, the layout of the house. Says each step.
set -eu
cd "$(dirname "$0")/.."
sh test/setup.sh

say() { printf 'check: %s\n' "$1"; }
node=node_modules/.bin/node

say types
node_modules/.bin/tsc -p .
say 'lint and format'
node_modules/.bin/biome ci --error-on-warnings --colors=off .
if command -v shellcheck >/dev/null; then
	say shell
	find cmd contrib test .ci -type f \( -name '*.sh' -o -name run -o -name testmocksvr -o -path 'cmd/*' ! -name '*.ts' \) -exec shellcheck {} +
	find test \( -name '*.bash' -o -name '*.bats' \) -exec shellcheck -x -e SC1091,SC2016,SC2030,SC2031,SC2034,SC2154,SC2317 {} +
else
	say 'shell: skipped, no shellcheck'
fi
if command -v mandoc >/dev/null; then
	say 'man pages'
	mandoc -T lint -W warning man/*.[158]
else
	say 'man pages: skipped, no mandoc'
fi
say layout
$node --test --test-reporter=dot 'test/layout/*.test.ts'
