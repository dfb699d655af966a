namespace XenDmHost.Host.VirtioMmio;

/// <content>Registers that a former process left.</content>
internal sealed partial class RegisterFile
{
    /// <summary>Where a ring stood at its orderly stop lies above this bit, so that 0 is a place too.</summary>
    private const uint StoppedBit = 1U << 16;

    /// <summary>
    /// Goes on with the registers that are in the memory, before anybody sees the device. Whatever makes no sense in them
    /// makes the device need a reset.
    /// </summary>
    internal void Restore()
    {
        _offer = _memory.SavedOffer;
        _config = _memory.SavedConfig ?? ConfigSnapshot.Empty;
        for (int index = 0; index < QueueCount; index++)
        {
            ref QueueState queue = ref _memory.Queue(index);
            if (queue.Resetting != 0)
            {
                // Its ring ended with the connection to the back-end; what the driver waits for is done.
                queue = default;
            }
            else if (queue.Ready != 0 && !IsQueueValid(in queue, index))
            {
                State.NeedsReset = 1;
            }
        }
    }

    /// <summary>Keeps for a successor where the host itself has stopped a ring; null for one that runs, or that its driver stopped.</summary>
    internal void KeepBase(int queue, ushort? vringBase) => _memory.Queue(queue).StoppedAt = vringBase is { } at ? StoppedBit | at : 0;

    /// <summary>What was kept.</summary>
    internal ushort? KeptBase(int queue) => _memory.Queue(queue).StoppedAt is var at && (at & StoppedBit) != 0 ? (ushort)at : null;
}
