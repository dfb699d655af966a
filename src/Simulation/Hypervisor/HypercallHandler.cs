using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>Carries out the hypercalls of one connection. Whatever numbers a host sends, the answer is a result or an errno.</summary>
internal sealed class HypercallHandler(GuestDomain domain, PortNumbers numbers) : IDisposable
{
    private GrantDevice? _grants;

    /// <summary>The connection's event channels, once it opened them.</summary>
    internal HostPorts? Ports { get; private set; }

    internal HypercallResult Execute(in HypercallRequest request)
    {
        bool isAboutGrants = request.Op is HypercallOp.MapGrants or HypercallOp.UnmapGrants;
        if (isAboutGrants != _grants is not null)
        {
            return HypercallResult.Failed(isAboutGrants ? HypercallError.BadDescriptor : HypercallError.NotPermitted);
        }

        if (IsAboutDomain(request.Op) && (request.DomId != domain.Id || domain.IsDestroyed))
        {
            return HypercallResult.Failed(HypercallError.NoSuchDomain);
        }

        return request.Op switch
        {
            HypercallOp.GetDomain => HypercallResult.Ok((ulong)domain.Banks.Count, (ulong)domain.Vcpus),
            HypercallOp.GetBank => GetBank(request.A),
            HypercallOp.OpenIrq => OpenIrq(request.A),
            HypercallOp.OpenEventChannels => OpenEventChannels(),
            HypercallOp.BindInterdomain => BindInterdomain(request.A),
            HypercallOp.BindWakeUp => BindWakeUp(),
            HypercallOp.Unbind => Unbind(request.A),
            HypercallOp.CreateIoreqServer => CreateServer(),
            HypercallOp.OpenGrants => OpenGrants(),
            HypercallOp.MapGrants => _grants!.Map(request.A, request.B, request.C),
            HypercallOp.UnmapGrants => _grants!.Unmap(request.A, request.B),
            _ => OnServer(request),
        };
    }

    /// <summary>The host closed its end of the event fd, or stopped reading it: as a close of /dev/xen/evtchn.</summary>
    internal void CloseEventChannels()
    {
        Ports?.Dispose();
        Ports = null;
    }

    public void Dispose()
    {
        CloseEventChannels();
        _grants?.Dispose();
    }

    private static bool IsAboutDomain(HypercallOp op) => op is not
        (HypercallOp.OpenEventChannels or HypercallOp.BindWakeUp or HypercallOp.Unbind or HypercallOp.OpenGrants or HypercallOp.UnmapGrants);

    /// <summary>From here on the connection is good for grants and nothing else: a back-end gets it.</summary>
    private HypercallResult OpenGrants()
    {
        CloseEventChannels();
        _grants = new GrantDevice(domain);
        return HypercallResult.Ok();
    }

    private HypercallResult OnServer(in HypercallRequest request)
    {
        if (request.Op is < HypercallOp.GetIoreqServerInfo or > HypercallOp.DestroyIoreqServer)
        {
            return HypercallResult.Failed(HypercallError.NotImplemented);
        }

        var server = domain.FindServer(request.A);
        if (server is null)
        {
            return HypercallResult.Failed(HypercallError.NoEntry);
        }

        return request.Op switch
        {
            HypercallOp.MapIoreqPage => new HypercallResult(HypercallAnswer.Ok(), server.Page),
            HypercallOp.SetIoreqServerState => SetState(server, request.B),
            HypercallOp.MapIoRange => MapRange(server, request.B, request.C),
            HypercallOp.UnmapIoRange => HypercallResult.Of(server.Unmap(new IoRange(request.B, request.C))),
            HypercallOp.DestroyIoreqServer => Destroy(server),
            _ => HypercallResult.Ok(),
        };
    }

    private HypercallResult GetBank(ulong index)
    {
        if (index >= (ulong)domain.Banks.Count)
        {
            return HypercallResult.Failed(HypercallError.Invalid);
        }

        var bank = domain.Banks[(int)index];
        return new HypercallResult(HypercallAnswer.Ok(bank.GuestAddress, bank.Size, bank.FileOffset), domain.Ram);
    }

    private HypercallResult CreateServer() =>
        domain.CreateServer() is { } server
            ? HypercallResult.Ok((ulong)server.Id)
            : HypercallResult.Failed(HypercallError.NoSpace);

    private static HypercallResult SetState(IoreqServer server, ulong enabled)
    {
        if (enabled > 1)
        {
            return HypercallResult.Failed(HypercallError.Invalid);
        }

        server.SetState(enabled == 1);
        return HypercallResult.Ok();
    }

    private static HypercallResult MapRange(IoreqServer server, ulong start, ulong end) =>
        start > end ? HypercallResult.Failed(HypercallError.Invalid) : HypercallResult.Of(server.Map(new IoRange(start, end)));

    private HypercallResult Destroy(IoreqServer server)
    {
        domain.DestroyServer(server);
        return HypercallResult.Ok();
    }

    private HypercallResult OpenEventChannels()
    {
        if (Ports is not null)
        {
            return HypercallResult.Failed(HypercallError.Busy);
        }

        var (ours, theirs) = UnixSocket.Pair();
        ours.Fd.SetNonBlocking(true);
        Ports = new HostPorts(numbers, new SocketPortStream(ours));
        return new HypercallResult(HypercallAnswer.Ok(), theirs.Fd, CloseAfterSending: true);
    }

    private HypercallResult BindInterdomain(ulong remotePort)
    {
        if (Ports is null)
        {
            return HypercallResult.Failed(HypercallError.BadDescriptor);
        }

        var slot = domain.Servers.Where(s => s.WasEnabled).SelectMany(s => s.Slots).FirstOrDefault(s => s.Port == remotePort);
        if (domain.FindEventChannel(remotePort) is { Bound: null } channel)
        {
            return new HypercallResult(HypercallAnswer.Ok(Ports.Bind(channel).Number), channel.Line.Fd);
        }

        return slot is { Bound: null }
            ? new HypercallResult(HypercallAnswer.Ok(Ports.Bind(slot).Number), slot.Notification.Fd)
            : HypercallResult.Failed(HypercallError.Invalid);
    }

    private HypercallResult BindWakeUp()
    {
        if (Ports is null)
        {
            return HypercallResult.Failed(HypercallError.BadDescriptor);
        }

        var (number, counter) = Ports.BindWakeUp();
        return new HypercallResult(HypercallAnswer.Ok(number), counter.Fd);
    }

    private HypercallResult Unbind(ulong port) =>
        port <= uint.MaxValue && Ports?.TryUnbind((uint)port) == true
            ? HypercallResult.Ok()
            : HypercallResult.Failed(HypercallError.NotConnected);

    private HypercallResult OpenIrq(ulong irq) =>
        domain.Interrupt(irq) is { } line
            ? new HypercallResult(HypercallAnswer.Ok(), line.Fd)
            : HypercallResult.Failed(HypercallError.Invalid);
}
