using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>The one owner of a file descriptor.</summary>
internal sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    internal FileDescriptor(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    /// <summary>The number, for a call that is made at once while this object is referenced.</summary>
    internal int Value => (int)handle;

    /// <summary>Another descriptor of the same open file, closed on exec.</summary>
    /// <exception cref="ObjectDisposedException">This one is closed already.</exception>
    internal FileDescriptor Duplicate()
    {
        bool held = false;
        DangerousAddRef(ref held);
        int fd = LibC.fcntl(Value, LibC.F_DUPFD_CLOEXEC, 3);
        int errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        DangerousRelease();
        return fd >= 0
            ? new FileDescriptor(fd)
            : throw new OsException("dup", "file descriptor", errno, "raise the limit of open files (ulimit -n)");
    }

    /// <summary>Hands the descriptor over to an owner that others know too; this object owns nothing any more.</summary>
    internal SafeFileHandle Release()
    {
        SafeFileHandle handed = new(handle, ownsHandle: true);
        SetHandleAsInvalid();
        return handed;
    }

    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
