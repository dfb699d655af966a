using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>An answer and the descriptor that goes with it. The descriptor is closed after sending when it was made for this answer alone.</summary>
internal readonly record struct HypercallResult(HypercallAnswer Answer, FileDescriptor? Fd = null, bool CloseAfterSending = false)
{
    internal static HypercallResult Ok(ulong v0 = 0, ulong v1 = 0, ulong v2 = 0) => new(HypercallAnswer.Ok(v0, v1, v2));

    internal static HypercallResult Failed(int errno) => new(HypercallAnswer.Failed(errno));

    /// <summary>0 is success, anything else an errno.</summary>
    internal static HypercallResult Of(int errno) => new(HypercallAnswer.Failed(errno));
}
