namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>
/// The driver's side of a split virtqueue (virtio 1.2, 2.7): many requests in flight, added from any thread, completed in
/// interrupt context. What the device writes is checked before it is used: a back-end's mistake breaks this queue, with a
/// reason, and nothing else.
/// </summary>
internal sealed class SplitVirtqueue : IDisposable
{
    private readonly object _gate = new();
    private readonly DmaBuffer _memory;
    private readonly DescriptorPool _free;
    private readonly IndirectTables? _indirect;
    private readonly RequestsInFlight _inFlight;
    private readonly bool _eventIndex;
    private readonly Action<int> _notify;
    private string? _broken;
    private ushort _available;
    private ushort _kicked;
    private ushort _used;

    internal SplitVirtqueue(int index, int size, GuestMemory memory, VirtqueueOptions options, Action<int> notify)
    {
        Index = index;
        Size = size;
        var layout = new SplitRingLayout(size);
        _memory = memory.Allocate(layout.TotalBytes);
        Ring = new SplitRing(layout, _memory);
        _free = new DescriptorPool(size);
        _indirect = options.IndirectDescriptors ? new IndirectTables(memory, size) : null;
        _eventIndex = options.EventIndex;
        _inFlight = new RequestsInFlight(size);
        _notify = notify;
    }

    internal int Index { get; }

    internal int Size { get; }

    internal SplitRing Ring { get; }

    /// <summary>Requests that went as indirect tables and as plain chains, notifications sent and left out.</summary>
    internal VirtqueueCounters Counters { get; } = new();

    /// <summary>Puts a request without telling the device; waits for room while the queue is full.</summary>
    /// <exception cref="DriverFailure">The queue is broken, or no room came within the limit.</exception>
    internal void Add(VirtqueueRequest request, TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!TryAddNow(request))
        {
            // What waits unannounced in a full queue would never make room.
            Kick();
            if (!WaitForRoom(request, deadline))
            {
                throw new DriverFailure($"queue {Index} stayed full for {limit.TotalSeconds:0.#} s");
            }
        }
    }

    /// <summary>Tells the device about everything that was added, unless it said that it need not be told.</summary>
    internal void Kick()
    {
        lock (_gate)
        {
            var before = _kicked;
            _kicked = _available;
            Ring.PublishAvailable(_available);
            var needed = _eventIndex
                ? EventIndex.MustNotify(Ring.AvailableEvent, _available, before)
                : before != _available && !Ring.DeviceWantsNoKicks;
            Counters.CountKick(needed);
            if (!needed)
            {
                return;
            }
        }

        _notify(Index);
    }

    /// <summary>Adds, tells and returns at once.</summary>
    internal void Submit(VirtqueueRequest request, TimeSpan limit)
    {
        Add(request, limit);
        Kick();
    }

    /// <summary>Interrupt context: completes what the device gave back, and looks again after asking for the next interrupt.</summary>
    internal void ProcessUsed()
    {
        lock (_gate)
        {
            do
            {
                if (!_eventIndex)
                {
                    Ring.AllowInterrupts(false);
                }

                TakeAllUsed();
                AskForNextInterrupt();
            }
            while (_broken is null && Ring.UsedIndex != _used);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Lets nobody wait any longer: the device will not give back what it has.</summary>
    internal void Abandon(string reason)
    {
        lock (_gate)
        {
            Break(reason);
        }
    }

    /// <summary>Gives back the memory. The device must have been told before to leave the queue alone.</summary>
    public void Dispose()
    {
        Abandon("the device was removed");
        _indirect?.Dispose();
        _memory.Dispose();
    }

    private bool TryAddNow(VirtqueueRequest request)
    {
        lock (_gate)
        {
            ThrowIfBroken();
            return TryAdd(request);
        }
    }

    private bool WaitForRoom(VirtqueueRequest request, long deadline)
    {
        lock (_gate)
        {
            while (_broken is null && _free.FreeCount < request.Segments.Count)
            {
                var left = deadline - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left)))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private bool TryAdd(VirtqueueRequest request)
    {
        var useTable = _indirect is not null && request.Segments.Count is > 1 and <= IndirectTables.Entries && Counters.PrefersTable;
        Span<int> chain = stackalloc int[useTable ? 1 : request.Segments.Count];
        if (!_free.TryTake(chain))
        {
            return false;
        }

        WriteChain(request, chain, useTable);
        _inFlight.Add(chain[0], request);
        Ring.WriteAvailable(_available++, chain[0]);
        Counters.CountRequest(useTable);
        return true;
    }

    private void WriteChain(VirtqueueRequest request, ReadOnlySpan<int> chain, bool useTable)
    {
        if (useTable)
        {
            Ring.WriteDescriptor(chain[0], _indirect!.Write(chain[0], request.Segments), DescriptorFlags.Indirect, 0);
            return;
        }

        for (var i = 0; i < chain.Length; i++)
        {
            var flags = request.Segments[i].DeviceWrites ? DescriptorFlags.Write : DescriptorFlags.None;
            var isLast = i == chain.Length - 1;
            Ring.WriteDescriptor(chain[i], request.Segments[i], isLast ? flags : flags | DescriptorFlags.Next, isLast ? 0 : chain[i + 1]);
        }
    }

    private void TakeAllUsed()
    {
        var end = Ring.UsedIndex;
        if ((ushort)(end - _used) > _inFlight.Count)
        {
            Break($"the used index went from {_used} to {end} with {_inFlight.Count} requests in flight");
        }

        while (_broken is null && _used != end)
        {
            var (head, written) = Ring.ReadUsed(_used++);
            TakeUsed(head, written);
        }
    }

    private void TakeUsed(uint head, uint written)
    {
        if (_inFlight.TakeUsed(head, written, out var problem) is { } request)
        {
            _free.Return((int)head);
            request.Complete(written);
        }
        else
        {
            Break(problem!);
        }
    }

    private void AskForNextInterrupt()
    {
        if (_eventIndex)
        {
            Ring.AskForInterruptAt(_used);
        }
        else
        {
            Ring.AllowInterrupts(true);
        }
    }

    private void ThrowIfBroken()
    {
        if (_broken is not null)
        {
            throw new DriverFailure($"queue {Index}: {_broken}");
        }
    }

    private void Break(string reason)
    {
        _broken = reason;
        _inFlight.AbandonAll($"queue {Index}: {reason}");
        Monitor.PulseAll(_gate);
    }
}
