using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Rings;

/// <summary>What the front-end has said about one ring.</summary>
internal sealed class Vring(int index, ushort maximumSize) : IDisposable
{
    private readonly ushort _maximumSize = maximumSize;

    internal int Index { get; } = index;

    /// <summary>Number of descriptors. Starts at the maximum, as rust-vmm's does.</summary>
    internal ushort Size { get; private set; } = maximumSize;

    internal ulong Descriptors { get; set; }

    internal ulong Available { get; set; }

    internal ulong Used { get; set; }

    internal ushort NextAvailable { get; set; }

    internal ushort NextUsed { get; set; }

    /// <summary>Requests that the device holds: it has taken them, and the driver does not have them back.</summary>
    internal ushort Held { get; set; }

    internal bool EventIdx { get; set; }

    internal bool Enabled { get; set; }

    /// <summary>Started: a kick descriptor came since the last GET_VRING_BASE.</summary>
    internal bool Started { get; private set; }

    /// <summary>The guest wrote something impossible; nothing is taken from the ring until it is set up again.</summary>
    internal bool Broken { get; set; }

    /// <summary>False until the driver was notified once since the start: EVENT_IDX needs an older index to compare with.</summary>
    internal bool NotifiedOnce { get; set; }

    /// <summary>Where the requests in flight are noted; null when the front-end gave no buffer.</summary>
    internal InflightQueue? Inflight { get; set; }

    /// <summary>Whether what an earlier back-end left unfinished was taken up since the start.</summary>
    internal bool TookUp { get; set; }

    internal EventFd? Kick { get; private set; }

    internal EventFd? Call { get; private set; }

    internal EventFd? Err { get; private set; }

    /// <summary>A kick is taken whether the ring is enabled or not; one that comes too early is forgotten, as by rust-vmm.</summary>
    internal bool TakesKicks => Started && !Broken && Kick is not null;

    internal bool Runs => TakesKicks && Enabled;

    /// <summary>A size that is no power of two is accepted and leaves the ring as it was (virtio-queue logs it and goes on).</summary>
    internal void TrySetSize(ushort size)
    {
        if (ushort.IsPow2(size) && size <= _maximumSize) Size = size;
    }

    internal void SetKick(EventFd? kick)
    {
        Kick?.Dispose();
        Kick = kick;
        StartIfKickable();
    }

    internal void SetCall(EventFd? call)
    {
        Call?.Dispose();
        Call = call;
        StartIfKickable();
    }

    internal void SetErr(EventFd? err)
    {
        Err?.Dispose();
        Err = err;
    }

    /// <summary>
    /// GET_VRING_BASE: stops the ring and drops kick and call. The index to go on from is that of the oldest request that the
    /// device forgot: the originals take a buffer for an event only when there is one.
    /// </summary>
    internal void Stop()
    {
        NextAvailable -= Held;
        Held = 0;
        Started = false;
        Broken = false;
        SetKick(null);
        SetCall(null);
    }

    public void Dispose()
    {
        Stop();
        SetErr(null);
    }

    private void StartIfKickable()
    {
        if (Started || Kick is null) return;
        Started = true;
        NotifiedOnce = false;
        TookUp = false;
    }
}
