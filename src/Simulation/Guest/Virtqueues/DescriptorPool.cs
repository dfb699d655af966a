namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>
/// Which descriptors are free, and the chains in flight. The chains are remembered here and never read back from shared
/// memory, where a back-end may have changed them.
/// </summary>
internal sealed class DescriptorPool
{
    private const int End = -1;
    private readonly int[] _next;
    private int _firstFree;

    internal DescriptorPool(int size)
    {
        _next = new int[size];
        for (var i = 0; i < size; i++)
        {
            _next[i] = i + 1 < size ? i + 1 : End;
        }

        FreeCount = size;
    }

    internal int FreeCount { get; private set; }

    /// <summary>Takes <paramref name="chain"/>.Length descriptors; false, with nothing taken, when there are not enough.</summary>
    internal bool TryTake(Span<int> chain)
    {
        if (chain.Length > FreeCount)
        {
            return false;
        }

        for (var i = 0; i < chain.Length; i++)
        {
            chain[i] = _firstFree;
            _firstFree = _next[_firstFree];
        }

        _next[chain[^1]] = End;
        FreeCount -= chain.Length;
        return true;
    }

    /// <summary>Gives a chain back, by its head.</summary>
    internal void Return(int head)
    {
        var last = head;
        var count = 1;
        while (_next[last] != End)
        {
            last = _next[last];
            count++;
        }

        _next[last] = _firstFree;
        _firstFree = head;
        FreeCount += count;
    }
}
