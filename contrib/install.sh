#!/bin/sh
# contrib/install.sh install|uninstall DESTDIR PREFIX: puts what `make` built under PREFIX and notes each file and each
# new directory in a manifest; uninstall removes these and nothing else. No network, no service started.
set -eu
cd "$(dirname "$0")/.."
umask 022

die() {
	printf 'install: fatal: %s\n' "$2" >&2
	exit "$1"
}
[ $# -eq 3 ] || die 64 'usage: install.sh install|uninstall DESTDIR PREFIX'
destdir=${2%/} prefix=${3%/}
case $prefix in /*) ;; *) die 64 "PREFIX: '$prefix' is not an absolute path" ;; esac
case $prefix in *[!A-Za-z0-9/._+-]*) die 64 "PREFIX: '$prefix' has characters that a first line cannot hold" ;; esac
case $destdir in '' | /*) ;; *) die 64 "DESTDIR: '$destdir' is not an absolute path" ;; esac
home=$prefix/lib/fleetutils
manifest=$home/manifest

uninstall() {
	[ -e "$destdir$manifest" ] || return 0
	list=$(cat "$destdir$manifest")
	printf '%s\n' "$list" | while IFS= read -r path; do
		case $path in */) ;; *) rm -f "$destdir$path" ;; esac
	done
	# The deepest directories come last in the manifest; one that holds something of others stays.
	printf '%s\n' "$list" | sed -n '1!G;h;$p' | while IFS= read -r path; do
		case $path in */) rmdir "$destdir$path" 2>/dev/null || : ;; esac
	done
}

note() { printf '%s\n' "$1" >>"$notes"; }

# directory PATH: makes it and what is missing above it; each new one is noted, the upper one first
directory() {
	[ ! -d "$destdir$1" ] || return 0
	[ -z "${1%/*}" ] || directory "${1%/*}"
	mkdir -p "$destdir$1"
	note "$1/"
}

# put FILE PATH MODE: FILE as PATH, whole at every moment
put() {
	directory "${2%/*}"
	cp -f "$1" "$destdir$2.new"
	chmod "$3" "$destdir$2.new"
	mv -f "$destdir$2.new" "$destdir$2"
	note "$2"
}

# put_edited FILE PATH MODE SCRIPT: the same, through sed
put_edited() {
	sed "$4" "$1" >"$edited"
	put "$edited" "$2" "$3"
}

# link TARGET PATH: PATH as a symbolic link, where the directory is not the one of the target anyway
link() {
	directory "${2%/*}"
	[ "$(cd "$destdir${2%/*}" && pwd -P)" != "$(cd "$destdir${2%/*}/${1%/*}" && pwd -P)" ] || return 0
	ln -sf "$1" "$destdir$2"
	note "$2"
}

install_all() {
	put "$node" "$home/node" 755
	for file in bin/*; do
		name=${file#bin/}
		case $name in package.json) continue ;; esac
		put_edited "$file" "$prefix/bin/$name" 755 "1s|$node|$home/node|"
	done
	# Where the agent half is looked for.
	for name in bootagent bootctl; do [ ! -e "bin/$name" ] || link "../bin/$name" "$prefix/sbin/$name"; done
	for file in man/*; do put "$file" "$prefix/share/man/man${file##*.}/${file#man/}" 644; done
	for file in bin/.share/completion/bash/*; do put "$file" "$prefix/share/bash-completion/completions/${file##*/}" 644; done
	for file in bin/.share/completion/zsh/*; do put "$file" "$prefix/share/zsh/site-functions/${file##*/}" 644; done
	for file in bin/.share/schemas/*; do put "$file" "$prefix/share/fleetutils/schemas/${file##*/}" 644; done
	for file in contrib/systemd/*; do put_edited "$file" "$prefix/lib/systemd/system/${file##*/}" 644 "s|/usr/local/|$prefix/|"; done
	put contrib/tmpfiles.d/bootagent.conf "$prefix/lib/tmpfiles.d/bootagent.conf" 644
	for file in README.md CHANGELOG.md LICENSE; do put "$file" "$prefix/share/doc/fleetutils/$file" 644; done
	put contrib/anyhost.conf "$prefix/share/doc/fleetutils/examples/anyhost.conf" 644
	put contrib/logrotate/bootagent "$prefix/share/doc/fleetutils/examples/logrotate.bootagent" 644
	put_edited contrib/cron/anyhost-fetch "$prefix/share/doc/fleetutils/examples/cron.anyhost-fetch" 644 "s|/usr/local/|$prefix/|"
}

case $1 in
install)
	{ [ -x bin/splay ] && [ -d bin/.share ]; } || die 69 "nothing is built: run 'make' first"
	node=$(sed -n '1s/^#!\([^ ]*\).*/\1/p' bin/splay)
	[ -x "$node" ] || die 69 "'$node' is missing: run 'make' again"
	notes=$(mktemp) edited=$(mktemp)
	trap 'rm -f "$notes" "$edited"' EXIT
	uninstall
	install_all
	note "$manifest"
	put "$notes" "$manifest" 644
	;;
uninstall) uninstall ;;
*) die 64 "'$1' is neither install nor uninstall" ;;
esac
