using XenDmHost.Host.Native;
using XenDmHost.Host.Native.Xen;

namespace XenDmHost.Host.Hypervisor.Xen;

/// <summary>
/// An ioreq server of Xen's. Xen keeps it when this process ends, and destroying one with a request pending stops that
/// vCPU for ever: so it is left to a successor, unless it claims nothing and nothing waits.
/// </summary>
internal sealed class XenIoreqServer : IIoreqServer
{
    private const int PortOffset = 24;
    private const int MaxServers = 8;

    /// <summary>An emulator binds its ports at once after it has enabled its server.</summary>
    private static readonly TimeSpan UntilAnEmulatorHasBound = TimeSpan.FromSeconds(1);

    /// <summary>A vCPU that runs takes its answer at once; one that is paused may not for a long time.</summary>
    private static readonly TimeSpan UntilAnswersAreTaken = TimeSpan.FromMilliseconds(100);

    private readonly Privcmd _privcmd;
    private readonly uint _domid;
    private readonly ushort _id;
    private readonly int _vcpus;
    private readonly IServerNote _note;
    private readonly Lock _gate = new();
    private int _ranges;

    private XenIoreqServer(Privcmd privcmd, uint domid, ushort id, int vcpus, bool adopted, Mapping page, IServerNote note)
    {
        _note = note;
        _privcmd = privcmd;
        _domid = domid;
        _id = id;
        _vcpus = vcpus;
        Adopted = adopted;
        Page = page;
    }

    public Mapping Page { get; }

    public bool Adopted { get; }

    /// <summary>Finds a server whose maker is gone, or makes one: create, map the page, enable; the ports stand in the page then.</summary>
    internal static XenIoreqServer AdoptOrCreate(Privcmd privcmd, XenEventChannels channels, uint domid, int vcpus, IServerNote note) =>
        TryAdopt(privcmd, channels, domid, vcpus, note) ?? Create(privcmd, domid, vcpus, note);

    public void MapRange(ulong start, ulong size)
    {
        int result = Range(DmOpCode.MapIoRangeToIoreqServer, start, size);

        // EEXIST: a predecessor claimed it, or an earlier life of the device.
        if (result < 0 && result != -Errno.EEXIST)
        {
            throw new OsException("XEN_DMOP_map_io_range_to_ioreq_server", $"0x{start:x} of domain {_domid}", -result, XenErrors.Advice(-result));
        }

        lock (_gate)
        {
            _ranges++;
        }
    }

    public IDisposable? TryRouteKick(ReadOnlySpan<uint> localPorts, ulong windowBase, int queue, EventFd kick, out string refusal)
    {
        refusal = XenProbe.KickRefusal ?? "";
        if (refusal.Length > 0)
        {
            return null;
        }

        KickRoute route = new(this, localPorts.ToArray(), windowBase, queue, kick);
        int result = route.Set(assign: true);
        refusal = result < 0 ? XenProbe.Route(result, "kicks go through this host") : "";
        return result < 0 ? null : route;
    }

    /// <summary>The kernel's ioeventfd for one queue. It keeps the page's address and the eventfd: it goes before both.</summary>
    private sealed class KickRoute(XenIoreqServer server, uint[] ports, ulong windowBase, int queue, EventFd kick) : IDisposable
    {
        internal int Set(bool assign) => server._privcmd.TryIoEventFd(server._domid, server.Page, ports, windowBase, (uint)queue, kick, assign);

        public void Dispose() => Set(assign: false);
    }

    public void UnmapRange(ulong start, ulong size)
    {
        // Refused when the guest is gone, or when it is not claimed: either way it is not ours any more.
        Range(DmOpCode.UnmapIoRangeFromIoreqServer, start, size);
        lock (_gate)
        {
            _ranges--;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_ranges <= 0 && !Adopted)
            {
                DestroyIfIdle();
            }
        }

        Page.Dispose();
    }

    /// <summary>Nothing new arrives at a server that is disabled. If something had arrived before, it has to stay.</summary>
    private void DestroyIfIdle()
    {
        SetState(_privcmd, _domid, _id, enabled: false);
        if (SpinWait.SpinUntil(() => IoreqSlots.AreFree(Page, _vcpus), UntilAnswersAreTaken))
        {
            Destroy(_privcmd, _domid, _id);
            _note.Forget();
        }
        else
        {
            SetState(_privcmd, _domid, _id, enabled: true);
        }
    }

    private int Range(DmOpCode code, ulong start, ulong size)
    {
        DmOp op = new() { Code = code, ServerId = _id, RangeType = DmOp.MemoryRange, RangeStart = start, RangeEnd = start + size - 1 };
        return _privcmd.TryDmOp(_domid, ref op);
    }

    /// <summary>
    /// A predecessor's server has ports that nobody has bound; that of another emulator, or of another host of this
    /// guest, is in use and is left alone.
    /// </summary>
    private static XenIoreqServer? TryAdopt(Privcmd privcmd, XenEventChannels channels, uint domid, int vcpus, IServerNote note)
    {
        ushort? found = PredecessorSearch.Find(
            note.Id,
            Enumerable.Range(0, MaxServers).Select(id => (ushort)id),
            id => Exists(privcmd, domid, id),
            id => IsOrphan(privcmd, channels, domid, id),
            Pause);
        if (found is not { } left || TryMapPage(privcmd, domid, left, out Mapping? page) < 0)
        {
            return null;
        }

        note.Write(left);
        return new XenIoreqServer(privcmd, domid, left, vcpus, adopted: true, page!, note);
    }

    private static bool Exists(Privcmd privcmd, uint domid, ushort id)
    {
        DmOp op = new() { Code = DmOpCode.GetIoreqServerInfo, ServerId = id, InfoFlags = DmOp.NoGfns };
        return privcmd.TryDmOp(domid, ref op) >= 0;
    }

    private static bool IsOrphan(Privcmd privcmd, XenEventChannels channels, uint domid, ushort id)
    {
        if (TryMapPage(privcmd, domid, id, out Mapping? mapped) < 0)
        {
            return false;
        }

        using Mapping page = mapped!;
        uint port = page.At<uint>(PortOffset);
        return port != 0 && !channels.IsInUse(port);
    }

    /// <summary>Nobody announces that an emulator has bound its ports.</summary>
    private static void Pause()
    {
        using ManualResetEventSlim never = new();
        never.Wait(UntilAnEmulatorHasBound);
    }

    private static XenIoreqServer Create(Privcmd privcmd, uint domid, int vcpus, IServerNote note)
    {
        DmOp op = new() { Code = DmOpCode.CreateIoreqServer };
        int result = privcmd.TryDmOp(domid, ref op);
        if (result < 0)
        {
            throw XenErrors.OfServer(domid, result);
        }

        // The ports are filled in when the server is enabled, and only if its page is mapped by then.
        ushort id = op.CreatedId;
        note.Write(id);
        Mapping? page = null;
        try
        {
            result = TryMapPage(privcmd, domid, id, out page);
            if (result < 0)
            {
                throw XenErrors.Of("IOCTL_PRIVCMD_MMAP_RESOURCE", domid, result);
            }

            result = SetState(privcmd, domid, id, enabled: true);
            return result >= 0
                ? new XenIoreqServer(privcmd, domid, id, vcpus, adopted: false, page!, note)
                : throw XenErrors.Of("XEN_DMOP_set_ioreq_server_state", domid, result);
        }
        catch
        {
            // It was never enabled, so no request can wait in it.
            page?.Dispose();
            Destroy(privcmd, domid, id);
            note.Forget();
            throw;
        }
    }

    private static int TryMapPage(Privcmd privcmd, uint domid, ushort id, out Mapping? page) =>
        privcmd.TryMapResource(domid, XenConstants.IoreqServerResource, id, XenConstants.FirstIoreqFrame, 1, out page);

    private static int SetState(Privcmd privcmd, uint domid, ushort id, bool enabled)
    {
        DmOp op = new() { Code = DmOpCode.SetIoreqServerState, ServerId = id, Enabled = enabled ? (byte)1 : (byte)0 };
        return privcmd.TryDmOp(domid, ref op);
    }

    /// <summary>ESRCH and ENOENT say that Xen has done it already, with the guest.</summary>
    private static void Destroy(Privcmd privcmd, uint domid, ushort id)
    {
        DmOp op = new() { Code = DmOpCode.DestroyIoreqServer, ServerId = id };
        privcmd.TryDmOp(domid, ref op);
    }
}
