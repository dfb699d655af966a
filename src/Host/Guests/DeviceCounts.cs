namespace XenDmHost.Host.Guests;

/// <summary>What of a device's traffic went through this process since the device was added. What the kernel carries is not in it.</summary>
/// <param name="Id">The device.</param>
/// <param name="Name">What it is.</param>
/// <param name="IsRunning">Whether the guest's driver uses it.</param>
/// <param name="Kicks">The guest's kicks that were handed to the back-end.</param>
/// <param name="Calls">The back-end's calls.</param>
/// <param name="Interrupts">The interrupts that the guest was given: one for each call, and those for changes of the configuration.</param>
internal sealed record DeviceCounts(int Id, string Name, bool IsRunning, long Kicks, long Calls, long Interrupts);
