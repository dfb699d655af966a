using System.Runtime.InteropServices;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Devices;
using XenDmHost.Simulation.StandIns.Faults;
using XenDmHost.Simulation.StandIns.Protocol;

namespace XenDmHost.Simulation.StandIns;

/// <summary>Listens, and serves one client after the other, each with a device in its first state.</summary>
internal sealed class StandInServer(string kind, StandInOptions options, Func<IStandInDevice> createDevice)
{
    private readonly RequestBudget _budget = new(options.Faults.Find(FaultKind.ExitAfter)?.Number);

    /// <summary>Says "ready" on standard output when a client can connect. Returns only with --once: 0, or 1 after a refusal.</summary>
    internal int Run()
    {
        using UnixSocket listener = UnixSocket.Listen(options.Socket);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        Console.Out.WriteLine("ready");
        for (int connection = 0; ; connection++)
        {
            bool leftInPeace = Serve(listener, connection);
            if (!options.Once) continue;
            File.Delete(options.Socket);
            return leftInPeace ? 0 : 1;
        }
    }

    private bool Serve(UnixSocket listener, int connection)
    {
        using UnixSocket client = listener.Accept();
        using RequestHandler handler = new(options, createDevice(), connection, Log);
        return new Session(client, handler, options.Faults, _budget, Log).Run();
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
