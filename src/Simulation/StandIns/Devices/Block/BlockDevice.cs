using System.Buffers.Binary;
using System.Text;
using XenDmHost.Simulation.StandIns.Rings;

namespace XenDmHost.Simulation.StandIns.Devices.Block;

/// <summary>virtio-blk on a file (virtio 1.3, 5.2).</summary>
internal sealed class BlockDevice : IStandInDevice
{
    internal const int ConfigSize = 60;
    private const int HeaderSize = 16, IdSize = 20, StatusSize = 1, WritebackOffset = 32;
    private const ulong SegMax = 1UL << 2, ReadOnly = 1UL << 5, BlkSize = 1UL << 6, FlushFeature = 1UL << 9,
        ConfigWce = 1UL << 11, MultiQueue = 1UL << 12;

    private readonly BlockImage _image;
    private readonly byte[] _config = new byte[ConfigSize];

    internal BlockDevice(BlockImage image, int queues, int maximumQueueSize)
    {
        _image = image;
        QueueCount = queues;
        Features = SegMax | BlkSize | FlushFeature | ConfigWce
            | (queues > 1 ? MultiQueue : 0) | (image.IsReadOnly ? ReadOnly : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(_config, image.Sectors);
        // The header and the status take a descriptor each.
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(12), (uint)Math.Max(1, maximumQueueSize - 2));
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(20), BlockImage.SectorSize);
        BinaryPrimitives.WriteUInt16LittleEndian(_config.AsSpan(26), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(28), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(_config.AsSpan(34), (ushort)queues);
        _config[WritebackOffset] = 1;
    }

    public ulong Features { get; }

    public int QueueCount { get; }

    public ReadOnlySpan<byte> Config => _config;

    private bool WriteThrough => _config[WritebackOffset] == 0;

    /// <summary>Only the cache mode can be written; a write of more bytes than that one changes nothing else.</summary>
    public string? WriteConfig(int offset, ReadOnlySpan<byte> data)
    {
        if (offset > WritebackOffset || offset + data.Length <= WritebackOffset) return $"config bytes at {offset} are read-only";
        byte writeback = data[WritebackOffset - offset];
        if (writeback > 1) return $"a cache mode of {writeback}";
        _config[WritebackOffset] = writeback;
        if (WriteThrough && !_image.IsReadOnly) _image.Flush();
        return null;
    }

    /// <summary>The disk is as large as its file is now.</summary>
    public bool Reload()
    {
        ulong before = _image.Sectors;
        _image.Measure();
        BinaryPrimitives.WriteUInt64LittleEndian(_config, _image.Sectors);
        return _image.Sectors != before;
    }

    public Served Serve(int queue, Chain chain, IQueues queues)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!chain.Readable.TryRead(0, header)) return Served.Broken($"a block request with a header of {chain.Readable.Length} bytes");
        if (chain.Writable.Length < StatusSize) return Served.Broken("a block request without room for its status");
        long room = chain.Writable.Length - StatusSize;
        BlockStatus status = Execute(chain, header, room, out uint written);
        return chain.Writable.TryWrite(room, [(byte)status])
            ? Served.Done(written + StatusSize)
            : Served.Broken("a status byte outside the memory");
    }

    public void Stop(int queue, IQueues queues)
    {
        // Every request is answered at once: there is nothing to give back.
    }

    private BlockStatus Execute(Chain chain, ReadOnlySpan<byte> header, long room, out uint written)
    {
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        written = 0;
        try
        {
            return (BlockRequestType)BinaryPrimitives.ReadUInt32LittleEndian(header) switch
            {
                BlockRequestType.In => Read(chain, sector, room, out written),
                BlockRequestType.Out => Write(chain, sector),
                BlockRequestType.Flush => Flush(),
                BlockRequestType.GetId => GetId(chain, room, out written),
                _ => BlockStatus.Unsupported,
            };
        }
        catch (IOException)
        {
            // A full disk or a bad sector under the image: the guest's driver is told, as by a real disk.
            return BlockStatus.IoError;
        }
    }

    private BlockStatus Read(Chain chain, ulong sector, long length, out uint written)
    {
        bool ok = _image.Contains(sector, length) && _image.Read(sector, chain.Writable, length);
        written = ok ? (uint)length : 0;
        return ok ? BlockStatus.Ok : BlockStatus.IoError;
    }

    private BlockStatus Write(Chain chain, ulong sector)
    {
        long length = chain.Readable.Length - HeaderSize;
        if (_image.IsReadOnly || !_image.Contains(sector, length)) return BlockStatus.IoError;
        if (!_image.Write(sector, chain.Readable, HeaderSize, length)) return BlockStatus.IoError;
        return WriteThrough ? Flush() : BlockStatus.Ok;
    }

    private BlockStatus Flush()
    {
        if (!_image.IsReadOnly) _image.Flush();
        return BlockStatus.Ok;
    }

    private static BlockStatus GetId(Chain chain, long room, out uint written)
    {
        byte[] id = new byte[IdSize];
        Encoding.ASCII.GetBytes("xendmhost-stand-in", id);
        written = 0;
        if (room < IdSize || !chain.Writable.TryWrite(0, id)) return BlockStatus.IoError;
        written = IdSize;
        return BlockStatus.Ok;
    }
}
