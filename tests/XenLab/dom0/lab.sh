# The lab in dom0: runs the scenarios one after the other. Each is a file of functions' calls that says OK or FAIL.
. /share/checks.sh
. /share/guests.sh
. /share/devices.sh
. /share/host.sh
. /share/arm.sh

WORK=/run/lab
mkdir -p $WORK
xl info >$WORK/info
note "Xen $(sed -n 's/^xen_version *: //p' $WORK/info), Linux $(uname -r)"
selected=$(cat /share/selected)
for scenario in /share/scenarios/*.sh; do
    name=$(basename "$scenario" .sh)
    case " $(echo $selected) " in
        "  " | *" $name "*) ;;
        *) continue ;;
    esac
    rm -f $WORK/failed $WORK/host.log
    note "== $name ($(uptime_seconds) s)"
    ( . "$scenario" ) || bad "$name ended early"
    clean_up
done
note "$(uptime_seconds) s in dom0"
echo "LAB end"
