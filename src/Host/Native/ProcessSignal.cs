using Tmds.Linux;

namespace XenDmHost.Host.Native;

/// <summary>Signals to processes that the host started.</summary>
internal static class ProcessSignal
{
    /// <summary>Asks a process to end (SIGTERM); one that is gone is no error.</summary>
    internal static void Terminate(int processId) => LibC.kill(processId, LibC.SIGTERM);
}
