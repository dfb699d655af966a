# What Arm guests have of the toolstack: devices in xenstore and in the guest's device tree.

# write_guest_file NAME: the first line of the guest file, what DEVICES prints, and its last line.
create_with_devices() { # NAME MEMORY [XL-CONFIG-OPTION...]: a paused guest, with the lines that xl-config prints for $WORK/NAME.json
    _guest=$1 _mib=$2
    shift 2
    xendmhost xl-config "$@" $WORK/$_guest.json >$WORK/$_guest.lines || { bad "xl-config $_guest"; return 1; }
    create $_guest $_mib "$(cat $WORK/$_guest.lines)"
}

# served NAME ID...: the host has claimed the windows and its back-ends are there, so that the guest may look at them.
served() {
    _guest=$1
    shift
    for _id; do wait_node "$(node_of "$(domid $_guest)" $_id)/state" 4 180 || return 1; done
}

base_of() { xenstore-read "$(node_of "$(domid $1)" $2)/base"; }
irq_of() { xenstore-read "$(node_of "$(domid $1)" $2)/irq"; }

# interrupts NAME DEVICE: how many the guest counted, over all its processors.
interrupts() { tell $1 "awk '\$NF == \"$2\" { print \$2 + \$3 }' /proc/interrupts"; }

# platform_device BASE: its name in the guest, from the node in the device tree.
platform_device() { printf '%x.virtio' $(($1)); }
