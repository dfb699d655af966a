namespace XenDmHost.Simulation.StandIns.Devices.Fs;

/// <summary>What follows struct fuse_out_header, or an error in its place.</summary>
internal readonly record struct FuseAnswer(FuseError Error, byte[] Data)
{
    internal static FuseAnswer Done { get; } = new(FuseError.None, []);

    internal static FuseAnswer Of(byte[] data) => new(FuseError.None, data);

    internal static FuseAnswer Failed(FuseError error) => new(error, []);
}
