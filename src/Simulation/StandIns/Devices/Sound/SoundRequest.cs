namespace XenDmHost.Simulation.StandIns.Devices.Sound;

/// <summary>Codes of control requests (virtio 1.3, 5.14.6).</summary>
internal enum SoundRequest : uint
{
    JackInfo = 0x0001,
    JackRemap = 0x0002,
    PcmInfo = 0x0100,
    PcmSetParams = 0x0101,
    PcmPrepare = 0x0102,
    PcmRelease = 0x0103,
    PcmStart = 0x0104,
    PcmStop = 0x0105,
    ChmapInfo = 0x0200,
}
