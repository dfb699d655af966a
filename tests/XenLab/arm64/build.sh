# To be sourced by build. The arm64 half: packages of a foreign architecture are unpacked and none of their programs is run. Xen is
# compiled, because Debian's for arm64 has no ioreq servers, and so is a small kernel (kernel.sh), because Debian's has no irqfd, no
# ioeventfd and no grants for virtio.

readonly MACHINE_PACKAGES=(qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross make flex bison bc patch python3-minimal kmod xz-utils cpio
    device-tree-compiler checkpolicy m4 debian-archive-keyring)
readonly TREE_PACKAGES=(base-files linux-image-arm64 "xen-utils-$XEN" xen-utils-common xenstore-utils libxen-dev busybox-static libstdc++6
    libgcc-s1 zlib1g e2fsprogs alsa-utils)
readonly TREE_OPTIONS=(--variant=extract --architectures=arm64)
readonly LIBRARIES=usr/lib/aarch64-linux-gnu
readonly SOURCES=()
readonly DOM0_PROGRAMS=()
readonly KERNEL_WANTED=${XENLAB_KERNEL:-own}

. "$HERE/arm64/sources.sh"
. "$HERE/arm64/kernel.sh"

module_files() { modprobe -d "$TREE" -S "$KERNEL" --show-depends "$1" | sed "s,insmod $TREE,insmod ,"; }

# The libraries of a program and of these, each once.
libraries_of() {
    local wanted=("$1") seen=" /lib/ld-linux-aarch64.so.1 " library
    echo /lib/ld-linux-aarch64.so.1
    while [[ ${#wanted[@]} -gt 0 ]]; do
        for library in $(aarch64-linux-gnu-readelf -d "$TREE${wanted[0]}" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
            library=/$LIBRARIES/$library
            [[ $seen != *" $library "* && -e $TREE$library ]] || continue
            seen+="$library "
            wanted+=("$library")
            echo "$library"
        done
        wanted=("${wanted[@]:1}")
    done
}

build_xen() {
    local patch source=$CACHE/xen
    fetch_xen
    rm -rf "$source"
    mkdir -p "$source"
    tar xf "$SOURCE_PACKAGES"/xen_"$XEN"*.orig.tar.* -C "$source" --strip-components=1
    tar xf "$SOURCE_PACKAGES"/xen_"$XEN"*.debian.tar.* -C "$source"
    grep -v '^#' "$source/debian/patches/series" | while read -r patch; do patch -s -p1 -d "$source" -i "debian/patches/$patch"; done
    make_xen "$source/xen" >"$CACHE/xen.log" 2>&1 || fail "Xen could not be built; see $CACHE/xen.log"
    cp "$source/xen/xen" "$BOOT/xen"
    rm -rf "$source"
}

make_xen() (
    cd "$1" || return
    export XEN_TARGET_ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
    make -s defconfig && printf '%s\n' CONFIG_EXPERT=y CONFIG_UNSUPPORTED=y CONFIG_IOREQ_SERVER=y >>.config && make -s olddefconfig &&
        grep -q '^CONFIG_IOREQ_SERVER=y' .config && make -j"$(nproc)" xen
)

# The policy of Xen's own source, with what a driver domain may do (driver_domain.te): for XENLAB_XSM=flask, loaded by the scenario.
make_policy() {
    local source=$CACHE/policy
    fetch_xen
    rm -rf "$source"
    mkdir -p "$source/out"
    tar xf "$SOURCE_PACKAGES"/xen_"$XEN"*.orig.tar.* -C "$source" --strip-components=1 --wildcards '*/tools/flask/policy' '*/xen/xsm/flask/policy'
    cp "$HERE/arm64/driver_domain.te" "$source/tools/flask/policy/modules/"
    echo 'driver_domain = on' >>"$source/tools/flask/policy/modules/modules.conf"
    make -s -C "$source/tools/flask/policy" -f Makefile.common FLASK_BUILD_DIR="$source/out" XEN_FULLVERSION=lab >"$CACHE/policy.log" 2>&1 ||
        fail "the FLASK policy could not be built; see $CACHE/policy.log"
    cp "$source/out/xenpolicy-lab" "$LAB/policy"
    rm -rf "$source"
}

make_boot() {
    [[ -e $TREE/lib ]] || ln -s usr/lib "$TREE/lib"
    depmod -b "$TREE" "$KERNEL"
    [[ -e $BOOT/xen ]] || { say "building Xen" && build_xen; }
    cp "$TREE/boot/vmlinuz-$KERNEL" "$BOOT/kernel"
    cp "$TREE/boot/vmlinuz-$KERNEL" "$LAB/kernel-$KERNEL"
}

# The headers of this Xen, and before those of a libxen-dev of the machine's: the numbers of domctls change from release to release.
compile() {
    local program
    mkdir -p "$CACHE/include"
    ln -sfn "$TREE/usr/include/xen" "$CACHE/include/xen"
    for program in platform-test trap-time set-target; do
        aarch64-linux-gnu-gcc -std=gnu17 -O2 -Wall -Wextra -Werror -static -isystem "$CACHE/include" -o "$LAB/$program" "$HERE/src/$program.c" ||
            fail "$program.c does not compile"
    done
    make_policy
    dtc -q -I dts -O dtb -o "$LAB/scmi.dtb" "$HERE/arm64/scmi.dts" || fail "scmi.dts does not compile"
}

finish_guest() { cp "$LAB/trap-time" "$1/bin/"; }

finish() { [[ $KERNEL_WANTED != own ]] || build_kernel; }
