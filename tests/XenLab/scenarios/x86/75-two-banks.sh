# RAM in two banks, hence two regions. Xen itself makes a second bank for more than 4032 MiB only, so the guest is told to leave
# 32 MiB in the middle alone, and the guest file says what is on either side.
KERNEL_WORDS='memmap=32M$160M'
truncate -s 96M $WORK/wide.disk
{
    guest_file wide
    device 0 generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/wide.disk\""
    echo '], "memory": { "banks": [ { "base": "0x0", "sizeMiB": 160 }, { "base": "0xc000000", "sizeMiB": 64 } ] } }'
} >$WORK/wide.json
create wide 256
start_host $WORK/wide.json
check 'the host claims the device' claimed wide 0
start wide || return
tell wide 'modules; insmod /modules/virtio_mmio_xenbus.ko' 90
check 'device 0 is connected' connected wide 0
check 'the host sees two banks' grep -q '224 MiB of RAM in 2 bank' $WORK/host.log
disk='mebibytes() { for n in $(seq 96); do yes "mebibyte $n of the disk" | head -c 1m; done; };'
check '96 MiB are written' tell wide "until_true [ -b /dev/vda ]; $disk mebibytes >/dev/vda && sync" 600
written=$(tell wide "$disk mebibytes | sha256sum" 600)
same 'and read back the same, with the caches dropped' "$written" "$(tell wide 'echo 3 >/proc/sys/vm/drop_caches; sha256sum </dev/vda' 600)"
same 'and are in the image' "$written" "$(sha256sum <$WORK/wide.disk)"
pages=$(tell wide 'echo 3 >/proc/sys/vm/drop_caches; frames /dev/vda 0xb000000' 600)
note "pages of the disk in the first bank and in the second: $pages"
check 'the disk was read into both banks' test "${pages% *}" -gt 1000 -a "${pages#* }" -gt 1000
check 'no warning in the guest' quiet wide
stop_host
