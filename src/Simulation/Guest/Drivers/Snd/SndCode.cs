namespace XenDmHost.Simulation.Guest.Drivers.Snd;

/// <summary>VIRTIO_SND_R_* and VIRTIO_SND_S_* (virtio 1.2, 5.14.6).</summary>
internal enum SndCode : uint
{
    JackInfo = 0x0001,
    PcmInfo = 0x0100,
    PcmSetParams = 0x0101,
    PcmPrepare = 0x0102,
    PcmRelease = 0x0103,
    PcmStart = 0x0104,
    PcmStop = 0x0105,
    ChmapInfo = 0x0200,
    Ok = 0x8000,
}
