namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>One descriptor's worth of a request: guest-physical address, bytes, and whether the device writes it.</summary>
internal readonly record struct BufferSegment(ulong Address, uint Length, bool DeviceWrites)
{
    internal static BufferSegment ForDeviceToRead(ulong address, int length) => new(address, (uint)length, DeviceWrites: false);

    internal static BufferSegment ForDeviceToWrite(ulong address, int length) => new(address, (uint)length, DeviceWrites: true);
}
