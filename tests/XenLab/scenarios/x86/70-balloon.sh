# A guest gives memory back while its device works, and then names a page that is no longer there as a buffer: its device may
# fail, the back-end, the host and dom0 may not.
printf 'bytes of the back-end. ' >$WORK/bytes
{
    guest_file thin
    device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"$WORK/bytes\""
    guest_file_end
} >$WORK/thin.json
create thin 192
start_host $WORK/thin.json
check 'the host claims the device' claimed thin 0
start thin || return
tell thin 'modules; insmod /modules/virtio_mmio_xenbus.ko' 90
check 'device 0 is connected' connected thin 0
check '/dev/hwrng with all of the memory' from_the_back_end thin
# The balloon takes single pages first: those between others that are in use, so that what is left lies in many pieces.
check 'the free pages are scattered' tell thin 'mkdir /run/pages && n=0 && while [ $n -lt 2000 ]; do echo page >/run/pages/$n; n=$((n + 1)); done && rm /run/pages/*[02468]' 240
check 'the guest is to be smaller' xl mem-set thin 160m
# The guest looks anew each time.
balloon='until_true eval "[ \$(cat /sys/devices/system/xen_memory/xen_memory0/info/current_kb)'
check 'the balloon has taken the pages' tell thin "$balloon -le 164000 ]\"" 240
check '/dev/hwrng with less' from_the_back_end thin
check 'a memory in so many pieces is not sent: the back-end keeps what it has mapped' wait_line $WORK/host.log '*keeps what it has mapped*' 60

back_end=$(back_end_process)
base=$(xenstore-read "$(node_of "$(domid thin)" 0)/base")
tell thin 'ls /sys/bus/virtio/drivers/virtio_rng | grep virtio >/run/device; cat /run/device >/sys/bus/virtio/drivers/virtio_rng/unbind'
case $(tell thin "hole $base hole" 60) in
    used* | 'needs reset') ok 'a buffer that is not there is answered' ;;
    *) bad 'a buffer that is not there is not answered' ;;
esac
same 'a buffer that is there is filled afterwards' 'used 64' "$(tell thin "hole $base page" 60)"
tell thin 'cat /run/device >/sys/bus/virtio/drivers/virtio_rng/bind'
check '/dev/hwrng with the driver again' from_the_back_end thin
same 'the back-end is the same process' "$back_end" "$(back_end_process)"

# Pages that a back-end has mapped count as the guest's until it lets go of them, and Xen gives the guest no others before.
check 'the guest is to be larger again' xl mem-set thin 192m
check 'the balloon has given the pages back' tell thin "$balloon -ge 190000 ]\"" 240
check 'the back-end was made to let go of them' grep -q 'lets go of the guest' $WORK/host.log
check '/dev/hwrng with all of it again' from_the_back_end thin
check 'no warning in the guest' quiet thin
dmesg | grep -e WARNING -e BUG -e Oops >$WORK/complaints
same 'and none in dom0' '' "$(cat $WORK/complaints)"
stop_host
