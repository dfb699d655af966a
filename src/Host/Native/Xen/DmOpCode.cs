namespace XenDmHost.Host.Native.Xen;

/// <summary>The device-model operations that the host uses (xen/hvm/dm_op.h).</summary>
internal enum DmOpCode : uint
{
    CreateIoreqServer = 1,
    GetIoreqServerInfo = 2,
    MapIoRangeToIoreqServer = 3,
    UnmapIoRangeFromIoreqServer = 4,
    SetIoreqServerState = 5,
    DestroyIoreqServer = 6,
    SetIrqLevel = 19,
    NrVcpus = 20,
}
