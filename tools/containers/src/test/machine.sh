#!/usr/bin/env bash
# A machine to deploy on: systemd as PID 1, in namespaces of its own, over a copy of this machine's root that is gone with
# it. It has no network but loopback, boots again when it is told to, and ends when it is switched off or this is killed.
# Prints "booted" at each start. Needs root, overlayfs and cgroup v2.
#
#   machine.sh DIRECTORY UNIT...      an empty directory; the units of this machine that are enabled there too
set -euo pipefail

outer() {
    local top=$1 cgroup
    mount -t tmpfs -o mode=755 tmpfs "$top"
    mkdir "$top"/{upper,work,root,cgroup}
    mount -t overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" overlay "$top/root"
    forget_enabled_units "$top/root" "${@:2}"

    mount -t cgroup2 cgroup2 "$top/cgroup"
    cgroup=$top/cgroup/dropzone-machine-$$
    mkdir "$cgroup"
    local status=129
    # By SIGHUP ends the first process of a PID namespace that calls for a reboot, by SIGINT one that switches off
    while [[ $status == 129 ]]; do
        status=0
        (
            echo "$BASHPID" > "$cgroup/cgroup.procs"
            exec setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --net --uts --ipc --cgroup "$0" --boot "$top/root"
        ) || status=$?
    done
    find "$cgroup" -depth -type d -exec rmdir {} +
}

forget_enabled_units() {
    local wants=$1/etc/systemd/system unit
    shift
    rm -rf "$wants"/*.wants
    mkdir "$wants/multi-user.target.wants"
    for unit; do
        ln -s "/lib/systemd/system/$unit" "$wants/multi-user.target.wants"
    done
}

boot() {
    cd "$1"
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs run
    mount -t tmpfs tmpfs tmp
    mount -t tmpfs -o mode=755 tmpfs dev
    local device
    for device in null zero full random urandom tty; do
        touch "dev/$device"
        mount --bind "/dev/$device" "dev/$device"
    done
    mkdir dev/pts dev/shm
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    ip link set lo up
    mkdir -p old
    pivot_root . old
    umount -l old
    echo booted
    exec env -i container=dropzone PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
}

case ${1-} in
    --outer) outer "${@:2}" ;;
    --boot) boot "$2" ;;
    *) exec unshare --mount --propagation private "$0" --outer "$@" ;;
esac
