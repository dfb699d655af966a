using XenDmHost.Host.Notify;

namespace XenDmHost.UnitTests.Notify;

/// <summary>Counts what the relay tells; can keep the relay's thread in a call until it is let go.</summary>
internal sealed class SignalCounter : ICallTarget, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly SemaphoreSlim _told = new(0);
    private readonly SemaphoreSlim _pass = new(0);
    private volatile bool _gated;

    internal List<int> Calls { get; } = [];

    internal List<int> Errors { get; } = [];

    public void OnCall(int queue)
    {
        Calls.Add(queue);
        _told.Release();
        if (_gated)
        {
            _pass.Wait(Limit);
        }
    }

    public void OnRingError(int queue)
    {
        Errors.Add(queue);
        _told.Release();
    }

    /// <summary>From now on each OnCall keeps the relay's thread until it is let go.</summary>
    internal void KeepCalls() => _gated = true;

    /// <summary>Lets one call go.</summary>
    internal void LetGo() => _pass.Release();

    /// <summary>Waits for one more signal.</summary>
    internal void WaitForOne() => Assert.True(_told.Wait(Limit), "the relay told nothing");

    public void Dispose()
    {
        _told.Dispose();
        _pass.Dispose();
    }
}
