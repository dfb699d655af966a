using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;

namespace XenDmHost.Host.Native.Xen;

/// <summary>Opens Xen's character devices and makes their requests.</summary>
internal static unsafe partial class XenDevice
{
    /// <summary>Opens a device for reading and writing.</summary>
    /// <exception cref="OsException">ENOENT, EACCES and others, with what to do.</exception>
    internal static FileDescriptor Open(string path)
    {
        int fd = TryOpen(path);
        return fd >= 0 ? new FileDescriptor(fd) : throw new OsException("open", path, -fd, OpenAdvice(-fd));
    }

    /// <summary>As Open; an error is a negative errno.</summary>
    internal static int TryOpen(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            int fd = LibC.open(name, LibC.O_RDWR | LibC.O_CLOEXEC);
            return fd >= 0 ? fd : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>What to do when a device does not open.</summary>
    internal static string? OpenAdvice(int errno) => errno switch
    {
        Errno.ENOENT => "this machine does not run under Xen, or its module is not loaded (modprobe xen-privcmd xen-evtchn xen-gntdev)",
        Errno.ENODEV or Errno.ENXIO => "this kernel does not run under Xen: boot Xen, with this system as dom0",
        Errno.EACCES or Errno.EPERM => "run as root, or give this user access to the device",
        Errno.EMFILE => "raise the limit of open files (ulimit -n)",
        _ => null,
    };

    /// <summary>Makes a request; the descriptor cannot be closed under it.</summary>
    /// <returns>The result, or a negative errno; -EBADF after the descriptor was closed.</returns>
    internal static int Control(FileDescriptor descriptor, uint request, void* argument)
    {
        bool held = false;
        try
        {
            descriptor.DangerousAddRef(ref held);
            int result = ioctl(descriptor.Value, request, argument);
            return result >= 0 ? result : -Marshal.GetLastPInvokeError();
        }
        catch (ObjectDisposedException)
        {
            return -Errno.EBADF;
        }
        finally
        {
            if (held)
            {
                descriptor.DangerousRelease();
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);
}
