# How long a guest that has the module with it takes, from its first moment to DRIVER_OK: with the C program, then with the host.
KERNEL_WORDS=lab.load
uptime_of_driver() { tell "$1" 'until_true [ -e /run/driver-ok ] && cat /run/driver-ok' 120; }

create timed
id=$(domid timed)
announce "$id" 0 0xf0000000 0x200
serve_by_hand "$id" 0 &
serving=$!
start timed || return
by_program=$(uptime_of_driver timed)
wait $serving
kill "$(tail -n 1 $WORK/pids)"
destroy timed
check 'no domain is left' no_guest_left
xenstore-rm "/local/domain/0/backend/virtio-mmio/$id"

printf 'bytes of the back-end. ' >$WORK/bytes
{
    guest_file timed
    device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
    guest_file_end
} >$WORK/timed.json
create timed
start_host $WORK/timed.json
check 'the host claims the device' claimed timed 0
start timed || return
by_host=$(uptime_of_driver timed)
note "from the guest's first moment to DRIVER_OK: with platform-test $by_program s, with the host $by_host s"
check 'both came to DRIVER_OK' test -n "$by_program" -a -n "$by_host"
check '/dev/hwrng has the bytes of the back-end' from_the_back_end timed
stop_host
