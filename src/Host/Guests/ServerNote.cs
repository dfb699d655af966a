using System.Globalization;
using Microsoft.Extensions.Logging;
using XenDmHost.Host.Hypervisor;

namespace XenDmHost.Host.Guests;

/// <summary>The note of a guest's ioreq server, in a file beside its registers: the guest's uuid in one line, the server in another.</summary>
/// <param name="path">The file; null for none at all.</param>
/// <param name="vm">Which guest it is: domain ids are given out again.</param>
/// <param name="log">The guest's log.</param>
internal sealed class ServerNote(string? path, string vm, ILogger log) : IServerNote
{
    internal const string Suffix = ".server";

    public ushort? Id
    {
        get
        {
            try
            {
                return path is not null && File.ReadAllLines(path) is [var owner, var id, ..] && owner == vm
                    && ushort.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out ushort noted) ? noted : null;
            }
            catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public void Write(ushort id)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            // Made aside and renamed: a note that is half written would be none.
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            string aside = path + ".new";
            File.WriteAllLines(aside, [vm, id.ToString(CultureInfo.InvariantCulture)]);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("the ioreq server is not noted for the next host: {Reason}: run as root, or set \"runtimeFolder\" in the host file, or --runtime", refused.Message);
        }
    }

    public void Forget()
    {
        try
        {
            if (path is not null)
            {
                File.Delete(path);
            }
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // It names a server that does not exist: the next host finds that out.
        }
    }
}
