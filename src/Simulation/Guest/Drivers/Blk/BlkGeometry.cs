using XenDmHost.Simulation.Guest.Transport;

namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>What the configuration space says (struct virtio_blk_config, virtio 1.2, 5.2.4).</summary>
/// <param name="Capacity">In sectors of 512 bytes.</param>
/// <param name="BlockSize">Bytes that every request is a multiple of.</param>
/// <param name="LargestSegment">Bytes of one buffer.</param>
/// <param name="MostSegments">Data buffers of one request.</param>
/// <param name="Queues">Request queues.</param>
internal sealed record BlkGeometry(ulong Capacity, uint BlockSize, uint LargestSegment, uint MostSegments, int Queues)
{
    internal const int SectorSize = 512;
    private const int CapacityOffset = 0;
    private const int SizeMaxOffset = 8;
    private const int SegMaxOffset = 12;
    private const int BlockSizeOffset = 20;
    private const int QueuesOffset = 34;
    private const uint DefaultSegment = 65536;

    internal static BlkGeometry Read(VirtioMmioDevice device)
    {
        var config = device.Config;
        var capacity = config.ReadU64(CapacityOffset);
        var blockSize = device.Has(BlkFeature.BlockSize) ? config.ReadU32(BlockSizeOffset) : SectorSize;
        // Old storage daemons offer SIZE_MAX and leave the field 0; Linux then takes it for "no limit" as well.
        var sizeMax = device.Has(BlkFeature.SizeMax) ? config.ReadU32(SizeMaxOffset) : 0;
        var segMax = device.Has(BlkFeature.SegMax) ? config.ReadU32(SegMaxOffset) : 1;
        var queues = device.Has(BlkFeature.MultiQueue) ? config.ReadU16(QueuesOffset) : (ushort)1;
        if (queues == 0 || blockSize < SectorSize || !uint.IsPow2(blockSize) || blockSize > DefaultSegment)
        {
            throw new DriverFailure($"the configuration makes no sense: {queues} queues, blocks of {blockSize} bytes");
        }

        return new BlkGeometry(capacity, blockSize, sizeMax == 0 ? DefaultSegment : sizeMax, Math.Max(1, segMax), queues);
    }
}
