using System.Collections.Concurrent;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>
/// The guest as the hypervisor sees it: RAM in a memfd that nobody can resize, ioreq servers and interrupt lines. Servers
/// are changed by the hypervisor's thread and looked up by vCPUs, which therefore see a new array and never a half-made one.
/// </summary>
internal sealed class GuestDomain : IDisposable
{
    internal const int MaxServers = 8;
    internal const int MaxVcpus = IoreqServer.PageSize / IoreqSlot.Size;
    private const uint FirstGuestPort = 3;
    private const uint FirstSharedInterrupt = 32;

    private readonly ConcurrentDictionary<uint, InterruptLine> _interrupts = [];
    private readonly ConcurrentDictionary<uint, GuestEventChannel> _eventChannels = [];
    private readonly List<IoreqServer> _destroyed = [];
    private volatile IoreqServer?[] _servers = new IoreqServer?[MaxServers];
    private volatile bool _destroyedItself;
    private uint _nextGuestPort = FirstGuestPort;

    internal GuestDomain(uint id, int vcpus, IReadOnlyList<MemoryBank> banks)
    {
        Id = id;
        Vcpus = vcpus;
        Banks = banks;
        Ram = Memfd.Create($"guest-{id}-ram", banks.Sum(bank => (long)bank.Size), @sealed: true);
    }

    internal uint Id { get; }

    internal int Vcpus { get; }

    internal IReadOnlyList<MemoryBank> Banks { get; }

    internal FileDescriptor Ram { get; }

    /// <summary>What the guest has granted.</summary>
    internal GrantTable Grants { get; } = new();

    internal IEnumerable<IoreqServer> Servers => _servers.OfType<IoreqServer>();

    /// <summary>The new server in the lowest free place, or null when all eight are taken.</summary>
    internal IoreqServer? CreateServer()
    {
        var id = Array.IndexOf(_servers, null);
        if (id < 0)
        {
            return null;
        }

        var server = new IoreqServer(id, Vcpus, NextGuestPort);
        Replace(id, server);
        return server;
    }

    internal IoreqServer? FindServer(ulong id) => id < MaxServers ? _servers[id] : null;

    /// <summary>A request that waits in it is never answered; its slots stay, for that vCPU still looks at them.</summary>
    internal void DestroyServer(IoreqServer server)
    {
        Replace(server.Id, null);
        _destroyed.Add(server);
    }

    /// <summary>The newest enabled server with a range that contains the whole access, or null when nobody claims it.</summary>
    internal IoreqServer? ServerFor(in IoreqRequest request)
    {
        var servers = _servers;
        for (var i = servers.Length - 1; i >= 0; i--)
        {
            if (servers[i]?.Claims(request) == true)
            {
                return servers[i];
            }
        }

        return null;
    }

    /// <summary>The line of a shared peripheral interrupt, or null for a number below 32 that Xen refuses.</summary>
    internal InterruptLine? Interrupt(ulong irq) =>
        irq is < FirstSharedInterrupt or > 1019 ? null : _interrupts.GetOrAdd((uint)irq, static _ => new InterruptLine());

    /// <summary>The guest allocates an event channel for dom0.</summary>
    internal GuestEventChannel AllocateEventChannel()
    {
        var channel = new GuestEventChannel(NextGuestPort());
        _eventChannels[channel.Port] = channel;
        return channel;
    }

    /// <summary>The guest closes its end; the host's end leads nowhere then.</summary>
    internal void CloseEventChannel(GuestEventChannel channel)
    {
        _eventChannels.TryRemove(channel.Port, out _);
        channel.Dispose();
    }

    internal GuestEventChannel? FindEventChannel(ulong port) => port <= uint.MaxValue ? _eventChannels.GetValueOrDefault((uint)port) : null;

    /// <summary>Event channels that the guest has open for devices.</summary>
    internal int OpenEventChannels => _eventChannels.Count;

    /// <summary>
    /// The domain is destroyed, and Xen knows no domain of this number any more, while xenstore has yet to say so and what
    /// was bound or mapped stays as it is.
    /// </summary>
    internal bool IsDestroyed
    {
        get => _destroyedItself;
        set => _destroyedItself = value;
    }

    /// <summary>Lets no vCPU wait any longer.</summary>
    internal void Stop()
    {
        foreach (var server in Servers.Concat(_destroyed))
        {
            server.Stop();
        }
    }

    public void Dispose()
    {
        foreach (var server in Servers.Concat(_destroyed))
        {
            server.Dispose();
        }

        foreach (var line in _interrupts.Values)
        {
            line.Dispose();
        }

        foreach (var channel in _eventChannels.Values)
        {
            channel.Dispose();
        }

        Ram.Dispose();
    }

    private uint NextGuestPort() => Interlocked.Increment(ref _nextGuestPort) - 1;

    private void Replace(int id, IoreqServer? server)
    {
        var servers = (IoreqServer?[])_servers.Clone();
        servers[id] = server;
        _servers = servers;
    }
}
