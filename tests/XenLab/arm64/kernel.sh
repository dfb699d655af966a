# To be sourced by arm64/build.sh. One small kernel for dom0 and guests, all built in, from Debian's source (kernel.config).

readonly LINUX=6.12

build_kernel() {
    local folder=$CACHE/linux wanted option
    wanted=$(hash_of - <"$HERE/arm64/kernel.config")
    is_current "$folder/made-of" "$wanted" && return
    [[ $(id -u) -eq 0 ]] || fail "building a kernel needs root: run it once as root"
    fetch_linux
    mkdir -p "$folder/out"
    if [[ ! -d $folder/linux-source-$LINUX ]]; then
        dpkg-deb --fsys-tarfile "$SOURCE_PACKAGES"/linux-source-"$LINUX"*.deb | tar x -O --wildcards "*linux-source-$LINUX.tar.xz" | tar xJ -C "$folder"
    fi
    say "building the lab's own kernel: 5 to 10 minutes, once"
    (
        cd "$folder/linux-source-$LINUX"
        export ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- KBUILD_OUTPUT=$folder/out KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=lab
        make -s KCONFIG_ALLCONFIG="$HERE/arm64/kernel.config" allnoconfig
        # An option whose dependencies are missing is dropped without a word.
        for option in $(grep '^CONFIG' "$HERE/arm64/kernel.config"); do
            grep -qx "$option" "$folder/out/.config" || { echo "$option did not stay"; exit 1; }
        done
        make -j"$(nproc)" Image
        make -s kernelrelease >"$folder/release"
    ) >"$folder/build.log" 2>&1 || fail "the kernel could not be built; see $folder/build.log"
    cp "$folder/out/arch/arm64/boot/Image" "$BOOT/kernel-own"
    cp "$BOOT/kernel-own" "$LAB/kernel-$(<"$folder/release")"
    echo "$wanted" >"$folder/made-of"
}
