namespace XenDmHost.Host.XenStore;

/// <summary>
/// A watch that is registered, and registered again after every reconnect, until it is disposed. The callback may
/// run once more while <see cref="Dispose"/> is called by another thread.
/// </summary>
internal sealed class XenStoreWatch : IDisposable
{
    private readonly Action<string> _changed;
    private readonly Action<XenStoreWatch> _unwatch;
    private int _disposed;

    internal XenStoreWatch(string path, string token, Action<string> changed, Action<XenStoreWatch> unwatch)
    {
        Path = path;
        Token = token;
        _changed = changed;
        _unwatch = unwatch;
    }

    internal string Path { get; }

    internal string Token { get; }

    internal byte[] Payload => WireText.Encode([Path, Token]);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _unwatch(this);
    }

    internal void Fire(string eventPath)
    {
        if (Volatile.Read(ref _disposed) == 0) _changed(eventPath);
    }
}
