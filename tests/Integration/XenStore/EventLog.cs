using System.Collections.Concurrent;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>Collects what callbacks are told, and waits for it.</summary>
internal sealed class EventLog<T> : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly BlockingCollection<T> _events = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Nothing after <see cref="Dispose"/>: a watch may call once more while another thread takes it back.</summary>
    internal void Add(T item)
    {
        lock (_gate)
        {
            if (!_disposed) _events.Add(item);
        }
    }

    internal T Next() => _events.TryTake(out T? item, s_limit) ? item : throw new TimeoutException("no event came");

    /// <summary>What has come up to now.</summary>
    internal List<T> Drain()
    {
        List<T> items = [];
        while (_events.TryTake(out T? item)) items.Add(item);
        return items;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _events.Dispose();
        }
    }
}
