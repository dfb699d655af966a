using XenDmHost.Host.Hypervisor;

namespace XenDmHost.Host.Guests;

/// <summary>
/// An interrupt whose line comes and goes with the guest's driver. An edge that finds no line is kept for the next one,
/// for the driver that binds it looks at InterruptStatus then. Any thread may raise it.
/// </summary>
internal sealed class SwitchedInterrupt : IInterruptLine
{
    private readonly Lock _gate = new();
    private IInterruptLine? _line;
    private bool _pending;

    public void Raise()
    {
        lock (_gate)
        {
            if (_line is null)
            {
                _pending = true;
            }
            else
            {
                _line.Raise();
            }
        }
    }

    /// <summary>Takes the line, in place of the one before; null for none.</summary>
    internal void Switch(IInterruptLine? line)
    {
        IInterruptLine? before;
        lock (_gate)
        {
            before = _line;
            _line = line;
            if (line is not null && _pending)
            {
                _pending = false;
                line.Raise();
            }
        }

        before?.Dispose();
    }

    public void Dispose() => Switch(null);
}
