namespace XenDmHost.Host.Config.Settings;

/// <summary>What happens when a back-end that the host started ends by itself.</summary>
internal enum RestartPolicy
{
    /// <summary>It is started again.</summary>
    Always,

    /// <summary>It stays down, and with it the device.</summary>
    Never,
}
