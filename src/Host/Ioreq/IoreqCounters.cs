namespace XenDmHost.Host.Ioreq;

/// <summary>What the thread that answers ioreqs has seen; written by it alone.</summary>
internal sealed class IoreqCounters
{
    internal long Reads;
    internal long Writes;
    internal long Held;
    internal long Invalidates;

    /// <summary>Requests that no device serves or that mean nothing to us: completed all the same.</summary>
    internal long Others;

    /// <summary>Kicks that were the kernel's and that it never saw.</summary>
    internal long TakenFromKernel;

    /// <summary>Requests during which our own code failed: completed all the same.</summary>
    internal long Faults;
}
