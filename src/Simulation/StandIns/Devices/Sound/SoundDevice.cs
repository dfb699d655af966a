using System.Buffers.Binary;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Sound;

/// <summary>virtio-sound (virtio 1.3, 5.14). What is played is written to a recording; what is recorded is silence.</summary>
internal sealed class SoundDevice : IStandInDevice
{
    internal const int ControlQueue = 0, EventQueue = 1, TransmitQueue = 2, ReceiveQueue = 3, ConfigSize = 12;
    private const int TransferHeaderSize = 4, StatusSize = 8, PieceSize = 1 << 16;

    private readonly byte[] _config = new byte[ConfigSize];
    private readonly PcmStream[] _streams;
    private readonly SoundControl _control;
    private readonly Stream? _recording;

    internal SoundDevice(SoundShape shape, Stream? recording)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_config, (uint)shape.Jacks);
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(4), (uint)shape.Streams);
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(8), (uint)shape.Chmaps);
        _streams = [.. Enumerable.Range(0, shape.Streams).Select(i => new PcmStream(output: i % 2 == 0))];
        _control = new(shape, _streams);
        _recording = recording;
    }

    public ulong Features => 0;

    public int QueueCount => 4;

    public ReadOnlySpan<byte> Config => _config;

    public string? WriteConfig(int offset, ReadOnlySpan<byte> data) => "the sound device's config is read-only";

    public Served Serve(int queue, Chain chain, IQueues queues) => queue switch
    {
        ControlQueue => Control(chain, queues),
        // There is nothing to report: the driver's buffers wait for ever, as with most real devices.
        EventQueue => Served.Kept,
        _ => Transfer(queue, chain),
    };

    public void Stop(int queue, IQueues queues)
    {
        if (queue is not (TransmitQueue or ReceiveQueue)) return;
        foreach (PcmStream stream in _streams.Where(s => s.IsOutput == (queue == TransmitQueue))) GiveBack(stream, queues);
    }

    private Served Control(Chain chain, IQueues queues)
    {
        if (chain.Writable.Length < SoundControl.HeaderSize) return Served.Broken("a sound request without room for its status");
        byte[] answer = _control.Answer(chain, out SoundRequest code, out int stream);
        bool ok = BinaryPrimitives.ReadUInt32LittleEndian(answer) == (uint)SoundStatus.Ok;
        if (ok && code == SoundRequest.PcmStart) RunWaiting(_streams[stream], queues);
        if (ok && code == SoundRequest.PcmRelease) GiveBack(_streams[stream], queues);
        return chain.Writable.TryWrite(0, answer)
            ? Served.Done((uint)answer.Length)
            : Served.Broken("a sound request's answer outside the memory");
    }

    /// <summary>A period of PCM. It waits while its stream is prepared or stopped, and is moved at once while it runs.</summary>
    private Served Transfer(int queue, Chain chain)
    {
        if (chain.Writable.Length < StatusSize) return Served.Broken("a PCM buffer without room for its status");
        PcmStream? stream = FindStream(queue, chain);
        if (stream is null) return Finish(chain, chain.Writable.Length - StatusSize, SoundStatus.BadMessage);
        if (stream.State is PcmState.Prepared or PcmState.Stopped)
        {
            stream.Waiting.Enqueue(chain);
            return Served.Kept;
        }
        return stream.State == PcmState.Running
            ? Move(stream, chain)
            : Finish(chain, chain.Writable.Length - StatusSize, SoundStatus.IoError);
    }

    private PcmStream? FindStream(int queue, Chain chain)
    {
        Span<byte> header = stackalloc byte[TransferHeaderSize];
        if (!chain.Readable.TryRead(0, header)) return null;
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(header);
        return id < _streams.Length && _streams[id].IsOutput == (queue == TransmitQueue) ? _streams[id] : null;
    }

    private void RunWaiting(PcmStream stream, IQueues queues)
    {
        while (stream.Waiting.TryDequeue(out Chain? chain)) queues.Complete(QueueOf(stream), chain, Move(stream, chain).Written);
    }

    private static void GiveBack(PcmStream stream, IQueues queues)
    {
        while (stream.Waiting.TryDequeue(out Chain? chain))
        {
            Served served = Finish(chain, chain.Writable.Length - StatusSize, SoundStatus.IoError);
            queues.Complete(QueueOf(stream), chain, served.Written);
        }
    }

    private static int QueueOf(PcmStream stream) => stream.IsOutput ? TransmitQueue : ReceiveQueue;

    private Served Move(PcmStream stream, Chain chain)
    {
        bool moved = stream.IsOutput ? Record(chain.Readable) : Silence(chain.Writable);
        return Finish(chain, chain.Writable.Length - StatusSize, moved ? SoundStatus.Ok : SoundStatus.IoError);
    }

    private bool Record(GuestBuffers buffers)
    {
        for (long done = TransferHeaderSize; done < buffers.Length;)
        {
            Span<byte> piece = buffers.Piece(done, PieceSize);
            if (piece.IsEmpty) return false;
            _recording?.Write(piece);
            done += piece.Length;
        }
        _recording?.Flush();
        return true;
    }

    private static bool Silence(GuestBuffers buffers)
    {
        for (long done = 0; done < buffers.Length - StatusSize;)
        {
            Span<byte> piece = buffers.Piece(done, (int)Math.Min(PieceSize, buffers.Length - StatusSize - done));
            if (piece.IsEmpty) return false;
            piece.Clear();
            done += piece.Length;
        }
        return true;
    }

    /// <summary>struct virtio_snd_pcm_status behind the data: the status, and a latency of nothing.</summary>
    private static Served Finish(Chain chain, long data, SoundStatus status)
    {
        byte[] answer = new byte[StatusSize];
        BinaryPrimitives.WriteUInt32LittleEndian(answer, (uint)status);
        if (!chain.Writable.TryWrite(data, answer)) return Served.Broken("a PCM buffer's status outside the memory");
        long written = status == SoundStatus.Ok ? data + StatusSize : StatusSize;
        return Served.Done((uint)written);
    }
}
