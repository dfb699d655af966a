# To be sourced by build. The x86 half: all of it comes from packages, and what is compiled is compiled in the tree.

readonly MACHINE_PACKAGES=(zstd xz-utils cpio util-linux)
readonly TREE_PACKAGES=(linux-image-amd64 linux-headers-amd64 "xen-hypervisor-$XEN-amd64" "xen-utils-$XEN" xenstore-utils libxen-dev gcc
    libc6-dev make busybox-static kmod libstdc++6 libgcc-s1 zlib1g e2fsprogs alsa-utils util-linux qemu-system-x86 zlib1g-dev)
# The kernel's own initramfs is not used: the smallest one is made fastest.
readonly TREE_OPTIONS=(--aptopt='APT::Install-Recommends "false"' --setup-hook='mkdir -p "$1/etc/initramfs-tools/conf.d"; echo MODULES=list >"$1/etc/initramfs-tools/conf.d/lab"')
readonly LIBRARIES=usr/lib/x86_64-linux-gnu
readonly SOURCES=(guest)
readonly DOM0_PROGRAMS=("/usr/lib/xen-$XEN/bin/"{lsevtchn,xenctx} /usr/bin/setpriv)

in_tree() { unshare --mount --pid --fork --kill-child --root="$TREE" --mount-proc=/proc /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@" </dev/null; }

module_files() { in_tree modprobe -S "$KERNEL" --show-depends "$1"; }

libraries_of() { in_tree ldd "$1" 2>/dev/null | grep -oE '/[^ ]+\.so[^ ]*' || true; }

# A kernel image carries its kernel packed: the first stream in it that unpacks to an ELF file.
unpack_kernel() {
    local offset
    for offset in $(LC_ALL=C grep -obUaP '\x28\xb5\x2f\xfd|\xfd7zXZ\x00' "$1" | cut -d: -f1); do
        tail -c +$((offset + 1)) "$1" | { zstd -dcq 2>/dev/null || true; } >"$2"
        [[ $(head -c 4 "$2" | tr -d '\0') == $'\x7fELF' ]] && return
        tail -c +$((offset + 1)) "$1" | { xz -dcq --single-stream 2>/dev/null || true; } >"$2"
        [[ $(head -c 4 "$2" | tr -d '\0') == $'\x7fELF' ]] && return
    done
    fail "no kernel found in $1"
}

compile() {
    local program
    rm -rf "$TREE/build"
    mkdir -p "$TREE/build"
    cp -r "$HERE/src" "$ROOT/guest" "$TREE/build/"
    cp "$HERE"/x86/*.c "$TREE/build/src/"
    for program in "$TREE"/build/src/*.c; do
        program=$(basename "$program" .c)
        in_tree gcc -std=gnu17 -O2 -Wall -Wextra -Werror -static -o "/build/$program" "/build/src/$program.c" -lz || fail "$program.c does not compile"
        install -D -m 755 "$TREE/build/$program" "$LAB/$program"
    done
    in_tree make -s -C /build/guest KERNEL="$KERNEL" KCFLAGS=-Werror modules >&2 || fail "the guest's module does not compile"
}

make_boot() {
    gzip -dc "$TREE/boot/xen-$XEN-amd64.gz" >"$BOOT/xen"
    unpack_kernel "$TREE/boot/vmlinuz-$KERNEL" "$BOOT/kernel"
    cp "$BOOT/kernel" "$LAB/kernel-$KERNEL"
}

finish_guest() {
    cp "$TREE/build/guest/virtio_mmio_xenbus.ko" "$1/modules/"
    cp "$LAB/trap-time" "$LAB/picture" "$LAB/hole" "$LAB/frames" "$1/bin/"
}

finish() { :; }
