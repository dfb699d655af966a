using XenDmHost.Simulation.StandIns.Protocol;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Console;

/// <summary>
/// virtio-console (virtio 1.3, 5.3) with one port, whose other end is a mirror: what the guest writes is recorded and
/// comes back to it.
/// </summary>
internal sealed class ConsoleDevice(Stream? recording) : IStandInDevice
{
    internal const int ReceiveQueue = 0, TransmitQueue = 1, ControlReceiveQueue = 2, ControlTransmitQueue = 3;
    private const int PieceSize = 4096;
    private const ulong Multiport = 1UL << 1;

    // 20 columns, 20 rows, one port; nothing is written in an emergency.
    private static readonly byte[] Shape = [20, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0];

    private readonly ConsoleInput _data = new(ReceiveQueue), _control = new(ControlReceiveQueue);

    public ulong Features => Multiport | VirtioFeature.NotifyOnEmpty;

    public int QueueCount => 4;

    public ReadOnlySpan<byte> Config => Shape;

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "emergency writes are not offered";

    public Served Serve(int queue, Chain chain, IQueues queues) => queue switch
    {
        ReceiveQueue => Keep(_data, chain, queues),
        ControlReceiveQueue => Keep(_control, chain, queues),
        TransmitQueue => Mirror(chain, queues),
        _ => Control(chain, queues),
    };

    public void Stop(int queue, IQueues queues)
    {
        if (queue == ReceiveQueue) _data.GiveBack(queues);
        if (queue == ControlReceiveQueue) _control.GiveBack(queues);
    }

    private static Served Keep(ConsoleInput input, Chain chain, IQueues queues)
    {
        if (chain.Writable.Length == 0) return Served.Broken("a buffer for input that cannot be written to");
        input.Add(chain, queues);
        return Served.Kept;
    }

    private Served Mirror(Chain chain, IQueues queues)
    {
        for (long done = 0; done < chain.Readable.Length;)
        {
            byte[] piece = chain.Readable.Piece(done, PieceSize).ToArray();
            if (piece.Length == 0) return Served.Broken("output outside the memory");
            recording?.Write(piece);
            _data.Send(piece, queues);
            done += piece.Length;
        }
        recording?.Flush();
        return Served.Done(0);
    }

    private Served Control(Chain chain, IQueues queues)
    {
        Span<byte> message = stackalloc byte[ConsoleControl.MessageSize];
        if (!chain.Readable.TryRead(0, message)) return Served.Broken("a control message of less than 8 bytes");
        if (ConsoleControl.Answer(message) is not { } answers) return Served.Broken("a control message with an unknown event");
        foreach (byte[] answer in answers) _control.Send(answer, queues);
        return Served.Done(0);
    }
}
