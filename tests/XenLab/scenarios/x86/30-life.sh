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
    check "/dev/hwrng of $guest" from_the_back_end $guest
done

# The toolstack takes a device away.
check 'detach removes a device of a running guest' xendmhost detach $WORK/two.json --device 0
check 'its nodes are gone' gone two 0
same 'its driver is gone' 0 "$(tell two 'ls /sys/bus/virtio/devices | wc -l')"
check 'attach brings it back' xendmhost attach $WORK/two.json --device 0
check 'it is connected again' connected two 0
check '/dev/hwrng of two is back' from_the_back_end two
check 'one goes on all the while' from_the_back_end one

# The host is killed; the guests' devices go on with the next one.
kill -9 $host
wait $host
start_host $WORK/one.json $WORK/two.json
for guest in one two; do check "$guest goes on with the host's successor" from_the_back_end $guest; done

# A reboot: another domain, the same guest.
old=$(domid one)
tell one 'reboot -f' 1
check 'one is rebooted under another id' wait_node "/local/domain/$old" gone
check 'and comes up' await_reboot one "$old"
check 'its device is attached again' claimed one 0
tell one 'modules; insmod /modules/virtio_mmio_xenbus.ko' 90
check '/dev/hwrng after the reboot' from_the_back_end one
check 'two goes on all the while' from_the_back_end two

for guest in one two; do destroy $guest; done
check 'the host removes the nodes' wait_node /local/domain/0/backend/virtio-mmio gone
check 'no domain is left' no_guest_left
stop_host
