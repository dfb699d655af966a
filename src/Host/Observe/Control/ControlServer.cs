using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace XenDmHost.Host.Observe.Control;

/// <summary>
/// Answers commands about a running guest on a Unix socket that only its owner can use (mode 0600). One connection after
/// the other, one command each; a silent one is left after a moment.
/// </summary>
internal sealed class ControlServer : IDisposable
{
    private const int MaxRequestBytes = 4096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly IReadOnlyDictionary<string, Func<JsonObject, JsonObject>> _commands;
    private readonly ILogger _log;
    private readonly ControlLimits _limits;
    private readonly Socket _listener;
    private readonly Thread _thread;
    private volatile bool _stopping;

    private ControlServer(string path, Socket listener, IReadOnlyDictionary<string, Func<JsonObject, JsonObject>> commands, ILogger log, ControlLimits limits)
    {
        _path = path;
        _limits = limits;
        _listener = listener;
        _commands = commands;
        _log = log;
        _thread = new Thread(Run) { Name = "control", IsBackground = true };
        _thread.Start();
    }

    /// <summary>
    /// Listens. A host without a control socket serves its guests just as well, so what is in the way is logged and no error.
    /// </summary>
    /// <param name="path">The socket; its folder is made. One that a dead host left behind is replaced.</param>
    /// <param name="commands">What is answered, by the command's name; on the server's thread.</param>
    /// <param name="log">Told what goes wrong.</param>
    /// <param name="limits">How long to wait for whom; left out: the defaults.</param>
    internal static ControlServer? TryStart(
        string path, IReadOnlyDictionary<string, Func<JsonObject, JsonObject>> commands, ILogger log, ControlLimits? limits = null)
    {
        if (ControlSocketPath.Obstacle(path) is { } obstacle)
        {
            log.LogWarning("no control socket: {Obstacle}", obstacle);
            return null;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new ControlServer(path, Listen(path), commands, log, limits ?? ControlLimits.Default);
        }
        catch (Exception refused) when (refused is IOException or SocketException or UnauthorizedAccessException)
        {
            log.LogWarning("no control socket at {Path}: {Reason}: run as root, or set \"runtimeFolder\" in the host file, or --runtime", path, refused.Message);
            return null;
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _listener.Dispose();
        if (!_thread.Join(_limits.EndMs))
        {
            _log.LogCritical("the control socket's thread has not ended within {Limit} ms; please report this", _limits.EndMs);
        }

        File.Delete(_path);
    }

    /// <summary>Nobody can connect before the mode is set, because it does not listen yet.</summary>
    private static Socket Listen(string path)
    {
        if (IsServed(path))
        {
            throw new IOException("another host listens there");
        }

        File.Delete(path);
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, OwnerOnly);
            }

            listener.Listen(8);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private static bool IsServed(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        // Without waiting: a host that does not take connections any more is one that listens there.
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.WouldBlock)
        {
            return refused.SocketErrorCode == SocketError.WouldBlock;
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            try
            {
                using Socket client = _listener.Accept();
                client.SendTimeout = _limits.PatienceMs;
                Serve(client);
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                // The client left, or the listener is closed.
            }
        }
    }

    private void Serve(Socket client)
    {
        JsonObject? request = ControlMessage.Read(client, MaxRequestBytes, _limits.PatienceMs);
        if (request is not null)
        {
            ControlMessage.Write(client, Answer(request));
        }
    }

    private JsonObject Answer(JsonObject request)
    {
        try
        {
            string name = request["command"]?.GetValue<string>() ?? "";
            return _commands.TryGetValue(name, out Func<JsonObject, JsonObject>? command)
                ? command(request)
                : ControlMessage.Failure($"unknown command '{name}'; known: {string.Join(", ", _commands.Keys)}");
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException)
        {
            return ControlMessage.Failure($"the request is not understood: {fault.Message}");
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "a command failed: {Message}", fault.Message);
            return ControlMessage.Failure(fault.Message);
        }
    }
}
