namespace XenDmHost.Host.XenStore;

/// <summary>
/// The one thread on which watch callbacks run, so that a callback may send requests of its own while the reader goes
/// on. An event that is still waiting swallows its like: who is called reads the store anew anyway, and a guest
/// that rewrites a node all the time cannot make the queue grow.
/// </summary>
internal sealed class EventDispatcher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly Queue<(XenStoreWatch? Watch, string Path, Action? Action)> _queue = new();
    private readonly HashSet<(XenStoreWatch, string)> _waiting = [];
    private readonly Action<Exception>? _callbackFailed;
    private readonly TimeSpan _endLimit;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="callbackFailed">Told what a callback threw, and that one does not end.</param>
    /// <param name="endLimit">How long <see cref="Dispose"/> waits.</param>
    internal EventDispatcher(Action<Exception>? callbackFailed, TimeSpan endLimit)
    {
        _endLimit = endLimit;
        _callbackFailed = callbackFailed;
        _thread = new Thread(Run) { IsBackground = true, Name = "xenstore events" };
        _thread.Start();
    }

    internal void Post(XenStoreWatch watch, string eventPath)
    {
        lock (_gate)
        {
            if (!_waiting.Add((watch, eventPath))) return;
            _queue.Enqueue((watch, eventPath, null));
        }

        _available.Release();
    }

    internal void Post(Action action)
    {
        lock (_gate) _queue.Enqueue((null, "", action));
        _available.Release();
    }

    /// <summary>
    /// Waits for the callback that is running, unless it is the one that disposes. One that does not end is reported as a
    /// failure and left alone.
    /// </summary>
    public void Dispose()
    {
        _stopping = true;
        _available.Release();
        if (Thread.CurrentThread == _thread || _thread.Join(_endLimit)) return;
        _callbackFailed?.Invoke(new TimeoutException($"a callback of xenstore has not ended within {_endLimit.TotalSeconds:0.#} s; please report this"));
    }

    private void Run()
    {
        while (true)
        {
            _available.Wait();
            if (_stopping) return;
            Invoke();
        }
    }

    private void Invoke()
    {
        (XenStoreWatch? watch, string path, Action? action) = Take();
        try
        {
            watch?.Fire(path);
            action?.Invoke();
        }
        catch (Exception failure) when (_callbackFailed is not null)
        {
            _callbackFailed(failure);
        }
    }

    private (XenStoreWatch? Watch, string Path, Action? Action) Take()
    {
        lock (_gate)
        {
            (XenStoreWatch? Watch, string Path, Action? Action) item = _queue.Dequeue();
            // Before the callback: a change that comes while it runs must run it again.
            if (item.Watch is not null) _waiting.Remove((item.Watch, item.Path));
            return item;
        }
    }
}
