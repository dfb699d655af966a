namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>Bits of InterruptStatus and InterruptACK.</summary>
[Flags]
internal enum InterruptCause : uint
{
    None = 0,
    UsedBuffer = 1,
    ConfigChange = 2,
}
