using System.Runtime.InteropServices;

namespace XenDmHost.Simulation.Cli;

/// <summary>What ends a simulation from outside: SIGTERM, SIGINT and, when asked for, the end of standard input.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    internal StopSignals(bool atEndOfInput)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, End),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, End),
        ];
        if (atEndOfInput && !IsNothing())
        {
            new Thread(WatchInput) { IsBackground = true, Name = "stdin" }.Start();
        }
    }

    internal CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _stop.Dispose();
    }

    /// <summary>Shells give background jobs /dev/null; that it ends at once says nothing.</summary>
    private static bool IsNothing() => File.ResolveLinkTarget("/proc/self/fd/0", returnFinalTarget: true)?.FullName == "/dev/null";

    private void End(PosixSignalContext context)
    {
        context.Cancel = true;
        Cancel();
    }

    private void WatchInput()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
        }

        Cancel();
    }

    private void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The simulation has ended by itself meanwhile.
        }
    }
}
