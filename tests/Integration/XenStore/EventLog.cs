using System.Collections.Concurrent;

namespace XenDmHost.IntegrationTests.XenStore;

/// <summary>Collects what callbacks are told, and waits for it.</summary>
internal sealed class EventLog<T> : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private readonly BlockingCollection<T> _events = [];

    internal void Add(T item) => _events.Add(item);

    internal T Next() => _events.TryTake(out T? item, s_limit) ? item : throw new TimeoutException("no event came");

    /// <summary>What has come up to now.</summary>
    internal List<T> Drain()
    {
        List<T> items = [];
        while (_events.TryTake(out T? item)) items.Add(item);
        return items;
    }

    public void Dispose() => _events.Dispose();
}
