# A host of the test's own: Debian's systemd as process 1 of its own process, mount, network and cgroup namespaces, on a
# root that mmdebstrap makes. Nothing outside is seen from there but the kernel.
# shellcheck shell=bash

# make_root: Debian's smallest root with systemd, and fleetutils in /usr
make_root() {
  (
    . /etc/os-release
    mmdebstrap --quiet --variant=minbase --include=systemd,dbus,libatomic1,procps --dpkgopt='path-exclude=/usr/share/*/man*' \
      "$VERSION_CODENAME" root
  ) >mmdebstrap.log 2>&1 || return 1
  sh "$REPO/contrib/install.sh" install "$PWD/root" /usr
}

# boot_host: boots root; the pid of its systemd, as seen from outside, in host.init
boot_host() {
  mkdir cgroup bin
  # inside COMMAND [ARG...]: run it on that host
  printf '#!/bin/sh\nexec nsenter -t "$(cat %s/host.init)" -a env -i LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"\n' \
    "$PWD" >bin/inside
  chmod 755 bin/inside
  PATH=$PWD/bin:$PATH
  cat >boot.sh <<'END'
set -eu
# Its control groups are below one of its own, which is all that it sees of them.
mount --make-rprivate /
mount -t cgroup2 cgroup2 cgroup
mkdir "cgroup/fleetutils-$$"
echo "$$" >"cgroup/fleetutils-$$/cgroup.procs"
echo "fleetutils-$$" >host.group
exec unshare --fork --pid --cgroup --mount --uts --ipc --net --kill-child sh -eu -c '
  mount --make-rprivate /
  mount --bind root root
  cd root
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs tmpfs run
  mount -t tmpfs tmpfs tmp
  mount -t tmpfs -o mode=755 tmpfs dev
  for name in null zero full random urandom tty; do
    : >dev/$name
    mount --bind /dev/$name dev/$name
  done
  mkdir dev/shm dev/pts
  mkdir -p old
  pivot_root . old
  umount -l old
  exec env -i container=fleetutils PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --log-target=console --show-status=no --unit=multi-user.target'
END
  unshare --mount sh boot.sh </dev/null >host.log 2>&1 3>&- &
  printf '%s\n' "$!" >host.outer
  wait_for 30 has_init
}
has_init() {
  pgrep -P "$(cat host.outer)" >host.init && inside systemctl is-system-running | grep -Eqx 'running|degraded'
}

# end_host: process 1 ends, and with it all of its namespace
end_host() {
  local group
  [ -e host.outer ] || return 0
  {
    [ ! -s host.init ] || kill -s KILL "$(cat host.init)" || :
    kill -s KILL "$(cat host.outer)" || :
    wait "$(cat host.outer)" || :
  } 2>/dev/null
  group=$(cat host.group)
  # shellcheck disable=SC2016 # the other shell's
  wait_for 20 unshare --mount sh -c 'mount -t cgroup2 cgroup2 cgroup && find "cgroup/$1" -depth -type d -exec rmdir {} +' sh "$group"
}
