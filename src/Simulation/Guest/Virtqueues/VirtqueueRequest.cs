namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>A chain of buffers on its way to the device and back.</summary>
internal sealed class VirtqueueRequest(params BufferSegment[] segments)
{
    private readonly ManualResetEventSlim _done = new(initialState: false, spinCount: 0);

    internal IReadOnlyList<BufferSegment> Segments { get; } = segments;

    /// <summary>Called once in interrupt context when the device gave the chain back; must not block.</summary>
    internal Action<VirtqueueRequest>? Completed { get; init; }

    /// <summary>Bytes that the device says it wrote; valid once the request is done.</summary>
    internal uint Written { get; private set; }

    /// <summary>Why the request will never be answered, when its queue went away first.</summary>
    internal string? Abandoned { get; private set; }

    internal long WritableBytes => Segments.Where(segment => segment.DeviceWrites).Sum(segment => (long)segment.Length);

    /// <summary>Waits for the device.</summary>
    /// <exception cref="DriverFailure">It took longer than the limit, or the queue broke.</exception>
    internal uint Wait(TimeSpan limit, string what)
    {
        if (!_done.Wait(limit))
        {
            throw new DriverFailure($"{what} was not completed within {limit.TotalSeconds:0.#} s");
        }

        return Abandoned is null ? Written : throw new DriverFailure($"{what}: {Abandoned}");
    }

    internal void Complete(uint written)
    {
        Written = written;
        _done.Set();
        Completed?.Invoke(this);
    }

    internal void Abandon(string reason)
    {
        Abandoned = reason;
        _done.Set();
    }
}
