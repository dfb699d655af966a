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

    /// <summary>Accesses to the range do not arrive here any more.</summary>
    void UnmapRange(ulong start, ulong size);
}
