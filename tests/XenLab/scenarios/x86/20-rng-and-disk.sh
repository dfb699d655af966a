# Linux's own drivers in a guest, our host in dom0, and back-ends on the real rust-vmm crates between them.
printf 'bytes of the back-end. ' >$WORK/bytes
truncate -s 64M $WORK/disk
{
    guest_file work
    device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
    device 1 generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/disk\""
    guest_file_end
} >$WORK/work.json

create work
start_host $WORK/work.json
check 'run attaches the devices of a guest that has not started' claimed work 0
before=$(uptime_seconds)
start work || return
tell work modules
tell work 'insmod /modules/virtio_mmio_xenbus.ko' 90
for id in 0 1; do check "device $id is connected" connected work $id; done
check 'virtio_rng is bound' tell work 'until_true [ -e /sys/bus/virtio/drivers/virtio_rng/virtio[01] ]'
check 'virtio_blk is bound' tell work 'until_true [ -b /dev/vda ]'
note "from unpause to running drivers, and what the lab did between: $before to $(uptime_seconds) s"
check '/dev/hwrng has the bytes of the back-end' from_the_back_end work

check 'a file system is made' tell work 'mkfs.ext4 -q -F /dev/vda' 120
check 'it is mounted' tell work 'mount -t ext4 /dev/vda /mnt'
check 'it is written' tell work 'head -c 8m /dev/urandom >/mnt/file && sha256sum </mnt/file >/run/sum && umount /mnt' 120
check 'it is the same after a remount, with the caches dropped' tell work 'echo 3 >/proc/sys/vm/drop_caches; mount -t ext4 /dev/vda /mnt && sha256sum </mnt/file | cmp - /run/sum && umount /mnt' 120

tell work 'grep virtio /proc/interrupts' >$WORK/first
tell work 'head -c 4096 /dev/vda >/dev/null; echo 3 >/proc/sys/vm/drop_caches; head -c 1m /dev/vda >/dev/null; head -c 512 /dev/hwrng >/dev/null; grep virtio /proc/interrupts' >$WORK/second
check 'interrupts come by event channel' grep -q 'xen-dyn.*virtio' $WORK/second
if cmp -s $WORK/first $WORK/second; then bad 'interrupts do not count'; else ok 'interrupts count'; fi

base=$(xenstore-read "$(node_of "$(domid work)" 0)/base")
note "trapped access with the host: $(tell work "trap-time $(printf '0x%x' $((base + 4))) 500")"

for round in 1 2 3 4 5 6 7 8 9 10; do
    tell work 'echo virtio-mmio-0 >/sys/bus/xen/drivers/virtio_mmio_xenbus/unbind; echo virtio-mmio-0 >/sys/bus/xen/drivers/virtio_mmio_xenbus/bind' 90
    connected work 0 || break
done
same 'the driver is unbound and bound ten times' 10 "$round"
tell work 'until_true has_rng'
check '/dev/hwrng goes on' from_the_back_end work
check 'no warning in the guest' quiet work

start_of_destroy=$(cut -d. -f1 /proc/uptime)
check 'xl destroy' destroy work
took=$(($(cut -d. -f1 /proc/uptime) - start_of_destroy))
if [ $took -lt 10 ]; then ok "destroy did not wait ($took s)"; else bad "destroy took $took s"; fi
check 'the host removes its nodes' wait_node "/local/domain/0/backend/virtio-mmio" gone
check 'no domain is left' no_guest_left
stop_host
same 'the host ends well' 0 "$?"
