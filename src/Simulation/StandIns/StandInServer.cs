using System.Runtime.InteropServices;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Devices;
using XenDmHost.Simulation.StandIns.Faults;
using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns;

/// <summary>
/// Listens, and serves one client after the other, each with a device in its first state; or is the client itself.
/// </summary>
internal sealed class StandInServer(string kind, StandInOptions options, Func<IStandInDevice> createDevice)
{
    private readonly RequestBudget _budget = new(options.Faults.Find(FaultKind.ExitAfter)?.Number);

    /// <summary>SIGUSR1 on Linux. Not SIGHUP: whatever was started under nohup ignores that.</summary>
    private const int SigUsr1 = 10;

    private readonly EventFd _reload = EventFd.Create(nonBlocking: true);

    private readonly RequestBudget _chains = new(options.Faults.Find(FaultKind.CrashOnChain)?.Number);

    /// <summary>
    /// Says "ready" on standard output when a client can connect, or when it has connected itself. Returns only with --once
    /// or --connect: 0, or 1 after a refusal.
    /// </summary>
    internal int Run()
    {
        using PosixSignalRegistration asked = PosixSignalRegistration.Create((PosixSignal)SigUsr1, Reload);
        return options.Connect ? RunAsClient() : RunAsServer();
    }

    /// <summary>Connects to a host that listens, and ends with the connection: 0, or 1 after a refusal.</summary>
    private int RunAsClient()
    {
        using UnixSocket host = UnixSocket.Connect(options.Socket);
        Console.Out.WriteLine("ready");
        return Serve(host, connection: 0) ? 0 : 1;
    }

    private int RunAsServer()
    {
        SocketFile.RemoveStale(options.Socket);
        using UnixSocket listener = UnixSocket.Listen(options.Socket);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        Console.Out.WriteLine("ready");
        for (int connection = 0; ; connection++)
        {
            using UnixSocket client = listener.Accept();
            bool leftInPeace = Serve(client, connection);
            if (!options.Once) continue;
            File.Delete(options.Socket);
            return leftInPeace ? 0 : 1;
        }
    }

    private bool Serve(UnixSocket client, int connection)
    {
        IStandInDevice device = createDevice();
        using IDisposable? connections = device as IDisposable;
        bool dieHalfWay = options.Faults.Has(FaultKind.CrashHalfDone);
        if (options.Reorder || dieHalfWay) device = new ReorderingDevice(device, dieHalfWay);
        using RequestHandler handler = new(
            options, options.Faults.Has(FaultKind.CrashOnChain) ? new MortalDevice(device, _chains) : device, connection, Log);
        return new Session(client, handler, options.Faults, _budget, Log) { Reload = new(_reload, device.Reload), LogRequests = options.LogRequests }.Run();
    }

    /// <summary>SIGUSR1: whoever serves now looks at what it serves again.</summary>
    private void Reload(PosixSignalContext context)
    {
        context.Cancel = true;
        _reload.TrySignalNow();
    }

    private void Log(string line) => Console.Error.WriteLine($"stand-in {kind}: {line}");

    /// <summary>The serving thread may be in any wait; the kernel cleans up behind the process.</summary>
    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        File.Delete(options.Socket);
        Environment.Exit(0);
    }
}
