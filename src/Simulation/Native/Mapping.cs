using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>
/// A shared mapping of a file. Another process writes to it at any time, so what takes part in a hand-over goes through
/// the accessors below: acquire loads and release stores, which matter on arm64 and cost nothing on x86. An offset or
/// length that is out of range throws: whoever takes numbers from a peer asks <see cref="Contains"/> first.
/// The numbers are in host order, which is little-endian on every machine that this runs on.
/// </summary>
internal sealed unsafe class Mapping : SafeHandle
{
    private Mapping(void* start, long length) : base(0, ownsHandle: true)
    {
        Length = length;
        SetHandle((nint)start);
    }

    public override bool IsInvalid => handle == 0;

    internal long Length { get; }

    internal nint Start => handle;

    /// <summary>The whole mapping; above 2 GiB use <see cref="Slice"/>.</summary>
    internal Span<byte> Span => Slice(0, checked((int)Length));

    /// <summary>Maps <paramref name="length"/> bytes from a page-aligned offset. The descriptor may be closed afterwards.</summary>
    internal static Mapping Map(FileDescriptor file, long offset, long length, bool writable)
    {
        int error = TryMap(file, offset, length, writable, out Mapping? mapping);
        return mapping ?? throw new OsException("mmap", $"fd {file.Value}, offset {offset}, {length} bytes", error);
    }

    /// <summary>As <see cref="Map"/> for a descriptor and numbers that came from a peer: gives 0 or the error.</summary>
    internal static int TryMap(FileDescriptor file, long offset, long length, bool writable, out Mapping? mapping)
    {
        using Lease lease = new(file);
        int protection = LibC.PROT_READ | (writable ? LibC.PROT_WRITE : 0);
        void* start = LibC.mmap(null, (size_t)(ulong)length, protection, LibC.MAP_SHARED, lease.Fd, offset);
        mapping = null;
        if ((nint)start == -1) return LibC.errno;
        mapping = new(start, length);
        return 0;
    }

    /// <summary>Takes room in the address space, of whole pages, with nothing in it: gives 0 or the error.</summary>
    internal static int TryReserve(long length, out Mapping? mapping)
    {
        void* start = LibC.mmap(null, (size_t)(ulong)length, LibC.PROT_NONE, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE, -1, 0);
        mapping = (nint)start == -1 ? null : new(start, length);
        return mapping is null ? LibC.errno : 0;
    }

    /// <summary>Maps a piece of a file over a part of this mapping; all in whole pages. Gives 0 or the error.</summary>
    internal int TryPlace(FileDescriptor file, long fileOffset, long at, long length, bool writable)
    {
        using Lease lease = new(file);
        int protection = LibC.PROT_READ | (writable ? LibC.PROT_WRITE : 0);
        if (!Contains((ulong)at, (ulong)length)) return Errno.EINVAL;
        void* start = LibC.mmap((byte*)handle + at, (size_t)(ulong)length, protection, LibC.MAP_SHARED | LibC.MAP_FIXED, lease.Fd, fileOffset);
        return (nint)start == -1 ? LibC.errno : 0;
    }

    /// <summary>True when all of [offset, offset + length) lies inside.</summary>
    internal bool Contains(ulong offset, ulong length) => offset <= (ulong)Length && length <= (ulong)Length - offset;

    internal Span<byte> Slice(long offset, int length) => new(At(offset, length), length);

    internal byte ReadU8(long offset) => Unsafe.Read<byte>(At(offset, 1));

    internal ushort ReadU16(long offset) => Unsafe.Read<ushort>(Aligned(offset, 2));

    internal uint ReadU32(long offset) => Unsafe.Read<uint>(Aligned(offset, 4));

    internal ulong ReadU64(long offset) => Unsafe.Read<ulong>(Aligned(offset, 8));

    internal void WriteU8(long offset, byte value) => Unsafe.Write(At(offset, 1), value);

    internal void WriteU16(long offset, ushort value) => Unsafe.Write(Aligned(offset, 2), value);

    internal void WriteU32(long offset, uint value) => Unsafe.Write(Aligned(offset, 4), value);

    internal void WriteU64(long offset, ulong value) => Unsafe.Write(Aligned(offset, 8), value);

    internal byte ReadAcquireU8(long offset) => Volatile.Read(ref *At(offset, 1));

    internal ushort ReadAcquireU16(long offset) => Volatile.Read(ref *(ushort*)Aligned(offset, 2));

    internal uint ReadAcquireU32(long offset) => Volatile.Read(ref *(uint*)Aligned(offset, 4));

    internal ulong ReadAcquireU64(long offset) => Volatile.Read(ref *(ulong*)Aligned(offset, 8));

    internal void WriteReleaseU8(long offset, byte value) => Volatile.Write(ref *At(offset, 1), value);

    internal void WriteReleaseU16(long offset, ushort value) => Volatile.Write(ref *(ushort*)Aligned(offset, 2), value);

    internal void WriteReleaseU32(long offset, uint value) => Volatile.Write(ref *(uint*)Aligned(offset, 4), value);

    internal void WriteReleaseU64(long offset, ulong value) => Volatile.Write(ref *(ulong*)Aligned(offset, 8), value);

    /// <summary>
    /// Orders an earlier store before a later load (a store of a ring index before the load of the peer's event field),
    /// which neither acquire nor release does.
    /// </summary>
    internal static void FullBarrier() => Interlocked.MemoryBarrier();

    protected override bool ReleaseHandle() => LibC.munmap((void*)handle, (size_t)(ulong)Length) == 0;

    private byte* Aligned(long offset, int size) => offset % size == 0
        ? At(offset, size)
        : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"not aligned to {size}");

    private byte* At(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return offset >= 0 && length >= 0 && Contains((ulong)offset, (ulong)length)
            ? (byte*)handle + offset
            : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{length} bytes there are outside {Length}");
    }
}
