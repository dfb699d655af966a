namespace XenDmHost.Simulation.StandIns.Devices.Sound;

/// <summary>Codes of answers (virtio 1.3, 5.14.6).</summary>
internal enum SoundStatus : uint
{
    Ok = 0x8000,
    BadMessage = 0x8001,
    NotSupported = 0x8002,
    IoError = 0x8003,
}
