using System.Buffers.Binary;

namespace XenDmHost.Simulation.Store;

/// <summary>Header: type, request id, transaction id, payload length, four bytes each, least significant first.</summary>
internal static class StoreWire
{
    internal const int HeaderSize = 16;
    internal const int MaxPayload = 4096;

    internal static byte[] Encode(StoreOperation operation, uint id, uint transaction, ReadOnlySpan<byte> payload)
    {
        byte[] message = new byte[HeaderSize + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)operation);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), id);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), transaction);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(12), (uint)payload.Length);
        payload.CopyTo(message.AsSpan(HeaderSize));
        return message;
    }

    /// <summary>
    /// Takes one request from the front of <paramref name="bytes"/>. False with 0 consumed: more bytes are needed;
    /// false with -1: the length breaks the protocol, and the connection with it.
    /// </summary>
    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out StoreRequest request, out int consumed)
    {
        request = default;
        consumed = 0;
        if (bytes.Length < HeaderSize) return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        if (length > MaxPayload) consumed = -1;
        if (length > MaxPayload || bytes.Length < HeaderSize + length) return false;
        consumed = HeaderSize + (int)length;
        request = new StoreRequest(
            (StoreOperation)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            bytes[HeaderSize..consumed].ToArray());
        return true;
    }
}
