namespace XenDmHost.Simulation.Native;

/// <summary>One descriptor to wait on, and afterwards what came.</summary>
internal struct PollEntry(FileDescriptor fd, PollEvents wanted = PollEvents.Readable)
{
    internal FileDescriptor Fd { get; } = fd;

    internal PollEvents Wanted { get; } = wanted;

    /// <summary>Set by the wait. Error, HangUp and Invalid come unasked.</summary>
    internal PollEvents Ready { get; set; }
}
