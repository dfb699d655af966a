# A driver domain: the host and its back-end run in a guest of dom0's, and serve one other guest, which is that domain's target. What
# Xen, xenstore and Linux allow there works; all else is refused with a line that names what is missing.
if [ "$(cat /modules/release)" = "$(uname -r)" ]; then
    note 'not with this kernel, whose guests have no privcmd'
    return
fi

# guest_of NAME DRIVER [KEYS] [LINE]: a paused guest with one device, whose back-end is in another domain.
guest_of() { create "$1" 192 "virtio = [ \"backend=$2,type=virtio,device,transport=mmio${3:+,$3}\" ]" "$4"; }

# driver_domain NAME [WORDS] [LINE]: created paused, since Linux asks for its target when it starts.
driver_domain() {
    RAMDISK=$WORK/driver.cpio KERNEL_WORDS=$2
    create "$1" 512 'driver_domain = 1' "$3"
    _created=$?
    RAMDISK='' KERNEL_WORDS=''
    return $_created
}

# make_target DRIVER GUEST: as libxl does it for a device model in a domain of its own: for Xen, for xenstore, and for Linux in there.
make_target() {
    /lab/set-target "$(domid "$1")" "$(domid "$2")" && xenstore-write "/local/domain/$(domid "$1")/target" "$(domid "$2")"
}

node_in() { echo "/local/domain/$(domid "$1")/backend/virtio/$(domid "$2")/0"; }

# in_driver DRIVER FILE...: the host in there, for these guest files; its log is /run/host.log there.
in_driver() {
    _driver=$1
    shift
    tell "$_driver" "/files/serve $*"
}

# checked DRIVER FILE: what the host's own check says in there.
checked() { tell "$1" "mkdir -p /run/lab; DOTNET_TieredPGO=0 /share/host/xendmhost --plugins /share/plugins check $2" 120 >$WORK/checked; }

# by_number DRIVER GUEST: its file for the host in there, with its domain id for its name and the banks of its memory.
by_number() {
    tell "$1" "sed 's/$2/$(domid "$2")/; s/\"devices\"/\"memory\": { \"banks\": [ { \"base\": \"0x40000000\", \"sizeMiB\": 192 } ] }, &/' /files/$2.json >/run/$2.json"
}

# says DRIVER PATTERN: a line of the host there comes to match, and is the only one that does.
says() { tell "$1" "until_true grep -q '$2' /run/host.log && [ \$(grep -c '$2' /run/host.log) = 1 ]" 120; }
end_in_driver() { tell "$1" 'kill $(cat /run/host.pid) && until_true [ -s /run/host.code ] && cat /run/host.code'; }

# The lab's guest, and on top of it the host, what it needs, and the guest files.
mkdir -p $WORK/driver/files
(
    cd $WORK/driver/files || exit
    printf 'bytes of the back-end. ' >bytes
    for _guest in work second other; do
        {
            guest_file $_guest
            device 0 generic '"profile": "rng"' "$RUSTVMM, \"--device\", \"rng\", \"--image\", \"/files/bytes\", \"--notes\", \"/run/rng.notes\""
            guest_file_end
        } >$_guest.json
    done
    cat >serve <<'END'
#!/bin/sh
export DOTNET_TieredPGO=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mkdir -p /run/lab
rm -f /run/host.code
: >/run/host.log
(
    /share/host/xendmhost --plugins /share/plugins run "$@" >/run/host.log 2>&1 &
    echo $! >/run/host.pid
    wait $!
    echo $? >/run/host.code
) </dev/null >/dev/null 2>&1 &
END
    chmod 755 serve
)
cp $WORK/driver/files/work.json $WORK/
cp /lab/guest.cpio $WORK/driver.cpio
(cd / && { echo share; find share/host share/plugins share/xendmhost-rustvmm $LD_LIBRARY_PATH; } | sed 's,^/,,' | cpio -o -H newc) >>$WORK/driver.cpio 2>/dev/null
(cd $WORK/driver && find files | cpio -o -H newc) >>$WORK/driver.cpio 2>/dev/null
note "the driver domain's system has $(($(stat -c %s $WORK/driver.cpio) / 1048576)) MiB"

# Arm's Xen has SILO, unless it is told otherwise: no event channels and no grants between guests.
if xl dmesg | grep -q 'Initialising XSM SILO mode'; then
    driver_domain driver && guest_of work driver && make_target driver work && start driver || return
    in_driver driver /files/work.json
    check 'under SILO the host says that Xen allows no event channels, and what to do' says driver 'XEN_DMOP_create_ioreq_server: EPERM: .*SILO.*xsm=dummy'
    tell driver 'cat /run/host.log'
    same 'and ends well' 0 "$(end_in_driver driver)"
    return
fi

# FLASK asks for no target: a policy (driver_domain.te) says which guests a driver domain may serve, and there may be several.
if xl info xen_commandline | grep -q xsm=flask; then
    # Loaded so late it does not fit the event channels that dom0 has to itself from before: Xen denies some of their events, and says so.
    label() { echo "seclabel = \"system_u:system_r:$1\""; }
    check 'the policy is loaded' xl loadpolicy /lab/policy
    same 'and kept to' Enforcing "$(xl getenforce)"
    driver_domain driver xen_privcmd.unrestricted=1 "$(label driver_t)" && start driver || return
    guest_of work driver grant_usage=0 "$(label domU_t)" && guest_of second driver '' "$(label domU_t)" && guest_of other driver grant_usage=0 "$(label isolated_domU_t)" || return
    for guest in work second other; do by_number driver $guest; done
    in_driver driver /run/work.json /run/second.json /run/other.json
    for guest in work second; do
        check "FLASK: the driver domain serves $guest" wait_node "$(node_in driver $guest)/state" 4 180
        start $guest || return
    done
    for guest in work second work; do check "FLASK: /dev/hwrng of $guest has the bytes of the back-end" from_the_back_end $guest; done
    check 'FLASK: a guest that the policy does not give it is refused' says driver "domain $(domid other) cannot be served: .*XEN_DMOP_nr_vcpus: EACCES: .*FLASK.*avc: denied"
    tell driver 'cat /run/host.log'
    for guest in work second; do check "FLASK: no warning in $guest" quiet $guest; done
    numbers="$(domid work) $(domid second)"
    for guest in work second other; do check "FLASK: xl destroy of $guest" destroy $guest; done
    for number in $numbers; do check "FLASK: the host sees domain $number go" tell driver "until_true grep -q 'domain $number is gone' /run/host.log" 120; done
    same 'FLASK: the host ends well' 0 "$(end_in_driver driver)"
    same 'FLASK: nothing is left of the guests, though the driver domain is there' 1 "$(xl list | grep -vc -e Name -e Domain-0)"
    check 'FLASK: no warning in the driver domain' quiet driver
    destroy driver
    check 'no warning in dom0' dom0_is_quiet
    return
fi

# By address, then by grants, which libxl takes of itself when a device's back-end is not in dom0.
for memory in address grants; do
    driver_domain driver || return
    # The lines that xl-config prints always say which of the two.
    case $memory in
        address) create_with_devices work 192 --driver-domain driver || return ;;
        grants) guest_of work driver || return ;;
    esac
    check "by $memory: the guest is the driver domain's target" make_target driver work
    start driver || return
    tell driver 'mount -t xenfs xenfs /proc/xen'
    checked driver /files/work.json
    check "by $memory: check names the target" grep -q "target: domain $(domid work) (work)" $WORK/checked
    in_driver driver /files/work.json
    check "by $memory: the host in the driver domain serves the device" wait_node "$(node_in driver work)/state" 4 180
    start work || return
    check "by $memory: /dev/hwrng has the bytes of the back-end" from_the_back_end work
    tell driver 'cat /run/rng.notes' >$WORK/rng.notes
    case $memory in
        address) expected="0x1 $(domid work) /dev/xen/privcmd" ;;
        grants) expected="0x2 $(domid work) /dev/xen/gntdev
0xa $(domid work) /dev/xen/gntdev" ;;
    esac
    same "by $memory: what the back-end was given to map" "$expected" "$(regions_of $WORK/rng.notes)"

    if [ $memory = address ]; then
        # Another guest, with a device in the same domain.
        guest_of second driver grant_usage=0 || return
        same 'Xen gives a domain one target for its life' 'FAIL XEN_DOMCTL_set_target: Invalid argument' "$(/lab/set-target "$(domid driver)" "$(domid second)")"
        tell driver "cp /run/host.pid /run/work.pid; sed 's/second/$(domid second)/' /files/second.json >/run/second.json"
        in_driver driver /files/second.json /run/second.json
        check 'a second guest: xenstore keeps its name from the driver domain' says driver "domain $(domid second) has devices here, but xenstore .* target: domain $(domid work) (work).*XS_SET_TARGET"
        check 'a second guest by its domain id: Linux keeps it from the driver domain' says driver "domain $(domid second) cannot be served: .*IOCTL_PRIVCMD_RESTRICT: EINVAL: .*target.*xen_privcmd.unrestricted=1"
        tell driver 'cat /run/host.log'
        same 'this host ends well' 0 "$(end_in_driver driver)"
        destroy second
        tell driver 'cp /run/work.pid /run/host.pid'
        check 'the driver domain goes on to serve its target' from_the_back_end work

        tell driver 'kill -9 $(cat /run/host.pid) && until_true [ -s /run/host.code ]'
        in_driver driver /files/work.json
        check 'a host that is killed there has a successor that adopts the guest' says driver "adopted domain $(domid work)"
        check 'and resumes its rings' says driver 'device 0: rings resumed'
        check '/dev/hwrng goes on' from_the_back_end work
    fi

    check "by $memory: no warning in the guest" quiet work
    begin=$(cut -d. -f1 /proc/uptime)
    check "by $memory: xl destroy of the guest" destroy work
    took=$(($(cut -d. -f1 /proc/uptime) - begin))
    if [ $took -lt 10 ]; then ok "by $memory: libxl did not wait for the driver domain ($took s)"; else bad "destroy took $took s"; fi
    same "by $memory: xenstore has nothing left of the device" 1 "$(xenstore-exists "/local/domain/$(domid driver)/backend/virtio"; echo $?)"
    # Xen keeps what is left of a domain for as long as it is another's target.
    same "by $memory: of the guest a name is left as long as there is the driver domain" 1 "$(xl list | grep -c null)"
    check "by $memory: no warning in the driver domain" quiet driver
    destroy driver
    check "by $memory: and nothing is left of the two then" no_guest_left
done

# Xen and Linux know of the target, and xenstore does not: then the guest is known by its number alone, and nobody says how much memory it has.
driver_domain driver && guest_of second driver grant_usage=0 || return
number=$(domid second)
check 'not by xenstore: the guest is the target' /lab/set-target "$(domid driver)" "$number" xen
xenstore-write "/local/domain/$(domid driver)/target" "$number"
start driver || return
tell driver "sed 's/second/$number/' /files/second.json >/run/unknown.json"
by_number driver second
in_driver driver /run/unknown.json
check 'not by xenstore: the host asks for the banks of its memory' says driver "domain $number cannot be served: xenstore does not say how much memory .*banks"
tell driver 'cat /run/host.log'
same 'and ends well' 0 "$(end_in_driver driver)"
in_driver driver /run/second.json
check 'not by xenstore: with the banks it serves the device' wait_node "$(node_in driver second)/state" 4 180
start second || return
check 'not by xenstore: /dev/hwrng has the bytes of the back-end' from_the_back_end second
check 'not by xenstore: xl destroy of the guest' destroy second
check 'not by xenstore: the host sees it go' tell driver "until_true grep -q 'domain $number is gone' /run/host.log" 120
tell driver 'cat /run/host.log'
destroy driver
check 'not by xenstore: and nothing is left of the two then' no_guest_left

# A driver domain without a target, with the kernel's restriction and without: then Xen's own remains.
for words in '' xen_privcmd.unrestricted=1; do
    driver_domain driver "$words" && guest_of second driver grant_usage=0 && start driver || return
    checked driver /files/second.json
    check "no target${words:+, $words}: check says so" grep -q 'target: none' $WORK/checked
    tell driver "sed 's/second/$(domid second)/' /files/second.json >/run/second.json"
    in_driver driver /run/second.json
    case $words in
        '') refusal='IOCTL_PRIVCMD_RESTRICT: EINVAL: .*its target.*FLASK' ;;
        *) refusal='XEN_DMOP_nr_vcpus: EPERM: .*its target.*FLASK' ;;
    esac
    check "no target${words:+, $words}: the host says what is missing" says driver "domain $(domid second) cannot be served: .*$refusal"
    tell driver 'cat /run/host.log'
    same "no target${words:+, $words}: the host ends well" 0 "$(end_in_driver driver)"
    check "no target${words:+, $words}: no warning in the driver domain" quiet driver
    destroy driver
    destroy second
    check "no target${words:+, $words}: no domain is left" no_guest_left
done
check 'no warning in dom0' dom0_is_quiet
