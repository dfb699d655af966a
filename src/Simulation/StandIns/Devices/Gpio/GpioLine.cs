using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Gpio;

/// <summary>One line: its direction, its level, and the buffer that waits for its interrupt.</summary>
internal sealed class GpioLine
{
    internal const uint None = 0, Out = 1, In = 2;
    private const uint RisingEdge = 1, FallingEdge = 2, KnownTypes = 0xf;

    internal byte Direction { get; private set; }

    /// <summary>Null until somebody sets it, and again when the line is given up.</summary>
    internal byte? Value { get; private set; }

    internal uint IrqType { get; private set; }

    /// <summary>The event queue's buffer for this line.</summary>
    internal Chain? Armed { get; set; }

    /// <summary>An edge came while no buffer waited for it; the next buffer gets it.</summary>
    internal bool Pending { get; set; }

    /// <summary>False for a direction that does not exist, and for an output without a value.</summary>
    internal bool TrySetDirection(uint direction)
    {
        if (direction > In || (direction == Out && Value is null)) return false;
        Direction = (byte)direction;
        if (direction == None) Value = null;
        return true;
    }

    /// <summary>True when the new level is an edge that the interrupt waits for.</summary>
    internal bool SetValue(byte value)
    {
        uint edge = value == 1 ? RisingEdge : FallingEdge;
        bool changes = (Value ?? 0) != value;
        Value = value;
        return changes && (IrqType & edge) != 0;
    }

    /// <summary>From none to some type or back, in no other way: vhost-device-gpio refuses the rest.</summary>
    internal bool TrySetIrqType(uint type)
    {
        if ((type & ~KnownTypes) != 0 || type == IrqType || (type != 0 && IrqType != 0)) return false;
        (IrqType, Pending) = (type, false);
        return true;
    }
}
