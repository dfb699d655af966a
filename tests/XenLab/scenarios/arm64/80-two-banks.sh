# A guest with more than 3 GiB: Arm gives it a second bank of RAM at 8 GiB, and the back-end a second region. What is written and read
# is more than the second bank holds, and Linux uses that first, so that pages of both are buffers.
if [ "$(xl info free_memory)" -lt 3300 ]; then
    note "not with $(xl info total_memory) MiB: XENLAB_MEMORY=8192"
    return
fi
truncate -s 192M $WORK/wide.disk
{
    guest_file wide
    device 0 generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/wide.disk\", \"--notes\", \"$WORK/wide.notes\""
    guest_file_end
} >$WORK/wide.json
create_with_devices wide 3200 || return
start_host $WORK/wide.json
# Three times 3200 MiB are mapped: by the host that looks for holes, by the back-end, and by the host again.
wait_node "$(node_of "$(domid wide)" 0)/state" 4 900
check 'the host serves the device' served wide 0
start wide || return
tell wide modules
same 'the guest has RAM in both banks' '40000000-ffffffff
200000000-207ffffff' "$(tell wide "sed -n 's/ : System RAM//p' /proc/iomem")"
# The same tables may have been sent more than once.
same 'and the back-end a region for each' "region 0x200000000 size 0x8000000 flags 0x1 domain $(domid wide) by /dev/xen/privcmd
region 0x40000000 size 0xc0000000 flags 0x1 domain $(domid wide) by /dev/xen/privcmd" "$(grep '^region' $WORK/wide.notes | sort -u)"
disk='mebibytes() { for n in $(seq 192); do yes "mebibyte $n of the disk" | head -c 1m; done; };'
# While somebody has it open its pages stay cached.
tell wide 'until_true [ -b /dev/vda ]; sleep 100000 </dev/vda &'
check '192 MiB are written' tell wide "$disk mebibytes >/dev/vda && sync" 600
cached="awk '/^Node/ { zone = \$4 } /nr_zone_(in)?active_file/ { pages[zone] += \$2 } END { for (zone in pages) if (pages[zone] > 2048) print zone }' /proc/zoneinfo | sort | tr '\\n' ' '; echo"
note "zones with more than 8 MiB of them: $(tell wide "$cached")"
same 'from both banks' 2 "$(tell wide "$cached" | wc -w)"
written=$(tell wide "$disk mebibytes | sha256sum" 600)
same 'and read back the same, with the caches dropped' "$written" "$(tell wide 'echo 3 >/proc/sys/vm/drop_caches; sha256sum </dev/vda' 600)"
same 'into both banks' 2 "$(tell wide "$cached" | wc -w)"
check 'no warning in the guest' quiet wide
destroy wide
stop_host
check 'no warning in dom0' dom0_is_quiet
