using XenDmHost.Host.GuestMemory;
using XenDmHost.Host.Hypervisor;
using XenDmHost.Host.Native;
using XenDmHost.Host.Notify;
using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// One connection to a device's back-end and the rings that run over it. On the device's control thread; after a
/// failure it is disposed and a new one is made.
/// </summary>
internal sealed partial class BackEndSession : IDisposable
{
    private readonly VhostUserFrontEnd _frontEnd;
    private readonly GuestDevice _device;
    private readonly CallRelay _relay;
    private readonly SortedDictionary<int, Ring> _rings = [];

    internal BackEndSession(UnixSocket socket, GuestDevice device, CallRelay relay, VhostUserLimits limits)
    {
        _frontEnd = new VhostUserFrontEnd(socket, device.WakeUp, () => device.Deadline, limits);
        _device = device;
        _relay = relay;
    }

    /// <summary>To wait on for the back-end's leaving.</summary>
    internal FileDescriptor Descriptor => _frontEnd.Descriptor;

    internal BackEndOffer Offer => _frontEnd.Offer;

    internal bool HasRings => _rings.Count > 0;

    internal VhostUserResult Negotiate(NegotiationRequest request) => _frontEnd.Negotiate(request, out _);

    internal VhostUserResult ReadConfig(Span<byte> config) => _frontEnd.GetConfig(config);

    internal VhostUserResult WriteConfig(int offset, ReadOnlySpan<byte> bytes) => _frontEnd.SetConfig(offset, bytes);

    internal VhostUserResult CheckIdle() => _frontEnd.CheckIdle();

    /// <summary>Starts every ready queue that does not run yet, in the order of the specification.</summary>
    /// <param name="domain">Where the guest's memory is looked at, to resume.</param>
    /// <param name="resume">The rings ran with an earlier back-end: go on where that one stopped.</param>
    internal VhostUserResult StartRings(IDomain domain, bool resume)
    {
        RegisterFile registers = _device.Registers;
        List<int> ready = [.. Enumerable.Range(0, registers.QueueCount).Where(i => registers.Queue(i).Ready != 0 && !_rings.ContainsKey(i))];
        VhostUserResult result = _rings.Count == 0
            ? _frontEnd.SetFeatures(FeaturePolicy.ForBackEnd(registers.DriverFeatures, Offer.Features))
            : VhostUserResult.Ok;
        foreach (int index in ready)
        {
            result = result.Then(() => StartRing(domain, index, resume));
        }

        foreach (int index in ready)
        {
            result = result.Then(() => _frontEnd.EnableRing(index, enabled: true));
        }

        return result.Then(() => Open(ready, resume));
    }

    /// <summary>Stops a ring, if it runs. Afterwards the back-end does not touch it any more.</summary>
    internal VhostUserResult StopRing(int index) => StopRing(index, out _);

    private VhostUserResult StopRing(int index, out uint vringBase)
    {
        vringBase = 0;
        if (!_rings.Remove(index, out Ring? ring))
        {
            return VhostUserResult.Ok;
        }

        _device.Kicks.Set(index, null);
        VhostUserResult result = _frontEnd.StopRing(index, out vringBase);
        ring.Dispose();
        return result;
    }

    /// <summary>Stops all rings.</summary>
    /// <param name="reset">Whether the guest resets the device.</param>
    internal VhostUserResult StopRings(bool reset)
    {
        VhostUserResult result = VhostUserResult.Ok;
        foreach (int index in _rings.Keys.ToArray())
        {
            result = result.Then(() => StopRing(index));
        }

        return reset ? result.Then(_frontEnd.ResetDevice) : result;
    }

    public void Dispose()
    {
        foreach (Ring ring in _rings.Values)
        {
            _device.Kicks.Set(ring.Index, null);
            ring.Dispose();
        }

        _rings.Clear();
        _frontEnd.Dispose();
    }

    private VhostUserResult StartRing(IDomain domain, int index, bool resume)
    {
        QueueState queue = _device.Registers.Queue(index);
        ushort start = 0;
        if (resume && !_resumeAt.Remove(index, out start) && !GuestPages.TryReadUsedIndex(domain, queue.Device, out start))
        {
            return VhostUserResult.Refused(MessageSubject.Idle, $"queue {index}: the used ring at 0x{queue.Device:x} cannot be looked at");
        }

        Ring ring = new(index, _relay, _device);
        _rings[index] = ring;
        return _frontEnd.StartRing(new RingSetup
        {
            Index = index,
            Size = (int)queue.Size,
            Base = start,
            DescriptorTable = queue.Descriptors,
            AvailableRing = queue.Driver,
            UsedRing = queue.Device,
            Kick = ring.Kick,
            Call = ring.Call,
            Error = ring.Error,
        });
    }

    /// <summary>
    /// Lets kicks through, and kicks once: requests may be queued already. After a resume the driver is told once too,
    /// for completions that were written and never announced.
    /// </summary>
    private VhostUserResult Open(List<int> indexes, bool resume)
    {
        foreach (int index in indexes)
        {
            _device.Kicks.Set(index, _rings[index].Kick);
            if (!KickFirst(index))
            {
                return VhostUserResult.Refused(MessageSubject.Idle, $"queue {index}: the back-end blocks the kick eventfd");
            }

            if (resume)
            {
                _device.RaiseUsedBuffer();
            }
        }

        return VhostUserResult.Ok;
    }

    /// <summary>Kicks on this thread: watched as the guest's kicks are, because the back-end can make this write wait too.</summary>
    private bool KickFirst(int index)
    {
        _device.FirstKicks.Set(index, _rings[index].Kick);
        bool kicked = _device.FirstKicks.TryKick(index);
        _device.FirstKicks.Set(index, null);
        return kicked;
    }
}
