namespace XenDmHost.Simulation.Native;

/// <summary>A system call failed: which one, on what, and the error by its name.</summary>
internal sealed class OsException(string call, string on, int errno)
    : IOException($"{call} on {on} failed: {Native.Errno.Name(errno)}")
{
    internal int Errno { get; } = errno;
}
