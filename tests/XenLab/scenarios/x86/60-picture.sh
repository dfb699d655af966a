# Linux's virtio_gpu shows a picture; the host's screenshot has it, pixel for pixel.
{
    guest_file painter
    device 0 gpu '' "$STAND_IN, \"gpu\""
    guest_file_end
} >$WORK/painter.json
create painter
start_host $WORK/painter.json
check 'the host claims the device' claimed painter 0
start painter || return
tell painter 'modules; insmod /modules/virtio_mmio_xenbus.ko' 90
check 'device 0 is connected' connected painter 0
check 'the card is there' tell painter 'until_true [ -e /dev/dri/card0 ]'
tell painter 'mkfifo /run/hold; (sleep 100000 >/run/hold &); (picture </run/hold >/run/shown 2>&1 &); until_true grep -q -e SHOWN -e FAIL /run/shown; cat /run/shown' >$WORK/shown
check 'the picture is shown' grep -q SHOWN $WORK/shown
# The driver sends the pixels after the program has been told that they are shown; a picture that never comes fails all the same.
for try in 1 2 3 4 5; do
    xendmhost screenshot painter --output $WORK/painter.png && /lab/picture-check $WORK/painter.png >$WORK/seen && break
done
same 'the host has it, and it is what was drawn' "$(sed -n 's/^SHOWN //p' $WORK/shown)" "$(cat $WORK/seen)"
check 'no warning in the guest' quiet painter
stop_host
