using System.Runtime.InteropServices;

namespace XenDmHost.Host.VhostUser.Wire;

/// <summary>The 12 bytes in front of every vhost-user message, in host byte order (vhost-user.rst, "Header").</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct MessageHeader
{
    internal const int Size = 12;

    /// <summary>The largest payload in bytes that common back-ends take; no message that the host uses comes near it.</summary>
    internal const int MaxPayload = 4096;

    /// <summary>Version 1 of the protocol, the flags of a request.</summary>
    internal const uint RequestFlags = 0x1;

    /// <summary>Asks for an acknowledgement; legal once REPLY_ACK was acknowledged.</summary>
    internal const uint NeedReply = 0x8;

    /// <summary>The flags of every reply: version 1 and the reply bit, nothing else.</summary>
    internal const uint ReplyFlags = 0x5;

    internal uint Request;
    internal uint Flags;
    internal uint PayloadSize;

    /// <summary>Reads and checks the header of a reply; never throws on what a peer sent.</summary>
    internal static WireError TryReadReply(ReadOnlySpan<byte> wire, out MessageHeader header)
    {
        header = default;
        if (wire.Length < Size)
        {
            return WireError.Truncated;
        }

        header = MemoryMarshal.Read<MessageHeader>(wire);
        if ((header.Flags & 0x3) != 1)
        {
            return WireError.Version;
        }

        if (header.Flags != ReplyFlags)
        {
            return WireError.Flags;
        }

        return header.PayloadSize > MaxPayload ? WireError.Oversized : WireError.None;
    }

    /// <summary>Reads and checks the header of a request of the back-end; never throws on what a peer sent.</summary>
    internal static WireError TryReadRequest(ReadOnlySpan<byte> wire, out MessageHeader header)
    {
        header = default;
        if (wire.Length < Size)
        {
            return WireError.Truncated;
        }

        header = MemoryMarshal.Read<MessageHeader>(wire);
        if ((header.Flags & 0x3) != 1)
        {
            return WireError.Version;
        }

        if ((header.Flags & ~NeedReply) != RequestFlags)
        {
            return WireError.Flags;
        }

        return header.PayloadSize > MaxPayload ? WireError.Oversized : WireError.None;
    }

    internal readonly void Write(Span<byte> wire) => MemoryMarshal.Write(wire, in this);
}
