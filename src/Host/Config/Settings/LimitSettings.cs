namespace XenDmHost.Host.Config.Settings;

/// <summary>How long the host waits for others, in milliseconds.</summary>
internal sealed record LimitSettings
{
    /// <summary>For a back-end's reply.</summary>
    public int ReplyMs { get; init; } = 5_000;

    /// <summary>For the reply to the memory table: a back-end maps the guest's RAM for it, up to 0.5 s for 128 MiB.</summary>
    public int MemTableMs { get; init; } = 30_000;

    /// <summary>For a guest's access that is held until its effect is complete.</summary>
    public int HoldMs { get; init; } = 5_000;

    /// <summary>The longest pause between two attempts to connect.</summary>
    public int ConnectBackoffMaxMs { get; init; } = 2_000;

    /// <summary>For a back-end that a guest's driver on xenbus waits for; after that the guest goes on without the device.</summary>
    public int XenbusWaitMs { get; init; } = 20_000;

    /// <summary>For a daemon to end after SIGTERM, before SIGKILL.</summary>
    public int StopDaemonMs { get; init; } = 3_000;
}
