using XenDmHost.Host.Native;

namespace XenDmHost.Host.Hypervisor;

/// <summary>
/// The place where a guest's trapped accesses arrive. It outlives this process on purpose: a guest's vCPU that waits
/// for an answer when its server is destroyed never wakes, so a server is left to a successor and not destroyed.
/// </summary>
internal interface IIoreqServer : IDisposable
{
    /// <summary>The page with one slot of 32 bytes per vCPU (xen/hvm/ioreq.h).</summary>
    Mapping Page { get; }

    /// <summary>True when an earlier host made it: slots may be waiting, ranges are claimed already.</summary>
    bool Adopted { get; }

    /// <summary>Accesses from start to start + size - 1 arrive here from now on. A range that is ours already is no error.</summary>
    void MapRange(ulong start, ulong size);

    /// <summary>
    /// Has the kernel answer a guest's kicks of one queue by a signal of an eventfd. The slots are shared with the kernel from
    /// then on: who answers the guest must leave these requests alone.
    /// </summary>
    /// <param name="localPorts">The local port of every vCPU.</param>
    /// <param name="windowBase">Where the device's registers begin.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="kick">The eventfd.</param>
    /// <param name="refusal">In one line why not; empty when the kernel does it.</param>
    /// <returns>Ends it when disposed, which must be before the page's and the eventfd's end; null where that cannot be.</returns>
    IDisposable? TryRouteKick(ReadOnlySpan<uint> localPorts, ulong windowBase, int queue, EventFd kick, out string refusal)
    {
        refusal = "this platform has no kernel that could";
        return null;
    }

    /// <summary>Accesses to the range do not arrive here any more.</summary>
    void UnmapRange(ulong start, ulong size);
}
