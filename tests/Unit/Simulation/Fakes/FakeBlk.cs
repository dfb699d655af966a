using System.Buffers.Binary;

namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>A disk in memory behind a virtio-blk device.</summary>
internal sealed class FakeBlk
{
    private const ulong Offered = (1UL << 2) | (1UL << 9) | (1UL << 11) | (1UL << 12) | (1UL << 32);

    internal FakeBlk(ulong start, int sectors, int queues, ulong ringFeatures)
    {
        Disk = new byte[sectors * 512];
        var config = new byte[60];
        BinaryPrimitives.WriteUInt64LittleEndian(config, (ulong)sectors);
        BinaryPrimitives.WriteUInt32LittleEndian(config.AsSpan(12), 126);
        config[34] = (byte)queues;
        Device = new FakeMmioDevice(2, start, Offered | ringFeatures, queues, config)
        {
            Handlers = [.. Enumerable.Repeat<FakeChainHandler>(Do, queues)],
        };
    }

    internal FakeMmioDevice Device { get; }

    internal byte[] Disk { get; }

    internal int Flushes { get; private set; }

    /// <summary>Swaps two bytes of what is read, for a guest that must notice.</summary>
    internal bool Corrupt { get; set; }

    /// <summary>Keeps every request for ever.</summary>
    internal bool Silent { get; set; }

    /// <summary>Released for each request that was kept.</summary>
    internal SemaphoreSlim Kept { get; } = new(0);

    private int? Do(byte[] readable, FakeWritable writable)
    {
        if (Silent)
        {
            Kept.Release();
            return null;
        }

        var sector = BinaryPrimitives.ReadUInt64LittleEndian(readable.AsSpan(8));
        var data = writable.Length - 1;
        byte status = 0;
        switch (BinaryPrimitives.ReadUInt32LittleEndian(readable))
        {
            case 0 when (sector * 512) + (ulong)data > (ulong)Disk.Length: status = 1; break;
            case 0: writable.Write(0, ReadDisk((int)sector * 512, data)); break;
            case 1: readable.AsSpan(16).CopyTo(Disk.AsSpan((int)sector * 512)); break;
            case 4: Flushes++; break;
            case 8: writable.Write(0, "fake-disk"u8); break;
            default: status = 2; break;
        }

        writable.Write(data, [status]);
        return writable.Length;
    }

    private byte[] ReadDisk(int offset, int length)
    {
        var data = Disk.AsSpan(offset, length).ToArray();
        if (Corrupt)
        {
            (data[0], data[1]) = (data[1], (byte)~data[0]);
        }

        return data;
    }
}
