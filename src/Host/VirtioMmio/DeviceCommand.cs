namespace XenDmHost.Host.VirtioMmio;

/// <summary>A message from the register file to the device's control thread.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Vcpu">Whose access is held for it; -1 when none is.</param>
/// <param name="Queue">The queue's index, where one is meant.</param>
/// <param name="Offset">The offset in the configuration space, for WriteConfig.</param>
/// <param name="Width">The width in bytes, for WriteConfig.</param>
/// <param name="Value">The value, for WriteConfig.</param>
internal readonly record struct DeviceCommand(
    DeviceCommandKind Kind, int Vcpu = -1, int Queue = 0, uint Offset = 0, int Width = 0, ulong Value = 0);
