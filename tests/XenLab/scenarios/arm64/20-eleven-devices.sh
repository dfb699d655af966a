# As many devices as libxl gives a guest: windows of 0x200 bytes, eight of them in a page, each with an interrupt of its own.
truncate -s 1M $WORK/disk.1 $WORK/disk.2 $WORK/disk.3 $WORK/disk.4 $WORK/disk.5 $WORK/disk.6 $WORK/disk.7 $WORK/disk.8 $WORK/disk.9 $WORK/disk.10
for n in 1 2 3 4 5 6 7 8 9 10; do echo "disk of device $n" | dd of=$WORK/disk.$n conv=notrunc 2>/dev/null; done
printf 'bytes of the back-end. ' >$WORK/bytes
eleven() {
    guest_file many
    device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
    for n in 1 2 3 4 5 6 7 8 9 10; do device $n generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/disk.$n\""; done
    [ -z "$1" ] || device 11 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\""
    guest_file_end
}
eleven and-one-more >$WORK/many.json
xendmhost xl-config $WORK/many.json >$WORK/too-many 2>&1
same 'xl-config refuses a twelfth' 2 $?
check 'and says why' grep -q 'at most 11' $WORK/too-many
eleven >$WORK/many.json
create_with_devices many 192 || return
same 'the last window and interrupt' '0x2001400 43' "$(base_of many 10) $(irq_of many 10)"
start_host $WORK/many.json
# Eleven daemons start and map the guest on one emulated processor.
for id in 0 1 2 3 4 5 6 7 8 9 10; do wait_node "$(node_of "$(domid many)" $id)/state" 4 300 || break; done
check 'all are served' served many 0 1 2 3 4 5 6 7 8 9 10
start many || return
tell many modules
check 'all drivers are bound' tell many 'until_true [ -b /dev/vdj ]'
same 'each disk is its own' 'disk of device 1
disk of device 2
disk of device 3
disk of device 4
disk of device 5
disk of device 6
disk of device 7
disk of device 8
disk of device 9
disk of device 10' "$(tell many 'for disk in a b c d e f g h i j; do head -n 1 /dev/vd$disk; done' | sort -k 4n)"
check 'all are written at once' tell many 'for disk in a b c d e f g h i j; do (yes "written to $disk" | head -c 1m >/dev/vd$disk) & done; wait; sync' 120
same 'and each keeps its own' 10 "$(tell many 'echo 3 >/proc/sys/vm/drop_caches; for disk in a b c d e f g h i j; do yes "written to $disk" | head -c 1m | cmp -s - /dev/vd$disk && echo same; done | wc -l' 120)"
same '/dev/hwrng too' 64 "$(tell many 'head -c 64 /dev/hwrng | wc -c')"
same 'each device has an interrupt of its own' 11 "$(tell many 'grep -c "GIC.*virtio" /proc/interrupts')"
check 'no warning in the guest' quiet many
# libxl waits for each of them, for ten seconds; all are let go of at once.
start_of_destroy=$(cut -d. -f1 /proc/uptime)
check 'xl destroy' destroy many
note "xl destroy took $(($(cut -d. -f1 /proc/uptime) - start_of_destroy)) s with eleven devices"
stop_host
check 'no warning in dom0' dom0_is_quiet
