using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;

namespace XenDmHost.Simulation.Store;

/// <summary>
/// A xenstored without Xen: serves the wire protocol on a Unix socket to any number of clients, each of which is
/// dom0, and gives the simulated toolstack the same tree in-process. Every member may be called by any thread.
/// </summary>
internal sealed class StoreServer : IDisposable
{
    private const int Backlog = 16;

    private readonly StoreDatabase _database = new();
    private readonly Channel<Action> _callbacks = Channel.CreateUnbounded<Action>();
    private readonly ConcurrentDictionary<StoreConnection, Task> _connections = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Task _accepting;
    private readonly Task _calling;
    private volatile bool _disposed;

    /// <param name="socketPath">The socket to listen on, mode 0600; a file left there is replaced.</param>
    internal StoreServer(string socketPath)
    {
        SocketPath = socketPath;
        File.Delete(socketPath);
        _listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        // Nobody can connect before the socket listens.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _listener.Listen(Backlog);
        _accepting = AcceptAsync();
        _calling = CallAsync();
    }

    internal string SocketPath { get; }

    /// <summary>A node's value, or null when there is no such node.</summary>
    internal string? Read(string path)
    {
        lock (_database.Gate) return new StoreBatch(_database.View()).Read(path);
    }

    internal IReadOnlyList<string> Directory(string path)
    {
        lock (_database.Gate) return new StoreBatch(_database.View()).Directory(path);
    }

    internal void Write(string path, string value) => Transaction(batch => batch.Write(path, value));

    internal void Remove(string path) => Transaction(batch => batch.Remove(path));

    /// <summary>Does all changes at once, or none when <paramref name="change"/> throws; it must not call this server.</summary>
    internal void Transaction(Action<StoreBatch> change) => Locked(() => _database.Apply(view =>
    {
        change(new StoreBatch(view));
        return StoreErrno.None;
    }));

    /// <summary>
    /// Calls <paramref name="changed"/> with the path of each change at or below <paramref name="path"/>, and once at
    /// the start, on a thread of the server that no lock is held on.
    /// </summary>
    internal IDisposable Watch(string path, Action<string> changed)
    {
        StoreWatch watch = new(path, Relative: false, "", eventPath => _callbacks.Writer.TryWrite(() => changed(eventPath)));
        Locked(() => _database.AddWatch(watch));
        return new Registration(() => Locked(() => _database.RemoveWatch(watch)));
    }

    /// <summary>Fires a special watch, for example <c>@releaseDomain</c>.</summary>
    internal void Fire(string specialName) => Locked(() => _database.Fire(specialName));

    /// <summary>Makes a domain known, and fires <c>@introduceDomain</c>.</summary>
    internal void IntroduceDomain(uint domid) => Locked(() => _database.Introduce(domid));

    /// <summary>Forgets a domain, and fires <c>@releaseDomain</c>. Its nodes are the toolstack's business.</summary>
    internal void ReleaseDomain(uint domid) => Locked(() => _database.Release(domid));

    /// <summary>Drops every client, as the death of xenstored would; they may connect again.</summary>
    internal void DropClients()
    {
        foreach (StoreConnection connection in _connections.Keys) connection.Dispose();
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _listener.Dispose();
        _accepting.Wait();
        DropClients();
        Task.WaitAll([.. _connections.Values]);
        _callbacks.Writer.TryComplete();
        _calling.Wait();
        File.Delete(SocketPath);
    }

    private void Locked(Action action)
    {
        lock (_database.Gate)
        {
            action();
            _database.FireEvents();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_disposed) Serve(await _listener.AcceptAsync().ConfigureAwait(false));
        }
        catch (Exception failure) when (_disposed && failure is SocketException or ObjectDisposedException)
        {
            // The end of the server.
        }
    }

    private void Serve(Socket client)
    {
        StoreConnection connection = new(client, _database);
        Task running = Task.Run(connection.RunAsync);
        _connections[connection] = running;
        // One that failed stays, so that Dispose tells of it.
        _ = running.ContinueWith(
            _ => _connections.TryRemove(connection, out Task? _),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);
    }

    private async Task CallAsync()
    {
        await foreach (Action callback in _callbacks.Reader.ReadAllAsync().ConfigureAwait(false)) callback();
    }

    private sealed class Registration(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
