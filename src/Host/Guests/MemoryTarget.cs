using XenDmHost.Host.Hypervisor;

namespace XenDmHost.Host.Guests;

/// <summary>What a guest shall have of memory, as often as the toolstack says so.</summary>
internal sealed class MemoryTarget
{
    private ulong _last = ulong.MaxValue;

    /// <summary>
    /// Whether the guest has been given back all that it can have. One that is only read again, after the store came back, is
    /// no reason to take memory from a back-end.
    /// </summary>
    internal bool IsRaisedToWhole(GuestMemorySize size)
    {
        bool raised = size.IsWhole && size.TargetKiB > _last;
        _last = size.TargetKiB ?? _last;
        return raised;
    }
}
