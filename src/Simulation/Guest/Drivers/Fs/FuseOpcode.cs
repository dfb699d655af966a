namespace XenDmHost.Simulation.Guest.Drivers.Fs;

/// <summary>The FUSE requests that the driver makes (linux/fuse.h, enum fuse_opcode).</summary>
internal enum FuseOpcode : uint
{
    Lookup = 1,
    Forget = 2,
    GetAttr = 3,
    Open = 14,
    Read = 15,
    Write = 16,
    Release = 18,
    Flush = 25,
    Init = 26,
    OpenDir = 27,
    ReadDir = 28,
    ReleaseDir = 29,
    Create = 35,
}
