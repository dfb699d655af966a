using XenDmHost.Simulation.Guest;
using XenDmHost.Simulation.Guest.Xenbus;
using XenDmHost.Simulation.Hypervisor;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.Store;

namespace XenDmHost.Simulation.Cli;

/// <summary>
/// Hypervisor, xenstore and toolstack of one simulation, alive from construction to disposal: two sockets in a folder,
/// one domain behind them, its nodes in the store.
/// </summary>
internal sealed class SimulatedPlatform : IDisposable
{
    internal const string HypervisorSocket = "hypervisor.sock";
    internal const string XenstoredSocket = "xenstored.sock";
    private const string DeviceType = "virtio,device";

    private readonly StoreServer _store;
    private readonly GuestOptions _options;
    private readonly string _socket;
    private HypervisorServer _hypervisor;
    private bool _ended;

    internal SimulatedPlatform(GuestOptions options)
    {
        var folder = Directory.CreateDirectory(options.Directory).FullName;
        _socket = Path.Combine(folder, HypervisorSocket);
        DeleteStale(_socket);
        _options = options with { Uuid = options.Uuid ?? Guid.NewGuid() };
        _store = new StoreServer(Path.Combine(folder, XenstoredSocket));
        (Domain, Toolstack, _hypervisor, Machine) = Build(options.DomId);
    }

    internal GuestDomain Domain { get; private set; }

    internal Machine Machine { get; private set; }

    internal Toolstack Toolstack { get; private set; }

    internal StoreServer Store => _store;

    /// <summary>The guest's devices as its device tree lists them.</summary>
    internal IReadOnlyList<GuestDevice> Devices =>
        [.. Enumerable.Range(0, _options.Devices).Select(i => new GuestDevice(i, SimulatedDomain.Base(i), SimulatedDomain.Irq(i)))];

    /// <summary>The guest's half of a device on xenbus.</summary>
    internal XenbusDriver DriverOf(int device) => new(_store, Domain, device);

    /// <summary>Ends the domain and starts the guest again under another domain id, as a reboot does. The guest's threads must have ended.</summary>
    internal void Reboot(uint domid)
    {
        EndDomain();
        _ended = false;
        (Domain, Toolstack, _hypervisor, Machine) = Build(domid);
    }

    /// <summary>
    /// Destroys the domain in the store, then what stands behind the hypervisor's socket; the store stays, as a real one does.
    /// The guest's threads must have ended.
    /// </summary>
    internal void EndDomain()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        Domain.Stop();
        Toolstack.Destroy();
        _hypervisor.Dispose();
        Machine.Dispose();
        Domain.Dispose();
    }

    /// <summary>Ends the domain, then the store.</summary>
    public void Dispose()
    {
        EndDomain();
        _store.Dispose();
    }

    private (GuestDomain Domain, Toolstack Toolstack, HypervisorServer Hypervisor, Machine Machine) Build(uint domid)
    {
        var domain = new GuestDomain(domid, _options.Vcpus, MemoryBank.Split((ulong)_options.MemoryMiB << 20, _options.Banks));
        var types = Enumerable.Repeat(DeviceType, _options.Xenbus ? 0 : _options.Devices);
        var toolstack = new Toolstack(_store, new SimulatedDomain(domid, _options.Name, _options.Uuid!.Value, [.. types]) { UsesGrants = _options.Grants });
        var hypervisor = new HypervisorServer(domain, _socket);
        // The hypervisor first: whoever hears of the domain asks for it.
        toolstack.Create();
        return (domain, toolstack, hypervisor, new Machine(domain, _options.AccessLimit, _options.Grants));
    }

    /// <summary>A socket that nobody listens on was left by a simulation that was killed.</summary>
    private static void DeleteStale(string socket)
    {
        try
        {
            UnixSocket.Connect(socket, UnixSocketKind.SeqPacket).Dispose();
        }
        catch (OsException)
        {
            File.Delete(socket);
            return;
        }

        throw new IOException($"another simulation serves {socket}: end it, or take another --directory");
    }
}
