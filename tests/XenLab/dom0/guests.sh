# Guests: made, spoken to and ended.

# create NAME [MEMORY] [LINE...]: a paused guest. Further lines go to its configuration, and $KERNEL_WORDS to its kernel. Its system is
# $RAMDISK where that is set.
create() {
    _name=$1 _memory=${2:-192}
    shift $(($# > 1 ? 2 : 1))
    {
        printf '%s\n' "name = \"$_name\"" 'type = "pvh"' "memory = $_memory" 'vcpus = 2' "kernel = \"/lab/kernel-$(uname -r)\"" "ramdisk = \"${RAMDISK:-/lab/guest.cpio}\"" \
            'extra = "console=hvc0 quiet iomem=relaxed mitigations=off virtio_snd.msg_timeout_ms=60000 virtio_snd.pcm_buffer_ms=4000'"${KERNEL_WORDS:+ $KERNEL_WORDS}\"" 'tsc_mode = "native"' 'on_reboot = "restart"' 'on_crash = "destroy"'
        for _line; do printf '%s\n' "$_line"; done
    } >$WORK/$_name.cfg
    xl create -p -q $WORK/$_name.cfg </dev/null || { bad "xl create $_name"; return 1; }
    : >$WORK/$_name.number
    follow "$_name:" "/var/log/xen/console/guest-$_name.log"
}

# start NAME: unpauses it and waits until its first process is there.
start() {
    xl unpause "$1"
    await_guest "$1" || return 1
    tell "$1" 'dmesg -c >/run/boot-messages'    # what the kernel says of the emulated CPU is not the lab's concern
}

await_guest() { tell_raw "$1" 0 '' 90 || { bad "guest $1 does not come up"; return 1; }; }

# await_reboot NAME OLD-DOMID: xl makes the new domain some time after the old one has gone.
await_reboot() {
    wait_node "/local/domain/$2" gone 120 || return 1
    for _look in $(seq 200); do
        _new=$(domid "$1")
        [ -z "$_new" ] || [ "$_new" = "$2" ] || ! xenstore-exists "/local/domain/$_new/console/tty" || break
    done
    await_guest "$1"
}

domid() { xl domid "$1" 2>/dev/null; }

# tell NAME COMMAND [SECONDS]: runs a line in the guest, shows its output, and returns its exit code; 124 when it takes too long.
tell() {
    echo x >>$WORK/$1.number
    tell_raw "$1" "$(wc -l <$WORK/$1.number)" "$2" "${3:-60}"
}

# The console's other end is kept open by xenconsoled, so what the guest says between two calls waits there.
tell_raw() {
    _tty=$(xenstore-read "/local/domain/$(domid "$1")/console/tty") || return 125
    exec 9<>"$_tty"
    [ -z "$3" ] || printf '%s %s\n' "$2" "$3" >&9
    _code=124 _begun=
    while IFS= read -r -t "$4" _line <&9; do
        _line=${_line%$'\r'}
        case $_line in
            "@$2 begin") _begun=1 ;;
            *"@$2 end "*)
                _code=${_line##* }
                break
                ;;
            *) [ -z "$_begun" ] || printf '%s\n' "$_line" ;;
        esac
    done
    exec 9>&-
    return "$_code"
}

destroy() { xl destroy "$1" 2>>$WORK/xl.log; }

# await_end PROCESS: one that nobody waits for stays as a zombie. A minute is more than the host takes for its daemons.
await_end() {
    for _look in $(seq 600); do
        case $(sed -n 's/^State:.//p' "/proc/$1/status" 2>/dev/null) in '' | Z*) return ;; esac
        usleep 100000
    done
    kill -9 "$1" 2>/dev/null
}

# Nothing of a scenario is there for the next one.
# First whoever has the guests' memory mapped: on Arm a dom0 with one processor does not survive it the other way round.
clean_up() {
    for _pid in $(cat $WORK/pids 2>/dev/null); do kill "$_pid" 2>/dev/null; done
    for _pid in $(cat $WORK/pids 2>/dev/null); do await_end "$_pid"; done
    : >$WORK/pids
    for _guest in $(xl list | awk 'NR > 1 && $1 != "Domain-0" { print $1 }'); do
        xenstore-rm "/local/domain/0/backend/$KIND/$(domid "$_guest")" 2>/dev/null
        destroy "$_guest"
    done
}

# quiet NAME: its kernel has nothing to complain of.
quiet() {
    tell "$1" 'dmesg | grep -e WARNING -e BUG -e Oops -e "Call Trace" -e "nobody cared"' >$WORK/complaints
    [ ! -s $WORK/complaints ] || { head -n 3 $WORK/complaints; return 1; }
}

# no_guest_left: each look takes some time, and what a domain has mapped goes after xl has said that it is destroyed.
no_guest_left() {
    for _look in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ "$(xl list | grep -vc Name)" -gt 1 ] || return 0
    done
    xl list
    return 1
}
