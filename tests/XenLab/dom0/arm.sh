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

# reborn NAME DOMID: waits until the guest is there under another id than this one.
reborn() {
    _guest=$1 _old=$2
    matches() {
        _now=$(domid $_guest)
        [ -n "$_now" ] && [ "$_now" != "$_old" ]
    }
    until_matches 120 xenstore-watch @introduceDomain
}

base_of() { xenstore-read "$(node_of "$(domid $1)" $2)/base"; }
irq_of() { xenstore-read "$(node_of "$(domid $1)" $2)/irq"; }

# interrupts NAME DEVICE: how many the guest counted, over all its processors.
interrupts() { tell $1 "awk '\$NF == \"$2\" { print \$2 + \$3 }' /proc/interrupts"; }

# platform_device BASE: its name in the guest, from the node in the device tree.
platform_device() { printf '%x.virtio' $(($1)); }

# rng_and_disk NAME [KEYS]: a guest file with both, on the real rust-vmm crates, and a disk of 64 MiB. KEYS are more of "transport".
# A reboot does not pause the guest: it waits for the back-ends, which in the lab need their time.
rng_and_disk() {
    printf 'bytes of the back-end. ' >$WORK/bytes
    rm -f $WORK/disk
    truncate -s 64M $WORK/disk
    guest_file "$1"
    {
        device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\", \"--notes\", \"$WORK/rng.notes\""
        device 1 generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/disk\", \"--notes\", \"$WORK/blk.notes\""
    } | sed "s/\"options\"/\"transport\": { \"waitForBackEndMs\": 30000${2:+, $2} }, \"options\"/"
    guest_file_end
}

# What the back-end of the disk counted, and what the host did: kicks, calls, interrupts; the host's are those that came through it.
back_end_counts() { awk 'NR == 1 { print $2 + 0, $4 + 0 }' $WORK/blk.notes; }
host_counts() { xendmhost status $1 | awk '$1 == 1 { print $4, $5, $6 }'; }
# difference A B: of two such lists.
difference() { echo "$1 $2" | awk '{ for (i = 1; i <= NF / 2; i++) printf("%s%d", (i > 1 ? " " : ""), $(i + NF / 2) - $i) }'; }

# regions_of FILE: what the back-end was given to map in all its tables: flags, domain and descriptor, each kind once.
regions_of() { sed -n 's/^region.* flags \(0x[0-9a-f]*\) domain \([0-9]*\) by \(.*\)/\1 \2 \3/p' $1 | sort -u; }

# dom0_is_quiet: its kernel has nothing to complain of since it started, and found room for all that was mapped.
dom0_is_quiet() {
    dmesg | grep -e WARNING -e BUG -e Oops -e 'Call trace' -e privcmd -e 'IOMEM' >$WORK/complaints
    [ ! -s $WORK/complaints ] || { wc -l <$WORK/complaints; head -n 5 $WORK/complaints; return 1; }
}

# prove_disk NAME IMAGE ROUTE: all of it is written and read back, and then 1,000 requests are made one at a time. ROUTE is who carries
# kicks and interrupts: host or kernel. Leaves what the disk's content sums up to in $written.
prove_disk() {
    _make='mebibytes() { for n in $(seq 64); do yes "mebibyte $n of the disk" | head -c 1m; done; };'
    check '64 MiB are written' tell $1 "$_make mebibytes >/dev/vda && sync" 600
    written=$(tell $1 "$_make mebibytes | md5sum" 600)
    same 'and read back the same, with the caches dropped' "$written" "$(tell $1 'echo 3 >/proc/sys/vm/drop_caches; md5sum </dev/vda' 600)"
    same 'and are in the image' "$written" "$(md5sum <$2)"

    # Without reading ahead, each page is asked for when the one before is there.
    _driver=$(tell $1 'basename "$(readlink -f /sys/block/vda/device)"')
    _calls=$(interrupts $1 "$_driver")
    _reads=$(tell $1 "awk '{ print \$1 }' /sys/block/vda/stat")
    _seen=$(back_end_counts) _passed=$(host_counts $1)
    check '1,000 requests, one at a time, are completed' tell $1 'echo 0 >/sys/block/vda/queue/read_ahead_kb; echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/vda of=/dev/null bs=4096 count=1000 2>/dev/null' 900
    _reads=$(($(tell $1 "awk '{ print \$1 }' /sys/block/vda/stat") - _reads))
    _calls=$(($(interrupts $1 "$_driver") - _calls))
    _seen=$(difference "$_seen" "$(back_end_counts)") _passed=$(difference "$_passed" "$(host_counts $1)")
    note "1,000 requests by the $3: $_reads reads of the disk, $_calls interrupts; kicks and calls at the back-end: $_seen; kicks, calls and interrupts by the host: $_passed"
    same 'each was a request of its own' 1000 "$_reads"
    same 'each had an interrupt' 1000 "$_calls"
    same 'each was called by the back-end' 1000 "${_seen#* }"
    # A driver need not kick a back-end that is looking just then, and two kicks may be one when they arrive.
    check 'the back-end was kicked' [ "${_seen% *}" -ge 1 -a "${_seen% *}" -le 1000 ]
    case $3 in
        host)
            same 'the host passed on all calls as interrupts' '1000 1000' "${_passed#* }"
            check 'and all kicks' [ "${_passed%% *}" -ge "${_seen% *}" -a "${_passed%% *}" -le 1000 ]
            ;;
        kernel) same 'the host passed on no kick, no call and no interrupt' '0 0 0' "$_passed" ;;
    esac
}
