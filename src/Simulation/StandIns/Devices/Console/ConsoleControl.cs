using System.Buffers.Binary;
using System.Text;

namespace XenDmHost.Simulation.StandIns.Devices.Console;

/// <summary>The conversation about ports (virtio 1.3, 5.3.6.2): one port with the name that vhost-device-console gives its own.</summary>
internal static class ConsoleControl
{
    internal const int MessageSize = 8;
    private const ushort DeviceReady = 0, PortAdd = 1, PortReady = 3, ConsolePort = 4, PortOpen = 6, PortName = 7;

    /// <summary>The answers to a message of the driver's; null when its event means nothing.</summary>
    internal static byte[][]? Answer(ReadOnlySpan<byte> message)
    {
        ushort code = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]);
        bool good = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]) == 1;
        return code switch
        {
            DeviceReady => good ? [Message(PortAdd)] : [],
            PortReady => good ? [Message(ConsolePort), [.. Message(PortName), .. Encoding.ASCII.GetBytes("org.test.foo!")], Message(PortOpen)] : [],
            PortOpen => [],
            _ => null,
        };
    }

    /// <summary>struct virtio_console_control for port 0, with a value of 1.</summary>
    private static byte[] Message(ushort code) => [0, 0, 0, 0, .. BitConverter.GetBytes(code), 1, 0];
}
