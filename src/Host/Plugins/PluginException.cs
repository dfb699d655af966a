namespace XenDmHost.Host.Plugins;

/// <summary>
/// A plugin cannot be used: not there, refused, or its own code failed. The message is one line that names the plugin and
/// its version and says what to do.
/// </summary>
internal sealed class PluginException : Exception
{
    internal PluginException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
