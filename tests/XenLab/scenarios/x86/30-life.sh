# Two guests of one host process: devices added and removed while they run, a reboot, a host that is killed, and the end.
printf 'bytes of the back-end. ' >$WORK/bytes
for guest in one two; do
    {
        guest_file $guest
        device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
        guest_file_end
    } >$WORK/$guest.json
    create $guest 128
done
reads() { tell "$1" 'until_true [ -e /sys/bus/virtio/drivers/virtio_rng/virtio* ]; head -c 22 /dev/hwrng; echo' 60; }

# The guests are up before the host is.
for guest in one two; do
    start $guest || return
    tell $guest modules
done
start_host $WORK/one.json $WORK/two.json
for guest in one two; do
    check "the host finds $guest, which runs already" claimed $guest 0
    tell $guest 'insmod /modules/virtio_mmio_xenbus.ko' 90
    check "device 0 of $guest is connected" connected $guest 0
    same "/dev/hwrng of $guest" 'bytes of the back-end.' "$(reads $guest)"
done

# The toolstack takes a device away.
check 'detach removes a device of a running guest' xendmhost detach $WORK/two.json --device 0
check 'its nodes are gone' gone two 0
same 'its driver is gone' 0 "$(tell two 'ls /sys/bus/virtio/devices | wc -l')"
check 'attach brings it back' xendmhost attach $WORK/two.json --device 0
check 'it is connected again' connected two 0
same '/dev/hwrng of two is back' 'bytes of the back-end.' "$(reads two)"
same 'one goes on all the while' 'bytes of the back-end.' "$(reads one)"

# The host is killed; the guests' devices go on with the next one.
kill -9 $host
wait $host
start_host $WORK/one.json $WORK/two.json
for guest in one two; do same "$guest goes on with the host's successor" 'bytes of the back-end.' "$(reads $guest)"; done

# A reboot: another domain, the same guest.
old=$(domid one)
tell one 'reboot -f' 1
check 'one is rebooted under another id' wait_node "/local/domain/$old" gone
await_guest one
check 'its device is attached again' claimed one 0
tell one 'modules; insmod /modules/virtio_mmio_xenbus.ko' 90
same '/dev/hwrng after the reboot' 'bytes of the back-end.' "$(reads one)"
same 'two goes on all the while' 'bytes of the back-end.' "$(reads two)"

for guest in one two; do destroy $guest; done
check 'the host removes the nodes' wait_node /local/domain/0/backend/virtio-mmio gone
same 'no domain is left' 1 "$(xl list | grep -vc Name)"
stop_host
