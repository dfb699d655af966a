# What Arm guests have of the toolstack: devices in xenstore and in the guest's device tree.

# create_with_devices NAME MEMORY [XL-CONFIG-OPTION...]: a paused guest, with the lines that xl-config prints for $WORK/NAME.json.
create_with_devices() {
    _guest=$1 _mib=$2
    shift 2
    xendmhost xl-config "$@" $WORK/$_guest.json >$WORK/$_guest.lines || { bad "xl-config $_guest"; return 1; }
    create $_guest $_mib "$(cat $WORK/$_guest.lines)"
}

# served NAME ID...: the host has claimed the windows and its back-ends are there, so that the guest may look at them.
served() {
    _guest=$1
    shift
    for _id; do wait_node "$(node_of "$(domid $_guest)" $_id)/state" 4 180 || return 1; done
}

base_of() { xenstore-read "$(node_of "$(domid $1)" $2)/base"; }
irq_of() { xenstore-read "$(node_of "$(domid $1)" $2)/irq"; }

# interrupts NAME DEVICE: how many the guest counted, over all its processors.
interrupts() { tell $1 "awk '\$NF == \"$2\" { print \$2 + \$3 }' /proc/interrupts"; }

# platform_device BASE: its name in the guest, from the node in the device tree.
platform_device() { printf '%x.virtio' $(($1)); }

# rng_and_disk NAME [KEY...]: a guest file with both, on the real rust-vmm crates, and a disk of 64 MiB. Keys go to each device.
rng_and_disk() {
    printf 'bytes of the back-end. ' >$WORK/bytes
    truncate -s 64M $WORK/disk
    guest_file "$1"
    {
        device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
        device 1 generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/disk\""
    } | sed "s/\"options\"/$2 \"options\"/"
    guest_file_end
}

# random_is_ours NAME: the kernel has taken some before, and hands out 64 at a time: so 64 bytes are one piece of what the back-end
# repeats.
random_is_ours() {
    _got=$(tell $1 'head -c 64 /dev/hwrng; echo .')
    [ ${#_got} -eq 65 ] || return 1
    _text='bytes of the back-end. '
    case $_text$_text$_text$_text in *"${_got%.}"*) ;; *) echo "got '$_got'"; return 1 ;; esac
}

# prove_disk NAME IMAGE: all of it is written and read back, and then 1,000 requests are made one at a time. Leaves what the disk's
# content sums up to in $written.
prove_disk() {
    _make='mebibytes() { for n in $(seq 64); do yes "mebibyte $n of the disk" | head -c 1m; done; };'
    check '64 MiB are written' tell $1 "$_make mebibytes >/dev/vda && sync" 600
    written=$(tell $1 "$_make mebibytes | md5sum" 600)
    same 'and read back the same, with the caches dropped' "$written" "$(tell $1 'echo 3 >/proc/sys/vm/drop_caches; md5sum </dev/vda' 600)"
    same 'and are in the image' "$written" "$(md5sum <$2)"

    # The next read is asked for when the one before is there.
    _driver=$(tell $1 'basename "$(readlink -f /sys/block/vda/device)"')
    _calls=$(interrupts $1 "$_driver")
    _reads=$(tell $1 "awk '{ print \$1 }' /sys/block/vda/stat")
    check '1,000 requests, one at a time, are completed' tell $1 'dd if=/dev/vda of=/dev/null bs=512 count=1000 iflag=direct 2>/dev/null' 300
    _reads=$(($(tell $1 "awk '{ print \$1 }' /sys/block/vda/stat") - _reads))
    _calls=$(($(interrupts $1 "$_driver") - _calls))
    note "1,000 requests: $_reads reads of the disk, $_calls interrupts"
    same 'each was a request of its own' 1000 "$_reads"
    same 'each had an interrupt' 1000 "$_calls"
}
