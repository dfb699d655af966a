# The guest's module loaded, unbound, rebound and unloaded a hundred times: neither event channels nor memory are lost.
ROUNDS=100
printf 'bytes of the back-end. ' >$WORK/bytes
{
    guest_file again
    device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
    guest_file_end
} >$WORK/again.json
create again
start_host $WORK/again.json
check 'the host claims the device' claimed again 0
start again || return
tell again modules
cat >$WORK/rounds <<'END'
rounds() {
    n=0; driver=/sys/bus/xen/drivers/virtio_mmio_xenbus
    while [ $n -lt $1 ]; do
        insmod /modules/virtio_mmio_xenbus.ko && until_true has_rng || break
        echo virtio-mmio-0 >$driver/unbind; echo virtio-mmio-0 >$driver/bind
        until_true has_rng && echo virtio-mmio-0 >$driver/unbind && rmmod virtio_mmio_xenbus || break
        n=$((n + 1))
    done
    echo $n
}
END
count() { tell again 'echo 3 >/proc/sys/vm/drop_caches; grep SUnreclaim /proc/meminfo | tr -dc 0-9'; }
define=$(tr '\n' ';' <$WORK/rounds | sed 's/{;/{/; s/do;/do/')
same 'ten rounds to begin with' 10 "$(tell again "$define rounds 10" 300)"
channels=$(event_channels "$(domid again)") slabs=$(count)
same "$ROUNDS rounds" $ROUNDS "$(tell again "$define rounds $ROUNDS" 1200)"
same 'as many event channels as before' "$channels" "$(event_channels "$(domid again)")"
# A leak of one small object a round would be some KiB, of a page each 400; what else the kernel keeps goes up and down by less.
grown=$(($(count) - slabs))
if [ $grown -lt 200 ]; then ok "kernel memory has not grown ($grown KiB)"; else bad "kernel memory has grown by $grown KiB"; fi
check 'no warning in the guest' quiet again
stop_host
