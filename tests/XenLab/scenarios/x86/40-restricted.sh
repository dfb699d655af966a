# A back-end that may nothing: user nobody, with no /dev/xen of its own. It maps the guest's memory by the descriptor it is given,
# which opens this guest and no other.
printf 'bytes of the back-end. ' >$WORK/bytes
mkdir -p $WORK/nobody
chmod 777 $WORK/nobody
cat >$WORK/as-nobody <<'END'
#!/bin/sh
mount -t tmpfs none /dev/xen
exec su nobody -s /bin/sh -c "ls /dev/xen >/run/lab/nobody/seen; exec /share/xendmhost-rustvmm --socket $1 --device rng --image /run/lab/bytes"
END
chmod 755 $WORK/as-nobody
{
    guest_file alone
    echo "{ \"id\": 0, \"plugin\": \"generic\", \"options\": { \"profile\": \"rng\" }, \"backEnd\": { \"socket\": \"$WORK/nobody/rng.sock\","
    echo "\"launch\": [ \"/bin/unshare\", \"-m\", \"$WORK/as-nobody\", \"{socket}\" ] } },"
    guest_file_end
} >$WORK/alone.json

create alone
start_host $WORK/alone.json
check 'the host claims the device' claimed alone 0
start alone || return
tell alone 'modules; insmod /modules/virtio_mmio_xenbus.ko' 90
check 'device 0 is connected' connected alone 0
check '/dev/hwrng has the bytes of the back-end' from_the_back_end alone
daemon=$(back_end_process)
same 'the back-end runs as nobody' 65534 "$(awk '/^Uid:/ { print $3 }' "/proc/$daemon/status")"
same 'and has no /dev/xen' 0 "$(wc -l <$WORK/nobody/seen)"

# Whoever takes that process over has its descriptor: it opens this guest's memory, no other's, and no hypercall.
create other 128
own=$(domid alone) others=$(domid other)
su nobody -s /bin/sh -c "/lab/borrowed $daemon $own $others 0" >$WORK/borrowed 2>&1
same "the descriptor maps the guest's memory, another's and dom0's not, and makes no hypercall" "$own mapped
$others EPERM
0 EPERM
hypercall EPERM" "$(cat $WORK/borrowed)"
check '/dev/hwrng goes on' from_the_back_end alone
stop_host
