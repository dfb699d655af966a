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
    private readonly IDeviceAddresses _addresses;
    private readonly BufferSegment _mappedRing;
    private readonly BufferSegment[]?[] _mapped;
    private readonly bool _eventIndex;
    private readonly Action<int> _notify;
    private string? _broken;
    private ushort _available;
    private ushort _kicked;
    private ushort _used;

    /// <param name="index">The queue's number.</param>
    /// <param name="size">Number of descriptors.</param>
    /// <param name="memory">Where the ring is to be.</param>
    /// <param name="addresses">How the device is told of memory.</param>
    /// <param name="options">What was negotiated.</param>
    /// <param name="notify">Kicks the device.</param>
    internal SplitVirtqueue(int index, int size, GuestMemory memory, IDeviceAddresses addresses, VirtqueueOptions options, Action<int> notify)
    {
        Index = index;
        Size = size;
        var layout = new SplitRingLayout(size);
        _memory = memory.Allocate(layout.TotalBytes);
        _addresses = addresses;
        _mapped = new BufferSegment[size][];
        _mappedRing = addresses.Map(BufferSegment.ForDeviceToWrite(_memory.Address, layout.TotalBytes));
        Ring = new SplitRing(layout, _memory, _mappedRing.Address);
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

    /// <summary>Takes back what the device was shown; it was reset before.</summary>
    /// <exception cref="DriverFailure">The other side still holds some of it: Linux would give the device up.</exception>
    internal void TakeBack()
    {
        lock (_gate)
        {
            bool all = _addresses.TryUnmap(_mappedRing);
            for (var head = 0; head < Size; head++)
            {
                all &= TryUnmap(head);
            }

            if (!all)
            {
                throw new DriverFailure($"queue {Index}: after the reset memory of it is still in use by the device");
            }
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
        BufferSegment[] segments = [.. request.Segments.Select(_addresses.Map)];
        _mapped[chain[0]] = segments;
        if (useTable)
        {
            var table = _addresses.Map(_indirect!.Write(chain[0], segments));
            _mapped[chain[0]] = [.. segments, table];
            Ring.WriteDescriptor(chain[0], table, DescriptorFlags.Indirect, 0);
            return;
        }

        for (var i = 0; i < chain.Length; i++)
        {
            var flags = segments[i].DeviceWrites ? DescriptorFlags.Write : DescriptorFlags.None;
            var isLast = i == chain.Length - 1;
            Ring.WriteDescriptor(chain[i], segments[i], isLast ? flags : flags | DescriptorFlags.Next, isLast ? 0 : chain[i + 1]);
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
            if (!TryUnmap((int)head))
            {
                // Whoever waits for the request is told so too.
                request.Abandon($"queue {Index}: the device gave back memory that it still has mapped");
                Break($"the device gave back memory that it still has mapped");
                return;
            }

            _free.Return((int)head);
            request.Complete(written);
        }
        else
        {
            Break(problem!);
        }
    }

    private bool TryUnmap(int head)
    {
        bool all = true;
        foreach (var segment in _mapped[head] ?? [])
        {
            all &= _addresses.TryUnmap(segment);
        }

        _mapped[head] = null;
        return all;
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
