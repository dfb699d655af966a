using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Faults;

/// <summary>What a hostile back-end can do to the eventfds that it was lent: they are one open file with the host's.</summary>
internal static class Poison
{
    /// <summary>
    /// Brings the counter to its maximum, whatever it holds now: each power of two is added once if it still fits.
    /// </summary>
    internal static void Fill(EventFd counter, bool blockingAfterwards)
    {
        counter.Fd.SetNonBlocking(true);
        for (int bit = 63; bit >= 0; bit--) counter.TryAdd(1UL << bit);
        if (blockingAfterwards) counter.Fd.SetNonBlocking(false);
    }

    /// <summary>Makes the counter readable for an instant only, so that whoever reads it after waiting for it hangs.</summary>
    internal static void SignalAndDrain(EventFd counter)
    {
        counter.Fd.SetNonBlocking(false);
        counter.TrySignalNow();
        counter.TryRead(out _);
    }
}
