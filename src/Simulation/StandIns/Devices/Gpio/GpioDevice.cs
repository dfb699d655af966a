using System.Buffers.Binary;
using System.Text;
using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Gpio;

/// <summary>
/// virtio-gpio (virtio 1.3, 5.18) with the names and rules of vhost-device-gpio's mock lines. A wire goes from each even
/// line to the odd one behind it, so that a driver can make an edge and meet its interrupt.
/// </summary>
internal sealed class GpioDevice : IStandInDevice
{
    internal const int RequestQueue = 0, EventQueue = 1;
    private const int RequestSize = 8, EventSize = 2;
    private const ulong Irq = 1UL << 0;
    private const byte Ok = 0, Error = 1, Invalid = 0, Valid = 1;

    private readonly GpioLine[] _lines;
    private readonly byte[] _names;
    private readonly byte[] _config = new byte[8];

    internal GpioDevice(int lines)
    {
        _lines = [.. Enumerable.Range(0, lines).Select(_ => new GpioLine())];
        _names = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(i => $"dummy{i}\0")));
        BinaryPrimitives.WriteUInt16LittleEndian(_config, (ushort)lines);
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(4), (uint)_names.Length);
    }

    public ulong Features => Irq | VirtioFeature.NotifyOnEmpty;

    public int QueueCount => 2;

    public ReadOnlySpan<byte> Config => _config;

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the GPIO device's config is read-only";

    public Served Serve(int queue, Chain chain, IQueues queues) => queue == RequestQueue ? Request(chain, queues) : Arm(chain);

    public void Stop(int queue, IQueues queues)
    {
        if (queue != EventQueue) return;
        foreach (GpioLine line in _lines) GiveBack(line, Invalid, queues);
    }

    /// <summary>Two buffers: the request, and room for exactly the answer; other room gets an error.</summary>
    private Served Request(Chain chain, IQueues queues)
    {
        Span<byte> request = stackalloc byte[RequestSize];
        if (chain.Readable.Length != RequestSize || chain.Writable.Length < 2 || !chain.Readable.TryRead(0, request))
        {
            return Served.Broken("a GPIO request that is not 8 bytes and room for an answer");
        }
        byte[]? value = Answer(
            (GpioMessage)BinaryPrimitives.ReadUInt16LittleEndian(request), BinaryPrimitives.ReadUInt16LittleEndian(request[2..]),
            BinaryPrimitives.ReadUInt32LittleEndian(request[4..]), queues);
        byte[] answer = value is not null && value.Length == chain.Writable.Length - 1 ? [Ok, .. value] : [Error, 0];
        return chain.Writable.TryWrite(0, answer) ? Served.Done((uint)answer.Length) : Served.Broken("a GPIO answer outside the memory");
    }

    private byte[]? Answer(GpioMessage message, ushort number, uint value, IQueues queues)
    {
        if (message == GpioMessage.GetLineNames) return _names;
        if (number >= _lines.Length) return null;
        GpioLine line = _lines[number];
        return message switch
        {
            GpioMessage.GetDirection => [line.Direction],
            GpioMessage.SetDirection => line.TrySetDirection(value) ? [0] : null,
            GpioMessage.GetValue => line.Value is { } level ? [level] : null,
            GpioMessage.SetValue => SetValue(number, value, queues) ? [0] : null,
            GpioMessage.IrqType => SetIrqType(line, value, queues) ? [0] : null,
            _ => null,
        };
    }

    private bool SetValue(int number, uint value, IQueues queues)
    {
        if (value > 1) return false;
        _lines[number].SetValue((byte)value);
        bool isWired = number % 2 == 0 && number + 1 < _lines.Length && _lines[number].Direction == GpioLine.Out;
        if (isWired && _lines[number + 1].SetValue((byte)value)) Interrupt(_lines[number + 1], queues);
        return true;
    }

    private static bool SetIrqType(GpioLine line, uint type, IQueues queues)
    {
        if (!line.TrySetIrqType(type)) return false;
        if (type == 0) GiveBack(line, Invalid, queues);
        return true;
    }

    /// <summary>A buffer of the event queue: the line's number, and room for one byte.</summary>
    private Served Arm(Chain chain)
    {
        Span<byte> request = stackalloc byte[EventSize];
        if (chain.Readable.Length != EventSize || chain.Writable.Length != 1 || !chain.Readable.TryRead(0, request))
        {
            return Served.Broken("a GPIO event buffer that is not 2 bytes and room for one");
        }
        ushort number = BinaryPrimitives.ReadUInt16LittleEndian(request);
        GpioLine? line = number < _lines.Length && _lines[number] is { IrqType: not 0, Armed: null } armable ? armable : null;
        if (line is { Pending: false })
        {
            line.Armed = chain;
            return Served.Kept;
        }
        byte status = line is null ? Invalid : Valid;
        if (line is not null) line.Pending = false;
        return chain.Writable.TryWrite(0, [status]) ? Served.Done(1) : Served.Broken("a GPIO event outside the memory");
    }

    private static void Interrupt(GpioLine line, IQueues queues)
    {
        line.Pending = line.Armed is null;
        GiveBack(line, Valid, queues);
    }

    private static void GiveBack(GpioLine line, byte status, IQueues queues)
    {
        if (line.Armed is not { } chain) return;
        line.Armed = null;
        queues.Complete(EventQueue, chain, chain.Writable.TryWrite(0, [status]) ? 1u : 0u);
    }
}
