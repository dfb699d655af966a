using System.Globalization;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Config;

/// <summary>Where a device's back-end is reached and how it is started, with all placeholders filled in.</summary>
/// <param name="Socket">The absolute path that the host connects to, or listens on.</param>
/// <param name="Launch">The command and its arguments; empty when the host does not start the back-end.</param>
internal sealed record BackEndAddress(string Socket, IReadOnlyList<string> Launch)
{
    /// <summary>The longest path of a Unix socket in bytes: sun_path of sys/un.h has 108, the last one a NUL.</summary>
    internal const int MaxSocketPath = 107;

    /// <summary>Fills in the placeholders.</summary>
    /// <param name="settings">The device's <c>"backEnd"</c>.</param>
    /// <param name="guest">The guest as the guest file names it.</param>
    /// <param name="domid">The guest's domain id.</param>
    /// <param name="id">The device's id.</param>
    /// <param name="directory">The absolute folder of the guest file.</param>
    internal static BackEndAddress Resolve(BackEndSettings settings, string guest, int domid, int id, string directory)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Placeholders.Guest] = guest,
            [Placeholders.Domid] = domid.ToString(CultureInfo.InvariantCulture),
            [Placeholders.Id] = id.ToString(CultureInfo.InvariantCulture),
            [Placeholders.Dir] = directory,
        };
        string socket = Path.GetFullPath(Placeholders.Expand(settings.Socket, values), directory);
        values[Placeholders.Socket] = socket;
        List<string> launch = [.. settings.Launch.Select(argument => Placeholders.Expand(argument, values))];
        if (launch.Count > 0 && launch[0].Contains('/', StringComparison.Ordinal))
        {
            // As a shell does it: a command with a slash is a path, any other is looked up in PATH.
            launch[0] = Path.GetFullPath(launch[0], directory);
        }

        return new BackEndAddress(socket + settings.SocketSuffix, launch);
    }
}
