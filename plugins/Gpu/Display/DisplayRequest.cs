namespace XenDmHost.Plugins.Gpu.Display;

/// <summary>What a back-end asks of the display side (QEMU, docs/interop/vhost-user-gpu.rst, VhostUserGpuRequest).</summary>
internal enum DisplayRequest : uint
{
    GetProtocolFeatures = 1,
    SetProtocolFeatures = 2,
    GetDisplayInfo = 3,
    CursorPos = 4,
    CursorPosHide = 5,
    CursorUpdate = 6,
    Scanout = 7,
    Update = 8,
    DmabufScanout = 9,
    DmabufUpdate = 10,
    GetEdid = 11,
    DmabufScanout2 = 12,
}
