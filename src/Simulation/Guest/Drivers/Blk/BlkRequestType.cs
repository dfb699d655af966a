namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>VIRTIO_BLK_T_* (virtio 1.2, 5.2.6).</summary>
internal enum BlkRequestType : uint
{
    In = 0,
    Out = 1,
    Flush = 4,
    GetId = 8,
}
