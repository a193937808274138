# POSIX make. Everything but `npm ci` runs on the pinned Node that it installs.

PREFIX = /usr/local
DESTDIR =

NODE = node_modules/.bin/node
NPM = npm

all: build

node_modules/.package-lock.json: package.json package-lock.json
	$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

build: node_modules/.package-lock.json
	@$(NODE) contrib/build/bundle.ts
	@$(NODE) contrib/build/share.ts

check: build
	sh test/check.sh

test: build
	sh test/run.sh

bench: build
	$(NODE) bench/run.ts

demo: build
	sh contrib/demo/anyhost.sh
	sh contrib/demo/bootagent.sh
	sh contrib/demo/tasks.sh

install:
	sh contrib/install.sh install '$(DESTDIR)' '$(PREFIX)'

uninstall:
	sh contrib/install.sh uninstall '$(DESTDIR)' '$(PREFIX)'

format: node_modules/.package-lock.json
	node_modules/.bin/biome check --write .

clean:
	rm -rf bin node_modules

.PHONY: all build check test bench demo install uninstall format clean
