namespace XenDmHost.Simulation.Guest.Drivers.Blk;

/// <summary>VIRTIO_BLK_S_*; the driver puts <see cref="NotAnswered"/> there, which no device answers.</summary>
internal enum BlkStatus : byte
{
    Ok = 0,
    IoError = 1,
    Unsupported = 2,
    NotAnswered = 0xff,
}
