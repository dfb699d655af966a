# libxl's disk = [... specification=virtio]: nodes of another kind, named by the number of the disk, with the address in decimal.
truncate -s 8M $WORK/image
echo 'a disk of libxl' | dd of=$WORK/image conv=notrunc 2>/dev/null
{
    guest_file disky
    device 51712 generic '"profile": "blk"' "$RUSTVMM, \"--device\", \"blk\", \"--image\", \"$WORK/image\""
    guest_file_end
} >$WORK/disky.json
create disky 192 "disk = [ \"format=raw,vdev=xvda,access=rw,specification=virtio,backendtype=standalone,target=$WORK/image\" ]" || return
node=/local/domain/0/backend/virtio_disk/$(domid disky)/51712
same 'libxl writes the address in decimal' '33554432 33' "$(xenstore-read $node/base) $(xenstore-read $node/irq)"
start_host $WORK/disky.json
check 'the host serves it' wait_node $node/state 4 180
start disky || return
tell disky modules
same 'its content' 'a disk of libxl' "$(tell disky 'until_true [ -b /dev/vda ]; head -n 1 /dev/vda')"
check 'it is written' tell disky 'yes written | head -c 8m >/dev/vda; sync; echo 3 >/proc/sys/vm/drop_caches; yes written | head -c 8m | cmp - /dev/vda' 120
check 'no warning in the guest' quiet disky
start_of_destroy=$(cut -d. -f1 /proc/uptime)
check 'xl destroy' destroy disky
took=$(($(cut -d. -f1 /proc/uptime) - start_of_destroy))
if [ $took -lt 10 ]; then ok "destroy did not wait ($took s)"; else bad "destroy took $took s"; fi
stop_host
[ ! -e $WORK/failed ] || show_host_log
