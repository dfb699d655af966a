# Devices of libxl's virtio = [...]: it chooses address and interrupt and tells the guest by the device tree. Linux's own drivers in
# the guest, our host in dom0, back-ends on the real rust-vmm crates between them.
printf 'bytes of the back-end. ' >$WORK/bytes
truncate -s 64M $WORK/disk
{
    guest_file work
    device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
    device 1 generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/disk\""
    guest_file_end
} >$WORK/work.json

create_with_devices work 192 || return
same 'xl-config prints a line for each device' 2 "$(grep -c '"type=virtio,device,transport=mmio,grant_usage=0"' $WORK/work.lines)"
same 'libxl gives the first device its window and interrupt' '0x2000000 33' "$(base_of work 0) $(irq_of work 0)"
same 'and the second the next ones' '0x2000200 34' "$(base_of work 1) $(irq_of work 1)"
start_host $WORK/work.json
check 'the host serves the devices before the guest runs' served work 0 1
before=$(uptime_seconds)
start work || return
tell work modules
check 'virtio_rng is bound' tell work 'until_true [ -e /sys/bus/virtio/drivers/virtio_rng/virtio[01] ]'
check 'virtio_blk is bound' tell work 'until_true [ -b /dev/vda ]'
note "from unpause to running drivers: $before to $(uptime_seconds) s"

# The kernel has taken some before, and hands out 64 at a time: so 64 bytes are one piece of what the back-end repeats.
from_the_back_end() {
    _got=$(tell work 'head -c 64 /dev/hwrng; echo .')
    [ ${#_got} -eq 65 ] || return 1
    _line='bytes of the back-end. '
    case $_line$_line$_line$_line in *"${_got%.}"*) ;; *) echo "got '$_got'"; return 1 ;; esac
}
check '/dev/hwrng has the bytes of the back-end' from_the_back_end

# 64 MiB, each of them other than the rest.
disk='mebibytes() { for n in $(seq 64); do yes "mebibyte $n of the disk" | head -c 1m; done; };'
check '64 MiB are written' tell work "$disk mebibytes >/dev/vda && sync" 300
written=$(tell work "$disk mebibytes | sha256sum" 300)
same 'and read back the same, with the caches dropped' "$written" "$(tell work 'echo 3 >/proc/sys/vm/drop_caches; head -c 64m /dev/vda | sha256sum' 300)"
same 'and are in the image' "$written" "$(head -c 64m $WORK/disk | sha256sum)"

# One at a time: the next read is asked for when the one before is there.
driver=$(tell work 'basename /sys/block/vda/device/driver/virtio*; basename $(readlink /sys/block/vda/device)' | tail -n 1)
first=$(interrupts work "$driver")
reads=$(tell work "cut -b 1- /sys/block/vda/stat | awk '{ print \$1 }'")
check '1,000 requests, one at a time, are completed' tell work 'dd if=/dev/vda of=/dev/null bs=512 count=1000 iflag=direct 2>/dev/null' 120
reads=$(($(tell work "awk '{ print \$1 }' /sys/block/vda/stat") - reads))
calls=$(($(interrupts work "$driver") - first))
note "1,000 requests: $reads reads of the disk, $calls interrupts"
same 'each was a request of its own' 1000 "$reads"
same 'each had an interrupt' 1000 "$calls"
tell work 'grep virtio /proc/interrupts' >$WORK/interrupts
check 'interrupts come by the SPIs of libxl' grep -q 'GIC.* 33 Edge.*virtio0' $WORK/interrupts
note "trapped access with the host: $(tell work 'trap-time 0x2000004 500')"

device=$(platform_device "$(base_of work 0)")
for round in 1 2 3 4 5 6 7 8 9 10; do
    tell work "cd /sys/bus/platform/drivers/virtio-mmio && echo $device >unbind && echo $device >bind && until_true [ -e /sys/bus/virtio/drivers/virtio_rng/virtio* ]" 90 || break
done
same 'the driver is unbound and bound ten times' 10 "$round"
check '/dev/hwrng goes on' from_the_back_end
check 'no warning in the guest' quiet work

# A reboot: another domain, the same guest, other nodes.
old=$(domid work)
tell work 'reboot -f' 1
check 'the guest is rebooted under another id' wait_node "/local/domain/$old" gone 120
check 'the host serves it again' served work 0 1
await_guest work
tell work modules
tell work 'until_true [ -e /sys/bus/virtio/drivers/virtio_rng/virtio[01] ]'
check '/dev/hwrng has the bytes of the back-end after the reboot' from_the_back_end
same 'the disk has what was written' "$written" "$(tell work 'until_true [ -b /dev/vda ]; head -c 64m /dev/vda | sha256sum' 300)"

start_of_destroy=$(cut -d. -f1 /proc/uptime)
check 'xl destroy' destroy work
took=$(($(cut -d. -f1 /proc/uptime) - start_of_destroy))
if [ $took -lt 10 ]; then ok "destroy did not wait ($took s)"; else bad "destroy took $took s"; fi
same 'no domain is left' 1 "$(xl list | grep -vc Name)"
stop_host
same 'the host ends well' 0 "$?"
[ ! -e $WORK/failed ] || show_host_log
