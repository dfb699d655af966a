using System.Buffers.Binary;

namespace XenDmHost.Simulation.Guest.Drivers.Gpio;

/// <summary>The request queue: struct virtio_gpio_request, answered by a status byte and what was asked for.</summary>
internal sealed class GpioRequests(RequestQueue queue)
{
    private const byte StatusOk = 0;

    /// <summary>What follows the status.</summary>
    /// <exception cref="DriverFailure">The device says that the request is in error.</exception>
    internal byte[] Ask(GpioCode code, int line, uint value = 0, int answerBytes = 1) =>
        TryAsk(code, line, value, answerBytes) ?? throw new DriverFailure($"{code} of line {line} with {value} ended in an error");

    /// <summary>The same, but null for an error.</summary>
    internal byte[]? TryAsk(GpioCode code, int line, uint value = 0, int answerBytes = 1)
    {
        Span<byte> request = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(request, (ushort)code);
        BinaryPrimitives.WriteUInt16LittleEndian(request[2..], (ushort)line);
        BinaryPrimitives.WriteUInt32LittleEndian(request[4..], value);
        var answer = queue.Ask(request, 1 + answerBytes, $"{code} of line {line}");
        if (answer.Length > 0 && answer[0] != StatusOk)
        {
            return null;
        }

        return answer.Length == 1 + answerBytes
            ? answer[1..]
            : throw new DriverFailure($"{code} of line {line} was answered with {answer.Length} bytes instead of {1 + answerBytes}");
    }

    internal byte Value(int line) => Ask(GpioCode.GetValue, line)[0];

    internal GpioDirection Direction(int line) => (GpioDirection)Ask(GpioCode.GetDirection, line)[0];

    internal void SetDirection(int line, GpioDirection direction)
    {
        Ask(GpioCode.SetDirection, line, (uint)direction);
        if (Direction(line) != direction)
        {
            throw new DriverFailure($"the direction of line {line} is {Direction(line)} after it was set to {direction}");
        }
    }

    internal void SetValue(int line, byte value) => Ask(GpioCode.SetValue, line, value);
}
