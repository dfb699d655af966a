using System.Text;
using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>The file-system side of a listening socket.</summary>
internal static unsafe class SocketFile
{
    /// <summary>
    /// Removes what a server that was killed left behind, as rust-vmm's listener does. Anything but a socket is left
    /// alone: a mistyped path must not cost a file.
    /// </summary>
    internal static void RemoveStale(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            stat status;
            if (LibC.lstat(name, &status) == 0 && (status.st_mode & LibC.S_IFMT) == LibC.S_IFSOCK) LibC.unlink(name);
        }
    }
}
