using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>An ioreq server: its page, the ranges that it claims and a slot for every vCPU. The hypervisor's thread alone changes it.</summary>
internal sealed class IoreqServer : IDisposable
{
    internal const int PageSize = 4096;

    private readonly Mapping _page;
    private readonly IoreqSlot[] _slots;
    private readonly Lock _invalidate = new();
    private volatile IoRange[] _ranges = [];
    private volatile bool _enabled;
    private volatile bool _invalidatePending;

    internal IoreqServer(int id, int vcpus, Func<uint> newGuestPort)
    {
        Id = id;
        Page = Memfd.Create($"ioreq-{id}", PageSize, @sealed: true);
        _page = Mapping.Map(Page, 0, PageSize, writable: true);
        _slots = [.. Enumerable.Range(0, vcpus).Select(i => new IoreqSlot(_page, i, newGuestPort()))];
    }

    internal int Id { get; }

    internal FileDescriptor Page { get; }

    internal IReadOnlyList<IoreqSlot> Slots => _slots;

    /// <summary>Before the first time that it is enabled nobody knows its ports.</summary>
    internal bool WasEnabled { get; private set; }

    /// <summary>Enabling publishes vp_eport and makes the next request an INVALIDATE; enabling an enabled one changes nothing.</summary>
    internal void SetState(bool enabled)
    {
        if (enabled && !_enabled)
        {
            Array.ForEach(_slots, slot => slot.PublishPort());
            WasEnabled = true;
            _invalidatePending = true;
        }

        _enabled = enabled;
    }

    /// <summary>0, or EEXIST when it overlaps a range that is already claimed.</summary>
    internal int Map(IoRange range)
    {
        if (_ranges.Any(range.Overlaps))
        {
            return HypercallError.Exists;
        }

        _ranges = [.. _ranges, range];
        return 0;
    }

    /// <summary>0, or ENOENT when exactly this range was not mapped.</summary>
    internal int Unmap(IoRange range)
    {
        if (!_ranges.Contains(range))
        {
            return HypercallError.NoEntry;
        }

        _ranges = [.. _ranges.Where(r => r != range)];
        return 0;
    }

    /// <summary>Whether a request goes to this server: accesses to memory by range, the other kinds to whoever is enabled.</summary>
    internal bool Claims(in IoreqRequest request)
    {
        if (!_enabled || request.Type != IoreqType.Copy)
        {
            return _enabled;
        }

        foreach (var range in _ranges)
        {
            if (range.ContainsAll(request.FirstByte, request.Extent))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Sends a request on behalf of a vCPU and gives the data of the answer.</summary>
    /// <exception cref="HostFault">As <see cref="IoreqSlot.Exchange"/>.</exception>
    internal ulong Send(int vcpu, in IoreqRequest request, TimeSpan limit)
    {
        if (_invalidatePending)
        {
            SendInvalidateOnce(vcpu, limit);
        }

        return _slots[vcpu].Exchange(request, limit);
    }

    internal void Stop() => Array.ForEach(_slots, slot => slot.Stop());

    public void Dispose()
    {
        Array.ForEach(_slots, slot => slot.Dispose());
        _page.Dispose();
        Page.Dispose();
    }

    /// <summary>The other vCPUs wait, so that no request overtakes the INVALIDATE.</summary>
    private void SendInvalidateOnce(int vcpu, TimeSpan limit)
    {
        lock (_invalidate)
        {
            if (_invalidatePending)
            {
                _slots[vcpu].Exchange(IoreqRequest.Invalidate, limit);
                _invalidatePending = false;
            }
        }
    }
}
