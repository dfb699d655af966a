using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>Memory mapped from a descriptor. The number of bytes is fixed; the pages may be shared with others.</summary>
internal sealed unsafe class Mapping : IDisposable
{
    private readonly object _gate = new();
    private byte* _address;

    private Mapping(byte* address, int length)
    {
        _address = address;
        Length = length;
    }

    internal int Length { get; }

    internal Span<byte> Span => new(Address, Length);

    private byte* Address => _address is null ? throw new ObjectDisposedException(nameof(Mapping)) : _address;

    /// <summary>Maps shared, readable and, if asked for, writable.</summary>
    internal static Mapping Shared(FileDescriptor descriptor, long offset, int length, bool writable, string what)
    {
        int protection = writable ? LibC.PROT_READ | LibC.PROT_WRITE : LibC.PROT_READ;
        void* address = LibC.mmap(null, length, protection, LibC.MAP_SHARED, descriptor.Value, offset);
        if (address == LibC.MAP_FAILED)
        {
            OsException.ThrowLast("mmap", what);
        }

        return new Mapping((byte*)address, length);
    }

    /// <summary>
    /// Maps the first bytes of a file, which is made if it is not there, for its owner alone. The file has its pages before
    /// they are mapped, since one that cannot be had later would end the process.
    /// </summary>
    /// <exception cref="IOException">The file cannot be made, or there is no room for it.</exception>
    /// <exception cref="UnauthorizedAccessException">No right to do so.</exception>
    internal static Mapping OfFile(string path, int length)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        int descriptor = (int)file.DangerousGetHandle();
        if (LibC.fchmod(descriptor, LibC.S_IRUSR | LibC.S_IWUSR) < 0)
        {
            OsException.ThrowLast("fchmod", path);
        }

        int present = (int)Math.Min(RandomAccess.GetLength(file), length);
        if (present < length)
        {
            RandomAccess.Write(file, new byte[length - present], present);
        }

        void* address = LibC.mmap(null, length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, descriptor, 0);
        if (address == LibC.MAP_FAILED)
        {
            OsException.ThrowLast("mmap", path);
        }

        return new Mapping((byte*)address, length);
    }

    /// <summary>A reference into the pages, at a naturally aligned offset inside them.</summary>
    internal ref T At<T>(int offset)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - sizeof(T));
        return ref *(T*)(Address + offset);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_address is not null)
            {
                LibC.munmap(_address, Length);
                _address = null;
            }
        }
    }
}
