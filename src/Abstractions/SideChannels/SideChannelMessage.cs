namespace XenDmHost.Abstractions;

/// <summary>One message of a back-end on a side channel: complete, and within the limits of the <see cref="SideChannelNeed"/>.</summary>
public readonly ref struct SideChannelMessage
{
    /// <summary>Makes a message, as tests of a plugin do.</summary>
    /// <param name="request">The request's number.</param>
    /// <param name="flags">The flags as they came.</param>
    /// <param name="payload">What followed the header.</param>
    /// <param name="descriptors">What came along.</param>
    public SideChannelMessage(uint request, uint flags, ReadOnlySpan<byte> payload, SideChannelDescriptors descriptors)
    {
        Request = request;
        Flags = flags;
        Payload = payload;
        Descriptors = descriptors;
    }

    /// <summary>The request's number; anything that the back-end likes.</summary>
    public uint Request { get; }

    /// <summary>The flags; anything that the back-end likes.</summary>
    public uint Flags { get; }

    /// <summary>The payload, in host byte order where the protocol says so.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The file descriptors that came with the message. Those that are not taken are closed afterwards.</summary>
    public SideChannelDescriptors Descriptors { get; }
}
