# To be sourced by run. The x86 half.

# TCG has gaps that this choice goes around. With XSAVE, or two vCPUs in dom0, programs crash there now and then; SMAP breaks the return to a
# program that faulted, MWAIT and RDTSCP are taken for other instructions under SVM.
readonly CPU=EPYC,+svm,+npt,-avx,-avx2,-fma,-f16c,-smap,-monitor,-rdtscp,-rdseed,-sha-ni,-fxsr-opt,-misalignsse,-3dnowprefetch,-osvw,-topoext,-nrip-save,-xsavec,-xsave,-xsaveopt,-xgetbv1,-fsgsbase
readonly XEN_ARGUMENTS="com1=115200,8n1 console=com1 dom0_mem=1280M,max:1280M dom0_max_vcpus=1 cpuidle=0 sched=credit no-real-mode smt=1"
readonly BACK_END=$ROOT/.cache/rustvmm/xendmhost-rustvmm

readonly RUNTIME=linux-x64

build_back_end() { "$HERE/../RustVmm/build"; }

# QEMU 10 out of the tree, by the tree's own loader: under the 7.2 of Debian 12 guests died now and then.
emulator() {
    local tree=$CACHE/tree
    printf '%s\n' "$tree/lib64/ld-linux-x86-64.so.2" --library-path "$(find "$tree/usr/lib/x86_64-linux-gnu" -maxdepth 1 -type d | paste -sd:)" \
        "$tree/usr/bin/qemu-system-x86_64" -L "$tree/usr/share/qemu" -L "$tree/usr/share/seabios"
}

machine() {
    mapfile -t MACHINE < <(emulator)
    MACHINE+=(-machine pc -cpu "$CPU" -m 2304 -kernel "$CACHE/boot/xen" -append "$XEN_ARGUMENTS"
        -initrd "$CACHE/boot/kernel $KERNEL_ARGUMENTS,$CACHE/boot/dom0.cpio")
}
