namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>Feature bits of every device (virtio 1.3, 6) and the one that vhost-user adds, as masks.</summary>
internal static class VirtioFeature
{
    internal const ulong NotifyOnEmpty = 1UL << 24, IndirectDesc = 1UL << 28, EventIdx = 1UL << 29, ProtocolFeatures = 1UL << 30, Version1 = 1UL << 32;
}
