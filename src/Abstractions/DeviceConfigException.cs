namespace XenDmHost.Abstractions;

/// <summary>A device's options in a guest file are wrong.</summary>
public sealed class DeviceConfigException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">
    /// The place below <c>"options"</c>, such as <c>profile</c> or <c>streams[1].rate</c>; empty for the options as a whole.
    /// </param>
    /// <param name="message">What is wrong and what would be right, in one line.</param>
    public DeviceConfigException(string path, string message)
        : base(message) => Path = path;

    /// <summary>The place below <c>"options"</c>.</summary>
    public string Path { get; }
}
