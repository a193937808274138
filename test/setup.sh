#!/bin/sh
# Installs what the tests (with `bench`, the benches too) need from Debian's packages when this is root on Debian;
# elsewhere the tests concerned skip themselves by name. No service is started: a policy-rc.d that says no stands in
# place while apt works.
set -eu

packages='bats parallel shellcheck mandoc bind9 bind9-dnsutils bind9-utils nginx-light libnginx-mod-mail cron curl jq openssl util-linux procps iproute2 gzip bash-completion zsh mmdebstrap systemd logrotate vsftpd libhiredis0.14 libidn2-0 libmemcached11 libmemcachedutil2 libpcre2-posix3 rpm dpkg-dev'
[ "${1:-}" != bench ] || packages="$packages hey time supervisor runit s6 lftp aria2"
# A host that has an MTA keeps it: apt would remove it for another one.
[ -e /usr/sbin/sendmail ] || packages="$packages opensmtpd"

missing=''
for package in $packages; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$status" = 'install ok installed' ] || missing="$missing $package"
done
# Not beside vsftpd: Debian has one FTP server installed at a time. It is unpacked only, and has its libraries above.
unpacked=/usr/local/lib/fleetutils-test/proftpd-core
[ -x "$unpacked/usr/sbin/proftpd" ] || missing="$missing proftpd-core"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
	printf 'test/setup.sh: not root on Debian: tests that need these are skipped:%s\n' "$missing" >&2
	exit 0
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	trap 'rm -f "$policy"' EXIT
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null
case $missing in
*' proftpd-core')
	missing=${missing% proftpd-core}
	place=$(mktemp -d)
	mkdir -p "$unpacked"
	(cd "$place" && apt-get download -q -o APT::Sandbox::User=root proftpd-core >/dev/null && dpkg -x proftpd-core*.deb "$unpacked")
	rm -rf "$place"
	;;
esac
# shellcheck disable=SC2086 # a list of words
[ -z "$missing" ] || apt-get install -q -y --no-install-recommends $missing >/dev/null
