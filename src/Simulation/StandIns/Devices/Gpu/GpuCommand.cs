namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>Commands of a virtio-gpu driver (virtio 1.3, 5.7.6.7), as far as 2D goes.</summary>
internal enum GpuCommand : uint
{
    GetDisplayInfo = 0x0100,
    ResourceCreate2D = 0x0101,
    ResourceUnref = 0x0102,
    SetScanout = 0x0103,
    ResourceFlush = 0x0104,
    TransferToHost2D = 0x0105,
    ResourceAttachBacking = 0x0106,
    ResourceDetachBacking = 0x0107,
    GetEdid = 0x010a,
    UpdateCursor = 0x0300,
    MoveCursor = 0x0301,
}
