using System.Text;

namespace XenDmHost.Host.Observe.Control;

/// <summary>Where the host that serves a guest listens for commands.</summary>
internal static class ControlSocketPath
{
    /// <summary>The longest path of a Unix socket in bytes.</summary>
    private const int MaxBytes = 107;

    /// <summary>The socket of a guest.</summary>
    /// <param name="runtimeFolder">The host's folder for what lives as long as the machine is up.</param>
    /// <param name="guest">The guest as its guest file names it.</param>
    internal static string Of(string runtimeFolder, string guest) => Path.Combine(runtimeFolder, $"{guest}.control");

    /// <summary>Why nothing can listen there; null when something can.</summary>
    internal static string? Obstacle(string path) => Encoding.UTF8.GetByteCount(path) <= MaxBytes
        ? null
        : $"{path}: a socket's path has at most {MaxBytes} bytes: set a shorter \"runtimeFolder\" in the host file, or --runtime";
}
