using XenDmHost.Host.VhostUser.Wire;

namespace XenDmHost.Host.VhostUser;

/// <summary>Whether the header of an answer is the one that a request defines.</summary>
internal static class AnswerCheck
{
    /// <summary>Says what is wrong with the answer, or null.</summary>
    /// <param name="wire">The 12 bytes of the header.</param>
    /// <param name="expected">The request that is outstanding.</param>
    /// <param name="size">The payload's size in bytes that the request defines.</param>
    /// <param name="otherSizes">Smaller sizes that are defined too.</param>
    /// <param name="length">The payload's size in bytes; 0 when something is wrong.</param>
    internal static string? Find(
        ReadOnlySpan<byte> wire, FrontEndRequest expected, int size, ReadOnlySpan<int> otherSizes, out int length)
    {
        WireError error = MessageHeader.TryReadReply(wire, out MessageHeader header);
        length = 0;
        string? wrong = error switch
        {
            WireError.Truncated => "the answer is shorter than a header",
            WireError.Version => $"the answer has version {header.Flags & 0x3} of the protocol instead of 1",
            WireError.Flags => $"the answer has flags 0x{header.Flags:x} instead of 0x{MessageHeader.ReplyFlags:x}",
            WireError.Oversized => $"the answer claims {header.PayloadSize} bytes of payload",
            _ when header.Request != (uint)expected => $"the answer is one to {SpecName.Of((FrontEndRequest)header.Request)}",
            _ when header.PayloadSize != size && !otherSizes.Contains((int)header.PayloadSize) =>
                $"the answer has {header.PayloadSize} bytes of payload where {size} are defined",
            _ => null,
        };
        length = wrong is null ? (int)header.PayloadSize : 0;
        return wrong;
    }
}
