# A device in xenstore by hand, the host's half of it included: for the module alone, with platform-test behind it.

# What the toolstack, or the host in its place, calls the devices in xenstore.
case $(uname -m) in
    aarch64) KIND=virtio ;;
    *) KIND=virtio-mmio ;;
esac
node_of() { echo "/local/domain/0/backend/$KIND/$1/$2"; }
guest_node_of() { echo "/local/domain/$1/device/$KIND/$2"; }

# announce DOMID ID BASE SIZE: both folders, as attach writes them. An empty BASE leaves it out.
announce() {
    _back=$(node_of "$1" "$2") _front=$(guest_node_of "$1" "$2")
    xenstore-write "$_back/frontend" "$_front" "$_back/frontend-id" "$1" "$_back/online" 1 "$_back/size" "$4" "$_back/state" 1
    [ -z "$3" ] || xenstore-write "$_back/base" "$3"
    xenstore-chmod -r "$_back" n0 "r$1"
    xenstore-write "$_front/backend" "$_back" "$_front/backend-id" 0 "$_front/state" 1
    xenstore-chmod -r "$_front" "n$1" r0
}

# serve_by_hand DOMID ID [BASE]: waits for the guest's driver, serves its device, and lets it go on.
serve_by_hand() {
    xenstore-write "$(node_of "$1" "$2")/state" 2
    wait_node "$(guest_node_of "$1" "$2")/state" 3 || return 1
    _base=${3:-$(xenstore-read "$(guest_node_of "$1" "$2")/base" 2>/dev/null || xenstore-read "$(node_of "$1" "$2")/base")}
    : >$WORK/platform-test.log
    /lab/platform-test "$1" "$_base" "$(xenstore-read "$(guest_node_of "$1" "$2")/event-channel")" >>$WORK/platform-test.log 2>&1 &
    server=$!
    echo $server >>$WORK/pids
    wait_line $WORK/platform-test.log 'READY*' || return 1
    xenstore-write "$(node_of "$1" "$2")/state" 4
    wait_node "$(guest_node_of "$1" "$2")/state" 4
}

# let_go_by_hand DOMID ID: what a host does once the guest's driver is gone.
let_go_by_hand() {
    kill "$server"
    wait "$server"
    xenstore-write "$(node_of "$1" "$2")/state" 6
}

# How many event channels a domain has.
event_channels() { lsevtchn "$1" | grep -c ':'; }
