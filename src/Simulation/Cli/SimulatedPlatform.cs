using XenDmHost.Simulation.Guest;
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

    private readonly HypervisorServer _hypervisor;
    private readonly StoreServer _store;
    private readonly int _devices;

    internal SimulatedPlatform(GuestOptions options)
    {
        var folder = Directory.CreateDirectory(options.Directory).FullName;
        var socket = Path.Combine(folder, HypervisorSocket);
        DeleteStale(socket);
        _devices = options.Devices;
        Domain = new GuestDomain(options.DomId, options.Vcpus, MemoryBank.Split((ulong)options.MemoryMiB << 20, options.Banks));
        Toolstack = new Toolstack(
            _store = new StoreServer(Path.Combine(folder, XenstoredSocket)),
            new SimulatedDomain(options.DomId, options.Name, Guid.NewGuid(), [.. Enumerable.Repeat(DeviceType, options.Devices)]));
        Toolstack.Create();
        _hypervisor = new HypervisorServer(Domain, socket);
        Machine = new Machine(Domain, options.AccessLimit);
    }

    internal GuestDomain Domain { get; }

    internal Machine Machine { get; }

    internal Toolstack Toolstack { get; }

    /// <summary>The guest's devices as its device tree lists them.</summary>
    internal IReadOnlyList<GuestDevice> Devices =>
        [.. Enumerable.Range(0, _devices).Select(i => new GuestDevice(i, SimulatedDomain.Base(i), SimulatedDomain.Irq(i)))];

    /// <summary>Destroys the domain in the store, then what stands behind the sockets. The guest's threads must have ended.</summary>
    public void Dispose()
    {
        Domain.Stop();
        Toolstack.Destroy();
        _hypervisor.Dispose();
        _store.Dispose();
        Machine.Dispose();
        Domain.Dispose();
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
