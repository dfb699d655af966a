using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Devices;

/// <summary>A device that is woken by more than its guest's kicks: by a peer, a pipe, a network.</summary>
internal interface IOutsideWorld
{
    /// <summary>What to wait on at this moment, beside the guest.</summary>
    IReadOnlyList<PollEntry> Sources { get; }

    /// <summary>One of them is ready, or was until something that was served before it.</summary>
    void Wake(FileDescriptor source, IQueues queues);
}
