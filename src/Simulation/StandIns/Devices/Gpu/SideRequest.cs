namespace XenDmHost.Simulation.StandIns.Devices.Gpu;

/// <summary>What a GPU back-end asks of or tells the front-end (QEMU's docs/interop/vhost-user-gpu.rst).</summary>
internal enum SideRequest : uint
{
    None = 0,
    GET_PROTOCOL_FEATURES = 1,
    SET_PROTOCOL_FEATURES = 2,
    GET_DISPLAY_INFO = 3,
    CURSOR_POS = 4,
    CURSOR_POS_HIDE = 5,
    CURSOR_UPDATE = 6,
    SCANOUT = 7,
    UPDATE = 8,
    DMABUF_SCANOUT = 9,
    DMABUF_UPDATE = 10,
    GET_EDID = 11,
}
