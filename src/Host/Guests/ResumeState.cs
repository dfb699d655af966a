using XenDmHost.Host.VhostUser;
using XenDmHost.Host.VirtioMmio;

namespace XenDmHost.Host.Guests;

/// <summary>
/// What is kept of a device's rings when its back-end goes, so that the next one goes on where it stopped. Gone with the
/// guest's reset of the device.
/// </summary>
/// <param name="registers">The device's registers, which keep where rings stopped for the next host too.</param>
/// <param name="largestQueue">The entries of the largest queue.</param>
internal sealed class ResumeState(RegisterFile registers, int largestQueue) : IDisposable
{
    internal ushort QueueCount { get; } = (ushort)registers.QueueCount;

    internal ushort LargestQueue { get; } = (ushort)largestQueue;

    /// <summary>Owned; null until a back-end with INFLIGHT_SHMFD gave one.</summary>
    internal InflightBuffer? Inflight { get; set; }

    /// <summary>The host has stopped a ring in an orderly way.</summary>
    /// <param name="queue">The ring.</param>
    /// <param name="vringBase">What GET_VRING_BASE answered.</param>
    internal void Stopped(int queue, uint vringBase) => registers.KeepBase(queue, (ushort)vringBase);

    /// <summary>A ring runs, or its driver has stopped it: where it stood before counts no more.</summary>
    internal void Forget(int queue) => registers.KeepBase(queue, null);

    /// <summary>The driver resets the device: all of it is over.</summary>
    internal void ForgetAll()
    {
        for (int queue = 0; queue < QueueCount; queue++)
        {
            Forget(queue);
        }

        ForgetInflight();
    }

    /// <summary>The buffer ends with the process; where rings stopped stays for a successor.</summary>
    public void Dispose() => ForgetInflight();

    private void ForgetInflight()
    {
        Inflight?.Dispose();
        Inflight = null;
    }

    /// <summary>
    /// Where a ring goes on. What a back-end said at an orderly stop counts if it can be true: it has taken all that it gave
    /// back, and no more than fits into the ring beyond that.
    /// </summary>
    /// <param name="queue">The ring.</param>
    /// <param name="usedIndex">The index in the used ring.</param>
    /// <param name="size">The ring's entries.</param>
    internal ushort BaseOf(int queue, ushort usedIndex, uint size) =>
        registers.KeptBase(queue) is { } stoppedAt && (ushort)(stoppedAt - usedIndex) <= size ? stoppedAt : usedIndex;
}
