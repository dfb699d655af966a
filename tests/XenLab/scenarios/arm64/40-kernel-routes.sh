# Kicks and interrupts carried by dom0's kernel, by ioeventfd and irqfd: the host is not on the way. Debian's kernel has neither.
if [ "$(cat /modules/release)" = "$(uname -r)" ]; then
    note 'not with this kernel, which has no irqfd and no ioeventfd'
    return
fi
rng_and_disk swift '"interrupts": "kernel", "kicks": "kernel"' >$WORK/swift.json
create_with_devices swift 192 || return
start_host $WORK/swift.json
check 'the host serves the devices' served swift 0 1
start swift || return
check '/dev/hwrng has the bytes of the back-end' from_the_back_end swift
prove_disk swift $WORK/disk kernel
for back_end in rng blk; do
    same "$back_end: the RAM is foreign memory of the guest, by privcmd" "0x1 $(domid swift) /dev/xen/privcmd" "$(regions_of $WORK/$back_end.notes)"
done
same 'nothing goes through the host' 0 "$(grep -c 'through this host' $WORK/host.log)"
device=$(platform_device "$(base_of swift 0)")
for round in 1 2 3 4 5 6 7 8 9 10; do
    tell swift "cd /sys/bus/platform/drivers/virtio-mmio && echo $device >unbind && echo $device >bind" 90 || break
    from_the_back_end swift || break
done
same 'the driver is unbound and bound ten times' 10 "$round"
check 'no warning in the guest' quiet swift
check 'xl destroy' destroy swift
stop_host
same 'the host ends well' 0 "$?"
check 'no warning in dom0' dom0_is_quiet
