namespace XenDmHost.Host.VhostUser;

/// <summary>How long to wait before the next attempt: 50 ms at first, twice as long each time, up to a maximum.</summary>
internal sealed class RetryDelay(int maximumMs)
{
    internal const int FirstMs = 50;

    private int _nextMs = Math.Min(FirstMs, maximumMs);

    /// <summary>The delay before the attempt that comes now, in milliseconds; the one after it will be longer.</summary>
    internal int NextMs()
    {
        int now = _nextMs;
        _nextMs = (int)Math.Min(2L * now, maximumMs);
        return now;
    }

    /// <summary>After a success: the next failure is a new one.</summary>
    internal void Reset() => _nextMs = Math.Min(FirstMs, maximumMs);
}
