namespace XenDmHost.IntegrationTests.Support;

/// <summary>What happened, in its order, and a way to wait for what has not happened yet. For any thread.</summary>
internal sealed class Happenings<T>(string source)
{
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(90);

    private readonly object _gate = new();
    private readonly List<T> _all = [];
    private bool _ended;

    /// <summary>A copy of all so far.</summary>
    internal IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    internal void Add(T one)
    {
        lock (_gate)
        {
            _all.Add(one);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Nothing more will come: whoever waits in vain learns it at once.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The first that is meant, now or within the limit.</summary>
    /// <exception cref="TimeoutException">It does not come; the message shows what came.</exception>
    internal T WaitFor(string what, Func<T, bool> isMeant, TimeSpan? limit = null)
    {
        long deadline = Environment.TickCount64 + (long)(limit ?? UsualLimit).TotalMilliseconds;
        lock (_gate)
        {
            for (int next = 0; ;)
            {
                for (; next < _all.Count; next++)
                {
                    if (isMeant(_all[next]))
                    {
                        return _all[next];
                    }
                }

                long left = deadline - Environment.TickCount64;
                if (_ended || left <= 0 || !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left)))
                {
                    throw new TimeoutException($"{source}: {what} did not come; what came:\n{string.Join('\n', _all)}");
                }
            }
        }
    }
}
