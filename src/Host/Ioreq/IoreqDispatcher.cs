using XenDmHost.Host.Hypervisor;

namespace XenDmHost.Host.Ioreq;

/// <summary>Takes a vCPU's request, decodes it, asks the device and answers. Every request is answered or held by a device.</summary>
internal sealed class IoreqDispatcher : IAnswer
{
    private const ulong AllOnes = ulong.MaxValue;

    private readonly IoreqPage _page;
    private readonly IEventChannels _channels;
    private readonly MmioMap _map;
    private readonly uint[] _localPorts;
    private readonly SharedSlots? _shared;
    private Exception? _firstFault;

    /// <param name="page">The shared page.</param>
    /// <param name="channels">Where answers are announced.</param>
    /// <param name="map">The devices.</param>
    /// <param name="localPorts">The local port of each vCPU.</param>
    /// <param name="shared">What was left to the kernel; null where the kernel takes no part.</param>
    internal IoreqDispatcher(IoreqPage page, IEventChannels channels, MmioMap map, uint[] localPorts, SharedSlots? shared = null)
    {
        _shared = shared;
        _page = page;
        _channels = channels;
        _map = map;
        _localPorts = localPorts;
    }

    internal IoreqCounters Counters { get; } = new();

    /// <summary>The first exception of our own code while a request was served, for the log; null while there was none.</summary>
    internal Exception? FirstFault => Volatile.Read(ref _firstFault);

    /// <summary>Serves the vCPU, if it waits, and for us.</summary>
    internal void Serve(int vcpu)
    {
        if (_shared is { IsShared: true } && IsLeftToKernel(vcpu))
        {
            _shared.Leave(vcpu);
            return;
        }

        Take(vcpu);
    }

    /// <summary>Looks at the slots that were left to the kernel: what it has not touched by now it never will.</summary>
    internal void LookAgain()
    {
        for (int vcpu = 0; vcpu < _localPorts.Length; vcpu++)
        {
            if (!_shared!.IsLeft(vcpu))
            {
                continue;
            }

            bool kernels = IsLeftToKernel(vcpu);
            if (kernels && (_page.IsKernelsNow(vcpu) || !_shared.IsAbandoned(vcpu)))
            {
                _shared.Leave(vcpu);
                continue;
            }

            _shared.Settle(vcpu);
            Counters.TakenFromKernel += kernels ? 1 : 0;
            Take(vcpu);
        }
    }

    private bool IsLeftToKernel(int vcpu)
    {
        if (!_page.TryPeek(vcpu, out IoreqSlot request))
        {
            return _page.IsKernelsNow(vcpu);
        }

        bool plainWrite = request is { Type: IoreqType.Copy, Count: 1, DataIsPointer: false, IsRead: false, ItemSize: 4 };
        return plainWrite && _map.Find(request.Address, request.ItemSize) is { } device
            && device.IsKernels((uint)(request.Address - device.Base), (int)request.ItemSize, request.Data & uint.MaxValue);
    }

    private void Take(int vcpu)
    {
        if (!_page.TryTake(vcpu, out IoreqSlot request))
        {
            return;
        }

        bool read = request.IsRead && !request.DataIsPointer;
        ulong value = AllOnes;
        try
        {
            if (!TryHandle(vcpu, in request, ref value))
            {
                Counters.Held++;
                return;
            }
        }
        catch (Exception fault)
        {
            Counters.Faults++;
            Interlocked.CompareExchange(ref _firstFault, fault, null);
        }

        Complete(vcpu, read ? value : null);
    }

    public void Complete(int vcpu, ulong? value)
    {
        _page.Answer(vcpu, value);
        _channels.Notify(_localPorts[vcpu]);
    }

    /// <summary>Wakes a vCPU whose answer stands already.</summary>
    internal void Announce(int vcpu) => _channels.Notify(_localPorts[vcpu]);

    private bool TryHandle(int vcpu, in IoreqSlot request, ref ulong value)
    {
        // A virtio driver makes plain accesses. Repeated ones, and those whose data is in guest memory, are string
        // instructions: they are completed, and neither the device nor guest memory is touched for them.
        bool plain = request is { Type: IoreqType.Copy, Count: 1, DataIsPointer: false, ItemSize: 1 or 2 or 4 or 8 };
        IMmioDevice? device = plain ? _map.Find(request.Address, request.ItemSize) : null;
        if (device is null)
        {
            Count(request.Type);
            return true;
        }

        uint offset = (uint)(request.Address - device.Base);
        if (request.IsRead)
        {
            Counters.Reads++;
            return device.TryRead(vcpu, offset, (int)request.ItemSize, out value);
        }

        Counters.Writes++;
        ulong mask = request.ItemSize == 8 ? AllOnes : (1UL << (int)(request.ItemSize * 8)) - 1;
        return device.TryWrite(vcpu, offset, (int)request.ItemSize, request.Data & mask);
    }

    private void Count(IoreqType type)
    {
        if (type == IoreqType.Invalidate)
        {
            Counters.Invalidates++;
        }
        else
        {
            Counters.Others++;
        }
    }
}
