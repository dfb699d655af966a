# To be sourced by run. The arm64 half.

readonly XEN_ARGUMENTS="console=dtuart dtuart=/pl011@9000000 dom0_mem=1024M dom0_max_vcpus=1 bootscrub=0 sched=credit xsm=${XENLAB_XSM:-dummy} flask=late"
readonly BACK_END=$ROOT/.cache/rustvmm-arm64/xendmhost-rustvmm
readonly RUNTIME=linux-arm64

build_back_end() { "$HERE/../RustVmm/build" arm64; }

machine() {
    local kernel=$CACHE/boot/kernel
    [[ ${XENLAB_KERNEL:-own} != own ]] || kernel=$CACHE/boot/kernel-own
    MACHINE=(qemu-system-aarch64 -machine virt,virtualization=on,gic-version=3 -cpu cortex-a57 -m "${XENLAB_MEMORY:-8192}"
        -kernel "$CACHE/boot/xen" -append "$XEN_ARGUMENTS"
        -device "guest-loader,addr=0x4a000000,kernel=$kernel,bootargs=$KERNEL_ARGUMENTS"
        -device "guest-loader,addr=0x50000000,initrd=$CACHE/boot/dom0.cpio")
}
