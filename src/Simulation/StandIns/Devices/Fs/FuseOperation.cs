namespace XenDmHost.Simulation.StandIns.Devices.Fs;

/// <summary>The FUSE requests that are served (linux/fuse.h, enum fuse_opcode).</summary>
internal enum FuseOperation : uint
{
    LookUp = 1,
    Forget = 2,
    GetAttributes = 3,
    Open = 14,
    Read = 15,
    Write = 16,
    Release = 18,
    Flush = 25,
    Init = 26,
    OpenFolder = 27,
    ReadFolder = 28,
    ReleaseFolder = 29,
    Create = 35,
    Interrupt = 36,
    Destroy = 38,
    BatchForget = 42,
}
