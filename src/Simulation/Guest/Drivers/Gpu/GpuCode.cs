namespace XenDmHost.Simulation.Guest.Drivers.Gpu;

/// <summary>VIRTIO_GPU_CMD_* and VIRTIO_GPU_RESP_* (virtio 1.3, 5.7.6.7).</summary>
internal enum GpuCode : uint
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

    /// <summary>A command that no device knows.</summary>
    Unknown = 0x01ff,
    UpdateCursor = 0x0300,
    MoveCursor = 0x0301,
    OkNoData = 0x1100,
    OkDisplayInfo = 0x1101,
    OkEdid = 0x1104,
    ErrorUnspecified = 0x1200,
    ErrorOutOfMemory = 0x1201,
    ErrorInvalidScanoutId = 0x1202,
    ErrorInvalidResourceId = 0x1203,
    ErrorInvalidContextId = 0x1204,
    ErrorInvalidParameter = 0x1205,
}
