using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>
/// The event channels between this host and one guest: one open file, restricted to that guest. Its wake-up is a pair of
/// ports of our own, made before the restriction, which allows no others.
/// </summary>
internal sealed class XenEventChannels : IEventChannels
{
    private readonly Evtchn _device;
    private readonly uint _domid;
    private readonly Lock _gate = new();
    private readonly HashSet<uint> _bound = [];
    private readonly uint _wakeUp;
    private readonly uint _wakeUpEnd;
    private uint[] _all = [];

    private XenEventChannels(Evtchn device, uint domid, uint wakeUp, uint wakeUpEnd)
    {
        _device = device;
        _domid = domid;
        _wakeUp = wakeUp;
        _wakeUpEnd = wakeUpEnd;
        Keep(wakeUp);
        Keep(wakeUpEnd);
    }

    /// <exception cref="OsException">The device does not open, or Xen gives no ports.</exception>
    internal static XenEventChannels Open(uint domid)
    {
        Evtchn device = Evtchn.Open();
        try
        {
            uint wakeUp = Bound("IOCTL_EVTCHN_BIND_UNBOUND_PORT", domid, device.TryBindUnbound(XenConstants.DomidSelf));
            uint end = Bound("IOCTL_EVTCHN_BIND_INTERDOMAIN", domid, device.TryBindInterdomain(XenConstants.DomidSelf, wakeUp));
            int restricted = device.TryRestrict(domid);
            if (restricted < 0)
            {
                throw XenErrors.Of("IOCTL_EVTCHN_RESTRICT_DOMID", domid, restricted);
            }

            return new XenEventChannels(device, domid, wakeUp, end);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    public uint BindInterdomain(uint remotePort)
    {
        int result = _device.TryBindInterdomain(_domid, remotePort);
        if (result < 0)
        {
            string? advice = result == -Errno.EINVAL ? "it is no port that the guest made for this domain, or it is bound already" : XenErrors.Advice(-result);
            throw new OsException("IOCTL_EVTCHN_BIND_INTERDOMAIN", $"port {remotePort} of domain {_domid}", -result, advice);
        }

        Keep((uint)result);
        return (uint)result;
    }

    public uint BindWakeUp() => _wakeUp;

    public int Wait(Span<uint> ports)
    {
        int result = _device.Read(ports);
        if (result != -Errno.EFBIG)
        {
            return result;
        }

        // More was pending than the kernel had room for, and some of it is lost: look at everything.
        _device.TryReset();
        uint[] all = Volatile.Read(ref _all);
        int count = Math.Min(all.Length, ports.Length);
        all.AsSpan(0, count).CopyTo(ports);
        return count;
    }

    public void Unmask(ReadOnlySpan<uint> ports) => _device.Unmask(ports);

    public void Notify(uint localPort) => _device.TryNotify(localPort);

    public void Wake() => _device.TryNotify(_wakeUpEnd);

    /// <summary>Whether somebody who is alive has bound this port of the guest's; asked by binding it for a moment.</summary>
    internal bool IsInUse(uint remotePort)
    {
        int result = _device.TryBindInterdomain(_domid, remotePort);
        if (result >= 0)
        {
            _device.TryUnbind((uint)result);
        }

        return result == -Errno.EINVAL;
    }

    /// <summary>Gives a port back. That its guest is gone is no error.</summary>
    internal void Unbind(uint localPort)
    {
        _device.TryUnbind(localPort);
        lock (_gate)
        {
            _bound.Remove(localPort);
            _all = [.. _bound];
        }
    }

    public void Dispose() => _device.Dispose();

    private void Keep(uint port)
    {
        lock (_gate)
        {
            _bound.Add(port);
            _all = [.. _bound];
        }
    }

    private static uint Bound(string call, uint domid, int result) => result >= 0 ? (uint)result : throw XenErrors.Of(call, domid, result);
}
