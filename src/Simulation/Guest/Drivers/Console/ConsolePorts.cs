using System.Buffers.Binary;
using System.Text;
using XenDmHost.Simulation.Guest.Virtqueues;

namespace XenDmHost.Simulation.Guest.Drivers.Console;

/// <summary>The conversation about ports that a device with VIRTIO_CONSOLE_F_MULTIPORT wants (virtio 1.2, 5.3.6.2).</summary>
internal sealed class ConsolePorts(DeviceMemory memory, SplitVirtqueue receive, SplitVirtqueue transmit)
{
    private const int MessageBytes = 8;
    private const int LongestMessage = 128;

    private readonly ConsoleReceiver _messages = new(memory, receive, buffers: 16, LongestMessage);

    /// <summary>Announces the driver, waits for port 0, opens it, and gives its name.</summary>
    internal string Open()
    {
        Send(ConsoleEvent.DeviceReady);
        Expect(ConsoleEvent.DeviceAdd);
        Send(ConsoleEvent.PortReady);
        var name = "";
        for (var code = Receive(out var text); code != ConsoleEvent.PortOpen; code = Receive(out text))
        {
            name = code == ConsoleEvent.PortName ? text : name;
        }

        Send(ConsoleEvent.PortOpen);
        return name;
    }

    private void Expect(ConsoleEvent expected)
    {
        var code = Receive(out _);
        if (code != expected)
        {
            throw new DriverFailure($"the console says {code} where {expected} is due");
        }
    }

    private ConsoleEvent Receive(out string text)
    {
        var message = _messages.Receive("a control message of the console");
        if (message.Length < MessageBytes || BinaryPrimitives.ReadUInt32LittleEndian(message) != 0)
        {
            throw new DriverFailure($"a control message of {message.Length} bytes, or about a port that is not there");
        }

        text = Encoding.UTF8.GetString(message.AsSpan(MessageBytes)).TrimEnd('\0');
        return (ConsoleEvent)BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(4));
    }

    /// <summary>About port 0, with a value of 1.</summary>
    private void Send(ConsoleEvent code)
    {
        var buffer = memory.Allocate(MessageBytes);
        buffer.Span.Clear();
        buffer.WriteU16(4, (ushort)code);
        buffer.WriteU16(6, 1);
        var request = new VirtqueueRequest(BufferSegment.ForDeviceToRead(buffer.Address, MessageBytes));
        transmit.Submit(request, DriverContext.RequestLimit);
        request.Wait(DriverContext.RequestLimit, $"the control message {code}");
        buffer.Dispose();
    }
}
