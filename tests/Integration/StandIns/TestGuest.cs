using XenDmHost.Simulation.Native;

namespace XenDmHost.IntegrationTests.StandIns;

/// <summary>A guest's RAM: 2 MiB in a memfd, at the address where Xen's Arm guests have theirs.</summary>
internal sealed class TestGuest(bool xen) : IDisposable
{
    internal const ulong Base = 0x4000_0000, Size = 0x20_0000;

    internal FileDescriptor Fd { get; } = Memfd.Create("guest", (long)Size, @sealed: true);

    internal Mapping Ram => _ram ??= Mapping.Map(Fd, 0, (long)Size, writable: true);

    private Mapping? _ram;

    /// <summary>The whole RAM as one region, in the layout of the back-end's build.</summary>
    internal byte[] Region(ulong user = Base) => Region(Base, Size, user);

    internal byte[] Region(ulong guest, ulong size, ulong user, ulong offset = 0, uint flags = 0)
    {
        byte[] region = Wire.Region(guest, size, user, offset);
        return xen ? [.. region, .. Wire.State(flags, 5)] : region;
    }

    /// <summary>A number of small regions one after the other, all backed by the RAM's first page.</summary>
    internal byte[] Table(int count) =>
        Wire.Table([.. Enumerable.Range(0, count).Select(i => Region(Base + (ulong)i * 0x1000, 0x1000, Base + (ulong)i * 0x1000))]);

    internal FileDescriptor[] Fds(int count) => Enumerable.Repeat(Fd, count).ToArray();

    public void Dispose()
    {
        _ram?.Dispose();
        Fd.Dispose();
    }
}
