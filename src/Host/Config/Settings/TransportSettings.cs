using XenDmHost.Host.Config.Checks;

namespace XenDmHost.Host.Config.Settings;

/// <summary>Where the guest sees the device; what is null comes from xenstore or is allocated.</summary>
internal sealed record TransportSettings
{
    /// <summary>The base as written: hexadecimal with 0x, or decimal.</summary>
    public string? Base { get; init; }

    /// <summary>The guest-physical address of the register window.</summary>
    internal ulong? BaseAddress => Base is not null && GuestAddress.TryParse(Base, out ulong address) ? address : null;

    public int? Irq { get; init; }

    /// <summary>How long the guest's first probe is held for the back-end, in milliseconds.</summary>
    public int WaitForBackEndMs { get; init; }
}
