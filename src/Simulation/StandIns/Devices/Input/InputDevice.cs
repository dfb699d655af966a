using System.Buffers.Binary;
using System.Text;
using XenDmHost.Simulation.Native;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Input;

/// <summary>
/// virtio-input (virtio 1.3, 5.8): a keyboard whose keys are pressed by whoever writes to a pipe, and whose lights are
/// recorded.
/// </summary>
internal sealed class InputDevice(Fifo? events, Stream? recording) : IStandInDevice, IOutsideWorld
{
    internal const int EventQueue = 0, StatusQueue = 1, ConfigSize = 136;

    /// <summary>struct input_event of 64-bit Linux: seconds, microseconds, type, code, value.</summary>
    internal const int HostEventSize = 24;
    private const int TimeSize = 16, EventSize = 8, UnionOffset = 8;
    private const byte Name = 1, Serial = 2, Ids = 3, EventBits = 0x11;
    private const byte Keys = 1, Lights = 0x11;
    private const int FirstKey = 1, LastKey = 88, LastLight = 2;

    private readonly byte[] _config = new byte[ConfigSize];
    private readonly WaitingBuffers _buffers = new(EventQueue);
    private readonly List<byte> _unread = [];

    public ulong Features => 0;

    public int QueueCount => 2;

    public ReadOnlySpan<byte> Config => _config;

    /// <summary>A pipe is left alone while there is no buffer for what it holds: nothing is lost.</summary>
    public IReadOnlyList<PollEntry> Sources => events is not null && _buffers.Free > 0 ? [new PollEntry(events.Fd)] : [];

    /// <summary>Two bytes choose what the rest of the config shows; writes to the others change nothing.</summary>
    public string? WriteConfig(int offset, ReadOnlySpan<byte> data)
    {
        for (int i = 0; i < data.Length && offset + i < 2; i++) _config[offset + i] = data[i];
        byte[] shown = Show(_config[0], _config[1]);
        _config.AsSpan(2).Clear();
        _config[2] = (byte)shown.Length;
        shown.CopyTo(_config, UnionOffset);
        return null;
    }

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        if (queue == StatusQueue) return TakeStatus(chain);
        return chain.Writable.Length < EventSize ? Served.Broken("a buffer without room for an event") : _buffers.Add(chain, queues);
    }

    public void Stop(int queue, IQueues queues)
    {
        if (queue == EventQueue) _buffers.Forget();
    }

    public void Wake(FileDescriptor source, IQueues queues)
    {
        byte[] bytes = new byte[HostEventSize * Math.Max(1, _buffers.Free)];
        _unread.AddRange(bytes.AsSpan(0, events!.Read(bytes)));
        for (; _unread.Count >= HostEventSize; _unread.RemoveRange(0, HostEventSize))
        {
            // Type, code and value lie as in struct virtio_input_event; only the time is left out.
            _buffers.Send([.. _unread.GetRange(TimeSize, EventSize)], queues);
        }
    }

    private Served TakeStatus(Chain chain)
    {
        byte[] status = new byte[EventSize];
        if (!chain.Readable.TryRead(0, status)) return Served.Broken($"a status of {chain.Readable.Length} bytes");
        recording?.Write(status);
        recording?.Flush();
        return Served.Done(0);
    }

    private static byte[] Show(byte select, byte subsel) => (select, subsel) switch
    {
        (Name, 0) => Encoding.ASCII.GetBytes("xendmhost stand-in keyboard"),
        (Serial, 0) => Encoding.ASCII.GetBytes("stand-in-1"),
        (Ids, 0) => ShowIds(),
        (EventBits, Keys) => Bits(FirstKey, LastKey),
        (EventBits, Lights) => Bits(0, LastLight),
        _ => [],
    };

    /// <summary>struct virtio_input_devids: BUS_VIRTUAL, vendor, product, version.</summary>
    private static byte[] ShowIds()
    {
        byte[] ids = new byte[8];
        ushort[] numbers = [0x06, 0x1af4, 0x0012, 1];
        for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(ids.AsSpan(2 * i), numbers[i]);
        return ids;
    }

    private static byte[] Bits(int first, int last)
    {
        byte[] bits = new byte[(last / 8) + 1];
        for (int i = first; i <= last; i++) bits[i / 8] |= (byte)(1 << (i % 8));
        return bits;
    }
}
