using Tmds.Linux;

namespace XenDmHost.Simulation.Native;

/// <summary>The check that every system call's result goes through.</summary>
internal static class Os
{
    internal static int Check(int result, string call, string on) =>
        result >= 0 ? result : throw new OsException(call, on, LibC.errno);
}
