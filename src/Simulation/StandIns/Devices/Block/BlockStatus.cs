namespace XenDmHost.Simulation.StandIns.Devices.Block;

/// <summary>VIRTIO_BLK_S_* (virtio 1.3, 5.2.6).</summary>
internal enum BlockStatus : byte
{
    Ok = 0,
    IoError = 1,
    Unsupported = 2,
}
