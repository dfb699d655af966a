using System.Globalization;
using System.Text;
using XenDmHost.Host.Config.Json;
using XenDmHost.Host.Config.Settings;

namespace XenDmHost.Host.Config.Checks;

/// <summary>Checks of <c>backEnd.socket</c> once its placeholders are filled in.</summary>
/// <param name="directory">The absolute folder of the guest file.</param>
/// <param name="directoryExists">Tells whether a folder is there.</param>
internal sealed class SocketPathChecks(string directory, Predicate<string> directoryExists)
{
    internal void Check(JsonTreeNode socket, string suffix, string? guest, JsonTreeNode? id, ConfigErrorList errors)
    {
        if (!Placeholders.Check(socket, Placeholders.OfSocket, errors))
        {
            return;
        }

        if (socket.Text.EndsWith('/'))
        {
            errors.Add(socket, $"{Shown.Name(socket.Text)} names a folder; add the name of the socket");
            return;
        }

        // Without a guest or an id that passed, an error is there already; the rest of the path is checked all the same.
        int? domid = guest is null ? null : GuestNameChecks.Domid(guest);
        int device = (int)(id is null ? 0 : ValueChecks.AsInteger(id) ?? 0);
        var settings = new BackEndSettings { Socket = socket.Text, SocketSuffix = suffix };
        string path = BackEndAddress.Resolve(settings, guest ?? "", domid ?? GuestNameChecks.MaxDomid, device, directory).Socket;
        Length(socket, path, errors);

        // The folder of a domain that is not there yet cannot be looked for.
        bool known = domid is not null || !Placeholders.Uses(Path.GetDirectoryName(socket.Text) ?? "", Placeholders.Domid);
        if (known && Path.GetDirectoryName(path) is { } folder && !directoryExists(folder))
        {
            errors.Add(socket, $"the folder '{folder}' does not exist{Hint(socket.Text)}; create it or name another");
        }
    }

    /// <summary>Whether a socket below a folder that the file names can have this path, relative to the guest file.</summary>
    internal void CheckLength(JsonTreeNode place, string path, ConfigErrorList errors) => Length(place, Path.GetFullPath(path, directory), errors);

    private static void Length(JsonTreeNode socket, string path, ConfigErrorList errors)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > BackEndAddress.MaxSocketPath)
        {
            errors.Add(socket, string.Create(
                CultureInfo.InvariantCulture,
                $"the path has {bytes} bytes once it is complete ('{path}'); a Unix socket's has at most {BackEndAddress.MaxSocketPath}"));
        }
    }

    private static string Hint(string text) =>
        text.StartsWith('~') || text.Contains('$', StringComparison.Ordinal) ? " ('~' and $VARIABLES are not expanded)" : "";
}
