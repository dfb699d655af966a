# Linux's virtio_snd plays a WAV through ALSA over virtio-mmio; what the back-end recorded is what was played: with the queues of 64
# that a back-end such as vhost-device-sound takes, and with 1024.
for size in 64 1024; do
    singer=singer$size
    {
        guest_file $singer
        device 0 snd '' "$STAND_IN, \"snd\", \"--max-queue-size\", \"$size\", \"--record\", \"$WORK/recorded.$size\"" | sed "s/\"options\"/\"queues\": { \"size\": $size }, \"options\"/"
        guest_file_end
    } >$WORK/$singer.json
    create_with_devices $singer 192 || return
    start_host $WORK/$singer.json
    check "queues of $size: the host serves the device" served $singer 0
    start $singer || return
    tell $singer modules
    check "queues of $size: the card is there" tell $singer 'until_true [ -e /dev/snd/pcmC0D0p ]'
    # Half a second of noise, 48000 frames a second, two channels, 16 bits. ALSA waits for 1.1 times the buffer's length, which on an
    # emulated machine has to be long.
    tell $singer 'head -c 96000 /dev/urandom >/run/noise; sha256sum </run/noise' >$WORK/played
    check "queues of $size: aplay plays" tell $singer 'aplay -q -D hw:0,0 -B 4000000 -F 250000 -t raw -f S16_LE -r 48000 -c 2 /run/noise' 180
    same "queues of $size: the recording begins with what was played" "$(cat $WORK/played)" "$(head -c 96000 $WORK/recorded.$size | sha256sum)"
    check "queues of $size: no warning in the guest" quiet $singer
    destroy $singer
    stop_host
done
