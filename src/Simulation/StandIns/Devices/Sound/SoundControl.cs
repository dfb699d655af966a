using System.Buffers.Binary;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Sound;

/// <summary>The control queue: information about jacks, streams and channel maps, and the streams' life cycle.</summary>
internal sealed class SoundControl(SoundShape shape, IReadOnlyList<PcmStream> streams)
{
    internal const int HeaderSize = 4;
    private const int LongestRequest = 64, LargestItem = 4096, QuerySize = 16, JackInfoSize = 24, ChmapInfoSize = 24, StreamHeaderSize = 8;
    private const byte FrontLeft = 3, FrontRight = 4;

    /// <summary>The answer: a status, and behind it what was asked for.</summary>
    internal byte[] Answer(Chain chain, out SoundRequest code, out int stream)
    {
        byte[] request = new byte[Math.Min(chain.Readable.Length, LongestRequest)];
        (code, stream) = (default, -1);
        if (!chain.Readable.TryRead(0, request) || request.Length < HeaderSize) return Status(SoundStatus.BadMessage);
        code = (SoundRequest)BinaryPrimitives.ReadUInt32LittleEndian(request);
        switch (code)
        {
            case SoundRequest.JackInfo: return Info(request, shape.Jacks, JackInfoSize, chain, WriteJack);
            case SoundRequest.PcmInfo: return Info(request, shape.Streams, PcmStream.InfoSize, chain, WriteStream);
            case SoundRequest.ChmapInfo: return Info(request, shape.Chmaps, ChmapInfoSize, chain, WriteChmap);
            case SoundRequest.PcmSetParams or SoundRequest.PcmPrepare or SoundRequest.PcmRelease
                or SoundRequest.PcmStart or SoundRequest.PcmStop:
                return Status(Change(code, request, out stream));
            default: return Status(SoundStatus.NotSupported);
        }
    }

    private static byte[] Status(SoundStatus status) => BitConverter.GetBytes((uint)status);

    private SoundStatus Change(SoundRequest code, ReadOnlySpan<byte> request, out int stream)
    {
        stream = -1;
        if (request.Length < StreamHeaderSize) return SoundStatus.BadMessage;
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(request[4..]);
        if (id >= streams.Count) return SoundStatus.BadMessage;
        stream = (int)id;
        return code == SoundRequest.PcmSetParams ? streams[stream].SetParams(request) : streams[stream].Change(code);
    }

    /// <summary>struct virtio_snd_query_info: items start, start + 1 ..., each in as many bytes as the driver says.</summary>
    private static byte[] Info(ReadOnlySpan<byte> request, int total, int itemSize, Chain chain, Action<int, byte[]> write)
    {
        if (request.Length < QuerySize) return Status(SoundStatus.BadMessage);
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(request[4..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(request[8..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(request[12..]);
        bool possible = start <= total && count <= total - start && size >= itemSize && size <= LargestItem
            && HeaderSize + ((ulong)count * size) <= (ulong)chain.Writable.Length;
        if (!possible) return Status(SoundStatus.BadMessage);
        byte[] answer = new byte[HeaderSize + (count * size)];
        Status(SoundStatus.Ok).CopyTo(answer, 0);
        for (int i = 0; i < count; i++)
        {
            byte[] item = new byte[itemSize];
            write((int)start + i, item);
            item.CopyTo(answer, HeaderSize + (i * size));
        }
        return answer;
    }

    /// <summary>struct virtio_snd_jack_info: a plugged line out; the register values are those of a green 3.5 mm socket.</summary>
    private static void WriteJack(int index, byte[] item)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(item.AsSpan(8), 0x0101_4010);
        BinaryPrimitives.WriteUInt32LittleEndian(item.AsSpan(12), 0x0000_0010);
        item[16] = 1;
    }

    private void WriteStream(int index, byte[] item) => streams[index].WriteInfo(item);

    /// <summary>struct virtio_snd_chmap_info: stereo, alternately for playing and recording.</summary>
    private static void WriteChmap(int index, byte[] item)
    {
        item[4] = (byte)(index % 2);
        item[5] = 2;
        item[6] = FrontLeft;
        item[7] = FrontRight;
    }
}
