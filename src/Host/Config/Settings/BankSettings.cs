namespace XenDmHost.Host.Config.Settings;

/// <summary>A range of guest-physical addresses that may be RAM.</summary>
internal sealed record BankSettings
{
    /// <summary>The first address as written: hexadecimal with 0x, or decimal.</summary>
    public string Base { get; init; } = "";

    public long SizeMiB { get; init; }
}
