namespace XenDmHost.Simulation.Guest.Transport;

/// <summary>Device-independent feature bits (virtio 1.2, 6) as masks.</summary>
internal static class VirtioFeature
{
    internal const ulong IndirectDescriptors = 1UL << 28;
    internal const ulong EventIndex = 1UL << 29;
    internal const ulong Version1 = 1UL << 32;
    internal const ulong AccessPlatform = 1UL << 33;

    /// <summary>What this guest's transport takes whenever it is offered, as Linux' vring_transport_features does.</summary>
    internal const ulong Transport = IndirectDescriptors | EventIndex | Version1 | AccessPlatform;
}
