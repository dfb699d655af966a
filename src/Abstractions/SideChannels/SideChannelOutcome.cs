namespace XenDmHost.Abstractions;

/// <summary>What a plugin makes of a message on a side channel.</summary>
public readonly struct SideChannelOutcome
{
    private SideChannelOutcome(bool hasReply, uint flags, ReadOnlyMemory<byte> payload, string? fault)
    {
        HasReply = hasReply;
        Flags = flags;
        Payload = payload;
        Fault = fault;
    }

    /// <summary>The message has no answer.</summary>
    public static SideChannelOutcome Done => default;

    /// <summary>Whether something is answered.</summary>
    public bool HasReply { get; }

    /// <summary>The flags of the answer.</summary>
    public uint Flags { get; }

    /// <summary>The payload of the answer.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>What the back-end did wrong; null when the message was in order.</summary>
    public string? Fault { get; }

    /// <summary>An answer under the number of the request.</summary>
    /// <param name="flags">Its flags, as the protocol defines them for answers.</param>
    /// <param name="payload">Its payload; may be empty.</param>
    public static SideChannelOutcome Reply(uint flags, ReadOnlyMemory<byte> payload) => new(hasReply: true, flags, payload, fault: null);

    /// <summary>
    /// The back-end broke the protocol: the socket is closed, and the device needs a reset by its guest. Whoever waits for
    /// an answer sees the end of the socket.
    /// </summary>
    /// <param name="what">What came and what would be right, in words for the operator.</param>
    public static SideChannelOutcome Violation(string what) => new(hasReply: false, 0, default, what);
}
