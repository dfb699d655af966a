namespace XenDmHost.Simulation.Guest.Virtqueues;

/// <summary>The arithmetic of VIRTIO_F_EVENT_IDX, modulo 2^16 (virtio 1.2, 2.7.10).</summary>
internal static class EventIndex
{
    /// <summary>Whether moving an index from <paramref name="before"/> to <paramref name="after"/> passes what the other side waits for.</summary>
    internal static bool MustNotify(ushort awaited, ushort after, ushort before) =>
        (ushort)(after - awaited - 1) < (ushort)(after - before);
}
