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
check 'the host has it' xendmhost screenshot painter --output $WORK/painter.png
same 'it is what was drawn' "$(sed -n 's/^SHOWN //p' $WORK/shown)" "$(/lab/picture-check $WORK/painter.png)"
check 'no warning in the guest' quiet painter
stop_host
