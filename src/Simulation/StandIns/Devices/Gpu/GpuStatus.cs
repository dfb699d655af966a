namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>Answers of a virtio-gpu device (virtio 1.3, 5.7.6.7).</summary>
internal enum GpuStatus : uint
{
    OkNoData = 0x1100,
    Unspecified = 0x1200,
    OutOfMemory = 0x1201,
    InvalidScanoutId = 0x1202,
    InvalidResourceId = 0x1203,
    InvalidParameter = 0x1205,
}
