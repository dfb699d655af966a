namespace XenDmHost.Simulation.StandIns.Devices.Block;

/// <summary>VIRTIO_BLK_T_* (virtio 1.3, 5.2.6).</summary>
internal enum BlockRequestType : uint
{
    In = 0,
    Out = 1,
    Flush = 4,
    GetId = 8,
}
