using XenDmHost.Host.Native.Xen;

namespace XenDmHost.LayoutTests;

/// <summary>The structures and requests of Xen's devices, and the device-model operations, against the systems' own headers.</summary>
public sealed class XenDeviceLayoutTests
{
    private const string XenHeaders = "libxen-dev";

    [Fact]
    public void Privcmd()
    {
        Compiler.Check(Devices("xen/sys/privcmd.h")
            .Struct<PrivcmdHypercall>(
                "struct privcmd_hypercall",
                ("Op", "op"), ("Argument0", "arg[0]"), ("Argument1", "arg[1]"), ("Argument2", "arg[2]"), ("Argument3", "arg[3]"), ("Argument4", "arg[4]"))
            .Struct<PrivcmdMmapBatchV2>(
                "struct privcmd_mmapbatch_v2", ("Count", "num"), ("Domid", "dom"), ("Address", "addr"), ("Frames", "arr"), ("Errors", "err"))
            .Struct<PrivcmdMmapResource>(
                "struct privcmd_mmap_resource",
                ("Domid", "dom"), ("Type", "type"), ("Id", "id"), ("Index", "idx"), ("Count", "num"), ("Address", "addr"))
            .Struct<PrivcmdDmOp>("struct privcmd_dm_op", ("Domid", "dom"), ("Count", "num"), ("Buffers", "ubufs"))
            .Struct<PrivcmdDmOpBuffer>("struct privcmd_dm_op_buf", ("Address", "uptr"), ("Size", "size"))
            .Constant("IOCTL_PRIVCMD_HYPERCALL", PrivcmdRequest.Hypercall, "Hypercall")
            .Constant("IOCTL_PRIVCMD_MMAPBATCH_V2", PrivcmdRequest.MmapBatchV2, "MmapBatchV2")
            .Constant("IOCTL_PRIVCMD_DM_OP", PrivcmdRequest.DmOp, "DmOp")
            .Constant("IOCTL_PRIVCMD_RESTRICT", PrivcmdRequest.Restrict, "Restrict")
            .Constant("IOCTL_PRIVCMD_MMAP_RESOURCE", PrivcmdRequest.MmapResource, "MmapResource"));
    }

    /// <summary>
    /// No packaged header has these yet: the declarations are those of the kernel's include/uapi/xen/privcmd.h, 6.7, and
    /// what is checked is our own arithmetic of offsets and request codes.
    /// </summary>
    [Fact]
    public void The_eventfds_of_privcmd()
    {
        Compiler.Check(new CProgram().Include("sys/ioctl.h", "libc6-dev").Code(
            """
            struct irqfd { uint64_t dm_op; uint32_t size, fd, flags; uint16_t dom; uint8_t pad[2]; };
            struct ioeventfd { uint64_t ioreq, ports, addr; uint32_t addr_len, event_fd, vcpus, vq, flags; uint16_t dom; uint8_t pad[2]; };
            """)
            .Struct<PrivcmdIrqFd>(
                "struct irqfd", ("DmOp", "dm_op"), ("Size", "size"), ("Fd", "fd"), ("Flags", "flags"), ("Domid", "dom"), ("Padding", "pad"))
            .Struct<PrivcmdIoEventFd>(
                "struct ioeventfd",
                ("IoreqPage", "ioreq"), ("Ports", "ports"), ("Address", "addr"), ("AddressLength", "addr_len"), ("EventFd", "event_fd"),
                ("Vcpus", "vcpus"), ("Queue", "vq"), ("Flags", "flags"), ("Domid", "dom"), ("Padding", "pad"))
            .Constant("_IOW('P', 8, struct irqfd)", PrivcmdRequest.IrqFd, "IrqFd")
            .Constant("_IOC(_IOC_NONE, 'P', 8, sizeof(struct irqfd))", PrivcmdRequest.IrqFdOfLinux66, "IrqFdOfLinux66")
            .Constant("_IOW('P', 9, struct ioeventfd)", PrivcmdRequest.IoEventFd, "IoEventFd"));
    }

    [Fact]
    public void Evtchn()
    {
        Compiler.Check(Devices("xen/sys/evtchn.h")
            .Struct<EvtchnBindInterdomain>(
                "struct ioctl_evtchn_bind_interdomain", ("RemoteDomain", "remote_domain"), ("RemotePort", "remote_port"))
            .Constant("IOCTL_EVTCHN_BIND_INTERDOMAIN", EvtchnRequest.BindInterdomain, "BindInterdomain")
            .Constant("IOCTL_EVTCHN_BIND_UNBOUND_PORT", EvtchnRequest.BindUnboundPort, "BindUnboundPort")
            .Constant("IOCTL_EVTCHN_UNBIND", EvtchnRequest.Unbind, "Unbind")
            .Constant("IOCTL_EVTCHN_NOTIFY", EvtchnRequest.Notify, "Notify")
            .Constant("IOCTL_EVTCHN_RESET", EvtchnRequest.Reset, "Reset")
            .Constant("IOCTL_EVTCHN_RESTRICT_DOMID", EvtchnRequest.RestrictDomid, "RestrictDomid"));
    }

    [Fact]
    public void Gntdev()
    {
        Compiler.Check(Devices("xen/sys/gntdev.h")
            .Struct<GntdevMapGrantRef>(
                "struct ioctl_gntdev_map_grant_ref",
                ("Count", "count"), ("Padding", "pad"), ("Index", "index"), ("Domid", "refs[0].domid"), ("Reference", "refs[0].ref"))
            .Constant("IOCTL_GNTDEV_MAP_GRANT_REF", GntdevRequest.MapGrantRef, "MapGrantRef"));
    }

    [Fact]
    public void Device_model_operations()
    {
        Compiler.Check(DeviceModel()
            .Constant("sizeof(struct xen_dm_op)", System.Runtime.CompilerServices.Unsafe.SizeOf<DmOp>(), "DmOp")
            .Fields<DmOp>(
                "struct xen_dm_op",
                ("Code", "op"),
                ("CreatedId", "u.create_ioreq_server.id"),
                ("ServerId", "u.get_ioreq_server_info.id"),
                ("ServerId", "u.map_io_range_to_ioreq_server.id"),
                ("ServerId", "u.set_ioreq_server_state.id"),
                ("ServerId", "u.destroy_ioreq_server.id"),
                ("InfoFlags", "u.get_ioreq_server_info.flags"),
                ("Enabled", "u.set_ioreq_server_state.enabled"),
                ("RangeType", "u.map_io_range_to_ioreq_server.type"),
                ("RangeStart", "u.map_io_range_to_ioreq_server.start"),
                ("RangeEnd", "u.map_io_range_to_ioreq_server.end"),
                ("Irq", "u.set_irq_level.irq"),
                ("Level", "u.set_irq_level.level"),
                ("Vcpus", "u.nr_vcpus.vcpus"))
            .Constants(typeof(DmOpCode), name => "XEN_DMOP_" + SnakeCase.Upper(name).ToLowerInvariant())
            .Constant("XEN_DMOP_no_gfns", DmOp.NoGfns, "DmOp.NoGfns")
            .Constant("XEN_DMOP_IO_RANGE_MEMORY", DmOp.MemoryRange, "DmOp.MemoryRange"));
    }

    [Fact]
    public void Numbers()
    {
        Compiler.Check(DeviceModel().Include("xen/memory.h", XenHeaders)
            .Constant("XENMEM_resource_ioreq_server", XenConstants.IoreqServerResource, "IoreqServerResource")
            .Constant("XENMEM_resource_ioreq_server_frame_ioreq(0)", XenConstants.FirstIoreqFrame, "FirstIoreqFrame")
            .Constant("XENMEM_maximum_gpfn", XenConstants.MaximumGpfn, "MaximumGpfn")
            .Constant("DOMID_SELF", XenConstants.DomidSelf, "DomidSelf")
            .Constant("__HYPERVISOR_memory_op", XenConstants.MemoryOp, "MemoryOp"));
    }

    private static CProgram Devices(string header) =>
        new CProgram().Include("sys/ioctl.h", "libc6-dev").Include("xen/xen.h", XenHeaders).Include(header, XenHeaders);

    private static CProgram DeviceModel() =>
        new CProgram().Code("#define __XEN_TOOLS__ 1").Include("xen/xen.h", XenHeaders).Include("xen/hvm/dm_op.h", XenHeaders);
}
