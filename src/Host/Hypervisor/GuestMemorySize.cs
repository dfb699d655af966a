namespace XenDmHost.Host.Hypervisor;

/// <summary>What the toolstack says about a guest's memory (xenstore: memory/static-max and memory/target), in KiB; null where it says nothing.</summary>
/// <param name="StaticMaxKiB">What the guest may ever have: how far its RAM reaches.</param>
/// <param name="TargetKiB">What it shall have now.</param>
internal readonly record struct GuestMemorySize(ulong? StaticMaxKiB, ulong? TargetKiB)
{
    /// <summary>Whether the guest is to have all that it can have.</summary>
    internal bool IsWhole => TargetKiB >= StaticMaxKiB;

    /// <summary>How far RAM may reach, in bytes; null when that is not known.</summary>
    internal ulong? Span => (StaticMaxKiB, TargetKiB) switch
    {
        (null, null) => null,
        _ => Math.Min(Math.Max(StaticMaxKiB ?? 0, TargetKiB ?? 0), ulong.MaxValue >> 20) << 10,
    };
}
