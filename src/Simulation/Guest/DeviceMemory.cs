namespace XenDmHost.Simulation.Guest;

/// <summary>
/// Memory for one life of one device. A driver gives buffers back early when the device is done with them; all others
/// are kept until the device was reset, for it may still write to what a driver gave up waiting for.
/// </summary>
internal sealed class DeviceMemory(GuestMemory memory) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<DmaBuffer> _buffers = [];

    internal DmaBuffer Allocate(int bytes)
    {
        var buffer = memory.Allocate(bytes);
        lock (_gate)
        {
            _buffers.Add(buffer);
        }

        return buffer;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _buffers.ForEach(buffer => buffer.Dispose());
            _buffers.Clear();
        }
    }
}
