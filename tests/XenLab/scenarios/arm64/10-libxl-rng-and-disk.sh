# Devices of libxl's virtio = [...]: it chooses address and interrupt and tells the guest by the device tree. Linux's own drivers in
# the guest, our host in dom0, back-ends on the real rust-vmm crates between them. Kicks and interrupts go through the host.
rng_and_disk work '"interrupts": "host"' >$WORK/work.json

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

check '/dev/hwrng has the bytes of the back-end' from_the_back_end work
prove_disk work $WORK/disk host
for back_end in rng blk; do
    same "$back_end: the RAM is foreign memory of the guest, by privcmd" "0x1 $(domid work) /dev/xen/privcmd" "$(regions_of $WORK/$back_end.notes)"
done
tell work 'grep virtio /proc/interrupts' >$WORK/interrupts
sed "s/^/LAB note: /" $WORK/interrupts
check 'interrupts come by the SPIs of libxl' grep -q 'GIC.* 33 Edge.*virtio0' $WORK/interrupts
note "trapped access with the host: $(tell work 'trap-time 0x2000004 500')"

device=$(platform_device "$(base_of work 0)")
for round in 1 2 3 4 5 6 7 8 9 10; do
    tell work "cd /sys/bus/platform/drivers/virtio-mmio && echo $device >unbind && echo $device >bind && until_true has_rng" 90 || break
done
same 'the driver is unbound and bound ten times' 10 "$round"
check '/dev/hwrng goes on' from_the_back_end work
check 'no warning in the guest' quiet work

# A reboot: another domain, the same guest, other nodes.
old=$(domid work)
tell work 'reboot -f' 1
check 'the guest is rebooted under another id' reborn work "$old"
check 'the host serves it again' served work 0 1
await_guest work
tell work modules
tell work 'until_true [ -e /sys/bus/virtio/drivers/virtio_rng/virtio[01] ]'
check '/dev/hwrng has the bytes of the back-end after the reboot' from_the_back_end work
same 'the disk has what was written' "$written" "$(tell work 'until_true [ -b /dev/vda ]; md5sum </dev/vda' 600)"

start_of_destroy=$(cut -d. -f1 /proc/uptime)
check 'xl destroy' destroy work
took=$(($(cut -d. -f1 /proc/uptime) - start_of_destroy))
if [ $took -lt 10 ]; then ok "destroy did not wait ($took s)"; else bad "destroy took $took s"; fi
same 'no domain is left' 1 "$(xl list | grep -vc Name)"
stop_host
same 'the host ends well' 0 "$?"
