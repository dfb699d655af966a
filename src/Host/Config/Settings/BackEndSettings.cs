namespace XenDmHost.Host.Config.Settings;

/// <summary>The back-end daemon of a device, placeholders and relative paths as written.</summary>
internal sealed record BackEndSettings
{
    public string Socket { get; init; } = "";

    /// <summary>What the daemon appends to the path that it is given; the host connects to both together.</summary>
    public string SocketSuffix { get; init; } = "";

    /// <summary>The host makes the socket and the daemon connects to it.</summary>
    public bool Listen { get; init; }

    /// <summary>The command that starts the daemon, and its arguments; empty when somebody else starts it.</summary>
    public IReadOnlyList<string> Launch { get; init; } = [];

    public RestartPolicy Restart { get; init; } = RestartPolicy.Always;
}
