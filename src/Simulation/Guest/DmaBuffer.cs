using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Guest;

/// <summary>
/// Guest memory that a device may reach. Offsets count from its start; what takes part in a hand-over with the device goes
/// through the acquire and release accessors.
/// </summary>
internal sealed class DmaBuffer(Mapping ram, ulong address, long offset, int length, Action returned) : IDisposable
{
    private int _disposed;

    /// <summary>Guest-physical address of the first byte.</summary>
    internal ulong Address { get; } = address;

    internal int Length { get; } = length;

    internal Span<byte> Span => ram.Slice(offset, Length);

    internal Span<byte> Slice(int start, int bytes) => Span.Slice(start, bytes);

    internal ushort ReadU16(int at) => ram.ReadU16(offset + at);

    internal uint ReadU32(int at) => ram.ReadU32(offset + at);

    internal ushort ReadAcquireU16(int at) => ram.ReadAcquireU16(offset + at);

    internal void WriteU16(int at, ushort value) => ram.WriteU16(offset + at, value);

    internal void WriteU32(int at, uint value) => ram.WriteU32(offset + at, value);

    internal void WriteU64(int at, ulong value) => ram.WriteU64(offset + at, value);

    internal void WriteReleaseU16(int at, ushort value) => ram.WriteReleaseU16(offset + at, value);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            returned();
        }
    }
}
