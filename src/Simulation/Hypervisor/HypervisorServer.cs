using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// Serves hypervisor.sock: one thread waits on every connection, event fd and wake-up counter. It never blocks on a host:
/// what it sends is small, and a peer that does not read is dropped.
/// </summary>
internal sealed class HypervisorServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly GuestDomain _domain;
    private readonly string _path;
    private readonly UnixSocket _listener;
    private readonly EventFd _stop = EventFd.Create(nonBlocking: true);
    private readonly PortNumbers _numbers = new();
    private readonly List<HostConnection> _connections = [];
    private readonly List<PollTarget> _targets = [];
    private readonly Thread _thread;
    private volatile bool _stopping;
    private bool _changed = true;

    /// <summary>Listens on <paramref name="path"/>, which must not exist, and serves until disposed.</summary>
    internal HypervisorServer(GuestDomain domain, string path)
    {
        _domain = domain;
        _path = path;
        _listener = UnixSocket.Listen(path, UnixSocketKind.SeqPacket);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _thread = new Thread(Serve) { IsBackground = true, Name = "hypervisor" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping = true;
        _stop.TryAdd(1);
        _thread.Join();
        _connections.ForEach(connection => connection.Dispose());
        _listener.Dispose();
        _stop.Dispose();
        File.Delete(_path);
    }

    private void Serve()
    {
        PollEntry[] entries = [];
        while (!_stopping)
        {
            if (_changed)
            {
                entries = Collect();
            }

            Poller.Wait(entries, Patience);
            Dispatch(entries);
        }
    }

    private PollEntry[] Collect()
    {
        _changed = false;
        _targets.Clear();
        _targets.Add(new PollTarget(_stop.Fd, static () => { }));
        _targets.Add(new PollTarget(_listener.Fd, Accept));
        _connections.ForEach(connection => connection.AddTargets(_targets, Changed));
        return [.. _targets.Select(target => new PollEntry(target.Fd))];
    }

    /// <summary>Ends early after a change: the rest of the entries may be closed by it, and are asked about again.</summary>
    private void Dispatch(PollEntry[] entries)
    {
        for (var i = 0; i < entries.Length && !_changed; i++)
        {
            if (entries[i].Ready != PollEvents.None)
            {
                _targets[i].Ready();
            }
        }

        if (_changed)
        {
            DropClosed();
        }
    }

    private void Accept()
    {
        var socket = _listener.Accept();
        socket.Fd.SetNonBlocking(true);
        _connections.Add(new HostConnection(socket, new HypercallHandler(_domain, _numbers)));
        Changed();
    }

    private void DropClosed()
    {
        foreach (var connection in _connections.Where(connection => connection.Closed))
        {
            connection.Dispose();
        }

        _connections.RemoveAll(connection => connection.Closed);
    }

    private void Changed() => _changed = true;
}
