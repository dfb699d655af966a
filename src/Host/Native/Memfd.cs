using System.Text;
using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>What the host needs to know of a memfd that it was given.</summary>
internal static unsafe class Memfd
{
    private const int GetSeals = 1034;      // F_GET_SEALS, linux/fcntl.h
    private const int SealShrink = 2;       // F_SEAL_SHRINK

    /// <summary>Whether nobody can make the file shorter under those who have it mapped.</summary>
    internal static bool IsSealedAgainstShrinking(FileDescriptor descriptor)
    {
        int seals = LibC.fcntl(descriptor.Value, GetSeals, 0);
        return seals >= 0 && (seals & SealShrink) != 0;
    }

    /// <summary>The size in bytes, or -1.</summary>
    internal static long SizeOf(FileDescriptor descriptor)
    {
        stat info;
        return LibC.fstat(descriptor.Value, &info) == 0 ? info.st_size : -1;
    }

    /// <summary>A new memfd of this size, sealed against shrinking and growing.</summary>
    internal static FileDescriptor CreateSealed(string name, long size)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name + "\0");
        fixed (byte* start = bytes)
        {
            int fd = LibC.memfd_create(start, (uint)(LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING));
            if (fd < 0)
            {
                OsException.ThrowLast("memfd_create", name);
            }

            FileDescriptor descriptor = new(fd);
            if (LibC.ftruncate(fd, size) < 0 || LibC.fcntl(fd, 1033, SealShrink | 4 | 1) < 0)
            {
                OsException.ThrowLast("ftruncate", name);
            }

            return descriptor;
        }
    }
}
