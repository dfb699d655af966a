using System.Runtime.InteropServices;

namespace XenDmHost.Host.XenStore;

/// <summary>The 16 bytes in front of every message, in host byte order (<c>struct xsd_sockmsg</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageHeader
{
    internal const int Size = 16;

    internal XenStoreOperation Operation;

    /// <summary>Chosen by the client, repeated in the answer. In a WATCH_EVENT from /dev/xen/xenbus it is garbage.</summary>
    internal uint RequestId;

    internal uint TransactionId;
    internal uint PayloadLength;

    /// <summary>Reads and checks a header; never throws on the store's data.</summary>
    internal static WireStatus TryRead(ReadOnlySpan<byte> wire, out MessageHeader header)
    {
        header = default;
        if (wire.Length < Size) return WireStatus.Incomplete;
        header = MemoryMarshal.Read<MessageHeader>(wire);
        return header.PayloadLength > XenStoreLimits.MaxPayload ? WireStatus.Oversized : WireStatus.Complete;
    }

    internal readonly void Write(Span<byte> wire) => MemoryMarshal.Write(wire, in this);
}
