# The guest's module against a device of the lab's own: what it does is seen before the host comes into it.
INSERT='insmod /modules/virtio_mmio_xenbus.ko'
create module
id=$(domid module)
announce "$id" 0 0xf0000000 0x200
start module || return
tell module modules

tell module "$INSERT &"
check 'the host half reaches Connected' serve_by_hand "$id" 0
check 'the stock driver is bound' tell module 'until_true [ -e /sys/bus/virtio/drivers/virtio_rng/virtio0 ]'
same '/dev/hwrng has the bytes of the device' 'virtio over Xen virtio over Xen.' "$(tell module 'head -c 31 /dev/hwrng; echo .')"
tell module "grep virtio /proc/interrupts" >$WORK/interrupts
check 'its interrupts are counted on the event channel' grep -q 'xen-dyn.*virtio0' $WORK/interrupts
note "trapped access with platform-test: $(tell module 'trap-time 0xf0000004 500')"
check 'no warning in the guest' quiet module

# The host closes: everything of the guest goes.
xenstore-write "$(node_of "$id" 0)/state" 5
check 'Closing is answered with Closed' wait_node "$(guest_node_of "$id" 0)/state" 6
let_go_by_hand "$id" 0
same 'the platform device is gone' 0 "$(tell module 'ls /sys/bus/platform/devices | grep -c virtio')"
same 'the window is free' 0 "$(tell module 'grep -c virtio /proc/iomem')"

# A host that comes back is followed without a new driver.
check 'a new host is followed' serve_by_hand "$id" 0
check 'the stock driver is bound again' tell module 'until_true has_rng'

# The driver leaves by itself.
tell module 'echo virtio-mmio-0 >/sys/bus/xen/drivers/virtio_mmio_xenbus/unbind' 10 &
check 'unbinding ends in Closed' wait_node "$(guest_node_of "$id" 0)/state" 6
let_go_by_hand "$id" 0
wait $!
tell module 'echo virtio-mmio-0 >/sys/bus/xen/drivers/virtio_mmio_xenbus/bind'
check 'binding works again' serve_by_hand "$id" 0
check 'no warning in the guest' quiet module

# The toolstack removes both folders under a running driver.
xenstore-rm "$(guest_node_of "$id" 0)"
check 'a removed device is taken down' tell module 'until_true [ ! -e /sys/bus/xen/devices/virtio-mmio-0 ]'
same 'its window is free' 0 "$(tell module 'grep -c virtio /proc/iomem')"
let_go_by_hand "$id" 0
xenstore-rm "$(node_of "$id" 0)"

# A guest that chooses the address itself.
tell module 'rmmod virtio_mmio_xenbus'
announce "$id" 1 '' 4K
tell module "$INSERT allocate=1 &"
check 'the host half reaches Connected at the address of the guest' serve_by_hand "$id" 1
base=$(xenstore-read "$(guest_node_of "$id" 1)/base")
case $base in
    0xf*000) ok "the guest published a base of its own, $base" ;;
    *) bad "base in the guest's folder: '$base'" ;;
esac
check 'the stock driver is bound there' tell module 'until_true has_rng'
tell module 'echo virtio-mmio-1 >/sys/bus/xen/drivers/virtio_mmio_xenbus/unbind' &
check 'unbinding ends in Closed there too' wait_node "$(guest_node_of "$id" 1)/state" 6
let_go_by_hand "$id" 1
wait $!
tell module 'rmmod virtio_mmio_xenbus'
xenstore-rm "$(guest_node_of "$id" 1)"
xenstore-rm "$(node_of "$id" 1)"

# What no driver should touch.
announce "$id" 2 0x100000 0x200
announce "$id" 3 0xf0000000 16
announce "$id" 4 '' 0x200
tell module "$INSERT"
tell module 'dmesg | grep -e virtio-mmio-2 -e virtio-mmio-3' >$WORK/refused
check 'a base in RAM is refused' grep -q 'virtio-mmio-2: .*claiming' $WORK/refused
check 'a size too small is refused' grep -q 'virtio-mmio-3: .*size' $WORK/refused
same 'a device without base is nobody'"'"'s' '' "$(tell module 'readlink /sys/bus/xen/devices/virtio-mmio-4/driver')"
for index in 2 3 4; do
    xenstore-rm "$(guest_node_of "$id" $index)"
    xenstore-rm "$(node_of "$id" $index)"
done
tell module 'rmmod virtio_mmio_xenbus'
check 'no warning in the guest' quiet module
