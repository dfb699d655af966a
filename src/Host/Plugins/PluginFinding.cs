namespace XenDmHost.Host.Plugins;

/// <summary>Something wrong with a folder that does not keep the others from being used.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Message">What is wrong, in one line.</param>
internal sealed record PluginFinding(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
