using XenDmHost.Simulation.Hypervisor;

namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>
/// The device's interrupt handler, as Linux' vm_interrupt: read InterruptStatus, acknowledge exactly what it said, then
/// look after the causes. A queue whose bit is not set is not looked at, so an interrupt without its bit is a lost one.
/// </summary>
internal sealed class InterruptHandler : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly InterruptLine _line;
    private readonly VirtioMmioWindow _window;
    private readonly Action<InterruptCause> _handle;
    private readonly GuestThread _thread;
    private volatile bool _stopping;
    private int _handled;
    private int _spurious;

    internal InterruptHandler(Machine machine, uint irq, VirtioMmioWindow window, Action<InterruptCause> handle)
    {
        _line = machine.Interrupt(irq);
        _window = window;
        _handle = handle;
        _thread = new GuestThread(machine, $"irq {irq}", (int)irq, Run);
    }

    internal int Handled => Volatile.Read(ref _handled);

    /// <summary>Edges with nothing in InterruptStatus: harmless, for an edge may come after its cause was already handled.</summary>
    internal int Spurious => Volatile.Read(ref _spurious);

    /// <summary>Waits for the handler to end. What it met, a fault of the host above all, is thrown here.</summary>
    public void Dispose()
    {
        _stopping = true;
        _line.Wake();
        _thread.Join();
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (_line.Wait(Patience) && !_stopping)
            {
                Handle();
            }
        }
    }

    private void Handle()
    {
        var cause = (InterruptCause)_window.Read(MmioRegister.InterruptStatus);
        if (cause == InterruptCause.None)
        {
            Interlocked.Increment(ref _spurious);
            return;
        }

        _window.Write(MmioRegister.InterruptAck, (uint)cause);
        Interlocked.Increment(ref _handled);
        _handle(cause);
    }
}
