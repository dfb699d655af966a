namespace XenDmHost.Host.Native;

/// <summary>
/// A descriptor with the semantics of /dev/xen/evtchn: a read yields ports as numbers of 32 bits, a write of numbers
/// unmasks them. The read blocks; no allocation on either side.
/// </summary>
internal sealed unsafe class PortStream(FileDescriptor descriptor) : IDisposable
{
    private readonly FileDescriptor _descriptor = descriptor;

    // A stream may hand out a part of a number; /dev/xen/evtchn never does. What is left over waits here.
    private readonly byte[] _partial = new byte[sizeof(uint)];
    private int _partialLength;

    /// <summary>Waits for ports. For one thread.</summary>
    /// <returns>The number of ports, 0 after a signal, or a negative errno; -EPIPE at the end of the stream.</returns>
    internal int Read(Span<uint> ports)
    {
        fixed (uint* start = ports)
        {
            byte* bytes = (byte*)start;
            _partial.AsSpan(0, _partialLength).CopyTo(new Span<byte>(bytes, sizeof(uint)));
            nuint room = (nuint)((ports.Length * sizeof(uint)) - _partialLength);
            nint got = Libc.read(_descriptor.Value, bytes + _partialLength, room);
            if (got <= 0)
            {
                return got == 0 ? -Errno.EPIPE : ErrorOf(Libc.LastErrno);
            }

            int total = _partialLength + (int)got;
            _partialLength = total % sizeof(uint);
            new Span<byte>(bytes + total - _partialLength, _partialLength).CopyTo(_partial);
            return total / sizeof(uint);
        }
    }

    /// <summary>Unmasks ports.</summary>
    internal void Write(ReadOnlySpan<uint> ports)
    {
        fixed (uint* start = ports)
        {
            Libc.write(_descriptor.Value, start, (nuint)(ports.Length * sizeof(uint)));
        }
    }

    public void Dispose() => _descriptor.Dispose();

    private static int ErrorOf(int errno) => errno == Errno.EINTR ? 0 : -errno;
}
