using System.Runtime.InteropServices;
using XenDmHost.Simulation.Native;

namespace XenDmHost.Simulation.StandIns.Protocol;

/// <summary>
/// Takes one message off the socket the way rust-vmm does: the header with its descriptors in one call, the payload in
/// one further call without ancillary data. A payload that comes in pieces is refused, as it is there.
/// </summary>
internal static class MessageReader
{
    /// <summary>Null when there is nothing more to serve: <paramref name="refusal"/> is then null if the client left.</summary>
    internal static VhostUserMessage? Read(UnixSocket socket, out string? refusal)
    {
        Span<byte> header = stackalloc byte[VhostUserMessage.HeaderSize];
        List<FileDescriptor> fds = [];
        SocketRead read = socket.Receive(header, fds);
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(header);
        refusal = read.Bytes == 0 ? null : CheckHeader(read, words, fds.Count);
        byte[] payload = refusal is null && read.Bytes > 0 ? new byte[words[2]] : [];
        if (refusal is null && payload.Length > 0) refusal = ReadPayload(socket, payload);
        if (refusal is null && read.Bytes > 0) return new(words[0], words[1], payload, fds);
        fds.ForEach(fd => fd.Dispose());
        return null;
    }

    private static string? CheckHeader(SocketRead read, ReadOnlySpan<uint> words, int fds)
    {
        if (read.Bytes < VhostUserMessage.HeaderSize) return $"a header of {read.Bytes} bytes instead of 12";
        if (read.ControlTruncated || fds > VhostUserMessage.MaximumDescriptors) return $"{fds} descriptors, 32 are the most";
        if ((words[1] & 0x3) != VhostUserMessage.Version) return $"flags 0x{words[1]:x}: not version 1";
        if ((words[1] & ~0xfu) != 0) return $"flags 0x{words[1]:x}: reserved bits are set";
        return words[2] <= VhostUserMessage.MaximumPayload ? null : $"a payload of {words[2]} bytes, 4096 are the most";
    }

    private static string? ReadPayload(UnixSocket socket, byte[] payload)
    {
        List<FileDescriptor> none = [];
        SocketRead read = socket.Receive(payload, none);
        none.ForEach(fd => fd.Dispose());
        return read.Bytes == payload.Length ? null : $"{read.Bytes} bytes of payload instead of {payload.Length}";
    }
}
