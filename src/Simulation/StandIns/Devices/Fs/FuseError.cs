namespace XenDmHost.Simulation.StandIns.Devices.Fs;

/// <summary>The errors that are answered, as in errno.h.</summary>
internal enum FuseError
{
    None = 0,
    NoSuchFile = 2,
    IoError = 5,
    NoFolder = 20,
    IsFolder = 21,
    Invalid = 22,
    ReadOnly = 30,
    NotServed = 38,
}
