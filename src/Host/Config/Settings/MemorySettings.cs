namespace XenDmHost.Host.Config.Settings;

/// <summary>Where the guest has RAM, if not where Xen's toolstack puts it.</summary>
internal sealed record MemorySettings
{
    public IReadOnlyList<BankSettings> Banks { get; init; } = [];
}
