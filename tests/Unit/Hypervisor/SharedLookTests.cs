using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Hypervisor.Xen;

namespace XenDmHost.UnitTests.Hypervisor;

/// <summary>Looks that take long, and callers that share them or leave.</summary>
public sealed class SharedLookTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim _end = new();
    private readonly SharedLook _look;
    private int _looks;

    public SharedLookTests() => _look = new SharedLook(Look);

    public void Dispose() => _end.Dispose();

    [Fact]
    public async Task A_caller_that_waits_for_anothers_look_leaves_when_it_has_to()
    {
        Task<IReadOnlyList<RamRange>?> first = Find(() => false);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _looks) == 1, Limit));

        Assert.Null(await Find(() => true).WaitAsync(Limit));

        Assert.False(first.IsCompleted);
        _end.Set();
        Assert.NotNull(await first.WaitAsync(Limit));
    }

    [Fact]
    public async Task Who_waited_for_a_look_that_was_left_looks_anew()
    {
        bool isOver = false;
        Task<IReadOnlyList<RamRange>?> first = Find(() => Volatile.Read(ref isOver));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _looks) == 1, Limit));
        Task<IReadOnlyList<RamRange>?> second = Find(() => false);

        Volatile.Write(ref isOver, true);

        Assert.Null(await first.WaitAsync(Limit));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _looks) == 2, Limit));
        _end.Set();
        Assert.Equal([new RamRange(2, 4096)], await second.WaitAsync(Limit));
    }

    [Fact]
    public async Task Callers_that_come_during_a_look_share_the_next_one()
    {
        Task<IReadOnlyList<RamRange>?> first = Find(() => false);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _looks) == 1, Limit));
        int waiting = 0;
        bool Counted(ref bool counted)
        {
            if (!counted)
            {
                counted = true;
                Interlocked.Increment(ref waiting);
            }

            return false;
        }

        Task<IReadOnlyList<RamRange>?>[] later = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            bool counted = false;
            return Find(() => Counted(ref counted));
        })];
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref waiting) == later.Length, Limit));
        _end.Set();

        Assert.Equal([new RamRange(1, 4096)], await first.WaitAsync(Limit));
        foreach (Task<IReadOnlyList<RamRange>?> one in later)
        {
            Assert.Equal([new RamRange(2, 4096)], await one.WaitAsync(Limit));
        }

        Assert.Equal(2, _looks);
    }

    /// <summary>Finds the number of the look.</summary>
    private IReadOnlyList<RamRange>? Look(Func<bool> isOver)
    {
        ulong number = (ulong)Interlocked.Increment(ref _looks);
        bool isLeft = false;
        Assert.True(SpinWait.SpinUntil(() => (isLeft = isOver()) || _end.IsSet, Limit));
        return isLeft ? null : [new RamRange(number, 4096)];
    }

    private Task<IReadOnlyList<RamRange>?> Find(Func<bool> isOver) => Task.Factory.StartNew(
        () => _look.Find(isOver), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
