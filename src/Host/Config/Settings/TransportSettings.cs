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

    /// <summary>Whether the guest gives its memory by grants; null: xenstore's grant_usage says.</summary>
    public bool? Grants { get; init; }

    /// <summary>Who carries kicks to the back-end.</summary>
    public SignalRoute Kicks { get; init; } = SignalRoute.Host;

    /// <summary>Who carries the back-end's calls to the guest.</summary>
    public SignalRoute Interrupts { get; init; } = SignalRoute.Kernel;
}
