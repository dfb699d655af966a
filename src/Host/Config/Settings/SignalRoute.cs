namespace XenDmHost.Host.Config.Settings;

/// <summary>Who carries signals between a guest and a back-end.</summary>
internal enum SignalRoute
{
    /// <summary>This process.</summary>
    Host,

    /// <summary>The kernel, where it can; else this process.</summary>
    Kernel,
}
