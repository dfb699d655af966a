# To be sourced by run. The x86 half.

# TCG has gaps that this choice goes around. With AVX, or two vCPUs in dom0, programs crash there now and then; SMAP breaks the return to a program that faulted, MWAIT and RDTSCP are
# taken for other instructions under SVM.
readonly CPU=EPYC,+svm,+npt,-avx,-avx2,-fma,-f16c,-smap,-monitor,-rdtscp,-rdseed,-sha-ni,-fxsr-opt,-misalignsse,-3dnowprefetch,-osvw,-topoext,-nrip-save,-xsavec
readonly XEN_ARGUMENTS="com1=115200,8n1 console=com1 dom0_mem=1280M,max:1280M dom0_max_vcpus=1 cpuidle=0 sched=credit no-real-mode smt=1"
readonly BACK_END=$ROOT/.cache/rustvmm/xendmhost-rustvmm

build_host() { dotnet build "$ROOT/src/Host" -c "$CONFIGURATION" -v quiet </dev/null >&2; }
build_back_end() { "$HERE/../RustVmm/build"; }

# The runtime is the machine's own.
share_host() {
    cp -r "$ROOT/artifacts/bin/XenDmHost.Host/${CONFIGURATION,,}/." "$SHARE/host/"
    cp -r "$ROOT/artifacts/bin/XenDmHost.Simulation/${CONFIGURATION,,}/." "$SHARE/simulation/"
    folder dotnet "$(dirname "$(readlink -f "$(command -v dotnet)")")" ,readonly=on
}

machine() {
    MACHINE=(qemu-system-x86_64 -machine pc -cpu "$CPU" -m 2304 -kernel "$CACHE/boot/xen" -append "$XEN_ARGUMENTS"
        -initrd "$CACHE/boot/kernel $KERNEL_ARGUMENTS,$CACHE/boot/dom0.cpio")
}
