using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Simulation.Guest.Drivers.Scmi;

/// <summary>The command queue: a header of 4 bytes and parameters, answered by the same header, a status and values.</summary>
internal sealed class ScmiCommands(RequestQueue queue)
{
    private const int PrefixBytes = 8;
    private const int MostValueBytes = 120;
    private const int NotSupported = -1;

    private uint _token;

    /// <summary>The values of a message that must succeed, at least as many bytes as are said.</summary>
    internal byte[] Ask(ScmiMessage message, int atLeast, params ReadOnlySpan<uint> parameters) =>
        TryAsk(message, atLeast, parameters) ?? throw new DriverFailure($"{message} is not supported");

    /// <summary>The same, but null where the device says NOT_SUPPORTED.</summary>
    internal byte[]? TryAsk(ScmiMessage message, int atLeast, params ReadOnlySpan<uint> parameters)
    {
        var header = ((uint)message & 0xff) | ((uint)message >> 8 << 10) | (++_token << 18);
        Span<byte> request = stackalloc byte[4 + (4 * parameters.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(request, header);
        for (var i = 0; i < parameters.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(request[(4 + (4 * i))..], parameters[i]);
        }

        var answer = queue.Ask(request, PrefixBytes + MostValueBytes, $"{message}");
        if (answer.Length < PrefixBytes || BinaryPrimitives.ReadUInt32LittleEndian(answer) != header)
        {
            throw new DriverFailure($"{message} was answered with {answer.Length} bytes, or under another header");
        }

        return BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(4)) switch
        {
            0 when answer.Length >= PrefixBytes + atLeast => answer[PrefixBytes..],
            0 => throw new DriverFailure($"{message} was answered with {answer.Length - PrefixBytes} bytes of values instead of {atLeast}"),
            NotSupported => null,
            var status => throw new DriverFailure($"{message} ended with status {status}"),
        };
    }

    internal uint Number(ScmiMessage message) => BinaryPrimitives.ReadUInt32LittleEndian(Ask(message, 4));

    /// <summary>A name of 16 bytes, ended by a zero.</summary>
    internal static string Name(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(bytes[..end]) : throw new DriverFailure("a name without an end");
    }
}
