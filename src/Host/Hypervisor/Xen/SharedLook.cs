namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>
/// A look at a guest's memory that takes long: one at a time, and one that began after a caller came serves that caller
/// too. Each caller can leave at any moment.
/// </summary>
/// <param name="look">Looks; asks between its pieces whether it is over, and is null then.</param>
internal sealed class SharedLook(Func<Func<bool>, IReadOnlyList<RamRange>?> look)
{
    /// <summary>How often one that waits for another's look asks whether it may: the end of a look wakes it at once.</summary>
    private const int PauseMs = 20;

    private readonly Lock _gate = new();
    private long _asked;
    private long _answers;
    private IReadOnlyList<RamRange> _found = [];

    /// <summary>What was found, or null when the caller had to leave: then nothing is known.</summary>
    /// <param name="isOver">Whether the caller has to leave; asked on its thread.</param>
    internal IReadOnlyList<RamRange>? Find(Func<bool> isOver)
    {
        long ticket = Interlocked.Increment(ref _asked);
        while (!_gate.TryEnter(PauseMs))
        {
            if (isOver())
            {
                return null;
            }
        }

        try
        {
            return _answers >= ticket || TryLook(isOver) ? _found : null;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>One that has to leave in the middle leaves nothing behind: who waited for it looks anew.</summary>
    private bool TryLook(Func<bool> isOver)
    {
        long answers = Interlocked.Read(ref _asked);
        if (look(isOver) is not { } found)
        {
            return false;
        }

        _found = found;
        _answers = answers;
        return true;
    }
}
