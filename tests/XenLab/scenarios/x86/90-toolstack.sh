# A node of libxl's own virtio = [...], which has no place on x86, beside a device of ours: neither keeps the guest from going.
printf 'bytes of the back-end. ' >$WORK/bytes
{
    guest_file both
    device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
    guest_file_end
} >$WORK/both.json
create both 128 'virtio = [ "type=virtio,device22,transport=mmio,grant_usage=0" ]'
start_host $WORK/both.json
check 'our device is claimed' claimed both 0
start both || return
tell both 'modules; insmod /modules/virtio_mmio_xenbus.ko' 90
check 'device 0 is connected' connected both 0
start_of_destroy=$(cut -d. -f1 /proc/uptime)
check 'xl destroy' destroy both
took=$(($(cut -d. -f1 /proc/uptime) - start_of_destroy))
if [ $took -lt 10 ]; then ok "destroy did not wait ($took s)"; else bad "destroy took $took s"; fi
check 'no node of it is left' wait_node /local/domain/0/backend/virtio gone
check 'nor the domain' no_guest_left
stop_host
