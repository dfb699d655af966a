# The guest's module against a device of the lab's own: what it does is seen before the host comes into it.
create module
id=$(domid module)
announce "$id" 0 0xf0000000 0x200
start module || return
tell module modules
tell module 'insmod /modules/virtio_mmio_xenbus.ko &'
check 'the host half reaches Connected' serve_by_hand "$id" 0
check 'the stock driver is bound' tell module 'for i in $(seq 100); do [ -e /sys/bus/virtio/drivers/virtio_rng/virtio0 ] && exit 0; usleep 50000; done; false'
