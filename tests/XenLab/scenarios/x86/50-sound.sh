# Linux's virtio_snd plays a WAV through ALSA; what the back-end recorded is what was played.
{
    guest_file singer
    device 0 snd '' "$STAND_IN, \"snd\", \"--record\", \"$WORK/recorded\""
    guest_file_end
} >$WORK/singer.json
create singer
start_host $WORK/singer.json
check 'the host claims the device' claimed singer 0
start singer || return
# ALSA and the driver give a device that runs at the pace of an emulated machine up too soon, unless they are told of it.
tell singer 'modules; rmmod virtio_snd; insmod /modules/virtio_snd.ko msg_timeout_ms=60000 pcm_buffer_ms=4000; insmod /modules/virtio_mmio_xenbus.ko' 90
check 'device 0 is connected' connected singer 0
check 'the card is there' tell singer 'until_true [ -e /dev/snd/pcmC0D0p ]'
# Half a second of noise, 48000 frames a second, two channels, 16 bits.
tell singer 'head -c 96000 /dev/urandom >/run/noise; sha256sum </run/noise' >$WORK/played
check 'aplay plays' tell singer 'aplay -q -D hw:0,0 -B 4000000 -F 250000 -t raw -f S16_LE -r 48000 -c 2 /run/noise' 120
same 'the recording begins with what was played' "$(cat $WORK/played)" "$(head -c 96000 $WORK/recorded | sha256sum)"
stop_host
