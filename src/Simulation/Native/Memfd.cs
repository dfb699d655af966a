using System.Text;
using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>Anonymous files that several processes map (memfd_create(2)).</summary>
internal static unsafe class Memfd
{
    /// <summary>
    /// A file of <paramref name="size"/> bytes. Sealed ones can be neither shrunk nor grown by anybody they are sent to:
    /// a mapping of a file that shrinks ends in SIGBUS.
    /// </summary>
    internal static FileDescriptor Create(string name, long size, bool @sealed)
    {
        FileDescriptor file;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            file = new(Os.Check(LibC.memfd_create(text, LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING), "memfd_create", name));
        }
        Os.Check(LibC.ftruncate(file.Value, size), "ftruncate", name);
        if (@sealed)
        {
            int seals = LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_SEAL;
            Os.Check(LibC.fcntl(file.Value, LibC.F_ADD_SEALS, seals), "fcntl(F_ADD_SEALS)", name);
        }
        return file;
    }

    /// <summary>The file's length, also of a file that somebody else created.</summary>
    internal static long Size(FileDescriptor file)
    {
        using Lease lease = new(file);
        stat status;
        Os.Check(LibC.fstat(lease.Fd, &status), "fstat", $"fd {file.Value}");
        return status.st_size;
    }

    /// <summary>Whether a descriptor is a socket's.</summary>
    internal static bool IsSocket(FileDescriptor file)
    {
        const uint KindMask = 0xf000, Socket = 0xc000;
        using Lease lease = new(file);
        stat status;
        return LibC.fstat(lease.Fd, &status) == 0 && ((uint)status.st_mode & KindMask) == Socket;
    }

    /// <summary>Changes the length; gives 0 or the error, EPERM for a sealed file.</summary>
    internal static int TryResize(FileDescriptor file, long size)
    {
        using Lease lease = new(file);
        return LibC.ftruncate(lease.Fd, size) == 0 ? 0 : LibC.errno;
    }
}
