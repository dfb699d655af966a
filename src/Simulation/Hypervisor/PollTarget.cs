using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.Hypervisor;

/// <summary>A descriptor and what to do when it is ready.</summary>
internal sealed record PollTarget(FileDescriptor Fd, Action Ready);
