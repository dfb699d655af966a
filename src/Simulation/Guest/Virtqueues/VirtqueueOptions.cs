namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>What was negotiated of the ring's features.</summary>
internal readonly record struct VirtqueueOptions(bool IndirectDescriptors, bool EventIndex);
