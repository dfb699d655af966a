# Guests that grant their memory page by page (grant_usage=1): the back-end maps what is granted, and nothing else. Once with kicks and
# interrupts through the host, once by dom0's kernel. Debian's kernel has no grants for virtio.
if [ "$(cat /modules/release)" = "$(uname -r)" ]; then
    note 'not with this kernel, which has no grants for virtio'
    return
fi
for route in host kernel; do
    guest=$route-granted
    rng_and_disk $guest "\"interrupts\": \"$route\", \"kicks\": \"$route\"" >$WORK/$guest.json
    create_with_devices $guest 192 --grants || return
    same "by the $route: libxl is told of grants" 1 "$(xenstore-read "$(node_of "$(domid $guest)" 1)/grant_usage")"
    start_host $WORK/$guest.json
    check "by the $route: the host serves the devices" served $guest 0 1
    start $guest || return
    check "by the $route: /dev/hwrng has the bytes of the back-end" from_the_back_end $guest
    prove_disk $guest $WORK/disk $route
    # 0x2 is a grant that is mapped at once, 0xa one that is mapped when it is touched (0x8).
    for back_end in rng blk; do
        same "by the $route: $back_end: grants of the guest alone, by gntdev" "0x2 $(domid $guest) /dev/xen/gntdev
0xa $(domid $guest) /dev/xen/gntdev" "$(regions_of $WORK/$back_end.notes)"
    done
    tail -n 4 $WORK/blk.notes | sed 's/^/LAB note: /'
    # What a reset leaves mapped would be a grant in use, which Linux complains of.
    device=$(platform_device "$(base_of $guest 0)")
    for round in 1 2 3; do
        tell $guest "cd /sys/bus/platform/drivers/virtio-mmio && echo $device >unbind && echo $device >bind" 90 || break
        from_the_back_end $guest || break
    done
    same "by the $route: the driver is unbound and bound three times" 3 "$round"
    tell $guest 'dmesg | grep -i grant' >$WORK/granted
    same "by the $route: no grant is still in use" 0 "$(grep -c -i 'still in use' $WORK/granted)"
    check "by the $route: no warning in the guest" quiet $guest
    destroy $guest
    stop_host
done
check 'no warning in dom0' dom0_is_quiet
