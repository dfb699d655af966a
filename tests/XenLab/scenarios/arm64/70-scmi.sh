# Linux's SCMI over virtio: xl's partial device tree gives it the node that it looks for, and it asks our device for the base protocol
# and for its sensor. Debian's kernel has no SCMI.
if [ "$(cat /modules/release)" = "$(uname -r)" ]; then
    note 'not with this kernel, which has no SCMI'
    return
fi
{
    guest_file sensed
    device 0 scmi '' "$STAND_IN, \"scmi\""
    guest_file_end
} >$WORK/sensed.json
xendmhost xl-config $WORK/sensed.json >$WORK/sensed.lines
create sensed 192 "$(cat $WORK/sensed.lines)" 'device_tree = "/lab/scmi.dtb"' || return
start_host $WORK/sensed.json
check 'the host serves the device' served sensed 0
start sensed || return
check 'the transport is bound' tell sensed 'until_true [ -e /sys/bus/virtio/drivers/scmi-virtio/virtio0 ]'
check 'the base protocol is probed' tell sensed 'until_true grep -q "SCMI Protocol v2.0 .rust-vmm" /run/boot-messages || dmesg | grep -q "SCMI Protocol v2.0 .rust-vmm"'
tell sensed 'grep -h -i scmi /run/boot-messages; dmesg | grep -i scmi; cat /sys/class/hwmon/hwmon*/name; grep -H . /sys/class/hwmon/hwmon*/*_label /sys/class/hwmon/hwmon*/*_input' | sed 's/^/LAB note: /'
check 'the sensor is there' tell sensed 'grep -q scmi_sensors /sys/class/hwmon/hwmon*/name'
check 'no warning in the guest' quiet sensed
destroy sensed
stop_host
[ ! -e $WORK/failed ] || show_host_log
