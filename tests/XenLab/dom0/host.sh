# The host under test, and what it is given. Nothing runs long enough in the lab for code to be compiled again after a profile.
export DOTNET_TieredPGO=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
HOST=/share/host/xendmhost

xendmhost() { $HOST --plugins /share/plugins "$@"; }

# The first line of a guest file, a device of it, and its last line. A daemon is a list of words in quotes.
guest_file() { echo "{ \"guest\": \"$1\", \"devices\": ["; }
device() { # ID PLUGIN OPTIONS DAEMON
    echo "{ \"id\": $1, \"plugin\": \"$2\", \"options\": { $3 }, \"backEnd\": { \"socket\": \"$WORK/{guest}.{id}.sock\", \"launch\": [ $4 ] } },"
}
guest_file_end() { echo '] }'; }

STAND_IN='"/share/simulation/xendmhost-sim", "stand-in", "--xen", "--socket", "{socket}"'
RUSTVMM='"/share/xendmhost-rustvmm", "--socket", "{socket}"'

# start_host FILE...: its log is $WORK/host.log, its process $host.
start_host() {
    [ -e $WORK/host.log ] || follow HOST $WORK/host.log
    $HOST --plugins /share/plugins run "$@" >>$WORK/host.log 2>&1 &
    host=$!
    echo $host >>$WORK/pids
}

# An orderly end.
stop_host() {
    kill $host
    wait $host
}

# claimed NAME ID: the host has the window of the device, so that the guest may look at it.
claimed() { wait_node "$(node_of "$(domid "$1")" "$2")/state" '2 4' 180; }
# connected NAME ID: driver and host are through with their handshake.
connected() {
    wait_node "$(node_of "$(domid "$1")" "$2")/state" 4 180 && wait_node "$(guest_node_of "$(domid "$1")" "$2")/state" 4 180
}
# unclaimed NAME ID: nothing of it is left in xenstore.
gone() { wait_node "$(node_of "$(domid "$1")" "$2")/state" gone 180; }

# from_the_back_end NAME: /dev/hwrng of the guest has what the rng back-end was given to repeat. The kernel has taken some before, and
# hands out 64 bytes at a time: so 64 are one piece of it.
from_the_back_end() {
    _got=$(tell "$1" 'until_true has_rng; head -c 64 /dev/hwrng; echo .')
    [ ${#_got} -eq 65 ] || { echo "got '$_got'"; return 1; }
    _line='bytes of the back-end. '
    case $_line$_line$_line$_line in *"${_got%.}"*) ;; *) echo "got '$_got'"; return 1 ;; esac
}

# The process of the one back-end on the rust-vmm crates; its name is too long for pidof.
back_end_process() {
    for _process in /proc/[0-9]*; do
        [ "$(readlink "$_process/exe")" != /share/xendmhost-rustvmm ] || echo "${_process#/proc/}"
    done
}
