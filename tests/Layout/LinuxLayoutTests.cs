using XenDmHost.Host.Native;
using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.LayoutTests;

/// <summary>Our types and numbers against libc's and Linux's own headers.</summary>
public sealed class LinuxLayoutTests
{
    private const string LibcHeaders = "libc6-dev";
    private const string LinuxHeaders = "linux-libc-dev";

    [Fact]
    public void Poll()
    {
        Compiler.Check(new CProgram().Include("poll.h", LibcHeaders)
            .Struct<Libc.PollFd>("struct pollfd", ("Fd", "fd"), ("Events", "events"), ("Revents", "revents"))
            .Constants(typeof(Libc), name => name.ToUpperInvariant()));
    }

    [Fact]
    public void Error_numbers() => Compiler.Check(new CProgram().Include("errno.h", LibcHeaders).Constants(typeof(Errno), name => name));

    /// <summary>vhost-user has no header of its own: its payloads are those of the kernel's vhost where that has them.</summary>
    [Fact]
    public void Vhost()
    {
        Compiler.Check(new CProgram().Include("linux/vhost_types.h", LinuxHeaders)
            .Struct<VringState>("struct vhost_vring_state", ("Index", "index"), ("Number", "num"))
            .Struct<VringAddress>(
                "struct vhost_vring_addr",
                ("Index", "index"),
                ("Flags", "flags"),
                ("Descriptor", "desc_user_addr"),
                ("Used", "used_user_addr"),
                ("Available", "avail_user_addr"),
                ("Log", "log_guest_addr"))
            .Struct<RegionPayload>(
                "struct vhost_memory_region",
                ("GuestAddress", "guest_phys_addr"),
                ("ByteCount", "memory_size"),
                ("UserAddress", "userspace_addr"),
                ("MmapOffset", "flags_padding"))
            .Struct<MemTableHeader>("struct vhost_memory", ("RegionCount", "nregions"), ("Padding", "padding"))
            .Constant("1ULL << VHOST_F_LOG_ALL", (long)VhostUserFeature.LogAll, "VhostUserFeature.LogAll"));
    }
}
