namespace XenDmHost.Simulation.Guest;

/// <summary>Where a device of the guest is, as its device tree would say.</summary>
/// <param name="Id">Index of its xenstore node.</param>
/// <param name="Base">Guest-physical address of the register window.</param>
/// <param name="Irq">Interrupt id, 33 and up.</param>
internal readonly record struct GuestDevice(int Id, ulong Base, uint Irq);
